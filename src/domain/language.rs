//! The two languages that people read.

use serde::{Deserialize, Serialize};

/// A language of answers, messages and pages: French, unless English is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// French, the default.
    #[default]
    #[serde(rename = "fr")]
    French,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// Its ISO 639-1 code: of `--lang`, of the `lang` parameter, of the `Content-Language` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The language of an ISO 639-1 code in lower case.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == code)
    }

    /// Its tag as spoken in Québec (BCP 47), for the `lang` attribute of pages.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.pick("fr-CA", "en-CA")
    }

    /// One of two things.
    #[must_use]
    pub fn pick<T>(self, french: T, english: T) -> T {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }
}
