//! Point geometry: WKB, or a structure of x and y, told by the metadata of `GeoParquet` or by the column's type.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Schema};

use crate::batch::answer::Reason;
use crate::batch::question::Place;
use crate::geometry::wkb::{self, Wkb};
use crate::geometry::{ColumnFacts, GeoColumn, GeoCrs};

/// Where the points are, and in which system.
#[derive(Debug, Clone)]
pub(in crate::batch) struct Geometry {
    pub column: usize,
    pub crs: GeoCrs,
}

impl Geometry {
    /// Finds it; `None` where there is no column of points. `logical` gives the system of a column whose file's own types call
    /// it geometry, empty for the default; `metadata` the file's own values by their keys.
    pub fn find<'t>(
        schema: &'t Schema,
        logical: impl Fn(&str) -> Option<&'t str>,
        metadata: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let facts = schema.fields().iter().map(|field| {
            let about = |key: &str| field.metadata().get(key).map(String::as_str);
            ColumnFacts {
                name: field.name(),
                logical: logical(field.name()),
                extension: about("ARROW:extension:name"),
                about: about("ARROW:extension:metadata"),
            }
        });
        let found = GeoColumn::find(facts, metadata)?;
        let column = schema.index_of(&found.name).ok()?;
        let readable = match schema.field(column).data_type() {
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => found.encoding == "WKB",
            DataType::Struct(fields) => {
                found.encoding == "point" && fields.find("x").is_some() && fields.find("y").is_some()
            }
            _ => false,
        };
        (found.may_hold("Point") && readable).then_some(Self { column, crs: found.crs })
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
        let of_wkb = |bytes: &[u8]| match wkb::read(bytes) {
            Ok(Wkb::Point(point)) => Ok(Some(point)),
            Ok(Wkb::Empty) => Ok(None),
            _ => Err(Reason::NotAPoint),
        };
        match array.data_type() {
            DataType::Binary => of_wkb(array.as_binary::<i32>().value(row)),
            DataType::LargeBinary => of_wkb(array.as_binary::<i64>().value(row)),
            DataType::BinaryView => of_wkb(array.as_binary_view().value(row)),
            DataType::Struct(_) => {
                let parts = array.as_struct();
                let part = |name| {
                    let part = parts.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
                    part.is_valid(row).then(|| part.value(row))
                };
                let point = part("x").zip(part("y")).map(|(x, y)| [x, y]).ok_or(Reason::NotAPoint)?;
                // Not numbers stand for an empty point (ISO 19125).
                Ok(point.iter().all(|part| !part.is_nan()).then_some(point))
            }
            _ => Err(Reason::NotAPoint),
        }
    }
}
