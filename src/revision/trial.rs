//! A map that is being tried: only what a proposal is judged by, kept true move by move.

use std::collections::BTreeMap;

use super::contiguity::Search;
use super::engine::ImpactEngine;
use super::propose::{Goal, Goals, Score};
use super::reach::Reach;
use super::rules::{AreaCounts, Locks, Rule, Rules};
use super::{UnitFacts, UnitGraph};
use crate::domain::Level;

/// The state of a search. All counts are whole numbers.
pub(super) struct Trial<'a> {
    pub(super) graph: &'a UnitGraph,
    facts: &'a UnitFacts,
    rules: &'a Rules,
    pub(super) locks: Locks,
    keep: [bool; 4],
    /// For each CLSC, what it lies in at each territorial level (itself first).
    parents: Vec<[u16; 5]>,
    pub(super) base: Vec<u16>,
    pub(super) clsc_of: Vec<u16>,
    pub(super) members: Vec<Vec<u32>>,
    place: Vec<u32>,
    pub(super) people: Vec<u64>,
    /// Units that a territory lost or gained, by level.
    foreign: [Vec<u32>; 5],
    /// Territories with any, by level.
    disturbed: [u32; 5],
    areas: Option<AreaCounts<'a>>,
    mrc: Option<AreaCounts<'a>>,
    goals: Goals,
    /// The CLSC that holds the installation nearest to each unit, where that is a goal.
    nearest: Vec<Option<u16>>,
    not_nearest: u64,
    /// People of a CLSC of the scope, were they shared evenly.
    even: u64,
    imbalance: u64,
    /// Units that are not where they were, and where each stands in that list.
    pub(super) moved: Vec<u32>,
    place_in_moved: BTreeMap<u32, usize>,
    pub(super) moved_people: u64,
    pub(super) in_range: u32,
    pub(super) off_range: u64,
    cut: i32,
    search: Search,
    pub(super) rejected: BTreeMap<Rule, u64>,
    pub(super) validated: u64,
}

impl<'a> Trial<'a> {
    pub(super) fn new(engine: &ImpactEngine<'a>, rules: &'a Rules, goals: Goals) -> Self {
        let (graph, facts, hierarchy) = engine.grounds();
        let count = hierarchy.clsc_count();
        let people: Vec<u64> = (0..count as u16).map(|clsc| engine.sums(Level::Clsc, clsc).people).collect();
        let mut members = vec![Vec::new(); count];
        let mut place = vec![0; graph.len()];
        for (unit, &clsc) in (0_u32..).zip(engine.attachment()) {
            place[unit as usize] = members[usize::from(clsc)].len() as u32;
            members[usize::from(clsc)].push(unit);
        }
        let areas = facts.municipalities.as_ref().map(|areas| AreaCounts::new(areas, engine.attachment()));
        let mrc = facts.mrc.as_ref().map(|areas| AreaCounts::new(areas, engine.attachment()));
        let mut locks = Locks::new(rules, graph.len(), count);
        let mut nearest = Vec::new();
        if goals.holds(Goal::NearestInstallation) && facts.points.len() == graph.len() {
            let installed = Reach::new(&facts.installations);
            // By travel time where the table says one, as the crow flies elsewhere.
            let by_time = |unit: u32| {
                let times = facts.travel.as_ref()?.of(unit).iter();
                let clsc = times.filter(|known| facts.installations[known.0 as usize].is_clsc);
                let soonest = clsc.min_by(|a, b| a.1.total_cmp(&b.1))?;
                Some(facts.installations[soonest.0 as usize].unit)
            };
            nearest.extend((0_u32..).zip(&facts.points).map(|(unit, &point)| {
                by_time(unit).or_else(|| installed.nearest(point)).map(|home| engine.clsc_of(home))
            }));
            // Were an installation to change CLSC, all around it would have to be looked at again.
            for unit in installed.units() {
                locks.unit[unit as usize] = true;
            }
        }
        let not_nearest = (nearest.iter().zip(engine.attachment()).zip(&facts.people))
            .filter(|((nearest, home), _)| nearest.is_some_and(|nearest| nearest != **home))
            .map(|(_, people)| people)
            .sum();
        let scope: Vec<u64> = (0..count).filter(|&clsc| locks.in_scope(clsc)).map(|clsc| people[clsc]).collect();
        let even = scope.iter().sum::<u64>() / (scope.len() as u64).max(1);
        let imbalance = scope.iter().map(|people| people.abs_diff(even)).sum();
        Self {
            graph,
            facts,
            rules,
            locks,
            mrc,
            goals,
            nearest,
            not_nearest,
            even,
            imbalance,
            keep: Level::UPPER.map(|level| rules.keep.contains(&level)),
            parents: (0..count as u16).map(|clsc| Level::TERRITORIAL.map(|level| engine.parent(level, clsc))).collect(),
            base: engine.attachment().to_vec(),
            clsc_of: engine.attachment().to_vec(),
            members,
            place,
            in_range: people.iter().filter(|&&people| rules.criteria.in_range(people)).count() as u32,
            off_range: people.iter().map(|&people| rules.criteria.off_range(people)).sum(),
            people,
            foreign: Level::TERRITORIAL.map(|level| vec![0; hierarchy.territories(level).len()]),
            disturbed: [0; 5],
            cut: areas.as_ref().map_or(0, |areas| areas.cut() as i32),
            areas,
            moved: Vec::new(),
            place_in_moved: BTreeMap::new(),
            moved_people: 0,
            search: Search::new(graph.len()),
            rejected: BTreeMap::new(),
            validated: 0,
        }
    }

