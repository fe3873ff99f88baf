//! What an import or a check found in the data, good enough to mend it by.

use serde::{Deserialize, Serialize};

use super::{Term, Words};

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

impl Severity {
    /// Each of them, the least first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Mended, Self::Error];
}

impl Severity {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Note => Term::same("note"),
            Self::Mended => Term::new("réparé", "mended"),
            Self::Error => Term::new("ERREUR", "ERROR"),
        }
    }
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
    /// An identifier or a code that a program had written otherwise, read as what it was.
    RepairedValue,
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
    /// Limits that were cut along the shore.
    ClippedToShore,
    /// How a table was read: titles above its header, a sheet or a layer that was chosen, what stands for a column it lacks.
    TableLayout,
    /// Records that a program marked as deleted and left in the file.
    DeletedRecord,
}

impl FindingKind {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Gap => Term::new("trou", "gap"),
            Self::Overlap => Term::new("chevauchement", "overlap"),
            Self::Sliver => Term::new("lamelle", "sliver"),
            Self::UnmatchedVertex => Term::new("sommet sans vis-à-vis", "unmatched vertex"),
            Self::InvalidRing => Term::new("anneau invalide", "invalid ring"),
            Self::RepeatedPart => Term::new("partie répétée", "repeated part"),
            Self::EmptyUnit => Term::new("aire sans surface", "unit without area"),
            Self::DuplicateUnit => Term::new("aire en double", "unit given twice"),
            Self::UnassignedUnit => Term::new("aire non rattachée", "unassigned unit"),
            Self::UnknownUnit => Term::new("aire inconnue", "unknown unit"),
            Self::UnknownTerritory => Term::new("territoire inconnu", "unknown territory"),
            Self::Straddle => Term::new("aire partagée", "shared unit"),
            Self::LostZero => Term::new("zéro initial perdu", "leading zero lost"),
            Self::RepairedValue => Term::new("valeur réparée", "value repaired"),
            Self::NestingBreak => Term::new("niveaux non emboîtés", "levels that do not nest"),
            Self::EmptyTerritory => Term::new("territoire vide", "empty territory"),
            Self::DuplicateRow => Term::new("ligne en double", "row given twice"),
            Self::BadValue => Term::new("valeur illisible", "value that can not be read"),
            Self::Encoding => Term::new("encodage", "encoding"),
            Self::OutsideCoverage => Term::new("hors des limites", "outside the limits"),
            Self::ClippedToShore => Term::new("limites coupées à la rive", "limits cut along the shore"),
            Self::TableLayout => Term::new("lecture du tableau", "how a table was read"),
            Self::DeletedRecord => Term::new("enregistrement supprimé", "deleted record"),
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
