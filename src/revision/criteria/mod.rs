//! The planning criteria of a CLSC territory: measured, graded, and what drives the grade said. Nothing fails.
//!
//! 1. [`CriteriaGrounds`] prepares, once a base, what criteria are measured against.
//! 2. Each file measures one [`Criterion`]: its value, its grade where it has one, its words. [`CRITERIA`] lists them all;
//!    text, JSON, HTTP and the file for those who decide go through that list.
//! 3. [`ClscCriteria`] is what one CLSC got.
//!
//! To add a criterion: write its file here, and its row in [`CRITERIA`].

mod compactness;
mod contiguity;
mod criterion;
mod cuts;
mod distance;
mod flows;
mod gmf;
mod grade;
mod grounds;
mod indicators;
mod measured;
mod mrc;
mod municipalities;
mod people;
mod register;
mod settings;
mod travel;

pub use criterion::{Context, Criterion, Fault};
pub use grade::Grade;
pub use grounds::CriteriaGrounds;
pub use measured::{ClscCriteria, Cut, DistanceFound, Kept, Measured, Piece, Spread, TravelFound, TravelTimes, Value};
pub use register::{CRITERIA, criterion};
pub use settings::CriteriaSettings;
