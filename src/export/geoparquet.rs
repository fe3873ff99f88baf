//! `GeoParquet` 1.1 (geoparquet.org): Parquet whose `geo` metadata says where the outlines are, in well-known binary.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value as Json, json};

use super::format::{Edition, Format, Writer};
use super::system::{around, grow};
use super::{ExportError, Kind, Layer, Record, Value};
use crate::domain::Words;
use crate::files::Aside;
use crate::geometry::wkb;

pub(super) const FORMAT: Format = Format {
    word: "geoparquet",
    name: "GeoParquet",
    endings: &["parquet", "geoparquet"],
    outlines: true,
    writer: Writer::Files(write),
};

/// The column of outlines.
const GEOMETRY: &str = "geometry";

fn write(edition: Edition<'_>, layer: &Layer, name: &Path, _: &mut Vec<Words>) -> Result<Vec<Aside>, ExportError> {
    let mut whole: Option<[f64; 4]> = None;
    let mut outlines = Vec::with_capacity(layer.records.len());
    for record in &layer.records {
        let rings = edition.system.rings(&record.outline)?;
        outlines.push(around(&rings).map(|own| {
            grow(&mut whole, own);
            wkb::multi_polygon(&rings)
        }));
    }
    let mut aside = Aside::create(name)?;
    let failed =
        |source: parquet::errors::ParquetError| ExportError::Format { path: name.to_owned(), source: source.into() };
    let arrays = layer.fields.iter().enumerate().map(|(column, field)| (field.name, array(layer, column, field.kind)));
    let geometry: ArrayRef = Arc::new(BinaryArray::from_iter(outlines));
    let batch = RecordBatch::try_from_iter_with_nullable(
        arrays.chain([(GEOMETRY, geometry)]).map(|(name, array)| (name, array, true)),
    )
    .map_err(|error| failed(error.into()))?;
    let about = json!({ "edition": edition.header, "level": layer.level });
    let metadata = vec![
        KeyValue::new("geo".to_owned(), geo(edition, whole).to_string()),
        KeyValue::new("rattache".to_owned(), about.to_string()),
    ];
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
        .set_key_value_metadata(Some(metadata))
        .build();
    let mut writer = ArrowWriter::try_new(aside.file(), batch.schema(), Some(properties)).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    Ok(vec![aside])
}

fn array(layer: &Layer, column: usize, kind: Kind) -> ArrayRef {
    let values = layer.records.iter().map(|record: &Record| &record.values[column]);
    match kind {
        Kind::Text => {
            let texts = values.map(|value| match value {
                Value::Text(text) => Some(text.as_str()),
                Value::Whole(_) | Value::Number(_) => None,
            });
            Arc::new(texts.collect::<StringArray>())
        }
        Kind::Whole => {
            let whole = values.map(|value| match value {
                Value::Whole(whole) => whole.and_then(|whole| i64::try_from(whole).ok()),
                Value::Text(_) | Value::Number(_) => None,
            });
            Arc::new(whole.collect::<Int64Array>())
        }
        Kind::Number => {
            let numbers = values.map(|value| match value {
                Value::Number(number) => Some(*number),
                Value::Text(_) | Value::Whole(_) => None,
            });
            Arc::new(numbers.collect::<Float64Array>())
        }
    }
}

/// The `geo` metadata. Without a word about it, a file is in longitude and latitude of WGS 84.
fn geo(edition: Edition<'_>, whole: Option<[f64; 4]>) -> Json {
    let mut column = json!({
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon"],
        "orientation": "counterclockwise",
        "edges": "planar",
    });
    if let Some(whole) = whole {
        column["bbox"] = json!(whole);
    }
    if !edition.system.is_default()
        && let Ok(crs) = serde_json::from_str::<Json>(&edition.system.description().projjson)
    {
        column["crs"] = crs;
    }
    json!({ "version": "1.1.0", "primary_column": GEOMETRY, "columns": { GEOMETRY: column } })
}
