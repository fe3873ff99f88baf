//! A whole table on one geography.
//!
//! For each indicator (all its sexes and age groups together), period and level, and each territory of the wanted edition:
//! 1. the same territory: its published value stands;
//! 2. counts by unit that add up to what was published: added up again, exact;
//! 3. whole territories only: added up, exact;
//! 4. otherwise each source's count is shared out among its targets in proportion to the weights of the value's year, in whole
//!    numbers by largest remainder, so that nothing is lost or made; the value is an estimate with its interval;
//! 5. above the finest level that the table gives, a territory whose limits changed is the sum of its territories below: so
//!    levels agree, and a whole CLSC that changes parent is exact;
//! 6. a source withheld or missing makes its targets withheld; a median, or a rate without denominator, is refused.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use super::family::families;
use super::interval::{Heterogeneity, Interval};
use super::method::{Method, Refusal};
use super::plan::{Plan, ThroughPlan, UnitSides};
use super::worker::Worker;
use crate::domain::Level;
use crate::series::SeriesError;
use crate::series::compare::{Basis, Distance, Timeline, nested};
use crate::series::table::{Measure, SeriesFinding, SeriesFindingKind, Table};
use crate::series::verdict::{Coding, ObsStatus, UnitCounts, code_periods, levels_and_editions, places_of_codes};

/// How a table is bridged.
#[derive(Debug, Clone, PartialEq)]
pub struct BridgeOptions<'a> {
    /// Editions of periods (labels or years), where given.
    pub coded_in: BTreeMap<String, String>,
    /// Counts by unit, where given: a table of level `da`.
    pub by_unit: Option<&'a Table>,
    /// Identifiers of the units of the wanted edition, in order; needed with `by_unit`.
    pub units: &'a [String],
    /// What values are shared by.
    pub basis: Basis,
    /// People (or other denominator) that rates are said of, such as 100,000. Of a table of rates by default what it says, else the smallest of
    /// 1, 100, 1,000, 10,000 and 100,000 that no rate of its series exceeds; of counts by default 1.
    pub rate_per: Option<f64>,
    /// Whether intervals hold what chance does to counts as well: what another year of the same risk could have given.
    pub chance: bool,
}

impl Default for BridgeOptions<'_> {
    fn default() -> Self {
        Self {
            coded_in: BTreeMap::new(),
            by_unit: None,
            units: &[],
            basis: Basis::Population,
            rate_per: None,
            chance: false,
        }
    }
}

/// A value on the wanted edition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BridgedCell {
    /// Place in [`Table::series`].
    pub series: u32,
    /// The level.
    pub level: Level,
    /// Place in [`Table::periods`].
    pub period: u16,
    /// Place of the territory in the wanted edition's list of the level.
    pub territory: u16,
    /// The value; none where it is withheld or refused.
    pub value: Option<f64>,
    /// Decimals of the value.
    pub decimals: u8,
    /// The denominator.
    pub denominator: Option<f64>,
    /// Count over denominator, for counts with one, times [`BridgeOptions::rate_per`].
    pub rate: Option<f64>,
    /// 95 % interval of the value, for estimates; for all counts where chance is asked for.
    pub interval: Option<Interval>,
    /// 95 % interval of the rate of a count, for estimates; for all where chance is asked for.
    pub rate_interval: Option<Interval>,
    /// How it was made.
    pub method: Method,
    /// SDMX observation status.
    pub status: ObsStatus,
    /// Why there is no value, as a place in [`Bridge::refusals`].
    pub refusal: Option<u32>,
}

/// What became of the total of a series in one period at one level, in units of its last decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Conservation {
    /// Place in [`Table::series`].
    pub series: u32,
    /// The level.
    pub level: Level,
    /// Place in [`Table::periods`].
    pub period: u16,
    /// Sum of the numbers of the table.
    pub before: i64,
    /// Sum of the numbers bridged.
    pub after: i64,
    /// Parts that fell in targets withheld or refused.
    pub withheld: i64,
    /// Numbers under codes that the period's edition does not hold, or without edition.
    pub unplaced: i64,
    /// What the published values of territories whose limits changed have more than those of the level below, whose sums
    /// took their place; 0 where the table's levels agree.
    pub levels_differ: i64,
}

/// How far shares were taken to drift from the date of the weights, for estimates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DriftUsed {
    /// Place in [`Table::series`].
    pub series: u32,
    /// The level.
    pub level: Level,
    /// Place in [`Table::periods`].
    pub period: u16,
    /// How far the period is from the weights.
    #[serde(flatten)]
    pub distance: Distance,
    /// Standard deviation of the logarithm of growth on one side of a limit, at the usual size.
    pub deviation: f64,
    /// Pairs of neighbours of the table it was read off; 0 where it is what the past of Québec's CLSC leads to expect.
    pub pairs: usize,
}

/// A table on one edition.
#[derive(Debug, Clone, PartialEq)]
pub struct Bridge {
    /// The wanted edition.
    pub target: String,
    /// The edition of each period.
    pub codings: Vec<Coding>,
    /// Values in order of series, level, period, territory.
    pub cells: Vec<BridgedCell>,
    /// Why some have none.
    pub refusals: Vec<Refusal>,
    /// Totals of counts; `before = after + withheld + unplaced + levels_differ` always.
    pub conservation: Vec<Conservation>,
    /// How much rates differ, by series and level: what intervals rest on.
    pub heterogeneity: Vec<(u32, Level, Heterogeneity)>,
    /// How far shares drift, by series, level and period in which something is estimated: what intervals rest on.
    pub drifts: Vec<DriftUsed>,
    /// What was found.
    pub findings: Vec<SeriesFinding>,
    /// How many findings of each kind are not listed.
    pub findings_beyond: BTreeMap<SeriesFindingKind, u64>,
}

