//! A table of values as people send it, read: cells, periods, series, and all that was found wrong with it.

mod cells;
mod codes;
mod findings;
mod layout;
mod read;
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
pub use codes::Known as KnownCodes;
pub use findings::{Findings, MOST_FINDINGS};
pub use layout::COLUMN_WORDS;
pub use read::TableOptions;
pub use words::known_columns;
pub(in crate::series) use words::means_all;
