//! The grid over coarse edges: which unit a position belongs to, exactly, in a few memory reads.

use super::coarse::{BAND, COARSE_SHIFT, CoarseEdge, snap};
use super::root_grid::{ROOT_BITS, RootGrid};
use crate::geometry::{CoverageView, FixedPoint, Side};

/// A node has `1 << FAN_BITS` cells a side.
pub(super) const FAN_BITS: u32 = 3;
pub(super) const FAN: usize = 1 << FAN_BITS;

// A cell is one word: what it is (2 bits), how many edges (8), the side at its corner (22), where its cells or edges start (32).
pub(super) const UNIFORM: u64 = 0;
pub(super) const NODE: u64 = 1;
pub(super) const LEAF: u64 = 2;

pub(super) fn cell(kind: u64, count: usize, side: Side, start: u32) -> u64 {
    kind | (count as u64) << 2 | u64::from(side) << 10 | u64::from(start) << 32
}

/// A cell whose nodes or edges stand behind so many others.
pub(super) fn moved_cell(cell: u64, nodes: u64, edges: u64) -> u64 {
    match cell & 3 {
        NODE => cell + (nodes << 32),
        LEAF => cell + (edges << 32),
        _ => cell,
    }
}

#[inline]
fn cell_side(cell: u64) -> Side {
    (cell >> 10) as u32 & 0x003F_FFFF
}

/// A coarse edge as a leaf holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct LeafEdge {
    /// Ends in coarse coordinates from the root cell's corner: x and y of the first, x and y of the second.
    pub(super) ends: [i16; 4],
    /// Exclusive or of the sides left and right.
    pub(super) change: u32,
    /// The exact edges behind it: place of their first vertex (upper 25 bits) and how many they are (lower 7).
    pub(super) run: u32,
}

/// Bits of [`LeafEdge::run`] that count edges.
pub(super) const RUN_BITS: u32 = 7;

/// The index of a coverage, owned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PointIndex {
    /// Where the root cells lie.
    pub grid: Option<RootGrid>,
    /// Root cells, row by row from the south-west.
    pub roots: Vec<u64>,
    /// Cells of all nodes.
    pub nodes: Vec<u64>,
    /// Edges of all leaves.
    pub leaf_edges: Vec<LeafEdge>,
    /// The coarse edges.
    pub coarse: Vec<CoarseEdge>,
}

/// The index over borrowed arrays, with the coverage that it is of.
#[derive(Debug, Clone, Copy)]
pub struct PointIndexView<'a> {
    grid: RootGrid,
    roots: &'a [u64],
    nodes: &'a [u64],
    leaf_edges: &'a [LeafEdge],
    coarse: &'a [CoarseEdge],
    vertices: &'a [FixedPoint],
}

/// A coarse edge with its ends from the root cell's corner, in grid units.
#[derive(Clone, Copy)]
pub(super) struct LocalEdge {
    ax: i64,
    ay: i64,
    dx: i64,
    dy: i64,
}

impl LocalEdge {
    #[inline]
    pub(super) fn of(ends: [i16; 4]) -> Self {
        let [ax, ay, bx, by] = ends.map(|c| i64::from(c) << COARSE_SHIFT);
        Self { ax, ay, dx: bx - ax, dy: by - ay }
    }

    #[inline]
    fn cross(self, x: i64, y: i64) -> i64 {
        self.dx * (y - self.ay) - self.dy * (x - self.ax)
    }

    /// Whether a point with this cross product counts as left; see [`crate::geometry::fixed::is_left`].
    #[inline]
    fn is_left(self, cross: i64) -> bool {
        // A point on the line counts as left where the edge runs south, or due east: a tie is broken by what half a unit of
        // cross product more or less would say.
        let tie = (self.dy < 0) | ((self.dy == 0) & (self.dx > 0));
        cross >= i64::from(!tie)
    }

    /// Whether the path from `c` due east or west to the longitude of `p`, then north or south to `p`, crosses the edge.
    #[inline]
    pub(super) fn separates(self, cx: i64, cy: i64, px: i64, py: i64) -> bool {
        let at_corner = self.cross(cx, cy);
        let at_bend = at_corner - self.dy * (px - cx);
        let at_point = at_bend + self.dx * (py - cy);
        let (corner, bend, point) = (self.is_left(at_corner), self.is_left(at_bend), self.is_left(at_point));
        let spans_y = (self.ay <= cy) != (self.ay + self.dy <= cy);
        let spans_x = (self.ax <= px) != (self.ax + self.dx <= px);
        (spans_y & (corner != bend)) ^ (spans_x & (bend != point))
    }

