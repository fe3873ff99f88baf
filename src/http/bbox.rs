//! Boxes in degrees as positions of the grid.

use crate::geometry::fixed::{ORIGIN_LAT, ORIGIN_LON, UNITS_PER_DEGREE};
use crate::geometry::{FixedBox, FixedPoint};

/// A box of west, south, east and north limits; what lies beyond the grid is cut off.
pub fn fixed([west, south, east, north]: [f64; 4]) -> FixedBox {
    let (low, high) = (clamped(west, south), clamped(east, north));
    FixedBox { x0: low.x, y0: low.y, x1: high.x, y1: high.y }
}

/// The position of the grid nearest to degrees, those beyond it brought to its edge.
pub fn clamped(lon: f64, lat: f64) -> FixedPoint {
    FixedPoint {
        x: ((lon - ORIGIN_LON) * UNITS_PER_DEGREE).round() as u32,
        y: ((lat - ORIGIN_LAT) * UNITS_PER_DEGREE).round() as u32,
    }
}

/// A box as a closed ring.
pub fn ring(FixedBox { x0, y0, x1, y1 }: FixedBox) -> Vec<FixedPoint> {
    [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)].map(|(x, y)| FixedPoint { x, y }).to_vec()
}
