//! Small counts that the same count on old and on new limits gives away together.
//!
//! Old totals are sums over rows, new totals sums over columns of the same unknown cells (people of old territory A now in
//! new territory B), so the two editions' overlap graph is a system of linear equations. What is covered, exactly:
//! - every single cell that those equations determine: a cell is determined where its edge lies on no cycle (a bridge),
//!   and then it is the difference of the totals on one side of it;
//! - every sum of cells that is the difference of a union of old territories and a union of new ones inside it, or the
//!   other way round, for unions of up to [`UNION`] neighbouring territories, and for all unions in groups of at most
//!   [`SMALL_GROUP`] territories. A sum below the threshold gives away each of its cells as below it.
//!
//! A total that is itself withheld is one more unknown; where it is the only one of its group, it follows from the others
//! and is listed as the sum of its cells. The two lists of totals may be of two levels: an old RLS and the new CLSC, or a level and
//! the one below it in one publication. Not covered, and said with the answer ([`NOT_LOOKED_AT`]): bounds from cells not being
//! negative, margins by sex and age, and three lists of totals together.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::comparable::Groups;
use super::overlap::Overlap;
use super::timeline::Timeline;
use crate::domain::{Level, Term, TerritoryCode};
use crate::series::SeriesError;
use crate::series::table::{Measure, Table};

/// Largest union of neighbouring territories tried in large groups.
pub const UNION: usize = 4;
/// Groups up to this many territories have all their unions tried.
pub const SMALL_GROUP: usize = 14;

/// What counts as a leak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GuardOptions {
    /// Counts above 0 and below this must not be deducible.
    pub threshold: f64,
    /// Whether a count of 0 is a leak too.
    pub zero_leaks: bool,
}

impl Default for GuardOptions {
    fn default() -> Self {
        Self { threshold: 5.0, zero_leaks: false }
    }
}

/// A small count that follows from published totals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deduction {
    /// The pairs (old territory, new territory) whose people it counts.
    pub cells: Vec<(TerritoryCode, TerritoryCode)>,
    /// The count.
    pub count: f64,
    /// Old totals it follows from, with their sign.
    pub old_totals: Vec<(TerritoryCode, i8)>,
    /// New totals it follows from, with their sign.
    pub new_totals: Vec<(TerritoryCode, i8)>,
}

/// Codes and their totals; `None` where withheld.
type Totals = Vec<(TerritoryCode, Option<f64>)>;

/// Finds the small counts that follow from old and new totals; `None` is a total withheld.
///
/// Codes are those of the two lists that the overlap's places point into.
#[must_use]
pub fn find_deducible(
    overlap: &Overlap,
    old: &[(TerritoryCode, Option<f64>)],
    new: &[(TerritoryCode, Option<f64>)],
    options: GuardOptions,
) -> Vec<Deduction> {
    let graph = Graph { overlap, old, new };
    let mut groups = Groups((0..graph.nodes()).collect());
    for part in &overlap.parts {
        groups.join(usize::from(part.from), graph.new_node(part.to));
    }
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for node in 0..graph.nodes() {
        members.entry(groups.root(node)).or_default().push(node);
    }
    let mut roots: Vec<_> = members.into_iter().filter(|(_, nodes)| nodes.len() > 2).collect();
    roots.sort_unstable();
    let mut found: Vec<Deduction> = Vec::new();
    let mut seen: BTreeSet<Vec<u32>> = BTreeSet::new();
    for (_, nodes) in roots {
        let mut sets = graph.bridge_sides(&nodes);
        sets.extend(if nodes.len() <= SMALL_GROUP { all_subsets(&nodes) } else { graph.unions(&nodes) });
        // A single withheld total follows from all the others of its group.
        for &withheld in nodes.iter().filter(|&&node| graph.total(node).is_none()) {
            sets.push(nodes.iter().copied().filter(|&node| node != withheld).collect());
        }
        for set in sets {
            if let Some((parts, deduction)) = graph.deduce(&set)
                && leaks(deduction.count, options)
                && seen.insert(parts)
            {
                found.push(deduction);
            }
        }
    }
    found.sort_by(|a, b| a.cells.cmp(&b.cells));
    found
}

/// A small count that follows from two tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guarded {
    /// Label of the series.
    pub series: String,
    /// Level of the first totals.
    pub level: Level,
    /// Level of the second totals; another one where a territory and its parts give a count away together.
    pub new_level: Level,
    /// Which publications the totals stand in.
    pub between: Between,
    /// Label of the period.
    pub period: String,
    /// What follows from what.
    #[serde(flatten)]
    pub deduction: Deduction,
}

/// Which publications two lists of totals stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// One on the old limits, the other on the new.
    OldAndNew,
    /// Both on the old limits, at two levels.
    OldLevels,
    /// Both on the new limits, at two levels.
    NewLevels,
}

