//! What can stop an import: one enum, each message with the value, the place and the fix.

use crate::domain::{HierarchyError, Words};
use crate::tables::TableError;

/// Why a file could not be taken in.
///
/// Only what makes the whole file useless stands here; a bad row is a [`Finding`](crate::domain::Finding).
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A table or another file that can not be read as what it should be.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The extension is none that is read.
    #[error("\"{path}\" is neither {expected}")]
    UnknownFormat {
        /// The path as given.
        path: String,
        /// The formats that are read, for people.
        expected: Words,
    },
    /// A file that must stand beside another does not.
    #[error("\"{path}\" lacks its companion \"{companion}\": {fix}")]
    MissingCompanion {
        /// The path as given.
        path: String,
        /// The file that is missing.
        companion: String,
        /// What to do.
        fix: Words,
    },
    /// Not a shapefile at all, whatever its name.
    #[error("\"{path}\" is no shapefile: expected the .shp of an ESRI shapefile")]
    NotShapefile {
        /// The path as given.
        path: String,
    },
    /// A shape that can not be decoded.
    #[error("the shape of record {record} of \"{path}\" can not be decoded, {reason}: copy the whole file again")]
    BadShape {
        /// The path as given.
        path: String,
        /// Record number, from 1.
        record: u64,
        /// What is wrong with it.
        reason: Words,
    },
    /// A file of a known kind that is not read.
    #[error("\"{path}\" is not read, it is {format}: {way}")]
    NotRead {
        /// The path as given.
        path: String,
        /// What it is.
        format: Words,
        /// What to do.
        way: Words,
    },
    /// A zip or gzip file that can not be unpacked.
    #[error("\"{path}\" can not be unpacked: copy the whole file again")]
    BadArchive {
        /// The path as given.
        path: String,
        /// What the library says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More than is read.
    #[error("\"{path}\" is too large: {what}")]
    TooLarge {
        /// The path as given.
        path: String,
        /// What is too large.
        what: Words,
    },
    /// A `GeoPackage` that can not be read.
    #[error("\"{path}\" can not be read as a GeoPackage: copy the whole file again")]
    BadDatabase {
        /// The path as given.
        path: String,
        /// What the library says.
        source: Box<rusqlite::Error>,
    },
    /// A file that is not as its format wants it.
    #[error("\"{path}\" is no sound {format}, {reason}: copy the whole file again")]
    Broken {
        /// The path as given.
        path: String,
        /// The format.
        format: &'static str,
        /// What is wrong with it.
        reason: Words,
    },
    /// No coordinate system is stated.
    #[error("\"{path}\" does not say its coordinate system: state it, such as EPSG:3347")]
    NoCrs {
        /// The path as given.
        path: String,
    },
    /// Several layers of which none is the better one.
    #[error("\"{path}\" holds several layers, {found}: name the one that is meant")]
    SeveralLayers {
        /// The path as given.
        path: String,
        /// The layers there are, in quotes.
        found: String,
    },
    /// The layer asked for is not there.
    #[error("\"{path}\" has no layer \"{layer}\": it has {found}")]
    UnknownLayer {
        /// The path as given.
        path: String,
        /// The layer asked for.
        layer: String,
        /// The layers there are, in quotes.
        found: String,
    },
    /// Points or lines where surfaces were expected.
    #[error("record {record} of \"{path}\" is a {found}: expected polygons")]
    NotPolygon {
        /// The path as given.
        path: String,
        /// Record number, from 1.
        record: u64,
        /// What it is.
        found: String,
    },
    /// The shapes and their attributes do not pair.
    #[error(
        "\"{path}\" holds {shapes} shapes but its .dbf {rows} rows: the two do not belong together, copy both again"
    )]
    CountMismatch {
        /// The path of the .shp.
        path: String,
        /// Shapes in the .shp.
        shapes: usize,
        /// Rows in the .dbf.
        rows: usize,
    },
    /// Not GeoJSON, or not a collection of features.
    #[error("\"{path}\" is no GeoJSON: expected a FeatureCollection, or a Feature a line")]
    NotGeoJson {
        /// The path as given.
        path: String,
        /// What the parser says, with line and column.
        source: Box<serde_json::Error>,
    },
    /// No known library reads that coordinate system.
    #[error(
        "\"{definition}\" is no coordinate system that can be read: expected ESRI WKT, a code such as \"EPSG:3347\" or a PROJ string"
    )]
    UnknownCrs {
        /// The beginning of the definition.
        definition: String,
        /// What the library says.
        reason: String,
    },
    /// The coordinate system that a file states, or that was stated for it, will not do.
    #[error("the coordinate system of \"{path}\" can not be used")]
    CrsOfFile {
        /// The path as given.
        path: String,
        /// Why not.
        source: Box<ImportError>,
    },
    /// A system whose geographic base is not one of those taken as equal.
    #[error(
        "coordinate system \"{crs}\" stands on the datum \"{datum}\": only NAD83, NAD83(CSRS) and WGS 84 are read; convert the file to EPSG:3347 or EPSG:4326 first"
    )]
    UnsupportedDatum {
        /// Name of the coordinate system.
        crs: String,
        /// Its datum.
        datum: String,
    },
    /// Neither projected nor in degrees on two axes.
    #[error("coordinate system \"{crs}\" is a {kind}: expected a projected one, or a geographic one in degrees")]
    UnsupportedCrs {
        /// Name of the coordinate system.
        crs: String,
        /// What it is.
        kind: Words,
    },
    /// Coordinates that can not be in the system that the file states.
    #[error(
        "\"{path}\" has the coordinates {x}, {y}, which can not be in \"{crs}\": give the right coordinate system, such as EPSG:{hint}"
    )]
    CoordinatesDoNotFit {
        /// The path as given.
        path: String,
        /// First coordinate.
        x: f64,
        /// Second coordinate.
        y: f64,
        /// Name of the coordinate system.
        crs: String,
        /// A code to try.
        hint: u32,
    },
    /// The RUISSS is an attribute of its own, not a prefix.
    #[error(
        "\"{path}\" has no RUISSS column (RUIS_code or RUISSS_code): it has {found}; add one, the RUISSS of a CLSC can not be derived from its code"
    )]
    RuisssUnknown {
        /// The path as given.
        path: String,
        /// The columns there are, in quotes.
        found: String,
    },
    /// The addresses can not be compiled.
    #[error("the addresses of \"{path}\" can not be compiled")]
    Addresses {
        /// The path as given.
        path: String,
        /// Why not.
        source: crate::address::AddressError,
    },
    /// Plane coordinates of addresses can not be brought to degrees.
    #[error("the coordinates of the addresses of \"{path}\" can not be read: name their system with --address-crs")]
    AddressPositions {
        /// The path as given.
        path: String,
        /// Why not.
        source: crate::geometry::ProjectionError,
    },
    /// The rows were read, but make no hierarchy.
    #[error("the rows of \"{path}\" make no hierarchy")]
    Hierarchy {
        /// The path as given.
        path: String,
        /// Why not.
        source: HierarchyError,
    },
}
