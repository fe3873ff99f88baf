//! `GeoParquet`: Parquet with a column of polygons in well-known binary, told by its metadata or by its type.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::LogicalType;
use std::fs::File;

use super::super::ImportError;
use super::formats::{Head, Opened, Purpose, StatedCrs, Wanted};
use super::held::{Held, HeldShape, number};
use super::package::{OnDisk, Package};
use crate::domain::{Words, both};
use crate::geometry::{ColumnFacts, GeoColumn, GeoCrs};
use crate::tables::TableError;
use crate::tables::guarded;

struct Open {
    builder: ParquetRecordBatchReaderBuilder<File>,
    /// None in a table without shapes.
    geometry: Option<GeoColumn>,
    _file: OnDisk,
}

fn broken(package: &Package, error: impl std::error::Error) -> ImportError {
    ImportError::Broken { path: package.shown(), format: "Parquet", reason: Words::same(error.to_string()) }
}

fn open_file(package: &Package, purpose: Purpose) -> Result<Open, ImportError> {
    let on_disk = package.on_disk()?;
    let file = File::open(on_disk.path())
        .map_err(|source| ImportError::Table(TableError::Unreadable { path: package.shown(), source }))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| broken(package, error))?;
    let found = geometry_of(&builder);
    if purpose == Purpose::Table {
        return Ok(Open { builder, geometry: found, _file: on_disk });
    }
    let geometry = found.ok_or_else(|| ImportError::NotRead {
        path: package.shown(),
        format: both!("du Parquet sans géométrie", "Parquet without geometry"),
        way: both!(
            "donnez du GeoParquet, ou un autre fichier de limites",
            "give GeoParquet, or another file of limits"
        ),
    })?;
    if geometry.encoding != "WKB" {
        return Err(ImportError::NotRead {
            path: package.shown(),
            format: both!(
                "du GeoParquet dont les formes sont en « {} »",
                "GeoParquet with its shapes as \"{}\"",
                geometry.encoding
            ),
            way: both!("écrivez-les en WKB", "write them as WKB"),
        });
    }
    Ok(Open { builder, geometry: Some(geometry), _file: on_disk })
}

fn geometry_of(builder: &ParquetRecordBatchReaderBuilder<File>) -> Option<GeoColumn> {
    let metadata = builder.metadata().file_metadata().key_value_metadata();
    let value = |key: &str| metadata?.iter().find(|entry| entry.key == key)?.value.clone();
    let columns = builder.parquet_schema().columns();
    let facts = builder.schema().fields().iter().map(|field| {
        let logical = columns.iter().find(|column| column.path().string() == *field.name()).and_then(|column| {
            match column.logical_type_ref()? {
                LogicalType::Geometry(geometry) => Some(geometry.crs.as_deref().unwrap_or("")),
                LogicalType::Geography(geography) => Some(geography.crs.as_deref().unwrap_or("")),
                _ => None,
            }
        });
        let about = |key: &str| field.metadata().get(key).map(String::as_str);
        ColumnFacts {
            name: field.name(),
            logical,
            extension: about("ARROW:extension:name"),
            about: about("ARROW:extension:metadata"),
        }
    });
    GeoColumn::find(facts, value)
}

/// One layer.
pub(super) fn layers(package: &Package, purpose: Purpose) -> Result<Vec<Head>, ImportError> {
    unharmed(package, || heads(package, purpose))
}

/// Opens it.
pub(super) fn open(package: &Package, wanted: Wanted<'_>) -> Result<Opened, ImportError> {
    unharmed(package, || read(package, wanted))
}

/// What the reader gives, also where the bytes of the file make it panic.
fn unharmed<T>(package: &Package, work: impl FnOnce() -> Result<T, ImportError>) -> Result<T, ImportError> {
    guarded(work).unwrap_or_else(|_| {
        let reason = both!("ce qu'il dit de lui-même n'a pas de sens", "what it says of itself makes no sense");
        Err(ImportError::Broken { path: package.shown(), format: "Parquet", reason })
    })
}

