//! Which edition answers: one place for the atlas, the revisions that a store keeps, and revisions that stand in files.
//!
//! 1. A [`Catalogue`] joins an atlas to a store, where there is one, and to revisions of files ([`Catalogue::add`]).
//! 2. [`Catalogue::timetable`] tells the editions as they are known at one moment, each with the days on which it holds; a
//!    [`Timetable`] is asked once for a question, a body of questions or a file, so that all of it has one answer.
//! 3. [`Timetable::choose`] gives the edition that an [`EditionChoice`](crate::domain::EditionChoice) means. Where nothing is
//!    named that is **the edition in force on the day of the question**, never one published for a later day; `latest` asks for
//!    the newest. Where every edition begins later, the first one answers and says so: nobody is left without a CLSC.
//! 4. A [`CatalogueEdition`] answers questions and holds what is made of an edition once; an [`EditionSet`] answers the rows of
//!    a file; a [`Comparison`] joins several editions, over the same units or not, for [`series`](crate::series).
//!
//! Of two editions that begin on one day, that of the atlas holds. A published revision never changes, and what another
//! process publishes is seen by the next timetable. Nothing here reads a clock: days and times are arguments.

mod assembly;
mod change_rows;
mod comparison;
mod comparison_error;
mod edition;
mod edition_list;
mod edition_set;
mod error;
mod files;
mod impact;
#[cfg(feature = "store")]
mod kept;
mod overlay;
#[cfg(feature = "arrow")]
mod record_batches;
mod series_exports;
mod timetable;
mod value_rows;

pub use assembly::Catalogue;
pub use change_rows::{
    ChangesAnswer, CommonAnswer, CrosswalkAnswer, write_changes_csv, write_common_csv, write_crosswalk_csv,
};
pub use comparison::{Comparison, Joined, WeightYears};
pub use comparison_error::CompareError;
pub use edition::{CatalogueEdition, RevisedEdition};
pub use edition_list::{EditionList, parse_editions};
pub use edition_set::EditionSet;
pub use error::CatalogueError;
pub use files::{ReadOperations, ReadRevision, within};
pub use impact::ImpactBase;
#[cfg(feature = "store")]
pub use kept::KeptRevisions;
pub use overlay::{OverlayReport, join_by_overlay};
#[cfg(feature = "arrow")]
pub use record_batches::{bridge_batch, check_batch, crosswalk_batch, csv_batch};
pub use series_exports::{write_bridge_sdmx, write_standardised_csv};
pub use timetable::{PublishedRevision, Timetable};
pub use value_rows::{BridgeAnswer, CheckAnswer, bridged_text, write_bridge_csv, write_check_csv};
