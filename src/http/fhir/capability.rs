//! What the interface can do: a `CapabilityStatement`.

use serde_json::{Value, json};

use super::PATH;
use crate::domain::Date;
use crate::http::base::Base;

/// The statement, as of the first day of the edition in force.
pub fn capability(base: &Base, day: Date) -> Value {
    let parameter = |name: &str, kind: &str, definition: &str, words: &str| {
        json!({
            "name": name, "type": kind, "documentation": words,
            "definition": format!("http://hl7.org/fhir/SearchParameter/{definition}"),
        })
    };
    let of_name = "Le début du nom, ou ce qu'il contient (name:contains). The start of the name, or what it contains.";
    let codes = "Codes publics. Public codes.";
    let ids = "Identifiants des ressources. Identifiers of resources.";
    let resource = |kind: &str, parameters: Vec<Value>| {
        json!({
            "type": kind,
            "interaction": [{ "code": "read" }, { "code": "search-type" }],
            "versioning": "versioned",
            "readHistory": false,
            "updateCreate": false,
            "searchParam": parameters,
        })
    };
    json!({
        "resourceType": "CapabilityStatement",
        "language": "fr-CA",
        "url": base.url(&format!("{PATH}/metadata")),
        "version": env!("CARGO_PKG_VERSION"),
        "name": "Rattache",
        "title": "Rattache : territoires sociosanitaires du Québec",
        "status": "active",
        "experimental": false,
        "date": day,
        "publisher": "Rattache",
        "description": "Territoires et établissements de l'édition en vigueur, en lecture seule. Les positions des personnes \
                        se demandent par POST. Territories and établissements of the edition in force, read only; ask about \
                        people's positions with POST.",
        "kind": "instance",
        "software": { "name": "Rattache", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "Rattache", "url": base.url(PATH) },
        "fhirVersion": "4.0.1",
        "format": ["json", super::JSON],
        "rest": [{
            "mode": "server",
            "resource": [
                resource("Location", vec![
                    parameter("_id", "token", "Resource-id", ids),
                    parameter("identifier", "token", "Location-identifier", codes),
                    parameter("name", "string", "Location-name", of_name),
                    parameter("type", "token", "Location-type", "Le niveau. The level."),
                    parameter("partof", "reference", "Location-partof", "Le territoire au-dessus. The one above."),
                    parameter("organization", "reference", "Location-organization", "L'établissement. The établissement."),
                    parameter("status", "token", "Location-status", "Toujours active. Always active."),
                    parameter("contains", "special", "Location-contains",
                        "De R5 : la position qu'il contient. Of R5: the position that it holds. latitude|longitude"),
                    parameter("near", "special", "Location-near",
                        "La position dont il est proche. The position that it lies near. latitude|longitude|distance|km"),
                ]),
                resource("Organization", vec![
                    parameter("_id", "token", "Resource-id", ids),
                    parameter("identifier", "token", "Organization-identifier", codes),
                    parameter("name", "string", "Organization-name", of_name),
                ]),
            ],
        }],
    })
}
