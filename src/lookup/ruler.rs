//! Distances from one point to limits: bounds of boxes and of coarse edges, then exact edges.

use super::coarse::MOST_EDGES;
use super::limits::LimitEdge;
use crate::geometry::FixedPoint;
use crate::geometry::ellipsoid::{LocalPlane, LocalScale};
use crate::geometry::fixed::UNITS_PER_DEGREE;

/// Edges up to this length are straight in the plane to a tenth of a millimetre.
const STRAIGHT_M: f64 = 50.0;
/// The square of an edge's length in metres, times this, is at least how far it strays from a straight line in the plane.
pub(super) const SAG: f64 = 1e-7;
/// Part of a distance that the local plane is off by at most, up to 200 km and beyond.
const PLANE_ERROR: [f64; 2] = [1e-6, 1e-3];
/// Up to this distance edges can be told apart on the quick plane in single precision.
pub(super) const FAR_M: f64 = 100_000.0;
/// Edges that are looked at together.
const LANES: usize = 8;

/// A plane around a position that costs a few multiplications a vertex: offsets to the second order.
#[derive(Clone, Copy)]
pub(super) struct QuickPlane {
    origin: FixedPoint,
    /// Metres in a unit eastward, and the part by which a unit further north changes that.
    east: [f64; 2],
    /// The same northward.
    north: [f64; 2],
}

impl QuickPlane {
    pub(super) fn at(p: FixedPoint) -> Self {
        Self::of(p, &LocalPlane::around(p))
    }

    fn of(origin: FixedPoint, plane: &LocalPlane) -> Self {
        let ([east, east_change], [north, north_change]) = plane.second_order();
        Self { origin, east: [east, east_change], north: [north, north_change] }
    }

    /// At least the tangent of the latitude: going north, parallels shorten by it.
    fn tangent(&self) -> f64 {
        -self.east[1] / (UNITS_PER_DEGREE.recip().to_radians() / 2.0) * 1.01
    }

    /// The offset of a position in metres, off by at most [`quick_error_m`].
    #[inline]
    pub(super) fn offset(&self, [x, y]: [u32; 2]) -> [f64; 2] {
        let dx = (i64::from(x) - i64::from(self.origin.x)) as f64;
        let dy = (i64::from(y) - i64::from(self.origin.y)) as f64;
        [dx * self.east[0] * (1.0 + dy * self.east[1]), dy * self.north[0] * (1.0 + dy * self.north[1])]
    }
}

/// At most how far the quick plane is from the ellipsoid for what is some metres away, up to 200 km and 63 degrees north.
///
/// What it leaves out is, as a part of the distance over the radius squared, at most 0.17 of it eastward (the tangent of the
/// latitude squared over 24, and an eighth) and 0.22 northward.
#[inline]
pub(super) fn quick_error_m(distance_m: f64) -> f64 {
    8e-15 * distance_m * distance_m * distance_m + 1e-4
}

/// Lower bounds and distances from one point.
pub(super) struct Ruler {
    plane: LocalPlane,
    origin: FixedPoint,
    pub scale: LocalScale,
    /// [`QuickPlane`] in single precision: metres in a unit eastward and northward, and how both change.
    quick: [f32; 4],
    /// Metres in a unit of gap eastward and northward, and the part by which a metre of distance shortens it.
    gap_scale: [f32; 3],
}

impl Ruler {
    pub(super) fn at(p: FixedPoint) -> Self {
        let plane = LocalPlane::around(p);
        let quick = QuickPlane::of(p, &plane);
        let (scale, tangent) = (plane.scale(), quick.tangent());
        // Going north, degrees of longitude are shorter by the tangent of the latitude half way, as a part of the radius.
        let shrink = (tangent * 1.15 + 0.05) / (2.0 * 6.35e6);
        let gap_scale = [scale.east_m, scale.north_m, shrink].map(|c| c as f32);
        let quick = [quick.east[0], quick.north[0], quick.east[1], quick.north[1]].map(|c| c as f32);
        Self { plane, origin: p, scale, quick, gap_scale }
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
        let [a, b] = edge.fixed_ends().map(|[x, y]| self.plane.offset(FixedPoint { x, y }));
        let distance = nearest_on(a, b).1.sqrt();
        let length2 = (b[0] - a[0]).powi(2) + (b[1] - a[1]).powi(2);
        // An edge that is straight in degrees is not quite so in the plane.
        let error = 2.0 * length2 * SAG + distance * PLANE_ERROR[usize::from(distance > 200_000.0)];
        let slack = f64::from(edge.reach_m) + error;
        [distance - slack, distance + slack]
    }

