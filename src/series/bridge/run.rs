//! A whole table on one geography.
//!
//! For each series, level and period, and each territory of the wanted edition:
//! 1. the same territory: its published value stands;
//! 2. counts by unit that add up to what was published: added up again, exact;
//! 3. whole territories only: added up, exact;
//! 4. otherwise each source's count is shared out among its targets in proportion to the weights, in whole numbers by
//!    largest remainder, so that nothing is lost or made; the value is an estimate with its interval;
//! 5. a source withheld or missing makes its targets withheld; a median, or a rate without denominator, is refused.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use super::interval::{Heterogeneity, Interval, ShareSpread, spread_interval};
use super::parts::{Method, Plan, Refusal, Shares, TargetPart, UnitSides};
use crate::domain::{Level, Severity, both};
use crate::series::SeriesError;
use crate::series::compare::{Basis, Timeline};
use crate::series::table::{Cell, Measure, SeriesFinding, SeriesFindingKind as Kind, Table, Value};
use crate::series::verdict::{
    Coding, ObsStatus, Reason, UnitCounts, code_periods, levels_and_editions, places_of_codes,
};

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
    /// People (or other denominator) that a rate is said of, such as 100,000; by default the smallest of 1, 100, 1,000,
    /// 10,000 and 100,000 that no rate of its series exceeds.
    pub rate_per: Option<f64>,
}

impl Default for BridgeOptions<'_> {
    fn default() -> Self {
        Self { coded_in: BTreeMap::new(), by_unit: None, units: &[], basis: Basis::Population, rate_per: None }
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
    /// Count over denominator, for counts with one.
    pub rate: Option<f64>,
    /// 95 % interval of the value, for estimates.
    pub interval: Option<Interval>,
    /// 95 % interval of the rate of a count, for estimates.
    pub rate_interval: Option<Interval>,
    /// How it was made.
    pub method: Method,
    /// SDMX observation status.
    pub status: ObsStatus,
    /// Why there is no value, as a place in [`Bridge::refusals`].
    pub refusal: Option<u32>,
}

/// What became of the total of a series in one period at one level, in units of its last decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
    /// Totals of counts; `before = after + withheld + unplaced` always.
    pub conservation: Vec<Conservation>,
    /// How much rates differ, by series and level: what intervals rest on.
    pub heterogeneity: Vec<(u32, Level, Heterogeneity)>,
    /// What was found.
    pub findings: Vec<SeriesFinding>,
}

impl Conservation {
    /// Whether nothing was lost or made.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.before == self.after + self.withheld + self.unplaced
    }
}

/// Puts a whole table on the edition at `target` in the timeline.
///
/// # Errors
/// [`SeriesError::UnknownEdition`], [`SeriesError::NoJoin`], [`SeriesError::NoWeights`].
pub fn bridge(
    table: &Table,
    timeline: &Timeline,
    target: usize,
    options: &BridgeOptions,
) -> Result<Bridge, SeriesError> {
    let (codings, mut findings) = code_periods(table, timeline, &options.coded_in)?;
    let mut plans = HashMap::new();
    let mut unit_sides = HashMap::new();
    for (edition, level) in levels_and_editions(table, &codings) {
        let overlap = timeline.overlap(level, edition, target)?;
        if overlap.parts.iter().all(|part| part.weight(options.basis) <= 0.0) {
            return Err(SeriesError::NoWeights { basis: options.basis.as_str() });
        }
        let overlap = if options.basis == Basis::Population { overlap.peopled().into() } else { overlap };
        let places = places_of_codes(table, timeline, edition, level);
        plans.insert((edition, level), Plan::new(overlap, places, options.basis));
        if options.by_unit.is_some() {
            unit_sides.insert((edition, level), UnitSides::new(timeline, edition, target, level)?);
        }
    }
    let worker = Worker {
        table,
        codings: &codings,
        plans: &plans,
        unit_sides: &unit_sides,
        units: UnitCounts::of(options.by_unit, options.units),
        options,
    };
    let blocks: Vec<&[Cell]> = table.blocks().filter(|block| block[0].level != Level::Da).collect();
    let made: Vec<Made> = blocks.par_iter().map(|block| worker.block(block)).collect();
    let mut all = Bridge {
        target: timeline.editions[target].edition.header.id.clone(),
        cells: Vec::with_capacity(made.iter().map(|made| made.cells.len()).sum()),
        refusals: Vec::new(),
        conservation: Vec::new(),
        heterogeneity: Vec::new(),
        findings: Vec::new(),
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
        findings.extend(made.findings);
    }
    all.findings = findings;
    all.codings = codings;
    Ok(all)
}

