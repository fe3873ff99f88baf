//! The way from one edition to another at a level, worked out once for all series.

use std::borrow::Cow;
use std::sync::Arc;

use crate::domain::{Date, Hierarchy, Level};
use crate::series::SeriesError;
use crate::series::compare::{Basis, Distance, LevelView, Overlap, Through, Timeline, source_weights, weights_on};

/// What values of one day are shared by.
#[derive(Debug, Clone)]
pub(super) struct PlanWeights {
    /// Weights of each source's parts, in the order of its parts; they add up to 1.
    pub(super) shares: Vec<Vec<f64>>,
    /// People of each source.
    pub(super) people: Vec<f64>,
    /// People of each part.
    pub(super) part_people: Vec<f64>,
}

/// The way from one edition to another at a level, or from one level to the one above.
pub(super) struct Plan {
    pub(super) overlap: Arc<Overlap>,
    /// Place in an edition's list of each code of the table.
    pub(super) place_of_code: Vec<Option<u16>>,
    /// The target with the very units of each source.
    pub(super) same_as: Vec<Option<u16>>,
    /// The territory of each target at the level above, in whose group its neighbours are.
    pub(super) parent: Vec<u16>,
    basis: Basis,
    constant: PlanWeights,
}

/// The way of a level above through the territories of the level below it, with what values are shared by.
pub(super) struct ThroughPlan {
    /// From sources of the level below to targets of the level above.
    pub(super) plan: Plan,
    /// Who exchanges people with whom.
    pub(super) through: Through,
}

impl Plan {
    pub(super) fn new(overlap: Arc<Overlap>, place_of_code: Vec<Option<u16>>, parent: Vec<u16>, basis: Basis) -> Self {
        let same_as = (0..overlap.by_from.len()).map(|source| overlap.same_as(source).map(|to| to as u16)).collect();
        let constant = PlanWeights::constant(&overlap, basis);
        Self { overlap, place_of_code, same_as, parent, basis, constant }
    }

    /// How far the weights are from a day.
    pub(super) fn distance(&self, day: Date) -> Distance {
        Distance::of(day, &self.overlap.dated)
    }

    /// Whether some territory is cut by a limit.
    pub(super) fn cuts(&self) -> bool {
        self.overlap.by_from.iter().any(|parts| parts.len() > 1)
    }

    /// What values of a day are shared by.
    pub(super) fn weights(&self, day: Date) -> Cow<'_, PlanWeights> {
        let Some(weights) = weights_on(day, &self.overlap.dated) else { return Cow::Borrowed(&self.constant) };
        Cow::Owned(PlanWeights::dated(&self.overlap, weights, self.basis, &self.constant))
    }
}

impl PlanWeights {
    fn constant(overlap: &Overlap, basis: Basis) -> Self {
        let shares = (0..overlap.by_from.len()).map(|source| shares_of(source_weights(overlap, source, basis).0));
        let part_people: Vec<f64> = overlap.parts.iter().map(|part| part.population as f64).collect();
        Self { shares: shares.collect(), people: sums(overlap, &part_people), part_people }
    }

    fn dated(overlap: &Overlap, weights: Vec<f64>, basis: Basis, constant: &Self) -> Self {
        let shares = overlap.by_from.iter().enumerate().map(|(source, parts)| {
            let own: Vec<f64> = parts.iter().map(|&part| weights[part as usize]).collect();
            if own.iter().sum::<f64>() > 0.0 { shares_of(own) } else { constant.shares[source].clone() }
        });
        let shares = shares.collect();
        if basis == Basis::Population {
            Self { shares, people: sums(overlap, &weights), part_people: weights }
        } else {
            Self { shares, people: constant.people.clone(), part_people: constant.part_people.clone() }
        }
    }
}

fn shares_of(weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| if sum > 0.0 { weight / sum } else { 0.0 }).collect()
}

fn sums(overlap: &Overlap, of_part: &[f64]) -> Vec<f64> {
    overlap.by_from.iter().map(|parts| parts.iter().map(|&part| of_part[part as usize]).sum()).collect()
}

impl ThroughPlan {
    /// The way of `to` through `from`; none where the older or the newer territories below do not nest in those above.
    pub(super) fn new(
        editions: (&Hierarchy, &Hierarchy),
        (below, level): (&Plan, &Plan),
        levels: (Level, Level),
        basis: Basis,
    ) -> Option<Self> {
        let through = Through::new(editions, (&below.overlap, &level.overlap), levels)?;
        let plan = Plan::new(Arc::clone(&through.overlap), below.place_of_code.clone(), Vec::new(), basis);
        Some(Self { plan, through })
    }
}

/// The source and the target of every unit; a unit in several sources has none.
pub(super) struct UnitSides {
    pub(super) source: Vec<Option<u16>>,
    pub(super) target: Vec<u16>,
}

impl UnitSides {
    pub(super) fn new(timeline: &Timeline, edition: usize, target: usize, level: Level) -> Result<Self, SeriesError> {
        let older = LevelView::new(timeline.editions[edition].edition, level)?;
        let newer = LevelView::new(timeline.editions[target].edition, level)?;
        let join = timeline.join(edition, target)?;
        let mut source: Vec<Option<u16>> = vec![None; newer.of_unit.len()];
        let mut seen = vec![false; newer.of_unit.len()];
        for piece in &join.pieces {
            let (unit, from) = (piece.to as usize, older.of_unit[piece.from as usize]);
            source[unit] = if seen[unit] { source[unit].filter(|&other| other == from) } else { Some(from) };
            seen[unit] = true;
        }
        Ok(Self { source, target: newer.of_unit })
    }
}
