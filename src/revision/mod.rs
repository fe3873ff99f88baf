//! Revisions: operations on an edition, what they change at every level, and proposals.
//!
//! 1. An [`Operation`] moves units or changes territories; a [`Revision`] is an ordered list of them on a base edition and
//!    [`Revision::apply`] gives an edition like any other, or the reason why not. Nobody is ever left without a CLSC.
//! 2. A [`History`] is a log of numbered, dated mutations whose chain of digests is checked and from which any past state
//!    is rebuilt byte for byte.
//!
//! Pure: no clock, no file, no chance that is not seeded by the caller.

mod apply;
mod assignment;
mod changes;
mod codes;
mod draft;
mod error;
mod history;
mod operation;
mod step;
mod units;

#[cfg(test)]
mod tests;

pub use apply::{Applied, Revision, apply};
pub use assignment::{Assignment, AssignmentColumns, Coverage as AssignmentCoverage, write_assignment, write_difference};
pub use changes::{Change, MutationMode, UnknownMode};
pub use codes::{CodeChange, suggest as suggest_codes};
pub use error::{Refusal, RevisionError};
pub use history::{Digest, Entry, History, Mutation, state_bytes, state_digest};
pub use operation::{NewClsc, Operation, Parent, Parents, PublishedPeople, Transfer};
pub use units::UnitIndex;
