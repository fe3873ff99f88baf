//! The ministry's criteria for a CLSC territory: measured, graded, and what drives the grade said. Nothing fails.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::contiguity::Search;
use super::engine::ImpactEngine;
use super::reach::{Distances, Reach};
use super::{Areas, UnitIndex};
use crate::domain::{Level, NestingBreak, TerritoryCode, UnitId};

/// How well a criterion is met; best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Met.
    Good,
    /// Nearly met.
    Fair,
    /// Far from met.
    Weak,
    /// To be looked into.
    Poor,
}

impl Grade {
    /// The first grade whose bound a value does not pass.
    fn by_bounds(value: f64, bounds: [f64; 3]) -> Self {
        if value <= bounds[0] {
            Self::Good
        } else if value <= bounds[1] {
            Self::Fair
        } else if value <= bounds[2] {
            Self::Weak
        } else {
            Self::Poor
        }
    }
}

/// A criterion that can drive a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Fewer people than the range.
    TooFewPeople,
    /// More people than the range.
    TooManyPeople,
    /// Pieces that the base did not have.
    Detached,
    /// A ragged outline.
    Compactness,
    /// Far from an installation.
    Distance,
    /// No CLSC installation inside.
    NoInstallation,
    /// Municipalities shared with other CLSC that could be whole in one.
    Municipalities,
}

/// What is asked of a CLSC.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CriteriaSettings {
    /// Fewest people.
    pub least_people: u64,
    /// Most people.
    pub most_people: u64,
    /// Distance beyond which people are far from an installation, in metres.
    pub far_m: f64,
    /// How many contrasted units to name.
    pub contrasted: usize,
}

impl Default for CriteriaSettings {
    fn default() -> Self {
        Self { least_people: 25_000, most_people: 50_000, far_m: 10_000.0, contrasted: 5 }
    }
}

impl CriteriaSettings {
    /// Whether people are in the range, both ends included.
    #[must_use]
    pub const fn in_range(&self, people: u64) -> bool {
        self.least_people <= people && people <= self.most_people
    }

    /// How many people are missing to, or in excess of, the range.
    #[must_use]
    pub const fn off_range(&self, people: u64) -> u64 {
        if people < self.least_people { self.least_people - people } else { people.saturating_sub(self.most_people) }
    }

    /// Good in the range; fair up to a quarter beyond an end, weak up to half below or twice above, else poor.
    #[must_use]
    pub fn people_grade(&self, people: u64) -> Grade {
        if self.in_range(people) {
            return Grade::Good;
        }
        let people = people as f64;
        if people < self.least_people as f64 {
            Grade::by_bounds(-people / self.least_people as f64, [-1.0, -0.75, -0.5])
        } else {
            Grade::by_bounds(people / self.most_people as f64, [1.0, 1.25, 2.0])
        }
    }
}

/// A piece of a territory that does not touch its main one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DetachedPiece)]
pub struct Piece {
    /// Its units.
    pub units: Vec<UnitId>,
    /// Its people.
    pub people: u64,
    /// Whether it was detached in the base already: an island or an enclave that there was.
    pub was_there: bool,
}

/// A municipality or MRC of which a part only is in the territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Cut {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its people inside.
    pub people_inside: u64,
    /// Its people outside.
    pub people_outside: u64,
}

/// How an indicator varies inside a territory, weighted by people.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = IndicatorSpread)]
pub struct Spread {
    /// The indicator.
    pub name: String,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    /// Lowest value.
    pub lowest: f64,
    /// Highest value.
    pub highest: f64,
    /// The units farthest from the mean, with their value, farthest first.
    pub contrasted: Vec<(UnitId, f64)>,
    /// Units without a value.
    pub unknown: usize,
}

/// What of a flow stays inside.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Kept {
    /// The matrix.
    pub name: String,
    /// What starts inside.
    pub total: u64,
    /// What of it ends inside.
    pub inside: u64,
    /// Share that stays, 0 to 1; none where nothing starts inside.
    pub share: Option<f64>,
}

/// One CLSC against the criteria.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ClscCriteria {
    /// Code.
    pub code: TerritoryCode,
    /// Name.
    pub name: String,
    /// The worst of the grades below.
    pub grade: Grade,
    /// What drives it: the criteria that have that grade; none where it is good.
    pub drivers: Vec<Criterion>,
    /// People.
    pub people: u64,
    /// Grade of the number of people.
    pub people_grade: Grade,
    /// Pieces beside the main one.
    pub detached: Vec<Piece>,
    /// Grade of contiguity: good unless a piece is detached that was not in the base.
    pub contiguity_grade: Grade,
    /// Polsby-Popper: 4 pi times the area over the square of the perimeter; 1 for a disc.
    pub compactness: f64,
    /// Grade of compactness.
    pub compactness_grade: Grade,
    /// Distance to the nearest CLSC installation of the territory; none without one, or without points.
    pub distance: Option<Distances>,
    /// Distance to the nearest CLSC installation wherever it is.
    pub distance_anywhere: Option<Distances>,
    /// Grade of distance, where points and installations are given.
    pub distance_grade: Option<Grade>,
    /// Municipalities cut, where given.
    pub municipalities_cut: Option<Vec<Cut>>,
    /// Grade of the municipalities cut, where given: of those with no more people than a CLSC may have, none is good, one is
    /// fair, up to three are weak. A larger municipality can not be whole.
    pub municipalities_grade: Option<Grade>,
    /// MRC, or census divisions, cut, where given.
    pub mrc_cut: Option<Vec<Cut>>,
    /// Indicators.
    pub spreads: Vec<Spread>,
    /// Flows.
    pub flows: Vec<Kept>,
    /// People registered with a GMF of the territory, where given.
    pub gmf: Option<Kept>,
}

