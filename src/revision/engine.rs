//! Sums a territory a level, kept true while units move one at a time.
//!
//! All sums are whole numbers, so that what was applied and undone leaves no trace, and what is kept is exactly what a
//! fresh count would give.

use std::collections::BTreeMap;

use serde::Serialize;

use super::contiguity::Search;
use super::{UnitFacts, UnitGraph};
use crate::change::{Comparison, Flows, Shared};
use crate::domain::{Edition, Hierarchy, Level, TerritoryIndex};

/// Sums over the units of a territory.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sums {
    /// Units.
    pub units: u32,
    /// People.
    pub people: u64,
    /// Area in square decimetres.
    pub area_dm2: u64,
    /// Length of its limits in millimetres.
    pub perimeter_mm: u64,
    /// Pieces that do not touch (islands and enclaves make more than one).
    pub pieces: u32,
    /// Installations.
    pub installations: u32,
    /// For each matrix of the facts (that of GMF last): what starts inside, and what of it stays inside.
    pub flows: Vec<[u64; 2]>,
}

/// Units, people and areas that go from a territory of the base to one of the revised edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct FlowSums {
    /// Units.
    pub units: u32,
    /// People.
    pub people: u64,
    /// Area in square decimetres.
    pub area_dm2: u64,
    /// Addresses, of the units whose addresses are known.
    pub addresses: u64,
    /// People of the units whose addresses are known.
    pub people_addressed: u64,
}

/// One level: what each CLSC lies in, and the sums of its territories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LevelSums {
    pub(super) parent: Vec<u16>,
    pub(super) sums: Vec<Sums>,
    /// Territory of the base of each unit.
    pub(super) base: Vec<u16>,
    pub(super) flows: BTreeMap<(u16, u16), FlowSums>,
}

/// A territory that a move touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Its level.
    pub level: Level,
    /// Its place in its level's list of the revised edition.
    pub territory: u16,
    /// Sums before the move.
    pub before: Sums,
    /// Sums after the move.
    pub after: Sums,
}

/// Most units that are moved one by one where an edition is revised.
const MOST_MOVED: usize = 500;

/// What an engine counted, kept between questions about the same base without holding on to what it counted on.
#[derive(Debug, Clone)]
pub struct Counts {
    clsc_of: Vec<u16>,
    members: Vec<Vec<u32>>,
    place: Vec<u32>,
    installations: Vec<u32>,
    levels: [LevelSums; 5],
    search: Search,
}

impl Counts {
    /// The engine again. The graph, facts and territories must be those that were counted on. O(units).
    #[must_use]
    pub fn engine<'a>(&self, graph: &'a UnitGraph, facts: &'a UnitFacts, hierarchy: &'a Hierarchy) -> ImpactEngine<'a> {
        let Self { clsc_of, members, place, installations, levels, search } = self.clone();
        ImpactEngine {
            graph,
            facts,
            hierarchy,
            clsc_of,
            members,
            place,
            installations,
            levels,
            done: Vec::new(),
            search,
        }
    }
}

/// Why a unit may not go to a CLSC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Illegal {
    /// It is there.
    #[error("the unit is already in that CLSC")]
    AlreadyThere,
    /// None of its neighbours is.
    #[error("the unit does not border that CLSC")]
    NotAdjacent,
    /// Nothing would be left.
    #[error("its CLSC would be empty")]
    Empties,
    /// Its CLSC would fall apart.
    #[error("its CLSC would fall into more pieces")]
    Detaches,
}

/// The sums of all territories, at all levels.
#[derive(Debug, Clone)]
pub struct ImpactEngine<'a> {
    pub(super) graph: &'a UnitGraph,
    pub(super) facts: &'a UnitFacts,
    hierarchy: &'a Hierarchy,
    pub(super) clsc_of: Vec<u16>,
    members: Vec<Vec<u32>>,
    place: Vec<u32>,
    pub(super) installations: Vec<u32>,
    pub(super) levels: [LevelSums; 5],
    done: Vec<(u32, u16)>,
    pub(super) search: Search,
}

