//! What criteria are measured against, prepared once a base.

use super::criterion::Context;
use super::{CRITERIA, ClscCriteria, CriteriaSettings, Grade, Measured};
use crate::domain::{Level, NestingBreak};
use crate::revision::contiguity::Search;
use crate::revision::reach::Reach;
use crate::revision::{Areas, ImpactEngine, UnitIndex};

/// What criteria are measured against, prepared once.
#[derive(Debug, Clone)]
pub struct CriteriaGrounds<'a> {
    units: &'a UnitIndex,
    settings: CriteriaSettings,
    /// Units that the base has in a piece other than the main one of their CLSC.
    pub(super) minor: Vec<bool>,
    /// CLSC installations.
    pub(super) installed: Reach,
    nesting_breaks: Vec<NestingBreak>,
    /// Units and people of each municipality.
    pub(super) municipalities: Vec<(u32, u64)>,
    /// Units and people of each MRC.
    pub(super) mrc: Vec<(u32, u64)>,
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
    pub(in crate::revision) fn nesting_breaks(&self) -> &[NestingBreak] {
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
        let territory = &engine.grounds().2.territories(Level::Clsc)[usize::from(clsc)];
        let mut members = engine.members(clsc).to_vec();
        members.sort_unstable();
        let context = Context { engine, grounds: self, clsc, members: &members };
        let measures: Vec<Measured> = CRITERIA.iter().flat_map(|criterion| criterion.measure(&context)).collect();
        let grade = measures.iter().filter_map(|known| known.grade).max().unwrap_or(Grade::Good);
        let drivers = (measures.iter())
            .filter(|known| known.grade == Some(grade) && grade > Grade::Good)
            .filter_map(|known| known.fault)
            .collect();
        ClscCriteria { code: territory.code.clone(), name: territory.name.clone(), grade, drivers, measures }
    }
}
