//! A level above through the territories of the level below it.

use std::sync::Arc;

use super::{Groups, Overlap};
use crate::domain::{Hierarchy, Level};

/// How territories of a level exchange people by way of those of a level below, from one edition to another.
#[derive(Debug, Clone)]
pub(in crate::series) struct Through {
    /// From sources of the level below to targets of the level above.
    pub(in crate::series) overlap: Arc<Overlap>,
    /// The target above of each target below.
    pub(in crate::series) above: Vec<u16>,
    /// For each target above, the number of the group of territories that exchange people with it.
    pub(in crate::series) group_of_target: Vec<usize>,
    /// For each source above, the same.
    pub(in crate::series) group_of_source: Vec<usize>,
    /// For each source below, the same.
    pub(in crate::series) group_of_below: Vec<usize>,
}

impl Through {
    /// The way of `to` through `from`; none where the older or the newer territories below do not nest in those above.
    pub(in crate::series) fn new(
        (older, newer): (&Hierarchy, &Hierarchy),
        (below, level): (&Overlap, &Overlap),
        (from, to): (Level, Level),
    ) -> Option<Self> {
        let (above_old, above) = (nested(older, from, to)?, nested(newer, from, to)?);
        let targets = newer.territories(to).len();
        let overlap = Arc::new(below.grouped(&above, targets));
        let sources = older.territories(to).len();
        let mut groups = Groups((0..sources + targets).collect());
        for part in &level.parts {
            groups.join(usize::from(part.from), sources + usize::from(part.to));
        }
        // Places where nobody lives can still tie territories below to territories above.
        for part in &overlap.parts {
            groups.join(usize::from(above_old[usize::from(part.from)]), sources + usize::from(part.to));
        }
        let group_of_source: Vec<usize> = (0..sources).map(|source| groups.root(source)).collect();
        let group_of_target = (0..targets).map(|target| groups.root(sources + target)).collect();
        let group_of_below = above_old.iter().map(|&source| group_of_source[usize::from(source)]).collect();
        Some(Self { overlap, above, group_of_target, group_of_source, group_of_below })
    }

    /// Whether a target above is made of whole sources below.
    pub(in crate::series) fn is_sum_of_wholes(&self, target: usize) -> bool {
        self.overlap.is_sum_of_wholes(target)
    }
}

/// The territory of `to` that each territory of `from` lies in; none where one lies in several.
pub(in crate::series) fn nested(hierarchy: &Hierarchy, from: Level, to: Level) -> Option<Vec<u16>> {
    (0..hierarchy.territories(from).len())
        .map(|place| {
            let mut parents = hierarchy.clsc_of(from, place).map(|clsc| hierarchy.parent(clsc, to));
            let first = parents.next()?;
            parents.all(|other| other == first).then_some(first as u16)
        })
        .collect()
}