    /// Whether a point may lie within the band: surely `true` where it does.
    #[inline]
    fn may_be_near(self, x: i64, y: i64) -> bool {
        let (x0, x1) = (self.ax.min(self.ax + self.dx), self.ax.max(self.ax + self.dx));
        let (y0, y1) = (self.ay.min(self.ay + self.dy), self.ay.max(self.ay + self.dy));
        let boxed = (x >= x0 - BAND) & (x <= x1 + BAND) & (y >= y0 - BAND) & (y <= y1 + BAND);
        boxed & (self.cross(x, y).abs() <= BAND * self.length_bound())
    }

    /// At least the length: the longer side and half the shorter one.
    #[inline]
    fn length_bound(self) -> i64 {
        let (w, h) = (self.dx.abs(), self.dy.abs());
        w.max(h) + w.min(h) / 2 + 1
    }

    /// Whether the band may meet a square cell: surely `true` where it does.
    pub(super) fn may_meet(self, x: i64, y: i64, width: i64) -> bool {
        let (x0, x1) = (self.ax.min(self.ax + self.dx) - BAND, self.ax.max(self.ax + self.dx) + BAND);
        let (y0, y1) = (self.ay.min(self.ay + self.dy) - BAND, self.ay.max(self.ay + self.dy) + BAND);
        if x1 < x || x + width < x0 || y1 < y || y + width < y0 {
            return false;
        }
        let reach = BAND * self.length_bound();
        let corners = [(x, y), (x + width, y), (x, y + width), (x + width, y + width)].map(|(x, y)| self.cross(x, y));
        !(corners.iter().all(|&cross| cross > reach) || corners.iter().all(|&cross| cross < -reach))
    }
}

impl PointIndex {
    /// The index as a view, with the vertices of its coverage; `None` for a coverage without arcs.
    #[must_use]
    pub fn view<'a>(&'a self, coverage: CoverageView<'a>) -> Option<PointIndexView<'a>> {
        self.grid.map(|grid| PointIndexView {
            grid,
            roots: &self.roots,
            nodes: &self.nodes,
            leaf_edges: &self.leaf_edges,
            coarse: &self.coarse,
            vertices: coverage.vertices,
        })
    }
}

/// A point on its way through the index.
#[derive(Clone, Copy, Default)]
struct Descent {
    cell: u64,
    /// From the root cell's corner.
    x: u32,
    y: u32,
    bits: u32,
}

impl<'a> PointIndexView<'a> {
    /// A view over arrays that a [`PointIndex`] was made of.
    #[must_use]
    pub fn new(
        grid: RootGrid,
        roots: &'a [u64],
        nodes: &'a [u64],
        leaf_edges: &'a [LeafEdge],
        coarse: &'a [CoarseEdge],
        coverage: CoverageView<'a>,
    ) -> Self {
        Self { grid, roots, nodes, leaf_edges, coarse, vertices: coverage.vertices }
    }

    /// Where the root cells lie.
    #[must_use]
    pub fn grid(&self) -> RootGrid {
        self.grid
    }

    /// Whether a root cell lies outside the coverage as a whole.
    #[must_use]
    pub(super) fn is_outside(&self, root: usize) -> bool {
        self.roots.get(root).is_none_or(|&word| word & 3 == UNIFORM && cell_side(word) == 0)
    }

