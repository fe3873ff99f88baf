//! Chains thinned out for a zoom: once each, their ends kept, whoever runs along them.

use super::mercator::{WORLD_BITS, WorldPoint};
use super::tile::{EXTENT_BITS, MOST_ZOOM};

/// A position in units of a tile's 4,096th at some zoom, from the world's north-west corner.
pub(super) type Point = [i32; 2];

/// How far a vertex that is left out may lie from what is drawn: half of a pixel of a tile that is 512 wide.
const TOLERANCE: f64 = 4.0;

/// All chains of a level at one zoom.
#[derive(Debug, Default)]
pub(super) struct Simplified {
    starts: Vec<u32>,
    points: Vec<Point>,
    /// West, north, east and south limits of each chain.
    around: Vec<[i32; 4]>,
}

impl Simplified {
    /// The vertices of a chain, both ends included.
    pub fn chain(&self, chain: u32) -> &[Point] {
        let chain = chain as usize;
        &self.points[self.starts[chain] as usize..self.starts[chain + 1] as usize]
    }

    /// How many chains there are.
    #[cfg(test)]
    pub fn chain_count(&self) -> usize {
        self.around.len()
    }

    /// The box around a chain.
    pub fn around(&self, chain: u32) -> [i32; 4] {
        self.around[chain as usize]
    }
}

/// A position at a zoom.
pub(super) fn at_zoom(point: WorldPoint, zoom: u8) -> Point {
    point.map(|part| (part >> (WORLD_BITS - EXTENT_BITS - u32::from(zoom))) as i32)
}

/// Thins chains out (Douglas and Peucker) on the grid of a zoom. The most detailed zoom, which screens enlarge, keeps every
/// vertex that its grid tells from its neighbours and from a straight line.
pub(super) fn simplify(chains: impl Iterator<Item = Vec<WorldPoint>>, zoom: u8) -> Simplified {
    let tolerance = if zoom == MOST_ZOOM { 0.0 } else { TOLERANCE };
    let mut all = Simplified { starts: vec![0], ..Simplified::default() };
    for chain in chains {
        let mut points: Vec<Point> = chain.into_iter().map(|point| at_zoom(point, zoom)).collect();
        points.dedup();
        let mut around = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
        for &[x, y] in &points {
            around = [around[0].min(x), around[1].min(y), around[2].max(x), around[3].max(y)];
        }
        let kept = keep(&points, tolerance);
        all.points.extend(points.iter().zip(kept).filter_map(|(&point, kept)| kept.then_some(point)));
        all.starts.push(all.points.len() as u32);
        all.around.push(around);
    }
    all.points.shrink_to_fit();
    all
}

/// Which vertices stay.
fn keep(points: &[Point], tolerance: f64) -> Vec<bool> {
    let mut kept = vec![false; points.len()];
    let Some(last) = points.len().checked_sub(1) else { return kept };
    (kept[0], kept[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let distances = (from + 1..to).map(|at| (distance_2(points[at], points[from], points[to]), at));
        let far = distances.max_by(|(one, _), (other, _)| one.total_cmp(other));
        if let Some((_, at)) = far.filter(|&(distance_2, _)| distance_2 > tolerance * tolerance) {
            kept[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    kept
}

/// Square of the distance of a position to a straight line between two others.
fn distance_2(p: Point, a: Point, b: Point) -> f64 {
    let minus = |p: Point, q: Point| [i64::from(p[0]) - i64::from(q[0]), i64::from(p[1]) - i64::from(q[1])];
    let dot = |u: [i64; 2], v: [i64; 2]| u[0] * v[0] + u[1] * v[1];
    let (along, off) = (minus(b, a), minus(p, a));
    let (length_2, done) = (dot(along, along), dot(along, off));
    if length_2 == 0 || done <= 0 {
        return dot(off, off) as f64;
    }
    if done >= length_2 {
        let off = minus(p, b);
        return dot(off, off) as f64;
    }
    let cross = (along[0] * off[1] - along[1] * off[0]) as f64;
    cross * cross / length_2 as f64
}
