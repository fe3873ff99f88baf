//! Cells and leaves in words of 32 bits, and what an edge of a leaf says of a position.

use super::coarse::{BAND, COARSE_SHIFT, CoarseEdge};
use crate::geometry::Side;

// A cell is one word. The lower two bits say what it is; above them stand the side of a cell that lies in one unit, or where a
// leaf starts among the words of leaves, or, for a node, how far its positions are shifted (5 bits) and where its cells start.
const UNIFORM: u32 = 0;
const NODE: u32 = 1;
const LEAF: u32 = 2;
/// A node of 64 by 64 cells, where most of 8 by 8 would be nodes again.
const WIDE_NODE: u32 = 3;
const KIND_BITS: u32 = 2;
const SHIFT_BITS: u32 = 5;
const PLACE_BITS: u32 = 32 - KIND_BITS - SHIFT_BITS;
/// A node has `1 << FAN_BITS` cells a side.
pub(super) const FAN_BITS: u32 = 3;
/// A wide node has `1 << WIDE_FAN_BITS` cells a side.
pub(super) const WIDE_FAN_BITS: u32 = 6;
/// Nodes start at multiples of so many cells.
pub(super) const NODE_CELLS: usize = 1 << (2 * FAN_BITS);
/// Most multiples of [`NODE_CELLS`] that a cell can point behind.
pub(super) const MOST_NODES: usize = 1 << PLACE_BITS;
/// Most words that a cell can point behind.
pub(super) const MOST_LEAF_WORDS: usize = 1 << (32 - KIND_BITS);

/// Units, and the outside, are named in so many bits.
const SIDE_BITS: u32 = 22;
pub(super) const MOST_SIDES: usize = 1 << SIDE_BITS;
pub(super) const SIDE_MASK: u32 = (1 << SIDE_BITS) - 1;
pub(super) const MOST_LEAF_EDGES: usize = 255;

/// What a position finds where its root cell, or a cell of a node, is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cell(pub(super) u32);

impl Cell {
    pub(super) fn uniform(side: Side) -> Self {
        Self(UNIFORM | side << KIND_BITS)
    }

    pub(super) fn leaf(start: usize) -> Self {
        Self(LEAF | (start as u32) << KIND_BITS)
    }

    /// A node whose cells start at a multiple of [`NODE_CELLS`] and are `1 << shift` grid units wide.
    pub(super) fn node(wide: bool, shift: u32, place: usize) -> Self {
        let kind = if wide { WIDE_NODE } else { NODE };
        Self(kind | shift << KIND_BITS | (place as u32) << (KIND_BITS + SHIFT_BITS))
    }

    /// The cell where nodes and leaves stand behind so many others.
    pub(super) fn moved(self, nodes: usize, leaf_words: usize) -> Self {
        Self(match self.0 & 3 {
            UNIFORM => self.0,
            LEAF => self.0 + ((leaf_words as u32) << KIND_BITS),
            _ => self.0 + ((nodes as u32) << (KIND_BITS + SHIFT_BITS)),
        })
    }

    #[inline]
    pub(super) fn is_node(self) -> bool {
        self.0 & 1 != 0
    }

    #[inline]
    pub(super) fn is_leaf(self) -> bool {
        self.0 & 3 == LEAF
    }

    /// Where the cells of a node start, how wide they are (in bits of grid units), and how many bits name one along a side.
    pub(super) fn node_parts(self) -> (usize, u32, u32) {
        let fan = if self.0 & 2 == 0 { FAN_BITS } else { WIDE_FAN_BITS };
        let shift = self.0 >> KIND_BITS & ((1 << SHIFT_BITS) - 1);
        ((self.0 >> (KIND_BITS + SHIFT_BITS)) as usize * NODE_CELLS, shift, fan)
    }

    /// The side of a cell in one unit, or where the words of a leaf start.
    #[inline]
    pub(super) fn payload(self) -> u32 {
        self.0 >> KIND_BITS
    }

    /// The place of a node's cell that holds a position, given from the corner of the grid.
    #[inline]
    pub(super) fn child(self, x: u32, y: u32) -> usize {
        let fan = if self.0 & 2 == 0 { FAN_BITS } else { WIDE_FAN_BITS };
        let mask = (1 << fan) - 1;
        let shift = self.0 >> KIND_BITS & ((1 << SHIFT_BITS) - 1);
        let within = ((y >> shift & mask) << fan) | (x >> shift & mask);
        (self.0 >> (KIND_BITS + SHIFT_BITS)) as usize * NODE_CELLS + within as usize
    }
}

/// The first word of a leaf: the side that the coarse edges give to its corner, and how many edges follow.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LeafHead(pub(super) u32);

impl LeafHead {
    pub(super) fn new(corner: Side, edges: usize) -> Self {
        Self(corner | (edges as u32) << SIDE_BITS)
    }

    #[inline]
    pub(super) fn edges(self) -> usize {
        (self.0 >> SIDE_BITS) as usize
    }

    #[inline]
    pub(super) fn with_one_less(self) -> Self {
        Self(self.0.wrapping_sub(1 << SIDE_BITS))
    }
}

