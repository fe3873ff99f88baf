//! How a point index is made: coarse edges shared out to root cells, cells split until they hold few.

use rayon::prelude::*;

use super::coarse::{BAND, COARSE_SHIFT, CoarseEdge, simplify};
use super::point_index::{
    FAN, FAN_BITS, LEAF, LeafEdge, LocalEdge, NODE, PointIndex, RUN_BITS, UNIFORM, cell, moved_cell,
};
use super::root_grid::{ROOT_BITS, RootGrid};
use crate::geometry::{CoverageView, FixedBox, FixedPoint, Side, hilbert};

/// Cells with more coarse edges are split, down to [`LEAST_BITS`].
const LEAF_EDGES: usize = 6;
const LEAST_BITS: u32 = 13;
const MOST_LEAF_EDGES: usize = 255;
const MOST_SIDES: usize = 1 << 22;
const MOST_VERTICES: usize = 1 << (32 - RUN_BITS);

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
