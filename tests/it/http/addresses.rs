//! Addresses over HTTP: what is no address in Québec has a result of its own, and the page asks without leaving traces.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::Request;
use rattache::address::{AddressRecord, Civic, GazetteerBuilder, PostalCode};
use rattache::http::{Options, State};
use serde_json::{Value, json};

use super::{Answer, ask, ask_state, demo_state, get, post};

pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        write!(all, "%{byte:02X}").unwrap();
        all
    })
}

/// Asks in the body and, where a URL can hold it, in the URL; both must answer the same, with status 200.
fn answer(name: &str, text: &str) -> Value {
    let body = json!([{ name: text }]).to_string();
    let many = post("/v1/resolve", body);
    assert_eq!(many.status, 200, "{text:?}");
    let found = many.json()[0].clone();
    let one = get(&format!("/v1/resolve?{name}={}", encoded(text)));
    if text.len() > 1000 {
        assert_eq!((one.status, &one.json()["code"]), (414, &json!("url-too-long")));
    } else if found.get("code").is_none() {
        assert_eq!((one.status, one.json()), (200, found.clone()), "{text:?}");
    }
    found
}

fn demo_address() -> (String, String) {
    let served = demo_state().served();
    let entry = served.atlas.gazetteer().unwrap().address(70_000).unwrap();
    (format!("{}, {}, {}", entry.civic.unwrap(), entry.street, entry.municipality), entry.street)
}

#[test]
fn an_empty_text_and_control_characters_are_empty() {
    for text in ["", "   ", " ,;.- ", "\u{1}\u{2}\u{1b}", "\r\n\t", "\u{0}"] {
        let found = answer("address", text);
        assert_eq!(
            (&found["match"]["outcome"], &found["placement"]),
            (&json!("empty"), &json!("not_found")),
            "{text:?}"
        );
        assert_eq!(found["lineage"], Value::Null);
    }
}

#[test]
fn control_characters_in_an_address_are_said_and_passed_over() {
    let (address, _) = demo_address();
    let clean = answer("address", &address);
    let dirty = answer("address", &format!("\u{0}{}\u{7}", address.replace(", ", ",\u{b} ")));
    assert_eq!(clean["match"]["outcome"], "matched");
    assert_eq!(dirty["match"]["result_id"], clean["match"]["result_id"]);
    assert!(dirty["match"]["remarks"].to_string().contains("control_characters"), "{}", dirty["match"]["remarks"]);
}

#[test]
fn ten_kilobytes_are_unreadable_and_too_long_for_a_url() {
    let (address, _) = demo_address();
    for text in [address.repeat(10_240 / address.len()), "x".repeat(10_240), "é".repeat(5_120), "1 ".repeat(5_120)] {
        assert_eq!(answer("address", &text)["match"]["outcome"], "unreadable");
    }
}

#[test]
fn another_province_is_named() {
    for (text, province) in [
        ("Ottawa ON", "ontario"),
        ("100 Wellington Street, Ottawa, Ontario", "ontario"),
        ("12 rue Principale, Edmundston NB", "new_brunswick"),
        ("12 rue Principale, Laval, K1A 0A9", "ontario"),
    ] {
        let found = answer("address", text);
        assert_eq!(found["match"]["outcome"], "other_province", "{text}");
        assert_eq!((&found["match"]["province"], &found["placement"]), (&json!(province), &json!("outside")), "{text}");
        assert_eq!(found["lineage"], Value::Null);
    }
}

#[test]
fn a_postal_code_of_another_province_is_no_place_here() {
    for (code, province) in [("K1A 0A9", "ontario"), ("e3v1a1", "new_brunswick"), ("V6B-1A1", "british_columbia")] {
        let found = answer("postal_code", code);
        assert_eq!(found["postal_code"]["ground"], "other_province");
        assert_eq!((&found["postal_code"]["province"], &found["placement"]), (&json!(province), &json!("outside")));
    }
    // What is no postal code at all is a bad question, not an answer.
    assert_eq!(answer("postal_code", "H2X")["code"], "invalid-postal-code");
}

