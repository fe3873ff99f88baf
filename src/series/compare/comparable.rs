//! The finest territories that compare through every edition.

use serde::Serialize;

use super::timeline::Timeline;
use crate::domain::{Level, TerritoryCode};
use crate::series::SeriesError;

/// A group of territories that exchanged units among themselves only, in every edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparable {
    /// Its codes in each edition, in the order of the editions asked for.
    pub codes: Vec<Vec<TerritoryCode>>,
    /// Units of the last edition.
    pub units: u32,
    /// People in them.
    pub population: u64,
    /// Whether it is one territory in every edition.
    pub single: bool,
}

/// The finest grouping whose groups hold the same units in every edition: the connected components of the overlap graph.
///
/// `editions` are places in the timeline, joined one to the next. In order of the last edition's first code.
///
/// # Errors
/// [`SeriesError::NotTerritorial`], [`SeriesError::NoJoin`].
pub fn comparable_territories(
    timeline: &Timeline,
    editions: &[usize],
    level: Level,
) -> Result<Vec<Comparable>, SeriesError> {
    let lists: Vec<_> = editions.iter().map(|&at| timeline.editions[at].edition.hierarchy.territories(level)).collect();
    let mut offsets = vec![0_usize];
    for list in &lists {
        offsets.push(offsets[offsets.len() - 1] + list.len());
    }
    let mut groups = Groups((0..offsets[lists.len()]).collect());
    let mut last_parts = Vec::new();
    for (at, pair) in editions.windows(2).enumerate() {
        let overlap = timeline.overlap(level, pair[0], pair[1])?;
        for part in &overlap.parts {
            groups.join(offsets[at] + usize::from(part.from), offsets[at + 1] + usize::from(part.to));
        }
        last_parts.clone_from(&overlap.parts);
    }
    if let [only] = editions {
        last_parts.clone_from(&timeline.overlap(level, *only, *only)?.parts);
    }
    let mut of_root = std::collections::BTreeMap::new();
    let mut found: Vec<Comparable> = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        for (place, territory) in list.iter().enumerate() {
            let root = groups.root(offsets[at] + place);
            let group = *of_root.entry(root).or_insert_with(|| {
                found.push(Comparable { codes: vec![Vec::new(); lists.len()], units: 0, population: 0, single: false });
                found.len() - 1
            });
            found[group].codes[at].push(territory.code.clone());
        }
    }
    for part in &last_parts {
        let root = groups.root(offsets[lists.len() - 1] + usize::from(part.to));
        let group = &mut found[of_root[&root]];
        group.units += part.units;
        group.population += part.population;
    }
    for group in &mut found {
        group.single = group.codes.iter().all(|codes| codes.len() == 1);
    }
    found.sort_by(|a, b| a.codes.last().cmp(&b.codes.last()));
    Ok(found)
}

/// Disjoint sets with path halving.
pub(in crate::series) struct Groups(pub(in crate::series) Vec<usize>);

impl Groups {
    pub(in crate::series) fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    pub(in crate::series) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
