//! Exact integer positions and the predicates on them.
//!
//! A position is a pair of offsets in units of 1e-8 degree (1.1 mm of latitude) from 90° W, 40° N. All of Québec fits in
//! `u32`; differences fit in `i64` and an orientation of three points of Québec fits in `i128`, or in `i64` where one of
//! the edges is short (see [`MAX_EDGE`]).
//!
//! **Who owns a border.** A point of a limit belongs to the unit that lies immediately to its east; where the limit runs
//! due east-west there, to the one immediately to its north. In other words a point `p` is taken as `p + (d, d²)` for an
//! infinitely small `d > 0`. So every point, vertices included, has exactly one owner, and every predicate below is a
//! plain test without a degenerate case.

use crate::domain::{LonLat, grid};

pub use crate::domain::grid::{ORIGIN_LAT, ORIGIN_LON, UNITS_PER_DEGREE};

/// Longest extent of an edge along one axis, in grid units (about 6 km of longitude, 9 km of latitude).
pub const MAX_EDGE: i64 = 1 << 23;

/// A position on the fixed grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct FixedPoint {
    /// Eastward offset, 1e-8 degree.
    pub x: u32,
    /// Northward offset, 1e-8 degree.
    pub y: u32,
}

impl FixedPoint {
    /// The grid position nearest to degrees; `None` outside the grid (90° W to 47° W, 40° N to 82.9° N).
    #[must_use]
    #[inline]
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        grid::to_grid(lon, lat).map(|[x, y]| Self { x, y })
    }

    /// The grid position nearest to a validated position; `None` outside the grid.
    #[must_use]
    #[inline]
    pub fn from_lon_lat(position: LonLat) -> Option<Self> {
        Self::from_degrees(position.lon(), position.lat())
    }

    /// Longitude in degrees.
    #[must_use]
    #[inline]
    pub fn lon(self) -> f64 {
        grid::lon_of(self.x)
    }

    /// Latitude in degrees.
    #[must_use]
    #[inline]
    pub fn lat(self) -> f64 {
        grid::lat_of(self.y)
    }
}

/// Twice the signed area of the triangle `a b p`: positive where `p` is left of the line from `a` to `b`. Exact.
#[must_use]
#[inline]
pub fn orientation(a: FixedPoint, b: FixedPoint, p: FixedPoint) -> i128 {
    let dx = i128::from(b.x) - i128::from(a.x);
    let dy = i128::from(b.y) - i128::from(a.y);
    dx * (i128::from(p.y) - i128::from(a.y)) - dy * (i128::from(p.x) - i128::from(a.x))
}

/// Whether `p + (d, d²)` is left of the directed edge `a b`. Exact; `false` for an edge without length.
#[must_use]
#[inline]
pub fn is_left(a: FixedPoint, b: FixedPoint, p: FixedPoint) -> bool {
    let cross = orientation(a, b, p);
    cross > 0 || (cross == 0 && (b.y < a.y || (b.y == a.y && b.x > a.x)))
}

/// Whether the vertical ray that climbs from `p + (d, d²)` crosses the edge `a b`. Exact.
///
/// This is the definition that every index in the crate must agree with: the unit of a point is the exclusive or of the
/// two sides over all edges for which this holds.
#[must_use]
#[inline]
pub fn is_below(a: FixedPoint, b: FixedPoint, p: FixedPoint) -> bool {
    ((a.x <= p.x) != (b.x <= p.x)) && (is_left(a, b, p) == (a.x > b.x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: u32, y: u32) -> FixedPoint {
        FixedPoint { x, y }
    }

    #[test]
    fn degrees_survive_the_grid_within_half_a_unit() {
        let point = FixedPoint::from_degrees(-73.5542, 45.5088).unwrap();
        assert!((point.lon() + 73.5542).abs() < 0.51e-8 && (point.lat() - 45.5088).abs() < 0.51e-8);
        assert_eq!(FixedPoint::from_degrees(-90.1, 45.0), None);
        assert_eq!(FixedPoint::from_degrees(f64::NAN, 45.0), None);
    }

    #[test]
    fn a_point_is_below_an_edge_whichever_way_the_edge_runs() {
        for (a, b) in [(at(0, 10), at(10, 14)), (at(10, 14), at(0, 10))] {
            assert!(is_below(a, b, at(5, 11)));
            assert!(!is_below(a, b, at(5, 13)));
            assert!(!is_below(a, b, at(12, 1)));
        }
    }

    #[test]
    fn around_any_vertex_and_edge_a_square_owns_its_west_and_south_limits_only() {
        let corners = [at(10, 10), at(20, 10), at(20, 20), at(10, 20)];
        let inside = |p| (0..4).filter(|&i| is_below(corners[i], corners[(i + 1) % 4], p)).count() % 2 == 1;
        assert!(inside(at(10, 10)) && inside(at(10, 15)) && inside(at(15, 10)) && inside(at(15, 15)));
        assert!(!inside(at(20, 10)) && !inside(at(20, 15)) && !inside(at(15, 20)) && !inside(at(10, 20)));
    }
}
