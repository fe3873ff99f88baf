//! What a bridge is made of: the plan between two editions, counts by unit, and the words for how a value was made.

use std::sync::Arc;

use serde::Serialize;

use crate::domain::{Level, Term};
use crate::series::SeriesError;
use crate::series::compare::{Basis, LevelView, Overlap, Timeline, share_out};
use crate::series::table::Cell;
use crate::series::verdict::Reason;

/// How a bridged value was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The published value of the same territory.
    Unaffected,
    /// Whole territories added up.
    SumOfWholes,
    /// Counts by unit added up.
    ByUnit,
    /// Shared by weights: an estimate.
    Weighted,
    /// None: the value is carried through as withheld, or refused.
    None,
}

/// Why a target has no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The source's code that it is due to.
    pub source: String,
    /// The withheld text, carried through.
    pub text: String,
}

impl Method {
    /// The word in JSON and CSV.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Unaffected => "unaffected",
            Method::SumOfWholes => "sum_of_wholes",
            Method::ByUnit => "by_unit",
            Method::Weighted => "weighted",
            Method::None => "none",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Unaffected => Term::new("inchangée", "unaffected"),
            Self::SumOfWholes => Term::new("somme de territoires entiers", "sum of whole territories"),
            Self::ByUnit => Term::new("somme d’aires", "sum of areas"),
            Self::Weighted => Term::new("estimée", "estimated"),
            Self::None => Term::new("aucune", "none"),
        }
    }
}

/// The way from one edition to another at a level, worked out once.
pub(super) struct Plan {
    pub(super) overlap: Arc<Overlap>,
    /// Weights of each source's parts, in the order of its parts; they add up to 1.
    pub(super) weights: Vec<Vec<f64>>,
    /// People of each source.
    pub(super) people: Vec<f64>,
    /// Place in an edition's list of each code of the table.
    pub(super) place_of_code: Vec<Option<u16>>,
    /// Code of the table, by place in the source edition.
    pub(super) same_as: Vec<Option<u16>>,
}

impl Plan {
    pub(super) fn new(overlap: Arc<Overlap>, place_of_code: Vec<Option<u16>>, basis: Basis) -> Self {
        let sources = overlap.by_from.len();
        let weights = (0..sources)
            .map(|source| {
                let (weights, _) = crate::series::compare::source_weights(&overlap, source, basis);
                let sum: f64 = weights.iter().sum();
                weights.into_iter().map(|weight| if sum > 0.0 { weight / sum } else { 0.0 }).collect()
            })
            .collect();
        let people =
            (0..sources).map(|source| overlap.of_from(source).map(|part| part.population as f64).sum()).collect();
        let same_as = (0..sources).map(|source| overlap.same_as(source).map(|to| to as u16)).collect();
        Self { overlap, weights, people, place_of_code, same_as }
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

/// A source's part of a target.
pub(super) struct TargetPart<'a> {
    pub(super) cell: Option<&'a Cell>,
    pub(super) share: f64,
    pub(super) same: bool,
    pub(super) scaled: Option<i64>,
    pub(super) units_in: f64,
    pub(super) units_out: f64,
}

/// The parts of a group's sources, shared out once a source.
pub(super) struct Shares<'a> {
    pub(super) plan: &'a Plan,
    pub(super) sources: &'a [Option<&'a Cell>],
    pub(super) scale: f64,
    pub(super) whole: Vec<Option<Vec<i64>>>,
}

impl<'a> Shares<'a> {
    /// What a target is made from.
    pub(super) fn of_target(&mut self, to: usize) -> Vec<TargetPart<'a>> {
        let plan = self.plan;
        let mut parts = Vec::with_capacity(plan.overlap.by_to[to].len());
        for &place in &plan.overlap.by_to[to] {
            let part = &plan.overlap.parts[place as usize];
            let source = usize::from(part.from);
            let siblings = &plan.overlap.by_from[source];
            let at = siblings.partition_point(|&other| other < place);
            let cell = self.sources[source];
            let share = if siblings.len() == 1 { 1.0 } else { plan.weights[source][at] };
            if share <= 0.0 {
                continue;
            }
            let scaled = cell.and_then(|cell| cell.value.number()).map(|value| {
                let scaled = (value * self.scale).round() as i64;
                if siblings.len() == 1 {
                    return scaled;
                }
                self.whole[source].get_or_insert_with(|| share_out(scaled, &plan.weights[source]))[at]
            });
            let (mut units_in, mut units_out) = (1.0, 1.0);
            if siblings.len() > 1 {
                let effective = |people: f64, square: f64| if square > 0.0 { people * people / square } else { 1.0 };
                let (people, square) = plan.overlap.of_from(source).fold((0.0, 0.0), |sum, sibling| {
                    (sum.0 + sibling.population as f64, sum.1 + sibling.population_squared)
                });
                let moved = part.population as f64;
                units_in = effective(moved, part.population_squared);
                units_out = effective(people - moved, square - part.population_squared);
            }
            let same = plan.same_as[source] == Some(to as u16);
            parts.push(TargetPart { cell, share, same, scaled, units_in, units_out });
        }
        parts
    }
}
