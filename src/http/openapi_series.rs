//! The part of `/v1/openapi.json` about series.

use serde_json::{Value, json};

use super::openapi::{list, object, or_null, reference, responses, schema, with_parameters};
use super::series::MOST_TABLE_BYTES;

/// Adds the paths about series.
pub(super) fn add_paths(paths: &mut Value) {
    let table = json!({ "required": true, "content": { "text/csv": { "schema": {
        "type": "string", "maxLength": MOST_TABLE_BYTES,
        "description": "Long (period, level, code, value, and if wanted denominator, age, sex, indicator) or wide (a column a year)",
    } } } });
    let pair = [
        json!({ "$ref": "#/components/parameters/edition_a" }),
        json!({ "$ref": "#/components/parameters/edition_b" }),
    ];
    paths["/v1/editions/{a}/changes/{b}"] = json!({ "get": with_parameters(
        "show_changes", "What became of every territory between two editions", &pair, &["territorial_level", "format", "lang"],
        or_csv(responses("application/json", &schema("Changes"), &[400, 404, 414, 422, 503])),
    ) });
    paths["/v1/editions/{a}/crosswalk/{b}"] = json!({ "get": with_parameters(
        "show_crosswalk", "Weighted pairs between two editions; weights of a source add up to exactly 1", &pair,
        &["territorial_level", "weights", "format", "lang"],
        or_csv(responses("application/json", &schema("Crosswalk"), &[400, 404, 414, 422, 503])),
    ) });
    let problems = [400, 404, 408, 413, 414, 415, 422, 503];
    paths["/v1/series/check"] = json!({ "post": {
        "operationId": "check_series",
        "summary": "A verdict for every value of a table: does it still compare?",
        "parameters": parameters(&["to_optional", "editions", "level", "measure", "format", "lang"]),
        "requestBody": table,
        "responses": or_csv(responses("application/json", &schema("Check"), &problems)),
    } });
    paths["/v1/series/bridge"] = json!({ "post": {
        "operationId": "bridge_series",
        "summary": "The whole table on one edition, with an interval where it can only be estimated",
        "parameters": parameters(&["to", "editions", "level", "measure", "weights", "rate_per", "format", "lang"]),
        "requestBody": table,
        "responses": or_csv(responses("application/json", &schema("Bridge"), &problems)),
    } });
}

fn parameters(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| reference(name)).collect()
}

fn or_csv(mut responses: Value) -> Value {
    responses["200"]["content"]["text/csv"] = json!({ "schema": { "type": "string" } });
    responses
}

/// Adds the parameters about series.
pub(super) fn add_parameters(all: &mut Value) {
    let query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema });
    let text = json!({ "type": "string", "minLength": 1 });
    for (key, name, words) in [("edition_a", "a", "The older edition"), ("edition_b", "b", "The newer edition")] {
        all[key] = json!({ "name": name, "in": "path", "required": true, "description": words, "schema": text });
    }
    let levels = json!({ "type": "string", "enum": ["clsc", "rls", "rts", "rss", "ruisss"], "default": "clsc" });
    all["territorial_level"] = query("level", "Level of the territories", levels);
    let words =
        json!({ "type": "string", "enum": ["population", "addresses", "dwellings", "area"], "default": "population" });
    all["weights"] = query("weights", "What weighs", words);
    let formats = json!({ "type": "string", "enum": ["json", "csv"] });
    all["format"] = query("format", "JSON or CSV; else the Accept header, else JSON", formats);
    all["to_optional"] =
        query("to", "Edition the values are wanted on; the one in force today where it is left out", text.clone());
    all["to"] = query("to", "Edition to put the values on", text.clone());
    all["to"]["required"] = json!(true);
    all["editions"] = query("editions", "E1,E2 or PERIOD=E1,YEAR..YEAR=E2; every edition where it is left out", text);
    let measures = json!({ "type": "string", "enum": ["count", "rate", "median"] });
    all["measure"] = query("measure", "What the values are, where the table does not say", measures);
    let above = json!({ "type": "number", "exclusiveMinimum": 0 });
    all["rate_per"] = query("rate_per", "People (or other denominator) that rates are said of", above);
}

