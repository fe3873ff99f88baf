//! Territories: lists, one with all around it, outlines.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use rattache::domain::{Level, Share, Straddle, TerritoryCode, UnitId};
use rattache::http::{Options, State};
use serde_json::{Value, json};

use super::{ask, ask_state, demo_state, get};

const LEVELS: [(&str, usize); 5] = [("clsc", 166), ("rls", 96), ("rts", 25), ("rss", 18), ("ruisss", 4)];

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no array: {value}"))
}

fn codes(value: &Value) -> Vec<&str> {
    array(value).iter().map(|item| item["code"].as_str().unwrap()).collect()
}

#[test]
fn every_level_has_its_count_and_the_same_people_and_area_in_all() {
    let all = get("/v1/territories?edition=demo-2017-07-01").json();
    assert_eq!(array(&all).len(), 166 + 96 + 25 + 18 + 4);
    let mut sums = BTreeSet::new();
    for (level, count) in LEVELS {
        let list = get(&format!("/v1/territories?level={level}&as_of=2018-01-01")).json();
        assert_eq!(array(&list).len(), count);
        let of_level: Vec<&Value> = array(&all).iter().filter(|row| row["level"] == level).collect();
        assert_eq!(of_level, array(&list).iter().collect::<Vec<_>>());
        let people: u64 = array(&list).iter().map(|row| row["population"].as_u64().unwrap()).sum();
        let units: u64 = array(&list).iter().map(|row| row["units"].as_u64().unwrap()).sum();
        let area: f64 = array(&list).iter().map(|row| row["area_km2"].as_f64().unwrap()).sum();
        sums.insert((people, units, (area / 10.0).round() as u64));
    }
    assert_eq!(sums.len(), 1, "{sums:?}");
}

#[test]
fn a_box_gives_the_territories_whose_own_box_meets_it() {
    for (level, _) in LEVELS.into_iter().chain([("da", 0)]) {
        let all = get(&format!("/v1/territories?level={level}")).json();
        let [west, south, east, north] = [-73.7, 45.4, -73.5, 45.6];
        let meets = |row: &&Value| {
            let side = |place: usize| row["bbox"][place].as_f64().unwrap();
            side(0) <= east && side(2) >= west && side(1) <= north && side(3) >= south
        };
        let expected: Vec<&str> = array(&all).iter().filter(meets).map(|row| row["code"].as_str().unwrap()).collect();
        let found = get(&format!("/v1/territories?level={level}&bbox={west},{south},{east},{north}")).json();
        assert_eq!(codes(&found), expected, "{level}");
        assert!(!expected.is_empty() && (level == "ruisss" || expected.len() < array(&all).len()));
    }
    assert_eq!(get("/v1/territories?level=clsc&bbox=0,0,10,10").text(), "[]");
    assert_eq!(array(&get("/v1/territories?level=clsc&bbox=-180,-90,180,90").json()).len(), 166);
}

#[test]
fn parents_and_children_say_the_same_of_each_other() {
    let list = get("/v1/territories?level=rss").json();
    for row in array(&list) {
        let code = row["code"].as_str().unwrap();
        let page = get(&format!("/v1/territories/rss/{code}")).json();
        for field in ["code", "name", "parents", "population", "area_km2", "bbox", "clsc_count"] {
            assert_eq!(page[field], row[field], "{field}");
        }
        assert_eq!(array(&page["children"]["clsc"]).len() as u64, row["clsc_count"].as_u64().unwrap());
        let child = &page["children"]["clsc"][0]["code"].as_str().unwrap();
        let child = get(&format!("/v1/territories/clsc/{child}")).json();
        assert_eq!(codes(&child["parents"]["rss"]), [code]);
    }
}

#[test]
fn neighbours_are_mutual_and_touch() {
    let page = get("/v1/territories/clsc/06121").json();
    let beside = codes(&page["neighbours"]);
    assert!(!beside.is_empty() && !beside.contains(&"06121"));
    for code in beside {
        let other = get(&format!("/v1/territories/clsc/{code}")).json();
        assert!(codes(&other["neighbours"]).contains(&"06121"), "{code}");
    }
}

