//! Foreign bytes to domain: files of polygons (shapefile, `GeoPackage`, `FlatGeobuf`, `GeoParquet`, `GeoJSON`), tables, coordinate systems.
//!
//! The only user of `proj`, `flatgeobuf` and `geojson`. It writes nothing. What makes a file
//! useless is an [`ImportError`]; what is wrong with a row is a [`Finding`](crate::domain::Finding), so that one run
//! tells everything there is to mend.
//!
//! - [`read_units`], [`read_territories`], [`read_areas`]: polygon files.
//! - [`read_attachments`] then [`attach`]: which CLSC each unit goes to.
//! - [`read_hierarchy`], [`read_population`], [`read_installations`]: the other tables.
//! - [`read_addresses`]: registers of addresses, streamed.
//! - [`Crs`], [`Projection`]: coordinates.
//!
//! Tables are read through [`crate::tables`]; [`open_table`] reads the attributes of files of polygons and of Parquet so, too.

mod addresses;
mod areas;
mod attach;
mod attachments;
mod crs;
mod error;
mod french;
mod hierarchy;
mod installations;
mod polygons;
mod population;
mod units;

pub use addresses::{AddressColumns, AddressColumnsError, AddressPart, AddressesFile, read_addresses};
pub use areas::{AreasFile, OutlinesFile, read_areas, read_outlines};
pub use attach::{Attached, attach};
pub use attachments::{AttachmentColumns, AttachmentRow, AttachmentsFile, read_attachments};
pub use crs::{Crs, Projection};
pub use error::ImportError;
pub use hierarchy::{HierarchyFile, HierarchyNames, read_hierarchy};
pub use installations::{InstallationNames, InstallationsFile, read_installations};
pub use polygons::{PolygonOptions, open_table};
pub use population::{PopulationColumns, PopulationFile, read_population};
pub use units::{AttributeColumn, TerritoriesFile, UnitsFile, read_territories, read_units};
