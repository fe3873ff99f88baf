//! What each cell of a table is worth on another edition, where its series breaks, and what its own noise says of that.

mod check;
mod coding;
mod jumps;
mod noise;
mod reasons;
mod sums;
mod unit_counts;

#[cfg(test)]
mod check_tests;

pub use check::{CellVerdict, Check, CheckOptions, check};
pub(in crate::series) use check::{levels_and_editions, places_of_codes};
pub use coding::{Coding, CodingBasis, code_periods};
pub use jumps::{BreakShown, BreakTest, Jump, JumpShape};
pub use reasons::{ObsStatus, Reason, SeriesBreak, Verdict};
pub(in crate::series) use unit_counts::UnitCounts;
