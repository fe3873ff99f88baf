//! What became of every territory between two editions: the one classifier of change.
//!
//! 1. [`Flows`]: the units and people that each older territory shares with each newer one.
//! 2. [`Identity`]: which newer territory goes on with which older one. In this order: they hold the very same units; they
//!    bear the same code and share a unit; each holds most of the other's people (units, where nobody lives).
//! 3. [`Comparison`]: the class of each territory's change at every level, the parents that are others than before, the
//!    modes of the mutation, and who is affected.
//! 4. [`Changes`]: all of it for one level, territory by territory.
//!
//! Decided on sets of units and their people, never on outlines: a limit drawn again is no change. Revisions, series, the
//! file for those who decide, tables and HTTP all read their answers off the same [`Comparison`].
//!
//! Pure: no file, no clock, no geometry.

mod above;
mod class;
mod comparison;
mod flows;
mod identity;
mod territory;

#[cfg(test)]
mod tests;

pub use comparison::{Comparison, Pair};
pub use flows::{Flows, Shared};
pub use identity::Identity;
pub use territory::{Changes, Exchange, ParentChange, TerritoryChange};
