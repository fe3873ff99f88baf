//! The grid over coarse edges: which unit a position belongs to, exactly, in a few memory reads.

use std::ops::Range;

use rayon::prelude::*;

use super::coarse::{BAND, COARSE_SHIFT, CoarseEdge, simplify, snap};
use crate::geometry::{CoverageView, FixedBox, FixedPoint, Side, hilbert};

/// A root cell is `1 << ROOT_BITS` grid units wide: 3.2 km by 4.7 km at 46° N.
pub(super) const ROOT_BITS: u32 = 22;
/// A node has `1 << FAN_BITS` cells a side.
const FAN_BITS: u32 = 3;
const FAN: usize = 1 << FAN_BITS;
/// Cells with more coarse edges are split, down to [`LEAST_BITS`].
const LEAF_EDGES: usize = 6;
const LEAST_BITS: u32 = 13;

// A cell is one word: what it is (2 bits), how many edges (8), the side at its corner (22), where its cells or edges start (32).
const UNIFORM: u64 = 0;
const NODE: u64 = 1;
const LEAF: u64 = 2;
const MOST_LEAF_EDGES: usize = 255;
const MOST_SIDES: usize = 1 << 22;

fn cell(kind: u64, count: usize, side: Side, start: u32) -> u64 {
    kind | (count as u64) << 2 | u64::from(side) << 10 | u64::from(start) << 32
}

/// A cell whose nodes or edges stand behind so many others.
fn moved_cell(cell: u64, nodes: u64, edges: u64) -> u64 {
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
    ends: [i16; 4],
    /// Exclusive or of the sides left and right.
    change: u32,
    /// The exact edges behind it: place of their first vertex (upper 25 bits) and how many they are (lower 7).
    run: u32,
}

/// Bits of [`LeafEdge::run`] that count edges.
const RUN_BITS: u32 = 7;
const MOST_VERTICES: usize = 1 << (32 - RUN_BITS);

/// Where the root cells lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct RootGrid {
    /// West of the first column.
    x0: u32,
    /// South of the first row.
    y0: u32,
    columns: u32,
    rows: u32,
}

impl RootGrid {
    /// How many cells there are.
    #[must_use]
    pub fn cell_count(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// The cell of a position; `None` off the grid.
    #[must_use]
    #[inline]
    pub fn cell_of(&self, p: FixedPoint) -> Option<usize> {
        let (column, row) = (p.x.wrapping_sub(self.x0) >> ROOT_BITS, p.y.wrapping_sub(self.y0) >> ROOT_BITS);
        (column < self.columns && row < self.rows).then(|| row as usize * self.columns as usize + column as usize)
    }

    /// The south-west corner of a cell.
    #[must_use]
    pub(super) fn corner(&self, cell: usize) -> [u32; 2] {
        let (column, row) = (cell as u32 % self.columns, cell as u32 / self.columns);
        [self.x0 + (column << ROOT_BITS), self.y0 + (row << ROOT_BITS)]
    }

    /// How far east and north of the corner of its cell a position is, in grid units.
    #[must_use]
    #[inline]
    pub(super) fn within_cell(&self, p: FixedPoint) -> [u32; 2] {
        let mask = (1 << ROOT_BITS) - 1;
        [p.x.wrapping_sub(self.x0) & mask, p.y.wrapping_sub(self.y0) & mask]
    }

    /// How many columns and rows there are.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.columns, self.rows)
    }

    /// The middle and the corners of a block of cells.
    #[must_use]
    pub fn block(&self, columns: Range<u32>, rows: Range<u32>) -> (FixedPoint, [FixedPoint; 4]) {
        let x = |column: u32| (u64::from(self.x0) + (u64::from(column) << ROOT_BITS)).min(u64::from(u32::MAX)) as u32;
        let y = |row: u32| (u64::from(self.y0) + (u64::from(row) << ROOT_BITS)).min(u64::from(u32::MAX)) as u32;
        let (west, east, south, north) = (x(columns.start), x(columns.end), y(rows.start), y(rows.end));
        let at = |x: u32, y: u32| FixedPoint { x, y };
        let middle = at(west / 2 + east / 2, south / 2 + north / 2);
        (middle, [at(west, south), at(east, south), at(west, north), at(east, north)])
    }
}

