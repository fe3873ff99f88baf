//! The description in `OpenAPI` 3.0, made from the one in 3.1: for programs that do not read 3.1 yet.
//!
//! 3.1 takes schemas from JSON Schema 2020-12, 3.0 from an older draft: what may be null is said by `nullable`, what always has one
//! value by an `enum` of one, and nothing stands beside a `$ref`. Nothing else of the description differs.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::document::document;

/// The version that is said.
const VERSION: &str = "3.0.3";

/// The description in 3.0 as JSON.
#[must_use]
pub fn document_3_0() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| older(document().clone()))
}

/// A description in 3.1 as one in 3.0.
pub(super) fn older(mut document: Value) -> Value {
    document["openapi"] = json!(VERSION);
    if let Some(license) = document.pointer_mut("/info/license").and_then(Value::as_object_mut) {
        license.remove("identifier");
        license.entry("url").or_insert_with(|| json!("https://opensource.org/license/mit"));
    }
    bring_down(&mut document);
    document
}

/// Brings down every schema below a value; what is no schema has none of these words.
fn bring_down(value: &mut Value) {
    match value {
        Value::Object(map) => {
            // Examples are values, whatever words they hold.
            let kept: Vec<(&str, Value)> = ["example", "examples", "default"]
                .into_iter()
                .filter_map(|name| map.get_mut(name).filter(|one| !one.is_array()).map(|one| (name, one.take())))
                .collect();
            map.values_mut().for_each(bring_down);
            for (name, example) in kept {
                map.insert(name.to_owned(), example);
            }
            if is_schema(map) {
                schema_down(map);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(bring_down),
        _ => {}
    }
}

fn is_schema(map: &Map<String, Value>) -> bool {
    let is_kind = map.get("type").is_some_and(|kind| kind.is_array() || kind.as_str().is_some_and(is_type));
    is_kind || ["$ref", "oneOf", "anyOf", "allOf", "const"].iter().any(|word| map.contains_key(*word))
}

fn is_type(word: &str) -> bool {
    matches!(word, "object" | "array" | "string" | "number" | "integer" | "boolean" | "null")
}

fn schema_down(map: &mut Map<String, Value>) {
    let mut nullable = false;
    if let Some(Value::Array(kinds)) = map.get("type") {
        let mut kinds = kinds.clone();
        nullable |= kinds.iter().any(|kind| kind == "null");
        kinds.retain(|kind| kind != "null");
        map.remove("type");
        match kinds.as_slice() {
            [one] => {
                map.insert("type".to_owned(), one.clone());
            }
            _ => {
                let each: Vec<Value> = kinds.iter().map(|kind| json!({ "type": kind })).collect();
                map.insert("anyOf".to_owned(), json!(each));
            }
        }
    }
    for word in ["oneOf", "anyOf"] {
        let Some(Value::Array(mut choices)) = map.remove(word) else { continue };
        let before = choices.len();
        choices.retain(|choice| !is_null(choice));
        nullable |= choices.len() < before;
        if choices.len() == 1 && before > 1 {
            let only = choices.remove(0);
            match only {
                // Nothing may stand beside a reference.
                Value::Object(only) if !only.contains_key("$ref") => {
                    for (name, part) in only {
                        map.entry(name).or_insert(part);
                    }
                }
                reference => {
                    map.insert("allOf".to_owned(), json!([reference]));
                }
            }
        } else {
            map.insert(word.to_owned(), Value::Array(choices));
        }
    }
    if let Some(only) = map.remove("const") {
        map.insert("enum".to_owned(), json!([only]));
    }
    if let Some(Value::Array(examples)) = map.get("examples").cloned() {
        map.remove("examples");
        if let Some(first) = examples.into_iter().next() {
            map.entry("example").or_insert(first);
        }
    }
    for (word, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if map.get(word).is_some_and(Value::is_number)
            && let Some(value) = map.remove(word)
        {
            map.insert(limit.to_owned(), value);
            map.insert(word.to_owned(), json!(true));
        }
    }
    map.remove("propertyNames");
    // A component that only means `null`.
    if map.get("type").is_some_and(|kind| kind == "null") {
        map.remove("type");
        nullable = true;
    }
    if nullable {
        map.insert("nullable".to_owned(), json!(true));
    }
    if map.len() > 1
        && let Some(reference) = map.remove("$ref")
    {
        map.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
}

fn is_null(schema: &Value) -> bool {
    // What was brought down before has lost its type and gained its word.
    schema["type"] == "null" || schema.as_object().is_some_and(|map| map.len() == 1 && map.contains_key("nullable"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_null_is_nullable_and_nothing_stands_beside_a_reference() {
        for (newer, expected) in [
            (json!({ "type": ["string", "null"] }), json!({ "type": "string", "nullable": true })),
            (
                json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/a" }], "description": "x" }),
                json!({ "description": "x", "allOf": [{ "$ref": "#/a" }], "nullable": true }),
            ),
            (json!({ "$ref": "#/a" }), json!({ "$ref": "#/a" })),
            (json!({ "$ref": "#/a", "description": "x" }), json!({ "description": "x", "allOf": [{ "$ref": "#/a" }] })),
            (json!({ "const": "a", "type": "string" }), json!({ "type": "string", "enum": ["a"] })),
            (
                json!({ "type": ["integer", "string"] }),
                json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] }),
            ),
            (
                json!({ "anyOf": [{ "$ref": "#/a" }, { "$ref": "#/b" }, { "type": "null" }] }),
                json!({ "anyOf": [{ "$ref": "#/a" }, { "$ref": "#/b" }], "nullable": true }),
            ),
            (
                json!({ "type": "number", "exclusiveMinimum": 0 }),
                json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true }),
            ),
        ] {
            let mut older = newer.clone();
            bring_down(&mut older);
            assert_eq!(older, expected, "{newer}");
        }
    }

    #[test]
    fn nothing_of_3_1_is_left_in_the_whole_description_and_every_operation_is_there() {
        fn walk(value: &Value, at: &str) {
            match value {
                Value::Object(map) => {
                    assert!(!map.get("type").is_some_and(Value::is_array), "{at}: several types");
                    assert!(map.get("type").is_none_or(|kind| kind != "null"), "{at}: null as a type");
                    assert!(!map.contains_key("const") && !map.contains_key("prefixItems"), "{at}");
                    assert!(!map.contains_key("$ref") || map.len() == 1, "{at}: something beside a reference");
                    for (name, part) in map.iter().filter(|(name, _)| !["example", "examples"].contains(&name.as_str()))
                    {
                        walk(part, &format!("{at}/{name}"));
                    }
                }
                Value::Array(list) => list.iter().for_each(|part| walk(part, at)),
                _ => {}
            }
        }
        let older = document_3_0();
        walk(older, "");
        assert_eq!(older["openapi"], VERSION);
        let names = |document: &Value| document["paths"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(older), names(document()));
    }
}
