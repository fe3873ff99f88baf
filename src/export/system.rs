//! In which coordinate system positions are written.

use std::fmt;
use std::sync::Arc;

use super::ExportError;
use crate::geometry::outline::Polygon;
use crate::geometry::{CrsDescription, FixedPoint, FromLonLat};

/// The coordinate system of an export: how files name it, and how positions get there.
#[derive(Clone)]
pub struct CoordinateSystem {
    description: CrsDescription,
    /// `None` for longitude and latitude, which positions are in already.
    projection: Option<Arc<dyn FromLonLat>>,
}

impl fmt::Debug for CoordinateSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CoordinateSystem").field(&self.description).finish()
    }
}

/// Rings of polygons, each a shell and its holes, in the coordinates of a file.
pub(super) type Rings = Vec<Vec<Vec<[f64; 2]>>>;

impl CoordinateSystem {
    /// Longitude and latitude, WGS 84: what an export is in unless another system is asked for.
    #[must_use]
    pub fn wgs84() -> Self {
        let description = CrsDescription {
            name: "WGS 84".to_owned(),
            authority: Some(("EPSG".to_owned(), 4326)),
            geographic: true,
            esri_wkt: "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],\
                       PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]"
                .to_owned(),
            wkt: "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,\
                  AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,\
                  AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],\
                  AUTHORITY[\"EPSG\",\"4326\"]]"
                .to_owned(),
            projjson: String::new(),
        };
        Self { description, projection: None }
    }

    /// Another system, and what brings positions to it.
    #[must_use]
    pub fn new(description: CrsDescription, projection: Arc<dyn FromLonLat>) -> Self {
        let projection = (!description.geographic).then_some(projection);
        Self { description, projection }
    }

    /// How files name it.
    #[must_use]
    pub fn description(&self) -> &CrsDescription {
        &self.description
    }

    /// Whether it is the one that files without a word about it are in.
    pub(super) fn is_default(&self) -> bool {
        self.is_epsg(4326)
    }

    pub(super) fn is_epsg(&self, code: i32) -> bool {
        self.description.authority.as_ref().is_some_and(|(authority, own)| authority == "EPSG" && *own == code)
    }

    /// Whether positions are written as the atlas has them.
    pub(super) fn is_lon_lat(&self) -> bool {
        self.projection.is_none()
    }

    /// The rings of an outline in this system; an empty outline has none.
    pub(super) fn rings(&self, outline: &[Polygon]) -> Result<Rings, ExportError> {
        let ring = |ring: &Vec<FixedPoint>| -> Result<Vec<[f64; 2]>, ExportError> {
            let mut points: Vec<[f64; 2]> = ring.iter().map(|point| [point.lon(), point.lat()].map(round)).collect();
            if let Some(projection) = &self.projection {
                projection
                    .from_lon_lat(&mut points)
                    .map_err(|source| ExportError::Position { system: self.description.name.clone(), source })?;
            }
            Ok(points)
        };
        outline
            .iter()
            .map(|polygon| std::iter::once(&polygon.shell).chain(&polygon.holes).map(ring).collect())
            .collect()
    }
}

/// The eight decimals of the grid, without the noise of binary fractions.
fn round(degrees: f64) -> f64 {
    (degrees * 1e8).round() / 1e8
}

/// Grows a box of many shapes by that of one more.
pub(super) fn grow(whole: &mut Option<[f64; 4]>, own: [f64; 4]) {
    let [west, south, east, north] = whole.unwrap_or(own);
    *whole = Some([west.min(own[0]), south.min(own[1]), east.max(own[2]), north.max(own[3])]);
}

/// The box around rings: west, south, east, north; `None` around none.
pub(super) fn around(rings: &Rings) -> Option<[f64; 4]> {
    let mut points = rings.iter().flatten().flatten();
    let &[x, y] = points.next()?;
    Some(points.fold([x, y, x, y], |b, &[x, y]| [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)]))
}
