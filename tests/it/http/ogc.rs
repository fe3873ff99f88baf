//! OGC API - Features: the abstract tests of Part 1 and 2, as far as they bear on what is served here, on the demo.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::http::Request;
use geo::{BoundingRect as _, Contains as _, Coord, Intersects as _, LineString, MultiPolygon, Polygon, Rect};
use rattache::export::CoordinateSystem;
use rattache::http::{Options, State, System};
use rattache::import::Crs;
use serde_json::{Value, json};

use super::{Answer, ask_state, fresh_state, get};

/// A state that knows projected systems, as the program sets it up.
fn state() -> &'static Arc<State> {
    static STATE: OnceLock<Arc<State>> = OnceLock::new();
    STATE.get_or_init(|| {
        let state = fresh_state(Options::default());
        state.set_systems(Box::new(|code| {
            let crs = Crs::new(&format!("EPSG:{code}"));
            let (description, projection) = (crs.describe().ok()?, Arc::new(crs.projection().ok()?));
            Some(System { projector: projection.clone(), writer: CoordinateSystem::new(description, projection) })
        }));
        state
    })
}

fn ask(uri: &str) -> Answer {
    ask_state(state(), Request::get(uri).body(Body::empty()).unwrap())
}

fn link<'a>(value: &'a Value, rel: &str) -> &'a str {
    let links = value["links"].as_array().unwrap();
    let found = links.iter().find(|link| link["rel"] == rel);
    found.unwrap_or_else(|| panic!("no link {rel}: {links:?}"))["href"].as_str().unwrap()
}

/// The path of an absolute link.
fn path(link: &str) -> &str {
    link.strip_prefix("http://localhost").unwrap_or_else(|| panic!("{link} is not absolute"))
}

