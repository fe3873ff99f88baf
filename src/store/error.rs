//! What can go wrong in the store.

use crate::domain::{Words, errors};
use crate::revision::State;

errors! {
    /// Why a scenario was not read or written; nothing was changed.
    #[derive(Debug, thiserror::Error)]
    pub enum StoreError {
        /// No scenario has that identifier.
        #[fr("la révision « {id} » est inconnue")]
        #[en("unknown revision \"{id}\"")]
        Unknown {
            /// The identifier.
            id: String,
        },
        /// Somebody else wrote meanwhile.
        #[fr("la révision « {id} » en est à la version {found}, non {expected} : relisez-la, puis décidez")]
        #[en("revision \"{id}\" is at version {found}, not {expected}: read it again, then decide")]
        Conflict {
            /// The scenario.
            id: String,
            /// The version that the writer saw.
            expected: u64,
            /// The version there is.
            found: u64,
        },
        /// The scenario can not go there from where it is.
        #[fr("une révision {} ne peut pas devenir {} ; possible : {}", from.words().french, to.words().french, expected.french)]
        #[en("a revision that is {} can not become {}: expected {expected}", from.words().english, to.words().english)]
        Transition {
            /// Its state.
            from: State,
            /// The state asked for.
            to: State,
            /// States that would do.
            expected: Words,
        },
        /// The file is open elsewhere in a way that keeps it from being brought to this version.
        #[fr(
            "la base de révisions est ouverte dans une version antérieure du programme : arrêtez-la, puis rouvrez la base"
        )]
        #[en("the store is open in an older version of the program: end that one, then open it again")]
        InUse,
        /// Others hold the file for longer than was waited.
        #[fr("la base de révisions est occupée : réessayez dans un instant")]
        #[en("the store is busy: try again in a moment")]
        Busy,
        /// More than a store keeps.
        #[fr("{} : {most} au plus", what.french)]
        #[en("{what}: at most {most}")]
        Quota {
            /// Of what.
            what: Words,
            /// How many, or how long.
            most: usize,
        },
        /// Only drafts are deleted.
        #[fr("une révision {} ne s'efface pas : elle fait partie de l'historique", state.words().french)]
        #[en("a revision that is {} is not deleted: it is a part of the record", state.words().english)]
        Lasting {
            /// Its state.
            state: State,
        },
        /// Operations can be changed in drafts only.
        #[fr("les opérations d'une révision {} ne changent plus : dupliquez-la pour continuer", state.words().french)]
        #[en("the operations of a revision that is {} are settled: duplicate it to go on", state.words().english)]
        Settled {
            /// Its state.
            state: State,
        },
        /// What is decided for good is judged no more.
        #[fr("une révision {} ne se juge plus : commentez-la, ou dupliquez-la", state.words().french)]
        #[en("a revision that is {} is judged no more: comment on it, or duplicate it", state.words().english)]
        Closed {
            /// Its state.
            state: State,
        },
        /// There is nothing to undo or redo.
        #[fr("il n'y a rien à {}", what.french)]
        #[en("there is nothing to {what}")]
        Nothing {
            /// `undo` or `redo`.
            what: Words,
        },
        /// A text that must not be empty.
        #[fr("un texte est vide ({}) : donnez-le", what.french)]
        #[en("the {what} is empty: give one")]
        Empty {
            /// Which text.
            what: Words,
        },
        /// A history that was altered.
        #[fr("l'événement {number} de la révision « {id} » ne suit pas du précédent : la base a été altérée")]
        #[en("event {number} of revision \"{id}\" does not follow from the one before: the store was altered")]
        BrokenChain {
            /// The scenario.
            id: String,
            /// The event.
            number: u64,
        },
        /// A version that a scenario never had.
        #[fr("la révision « {id} » n'a pas de version {version} : de 1 à {last}")]
        #[en("revision \"{id}\" has no version {version}: expected 1 to {last}")]
        NoVersion {
            /// The scenario.
            id: String,
            /// The version asked for.
            version: u64,
            /// The last there is.
            last: u64,
        },
        /// A state that is not the one that was recorded.
        #[fr(
            "l'événement {number} de la révision « {id} » mène à un autre état que celui qui a été consigné : la base n'est plus ce qu'elle était"
        )]
        #[en(
            "event {number} of revision \"{id}\" leads to another state than the one recorded: the base is not what it was"
        )]
        OtherState {
            /// The scenario.
            id: String,
            /// The event.
            number: u64,
        },
        /// An event that can not be carried out again.
        #[fr("l'événement {number} de la révision « {id} » ne peut pas être refait" => source)]
        #[en("event {number} of revision \"{id}\" can not be carried out again")]
        Replay {
            /// The scenario.
            id: String,
            /// The event.
            number: u64,
            /// Why.
            source: Box<crate::revision::RevisionError>,
        },
        /// The database is of another version of the program.
        #[fr("la base de révisions a la structure {found}, ce programme lit la structure {expected}")]
        #[en("the store has layout {found}, this program reads {expected}")]
        Layout {
            /// The layout found.
            found: i64,
            /// The layout of this program.
            expected: i64,
        },
        /// An event that can not be read or written.
        #[fr("un événement de la base de révisions ne peut pas être lu ou écrit")]
        #[en("an event of the store can not be read or written")]
        Json(#[from] serde_json::Error),
        /// The database does not answer.
        #[fr("la base de révisions ne peut pas être lue ou écrite : vérifiez le fichier, ses droits et la place libre")]
        #[en("the store can not be read or written: check the file, its rights and the free space")]
        Database(#[source] DatabaseError),
    }
}

/// What the database said.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DatabaseError(Box<dyn std::error::Error + Send + Sync>);

impl DatabaseError {
    /// Takes what the database said.
    #[cfg(feature = "store")]
    pub(super) fn new(error: rusqlite::Error) -> Self {
        Self(error.into())
    }
}

#[cfg(feature = "store")]
impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let busy = Some(rusqlite::ErrorCode::DatabaseBusy);
        if error.sqlite_error_code() == busy { Self::Busy } else { Self::Database(DatabaseError::new(error)) }
    }
}
