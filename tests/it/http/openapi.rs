//! The description: accepted by a person, and true of every route.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use rattache::http::{CODES, document};
use serde_json::Value;

use super::{ask, get};

/// Every operation: method, path, description.
fn operations() -> Vec<(String, &'static str, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap();
    let of = |(path, item): (&'static String, &'static Value)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.to_uppercase(), path.as_str(), operation))
    };
    paths.iter().flat_map(of).collect()
}

/// A path with something in the place of each name.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{level}" | "{collection}" => "clsc",
        part if part.starts_with('{') => "x",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn the_description_is_the_one_that_a_person_accepted() {
    assert_eq!(&get("/v1/openapi.json").json(), document());
    insta::assert_json_snapshot!("openapi", document());
}

#[test]
fn every_route_refuses_a_parameter_that_it_does_not_describe() {
    for (method, path, operation) in operations() {
        if ["/health", "/ready"].contains(&path) {
            continue;
        }
        let uri = format!("{}?colour=red", filled(path));
        let request = Request::builder().method(method.as_str()).uri(&uri).header("content-type", "application/json");
        let answer = ask(request.body(Body::empty()).unwrap());
        let body = answer.json();
        // FHIR has it in its own form.
        let code = body.get("code").unwrap_or(&body["issue"][0]["details"]["coding"][0]["code"]).as_str().unwrap();
        // Some say first that they are not for this caller, or that there is no store.
        assert!(["unknown-parameter", "no-store"].contains(&code), "{method} {uri}: {code}");
        assert!(operation["parameters"].to_string().contains("#/components/parameters/lang"), "{path} without lang");
    }
}

#[test]
fn every_operation_has_a_name_a_tag_and_where_it_takes_a_body_an_example() {
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations() {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{path}");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{path}");
        let summary = operation["summary"].as_str().unwrap();
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{path}: {summary}");
        if method == "POST" {
            for (kind, content) in operation["requestBody"]["content"].as_object().unwrap() {
                assert!(content.get("example").is_some() || content.get("examples").is_some(), "{path} {kind}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_no_list_is_of_anything() {
    fn walk<'a>(value: &'a Value, at: &str, references: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                references.extend(map.get("$ref").and_then(Value::as_str));
                if map.get("type").is_some_and(|kind| kind == "array") {
                    assert!(map.contains_key("items") || map.contains_key("prefixItems"), "{at} is a list of anything");
                }
                map.iter().for_each(|(key, value)| walk(value, &format!("{at}/{key}"), references));
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, at, references)),
            _ => {}
        }
    }
    let mut references = Vec::new();
    walk(document(), "", &mut references);
    for reference in references {
        assert!(document().pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
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