    pub(super) fn score(&self) -> Score {
        Score {
            moved_people: self.moved_people,
            in_range: self.in_range,
            upper_disturbed: self.disturbed[1..].iter().sum(),
            municipalities_cut: self.areas.as_ref().map(|_| self.cut.unsigned_abs()),
            series_broken: self.disturbed.iter().sum(),
            people_not_nearest: (!self.nearest.is_empty()).then_some(self.not_nearest),
            imbalance: self.goals.holds(Goal::Balance).then_some(self.imbalance),
        }
    }

    fn moved_people_after(&self, unit: u32, to: u16) -> u64 {
        let people = self.facts.people[unit as usize];
        let base = self.base[unit as usize];
        let away = self.clsc_of[unit as usize] != base;
        match (away, to == base) {
            (false, _) => self.moved_people + people,
            (true, true) => self.moved_people - people,
            (true, false) => self.moved_people,
        }
    }

    /// Whether a unit may go to a CLSC that it borders, by every rule, contiguity included.
    pub(super) fn validate(&mut self, unit: u32, to: u16) -> bool {
        self.validated += 1;
        let from = self.clsc_of[unit as usize];
        let broken = self.broken_rule(unit, from, to);
        if let Some(rule) = broken {
            *self.rejected.entry(rule).or_default() += 1;
        }
        broken.is_none()
    }

    fn broken_rule(&mut self, unit: u32, from: u16, to: u16) -> Option<Rule> {
        let base = self.base[unit as usize];
        if let Some(rule) = self.locks.forbid(unit, from, to) {
            return Some(rule);
        }
        let cuts =
            |areas: &Option<AreaCounts<'_>>| areas.as_ref().is_some_and(|areas| areas.change(unit, from, to) > 0);
        if self.rules.keep_municipalities && cuts(&self.areas) {
            return Some(Rule::KeepMunicipalities);
        }
        if self.rules.keep_mrc && cuts(&self.mrc) {
            return Some(Rule::KeepMrc);
        }
        for place in 0..4 {
            let level = place + 1;
            if self.keep[place] && self.parents[usize::from(base)][level] != self.parents[usize::from(to)][level] {
                return Some(Rule::KEEP[place]);
            }
        }
        if self.rules.max_moved_people.is_some_and(|most| self.moved_people_after(unit, to) > most) {
            return Some(Rule::MaxMovedPeople);
        }
        if self.members[usize::from(from)].len() == 1 {
            return Some(Rule::TotalCover);
        }
        let clsc_of = &self.clsc_of;
        let pieces = self.search.pieces_without(self.graph, unit, |other| clsc_of[other as usize] == from);
        (pieces > 1).then_some(Rule::Contiguity)
    }

