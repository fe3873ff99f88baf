//! Files whose values have types: Excel workbooks and Parquet, in and out, and from one kind to another.
//!
//! 1. [`kind_of`] tells a file's kind by its first bytes, [`OutputKind::of_name`] what a name asks for;
//! 2. [`convert`] looks at the whole of a workbook's sheet, or at the metadata of a Parquet file, and refuses what can not be
//!    served before anything is written;
//! 3. rows are read in pieces, answered on as many threads as it is given, and written in order by a `Target`.
//!
//! Rows are asked about by the questions of delimited text, so the same values have the same answers. Output stands under
//! its final name only when it is whole; it can not be gone on with half-way, as both formats have their tables at the end.

mod arrow_stream;
mod output;
mod parquet_groups;
mod parquet_out;
mod sheet_cells;
mod sheet_copy;
mod sheet_in;
mod sheet_new;
mod sources;
mod text;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;

pub use arrow_stream::{ArrowConversion, ArrowJob, convert_arrow, is_arrow_stream};

use super::answer::{Answer, Reason};
use super::columnar::{self, Geometry};
use super::question::FindProjector;
use super::tally::Tally;
use super::{BatchError, Options};
use crate::catalogue::EditionSet;
use crate::domain::Words;
use crate::tables::cell::Cell;
use crate::tables::{ColumnsUsed, Kind};

/// Rows that are worked on together.
const ROWS: usize = 4096;

/// What a file is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Text, or gzip or zip of it.
    Text,
    /// An Excel workbook (`.xlsx`, `.xlsm`).
    Workbook,
    /// A workbook of another sort (`.xls`, `.ods`): read, not written.
    OtherWorkbook,
    /// Parquet, with or without point geometry.
    Parquet,
    /// An Arrow IPC stream.
    Arrow,
}

/// What an output is to be, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// Text.
    Text,
    /// An Excel workbook.
    Workbook,
    /// Parquet.
    Parquet,
    /// An Arrow IPC stream.
    Arrow,
}

impl OutputKind {
    /// By the end of a name; text without one.
    #[must_use]
    pub fn of_name(path: Option<&Path>) -> Self {
        let name = path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let ends = |list: &[&str]| list.iter().any(|end| name.ends_with(end));
        if ends(&[".xlsx", ".xlsm"]) {
            Self::Workbook
        } else if ends(&[".parquet", ".geoparquet", ".pq"]) {
            Self::Parquet
        } else if ends(&[".arrows"]) {
            Self::Arrow
        } else {
            Self::Text
        }
    }
}

/// Tells what a file is by its first bytes; what can not be read twice is text.
///
/// # Errors
/// [`BatchError::Input`].
pub fn kind_of(path: &Path) -> Result<FileKind, BatchError> {
    let name = name_of(path);
    let failed = |source| BatchError::Input { name: name.clone(), source };
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Ok(FileKind::Text);
    }
    let mut first = Vec::new();
    File::open(path).and_then(|file| file.take(4096).read_to_end(&mut first)).map_err(failed)?;
    if is_arrow_stream(&first) {
        return Ok(FileKind::Arrow);
    }
    Ok(match Kind::of_head(&first) {
        Kind::Parquet => FileKind::Parquet,
        Kind::OldOffice => FileKind::OtherWorkbook,
        Kind::Zip => match zip_kind(path, &name) {
            Kind::Workbook => FileKind::Workbook,
            Kind::OpenDocument => FileKind::OtherWorkbook,
            _ => FileKind::Text,
        },
        _ => FileKind::Text,
    })
}

/// What a zip is by its members.
fn zip_kind(path: &Path, name: &str) -> Kind {
    sheet_copy::archive(path, name).map_or(Kind::Zip, |zip| {
        let names: Vec<String> = zip.file_names().flatten().map(Cow::into_owned).collect();
        Kind::of_zip(names.iter().map(String::as_str))
    })
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// What every value of a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum ColumnKind {
    #[default]
    Nothing,
    Bool,
    Number,
    Day,
    Moment,
    Text,
}

