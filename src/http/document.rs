//! The description of the interface (`OpenAPI` 3.1), made from the handlers; what no handler says stands here.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::server::ServerBuilder;

use super::app;
use super::problem::{ProblemBody, ProblemWord};
use super::resources::series::{Format, StatedMeasure, Weights};
use crate::domain::Language;

/// The description without its paths.
pub(super) fn frame() -> utoipa::openapi::OpenApi {
    let mut frame = Frame::openapi();
    // Relative to where the description is read, so that it holds behind any proxy.
    frame.servers = Some(vec![ServerBuilder::new().url("/").description(Some("This server")).build()]);
    frame
}

/// Which CLSC territory does a place in Québec belong to?
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rattache",
        description = "Which CLSC territory does a place in Québec belong to, and everything above it, at any date; what a \
                       change of limits does to people and to series of counts. Addresses and positions are personal \
                       information: ask with POST, whose bodies no proxy logs.",
        license(name = "MIT", identifier = "MIT"),
        contact(name = "Rattache"),
    ),
    components(schemas(ProblemBody, ProblemWord, Format, StatedMeasure, Weights)),
    tags(
        (name = "places", description = "A position, an address, a postal code or a point of service: its territories"),
        (name = "territories", description = "Editions and their territories, with outlines"),
        (name = "series", description = "Series of counts through changes of limits"),
        (name = "revisions", description = "Changes of limits as planners write, weigh and publish them"),
        (name = "service", description = "What is served, whether it answers, and what its problems mean"),
        (name = "page", description = "The page for people"),
    ),
)]
struct Frame;

/// The description as JSON.
#[must_use]
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let described = app::routes().into_openapi();
        let mut document = serde_json::to_value(&described).unwrap_or_default();
        // Nothing asks for a key yet: a scheme goes here, and with it the requirement of each operation.
        document["security"] = json!([]);
        add_language(&mut document);
        open_parts(&mut document);
        plainly(&mut document);
        document
    })
}

/// Every operation takes the language, as [`StrictQuery`](super::extract::StrictQuery) does.
fn add_language(document: &mut Value) {
    document["components"]["parameters"]["lang"] = json!({
        "name": "lang", "in": "query",
        "description": "Language of titles and details; else that of Accept-Language, else French",
        "schema": { "type": "string", "enum": Language::ALL.map(Language::as_str) },
    });
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(serde_json::Map::values_mut);
    for operation in operations.filter(|operation| operation["responses"]["400"].is_object()) {
        let reference = json!({ "$ref": "#/components/parameters/lang" });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(reference),
            None => operation["parameters"] = json!([reference]),
        }
    }
}

/// Says what readers of descriptions understand: links of the code's own documentation as words, and lists of a fixed number
/// of items (`prefixItems`, which most generators do not know) as lists of so many.
fn plainly(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace("[`", "`").replace("`]", "`").replace('\n', " ");
            }
            if let Some(Value::Array(items)) = map.remove("prefixItems") {
                let count = items.len();
                let mut kinds: Vec<Value> = Vec::new();
                for item in items {
                    if !kinds.contains(&item) {
                        kinds.push(item);
                    }
                }
                map.insert("items".to_owned(), json!({ "oneOf": kinds }));
                map.insert("minItems".to_owned(), json!(count));
                map.insert("maxItems".to_owned(), json!(count));
            }
            map.values_mut().for_each(plainly);
        }
        Value::Array(list) => list.iter_mut().for_each(plainly),
        _ => {}
    }
}

/// A schema that is a part of another one (`allOf`) can not forbid the fields of the rest.
fn open_parts(document: &mut Value) {
    fn parts(value: &Value, inside: bool, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                if let (true, Some(name)) = (inside, map.get("$ref").and_then(Value::as_str)) {
                    found.insert(name.rsplit('/').next().unwrap_or_default().to_owned());
                }
                for (key, value) in map {
                    parts(value, key == "allOf", found);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| parts(value, inside, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    parts(document, false, &mut found);
    for name in found {
        if let Some(schema) = document["components"]["schemas"][&name].as_object_mut() {
            schema.remove("additionalProperties");
        }
    }
}
