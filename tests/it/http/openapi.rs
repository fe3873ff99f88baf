//! The description and the routes say the same.

use std::collections::BTreeSet;

use rattache::http::{CODES, ROUTES};
use serde_json::Value;

use super::get;

#[test]
fn every_route_is_described_and_nothing_else_is() {
    let document = get("/v1/openapi.json").json();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert((path.clone(), method.to_uppercase()));
        }
    }
    let routes = ROUTES.iter().map(|route| (route.path.to_owned(), route.method.to_string())).collect();
    assert_eq!(described, routes);
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_its_name() {
    fn walk<'a>(value: &'a Value, references: &mut Vec<&'a str>, names: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                references.extend(map.get("$ref").and_then(Value::as_str));
                names.extend(map.get("operationId").and_then(Value::as_str));
                map.values().for_each(|value| walk(value, references, names));
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, references, names)),
            _ => {}
        }
    }
    let document = get("/v1/openapi.json").json();
    let (mut references, mut names) = (Vec::new(), Vec::new());
    walk(&document, &mut references, &mut names);
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), ROUTES.len());
}

#[test]
fn codes_are_unique_and_named_after_what_they_are() {
    let words: BTreeSet<&str> = CODES.iter().map(|code| code.word).collect();
    assert_eq!(words.len(), CODES.len());
    for code in CODES {
        assert!(code.word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        assert!((400..600).contains(&code.status) && !code.french.is_empty() && !code.english.is_empty());
    }
}
