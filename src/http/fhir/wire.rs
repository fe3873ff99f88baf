//! FHIR R4 as JSON, as far as it is used here (<https://hl7.org/fhir/R4/>).

use serde::Serialize;
use utoipa::ToSchema;

/// A code in a system of codes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FhirCoding)]
pub struct Coding {
    /// The system.
    pub system: &'static str,
    /// The code.
    pub code: &'static str,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<&'static str>,
}

/// A concept by its codes, and in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FhirCodeableConcept)]
pub struct CodeableConcept {
    /// Its codes.
    pub coding: Vec<Coding>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What a thing is known by.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FhirIdentifier)]
pub struct Identifier {
    /// What its value is unique in.
    pub system: String,
    /// The public code.
    pub value: String,
}

/// Another resource.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FhirReference)]
pub struct Reference {
    /// Where it is, from the base of the interface.
    pub reference: String,
    /// Its name.
    pub display: String,
}

/// What tells a resource from its other versions.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FhirMeta)]
pub struct Meta {
    /// The version: that of the edition in the atlas.
    pub version_id: String,
}

/// A file, by its URL.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FhirAttachment)]
pub struct Attachment {
    /// Its type.
    pub content_type: &'static str,
    /// Where it is.
    #[schema(format = "uri")]
    pub url: String,
}

/// The outline of a location.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FhirBoundary)]
pub struct Boundary {
    /// Always `http://hl7.org/fhir/StructureDefinition/location-boundary-geojson`.
    pub url: &'static str,
    /// The outline as GeoJSON.
    pub value_attachment: Attachment,
}

/// A territory.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FhirLocation)]
pub struct Location {
    /// Always `Location`.
    #[schema(pattern = "^Location$")]
    pub resource_type: &'static str,
    /// Its level and code, such as `clsc-06122`.
    pub id: String,
    /// Its version.
    pub meta: Meta,
    /// The language of its texts.
    pub language: &'static str,
    /// Its outline.
    pub extension: Vec<Boundary>,
    /// Its public code.
    pub identifier: Vec<Identifier>,
    /// Always `active`.
    #[schema(pattern = "^active$")]
    pub status: &'static str,
    /// Its name.
    pub name: String,
    /// Of which edition it is, and whether that is official.
    pub description: String,
    /// Always `instance`.
    #[schema(pattern = "^instance$")]
    pub mode: &'static str,
    /// Its level.
    #[serde(rename = "type")]
    pub kind: Vec<CodeableConcept>,
    /// That it is a jurisdiction (`jdn`).
    pub physical_type: CodeableConcept,
    /// The établissement whose territory it lies in; absent where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managing_organization: Option<Reference>,
    /// The territory of the next level that it lies in; absent where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<Reference>,
}

/// An établissement (CISSS or CIUSSS): the one of an RTS.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FhirOrganization)]
pub struct Organization {
    /// Always `Organization`.
    #[schema(pattern = "^Organization$")]
    pub resource_type: &'static str,
    /// The level and code of its territory, such as `rts-061`.
    pub id: String,
    /// Its version.
    pub meta: Meta,
    /// The language of its texts.
    pub language: &'static str,
    /// The public code of its territory.
    pub identifier: Vec<Identifier>,
    /// Always true.
    pub active: bool,
    /// That it provides care (`prov`).
    #[serde(rename = "type")]
    pub kind: Vec<CodeableConcept>,
    /// Its name.
    pub name: String,
}

/// What there is to say of a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FhirIssue)]
pub struct Issue {
    /// How bad it is.
    pub severity: &'static str,
    /// What it is, of the codes of FHIR.
    pub code: &'static str,
    /// What it is, of the codes of this service, and in words.
    pub details: CodeableConcept,
    /// What happened and what to do.
    pub diagnostics: String,
    /// The parameter concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expression: Vec<String>,
}

/// What there is to say of a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FhirOperationOutcome)]
pub struct OperationOutcome {
    /// Always `OperationOutcome`.
    #[schema(pattern = "^OperationOutcome$")]
    pub resource_type: &'static str,
    /// What there is to say.
    pub issue: Vec<Issue>,
}

/// What a search finds.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = FhirResource)]
pub enum Resource {
    /// A territory.
    Location(Box<Location>),
    /// An établissement.
    Organization(Box<Organization>),
    /// What there is to say of the search.
    Outcome(Box<OperationOutcome>),
}

/// Why a resource is in a bundle.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FhirSearchEntry)]
pub struct SearchEntry {
    /// `match`, or `outcome` for what there is to say.
    pub mode: &'static str,
}

/// A resource in a bundle.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FhirEntry)]
pub struct Entry {
    /// Where it is; absent of what there is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub full_url: Option<String>,
    /// The resource.
    pub resource: Resource,
    /// Why it is here.
    pub search: SearchEntry,
}

/// A link of a bundle.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FhirLink)]
pub struct Link {
    /// `self`, `next` or `previous`.
    pub relation: &'static str,
    /// Where it leads; without the position that a body asked about.
    #[schema(format = "uri")]
    pub url: String,
}

/// A page of what a search has found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FhirBundle)]
pub struct Bundle {
    /// Always `Bundle`.
    #[schema(pattern = "^Bundle$")]
    pub resource_type: &'static str,
    /// Always `searchset`.
    #[serde(rename = "type")]
    #[schema(pattern = "^searchset$")]
    pub kind: &'static str,
    /// How many match, on all pages.
    pub total: usize,
    /// This page and others.
    pub link: Vec<Link>,
    /// What was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<Entry>,
}
