//! FHIR R4, read only: which territory holds a place, and the directory around it.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::addresses::encoded;
use super::{Answer, ask, get};

const POSITION: &str = "45.5088|-73.5542";

fn search(uri: &str, form: &str) -> Answer {
    let request = Request::post(uri).header("content-type", "application/x-www-form-urlencoded");
    ask(request.body(form.to_owned().into()).unwrap())
}

fn resources(bundle: &Value) -> Vec<&Value> {
    let entries = bundle["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter(|entry| entry["search"]["mode"] == "match").map(|entry| &entry["resource"]).collect()
}

fn ids(bundle: &Value) -> Vec<&str> {
    resources(bundle).into_iter().map(|resource| resource["id"].as_str().unwrap()).collect()
}

#[test]
fn a_position_is_held_by_the_territories_that_the_same_question_gets_elsewhere() {
    let lineage = get("/v1/resolve?lat=45.5088&lon=-73.5542").json()["lineage"].clone();
    let level = |level: &str| format!("{level}-{}", lineage[level]["code"].as_str().unwrap());
    let expected = ["clsc", "rls", "rts", "rss", "ruisss"].map(level);
    let by_body = search("/fhir/Location/_search", &format!("contains={}", encoded(POSITION)));
    assert_eq!(by_body.header("content-type"), "application/fhir+json");
    let bundle = by_body.json();
    assert_eq!((&bundle["type"], &bundle["total"]), (&json!("searchset"), &json!(5)));
    assert_eq!(ids(&bundle), expected);
    assert!(!by_body.text().contains("45.5088"), "a position of a body is in no link");
    let by_url = get(&format!("/fhir/Location?contains={}", encoded(POSITION))).json();
    assert_eq!(by_url["entry"], bundle["entry"]);
    let one = search("/fhir/Location/_search?type=clsc", &format!("contains={}", encoded(POSITION))).json();
    assert_eq!(ids(&one), [level("clsc")]);
}

#[test]
fn a_position_that_no_territory_holds_is_said_to_be_so() {
    let far = search("/fhir/Location/_search", "contains=0%7C0").json();
    assert_eq!((&far["total"], far.get("entry")), (&json!(0), None));
    // Off the shore: the nearest is given, and doubt is said.
    let near = get("/v1/resolve?lat=48.68&lon=-68.95").json();
    if near["placement"] == "nearest" {
        let bundle = search("/fhir/Location/_search", "contains=48.68%7C-68.95").json();
        let said = bundle["entry"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&said["search"]["mode"], &said["resource"]["issue"][0]["severity"]),
            (&json!("outcome"), &json!("warning"))
        );
    }
}