    /// The coarse edges.
    #[must_use]
    pub fn coarse(&self) -> &'a [CoarseEdge] {
        self.coarse
    }

    /// The unit that a position belongs to (plus one), or 0 outside the coverage.
    ///
    /// On a limit, the unit immediately east of the position, or north where the limit runs due east-west; exactly one for
    /// every position, vertices included (see [`crate::geometry::fixed`]). Always what a scan over all exact edges gives.
    #[must_use]
    #[inline]
    pub fn locate(&self, p: FixedPoint) -> Side {
        let mut at = self.root(p);
        while at.cell & 3 == NODE {
            at = self.child(at);
        }
        if at.cell & 3 == UNIFORM { cell_side(at.cell) } else { self.leaf(at, p) }
    }

    #[inline]
    fn root(&self, p: FixedPoint) -> Descent {
        let (x, y) = (p.x.wrapping_sub(self.grid.x0), p.y.wrapping_sub(self.grid.y0));
        let (column, row) = (x >> ROOT_BITS, y >> ROOT_BITS);
        if column >= self.grid.columns || row >= self.grid.rows {
            return Descent::default();
        }
        let inner = (1 << ROOT_BITS) - 1;
        let cell = self.roots[row as usize * self.grid.columns as usize + column as usize];
        Descent { cell, x: x & inner, y: y & inner, bits: ROOT_BITS }
    }

    #[inline]
    fn child(&self, at: Descent) -> Descent {
        let bits = at.bits - FAN_BITS;
        let (column, row) = ((at.x >> bits) as usize & (FAN - 1), (at.y >> bits) as usize & (FAN - 1));
        let cell = self.nodes[(at.cell >> 32) as usize + row * FAN + column];
        Descent { cell, bits, ..at }
    }

    #[inline]
    fn leaf(&self, at: Descent, p: FixedPoint) -> Side {
        let start = (at.cell >> 32) as usize;
        let count = (at.cell >> 2) as usize & 0xFF;
        let mut side = cell_side(at.cell);
        let (x, y) = (i64::from(at.x), i64::from(at.y));
        let (cx, cy) = (i64::from(at.x >> at.bits << at.bits), i64::from(at.y >> at.bits << at.bits));
        for edge in &self.leaf_edges[start..start + count] {
            let local = LocalEdge::of(edge.ends);
            side ^= edge.change & u32::from(local.separates(cx, cy, x, y)).wrapping_neg();
            if local.may_be_near(x, y) && self.in_loop(edge.run, p) {
                side ^= edge.change;
            }
        }
        side
    }

    /// Whether a position is inside the closed loop of a coarse edge, the exact edges behind it and the moves of its ends.
    fn in_loop(&self, run: u32, p: FixedPoint) -> bool {
        let (first, edges) = ((run >> RUN_BITS) as usize, (run & ((1 << RUN_BITS) - 1)) as usize);
        let run = &self.vertices[first..=first + edges];
        // Offsets from the point: the loop is small, so they fit easily.
        let offset = |v: FixedPoint| (i64::from(v.x) - i64::from(p.x), i64::from(v.y) - i64::from(p.y));
        let moved = |v: FixedPoint| {
            let [x, y] = snap(v).map(|c| c << COARSE_SHIFT);
            (x - i64::from(p.x), y - i64::from(p.y))
        };
        let (first, last) = (run[0], run[run.len() - 1]);
        let (coarse_first, coarse_last) = (moved(first), moved(last));
        let mut inside =
            below(coarse_first, coarse_last) ^ below(coarse_first, offset(first)) ^ below(coarse_last, offset(last));
        let mut before = run[0];
        let mut was_west = before.x <= p.x;
        for &vertex in &run[1..] {
            let is_west = vertex.x <= p.x;
            if was_west != is_west {
                inside ^= below(offset(before), offset(vertex));
            }
            before = vertex;
            was_west = is_west;
        }
        inside
    }

    /// [`Self::locate`] for many positions: answers go to `sides`, in order.
    ///
    /// Positions are taken in groups so that the memory reads of one overlap those of the others.
    ///
    /// # Panics
    /// Where `sides` is shorter than `points`.
    pub fn locate_all(&self, points: &[FixedPoint], sides: &mut [Side]) {
        const GROUP: usize = 64;
        assert!(sides.len() >= points.len(), "one answer for each position");
        let mut at = [Descent::default(); GROUP];
        for (points, sides) in points.chunks(GROUP).zip(sides.chunks_mut(GROUP)) {
            for (slot, &p) in at.iter_mut().zip(points) {
                *slot = self.root(p);
            }
            let mut open = true;
            while open {
                open = false;
                for slot in &mut at[..points.len()] {
                    if slot.cell & 3 == NODE {
                        *slot = self.child(*slot);
                        open |= slot.cell & 3 == NODE;
                    }
                }
            }
            // Touching the first edge of every leaf brings them all into the cache together.
            let mut touched = 0;
            for slot in &at[..points.len()] {
                if slot.cell & 3 == LEAF {
                    touched ^= self.leaf_edges[(slot.cell >> 32) as usize].change;
                }
            }
            std::hint::black_box(touched);
            for ((slot, &p), side) in at.iter().zip(points).zip(sides) {
                *side = if slot.cell & 3 == UNIFORM { cell_side(slot.cell) } else { self.leaf(*slot, p) };
            }
        }
    }
}

/// Whether the vertical ray that climbs from the origin (moved by `d, d²`) crosses an edge; see
/// [`crate::geometry::fixed::is_below`].
#[inline]
fn below(a: (i64, i64), b: (i64, i64)) -> bool {
    if (a.0 <= 0) == (b.0 <= 0) {
        return false;
    }
    let cross = a.0 * b.1 - a.1 * b.0;
    let is_left = cross > 0 || (cross == 0 && (b.1 < a.1 || (b.1 == a.1 && b.0 > a.0)));
    is_left == (a.0 > b.0)
}