struct Worker<'a> {
    table: &'a Table,
    codings: &'a [Coding],
    plans: &'a HashMap<(usize, Level), Plan>,
    unit_sides: &'a HashMap<(usize, Level), UnitSides>,
    units: UnitCounts<'a>,
    options: &'a BridgeOptions<'a>,
}

#[derive(Default)]
struct Made {
    cells: Vec<BridgedCell>,
    refusals: Vec<Refusal>,
    conservation: Vec<Conservation>,
    heterogeneity: Option<(u32, Level, Heterogeneity)>,
    findings: Vec<SeriesFinding>,
}

/// What is the same for all cells of a series and level.
#[derive(Clone, Copy)]
struct BlockFacts {
    measure: Measure,
    per: f64,
    spread: Heterogeneity,
    denominator_spread: Heterogeneity,
}

/// Sums by unit, by target; none where they can not be used.
type UnitSums = Vec<Option<(f64, f64)>>;

impl Worker<'_> {
    fn block(&self, block: &[Cell]) -> Made {
        let mut made = Made::default();
        let measure = self.table.series[block[0].series as usize].measure;
        let top = block.iter().filter_map(|cell| cell.value.number()).fold(0.0, f64::max);
        let guess = [1.0, 100.0, 1000.0, 10_000.0].into_iter().find(|&per| top <= per).unwrap_or(100_000.0);
        let per = if measure == Measure::Rate { self.options.rate_per.unwrap_or(guess) } else { 1.0 };
        let (spread, denominator_spread) = self.spreads(block, measure, per);
        made.heterogeneity = Some((block[0].series, block[0].level, spread));
        let facts = BlockFacts { measure, per, spread, denominator_spread };
        for group in block.chunk_by(|a, b| a.period == b.period) {
            self.group(group, facts, &mut made);
        }
        made
    }

    /// How much rates, and denominators by head, differ between territories in the last period with an edition.
    fn spreads(&self, block: &[Cell], measure: Measure, per: f64) -> (Heterogeneity, Heterogeneity) {
        let groups = block.chunk_by(|a, b| a.period == b.period);
        let last = groups.rev().find_map(|group| Some((group, self.plan(&group[0])?)));
        let Some((group, plan)) = last else {
            return (Heterogeneity::estimate([]), Heterogeneity::estimate([]));
        };
        let people = |cell: &Cell| plan.place_of_code[cell.code as usize].map(|place| plan.people[usize::from(place)]);
        let counts = group.iter().filter_map(|cell| {
            let exposure = cell.denominator.or_else(|| people(cell))?;
            let value = cell.value.number()?;
            Some((if measure == Measure::Rate { value * exposure / per } else { value }, exposure))
        });
        let denominators = group.iter().filter_map(|cell| Some((cell.denominator?, people(cell)?)));
        (Heterogeneity::estimate(counts), Heterogeneity::estimate(denominators))
    }

    fn plan(&self, cell: &Cell) -> Option<&Plan> {
        self.plans.get(&(self.codings[usize::from(cell.period)].place?, cell.level))
    }

    fn group(&self, group: &[Cell], facts: BlockFacts, made: &mut Made) {
        let head = &group[0];
        let decimals = group
            .iter()
            .map(|cell| match cell.value {
                Value::Number(_, decimals) => decimals,
                Value::Suppressed(_) => 0,
            })
            .max()
            .unwrap_or(0);
        let scale = 10_f64.powi(i32::from(decimals));
        let mut kept = Conservation {
            series: head.series,
            level: head.level,
            period: head.period,
            before: 0,
            after: 0,
            withheld: 0,
            unplaced: 0,
        };
        let scaled = |cell: &Cell| cell.value.number().map(|value| (value * scale).round() as i64);
        kept.before = group.iter().filter_map(scaled).sum();
        let Some(plan) = self.plan(head) else {
            kept.unplaced = kept.before;
            made.conservation.extend((facts.measure == Measure::Count).then_some(kept));
            return;
        };
        let mut sources: Vec<Option<&Cell>> = vec![None; plan.people.len()];
        for cell in group {
            match plan.place_of_code[cell.code as usize] {
                Some(place) => sources[usize::from(place)] = Some(cell),
                None => kept.unplaced += scaled(cell).unwrap_or(0),
            }
        }
        let unit_sums = self.unit_sums(head, plan, &sources, made);
        let mut shared = Shares { plan, sources: &sources, scale, whole: vec![None; plan.people.len()] };
        for to in 0..plan.overlap.by_to.len() {
            if plan.overlap.of_to(to).all(|part| sources[usize::from(part.from)].is_none()) {
                continue;
            }
            let parts = shared.of_target(to);
            let given: i64 = parts.iter().filter_map(|part| part.scaled).sum();
            let by_unit = unit_sums.as_ref().and_then(|sums| sums[to]);
            let cell = self.target(&TargetParts { head, to, parts: &parts, decimals, by_unit, facts }, made);
            if cell.value.is_some() {
                kept.after += given;
                if cell.method == Method::ByUnit {
                    kept.after += (cell.value.unwrap_or(0.0) * scale).round() as i64 - given;
                }
            } else {
                kept.withheld += given;
            }
            made.cells.push(cell);
        }
        made.conservation.extend((facts.measure == Measure::Count).then_some(kept));
    }

    /// Adds counts by unit up by target, where those of every source of the target add up to what was published.
    fn unit_sums(&self, head: &Cell, plan: &Plan, sources: &[Option<&Cell>], made: &mut Made) -> Option<UnitSums> {
        let counts = self.units.find(self.table, head.series, head.period)?;
        let sides = self.unit_sides.get(&(self.codings[usize::from(head.period)].place?, head.level))?;
        let mut by_source = vec![0.0; sources.len()];
        let mut by_target = vec![(0.0, 0.0); plan.overlap.by_to.len()];
        for &(unit, value, denominator) in counts {
            if let Some(source) = sides.source[unit as usize] {
                by_source[usize::from(source)] += value;
            }
            let sum = &mut by_target[usize::from(sides.target[unit as usize])];
            *sum = (sum.0 + value, sum.1 + denominator);
        }
        let mut sound = vec![true; sources.len()];
        for (source, cell) in sources.iter().enumerate() {
            let Some((cell, value)) = cell.and_then(|cell| Some((cell, cell.value.number()?))) else { continue };
            if plan.same_as[source].is_none() && (by_source[source] - value).abs() > 0.5 {
                sound[source] = false;
                let message = both!(
                    "les unités de {} « {} » font {}, {value} est publié : elles ne servent pas pour lui (période {})",
                    "units of {} \"{}\" add up to {}, {value} is published: units are not used for it (period {})",
                    cell.level.acronym(),
                    self.table.codes[cell.code as usize],
                    by_source[source],
                    self.table.periods[usize::from(cell.period)].label
                );
                let place = self.table.place(cell);
                made.findings.push(SeriesFinding {
                    severity: Severity::Note,
                    kind: Kind::UnitsDoNotAddUp,
                    place,
                    message,
                });
            }
        }
        // Sources that exchange people stand or fall together, or totals would not be conserved.
        loop {
            let before = sound.clone();
            for to in 0..by_target.len() {
                let all = plan.overlap.of_to(to).all(|part| sound[usize::from(part.from)]);
                for part in plan.overlap.of_to(to).filter(|_| !all) {
                    sound[usize::from(part.from)] = false;
                }
            }
            if before == sound {
                break;
            }
        }
        let usable = |to: usize| plan.overlap.of_to(to).all(|part| sound[usize::from(part.from)]);
        Some(by_target.into_iter().enumerate().map(|(to, sum)| usable(to).then_some(sum)).collect())
    }

    fn target(&self, target: &TargetParts, made: &mut Made) -> BridgedCell {
        let TargetParts { head, to, parts, decimals, by_unit, facts } = *target;
        let mut cell = BridgedCell {
            series: head.series,
            level: head.level,
            period: head.period,
            territory: to as u16,
            value: None,
            decimals,
            denominator: None,
            rate: None,
            interval: None,
            rate_interval: None,
            method: Method::None,
            status: ObsStatus::Q,
            refusal: None,
        };
        let same = matches!(parts, [only] if only.share >= 1.0 && only.same);
        if let Some((value, denominator)) = by_unit.filter(|_| !same) {
            cell.value = Some(value);
            cell.denominator = (denominator > 0.0).then_some(denominator);
            cell.rate = cell.denominator.map(|denominator| value / denominator);
            (cell.method, cell.status) = (Method::ByUnit, ObsStatus::A);
            return cell;
        }
        let without = |part: &&TargetPart| part.cell.is_none_or(|cell| cell.value.number().is_none());
        let lacks = |part: &&TargetPart| part.cell.is_none_or(|cell| cell.denominator.is_none_or(|it| it <= 0.0));
        let refused = if let Some(part) = parts.iter().find(without) {
            Some((Reason::Withheld, part))
        } else if facts.measure == Measure::Median && !same {
            parts.first().map(|part| (Reason::Median, part))
        } else if facts.measure == Measure::Rate && !same {
            parts.iter().find(lacks).map(|part| (Reason::NoDenominator, part))
        } else {
            None
        };
        if let Some((reason, part)) = refused {
            let text = part.cell.map_or_else(String::new, |cell| self.table.text(cell.value));
            let text = if reason == Reason::Withheld { text } else { String::new() };
            let source = part.cell.map_or_else(String::new, |cell| self.table.codes[cell.code as usize].to_string());
            cell.refusal = Some(made.refusals.len() as u32);
            made.refusals.push(Refusal { reason, source, text });
            return cell;
        }
        let exact = parts.iter().all(|part| part.share >= 1.0);
        cell.method = match (same, exact) {
            (true, _) => Method::Unaffected,
            (false, true) => Method::SumOfWholes,
            _ => Method::Weighted,
        };
        cell.status = ObsStatus::A;
        fill(&mut cell, parts, facts, exact);
        cell
    }
}

