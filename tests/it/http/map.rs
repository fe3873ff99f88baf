//! What the map asks for: tiles, units and assignments, previews and suggestions, layers as files, tables told apart.

use std::io::Read as _;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{Answer, ask, get, post};

const OLD: &str = "demo-2017-07-01";
const NEW: &str = "demo-2022-04-01";
/// The tile of Montréal's middle at a zoom at which a tile holds some of its CLSC.
const MONTREAL: &str = "10/302/366";

fn get_with(uri: &str, name: &str, value: &str) -> Answer {
    ask(Request::get(uri).header(name, value).body(Body::empty()).unwrap())
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_tile_is_compressed_for_those_who_take_that_and_the_same_for_those_who_do_not() {
    let uri = format!("/tiles/{NEW}/clsc/{MONTREAL}");
    let plain = get(&uri);
    assert_eq!((plain.status, plain.header("content-type")), (200, "application/vnd.mapbox-vector-tile"));
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "accept-encoding"));
    let packed = get_with(&uri, "accept-encoding", "gzip, br");
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == plain.bytes && packed.bytes.len() < plain.bytes.len());
    assert_ne!(packed.header("etag"), plain.header("etag"));
    // Whoever has it is told so.
    let again = get_with(&uri, "if-none-match", plain.header("etag"));
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    assert_eq!(plain.header("cache-control"), "public, no-cache");
}

#[test]
fn tiles_are_described_and_asked_for_by_their_version_are_kept_for_ever() {
    let described = get(&format!("/tiles/{NEW}/da")).json();
    assert_eq!(
        (&described["tilejson"], &described["minzoom"], &described["maxzoom"]),
        (&json!("3.0.0"), &json!(8), &json!(14))
    );
    let version = described["version"].as_str().unwrap();
    assert!(
        described["tiles"][0].as_str().unwrap().ends_with(&format!("/tiles/{NEW}/da/{{z}}/{{x}}/{{y}}?v={version}"))
    );
    let kept = get(&format!("/tiles/{NEW}/da/{MONTREAL}?v={version}"));
    assert_eq!((kept.status, kept.header("cache-control")), (200, "public, max-age=31536000, immutable"));
    // Another version, of another atlas, is given nothing to keep.
    assert_eq!(get(&format!("/tiles/{NEW}/da/{MONTREAL}?v=x")).header("cache-control"), "public, no-cache");
    // Limits of units are the same in every edition, those of CLSC are not.
    assert_eq!(get(&format!("/tiles/{OLD}/da/{MONTREAL}")).bytes, kept.bytes);
    let west = "9/150/183";
    assert_ne!(get(&format!("/tiles/{OLD}/clsc/{west}")).bytes, get(&format!("/tiles/{NEW}/clsc/{west}")).bytes);
}

#[test]
fn a_tile_without_anything_is_empty_and_one_that_does_not_exist_is_refused() {
    for path in ["da/7/37/45", "clsc/14/0/0", "rss/10/0/0"] {
        let answer = get(&format!("/tiles/{NEW}/{path}"));
        assert_eq!((answer.status, answer.bytes.len()), (204, 0), "{path}");
    }
    for (path, status, word) in [
        ("clsc/15/0/0", 400, "out-of-range"),
        ("clsc/3/8/0", 400, "out-of-range"),
        ("clsc/99999999999/0/0", 400, "invalid-number"),
        ("clsc/3/-1/0", 400, "invalid-number"),
        ("commune/3/1/1", 404, "unknown-level"),
    ] {
        let answer = get(&format!("/tiles/{NEW}/{path}"));
        assert_eq!((answer.status, code(&answer).as_str()), (status, word), "{path}");
    }
    assert_eq!(code(&get("/tiles/nope/clsc/3/1/1")), "unknown-edition");
}

/// A message of the format as its fields: number and bytes.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    fn number(bytes: &mut &[u8]) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = bytes[0];
            *bytes = &bytes[1..];
            value |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 {
                return value;
            }
        }
    }
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = number(&mut bytes);
        let value = number(&mut bytes);
        let length = if tag & 7 == 2 { value as usize } else { 0 };
        found.push((tag >> 3, bytes[..length].to_vec()));
        bytes = &bytes[length..];
    }
    found
}

#[test]
fn the_tiles_of_a_zoom_show_every_territory_of_the_edition_with_its_code_and_name() {
    let mut codes = std::collections::BTreeSet::new();
    // Québec between 80° W and 56° W, 44° N and 63° N.
    for (x, y) in (8..=11).flat_map(|x| (8..=12).map(move |y| (x, y))) {
        let answer = get(&format!("/tiles/{NEW}/rss/5/{x}/{y}"));
        for (_, layer) in fields(&answer.bytes) {
            let parts = fields(&layer);
            let texts = parts.iter().filter(|(field, _)| *field == 4).map(|(_, value)| fields(value).remove(0).1);
            codes.extend(texts.map(|text| String::from_utf8(text).unwrap()));
        }
    }
    for territory in get(&format!("/v1/territories?level=rss&edition={NEW}")).json().as_array().unwrap() {
        for key in ["code", "name"] {
            assert!(codes.contains(territory[key].as_str().unwrap()), "{territory}");
        }
    }
}

