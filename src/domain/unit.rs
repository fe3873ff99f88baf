//! The finest units: dissemination areas, or whatever the atlas was built from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Identifier of a unit, such as the DAUID `24660123`; always text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(value_type = String)]
#[serde(transparent)]
pub struct UnitId(Box<str>);

impl UnitId {
    /// Takes a text as it stands.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the units of an atlas are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Dissemination areas: identifiers of 8 digits.
    DisseminationArea,
    /// Dissemination blocks: identifiers of 11 digits (10 in 2006 and 2011), the first 8 their dissemination area.
    DisseminationBlock,
    /// Anything else.
    Other,
}

impl UnitKind {
    /// Reads the kind off the identifiers: all 8 digits, all 11 or all 10 digits, or something else.
    pub fn of<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let mut kind = None;
        for id in ids {
            let digits = id.bytes().all(|byte| byte.is_ascii_digit());
            let this = match id.len() {
                8 if digits => UnitKind::DisseminationArea,
                11 if digits => UnitKind::DisseminationBlock,
                // Two digits for the block until 2011; Québec's start with 24, which other numbers of ten digits need not.
                10 if digits && id.starts_with("24") => UnitKind::DisseminationBlock,
                _ => UnitKind::Other,
            };
            match kind {
                None => kind = Some(this),
                Some(before) if before == this => {}
                Some(_) => return UnitKind::Other,
            }
        }
        kind.unwrap_or(UnitKind::Other)
    }

    /// The dissemination area of a unit: the unit itself, or the first 8 digits of a block.
    #[must_use]
    pub fn dissemination_area(self, unit: &str) -> &str {
        match self {
            UnitKind::DisseminationBlock => unit.get(..8).unwrap_or(unit),
            UnitKind::DisseminationArea | UnitKind::Other => unit,
        }
    }
}

/// What is known of a unit beside its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRecord {
    /// Its identifier.
    pub id: UnitId,
    /// People who live there, where a population table was given.
    pub population: Option<u32>,
}
