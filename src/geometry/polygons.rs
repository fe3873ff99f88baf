//! Polygons as a file gives them, before they become a coverage.

use crate::domain::errors;

/// Rings of many units in the coordinates of their source, flat in memory.
///
/// A ring may be closed (last point repeats the first) or not, and turn either way: what is inside is told by the
/// even-odd rule over all rings of a unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnitPolygons {
    /// Identifier of each unit, in the order in which the file has them.
    pub ids: Vec<String>,
    /// Unit of each ring, as a place in `ids`.
    pub ring_units: Vec<u32>,
    /// End of each ring in `coords` (it starts where the one before ends).
    pub ring_ends: Vec<usize>,
    /// Points, x (or longitude) first, in the units of the source.
    pub coords: Vec<[f64; 2]>,
}

impl UnitPolygons {
    /// Adds a unit without rings and gives its place.
    ///
    /// # Panics
    /// Past `u32::MAX` units.
    pub fn push_unit(&mut self, id: impl Into<String>) -> u32 {
        let place = u32::try_from(self.ids.len()).expect("fewer than 2^32 units");
        self.ids.push(id.into());
        place
    }

    /// Adds a ring to a unit.
    pub fn push_ring(&mut self, unit: u32, points: impl IntoIterator<Item = [f64; 2]>) {
        self.coords.extend(points);
        self.ring_units.push(unit);
        self.ring_ends.push(self.coords.len());
    }

    /// Rings with their unit.
    pub fn rings(&self) -> impl Iterator<Item = (u32, &[[f64; 2]])> {
        let starts = std::iter::once(0).chain(self.ring_ends.iter().copied());
        self.ring_units
            .iter()
            .zip(starts.zip(&self.ring_ends))
            .map(|(&unit, (start, &end))| (unit, &self.coords[start..end]))
    }
}

errors! {
    /// A point that could not be brought to longitude and latitude.
    #[derive(Debug, Clone, PartialEq, thiserror::Error)]
    #[fr(
        "le point ({x}, {y}) ne peut pas être ramené à une longitude et une latitude : {reason} ; le système de coordonnées est-il le bon ?"
    )]
    #[en("point ({x}, {y}) can not be brought to longitude and latitude: {reason}; is the coordinate system right?")]
    pub struct ProjectionError {
        /// First coordinate.
        pub x: f64,
        /// Second coordinate.
        pub y: f64,
        /// What the library says.
        pub reason: String,
    }
}

/// Brings points from the coordinates of a source to longitude and latitude in degrees, in place.
///
/// Deterministic and usable from several threads.
pub trait Projector: Sync {
    /// Longitude first, on output.
    ///
    /// # Errors
    /// [`ProjectionError`] for the first point that can not be brought over.
    fn to_lon_lat(&self, points: &mut [[f64; 2]]) -> Result<(), ProjectionError>;
}