#[test]
fn near_gives_every_territory_within_the_distance() {
    let clsc = |distance: &str| {
        let form = format!("type=clsc&near={}", encoded(&format!("{POSITION}|{distance}")));
        ids(&search("/fhir/Location/_search", &form).json()).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let resolved = get("/v1/resolve?lat=45.5088&lon=-73.5542&uncertainty_m=2000").json();
    let mut expected: Vec<String> = resolved["certainty"]["clsc"]
        .as_array()
        .unwrap()
        .iter()
        .map(|clsc| format!("clsc-{}", clsc["code"].as_str().unwrap()))
        .collect();
    expected.sort();
    assert!(expected.len() > 2);
    assert_eq!(clsc("2"), expected);
    assert_eq!(clsc("2000|m"), expected);
    assert_eq!(clsc("1|m").len(), 1);
    assert!(clsc("40|km").len() > 20);
}

#[test]
fn the_directory_is_searched_by_code_name_level_parent_and_establishment() {
    for (query, expected) in [
        ("_id=clsc-06324,rls-0632", vec!["clsc-06324", "rls-0632"]),
        ("identifier=06324", vec!["clsc-06324"]),
        ("identifier=urn:rattache:territoire:rls%7C0632", vec!["rls-0632"]),
        ("identifier=urn:rattache:territoire:clsc%7C0632", vec![]),
        ("name=montreal%20-%20centre-ville", vec!["clsc-06324"]),
        ("name:contains=CENTRE-VILLE&type=clsc&partof=Location/rls-0632", vec!["clsc-06324"]),
        ("type=urn:rattache:niveau%7Cruisss", vec!["ruisss-1", "ruisss-2", "ruisss-3", "ruisss-4"]),
        ("status=active&_id=rss-06", vec!["rss-06"]),
        ("status=inactive&_id=rss-06", vec![]),
    ] {
        assert_eq!(ids(&get(&format!("/fhir/Location?{query}")).json()), expected, "{query}");
    }
    let below = get("/fhir/Location?partof=rls-0632&type=clsc").json();
    assert!(below["total"].as_u64().unwrap() >= 2);
    let managed = get("/fhir/Location?organization=Organization/rts-063&type=clsc&_count=0").json();
    assert!(managed["total"].as_u64().unwrap() >= 2 && managed.get("entry").is_none());
    let organizations = get("/fhir/Organization?name:contains=centre-sud").json();
    assert_eq!(ids(&organizations), ["rts-063"]);
    assert_eq!(search("/fhir/Organization/_search", "_id=rts-063").json()["entry"], organizations["entry"]);
    assert_eq!(get("/fhir/Organization").json()["total"], 25);
}

#[test]
fn pages_of_a_bundle_follow_one_another() {
    let mut seen = 0;
    let mut next = "/fhir/Location?type=clsc&_count=40".to_owned();
    loop {
        let bundle = get(&next).json();
        assert_eq!(bundle["total"], 166);
        seen += ids(&bundle).len();
        let link = bundle["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next").cloned();
        let Some(link) = link else { break };
        next = link["url"].as_str().unwrap().strip_prefix("http://localhost").unwrap().to_owned();
    }
    assert_eq!(seen, 166);
}

#[test]
fn every_reference_of_every_resource_leads_to_one() {
    let all = get("/fhir/Location?_count=1000").json();
    let organizations = get("/fhir/Organization?_count=1000").json();
    let known: Vec<String> = ids(&all)
        .iter()
        .map(|id| format!("Location/{id}"))
        .chain(ids(&organizations).iter().map(|id| format!("Organization/{id}")))
        .collect();
    assert_eq!(all["total"], 166 + 96 + 25 + 18 + 4);
    let mut parents = 0;
    for location in resources(&all) {
        for name in ["partOf", "managingOrganization"] {
            if let Some(reference) = location[name]["reference"].as_str() {
                assert!(known.iter().any(|known| known == reference), "{reference}");
                parents += 1;
            }
        }
        assert_eq!(location["physicalType"]["coding"][0]["code"], "jdn");
    }
    assert!(parents > 400, "{parents}");
    let one = get("/fhir/Location/clsc-06324");
    assert_eq!(&&one.json(), resources(&all).iter().find(|one| one["id"] == "clsc-06324").unwrap());
    let outline = one.json()["extension"][0]["valueAttachment"]["url"].as_str().unwrap().to_owned();
    let outline = get(outline.strip_prefix("http://localhost").unwrap());
    assert_eq!(outline.json()["properties"]["code"], "06324");
    let again = Request::get("/fhir/Location/clsc-06324").header("if-none-match", one.header("etag"));
    assert_eq!(ask(again.body(Body::empty()).unwrap()).status, 304);
    assert_eq!(get("/fhir/Organization/rts-063").json()["resourceType"], "Organization");
}

#[test]
fn what_the_interface_says_it_can_search_by_it_can() {
    let statement = get("/fhir/metadata").json();
    assert_eq!((&statement["fhirVersion"], &statement["kind"]), (&json!("4.0.1"), &json!("instance")));
    for resource in statement["rest"][0]["resource"].as_array().unwrap() {
        let kind = resource["type"].as_str().unwrap();
        for parameter in resource["searchParam"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let value = if parameter["type"] == "special" { encoded(POSITION) } else { "x".to_owned() };
            let answer = get(&format!("/fhir/{kind}?{name}={value}"));
            assert_eq!(answer.status, 200, "{kind}?{name}: {}", answer.text());
        }
    }
}

#[test]
fn what_goes_wrong_is_an_operation_outcome_in_both_languages() {
    for (uri, status, issue, code) in [
        ("/fhir/Location?colour=red", 400, "invalid", "unknown-parameter"),
        ("/fhir/Location?contains=45.5", 400, "invalid", "invalid-question"),
        ("/fhir/Location?contains=-73.5%7C45.5", 400, "invalid", "swapped-coordinates"),
        ("/fhir/Location?_format=xml", 400, "invalid", "invalid-choice"),
        ("/fhir/Location/clsc-99999", 404, "not-found", "unknown-territory"),
        ("/fhir/Organization/clsc-06324", 404, "not-found", "unknown-territory"),
        ("/fhir/Patient", 404, "not-found", "not-found"),
        ("/fhir", 404, "not-found", "not-found"),
    ] {
        let answer = get(uri);
        assert_eq!((answer.status, answer.header("content-type")), (status, "application/fhir+json"), "{uri}");
        let outcome = answer.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{uri}");
        let found = &outcome["issue"][0];
        assert_eq!((&found["severity"], &found["code"]), (&json!("error"), &json!(issue)), "{uri}");
        assert_eq!(found["details"]["coding"][0]["code"], code, "{uri}");
        let english = get(&format!("{uri}{}lang=en", if uri.contains('?') { '&' } else { '?' })).json();
        assert_ne!(english["issue"][0]["diagnostics"], found["diagnostics"], "{uri}");
    }
    let request = Request::delete("/fhir/Location/clsc-06324").body(Body::empty()).unwrap();
    let answer = ask(request);
    assert_eq!((answer.status, &answer.json()["issue"][0]["code"]), (405, &json!("not-supported")));
}
