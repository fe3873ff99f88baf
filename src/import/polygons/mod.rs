//! Files of polygons with attributes, before anybody says what they are.
//!
//! 1. [`package`] finds the parts of a file: those beside it on the disk, or those in a zip;
//! 2. the register of [`formats`] tells what it is by its first bytes, and which layers it has; what is not read is named, with
//!    the way out;
//! 3. a layer is chosen by what it is wanted for ([`Purpose`]) and opened as [`Features`]: columns, coordinate system,
//!    attributes as text; shapes come last, into flat polygons, for the records that are kept.
//!
//! [`attributes`] hands the attributes over as a table, wherever a table is wanted.
//!
//! Each format is a file here and a row in the register.

mod attributes;
mod features;
mod flatgeobuf;
mod formats;
mod geojson;
mod geopackage;
mod geoparquet;
mod held;
mod package;
mod shapefile;
mod shapes;

pub use attributes::open_table;
pub use features::PolygonOptions;
pub(super) use features::{Features, TOLD};
pub(super) use formats::Purpose;
