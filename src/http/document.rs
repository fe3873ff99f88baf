//! The description of the interface (`OpenAPI` 3.1), made from the handlers; what no handler says stands here.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::server::ServerBuilder;

use super::app;
use super::fhir::is_fhir;
use super::fhir::wire::OperationOutcome;
use super::ogc::JsonFormat;
use super::problem::{ProblemBody, ProblemWord, ROLE};
use super::resources::layers::LayerFormat;
use super::resources::series::{Format, StatedMeasure, Weights};
use crate::access::Role;
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
    components(schemas(JsonFormat, LayerFormat, OperationOutcome, ProblemBody, ProblemWord, Format, StatedMeasure, Weights)),
    tags(
        (name = "places", description = "A position, an address, a postal code or a point of service: its territories"),
        (name = "territories", description = "Editions and their territories, with outlines"),
        (name = "series", description = "Series of counts through changes of limits"),
        (name = "revisions", description = "Changes of limits as planners write, weigh and publish them"),
        (name = "fhir", description = "Territories and établissements for systems of health: FHIR R4, read only"),
        (name = "ogc", description = "Territories and units for programs of maps: OGC API - Features"),
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
        add_roles(&mut document);
        add_language(&mut document);
        name_bytes(&mut document);
        plainly(&mut document);
        let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
        add_up(&mut document, &schemas);
        document
    })
}

/// Says the role that each operation takes, how a key is shown, and what is answered to who has not the role.
fn add_roles(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({ "key": {
        "type": "http", "scheme": "bearer",
        "description": "A key of `rattache keys add`, with a role: lookup, planner, approver or admin; each may do what those \
                        before it may. Without a key, who reaches the service on its own machine may look up.",
    } });
    document["security"] = json!([{ "key": [] }]);
    for (method, path, needs) in app::roles() {
        let operation = &mut document["paths"][path.as_str()][method.as_str().to_lowercase()];
        let Some(role) = needs else {
            operation["security"] = json!([]);
            continue;
        };
        operation["x-role"] = json!(role);
        // A lookup may be open to everybody.
        let stranger = if role == Role::Lookup { json!([{}, { "key": [] }]) } else { json!([{ "key": [] }]) };
        operation["security"] = stranger;
        for code in ROLE {
            let response = &mut operation["responses"][code.status.to_string()];
            if response.is_null() {
                let (kind, schema) = if is_fhir(&path) {
                    ("application/fhir+json", "FhirOperationOutcome")
                } else {
                    ("application/problem+json", "Problem")
                };
                let content = json!({ kind: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } });
                *response = json!({ "description": "", "x-problem-codes": [], "content": content });
            }
            let known =
                response["x-problem-codes"].as_array().is_some_and(|all| all.iter().any(|one| one == code.word));
            if known {
                continue;
            }
            if let Some(codes) = response["x-problem-codes"].as_array_mut() {
                codes.push(json!(code.word));
            }
            let before = response["description"].as_str().filter(|text| !text.is_empty());
            let before = before.map_or_else(String::new, |text| format!("{text}; "));
            response["description"] = json!(format!("{before}{} (`{}`)", code.english, code.word));
        }
    }
}

/// Every operation takes the language, as [`StrictQuery`](super::extract::StrictQuery) does.
fn add_language(document: &mut Value) {
    document["components"]["parameters"]["lang"] = json!({
        "name": "lang", "in": "query",
        "description": "Language of titles and details; else that of Accept-Language, else French",
        "schema": { "$ref": "#/components/schemas/Language" },
    });
    document["components"]["schemas"]["Language"] = json!({
        "type": "string", "description": "A language of answers", "enum": Language::ALL.map(Language::as_str),
    });
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
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
            // A count is a number too: of both, either will do.
            let is_of = |kind: &str| {
                let choices = map.get("oneOf").and_then(Value::as_array);
                choices.is_some_and(|all| all.iter().any(|one| one["type"] == kind))
            };
            if is_of("integer")
                && is_of("number")
                && let Some(choices) = map.remove("oneOf")
            {
                map.insert("anyOf".to_owned(), choices);
            }
            if let Some(Value::Array(items)) = map.remove("prefixItems") {
                let count = items.len();
                let mut kinds: Vec<Value> = Vec::new();
                for item in items {
                    if !kinds.contains(&item) {
                        kinds.push(item);
                    }
                }
                map.insert("items".to_owned(), json!({ "anyOf": kinds }));
                map.insert("minItems".to_owned(), json!(count));
                map.insert("maxItems".to_owned(), json!(count));
            }
            map.values_mut().for_each(plainly);
        }
        Value::Array(list) => list.iter_mut().for_each(plainly),
        _ => {}
    }
}