#[test]
fn units_and_assignments_are_lists_in_one_order_that_add_up_to_the_territories() {
    let units = get("/v1/units").json();
    let assigned = get(&format!("/v1/editions/{NEW}/assignments")).json();
    let of = assigned["clsc_of_unit"].as_array().unwrap();
    let people = units["people"].as_array().unwrap();
    assert_eq!((of.len(), people.len()), (units["ids"].as_array().unwrap().len(), of.len()));
    assert_eq!(units["points"].as_array().unwrap().len(), 2 * of.len());
    for territory in get(&format!("/v1/territories?level=clsc&edition={NEW}")).json().as_array().unwrap() {
        let place = assigned["clsc"].as_array().unwrap().iter().position(|code| *code == territory["code"]).unwrap();
        let own = of.iter().zip(people).filter(|(clsc, _)| clsc.as_u64() == Some(place as u64));
        let sum: u64 = own.map(|(_, people)| people.as_u64().unwrap_or(0)).sum();
        assert_eq!(json!(sum), territory["population"], "{}", territory["code"]);
    }
    let tag = get("/v1/units").header("etag").to_owned();
    assert_eq!(get_with("/v1/units", "if-none-match", &tag).status, 304);
}

/// A unit of a CLSC that borders another one, and that other one: the first move that the server suggests.
fn some_move() -> Value {
    let asked = json!({ "base": NEW, "within": ["06"], "most": 3 });
    let found = post("/v1/revisions/moves", asked.to_string()).json();
    assert_eq!(found["moves"].as_array().unwrap().len(), 3);
    assert!(found["legal"].as_u64().unwrap() > 100);
    found["moves"][0].clone()
}

fn preview(operations: &Value) -> Answer {
    post("/v1/revisions/preview", json!({ "base": NEW, "operations": operations }).to_string())
}