fn ids(page: &Value) -> Vec<String> {
    page["features"].as_array().unwrap().iter().map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn everything_is_reached_from_the_landing_page_with_and_without_its_slash() {
    let landing = ask("/ogc").json();
    assert_eq!(ask("/ogc/").json(), landing);
    for (rel, kind) in [
        ("self", "application/json"),
        ("service-desc", "application/vnd.oai.openapi+json"),
        ("service-doc", "text/html"),
        ("conformance", "application/json"),
        ("data", "application/json"),
    ] {
        let answer = ask(path(link(&landing, rel)));
        assert_eq!(answer.status, 200, "{rel}");
        assert!(answer.header("content-type").starts_with(kind), "{rel}");
    }
    let collections = ask(path(link(&landing, "data"))).json();
    let all = collections["collections"].as_array().unwrap();
    let names: Vec<&str> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(names, ["da", "clsc", "rls", "rts", "rss", "ruisss"]);
    for collection in all {
        assert_eq!(&ask(path(link(collection, "self"))).json(), collection);
        assert_eq!(collection["crs"][0], "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
        assert_eq!(collection["storageCrs"], collection["crs"][0]);
        assert_eq!(collection["extent"]["temporal"]["interval"], json!([["2017-07-01T00:00:00Z", null]]));
        let items = ask(&format!("{}?limit=1", path(link(collection, "items"))));
        assert_eq!((items.status, items.header("content-type")), (200, "application/geo+json"));
        let queryables = ask(path(link(collection, "http://www.opengis.net/def/rel/ogc/1.0/queryables")));
        assert_eq!(queryables.header("content-type"), "application/schema+json");
    }
}

#[test]
fn links_lead_back_through_the_proxy_that_a_request_came_by() {
    let request = Request::get("/ogc/collections/rss/items?limit=2")
        .header("host", "10.0.0.1:8066")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-host", "sante.example")
        .header("x-forwarded-prefix", "/rattache");
    let answer = ask_state(state(), request.body(Body::empty()).unwrap());
    let next = "https://sante.example/rattache/ogc/collections/rss/items?limit=2&offset=2";
    assert_eq!(link(&answer.json(), "next"), next);
    // Who comes by another way has other links, so that neither is answered that nothing has changed.
    let other = Request::get("/ogc/collections/rss/items?limit=2").header("if-none-match", answer.header("etag"));
    assert_eq!(ask_state(state(), other.body(Body::empty()).unwrap()).status, 200);
}

#[test]
fn pages_follow_one_another_until_every_feature_was_given_once() {
    let whole = ask("/ogc/collections/clsc/items").json();
    assert_eq!((&whole["numberMatched"], &whole["numberReturned"]), (&json!(166), &json!(166)));
    let mut seen = Vec::new();
    let mut next = "/ogc/collections/clsc/items?limit=50".to_owned();
    loop {
        let page = ask(&next).json();
        assert_eq!(page["numberMatched"], 166);
        assert_eq!(page["numberReturned"], page["features"].as_array().unwrap().len());
        seen.extend(ids(&page));
        let links = page["links"].as_array().unwrap();
        let Some(found) = links.iter().find(|link| link["rel"] == "next") else { break };
        next = path(found["href"].as_str().unwrap()).to_owned();
    }
    assert_eq!(seen, ids(&whole));
    let back = ask("/ogc/collections/clsc/items?limit=50&offset=50").json();
    assert_eq!(path(link(&back, "prev")), "/ogc/collections/clsc/items?limit=50");
    let beyond = ask("/ogc/collections/clsc/items?offset=9999").json();
    assert_eq!((&beyond["numberMatched"], &beyond["numberReturned"]), (&json!(166), &json!(0)));
}

#[test]
fn a_parameter_that_is_unknown_or_makes_no_sense_is_refused_and_too_large_a_page_is_not() {
    for (query, expected) in [
        ("colour=red", "unknown-parameter"),
        ("limit=0", "out-of-range"),
        ("limit=-1", "invalid-number"),
        ("limit=x", "invalid-number"),
        ("offset=-1", "invalid-number"),
        ("bbox=1,2,3", "invalid-bbox"),
        ("bbox=a,b,c,d", "invalid-number"),
        ("datetime=yesterday", "invalid-date"),
        ("crs=EPSG:4326", "unknown-crs"),
        ("bbox=0,0,1,1&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/1", "unknown-crs"),
        ("f=html", "invalid-choice"),
        ("code=06324&code=06323", "repeated-parameter"),
        ("population=many", "invalid-number"),
        // A property of another level.
        ("DAUID=24660001", "unknown-parameter"),
    ] {
        let answer = ask(&format!("/ogc/collections/clsc/items?{query}"));
        assert_eq!((answer.status, code(&answer).as_str()), (400, expected), "{query}");
    }
    assert_eq!(ask("/ogc/collections/rss/items?limit=1000000").status, 200);
    for uri in ["/ogc/collections/CLSC", "/ogc/collections/x/items", "/ogc/collections/clsc/items/99999"] {
        assert_eq!(ask(uri).status, 404, "{uri}");
    }
}

fn geometry(feature: &Value) -> MultiPolygon {
    let ring = |ring: &Value| -> LineString {
        ring.as_array().unwrap().iter().map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap())).collect()
    };
    let polygon = |rings: &Value| {
        let mut rings: Vec<LineString> = rings.as_array().unwrap().iter().map(ring).collect();
        let shell = rings.remove(0);
        Polygon::new(shell, rings)
    };
    feature["geometry"]["coordinates"].as_array().unwrap().iter().map(polygon).collect()
}

#[test]
fn a_box_gives_the_features_whose_outline_meets_it_and_no_others() {
    let whole = ask("/ogc/collections/clsc/items").json();
    let all: Vec<(String, MultiPolygon)> =
        ids(&whole).into_iter().zip(whole["features"].as_array().unwrap().iter().map(geometry)).collect();
    let mut found_by_box_only = 0;
    for (west, south, east, north) in [
        (-73.6, 45.45, -73.5, 45.55),
        (-73.5701, 45.5001, -73.5700, 45.5002),
        (-79.9, 44.9, -57.0, 63.0),
        (-71.5, 46.7, -71.1, 46.9),
        (-75.9, 45.3, -75.3, 45.7),
        (-66.0, 48.0, -64.0, 49.5),
        (-10.0, 45.0, -9.0, 46.0),
        (-77.0, 47.0, -72.0, 50.0),
    ] {
        let area = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
        let expected: Vec<String> = all
            .iter()
            .filter(|(_, outline)| outline.intersects(&area.to_polygon()))
            .map(|(id, _)| id.clone())
            .collect();
        let by_box = all.iter().filter(|(_, outline)| outline.bounding_rect().unwrap().intersects(&area)).count();
        found_by_box_only += by_box - expected.len();
        let page = ask(&format!("/ogc/collections/clsc/items?bbox={west},{south},{east},{north}")).json();
        assert_eq!(ids(&page), expected, "{west},{south},{east},{north}");
        assert_eq!(page["numberMatched"], expected.len());
    }
    assert!(found_by_box_only > 4, "boxes alone would have found hardly any more: {found_by_box_only}");
}