impl<'a> ImpactEngine<'a> {
    /// Counts everything once: O(units + arcs) a level.
    ///
    /// # Panics
    /// Where the editions, the graph and the facts are not about the same units.
    #[must_use]
    pub fn new(graph: &'a UnitGraph, facts: &'a UnitFacts, base: &Edition, revised: &'a Edition) -> Self {
        let clsc_of = revised.attachment.as_slice().to_vec();
        let count = clsc_of.len();
        assert!(
            count == graph.len() && count == facts.people.len() && count == base.attachment.as_slice().len(),
            "an edition, a graph and facts must be about the same units"
        );
        let mut members = vec![Vec::new(); revised.hierarchy.clsc_count()];
        let mut place = vec![0; count];
        for (unit, &clsc) in (0_u32..).zip(&clsc_of) {
            place[unit as usize] = members[usize::from(clsc)].len() as u32;
            members[usize::from(clsc)].push(unit);
        }
        let mut installations = vec![0; count];
        for installation in &facts.installations {
            installations[installation.unit as usize] += 1;
        }
        let mut engine = Self {
            graph,
            facts,
            hierarchy: &revised.hierarchy,
            clsc_of,
            members,
            place,
            installations,
            levels: std::array::from_fn(|level| {
                let word = Level::TERRITORIAL[level];
                let above = |hierarchy: &Hierarchy, clsc: usize| hierarchy.parent(clsc, word) as u16;
                LevelSums {
                    parent: (0..revised.hierarchy.clsc_count()).map(|clsc| above(&revised.hierarchy, clsc)).collect(),
                    sums: vec![Sums::default(); revised.hierarchy.territories(word).len()],
                    base: base
                        .attachment
                        .as_slice()
                        .iter()
                        .map(|&clsc| above(&base.hierarchy, usize::from(clsc)))
                        .collect(),
                    flows: BTreeMap::new(),
                }
            }),
            done: Vec::new(),
            search: Search::new(count),
        };
        for level in 0..5 {
            engine.count(level);
        }
        engine
    }

    /// The engine of a revised edition, from this one of its base as it stands before any move.
    ///
    /// Where the revision only moves a few units, they are moved: O(units) to copy, then as [`Self::apply`]. Else all is
    /// counted again. The sums are the same either way.
    ///
    /// # Panics
    /// As [`Self::new`].
    #[must_use]
    pub fn revised(&self, base: &Edition, revised: &'a Edition) -> Self {
        let attached = revised.attachment.as_slice();
        if attached.len() == self.clsc_of.len() && self.hierarchy.same_shape(&revised.hierarchy) {
            let moved: Vec<(u32, u16)> = (0_u32..)
                .zip(attached.iter().copied())
                .filter(|&(unit, clsc)| self.clsc_of[unit as usize] != clsc)
                .collect();
            // A move costs some microseconds, a count of everything some milliseconds.
            if moved.len() < MOST_MOVED {
                let mut engine = Self { hierarchy: &revised.hierarchy, done: Vec::new(), ..self.clone() };
                for (unit, clsc) in moved {
                    engine.shift(unit, clsc);
                }
                return engine;
            }
        }
        Self::new(self.graph, self.facts, base, revised)
    }

    /// What was counted, apart from what it was counted on.
    #[must_use]
    pub fn into_counts(self) -> Counts {
        let Self { clsc_of, members, place, installations, levels, search, .. } = self;
        Counts { clsc_of, members, place, installations, levels, search }
    }

    /// Moves a unit, whether or not it is legal (see [`Self::check`]); gives the territories touched, CLSC first.
    ///
    /// Costs O(neighbours + flows of the unit) a level that is touched, and now and then a search for contiguity.
    pub fn apply(&mut self, unit: u32, clsc: u16) -> Vec<Touched> {
        let from = self.clsc_of[unit as usize];
        let mut touched = Vec::with_capacity(10);
        if from == clsc {
            return touched;
        }
        let pairs: [(u16, u16); 5] = std::array::from_fn(|level| {
            let parent = &self.levels[level].parent;
            (parent[usize::from(from)], parent[usize::from(clsc)])
        });
        for (level, &(old, new)) in pairs.iter().enumerate().filter(|(_, (old, new))| old != new) {
            for territory in [old, new] {
                let before = self.levels[level].sums[usize::from(territory)].clone();
                touched.push(Touched { level: Level::TERRITORIAL[level], territory, after: before.clone(), before });
            }
        }
        self.shift(unit, clsc);
        self.done.push((unit, from));
        for entry in &mut touched {
            entry.after = self.sums(entry.level, entry.territory).clone();
        }
        touched
    }

    /// Takes back the last move; false where there is none.
    pub fn undo(&mut self) -> bool {
        let Some((unit, clsc)) = self.done.pop() else { return false };
        self.shift(unit, clsc);
        true
    }

