//! Fixed texts in both languages: the words of enumerations and of headings.

use super::{Language, Words};

/// A text of the program itself, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// In French.
    pub french: &'static str,
    /// In English.
    pub english: &'static str,
}

impl Term {
    /// Both texts.
    #[must_use]
    pub const fn new(french: &'static str, english: &'static str) -> Self {
        Self { french, english }
    }

    /// A text that is the same in both, such as an acronym.
    #[must_use]
    pub const fn same(text: &'static str) -> Self {
        Self { french: text, english: text }
    }

    /// The text in one of them.
    #[must_use]
    pub const fn pick(self, language: Language) -> &'static str {
        match language {
            Language::French => self.french,
            Language::English => self.english,
        }
    }
}

impl From<Term> for Words {
    fn from(term: Term) -> Self {
        Self::new(term.french, term.english)
    }
}
