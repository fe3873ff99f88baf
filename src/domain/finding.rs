//! What an import or a check found in the data, good enough to mend it by.

use serde::{Deserialize, Serialize};

use super::Words;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing was changed.
    Note,
    /// Mended or repaired, and said.
    Mended,
    /// Stops the build unless told otherwise.
    Error,
}

/// What sort of thing was found; the word is part of the report's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A hole between units that belongs to none.
    Gap,
    /// A place that belongs to several units.
    Overlap,
    /// A gap or an overlap thinner than the tolerance.
    Sliver,
    /// A vertex of one unit lies on the middle of another's edge.
    UnmatchedVertex,
    /// A ring that crosses or touches itself, is not closed, or has no area.
    InvalidRing,
    /// Two parts of one unit share an edge or lie over one another.
    RepeatedPart,
    /// A unit that keeps no area.
    EmptyUnit,
    /// The same unit identifier twice.
    DuplicateUnit,
    /// A unit that no row attaches to a CLSC.
    UnassignedUnit,
    /// A row about a unit that the coverage does not hold.
    UnknownUnit,
    /// A row about a CLSC that the hierarchy does not hold.
    UnknownTerritory,
    /// A unit shared between several CLSC and given to the largest share.
    Straddle,
    /// A code that had lost its leading zero.
    LostZero,
    /// Levels that do not nest.
    NestingBreak,
    /// A CLSC without any unit.
    EmptyTerritory,
    /// The same row twice.
    DuplicateRow,
    /// A value that could not be read.
    BadValue,
    /// A text in an unexpected encoding.
    Encoding,
    /// A point outside the coverage.
    OutsideCoverage,
}

impl FindingKind {
    /// The sort for people, in French.
    #[must_use]
    pub const fn french(self) -> &'static str {
        match self {
            Self::Gap => "trou",
            Self::Overlap => "chevauchement",
            Self::Sliver => "lamelle",
            Self::UnmatchedVertex => "sommet sans vis-à-vis",
            Self::InvalidRing => "anneau invalide",
            Self::RepeatedPart => "partie répétée",
            Self::EmptyUnit => "aire sans surface",
            Self::DuplicateUnit => "aire en double",
            Self::UnassignedUnit => "aire non rattachée",
            Self::UnknownUnit => "aire inconnue",
            Self::UnknownTerritory => "territoire inconnu",
            Self::Straddle => "aire partagée",
            Self::LostZero => "zéro initial perdu",
            Self::NestingBreak => "niveaux non emboîtés",
            Self::EmptyTerritory => "territoire vide",
            Self::DuplicateRow => "ligne en double",
            Self::BadValue => "valeur illisible",
            Self::Encoding => "encodage",
            Self::OutsideCoverage => "hors des limites",
        }
    }
}

/// Where a finding is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Place {
    /// File name, without its folder.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
    /// Line, or record number for binary tables, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// Column name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub column: Option<String>,
    /// Longitude in degrees, for findings about limits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lon: Option<f64>,
    /// Latitude in degrees, for findings about limits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lat: Option<f64>,
}

/// One thing found in the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub kind: FindingKind,
    /// Where it is.
    pub place: Place,
    /// The sentence for people, in English: the value in quotes, what was expected, what was done or is to be done.
    pub message: String,
    /// The same in French; empty in an atlas made before findings were told in French.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub message_fr: String,
    /// Size in square metres, for gaps, overlaps and slivers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area_m2: Option<f64>,
    /// Greatest width in metres, as twice the area over the perimeter, for gaps, overlaps and slivers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub width_m: Option<f64>,
    /// Identifiers of the units or codes concerned.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub units: Vec<String>,
    /// People concerned, where known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub people: Option<u64>,
}

impl Finding {
    /// A finding with only its sentence, in both languages; the rest is set by the caller.
    #[must_use]
    pub fn new(severity: Severity, kind: FindingKind, words: Words) -> Self {
        Self {
            severity,
            kind,
            place: Place::default(),
            message: words.english.into(),
            message_fr: words.french.into(),
            area_m2: None,
            width_m: None,
            units: Vec::new(),
            people: None,
        }
    }

    /// The same finding, placed in a table.
    #[must_use]
    pub fn in_file(mut self, file: &str, line: Option<u64>, column: Option<&str>) -> Self {
        self.place.file = Some(file.to_owned());
        self.place.line = line;
        self.place.column = column.map(str::to_owned);
        self
    }

    /// The same finding, about these units or codes.
    #[must_use]
    pub fn about(mut self, units: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.units = units.into_iter().map(Into::into).collect();
        self
    }
}
