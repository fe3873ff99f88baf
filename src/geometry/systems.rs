//! Coordinate systems as the other folders see them: who brings points over, and how files name a system.
//!
//! `import` makes both with the one library that knows coordinate systems; `export` uses them without knowing it.

use super::ProjectionError;

/// Brings longitudes and latitudes in degrees to the coordinates of a system, in place.
///
/// Deterministic, point by point: equal positions have equal coordinates, so that neighbours still share their vertices.
pub trait FromLonLat: Send + Sync {
    /// x (or longitude) first, on output.
    ///
    /// # Errors
    /// [`ProjectionError`] for the first point that can not be brought over.
    #[expect(clippy::wrong_self_convention, reason = "the system is asked; the positions are what is converted")]
    fn from_lon_lat(&self, points: &mut [[f64; 2]]) -> Result<(), ProjectionError>;
}

/// How each kind of file names a coordinate system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrsDescription {
    /// Name for people.
    pub name: String,
    /// Authority and code, such as `EPSG` and 3347, where it has one.
    pub authority: Option<(String, i32)>,
    /// Whether its coordinates are longitude and latitude in degrees.
    pub geographic: bool,
    /// Well-known text as ESRI writes it: what a `.prj` holds.
    pub esri_wkt: String,
    /// Well-known text of OGC 01-009: what a `GeoPackage` holds.
    pub wkt: String,
    /// PROJJSON: what `GeoParquet` holds.
    pub projjson: String,
}
