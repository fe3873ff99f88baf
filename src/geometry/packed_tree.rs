//! A static R-tree in two flat arrays, so that it can be read straight from a file.
//!
//! Items are put in order of the Hilbert curve by the middle of their box, then grouped by [`FANOUT`] up to one root.
//! Building costs a sort; a query costs the nodes whose box meets the question. Boxes are closed.

use rayon::slice::ParallelSliceMut;

use super::FixedPoint;

/// Children of a node.
pub const FANOUT: usize = 16;

/// A closed box on the fixed grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct FixedBox {
    /// Western limit.
    pub x0: u32,
    /// Southern limit.
    pub y0: u32,
    /// Eastern limit.
    pub x1: u32,
    /// Northern limit.
    pub y1: u32,
}

impl FixedBox {
    /// The box that holds nothing and grows to whatever is added.
    pub const EMPTY: Self = Self { x0: u32::MAX, y0: u32::MAX, x1: 0, y1: 0 };

    /// The smallest box around points; [`FixedBox::EMPTY`] for none.
    #[must_use]
    pub fn around(points: &[FixedPoint]) -> Self {
        points.iter().fold(Self::EMPTY, |mut all, point| {
            all.add(Self { x0: point.x, y0: point.y, x1: point.x, y1: point.y });
            all
        })
    }

    /// Grows to hold another box.
    pub fn add(&mut self, other: Self) {
        self.x0 = self.x0.min(other.x0);
        self.y0 = self.y0.min(other.y0);
        self.x1 = self.x1.max(other.x1);
        self.y1 = self.y1.max(other.y1);
    }

    /// The box with a margin on every side, within the grid.
    #[must_use]
    pub fn grown(self, x: u32, y: u32) -> Self {
        Self {
            x0: self.x0.saturating_sub(x),
            y0: self.y0.saturating_sub(y),
            x1: self.x1.saturating_add(x),
            y1: self.y1.saturating_add(y),
        }
    }

    /// Whether two boxes share a point.
    #[must_use]
    #[inline]
    pub fn meets(&self, other: &Self) -> bool {
        self.x0 <= other.x1 && other.x0 <= self.x1 && self.y0 <= other.y1 && other.y0 <= self.y1
    }

    /// Whether a point is in the box, its limits included.
    #[must_use]
    #[inline]
    pub fn holds(&self, point: FixedPoint) -> bool {
        self.x0 <= point.x && point.x <= self.x1 && self.y0 <= point.y && point.y <= self.y1
    }
}

/// Place of a point along the Hilbert curve of order 16 over the whole grid.
#[must_use]
pub fn hilbert(point: FixedPoint) -> u32 {
    let (mut x, mut y) = (point.x >> 16, point.y >> 16);
    let mut place = 0;
    let mut side = 1_u32 << 15;
    while side > 0 {
        let right = u32::from(x & side > 0);
        let upper = u32::from(y & side > 0);
        place = (place << 2) | ((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                x = !x;
                y = !y;
            }
            std::mem::swap(&mut x, &mut y);
        }
        side >>= 1;
    }
    place
}

/// Place of a point along the Hilbert curve at full resolution, for ordering things that are close together.
#[must_use]
pub fn hilbert_fine(point: FixedPoint) -> u64 {
    let (mut x, mut y) = (point.x, point.y);
    let mut place = 0_u64;
    let mut side = 1_u32 << 31;
    while side > 0 {
        let right = u64::from(x & side > 0);
        let upper = u64::from(y & side > 0);
        place = (place << 2) | ((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                x = !x;
                y = !y;
            }
            std::mem::swap(&mut x, &mut y);
        }
        side >>= 1;
    }
    place
}

/// A tree that owns its arrays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PackedTree {
    /// Boxes of all levels, items first, the root last.
    pub boxes: Vec<FixedBox>,
    /// The caller's number of each item, in the order of their boxes.
    pub items: Vec<u32>,
}

/// A tree over borrowed arrays.
#[derive(Debug, Clone, Copy)]
pub struct PackedTreeView<'a> {
    boxes: &'a [FixedBox],
    items: &'a [u32],
}

impl PackedTree {
    /// Builds a tree over boxes; item `i` of the tree is box `i` of the list.
    #[must_use]
    pub fn new(list: &[FixedBox]) -> Self {
        let mut order: Vec<(u64, u32)> = (0_u32..)
            .zip(list)
            .map(|(item, b)| {
                let middle = FixedPoint { x: b.x0 / 2 + b.x1 / 2, y: b.y0 / 2 + b.y1 / 2 };
                (hilbert_fine(middle), item)
            })
            .collect();
        order.par_sort_unstable();
        let items: Vec<u32> = order.into_iter().map(|(_, item)| item).collect();
        let mut boxes: Vec<FixedBox> = items.iter().map(|&item| list[item as usize]).collect();
        let mut start = 0;
        while boxes.len() - start > 1 {
            let end = boxes.len();
            for group in (start..end).step_by(FANOUT) {
                let mut around = FixedBox::EMPTY;
                for &child in &boxes[group..(group + FANOUT).min(end)] {
                    around.add(child);
                }
                boxes.push(around);
            }
            start = end;
        }
        Self { boxes, items }
    }

