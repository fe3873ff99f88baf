//! Questions and answers: the same bytes whoever asks.

use rattache::domain::{EditionChoice, LonLat};
use rattache::http::MOST_QUESTIONS;
use rattache::resolve::{Query, Resolver};
use serde_json::{Value, json};

use super::{demo_state, get, post};

/// Positions all over Québec, in the water and far away, from a fixed seed.
fn positions(count: usize) -> Vec<(f64, f64)> {
    let mut state = 11_u64;
    let mut next = |low: f64, high: f64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = (state >> 40) as f64 / (1_u64 << 24) as f64;
        ((low + part * (high - low)) * 1e6).round() / 1e6
    };
    let anywhere = (0..count / 2).map(|_| (next(44.0, 63.0), next(-81.0, -56.0))).collect::<Vec<_>>();
    anywhere.into_iter().chain((0..count - count / 2).map(|_| (next(45.4, 45.7), next(-73.95, -73.45)))).collect()
}

fn of_library(lat: f64, lon: f64, edition: EditionChoice, uncertainty_m: Option<f64>) -> String {
    let served = demo_state().served();
    let query = Query { place: LonLat::new(lon, lat).unwrap().into(), basis: None, edition, uncertainty_m };
    serde_json::to_string(&Resolver::answer(&served.atlas, &query).unwrap()).unwrap()
}

#[test]
fn one_question_many_questions_and_the_library_give_the_same_bytes() {
    let positions = positions(60);
    let mut placements = std::collections::BTreeSet::new();
    let mut questions = Vec::new();
    let mut answers = Vec::new();
    for (place, &(lat, lon)) in positions.iter().enumerate() {
        let (suffix, choice, uncertainty) = match place % 3 {
            0 => ("", EditionChoice::Latest, None),
            1 => ("&as_of=2019-01-01", EditionChoice::AsOf("2019-01-01".parse().unwrap()), None),
            _ => {
                ("&edition=demo-2017-07-01&uncertainty_m=800", EditionChoice::Id("demo-2017-07-01".into()), Some(800.0))
            }
        };
        let expected = of_library(lat, lon, choice, uncertainty);
        let answer = get(&format!("/v1/resolve?lat={lat}&lon={lon}{suffix}"));
        assert_eq!((answer.status, answer.text()), (200, expected.clone()));
        placements.insert(answer.json()["placement"].as_str().unwrap().to_owned());
        let mut question = json!({ "lat": lat, "lon": lon });
        for pair in suffix.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap();
            question[name] = value.parse::<f64>().map_or_else(|_| json!(value), |number| json!(number));
        }
        questions.push(question);
        answers.push(expected);
    }
    assert_eq!(placements.len(), 3, "the positions must be inside, near and outside: {placements:?}");
    let answer = post("/v1/resolve", Value::from(questions).to_string());
    assert_eq!((answer.status, answer.text()), (200, format!("[{}]", answers.join(","))));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[test]
fn an_answer_has_the_fields_that_are_promised() {
    let answer = get("/v1/resolve?lat=45.5088&lon=-73.5542&uncertainty_m=50").json();
    let fields: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["edition", "placement", "dissemination_area", "lineage", "border_m", "runner_up", "certainty"]);
    assert_eq!(answer["edition"]["official"], false);
    assert_eq!(answer["placement"], "inside");
    let lineage = answer["lineage"].as_object().unwrap();
    assert_eq!(lineage.keys().collect::<Vec<_>>(), ["clsc", "rls", "rts", "rss", "ruisss"]);
    let clsc = lineage["clsc"]["code"].as_str().unwrap();
    for (level, digits) in [("rls", 4), ("rts", 3), ("rss", 2)] {
        assert_eq!(lineage[level]["code"], clsc[..digits]);
    }
    assert_eq!(lineage["rss"]["name"], "Montréal");
    let border = answer["border_m"].as_f64().unwrap();
    assert_eq!(answer["certainty"]["stable"], border > 50.0);
}

#[test]
fn an_answer_is_doubtful_exactly_when_the_error_reaches_the_limit() {
    let border = get("/v1/resolve?lat=45.5088&lon=-73.5542").json()["border_m"].as_f64().unwrap();
    for (error, stable) in [(border - 1.0, true), (border + 1.0, false)] {
        let answer = get(&format!("/v1/resolve?lat=45.5088&lon=-73.5542&uncertainty_m={error}")).json();
        assert_eq!(answer["certainty"]["stable"], stable);
        assert_eq!(answer["certainty"]["clsc"].as_array().unwrap().len() == 1, stable);
        assert_eq!(answer["certainty"]["clsc"][0], answer["lineage"]["clsc"]);
    }
}