    /// Bounds like those of [`Self::coarse_m`] for all edges of a list, wider ones: calls `take` with each edge's place and its
    /// lower bound where that is at most the least upper bound so far; gives the least upper bound. `None` where some edge is too
    /// far for single precision, or not there.
    #[inline]
    pub(super) fn coarse_list(&self, edges: &[LimitEdge], list: &[u32], mut take: impl FnMut(f32, u32)) -> Option<f32> {
        let [east, north, east_change, north_change] = self.quick;
        let mut least_high = f32::INFINITY;
        for places in list.chunks(LANES) {
            let (mut ax, mut ay, mut bx, mut by) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
            let mut reach = [0.0_f32; LANES];
            for (lane, &place) in places.iter().enumerate() {
                let edge = edges.get(place as usize)?;
                let [a, b] = edge.fixed_ends();
                ax[lane] = a[0].wrapping_sub(self.origin.x) as i32 as f32;
                ay[lane] = a[1].wrapping_sub(self.origin.y) as i32 as f32;
                bx[lane] = b[0].wrapping_sub(self.origin.x) as i32 as f32;
                by[lane] = b[1].wrapping_sub(self.origin.y) as i32 as f32;
                reach[lane] = edge.reach_m;
            }
            let (mut lows, mut highs) = ([0.0_f32; LANES], [0.0_f32; LANES]);
            for lane in 0..LANES {
                let (x, y) = (
                    ax[lane] * east * (1.0 + ay[lane] * east_change),
                    ay[lane] * north * (1.0 + ay[lane] * north_change),
                );
                let (bx, by) = (
                    bx[lane] * east * (1.0 + by[lane] * east_change),
                    by[lane] * north * (1.0 + by[lane] * north_change),
                );
                let (length2, distance2) = nearest_on_f32([x, y], [bx, by]);
                let distance = distance2.sqrt();
                let slack = reach[lane] + 2.0 * SAG as f32 * length2 + quick_error_f32(distance + reach[lane]);
                lows[lane] = distance - slack;
                highs[lane] = distance + slack;
            }
            for (lane, &place) in places.iter().enumerate() {
                if lows[lane] <= least_high {
                    take(lows[lane], place);
                    least_high = least_high.min(highs[lane]);
                }
            }
        }
        (least_high < FAR_M as f32).then_some(least_high)
    }

