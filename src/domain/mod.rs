//! The nouns of the field and their invariants.
//!
//! No input or output, no geometry algorithm: only what a level, a code, a territory, an attachment and an edition
//! are, and what must hold of them. Everything else in the crate speaks in these terms.

mod attachment;
mod bilingual;
mod change;
mod code;
mod date;
mod edition;
mod finding;
pub mod grid;
mod hierarchy;
mod index;
mod installation;
mod language;
mod level;
mod lon_lat;
mod term;
mod timestamp;
mod unit;
mod words;

pub use attachment::{AttachmentError, AttachmentTable, Share, Straddle};
pub use bilingual::{BoxedError, French, english, untranslated};
pub use bilingual::{BoxedError as Told, untranslated as foreign};
pub(crate) use bilingual::{Cause, InFrench, Untranslated, errors, in_french};
pub use change::{ChangeClass, MutationMode, OnsLetter, UnknownMode};
pub use code::{CodeError, TerritoryCode};
pub use date::{Date, DateError, year_in};
pub use edition::{DatedEdition, Edition, EditionChoice, EditionError, EditionHeader, Validity, choose_edition};
pub use finding::{Finding, FindingKind, Place, Severity};
pub use hierarchy::{Hierarchy, HierarchyError, HierarchyRow, Lineage, NestingBreak, Territory};
pub use index::TerritoryIndex;
pub use installation::Installation;
pub use language::Language;
pub use level::{Level, UnknownLevel};
pub use lon_lat::{LonLat, LonLatError};
pub use term::Term;
pub use timestamp::Timestamp;
pub use unit::{UnitId, UnitKind, UnitRecord};
pub use words::Words;
pub(crate) use words::both;
