//! The resources made of an edition.

use super::wire::{
    Attachment, Boundary, CodeableConcept, Coding, Identifier, Location, Meta, Organization, Reference, Resource,
};
use super::{LEVELS, ORGANIZATIONS, PATH, TERRITORIES};
use crate::catalogue::CatalogueEdition;
use crate::domain::{Language, Level};
use crate::http::base::Base;
use crate::resolve::{Named, TerritoryDetail};

/// What a location's outline is said by.
const BOUNDARY: &str = "http://hl7.org/fhir/StructureDefinition/location-boundary-geojson";
/// Longest identifier of FHIR.
const MOST_ID: usize = 64;

/// The resources of an edition.
#[derive(Debug)]
pub struct Directory<'a> {
    edition: &'a CatalogueEdition,
    base: &'a Base,
}

/// A territory by its level and its place among those of the level.
pub type Spot = (Level, usize);

impl<'a> Directory<'a> {
    /// Those of an edition.
    pub fn new(edition: &'a CatalogueEdition, base: &'a Base) -> Self {
        Self { edition, base }
    }

    /// The edition.
    pub fn edition(&self) -> &'a CatalogueEdition {
        self.edition
    }

    /// Where resources of a type are.
    pub fn url(&self, kind: &str) -> String {
        self.base.url(&format!("{PATH}/{kind}"))
    }

    /// Every territory, finest level first.
    pub fn spots(&self) -> impl Iterator<Item = Spot> + use<'a> {
        let edition = self.edition;
        let of_level = move |level| (0..edition.view().hierarchy.territories(level).len()).map(move |at| (level, at));
        Level::TERRITORIAL.into_iter().flat_map(of_level)
    }

    /// The territory of an identifier such as `clsc-06122`.
    pub fn find(&self, id: &str) -> Option<Spot> {
        let (level, code) = id.split_once('-')?;
        let level = Level::TERRITORIAL.into_iter().find(|known| known.as_str() == level)?;
        Some((level, self.edition.view().hierarchy.find(level, code)?))
    }

    /// Code and name of a territory.
    pub fn named(&self, (level, place): Spot) -> Named<'a> {
        let territory = &self.edition.view().hierarchy.territories(level)[place];
        Named { code: territory.code.as_str(), name: &territory.name }
    }

    fn detail(&self, (level, place): Spot) -> Option<TerritoryDetail<'a>> {
        self.edition.table().detail(self.edition.view(), level, place)
    }

    /// What stands directly above a territory, where that is one.
    pub fn parent(&self, spot: Spot) -> Option<(Level, Named<'a>)> {
        let parents = self.detail(spot)?.parents;
        let (level, list) = match spot.0 {
            Level::Clsc => (Level::Rls, parents.rls),
            Level::Rls => (Level::Rts, parents.rts),
            Level::Rts => (Level::Rss, parents.rss),
            Level::Rss => (Level::Ruisss, parents.ruisss),
            Level::Da | Level::Ruisss => return None,
        };
        only(&list).map(|named| (level, named))
    }

    /// The établissement of a territory, where that is one.
    pub fn organization_of(&self, spot: Spot) -> Option<Named<'a>> {
        match spot.0 {
            Level::Rts => Some(self.named(spot)),
            Level::Clsc | Level::Rls => only(&self.detail(spot)?.parents.rts),
            _ => None,
        }
    }

    fn meta(&self) -> Meta {
        let tag = self.edition.tag();
        let letters = tag.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
        Meta { version_id: letters.take(MOST_ID).collect() }
    }

    /// A territory.
    pub fn location(&self, spot: Spot) -> Location {
        let (level, named) = (spot.0, self.named(spot));
        let outline = self.base.url(&format!("{}/collections/{level}/items/{}", crate::http::ogc::PATH, named.code));
        let header = self.edition.header();
        Location {
            resource_type: "Location",
            id: id(level, named.code),
            meta: self.meta(),
            language: Language::French.tag(),
            extension: vec![Boundary {
                url: BOUNDARY,
                value_attachment: Attachment { content_type: "application/geo+json", url: outline },
            }],
            identifier: vec![Identifier { system: format!("{TERRITORIES}{level}"), value: named.code.to_owned() }],
            status: "active",
            name: named.name.to_owned(),
            description: format!("{} {} — {} ({})", level.short().french, named.code, header.label, header.id),
            mode: "instance",
            kind: vec![CodeableConcept {
                coding: vec![Coding { system: LEVELS, code: level.as_str(), display: Some(level.acronym()) }],
                text: Some(level.words().french.to_owned()),
            }],
            physical_type: CodeableConcept {
                coding: vec![Coding {
                    system: "http://terminology.hl7.org/CodeSystem/location-physical-type",
                    code: "jdn",
                    display: Some("Jurisdiction"),
                }],
                text: None,
            },
            managing_organization: self.organization_of(spot).map(|named| Reference {
                reference: format!("Organization/{}", id(Level::Rts, named.code)),
                display: named.name.to_owned(),
            }),
            part_of: self.parent(spot).map(|(level, named)| Reference {
                reference: format!("Location/{}", id(level, named.code)),
                display: named.name.to_owned(),
            }),
        }
    }

    /// The établissement of an RTS.
    pub fn organization(&self, place: usize) -> Organization {
        let named = self.named((Level::Rts, place));
        Organization {
            resource_type: "Organization",
            id: id(Level::Rts, named.code),
            meta: self.meta(),
            language: Language::French.tag(),
            identifier: vec![Identifier { system: ORGANIZATIONS.to_owned(), value: named.code.to_owned() }],
            active: true,
            kind: vec![CodeableConcept {
                coding: vec![Coding {
                    system: "http://terminology.hl7.org/CodeSystem/organization-type",
                    code: "prov",
                    display: Some("Healthcare Provider"),
                }],
                text: Some("établissement (CISSS ou CIUSSS)".to_owned()),
            }],
            name: named.name.to_owned(),
        }
    }
}

/// The identifier of a territory.
pub fn id(level: Level, code: &str) -> String {
    format!("{level}-{code}")
}

/// The one of a list, where it is one.
fn only<'a>(list: &[Named<'a>]) -> Option<Named<'a>> {
    match list {
        [one] => Some(*one),
        _ => None,
    }
}

impl From<Location> for Resource {
    fn from(location: Location) -> Self {
        Self::Location(Box::new(location))
    }
}

impl From<Organization> for Resource {
    fn from(organization: Organization) -> Self {
        Self::Organization(Box::new(organization))
    }
}
