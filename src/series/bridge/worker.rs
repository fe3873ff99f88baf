//! One family of series bridged: period by period, from the finest level up.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::drift::Drift;
use super::family::Family;
use super::fill::{Facts, empty, fill};
use super::interval::Heterogeneity;
use super::method::{Method, Refusal};
use super::parts::{Shares, TargetPart, scaled};
use super::plan::{Plan, PlanWeights, ThroughPlan, UnitSides};
use super::run::{BridgeOptions, BridgedCell, Conservation, DriftUsed};
use super::seen::BlockSpread;
use crate::domain::{Date, Level, Severity, both};
use crate::series::compare::Through;
use crate::series::table::{Cell, Measure, SeriesFinding, SeriesFindingKind as Kind, Table, Value};
use crate::series::verdict::{Coding, ObsStatus, Reason, UnitCounts};

/// The cells of one series, level and period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) level: Level,
    pub(super) period: u16,
    pub(super) cells: &'a [Cell],
}

/// The groups of each series, in order of level, then period; units left out.
pub(super) fn groups_by_series(table: &Table) -> Vec<Vec<Group<'_>>> {
    let mut groups = vec![Vec::new(); table.series.len()];
    for cells in table.cells.chunk_by(|a, b| (a.series, a.level, a.period) == (b.series, b.level, b.period)) {
        let head = &cells[0];
        if head.level != Level::Da {
            groups[head.series as usize].push(Group { level: head.level, period: head.period, cells });
        }
    }
    groups
}

/// What all families are bridged with.
pub(super) struct Worker<'a> {
    pub(super) table: &'a Table,
    pub(super) codings: &'a [Coding],
    pub(super) plans: &'a HashMap<(usize, Level), Plan>,
    pub(super) throughs: &'a HashMap<(usize, Level, Level), ThroughPlan>,
    pub(super) unit_sides: &'a HashMap<(usize, Level), UnitSides>,
    pub(super) units: UnitCounts<'a>,
    /// First day of the wanted edition.
    pub(super) wanted: Date,
    pub(super) options: &'a BridgeOptions<'a>,
    pub(super) groups: Vec<Vec<Group<'a>>>,
}

/// What came of a family.
#[derive(Default)]
pub(super) struct Made {
    pub(super) cells: Vec<BridgedCell>,
    pub(super) refusals: Vec<Refusal>,
    pub(super) conservation: Vec<Conservation>,
    pub(super) heterogeneity: Vec<(u32, Level, Heterogeneity)>,
    pub(super) drifts: Vec<DriftUsed>,
    pub(super) findings: Vec<SeriesFinding>,
}

/// Sums by unit, by target; none where they can not be used.
type UnitSums = Vec<Option<(f64, f64)>>;

/// A period of a family at one level.
struct Stage<'a> {
    edition: usize,
    level: Level,
    period: u16,
    plan: &'a Plan,
    weights: &'a PlanWeights,
    decimals: u8,
    scale: f64,
}

/// A member of a family at one level and in one period, with its sources placed and shared out.
struct Placed<'a> {
    group: Group<'a>,
    sources: Vec<Option<&'a Cell>>,
    shared: Vec<Option<Vec<i64>>>,
    spread: &'a BlockSpread,
}

/// The finest level of a member, done: what the levels above are sums of.
struct Below<'a> {
    plan: &'a Plan,
    day: Date,
    placed: Placed<'a>,
    /// The bridged cell of each target, as a place in [`Made::cells`].
    cell_of_target: HashMap<u16, usize>,
}

