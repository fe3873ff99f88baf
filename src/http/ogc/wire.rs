//! The JSON of OGC API - Features.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::wire::MultiPolygon;

/// A link.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Link {
    /// Where it leads, absolute.
    #[schema(format = "uri")]
    pub href: String,
    /// What it leads to (RFC 8288).
    pub rel: &'static str,
    /// The type of what is there.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Link {
    /// A link.
    pub fn new(rel: &'static str, kind: &'static str, href: String) -> Self {
        Self { href, rel, kind, title: None }
    }

    /// The same with a name.
    pub fn titled(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }
}

/// Where everything starts.
#[derive(Debug, Serialize, ToSchema)]
pub struct LandingPage {
    /// What this is.
    pub title: &'static str,
    /// What it holds.
    pub description: &'static str,
    /// What of others has gone into it.
    pub attribution: String,
    /// Where to go from here.
    pub links: Vec<Link>,
}

/// The parts of the standard that are kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conformance {
    /// Classes of conformance.
    pub conforms_to: Vec<&'static str>,
}

/// Where the features of a collection are.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpatialExtent {
    /// West, south, east and north limits, degrees; one box around all.
    pub bbox: Vec<[f64; 4]>,
    /// The system of the box.
    #[schema(format = "uri")]
    pub crs: &'static str,
}

/// When the features of a collection hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemporalExtent {
    /// From the first edition on, without an end.
    pub interval: Vec<[Option<String>; 2]>,
    /// The calendar.
    #[schema(format = "uri")]
    pub trs: &'static str,
}

/// Where and when the features of a collection are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Extent {
    /// Where.
    pub spatial: SpatialExtent,
    /// When.
    pub temporal: TemporalExtent,
}

/// The features of a level.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Collection {
    /// The level.
    pub id: &'static str,
    /// Its name.
    pub title: String,
    /// What its features are.
    pub description: String,
    /// Where to go from here.
    pub links: Vec<Link>,
    /// Where and when.
    pub extent: Extent,
    /// Always `feature`.
    pub item_type: &'static str,
    /// The systems that its features are given in; the first one unless another is asked for.
    pub crs: Vec<String>,
    /// The system that they are kept in.
    #[schema(format = "uri")]
    pub storage_crs: &'static str,
}

/// One collection a level.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the standard names it so")]
pub struct Collections {
    /// Where to go from here.
    pub links: Vec<Link>,
    /// The collections, finest level first.
    pub collections: Vec<Collection>,
    /// The systems that features of all of them are given in.
    pub crs: Vec<String>,
}

/// A territory or a unit of an edition, as GeoJSON.
#[derive(Debug, ToSchema)]
pub struct OgcFeature<'a> {
    /// Always `Feature`.
    #[schema(pattern = "^Feature$")]
    pub r#type: &'a str,
    /// Its code, with `@` and the edition where that is not in force.
    pub id: &'a str,
    /// West, south, east and north limits, in the system asked for; absent where there is no outline.
    pub bbox: Option<[f64; 4]>,
    /// Its properties: see the queryables of its collection.
    #[schema(value_type = Object)]
    pub properties: serde_json::Value,
    /// Its outline; null where it has no unit.
    pub geometry: Option<MultiPolygon<'a>>,
    /// Where to go from here; of a feature alone.
    pub links: Option<Vec<Link>>,
}

/// A page of features, as GeoJSON.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what the export writes")]
#[schema(rename_all = "camelCase")]
pub struct OgcFeatureCollection<'a> {
    /// Always `FeatureCollection`.
    #[schema(pattern = "^FeatureCollection$")]
    pub r#type: &'a str,
    /// How many features answer, on all pages.
    pub number_matched: usize,
    /// How many are on this page.
    pub number_returned: usize,
    /// This page, the next one, the one before, the collection.
    pub links: Vec<Link>,
    /// The features.
    pub features: Vec<OgcFeature<'a>>,
}
