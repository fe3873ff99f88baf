//! What people read, in both languages: French first, English where it is asked for.

use std::error::Error;
use std::fmt;
use std::io;

use serde::Serialize;

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

    /// What an error without causes says of itself.
    #[must_use]
    pub fn of(error: &impl French) -> Self {
        Self::new(error.french(), error.to_string())
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

/// An error that is told in French too: `Display` tells it in English.
///
/// Implemented by a match without a wildcard, so that no error goes without.
pub trait French: Error {
    /// What went wrong, with every cause below it, as a part of a sentence: no capital, no final point.
    fn french(&self) -> String;
}

/// An error of a layer above, which is not known here, with what it says in French.
#[derive(Debug)]
pub struct Told {
    error: Box<dyn Error + Send + Sync>,
    french: String,
}

impl Told {
    /// Takes an error down to a layer that does not know it.
    #[must_use]
    pub fn new(error: impl French + Send + Sync + 'static) -> Self {
        Self { french: error.french(), error: Box::new(error) }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for Told {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl French for Told {
    fn french(&self) -> String {
        self.french.clone()
    }
}

/// An error that speaks no French, with its causes: as it is, but for the commonest answers of the system.
#[must_use]
pub fn foreign(error: &(dyn Error + 'static)) -> String {
    let mut text = said(error);
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text.push_str(" : ");
        text.push_str(&said(deeper));
        cause = deeper.source();
    }
    text
}

fn said(error: &(dyn Error + 'static)) -> String {
    let words = error.downcast_ref::<io::Error>().and_then(|error| {
        let words = match error.kind() {
            io::ErrorKind::NotFound => "aucun fichier ni dossier de ce nom",
            io::ErrorKind::PermissionDenied => "permission refusée",
            io::ErrorKind::AlreadyExists => "existe déjà",
            io::ErrorKind::IsADirectory => "c'est un dossier",
            io::ErrorKind::NotADirectory => "ce n'est pas un dossier",
            io::ErrorKind::StorageFull => "plus de place sur le disque",
            io::ErrorKind::AddrInUse => "adresse déjà prise",
            io::ErrorKind::AddrNotAvailable => "cette adresse n'est pas celle de cette machine",
            io::ErrorKind::UnexpectedEof => "fin inattendue du fichier",
            _ => return None,
        };
        // Without a number of the system, the library has put its own words there.
        error.raw_os_error().map(|number| format!("{words} (erreur {number} du système)"))
    });
    words.unwrap_or_else(|| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_commonest_answers_are_told_in_french() {
        let error = std::fs::read("/nowhere/at/all").unwrap_err();
        assert_eq!(foreign(&error), "aucun fichier ni dossier de ce nom (erreur 2 du système)");
        assert_eq!(foreign(&io::Error::other("a word of a library")), "a word of a library");
    }
}