    fn shift(&mut self, unit: u32, clsc: u16) {
        let at = unit as usize;
        let from = self.clsc_of[at];
        for state in &mut self.levels {
            let (old, new) = (state.parent[usize::from(from)], state.parent[usize::from(clsc)]);
            if old == new {
                continue;
            }
            let clsc_of = &self.clsc_of;
            let territory = |unit: u32| state.parent[usize::from(clsc_of[unit as usize])];
            let (mut lost, mut gained) = (self.graph.outer_mm(unit), self.graph.outer_mm(unit));
            let (mut opened, mut closed) = (0, 0);
            for link in self.graph.neighbours(unit) {
                let other = territory(link.unit);
                if other == old {
                    opened += link.shared_mm;
                    gained += link.shared_mm;
                } else if other == new {
                    closed += link.shared_mm;
                    lost += link.shared_mm;
                } else {
                    lost += link.shared_mm;
                    gained += link.shared_mm;
                }
            }
            let old_pieces = self.search.pieces_without(self.graph, unit, |other| territory(other) == old);
            let new_pieces = self.search.pieces_without(self.graph, unit, |other| territory(other) == new);
            let sums = &mut state.sums;
            for (number, matrix) in self.facts.matrices().enumerate() {
                let leaving = matrix.leaving(unit);
                sums[usize::from(old)].flows[number][0] -= leaving;
                sums[usize::from(new)].flows[number][0] += leaving;
                for &(other, out, back) in matrix.of(unit) {
                    if other == unit {
                        // What stays in the unit stands in one cell, counted both ways.
                        sums[usize::from(old)].flows[number][1] -= out;
                        sums[usize::from(new)].flows[number][1] += out;
                        continue;
                    }
                    let there = state.parent[usize::from(clsc_of[other as usize])];
                    if there == old {
                        sums[usize::from(old)].flows[number][1] -= out + back;
                    } else if there == new {
                        sums[usize::from(new)].flows[number][1] += out + back;
                    }
                }
            }
            let (people, area) = (self.facts.people[at], self.facts.area_dm2[at]);
            let donor = &mut sums[usize::from(old)];
            donor.units -= 1;
            donor.people -= people;
            donor.area_dm2 -= area;
            donor.installations -= self.installations[at];
            donor.perimeter_mm = donor.perimeter_mm + opened - lost;
            donor.pieces = donor.pieces + old_pieces - 1;
            let receiver = &mut sums[usize::from(new)];
            receiver.units += 1;
            receiver.people += people;
            receiver.area_dm2 += area;
            receiver.installations += self.installations[at];
            receiver.perimeter_mm = receiver.perimeter_mm + gained - closed;
            receiver.pieces = receiver.pieces + 1 - new_pieces;
            let base = state.base[at];
            if let Some(flow) = state.flows.get_mut(&(base, old)) {
                flow.remove(self.facts, unit);
                if flow.units == 0 {
                    state.flows.remove(&(base, old));
                }
            }
            state.flows.entry((base, new)).or_default().add(self.facts, unit);
        }
        let place = self.place[at] as usize;
        let list = &mut self.members[usize::from(from)];
        list.swap_remove(place);
        if let Some(&moved) = list.get(place) {
            self.place[moved as usize] = place as u32;
        }
        self.place[at] = self.members[usize::from(clsc)].len() as u32;
        self.members[usize::from(clsc)].push(unit);
        self.clsc_of[at] = clsc;
    }

