//! Arcs in fewer, straight edges that stay close to the exact ones.
//!
//! A coarse edge runs between two vertices of an arc, both moved to the nearest position of a grid of 512 units; the exact
//! edges between them, and the two moves, lie within [`BAND`] of it. The band around a segment is convex, so the exact run
//! can be drawn into the coarse edge without ever leaving the band: for a point outside the band both separate the same
//! sides. For a point within, the exact run and the coarse edge together are a closed loop, and the point changes sides
//! where it is inside that loop. No assumption is made on coarse edges not crossing one another.

use rayon::prelude::*;

use crate::geometry::{CoverageView, FixedPoint};

/// Half width of the band around a coarse edge in grid units: 4.6 m of latitude, 3.2 m of longitude.
pub const BAND: i64 = 1 << 12;
/// Coarse coordinates count steps of `1 << COARSE_SHIFT` grid units.
pub const COARSE_SHIFT: u32 = 9;
/// Most exact edges behind a coarse one, so that the cost of a point within the band is bounded.
pub const MOST_EDGES: usize = 64;
/// Longest extent of a coarse edge along an axis, in grid units.
const MOST_EXTENT: i64 = crate::geometry::fixed::MAX_EDGE;

/// A coarse edge: a run of exact edges of one arc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct CoarseEdge {
    /// Place of its first vertex among all vertices of the coverage.
    pub first: u32,
    /// How many exact edges it stands for.
    pub edges: u32,
    /// Its arc.
    pub arc: u32,
}

impl CoarseEdge {
    /// The exact vertices behind it, both ends included.
    #[inline]
    #[must_use]
    pub fn run<'a>(&self, vertices: &'a [FixedPoint]) -> &'a [FixedPoint] {
        &vertices[self.first as usize..=(self.first + self.edges) as usize]
    }

    /// Both ends in coarse coordinates.
    #[inline]
    #[must_use]
    pub fn ends(&self, vertices: &[FixedPoint]) -> [[i64; 2]; 2] {
        [vertices[self.first as usize], vertices[(self.first + self.edges) as usize]].map(snap)
    }
}

impl CoarseEdge {
    /// Half width of the narrowest band around it that holds its exact edges and the moves of its ends: [`BAND`] at most, in
    /// grid units.
    #[must_use]
    pub fn band(&self, vertices: &[FixedPoint]) -> i64 {
        let run = self.run(vertices);
        let (_, distance2) = farthest(run, 0, run.len() - 1);
        distance2.sqrt() as i64 + 2
    }
}

/// The coarse position nearest to an exact one.
#[inline]
#[must_use]
pub fn snap(p: FixedPoint) -> [i64; 2] {
    let half = 1_i64 << (COARSE_SHIFT - 1);
    [(i64::from(p.x) + half) >> COARSE_SHIFT, (i64::from(p.y) + half) >> COARSE_SHIFT]
}

/// Coarse edges of every arc, in order of arc and along each.
#[must_use]
pub fn simplify(coverage: CoverageView<'_>) -> Vec<CoarseEdge> {
    let by_arc: Vec<Vec<CoarseEdge>> = (0..coverage.arc_count())
        .into_par_iter()
        .with_min_len(64)
        .map(|arc| {
            let first = coverage.starts[arc];
            let mut edges: Vec<CoarseEdge> = Vec::new();
            simplify_run(coverage.arc(arc), &mut |from, to| {
                edges.push(CoarseEdge { first: first + from as u32, edges: (to - from) as u32, arc: arc as u32 });
            });
            edges
        })
        .collect();
    by_arc.into_iter().flatten().collect()
}

/// Splits at the farthest vertex until every run stays in its band (Ramer, Douglas and Peucker), is short enough and small
/// enough.
fn simplify_run(run: &[FixedPoint], push: &mut impl FnMut(usize, usize)) {
    let mut waiting = vec![(0, run.len() - 1)];
    while let Some((from, to)) = waiting.pop() {
        if to - from == 1 {
            push(from, to);
            continue;
        }
        let (far, distance2) = farthest(run, from, to);
        let within = distance2 < (BAND as f64 - 2.0).powi(2);
        let extent = |a: u32, b: u32| (i64::from(a) - i64::from(b)).abs();
        let small = extent(run[from].x, run[to].x).max(extent(run[from].y, run[to].y)) < MOST_EXTENT;
        if within && small && to - from <= MOST_EDGES {
            push(from, to);
            continue;
        }
        let split = if within || far <= from || far >= to { usize::midpoint(from, to) } else { far };
        waiting.push((split, to));
        waiting.push((from, split));
    }
}

/// The vertex of a run that is farthest from its coarse edge, and the square of its distance in grid units.
fn farthest(run: &[FixedPoint], from: usize, to: usize) -> (usize, f64) {
    let scale = (1_i64 << COARSE_SHIFT) as f64;
    let [ax, ay] = snap(run[from]).map(|c| c as f64 * scale);
    let [bx, by] = snap(run[to]).map(|c| c as f64 * scale);
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx * dx + dy * dy;
    let mut worst = (from, 0.0);
    for (place, vertex) in run[from..=to].iter().enumerate() {
        let (px, py) = (f64::from(vertex.x) - ax, f64::from(vertex.y) - ay);
        let along = if length2 > 0.0 { ((px * dx + py * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
        let (ex, ey) = (px - along * dx, py - along * dy);
        let distance2 = ex * ex + ey * ey;
        if distance2 > worst.1 {
            worst = (from + place, distance2);
        }
    }
    worst
}