#[test]
fn a_time_gives_the_editions_that_held_then_and_nothing_said_the_one_in_force() {
    let editions = |query: &str| {
        let page = ask(&format!("/ogc/collections/rss/items?{query}")).json();
        let features = page["features"].as_array().unwrap();
        let names: BTreeSet<String> =
            features.iter().map(|feature| feature["properties"]["edition"].as_str().unwrap().to_owned()).collect();
        let unique: BTreeSet<String> = ids(&page).into_iter().collect();
        assert_eq!(unique.len(), features.len(), "{query}: identifiers are unique");
        (features.len(), names.into_iter().collect::<Vec<_>>())
    };
    let (old, new) = ("demo-2017-07-01".to_owned(), "demo-2022-04-01".to_owned());
    let (of_old, of_new) = ((18, vec![old.clone()]), (18, vec![new.clone()]));
    let of_both = (36, vec![old, new]);
    for (query, expected) in [
        ("", &of_new),
        ("datetime=2018-01-01", &of_old),
        ("datetime=2018-01-01T12:00:00Z", &of_old),
        ("datetime=2022-03-31", &of_old),
        ("datetime=2022-04-01", &of_new),
        ("datetime=2022-03-31/2022-04-01", &of_both),
        ("datetime=../..", &of_both),
        ("datetime=2023-01-01/..", &of_new),
        ("datetime=../2000-01-01", &(0, Vec::new())),
        ("edition=demo-2017-07-01", &of_old),
        ("edition=latest", &of_new),
    ] {
        assert_eq!(&editions(query), expected, "{query}");
    }
    assert_eq!(code(&ask("/ogc/collections/rss/items?edition=x")), "unknown-edition");
}

#[test]
fn a_feature_is_found_by_the_identifier_that_it_has_in_every_list() {
    for query in ["limit=3", "limit=3&datetime=2018-01-01"] {
        let page = ask(&format!("/ogc/collections/clsc/items?{query}")).json();
        for feature in page["features"].as_array().unwrap() {
            let id = feature["id"].as_str().unwrap();
            assert_eq!(id.contains('@'), query.contains("datetime"), "{id}");
            let answer = ask(&format!("/ogc/collections/clsc/items/{id}"));
            let mut alone = answer.json();
            assert_eq!(path(link(&alone, "self")), format!("/ogc/collections/clsc/items/{}", id.replace('@', "%40")));
            assert_eq!(path(link(&alone, "collection")), "/ogc/collections/clsc");
            alone.as_object_mut().unwrap().remove("links");
            assert_eq!(&alone, feature, "{id}");
            let again = Request::get(format!("/ogc/collections/clsc/items/{id}"))
                .header("if-none-match", answer.header("etag"));
            assert_eq!(ask_state(state(), again.body(Body::empty()).unwrap()).status, 304);
        }
    }
}

