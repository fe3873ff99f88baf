//! Every table that the program reads: bytes to rows of text, columns by their names, codes and numbers as people leave them.
//!
//! It knows what a table is, not what its rows are about: what attaches, counts or places something is read by the folders
//! above. What makes a file useless is a [`TableError`]; what is wrong with a row is a
//! [`Finding`](crate::domain::Finding).
//!
//! - [`Table`]: a table in memory; [`Row`]: one row and the line it stands on.
//! - [`Encoding`]: labels and bytes that name encodings; text of bytes.
//! - `columns`: the names under which things are known.
//! - `dbf`: dBase tables.

pub(crate) mod columns;
pub(crate) mod dbf;
pub(crate) mod encoding;
mod error;
pub(crate) mod file;
pub(crate) mod rows;

pub use encoding::Encoding;
pub use error::TableError;
pub use rows::{Row, Table};
