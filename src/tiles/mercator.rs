//! Web Mercator (EPSG:3857) as whole numbers, with y going south, as tiles count.

use crate::geometry::{CoverageView, FixedPoint};

/// Bits of a position along one axis of the world.
pub(super) const WORLD_BITS: u32 = 31;

/// A position in units of the world's width over 2^31, from its north-west corner.
pub(super) type WorldPoint = [u32; 2];

/// Every vertex of a coverage in Web Mercator, in the order of its vertices.
#[derive(Debug, Clone, Default)]
pub struct Mercator {
    pub(super) vertices: Vec<WorldPoint>,
}

impl Mercator {
    /// Projects a coverage. O(vertices).
    #[must_use]
    pub fn new(coverage: CoverageView<'_>) -> Self {
        Self { vertices: coverage.vertices.iter().map(|&point| project(point)).collect() }
    }
}

/// A position in the projection.
pub(super) fn project(point: FixedPoint) -> WorldPoint {
    let size = f64::from(1_u32 << WORLD_BITS);
    let x = (point.lon() + 180.0) / 360.0;
    let y = 0.5 - point.lat().to_radians().tan().asinh() / std::f64::consts::TAU;
    [x, y].map(|part| (part * size).clamp(0.0, size - 1.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn montreal_is_in_the_tile_that_every_map_of_the_world_has_for_it() {
        let place = FixedPoint::from_degrees(-73.5542, 45.5088).unwrap();
        // OpenStreetMap's slippy map: 12/1211/1465.
        assert_eq!(project(place).map(|part| part >> (WORLD_BITS - 12)), [1211, 1465]);
    }
}
