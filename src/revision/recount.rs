//! Counts from scratch: what an engine begins with, and what its sums are held against.

use std::collections::BTreeMap;

use super::engine::{FlowSums, ImpactEngine, Sums, Touched};

impl ImpactEngine<'_> {
    /// Counts a level from scratch.
    pub(super) fn count(&mut self, level: usize) {
        let state = &mut self.levels[level];
        let territory = |unit: u32| state.parent[usize::from(self.clsc_of[unit as usize])];
        let matrices = self.facts.matrices().count();
        let mut sums = vec![Sums { flows: vec![[0; 2]; matrices], ..Sums::default() }; state.sums.len()];
        let mut flows: BTreeMap<(u16, u16), FlowSums> = BTreeMap::new();
        let mut members = vec![Vec::new(); sums.len()];
        for unit in 0..self.clsc_of.len() as u32 {
            let own = territory(unit);
            members[usize::from(own)].push(unit);
            let sum = &mut sums[usize::from(own)];
            sum.units += 1;
            sum.people += self.facts.people[unit as usize];
            sum.area_dm2 += self.facts.area_dm2[unit as usize];
            sum.installations += self.installations[unit as usize];
            sum.perimeter_mm += self.graph.outer_mm(unit);
            sum.perimeter_mm += (self.graph.neighbours(unit).iter())
                .filter(|link| territory(link.unit) != own)
                .map(|link| link.shared_mm)
                .sum::<u64>();
            for (matrix, counted) in self.facts.matrices().zip(&mut sum.flows) {
                counted[0] += matrix.leaving(unit);
                counted[1] += (matrix.of(unit).iter())
                    .filter(|(other, _, _)| territory(*other) == own)
                    .map(|(_, out, _)| out)
                    .sum::<u64>();
            }
            flows.entry((state.base[unit as usize], own)).or_default().add(self.facts, unit);
        }
        for (own, (sum, members)) in (0_u16..).zip(sums.iter_mut().zip(&members)) {
            sum.pieces = self.search.pieces(self.graph, members, |unit| territory(unit) == own).len() as u32;
        }
        state.sums = sums;
        state.flows = flows;
    }

    /// Whether all sums are what a count from scratch gives.
    #[must_use]
    pub fn agrees_with_recount(&self) -> bool {
        let mut fresh = self.clone();
        (0..5).for_each(|level| fresh.count(level));
        fresh.levels == self.levels
    }

    /// Whether the territories that a move touched have the sums and flows that a count of their units from scratch gives,
    /// units being found by their CLSC alone. O(units) a level touched: far cheaper than [`Self::agrees_with_recount`].
    #[must_use]
    pub fn agrees_on(&mut self, touched: &[Touched]) -> bool {
        touched.iter().all(|entry| {
            entry.level.territorial_index().is_some_and(|level| {
                let (sums, flows) = self.recount(level, entry.territory);
                let state = &self.levels[level];
                let kept = state.flows.iter().filter(|((_, to), _)| *to == entry.territory);
                state.sums[usize::from(entry.territory)] == sums
                    && sums == entry.after
                    && kept.map(|(&(from, _), flow)| (from, *flow)).eq(flows)
            })
        })
    }

    /// Sums of a territory and its flows by territory of the base, counted from its units.
    fn recount(&mut self, level: usize, own: u16) -> (Sums, BTreeMap<u16, FlowSums>) {
        let state = &self.levels[level];
        let inside = |unit: u32| state.parent[usize::from(self.clsc_of[unit as usize])] == own;
        let members: Vec<u32> = (0..self.clsc_of.len() as u32).filter(|&unit| inside(unit)).collect();
        let matrices = self.facts.matrices().count();
        let mut sums = Sums { units: members.len() as u32, flows: vec![[0; 2]; matrices], ..Sums::default() };
        let mut flows: BTreeMap<u16, FlowSums> = BTreeMap::new();
        for &unit in &members {
            sums.people += self.facts.people[unit as usize];
            sums.area_dm2 += self.facts.area_dm2[unit as usize];
            sums.installations += self.installations[unit as usize];
            sums.perimeter_mm += self.graph.outer_mm(unit);
            let open = self.graph.neighbours(unit).iter().filter(|link| !inside(link.unit));
            sums.perimeter_mm += open.map(|link| link.shared_mm).sum::<u64>();
            for (matrix, counted) in self.facts.matrices().zip(&mut sums.flows) {
                let kept = matrix.of(unit).iter().filter(|(other, _, _)| inside(*other));
                counted[0] += matrix.leaving(unit);
                counted[1] += kept.map(|(_, out, _)| out).sum::<u64>();
            }
            flows.entry(state.base[unit as usize]).or_default().add(self.facts, unit);
        }
        sums.pieces = self.search.pieces(self.graph, &members, inside).len() as u32;
        (sums, flows)
    }
}
