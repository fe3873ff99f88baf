//! How well a criterion is met.

use serde::{Deserialize, Serialize};

use crate::domain::Term;

/// How well a criterion is met; best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Met.
    Good,
    /// Nearly met.
    Fair,
    /// Far from met.
    Weak,
    /// To be looked into.
    Poor,
}

impl Grade {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Good => Term::new("bon", "good"),
            Self::Fair => Term::new("acceptable", "fair"),
            Self::Weak => Term::new("faible", "weak"),
            Self::Poor => Term::new("à examiner", "to be examined"),
        }
    }

    /// The first grade whose bound a value does not pass.
    #[must_use]
    pub fn by_bounds(value: f64, bounds: [f64; 3]) -> Self {
        if value <= bounds[0] {
            Self::Good
        } else if value <= bounds[1] {
            Self::Fair
        } else if value <= bounds[2] {
            Self::Weak
        } else {
            Self::Poor
        }
    }
}