/// What a search did not look at, for people.
pub const NOT_LOOKED_AT: [Term; 3] = [
    Term::new(
        "les marges : un sexe ou un groupe d'âge qui se déduit du total et des autres",
        "margins: a sex or an age group that follows from the total and the others",
    ),
    Term::new(
        "les bornes : ce qu'un compte ne peut pas dépasser parce qu'aucun n'est négatif",
        "bounds: what a count can not exceed because none is negative",
    ),
    Term::new(
        "trois listes de totaux ensemble, et d'autres publications que ces deux tableaux",
        "three lists of totals together, and publications other than these two tables",
    ),
];

/// The totals of one series and period, by level.
type ByLevel = BTreeMap<Level, Totals>;

fn by_series(table: &Table) -> BTreeMap<(String, String), ByLevel> {
    let mut all: BTreeMap<(String, String), ByLevel> = BTreeMap::new();
    for cell in &table.cells {
        let series = &table.series[cell.series as usize];
        if cell.level == Level::Da || series.measure != Measure::Count {
            continue;
        }
        let period = table.periods[usize::from(cell.period)].label.clone();
        let totals = all.entry((series.label(), period)).or_default().entry(cell.level).or_default();
        totals.push((table.codes[cell.code as usize].clone(), cell.value.number()));
    }
    all
}

/// Finds the small counts that follow from a table on old limits and the same on new ones: level by level, from a level of
/// one and another level of the other, and from two levels of either alone. `old` and `new` are places in the timeline.
///
/// # Errors
/// [`SeriesError::NoJoin`].
pub fn guard_table(
    old_table: &Table,
    new_table: &Table,
    timeline: &Timeline,
    (old, new): (usize, usize),
    options: GuardOptions,
) -> Result<Vec<Guarded>, SeriesError> {
    let (before, after) = (by_series(old_table), by_series(new_table));
    let none = ByLevel::new();
    let keys: BTreeSet<&(String, String)> = before.keys().chain(after.keys()).collect();
    let mut overlaps: HashMap<(usize, Level, usize, Level), Overlap> = HashMap::new();
    let mut found: Vec<Guarded> = Vec::new();
    for key in keys {
        let (older, newer) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
        let searches = [
            (Between::OldAndNew, (old, older), (new, newer)),
            (Between::OldLevels, (old, older), (old, older)),
            (Between::NewLevels, (new, newer), (new, newer)),
        ];
        for (between, (from, first), (to, second)) in searches {
            let mut seen: BTreeSet<(Vec<TerritoryCode>, u64)> = BTreeSet::new();
            for (&level, given) in first {
                for (&new_level, published) in second {
                    if between != Between::OldAndNew && level <= new_level {
                        continue;
                    }
                    let place = (from, level, to, new_level);
                    let overlap = match overlaps.entry(place) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(place) => {
                            place.insert(timeline.overlap_across((from, level), (to, new_level))?.peopled())
                        }
                    };
                    let lists = (line_up(timeline, from, level, given), line_up(timeline, to, new_level, published));
                    for deduction in find_deducible(overlap, &lists.0, &lists.1, options) {
                        // A total that stands in a table is published, not deduced.
                        let alone = deduction.old_totals.len() + deduction.new_totals.len() < 2;
                        if alone && level != new_level {
                            continue;
                        }
                        // What one level gives away another need not tell again.
                        let new: Vec<TerritoryCode> = deduction.cells.iter().map(|(_, code)| code.clone()).collect();
                        if level == new_level || seen.insert((new, deduction.count.to_bits())) {
                            let (series, period) = key.clone();
                            found.push(Guarded { series, level, new_level, between, period, deduction });
                        }
                    }
                }
            }
        }
    }
    Ok(found)
}

/// Totals in the order of an edition's territories; none where one is not given.
fn line_up(timeline: &Timeline, edition: usize, level: Level, given: &[(TerritoryCode, Option<f64>)]) -> Totals {
    let by_code: HashMap<&TerritoryCode, Option<f64>> = given.iter().map(|(code, value)| (code, *value)).collect();
    let territories = timeline.editions[edition].edition.hierarchy.territories(level);
    territories
        .iter()
        .map(|territory| (territory.code.clone(), by_code.get(&territory.code).copied().flatten()))
        .collect()
}

fn leaks(count: f64, options: GuardOptions) -> bool {
    let least = if options.zero_leaks { -0.5 } else { 0.0 };
    count > least && count < options.threshold
}

fn all_subsets(nodes: &[usize]) -> Vec<Vec<usize>> {
    (1_u32..1 << nodes.len())
        .map(|mask| nodes.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1).map(|(_, &node)| node).collect())
        .collect()
}

struct Graph<'a> {
    overlap: &'a Overlap,
    old: &'a [(TerritoryCode, Option<f64>)],
    new: &'a [(TerritoryCode, Option<f64>)],
}

