//! Territory codes: text, because their leading zeros matter.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Level, errors};

/// A territory's public code, such as `06121`; always text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(value_type = String)]
#[serde(transparent)]
pub struct TerritoryCode(Box<str>);

errors! {
    /// Why a text is not a code of its level.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    pub enum CodeError {
        /// Nothing but white space.
        #[fr("le code {} est vide : {expected} chiffres sont attendus", level.acronym())]
        #[en("empty {level} code: expected {expected} digits")]
        Empty {
            /// The level asked for.
            level: Level,
            /// How many digits its codes have.
            expected: usize,
        },
        /// One zero short: what a spreadsheet does to `01111`.
        #[fr(
            "le code {} « {found} » a {} chiffres, non {expected} : un zéro initial a sans doute été perdu, écrivez « 0{found} »",
            level.acronym(),
            found.len(),
        )]
        #[en(
            "{level} code \"{found}\" has {} digits, expected {expected}: a leading zero was probably lost, write \"0{found}\"",
            found.len(),
        )]
        LostZero {
            /// The level asked for.
            level: Level,
            /// The text as given.
            found: String,
            /// How many digits its codes have.
            expected: usize,
        },
        /// Anything else.
        #[fr(
            "« {found} » n'est pas un code {} : {expected} chiffres sont attendus, par exemple « {example} »",
            level.acronym(),
        )]
        #[en("\"{found}\" is not a {level} code: expected {expected} digits, such as \"{example}\"")]
        Malformed {
            /// The level asked for.
            level: Level,
            /// The text as given.
            found: String,
            /// How many digits its codes have.
            expected: usize,
            /// A code of that level.
            example: &'static str,
        },
    }
}

impl TerritoryCode {
    /// Takes a text as it stands, without checking it against a level.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Reads a code of a level: surrounding white space is dropped, the number of digits is checked.
    ///
    /// # Errors
    /// [`CodeError`], which tells a lost leading zero from anything else.
    pub fn parse(level: Level, text: &str) -> Result<Self, CodeError> {
        let code = text.trim();
        let Some(expected) = level.code_length() else {
            return Ok(Self::new(code));
        };
        if code.is_empty() {
            return Err(CodeError::Empty { level, expected });
        }
        let digits = code.bytes().all(|byte| byte.is_ascii_digit());
        if digits && code.len() == expected {
            return Ok(Self::new(code));
        }
        if digits && code.len() + 1 == expected {
            return Err(CodeError::LostZero { level, found: code.to_owned(), expected });
        }
        let example = &"06121"[..expected.min(5)];
        Err(CodeError::Malformed { level, found: code.to_owned(), expected, example })
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TerritoryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for TerritoryCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}