/// What criteria are measured against, prepared once.
#[derive(Debug, Clone)]
pub struct CriteriaGrounds<'a> {
    units: &'a UnitIndex,
    settings: CriteriaSettings,
    /// Units that the base has in a piece other than the main one of their CLSC.
    minor: Vec<bool>,
    /// CLSC installations.
    installed: Reach,
    nesting_breaks: Vec<NestingBreak>,
    municipalities: Vec<(u32, u64)>,
    mrc: Vec<(u32, u64)>,
}

impl<'a> CriteriaGrounds<'a> {
    /// Prepares for a base. O(units).
    #[must_use]
    pub fn new(base: &ImpactEngine<'_>, units: &'a UnitIndex, settings: CriteriaSettings) -> Self {
        let (graph, facts, hierarchy) = base.grounds();
        let mut minor = vec![false; graph.len()];
        let mut search = Search::new(graph.len());
        for clsc in 0..hierarchy.clsc_count() as u16 {
            if base.sums(Level::Clsc, clsc).pieces > 1 {
                let pieces = search.pieces(graph, base.members(clsc), |unit| base.clsc_of(unit) == clsc);
                for unit in pieces.into_iter().skip(1).flatten() {
                    minor[unit as usize] = true;
                }
            }
        }
        let totals = |areas: &Option<Areas>| {
            let Some(areas) = areas else { return Vec::new() };
            let mut totals = vec![(0, 0); areas.names.len()];
            for (area, people) in areas.of_unit.iter().zip(&facts.people) {
                if let Some(area) = area {
                    totals[*area as usize].0 += 1;
                    totals[*area as usize].1 += people;
                }
            }
            totals
        };
        Self {
            units,
            settings,
            minor,
            installed: Reach::new(&facts.installations),
            nesting_breaks: hierarchy.nesting_breaks(),
            municipalities: totals(&facts.municipalities),
            mrc: totals(&facts.mrc),
        }
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &CriteriaSettings {
        &self.settings
    }

    /// Upper territories that the base has split between several.
    pub(super) fn nesting_breaks(&self) -> &[NestingBreak] {
        &self.nesting_breaks
    }

    /// Identifiers of units.
    #[must_use]
    pub fn units(&self) -> &'a UnitIndex {
        self.units
    }

