//! `/v1/openapi.json`: the interface described for programs (`OpenAPI` 3.1), written by hand and held to the route table by a
//! test.

use std::sync::OnceLock;

use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

use super::error::{CODES, Problem};
use super::parameters::read;
use super::resolve::MOST_QUESTIONS;
use super::{openapi_addresses, openapi_series, reply, revision_paths};
use crate::resolve::MOST_UNCERTAINTY_M;

/// `GET /v1/openapi.json`.
pub fn show_openapi(parts: &Parts) -> Result<Response, Problem> {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    let [] = read(parts.uri.query(), [])?;
    let bytes = BYTES.get_or_init(|| serde_json::to_vec(&document()).unwrap_or_default());
    Ok(reply::bytes(bytes.clone(), "application/json"))
}

fn document() -> Value {
    let mut all_paths = with(paths(), page_paths());
    let mut all_schemas = with(schemas(), openapi_addresses::schemas());
    let mut all_parameters = with(parameters(), openapi_addresses::parameters());
    openapi_series::add_paths(&mut all_paths);
    openapi_series::add_schemas(&mut all_schemas);
    openapi_series::add_parameters(&mut all_parameters);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rattache",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Which CLSC territory does a place in Québec belong to?",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "paths": merged(all_paths, revision_paths::paths()),
        "components": { "schemas": merged(all_schemas, revision_paths::schemas()), "parameters": all_parameters },
    })
}

fn merged(mut described: Value, more: serde_json::Map<String, Value>) -> Value {
    if let Some(map) = described.as_object_mut() {
        map.extend(more);
    }
    described
}

fn with(mut all: Value, more: Vec<(&'static str, Value)>) -> Value {
    for (name, value) in more {
        all[name] = value;
    }
    all
}

/// The page, its style and its script.
fn page_paths() -> Vec<(&'static str, Value)> {
    let page = json!({ "get": {
        "operationId": "show_page",
        "summary": "A page with a form to try a question",
        "parameters": [
            text_parameter("lat", "Latitude, degrees"), text_parameter("lon", "Longitude, degrees"),
            text_parameter("as_of", "Day, or nothing"), text_parameter("uncertainty_m", "Metres, or nothing"),
            reference("lang"),
        ],
        "responses": page_responses(&[414]),
    }, "post": {
        "operationId": "answer_form",
        "summary": "The page with the answer to its form: what is asked is in no URL",
        "parameters": [reference("lang")],
        "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": { "schema": {
            "type": "object", "properties": {
                "place": { "type": "string", "description": "An address or a postal code" },
                "lat": { "type": "string" }, "lon": { "type": "string" },
                "as_of": { "type": "string" }, "uncertainty_m": { "type": "string" },
            },
        } } } },
        "responses": page_responses(&[408, 413, 414]),
    } });
    let script = json!({ "get": {
        "operationId": "show_script",
        "summary": "The page's script",
        "responses": responses("text/javascript", &json!({ "type": "string" }), &[]),
    } });
    let style = json!({ "get": {
        "operationId": "show_style",
        "summary": "The page's style",
        "responses": responses("text/css", &json!({ "type": "string" }), &[]),
    } });
    vec![("/", page), ("/page.js", script), ("/style.css", style)]
}