/// A coarse edge as a leaf holds it, from west to east.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(super) struct LeafEdge {
    /// Ends in coarse coordinates from the root cell's corner: x and y of the western, x and y of the eastern.
    ends: [i16; 4],
    /// Exclusive or of the sides left and right (22 bits), what [`LocalLine::reach`] is measured in (8 bits), and in a leaf
    /// [`OVER`] and [`BEYOND`].
    pub(super) change: u32,
    /// The exact edges behind it: place of their first vertex (upper 25 bits) and how many they are (lower 7).
    run: u32,
}

/// How many words an edge takes.
pub(super) const EDGE_WORDS: usize = 4;
/// Bits of [`LeafEdge::run`] that count edges.
const RUN_BITS: u32 = 7;
pub(super) const MOST_VERTICES: usize = 1 << (32 - RUN_BITS);

/// [`LocalLine::reach`] is counted in steps of so many bits.
const REACH_SHIFT: u32 = 5;
const REACH_MASK: u32 = 0xFF;
const _: () = assert!(BAND >> REACH_SHIFT < REACH_MASK as i64, "every band can be written");

/// On the way from the corner of the leaf to a point at longitudes of the edge, the edge is crossed unless the point is above it.
const OVER: u32 = 1 << 31;
/// On the way to a point east of the edge, it is crossed.
const BEYOND: u32 = 1 << 30;

impl LeafEdge {
    /// An edge between two ends, given as x and y in coarse coordinates from the root cell's corner, in whatever order; with
    /// the half width of its band in grid units.
    pub(super) fn new([ax, ay, bx, by]: [i16; 4], change: Side, band: i64, coarse: &CoarseEdge) -> Self {
        let ends = if (bx, by) < (ax, ay) { [bx, by, ax, ay] } else { [ax, ay, bx, by] };
        let (dx, dy) = (f64::from(bx) - f64::from(ax), f64::from(by) - f64::from(ay));
        let sides = dx.abs() + dy.abs();
        let part = if sides > 0.0 { dx.hypot(dy) / sides } else { 1.0 };
        let steps = (band as f64 * part / f64::from(1 << REACH_SHIFT)).floor() as u32 + 1;
        Self { ends, change: change | steps << SIDE_BITS, run: coarse.first << RUN_BITS | coarse.edges }
    }

    #[inline]
    pub(super) fn of_words(words: [u32; EDGE_WORDS]) -> Self {
        bytemuck::cast(words)
    }

    pub(super) fn words(self) -> [u32; EDGE_WORDS] {
        bytemuck::cast(self)
    }

    /// Exclusive or of the sides left and right.
    pub(super) fn sides(self) -> Side {
        self.change & SIDE_MASK
    }

    /// Place of the first vertex of the exact edges behind it, and how many they are.
    #[inline]
    pub(super) fn run(self) -> (usize, usize) {
        ((self.run >> RUN_BITS) as usize, (self.run & ((1 << RUN_BITS) - 1)) as usize)
    }

    /// The edge in a leaf with this corner: what is known beforehand of every way that starts there.
    ///
    /// A way leads due east from the corner, and then north to the point. West of the edge it never crosses it; east of it,
    /// always or never; in between, all depends on whether the point is above the edge.
    pub(super) fn seen_from(self, cx: i64, cy: i64) -> Self {
        let line = self.line();
        let low = line.ay <= cy;
        let spans = low != (line.by() <= cy);
        let corner_above = line.is_above(line.cross(cx, cy));
        let falling = line.dy < 0;
        let over = if spans { corner_above } else { low };
        let beyond = spans & (corner_above != falling);
        let flags = if over { OVER } else { 0 } | if beyond { BEYOND } else { 0 };
        Self { change: self.change | flags, ..self }
    }

    /// Its line, for what is asked of it below.
    #[inline]
    pub(super) fn line(self) -> LocalLine {
        let [ax, ay, bx, by] = self.ends.map(i64::from);
        let steps = i64::from(self.change >> SIDE_BITS & REACH_MASK);
        let (dx, dy) = (bx - ax, by - ay);
        LocalLine { ax: ax << COARSE_SHIFT, ay: ay << COARSE_SHIFT, dx, dy, reach: steps << REACH_SHIFT }
    }

    /// Whether the way from the leaf's corner to a point crosses the edge, and whether the point may be within the band of
    /// its line (surely `true` where it is).
    #[inline]
    pub(super) fn walk(self, line: LocalLine, x: i64, y: i64) -> (bool, bool) {
        let cross = line.cross(x, y);
        let (past_a, past_b) = (line.ax <= x, line.bx() <= x);
        let between = past_a & !past_b & (line.is_above(cross) ^ (self.change & OVER != 0));
        let crossed = (past_b & (self.change & BEYOND != 0)) | between;
        (crossed, cross.abs() <= line.reach())
    }
}

/// A coarse edge; from west to east, or from south to north.
#[derive(Clone, Copy)]
pub(super) struct LocalLine {
    /// Its start from the root cell's corner, in grid units.
    ax: i64,
    ay: i64,
    /// How far it runs, in coarse steps.
    dx: i64,
    dy: i64,
    /// The half width of its band, times its length over the sum of its width and height: grid units.
    reach: i64,
}

