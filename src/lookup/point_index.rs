//! The grid over coarse edges: which unit a position belongs to, exactly, in a few memory reads.

use super::coarse::{COARSE_SHIFT, CoarseEdge, snap};
use super::leaf::{Cell, EDGE_WORDS, LeafEdge, LeafHead, SIDE_MASK};
use super::root_grid::{ROOT_BITS, RootGrid};
use crate::geometry::{CoverageView, FixedPoint, Side};

/// The index of a coverage, owned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PointIndex {
    /// Where the root cells lie.
    pub grid: Option<RootGrid>,
    /// Root cells, row by row from the south-west.
    pub roots: Vec<u32>,
    /// Cells of all nodes.
    pub nodes: Vec<u32>,
    /// All leaves, each a word and the words of its edges.
    pub leaves: Vec<u32>,
    /// The coarse edges.
    pub coarse: Vec<CoarseEdge>,
}

/// The index over borrowed arrays, with the coverage that it is of.
#[derive(Debug, Clone, Copy)]
pub struct PointIndexView<'a> {
    grid: RootGrid,
    pub(super) roots: &'a [u32],
    pub(super) nodes: &'a [u32],
    pub(super) leaves: &'a [u32],
    coarse: &'a [CoarseEdge],
    pub(super) vertices: &'a [FixedPoint],
    /// How many units there are.
    units: Side,
}

impl PointIndex {
    /// The index as a view, with the vertices of its coverage; `None` for a coverage without arcs.
    #[must_use]
    pub fn view<'a>(&'a self, coverage: CoverageView<'a>) -> Option<PointIndexView<'a>> {
        self.grid.map(|grid| PointIndexView {
            grid,
            roots: &self.roots,
            nodes: &self.nodes,
            leaves: &self.leaves,
            coarse: &self.coarse,
            vertices: coverage.vertices,
            units: SIDE_MASK,
        })
    }
}

impl<'a> PointIndexView<'a> {
    /// A view over arrays that a [`PointIndex`] was made of, for so many units.
    #[must_use]
    pub fn new(
        grid: RootGrid,
        roots: &'a [u32],
        nodes: &'a [u32],
        leaves: &'a [u32],
        coarse: &'a [CoarseEdge],
        coverage: CoverageView<'a>,
        units: usize,
    ) -> Self {
        let units = units.min(SIDE_MASK as usize) as Side;
        Self { grid, roots, nodes, leaves, coarse, vertices: coverage.vertices, units }
    }

    /// Where the root cells lie.
    #[must_use]
    pub fn grid(&self) -> RootGrid {
        self.grid
    }

    /// Whether a root cell lies outside the coverage as a whole.
    #[must_use]
    pub(super) fn is_outside(&self, root: usize) -> bool {
        self.roots.get(root).is_none_or(|&cell| Cell(cell) == Cell::uniform(0))
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
        let (x, y) = (p.x.wrapping_sub(self.grid.x0), p.y.wrapping_sub(self.grid.y0));
        let (column, row) = (x >> ROOT_BITS, y >> ROOT_BITS);
        if column >= self.grid.columns || row >= self.grid.rows {
            return 0;
        }
        let mut cell = Cell(self.roots[row as usize * self.grid.columns as usize + column as usize]);
        while cell.is_node() {
            cell = Cell(self.nodes[cell.child(x, y)]);
        }
        if cell.is_leaf() { self.locate_in_leaf(cell.payload() as usize, x, y, p) } else { cell.payload() }
    }

    #[inline]
    fn locate_in_leaf(&self, start: usize, x: u32, y: u32, p: FixedPoint) -> Side {
        let inner = (1 << ROOT_BITS) - 1;
        let (x, y) = (i64::from(x & inner), i64::from(y & inner));
        let head = LeafHead(self.leaves[start]);
        let mut side = head.0;
        for words in self.leaves[start + 1..start + 1 + head.edges() * EDGE_WORDS].chunks_exact(EDGE_WORDS) {
            let edge = LeafEdge::of_words([words[0], words[1], words[2], words[3]]);
            let line = edge.line();
            let (crossed, may_be_near) = edge.walk(line, x, y);
            side ^= edge.change & u32::from(crossed).wrapping_neg();
            if may_be_near && line.is_near(x, y) && self.in_loop(edge.run(), p) {
                side ^= edge.change;
            }
        }
        self.known(side & SIDE_MASK)
    }

    /// A side that there is. Any other would come from an index that was altered, and is taken for the outside.
    #[inline]
    pub(super) fn known(&self, side: Side) -> Side {
        if side <= self.units { side } else { 0 }
    }

    /// The edge of a leaf that starts at a word.
    #[inline]
    pub(super) fn leaf_edge(&self, start: usize) -> LeafEdge {
        let words = &self.leaves[start..start + EDGE_WORDS];
        LeafEdge::of_words([words[0], words[1], words[2], words[3]])
    }

    /// Whether a position is inside the closed loop of a coarse edge, the exact edges behind it and the moves of its ends.
    pub(super) fn in_loop(&self, (first, edges): (usize, usize), p: FixedPoint) -> bool {
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