#[test]
fn the_units_of_a_clsc_lead_back_to_it_and_hold_its_people() {
    let page = get("/v1/territories/clsc/06121").json();
    let units = array(&page["children"]["da"]);
    assert_eq!(units.len() as u64, page["units"].as_u64().unwrap());
    let mut people = 0;
    for unit in units {
        let unit = get(&format!("/v1/territories/da/{}", unit.as_str().unwrap())).json();
        assert_eq!(unit["level"], "da");
        assert_eq!(codes(&unit["parents"]["clsc"]), ["06121"]);
        people += unit["population"].as_u64().unwrap();
    }
    assert_eq!(people, page["population"].as_u64().unwrap());
}

#[test]
fn every_installation_stands_in_exactly_one_clsc_where_resolving_puts_it() {
    let served = demo_state().served();
    let mut found = Vec::new();
    for territory in served.atlas.edition(1).hierarchy.territories(Level::Clsc) {
        let page = get(&format!("/v1/territories/clsc/{}", territory.code)).json();
        for at in array(&page["installations"]) {
            found.push(at["code"].as_str().unwrap().to_owned());
            assert_eq!(at["clsc"]["code"], territory.code.as_str());
            let resolved = get(&format!("/v1/resolve?lat={}&lon={}", at["lat"], at["lon"])).json();
            assert_eq!(resolved["lineage"]["clsc"], at["clsc"]);
        }
    }
    found.sort_unstable();
    let mut expected: Vec<String> = served.atlas.manifest().installations.iter().map(|at| at.code.clone()).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

fn doubled_area(ring: &[Value]) -> f64 {
    let x = |p: &Value| p[0].as_f64().unwrap() + 73.0;
    let y = |p: &Value| p[1].as_f64().unwrap() - 46.0;
    ring.windows(2).map(|edge| x(&edge[0]) * y(&edge[1]) - x(&edge[1]) * y(&edge[0])).sum()
}

#[test]
fn outlines_are_geojson_by_the_right_hand_rule_and_lie_in_their_box() {
    for path in ["clsc/06121", "rls/0612", "rts/063", "rss/16", "ruisss/1", "clsc/01111"] {
        let answer = get(&format!("/v1/territories/{path}/geometry"));
        assert_eq!(answer.header("content-type"), "application/geo+json");
        let feature = answer.json();
        let (level, code) = path.split_once('/').unwrap();
        assert_eq!((&feature["type"], &feature["properties"]["level"]), (&json!("Feature"), &json!(level)));
        assert_eq!((&feature["id"], &feature["properties"]["code"]), (&json!(code), &json!(code)));
        assert_eq!(feature["properties"]["edition"]["official"], false);
        assert_eq!(feature["geometry"]["type"], "MultiPolygon");
        assert_eq!(feature["bbox"], get(&format!("/v1/territories/{path}")).json()["bbox"]);
        let polygons = array(&feature["geometry"]["coordinates"]);
        assert!(!polygons.is_empty());
        for polygon in polygons {
            for (place, ring) in array(polygon).iter().enumerate() {
                let ring = array(ring);
                assert!(ring.len() >= 4 && ring.first() == ring.last());
                let limit = |side: usize| feature["bbox"][side].as_f64().unwrap();
                for vertex in ring {
                    let [lon, lat] = [0, 1].map(|axis| vertex[axis].as_f64().unwrap());
                    assert!((limit(0)..=limit(2)).contains(&lon) && (limit(1)..=limit(3)).contains(&lat), "{vertex}");
                }
                assert_eq!(doubled_area(ring) > 0.0, place == 0, "{path}: ring {place} turns the wrong way");
            }
        }
    }
}

#[test]
fn the_rings_of_a_level_cover_what_those_of_its_clsc_cover() {
    let area = |path: &str| {
        let feature = get(&format!("/v1/territories/{path}/geometry")).json();
        let rings = array(&feature["geometry"]["coordinates"]).iter().flat_map(array);
        rings.map(|ring| doubled_area(array(ring))).sum::<f64>()
    };
    let page = get("/v1/territories/rss/13").json();
    let parts: f64 = codes(&page["children"]["clsc"]).iter().map(|code| area(&format!("clsc/{code}"))).sum();
    assert!((area("rss/13") / parts - 1.0).abs() < 1e-9);
    let unit = page_unit();
    assert!(area(&format!("da/{unit}")) > 0.0);
}

fn page_unit() -> String {
    get("/v1/territories/clsc/13101").json()["children"]["da"][0].as_str().unwrap_or("24066596").to_owned()
}

#[test]
fn a_tag_saves_the_body_until_the_edition_or_the_atlas_is_another() {
    for path in ["/v1/territories?level=rss", "/v1/territories/clsc/06121", "/v1/territories/clsc/06121/geometry"] {
        let first = get(path);
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"') && first.header("cache-control") == "public, no-cache");
        for kept in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let again = ask(Request::get(path).header("if-none-match", &kept).body(Body::empty()).unwrap());
            assert_eq!((again.status, again.bytes.len(), again.header("etag")), (304, 0, tag.as_str()), "{kept}");
        }
        let joint = if path.contains('?') { '&' } else { '?' };
        let older = format!("{path}{joint}edition=demo-2017-07-01");
        let older = ask(Request::get(older).header("if-none-match", &tag).body(Body::empty()).unwrap());
        assert_eq!(older.status, 200);
    }
}

