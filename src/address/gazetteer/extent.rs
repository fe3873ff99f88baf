//! How much of the people of an atlas a registry covers.
//!
//! A registry can say where an address is; whether there is another one of the same street and number that it leaves out, only
//! people can tell. A unit counts as covered where the registry has at least one address, apartments included, for every
//! [`PEOPLE_PER_ADDRESS`] people: a dwelling holds 2.2 of them in Québec's census of 2021, and residences more.

use std::collections::BTreeMap;

use super::{Gazetteer, GazetteerView};

/// Most people to each address of a unit that counts as covered.
const PEOPLE_PER_ADDRESS: u64 = 5;
/// Share of the people, in percent, that must live in covered units for a registry to count as complete.
const COMPLETE_PERCENT: u64 = 98;

/// How many people a registry could have been held against, and how many of them live in units that it covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// People of all units; 0 where none are known.
    pub people: u64,
    /// Those of the units that it covers.
    pub covered: u64,
}

impl Extent {
    /// Whether a street and a number that it has once can be taken for the only ones there are.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.people > 0 && self.covered * 100 >= self.people * COMPLETE_PERCENT
    }
}

impl Gazetteer {
    /// Measures what it covers against the people of each unit, by place.
    pub fn measure(&mut self, people: &[Option<u32>]) {
        let extent = self.view().extents(people, |_| ()).remove(&()).unwrap_or_default();
        let whole = |people: u64| u32::try_from(people).unwrap_or(u32::MAX);
        self.extent = vec![whole(extent.people), whole(extent.covered)];
    }
}

impl GazetteerView<'_> {
    /// What it covers, as measured when the atlas was built.
    #[must_use]
    pub fn extent(&self) -> Extent {
        match *self.extent {
            [people, covered] => Extent { people: u64::from(people), covered: u64::from(covered) },
            _ => Extent::default(),
        }
    }

    /// What it covers of each group of units; `people` and `group` are by place of unit.
    #[must_use]
    pub fn extents<K: Ord>(&self, people: &[Option<u32>], group: impl Fn(usize) -> K) -> BTreeMap<K, Extent> {
        let counts = self.rows_by_unit(people.len());
        let mut extents: BTreeMap<K, Extent> = BTreeMap::new();
        for (unit, (people, addresses)) in people.iter().zip(counts).enumerate() {
            let people = u64::from(people.unwrap_or(0));
            let extent = extents.entry(group(unit)).or_default();
            extent.people += people;
            if addresses * PEOPLE_PER_ADDRESS >= people {
                extent.covered += people;
            }
        }
        extents
    }

    /// Whether it is known to leave hardly anything out.
    pub(in crate::address) fn is_complete(&self) -> bool {
        self.extent().is_complete()
    }

    /// Addresses, apartments included, by unit.
    fn rows_by_unit(&self, units: usize) -> Vec<u64> {
        let mut counts = vec![0_u64; units];
        for (id, _) in self.localities.iter().enumerate().filter(|&(id, row)| row.root as usize == id) {
            let ends = &self.locality_areas[id..id + 2];
            for share in &self.shares[ends[0].first as usize..ends[1].first as usize] {
                if let Some(count) = counts.get_mut(share.unit as usize) {
                    *count += u64::from(share.addresses);
                }
            }
        }
        counts
    }
}
