//! What stands above each territory of an edition, at every level above its own.

use crate::domain::{Hierarchy, Level, TerritoryIndex};

/// For each level, and each level above it, the parents of every territory, in order of place.
///
/// A territory has several parents at a level where levels do not nest, as RSS and RUISSS do not.
#[derive(Debug, Clone)]
pub(super) struct Above {
    /// By (level, level above): where the parents of each territory start, and all parents.
    lists: [[(Vec<u32>, Vec<TerritoryIndex>); 5]; 5],
}

impl Above {
    /// O(CLSC log CLSC) a pair of levels.
    pub(super) fn new(hierarchy: &Hierarchy) -> Self {
        let mut lists: [[(Vec<u32>, Vec<TerritoryIndex>); 5]; 5] = Default::default();
        let lineages: Vec<[u16; 5]> = (0..hierarchy.clsc_count()).map(|clsc| hierarchy.lineage(clsc).0).collect();
        for level in 0..5 {
            let count = hierarchy.territories(Level::TERRITORIAL[level]).len();
            for upper in level + 1..5 {
                let mut pairs: Vec<(u16, u16)> =
                    lineages.iter().map(|lineage| (lineage[level], lineage[upper])).collect();
                pairs.sort_unstable();
                pairs.dedup();
                let mut starts = vec![0_u32; count + 1];
                for &(own, _) in &pairs {
                    starts[usize::from(own) + 1] += 1;
                }
                for place in 0..count {
                    starts[place + 1] += starts[place];
                }
                let parents = pairs.into_iter().map(|(_, parent)| TerritoryIndex(parent)).collect();
                lists[level][upper] = (starts, parents);
            }
        }
        Self { lists }
    }

    /// The parents of a territory at a level above its own, levels as places in [`Level::TERRITORIAL`].
    pub(super) fn of(&self, level: usize, upper: usize, territory: TerritoryIndex) -> &[TerritoryIndex] {
        let (starts, parents) = &self.lists[level][upper];
        &parents[starts[territory.at()] as usize..starts[territory.at() + 1] as usize]
    }
}
