//! Every answer is held against the description: its status, its type, its body to the last field.
//!
//! [`ask_state`](super::ask_state) calls [`check`], so that no test of a route can forget it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use rattache::http::document;
use serde_json::{Map, Value, json};

use super::Answer;

/// Holds an answer against the description.
///
/// # Panics
/// Where they differ.
pub fn check(method: &str, path: &str, answer: &Answer) {
    let method = if method == "HEAD" { "GET" } else { method };
    let kind = answer.header("content-type").split(';').next().unwrap_or_default().trim().to_owned();
    let at = format!("{method} {path}: {} {kind}", answer.status);
    let Some((template, operation)) = operation(method, path) else {
        assert!(matches!(answer.status, 200 | 400 | 404 | 405 | 414 | 503), "{at}: of no operation");
        if answer.status >= 400 && !answer.bytes.is_empty() && kind != "application/fhir+json" {
            let errors = errors("problem", || json!({ "$ref": "#/components/schemas/Problem" }), &answer.json());
            assert!(errors.is_empty(), "{at}: {errors:?}");
        }
        return;
    };
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{at}: {method} {template} does not say that it may answer so: {}", answer.text());
    let Some(contents) = response.get("content").and_then(Value::as_object) else {
        assert!(answer.bytes.is_empty(), "{at}: a body where none is described");
        return;
    };
    let Some(content) = contents.get(&kind) else { panic!("{at}: of another type than {:?}", contents.keys()) };
    let packed = !answer.header("content-encoding").is_empty();
    if answer.bytes.is_empty() || packed || !kind.ends_with("json") || kind == "application/x-ndjson" {
        return;
    }
    let body = answer.json();
    let key = format!("{method} {template} {} {kind}", answer.status);
    let errors = errors(&key, || content["schema"].clone(), &body);
    assert!(errors.is_empty(), "{at}: not as described:\n{}", errors.join("\n"));
    if kind == "application/problem+json" {
        let codes = response["x-problem-codes"].as_array().unwrap();
        assert!(codes.contains(&body["code"]), "{at}: {} is not among the codes described: {codes:?}", body["code"]);
    }
}

/// The operation that a method and a path mean, with the path as it is described.
pub fn operation(method: &str, path: &str) -> Option<(&'static str, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap();
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let wanted: Vec<&str> = template.split('/').collect();
        wanted.len() == parts.len()
            && wanted
                .iter()
                .zip(&parts)
                .all(|(wanted, part)| wanted == part || (wanted.starts_with('{') && !part.is_empty()))
    };
    // A path in so many words comes before one with a name in braces.
    let mut found: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
    found.sort_by_key(|(template, _)| template.matches('{').count());
    let (template, item) = found.first()?;
    let operation = item.get(method.to_lowercase())?;
    Some((template.as_str(), operation))
}

/// What is wrong with a body; schemas are compiled once.
fn errors(key: &str, schema: impl FnOnce() -> Value, body: &Value) -> Vec<String> {
    static COMPILED: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Mutex::default);
    let known = compiled.lock().unwrap().get(key).cloned();
    let validator = known.unwrap_or_else(|| {
        let mut root = strict(&schema());
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        root["components"] = json!({ "schemas": components() });
        let validator = Arc::new(jsonschema::validator_for(&root).unwrap());
        compiled.lock().unwrap().insert(key.to_owned(), Arc::clone(&validator));
        validator
    });
    validator.iter_errors(body).take(5).map(|error| format!("{}: {error:.300}", error.instance_path())).collect()
}

/// Every schema, closed.
fn components() -> &'static Value {
    static COMPONENTS: OnceLock<Value> = OnceLock::new();
    COMPONENTS.get_or_init(|| {
        let schemas = document()["components"]["schemas"].as_object().unwrap();
        schemas.iter().map(|(name, schema)| (name.clone(), strict(schema))).collect()
    })
}

/// A schema that refuses every field that it does not name, so that none goes out undescribed.
fn strict(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            assert!(!map.contains_key("allOf"), "the description adds parts up");
            let mut closed: Map<_, _> = map.iter().map(|(key, value)| (key.clone(), strict(value))).collect();
            if map.get("properties").is_some_and(Value::is_object) && !map.contains_key("additionalProperties") {
                closed.insert("additionalProperties".to_owned(), json!(false));
            }
            Value::Object(closed)
        }
        Value::Array(list) => list.iter().map(strict).collect(),
        other => other.clone(),
    }
}

#[test]
fn an_answer_with_a_field_too_many_or_too_few_or_of_another_type_is_seen() {
    let answer = |status, kind: &str, body: &Value| Answer {
        status,
        headers: [(axum::http::header::CONTENT_TYPE, kind.parse().unwrap())].into_iter().collect(),
        bytes: body.to_string().into_bytes(),
    };
    let refused = |answer: Answer| std::panic::catch_unwind(move || check("GET", "/v1/resolve", &answer)).is_err();
    let good = super::get("/v1/resolve?lat=45.5088&lon=-73.5542").json();
    assert!(!refused(answer(200, "application/json", &good)));
    let mut more = good.clone();
    more["lineage"]["clsc"]["colour"] = json!("red");
    let mut less = good.clone();
    less.as_object_mut().unwrap().remove("placement");
    let mut other = good.clone();
    other["border_m"] = json!("12");
    let problem = json!({ "type": "/v1/problems/busy", "title": "x", "status": 400, "code": "busy", "detail": "x" });
    for (status, kind, body) in [
        (200, "application/json", &more),
        (200, "application/json", &less),
        (200, "application/json", &other),
        (200, "text/plain", &good),
        (201, "application/json", &good),
        (400, "application/problem+json", &problem),
    ] {
        assert!(refused(answer(status, kind, body)), "{status} {kind} {body}");
    }
}