    /// The nearest position on exact edges, and its distance in metres. `low_m` is at most the distance.
    pub(super) fn nearest_in_run(&self, run: &[FixedPoint], low_m: f64) -> (FixedPoint, f64) {
        let mut best = (0, 0.0, f64::INFINITY);
        if low_m <= FAR_M && run.len() > 3 && run.len() <= MOST_EDGES + 1 {
            let mut distances2 = [f32::INFINITY; MOST_EDGES];
            let most2 = self.quick_distances2(run, &mut distances2);
            for (place, _) in
                distances2[..run.len() - 1].iter().enumerate().filter(|&(_, &distance2)| distance2 <= most2)
            {
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

    /// What the squares of the distances to the edges of a run are at least, and what that of the nearest is at most.
    ///
    /// On the quick plane and in single precision, several edges at a time.
    #[inline]
    fn quick_distances2(&self, run: &[FixedPoint], distances2: &mut [f32; MOST_EDGES]) -> f32 {
        // Behind the last vertex come edges without length, which are no nearer than it is.
        let (mut xs, mut ys) = ([0.0_f32; MOST_EDGES + 1], [0.0_f32; MOST_EDGES + 1]);
        let edges = run.len() - 1;
        let padded = edges.next_multiple_of(LANES);
        for ((x, y), vertex) in xs.iter_mut().zip(&mut ys).zip(run) {
            *x = vertex.x.wrapping_sub(self.origin.x) as i32 as f32;
            *y = vertex.y.wrapping_sub(self.origin.y) as i32 as f32;
        }
        for place in edges + 1..=padded {
            (xs[place], ys[place]) = (xs[edges], ys[edges]);
        }
        let [east, north, east_change, north_change] = self.quick;
        for (x, y) in xs[..=padded].iter_mut().zip(&mut ys) {
            (*x, *y) = (*x * east * (1.0 + *y * east_change), *y * north * (1.0 + *y * north_change));
        }
        // An edge is no nearer than the nearer of its ends is, but for half its length in square.
        let (mut least2, mut longest2) = ([f32::INFINITY; LANES], [0.0_f32; LANES]);
        for first in (0..padded).step_by(LANES) {
            let (xs, ys) = (&xs[first..=first + LANES], &ys[first..=first + LANES]);
            let slots = &mut distances2[first..first + LANES];
            for lane in 0..LANES {
                let (ax, ay, bx, by) = (xs[lane], ys[lane], xs[lane + 1], ys[lane + 1]);
                let (a2, b2) = (ax * ax + ay * ay, bx * bx + by * by);
                let near2 = if a2 < b2 { a2 } else { b2 };
                let length2 = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
                slots[lane] = near2 - 0.25 * length2;
                least2[lane] = if near2 < least2[lane] { near2 } else { least2[lane] };
                longest2[lane] = if length2 > longest2[lane] { length2 } else { longest2[lane] };
            }
        }
        let least = least2.into_iter().fold(f32::INFINITY, f32::min).sqrt();
        let longest2 = longest2.into_iter().fold(0.0, f32::max);
        // Both the nearest and the one that is compared may be off.
        let most = least + 2.0 * (quick_error_f32(least * 1.01 + 1.0) + 2.0 * SAG as f32 * longest2);
        most * most
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
            self.nearest_in_long_edge(pair, length2.sqrt(), along, place, best);
        }
    }

    /// An edge is straight in degrees; where a long one is nearest, a piece of it is straight in the plane too.
    ///
    /// `along` is where the straight line between its ends is nearest. The edge bends so little (a radius of 1,250 km) that the
    /// distance has one minimum along it: going to the foot on the line through a piece comes to it in a few steps.
    fn nearest_in_long_edge(
        &self,
        pair: &[FixedPoint],
        length_m: f64,
        along: f64,
        place: usize,
        best: &mut (usize, f64, f64),
    ) {
        const MOST_STEPS: u32 = 30;
        let [a, b] = [pair[0], pair[1]].map(|v| [f64::from(v.x), f64::from(v.y)]);
        let at = |part: f64| self.plane.offset_of(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part);
        let half = STRAIGHT_M / 2.0 / length_m;
        let mut middle = along;
        for step in 1..=MOST_STEPS {
            let (from, to) = ((middle - half).max(0.0), (middle + half).min(1.0));
            let (start, end) = (at(from), at(to));
            let (dx, dy) = (end[0] - start[0], end[1] - start[1]);
            let part = -(start[0] * dx + start[1] * dy) / (dx * dx + dy * dy);
            let next = (from + part * (to - from)).clamp(0.0, 1.0);
            if (from..=to).contains(&next) || step == MOST_STEPS {
                let part = part.clamp(0.0, 1.0);
                let (x, y) = (start[0] + part * dx, start[1] + part * dy);
                let distance2 = x * x + y * y;
                if distance2 < best.2 {
                    *best = (place, next, distance2);
                }
                return;
            }
            middle = next;
        }
    }
}

/// The offset in metres from a position on the flat plane, where degrees are straight and even.
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

/// At most how much shorter a step of longitude is a way further north: parallels shrink by at most twice the angle, up to
/// 63 degrees north.
#[inline]
pub(super) fn shrink(north: u32) -> f64 {
    (1.0 - 2.0 * f64::from(north) * UNITS_PER_DEGREE.recip().to_radians()).max(0.4)
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

/// Squares of the length of a segment and of the distance from the origin to it.
#[inline]
fn nearest_on_f32([ax, ay]: [f32; 2], [bx, by]: [f32; 2]) -> (f32, f32) {
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx * dx + dy * dy;
    let along = (-(ax * dx + ay * dy) / length2.max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
    let (x, y) = (ax + along * dx, ay + along * dy);
    (length2, x * x + y * y)
}

/// [`quick_error_m`] and what single precision loses: a few parts in ten million of the distance, and of an edge of 13 km.
#[inline]
fn quick_error_f32(distance: f32) -> f32 {
    8e-15 * distance * distance * distance + 1e-6 * distance + 0.015
}
