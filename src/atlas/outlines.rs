//! The units of an atlas as polygons, for what lays other limits over them.

use super::Atlas;
use crate::geometry::outline::polygons;
use crate::geometry::{CoverageError, FixedPoint, UnitPolygons, overlay};

impl Atlas {
    /// The units as polygons in longitude and latitude. O(n log n) in the number of arcs.
    #[must_use]
    pub fn unit_polygons(&self) -> UnitPolygons {
        self.polygons_of(|_| true)
    }

    /// Units of which more than half lies in polygons in longitude and latitude, in order of place.
    ///
    /// # Errors
    /// [`CoverageError`] for polygons that can not be laid over anything.
    pub fn units_within(&self, outlines: &UnitPolygons) -> Result<Vec<u32>, CoverageError> {
        let mut around = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for point in &outlines.coords {
            for axis in 0..2 {
                around[0][axis] = around[0][axis].min(point[axis]);
                around[1][axis] = around[1][axis].max(point[axis]);
            }
        }
        let near: Vec<bool> = (self.unit_boxes().iter())
            .map(|own| {
                let (low, high) = (FixedPoint { x: own.x0, y: own.y0 }, FixedPoint { x: own.x1, y: own.y1 });
                low.lon() <= around[1][0]
                    && low.lat() <= around[1][1]
                    && high.lon() >= around[0][0]
                    && high.lat() >= around[0][1]
            })
            .collect();
        let common = overlay(&self.polygons_of(|unit| near[unit]), outlines)?;
        // Where outlines overlap one another a unit has the common area twice: what lies outside is counted once.
        let mut outside = vec![0.0; self.unit_count()];
        let mut touched = vec![false; self.unit_count()];
        for part in &common {
            match part.territory {
                Some(_) => touched[part.unit as usize] = true,
                None => outside[part.unit as usize] += part.area_m2,
            }
        }
        let areas = self.areas_m2();
        let inside = (0..self.unit_count()).filter(|&unit| touched[unit] && outside[unit] * 2.0 < areas[unit]);
        Ok(inside.map(|unit| unit as u32).collect())
    }

    /// Every unit, those that are not kept without rings.
    fn polygons_of(&self, keep: impl Fn(usize) -> bool) -> UnitPolygons {
        let coverage = self.coverage();
        let mut arcs: Vec<Vec<(u32, bool)>> = vec![Vec::new(); self.unit_count()];
        for (arc, &[left, right]) in (0_u32..).zip(coverage.sides) {
            for (side, on_left) in [(left, true), (right, false)] {
                if side > 0
                    && left != right
                    && keep(side as usize - 1)
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
