//! The grid of exact positions: its constants, and the way from degrees to it and back.
//!
//! A position is a pair of offsets in steps of 1e-8 degree (1.1 mm of latitude) from 90° W, 40° N. All of Québec fits in `u32`.

/// Steps of the grid in one degree.
pub const UNITS_PER_DEGREE: f64 = 1e8;
/// Longitude of the grid's origin, degrees.
pub const ORIGIN_LON: f64 = -90.0;
/// Latitude of the grid's origin, degrees.
pub const ORIGIN_LAT: f64 = 40.0;

/// The offsets, east and north, nearest to degrees; `None` outside the grid (90° W to 47° W, 40° N to 82.9° N).
#[must_use]
#[inline]
pub fn to_grid(lon: f64, lat: f64) -> Option<[u32; 2]> {
    let x = (lon - ORIGIN_LON) * UNITS_PER_DEGREE + 0.5;
    let y = (lat - ORIGIN_LAT) * UNITS_PER_DEGREE + 0.5;
    let whole = 0.0..4_294_967_296.0;
    (whole.contains(&x) && whole.contains(&y)).then_some([x as u32, y as u32])
}

/// Longitude in degrees of an eastward offset.
#[must_use]
#[inline]
pub fn lon_of(x: u32) -> f64 {
    f64::from(x) / UNITS_PER_DEGREE + ORIGIN_LON
}

/// Latitude in degrees of a northward offset.
#[must_use]
#[inline]
pub fn lat_of(y: u32) -> f64 {
    f64::from(y) / UNITS_PER_DEGREE + ORIGIN_LAT
}
