//! The words for what happened to a territory between two editions: its class, its letter, its mutations.
//!
//! The class is decided by `change`, between any two editions, on sets of units and their people, never on outlines.

use serde::{Deserialize, Serialize};

use super::{Term, errors};

/// What became of a territory between two editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeClass {
    /// Same units, code, name and parents.
    Unchanged,
    /// Same units and code, another name.
    Renamed,
    /// Same units, another code.
    Recoded,
    /// Same units, other parents (whatever happened to code and name).
    ParentChanged,
    /// Units went to, or came from, territories that exist before and after.
    BoundaryShift,
    /// Cut into several, all of them its own.
    Split,
    /// Made of several whole ones, or absorbed whole.
    Merged,
    /// More than one of these at once.
    Complex,
    /// New, and no plain piece of one older territory.
    Created,
    /// Gone, and no plain part of one newer territory.
    Abolished,
}

/// The letter of the Office for National Statistics for what a change does to comparability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
pub enum OnsLetter {
    /// Unchanged: the values compare.
    U,
    /// Split.
    S,
    /// Merged.
    M,
    /// No like for like.
    X,
}

/// Mutation modes of the Swiss register of communes (eCH-0071); written as their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum MutationMode {
    /// 20: first entry.
    FirstEntry = 20,
    /// 21: creation.
    Creation = 21,
    /// 23: another name.
    Rename = 23,
    /// 24: moved to another parent.
    ParentMove = 24,
    /// 26: change of territory.
    TerritoryChange = 26,
    /// 27: another code.
    Recode = 27,
    /// 29: abolition.
    Abolition = 29,
    /// 30: mutation cancelled.
    Cancelled = 30,
}

impl MutationMode {
    /// Every mode, in order of number.
    pub const ALL: [MutationMode; 8] = [
        MutationMode::FirstEntry,
        MutationMode::Creation,
        MutationMode::Rename,
        MutationMode::ParentMove,
        MutationMode::TerritoryChange,
        MutationMode::Recode,
        MutationMode::Abolition,
        MutationMode::Cancelled,
    ];

    /// The number of the mode.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }
}

impl From<MutationMode> for u8 {
    fn from(mode: MutationMode) -> u8 {
        mode.number()
    }
}

errors! {
    /// A number that is no mode.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
    #[fr("« {number} » n'est pas un mode de mutation : 20, 21, 23, 24, 26, 27, 29 ou 30")]
    #[en("\"{number}\" is no mutation mode: expected 20, 21, 23, 24, 26, 27, 29 or 30")]
    pub struct UnknownMode {
        /// The number as given.
        pub number: u8,
    }
}

impl TryFrom<u8> for MutationMode {
    type Error = UnknownMode;

    fn try_from(number: u8) -> Result<Self, UnknownMode> {
        Self::ALL.into_iter().find(|mode| mode.number() == number).ok_or(UnknownMode { number })
    }
}

impl ChangeClass {
    /// Every class.
    pub const ALL: [ChangeClass; 10] = [
        ChangeClass::Unchanged,
        ChangeClass::Renamed,
        ChangeClass::Recoded,
        ChangeClass::ParentChanged,
        ChangeClass::BoundaryShift,
        ChangeClass::Split,
        ChangeClass::Merged,
        ChangeClass::Complex,
        ChangeClass::Created,
        ChangeClass::Abolished,
    ];

    /// The class's word in JSON and CSV.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            ChangeClass::Unchanged => "unchanged",
            ChangeClass::Renamed => "renamed",
            ChangeClass::Recoded => "recoded",
            ChangeClass::ParentChanged => "parent_changed",
            ChangeClass::BoundaryShift => "boundary_shift",
            ChangeClass::Split => "split",
            ChangeClass::Merged => "merged",
            ChangeClass::Complex => "complex",
            ChangeClass::Created => "created",
            ChangeClass::Abolished => "abolished",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            ChangeClass::Unchanged => Term::new("inchangé", "unchanged"),
            ChangeClass::Renamed => Term::new("changement de nom", "name changed"),
            ChangeClass::Recoded => Term::new("changement de code", "code changed"),
            ChangeClass::ParentChanged => Term::new("changement de rattachement", "parent changed"),
            ChangeClass::BoundaryShift => Term::new("limite déplacée", "boundary shift"),
            ChangeClass::Split => Term::new("scission", "split"),
            ChangeClass::Merged => Term::new("fusion", "merger"),
            ChangeClass::Complex => Term::new("recomposition", "several changes at once"),
            ChangeClass::Created => Term::new("création", "created"),
            ChangeClass::Abolished => Term::new("abolition", "abolished"),
        }
    }

    /// The letter that goes with it.
    #[must_use]
    pub const fn letter(self) -> OnsLetter {
        match self {
            ChangeClass::Unchanged | ChangeClass::Renamed | ChangeClass::Recoded | ChangeClass::ParentChanged => {
                OnsLetter::U
            }
            ChangeClass::Split => OnsLetter::S,
            ChangeClass::Merged => OnsLetter::M,
            ChangeClass::BoundaryShift | ChangeClass::Complex | ChangeClass::Created | ChangeClass::Abolished => {
                OnsLetter::X
            }
        }
    }

    /// Whether the territory holds the same units before and after.
    #[must_use]
    pub const fn keeps_units(self) -> bool {
        matches!(self.letter(), OnsLetter::U)
    }

    /// Whether a series of counts breaks: the units are not the same.
    #[must_use]
    pub const fn breaks_series(self) -> bool {
        !self.keeps_units()
    }
}

impl std::fmt::Display for OnsLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            OnsLetter::U => "U",
            OnsLetter::S => "S",
            OnsLetter::M => "M",
            OnsLetter::X => "X",
        })
    }
}
