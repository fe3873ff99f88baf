//! A static R-tree in a flat array of nodes, so that it can be read straight from a file.
//!
//! Items are put in order of the Hilbert curve by the middle of their box, then grouped by [`FANOUT`] up to one root.
//! Building costs a sort; a query costs the nodes whose box meets the question. Boxes are closed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

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
    (hilbert_fine(point) >> 32) as u32
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

/// The boxes of a node's children, side by side so that one instruction looks at several. Children that are not there have
/// [`FixedBox::EMPTY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct Node {
    x0: [u32; FANOUT],
    y0: [u32; FANOUT],
    x1: [u32; FANOUT],
    y1: [u32; FANOUT],
}

impl Node {
    fn new(children: &[FixedBox]) -> Self {
        let child = |place: usize| children.get(place).copied().unwrap_or(FixedBox::EMPTY);
        Self {
            x0: std::array::from_fn(|place| child(place).x0),
            y0: std::array::from_fn(|place| child(place).y0),
            x1: std::array::from_fn(|place| child(place).x1),
            y1: std::array::from_fn(|place| child(place).y1),
        }
    }

    /// The children whose box shares a point with another, one bit each.
    #[inline]
    fn meeting(&self, asked: &FixedBox) -> u32 {
        let hits: [u8; FANOUT] = std::array::from_fn(|place| {
            u8::from(
                (self.x0[place] <= asked.x1)
                    & (asked.x0 <= self.x1[place])
                    & (self.y0[place] <= asked.y1)
                    & (asked.y0 <= self.y1[place]),
            )
        });
        hits.iter().enumerate().fold(0, |mask, (place, &hit)| mask | u32::from(hit) << place)
    }

    /// At least nearly how far a point is west or east, and south or north, of each child's box, in grid units; 0 within its
    /// span. Too much by a few parts in ten million at most.
    #[inline]
    fn gaps(&self, p: FixedPoint) -> [[f32; FANOUT]; 2] {
        // Halves are signed words, which every processor compares and converts several at a time.
        let gap = |low: &[u32; FANOUT], high: &[u32; FANOUT], at: u32| {
            let at = (at >> 1) as i32;
            std::array::from_fn(|place| {
                let before = (low[place] >> 1) as i32 - at;
                let after = at - (high[place] >> 1) as i32;
                ((before as f32).max(after as f32) - 1.0).max(0.0) * 2.0
            })
        };
        [gap(&self.x0, &self.x1, p.x), gap(&self.y0, &self.y1, p.y)]
    }

    /// A lower bound for each child.
    #[inline]
    fn lows(&self, p: FixedPoint, bound: &impl Fn(f32, f32) -> f32) -> [f32; FANOUT] {
        let [east, north] = self.gaps(p);
        std::array::from_fn(|child| bound(east[child], north[child]))
    }
}

/// The bounds that are at most a number, one bit each.
#[inline]
fn mask_at_most(lows: &[f32; FANOUT], most: f32) -> u32 {
    lows.iter().enumerate().fold(0, |mask, (child, &low)| mask | u32::from(low <= most) << child)
}

/// A tree that owns its nodes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PackedTree {
    /// Nodes of all levels: those over items first, the root last.
    pub nodes: Vec<Node>,
    /// The caller's number of each item, in the tree's own order.
    pub items: Vec<u32>,
}

/// A tree over borrowed nodes. It speaks of items by their place in the tree's own order.
#[derive(Debug, Clone, Copy)]
pub struct PackedTreeView<'a> {
    nodes: &'a [Node],
    items: usize,
}

impl PackedTree {
    /// Builds a tree over boxes.
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
        let mut level: Vec<FixedBox> = items.iter().map(|&item| list[item as usize]).collect();
        let mut nodes = Vec::with_capacity(node_count(items.len()));
        while nodes.is_empty() || level.len() > 1 {
            let mut above = Vec::with_capacity(level.len().div_ceil(FANOUT));
            for children in level.chunks(FANOUT) {
                nodes.push(Node::new(children));
                let mut around = FixedBox::EMPTY;
                for &child in children {
                    around.add(child);
                }
                above.push(around);
            }
            if level.is_empty() {
                break;
            }
            level = above;
        }
        Self { nodes, items }
    }

    /// The tree as a view.
    #[must_use]
    pub fn view(&self) -> PackedTreeView<'_> {
        PackedTreeView { nodes: &self.nodes, items: self.items.len() }
    }
}