    /// The tree as a view.
    #[must_use]
    pub fn view(&self) -> PackedTreeView<'_> {
        PackedTreeView { boxes: &self.boxes, items: &self.items }
    }
}

/// How many boxes a tree over `items` items has, all levels together.
#[must_use]
pub fn box_count(items: usize) -> usize {
    let (mut level, mut sum) = (items, items);
    while level > 1 {
        level = level.div_ceil(FANOUT);
        sum += level;
    }
    sum
}

impl<'a> PackedTreeView<'a> {
    /// A view over arrays that a [`PackedTree`] was made of; `None` where their lengths do not fit together.
    #[must_use]
    pub fn new(boxes: &'a [FixedBox], items: &'a [u32]) -> Option<Self> {
        (boxes.len() == box_count(items.len())).then_some(Self { boxes, items })
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Calls `visit` with every item whose box passes `wanted`; nodes whose box does not pass are skipped with all they hold.
    ///
    /// `wanted` must accept a box that holds an accepted one. Visiting stops where `visit` says `false`.
    #[inline]
    pub fn search(&self, mut wanted: impl FnMut(&FixedBox) -> bool, mut visit: impl FnMut(u32) -> bool) {
        if self.items.is_empty() {
            return;
        }
        let mut starts = [0_usize; 9];
        let mut sizes = [0_usize; 9];
        let mut levels = 0;
        let (mut start, mut size) = (0, self.items.len());
        loop {
            starts[levels] = start;
            sizes[levels] = size;
            levels += 1;
            if size == 1 {
                break;
            }
            start += size;
            size = size.div_ceil(FANOUT);
        }
        // Depth first; at most FANOUT entries a level wait on the stack.
        let mut stack = [(0_u8, 0_u32); FANOUT * 9];
        stack[0] = ((levels - 1) as u8, 0);
        let mut depth = 1;
        while depth > 0 {
            depth -= 1;
            let (level, node) = stack[depth];
            let level = usize::from(level);
            let node = node as usize;
            if !wanted(&self.boxes[starts[level] + node]) {
                continue;
            }
            if level == 0 {
                if !visit(self.items[node]) {
                    return;
                }
                continue;
            }
            let first = node * FANOUT;
            let end = (first + FANOUT).min(sizes[level - 1]);
            for child in (first..end).rev() {
                stack[depth] = ((level - 1) as u8, child as u32);
                depth += 1;
            }
        }
    }

    /// Visits items in order of a lower bound, best first, until the bound reaches what `visit` returned last.
    ///
    /// `bound` gives the lower bound of anything within a box; `visit` gives the best value known so far (items and nodes
    /// whose bound is above it are left out). `heap` is scratch memory, cleared here.
    pub fn nearest(
        &self,
        heap: &mut Vec<(f64, u8, u32)>,
        mut bound: impl FnMut(&FixedBox) -> f64,
        mut visit: impl FnMut(u32) -> f64,
    ) {
        heap.clear();
        if self.items.is_empty() {
            return;
        }
        let mut starts = [0_usize; 9];
        let mut sizes = [0_usize; 9];
        let mut levels = 0;
        let (mut start, mut size) = (0, self.items.len());
        loop {
            starts[levels] = start;
            sizes[levels] = size;
            levels += 1;
            if size == 1 {
                break;
            }
            start += size;
            size = size.div_ceil(FANOUT);
        }
        let mut best = f64::INFINITY;
        heap.push((bound(&self.boxes[starts[levels - 1]]), (levels - 1) as u8, 0));
        // Depth first with the nearest child on top: the first items reached already give a good bound.
        while let Some((low, level, node)) = heap.pop() {
            if low > best {
                continue;
            }
            let level = usize::from(level);
            if level == 0 {
                best = visit(self.items[node as usize]).min(best);
                continue;
            }
            let first = node as usize * FANOUT;
            let end = (first + FANOUT).min(sizes[level - 1]);
            let base = heap.len();
            for child in first..end {
                let low = bound(&self.boxes[starts[level - 1] + child]);
                if low <= best {
                    heap.push((low, (level - 1) as u8, child as u32));
                }
            }
            heap[base..].sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_what_a_full_scan_finds() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32
        };
        for count in [0, 1, 2, 15, 16, 17, 300, 5000] {
            let list: Vec<FixedBox> = (0..count)
                .map(|_| {
                    let (x, y) = (next() % 1_000_000, next() % 1_000_000);
                    FixedBox { x0: x, y0: y, x1: x + next() % 9000, y1: y + next() % 9000 }
                })
                .collect();
            let tree = PackedTree::new(&list);
            assert_eq!(tree.boxes.len(), box_count(count));
            for _ in 0..50 {
                let (x, y) = (next() % 1_000_000, next() % 1_000_000);
                let asked = FixedBox { x0: x, y0: y, x1: x + 30_000, y1: y + 30_000 };
                let mut found = Vec::new();
                tree.view().search(
                    |b| b.meets(&asked),
                    |item| {
                        found.push(item);
                        true
                    },
                );
                found.sort_unstable();
                let expected: Vec<u32> =
                    (0_u32..).zip(&list).filter(|(_, b)| b.meets(&asked)).map(|(item, _)| item).collect();
                assert_eq!(found, expected);
            }
        }
    }
}
