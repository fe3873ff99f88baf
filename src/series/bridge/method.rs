//! The words for how a bridged value was made, or why there is none.

use serde::Serialize;

use crate::domain::Term;
use crate::series::verdict::Reason;

/// How a bridged value was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The published value of the same territory.
    Unaffected,
    /// Whole territories added up.
    SumOfWholes,
    /// Counts by unit added up.
    ByUnit,
    /// Shared by weights: an estimate.
    Weighted,
    /// None: the value is carried through as withheld, or refused.
    None,
}

/// Why a target has no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The source's code that it is due to.
    pub source: String,
    /// The withheld text, carried through.
    pub text: String,
}

impl Method {
    /// The word in JSON and CSV.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Unaffected => "unaffected",
            Method::SumOfWholes => "sum_of_wholes",
            Method::ByUnit => "by_unit",
            Method::Weighted => "weighted",
            Method::None => "none",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Unaffected => Term::new("inchangée", "unaffected"),
            Self::SumOfWholes => Term::new("somme de territoires entiers", "sum of whole territories"),
            Self::ByUnit => Term::new("somme d’aires", "sum of areas"),
            Self::Weighted => Term::new("estimée", "estimated"),
            Self::None => Term::new("aucune", "none"),
        }
    }
}