impl LocalLine {
    #[inline]
    fn bx(self) -> i64 {
        self.ax + (self.dx << COARSE_SHIFT)
    }

    fn by(self) -> i64 {
        self.ay + (self.dy << COARSE_SHIFT)
    }

    /// Twice the area of the triangle with a point, in grid units times coarse steps.
    #[inline]
    fn cross(self, x: i64, y: i64) -> i64 {
        self.dx * (y - self.ay) - self.dy * (x - self.ax)
    }

    /// Whether a point with this cross product counts as above (for an edge due north, as west of it).
    ///
    /// A point on the line counts as above unless the edge climbs; see [`crate::geometry::fixed::is_left`].
    #[inline]
    fn is_above(self, cross: i64) -> bool {
        cross >= i64::from(self.dy > 0)
    }

    /// Cross products of points within the band are no larger.
    #[inline]
    fn reach(self) -> i64 {
        (self.dx + self.dy.abs()) * self.reach
    }

    /// At least the half width of the band: a side and another are no longer than their sum, and no shorter than seven tenths.
    #[inline]
    fn margin(self) -> i64 {
        self.reach + (self.reach >> 1)
    }

    /// Whether the path from `c` due east or west to the longitude of `p`, then north or south to `p`, crosses the edge.
    pub(super) fn separates(self, cx: i64, cy: i64, px: i64, py: i64) -> bool {
        let above = |x: i64, y: i64| self.is_above(self.cross(x, y));
        let bend = above(px, cy);
        let spans_y = (self.ay <= cy) != (self.by() <= cy);
        let spans_x = (self.ax <= px) != (self.bx() <= px);
        (spans_y & (above(cx, cy) != bend)) ^ (spans_x & (bend != above(px, py)))
    }

    /// Whether a point may be in the box of the band: surely `true` where it is.
    #[inline]
    pub(super) fn is_near(self, x: i64, y: i64) -> bool {
        self.box_meets(x, y, 0)
    }

    #[inline]
    fn box_meets(self, x: i64, y: i64, width: i64) -> bool {
        let (south, north, margin) = (self.ay.min(self.by()), self.ay.max(self.by()), self.margin());
        (x + width >= self.ax - margin)
            & (x <= self.bx() + margin)
            & (y + width >= south - margin)
            & (y <= north + margin)
    }

    /// Whether the band may meet a square cell: surely `true` where it does.
    pub(super) fn may_meet(self, x: i64, y: i64, width: i64) -> bool {
        let reach = self.reach();
        let corners = [(x, y), (x + width, y), (x, y + width), (x + width, y + width)].map(|(x, y)| self.cross(x, y));
        self.box_meets(x, y, width)
            && !(corners.iter().all(|&cross| cross > reach) || corners.iter().all(|&cross| cross < -reach))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_from_the_corner_gives_what_the_whole_way_gives() {
        let mut seed = 7_u64;
        let mut below = |end: i64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as i64 % end
        };
        let step = 1_i64 << COARSE_SHIFT;
        for _ in 0..400_000 {
            // Few distinct places, so that ends, corners and points often share a line.
            let ends = [(); 4].map(|()| (below(12) - 4) as i16);
            let edge = LeafEdge::new(ends, 5, BAND, &CoarseEdge { first: 0, edges: 1, arc: 0 });
            let (cx, cy) = (below(5) * step, below(5) * step);
            let nudge = [0, 0, 1, -1, 200][below(5) as usize];
            let (x, y) = (cx + (below(8) * step + nudge).max(0), cy + (below(8) * step + nudge).max(0));
            let known = edge.seen_from(cx, cy);
            let (crossed, _) = known.walk(known.line(), x, y);
            let whole = edge.line().separates(cx, cy, x, y);
            assert_eq!(crossed, whole, "{ends:?} from {cx}, {cy} to {x}, {y}");
        }
    }

    #[test]
    fn cells_keep_what_they_are_made_of() {
        let (shift, place) = (16, 12_345);
        for (wide, fan) in [(false, FAN_BITS), (true, WIDE_FAN_BITS)] {
            let cell = Cell::node(wide, shift, place).moved(5, 900);
            assert!(cell.is_node() && !cell.is_leaf());
            assert_eq!(cell.child(0, 0), (place + 5) * NODE_CELLS);
            assert_eq!(cell.child(3 << shift, 2 << shift), (place + 5) * NODE_CELLS + (2 << fan) + 3);
        }
        let leaf = Cell::leaf(77).moved(5, 900);
        assert!(leaf.is_leaf() && !leaf.is_node());
        assert_eq!(leaf.payload(), 977);
        let uniform = Cell::uniform(SIDE_MASK).moved(5, 900);
        assert!(!uniform.is_leaf() && !uniform.is_node());
        assert_eq!(uniform.payload(), SIDE_MASK);
        let head = LeafHead::new(SIDE_MASK, MOST_LEAF_EDGES);
        assert_eq!((head.edges(), head.with_one_less().edges(), head.0 & SIDE_MASK), (255, 254, SIDE_MASK));
    }
}
