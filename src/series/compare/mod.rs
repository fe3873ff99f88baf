//! Two editions compared on what both share: units joined, added up by territory, classified, paired, guarded.

mod apportion;
mod changes;
mod comparable;
mod composition;
mod crosswalk;
mod guard;
mod join;
mod overlap;
mod timeline;

#[cfg(test)]
mod change_tests;
#[cfg(test)]
mod sketch;

pub use apportion::share_out;
pub use changes::{Changes, Flow, ParentChange, TerritoryChange};
pub use comparable::{Comparable, comparable_territories};
pub use composition::{Composition, CompositionRow, compare_composition};
pub(in crate::series) use crosswalk::source_weights;
pub use crosswalk::{Crosswalk, CrosswalkRow, TargetQuality, Weight};
pub use guard::{Deduction, GuardOptions, find_deducible, guard_table};
pub use join::{
    Basis, CorrespondenceRow, FileWeights, JoinReport, Piece, UnitJoin, UnitWeights, read_correspondence,
    read_unit_weights,
};
pub(in crate::series) use overlap::LevelView;
pub use overlap::{Overlap, Part};
#[cfg(test)]
pub(in crate::series) use sketch::edition;
pub use timeline::{Timeline, TimelineEdition};
