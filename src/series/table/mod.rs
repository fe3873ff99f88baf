//! A table of values as people send it, read: cells, periods, series, and all that was found wrong with it.

mod cells;
mod codes;
mod findings;
mod layout;
mod numbers;
mod read;
mod text;
mod words;

#[cfg(test)]
mod bad_input_tests;
#[cfg(test)]
mod meaning_tests;

/// Most periods of a table.
pub const MOST_PERIODS: usize = 10_000;
/// Most periods times codes of a table.
pub const MOST_PLACES: usize = 50_000_000;

pub use cells::{Cell, Measure, Period, SeriesFinding, SeriesFindingKind, SeriesKey, Table, TableCounts, Total, Value};
pub use findings::{Findings, MOST_FINDINGS};
pub use read::TableOptions;
pub(in crate::series) use text::{Sheet, decode};
pub use words::known_columns;
pub(in crate::series) use words::means_all;