fn paths() -> Value {
    let place = ["edition", "as_of", "lang"];
    json!({
        "/v1/resolve": {
            "get": operation(
                "resolve_one", "Which CLSC, and all above it, for a position, an address, a postal code or a point of service",
                &["lat", "lon", "address", "postal_code", "installation", "basis", "edition", "as_of", "uncertainty_m", "lang"],
                responses("application/json", &schema("Resolution"), &[400, 404, 409, 414]),
            ),
            "post": {
                "operationId": "resolve_many",
                "summary": "The same for many places of any kind; a bad one gets a problem in its place",
                "parameters": [reference("lang")],
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                    "type": "array", "maxItems": MOST_QUESTIONS, "items": schema("Question"),
                } } } },
                "responses": responses("application/json", &json!({
                    "type": "array",
                    "items": { "oneOf": [schema("Resolution"), schema("ElementProblem")] },
                }), &[400, 408, 413, 414, 415, 503]),
            },
        },
        "/v1/addresses": { "get": operation(
            "complete_addresses", "Completes an address as it is typed", &["q", "limit", "lang"],
            responses("application/json", &schema("Completions"), &[400, 409, 414]),
        ) },
        "/v1/batch": { "post": batch_operation() },
        "/v1/editions": { "get": operation(
            "list_editions", "The editions, in order of date", &["lang"],
            responses("application/json", &json!({ "type": "array", "items": schema("EditionSummary") }), &[400, 414]),
        ) },
        "/v1/territories": { "get": operation(
            "list_territories", "Territories of one level, or of all but the dissemination area",
            &["level", "edition", "as_of", "bbox", "lang"],
            tagged("application/json", &json!({ "type": "array", "items": schema("Territory") }), &[400, 404, 414, 503]),
        ) },
        "/v1/territories/{level}/{code}": { "get": with_path(operation(
            "show_territory", "A territory, with what is above, below, beside and in it", &place,
            tagged("application/json", &schema("TerritoryPage"), &[400, 404, 414, 503]),
        )) },
        "/v1/territories/{level}/{code}/geometry": { "get": with_path(operation(
            "show_geometry", "Its outline, as a GeoJSON Feature (RFC 7946)", &place,
            tagged("application/geo+json", &schema("Feature"), &[400, 404, 414, 503]),
        )) },
        "/v1/atlas": { "get": operation(
            "show_atlas", "What is served and what it comes from", &["lang"],
            responses("application/json", &schema("Atlas"), &[400, 414]),
        ) },
        "/v1/openapi.json": { "get": operation(
            "show_openapi", "This description", &["lang"],
            responses("application/json", &json!({ "type": "object" }), &[400, 414]),
        ) },
        "/v1/problems": { "get": operation(
            "list_problems", "Every code of problem details", &["lang"],
            responses("application/json", &json!({ "type": "array", "items": schema("ProblemCode") }), &[400, 414]),
        ) },
        "/v1/problems/{code}": { "get": {
            "operationId": "show_problem",
            "summary": "What a code means",
            "parameters": [
                { "name": "code", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } },
                reference("lang"),
            ],
            "responses": responses("application/json", &schema("ProblemCode"), &[400, 404, 414]),
        } },
        "/health": { "get": operation(
            "show_health", "Whether the process answers", &[],
            responses("application/json", &status_schema("ok"), &[414]),
        ) },
        "/ready": { "get": operation(
            "show_readiness", "Whether questions may be sent here", &[],
            responses("application/json", &status_schema("ready"), &[414, 503]),
        ) },
        "/admin/atlas": { "post": {
            "operationId": "reload_atlas",
            "summary": "Takes another atlas file, or the same again, without dropping a request; from the machine itself only",
            "parameters": [reference("lang")],
            "requestBody": { "required": false, "content": { "application/json": { "schema": {
                "type": "object",
                "properties": { "path": { "type": ["string", "null"], "description": "The file, on the server" } },
                "additionalProperties": false,
            } } } },
            "responses": responses("application/json", &schema("Reloaded"), &[400, 403, 408, 409, 413, 414, 415, 422]),
        } },
    })
}

pub(super) fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn text_parameter(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string" } })
}

#[expect(clippy::needless_pass_by_value, reason = "values are written in place")]
pub(super) fn operation(id: &str, summary: &str, parameters: &[&str], responses: Value) -> Value {
    let parameters: Vec<Value> = parameters.iter().map(|name| reference(name)).collect();
    json!({ "operationId": id, "summary": summary, "parameters": parameters, "responses": responses })
}

