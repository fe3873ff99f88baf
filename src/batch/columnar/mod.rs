//! Columns in, columns out: the rows of Arrow record batches answered without a row of cells between.
//!
//! 1. [`Attacher::open`] looks at a schema and refuses what can not be served, before the first row;
//! 2. [`Attacher::run`] cuts batches into pieces, answers them on as many threads as it is given, and hands them on in order, with
//!    the added columns behind the user's own.
//!
//! A position that is plainly a number in Québec, which nearly all are, goes through the point index together with thousands
//! of others, and its columns are keys of dictionaries made once ([`Dictionary`](dictionary)). Every other row is asked about by the
//! questions of delimited text, value by value, so that the same values have the same answers whatever they came in.

mod added;
mod attach;
mod cells;
mod coordinates;
mod dictionary;
mod kernel;
mod points;
mod text;

pub use attach::Attacher;
pub use text::csv_of;

pub(super) use cells::has_cell;
pub(super) use kernel::{Kernel, Room, answer_row, cell};
pub(super) use points::Geometry;
