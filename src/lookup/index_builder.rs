//! How a point index is made: coarse edges shared out to root cells, cells split until they hold few.

use rayon::prelude::*;

use super::coarse::{BAND, COARSE_SHIFT, CoarseEdge, simplify};
use super::leaf::{
    Cell, FAN_BITS, LeafEdge, LeafHead, MOST_LEAF_EDGES, MOST_LEAF_WORDS, MOST_NODES, MOST_SIDES, MOST_VERTICES,
    NODE_CELLS, WIDE_FAN_BITS,
};
use super::point_index::PointIndex;
use super::root_grid::{ROOT_BITS, RootGrid};
use crate::domain::errors;
use crate::geometry::{CoverageView, FixedBox, FixedPoint, Side, hilbert};

/// Cells with more coarse edges are split, down to [`LEAST_BITS`].
const LEAF_EDGES: usize = 6;
const LEAST_BITS: u32 = 13;
/// A node is made wide where at least one of so many of its cells would be a node again.
const WIDE_WHERE_ONE_OF: usize = 16;

errors! {
    /// Why a coverage can not be indexed.
    #[derive(Debug, Clone, PartialEq, thiserror::Error)]
    pub enum IndexError {
        /// More units than a cell's word can name.
        #[fr("{count} aires : l'index en nomme {most} au plus")]
        #[en("{count} units: the index names at most {most}")]
        TooManyUnits {
            /// How many there are.
            count: usize,
            /// How many there may be.
            most: usize,
        },
        /// More vertices than a leaf can point at.
        #[fr("{count} sommets : l'index en désigne {most} au plus")]
        #[en("{count} vertices: the index points at no more than {most}")]
        TooManyVertices {
            /// How many there are.
            count: usize,
            /// How many there may be.
            most: usize,
        },
        /// More cells or leaves than a word can point at.
        #[fr("l'index prend {count} cellules ou mots : il en désigne {most} au plus")]
        #[en("the index takes {count} cells or words: it points at no more than {most}")]
        TooLarge {
            /// How many there are.
            count: usize,
            /// How many there may be.
            most: usize,
        },
        /// More limits in one place than a cell can hold.
        #[fr(
            "{count} limites se rencontrent à moins de dix mètres de {lat:.6}, {lon:.6} (lat, lon) : 255 au plus sont acceptées"
        )]
        #[en("{count} limits meet within ten metres of {lat:.6}, {lon:.6} (lat, lon): at most 255 are supported")]
        TooDense {
            /// How many limits.
            count: usize,
            /// Latitude, degrees.
            lat: f64,
            /// Longitude, degrees.
            lon: f64,
        },
    }
}

struct Builder<'a> {
    grid: RootGrid,
    coarse: &'a [CoarseEdge],
    bands: Vec<i64>,
    coverage: CoverageView<'a>,
}

#[derive(Default)]
struct Cells {
    nodes: Vec<u32>,
    leaves: Vec<u32>,
}

/// A square that is made a cell of.
struct Square {
    /// Its corner from the root cell's, grid units.
    x: i64,
    y: i64,
    /// It is `1 << bits` grid units wide.
    bits: u32,
    /// What the coarse edges say of its corner.
    corner: Side,
    /// Those whose band may meet it.
    edges: Vec<LeafEdge>,
}

impl Square {
    fn is_split(&self) -> bool {
        self.edges.len() > LEAF_EDGES && self.bits > LEAST_BITS
    }

    /// The squares of an eighth of its width, row by row from the south-west.
    fn split(&self) -> Vec<Self> {
        let bits = self.bits - FAN_BITS;
        let (fan, width) = (1_i64 << FAN_BITS, 1_i64 << bits);
        let mut parts = Vec::with_capacity(NODE_CELLS);
        for (row, column) in (0..fan).flat_map(|row| (0..fan).map(move |column| (row, column))) {
            let (x, y) = (self.x + column * width, self.y + row * width);
            let mut part = Self { x, y, bits, corner: self.corner, edges: Vec::new() };
            for &edge in &self.edges {
                let line = edge.line();
                if line.separates(self.x, self.y, x, y) {
                    part.corner ^= edge.sides();
                }
                if line.may_meet(x, y, width) {
                    part.edges.push(edge);
                }
            }
            parts.push(part);
        }
        parts
    }