/// An operation with parameters of its path, then others by name.
#[expect(clippy::needless_pass_by_value, reason = "values are written in place")]
pub(super) fn with_parameters(id: &str, summary: &str, path: &[Value], names: &[&str], responses: Value) -> Value {
    let parameters: Vec<Value> = path.iter().cloned().chain(names.iter().map(|name| reference(name))).collect();
    json!({ "operationId": id, "summary": summary, "parameters": parameters, "responses": responses })
}

fn with_path(mut operation: Value) -> Value {
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.insert(0, reference("path_level"));
        parameters.insert(1, reference("path_code"));
    }
    operation
}

pub(super) fn responses(kind: &str, schema: &Value, problems: &[u16]) -> Value {
    let mut all = json!({ "200": { "description": "The answer", "content": { kind: { "schema": schema } } } });
    for status in problems.iter().chain(&[500]) {
        let words: Vec<&str> = CODES.iter().filter(|code| code.status == *status).map(|code| code.word).collect();
        all[status.to_string()] = json!({
            "description": format!("Problem: {}", words.join(", ")),
            "content": { "application/problem+json": { "schema": self::schema("Problem") } },
        });
    }
    all
}

/// Responses of what may be kept as long as its `ETag` holds.
fn tagged(kind: &str, schema: &Value, problems: &[u16]) -> Value {
    let mut all = responses(kind, schema, problems);
    all["200"]["headers"] = json!({ "ETag": { "schema": { "type": "string" } } });
    all["304"] = json!({ "description": "Unchanged since the ETag of If-None-Match" });
    all
}

fn batch_operation() -> Value {
    json!({
        "operationId": "attach_rows",
        "summary": "A file of rows in, the same rows with their territories out, both streamed, of any size",
        "parameters": batch_parameters(),
        "requestBody": { "required": true, "content": {
            "text/csv": { "schema": { "type": "string" } },
            "application/x-ndjson": { "schema": { "type": "string" } },
        } },
        "responses": responses("text/csv", &json!({ "type": "string" }), &[400, 404, 414, 415, 422, 503]),
    })
}

fn batch_parameters() -> Value {
    let texts = [
        ("columns", "Added columns, such as status,clsc_code; all of them where it is left out"),
        ("lat_column", "Column with the latitude; found by its usual names otherwise, as are the others"),
        ("lon_column", "Column with the longitude"),
        ("address_column", "Column with the address"),
        ("postal_code_column", "Column with the postal code"),
        ("as_of_column", "Column with the day whose edition answers, row by row"),
        ("encoding", "utf-8, windows-1252, utf-16le or utf-16be, where it is not found by itself"),
    ];
    let mut all: Vec<Value> = texts.iter().map(|(name, about)| text_parameter(name, about)).collect();
    all.extend(["as_of", "edition", "uncertainty_m", "lang"].map(reference));
    Value::from(all)
}

fn page_responses(problems: &[u16]) -> Value {
    let mut all = responses("text/html", &json!({ "type": "string" }), problems);
    for status in [400_u16, 404] {
        all[status.to_string()] = json!({
            "description": "The page with what is wrong with the question, or a problem where the address itself is",
            "content": {
                "text/html": { "schema": { "type": "string" } },
                "application/problem+json": { "schema": schema("Problem") },
            },
        });
    }
    all
}

fn status_schema(word: &str) -> Value {
    json!({ "type": "object", "properties": { "status": { "const": word } }, "required": ["status"] })
}

