//! What a series shows of itself at one level: how much its rates differ, and how far its territories drift from their
//! neighbours.

use std::collections::BTreeMap;

use super::drift::{Drift, Neighbours};
use super::interval::Heterogeneity;
use super::plan::Plan;
use super::worker::{Group, Worker};
use crate::series::compare::Distance;
use crate::series::table::Measure;

/// Rates per person between which values are taken for people themselves, who are counted and not drawn by chance.
const PEOPLE: std::ops::Range<f64> = 0.5..2.0;
/// How little they may differ between territories.
const ALIKE: f64 = 0.12;

/// What intervals of a series at a level rest on.
#[derive(Debug)]
pub(super) struct BlockSpread {
    /// What the rates of a table of rates are said of.
    pub(super) per: f64,
    /// How much rates differ between territories in the period nearest to the weights.
    pub(super) spread: Heterogeneity,
    /// How much denominators by head differ.
    pub(super) denominator_spread: Heterogeneity,
    drifts: BTreeMap<u16, Drift>,
}

/// A territory whose units stay: the logarithm of its value by head, the value, and its people.
#[derive(Clone, Copy)]
struct Followed {
    rate: f64,
    value: f64,
    people: f64,
}

impl BlockSpread {
    /// Reads it off the periods of a series at a level.
    pub(super) fn of(worker: &Worker<'_>, block: &[Group<'_>]) -> Self {
        let head = &block[0].cells[0];
        let measure = worker.table.series[head.series as usize].measure;
        let cells = block.iter().flat_map(|group| group.cells);
        let top = cells.filter_map(|cell| cell.value.number()).fold(0.0, f64::max);
        let guess = [1.0, 100.0, 1000.0, 10_000.0].into_iter().find(|&per| top <= per).unwrap_or(100_000.0);
        let per = if measure == Measure::Rate {
            worker.options.rate_per.or(worker.table.rate_per).unwrap_or(guess)
        } else {
            1.0
        };
        let day = |group: &Group<'_>| worker.table.periods[usize::from(group.period)].date;
        let known: Vec<(&Group<'_>, &Plan, Distance)> = block
            .iter()
            .filter_map(|group| {
                let plan = worker.plan_of(group.level, group.period)?;
                Some((group, plan, plan.distance(day(group))))
            })
            .collect();
        let nearest = known.iter().min_by(|a, b| {
            let away = |(group, _, distance): &(&Group<'_>, &Plan, Distance)| match distance {
                Distance::Undated => (day(group).decimal_year() - worker.wanted.decimal_year()).abs(),
                distance => distance.years(),
            };
            away(a).total_cmp(&away(b)).then(b.0.period.cmp(&a.0.period))
        });
        let Some(&(reference, plan, distance)) = nearest else {
            let none = Heterogeneity::estimate([]);
            return Self { per, spread: none, denominator_spread: none, drifts: BTreeMap::new() };
        };
        let weights = plan.weights(day(reference));
        let people = |cell: &crate::series::table::Cell| {
            plan.place_of_code[cell.code as usize].map(|place| weights.people[usize::from(place)])
        };
        let counts = reference.cells.iter().filter_map(|cell| {
            let exposure = cell.denominator.or_else(|| people(cell))?;
            let value = cell.value.number()?;
            Some((if measure == Measure::Rate { value * exposure / per } else { value }, exposure))
        });
        let spread = Heterogeneity::estimate(counts);
        let denominators = reference.cells.iter().filter_map(|cell| Some((cell.denominator?, people(cell)?)));
        let denominator_spread = Heterogeneity::estimate(denominators);
        let mut drifts = BTreeMap::new();
        if measure == Measure::Count && known.iter().any(|(_, plan, _)| plan.cuts()) {
            let before = followed(reference, plan, &weights.people);
            let (value, all) =
                before.iter().flatten().fold((0.0, 0.0), |sum, it| (sum.0 + it.value, sum.1 + it.people));
            let counted = all > 0.0 && PEOPLE.contains(&(value / all)) && spread.spread < ALIKE;
            for &(group, plan, away) in &known {
                let weights = plan.weights(day(group));
                let now = followed(group, plan, &weights.people);
                let pairs = neighbours(&before, &now, &plan.parent, counted);
                drifts.insert(group.period, Drift::seen(away, distance, &pairs));
            }
        }
        Self { per, spread, denominator_spread, drifts }
    }

    /// How far shares drift between the date of the weights and a period.
    pub(super) fn drift(&self, period: u16) -> Drift {
        self.drifts.get(&period).copied().unwrap_or(Drift { deviation: 0.0, pairs: 0 })
    }
}

/// The territories whose units stay, by their place in the wanted edition.
fn followed(group: &Group<'_>, plan: &Plan, people: &[f64]) -> Vec<Option<Followed>> {
    let mut found = vec![None; plan.parent.len()];
    for cell in group.cells {
        let place = plan.place_of_code[cell.code as usize].map(usize::from);
        let Some((place, value)) = place.zip(cell.value.number()) else { continue };
        let Some(to) = plan.same_as[place].map(usize::from) else { continue };
        if people[place] > 0.0 && value > 0.0 {
            let rate = ((value + 0.5) / people[place]).ln();
            found[to] = Some(Followed { rate, value, people: people[place] });
        }
    }
    found
}

/// Each territory against the next one under the same parent.
fn neighbours(before: &[Option<Followed>], now: &[Option<Followed>], parent: &[u16], counted: bool) -> Vec<Neighbours> {
    let mut pairs = Vec::new();
    let mut last: Option<usize> = None;
    let chance = |at: usize| {
        let of = |list: &[Option<Followed>]| list[at].map_or(0.0, |it| 1.0 / (it.value + 0.5));
        if counted { 0.0 } else { of(before) + of(now) }
    };
    for at in 0..now.len().min(before.len()) {
        let (Some(then), Some(since)) = (before[at], now[at]) else { continue };
        if let Some(other) = last.filter(|&other| parent[other] == parent[at])
            && let (Some(other_then), Some(other_since)) = (before[other], now[other])
        {
            pairs.push(Neighbours {
                difference: (since.rate - then.rate) - (other_since.rate - other_then.rate),
                chance: chance(at) + chance(other),
                people: [since.people, other_since.people],
            });
        }
        last = Some(at);
    }
    pairs
}