impl Graph<'_> {
    fn nodes(&self) -> usize {
        self.old.len() + self.new.len()
    }

    fn new_node(&self, to: u16) -> usize {
        self.old.len() + usize::from(to)
    }

    fn total(&self, node: usize) -> Option<f64> {
        if node < self.old.len() { self.old[node].1 } else { self.new[node - self.old.len()].1 }
    }

    fn edges(&self, node: usize) -> impl Iterator<Item = (u32, usize)> {
        let list = if node < self.old.len() {
            &self.overlap.by_from[node]
        } else {
            &self.overlap.by_to[node - self.old.len()]
        };
        list.iter().map(move |&part| {
            let ends = &self.overlap.parts[part as usize];
            (part, if node < self.old.len() { self.new_node(ends.to) } else { usize::from(ends.from) })
        })
    }

    /// Old totals of a set less its new ones: cells that leave it by an old territory, less those that come in by a new
    /// one. It says something where there are only the former or only the latter.
    fn deduce(&self, set: &[usize]) -> Option<(Vec<u32>, Deduction)> {
        let inside: BTreeSet<usize> = set.iter().copied().collect();
        let (mut out, mut into) = (Vec::new(), Vec::new());
        let mut sum = 0.0;
        for &node in &inside {
            let is_old = node < self.old.len();
            sum += if is_old { self.total(node)? } else { -self.total(node)? };
            for (part, other) in self.edges(node) {
                if !inside.contains(&other) {
                    if is_old { out.push(part) } else { into.push(part) }
                }
            }
        }
        let (mut parts, count, sign) = match (out.is_empty(), into.is_empty()) {
            (false, true) => (out, sum, 1),
            (true, false) => (into, -sum, -1),
            _ => return None,
        };
        // A published total alone is no deduction: nothing new follows from it.
        if inside.len() < 2 {
            return None;
        }
        parts.sort_unstable();
        // Nor is a sum that is a published total itself.
        let published = |node: usize| {
            self.total(node).is_some() && self.edges(node).map(|(part, _)| part).eq(parts.iter().copied())
        };
        let ends = &self.overlap.parts[parts[0] as usize];
        if published(usize::from(ends.from)) || published(self.new_node(ends.to)) {
            return None;
        }
        let code = |part: &u32| {
            let ends = &self.overlap.parts[*part as usize];
            (self.old[usize::from(ends.from)].0.clone(), self.new[usize::from(ends.to)].0.clone())
        };
        let side = |old: bool| {
            let kept = inside.iter().filter(move |&&node| (node < self.old.len()) == old);
            kept.map(move |&node| {
                let code = if old { &self.old[node].0 } else { &self.new[node - self.old.len()].0 };
                (code.clone(), if old { sign } else { -sign })
            })
            .collect()
        };
        let cells = parts.iter().map(code).collect();
        Some((parts, Deduction { cells, count, old_totals: side(true), new_totals: side(false) }))
    }

    /// For each edge that alone joins two sides, both sides.
    fn bridge_sides(&self, nodes: &[usize]) -> Vec<Vec<usize>> {
        let mut sides = Vec::new();
        let edges: BTreeSet<u32> = nodes.iter().flat_map(|&node| self.edges(node).map(|(part, _)| part)).collect();
        for edge in edges {
            let ends = &self.overlap.parts[edge as usize];
            let start = usize::from(ends.from);
            let mut reached = BTreeSet::from([start]);
            let mut waiting = vec![start];
            while let Some(node) = waiting.pop() {
                for (part, other) in self.edges(node) {
                    if part != edge && reached.insert(other) {
                        waiting.push(other);
                    }
                }
            }
            if !reached.contains(&self.new_node(ends.to)) {
                sides.push(nodes.iter().copied().filter(|node| !reached.contains(node)).collect());
                sides.push(reached.into_iter().collect());
            }
        }
        sides
    }

    /// Unions of up to [`UNION`] neighbouring territories of one side, with all territories of the other side inside.
    fn unions(&self, nodes: &[usize]) -> Vec<Vec<usize>> {
        let mut sets = Vec::new();
        for old in [true, false] {
            let mut waiting: Vec<BTreeSet<usize>> = nodes
                .iter()
                .filter(|&&node| (node < self.old.len()) == old)
                .map(|&node| BTreeSet::from([node]))
                .collect();
            let mut seen: BTreeSet<BTreeSet<usize>> = waiting.iter().cloned().collect();
            while let Some(union) = waiting.pop() {
                let touched: BTreeSet<usize> =
                    union.iter().flat_map(|&node| self.edges(node).map(|(_, other)| other)).collect();
                let held = |node: &usize| self.edges(*node).all(|(_, other)| union.contains(&other));
                sets.push(union.iter().copied().chain(touched.iter().copied().filter(held)).collect());
                // The union with all that touches it gives what comes in from elsewhere.
                sets.push(union.iter().chain(&touched).copied().collect());
                if union.len() < UNION {
                    for next in touched.iter().flat_map(|&node| self.edges(node).map(|(_, other)| other)) {
                        let mut larger = union.clone();
                        if larger.insert(next) && seen.insert(larger.clone()) {
                            waiting.push(larger);
                        }
                    }
                }
            }
        }
        sets
    }
}