/// Adds the schemas about series.
pub(super) fn add_schemas(all: &mut Value) {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "number" });
    let whole = json!({ "type": "integer", "minimum": 0 });
    let any = json!({ "type": "object" });
    let counts = json!({ "type": "object", "additionalProperties": whole });
    let level = json!({ "type": "string", "enum": ["da", "clsc", "rls", "rts", "rss", "ruisss"] });
    let value =
        json!({ "type": ["number", "string", "null"], "description": "A number, or the text that stands for it" });
    let interval = object(&["low", "high"], &json!({ "low": number, "high": number }));
    let codes = list(&text);
    let flow = object(
        &["code", "units", "people", "share"],
        &json!({ "code": text, "units": whole, "people": whole, "share": number }),
    );
    let change = object(
        &[
            "class",
            "ons",
            "people_before",
            "people_after",
            "people_in",
            "people_out",
            "share_in",
            "share_out",
            "predecessors",
            "successors",
        ],
        &json!({
            "from_code": or_null(&text), "from_name": or_null(&text), "to_code": or_null(&text), "to_name": or_null(&text),
            "class": { "type": "string", "enum": ["unchanged", "renamed", "recoded", "parent_changed", "boundary_shift", "split", "merged", "complex", "created", "abolished"] },
            "ons": { "type": "string", "enum": ["U", "S", "M", "X"] },
            "modes": list(&whole), "parents": list(&any), "units_before": whole, "units_after": whole,
            "people_before": whole, "people_after": whole, "people_in": whole, "people_out": whole,
            "share_in": number, "share_out": number, "arrivals": list(&flow), "departures": list(&flow),
            "predecessors": codes, "successors": codes,
        }),
    );
    all["Changes"] = object(
        &["from", "to", "date", "level", "joined", "units_without_people", "counts", "territories"],
        &json!({
            "from": text, "to": text, "date": { "type": "string", "format": "date" }, "level": level, "joined": any,
            "units_without_people": whole, "counts": counts, "territories": list(&change),
        }),
    );
    let row = object(
        &["from_code", "to_code", "weight", "population", "area_m2", "basis"],
        &json!({ "from_code": text, "to_code": text, "weight": number, "population": whole, "area_m2": number, "basis": text }),
    );
    let target = object(
        &["to_code", "population", "quality"],
        &json!({ "to_code": text, "population": whole, "quality": or_null(&number) }),
    );
    all["Crosswalk"] = object(
        &["from", "to", "level", "weights", "joined", "units_without_people", "rows", "targets"],
        &json!({
            "from": text, "to": text, "level": level, "weights": text, "joined": any, "units_without_people": whole,
            "rows": list(&row), "targets": list(&target),
        }),
    );
    let finding = object(
        &["severity", "kind", "place", "message"],
        &json!({ "severity": text, "kind": text, "place": any, "message": text }),
    );
    let status = json!({ "type": "string", "enum": ["A", "B", "D", "E", "Q", "U"] });
    let common = json!({
        "file": text, "target": text, "joined": any, "units_without_people": whole, "table": counts,
        "periods": list(&any), "series": list(&any), "findings": list(&finding),
    });
    let mut checked = common.clone();
    checked["verdicts"] = counts.clone();
    for name in ["breaks", "jumps", "tests"] {
        checked[name] = list(&any);
    }
    checked["differences_tested"] = whole.clone();
    checked["sums_checked"] = whole.clone();
    checked["cells"] = list(&object(
        &["line", "level", "period", "code", "value", "verdict", "reason", "OBS_STATUS"],
        &json!({
            "line": whole, "indicator": text, "age": text, "sex": text, "level": level, "period": text, "code": text, "value": value,
            "denominator": number, "reason": text, "break": whole, "OBS_STATUS": status, "OBS_PRE_BREAK": number,
            "verdict": { "type": "string", "enum": ["unaffected", "exact", "estimated", "irrecoverable"] },
        }),
    ));
    all["Check"] = object(&["target", "table", "verdicts", "periods", "breaks", "findings", "cells"], &checked);
    let mut bridged = common;
    bridged["methods"] = counts.clone();
    bridged["totals"] = counts;
    for name in ["conservation", "heterogeneity"] {
        bridged[name] = list(&any);
    }
    bridged["cells"] = list(&object(
        &["level", "period", "code", "name", "value", "method", "OBS_STATUS"],
        &json!({
            "indicator": text, "age": text, "sex": text, "level": level, "period": text, "code": text, "name": text, "value": value,
            "denominator": number, "rate": number, "interval_95": interval, "rate_interval_95": interval,
            "method": { "type": "string", "enum": ["unaffected", "sum_of_wholes", "by_unit", "weighted", "none"] },
            "refused": text, "refused_for": text, "OBS_STATUS": status,
        }),
    ));
    all["Bridge"] = object(&["target", "table", "methods", "totals", "periods", "findings", "cells"], &bridged);
}