fn heads(package: &Package, purpose: Purpose) -> Result<Vec<Head>, ImportError> {
    let Open { builder, geometry, .. } = open_file(package, purpose)?;
    let names = builder.schema().fields().iter().map(|field| field.name().clone());
    let is_shape = |name: &String| geometry.as_ref().is_some_and(|geometry| geometry.name == *name);
    Ok(vec![Head { name: package.stem(), columns: names.filter(|name| !is_shape(name)).collect() }])
}

fn read(package: &Package, wanted: Wanted<'_>) -> Result<Opened, ImportError> {
    let Open { builder, geometry, _file } = open_file(package, wanted.purpose)?;
    let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let place = match &geometry {
        None => None,
        Some(geometry) => {
            let found = names.iter().position(|name| *name == geometry.name);
            Some(found.ok_or_else(|| ImportError::Broken {
                path: package.shown(),
                format: "GeoParquet",
                reason: both!(
                    "il n'a pas la colonne « {} » qu'il annonce",
                    "it lacks the column \"{}\" that it states",
                    geometry.name
                ),
            })?)
        }
    };
    let attributes = names.iter().enumerate().filter(|(column, _)| Some(*column) != place);
    let mut held = Held { columns: attributes.map(|(_, name)| name.clone()).collect(), ..Held::default() };
    let is_table = wanted.purpose == Purpose::Table;
    for batch in builder.build().map_err(|error| broken(package, error))? {
        let batch = batch.map_err(|error| broken(package, error))?;
        let columns = batch.columns().iter().enumerate().filter(|(column, _)| Some(*column) != place);
        let mut columns: Vec<_> = columns.map(|(_, array)| texts(array).into_iter()).collect();
        for row in 0..batch.num_rows() {
            held.rows.push(columns.iter_mut().map(|column| column.next().unwrap_or_default()).collect());
            let shape = place.filter(|_| !is_table).map(|place| shape(batch.column(place), row));
            held.shapes.push(shape.unwrap_or(HeldShape::Null));
        }
    }
    let crs = match geometry.map(|geometry| geometry.crs) {
        Some(GeoCrs::LonLat) => StatedCrs::LonLat,
        Some(GeoCrs::Named(crs)) => StatedCrs::Named(crs),
        None | Some(GeoCrs::Unknown) => StatedCrs::Unknown,
    };
    Ok(Opened { held, crs, note: None })
}

fn shape(array: &ArrayRef, row: usize) -> HeldShape {
    if array.is_null(row) {
        return HeldShape::Null;
    }
    match array.data_type() {
        DataType::Binary => HeldShape::of_wkb(array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => HeldShape::of_wkb(array.as_binary::<i64>().value(row)),
        DataType::BinaryView => HeldShape::of_wkb(array.as_binary_view().value(row)),
        other => HeldShape::Broken(both!("elle est de la sorte {other}", "it is of the type {other}")),
    }
}

/// Values as text; empty for null and for what no attribute is kept as.
fn texts(array: &ArrayRef) -> Vec<String> {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let values = texts(dictionary.values());
        let keys = dictionary.normalized_keys().into_iter().enumerate();
        let value = |(row, key): (usize, usize)| {
            if array.is_null(row) { None } else { values.get(key).cloned() }
        };
        return keys.map(|place| value(place).unwrap_or_default()).collect();
    }
    (0..array.len()).map(|row| if array.is_null(row) { String::new() } else { text(array, row) }).collect()
}

fn text(array: &ArrayRef, row: usize) -> String {
    macro_rules! whole {
        ($kind:ty) => {
            array.as_primitive::<$kind>().value(row).to_string()
        };
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => array.as_string_view().value(row).to_owned(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => whole!(UInt64Type),
        DataType::Float32 => number(f64::from(array.as_primitive::<Float32Type>().value(row))),
        DataType::Float64 => number(array.as_primitive::<Float64Type>().value(row)),
        _ => String::new(),
    }
}