/// How many nodes a tree over `items` items has.
#[must_use]
pub fn node_count(items: usize) -> usize {
    let (mut level, mut sum) = (items, 0);
    while level > 0 {
        level = level.div_ceil(FANOUT);
        sum += level;
        if level == 1 {
            break;
        }
    }
    sum
}

/// Where each level's nodes start, and how many levels there are.
struct Levels {
    starts: [usize; 9],
    count: usize,
}

impl Levels {
    fn of(items: usize) -> Self {
        let mut levels = Self { starts: [0; 9], count: 0 };
        let (mut start, mut size) = (0, items);
        while size > 0 {
            size = size.div_ceil(FANOUT);
            levels.starts[levels.count] = start;
            levels.count += 1;
            start += size;
            if size == 1 {
                break;
            }
        }
        levels
    }
}

impl<'a> PackedTreeView<'a> {
    /// A view over the nodes of a tree of so many items; `None` where their number does not fit.
    #[must_use]
    pub fn new(nodes: &'a [Node], items: usize) -> Option<Self> {
        (nodes.len() == node_count(items)).then_some(Self { nodes, items })
    }

    /// Calls `visit` with every item whose box shares a point with another; stops where it says `false`.
    #[inline]
    pub fn search(&self, asked: &FixedBox, mut visit: impl FnMut(usize) -> bool) {
        let levels = Levels::of(self.items);
        if levels.count == 0 {
            return;
        }
        // Depth first: a node, and which of its children still wait.
        let mut stack = [(0_usize, 0_u32); 9];
        let mut level = levels.count - 1;
        stack[level] = (0, self.nodes[levels.starts[level]].meeting(asked));
        loop {
            let (node, waiting) = &mut stack[level];
            if *waiting == 0 {
                level += 1;
                if level == levels.count {
                    return;
                }
                continue;
            }
            let child = *node * FANOUT + waiting.trailing_zeros() as usize;
            *waiting &= *waiting - 1;
            if level == 0 {
                if !visit(child) {
                    return;
                }
            } else {
                level -= 1;
                stack[level] = (child, self.nodes[levels.starts[level] + child].meeting(asked));
            }
        }
    }

    /// Visits every item whose bound is at most what `visit` returned last, and some others.
    ///
    /// `bound` gives, for a gap eastward and northward in grid units, a number that no item at that gap is below (but for a few
    /// parts in a million); `visit` gives the best number known so far, infinite as long as there is none.
    #[inline]
    pub fn nearest(&self, p: FixedPoint, bound: impl Fn(f32, f32) -> f32, mut visit: impl FnMut(usize) -> f32) {
        let levels = Levels::of(self.items);
        if levels.count == 0 {
            return;
        }
        // Depth first, the nearest box of each node first: what is found first is near already. For each level the node, and
        // the bounds of its children, infinite where they are done.
        let mut stack = [(0_usize, [f32::INFINITY; FANOUT]); 9];
        let mut best = f32::INFINITY;
        let mut level = levels.count - 1;
        stack[level].1 = self.lows(&levels, level, 0, p, &bound);
        loop {
            let (node, lows) = &mut stack[level];
            let least = lows.iter().fold(f32::INFINITY, |least, &low| if low < least { low } else { least });
            if least > best || least == f32::INFINITY {
                if level == 0 && best == f32::INFINITY {
                    let done = *node;
                    return self.visit_in_order(&levels, p, done, bound, visit);
                }
                level += 1;
                if level == levels.count {
                    return;
                }
                continue;
            }
            let place = mask_at_most(lows, least).trailing_zeros() as usize;
            lows[place] = f32::INFINITY;
            let child = *node * FANOUT + place;
            if level == 0 {
                best = visit(child).min(best);
            } else {
                level -= 1;
                stack[level] = (child, self.lows(&levels, level, child, p, &bound));
            }
        }
    }

