//! What a revision breaks in a series, and how to bridge it.
//!
//! Everything is decided on sets of units and the people in them, never on outlines: an edition drawn again, in another
//! projection or simplified, is no change. Pure: editions and bytes in, findings and values out.
//!
//! Two editions:
//! 1. [`UnitJoin`]: the units both share, or the pieces that two censuses' units are cut into;
//! 2. [`Overlap`]: the same pieces added up by territory, the graph every answer below is read off;
//! 3. [`Changes`]: the class of each territory's change (see [`crate::change`]); [`Crosswalk`]: weighted pairs; [`comparable_territories`]: the
//!    finest territories that never changed; [`find_deducible`]: small counts that both limits together give away.
//!
//! A table of values:
//! 1. [`Table::read`]: cells and findings, each with its line and column;
//! 2. [`code_periods`]: the edition each period is coded in;
//! 3. [`check`]: a verdict for every cell, breaks, and what the series' own noise says of them;
//! 4. [`bridge`]: the whole table on one edition, exact where it can be, with an interval where it can not;
//! 5. [`report`]: all of it on one page.

mod bridge;
mod compare;
mod distributions;
mod error;
mod report;
mod table;
mod verdict;

pub use crate::change::{Changes, Exchange, ParentChange, TerritoryChange};
pub use crate::domain::{ChangeClass, MutationMode, OnsLetter};
pub use bridge::{
    Bridge, BridgeOptions, BridgedCell, Conservation, DriftUsed, Heterogeneity, Interval, Method, Refusal, ShareSpread,
    StandardPopulation, StandardisedRate, bridge, spread_interval, standardise,
};
pub use compare::{
    Basis, Between, CORRESPONDENCE_WORDS, Comparable, Composition, CompositionRow, CorrespondenceRow, Crosswalk,
    CrosswalkRow, DatedWeights, Deduction, Distance, FileWeights, GuardOptions, Guarded, JoinReport, JoinSide,
    NOT_LOOKED_AT, Overlap, Part, Piece, TargetQuality, Timeline, TimelineEdition, UnitJoin, UnitWeights, WEIGHT_WORDS,
    Weight, classify_changes, comparable_territories, compare_composition, find_deducible, guard_table,
    read_correspondence, read_unit_weights, share_out,
};
pub use error::SeriesError;
pub use report::report;
pub use table::{
    COLUMN_WORDS, Cell, Findings, KnownCodes, MOST_FINDINGS, Measure, Period, SeriesFinding, SeriesFindingKind,
    SeriesKey, Table, TableCounts, TableOptions, Total, Value, known_columns,
};
pub use verdict::{
    BreakShown, BreakTest, CellVerdict, Check, CheckOptions, Coding, CodingBasis, Jump, JumpShape, ObsStatus, Reason,
    SeriesBreak, Verdict, check, code_periods,
};
