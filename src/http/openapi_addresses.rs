//! The part of the `OpenAPI` description that is about addresses, postal codes and points of service.

use serde_json::{Value, json};

use crate::address::{Fault, LONGEST_TEXT};

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Parameters, by name.
pub(super) fn parameters() -> Vec<(&'static str, Value)> {
    let text = |name: &'static str, description: &str| {
        (name, json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string" } }))
    };
    let mut basis = text("basis", "On what ground a person is attached; service_point goes with an installation only");
    basis.1["schema"]["enum"] = json!(["residence", "usual_place", "service_point"]);
    let mut typed = text("q", "What is being typed");
    typed.1["required"] = json!(true);
    let most = super::places::MOST_COMPLETIONS;
    vec![
        text("address", &format!("Address in any spelling, {LONGEST_TEXT} bytes at most; instead of lat and lon")),
        text("postal_code", "Postal code in any shape; instead of lat and lon"),
        text("installation", "Code of a point of service; instead of lat and lon"),
        basis,
        typed,
        (
            "limit",
            json!({ "name": "limit", "in": "query", "description": "Most completions, 10 if not given",
                "schema": { "type": "integer", "minimum": 1, "maximum": most } }),
        ),
    ]
}

/// Properties of an answer, beyond those of a position's.
pub(super) fn resolution() -> Vec<(&'static str, Value)> {
    vec![
        ("territories", json!({ "type": "array", "items": reference("TerritoryShare") })),
        ("basis", json!({ "type": "string", "enum": ["residence", "usual_place", "service_point"] })),
        ("match", reference("Match")),
        ("postal_code", reference("PostalSpread")),
        (
            "installation",
            json!({ "type": "object", "required": ["code", "name"],
                "properties": { "code": { "type": "string" }, "name": { "type": "string" } } }),
        ),
    ]
}

/// Schemas, by name.
pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let text = json!({ "type": "string" });
    let share = json!({ "type": "number", "minimum": 0, "maximum": 1 });
    let whole = json!({ "type": "integer", "minimum": 0 });
    let named = reference("Named");
    let position = json!({ "type": "object", "required": ["lon", "lat"],
        "properties": { "lon": { "type": "number" }, "lat": { "type": "number" } } });
    let kinds = ["civic", "interpolated", "street", "postal_code", "municipality"];
    let faults = json!({ "type": "array", "items": { "type": "string",
        "enum": Fault::ALL.iter().filter_map(|fault| serde_json::to_value(fault).ok()).collect::<Vec<_>>() } });
    let or_null = |schema: &Value| json!({ "oneOf": [schema, { "type": "null" }] });
    let found = json!({ "type": "object",
        "required": ["result_label", "result_score", "result_type", "result_id", "faults", "position", "uncertainty_m", "clsc"],
        "properties": {
            "result_label": text, "result_score": share, "result_type": { "type": "string", "enum": kinds },
            "result_id": text, "faults": faults, "position": position, "uncertainty_m": { "type": "number" },
            "clsc": { "type": "array", "items": named },
        } });
    let report = json!({ "type": "object",
        "required": ["outcome", "auto_accepted", "result_label", "result_score", "result_type", "result_id", "faults",
            "position", "uncertainty_m", "postal_code", "tied", "alternatives", "remarks"],
        "properties": {
            "outcome": { "type": "string",
                "enum": ["matched", "ambiguous", "no_match", "other_province", "other_country", "mail_only", "empty", "unreadable"] },
            "province": text,
            "auto_accepted": { "type": "boolean" },
            "result_label": or_null(&text), "result_score": share,
            "result_type": { "type": ["string", "null"], "enum": ["civic", "interpolated", "street", "postal_code", "municipality", null] },
            "result_id": or_null(&text), "faults": faults, "position": or_null(&position),
            "uncertainty_m": { "type": ["number", "null"] }, "postal_code": or_null(&text), "tied": whole,
            "alternatives": { "type": "array", "items": found },
            "remarks": { "type": "array", "items": { "type": "object" } },
        } });
    let spread = json!({ "type": "object",
        "required": ["code", "ground", "province", "status", "single_dissemination_area", "rural", "addresses", "position",
            "spread_m", "dissemination_areas"],
        "properties": {
            "code": text, "ground": { "type": "string", "enum": ["code", "fsa", "unknown", "other_province"] },
            "province": text, "status": { "type": "string", "enum": ["single", "split", "none"] },
            "single_dissemination_area": { "type": "boolean" }, "rural": { "type": "boolean" }, "addresses": whole,
            "position": or_null(&position), "spread_m": { "type": ["number", "null"] },
            "dissemination_areas": { "type": "array", "items": { "type": "object",
                "required": ["code", "share", "addresses", "clsc"],
                "properties": { "code": text, "share": share, "addresses": whole, "clsc": named } } },
        } });
    let territory = json!({ "type": "object", "required": ["share", "clsc", "rls", "rts", "rss", "ruisss"],
        "properties": { "share": share, "addresses": whole, "clsc": named, "rls": named, "rts": named, "rss": named, "ruisss": named } });
    let completions = json!({ "type": "object", "required": ["completions"], "properties": {
        "completions": { "type": "array", "items": { "type": "object", "required": ["label", "kind", "people", "addresses"],
            "properties": { "label": text, "people": whole, "addresses": whole,
                "kind": { "type": "string", "enum": ["civic", "street", "municipality", "postal_code"] } } } } } });
    vec![("Match", report), ("PostalSpread", spread), ("TerritoryShare", territory), ("Completions", completions)]
}