#[test]
fn head_gives_the_headers_of_get_without_the_body() {
    let answer = ask(Request::head("/v1/territories/clsc/06121").body(Body::empty()).unwrap());
    let whole = get("/v1/territories/clsc/06121");
    assert_eq!((answer.status, answer.bytes.len()), (200, 0));
    assert_eq!(answer.header("content-length"), whole.bytes.len().to_string());
}

#[test]
fn straddles_are_listed_with_every_clsc_that_has_a_share() {
    let bytes = crate::demo_atlas::altered((file!(), line!()), |source| {
        let unit = &source.unit_ids[0];
        let share = |clsc: &str, fraction| Share { clsc: TerritoryCode::new(clsc), fraction };
        source.editions[0].straddles = vec![Straddle {
            unit: UnitId::new(unit),
            shares: vec![share("01111", 0.7), share("06121", 0.3)],
            people_moved: Some(12),
        }];
        source.editions.truncate(1);
    });
    let state = State::new(super::atlas_of(&bytes), None, Options::default()).unwrap();
    let unit = state.served().atlas.unit_id(0).to_owned();
    let page = |path: &str| {
        let request = Request::get(format!("/v1/territories/{path}")).body(Body::empty()).unwrap();
        ask_state(&state, request).json()
    };
    for (path, count) in
        [("clsc/01111", 1), ("clsc/06121", 1), ("rss/06", 1), ("clsc/06122", 0), (&*format!("da/{unit}"), 1)]
    {
        assert_eq!(array(&page(path)["straddles"]).len(), count, "{path}");
    }
    assert_eq!(page("clsc/06121")["straddles"][0]["people_moved"], 12);
}

#[test]
fn editions_and_atlas_tell_what_is_served() {
    let editions = get("/v1/editions").json();
    assert_eq!(
        array(&editions).iter().map(|edition| edition["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ["demo-2017-07-01", "demo-2022-04-01"]
    );
    assert_eq!(editions[0]["counts"], json!({ "clsc": 166, "rls": 96, "rts": 25, "rss": 18, "ruisss": 4 }));
    assert_eq!((&editions[0]["latest"], &editions[1]["latest"]), (&json!(false), &json!(true)));
    let atlas = get("/v1/atlas").json();
    let served = demo_state().served();
    assert_eq!(atlas["editions"], editions);
    assert_eq!(atlas["bytes"], served.atlas.bytes().len());
    assert_eq!(atlas["units"]["count"], served.atlas.unit_count());
    assert_eq!(atlas["checksum"], served.checksum());
}
