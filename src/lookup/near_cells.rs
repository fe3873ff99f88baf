//! Which limits may be the nearest one, place by place: a quadtree whose leaves hold short lists.
//!
//! The nearest limit to a point is almost always asked for where limits are a few kilometres away at most. There every leaf
//! lists the coarse edges that are nearest to some point of it, and a question costs the distances to these few. Where a limit
//! is farther, or nothing is listed, the tree over all limits answers; both give the same.
//!
//! A leaf leaves out an edge for which some position `q` on another limit is nearer to all four of its corners, by more than
//! everything that is rounded. That is enough: the points that are nearer by some margin to `q` than to another position lie
//! beyond a branch of a hyperbola, which is convex, so with the corners the whole leaf lies there.

use std::collections::HashMap;

use rayon::prelude::*;

use super::limits::LimitEdge;
use super::point_index::{ROOT_BITS, RootGrid};
use super::ruler::{flat_error_m, flat_offset, nearest_on};
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
const REACH_M: f64 = 6_000.0;
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
        let mut word = *self.words.get(grid.cell_of(p)?)?;
        let [x, y] = grid.within_cell(p);
        let mut bit = ROOT_BITS;
        while word & 1 == 1 {
            bit = bit.checked_sub(1)?;
            let quarter = (x >> bit & 1) | (y >> bit & 1) << 1;
            word = *self.words.get((word >> 1) as usize + quarter as usize)?;
        }
        let start = (word >> 1) as usize;
        let length = *self.lists.get(start)? as usize;
        self.lists.get(start + 1..start + 1 + length).filter(|list| !list.is_empty())
    }
}

/// What one root cell adds.
#[derive(Default)]
struct Part {
    words: Vec<u32>,
    lists: Vec<u32>,
    /// Where a list stands already: neighbours often have the same.
    known: HashMap<Vec<u32>, u32>,
}

/// A square cell: its south-west corner and width in grid units.
#[derive(Clone, Copy)]
struct Cell {
    x: u32,
    y: u32,
    bits: u32,
}

impl Cell {
    fn quarters(self) -> [Self; 4] {
        let (bits, half) = (self.bits - 1, 1_u32 << (self.bits - 1));
        [(0, 0), (half, 0), (0, half), (half, half)].map(|(x, y)| Self { x: self.x + x, y: self.y + y, bits })
    }

    fn middle(self) -> FixedPoint {
        let half = 1 << (self.bits - 1);
        FixedPoint { x: self.x + half, y: self.y + half }
    }
}

impl NearCells {
    /// Lists the edges for every root cell. `gather` gives the places of all edges that may be nearest to a point within some
    /// metres of a position, or `None` where the nearest one to the position itself is farther than a number of metres.
    #[must_use]
    pub fn build(
        grid: RootGrid,
        edges: &[LimitEdge],
        gather: impl Fn(usize, FixedPoint, f64, f64) -> Option<Vec<u32>> + Sync,
    ) -> Self {
        let parts: Vec<(u32, Part)> = (0..grid.cell_count())
            .into_par_iter()
            .with_min_len(256)
            .map(|root| {
                let mut part = Part::default();
                let [x, y] = grid.corner(root);
                let cell = Cell { x, y, bits: ROOT_BITS };
                let middle = cell.middle();
                let scale = LocalScale::at(middle.lat());
                let half = f64::from(1_u32 << (ROOT_BITS - 1));
                // Parallels are a little longer at the southern corners.
                let radius = (half * scale.east_m).hypot(half * scale.north_m) * 1.01;
                let word = gather(root, middle, radius, REACH_M + radius)
                    .map_or(UNKNOWN, |list| part.split(cell, &list, edges));
                (word, part)
            })
            .collect();
        let mut cells = Self { words: vec![UNKNOWN; grid.cell_count()], lists: vec![0] };
        for (root, (word, part)) in parts.into_iter().enumerate() {
            let (words, lists) = (cells.words.len() as u32, cells.lists.len() as u32);
            cells.words[root] = moved(word, words, lists);
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
    /// The word of a cell, given all edges that may be the nearest to a point of it.
    fn split(&mut self, cell: Cell, list: &[u32], edges: &[LimitEdge]) -> u32 {
        let Some(own) = prune(cell, list, edges) else { return UNKNOWN };
        self.word(cell, &own, edges)
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

/// The edges of a list that may be the nearest to a point of a cell; `None` where they are too far to tell.
fn prune(cell: Cell, list: &[u32], edges: &[LimitEdge]) -> Option<Vec<u32>> {
    let middle = cell.middle();
    let scale = LocalScale::at(middle.lat());
    let half = f64::from(1_u32 << (cell.bits - 1));
    let (w, h) = (half * scale.east_m, half * scale.north_m);
    let radius = w.hypot(h);
    // The middle, then the corners.
    let samples = [[0.0, 0.0], [-w, -h], [w, -h], [-w, h], [w, h]];
    let mut distances: Vec<[f64; 5]> = Vec::with_capacity(list.len());
    let mut nearest = [(f64::INFINITY, [0.0, 0.0], 0.0); 5];
    for &place in list {
        let edge = &edges[place as usize];
        let [a, b] = edge.fixed_ends().map(|end| flat_offset(middle, scale, end));
        distances.push(std::array::from_fn(|sample| {
            let [x, y] = samples[sample];
            let (a, b) = ([a[0] - x, a[1] - y], [b[0] - x, b[1] - y]);
            let (along, distance2) = nearest_on(a, b);
            let (distance, reach) = (distance2.sqrt(), f64::from(edge.reach_m));
            if distance + reach < nearest[sample].0 {
                let foot = [x + a[0] + along * (b[0] - a[0]), y + a[1] + along * (b[1] - a[1])];
                nearest[sample] = (distance + reach, foot, reach);
            }
            distance
        }));
    }
    if nearest[0].0 > REACH_M + radius {
        return None;
    }
    let rivals = nearest.map(|(_, [x, y], reach)| {
        let to_corners: [f64; 4] =
            std::array::from_fn(|corner| (samples[corner + 1][0] - x).hypot(samples[corner + 1][1] - y));
        (to_corners, reach)
    });
    let keeps = |place: u32, distances: &[f64; 5]| {
        let reach = f64::from(edges[place as usize].reach_m);
        let farthest = distances.iter().fold(0.0, |most: f64, &distance| most.max(distance));
        let margin = reach + 4.0 * flat_error_m(farthest + 2.0 * radius) + 0.01;
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