#[test]
fn a_street_without_a_number_is_a_street_with_every_clsc_it_runs_through() {
    let (address, street) = demo_address();
    let (_, rest) = address.split_once(", ").unwrap();
    let found = answer("address", rest);
    assert_eq!(found["match"]["result_type"], "street");
    assert!(found["match"]["result_label"].as_str().unwrap().starts_with(&street));
    assert!(found["match"]["faults"].to_string().contains("civic_missing"));
    assert_eq!((&found["placement"], &found["match"]["auto_accepted"]), (&json!("spread"), &json!(false)));
    let shares = found["territories"].as_array().unwrap();
    assert_eq!(found["lineage"] == Value::Null, shares.len() > 1);
    assert!((shares.iter().map(|one| one["share"].as_f64().unwrap()).sum::<f64>() - 1.0).abs() < 1e-5);
}

#[test]
fn an_address_in_two_municipalities_of_one_name_is_both() {
    let bytes = crate::demo_atlas::altered((file!(), line!()), |source| {
        let served = demo_state().served();
        let view = served.atlas.gazetteer().unwrap();
        let mut builder = GazetteerBuilder::default();
        for (at, code, postal) in [(1_000, "37245", "G0X 3E0"), (120_000, "33045", "G0S 2C0")] {
            let place = view.address(at).unwrap();
            let record = AddressRecord {
                civic: Some(Civic::plain(61)),
                range_end: None,
                apartment: "",
                street_name: "Notre-Dame",
                street_type: "rue",
                direction: "",
                municipality: "Saint-Stanislas",
                municipality_code: code,
                sector: "",
                postal_code: PostalCode::parse(postal),
                position: place.position,
                unit: place.unit.unwrap(),
            };
            builder.add(&record).unwrap();
        }
        source.addresses = Some(builder.finish().unwrap());
    });
    let state = State::new(super::atlas_of(&bytes), None, Options::default()).unwrap();
    let ask = |text: &str| -> Value {
        let uri = format!("/v1/resolve?address={}", encoded(text));
        let found = ask_state(&state, Request::get(uri).body(Body::empty()).unwrap());
        assert_eq!(found.status, 200);
        found.json()
    };
    let both = ask("61 rue Notre-Dame, Saint-Stanislas");
    assert_eq!((&both["match"]["outcome"], &both["match"]["tied"]), (&json!("ambiguous"), &json!(2)));
    assert_eq!((&both["lineage"], &both["match"]["result_label"]), (&Value::Null, &Value::Null));
    let clsc = |found: &Value| -> Vec<String> {
        let all = found["territories"].as_array().unwrap().iter();
        all.map(|one| one["clsc"]["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(clsc(&both).len(), 2);
    // The postal code tells them apart.
    let one = ask("61 rue Notre-Dame, Saint-Stanislas G0S 2C0");
    assert_eq!((&one["match"]["outcome"], &one["match"]["result_score"]), (&json!("matched"), &json!(1.0)));
    assert!(clsc(&both).contains(&one["lineage"]["clsc"]["code"].as_str().unwrap().to_owned()));
}

fn send_form(uri: &str, fields: &[(&str, &str)]) -> Answer {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let form = "application/x-www-form-urlencoded";
    ask(Request::post(uri).header("content-type", form).body(body.join("&").into()).unwrap())
}

#[test]
fn the_page_is_french_whatever_the_browser_prefers_and_english_one_click_away() {
    let english = Request::get("/").header("accept-language", "en-CA,en;q=0.9").body(Body::empty()).unwrap();
    let page = ask(english);
    assert!(page.header("content-language") == "fr" && page.text().contains("<html lang=\"fr-CA\""));
    assert!(page.text().contains("href=\"./?lang=en\"") && page.text().contains("Adresse ou code postal"));
    let page = get("/?lang=en");
    assert!(page.text().contains("<html lang=\"en-CA\"") && page.text().contains("href=\"./\" lang=\"fr\""));
    assert!(page.text().contains("action=\"./?lang=en\""), "an answer to an English question is in English");
}

#[test]
fn the_form_is_answered_without_a_script_and_leaves_nothing_in_the_url() {
    let (address, street) = demo_address();
    let page = get("/").text();
    assert!(page.contains("method=\"post\"") && page.contains("name=\"place\""));
    let found = send_form("/", &[("place", &address), ("lat", ""), ("lon", ""), ("as_of", ""), ("uncertainty_m", "")]);
    assert_eq!((found.status, found.header("cache-control")), (200, "no-store"));
    let json = get(&format!("/v1/resolve?address={}", encoded(&address))).json();
    let name = json["territories"][0]["clsc"]["name"].as_str().unwrap().replace('\'', "&#39;");
    assert!(found.text().contains(&name) && found.text().contains("numéro civique"));
    assert!(!found.text().contains(&format!("={}", encoded(&street))), "no link repeats the question");
    let english = send_form("/?lang=en", &[("place", &address)]).text();
    assert!(english.contains("civic number") && english.contains(&name));
    // A postal code is told from an address, in any shape.
    let code = json["match"]["postal_code"].as_str().unwrap().to_lowercase().replace(' ', "-");
    assert!(send_form("/", &[("place", &code)]).text().contains("Aires de diffusion"));
    assert_eq!(send_form("/", &[("place", "Laval"), ("lat", "45.5"), ("lon", "-73.5")]).status, 400);
    assert_eq!(send_form("/", &[("adresse", "Laval")]).status, 400);
    assert_eq!(send_form("/", &[("place", &"x".repeat(20_000))]).status, 413);
    assert_eq!(send_form("/", &[("place", "<script>\"")]).text().matches("<script").count(), 1);
}

#[test]
fn the_page_shows_the_doubt_and_every_clsc_that_is_possible() {
    let served = demo_state().served();
    let view = served.atlas.gazetteer().unwrap();
    // A postal code that is split between CLSC.
    let (code, found) = (0..view.address_count())
        .step_by(97)
        .filter_map(|at| view.address(at)?.postal_code)
        .map(|code| (code, get(&format!("/v1/resolve?postal_code={}", encoded(&code.to_string()))).json()))
        .find(|(_, found)| found["territories"].as_array().is_some_and(|all| all.len() > 1))
        .unwrap();
    let page = send_form("/", &[("place", &code.to_string())]).text();
    assert!(page.contains("Plusieurs CLSC sont possibles") && page.contains("class=\"doubt\""));
    for one in found["territories"].as_array().unwrap() {
        let clsc = &one["clsc"];
        let shown = format!("{} {}", clsc["code"].as_str().unwrap(), clsc["name"].as_str().unwrap());
        assert!(page.contains(&shown), "{shown}: {page}");
    }
    let page = send_form("/", &[("place", "L'Ange-Gardien")]).text();
    assert!(page.contains("aucun n’a été choisi") && page.contains("Lieux possibles"));
    let page = send_form("/", &[("place", "Ottawa ON")]).text();
    assert!(page.contains("Hors du Québec\u{a0}: Ontario."), "{page}");
}

#[test]
fn what_is_typed_completes_from_a_body_as_from_a_url_and_the_page_only_asks_by_body() {
    let typed = post("/v1/addresses/complete", r#"{"q": "rue prin", "limit": 5}"#);
    assert_eq!((typed.status, typed.json()["completions"].as_array().unwrap().len()), (200, 5));
    assert_eq!(typed.text(), get("/v1/addresses?q=rue%20prin&limit=5").text());
    for (body, code) in [
        ("{}", "missing-parameter"),
        (r#"{"q": 1}"#, "invalid-question"),
        (r#"{"q": "rue", "limit": 51}"#, "out-of-range"),
        (r#"{"q": "rue", "limit": "5"}"#, "invalid-number"),
        (r#"{"q": "rue", "wide": true}"#, "unknown-parameter"),
    ] {
        let answer = post("/v1/addresses/complete", body);
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (400, code), "{body}");
    }
    let script = get("/page.js").text();
    assert!(script.contains("\"v1/addresses/complete\"") && !script.contains("q=") && !script.contains("encodeURI"));
}