/// Why a coverage can not be indexed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IndexError {
    /// More units than a cell's word can name.
    #[error("{count} units: the index names at most {most}")]
    TooManyUnits {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// More vertices than a leaf can point at.
    #[error("{count} vertices: the index points at no more than {most}")]
    TooManyVertices {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// More limits in one place than a cell can hold.
    #[error("{count} limits meet within ten metres of {lat:.6}, {lon:.6} (lat, lon): at most 255 are supported")]
    TooDense {
        /// How many limits.
        count: usize,
        /// Latitude, degrees.
        lat: f64,
        /// Longitude, degrees.
        lon: f64,
    },
}

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
struct LocalEdge {
    ax: i64,
    ay: i64,
    dx: i64,
    dy: i64,
}

impl LocalEdge {
    #[inline]
    fn of(ends: [i16; 4]) -> Self {
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
    fn separates(self, cx: i64, cy: i64, px: i64, py: i64) -> bool {
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
    fn may_meet(self, x: i64, y: i64, width: i64) -> bool {
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

struct Builder<'a> {
    grid: RootGrid,
    coarse: &'a [CoarseEdge],
    coverage: CoverageView<'a>,
}

#[derive(Default)]
struct Cells {
    nodes: Vec<u64>,
    leaf_edges: Vec<LeafEdge>,
}

impl PointIndex {
    /// Indexes a coverage. O(n log n); the result is the same whatever the number of threads.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn build(coverage: CoverageView<'_>) -> Result<Self, IndexError> {
        let coarse = simplify(coverage);
        let count = coverage.sides.iter().flatten().copied().max().unwrap_or(0) as usize;
        if count >= MOST_SIDES {
            return Err(IndexError::TooManyUnits { count, most: MOST_SIDES - 1 });
        }
        let vertices = coverage.vertices.len();
        if vertices > MOST_VERTICES {
            return Err(IndexError::TooManyVertices { count: vertices, most: MOST_VERTICES });
        }
        let all = FixedBox::around(coverage.vertices);
        if coarse.is_empty() {
            return Ok(Self::default());
        }
        let margin = 2 * BAND as u32;
        let x0 = all.x0.saturating_sub(margin) >> ROOT_BITS << ROOT_BITS;
        let y0 = all.y0.saturating_sub(margin) >> ROOT_BITS << ROOT_BITS;
        let columns = ((all.x1.saturating_add(margin) - x0) >> ROOT_BITS) + 1;
        let rows = ((all.y1.saturating_add(margin) - y0) >> ROOT_BITS) + 1;
        let grid = RootGrid { x0, y0, columns, rows };
        let builder = Builder { grid, coarse: &coarse, coverage };
        let (starts, members) = builder.distribute();
        let corners = builder.corners(&starts, &members);

        // Neighbours in the plane stay neighbours in memory.
        let mut order: Vec<(u32, usize)> = (0..corners.len())
            .map(|root| {
                let (column, row) = (root as u32 % columns, root as u32 / columns);
                (hilbert(FixedPoint { x: x0 + (column << ROOT_BITS), y: y0 + (row << ROOT_BITS) }), root)
            })
            .collect();
        order.sort_unstable();
        let built: Vec<(usize, u64, Cells)> = order
            .into_par_iter()
            .map(|(_, root)| {
                let own = &members[starts[root] as usize..starts[root + 1] as usize];
                let mut cells = Cells::default();
                let edges: Vec<LeafEdge> = own.iter().map(|&edge| builder.leaf_edge(root, edge)).collect();
                let word = builder.cell(root, [0, 0], ROOT_BITS, corners[root], &edges, &mut cells)?;
                Ok((root, word, cells))
            })
            .collect::<Result<_, IndexError>>()?;
        let mut index = Self { grid: Some(grid), roots: vec![0; corners.len()], ..Self::default() };
        for (root, word, cells) in built {
            let (nodes, edges) = (index.nodes.len() as u64, index.leaf_edges.len() as u64);
            let moved = |word: &u64| moved_cell(*word, nodes, edges);
            index.roots[root] = moved_cell(word, nodes, edges);
            index.nodes.extend(cells.nodes.iter().map(moved));
            index.leaf_edges.extend(cells.leaf_edges);
        }
        index.coarse = coarse;
        Ok(index)
    }

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

impl Builder<'_> {
    /// The coarse edges whose band may meet each root cell.
    fn distribute(&self) -> (Vec<u32>, Vec<u32>) {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (number, edge) in (0_u32..).zip(self.coarse) {
            let [[ax, ay], [bx, by]] = edge.ends(self.coverage.vertices);
            let units = |c: i64| c << COARSE_SHIFT;
            let column =
                |x: i64| ((x - i64::from(self.grid.x0)) >> ROOT_BITS).clamp(0, i64::from(self.grid.columns) - 1);
            let row = |y: i64| ((y - i64::from(self.grid.y0)) >> ROOT_BITS).clamp(0, i64::from(self.grid.rows) - 1);
            for row in row(units(ay.min(by)) - BAND)..=row(units(ay.max(by)) + BAND) {
                for column in column(units(ax.min(bx)) - BAND)..=column(units(ax.max(bx)) + BAND) {
                    let root = (row * i64::from(self.grid.columns) + column) as usize;
                    if LocalEdge::of(self.leaf_edge(root, number).ends).may_meet(0, 0, 1 << ROOT_BITS) {
                        pairs.push((root as u32, number));
                    }
                }
            }
        }
        pairs.par_sort_unstable();
        let cells = self.grid.columns as usize * self.grid.rows as usize;
        let mut starts = vec![0_u32; cells + 1];
        for &(root, _) in &pairs {
            starts[root as usize + 1] += 1;
        }
        for cell in 0..cells {
            starts[cell + 1] += starts[cell];
        }
        (starts, pairs.into_iter().map(|(_, edge)| edge).collect())
    }

    /// What the coarse edges say of the south-west corner of every root cell: outside at the start of each row, then from
    /// corner to corner.
    fn corners(&self, starts: &[u32], members: &[u32]) -> Vec<Side> {
        let columns = self.grid.columns as usize;
        let mut corners = vec![0; starts.len() - 1];
        for row in corners.chunks_mut(columns).enumerate().map(|(row, cells)| (row * columns, cells)) {
            let (first, cells) = row;
            let mut side = 0;
            for (column, corner) in cells.iter_mut().enumerate() {
                *corner = side;
                let root = first + column;
                for &edge in &members[starts[root] as usize..starts[root + 1] as usize] {
                    let edge = self.leaf_edge(root, edge);
                    if LocalEdge::of(edge.ends).separates(0, 0, 1 << ROOT_BITS, 0) {
                        side ^= edge.change;
                    }
                }
            }
        }
        corners
    }

    fn leaf_edge(&self, root: usize, number: u32) -> LeafEdge {
        let edge = &self.coarse[number as usize];
        let [[ax, ay], [bx, by]] = edge.ends(self.coverage.vertices);
        let (column, row) = (root as u32 % self.grid.columns, root as u32 / self.grid.columns);
        let x = i64::from(self.grid.x0 + (column << ROOT_BITS)) >> COARSE_SHIFT;
        let y = i64::from(self.grid.y0 + (row << ROOT_BITS)) >> COARSE_SHIFT;
        let ends = [ax - x, ay - y, bx - x, by - y]
            .map(|c| i16::try_from(c).expect("coarse edges are short, so their ends are near the cells they meet"));
        let [left, right] = self.coverage.sides[edge.arc as usize];
        LeafEdge { ends, change: left ^ right, run: edge.first << RUN_BITS | edge.edges }
    }

    fn cell(
        &self,
        root: usize,
        [x, y]: [i64; 2],
        bits: u32,
        corner: Side,
        edges: &[LeafEdge],
        cells: &mut Cells,
    ) -> Result<u64, IndexError> {
        if edges.is_empty() {
            return Ok(cell(UNIFORM, 0, corner, 0));
        }
        if edges.len() <= LEAF_EDGES || bits <= LEAST_BITS {
            if edges.len() > MOST_LEAF_EDGES {
                let (column, row) = (root as u32 % self.grid.columns, root as u32 / self.grid.columns);
                let at = FixedPoint {
                    x: self.grid.x0 + (column << ROOT_BITS) + x as u32,
                    y: self.grid.y0 + (row << ROOT_BITS) + y as u32,
                };
                return Err(IndexError::TooDense { count: edges.len(), lat: at.lat(), lon: at.lon() });
            }
            let start = cells.leaf_edges.len() as u32;
            cells.leaf_edges.extend_from_slice(edges);
            return Ok(cell(LEAF, edges.len(), corner, start));
        }
        let start = cells.nodes.len();
        cells.nodes.resize(start + FAN * FAN, 0);
        let bits = bits - FAN_BITS;
        let width = 1_i64 << bits;
        let mut own = Vec::with_capacity(edges.len());
        for place in 0..FAN * FAN {
            let (cx, cy) = (x + (place % FAN) as i64 * width, y + (place / FAN) as i64 * width);
            own.clear();
            let mut side = corner;
            for edge in edges {
                let local = LocalEdge::of(edge.ends);
                if local.separates(x, y, cx, cy) {
                    side ^= edge.change;
                }
                if local.may_meet(cx, cy, width) {
                    own.push(*edge);
                }
            }
            let kept = std::mem::take(&mut own);
            cells.nodes[start + place] = self.cell(root, [cx, cy], bits, side, &kept, cells)?;
            own = kept;
        }
        Ok(cell(NODE, 0, 0, start as u32))
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

impl crate::domain::French for IndexError {
    fn french(&self) -> String {
        match self {
            Self::TooManyUnits { count, most } => format!("{count} aires : l'index en nomme {most} au plus"),
            Self::TooManyVertices { count, most } => format!("{count} sommets : l'index en désigne {most} au plus"),
            Self::TooDense { count, lat, lon } => format!(
                "{count} limites se rencontrent à moins de dix mètres de {lat:.6}, {lon:.6} (lat, lon) : 255 au plus sont acceptées"
            ),
        }
    }
}
