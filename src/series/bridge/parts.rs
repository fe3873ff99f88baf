//! What a target is made of: the parts of its sources.

use super::drift::Drift;
use super::plan::{Plan, PlanWeights};
use crate::series::table::Cell;

/// A source's part of a target.
pub(super) struct TargetPart<'a> {
    pub(super) cell: Option<&'a Cell>,
    pub(super) share: f64,
    pub(super) same: bool,
    /// The part of the source's value, in units of the last decimal.
    pub(super) scaled: Option<i64>,
    pub(super) units_in: f64,
    pub(super) units_out: f64,
    /// Variance of the logarithm of the part's growth against the rest's.
    pub(super) drift: f64,
}

/// The sources of one series, period and level, and what each target gets of them.
pub(super) struct Shares<'a> {
    pub(super) plan: &'a Plan,
    pub(super) weights: &'a PlanWeights,
    pub(super) sources: &'a [Option<&'a Cell>],
    pub(super) scale: f64,
    /// Parts of each source that is cut, in the order of its parts.
    pub(super) shared: &'a [Option<Vec<i64>>],
    pub(super) drift: Drift,
}

impl<'a> Shares<'a> {
    /// What a target is made from.
    pub(super) fn of_target(&self, to: usize) -> Vec<TargetPart<'a>> {
        let (plan, weights) = (self.plan, self.weights);
        let mut parts = Vec::with_capacity(plan.overlap.by_to[to].len());
        for &place in &plan.overlap.by_to[to] {
            let part = &plan.overlap.parts[place as usize];
            let source = usize::from(part.from);
            let siblings = &plan.overlap.by_from[source];
            let at = siblings.partition_point(|&other| other < place);
            let cell = self.sources[source];
            let share = if siblings.len() == 1 { 1.0 } else { weights.shares[source][at] };
            if share <= 0.0 {
                continue;
            }
            let scaled = if siblings.len() == 1 {
                cell.and_then(|cell| scaled(cell, self.scale))
            } else {
                self.shared.get(source).and_then(Option::as_ref).map(|parts| parts[at])
            };
            let (mut units_in, mut units_out, mut drift) = (1.0, 1.0, 0.0);
            if siblings.len() > 1 {
                let effective = |people: f64, square: f64| if square > 0.0 { people * people / square } else { 1.0 };
                let (people, square) = plan.overlap.of_from(source).fold((0.0, 0.0), |sum, sibling| {
                    (sum.0 + sibling.population as f64, sum.1 + sibling.population_squared)
                });
                let moved = part.population as f64;
                units_in = effective(moved, part.population_squared);
                units_out = effective(people - moved, square - part.population_squared);
                let moved = weights.part_people[place as usize];
                drift = self.drift.variance(moved, weights.people[source] - moved);
            }
            let same = plan.same_as[source] == Some(to as u16);
            parts.push(TargetPart { cell, share, same, scaled, units_in, units_out, drift });
        }
        parts
    }
}

/// A cell's number in units of its last decimal.
pub(super) fn scaled(cell: &Cell, scale: f64) -> Option<i64> {
    cell.value.number().map(|value| (value * scale).round() as i64)
}
