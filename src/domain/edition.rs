//! Editions: dated, immutable sets of territories and attachments.

use serde::{Deserialize, Serialize};

use super::{AttachmentTable, Date, Hierarchy, Straddle, errors};

/// What names an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionHeader {
    /// Identifier, usually its date.
    pub id: String,
    /// Label for people, in French.
    pub label: String,
    /// Whether it states the ministry's limits. The demo never does.
    pub official: bool,
    /// First day on which it holds.
    pub valid_from: Date,
}

/// A dated set of territories, and the CLSC of every unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// Its name and date.
    pub header: EditionHeader,
    /// Its territories.
    pub hierarchy: Hierarchy,
    /// The CLSC of every unit.
    pub attachment: AttachmentTable,
    /// Units its table shares between several CLSC.
    pub straddles: Vec<Straddle>,
}

/// Which edition a question is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum EditionChoice {
    /// The latest one.
    #[default]
    Latest,
    /// The one that holds on a day.
    AsOf(Date),
    /// The one of that identifier.
    Id(String),
}

errors! {
    /// Why no edition answers a choice.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    pub enum EditionError {
        /// No edition has that identifier.
        #[fr("l'édition « {id} » est inconnue : cet atlas contient {known}")]
        #[en("unknown edition \"{id}\": this atlas holds {known}")]
        Unknown {
            /// The identifier asked for.
            id: String,
            /// The identifiers there are, for people.
            known: String,
        },
        /// The day is before the first edition.
        #[fr("aucune édition n'est en vigueur le {date} : la première, « {first} », l'est depuis le {valid_from}")]
        #[en("no edition holds on {date}: the first one, \"{first}\", holds from {valid_from}")]
        TooEarly {
            /// The day asked for.
            date: Date,
            /// The first edition.
            first: String,
            /// Its first day.
            valid_from: Date,
        },
        /// An atlas without any edition.
        #[fr("cet atlas ne contient aucune édition")]
        #[en("this atlas holds no edition")]
        None,
    }
}

/// Place of the edition that a choice means. `headers` are in order of `valid_from`.
///
/// # Errors
/// [`EditionError`].
pub fn choose_edition<'a>(
    headers: impl IntoIterator<Item = &'a EditionHeader>,
    choice: &EditionChoice,
) -> Result<usize, EditionError> {
    let headers: Vec<&EditionHeader> = headers.into_iter().collect();
    let (Some(first), Some(last)) = (headers.first(), headers.len().checked_sub(1)) else {
        return Err(EditionError::None);
    };
    match choice {
        EditionChoice::Latest => Ok(last),
        EditionChoice::AsOf(date) => headers.iter().rposition(|header| header.valid_from <= *date).ok_or_else(|| {
            EditionError::TooEarly { date: *date, first: first.id.clone(), valid_from: first.valid_from }
        }),
        EditionChoice::Id(id) => headers.iter().position(|header| header.id == *id).ok_or_else(|| {
            let known: Vec<String> = headers.iter().map(|header| format!("\"{}\"", header.id)).collect();
            EditionError::Unknown { id: id.clone(), known: known.join(", ") }
        }),
    }
}
