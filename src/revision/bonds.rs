//! What binds territories of two editions to one another, on sets of units and their people, never on outlines.

use std::collections::{BTreeMap, BTreeSet};

/// People and units that go from a territory to another, by (before, after).
pub(super) type Flows = BTreeMap<(u16, u16), (u64, u64)>;

/// Adds up units of (before, after) with their (people, count).
pub(super) fn flows(units: impl Iterator<Item = ((u16, u16), (u64, u64))>) -> Flows {
    let mut flows = Flows::new();
    for (pair, (people, count)) in units {
        let sum = flows.entry(pair).or_default();
        sum.0 += people;
        sum.1 += count;
    }
    flows
}

/// For each territory before, the one after that is its heir: each has most of the other's people (units, where nobody
/// lives). At most one a territory either way.
pub(super) fn heirs(flows: &Flows) -> BTreeMap<u16, u16> {
    most_of_both(flows, |part, whole| 2 * part > whole)
}

/// The pairs of which each has so much of the other's people (units, where nobody lives).
fn most_of_both<T: FromIterator<(u16, u16)>>(flows: &Flows, enough: fn(u64, u64) -> bool) -> T {
    let mut before: BTreeMap<u16, (u64, u64)> = BTreeMap::new();
    let mut after: BTreeMap<u16, (u64, u64)> = BTreeMap::new();
    for (&(from, to), &(people, units)) in flows {
        for (sums, place) in [(&mut before, from), (&mut after, to)] {
            let sum = sums.entry(place).or_default();
            sum.0 += people;
            sum.1 += units;
        }
    }
    let most = |part: (u64, u64), whole: (u64, u64)| {
        if whole.0 > 0 { enough(part.0, whole.0) } else { enough(part.1, whole.1) }
    };
    flows
        .iter()
        .filter(|&(&(from, to), &part)| most(part, before[&from]) && most(part, after[&to]))
        .map(|(&pair, _)| pair)
        .collect()
}

/// How territories before and after are bound to one another.
#[derive(Debug, Clone, Default)]
pub(super) struct Bonds {
    /// Territories after, of each before.
    pub(super) to: BTreeMap<u16, BTreeSet<u16>>,
    /// Territories before, of each after.
    pub(super) from: BTreeMap<u16, BTreeSet<u16>>,
    /// The heir of each before.
    pub(super) heirs: BTreeMap<u16, u16>,
    /// Pairs of which each has half of the other's people at least.
    pub(super) cores: BTreeSet<(u16, u16)>,
}

impl Bonds {
    pub(super) fn new(flows: &Flows) -> Self {
        let mut bonds = Self {
            heirs: heirs(flows),
            cores: most_of_both(flows, |part, whole| 2 * part >= whole),
            ..Self::default()
        };
        for &(from, to) in flows.keys() {
            bonds.to.entry(from).or_default().insert(to);
            bonds.from.entry(to).or_default().insert(from);
        }
        bonds
    }

    /// Whether a territory before and one after are the same set of units.
    pub(super) fn same(&self, before: u16, after: u16) -> bool {
        self.to.get(&before).is_some_and(|to| to.len() == 1 && to.contains(&after))
            && self.from.get(&after).is_some_and(|from| from.len() == 1)
    }

    /// Whether a territory before became several that hold nothing else.
    pub(super) fn is_split(&self, before: u16) -> bool {
        self.to.get(&before).is_some_and(|to| to.len() > 1 && to.iter().all(|after| self.from[after].len() == 1))
    }

    /// Whether a territory after is several whole ones.
    pub(super) fn is_merged(&self, after: u16) -> bool {
        self.from.get(&after).is_some_and(|from| from.len() > 1 && from.iter().all(|before| self.to[before].len() == 1))
    }
}