fn parameters() -> Value {
    let query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema });
    let levels = json!({ "type": "string", "enum": ["da", "clsc", "rls", "rts", "rss", "ruisss"] });
    json!({
        "lat": query("lat", "Latitude, degrees north; with lon", json!({ "type": "number", "minimum": -90, "maximum": 90 })),
        "lon": query("lon", "Longitude, degrees east; with lat", json!({ "type": "number", "minimum": -180, "maximum": 180 })),
        "edition": query("edition", "Identifier of an edition, or latest for the newest; not with as_of. Neither: the one in force today in Québec", json!({ "type": "string", "minLength": 1 })),
        "as_of": query("as_of", "Day on which an edition holds; not with edition", json!({ "type": "string", "format": "date" })),
        "uncertainty_m": query("uncertainty_m", "Error of the position, metres", json!({ "type": "number", "minimum": 0, "maximum": MOST_UNCERTAINTY_M })),
        "level": query("level", "Level", levels.clone()),
        "bbox": query("bbox", "west,south,east,north in degrees", json!({ "type": "string", "examples": ["-74,45.4,-73.4,45.7"] })),
        "lang": query("lang", "Language of titles and details; else Accept-Language, else French", json!({ "type": "string", "enum": ["fr", "en"] })),
        "path_level": { "name": "level", "in": "path", "required": true, "schema": levels },
        "path_code": { "name": "code", "in": "path", "required": true, "description": "Code of the territory, or identifier of the unit", "schema": { "type": "string", "minLength": 1 } },
    })
}

