//! What a planner rules out, and how many areas a map cuts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Areas, CriteriaSettings};
use crate::domain::Level;

/// A rule that forbade a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A unit or a CLSC is locked.
    Locks,
    /// RLS are to be kept as they are.
    KeepRls,
    /// RTS are to be kept as they are.
    KeepRts,
    /// RSS are to be kept as they are.
    KeepRss,
    /// RUISSS are to be kept as they are.
    KeepRuisss,
    /// No more people may be moved.
    MaxMovedPeople,
    /// It is outside the scope.
    Within,
    /// A municipality would be shared that is not.
    KeepMunicipalities,
    /// An MRC would be shared that is not.
    KeepMrc,
    /// A CLSC would be empty.
    TotalCover,
    /// A CLSC would fall apart.
    Contiguity,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 11] = [
        Rule::Locks,
        Rule::Within,
        Rule::KeepMunicipalities,
        Rule::KeepMrc,
        Rule::KeepRls,
        Rule::KeepRts,
        Rule::KeepRss,
        Rule::KeepRuisss,
        Rule::MaxMovedPeople,
        Rule::TotalCover,
        Rule::Contiguity,
    ];

    /// The rule that keeps an upper level, by its place in [`Level::UPPER`].
    pub(super) const KEEP: [Rule; 4] = [Rule::KeepRls, Rule::KeepRts, Rule::KeepRss, Rule::KeepRuisss];
}

/// What a planner asks for and rules out. Contiguity and total cover are never given up.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The range of people.
    pub criteria: CriteriaSettings,
    /// Upper levels whose territories must stay as they are.
    pub keep: Vec<Level>,
    /// Most people that may be moved in all.
    pub max_moved_people: Option<u64>,
    /// Units that must stay.
    pub locked_units: Vec<u32>,
    /// CLSC (places in the base) that must stay as they are.
    pub locked_clsc: Vec<u16>,
    /// CLSC between which units may move, and no others; all of them where none is named.
    pub within: Vec<u16>,
    /// Whether no move may cut a municipality more than it is.
    pub keep_municipalities: bool,
    /// The same, of MRC.
    pub keep_mrc: bool,
}

impl Rules {
    /// The ministry's range and nothing ruled out.
    #[must_use]
    pub fn new(criteria: CriteriaSettings) -> Self {
        Self {
            criteria,
            keep: Vec::new(),
            max_moved_people: None,
            locked_units: Vec::new(),
            locked_clsc: Vec::new(),
            within: Vec::new(),
            keep_municipalities: false,
            keep_mrc: false,
        }
    }
}

/// Locks as tables.
#[derive(Debug, Clone)]
pub(super) struct Locks {
    pub(super) unit: Vec<bool>,
    pub(super) clsc: Vec<bool>,
    /// CLSC between which units may move.
    within: Vec<bool>,
}

impl Locks {
    pub(super) fn new(rules: &Rules, units: usize, clsc: usize) -> Self {
        let mut locks =
            Self { unit: vec![false; units], clsc: vec![false; clsc], within: vec![rules.within.is_empty(); clsc] };
        for &clsc in &rules.within {
            locks.within[usize::from(clsc)] = true;
        }
        for &unit in &rules.locked_units {
            locks.unit[unit as usize] = true;
        }
        for &clsc in &rules.locked_clsc {
            locks.clsc[usize::from(clsc)] = true;
        }
        locks
    }

    /// The rule that forbids a move, of those that need nothing but its ends.
    pub(super) fn forbid(&self, unit: u32, from: u16, to: u16) -> Option<Rule> {
        if !self.within[usize::from(from)] || !self.within[usize::from(to)] {
            return Some(Rule::Within);
        }
        let locked = self.unit[unit as usize] || self.clsc[usize::from(from)] || self.clsc[usize::from(to)];
        locked.then_some(Rule::Locks)
    }

    /// Whether units may move out of, or into, a CLSC by its scope.
    pub(super) fn in_scope(&self, clsc: usize) -> bool {
        self.within[clsc]
    }
}

/// Units of each CLSC in each area, so that the number of areas cut is known after every move.
#[derive(Debug, Clone)]
pub(super) struct AreaCounts<'a> {
    of_unit: &'a [Option<u32>],
    counts: Vec<BTreeMap<u16, u32>>,
}

impl<'a> AreaCounts<'a> {
    pub(super) fn new(areas: &'a Areas, attachment: &[u16]) -> Self {
        let mut counts = vec![BTreeMap::new(); areas.names.len()];
        for (area, &clsc) in areas.of_unit.iter().zip(attachment) {
            if let Some(area) = area {
                *counts[*area as usize].entry(clsc).or_default() += 1;
            }
        }
        Self { of_unit: &areas.of_unit, counts }
    }

    /// Areas shared between several CLSC.
    pub(super) fn cut(&self) -> usize {
        self.counts.iter().filter(|count| count.len() > 1).count()
    }

    /// By how much a move changes the number of areas cut: -1, 0 or 1.
    pub(super) fn change(&self, unit: u32, from: u16, to: u16) -> i32 {
        let Some(area) = self.of_unit[unit as usize] else { return 0 };
        let counts = &self.counts[area as usize];
        let before = counts.len();
        let left = usize::from(counts.get(&from) == Some(&1));
        let entered = usize::from(!counts.contains_key(&to));
        i32::from(before + entered - left > 1) - i32::from(before > 1)
    }

    pub(super) fn shift(&mut self, unit: u32, from: u16, to: u16) {
        let Some(area) = self.of_unit[unit as usize] else { return };
        let counts = &mut self.counts[area as usize];
        if let Some(count) = counts.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&from);
            }
        }
        *counts.entry(to).or_default() += 1;
    }
}
