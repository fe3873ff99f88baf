//! The description of `/ogc` alone, in `OpenAPI` 3.0, with a path of its own for each collection.
//!
//! Programs that read it (GDAL, QGIS) look for the path of a collection in so many words, and push down what its parameters name.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{PATH, fields};
use crate::atlas::Atlas;
use crate::domain::Level;
use crate::export::Field;
use crate::http::base::Base;
use crate::http::document_3_0::document_3_0;

/// The description.
pub fn description(atlas: &Atlas, base: &Base) -> Value {
    let whole = document_3_0();
    let mut paths = Map::new();
    for (path, item) in whole["paths"].as_object().into_iter().flatten() {
        let Some(own) = path.strip_prefix(PATH) else { continue };
        if !own.contains("{collection}") {
            // What stands at the end of the URL of the server itself.
            paths.insert(if own.is_empty() { "/".to_owned() } else { own.to_owned() }, item.clone());
            continue;
        }
        for level in Level::ALL {
            let properties = fields(atlas, level);
            paths.insert(own.replace("{collection}", level.as_str()), of_level(item.clone(), level, &properties));
        }
    }
    let mut description = json!({
        "openapi": whole["openapi"],
        "info": whole["info"],
        "servers": [{ "url": base.url(PATH) }],
        "tags": whole["tags"].as_array().into_iter().flatten().filter(|tag| tag["name"] == "ogc").collect::<Vec<_>>(),
        "paths": paths,
    });
    for name in ["security"] {
        if let Some(part) = whole.get(name) {
            description[name] = part.clone();
        }
    }
    description["components"] = components(whole, &description);
    description
}

/// The operations of one collection: its name stands in their path, and only its own properties are asked for.
fn of_level(mut item: Value, level: Level, own: &[Field]) -> Value {
    let known = every_property();
    for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(id) = operation["operationId"].as_str() {
            operation["operationId"] = json!(format!("{id}_{level}"));
        }
        let Some(parameters) = operation["parameters"].as_array_mut() else { continue };
        parameters.retain(|parameter| {
            let name = parameter["name"].as_str().unwrap_or_default();
            name != "collection" && (!known.contains(name) || own.iter().any(|field| field.name == name))
        });
    }
    item
}

/// The properties of all collections.
fn every_property() -> BTreeSet<String> {
    use utoipa::IntoParams as _;
    super::PropertyParameters::into_params(|| None).into_iter().map(|parameter| parameter.name).collect()
}

/// The components that a description refers to, and those that these refer to.
fn components(whole: &Value, description: &Value) -> Value {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|part| references(part, found));
            }
            Value::Array(list) => list.iter().for_each(|part| references(part, found)),
            _ => {}
        }
    }
    let mut kept = json!({ "securitySchemes": whole["components"]["securitySchemes"] });
    let mut open = Vec::new();
    references(&description["paths"], &mut open);
    let mut seen = BTreeSet::new();
    while let Some(reference) = open.pop() {
        let mut parts = reference.trim_start_matches("#/components/").split('/');
        let (Some(kind), Some(name)) = (parts.next(), parts.next()) else { continue };
        if seen.insert(reference.clone()) {
            let part = &whole["components"][kind][name];
            references(part, &mut open);
            kept[kind][name] = part.clone();
        }
    }
    if kept["securitySchemes"].is_null()
        && let Some(kept) = kept.as_object_mut()
    {
        kept.remove("securitySchemes");
    }
    kept
}
