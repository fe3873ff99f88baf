//! Two editions compared on what both share: units joined, added up by territory, classified, paired, guarded.

mod apportion;
mod changes;
mod comparable;
mod composition;
mod crosswalk;
mod dated;
mod guard;
mod join;
mod overlap;
mod through;
mod timeline;
mod unit_weights;

#[cfg(test)]
mod change_tests;
#[cfg(test)]
mod sketch;

pub use apportion::share_out;
pub use changes::classify_changes;
pub(in crate::series) use comparable::Groups;
pub use comparable::{Comparable, comparable_territories};
pub use composition::{Composition, CompositionRow, compare_composition};
pub(in crate::series) use crosswalk::source_weights;
pub use crosswalk::{Crosswalk, CrosswalkRow, TargetQuality, Weight};
pub(in crate::series) use dated::weights_on;
pub use dated::{DatedWeights, Distance};
pub use guard::{Between, Deduction, GuardOptions, Guarded, NOT_LOOKED_AT, find_deducible, guard_table};
pub use join::{
    Basis, CORRESPONDENCE_WORDS, CorrespondenceRow, JoinReport, JoinSide, Piece, UnitJoin, UnitWeights,
    read_correspondence,
};
pub(in crate::series) use overlap::LevelView;
pub use overlap::{Overlap, Part};
#[cfg(test)]
pub(in crate::series) use sketch::edition;
pub(in crate::series) use through::{Through, nested};
pub use timeline::{Timeline, TimelineEdition};
pub use unit_weights::{FileWeights, WEIGHT_WORDS, read_unit_weights};
