//! What a revision breaks in a series, and how to bridge it.
//!
//! Everything is decided on sets of units and the people in them, never on outlines: an edition drawn again, in another
//! projection or simplified, is no change. Pure: editions and bytes in, findings and values out.
//!
//! Two editions:
//! 1. [`UnitJoin`]: the units both share, or the pieces that two censuses' units are cut into;
//! 2. [`Overlap`]: the same pieces added up by territory, the graph every answer below is read off;
//! 3. [`Changes`]: the class of each territory's change; [`Crosswalk`]: weighted pairs; [`comparable_territories`]: the
//!    finest territories that never changed; [`find_deducible`]: small counts that both limits together give away.
//!
//! A table of values:
//! 1. [`Table::read`]: cells and findings, each with its line and column;
//! 2. [`code_periods`]: the edition each period is coded in;
//! 3. [`check`]: a verdict for every cell, breaks, and what the series' own noise says of them;
//! 4. [`bridge`]: the whole table on one edition, exact where it can be, with an interval where it can not;
//! 5. [`report`]: all of it on one page.

mod apportion;
mod bridge;
mod bridge_parts;
mod changes;
mod charts;
mod check;
mod codes;
mod coding;
mod comparable;
mod composition;
mod crosswalk;
mod finding_words;
mod french;
mod guard;
mod interval;
mod join;
mod jumps;
mod layout;
mod numbers;
mod overlap;
mod read;
mod report;
mod student;
mod sums;
mod table;
mod text;
mod timeline;
mod verdict;
mod words;

#[cfg(test)]
mod bad_input_tests;
#[cfg(test)]
mod bridge_tests;
#[cfg(test)]
mod change_tests;
#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod sketch;

pub use crate::domain::{ChangeClass, MutationMode, OnsLetter};
pub use apportion::share_out;
pub use bridge::{Bridge, BridgeOptions, BridgedCell, Conservation, bridge};
pub use bridge_parts::{Method, Refusal};
pub use changes::{Changes, Flow, ParentChange, TerritoryChange};
pub use check::{CellVerdict, Check, CheckOptions, check};
pub use coding::{Coding, CodingBasis, code_periods};
pub use comparable::{Comparable, comparable_territories};
pub use composition::{Composition, CompositionRow, compare_composition};
pub use crosswalk::{Crosswalk, CrosswalkRow, TargetQuality, Weight};
pub use guard::{Deduction, GuardOptions, find_deducible, guard_table};
pub use interval::{Heterogeneity, Interval, ShareSpread, spread_interval};
pub use join::{
    Basis, CorrespondenceRow, FileWeights, JoinReport, Piece, UnitJoin, UnitWeights, read_correspondence,
    read_unit_weights,
};
pub use jumps::{BreakShown, BreakTest, Jump};
pub use overlap::{Overlap, Part};
pub use read::TableOptions;
pub use report::report;
pub use table::{Cell, Measure, Period, SeriesFinding, SeriesFindingKind, SeriesKey, Table, TableCounts, Total, Value};
pub use timeline::{Timeline, TimelineEdition};
pub use verdict::{ObsStatus, Reason, SeriesBreak, Verdict};

use crate::domain::{Level, Words};

/// Why a series could not be read, compared or bridged.
#[derive(Debug, thiserror::Error)]
pub enum SeriesError {
    /// A level that has no territories of its own.
    #[error("level \"{level}\" holds units, not territories: expected one of clsc, rls, rts, rss, ruisss")]
    NotTerritorial {
        /// The level asked for.
        level: Level,
    },
    /// An edition whose units are not those of the join.
    #[error("edition \"{edition}\" has {found} units, but what it is compared on has {expected}")]
    UnitCount {
        /// The edition.
        edition: String,
        /// Units it has.
        found: usize,
        /// Units expected.
        expected: usize,
    },
    /// Two editions over different units and nothing that joins them.
    #[error(
        "editions \"{from}\" and \"{to}\" are over different units: give the correspondence of dissemination areas \
         between the two censuses"
    )]
    NoJoin {
        /// The first edition.
        from: String,
        /// The second edition.
        to: String,
    },
    /// An edition the timeline does not hold.
    #[error("unknown edition \"{id}\": expected one of {known}")]
    UnknownEdition {
        /// The edition asked for.
        id: String,
        /// Those there are.
        known: String,
    },
    /// Weights asked for that nothing counts.
    #[error("no {basis} are counted by unit here: {}", missing_weights(basis))]
    NoWeights {
        /// What was asked for.
        basis: &'static str,
    },
    /// A weight that is no number of 0 or more.
    #[error("line {line}: weight \"{found}\" of unit \"{unit}\" is not a number of 0 or more")]
    BadWeight {
        /// The unit.
        unit: String,
        /// The text as given.
        found: String,
        /// The line.
        line: u64,
    },
    /// A table without a column it can not do without.
    #[error("no column for {wanted}: name one so in the first line")]
    MissingColumn {
        /// What the column is called.
        wanted: Words,
    },
    /// A header given twice for one role.
    #[error("columns \"{first}\" and \"{second}\" both hold the {role}: keep one")]
    RepeatedColumn {
        /// What both hold.
        role: Words,
        /// The first header.
        first: String,
        /// The second header.
        second: String,
    },
    /// Two crosswalks that do not meet.
    #[error("the first crosswalk ends at edition \"{first_to}\", the second starts at \"{second_from}\"")]
    Disjoint {
        /// Where the first ends.
        first_to: String,
        /// Where the second starts.
        second_from: String,
    },
    /// A text that is no table.
    #[error("the table can not be read")]
    Csv(#[from] csv::Error),
}

/// What is missing for a basis, and what to do.
fn missing_weights(basis: &str) -> &'static str {
    match basis {
        "addresses" => {
            "the atlas has no address registry; give a file of weights by unit (--weights FILE), or an atlas made with addresses"
        }
        "dwellings" => "no atlas holds dwellings; give a file of dwellings by unit (--weights FILE)",
        "file" => {
            "every weight of the file is 0 or of a unit that is not here; give a file with the units of the atlas"
        }
        _ => "weigh by area, or give a file of weights by unit (--weights FILE)",
    }
}