/// What a target is made from.
#[derive(Clone, Copy)]
struct TargetParts<'a> {
    head: &'a Cell,
    to: usize,
    parts: &'a [TargetPart<'a>],
    decimals: u8,
    by_unit: Option<(f64, f64)>,
    facts: BlockFacts,
}

/// Value, denominator, rate and intervals of a target all of whose sources have what is needed.
fn fill(cell: &mut BridgedCell, parts: &[TargetPart], facts: BlockFacts, exact: bool) {
    let step = 10_f64.powi(-i32::from(cell.decimals));
    let spread_of = |count_of: &dyn Fn(&Cell) -> f64| -> (f64, Vec<ShareSpread>) {
        let (mut whole, mut partial) = (0.0, Vec::new());
        for part in parts {
            let count = part.cell.map_or(0.0, count_of);
            if part.share >= 1.0 {
                whole += count;
            } else {
                partial.push(ShareSpread {
                    count,
                    share: part.share,
                    units_in: part.units_in,
                    units_out: part.units_out,
                });
            }
        }
        (whole, partial)
    };
    let number = |cell: &Cell| cell.value.number().unwrap_or(0.0);
    let bottom = |cell: &Cell| cell.denominator.unwrap_or(0.0);
    let all_have = parts.iter().all(|part| part.cell.is_some_and(|cell| cell.denominator.is_some()));
    if all_have {
        let sum: f64 = parts.iter().map(|part| part.cell.map_or(0.0, bottom) * part.share).sum();
        cell.denominator = Some(if exact { sum } else { sum.round() });
    }
    let denominator_error = |estimate: f64| {
        let (whole, partial) = spread_of(&bottom);
        let interval = spread_interval(whole, &partial, facts.denominator_spread, estimate, 1.0);
        ((interval.high - interval.low) / 2.0 / estimate.max(1.0)).powi(2)
    };
    let widened = |rate: f64, count: Interval, estimate: f64, bottom: f64, factor: f64| {
        let relative = denominator_error(bottom);
        let side = |end: f64| ((end - estimate).abs() / bottom * factor).hypot(rate * relative.sqrt());
        Interval { low: (rate - side(count.low)).max(0.0), high: rate + side(count.high) }
    };
    if facts.measure == Measure::Rate && !parts.iter().all(|part| part.same) {
        let cases = |cell: &Cell| number(cell) * bottom(cell) / facts.per;
        let top: f64 = parts.iter().map(|part| part.cell.map_or(0.0, cases) * part.share).sum();
        let below: f64 = parts.iter().map(|part| part.cell.map_or(0.0, bottom) * part.share).sum();
        let rate = if below > 0.0 { top / below * facts.per } else { 0.0 };
        cell.value = Some((rate / step).round() * step);
        if !exact {
            let (whole, partial) = spread_of(&cases);
            let count = spread_interval(whole, &partial, facts.spread, top, 1e-6);
            cell.interval = Some(widened(rate, count, top, below, facts.per));
        }
    } else {
        let scaled: i64 = parts.iter().filter_map(|part| part.scaled).sum();
        let value = scaled as f64 * step;
        let value = (value / step).round() / (1.0 / step).round();
        cell.value = Some(value);
        if facts.measure == Measure::Count {
            cell.rate = cell.denominator.filter(|&below| below > 0.0).map(|below| value / below);
        }
        if !exact {
            let (whole, partial) = spread_of(&number);
            let interval = spread_interval(whole, &partial, facts.spread, value, step);
            cell.interval = Some(interval);
            if let Some((rate, below)) = cell.rate.zip(cell.denominator) {
                cell.rate_interval = Some(widened(rate, interval, value, below, 1.0));
            }
        }
    }
    if let Some((interval, value)) = cell.interval.zip(cell.value) {
        let wide = (interval.high - value).max(value - interval.low) > value.abs() / 3.0;
        cell.status = if wide { ObsStatus::U } else { ObsStatus::E };
    }
}
