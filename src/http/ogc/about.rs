//! What there is: landing page, classes of conformance, collections, queryables.

use serde_json::{Map, Value, json};

use super::wire::{Collection, Collections, Conformance, Extent, LandingPage, Link, SpatialExtent, TemporalExtent};
use super::{EDITION, PATH, crs_uri, fields, url};
use crate::domain::{Language, Level};
use crate::export::Kind;
use crate::geometry::FixedBox;
use crate::http::base::Base;
use crate::http::resources::territories::degrees;
use crate::http::systems::{CRS84, OFFERED};
use crate::http::{Problem, Served};

const JSON: &str = "application/json";
/// The type of the description; other programs push no filter down.
pub(super) const DESCRIPTION_TYPE: &str = "application/vnd.oai.openapi+json;version=3.0";

/// The landing page.
pub fn landing(served: &Served, base: &Base, language: Language) -> LandingPage {
    let at = |path: &str| base.url(&format!("{PATH}{path}"));
    let manifest = served.atlas.manifest();
    LandingPage {
        title: language
            .pick("Rattache : territoires sociosanitaires du Québec", "Rattache: health territories of Québec"),
        description: language.pick(
            "Territoires de CLSC, RLS, RTS, RSS et RUISSS et aires de diffusion, à n’importe quelle date.",
            "Territories of CLSC, RLS, RTS, RSS and RUISSS, and dissemination areas, at any date.",
        ),
        attribution: manifest.sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>().join(", "),
        links: vec![
            Link::new("self", JSON, at("")),
            Link::new("service-desc", DESCRIPTION_TYPE, at("/api")),
            Link::new("service-doc", "text/html", base.url("/docs")),
            Link::new("conformance", JSON, at("/conformance")),
            Link::new("data", JSON, at("/collections")),
        ],
    }
}

/// The classes of conformance.
pub fn conformance() -> Conformance {
    Conformance {
        conforms_to: vec![
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
            "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
            "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
            "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
        ],
    }
}

/// Every collection.
///
/// # Errors
/// A store that can not be read.
pub fn collections(served: &Served, base: &Base, language: Language) -> Result<Collections, Problem> {
    let extent = bbox(served);
    let first = first_day(served)?;
    Ok(Collections {
        links: vec![Link::new("self", JSON, base.url(&format!("{PATH}/collections")))],
        collections: Level::ALL
            .into_iter()
            .map(|level| of_level(level, extent, first.as_deref(), base, language))
            .collect(),
        crs: systems(),
    })
}

/// The collection of a level.
///
/// # Errors
/// As [`collections`].
pub fn collection(served: &Served, level: Level, base: &Base, language: Language) -> Result<Collection, Problem> {
    Ok(of_level(level, bbox(served), first_day(served)?.as_deref(), base, language))
}

fn systems() -> Vec<String> {
    std::iter::once(None).chain(OFFERED.into_iter().map(Some)).map(crs_uri).collect()
}

/// The box around all units.
fn bbox(served: &Served) -> [f64; 4] {
    let mut around = FixedBox::EMPTY;
    served.atlas.unit_boxes().iter().for_each(|&own| around.add(own));
    degrees(around)
}

fn first_day(served: &Served) -> Result<Option<String>, Problem> {
    let editions = served.timetable()?.of_atlas()?;
    let first = editions.iter().map(|edition| edition.header().valid_from).min();
    Ok(first.map(|day| format!("{day}T00:00:00Z")))
}

fn of_level(level: Level, bbox: [f64; 4], first: Option<&str>, base: &Base, language: Language) -> Collection {
    let own = url(base, level);
    let words = level.words();
    let title = language.pick(words.french, words.english);
    Collection {
        id: level.as_str(),
        title: title.to_owned(),
        description: match language {
            Language::French => format!(
                "{title}, avec leurs contours. Sans « datetime » ni « edition » : ceux de l’édition en vigueur aujourd’hui."
            ),
            Language::English => format!(
                "{title}, with their outlines. Without datetime and edition: those of the edition in force today."
            ),
        },
        links: vec![
            Link::new("self", JSON, own.clone()),
            Link::new("items", "application/geo+json", format!("{own}/items")).titled(title),
            Link::new(
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                "application/schema+json",
                format!("{own}/queryables"),
            ),
        ],
        extent: Extent {
            spatial: SpatialExtent { bbox: vec![bbox], crs: CRS84 },
            temporal: TemporalExtent {
                interval: vec![[first.map(str::to_owned), None]],
                trs: "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
        },
        item_type: "feature",
        crs: systems(),
        storage_crs: CRS84,
    }
}

/// The properties that features of a level may be asked for by, as a JSON Schema.
pub fn queryables(served: &Served, level: Level, base: &Base, language: Language) -> Value {
    let mut properties = Map::new();
    for field in fields(&served.atlas, level) {
        let kind = match field.kind {
            Kind::Text => "string",
            Kind::Whole => "integer",
            Kind::Number => "number",
        };
        properties.insert(field.name.to_owned(), json!({ "title": field.name, "type": kind }));
    }
    let editions: Vec<&str> = served.atlas.editions().map(|edition| edition.header.id.as_str()).collect();
    properties[EDITION]["examples"] = json!(editions);
    properties.insert("geometry".to_owned(), json!({ "$ref": "https://geojson.org/schema/MultiPolygon.json" }));
    let words = level.words();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}/queryables", url(base, level)),
        "title": language.pick(words.french, words.english),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}
