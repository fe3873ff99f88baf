//! What people read, in both languages: French first, English where it is asked for.

use std::fmt;

use serde::Serialize;

use super::{French, Language, english};

/// A text in both languages; `Display` writes the English one. In JSON two fields, `message_fr` and `message_en`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Words {
    /// In French.
    #[serde(rename = "message_fr")]
    pub french: Box<str>,
    /// In English.
    #[serde(rename = "message_en")]
    pub english: Box<str>,
}

impl Words {
    /// Both texts.
    #[must_use]
    pub fn new(french: impl Into<Box<str>>, english: impl Into<Box<str>>) -> Self {
        Self { french: french.into(), english: english.into() }
    }

    /// A text that is the same in both, such as a name or a number.
    #[must_use]
    pub fn same(text: impl Into<Box<str>>) -> Self {
        let text = text.into();
        Self { french: text.clone(), english: text }
    }

    /// What an error says of itself and its causes.
    #[must_use]
    pub fn of(error: &impl French) -> Self {
        Self::new(error.french(), english(error))
    }

    /// The text in one language.
    #[must_use]
    pub fn pick(&self, language: Language) -> &str {
        language.pick(&self.french, &self.english)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

/// Writes one sentence in French and in English, with the same arguments in the same order.
macro_rules! both {
    ($french:literal, $english:literal $(, $part:expr)* $(,)?) => {
        $crate::domain::Words::new(format!($french $(, $part)*), format!($english $(, $part)*))
    };
}
pub(crate) use both;