impl ColumnKind {
    /// What it is with one more value.
    fn with(self, cell: &Cell) -> Self {
        let other = match cell {
            Cell::Empty => return self,
            Cell::Text(_) => Self::Text,
            Cell::Number(_) | Cell::Numeral(_) => Self::Number,
            Cell::Bool(_) => Self::Bool,
            Cell::Day(_) => Self::Day,
            Cell::Moment(_) => Self::Moment,
        };
        match (self, other) {
            (Self::Nothing, other) => other,
            (Self::Day | Self::Moment, Self::Day | Self::Moment) if self != other => Self::Moment,
            (one, other) if one == other => one,
            _ => Self::Text,
        }
    }
}

/// A row of cells.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    /// Its number in the sheet, from 1.
    number: u64,
    cells: Vec<Cell>,
    /// Why it is no good, whatever it holds.
    flaw: Option<Reason>,
}

/// Rows that are worked on together.
#[derive(Debug)]
enum Chunk {
    Rows(Vec<Row>),
    Batch(RecordBatch, Option<Arc<Geometry>>),
}

impl Chunk {
    fn len(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.len(),
            Self::Batch(batch, _) => batch.num_rows(),
        }
    }

    fn cell(&self, row: usize, column: usize) -> Cow<'_, Cell> {
        match self {
            Self::Rows(rows) => rows[row].cells.get(column).map_or(Cow::Owned(Cell::Empty), Cow::Borrowed),
            Self::Batch(batch, geometry) => columnar::cell(batch, geometry.as_deref(), row, column),
        }
    }

    fn flaw(&self, row: usize) -> Option<Reason> {
        match self {
            Self::Rows(rows) => rows[row].flaw,
            Self::Batch(..) => None,
        }
    }
}

/// Takes rows with their answers, in order.
trait Target {
    fn write(&mut self, chunk: &Chunk, answers: &[Answer<'_>]) -> Result<(), BatchError>;
    /// Writes what stands after the rows.
    fn finish(self: Box<Self>) -> Result<(), BatchError>;
}

/// A file to answer from one kind to another.
#[derive(Clone, Copy)]
pub struct Conversion<'o> {
    /// The file.
    pub input: &'o Path,
    /// What it is.
    pub from: FileKind,
    /// The sheet of a workbook; its first without a name.
    pub sheet: Option<&'o str>,
    /// What is written.
    pub to: OutputKind,
    /// Where; text goes to standard output without a name.
    pub output: Option<&'o Path>,
    /// Where rows to review go, as CSV.
    pub review: Option<&'o Path>,
    /// How rows are answered.
    pub options: &'o Options,
    /// What brings the geometry of a file to longitude and latitude.
    pub find_projector: FindProjector<'o>,
    /// Threads that answer.
    pub workers: usize,
}

impl std::fmt::Debug for Conversion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversion").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}

/// What is known of a file before work.
#[derive(Debug, Clone)]
pub struct Opening<'o> {
    /// What there is to say.
    pub notes: &'o [Words],
    /// Names of its columns.
    pub names: &'o [String],
    /// Which of them are used.
    pub columns: ColumnsUsed,
    /// Whether numbers are written with decimal commas.
    pub decimal_comma: bool,
}

/// Hears what is known of a file before work.
pub type Ready<'r> = &'r mut dyn FnMut(&Opening<'_>);

/// Answers a file that comes or goes as a workbook or as Parquet. `tell` hears how many rows are done, of how many.
///
/// A workbook is held in memory as far as the texts that its cells share; everything else in pieces of 4,096 rows (a few for
/// each worker) and, for Parquet, the row group under way.
///
/// # Errors
/// [`BatchError`]; a bad row is no error.
pub fn convert(
    editions: &EditionSet,
    asked: &Conversion<'_>,
    out: &mut dyn Write,
    ready: Ready<'_>,
    tell: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Tally, BatchError> {
    sources::check_pair(asked)?;
    let done = match asked.from {
        FileKind::Workbook | FileKind::OtherWorkbook => sources::from_workbook(editions, asked, out, (ready, tell)),
        FileKind::Parquet => sources::from_parquet(editions, asked, out, (ready, tell)),
        FileKind::Text | FileKind::Arrow => sources::from_text(editions, asked, (ready, tell)),
    };
    done.map_err(|error| match error {
        BatchError::Write(cause) => BatchError::WriteWhole(cause),
        other => other,
    })
}
