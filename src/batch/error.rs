//! What stops a whole file. A bad row never does: it gets its status and reason.

use crate::domain::Words;

/// Why a file was not answered, or not to its end. Never holds a value of a row.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The file can not be read.
    #[error("\"{name}\" can not be read: check its name and rights")]
    Input {
        /// The file, without its folder.
        name: String,
        /// The cause.
        source: std::io::Error,
    },
    /// Reading broke off on the way.
    #[error("the input could not be read to its end")]
    Read(#[source] std::io::Error),
    /// Writing broke off on the way.
    #[error("the output could not be written: check the free space and rights; --resume goes on from there")]
    Write(#[source] std::io::Error),
    /// The same of an output that can not be gone on with.
    #[error("the output could not be written and was removed: check the free space and rights, then start again")]
    WriteWhole(#[source] std::io::Error),
    /// Nothing in it.
    #[error("the input is empty: expected a header and rows below it")]
    Empty,
    /// Bytes that are no text.
    #[error("the input is not a table: expected text in columns (CSV), gzip or zip of it, or NDJSON")]
    NotATable,
    /// A row that has no end.
    #[error("row {row} is longer than {most} bytes: is it a table? check the quotes and the line ends")]
    RowTooLong {
        /// Its number, from 1.
        row: u64,
        /// The most that is taken.
        most: usize,
    },
    /// No column tells where a row is.
    #[error(
        "no usable column: found {found}; expected latitude and longitude, x and y with --crs, an address or a postal code; name them with --lat-column, --lon-column, --address-column..."
    )]
    NoUsableColumn {
        /// The columns there are.
        found: String,
    },
    /// A column that was asked for is not there.
    #[error("no column \"{wanted}\": found {found}")]
    UnknownColumn {
        /// The name as given.
        wanted: String,
        /// The columns there are.
        found: String,
    },
    /// Two columns have the same name, and one of them is asked for.
    #[error("column \"{name}\" stands several times: rename one of {found}")]
    RepeatedColumn {
        /// The name.
        name: String,
        /// The columns there are.
        found: String,
    },
    /// Another job writes the same output.
    #[error("\"{}\" is being written by another job: wait for its end, or choose another output", path.display())]
    Busy {
        /// The file on its way.
        path: std::path::PathBuf,
    },
    /// Half of a pair.
    #[error("column {have} has no companion: expected {want} too; found {found}")]
    HalfAPair {
        /// What is there.
        have: &'static str,
        /// What is missing.
        want: &'static str,
        /// The columns there are.
        found: String,
    },
    /// Projected coordinates without their system.
    #[error("x and y need their coordinate system: state it with --crs, such as EPSG:32198; found {found}")]
    CrsMissing {
        /// The columns there are.
        found: String,
    },
    /// Only addresses, and an atlas that has none.
    #[error(
        "the file has addresses ({found}) and this atlas has no address registry: build one with addresses, or give coordinates"
    )]
    NoAddressRegistry {
        /// The columns there are.
        found: String,
    },
    /// It was answered already.
    #[error("column \"{name}\" is there already: remove it, or choose other columns with --columns")]
    AlreadyThere {
        /// The column.
        name: String,
    },
    /// An unknown output column.
    #[error("unknown output column \"{wanted}\": expected some of {known}")]
    UnknownOutput {
        /// The name as given.
        wanted: String,
        /// Those there are.
        known: String,
    },
    /// An error of position that makes no sense.
    #[error(
        "uncertainty_m \"{value}\" is not usable: expected metres from 0 to {}",
        crate::resolve::MOST_UNCERTAINTY_M
    )]
    Uncertainty {
        /// The value as given.
        value: f64,
    },
    /// A zip without a table, or with several.
    #[error("\"{name}\" holds {found}: expected a zip of one table (.csv, .tsv, .txt, .ndjson)")]
    Zip {
        /// The file.
        name: String,
        /// The tables there are.
        found: String,
    },
    /// A zip that can not be read.
    #[error("\"{name}\" is not a zip that can be read")]
    BadZip {
        /// The file.
        name: String,
        /// The cause.
        source: Box<zip::result::ZipError>,
    },
    /// A kind of file that is known and not read.
    #[error("\"{name}\": {kind} files are not read; save as Excel (.xlsx) or CSV UTF-8, and give the file by its name")]
    Unsupported {
        /// The file.
        name: String,
        /// What it is.
        kind: Words,
    },
    /// A workbook that can not be read.
    #[error("\"{name}\" is not an Excel workbook that can be read ({what}): open it in Excel and save it again")]
    BadWorkbook {
        /// The file.
        name: String,
        /// What is wrong, without its values.
        what: Words,
    },
    /// A sheet that is not there.
    #[error("no sheet \"{wanted}\": found {found}")]
    NoSheet {
        /// The name as given.
        wanted: String,
        /// The sheets there are.
        found: String,
    },
    /// A sheet of what has none.
    #[error("--sheet goes with an Excel workbook (.xlsx), and the input is none")]
    NoSheets,
    /// A Parquet file that can not be read.
    #[error(
        "\"{name}\" is not a Parquet file that can be read: expected one packed with snappy or zstd, or not at all"
    )]
    BadParquet {
        /// The file.
        name: String,
        /// The cause.
        source: Box<parquet::errors::ParquetError>,
    },
    /// Geometry in a coordinate system that is not understood.
    #[error(
        "the coordinate system of the geometry in \"{name}\" is not understood: state it with --crs, such as EPSG:32198"
    )]
    GeometryCrs {
        /// The file.
        name: String,
    },
    /// More rows than Excel holds.
    #[error(
        "more than {most} rows, which is the most that an Excel sheet holds: write .csv or .parquet, or split the file"
    )]
    TooManyRows {
        /// The most, without the header.
        most: u64,
    },
    /// More columns than Excel holds.
    #[error("{columns} columns with those added, and an Excel sheet holds 16384: choose fewer with --columns")]
    TooManyColumns {
        /// How many there would be.
        columns: usize,
    },
    /// A text longer than Excel holds.
    #[error("row {row} has a text longer than the 32767 letters that an Excel cell holds: write .csv or .parquet")]
    CellTooLong {
        /// Its number among the rows, from 1.
        row: u64,
    },
    /// Values that the kind of the output has no room for.
    #[error("column \"{column}\" holds {kind}, for which {to} has no room: write .parquet")]
    NoRoomFor {
        /// The column.
        column: String,
        /// What it holds.
        kind: String,
        /// The kind of the output.
        to: Words,
    },
    /// A pair of kinds that is not served.
    #[error("{from} can not be written as {to}: choose {choose}")]
    Conversion {
        /// Kind of the input.
        from: Words,
        /// Kind of the output.
        to: Words,
        /// What can be.
        choose: Words,
    },
    /// What was done half cannot be gone on with.
    #[error("{why}: start again without --resume")]
    CanNotResume {
        /// Why.
        why: Words,
    },
    /// Input and output are one file.
    #[error("the output would replace the input: choose another name")]
    SameFile,
}
