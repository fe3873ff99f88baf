//! Which limits may be the nearest one, place by place: a quadtree whose leaves hold short lists.
//!
//! Every leaf in the coverage lists the coarse edges that are nearest to some point of it, and a question costs the distances
//! to these few. Where nothing is listed (outside the coverage, or more than [`REACH_M`] from every limit), the tree over all
//! limits answers; both give the same.
//!
//! A cell leaves out an edge for which some position `q` on another limit is nearer to all four of its corners, by more than
//! everything that is rounded. That is enough: the points that are nearer by some margin to `q` than to another position lie
//! beyond a branch of a hyperbola, which is convex, so with the corners the whole cell lies there. On the ellipsoid neither is
//! quite so: see [`bulge_m`]. What is left out is left out of all quarters of the cell too, from blocks of root cells down to
//! leaves.

use std::collections::HashMap;

use rayon::prelude::*;
use smallvec::SmallVec;

use super::limits::{LimitEdge, touch};
use super::root_grid::{ROOT_BITS, RootGrid};
use super::ruler::{QuickPlane, nearest_on, quick_error_m};
use crate::geometry::FixedPoint;
use crate::geometry::ellipsoid::LocalScale;

/// Leaves with more edges are split.
const LEAF_EDGES: usize = 12;
/// The most edges of a leaf that is not split further because that gains nothing.
const FULL_LEAF_EDGES: usize = 24;
/// The most edges that a leaf may have at all.
const MOST_EDGES: usize = 64;
/// The smallest leaf is `1 << LEAST_BITS` grid units wide: 100 m by 146 m.
const LEAST_BITS: u32 = 17;
/// Points farther than this from every limit have no list, metres.
const REACH_M: f64 = 90_000.0;
/// The width of a block of root cells for which edges are gathered together: 8 of them, 26 km by 37 km.
const BLOCK_BITS: u32 = ROOT_BITS + 3;
/// The word of a cell that lists nothing.
const UNKNOWN: u32 = 0;

/// The quadtree, owned.
///
/// The first words are those of the root cells, then come groups of four: south-west, south-east, north-west, north-east. A
/// word is the place of the first of four, doubled, plus one; or the place of a list, doubled.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NearCells {
    /// Words of the cells.
    pub words: Vec<u32>,
    /// Lists one after the other, each with its length in front of it; the first one is empty.
    pub lists: Vec<u32>,
}

/// The quadtree over borrowed arrays.
#[derive(Debug, Clone, Copy)]
pub struct NearCellsView<'a> {
    /// Words of the cells.
    pub words: &'a [u32],
    /// The lists.
    pub lists: &'a [u32],
}

impl<'a> NearCellsView<'a> {
    /// Places of the edges that may be the nearest to a point; `None` where nothing is listed.
    #[must_use]
    #[inline]
    pub fn list(&self, grid: RootGrid, p: FixedPoint) -> Option<&'a [u32]> {
        let mut at = self.root(grid, p);
        while at.word & 1 == 1 {
            at = self.quarter(at);
        }
        self.listed(at.word)
    }

    /// [`Self::list`] for each of at most `GROUP` positions.
    pub(super) fn lists_of<const GROUP: usize>(
        &self,
        grid: RootGrid,
        points: &[FixedPoint],
    ) -> SmallVec<[Option<&'a [u32]>; GROUP]> {
        let mut at: SmallVec<[Descent; GROUP]> = points.iter().map(|&p| self.root(grid, p)).collect();
        let mut open = true;
        while open {
            open = false;
            for slot in &mut at {
                if slot.word & 1 == 1 {
                    *slot = self.quarter(*slot);
                    open |= slot.word & 1 == 1;
                }
            }
        }
        // A draft has no lists.
        touch(at.iter().filter_map(|at| self.lists.get((at.word >> 1) as usize).copied()));
        at.iter().map(|at| self.listed(at.word)).collect()
    }

    #[inline]
    fn root(&self, grid: RootGrid, p: FixedPoint) -> Descent {
        let word = grid.cell_of(p).and_then(|cell| self.words.get(cell)).copied().unwrap_or(UNKNOWN);
        let [x, y] = grid.within_cell(p);
        Descent { word, x, y, bits: ROOT_BITS }
    }

    #[inline]
    fn quarter(&self, at: Descent) -> Descent {
        let bits = at.bits - 1;
        let quarter = (at.x >> bits & 1) | (at.y >> bits & 1) << 1;
        Descent { word: self.words[(at.word >> 1) as usize + quarter as usize], bits, ..at }
    }

    #[inline]
    fn listed(&self, word: u32) -> Option<&'a [u32]> {
        let start = (word >> 1) as usize;
        let length = *self.lists.get(start)? as usize;
        self.lists.get(start + 1..start + 1 + length).filter(|list| !list.is_empty())
    }
}

