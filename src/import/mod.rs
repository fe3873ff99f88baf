//! Foreign bytes to domain: shapefiles, GeoJSON, tables, coordinate systems.
//!
//! The only user of `proj`, `shapefile` and of the reading half of `geojson`. It writes nothing. What makes a file
//! useless is an [`ImportError`]; what is wrong with a row is a [`Finding`](crate::domain::Finding), so that one run
//! tells everything there is to mend.

mod columns;
mod crs;
mod dbf;
mod error;
mod table;
mod text;

pub use crs::{Crs, Projection};
pub use error::ImportError;
pub use table::{Row, Table};
