//! Scenarios kept and shared: an embedded database (`SQLite`) of revisions with their whole history.
//!
//! Nothing is ever altered: a [`Scenario`] is what its events add up to, each event bound to the one before by a digest, and
//! the database itself refuses to change or delete one. Drafts alone may be deleted as a whole, of which a trace stays. An event that was acknowledged is on disk (rollback journal, full
//! synchronisation), and an event is there whole or not at all. Two writers can not overwrite each other: each says which
//! version it saw.
//!
//! The database is there with the feature `store`; what a scenario is and what its events do, always.
//!
//! The store knows operations, not editions: whoever appends has carried them out before. It holds no clock; times are
//! arguments.

#[cfg(feature = "store")]
mod database;
mod error;
#[cfg(feature = "store")]
mod published;
#[cfg(feature = "store")]
mod quotas;
mod replay;
mod scenario;

#[cfg(feature = "store")]
pub use database::Store;
pub use error::{DatabaseError, StoreError};
#[cfg(feature = "store")]
pub use published::Published;
#[cfg(feature = "store")]
pub use quotas::Quotas;
pub use replay::{Replayed, replay};
pub use scenario::{Event, NewScenario, Recorded, Scenario};