/// Puts in the place of every schema made of others (`allOf`) the one object that they add up to: generators of clients
/// understand no object of which a part is one of several.
fn add_up(value: &mut Value, schemas: &Map<String, Value>) {
    match value {
        Value::Object(map) => {
            if map.contains_key("allOf")
                && let Some(object) = Fields::of(&Value::Object(map.clone()), schemas)
            {
                let description = map.remove("description");
                *map = object.into_schema(description);
            }
            map.values_mut().for_each(|value| add_up(value, schemas));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| add_up(value, schemas)),
        _ => {}
    }
}

/// The fields of an object, whatever it is made of.
#[derive(Default)]
struct Fields {
    properties: Map<String, Value>,
    required: BTreeSet<String>,
}

impl Fields {
    /// The fields of a schema; `None` where it is none of an object.
    fn of(schema: &Value, schemas: &Map<String, Value>) -> Option<Self> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return Self::of(schemas.get(reference.rsplit('/').next()?)?, schemas);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let mut all = Self::default();
            for part in parts {
                let part = Self::of(part, schemas)?;
                all.take(part.properties);
                all.required.extend(part.required);
            }
            return Some(all);
        }
        if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
            let choices: Vec<Self> = choices.iter().map(|choice| Self::of(choice, schemas)).collect::<Option<_>>()?;
            let mut all = Self::default();
            let mut required: Option<BTreeSet<String>> = None;
            for choice in choices {
                all.take(choice.properties);
                required = Some(match required {
                    None => choice.required,
                    Some(known) => known.intersection(&choice.required).cloned().collect(),
                });
            }
            all.required = required.unwrap_or_default();
            return Some(all);
        }
        let properties = schema.get("properties")?.as_object()?.clone();
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        Some(Self { properties, required: required.filter_map(Value::as_str).map(str::to_owned).collect() })
    }

    /// Takes properties in; of one that is known and differs, either will do, words being added to words.
    fn take(&mut self, properties: Map<String, Value>) {
        for (name, more) in properties {
            let Some(known) = self.properties.get_mut(&name) else {
                self.properties.insert(name, more);
                continue;
            };
            if *known == more {
                continue;
            }
            match (known.get_mut("enum").and_then(Value::as_array_mut), more["enum"].as_array()) {
                (Some(words), Some(more)) => words.extend(more.iter().cloned()),
                _ => *known = json!({ "anyOf": [known.take(), more] }),
            }
        }
    }

    fn into_schema(self, description: Option<Value>) -> Map<String, Value> {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.extend(description.map(|words| ("description".to_owned(), words)));
        schema.insert("required".to_owned(), json!(self.required));
        schema.insert("properties".to_owned(), Value::Object(self.properties));
        schema
    }
}

/// Tables are bytes in the encoding that they come in, which a client must not touch.
fn name_bytes(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for operation in operations {
        let Some(contents) = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut) else {
            continue;
        };
        for (kind, content) in contents {
            if matches!(kind.as_str(), "text/csv" | "application/x-ndjson" | "application/vnd.apache.arrow.stream") {
                content["schema"] = json!({ "type": "string", "format": "binary" });
            }
        }
    }
}