#[test]
fn properties_are_those_of_exports_and_each_queryable_one_finds_its_own() {
    let whole = ask("/ogc/collections/clsc/items").json();
    let queryables = ask("/ogc/collections/clsc/queryables").json();
    let feature = &whole["features"][40];
    for (name, schema) in queryables["properties"].as_object().unwrap() {
        if name == "geometry" {
            continue;
        }
        let value = &feature["properties"][name];
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        assert_eq!(value.is_string(), schema["type"] == "string", "{name}");
        let expected: Vec<String> = whole["features"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|other| other["properties"][name] == *value)
            .map(|other| other["id"].as_str().unwrap().to_owned())
            .collect();
        let page = ask(&format!("/ogc/collections/clsc/items?{name}={}", super::addresses::encoded(&text))).json();
        assert_eq!(ids(&page), expected, "{name}={text}");
    }
    let both = ask("/ogc/collections/clsc/items?RSS_code=06&bbox=-73.6,45.45,-73.5,45.55").json();
    assert!(both["features"].as_array().unwrap().iter().all(|one| one["properties"]["RSS_code"] == "06"));
    assert!((2..35).contains(&both["numberMatched"].as_u64().unwrap()), "{}", both["numberMatched"]);
}

#[test]
fn outlines_come_in_the_system_asked_for_and_a_box_may_be_in_it_too() {
    let degrees = ask("/ogc/collections/clsc/items/06324");
    assert_eq!(degrees.header("content-crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    let answer = ask("/ogc/collections/clsc/items/06324?crs=http://www.opengis.net/def/crs/EPSG/0/3347");
    assert_eq!(answer.header("content-crs"), "<http://www.opengis.net/def/crs/EPSG/0/3347>");
    let projected = geometry(&answer.json());
    // Montréal, -73.5542, 45.5088, in Statistics Canada Lambert.
    assert!(projected.contains(&Coord { x: 7_632_529.6, y: 1_245_687.5 }));
    assert!(geometry(&degrees.json()).contains(&Coord { x: -73.5542, y: 45.5088 }));
    let uri = "/ogc/collections/clsc/items?bbox-crs=EPSG:3347&bbox=7632529,1245687,7632530,1245688";
    assert_eq!(ids(&ask(uri).json()), ["06324"]);
    // Where nobody knows systems, there is longitude and latitude.
    assert_eq!(code(&get("/ogc/collections/clsc/items?crs=EPSG:3347")), "unknown-crs");
}

#[test]
fn the_description_of_a_collection_names_what_may_be_asked_of_it() {
    let answer = ask("/ogc/api");
    assert_eq!(answer.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    let api = answer.json();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.0."));
    assert_eq!(api["servers"][0]["url"], "http://localhost/ogc");
    for (level, own, other) in [("clsc", "CLSC_code", "DAUID"), ("da", "DAUID", "units"), ("rss", "RSS_nom", "RLS_nom")]
    {
        let operation = &api["paths"][format!("/collections/{level}/items")]["get"];
        let names: Vec<&str> =
            operation["parameters"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
        for name in ["bbox", "datetime", "limit", "crs", "edition", own] {
            assert!(names.contains(&name), "{level}: {name} in {names:?}");
        }
        assert!(!names.contains(&other) && !names.contains(&"collection"), "{level}: {names:?}");
    }
    let text = answer.text();
    for (at, _) in text.match_indices("\"#/") {
        let reference = text[at + 2..].split('"').next().unwrap();
        assert!(api.pointer(reference).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn the_outlines_of_a_level_in_one_request_are_the_bytes_of_an_export() {
    use rattache::domain::{EditionChoice, Level};
    use rattache::export::{Edition, Format, Layer, Output, write};
    use rattache::resolve::Resolver;
    let served = state().served();
    let resolver = Resolver::new(&served.atlas, &EditionChoice::Id("demo-2017-07-01".to_owned())).unwrap();
    let layers = [Layer::of(&served.atlas, &resolver, Level::Rts, true)];
    let edition = Edition { header: resolver.edition().header, system: &CoordinateSystem::wgs84() };
    let mut expected = Vec::new();
    write(Format::find("geojson").unwrap(), edition, &layers, Output::Stream(&mut expected)).unwrap();
    let answer = ask("/v1/territories/rts/geometry?edition=demo-2017-07-01");
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert!(answer.bytes == expected);
    let again = Request::get("/v1/territories/rts/geometry?edition=demo-2017-07-01")
        .header("if-none-match", answer.header("etag"));
    assert_eq!(ask_state(state(), again.body(Body::empty()).unwrap()).status, 304);
}
