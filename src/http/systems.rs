//! Coordinate systems that positions may come and outlines may go in, beside longitude and latitude.
//!
//! Whoever assembles the service hands over what knows them ([`Systems`]); without it there are none.

use crate::batch::SharedProjector;
use crate::export::CoordinateSystem;
use crate::http::Problem;
use crate::http::problem::UNKNOWN_CRS;

/// EPSG codes of the systems that outlines are offered in: Lambert of Statistics Canada and of Québec (NAD83, and NAD83(CSRS)),
/// that of maps on the web, MTM zones 7 to 10, UTM zones 18 and 19. In all of them the easting comes first.
pub const OFFERED: [u32; 10] = [3347, 32198, 6622, 3857, 2949, 2950, 2951, 2952, 2958, 2959];
/// Longitude and latitude, longitude first.
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// A projected system: what brings its positions to longitude and latitude, and what outlines are written in.
#[derive(Clone)]
pub struct System {
    /// Brings positions to longitude and latitude.
    pub projector: SharedProjector,
    /// Writes outlines.
    pub writer: CoordinateSystem,
}

impl std::fmt::Debug for System {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("System").field(&self.writer).finish()
    }
}

/// Finds the system of an EPSG code.
pub type Systems = dyn Fn(u32) -> Option<System> + Send + Sync;

/// The URI of a system.
pub fn uri(code: u32) -> String {
    format!("http://www.opengis.net/def/crs/EPSG/0/{code}")
}

/// The EPSG code that a text means: `EPSG:3347`, a URI or a URN; `None` of CRS84.
///
/// # Errors
/// Anything else.
pub fn code(parameter: &'static str, text: &str) -> Result<Option<u32>, Problem> {
    let whole = text.trim().trim_start_matches('[').trim_end_matches(']');
    if [CRS84, "urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", "CRS84"].contains(&whole) {
        return Ok(None);
    }
    let digits = [uri(0).trim_end_matches('0'), "urn:ogc:def:crs:EPSG::", "EPSG:", "epsg:"]
        .into_iter()
        .find_map(|head| whole.strip_prefix(head));
    digits.and_then(|digits| digits.parse().ok()).map(Some).ok_or_else(|| unknown(parameter, text))
}

/// A coordinate system that is not known here.
pub fn unknown(parameter: &'static str, text: &str) -> Problem {
    Problem::new(
        UNKNOWN_CRS,
        format!("Le système de coordonnées « {text} » est inconnu ici : par exemple EPSG:32198 (Lambert du Québec)."),
        format!("unknown coordinate system \"{text}\" here: expected one such as EPSG:32198 (Québec Lambert)"),
    )
    .about(parameter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_known_by_its_uri_its_urn_or_its_code() {
        for text in ["EPSG:3347", "http://www.opengis.net/def/crs/EPSG/0/3347", "urn:ogc:def:crs:EPSG::3347"] {
            assert_eq!(code("crs", text).ok().unwrap(), Some(3347), "{text}");
        }
        assert_eq!(code("crs", CRS84).ok().unwrap(), None);
        for text in ["", "EPSG:", "EPSG:x", "3347", "+proj=lcc", "http://www.opengis.net/def/crs/EPSG/0/-1"] {
            assert_eq!(code("crs", text).err().unwrap().code.word, "unknown-crs", "{text}");
        }
    }
}