/// A point on its way through the quadtree.
#[derive(Clone, Copy)]
struct Descent {
    word: u32,
    /// From the root cell's corner.
    x: u32,
    y: u32,
    bits: u32,
}

/// What one block adds.
#[derive(Default)]
struct Part {
    /// Words of root cells.
    roots: Vec<(usize, u32)>,
    words: Vec<u32>,
    lists: Vec<u32>,
    /// Where a list stands already: neighbours often have the same.
    known: HashMap<Vec<u32>, u32>,
}

/// A square cell: its south-west corner and width in grid units. A block may reach beyond what a word counts.
#[derive(Clone, Copy)]
struct Cell {
    x: u64,
    y: u64,
    bits: u32,
}

impl Cell {
    fn quarters(self) -> [Self; 4] {
        let (bits, half) = (self.bits - 1, 1_u64 << (self.bits - 1));
        [(0, 0), (half, 0), (0, half), (half, half)].map(|(x, y)| Self { x: self.x + x, y: self.y + y, bits })
    }

    /// The middle, then the corners; all on the fixed grid.
    fn samples(self) -> [FixedPoint; 5] {
        let half = 1_u64 << (self.bits - 1);
        let on_grid = |c: u64| u32::try_from(c).unwrap_or(u32::MAX);
        [(1, 1), (0, 0), (2, 0), (0, 2), (2, 2)]
            .map(|(x, y)| FixedPoint { x: on_grid(self.x + x * half), y: on_grid(self.y + y * half) })
    }

    /// The root cells in it.
    fn roots(self, grid: RootGrid) -> impl Iterator<Item = usize> {
        let side = 1_u64 << (self.bits - ROOT_BITS);
        (0..side * side).filter_map(move |place| {
            let (x, y) = (place % side, place / side);
            let x = u32::try_from(self.x + (x << ROOT_BITS)).ok()?;
            let y = u32::try_from(self.y + (y << ROOT_BITS)).ok()?;
            grid.cell_of(FixedPoint { x, y })
        })
    }

    /// At least the metres from the middle to any point of it.
    fn radius_m(self) -> f64 {
        let scale = LocalScale::at(self.samples()[0].lat());
        let half = f64::from(1_u32 << (self.bits - 1));
        // Parallels are a little longer at the southern corners.
        (half * scale.east_m).hypot(half * scale.north_m) * 1.01
    }
}

impl NearCells {
    /// Lists the edges for every root cell that is `wanted`. `gather` gives the places of all edges that may be nearest to a
    /// point within some metres of a position, or `None` where the nearest one to the position itself is farther than a number of
    /// metres.
    #[must_use]
    pub fn build(
        grid: RootGrid,
        edges: &[LimitEdge],
        wanted: impl Fn(usize) -> bool + Sync,
        gather: impl Fn(FixedPoint, f64, f64) -> Option<Vec<u32>> + Sync,
    ) -> Self {
        let blocks: Vec<Cell> = (0..grid.cell_count())
            .map(|root| grid.corner(root))
            .filter(|&[x, y]| [x, y].iter().zip(grid.corner(0)).all(|(c, first)| (c - first) % (1 << BLOCK_BITS) == 0))
            .map(|[x, y]| Cell { x: u64::from(x), y: u64::from(y), bits: BLOCK_BITS })
            .collect();
        let parts: Vec<Part> = blocks
            .into_par_iter()
            .with_max_len(1)
            .map(|block| {
                let mut part = Part::default();
                let radius = block.radius_m();
                if !block.roots(grid).any(&wanted) {
                    return part;
                }
                if let Some(list) = gather(block.samples()[0], radius, REACH_M + radius) {
                    part.descend(block, &list, edges, &|cell: Cell| cell.roots(grid).find(|&root| wanted(root)));
                }
                part
            })
            .collect();
        let mut cells = Self { words: vec![UNKNOWN; grid.cell_count()], lists: vec![0] };
        for part in parts {
            let (words, lists) = (cells.words.len() as u32, cells.lists.len() as u32);
            for (root, word) in part.roots {
                cells.words[root] = moved(word, words, lists);
            }
            cells.words.extend(part.words.into_iter().map(|word| moved(word, words, lists)));
            cells.lists.extend(part.lists);
        }
        cells
    }

    /// The quadtree as a view.
    #[must_use]
    pub fn view(&self) -> NearCellsView<'_> {
        NearCellsView { words: &self.words, lists: &self.lists }
    }
}

/// A part's word behind so many other words and entries of lists. The part's own lists count from one.
fn moved(word: u32, words: u32, lists: u32) -> u32 {
    match word {
        UNKNOWN => UNKNOWN,
        node if node & 1 == 1 => node + (words << 1),
        leaf => leaf + ((lists - 1) << 1),
    }
}

