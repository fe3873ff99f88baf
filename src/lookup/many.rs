//! Many positions at once.
//!
//! One position waits for memory at every step: its root cell, the cells of nodes, the edges of a leaf. A group of positions
//! takes each step together, and what a step reads is read in loops that do nothing else, so that the processor waits for many
//! reads at a time. Which positions go on to the next step is written without a branch: which way they go cannot be foreseen.

use super::leaf::{Cell, EDGE_WORDS, LeafHead, SIDE_MASK};
use super::point_index::PointIndexView;
use super::root_grid::ROOT_BITS;
use crate::geometry::{FixedPoint, Side};

/// Positions that go together; a position is named within its group in eight bits.
const GROUP: usize = 256;
/// Exact vertices on one line of the processor's cache.
const LINE: usize = 8;

/// What is known of a group on its way; nothing is kept from one group to the next.
struct Group {
    /// Positions from the corner of the grid.
    xs: [u32; GROUP],
    ys: [u32; GROUP],
    /// Positions still on their way, and the place of a cell, or the cell, that each stands at.
    who: [u8; GROUP],
    at: [u32; GROUP],
    /// Edges still to be walked: where the next one starts, of which position, and how many are left.
    leaves: [(u32, u8); GROUP],
    left: [LeafHead; GROUP],
    /// Edges whose line is close to a position.
    close: [(u32, u8); 2 * GROUP],
}

impl PointIndexView<'_> {
    /// [`Self::locate`] for many positions: answers go to `sides`, in order.
    ///
    /// # Panics
    /// Where `sides` is shorter than `points`.
    pub fn locate_all(&self, points: &[FixedPoint], sides: &mut [Side]) {
        assert!(sides.len() >= points.len(), "one answer for each position");
        let mut group = Group {
            xs: [0; GROUP],
            ys: [0; GROUP],
            who: [0; GROUP],
            at: [0; GROUP],
            leaves: [(0, 0); GROUP],
            left: [LeafHead(0); GROUP],
            close: [(0, 0); 2 * GROUP],
        };
        for (points, sides) in points.chunks(GROUP).zip(sides.chunks_mut(GROUP)) {
            let sides = &mut sides[..points.len()];
            let leaves = group.descend(self, points, sides);
            group.walk(self, points, sides, leaves);
        }
    }
}

impl Group {
    /// Takes every position to its cell. Gives sides to those whose cell lies in one unit; the others, so many, are left in
    /// `leaves`.
    fn descend(&mut self, index: &PointIndexView<'_>, points: &[FixedPoint], sides: &mut [Side]) -> usize {
        let grid = index.grid();
        for ((at, p), (x, y)) in self.at.iter_mut().zip(points).zip(self.xs.iter_mut().zip(&mut self.ys)) {
            *x = p.x.wrapping_sub(grid.x0);
            *y = p.y.wrapping_sub(grid.y0);
            let (column, row) = (*x >> ROOT_BITS, *y >> ROOT_BITS);
            let on_grid = (column < grid.columns) & (row < grid.rows);
            *at = if on_grid { row * grid.columns + column } else { u32::MAX };
        }
        for at in &mut self.at[..points.len()] {
            *at = index.roots.get(*at as usize).copied().unwrap_or(0);
        }
        let (mut nodes, mut leaves) = (0, 0);
        for (place, side) in sides.iter_mut().enumerate() {
            let cell = Cell(self.at[place % GROUP]);
            *side = cell.payload();
            (nodes, leaves) = self.sort(cell, place as u8, nodes, leaves);
        }
        while nodes > 0 {
            let open = std::mem::take(&mut nodes);
            for (at, &who) in self.at[..open].iter_mut().zip(&self.who[..open]) {
                *at = Cell(*at).child(self.xs[usize::from(who)], self.ys[usize::from(who)]) as u32;
            }
            for at in &mut self.at[..open] {
                *at = index.nodes[*at as usize];
            }
            for place in 0..open {
                let (cell, who) = (Cell(self.at[place % GROUP]), self.who[place % GROUP]);
                sides[usize::from(who)] = cell.payload();
                (nodes, leaves) = self.sort(cell, who, nodes, leaves);
            }
        }
        leaves
    }

    /// Puts a position behind those that stand at a node, and behind those in leaves; gives how many are to stay of each.
    #[inline]
    fn sort(&mut self, cell: Cell, who: u8, nodes: usize, leaves: usize) -> (usize, usize) {
        self.leaves[leaves % GROUP] = (cell.payload(), who);
        self.at[nodes % GROUP] = cell.0;
        self.who[nodes % GROUP] = who;
        (nodes + usize::from(cell.is_node()), leaves + usize::from(cell.is_leaf()))
    }

    /// Takes the positions of leaves past one edge after the other.
    fn walk(&mut self, index: &PointIndexView<'_>, points: &[FixedPoint], sides: &mut [Side], mut open: usize) {
        for (left, &(start, who)) in self.left.iter_mut().zip(&self.leaves[..open]) {
            *left = LeafHead(index.leaves[start as usize]);
            sides[usize::from(who)] = left.0;
        }
        // The end of a leaf is often on another line of the cache than its head.
        let mut touched = 0;
        for (left, leaf) in self.left.iter().zip(&mut self.leaves[..open]) {
            touched ^= index.leaves[leaf.0 as usize + left.edges() * EDGE_WORDS];
            leaf.0 += 1;
        }
        std::hint::black_box(touched);
        let mut close = 0;
        while open > 0 {
            let mut more = 0;
            for place in 0..open {
                let ((start, who), left) = (self.leaves[place % GROUP], self.left[place % GROUP]);
                let edge = index.leaf_edge(start as usize);
                let [x, y] = self.within_root(who);
                let (crossed, may_be_near) = edge.walk(edge.line(), x, y);
                sides[usize::from(who)] ^= edge.change & u32::from(crossed).wrapping_neg();
                self.close[close % (2 * GROUP)] = (start, who);
                close += usize::from(may_be_near);
                self.leaves[more % GROUP] = (start + EDGE_WORDS as u32, who);
                self.left[more % GROUP] = left.with_one_less();
                more += usize::from(left.edges() > 1);
            }
            open = more;
            if open == 0 || close > GROUP {
                self.look_closely(index, points, sides, close);
                close = 0;
            }
        }
        for side in sides {
            *side = index.known(*side & SIDE_MASK);
        }
    }

    /// Looks at the exact edges behind the coarse ones whose band holds a position.
    fn look_closely(&mut self, index: &PointIndexView<'_>, points: &[FixedPoint], sides: &mut [Side], close: usize) {
        let (mut near, mut touched) = (0, 0);
        for place in 0..close {
            let (start, who) = self.close[place];
            let edge = index.leaf_edge(start as usize);
            let [x, y] = self.within_root(who);
            if edge.line().is_near(x, y) {
                let (first, edges) = edge.run();
                for vertex in index.vertices[first..=first + edges].iter().step_by(LINE) {
                    touched ^= vertex.x;
                }
                self.close[near] = (start, who);
                near += 1;
            }
        }
        std::hint::black_box(touched);
        for &(start, who) in &self.close[..near] {
            let edge = index.leaf_edge(start as usize);
            if index.in_loop(edge.run(), points[usize::from(who)]) {
                sides[usize::from(who)] ^= edge.change;
            }
        }
    }

    #[inline]
    fn within_root(&self, who: u8) -> [i64; 2] {
        let inner = (1 << ROOT_BITS) - 1;
        [&self.xs, &self.ys].map(|of| i64::from(of[usize::from(who)] & inner))
    }
}