#[test]
fn a_preview_says_what_a_move_does_at_every_level_and_which_limits_it_draws_and_keeps_nothing() {
    let known = some_move();
    let operation = json!({ "op": "move_units", "transfers": [{ "to": known["to"], "units": [known["unit"]] }] });
    let answer = preview(&json!([operation]));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.json();
    assert_eq!(found["moved"], json!({ known["to"].as_str().unwrap(): [known["number"]] }));
    assert_eq!(found["impact"]["levels"][0]["affected"]["units"], 1);
    assert_eq!(found["impact"]["levels"][0]["affected"]["people"], known["people"]);
    let clsc = &found["limits"][0];
    assert_eq!(clsc["level"], "clsc");
    assert!(!clsc["drawn"].as_array().unwrap().is_empty() && !clsc["gone"].as_array().unwrap().is_empty());
    // A new limit runs along the unit: its box holds it.
    let unit = get(&format!("/v1/territories/da/{}", known["unit"].as_str().unwrap())).json();
    let bbox: Vec<f64> = unit["bbox"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
    for point in clsc["drawn"].as_array().unwrap().iter().flat_map(|line| line.as_array().unwrap()) {
        let (x, y) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
        assert!(bbox[0] - 1e-5 <= x && x <= bbox[2] + 1e-5 && bbox[1] - 1e-5 <= y && y <= bbox[3] + 1e-5, "{point}");
    }
    assert_eq!(found["outlines"], Value::Null);
    let whole =
        post("/v1/revisions/preview", json!({ "base": NEW, "operations": [operation], "outlines": true }).to_string());
    assert_eq!(whole.json()["outlines"]["features"].as_array().unwrap().len() % 2, 0);
    // The server keeps no revisions here, and previews all the same.
    assert_eq!(code(&get("/v1/revisions")), "no-store");
}

#[test]
fn a_piece_that_would_detach_is_told_with_its_units_and_an_operation_that_can_not_be_is_refused_with_the_reason() {
    let units = get("/v1/units").json();
    let assigned = get(&format!("/v1/editions/{NEW}/assignments")).json();
    // A unit of Gaspésie has no neighbour in Montréal.
    let codes = assigned["clsc"].as_array().unwrap();
    let far = codes.iter().position(|code| code.as_str().unwrap().starts_with("11")).unwrap() as u64;
    let unit = assigned["clsc_of_unit"].as_array().unwrap().iter().position(|clsc| clsc.as_u64() == Some(far)).unwrap();
    let id = &units["ids"][unit];
    let found = preview(&json!([{ "op": "move_units", "transfers": [{ "to": "06122", "units": [id] }] }])).json();
    let detached = found["concerns"].as_array().unwrap().iter().find(|concern| concern["kind"] == "detached").unwrap();
    assert_eq!(detached["units"], json!([id]));
    let refused = preview(&json!([{ "op": "move_units", "transfers": [{ "to": "99999", "units": [id] }] }]));
    assert_eq!((refused.status, code(&refused).as_str()), (422, "revision-refused"));
    assert!(refused.text().contains("99999"));
    assert_eq!(preview(&json!([])).status, 200);
}

#[test]
fn a_search_keeps_what_is_locked_and_refuses_what_makes_no_sense() {
    let search = |asked: Value| post("/v1/revisions/search", asked.to_string());
    let found = search(json!({ "base": NEW, "within": ["06"], "seconds": 1.5, "most": 5 })).json();
    assert!(found["proposals"].as_array().unwrap().iter().all(|map| map["operation"]["op"] == "move_units"), "{found}");
    let codes = get(&format!("/v1/editions/{NEW}/assignments")).json()["clsc"].clone();
    let locked = search(json!({ "base": NEW, "locked_clsc": codes, "seconds": 0.2 })).json();
    assert_eq!(locked["proposals"], json!([]));
    for (asked, word) in [
        (json!({ "seconds": 21 }), "out-of-range"),
        (json!({ "most": 0 }), "out-of-range"),
        (json!({ "within": ["99999"] }), "unknown-territory"),
        (json!({ "locked_units": ["1"] }), "unknown-territory"),
        (json!({ "goals": ["fewest_broken_series"] }), "invalid-choice"),
    ] {
        assert_eq!(code(&search(asked.clone())), word, "{asked}");
    }
}

#[test]
fn a_level_is_handed_out_as_a_file_whole_or_what_is_seen_of_it() {
    let layer = |query: &str| get(&format!("/v1/editions/{NEW}/layers/rls{query}"));
    let whole = layer("");
    assert_eq!(whole.header("content-type"), "application/geo+json");
    let names = |answer: &Answer| answer.json()["features"].as_array().unwrap().len();
    let listed = get(&format!("/v1/territories?level=rls&edition={NEW}")).json().as_array().unwrap().len();
    assert_eq!(names(&whole), listed);
    let seen = get(&format!("/v1/territories?level=rls&edition={NEW}&bbox=-74,45.4,-73.4,45.7")).json();
    let cut = layer("?bbox=-74,45.4,-73.4,45.7");
    assert!(names(&cut) == seen.as_array().unwrap().len() && names(&cut) < listed);
    assert!(layer("?format=gpkg").bytes.starts_with(b"SQLite format 3"));
    assert!(layer("?format=parquet").bytes.starts_with(b"PAR1"));
    let csv = layer("?format=csv");
    assert_eq!(csv.text().lines().count(), listed + 1);
    assert!(csv.header("content-disposition").contains(&format!("rls-{NEW}.csv")));
    assert_eq!(code(&layer("?bbox=1,2")), "invalid-bbox");
    assert_eq!(layer("?format=shp").status, 400);
}

#[test]
fn the_criteria_of_an_edition_are_those_of_each_of_its_clsc() {
    let found = get(&format!("/v1/editions/{NEW}/criteria")).json();
    let clsc = found["clsc"].as_array().unwrap();
    assert_eq!(clsc.len(), get(&format!("/v1/territories?level=clsc&edition={NEW}")).json().as_array().unwrap().len());
    assert!(clsc.iter().all(|known| known["measures"].as_array().unwrap().iter().any(|m| m["criterion"] == "people")));
}

#[test]
fn a_table_is_told_apart_whatever_its_dialect_and_comes_back_as_plain_csv() {
    let table = |uri: &str, bytes: &[u8]| {
        ask(Request::post(uri)
            .header("content-type", "application/octet-stream")
            .body(Body::from(bytes.to_vec()))
            .unwrap())
    };
    // Semicolons and Windows-1252, as a spreadsheet of Québec writes them.
    let bytes = b"No;Adresse;Ville\r\n1;1200, boul. Saint-Laurent;Montr\xE9al\r\n2;5 rue X;L\xE9vis\r\n";
    let found = table("/v1/tables", bytes).json();
    assert_eq!(found["columns"], json!(["No", "Adresse", "Ville"]));
    assert_eq!((&found["rows"], &found["first_rows"][0][2]), (&json!(2), &json!("Montréal")));
    let used: Vec<&str> =
        found["used"].as_array().unwrap().iter().map(|known| known["column"].as_str().unwrap()).collect();
    assert_eq!(used, ["Adresse", "Ville"]);
    let plain = table("/v1/tables?format=csv", bytes);
    assert_eq!(plain.text().lines().nth(1), Some("1,\"1200, boul. Saint-Laurent\",Montréal"));
    let useless = table("/v1/tables", b"a,b\n1,2\n").json();
    assert!(useless["unusable"]["message_fr"].as_str().unwrap().contains("Aucune colonne utilisable"));
    let image = table("/v1/tables", &[0x89, b'P', b'N', b'G', 0, 0, 0, 1, 2, 3]);
    assert_eq!((image.status, code(&image).as_str()), (422, "unusable-table"));
}

#[test]
fn what_is_typed_into_one_box_is_told_apart() {
    let read = |q: &str| post("/v1/places/read", json!({ "q": q }).to_string()).json();
    assert_eq!(read("45,5088 -73,5542"), json!({ "lat": 45.5088, "lon": -73.5542 }));
    assert_eq!(read("h2x 1y4"), json!({ "postal_code": "h2x 1y4" }));
    assert_eq!(read("5, rue X, Lévis"), json!({ "address": "5, rue X, Lévis" }));
}