#[test]
fn a_bad_element_gets_its_own_problem_and_the_others_their_answers() {
    let body = r#"[
        {"lat": 45.5088, "lon": -73.5542, "id": "a"},
        {"lat": -73.5542, "lon": 45.5088, "id": 7},
        {"lat": 1e400, "lon": -73.5542},
        {"lat": "45.5", "lon": -73.5542},
        {"lon": -73.5542},
        {"lat": 45.5, "lat": 45.6, "lon": -73.5},
        {"lat": 45.5, "lon": -73.5, "colour": 1},
        {"lat": 45.5, "lon": -73.5, "as_of": "2019-01-01", "edition": "demo-2017-07-01"},
        {"lat": 45.5, "lon": -73.5, "as_of": "1999-01-01"},
        {"lat": 45.5, "lon": -73.5, "edition": "Noël"},
        {"lat": 45.5, "lon": -73.5, "as_of": 2019},
        {"lat": 45.5, "lon": -73.5, "uncertainty_m": -1},
        {"lat": 45.5, "lon": -73.5, "id": {}},
        [1, 2], null, "x", 3,
        {"lat": 45.5088, "lon": -73.5542, "as_of": null, "id": -3}
    ]"#;
    let answer = post("/v1/resolve?lang=en", body);
    assert_eq!(answer.status, 200);
    let expected = [
        "",
        "swapped-coordinates",
        "invalid-number",
        "invalid-number",
        "missing-parameter",
        "repeated-parameter",
        "unknown-parameter",
        "conflicting-parameters",
        "no-edition",
        "unknown-edition",
        "invalid-question",
        "out-of-range",
        "invalid-question",
        "invalid-question",
        "invalid-question",
        "invalid-question",
        "invalid-question",
        "",
    ];
    let all = answer.json();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), expected.len());
    for (index, (element, code)) in all.iter().zip(expected).enumerate() {
        assert_eq!(element.get("code").and_then(Value::as_str).unwrap_or_default(), code, "element {index}");
        if code.is_empty() {
            assert_eq!(element["placement"], "inside");
        } else {
            assert_eq!(element["index"], index);
            assert!(element["status"].as_u64().unwrap() >= 400);
        }
    }
    let ids: Vec<&Value> = [0, 1, 17].iter().map(|&at| &all[at]["id"]).collect();
    assert_eq!(ids, [&json!("a"), &json!(7), &json!(-3)]);
    let one = of_library(45.5088, -73.5542, EditionChoice::Latest, None);
    assert!(answer.text().starts_with(&format!("[{{\"id\":\"a\",{}", &one[1..])));
}

#[test]
fn a_body_of_the_largest_count_is_answered_and_one_more_is_refused_with_the_count() {
    let questions = |count: usize| format!("[{}]", vec![r#"{"lat":45.5,"lon":-73.5}"#; count].join(","));
    let answer = post("/v1/resolve", questions(MOST_QUESTIONS));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json().as_array().unwrap().len(), MOST_QUESTIONS);
    let answer = post("/v1/resolve", questions(MOST_QUESTIONS + 7));
    assert_eq!(answer.status, 413);
    assert!(answer.json()["detail"].as_str().unwrap().contains("10007"));
    assert_eq!(post("/v1/resolve", "[]").text(), "[]");
}

#[test]
fn numbers_dates_and_texts_may_be_percent_encoded() {
    let plain = get("/v1/resolve?lat=45.5088&lon=-73.5542&edition=demo-2017-07-01").text();
    assert_eq!(get("/v1/resolve?l%61t=45%2E5088&lon=%2D73.5542&edition=demo%2D2017-07-01&").text(), plain);
}

#[test]
fn one_question_in_a_body_is_answered_alone_and_its_problem_is_the_status() {
    let alone = post("/v1/resolve", r#"{"lat": 45.5088, "lon": -73.5542}"#);
    assert_eq!((alone.status, alone.text()), (200, get("/v1/resolve?lat=45.5088&lon=-73.5542").text()));
    let named = post("/v1/resolve", r#"{"lat": 45.5088, "id": "a", "lon": -73.5542}"#).text();
    assert_eq!(named, format!("{{\"id\":\"a\",{}", &alone.text()[1..]));
    for (body, status, code) in [
        ("{}", 400, "missing-parameter"),
        (r#"{"lat": 95, "lon": -73}"#, 400, "out-of-range"),
        (r#"{"lat": 45.5, "lon": -73, "lat": 45.5}"#, 400, "repeated-parameter"),
        (r#"{"lat": 45.5, "lon": -73, "colour": 1}"#, 400, "unknown-parameter"),
        (r#"{"lat": 45.5, "lon": -73, "as_of": "1999-01-01"}"#, 404, "no-edition"),
        (r#"{"lat": 45.5, "lon": -73, "id": []}"#, 400, "invalid-question"),
    ] {
        let answer = post("/v1/resolve", body);
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (status, code), "{body}");
    }
}

#[test]
fn an_address_in_parts_is_the_address_in_one_text() {
    let served = demo_state().served();
    let entry = served.atlas.gazetteer().unwrap().address(1_234).unwrap();
    let (civic, code) = (entry.civic.unwrap().to_string(), entry.postal_code.unwrap().to_string());
    let parts = json!({ "civic": civic, "street": entry.street, "city": entry.municipality, "postal_code": code });
    let text = format!("{civic} {}, {}, {code}", entry.street, entry.municipality);
    let expected = post("/v1/resolve", json!({ "address": text }).to_string());
    assert_eq!(post("/v1/resolve", parts.to_string()).text(), expected.text());
    assert_eq!(expected.json()["match"]["outcome"], "matched");
    for (body, code) in [
        (json!({ "civic": civic, "city": "Laval" }), "missing-parameter"),
        (json!({ "street": "rue Principale", "address": "Laval" }), "conflicting-parameters"),
        (json!({ "street": "rue Principale", "lat": 45.5, "lon": -73.5 }), "conflicting-parameters"),
    ] {
        let answer = post("/v1/resolve", body.to_string());
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (400, code), "{body}");
    }
}
