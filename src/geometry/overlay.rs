//! Two coverages laid over one another: how much of each unit lies in each territory.

use std::collections::BTreeMap;

use super::edges::share_edges;
use super::faces::Faces;
use super::noding::node;
use super::{CoverageError, ProjectionError, Projector, UnitPolygons};

struct Degrees;

impl Projector for Degrees {
    fn to_lon_lat(&self, _: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

/// Area that a unit and a territory have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Common {
    /// Place of the unit.
    pub unit: u32,
    /// Place of the territory; `None` for the part of the unit in none.
    pub territory: Option<u32>,
    /// Square metres on the ellipsoid.
    pub area_m2: f64,
}

/// Lays units over territories, both in longitude and latitude. Rows are in order of unit, then of territory.
///
/// Where territories overlap one another, each has the whole of the common area; so has each unit. O(n log n) in the number
/// of points, plus the number of places where limits cross.
///
/// # Errors
/// [`CoverageError`].
pub fn overlay(units: &UnitPolygons, territories: &UnitPolygons) -> Result<Vec<Common>, CoverageError> {
    let count = units.ids.len() as u32;
    let mut both = units.clone();
    both.ids.extend_from_slice(&territories.ids);
    for (territory, ring) in territories.rings() {
        both.push_ring(territory + count, ring.iter().copied());
    }
    let mut findings = Vec::new();
    let mut shared = share_edges(&both, &Degrees, 1.0, &mut findings)?;
    drop(both);
    let (chains, _) = node(&mut shared)?;
    let faces = Faces::find(&mut shared, &chains);
    let mut sums: BTreeMap<(u32, Option<u32>), f64> = BTreeMap::new();
    for face in &faces.list {
        let cover = shared.sets.units(face.cover);
        let split = cover.partition_point(|&place| place < count);
        let (of_units, of_territories) = cover.split_at(split);
        for &unit in of_units {
            if of_territories.is_empty() {
                *sums.entry((unit, None)).or_default() += face.area_m2;
            }
            for &territory in of_territories {
                *sums.entry((unit, Some(territory - count))).or_default() += face.area_m2;
            }
        }
    }
    Ok(sums.into_iter().map(|((unit, territory), area_m2)| Common { unit, territory, area_m2 }).collect())
}
