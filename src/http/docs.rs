//! The page at `/docs`: the description of the interface as people read it.
//!
//! Made from [`document`], without a script: a list of operations that open, and of types that they lead to. The words
//! of the description are English, as every description that programs read; what the page itself says is in both languages.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;

use super::document::document;
use super::{Language, reply};
use crate::pages::{Cell, Frame, Table, style_source};

/// The page in a language.
pub fn page(language: Language) -> Response {
    static PAGES: [OnceLock<Bytes>; 2] = [const { OnceLock::new() }; 2];
    let place = language.pick(0, 1);
    let bytes = PAGES[place].get_or_init(|| Page { language, document: document() }.html().into_bytes().into());
    let mut response = reply::bytes(bytes.clone(), "text/html; charset=utf-8");
    let headers = response.headers_mut();
    let policy = format!(
        "default-src 'none'; style-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        style_source()
    );
    headers.extend(HeaderValue::from_str(&policy).map(|policy| (CONTENT_SECURITY_POLICY, policy)));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    response
}

struct Page<'a> {
    language: Language,
    document: &'a Value,
}

/// A text of the description; empty where there is none.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn objects(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The name that a reference ends with.
fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

impl Page<'_> {
    fn say(&self, french: &'static str, english: &'static str) -> &'static str {
        self.language.pick(french, english)
    }

    /// What a reference means, else the value itself.
    fn meant<'v>(&'v self, value: &'v Value) -> &'v Value {
        let reference = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        reference.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    fn html(&self) -> String {
        let title = self.say("Rattache : l’interface HTTP", "Rattache: the HTTP interface");
        let other = self.language.pick(Language::English, Language::French);
        let body = html! {
            header {
                h1 { (title) }
                a href=(self.language.pick("?lang=en", "?lang=fr")) lang=(other.as_str()) hreflang=(other.as_str()) {
                    (self.say("English", "Français"))
                }
            }
            main {
                p { (text(&self.document["info"], "description")) }
                p {
                    (self.say("Pour les programmes : ", "For programs: "))
                    a href="v1/openapi.json" { "OpenAPI 3.1" } ", "
                    a href="v1/openapi-3.0.json" { "OpenAPI 3.0" } "."
                }
                @for tag in self.document["tags"].as_array().into_iter().flatten() {
                    (self.tag(tag))
                }
                h2 { (self.say("Types", "Types")) }
                @for (name, schema) in objects(&self.document["components"]["schemas"]) {
                    (self.schema(name, schema))
                }
            }
        };
        Frame { language: self.language, title }.file(&body)
    }

    fn tag(&self, tag: &Value) -> Markup {
        let name = text(tag, "name");
        let operations = objects(&self.document["paths"])
            .flat_map(|(path, item)| objects(item).map(move |(method, operation)| (path, method, operation)));
        let own = operations.filter(|(_, _, operation)| operation["tags"][0] == name);
        html! {
            h2 { (name) }
            p { (text(tag, "description")) }
            @for (path, method, operation) in own { (self.operation(path, method, operation)) }
        }
    }

    fn operation(&self, path: &str, method: &str, operation: &Value) -> Markup {
        html! {
            details id=(text(operation, "operationId")) {
                summary {
                    code { strong { (method.to_uppercase()) } " " (path) } " — " (text(operation, "summary"))
                }
                @if let Some(words) = operation["description"].as_str() { p { (words) } }
                (self.parameters(operation))
                @if operation["requestBody"].is_object() {
                    h3 { (self.say("Corps", "Body")) }
                    p { (text(&operation["requestBody"], "description")) }
                    (contents(&operation["requestBody"]["content"]))
                }
                h3 { (self.say("Réponses", "Answers")) }
                @for (status, response) in objects(&operation["responses"]) {
                    p { code { (status) } " — " (text(response, "description")) }
                    (contents(&response["content"]))
                }
            }
        }
    }

    fn parameters(&self, operation: &Value) -> Markup {
        let columns = self
            .language
            .pick(["Paramètre", "Où", "Type", "Ce que c’est"], ["Parameter", "Where", "Type", "What it is"]);
        let mut table = Table::new(&columns);
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = self.meant(parameter);
            let must = parameter["required"] == true;
            table.row([
                Cell::markup(html! {
                    code { (text(parameter, "name")) } @if must { " (" (self.say("obligatoire", "required")) ")" }
                }),
                Cell::text(text(parameter, "in")),
                Cell::markup(type_words(&parameter["schema"])),
                Cell::text(text(parameter, "description")),
            ]);
        }
        html! {
            @if !table.is_empty() { h3 { (self.say("Paramètres", "Parameters")) } (table) }
        }
    }

    fn schema(&self, name: &str, schema: &Value) -> Markup {
        let columns = self.language.pick(["Champ", "Type", "Ce que c’est"], ["Field", "Type", "What it is"]);
        let mut table = Table::new(&columns);
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (field, part) in objects(&schema["properties"]) {
            let may = !required.contains(&field.as_str());
            table.row([
                Cell::markup(html! { code { (field) } @if may { " ?" } }),
                Cell::markup(type_words(part)),
                Cell::text(text(part, "description")),
            ]);
        }
        html! {
            details id={ "type-" (name) } {
                summary { code { (name) } " — " (text(schema, "description")) }
                @if table.is_empty() { p { (type_words(schema)) } } @else { (table) }
            }
        }
    }
}

/// What values a schema takes, in a few words that lead to the types they name.
fn type_words(schema: &Value) -> Markup {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = name_of(reference);
        return html! { a href={ "#type-" (name) } { (name) } };
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[word].as_array() {
            return html! {
                @for (place, choice) in choices.iter().enumerate() {
                    @if place > 0 { " | " } (type_words(choice))
                }
            };
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return html! {
            @for (place, word) in words.iter().enumerate() {
                @if place > 0 { " | " } code { (word.as_str().map_or_else(|| word.to_string(), str::to_owned)) }
            }
        };
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let limits = [("minimum", "≥ "), ("maximum", "≤ "), ("pattern", ""), ("format", "")];
    html! {
        @for (place, kind) in kinds.iter().enumerate() {
            @if place > 0 { " | " }
            @if *kind == "array" { "[" (type_words(&schema["items"])) "]" } @else { (kind) }
        }
        @for (name, sign) in limits {
            @if let Some(limit) = schema.get(name) {
                " " (sign) (limit.as_str().map_or_else(|| limit.to_string(), str::to_owned))
            }
        }
    }
}

/// The examples of a content, as they are written.
fn contents(contents: &Value) -> Markup {
    html! {
        @for (kind, content) in objects(contents) {
            p { code { (kind) } " : " (type_words(&content["schema"])) }
            @for example in examples(content) { pre { code { (example) } } }
        }
    }
}

fn examples(content: &Value) -> Vec<String> {
    let written = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    let named = objects(&content["examples"]).map(|(_, example)| written(&example["value"]));
    content.get("example").map(written).into_iter().chain(named).collect()
}
