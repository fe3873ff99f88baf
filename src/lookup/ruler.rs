//! Distances from one point to limits: bounds of boxes and of coarse edges, then exact edges.

use super::coarse::MOST_EDGES;
use super::limits::LimitEdge;
use crate::geometry::FixedPoint;
use crate::geometry::ellipsoid::{LocalPlane, LocalScale};

/// Edges up to this length are straight in the plane to a tenth of a millimetre.
const STRAIGHT_M: f64 = 50.0;
/// The square of an edge's length in metres, times this, is at least how far it strays from a straight line in the plane.
const SAG: f64 = 1e-7;
/// Part of a distance that the local plane is off by at most, up to 200 km and beyond.
const PLANE_ERROR: [f64; 2] = [1e-6, 1e-3];
/// Up to this distance a plane on which degrees are straight and even is good enough to choose by.
const FLAT_M: f64 = 2_500.0;
/// Up to this distance the edges of a run can be told apart in single precision.
const FAR_M: f64 = 50_000.0;
/// Lower bounds and distances from one point.
pub(super) struct Ruler {
    plane: LocalPlane,
    origin: FixedPoint,
    pub scale: LocalScale,
    /// Metres in a unit of gap eastward and northward, and the part by which a metre of distance shortens it.
    gap_scale: [f32; 3],
}

impl Ruler {
    pub(super) fn at(p: FixedPoint) -> Self {
        let plane = LocalPlane::around(p);
        let scale = plane.scale();
        // Going north, degrees of longitude are shorter by the tangent of the latitude half way, as a part of the radius.
        let shrink = (p.lat().to_radians().tan() * 1.15 + 0.05) / (2.0 * 6.35e6);
        let gap_scale = [scale.east_m, scale.north_m, shrink].map(|c| c as f32);
        Self { plane, origin: p, scale, gap_scale }
    }

    /// Square of the metres that anything at a gap, in grid units, is at least away.
    #[inline]
    pub(super) fn gap_bound2(&self, east: f32, north: f32) -> f32 {
        let [east_m, north_m, shrink] = self.gap_scale;
        let (dx, dy) = (east * east_m, north * north_m);
        let flat2 = dx * dx + dy * dy;
        let part = (1.0 - flat2.sqrt() * shrink).max(0.4) * 0.999_99;
        flat2 * part * part
    }

    /// Metres to a coarse edge, at least and at most those to the exact edges behind it.
    #[inline]
    pub(super) fn coarse_m(&self, edge: &LimitEdge) -> [f64; 2] {
        let [a, b] = edge.fixed_ends().map(|end| flat_offset(self.origin, self.scale, end));
        let flat = nearest_on(a, b).1.sqrt();
        let (distance, error) = if flat <= FLAT_M {
            (flat, flat_error_m(flat))
        } else {
            let [a, b] = edge.fixed_ends().map(|[x, y]| self.plane.offset(FixedPoint { x, y }));
            let distance = nearest_on(a, b).1.sqrt();
            let length2 = (b[0] - a[0]).powi(2) + (b[1] - a[1]).powi(2);
            // An edge that is straight in degrees is not quite so in the plane.
            (distance, 2.0 * length2 * SAG + distance * PLANE_ERROR[usize::from(distance > 200_000.0)])
        };
        let slack = f64::from(edge.reach_m) + error;
        [distance - slack, distance + slack]
    }

    /// The nearest position on exact edges, and its distance in metres. `low_m` is at most the distance.
    pub(super) fn nearest_in_run(&self, run: &[FixedPoint], low_m: f64) -> (FixedPoint, f64) {
        let mut best = (0, 0.0, f64::INFINITY);
        if low_m <= FAR_M && run.len() <= MOST_EDGES + 1 {
            let mut distances2 = [f32::INFINITY; MOST_EDGES];
            let most2 = self.flat_distances2(run, &mut distances2);
            for (place, _) in distances2.iter().enumerate().filter(|&(_, &distance2)| distance2 <= most2) {
                self.nearest_on_edge(&run[place..place + 2], place, &mut best);
            }
        } else {
            for (place, pair) in run.windows(2).enumerate() {
                self.nearest_on_edge(pair, place, &mut best);
            }
        }
        let (place, along, distance2) = best;
        let (a, b) = (run[place], run[place + 1]);
        let between = |a: u32, b: u32| (f64::from(a) + (f64::from(b) - f64::from(a)) * along + 0.5) as u32;
        (FixedPoint { x: between(a.x, b.x), y: between(a.y, b.y) }, distance2.sqrt())
    }

