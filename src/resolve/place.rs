//! What a question can be about, and on what ground a person is attached there.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::domain::{LonLat, errors};

/// What a question is about. Addresses and positions are personal information: neither is logged nor put in an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// A position.
    Position(LonLat),
    /// An address, as people write it.
    Address(String),
    /// A postal code, in any shape.
    PostalCode(String),
    /// A point of service, by its code in the register of installations.
    Installation(String),
}

impl From<LonLat> for Place {
    fn from(position: LonLat) -> Self {
        Self::Position(position)
    }
}

/// On what ground a person is attached to a place; recorded in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Where the person lives.
    Residence,
    /// Where a person without fixed address usually stays.
    UsualPlace,
    /// The point of service that welcomes a person without fixed address; asked by installation code.
    ServicePoint,
}

errors! {
    /// A word that is no basis.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("le motif n'est pas compris : residence, usual_place ou service_point")]
    #[en("basis is not understood: expected residence, usual_place or service_point")]
    pub struct UnknownBasis;
}

impl Basis {
    /// Every basis.
    pub const ALL: [Self; 3] = [Self::Residence, Self::UsualPlace, Self::ServicePoint];

    /// Its word in JSON, flags and parameters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Residence => "residence",
            Self::UsualPlace => "usual_place",
            Self::ServicePoint => "service_point",
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Basis {
    type Err = UnknownBasis;

    fn from_str(word: &str) -> Result<Self, UnknownBasis> {
        let word = word.trim().to_lowercase().replace('-', "_");
        Self::ALL.into_iter().find(|basis| basis.as_str() == word).ok_or(UnknownBasis)
    }
}
