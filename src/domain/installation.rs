//! Installations: points of service, not to be confused with the territory they stand in.

use serde::{Deserialize, Serialize};

/// A point of service of the network, from the ministry's register (M02) or the demo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Installation {
    /// Register code, such as `51216455`.
    pub code: String,
    /// Name as the register writes it.
    pub name: String,
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Street address.
    pub address: Option<String>,
    /// Postal code without a space.
    pub postal_code: Option<String>,
    /// Municipality.
    pub municipality: Option<String>,
    /// The CLSC code that the register itself gives, to be compared with the answer.
    pub stated_clsc: Option<String>,
    /// Missions, by the register's own acronyms (`CLSC`, `CHSGS`, `CHSLD`...).
    pub missions: Vec<String>,
}
