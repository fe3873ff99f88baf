//! Editions: dated, immutable sets of territories and attachments.

use serde::{Deserialize, Serialize};

use super::{AttachmentTable, Date, Hierarchy, Straddle, errors};

/// What names an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
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

/// An edition as an answer names it: its header, and until when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Edition)]
pub struct DatedEdition<'a> {
    /// Its name and first day.
    #[serde(flatten)]
    pub header: &'a EditionHeader,
    /// How long it holds.
    #[serde(flatten)]
    pub validity: Validity,
}

/// How long an edition holds, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub struct Validity {
    /// Last day on which it holds; `None` while no later edition is known, and for a revision that is not published.
    pub valid_until: Option<Date>,
    /// Said of what is not in force: a revision that is not published; or the first edition, where all begin after the day of the
    /// question.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_yet_in_force: bool,
}

impl Validity {
    /// That of an edition which the next one follows on a day.
    #[must_use]
    pub fn until_next(next: Option<Date>) -> Self {
        Self { valid_until: next.and_then(Date::day_before), not_yet_in_force: false }
    }
}

/// Which edition a question is about.
///
/// There is no default: what is meant where nothing is named depends on the day ([`EditionChoice::InForce`]), and the day is
/// known to whoever asks ([`Timestamp::day_in_quebec`](super::Timestamp::day_in_quebec)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditionChoice {
    /// The one in force on the day of the question: what is meant where no edition is named.
    ///
    /// Where all begin later, the first one answers and says so ([`Validity::not_yet_in_force`]).
    InForce(Date),
    /// The newest one, whether it holds yet or not.
    Latest,
    /// The one that holds on a day.
    AsOf(Date),
    /// The one of that identifier.
    Id(String),
}

impl EditionChoice {
    /// The word that asks for the newest edition.
    pub const LATEST: &str = "latest";

    /// What the name of an edition means: the newest for `latest`, else the edition of that identifier.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let name = name.trim();
        if name == Self::LATEST { Self::Latest } else { Self::Id(name.to_owned()) }
    }

    /// What a name and a day mean, of which one at most is given: neither means what is in force `today`.
    #[must_use]
    pub fn asked(name: Option<&str>, as_of: Option<Date>, today: Date) -> Self {
        match (name, as_of) {
            (Some(name), _) => Self::named(name),
            (None, Some(day)) => Self::AsOf(day),
            (None, None) => Self::InForce(today),
        }
    }
}

errors! {
    /// Why no edition answers a choice.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    pub enum EditionError {
        /// No edition has that identifier.
        #[fr("l'édition « {id} » est inconnue : sont connues {known} ; « latest » demande la plus récente")]
        #[en("unknown edition \"{id}\": known are {known}; \"latest\" asks for the newest")]
        Unknown {
            /// The identifier asked for.
            id: String,
            /// The identifiers there are, for people.
            known: String,
        },
        /// The day is before the first edition.
        #[fr("aucune édition n'est en vigueur le {date} : la première, « {first} », l'est depuis le {valid_from} ; nommez-la pour qu'elle réponde")]
        #[en("no edition holds on {date}: the first one, \"{first}\", holds from {valid_from}; name it for it to answer")]
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

/// Place of the edition that a choice means among headers in order of `valid_from`, and whether it answers before its time
/// (see [`EditionChoice::InForce`]).
///
/// Of two that begin on one day, the later in order holds.
///
/// # Errors
/// [`EditionError`].
pub fn choose_edition(headers: &[&EditionHeader], choice: &EditionChoice) -> Result<(usize, bool), EditionError> {
    let (Some(first), Some(last)) = (headers.first(), headers.len().checked_sub(1)) else {
        return Err(EditionError::None);
    };
    let holding = |day: &Date| headers.iter().rposition(|header| header.valid_from <= *day);
    match choice {
        EditionChoice::InForce(today) => Ok(holding(today).map_or((0, true), |place| (place, false))),
        EditionChoice::Latest => Ok((last, false)),
        EditionChoice::AsOf(date) => holding(date).map(|place| (place, false)).ok_or_else(|| EditionError::TooEarly {
            date: *date,
            first: first.id.clone(),
            valid_from: first.valid_from,
        }),
        EditionChoice::Id(id) => {
            let found = headers.iter().position(|header| header.id == *id);
            found.map(|place| (place, false)).ok_or_else(|| {
                let known: Vec<String> = headers.iter().map(|header| format!("\"{}\"", header.id)).collect();
                EditionError::Unknown { id: id.clone(), known: known.join(", ") }
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(id: &str, from: &str) -> EditionHeader {
        EditionHeader { id: id.into(), label: String::new(), official: false, valid_from: from.parse().unwrap() }
    }

    #[test]
    fn the_edition_in_force_answers_never_one_of_a_later_day() {
        let (a, b) = (header("a", "2017-07-01"), header("b", "2028-04-01"));
        let headers = [&a, &b];
        let place = |choice: EditionChoice| choose_edition(&headers, &choice);
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(place(EditionChoice::InForce(day("2028-03-31"))), Ok((0, false)));
        assert_eq!(place(EditionChoice::InForce(day("2028-04-01"))), Ok((1, false)));
        assert_eq!(place(EditionChoice::Latest), Ok((1, false)));
        assert_eq!(place(EditionChoice::named("latest")), Ok((1, false)));
        assert_eq!(place(EditionChoice::named("a")), Ok((0, false)));
    }

    #[test]
    fn before_the_first_edition_it_answers_and_says_so_but_not_for_a_day_that_was_named() {
        let a = header("a", "2028-04-01");
        let day: Date = "2026-11-27".parse().unwrap();
        assert_eq!(choose_edition(&[&a], &EditionChoice::InForce(day)), Ok((0, true)));
        let refused = choose_edition(&[&a], &EditionChoice::AsOf(day)).unwrap_err();
        assert!(refused.to_string().contains("\"a\", holds from 2028-04-01"), "{refused}");
        assert_eq!(choose_edition(&[], &EditionChoice::Latest), Err(EditionError::None));
    }
}
