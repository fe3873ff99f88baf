//! Every table that the program reads: bytes to rows of text, columns by their names, codes and numbers as people leave them.
//!
//! It knows what a table is, not what its rows are about: what attaches, counts or places something is read by the folders
//! above. What makes a file useless is a [`TableError`]; what is wrong with a row is a
//! [`Finding`](crate::domain::Finding).
//!
//! - [`Table`]: a table in memory; [`Row`]: one row and the line it stands on.
//! - [`Kind`]: what bytes are, by the first of them.
//! - [`Encoding`]: labels and bytes that name encodings; text of bytes.
//! - `dialect`, `split`: separators, titles above the header, quotes, line ends.
//! - `workbook`, `cell`: Excel and `OpenDocument`. `dbf`: dBase. `gzip`: what is packed.
//! - `synonyms`, `columns`: the names under which things are known; [`ColumnsUsed`]: which were used.
//! - `codes`, `numbers`: identifiers, codes and numbers as spreadsheets and data frames leave them.

pub(crate) mod cell;
pub(crate) mod codes;
mod column_map;
pub(crate) mod columns;
mod columns_used;
pub(crate) mod dbf;
pub(crate) mod degrees;
pub(crate) mod dialect;
pub(crate) mod encoding;
mod error;
pub(crate) mod file;
mod guard;
pub(crate) mod gzip;
pub(crate) mod numbers;
pub(crate) mod recognise;
pub(crate) mod repairs;
pub(crate) mod rows;
pub(crate) mod split;
pub(crate) mod stream;
pub(crate) mod synonyms;
pub(crate) mod workbook;

pub use codes::Repair;
pub use column_map::{ColumnMap, ColumnMapError};
pub use columns_used::ColumnsUsed;
pub use encoding::Encoding;
pub use error::TableError;
pub use file::read_text;
pub(crate) use guard::guarded;
pub use guard::is_guarded;
pub use recognise::Kind;
pub use rows::{Flaw, ReadOptions, Row, Table};
