//! A verdict for every cell of a table.
//!
//! 1. [`code_periods`]: the edition of each period;
//! 2. for each edition and level, what becomes of each code on the wanted edition (`Outlook`);
//! 3. each cell: its code's outlook, then what its own value and its neighbours' allow; above the finest level that a series has
//!    in a period, what the level below allows, of which the bridge makes its sums;
//! 4. the series' own noise: jumps without a break, breaks without a jump.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use super::coding::{Coding, code_periods};
use super::jumps::{BreakTest, Jump, JumpSearch};
use super::reasons::{ObsStatus, Reason, SeriesBreak, Verdict};
use super::sums::check_sums;
use super::unit_counts::UnitCounts;
use crate::domain::Level;
use crate::series::SeriesError;
use crate::series::compare::{Overlap, Through, Timeline};
use crate::series::table::{Cell, Measure, SeriesFinding, SeriesFindingKind, Table};

/// How a table is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckOptions<'a> {
    /// Editions of periods (labels or years), where given.
    pub coded_in: BTreeMap<String, String>,
    /// Counts by unit, where given: a table of level `da`.
    pub by_unit: Option<&'a Table>,
    /// Identifiers of the units of the wanted edition, in order; needed with `by_unit`.
    pub units: &'a [String],
    /// Expected part of false ones among the jumps reported (Benjamini and Hochberg).
    pub false_discovery_rate: f64,
}

impl Default for CheckOptions<'_> {
    fn default() -> Self {
        Self { coded_in: BTreeMap::new(), by_unit: None, units: &[], false_discovery_rate: 0.01 }
    }
}

/// What is said of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CellVerdict {
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// SDMX observation status of the value as published.
    pub status: ObsStatus,
    /// SDMX `OBS_PRE_BREAK`: at a break, the value on the limits of the period before, by people.
    pub pre_break: Option<f64>,
    /// The break between the cell's edition and the wanted one, as a place in [`Check::breaks`].
    pub break_at: Option<u32>,
}

/// What was found of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// The edition values are wanted on.
    pub target: String,
    /// The edition of each period, in the order of periods.
    pub codings: Vec<Coding>,
    /// One a cell, in the order of [`Table::cells`].
    pub verdicts: Vec<CellVerdict>,
    /// Territories whose limits differ.
    pub breaks: Vec<SeriesBreak>,
    /// Jumps that no break explains.
    pub jumps: Vec<Jump>,
    /// Whether values show the breaks.
    pub tests: Vec<BreakTest>,
    /// Differences tested.
    pub differences_tested: usize,
    /// Sums of a level above from its CLSC that were checked.
    pub sums_checked: usize,
    /// What was found, those of the table not repeated.
    pub findings: Vec<SeriesFinding>,
    /// How many findings of each kind are not listed.
    pub findings_beyond: BTreeMap<SeriesFindingKind, u64>,
}

/// What becomes of a source's people on the wanted edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Same,
    Whole(u16),
    Cut,
}

/// What becomes of each territory of an edition and level on the wanted edition.
struct Outlook {
    place_of_code: Vec<Option<u16>>,
    fates: Vec<Fate>,
    break_at: Vec<Option<u32>>,
    overlap: std::sync::Arc<Overlap>,
}

impl Check {
    /// How many cells got each verdict.
    #[must_use]
    pub fn counts(&self) -> [(Verdict, usize); 4] {
        [Verdict::Unaffected, Verdict::Exact, Verdict::Estimated, Verdict::Irrecoverable]
            .map(|verdict| (verdict, self.verdicts.iter().filter(|cell| cell.verdict == verdict).count()))
    }
}

