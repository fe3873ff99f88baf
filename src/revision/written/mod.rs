//! Revisions as people write them: the form of every operation, faults told all at once, units named by what they lie in,
//! and a file to start from.
//!
//! 1. [`FORMS`] lists every operation with its fields; documents, help and messages read it.
//! 2. [`Written`] is a text or JSON that was held against the forms: what is wrong is told with its place, everything at
//!    once ([`WrittenFault`]).
//! 3. A [`Selection`] names units by their CLSC, municipality, MRC, census tract, side of a line, polygon or list;
//!    [`UnitChooser`] says which they are.
//! 4. [`template`] writes a revision to start from, with an example of each operation that can be carried out.

mod chooser;
mod example;
mod form;
mod node;
mod select;
mod template;
mod text;

#[cfg(test)]
mod tests;

pub use chooser::{NoFiles, UnitChooser, UnitFiles};
pub use example::{Example, examples};
pub use form::{FORMS, Field, Form, HEADER, Kind, SELECTION, form};
pub use select::{Line, Rings, Selection, Shape};
pub use template::{Template, operations_help, template};
pub use text::{Written, WrittenFault};