    /// Whether a unit may go to a CLSC: it borders it, leaves something behind, and leaves it no more in pieces than it is.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn check(&mut self, unit: u32, clsc: u16) -> Result<(), Illegal> {
        let from = self.clsc_of[unit as usize];
        if from == clsc {
            return Err(Illegal::AlreadyThere);
        }
        if !self.graph.neighbours(unit).iter().any(|link| self.clsc_of[link.unit as usize] == clsc) {
            return Err(Illegal::NotAdjacent);
        }
        if self.members[usize::from(from)].len() == 1 {
            return Err(Illegal::Empties);
        }
        let clsc_of = &self.clsc_of;
        let pieces = self.search.pieces_without(self.graph, unit, |other| clsc_of[other as usize] == from);
        if pieces > 1 { Err(Illegal::Detaches) } else { Ok(()) }
    }

    /// CLSC, other than its own, that a unit borders.
    #[must_use]
    pub fn choices(&self, unit: u32) -> Vec<u16> {
        let own = self.clsc_of[unit as usize];
        let mut choices: Vec<u16> = (self.graph.neighbours(unit).iter())
            .map(|link| self.clsc_of[link.unit as usize])
            .filter(|&clsc| clsc != own)
            .collect();
        choices.sort_unstable();
        choices.dedup();
        choices
    }

    /// CLSC of a unit.
    #[must_use]
    pub fn clsc_of(&self, unit: u32) -> u16 {
        self.clsc_of[unit as usize]
    }

    /// CLSC of every unit.
    #[must_use]
    pub fn attachment(&self) -> &[u16] {
        &self.clsc_of
    }

    /// Units of a CLSC, in no order.
    #[must_use]
    pub fn members(&self, clsc: u16) -> &[u32] {
        &self.members[usize::from(clsc)]
    }

    /// Sums of a territory, by its place in its level's list.
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn sums(&self, level: Level, territory: u16) -> &Sums {
        &self.level(level).sums[usize::from(territory)]
    }

    /// Flows of a level, by (territory of the base, territory of the revised edition); what stays is there too.
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn flows(&self, level: Level) -> &BTreeMap<(u16, u16), FlowSums> {
        &self.level(level).flows
    }

    /// What became of every territory since the base, which is as it stands in `before`. O(territories + flows).
    ///
    /// # Panics
    /// Where the two engines are not about the same base.
    #[must_use]
    pub fn compared<'b>(&'b self, before: &'b ImpactEngine<'_>) -> Comparison<'b> {
        let shared = self.flows(Level::Clsc).iter().map(|(&(from, to), flow)| Shared {
            from: TerritoryIndex(from),
            to: TerritoryIndex(to),
            units: flow.units,
            people: flow.people,
        });
        let flows = Flows::new(shared, before.hierarchy.clsc_count(), self.hierarchy.clsc_count());
        Comparison::new(before.hierarchy, self.hierarchy, flows)
    }

    /// What a CLSC lies in.
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn parent(&self, level: Level, clsc: u16) -> u16 {
        self.level(level).parent[usize::from(clsc)]
    }

    fn level(&self, level: Level) -> &LevelSums {
        &self.levels[level.territorial_index().expect("sums are kept for territories, not for dissemination areas")]
    }

    /// The limit arcs of a territory. O(its arcs).
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn limit_arcs(&self, level: Level, territory: u16) -> Vec<(u32, bool)> {
        let parent = &self.level(level).parent;
        let inside = |unit: u32| parent[usize::from(self.clsc_of[unit as usize])] == territory;
        let members = (self.members.iter().zip(parent))
            .filter(|(_, parent)| **parent == territory)
            .flat_map(|(members, _)| members.iter().copied());
        self.graph.limit_arcs(members, inside)
    }

    /// Graph, facts and territories that it counts on.
    #[must_use]
    pub fn grounds(&self) -> (&'a UnitGraph, &'a UnitFacts, &'a Hierarchy) {
        (self.graph, self.facts, self.hierarchy)
    }
}

impl FlowSums {
    /// What one unit counts for.
    fn of(facts: &UnitFacts, unit: u32) -> Self {
        let at = unit as usize;
        let (people, addresses) = (facts.people[at], facts.addresses.as_ref().and_then(|addresses| addresses[at]));
        Self {
            units: 1,
            people,
            area_dm2: facts.area_dm2[at],
            addresses: addresses.unwrap_or(0),
            people_addressed: addresses.map_or(0, |_| people),
        }
    }

    pub(super) fn add(&mut self, facts: &UnitFacts, unit: u32) {
        let own = Self::of(facts, unit);
        self.units += own.units;
        self.people += own.people;
        self.area_dm2 += own.area_dm2;
        self.addresses += own.addresses;
        self.people_addressed += own.people_addressed;
    }

    fn remove(&mut self, facts: &UnitFacts, unit: u32) {
        let own = Self::of(facts, unit);
        self.units -= own.units;
        self.people -= own.people;
        self.area_dm2 -= own.area_dm2;
        self.addresses -= own.addresses;
        self.people_addressed -= own.people_addressed;
    }

    /// Its addresses; none where those of nobody in it are known.
    pub(super) fn known_addresses(&self) -> Option<u64> {
        (self.people_addressed > 0 || self.addresses > 0 || self.people == 0).then_some(self.addresses)
    }
}

impl crate::domain::French for Illegal {
    fn french(&self) -> String {
        match self {
            Self::AlreadyThere => "l'aire est déjà dans ce CLSC",
            Self::NotAdjacent => "l'aire ne touche pas ce CLSC",
            Self::Empties => "son CLSC serait vide",
            Self::Detaches => "son CLSC serait en plus de morceaux",
        }
        .to_owned()
    }
}
