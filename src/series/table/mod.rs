//! A table of values as people send it, read: cells, periods, series, and all that was found wrong with it.

mod cells;
mod codes;
mod layout;
mod numbers;
mod read;
mod text;
mod words;

#[cfg(test)]
mod bad_input_tests;

pub use cells::{Cell, Measure, Period, SeriesFinding, SeriesFindingKind, SeriesKey, Table, TableCounts, Total, Value};
pub use read::TableOptions;
pub(in crate::series) use text::{Sheet, decode};
