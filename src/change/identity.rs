//! Which newer territory goes on with which older one, at one level.

use super::flows::Flows;
use crate::domain::{Territory, TerritoryIndex};

/// Pairs of an older and a newer territory that are the same one; each stands in one pair at most.
///
/// An older and a newer territory are the same one where, in this order:
/// 1. they hold the very same units;
/// 2. they bear the same code and share a unit, or bear the same code and neither holds any;
/// 3. each holds most of the other's people (units, where nobody lives).
///
/// A territory without units that was given another code goes on as the one that bears its name, where only one does: it has
/// nothing else to be known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    kept_as: Vec<Option<TerritoryIndex>>,
    kept_from: Vec<Option<TerritoryIndex>>,
}

impl Identity {
    /// Pairs the territories of two editions, both lists in order of code. O(territories log territories + pairs).
    #[must_use]
    pub fn new(older: &[Territory], newer: &[Territory], flows: &Flows) -> Self {
        let mut identity = Self { kept_as: vec![None; older.len()], kept_from: vec![None; newer.len()] };
        for from in (0..older.len()).map(TerritoryIndex::new) {
            if let Some(to) = flows.same_units(from) {
                identity.link(from, to);
            }
        }
        let empty = |from: TerritoryIndex| flows.of_from(from).is_empty();
        let empty_now = |to: TerritoryIndex| flows.of_to(to).len() == 0;
        for (place, territory) in older.iter().enumerate() {
            if let Ok(found) = newer.binary_search_by(|other| other.code.cmp(&territory.code)) {
                let (from, to) = (TerritoryIndex::new(place), TerritoryIndex::new(found));
                if flows.pair(from, to).is_some() || (empty(from) && empty_now(to)) {
                    identity.link(from, to);
                }
            }
        }
        for pair in flows.shared() {
            if flows.size_from(pair.from).has_most_in(pair) && flows.size_to(pair.to).has_most_in(pair) {
                identity.link(pair.from, pair.to);
            }
        }
        for from in (0..older.len()).map(TerritoryIndex::new).filter(|&from| empty(from)) {
            let name = &older[from.at()].name;
            let alike = |list: &[Territory], is_empty: &dyn Fn(TerritoryIndex) -> bool| {
                let all = (0..list.len()).map(TerritoryIndex::new);
                all.filter(|&at| is_empty(at) && list[at.at()].name == *name).collect::<Vec<_>>()
            };
            if let ([_], [to]) = (&alike(older, &empty)[..], &alike(newer, &empty_now)[..]) {
                identity.link(from, *to);
            }
        }
        identity
    }

    fn link(&mut self, from: TerritoryIndex, to: TerritoryIndex) {
        if self.kept_as[from.at()].is_none() && self.kept_from[to.at()].is_none() {
            self.kept_as[from.at()] = Some(to);
            self.kept_from[to.at()] = Some(from);
        }
    }

    /// What an older territory goes on as; none where it is gone.
    #[must_use]
    pub fn kept_as(&self, from: TerritoryIndex) -> Option<TerritoryIndex> {
        self.kept_as[from.at()]
    }

    /// What a newer territory was; none where it is new.
    #[must_use]
    pub fn kept_from(&self, to: TerritoryIndex) -> Option<TerritoryIndex> {
        self.kept_from[to.at()]
    }
}