    /// Measures one CLSC as it stands in an engine. O(its units times their nearby installations).
    #[must_use]
    pub fn measure(&self, engine: &ImpactEngine<'_>, clsc: u16) -> ClscCriteria {
        let (graph, facts, hierarchy) = engine.grounds();
        let territory = &hierarchy.territories(Level::Clsc)[usize::from(clsc)];
        let sums = engine.sums(Level::Clsc, clsc);
        let mut members = engine.members(clsc).to_vec();
        members.sort_unstable();

        let detached = if sums.pieces > 1 {
            let mut pieces =
                Search::new(graph.len()).pieces(graph, &members, |unit| engine.clsc_of(unit) == clsc).into_iter();
            pieces.next();
            pieces.map(|piece| self.piece(&piece, &facts.people)).collect()
        } else {
            Vec::new()
        };
        let contiguity_grade =
            if detached.iter().all(|piece: &Piece| piece.was_there) { Grade::Good } else { Grade::Poor };

        let perimeter_m = sums.perimeter_mm as f64 / 1000.0;
        let compactness = 4.0 * std::f64::consts::PI * (sums.area_dm2 as f64 / 100.0) / (perimeter_m * perimeter_m);
        let compactness_grade = Grade::by_bounds(-compactness, [-0.3, -0.2, -0.1]);

        let known = facts.points.len() == facts.people.len() && !self.installed.is_empty();
        let distances = |reach: &Reach| {
            known.then(|| reach.distances(&members, &facts.points, &facts.people, self.settings.far_m)).flatten()
        };
        let distance = distances(&self.installed.among(|unit| engine.clsc_of(unit) == clsc));
        let distance_anywhere = distances(&self.installed);
        let distance_grade = known.then(|| match &distance {
            Some(found) => Grade::by_bounds(found.share_far, [0.1, 0.25, 0.5]),
            None => Grade::Weak,
        });

        let cut = |areas: &Option<Areas>, totals: &[(u32, u64)]| {
            areas.as_ref().map(|areas| cuts(&members, areas, totals, &facts.people))
        };
        let municipalities_cut = cut(&facts.municipalities, &self.municipalities);
        let municipalities_grade = municipalities_cut.as_ref().map(|cuts| {
            let whole = |cut: &&Cut| cut.people_inside + cut.people_outside <= self.settings.most_people;
            Grade::by_bounds(cuts.iter().filter(whole).count() as f64, [0.0, 1.0, 3.0])
        });
        let mut kept: Vec<Kept> = (facts.matrices().zip(&sums.flows))
            .map(|(matrix, &[total, inside])| Kept {
                name: matrix.name.clone(),
                total,
                inside,
                share: (total > 0).then(|| inside as f64 / total as f64),
            })
            .collect();
        let gmf = facts.gmf.as_ref().and_then(|_| kept.pop());

        let people_grade = self.settings.people_grade(sums.people);
        let people_driver =
            if sums.people < self.settings.least_people { Criterion::TooFewPeople } else { Criterion::TooManyPeople };
        let distance_driver = if known && distance.is_none() { Criterion::NoInstallation } else { Criterion::Distance };
        let graded = [
            (people_driver, people_grade),
            (Criterion::Detached, contiguity_grade),
            (Criterion::Compactness, compactness_grade),
            (distance_driver, distance_grade.unwrap_or(Grade::Good)),
            (Criterion::Municipalities, municipalities_grade.unwrap_or(Grade::Good)),
        ];
        let grade = graded.iter().map(|known| known.1).max().unwrap_or(Grade::Good);
        let drivers =
            graded.iter().filter(|known| known.1 == grade && grade > Grade::Good).map(|known| known.0).collect();
        ClscCriteria {
            code: territory.code.clone(),
            name: territory.name.clone(),
            grade,
            drivers,
            people: sums.people,
            people_grade,
            detached,
            contiguity_grade,
            compactness,
            compactness_grade,
            distance,
            distance_anywhere,
            distance_grade,
            municipalities_cut,
            municipalities_grade,
            mrc_cut: cut(&facts.mrc, &self.mrc),
            spreads: (facts.indicators.iter())
                .filter_map(|indicator| self.spread(indicator, &members, &facts.people))
                .collect(),
            flows: kept,
            gmf,
        }
    }

    fn piece(&self, piece: &[u32], people: &[u64]) -> Piece {
        Piece {
            units: piece.iter().map(|&unit| self.units.id(unit).clone()).collect(),
            people: piece.iter().map(|&unit| people[unit as usize]).sum(),
            was_there: piece.iter().all(|&unit| self.minor[unit as usize]),
        }
    }

    fn spread(&self, indicator: &super::Indicator, members: &[u32], people: &[u64]) -> Option<Spread> {
        let mut known: Vec<(u32, f64)> = members
            .iter()
            .filter_map(|&unit| indicator.values.get(unit as usize).copied().flatten().map(|value| (unit, value)))
            .collect();
        let weight = |unit: u32| people[unit as usize] as f64;
        let total: f64 = known.iter().map(|&(unit, _)| weight(unit)).sum();
        if total <= 0.0 {
            return None;
        }
        let mean = known.iter().map(|&(unit, value)| weight(unit) * value).sum::<f64>() / total;
        let variance = known.iter().map(|&(unit, value)| weight(unit) * (value - mean).powi(2)).sum::<f64>() / total;
        known.sort_by(|a, b| (b.1 - mean).abs().total_cmp(&(a.1 - mean).abs()).then(a.0.cmp(&b.0)));
        Some(Spread {
            name: indicator.name.clone(),
            mean,
            deviation: variance.sqrt(),
            lowest: known.iter().map(|known| known.1).fold(f64::INFINITY, f64::min),
            highest: known.iter().map(|known| known.1).fold(f64::NEG_INFINITY, f64::max),
            unknown: members.len() - known.len(),
            contrasted: (known.iter().take(self.settings.contrasted))
                .map(|&(unit, value)| (self.units.id(unit).clone(), value))
                .collect(),
        })
    }
}

/// Areas that have units inside and outside.
fn cuts(members: &[u32], areas: &Areas, totals: &[(u32, u64)], people: &[u64]) -> Vec<Cut> {
    let mut inside: BTreeMap<u32, (u32, u64)> = BTreeMap::new();
    for &unit in members {
        if let Some(area) = areas.of_unit[unit as usize] {
            let sum = inside.entry(area).or_default();
            sum.0 += 1;
            sum.1 += people[unit as usize];
        }
    }
    inside
        .into_iter()
        .filter(|(area, (units, _))| *units < totals[*area as usize].0)
        .map(|(area, (_, people_inside))| {
            let (code, name) = areas.names[area as usize].clone();
            Cut { code, name, people_inside, people_outside: totals[area as usize].1 - people_inside }
        })
        .collect()
}