impl Part {
    /// Words of the root cells in a block or part of one, given all edges that may be the nearest to a point of it.
    fn descend(&mut self, cell: Cell, list: &[u32], edges: &[LimitEdge], wanted: &impl Fn(Cell) -> Option<usize>) {
        let Some(root) = wanted(cell) else { return };
        let Some(own) = prune(cell, list, edges) else { return };
        if cell.bits == ROOT_BITS {
            let word = self.word(cell, &own, edges);
            self.roots.push((root, word));
            return;
        }
        for quarter in cell.quarters() {
            self.descend(quarter, &own, edges, wanted);
        }
    }

    fn word(&mut self, cell: Cell, own: &[u32], edges: &[LimitEdge]) -> u32 {
        if own.len() <= LEAF_EDGES || cell.bits == LEAST_BITS {
            return self.leaf(own);
        }
        let quarters = cell.quarters().map(|quarter| prune(quarter, own, edges));
        let sum: usize = quarters.iter().flatten().map(Vec::len).sum();
        if own.len() <= FULL_LEAF_EDGES && 10 * sum > 36 * own.len() {
            return self.leaf(own);
        }
        let first = self.words.len();
        self.words.extend([UNKNOWN; 4]);
        for (place, (quarter, list)) in cell.quarters().into_iter().zip(quarters).enumerate() {
            let word = list.map_or(UNKNOWN, |list| self.word(quarter, &list, edges));
            self.words[first + place] = word;
        }
        (first as u32) << 1 | 1
    }

    fn leaf(&mut self, list: &[u32]) -> u32 {
        if list.is_empty() || list.len() > MOST_EDGES {
            return UNKNOWN;
        }
        let next = self.lists.len() as u32 + 1;
        let start = *self.known.entry(list.to_vec()).or_insert(next);
        if start == next {
            self.lists.push(list.len() as u32);
            self.lists.extend(list);
        }
        start << 1
    }
}

/// How much nearer, compared with its corners, a point of a cell so many metres wide around may be to one position than to another,
/// because the cell is not quite as convex as a plane's.
///
/// A parallel strays from a straight line by the square of half its length times the tangent of the latitude (2 at most) over
/// twice the radius (6,350 km); twice that far may matter, as both distances change. How distances in the cell differ from those
/// on a plane matters a hundredth of that.
fn bulge_m(radius_m: f64) -> f64 {
    3.5e-7 * radius_m * radius_m
}

/// The edges of a list that may be the nearest to a point of a cell; `None` where they are too far to tell.
fn prune(cell: Cell, list: &[u32], edges: &[LimitEdge]) -> Option<Vec<u32>> {
    let samples = cell.samples();
    let planes = samples.map(QuickPlane::at);
    let radius = cell.radius_m();
    let mut distances: Vec<[f64; 5]> = Vec::with_capacity(list.len());
    let mut nearest = [(f64::INFINITY, [0.0, 0.0], 0.0); 5];
    for &place in list {
        let edge = &edges[place as usize];
        let ends = edge.fixed_ends();
        let slack = edge.slack_m();
        distances.push(std::array::from_fn(|sample| {
            let [a, b] = ends.map(|end| planes[sample].offset(end));
            let (along, distance2) = nearest_on(a, b);
            let distance = distance2.sqrt();
            if distance + slack < nearest[sample].0 {
                let foot = [0, 1].map(|axis| {
                    let [from, to] = ends.map(|end| f64::from(end[axis]));
                    from + along * (to - from)
                });
                nearest[sample] = (distance + slack, foot, slack);
            }
            distance
        }));
    }
    if nearest[0].0 > REACH_M + radius {
        return None;
    }
    let rivals = nearest.map(|(_, foot, slack)| {
        // The foot is a position in degrees: a millimetre is lost.
        let foot = foot.map(|c| c as u32);
        let to_corners: [f64; 4] = std::array::from_fn(|corner| {
            let [x, y] = planes[corner + 1].offset(foot);
            x.hypot(y)
        });
        (to_corners, slack)
    });
    let bulge = bulge_m(radius);
    let keeps = |place: u32, distances: &[f64; 5]| {
        let farthest = distances.iter().fold(0.0, |most: f64, &distance| most.max(distance));
        let margin = edges[place as usize].slack_m() + 2.0 * quick_error_m(farthest) + bulge + 0.02;
        !rivals.iter().any(|(to_corners, own)| {
            to_corners.iter().zip(&distances[1..]).all(|(rival, distance)| distance - rival >= margin + own)
        })
    };
    Some(
        list.iter()
            .zip(&distances)
            .filter(|&(&place, distances)| keeps(place, distances))
            .map(|(&place, _)| place)
            .collect(),
    )
}