/// Gives every cell its verdict on the edition at `target` in the timeline.
///
/// # Errors
/// [`SeriesError::UnknownEdition`], [`SeriesError::NoJoin`].
pub fn check(table: &Table, timeline: &Timeline, target: usize, options: &CheckOptions) -> Result<Check, SeriesError> {
    let (codings, mut findings) = code_periods(table, timeline, &options.coded_in)?;
    let units = UnitCounts::of(options.by_unit, options.units);
    let mut breaks = Vec::new();
    let mut outlooks: HashMap<(usize, Level), Outlook> = HashMap::new();
    for (edition, level) in levels_and_editions(table, &codings) {
        let outlook = outlook(table, timeline, (edition, target), level, &mut breaks)?;
        outlooks.insert((edition, level), outlook);
    }
    let throughs = throughs(timeline, target, &outlooks);
    let finest = finest_groups(table);
    let mut steps: HashMap<(usize, usize, Level), Step> = HashMap::new();
    for pair in codings.windows(2) {
        let (Some(before), Some(now)) = (pair[0].place, pair[1].place) else { continue };
        if before != now {
            for level in Level::TERRITORIAL {
                if outlooks.contains_key(&(now, level)) {
                    steps.insert((before, now, level), Step::new(table, timeline, before, now, level)?);
                }
            }
        }
    }
    let blocks: Vec<&[Cell]> = table.blocks().collect();
    let verdicts: Vec<Vec<CellVerdict>> = blocks
        .par_iter()
        .map(|block| {
            let mut verdicts: Vec<CellVerdict> = Vec::with_capacity(block.len());
            for group in block.chunk_by(|a, b| a.period == b.period) {
                let coding = codings[usize::from(group[0].period)].place;
                let outlook = coding.and_then(|edition| outlooks.get(&(edition, group[0].level)));
                let first = verdicts.len();
                verdicts.extend(group.iter().map(|cell| judge(table, cell, group, outlook, &units)));
                let below = finest.get(&(group[0].series, group[0].period)).copied();
                if let (Some(edition), Some(outlook), Some(below)) = (coding, outlook, below) {
                    let key = (edition, below[0].level, group[0].level);
                    if let Some(through) = throughs.get(&key) {
                        let lower = Lower::new(table, through, below, &outlooks[&(edition, below[0].level)]);
                        lower.judge(group, outlook, &mut verdicts[first..]);
                    }
                }
            }
            mark_steps(table, block, &codings, &steps, &mut verdicts);
            verdicts
        })
        .collect();
    let search = JumpSearch { table, codings: &codings, timeline, rate: options.false_discovery_rate };
    let noise = search.run(&blocks)?;
    let (sums_checked, sums) = check_sums(table, timeline, &codings);
    findings.extend(sums);
    let (findings, findings_beyond) = findings.into_parts();
    Ok(Check {
        target: timeline.editions[target].edition.header.id.clone(),
        verdicts: verdicts.concat(),
        codings,
        breaks,
        jumps: noise.jumps,
        tests: noise.tests,
        differences_tested: noise.tested,
        sums_checked,
        findings,
        findings_beyond,
    })
}

