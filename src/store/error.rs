//! What can go wrong in the store.

use super::State;
use crate::domain::{French, Words, foreign};

/// Why a scenario was not read or written; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No scenario has that identifier.
    #[error("unknown revision \"{id}\"")]
    Unknown {
        /// The identifier.
        id: String,
    },
    /// Somebody else wrote meanwhile.
    #[error("revision \"{id}\" is at version {found}, not {expected}: read it again, then decide")]
    Conflict {
        /// The scenario.
        id: String,
        /// The version that the writer saw.
        expected: u64,
        /// The version there is.
        found: u64,
    },
    /// The scenario can not go there from where it is.
    #[error("a revision that is {from} can not become {to}: expected {expected}")]
    Transition {
        /// Its state.
        from: State,
        /// The state asked for.
        to: State,
        /// States that would do.
        expected: Words,
    },
    /// The file is open elsewhere in a way that keeps it from being brought to this version.
    #[error("the store is open in an older version of the program: end that one, then open it again")]
    InUse,
    /// Operations can be changed in drafts only.
    #[error("the operations of a revision that is {state} are settled: duplicate it to go on")]
    Settled {
        /// Its state.
        state: State,
    },
    /// There is nothing to undo or redo.
    #[error("there is nothing to {what}")]
    Nothing {
        /// `undo` or `redo`.
        what: Words,
    },
    /// A text that must not be empty.
    #[error("the {what} is empty: give one")]
    Empty {
        /// Which text.
        what: Words,
    },
    /// A history that was altered.
    #[error("event {number} of revision \"{id}\" does not follow from the one before: the store was altered")]
    BrokenChain {
        /// The scenario.
        id: String,
        /// The event.
        number: u64,
    },
    /// A version that a scenario never had.
    #[error("revision \"{id}\" has no version {version}: expected 1 to {last}")]
    NoVersion {
        /// The scenario.
        id: String,
        /// The version asked for.
        version: u64,
        /// The last there is.
        last: u64,
    },
    /// A state that is not the one that was recorded.
    #[error(
        "event {number} of revision \"{id}\" leads to another state than the one recorded: the base is not what it was"
    )]
    OtherState {
        /// The scenario.
        id: String,
        /// The event.
        number: u64,
    },
    /// An event that can not be carried out again.
    #[error("event {number} of revision \"{id}\" can not be carried out again")]
    Replay {
        /// The scenario.
        id: String,
        /// The event.
        number: u64,
        /// Why.
        source: Box<crate::revision::RevisionError>,
    },
    /// The database is of another version of the program.
    #[error("the store has layout {found}, this program reads {expected}")]
    Layout {
        /// The layout found.
        found: i64,
        /// The layout of this program.
        expected: i64,
    },
    /// An event that can not be read or written.
    #[error("an event of the store can not be read or written")]
    Json(#[from] serde_json::Error),
    /// The database does not answer.
    #[error("the store can not be read or written: check the file, its rights and the free space")]
    Database(#[from] rusqlite::Error),
}

impl French for StoreError {
    fn french(&self) -> String {
        match self {
            Self::Unknown { id } => format!("la révision « {id} » est inconnue"),
            Self::Conflict { id, expected, found } => {
                format!("la révision « {id} » en est à la version {found}, non {expected} : relisez-la, puis décidez")
            }
            Self::Transition { from, to, expected } => {
                format!("une révision « {from} » ne peut pas devenir « {to} » ; possible : {}", expected.french)
            }
            Self::InUse => {
                "la base de révisions est ouverte dans une version antérieure du programme : arrêtez-la, puis rouvrez la base"
                    .to_owned()
            }
            Self::Settled { state } => {
                format!("les opérations d'une révision « {state} » ne changent plus : dupliquez-la pour continuer")
            }
            Self::Nothing { what } => format!("il n'y a rien à {}", what.french),
            Self::Empty { what } => format!("un texte est vide ({}) : donnez-le", what.french),
            Self::BrokenChain { id, number } => {
                format!("l'événement {number} de la révision « {id} » ne suit pas du précédent : la base a été altérée")
            }
            Self::NoVersion { id, version, last } => {
                format!("la révision « {id} » n'a pas de version {version} : de 1 à {last}")
            }
            Self::OtherState { id, number } => format!(
                "l'événement {number} de la révision « {id} » mène à un autre état que celui qui a été consigné : la base \
                 n'est plus ce qu'elle était"
            ),
            Self::Replay { id, number, source } => {
                format!("l'événement {number} de la révision « {id} » ne peut pas être refait : {}", source.french())
            }
            Self::Layout { found, expected } => {
                format!("la base de révisions a la structure {found}, ce programme lit la structure {expected}")
            }
            Self::Json(cause) => {
                format!("un événement de la base de révisions ne peut pas être lu ou écrit : {}", foreign(cause))
            }
            Self::Database(cause) => format!(
                "la base de révisions ne peut pas être lue ou écrite : vérifiez le fichier, ses droits et la place libre : {}",
                foreign(cause)
            ),
        }
    }
}
