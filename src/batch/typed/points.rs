//! The point geometry of a `GeoParquet` file (geoparquet.org, version 1.1): WKB, or a structure of x and y.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Schema};
use serde_json::Value;

use crate::batch::answer::Reason;
use crate::batch::question::Place;

/// Where the points are, and in which system.
#[derive(Debug, Clone)]
pub(super) struct Geometry {
    pub column: usize,
    pub crs: GeometryCrs,
}

/// The coordinate system of a geometry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GeometryCrs {
    /// Longitude and latitude: stated, or the default of the format.
    LonLat,
    /// A code such as `EPSG:32198`, or the whole PROJJSON where it has none.
    Named(String),
    /// Stated as unknown.
    Unknown,
}

/// Systems whose longitudes and latitudes are taken as they stand; see [`crate::import`] on datums.
const DEGREES: [&str; 6] = ["OGC:CRS84", "OGC:CRS83", "EPSG:4326", "EPSG:4269", "EPSG:4617", "EPSG:4979"];

impl Geometry {
    /// Reads the `geo` metadata; `None` where the file has no column of points.
    pub fn find(metadata: &str, schema: &Schema) -> Option<Self> {
        let geo: Value = serde_json::from_str(metadata).ok()?;
        let name = geo.get("primary_column")?.as_str()?;
        let about = geo.get("columns")?.get(name)?;
        let column = schema.index_of(name).ok()?;
        let encoding = about.get("encoding")?.as_str()?;
        let kinds = about.get("geometry_types").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let has_points =
            kinds.is_empty() || kinds.iter().any(|kind| kind.as_str().is_some_and(|kind| kind.starts_with("Point")));
        let readable = match schema.field(column).data_type() {
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => encoding == "WKB",
            DataType::Struct(fields) => encoding == "point" && fields.find("x").is_some() && fields.find("y").is_some(),
            _ => false,
        };
        (has_points && readable).then(|| Self { column, crs: crs_of(about.get("crs")) })
    }

    /// Where a row is; empty geometry is [`Place::Address`].
    pub fn place(&self, batch: &RecordBatch, row: usize) -> Place {
        match self.point(batch, row) {
            Ok(Some(point)) => Place::Point(point),
            Ok(None) => Place::Address(Reason::None),
            Err(reason) => Place::Bad(reason),
        }
    }

    pub fn point(&self, batch: &RecordBatch, row: usize) -> Result<Option<[f64; 2]>, Reason> {
        let array = batch.column(self.column);
        if array.is_null(row) {
            return Ok(None);
        }
        let point = match array.data_type() {
            DataType::Binary => wkb_point(array.as_binary::<i32>().value(row)),
            DataType::LargeBinary => wkb_point(array.as_binary::<i64>().value(row)),
            DataType::BinaryView => wkb_point(array.as_binary_view().value(row)),
            DataType::Struct(_) => {
                let parts = array.as_struct();
                let part = |name| {
                    let part = parts.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
                    part.is_valid(row).then(|| part.value(row))
                };
                part("x").zip(part("y")).map(|(x, y)| [x, y])
            }
            _ => None,
        };
        let point = point.ok_or(Reason::NotAPoint)?;
        // Not numbers stand for an empty point (ISO 19125).
        Ok(point.iter().all(|part| !part.is_nan()).then_some(point))
    }
}

fn crs_of(crs: Option<&Value>) -> GeometryCrs {
    let Some(crs) = crs else { return GeometryCrs::LonLat };
    if crs.is_null() {
        return GeometryCrs::Unknown;
    }
    let id = crs.get("id").and_then(|id| {
        let authority = id.get("authority")?.as_str()?;
        let code = id.get("code")?;
        let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
        Some(format!("{authority}:{code}"))
    });
    match id {
        Some(id) if DEGREES.contains(&id.as_str()) => GeometryCrs::LonLat,
        Some(id) => GeometryCrs::Named(id),
        None => GeometryCrs::Named(crs.to_string()),
    }
}

/// The first two ordinates of a point in well-known binary, ISO or extended.
fn wkb_point(bytes: &[u8]) -> Option<[f64; 2]> {
    let little = match bytes.first()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    let kind: [u8; 4] = bytes.get(1..5)?.try_into().ok()?;
    let kind = if little { u32::from_le_bytes(kind) } else { u32::from_be_bytes(kind) };
    let has_srid = kind & 0x2000_0000 != 0;
    let plain = kind & 0x1FFF_FFFF;
    if plain % 1000 != 1 || plain > 3001 {
        return None;
    }
    let from = if has_srid { 9 } else { 5 };
    let ordinate = |at: usize| {
        let bytes: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
        Some(if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    };
    Some([ordinate(from)?, ordinate(from + 8)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_in_either_order_and_dialect_and_nothing_else_is() {
        let body = |little: bool, kind: u32, srid: bool| {
            let mut bytes = vec![u8::from(little)];
            let mut put = |word: &[u8], turned: &[u8]| bytes.extend_from_slice(if little { word } else { turned });
            put(&kind.to_le_bytes(), &kind.to_be_bytes());
            if srid {
                put(&4326_u32.to_le_bytes(), &4326_u32.to_be_bytes());
            }
            for value in [-73.5_f64, 45.5, 12.0] {
                put(&value.to_le_bytes(), &value.to_be_bytes());
            }
            bytes
        };
        for little in [false, true] {
            for (kind, srid) in [(1, false), (1001, false), (0x8000_0001, false), (0x2000_0001, true), (3001, false)] {
                assert_eq!(wkb_point(&body(little, kind, srid)), Some([-73.5, 45.5]), "{kind}");
            }
            assert_eq!(wkb_point(&body(little, 2, false)), None);
            assert_eq!(wkb_point(&body(little, 1, false)[..20]), None);
        }
        assert_eq!(wkb_point(&[]), None);
        assert_eq!(wkb_point(&[7, 1, 0, 0, 0]), None);
    }
}
