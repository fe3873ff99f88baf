//! Scenarios kept and shared: an embedded database (`SQLite`) of revisions with their whole history.
//!
//! Nothing is ever altered: a [`Scenario`] is what its events add up to, each event bound to the one before by a digest, and
//! the database itself refuses to change or delete one. An event that was acknowledged is on disk (rollback journal, full
//! synchronisation), and an event is there whole or not at all. Two writers can not overwrite each other: each says which
//! version it saw.
//!
//! The store knows operations, not editions: whoever appends has carried them out before. It holds no clock; times are
//! arguments.

mod database;
mod error;
mod published;
mod replay;
mod scenario;

pub use database::Store;
pub use error::StoreError;
pub use published::Published;
pub use replay::{Replayed, replay};
pub use scenario::{Comment, Event, NewScenario, Recorded, Scenario, State, UnknownState};
