//! Which territory goes on with which between two editions, and what happened to it.

use std::collections::{BTreeMap, BTreeSet};

use super::bonds::{Bonds, Flows};
use super::engine::ImpactEngine;
use crate::domain::{ChangeClass, Edition, Hierarchy, Level};

/// Which territory of the revised edition goes on with which of the base, at one level.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs {
    pub(super) bonds: Bonds,
    pub(super) after: BTreeMap<u16, u16>,
    pub(super) before: BTreeMap<u16, u16>,
}

impl Pairs {
    /// Whether all that a territory gives to, or gets from, goes on.
    fn neighbours_stay(&self, was: u16, is: u16) -> bool {
        let among = |list: &BTreeMap<u16, BTreeSet<u16>>, of: u16, own: u16, kept: &BTreeMap<u16, u16>| {
            list.get(&of).is_none_or(|others| others.iter().all(|other| *other == own || kept.contains_key(other)))
        };
        among(&self.bonds.to, was, is, &self.before) && among(&self.bonds.from, is, was, &self.after)
    }
}

/// What stands right above each territory, as (place of the level, place in its list): RLS and RUISSS of a CLSC, RTS of an
/// RLS, RSS of an RTS. In order.
#[derive(Debug, Clone)]
pub(super) struct Above([Vec<Vec<(usize, u16)>>; 5]);

impl Above {
    const UPPERS: [&'static [usize]; 5] = [&[1, 4], &[2], &[3], &[], &[]];

    fn new(hierarchy: &Hierarchy) -> Self {
        Self(std::array::from_fn(|level| {
            let word = Level::TERRITORIAL[level];
            let mut above = vec![Vec::new(); hierarchy.territories(word).len()];
            for clsc in 0..hierarchy.clsc_count() {
                let known: &mut Vec<(usize, u16)> = &mut above[hierarchy.parent(clsc, word)];
                for &upper in Self::UPPERS[level] {
                    let parent = (upper, hierarchy.parent(clsc, Level::TERRITORIAL[upper]) as u16);
                    if !known.contains(&parent) {
                        known.push(parent);
                    }
                }
            }
            for known in &mut above {
                known.sort_unstable();
            }
            above
        }))
    }

    pub(super) fn of(&self, level: usize, territory: u16) -> &[(usize, u16)] {
        &self.0[level][usize::from(territory)]
    }
}

/// All levels of two editions, matched up.
pub(super) struct Pairing {
    pub(super) levels: Vec<Pairs>,
    pub(super) above_before: Above,
    pub(super) above_after: Above,
}

impl Pairing {
    pub(super) fn new(before: &ImpactEngine<'_>, after: &ImpactEngine<'_>) -> Self {
        let (old, new) = (before.grounds().2, after.grounds().2);
        Self {
            levels: Level::TERRITORIAL.iter().map(|&level| pair(old, new, after, level)).collect(),
            above_before: Above::new(old),
            above_after: Above::new(new),
        }
    }

    /// What happened to a territory: its place before, its place after.
    pub(super) fn classify(
        &self,
        (place, level): (usize, Level),
        (old, new): (&Hierarchy, &Hierarchy),
        territories: (Option<u16>, Option<u16>),
    ) -> ChangeClass {
        let own = &self.levels[place];
        let bonds = &own.bonds;
        let (was, is) = match territories {
            (Some(was), Some(is)) => (was, is),
            (None, Some(is)) => {
                let sources = bonds.from.get(&is);
                return if bonds.is_merged(is) {
                    ChangeClass::Merged
                } else if sources.is_some_and(|from| from.iter().all(|&from| bonds.is_split(from))) {
                    ChangeClass::Split
                } else {
                    ChangeClass::Created
                };
            }
            (Some(was), None) => {
                let targets = bonds.to.get(&was);
                return if bonds.is_split(was) {
                    ChangeClass::Split
                } else if targets.is_some_and(|to| to.iter().all(|&to| bonds.is_merged(to))) {
                    ChangeClass::Merged
                } else {
                    ChangeClass::Abolished
                };
            }
            (None, None) => return ChangeClass::Complex,
        };
        if !bonds.same(was, is) {
            return if bonds.is_split(was) {
                ChangeClass::Split
            } else if bonds.is_merged(is) {
                ChangeClass::Merged
            } else if bonds.cores.contains(&(was, is)) && own.neighbours_stay(was, is) {
                ChangeClass::BoundaryShift
            } else {
                ChangeClass::Complex
            };
        }
        let parents_now = self.above_after.of(place, is).iter().map(|&(upper, parent)| (upper, Some(parent)));
        let parents_then = (self.above_before.of(place, was).iter())
            .map(|&(upper, parent)| (upper, self.levels[upper].after.get(&parent).copied()));
        // What goes on with what may stand in another order.
        let same_parents = parents_now.clone().eq(parents_then.clone())
            || parents_now.collect::<BTreeSet<_>>() == parents_then.collect::<BTreeSet<_>>();
        let (then, now) = (&old.territories(level)[usize::from(was)], &new.territories(level)[usize::from(is)]);
        if !same_parents {
            ChangeClass::ParentChanged
        } else if then.code != now.code {
            ChangeClass::Recoded
        } else if then.name != now.name {
            ChangeClass::Renamed
        } else {
            ChangeClass::Unchanged
        }
    }
}

/// For each CLSC of the base, the one of the revised edition that goes on with it.
pub(super) fn successors(base: &Edition, revised: &Edition, people: &[u64]) -> BTreeMap<u16, u16> {
    let (before, after) = (base.attachment.as_slice(), revised.attachment.as_slice());
    let weigh = people.iter().map(|&people| (people, 1));
    let flows = super::bonds::flows(before.iter().copied().zip(after.iter().copied()).zip(weigh));
    match_up(&base.hierarchy, &revised.hierarchy, &flows, Level::Clsc).after
}

pub(super) fn pair(old: &Hierarchy, new: &Hierarchy, after: &ImpactEngine<'_>, level: Level) -> Pairs {
    let flows = after.flows(level).iter();
    match_up(old, new, &flows.map(|(&pair, flow)| (pair, (flow.people, u64::from(flow.units)))).collect(), level)
}

fn match_up(old: &Hierarchy, new: &Hierarchy, flows: &Flows, level: Level) -> Pairs {
    let bonds = Bonds::new(flows);
    let mut pairs = Pairs::default();
    let namesakes: Vec<(u16, u16)> = (0_u16..)
        .zip(old.territories(level))
        .filter_map(|(place, known)| Some((place, new.find(level, known.code.as_str())? as u16)))
        .collect();
    // Of whole territories that are joined or cut, the one that keeps the code goes on; else the heir; else the namesake.
    let pure = namesakes.iter().filter(|&&(from, to)| {
        let bound = bonds.to.get(&from).is_some_and(|known| known.contains(&to));
        bound && (bonds.is_split(from) || bonds.is_merged(to))
    });
    let heirs = bonds.heirs.iter().map(|(&from, &to)| (from, to));
    for (from, to) in pure.copied().chain(heirs).chain(namesakes.iter().copied()) {
        if !pairs.after.contains_key(&from) && !pairs.before.contains_key(&to) {
            pairs.after.insert(from, to);
            pairs.before.insert(to, from);
        }
    }
    Pairs { bonds, ..pairs }
}