impl Conservation {
    /// Whether nothing was lost or made.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.before == self.after + self.withheld + self.unplaced + self.levels_differ
    }
}

/// Puts a whole table on the edition at `target` in the timeline.
///
/// # Errors
/// [`SeriesError::UnknownEdition`], [`SeriesError::NoJoin`], [`SeriesError::NoWeights`]; [`SeriesError::NoRates`] where rates
/// are asked for and the table has neither rates nor denominators, [`SeriesError::RatePerDiffers`] where it says otherwise.
pub fn bridge(
    table: &Table,
    timeline: &Timeline,
    target: usize,
    options: &BridgeOptions,
) -> Result<Bridge, SeriesError> {
    if options.rate_per.is_some()
        && table.series.iter().all(|key| key.measure != Measure::Rate)
        && table.cells.iter().all(|cell| cell.denominator.is_none())
    {
        return Err(SeriesError::NoRates);
    }
    if let Some((asked, stated)) = options.rate_per.zip(table.rate_per)
        && (asked - stated).abs() > 1e-9
        && table.series.iter().any(|key| key.measure == Measure::Rate)
    {
        return Err(SeriesError::RatePerDiffers { asked, stated });
    }
    let (codings, mut findings) = code_periods(table, timeline, &options.coded_in)?;
    let hierarchy = |edition: usize| &timeline.editions[edition].edition.hierarchy;
    let mut plans = HashMap::new();
    let mut unit_sides = HashMap::new();
    let pairs = levels_and_editions(table, &codings);
    for &(edition, level) in &pairs {
        let overlap = timeline.overlap(level, edition, target)?;
        if overlap.parts.iter().all(|part| part.weight(options.basis) <= 0.0) {
            return Err(SeriesError::NoWeights { basis: options.basis.as_str() });
        }
        let overlap = if options.basis == Basis::Population { overlap.peopled().into() } else { overlap };
        let places = places_of_codes(table, timeline, edition, level);
        let parent = neighbours_of(hierarchy(target), level);
        plans.insert((edition, level), Plan::new(overlap, places, parent, options.basis));
        if options.by_unit.is_some() {
            unit_sides.insert((edition, level), UnitSides::new(timeline, edition, target, level)?);
        }
    }
    let mut throughs = HashMap::new();
    for &(edition, below) in &pairs {
        for &(_, level) in pairs.iter().filter(|&&(other, level)| other == edition && level > below) {
            let editions = (hierarchy(edition), hierarchy(target));
            let both = (&plans[&(edition, below)], &plans[&(edition, level)]);
            if let Some(through) = ThroughPlan::new(editions, both, (below, level), options.basis) {
                throughs.insert((edition, below, level), through);
            }
        }
    }
    let worker = Worker {
        table,
        codings: &codings,
        plans: &plans,
        throughs: &throughs,
        unit_sides: &unit_sides,
        units: UnitCounts::of(options.by_unit, options.units),
        wanted: timeline.editions[target].edition.header.valid_from,
        options,
        groups: super::worker::groups_by_series(table),
    };
    let families = families(&table.series);
    let made: Vec<_> = families.par_iter().map(|family| worker.family(family)).collect();
    let mut all = Bridge {
        target: timeline.editions[target].edition.header.id.clone(),
        cells: Vec::with_capacity(made.iter().map(|made| made.cells.len()).sum()),
        refusals: Vec::new(),
        conservation: Vec::new(),
        heterogeneity: Vec::new(),
        drifts: Vec::new(),
        findings: Vec::new(),
        findings_beyond: BTreeMap::new(),
        codings: Vec::new(),
    };
    for made in made {
        let offset = all.refusals.len() as u32;
        all.cells.extend(
            made.cells
                .into_iter()
                .map(|cell| BridgedCell { refusal: cell.refusal.map(|refusal| refusal + offset), ..cell }),
        );
        all.refusals.extend(made.refusals);
        all.conservation.extend(made.conservation);
        all.heterogeneity.extend(made.heterogeneity);
        all.drifts.extend(made.drifts);
        findings.extend(made.findings);
    }
    all.cells.sort_by_key(|cell| (cell.series, cell.level, cell.period, cell.territory));
    all.conservation.sort_by_key(|kept| (kept.series, kept.level, kept.period));
    all.heterogeneity.sort_by_key(|&(series, level, _)| (series, level));
    all.drifts.sort_by_key(|used| (used.series, used.level, used.period));
    (all.findings, all.findings_beyond) = findings.into_parts();
    all.codings = codings;
    Ok(all)
}

/// The territory in which each territory of a level has its neighbours: its RTS, or its RSS for a RTS; one for all above.
fn neighbours_of(hierarchy: &crate::domain::Hierarchy, level: Level) -> Vec<u16> {
    let above = match level {
        Level::Clsc | Level::Rls => Some(Level::Rts),
        Level::Rts => Some(Level::Rss),
        _ => None,
    };
    above
        .and_then(|above| nested(hierarchy, level, above))
        .unwrap_or_else(|| vec![0; hierarchy.territories(level).len()])
}