    /// The squares of the distances to the edges of a run, roughly; gives what those of the nearest are at most.
    ///
    /// On the flat plane and in single precision, several edges at a time.
    #[inline]
    fn flat_distances2(&self, run: &[FixedPoint], distances2: &mut [f32; MOST_EDGES]) -> f32 {
        let (mut xs, mut ys) = ([0.0_f32; MOST_EDGES + 1], [0.0_f32; MOST_EDGES + 1]);
        let [east_m, north_m] = [self.scale.east_m as f32, self.scale.north_m as f32];
        // Differences fit a signed word: what is asked here is some kilometres away.
        let metres = |c: u32, origin: u32, scale: f32| c.wrapping_sub(origin) as i32 as f32 * scale;
        for ((x, y), vertex) in xs.iter_mut().zip(&mut ys).zip(run) {
            (*x, *y) = (metres(vertex.x, self.origin.x, east_m), metres(vertex.y, self.origin.y, north_m));
        }
        let edges = run.len() - 1;
        let ends = xs[..edges].iter().zip(&ys[..edges]).zip(xs[1..=edges].iter().zip(&ys[1..=edges]));
        let mut least = f32::INFINITY;
        for (slot, ((ax, ay), (bx, by))) in distances2[..edges].iter_mut().zip(ends) {
            let (dx, dy) = (bx - ax, by - ay);
            let length2 = (dx * dx + dy * dy).max(f32::MIN_POSITIVE);
            let along = (-(ax * dx + ay * dy) / length2).clamp(0.0, 1.0);
            let (x, y) = (ax + along * dx, ay + along * dy);
            *slot = x * x + y * y;
            least = if *slot < least { *slot } else { least };
        }
        let reach = f64::from(least).sqrt();
        let width = |cs: &[f32]| cs.iter().fold(0.0_f32, |most, c| most.max((c - cs[0]).abs()));
        let extent = 2.0 * f64::from(width(&xs[..=edges]) + width(&ys[..=edges]));
        // The plane errs by nearly as much on all of them: from one to the other its error changes by twice the error over
        // the distance, a metre. Single precision tells a few parts in ten million apart.
        let most = reach
            + 2.0
                * (flat_error_m(reach + extent) / (reach + extent + 1.0) * 2.0 * extent)
                    .min(flat_error_m(reach + extent));
        let most = most * (1.0 + 1e-6) + 0.05;
        (most * most) as f32
    }

    /// Takes the edge at a place of its run where it is nearer than what is known: place, part of the way along, square of the
    /// distance.
    #[inline]
    fn nearest_on_edge(&self, pair: &[FixedPoint], place: usize, best: &mut (usize, f64, f64)) {
        let (from, to) = (self.plane.offset(pair[0]), self.plane.offset(pair[1]));
        let length2 = (to[0] - from[0]).powi(2) + (to[1] - from[1]).powi(2);
        let (along, distance2) = nearest_on(from, to);
        if length2 <= STRAIGHT_M * STRAIGHT_M {
            if distance2 < best.2 {
                *best = (place, along, distance2);
            }
        } else if distance2.sqrt() - length2 * SAG < best.2.sqrt() {
            self.nearest_in_long_edge(pair, length2.sqrt(), place, best);
        }
    }

    /// An edge is straight in degrees; a long one is taken in pieces that are straight in the plane too.
    fn nearest_in_long_edge(&self, pair: &[FixedPoint], length_m: f64, place: usize, best: &mut (usize, f64, f64)) {
        let [a, b] = [pair[0], pair[1]].map(|v| [f64::from(v.x), f64::from(v.y)]);
        let at = |part: f64| self.plane.offset_of(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part);
        let pieces = (length_m / STRAIGHT_M).ceil();
        let mut from = at(0.0);
        for piece in 0..pieces as u32 {
            let to = at(f64::from(piece + 1) / pieces);
            let (along, distance2) = nearest_on(from, to);
            if distance2 < best.2 {
                *best = (place, (f64::from(piece) + along) / pieces, distance2);
            }
            from = to;
        }
    }
}

/// The offset in metres from a position on the flat plane, where degrees are straight and even: quick, and off by at most
/// [`flat_error_m`].
#[inline]
pub(super) fn flat_offset(origin: FixedPoint, scale: LocalScale, [x, y]: [u32; 2]) -> [f64; 2] {
    let (east, north) = (i64::from(x) - i64::from(origin.x), i64::from(y) - i64::from(origin.y));
    [east as f64 * scale.east_m, north as f64 * scale.north_m]
}

/// How far the exact edges behind a coarse edge stray from it, in metres.
pub(super) fn reach_m(edge: &LimitEdge, run: &[FixedPoint]) -> f32 {
    let origin = run[0];
    let scale = LocalScale::at(origin.lat());
    let [a, b] = edge.fixed_ends().map(|end| flat_offset(origin, scale, end));
    let far = run.iter().map(|v| {
        let [x, y] = flat_offset(origin, scale, [v.x, v.y]);
        nearest_on([a[0] - x, a[1] - y], [b[0] - x, b[1] - y]).1.sqrt()
    });
    // Its ends were moved by less than half a metre; a part in a hundred covers how the scale changes along it.
    (far.fold(0.0, f64::max) * 1.01 + 0.5) as f32
}

/// At most how far the flat plane is from the ellipsoid for what is some metres away, up to [`FLAT_M`] and 63 degrees north:
/// parallels shrink by the tangent of the latitude (2 at most) for half the way north, as a part of the radius (6,370 km).
#[inline]
pub(super) fn flat_error_m(distance_m: f64) -> f64 {
    2e-7 * distance_m * distance_m + 1e-4
}

/// At most how much shorter a step of longitude is a way further north: parallels shrink by at most twice the angle, up to
/// 63 degrees north.
#[inline]
pub(super) fn shrink(north: u32) -> f64 {
    (1.0 - 2.0 * f64::from(north) * 1e-8_f64.to_radians()).max(0.4)
}

/// Where on the segment the origin is nearest (0 to 1), and the square of the distance.
#[inline]
pub(super) fn nearest_on([ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> (f64, f64) {
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx * dx + dy * dy;
    let along = if length2 > 0.0 { (-(ax * dx + ay * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (ax + along * dx, ay + along * dy);
    (along, x * x + y * y)
}
