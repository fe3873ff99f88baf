//! What somebody may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::{Term, errors};

/// What somebody may do; each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks: places, territories, series, files of rows.
    Lookup,
    /// Reads and writes revisions, and hands them in.
    Planner,
    /// Decides on revisions of others, and publishes them.
    Approver,
    /// Takes another atlas into service.
    Admin,
}

errors! {
    /// A word that is no role.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("« {word} » n'est pas un rôle : lookup, planner, approver ou admin")]
    #[en("\"{word}\" is no role: expected lookup, planner, approver or admin")]
    pub struct UnknownRole {
        /// The word.
        pub word: String,
    }
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Lookup, Self::Planner, Self::Approver, Self::Admin];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lookup => "lookup",
            Self::Planner => "planner",
            Self::Approver => "approver",
            Self::Admin => "admin",
        }
    }

    /// What it is for, for people.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Lookup => Term::new("consultation", "lookups"),
            Self::Planner => Term::new("planification", "planning"),
            Self::Approver => Term::new("décision", "decisions"),
            Self::Admin => Term::new("administration", "administration"),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == word);
        found.ok_or_else(|| UnknownRole { word: word.to_owned() })
    }
}
