//! The units and people that territories of two editions share, at one level.

use std::collections::BTreeMap;

use crate::domain::{Edition, TerritoryIndex};

/// What an older territory and a newer one have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// The older territory.
    pub from: TerritoryIndex,
    /// The newer territory.
    pub to: TerritoryIndex,
    /// Units in both (pieces of units, where the two editions are over different units).
    pub units: u32,
    /// People in both.
    pub people: u64,
}

/// All that is shared between the territories of two editions at one level, in order of older, then newer territory.
///
/// A territory without units is in no pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flows {
    shared: Vec<Shared>,
    /// Where the pairs of each older territory start in `shared`.
    from_starts: Vec<u32>,
    /// Where the pairs of each newer territory start in `by_to`.
    to_starts: Vec<u32>,
    /// Places in `shared`, in order of newer, then older territory.
    by_to: Vec<u32>,
}

/// Units and people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Size {
    pub(super) units: u32,
    pub(super) people: u64,
}

impl Size {
    fn add(self, shared: &Shared) -> Self {
        Self { units: self.units + shared.units, people: self.people + shared.people }
    }

    /// Whether a part is more than half of this: of its people, or of its units where nobody lives.
    pub(super) fn has_most_in(self, part: &Shared) -> bool {
        if self.people > 0 { 2 * part.people > self.people } else { 2 * part.units > self.units }
    }

    /// The same, half being enough.
    pub(super) fn has_half_in(self, part: &Shared) -> bool {
        if self.people > 0 { 2 * part.people >= self.people } else { 2 * part.units >= self.units }
    }
}

impl Flows {
    /// Takes pairs in any order; repeated ones add up. `from_count` and `to_count` are how many territories each edition has
    /// at the level. O(pairs log pairs).
    ///
    /// # Panics
    /// Where a pair names a territory past those counts.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = Shared>, from_count: usize, to_count: usize) -> Self {
        let mut shared: Vec<Shared> = pairs.into_iter().collect();
        shared.sort_unstable_by_key(|pair| (pair.from, pair.to));
        shared.dedup_by(|next, kept| {
            let same = (next.from, next.to) == (kept.from, kept.to);
            if same {
                kept.units += next.units;
                kept.people += next.people;
            }
            same
        });
        let mut by_to: Vec<u32> = (0..shared.len() as u32).collect();
        by_to.sort_by_key(|&place| shared[place as usize].to);
        let starts = |count: usize, of: &dyn Fn(&Shared) -> usize| {
            let mut starts = vec![0_u32; count + 1];
            for pair in &shared {
                starts[of(pair) + 1] += 1;
            }
            for place in 0..count {
                starts[place + 1] += starts[place];
            }
            starts
        };
        let from_starts = starts(from_count, &|pair| pair.from.at());
        let to_starts = starts(to_count, &|pair| pair.to.at());
        Self { shared, from_starts, to_starts, by_to }
    }

    /// What the CLSC of two editions over the same units share. `people` are those of each unit; none counted past its end.
    #[must_use]
    pub fn between(older: &Edition, newer: &Edition, people: &[u64]) -> Self {
        let mut pairs: BTreeMap<(u16, u16), Size> = BTreeMap::new();
        let homes = older.attachment.as_slice().iter().zip(newer.attachment.as_slice());
        for (unit, (&from, &to)) in homes.enumerate() {
            let sum = pairs.entry((from, to)).or_default();
            sum.units += 1;
            sum.people += people.get(unit).copied().unwrap_or(0);
        }
        let shared = pairs.into_iter().map(|((from, to), size)| Shared {
            from: TerritoryIndex(from),
            to: TerritoryIndex(to),
            units: size.units,
            people: size.people,
        });
        Self::new(shared, older.hierarchy.clsc_count(), newer.hierarchy.clsc_count())
    }

    /// Every pair, in order.
    #[must_use]
    pub fn shared(&self) -> &[Shared] {
        &self.shared
    }

    /// How many territories the older and the newer edition have.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.from_starts.len() - 1, self.to_starts.len() - 1)
    }

    /// What an older territory shares, in order of the newer one.
    #[must_use]
    pub fn of_from(&self, from: TerritoryIndex) -> &[Shared] {
        &self.shared[self.from_starts[from.at()] as usize..self.from_starts[from.at() + 1] as usize]
    }

    /// What a newer territory shares, in order of the older one.
    #[must_use]
    pub fn of_to(&self, to: TerritoryIndex) -> impl ExactSizeIterator<Item = &Shared> {
        let places = &self.by_to[self.to_starts[to.at()] as usize..self.to_starts[to.at() + 1] as usize];
        places.iter().map(|&place| &self.shared[place as usize])
    }

    /// The newer territory made of the very units of an older one, if there is one.
    #[must_use]
    pub fn same_units(&self, from: TerritoryIndex) -> Option<TerritoryIndex> {
        let [only] = self.of_from(from) else { return None };
        (self.of_to(only.to).len() == 1).then_some(only.to)
    }

    /// Whether a newer territory is made of whole older ones.
    #[must_use]
    pub fn is_sum_of_wholes(&self, to: TerritoryIndex) -> bool {
        self.of_to(to).all(|pair| self.of_from(pair.from).len() == 1)
    }

    /// The pair of an older and a newer territory, where they share a unit.
    #[must_use]
    pub fn pair(&self, from: TerritoryIndex, to: TerritoryIndex) -> Option<&Shared> {
        let pairs = self.of_from(from);
        pairs.binary_search_by_key(&to, |pair| pair.to).ok().map(|at| &pairs[at])
    }

    pub(super) fn size_from(&self, from: TerritoryIndex) -> Size {
        self.of_from(from).iter().fold(Size::default(), Size::add)
    }

    pub(super) fn size_to(&self, to: TerritoryIndex) -> Size {
        self.of_to(to).fold(Size::default(), Size::add)
    }
}