    /// Moves a unit; [`Self::validate`] must have allowed it, or it must take back a move just made.
    pub(super) fn shift(&mut self, unit: u32, to: u16) {
        let at = unit as usize;
        let from = self.clsc_of[at];
        let base = self.base[at];
        let people = self.facts.people[at];
        self.moved_people = self.moved_people_after(unit, to);
        for (clsc, gains) in [(from, false), (to, true)] {
            let counts = self.locks.in_scope(usize::from(clsc));
            let sum = &mut self.people[usize::from(clsc)];
            self.imbalance -= if counts { sum.abs_diff(self.even) } else { 0 };
            self.in_range -= u32::from(self.rules.criteria.in_range(*sum));
            self.off_range -= self.rules.criteria.off_range(*sum);
            *sum = if gains { *sum + people } else { *sum - people };
            self.in_range += u32::from(self.rules.criteria.in_range(*sum));
            self.off_range += self.rules.criteria.off_range(*sum);
            self.imbalance += if counts { sum.abs_diff(self.even) } else { 0 };
        }
        for level in 0..5 {
            let of = |clsc: u16| self.parents[usize::from(clsc)][level];
            let (home, old, new) = (of(base), of(from), of(to));
            if old == new {
                continue;
            }
            for (end, enters) in [(old, false), (new, true)] {
                if end == home {
                    // Leaving home makes it lack the unit, coming home ends that.
                    self.mark(level, home, !enters);
                } else {
                    self.mark(level, end, enters);
                }
            }
        }
        if let Some(&Some(nearest)) = self.nearest.get(at) {
            self.not_nearest -= if nearest == from { 0 } else { people };
            self.not_nearest += if nearest == to { 0 } else { people };
        }
        if let Some(mrc) = &mut self.mrc {
            mrc.shift(unit, from, to);
        }
        if let Some(areas) = &mut self.areas {
            self.cut += areas.change(unit, from, to);
            areas.shift(unit, from, to);
        }
        if from == base {
            self.place_in_moved.insert(unit, self.moved.len());
            self.moved.push(unit);
        } else if to == base
            && let Some(place) = self.place_in_moved.remove(&unit)
        {
            self.moved.swap_remove(place);
            if let Some(&other) = self.moved.get(place) {
                self.place_in_moved.insert(other, place);
            }
        }
        let place = self.place[at] as usize;
        let list = &mut self.members[usize::from(from)];
        list.swap_remove(place);
        if let Some(&other) = list.get(place) {
            self.place[other as usize] = place as u32;
        }
        self.place[at] = self.members[usize::from(to)].len() as u32;
        self.members[usize::from(to)].push(unit);
        self.clsc_of[at] = to;
    }

    fn mark(&mut self, level: usize, territory: u16, more: bool) {
        let count = &mut self.foreign[level][usize::from(territory)];
        if more {
            *count += 1;
            self.disturbed[level] += u32::from(*count == 1);
        } else {
            *count -= 1;
            self.disturbed[level] -= u32::from(*count == 0);
        }
    }

    /// Units that moved, with the CLSC where they are, in no order.
    pub(super) fn moves_as_they_stand(&self) -> Vec<(u32, u16)> {
        self.moved.iter().map(|&unit| (unit, self.clsc_of[unit as usize])).collect()
    }

    /// Units that moved, with the CLSC where they are, in order of unit.
    pub(super) fn moves(&self) -> Vec<(u32, u16)> {
        let mut moves = self.moves_as_they_stand();
        moves.sort_unstable();
        moves
    }

    /// Puts every unit back into its CLSC of the base.
    pub(super) fn reset(&mut self) {
        while let Some(&unit) = self.moved.last() {
            self.shift(unit, self.base[unit as usize]);
        }
    }

    /// Whether a unit borders a CLSC.
    pub(super) fn borders(&self, unit: u32, clsc: u16) -> bool {
        self.graph.neighbours(unit).iter().any(|link| self.clsc_of[link.unit as usize] == clsc)
    }
}