    /// The squares of a 64th of its width, row by row from the south-west, from those of an eighth.
    fn split_again(parts: &[Self]) -> Vec<Self> {
        let (fan, wide) = (1 << FAN_BITS, 1 << WIDE_FAN_BITS);
        let mut placed: Vec<(usize, Self)> = Vec::with_capacity(wide * wide);
        for (place, part) in parts.iter().enumerate() {
            for (within, piece) in part.split().into_iter().enumerate() {
                let (row, column) = (place / fan * fan + within / fan, place % fan * fan + within % fan);
                placed.push((row * wide + column, piece));
            }
        }
        placed.sort_unstable_by_key(|&(place, _)| place);
        placed.into_iter().map(|(_, piece)| piece).collect()
    }
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
        let bands = coarse.par_iter().map(|edge| edge.band(coverage.vertices)).collect();
        let builder = Builder { grid, coarse: &coarse, bands, coverage };
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
        let built: Vec<(usize, Cell, Cells)> = order
            .into_par_iter()
            .map(|(_, root)| {
                let own = &members[starts[root] as usize..starts[root + 1] as usize];
                let mut cells = Cells::default();
                let edges = own.iter().map(|&edge| builder.leaf_edge(root, edge)).collect();
                let whole = Square { x: 0, y: 0, bits: ROOT_BITS, corner: corners[root], edges };
                let cell = builder.cell(root, &whole, &mut cells)?;
                Ok((root, cell, cells))
            })
            .collect::<Result<_, IndexError>>()?;
        let mut index = Self { grid: Some(grid), roots: vec![0; corners.len()], ..Self::default() };
        for (root, cell, cells) in built {
            for (count, most) in [
                (index.nodes.len() + cells.nodes.len(), MOST_NODES * NODE_CELLS),
                (index.leaves.len() + cells.leaves.len(), MOST_LEAF_WORDS),
            ] {
                if count > most {
                    return Err(IndexError::TooLarge { count, most });
                }
            }
            let (nodes, leaf_words) = (index.nodes.len() / NODE_CELLS, index.leaves.len());
            let moved = |cell: Cell| cell.moved(nodes, leaf_words).0;
            index.roots[root] = moved(cell);
            index.nodes.extend(cells.nodes.iter().map(|&cell| moved(Cell(cell))));
            index.leaves.extend(cells.leaves);
        }
        index.coarse = coarse;
        Ok(index)
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
                    if self.leaf_edge(root, number).line().may_meet(0, 0, 1 << ROOT_BITS) {
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
                    if edge.line().separates(0, 0, 1 << ROOT_BITS, 0) {
                        side ^= edge.sides();
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
        LeafEdge::new(ends, left ^ right, self.bands[number as usize], edge)
    }

    /// Makes a square a cell, with all that is below it.
    fn cell(&self, root: usize, square: &Square, cells: &mut Cells) -> Result<Cell, IndexError> {
        let Square { x, y, bits, corner, edges } = square;
        if edges.is_empty() {
            return Ok(Cell::uniform(*corner));
        }
        if !square.is_split() {
            if edges.len() > MOST_LEAF_EDGES {
                let [west, south] = self.grid.corner(root);
                let at = FixedPoint { x: west + *x as u32, y: south + *y as u32 };
                return Err(IndexError::TooDense { count: edges.len(), lat: at.lat(), lon: at.lon() });
            }
            let start = cells.leaves.len();
            cells.leaves.push(LeafHead::new(*corner, edges.len()).0);
            cells.leaves.extend(edges.iter().flat_map(|edge| edge.seen_from(*x, *y).words()));
            return Ok(Cell::leaf(start));
        }
        let mut parts = square.split();
        let nodes_below = parts.iter().filter(|part| part.is_split()).count();
        let wide = *bits >= LEAST_BITS + WIDE_FAN_BITS && nodes_below * WIDE_WHERE_ONE_OF > parts.len();
        if wide {
            parts = Square::split_again(&parts);
        }
        let start = cells.nodes.len();
        let shift = parts[0].bits;
        cells.nodes.resize(start + parts.len(), 0);
        for (place, part) in parts.into_iter().enumerate() {
            cells.nodes[start + place] = self.cell(root, &part, cells)?.0;
        }
        Ok(Cell::node(wide, shift, start / NODE_CELLS))
    }
}