    /// A lower bound for each child of a node; infinite for those that are not there.
    #[inline]
    fn lows(
        &self,
        levels: &Levels,
        level: usize,
        node: usize,
        p: FixedPoint,
        bound: &impl Fn(f32, f32) -> f32,
    ) -> [f32; FANOUT] {
        let below = if level == 0 { self.items } else { levels.starts[level] - levels.starts[level - 1] };
        let mut lows = self.nodes[levels.starts[level] + node].lows(p, bound);
        if below - node * FANOUT < FANOUT {
            lows[below - node * FANOUT..].fill(f32::INFINITY);
        }
        lows
    }

    /// The rest of [`Self::nearest`] where nothing is known yet: nearest box of each node first.
    fn visit_in_order(
        &self,
        levels: &Levels,
        p: FixedPoint,
        done: usize,
        bound: impl Fn(f32, f32) -> f32,
        mut visit: impl FnMut(usize) -> f32,
    ) {
        let mut best = f32::INFINITY;
        let mut heap = BinaryHeap::from([Waiting { low: 0.0, level: levels.count, place: 0 }]);
        while let Some(Waiting { low, level, place }) = heap.pop() {
            if low > best {
                return;
            }
            if level == 0 {
                best = visit(place).min(best);
                continue;
            }
            let level = level - 1;
            if level == 0 && place == done {
                continue;
            }
            let lows = self.lows(levels, level, place, p, &bound);
            for (child, &low) in lows.iter().enumerate().filter(|&(_, &low)| low <= best && low < f32::INFINITY) {
                heap.push(Waiting { low, level, place: place * FANOUT + child });
            }
        }
    }
}

/// A node or item (level 0) that waits for its turn; the lowest comes first.
struct Waiting {
    low: f32,
    level: usize,
    place: usize,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.low.total_cmp(&self.low)
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
            assert_eq!(tree.nodes.len(), node_count(count));
            for _ in 0..50 {
                let (x, y) = (next() % 1_000_000, next() % 1_000_000);
                let asked = FixedBox { x0: x, y0: y, x1: x + 30_000, y1: y + 30_000 };
                let mut found = Vec::new();
                tree.view().search(&asked, |place| {
                    found.push(tree.items[place]);
                    true
                });
                found.sort_unstable();
                let expected: Vec<u32> =
                    (0_u32..).zip(&list).filter(|(_, b)| b.meets(&asked)).map(|(item, _)| item).collect();
                assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn the_nearest_item_is_the_one_that_a_full_scan_finds() {
        let mut state = 11_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32
        };
        for count in [1, 15, 17, 300, 5000] {
            let list: Vec<FixedBox> = (0..count)
                .map(|_| {
                    let (x, y) = (next() % 1_000_000, next() % 1_000_000);
                    FixedBox { x0: x, y0: y, x1: x + next() % 9000, y1: y + next() % 9000 }
                })
                .collect();
            let tree = PackedTree::new(&list);
            for asked in 0..200 {
                let p = FixedPoint { x: next() % 1_200_000, y: next() % 1_200_000 };
                // Every item, then one in fifty: a search that starts with nothing.
                let wanted = |item: u32| asked % 2 == 0 || item % 50 == 7;
                let gap = |b: &FixedBox| {
                    let x = f64::from(b.x0.saturating_sub(p.x).max(p.x.saturating_sub(b.x1)));
                    let y = f64::from(b.y0.saturating_sub(p.y).max(p.y.saturating_sub(b.y1)));
                    x * x + y * y
                };
                let mut best = f64::INFINITY;
                tree.view().nearest(
                    p,
                    |east, north| east * east + north * north,
                    |place| {
                        let item = tree.items[place];
                        if wanted(item) {
                            best = best.min(gap(&list[item as usize]));
                        }
                        best as f32
                    },
                );
                let all = (0_u32..).zip(&list).filter(|&(item, _)| wanted(item)).map(|(_, b)| gap(b));
                let all = all.fold(f64::INFINITY, f64::min);
                // Where nothing is wanted, nothing is found.
                assert!(best.total_cmp(&all).is_eq() || (best - all).abs() < 0.5, "{best} {all}");
            }
        }
    }
}
