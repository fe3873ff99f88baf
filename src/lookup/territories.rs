//! The boxes of a list of territories, searched by box.
//!
//! An R-tree (rstar) tells which boxes meet another one; whether the outlines themselves do is another question, which a
//! caller asks of the few that are left.

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::geometry::FixedBox;

/// A tree over the boxes of a list.
#[derive(Debug, Clone)]
pub struct BoxIndex {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
}

impl BoxIndex {
    /// Builds the tree; item `i` is box `i` of the list. Boxes that hold nothing are left out.
    ///
    /// O(n log n).
    #[must_use]
    pub fn new(boxes: impl IntoIterator<Item = FixedBox>) -> Self {
        let items = (0_u32..)
            .zip(boxes)
            .filter(|(_, b)| b.x0 <= b.x1 && b.y0 <= b.y1)
            .map(|(item, b)| {
                let [low, high] = corners(b);
                GeomWithData::new(Rectangle::from_corners(low, high), item)
            })
            .collect();
        Self { tree: RTree::bulk_load(items) }
    }

    /// The boxes that share a point with another one, limits included, in order of the list.
    #[must_use]
    pub fn meeting(&self, wanted: FixedBox) -> Vec<usize> {
        let [low, high] = corners(wanted);
        let mut found: Vec<usize> = self
            .tree
            .locate_in_envelope_intersecting(&AABB::from_corners(low, high))
            .map(|item| item.data as usize)
            .collect();
        found.sort_unstable();
        found
    }
}

/// Offsets of the grid are whole and below 2^32, so that they stay exact.
fn corners(b: FixedBox) -> [[f64; 2]; 2] {
    [[f64::from(b.x0), f64::from(b.y0)], [f64::from(b.x1), f64::from(b.y1)]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_finds_the_boxes_that_a_full_scan_finds() {
        let mut state = 7_u64;
        let mut next = |end: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % end
        };
        let mut random_box = || {
            let (x0, y0) = (next(1000), next(1000));
            FixedBox { x0, y0, x1: x0 + next(60), y1: y0 + next(60) }
        };
        let boxes: Vec<FixedBox> = (0..500).map(|_| random_box()).chain([FixedBox::EMPTY]).collect();
        let index = BoxIndex::new(boxes.iter().copied());
        for _ in 0..2000 {
            let wanted = random_box();
            let scanned: Vec<usize> = (0..500).filter(|&item| boxes[item].meets(&wanted)).collect();
            assert_eq!(index.meeting(wanted), scanned);
        }
    }

    #[test]
    fn boxes_that_only_touch_meet() {
        let index = BoxIndex::new([FixedBox { x0: 0, y0: 0, x1: 10, y1: 10 }]);
        assert_eq!(index.meeting(FixedBox { x0: 10, y0: 10, x1: 20, y1: 20 }), [0]);
        assert!(index.meeting(FixedBox { x0: 11, y0: 10, x1: 20, y1: 20 }).is_empty());
    }
}
