//! The units of an atlas as polygons, for what lays other limits over them.

use super::Atlas;
use crate::geometry::UnitPolygons;
use crate::geometry::outline::polygons;

impl Atlas {
    /// The units as polygons in longitude and latitude. O(n log n) in the number of arcs.
    #[must_use]
    pub fn unit_polygons(&self) -> UnitPolygons {
        let coverage = self.coverage();
        let mut arcs: Vec<Vec<(u32, bool)>> = vec![Vec::new(); self.unit_count()];
        for (arc, &[left, right]) in (0_u32..).zip(coverage.sides) {
            for (side, on_left) in [(left, true), (right, false)] {
                if side > 0
                    && left != right
                    && let Some(arcs) = arcs.get_mut(side as usize - 1)
                {
                    arcs.push((arc, on_left));
                }
            }
        }
        let mut units = UnitPolygons::default();
        for (unit, arcs) in arcs.iter().enumerate() {
            let place = units.push_unit(self.unit_id(unit));
            for polygon in polygons(coverage, arcs) {
                for ring in std::iter::once(&polygon.shell).chain(&polygon.holes) {
                    units.push_ring(place, ring.iter().map(|point| [point.lon(), point.lat()]));
                }
            }
        }
        units
    }
}
