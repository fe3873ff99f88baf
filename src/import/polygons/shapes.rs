//! Where shapes go, and which were not as they should be.

use crate::geometry::UnitPolygons;

/// Shapes on their way into flat polygons.
pub(super) struct Shapes<'a> {
    pub polygons: &'a mut UnitPolygons,
    /// Records without a ring, from 1, with their unit.
    pub hollow: Vec<(u64, u32)>,
    /// Records with a ring that was left out.
    pub broken: Vec<(u64, u32)>,
    /// Records with points or lines beside their polygons, which were left out.
    pub mixed: Vec<(u64, u32)>,
}

impl<'a> Shapes<'a> {
    pub fn new(polygons: &'a mut UnitPolygons) -> Self {
        Self { polygons, hollow: Vec::new(), broken: Vec::new(), mixed: Vec::new() }
    }

    /// Adds the rings of one record.
    pub fn push<P>(&mut self, record: u64, unit: u32, rings: impl Iterator<Item = P>)
    where
        P: IntoIterator<Item = [f64; 2]>,
    {
        let mut any = false;
        for ring in rings {
            let start = self.polygons.coords.len();
            self.polygons.coords.extend(ring);
            let points = &self.polygons.coords[start..];
            if points.is_empty() {
                continue;
            }
            any = true;
            if points.iter().all(|point| point[0].is_finite() && point[1].is_finite()) {
                self.polygons.push_ring(unit, []);
            } else {
                self.polygons.coords.truncate(start);
                self.broken.push((record, unit));
            }
        }
        if !any {
            self.hollow.push((record, unit));
        }
    }
}
