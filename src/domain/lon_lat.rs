//! A validated geographic position.

use serde::Serialize;

use super::errors;

/// Longitude and latitude in degrees, NAD83 and WGS 84 taken as equal; both finite and in range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

errors! {
    /// Why a pair of numbers is not a position.
    #[derive(Debug, Clone, PartialEq, thiserror::Error)]
    pub enum LonLatError {
        /// Not a number, or infinite.
        #[fr(
            "la {name} « {value} » n'est pas un nombre fini : des degrés décimaux sont attendus, par exemple {example}"
        )]
        #[en("{name} \"{value}\" is not a finite number: expected decimal degrees, such as {example}")]
        NotFinite {
            /// `latitude` or `longitude`.
            name: &'static str,
            /// The value as given.
            value: f64,
            /// A value that would do.
            example: f64,
        },
        /// Latitude and longitude taken one for the other.
        #[fr("la latitude « {lat} » et la longitude « {lon} » semblent inversées : essayez lat={lon} lon={lat}")]
        #[en("latitude \"{lat}\" and longitude \"{lon}\" look swapped: try lat={lon} lon={lat}")]
        Swapped {
            /// The latitude as given.
            lat: f64,
            /// The longitude as given.
            lon: f64,
        },
        /// Beyond the globe.
        #[fr("la {name} « {value} » est hors limites : de {low} à {high} degrés")]
        #[en("{name} \"{value}\" is out of range: expected {low} to {high} degrees")]
        OutOfRange {
            /// `latitude` or `longitude`.
            name: &'static str,
            /// The value as given.
            value: f64,
            /// Lowest value allowed.
            low: f64,
            /// Highest value allowed.
            high: f64,
        },
    }
}

impl LonLat {
    /// Checks a longitude and a latitude, in that order, in degrees.
    ///
    /// # Errors
    /// [`LonLatError`]; a pair that only makes sense the other way round is called swapped, never turned in silence.
    pub fn new(lon: f64, lat: f64) -> Result<Self, LonLatError> {
        if !lat.is_finite() {
            return Err(LonLatError::NotFinite { name: "latitude", value: lat, example: 45.5088 });
        }
        if !lon.is_finite() {
            return Err(LonLatError::NotFinite { name: "longitude", value: lon, example: -73.5542 });
        }
        let quebec = |lon: f64, lat: f64| (-82.0..=-54.0).contains(&lon) && (43.0..=64.0).contains(&lat);
        if !quebec(lon, lat) && quebec(lat, lon) {
            return Err(LonLatError::Swapped { lat, lon });
        }
        if !(-90.0..=90.0).contains(&lat) {
            return Err(LonLatError::OutOfRange { name: "latitude", value: lat, low: -90.0, high: 90.0 });
        }
        if !(-180.0..=180.0).contains(&lon) {
            return Err(LonLatError::OutOfRange { name: "longitude", value: lon, low: -180.0, high: 180.0 });
        }
        Ok(Self { lon, lat })
    }

    /// Longitude, degrees east.
    #[must_use]
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Latitude, degrees north.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }
}