pub(super) fn object(required: &[&str], properties: &Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

pub(super) fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

pub(super) fn or_null(schema: &Value) -> Value {
    json!({ "oneOf": [schema, { "type": "null" }] })
}

#[expect(clippy::too_many_lines, reason = "one list of schemas")]
fn schemas() -> Value {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "number" });
    let whole = json!({ "type": "integer", "minimum": 0 });
    let named = schema("Named");
    let above = object(
        &[],
        &json!({ "clsc": list(&named), "rls": list(&named), "rts": list(&named), "rss": list(&named), "ruisss": list(&named) }),
    );
    let below = object(
        &[],
        &json!({ "rss": list(&named), "rts": list(&named), "rls": list(&named), "clsc": list(&named), "da": list(&text) }),
    );
    let level = json!({ "type": "string", "enum": ["da", "clsc", "rls", "rts", "rss", "ruisss"] });
    let id = json!({ "type": ["string", "integer"] });
    let problem = json!({
        "type": text, "title": text, "status": { "type": "integer" },
        "code": { "type": "string", "enum": CODES.iter().map(|code| code.word).collect::<Vec<_>>() },
        "detail": text, "parameter": text,
    });
    let mut element = problem.clone();
    element["index"] = whole.clone();
    element["id"] = id.clone();
    let territory = json!({
        "code": text, "name": text, "level": level, "parents": above,
        "population": or_null(&whole), "published_population": or_null(&whole), "units": whole, "clsc_count": whole,
        "area_km2": number, "bbox": { "type": ["array", "null"], "items": number, "minItems": 4, "maxItems": 4 },
    });
    let mut page = territory.clone();
    for (name, value) in [
        ("edition", schema("Edition")),
        ("children", below),
        ("neighbours", list(&named)),
        ("installations", list(&json!({ "type": "object" }))),
        ("straddles", list(&json!({ "type": "object" }))),
    ] {
        page[name] = value;
    }
    let edition = json!({ "id": text, "label": text, "official": { "type": "boolean" }, "valid_from": { "type": "string", "format": "date" },
        "valid_until": { "type": ["string", "null"], "format": "date" }, "not_yet_in_force": { "type": "boolean" } });
    let mut summary = edition.clone();
    summary["latest"] = json!({ "type": "boolean" });
    summary["in_force"] = json!({ "type": "boolean" });
    summary["counts"] = json!({ "type": "object", "additionalProperties": whole });
    summary["straddles"] = whole.clone();
    summary["nesting_breaks"] = list(&json!({ "type": "object" }));
    json!({
        "Named": object(&["code", "name"], &json!({ "code": text, "name": text })),
        "Edition": object(&["id", "label", "official", "valid_from", "valid_until"], &edition),
        "EditionSummary": object(&["id", "label", "official", "valid_from", "valid_until", "in_force", "latest", "counts", "straddles", "nesting_breaks"], &summary),
        "Question": {
            "type": "object",
            "oneOf": [
                { "required": ["lat", "lon"] }, { "required": ["address"] },
                { "required": ["postal_code"] }, { "required": ["installation"] },
            ],
            "properties": {
                "lat": { "type": ["number", "null"], "minimum": -90, "maximum": 90 },
                "lon": { "type": ["number", "null"], "minimum": -180, "maximum": 180 },
                "address": { "type": ["string", "null"] },
                "postal_code": { "type": ["string", "null"] },
                "installation": { "type": ["string", "null"] },
                "basis": { "type": ["string", "null"], "enum": ["residence", "usual_place", "service_point", null] },
                "edition": { "type": ["string", "null"] },
                "as_of": { "type": ["string", "null"], "format": "date" },
                "uncertainty_m": { "type": ["number", "null"], "minimum": 0, "maximum": MOST_UNCERTAINTY_M },
                "id": id,
            },
            "additionalProperties": false,
        },
        "Resolution": object(
            &["edition", "placement", "dissemination_area", "lineage", "border_m", "runner_up", "certainty"],
            &with(json!({
                "id": id,
                "edition": schema("Edition"),
                "placement": { "type": "string", "enum": ["inside", "nearest", "outside", "spread", "not_found"] },
                "dissemination_area": { "type": ["string", "null"] },
                "unit": { "type": ["string", "null"] },
                "lineage": or_null(&object(&["clsc", "rls", "rts", "rss", "ruisss"], &json!({
                    "clsc": named, "rls": named, "rts": named, "rss": named, "ruisss": named,
                }))),
                "border_m": or_null(&number),
                "runner_up": or_null(&named),
                "distance_m": number,
                "certainty": or_null(&object(&["uncertainty_m", "stable", "clsc", "outside"], &json!({
                    "uncertainty_m": number, "stable": { "type": "boolean" }, "clsc": list(&named), "outside": { "type": "boolean" },
                }))),
            }), openapi_addresses::resolution()),
        ),
        "Territory": object(&["code", "name", "level", "parents", "population", "area_km2", "bbox"], &territory),
        "TerritoryPage": object(
            &["edition", "code", "name", "level", "parents", "population", "area_km2", "bbox", "children", "neighbours", "installations", "straddles"],
            &page,
        ),
        "Feature": object(&["type", "id", "properties", "geometry"], &json!({
            "type": { "const": "Feature" },
            "id": text,
            "bbox": { "type": "array", "items": number, "minItems": 4, "maxItems": 4 },
            "properties": object(&["code", "name", "level", "edition"], &json!({ "code": text, "name": text, "level": level, "edition": schema("Edition") })),
            "geometry": object(&["type", "coordinates"], &json!({ "type": { "const": "MultiPolygon" }, "coordinates": { "type": "array" } })),
        })),
        "Atlas": object(&["program", "checksum", "bytes", "units", "vertices", "editions", "sources", "findings"], &json!({
            "program": text, "format_version": whole, "checksum": text, "bytes": whole,
            "units": object(&["kind", "count"], &json!({ "kind": text, "count": whole })),
            "arcs": whole, "vertices": whole, "nearest_m": number, "installations": whole, "addresses": or_null(&whole),
            "editions": list(&schema("EditionSummary")),
            "sources": list(&object(&["role", "name", "xxh3"], &json!({ "role": text, "name": text, "xxh3": or_null(&text) }))),
            "findings": list(&object(&["severity", "kind", "count"], &json!({ "severity": text, "kind": text, "count": whole }))),
        })),
        "Reloaded": object(&["checksum", "previous", "editions", "units"], &json!({
            "checksum": text, "previous": text, "editions": list(&text), "units": whole,
        })),
        "ProblemCode": object(&["type", "code", "status", "title"], &json!({
            "type": text, "code": text, "status": whole, "title": object(&["fr", "en"], &json!({ "fr": text, "en": text })),
        })),
        "Problem": object(&["type", "title", "status", "code", "detail"], &problem),
        "ElementProblem": object(&["type", "title", "status", "code", "detail", "index"], &element),
    })
}
