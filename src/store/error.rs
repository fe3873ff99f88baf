//! What can go wrong in the store.

use super::State;

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
        expected: String,
    },
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
        what: &'static str,
    },
    /// A text that must not be empty.
    #[error("the {what} is empty: give one")]
    Empty {
        /// Which text.
        what: &'static str,
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
