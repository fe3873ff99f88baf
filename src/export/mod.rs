//! Territories and units as files for others: `GeoJSON`, CSV, shapefile, `GeoPackage`, `GeoParquet`.
//!
//! 1. [`Layer::of`] makes the rows of a level: their columns and their outlines, the same for every format;
//! 2. [`CoordinateSystem`] says in which system positions are written: longitude and latitude of WGS 84 unless another is
//!    asked for;
//! 3. a [`Format`], chosen by its word or by the ending of a name, writes layers to a stream or to files beside their names.
//!
//! **One rule for coordinates.** NAD83, NAD83(CSRS) and WGS 84 are taken as equal, as at the import: the numbers of an atlas
//! are written unchanged under any of the three names. Every format says the same one: WGS 84 (EPSG:4326), the only one that
//! `GeoJSON` has. Who lays an export over files in NAD83, in a program that moves points between the two, asks for EPSG:4269, or
//! for the projected system of those files.
//!
//! Each format is a file here and a row of [`FORMATS`]. `GeoJSON` is also what the server writes ([`geojson::write_feature`]).

mod csv;
mod dbf;
mod error;
mod format;
pub mod geojson;
mod geopackage;
mod geoparquet;
mod layer;
mod parquet_table;
mod shapefile;
mod system;

pub use csv::write_rows;
pub use error::ExportError;
pub use format::{Edition, FORMATS, Format, Output, Writer, write};
pub use layer::{Field, Kind, Layer, Record, Value, id_field, territory_fields};
pub use parquet_table::parquet_of;
pub use system::CoordinateSystem;