impl<'a> Worker<'a> {
    /// Bridges all series of a family.
    pub(super) fn family(&'a self, family: &Family) -> Made {
        let mut made = Made::default();
        let mut spreads: HashMap<(usize, Level), BlockSpread> = HashMap::new();
        let mut stages: BTreeMap<u16, BTreeMap<Level, Vec<(usize, Group<'a>)>>> = BTreeMap::new();
        for (member, &series) in family.series.iter().enumerate() {
            for block in self.groups[series as usize].chunk_by(|a, b| a.level == b.level) {
                let spread = BlockSpread::of(self, block);
                made.heterogeneity.push((series, block[0].level, spread.spread));
                spreads.insert((member, block[0].level), spread);
                for &group in block {
                    stages.entry(group.period).or_default().entry(group.level).or_default().push((member, group));
                }
            }
        }
        for (period, levels) in &stages {
            self.period(family, *period, levels, &spreads, &mut made);
        }
        made
    }

    pub(super) fn plan_of(&self, level: Level, period: u16) -> Option<&Plan> {
        self.plans.get(&(self.codings[usize::from(period)].place?, level))
    }

    fn period(
        &'a self,
        family: &Family,
        period: u16,
        levels: &BTreeMap<Level, Vec<(usize, Group<'a>)>>,
        spreads: &HashMap<(usize, Level), BlockSpread>,
        made: &mut Made,
    ) {
        let groups = || levels.values().flatten().map(|(_, group)| group);
        let decimals = groups().flat_map(|group| group.cells).map(decimals_of).max().unwrap_or(0);
        let scale = 10_f64.powi(i32::from(decimals));
        let Some(edition) = self.codings[usize::from(period)].place else {
            for group in groups() {
                let before = group.cells.iter().filter_map(|cell| scaled(cell, scale)).sum();
                let kept = Conservation { before, unplaced: before, ..nothing(&group.cells[0]) };
                made.conservation.extend((self.measure(&group.cells[0]) == Measure::Count).then_some(kept));
            }
            return;
        };
        let day = self.table.periods[usize::from(period)].date;
        let mut belows: HashMap<usize, (Level, Below)> = HashMap::new();
        for (&level, members) in levels {
            let Some(plan) = self.plans.get(&(edition, level)) else { continue };
            let weights = plan.weights(day);
            let stage = Stage { edition, level, period, plan, weights: &weights, decimals, scale };
            let mut placed = self.place(family, &stage, members, spreads);
            for (member, _) in members {
                let Some(placed) = placed.remove(member) else { continue };
                let through = belows
                    .get(member)
                    .and_then(|(below, done)| Some((self.throughs.get(&(edition, *below, level))?, done)));
                let first = made.cells.len();
                self.member(&stage, &placed, through, made);
                if !belows.contains_key(member) {
                    let cell_of_target = (first..made.cells.len()).map(|at| (made.cells[at].territory, at)).collect();
                    belows.insert(*member, (level, Below { plan, day, placed, cell_of_target }));
                }
            }
        }
    }

    /// Places the sources of all members of a family at a level and shares out those that are cut.
    fn place<'s>(
        &'a self,
        family: &Family,
        stage: &Stage<'_>,
        members: &[(usize, Group<'a>)],
        spreads: &'s HashMap<(usize, Level), BlockSpread>,
    ) -> HashMap<usize, Placed<'s>>
    where
        'a: 's,
    {
        let count = stage.plan.overlap.by_from.len();
        let mut placed: HashMap<usize, Placed<'s>> = HashMap::new();
        for &(member, group) in members {
            let mut sources: Vec<Option<&Cell>> = vec![None; count];
            for cell in group.cells {
                if let Some(place) = stage.plan.place_of_code[cell.code as usize] {
                    sources[usize::from(place)] = Some(cell);
                }
            }
            let Some(spread) = spreads.get(&(member, stage.level)) else { continue };
            placed.insert(member, Placed { group, sources, shared: vec![None; count], spread });
        }
        let counts = members.first().is_some_and(|(_, group)| self.measure(&group.cells[0]) == Measure::Count);
        if !counts {
            return placed;
        }
        for (source, parts) in stage.plan.overlap.by_from.iter().enumerate().filter(|(_, parts)| parts.len() > 1) {
            let values: Vec<Option<i64>> = (0..family.series.len())
                .map(|member| placed.get(&member)?.sources[source].and_then(|cell| scaled(cell, stage.scale)))
                .collect();
            debug_assert_eq!(parts.len(), stage.weights.shares[source].len());
            let shared = family.share_out(&values, &stage.weights.shares[source]);
            for (member, shared) in shared.into_iter().enumerate() {
                if let Some(placed) = placed.get_mut(&member) {
                    placed.shared[source] = shared;
                }
            }
        }
        placed
    }

    fn member(&self, stage: &Stage<'_>, placed: &Placed<'_>, through: Option<(&ThroughPlan, &Below)>, made: &mut Made) {
        let head = &placed.group.cells[0];
        let measure = self.measure(head);
        let plan = stage.plan;
        let mut kept = nothing(head);
        kept.before = placed.group.cells.iter().filter_map(|cell| scaled(cell, stage.scale)).sum();
        kept.unplaced = placed
            .group
            .cells
            .iter()
            .filter(|cell| plan.place_of_code[cell.code as usize].is_none())
            .filter_map(|cell| scaled(cell, stage.scale))
            .sum();
        let drift = placed.spread.drift(stage.period);
        let unit_sums = self.unit_sums(head, stage, &placed.sources, made);
        let shares = Shares {
            plan,
            weights: stage.weights,
            sources: &placed.sources,
            scale: stage.scale,
            shared: &placed.shared,
            drift,
        };
        let facts = Facts {
            measure,
            per: placed.spread.per,
            rate_per: self.options.rate_per.unwrap_or(1.0),
            spread: placed.spread.spread,
            denominator_spread: placed.spread.denominator_spread,
            chance: self.options.chance,
        };
        let upper = through.map(|(through, below)| Upper::new(through, below, stage, placed, measure));
        let mut estimated = false;
        for to in 0..plan.overlap.by_to.len() {
            if let Some(upper) = upper.as_ref().filter(|upper| upper.holds(to)) {
                let cell = upper.target(head, to, stage, facts, &made.cells);
                estimated |= cell.method == Method::Weighted;
                kept.after += (cell.value.unwrap_or(0.0) * stage.scale).round() as i64;
                made.cells.push(cell);
                continue;
            }
            if plan.overlap.of_to(to).all(|part| placed.sources[usize::from(part.from)].is_none()) {
                continue;
            }
            let parts = shares.of_target(to);
            let given: i64 = parts.iter().filter_map(|part| part.scaled).sum();
            let by_unit = unit_sums.as_ref().and_then(|sums| sums[to]);
            let cell = self.target(empty(head, to, stage.decimals), &parts, by_unit, facts, made);
            estimated |= cell.method == Method::Weighted;
            if cell.value.is_none() {
                kept.withheld += given;
            } else if cell.method == Method::ByUnit {
                kept.after += (cell.value.unwrap_or(0.0) * stage.scale).round() as i64;
            } else {
                kept.after += given;
            }
            made.cells.push(cell);
        }
        if let Some(upper) = upper {
            kept.levels_differ = upper.levels_differ;
            self.tell_difference(head, &upper, stage, made);
        }
        if estimated {
            made.drifts.push(DriftUsed {
                series: head.series,
                level: head.level,
                period: head.period,
                distance: plan.distance(self.table.periods[usize::from(stage.period)].date),
                deviation: drift.deviation,
                pairs: drift.pairs,
            });
        }
        made.conservation.extend((measure == Measure::Count).then_some(kept));
    }

    fn measure(&self, cell: &Cell) -> Measure {
        self.table.series[cell.series as usize].measure
    }

    fn tell_difference(&self, head: &Cell, upper: &Upper, stage: &Stage<'_>, made: &mut Made) {
        if upper.levels_differ == 0 {
            return;
        }
        let (acronym, below) = (head.level.acronym(), upper.level.acronym());
        let difference = upper.levels_differ as f64 / stage.scale;
        let message = both!(
            "les {acronym} touchés sont la somme de leurs {below} ; leurs valeurs publiées ont {difference} de plus (période {})",
            "the {acronym} touched are the sum of their {below}; their published values have {difference} more (period {})",
            self.table.periods[usize::from(stage.period)].label
        );
        made.findings.push(SeriesFinding {
            severity: Severity::Note,
            kind: Kind::LevelsDoNotAddUp,
            place: self.table.place(head),
            message,
        });
    }

    /// Adds counts by unit up by target, where those of every source of the target add up to what was published.
    fn unit_sums(
        &self,
        head: &Cell,
        stage: &Stage<'_>,
        sources: &[Option<&Cell>],
        made: &mut Made,
    ) -> Option<UnitSums> {
        let plan = stage.plan;
        let counts = self.units.find(self.table, head.series, head.period)?;
        let sides = self.unit_sides.get(&(stage.edition, head.level))?;
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

    fn target(
        &self,
        mut cell: BridgedCell,
        parts: &[TargetPart],
        by_unit: Option<(f64, f64)>,
        facts: Facts,
        made: &mut Made,
    ) -> BridgedCell {
        let same = matches!(parts, [only] if only.share >= 1.0 && only.same);
        if let Some((value, denominator)) = by_unit.filter(|_| !same) {
            cell.value = Some(value);
            cell.denominator = (denominator > 0.0).then_some(denominator);
            cell.rate = cell.denominator.map(|denominator| value / denominator * facts.rate_per);
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
        fill(&mut cell, parts, facts, exact, None);
        cell
    }
}

/// A level above as sums of the level below.
struct Upper<'a> {
    through: &'a Through,
    plan: &'a Plan,
    below: &'a Below<'a>,
    level: Level,
    shared: Vec<Option<Vec<i64>>>,
    weights: std::borrow::Cow<'a, PlanWeights>,
    /// Groups of territories whose parts below all have what is needed, and some of whose limits changed.
    usable: HashSet<usize>,
    measure: Measure,
    drift: Drift,
    scale: f64,
    levels_differ: i64,
}

impl<'a> Upper<'a> {
    fn new(
        through: &'a ThroughPlan,
        below: &'a Below<'a>,
        stage: &Stage<'_>,
        placed: &Placed<'_>,
        measure: Measure,
    ) -> Self {
        let (plan, through) = (&through.plan, &through.through);
        let head = &below.placed.group.cells[0];
        let mut usable: HashSet<usize> = HashSet::new();
        if measure != Measure::Median {
            for (source, cell) in placed.sources.iter().enumerate() {
                if cell.is_some() && stage.plan.same_as[source].is_none() {
                    usable.insert(through.group_of_source[source]);
                }
            }
            for (source, cell) in below.placed.sources.iter().enumerate() {
                let has = cell.is_some_and(|cell| {
                    cell.value.number().is_some()
                        && (measure == Measure::Count || cell.denominator.is_some_and(|below| below > 0.0))
                });
                if !has {
                    usable.remove(&through.group_of_below[source]);
                }
            }
        }
        let published: i64 = placed
            .sources
            .iter()
            .enumerate()
            .filter(|(source, _)| usable.contains(&through.group_of_source[*source]))
            .filter_map(|(_, cell)| scaled((*cell)?, stage.scale))
            .sum();
        let of_below: i64 = below
            .placed
            .sources
            .iter()
            .enumerate()
            .filter(|(source, _)| usable.contains(&through.group_of_below[*source]))
            .filter_map(|(_, cell)| scaled((*cell)?, stage.scale))
            .sum();
        // What each target above gets of each source below: the parts of its territories below taken together.
        let shared = below
            .placed
            .shared
            .iter()
            .enumerate()
            .map(|(source, parts)| {
                let parts = parts.as_ref()?;
                let targets = plan.overlap.of_from(source).map(|part| part.to);
                let mut sums: BTreeMap<u16, i64> = targets.map(|to| (to, 0)).collect();
                let below_targets = below.plan.overlap.of_from(source).map(|part| part.to);
                for (to, part) in below_targets.zip(parts) {
                    *sums.entry(through.above[usize::from(to)]).or_default() += part;
                }
                Some(sums.into_values().collect())
            })
            .collect();
        Self {
            through,
            plan,
            below,
            level: head.level,
            shared,
            weights: plan.weights(below.day),
            usable,
            measure,
            drift: below.placed.spread.drift(stage.period),
            scale: stage.scale,
            levels_differ: if measure == Measure::Count { published - of_below } else { 0 },
        }
    }

    /// Whether a target is the sum of its territories below.
    fn holds(&self, to: usize) -> bool {
        self.usable.contains(&self.through.group_of_target[to])
    }

    fn target(&self, head: &Cell, to: usize, stage: &Stage<'_>, facts: Facts, done: &[BridgedCell]) -> BridgedCell {
        let mut cell = empty(head, to, stage.decimals);
        let shares = Shares {
            plan: self.plan,
            weights: &self.weights,
            sources: &self.below.placed.sources,
            scale: self.scale,
            shared: &self.shared,
            drift: self.drift,
        };
        let parts = shares.of_target(to);
        let below: Vec<&BridgedCell> = (0_u16..)
            .zip(&self.through.above)
            .filter(|(_, above)| usize::from(**above) == to)
            .filter_map(|(target, _)| self.below.cell_of_target.get(&target))
            .map(|&at| &done[at])
            .collect();
        let by_unit = below.iter().any(|cell| cell.method == Method::ByUnit);
        let sure = below.iter().all(|cell| cell.method != Method::Weighted);
        let exact = sure || parts.iter().all(|part| part.share >= 1.0);
        cell.method = match (exact, by_unit) {
            (true, true) => Method::ByUnit,
            (true, false) => Method::SumOfWholes,
            _ => Method::Weighted,
        };
        cell.status = ObsStatus::A;
        let facts = Facts { spread: self.below.placed.spread.spread, ..facts };
        let sum = below.iter().filter_map(|cell| cell.value).sum();
        let denominator = below.iter().try_fold(0.0, |sum, cell| Some(sum + cell.denominator?));
        let known = (self.measure == Measure::Count).then_some((sum, denominator));
        fill(&mut cell, &parts, facts, exact, known);
        cell
    }
}

fn nothing(head: &Cell) -> Conservation {
    Conservation {
        series: head.series,
        level: head.level,
        period: head.period,
        before: 0,
        after: 0,
        withheld: 0,
        unplaced: 0,
        levels_differ: 0,
    }
}

fn decimals_of(cell: &Cell) -> u8 {
    match cell.value {
        Value::Number(_, decimals) => decimals,
        Value::Suppressed(_) => 0,
    }
}