/// Every edition and level that some cell is coded in, in order.
pub(in crate::series) fn levels_and_editions(table: &Table, codings: &[Coding]) -> Vec<(usize, Level)> {
    let mut pairs: Vec<(usize, Level)> = table
        .blocks()
        .flat_map(|block| block.chunk_by(|a, b| a.period == b.period))
        .filter(|group| group[0].level != Level::Da)
        .filter_map(|group| codings[usize::from(group[0].period)].place.map(|edition| (edition, group[0].level)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The place of every code of the table in an edition's list.
pub(in crate::series) fn places_of_codes(
    table: &Table,
    timeline: &Timeline,
    edition: usize,
    level: Level,
) -> Vec<Option<u16>> {
    let hierarchy = &timeline.editions[edition].edition.hierarchy;
    table.codes.iter().map(|code| hierarchy.find(level, code.as_str()).map(|at| at as u16)).collect()
}

fn outlook(
    table: &Table,
    timeline: &Timeline,
    (edition, target): (usize, usize),
    level: Level,
    breaks: &mut Vec<SeriesBreak>,
) -> Result<Outlook, SeriesError> {
    let overlap = std::sync::Arc::new(timeline.overlap(level, edition, target)?.peopled());
    let changes = timeline.changes(level, edition, target)?;
    let territories = timeline.editions[edition].edition.hierarchy.territories(level);
    let mut fates = Vec::with_capacity(territories.len());
    let mut break_at = vec![None; territories.len()];
    for (place, territory) in territories.iter().enumerate() {
        let fate = match overlap.by_from[place][..] {
            _ if overlap.same_as(place).is_some() => Fate::Same,
            [] => Fate::Same,
            [only] if overlap.is_sum_of_wholes(usize::from(overlap.parts[only as usize].to)) => {
                Fate::Whole(overlap.parts[only as usize].to)
            }
            _ => Fate::Cut,
        };
        fates.push(fate);
        if fate == Fate::Same {
            continue;
        }
        if let Some(change) = changes.of_from(territory.code.as_str()) {
            break_at[place] = Some(breaks.len() as u32);
            breaks.push(SeriesBreak {
                level,
                code: territory.code.clone(),
                name: territory.name.clone(),
                from: changes.from.clone(),
                to: changes.to.clone(),
                date: first_difference(timeline, level, edition, target, territory.code.as_str())?,
                cause: change.class,
                people_out: change.people_out,
                people_in: change.people_in,
                share_out: change.share_out,
                share_in: change.share_in,
                successors: change.successors.clone(),
            });
        }
    }
    Ok(Outlook { place_of_code: places_of_codes(table, timeline, edition, level), fates, break_at, overlap })
}

/// First day of the edition in which a territory first differs, on the way to another edition.
fn first_difference(
    timeline: &Timeline,
    level: Level,
    from: usize,
    to: usize,
    code: &str,
) -> Result<crate::domain::Date, SeriesError> {
    let date = |at: usize| timeline.editions[at].edition.header.valid_from;
    let mut code = code.to_owned();
    if from < to {
        for at in from..to {
            let changes = timeline.changes(level, at, at + 1)?;
            match changes.of_from(&code) {
                Some(change) if change.class.keeps_units() => {
                    code = change.to_code.as_ref().map_or(code, |code| code.as_str().to_owned());
                }
                _ => return Ok(date(at + 1)),
            }
        }
    } else {
        for at in (to..from).rev() {
            let changes = timeline.changes(level, at, at + 1)?;
            match changes.of_to(&code) {
                Some(change) if change.class.keeps_units() => {
                    code = change.from_code.as_ref().map_or(code, |code| code.as_str().to_owned());
                }
                _ => return Ok(date(at + 1)),
            }
        }
    }
    Ok(date(from.max(to)))
}

fn judge(table: &Table, cell: &Cell, group: &[Cell], outlook: Option<&Outlook>, units: &UnitCounts) -> CellVerdict {
    let withheld = cell.value.number().is_none();
    let status = if withheld { ObsStatus::Q } else { ObsStatus::A };
    let said = |verdict, reason, status| CellVerdict { verdict, reason, status, pre_break: None, break_at: None };
    if cell.level == Level::Da {
        return said(Verdict::Unaffected, Reason::Unit, status);
    }
    let Some(outlook) = outlook else {
        return said(Verdict::Irrecoverable, Reason::NoEdition, status);
    };
    let Some(place) = outlook.place_of_code[cell.code as usize].map(usize::from) else {
        return said(Verdict::Irrecoverable, Reason::UnknownCode, status);
    };
    let fate = outlook.fates[place];
    if fate == Fate::Same {
        return said(Verdict::Unaffected, Reason::Limits, status);
    }
    let measure = table.series[cell.series as usize].measure;
    let by_unit = units.holds(table, cell.series, cell.period);
    let (verdict, reason) = if measure == Measure::Median {
        (Verdict::Irrecoverable, Reason::Median)
    } else if by_unit {
        (Verdict::Exact, Reason::ByUnit)
    } else if withheld {
        (Verdict::Irrecoverable, Reason::Withheld)
    } else if measure == Measure::Rate && cell.denominator.is_none() {
        (Verdict::Irrecoverable, Reason::NoDenominator)
    } else if !neighbours_given(group, outlook, place) {
        (Verdict::Irrecoverable, Reason::NeighbourWithheld)
    } else if fate == Fate::Cut {
        (Verdict::Estimated, Reason::Limits)
    } else {
        (Verdict::Exact, Reason::Limits)
    };
    let status = if withheld { ObsStatus::Q } else { ObsStatus::D };
    CellVerdict { verdict, reason, status, pre_break: None, break_at: outlook.break_at[place] }
}

/// The way of each level through each one below it, by edition.
fn throughs(
    timeline: &Timeline,
    target: usize,
    outlooks: &HashMap<(usize, Level), Outlook>,
) -> HashMap<(usize, Level, Level), Through> {
    let hierarchy = |edition: usize| &timeline.editions[edition].edition.hierarchy;
    let mut found = HashMap::new();
    for (&(edition, below), lower) in outlooks {
        for (&(other, level), upper) in outlooks {
            if other == edition && level > below {
                let editions = (hierarchy(edition), hierarchy(target));
                let through = Through::new(editions, (&lower.overlap, &upper.overlap), (below, level));
                found.extend(through.map(|through| ((edition, below, level), through)));
            }
        }
    }
    found
}

/// The cells of the finest level of territories that each series has in each period.
fn finest_groups(table: &Table) -> HashMap<(u32, u16), &[Cell]> {
    let mut finest: HashMap<(u32, u16), &[Cell]> = HashMap::new();
    for group in table.cells.chunk_by(|a, b| (a.series, a.level, a.period) == (b.series, b.level, b.period)) {
        if group[0].level != Level::Da {
            let known = finest.entry((group[0].series, group[0].period)).or_insert(group);
            if group[0].level < known[0].level {
                *known = group;
            }
        }
    }
    finest
}

/// What the level below allows of the values of a level above: they are bridged as its sums.
struct Lower<'a> {
    through: &'a Through,
    /// Groups in which some territory below lacks what is needed.
    lacking: std::collections::HashSet<usize>,
    median: bool,
}

impl<'a> Lower<'a> {
    fn new(table: &Table, through: &'a Through, below: &[Cell], outlook: &Outlook) -> Self {
        let measure = table.series[below[0].series as usize].measure;
        let mut has = vec![false; through.group_of_below.len()];
        for cell in below {
            let sound = cell.value.number().is_some()
                && (measure == Measure::Count || cell.denominator.is_some_and(|denominator| denominator > 0.0));
            if let Some(place) = outlook.place_of_code[cell.code as usize].filter(|_| sound) {
                has[usize::from(place)] = true;
            }
        }
        let lacking =
            has.iter().zip(&through.group_of_below).filter(|(has, _)| !**has).map(|(_, group)| *group).collect();
        Self { through, lacking, median: measure == Measure::Median }
    }

    fn judge(&self, group: &[Cell], outlook: &Outlook, verdicts: &mut [CellVerdict]) {
        if self.median {
            return;
        }
        for (cell, said) in group.iter().zip(verdicts) {
            let Some(place) = outlook.place_of_code[cell.code as usize].map(usize::from) else { continue };
            let settled = matches!(said.reason, Reason::ByUnit) || outlook.fates[place] == Fate::Same;
            if settled || self.lacking.contains(&self.through.group_of_source[place]) {
                continue;
            }
            let sure = outlook.overlap.of_from(place).all(|part| self.through.is_sum_of_wholes(usize::from(part.to)));
            said.verdict = if sure { Verdict::Exact } else { Verdict::Estimated };
            said.reason = Reason::Below;
        }
    }
}

/// Whether the values of the other sources of a target that this source gives people to are all numbers.
fn neighbours_given(group: &[Cell], outlook: &Outlook, place: usize) -> bool {
    let numbers: std::collections::HashSet<u16> = group
        .iter()
        .filter(|cell| cell.value.number().is_some())
        .filter_map(|cell| outlook.place_of_code[cell.code as usize])
        .collect();
    outlook
        .overlap
        .of_from(place)
        .flat_map(|part| outlook.overlap.of_to(usize::from(part.to)))
        .filter(|part| part.population > 0)
        .all(|part| numbers.contains(&part.from))
}

/// A change of edition from one period of a table to the next.
struct Step {
    /// Codes of the newer edition whose territory is not the one that bore the code before, and had it then.
    broken: Vec<Option<Backward>>,
}

/// How a value on newer limits is brought back to older ones: codes of the table and the part of each to take.
struct Backward(Vec<(u32, f64)>);

impl Step {
    fn new(table: &Table, timeline: &Timeline, before: usize, now: usize, level: Level) -> Result<Self, SeriesError> {
        let overlap = timeline.overlap(level, before, now)?.peopled();
        let (older, newer) =
            (places_of_codes(table, timeline, before, level), places_of_codes(table, timeline, now, level));
        let mut code_of_newer = HashMap::new();
        for (code, place) in (0_u32..).zip(&newer) {
            if let Some(place) = place {
                code_of_newer.insert(*place, code);
            }
        }
        let people: Vec<u64> =
            (0..overlap.by_to.len()).map(|to| overlap.of_to(to).map(|part| part.population).sum()).collect();
        let broken = older
            .iter()
            .zip(&newer)
            .map(|(older, newer)| {
                let (from, to) = (usize::from((*older)?), usize::from((*newer)?));
                if overlap.same_as(from) == Some(to) {
                    return None;
                }
                let parts = overlap.of_from(from).filter(|part| part.population > 0).map(|part| {
                    let all = people[usize::from(part.to)] as f64;
                    let code = code_of_newer.get(&part.to).copied().unwrap_or(u32::MAX);
                    (code, part.population as f64 / all)
                });
                Some(Backward(parts.collect()))
            })
            .collect();
        Ok(Self { broken })
    }
}

fn mark_steps(
    table: &Table,
    block: &[Cell],
    codings: &[Coding],
    steps: &HashMap<(usize, usize, Level), Step>,
    verdicts: &mut [CellVerdict],
) {
    if steps.is_empty() {
        return;
    }
    let groups: Vec<&[Cell]> = block.chunk_by(|a, b| a.period == b.period).collect();
    let mut offset = groups.first().map_or(0, |group| group.len());
    for pair in groups.windows(2) {
        let [before, now] = [pair[0], pair[1]];
        let editions = [before, now].map(|group| codings[usize::from(group[0].period)].place);
        if let [Some(older), Some(newer)] = editions
            && older != newer
            && let Some(step) = steps.get(&(older, newer, now[0].level))
        {
            let find = |group: &[Cell], code: u32| {
                group.binary_search_by_key(&code, |cell| cell.code).ok().map(|at| group[at])
            };
            for (at, cell) in now.iter().enumerate() {
                let Some(backward) = &step.broken[cell.code as usize] else { continue };
                if find(before, cell.code).is_none() {
                    continue;
                }
                let verdict = &mut verdicts[offset + at];
                verdict.status = ObsStatus::B;
                if table.series[cell.series as usize].measure == Measure::Count {
                    verdict.pre_break = backward
                        .0
                        .iter()
                        .try_fold(0.0, |sum, (code, part)| Some(sum + part * find(now, *code)?.value.number()?));
                }
            }
        }
        offset += now.len();
    }
}
