//! `/v1/revisions` described for programs.

use serde_json::{Map, Value, json};

use super::openapi::{operation, reference, responses, schema};

const READ: [u16; 4] = [404, 414, 501, 503];
const WRITE: [u16; 10] = [400, 404, 408, 409, 413, 414, 415, 422, 501, 503];

/// Its paths.
pub fn paths() -> Map<String, Value> {
    let one = schema("Scenario");
    let impact = json!({ "type": "object", "description": "Base against revised, level by level" });
    let mut list = show("list_revisions", "The revisions kept", &json!({ "type": "array", "items": one }), false);
    list["get"]["parameters"] = json!([query("state", "Only those that have come so far"), reference("lang")]);
    let version = [("version", true), ("author", true)];
    let mut create = write(
        "create_revision",
        "Makes a revision, a draft at first",
        &[("name", true), ("author", true), ("base", false), ("valid_from", false), ("operations", false)],
        false,
    );
    list["post"] = create["post"].take();
    let mut compare = show("compare_revisions", "What lies between two revisions or editions", &impact, true);
    compare["get"]["parameters"] = json!([
        path_id(),
        { "name": "with", "in": "query", "required": true, "description": "The other one", "schema": { "type": "string" } },
        reference("lang"),
    ]);
    let mut dossier =
        show("show_revision_dossier", "The file for those who decide, one page to print", &json!({}), true);
    dossier["get"]["responses"] = responses("text/html", &json!({ "type": "string" }), &[400, 404, 414, 422, 501, 503]);
    let mut affected = show(
        "list_affected_units",
        "The units that change territory, with their people and addresses, and how often they were moved before",
        &json!({}),
        true,
    );
    affected["get"]["responses"] = responses("text/csv", &json!({ "type": "string" }), &[400, 404, 414, 422, 501, 503]);
    let add = |name: &'static str| -> Vec<(&'static str, bool)> { version.into_iter().chain([(name, true)]).collect() };
    let asked = |operation: Value, more: &[(&str, &str)]| {
        let mut operation = operation;
        if let Some(parameters) = operation["get"]["parameters"].as_array_mut() {
            parameters.extend(more.iter().map(|&(name, description)| query(name, description)));
        }
        operation
    };
    let limits = [
        ("least_people", "Fewest people that a CLSC should have; 25000 unless said"),
        ("most_people", "Most people that a CLSC should have; 50000 unless said"),
        ("far_m", "Metres beyond which people are far from an installation; 10000 unless said"),
    ];
    let outlines =
        ("outlines", "true: the new outlines of the territories whose limits change, as a FeatureCollection");
    let (impact_asked, compare) = ([&[outlines], limits.as_slice()].concat(), asked(compare, &limits));
    let entries = [
        ("", list),
        (
            "/{id}",
            asked(
                show("show_revision", "A revision as it stands", &one, true),
                &[("version", "As it stood after that event of its history")],
            ),
        ),
        (
            "/{id}/history",
            show(
                "show_revision_history",
                "Everything that happened to it, each event bound to the one before by a digest, with the mutations it made",
                &json!({ "type": "array", "items": { "type": "object" } }),
                true,
            ),
        ),
        (
            "/{id}/impact",
            asked(show("show_revision_impact", "What it does at every level, as JSON", &impact, true), &impact_asked),
        ),
        ("/{id}/dossier", asked(dossier, &limits)),
        ("/{id}/affected", affected),
        ("/{id}/compare", compare),
        ("/{id}/operations", write("append_operations", "Adds operations as one step", &add("operations"), true)),
        ("/{id}/undo", write("undo_operations", "Takes the last step back", &version, true)),
        ("/{id}/redo", write("redo_operations", "Takes again the last step taken back", &version, true)),
        ("/{id}/comments", write("comment_revision", "Says something about it", &add("text"), true)),
        (
            "/{id}/duplicate",
            write("duplicate_revision", "Copies it, as a draft", &[("author", true), ("name", false)], true),
        ),
        ("/{id}/submit", write("submit_revision", "Hands it in", &version, true)),
        (
            "/{id}/decide",
            write("decide_revision", "Takes it into analysis, accepts it or refuses it", &add("to"), true),
        ),
        (
            "/{id}/publish",
            write(
                "publish_revision",
                "Makes it an edition in force from a day on",
                &[add("valid_from"), vec![("official", false)]].concat(),
                true,
            ),
        ),
    ];
    entries.into_iter().map(|(path, value)| (format!("/v1/revisions{path}"), value)).collect()
}

/// Its schemas.
pub fn schemas() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let whole = json!({ "type": "integer", "minimum": 0 });
    let date = json!({ "type": "string", "format": "date" });
    let scenario = json!({
        "type": "object",
        "properties": {
            "id": text, "name": text, "author": text, "base": text, "valid_from": date,
            "official": { "type": "boolean" },
            "state": { "enum": ["draft", "submitted", "in_analysis", "accepted", "refused", "published"] },
            "version": whole, "created_at": text, "updated_at": text, "copy_of": { "type": ["string", "null"] },
            "operations": { "type": "array", "items": { "type": "object", "required": ["op"] } },
            "undoable": whole, "redoable": whole,
            "comments": { "type": "array", "items": { "type": "object" } },
            "head": text,
        },
        "required": ["id", "name", "author", "base", "valid_from", "state", "version", "operations", "head"],
    });
    Map::from_iter([("Scenario".to_owned(), scenario)])
}

fn path_id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } })
}

fn query(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string" } })
}

fn show(id: &str, summary: &str, answer: &Value, one: bool) -> Value {
    let mut described =
        operation(id, summary, &["lang"], responses("application/json", answer, &[400, 404, 414, 422, 501, 503]));
    if !one {
        described["responses"] = responses("application/json", answer, &[&[400], READ.as_slice()].concat());
    }
    if let (true, Some(parameters)) = (one, described["parameters"].as_array_mut()) {
        parameters.insert(0, path_id());
    }
    json!({ "get": described })
}

fn write(id: &str, summary: &str, fields: &[(&str, bool)], one: bool) -> Value {
    let mut described = operation(id, summary, &["lang"], responses("application/json", &schema("Scenario"), &WRITE));
    if let (true, Some(parameters)) = (one, described["parameters"].as_array_mut()) {
        parameters.insert(0, path_id());
    }
    let property = |name: &str| match name {
        "version" => json!({ "type": "integer", "minimum": 1, "description": "The version that the writer saw" }),
        "operations" => json!({ "type": "array", "items": { "type": "object", "required": ["op"] } }),
        "valid_from" => json!({ "type": "string", "format": "date" }),
        "official" => {
            json!({ "type": "boolean", "description": "Whether it states the ministry's limits; no, unless said" })
        }
        "to" => json!({ "enum": ["in_analysis", "accepted", "refused"] }),
        _ => json!({ "type": "string" }),
    };
    let properties: Map<String, Value> = fields.iter().map(|&(name, _)| (name.to_owned(), property(name))).collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.1).map(|field| field.0).collect();
    described["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": {
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    } } } });
    json!({ "post": described })
}
