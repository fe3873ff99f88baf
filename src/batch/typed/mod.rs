//! Files whose values have types: Excel workbooks and Parquet, in and out, and from one kind to another.
//!
//! 1. [`kind_of`] tells a file's kind by its first bytes, [`OutputKind::of_name`] what a name asks for;
//! 2. [`convert`] looks at the whole of a workbook's sheet, or at the metadata of a Parquet file, and refuses what can not be
//!    served before anything is written;
//! 3. rows are read in pieces, answered on as many threads as it is given, and written in order by a `Target`.
//!
//! Rows are asked about by the questions of delimited text, so the same values have the same answers. Output stands under
//! its final name only when it is whole; it can not be gone on with half-way, as both formats have their tables at the end.

mod arrow_cells;
mod cell;
mod parquet_out;
mod points;
mod sheet_cells;
mod sheet_copy;
mod sheet_in;
mod sheet_new;
mod text;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use flate2::write::GzEncoder;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::errors::ParquetError;

use super::answer::{Answer, Answerer, Reason};
use super::columns::Inputs;
use super::pipeline::{Chunks, Rows as Lines, Work};
use super::question::{Place, Questions, SharedProjector};
use super::render::{Renderer, Style};
use super::table::class_of;
use super::tally::Tally;
use super::{BatchError, Format, Job, Options, ordered, with_source};
use crate::atlas::Atlas;
use cell::Cell;
use parquet_out::ParquetTarget;
use points::{Geometry, GeometryCrs};
use sheet_copy::CopyTarget;
use sheet_new::{BookTarget, check_room};
use text::{TextTarget, plain_dialect, rows_of};

/// Rows that are worked on together.
const ROWS: usize = 4096;

/// What a file is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Text, or gzip or zip of it.
    Text,
    /// An Excel workbook (`.xlsx`, `.xlsm`).
    Workbook,
    /// Parquet, with or without point geometry.
    Parquet,
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
    File::open(path).and_then(|file| file.take(4).read_to_end(&mut first)).map_err(failed)?;
    Ok(match &first[..] {
        b"PAR1" => FileKind::Parquet,
        b"PK\x03\x04" => {
            let is_book =
                sheet_copy::archive(path, &name).is_ok_and(|zip| zip.index_for_name("xl/workbook.xml").is_some());
            if is_book { FileKind::Workbook } else { FileKind::Text }
        }
        _ => FileKind::Text,
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
            Self::Batch(batch, Some(geometry)) if geometry.column == column => {
                let point = geometry.point(batch, row).ok().flatten();
                Cow::Owned(point.map_or(Cell::Empty, |[x, y]| Cell::Text(format!("POINT ({x} {y})"))))
            }
            Self::Batch(batch, _) => Cow::Owned(arrow_cells::cell(batch.column(column).as_ref(), row)),
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

/// A file that has its final name only once it is whole; removed where it does not come to that.
struct Pending {
    path: PathBuf,
    part: PathBuf,
    file: File,
    whole: bool,
}

impl Pending {
    fn create(path: &Path) -> Result<Self, BatchError> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(BatchError::Write)?;
        Ok(Self { path: path.to_owned(), part, file, whole: false })
    }

    fn finish(mut self) -> Result<(), BatchError> {
        self.file.sync_all().and_then(|()| fs::rename(&self.part, &self.path)).map_err(BatchError::Write)?;
        self.whole = true;
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.whole {
            // The error that led here is the one to tell.
            fs::remove_file(&self.part).ok();
        }
    }
}

/// Makes the projector of a coordinate system, by code or by definition.
pub type FindProjector<'o> = &'o dyn Fn(&str) -> Option<SharedProjector>;

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

/// Answers a file that comes or goes as a workbook or as Parquet. `tell` hears how many rows are done, of how many.
///
/// A workbook is held in memory as far as the texts that its cells share; everything else in pieces of 4,096 rows (a few for
/// each worker) and, for Parquet, the row group under way.
///
/// # Errors
/// [`BatchError`]; a bad row is no error.
pub fn convert(
    atlas: &Atlas,
    asked: &Conversion<'_>,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Tally, BatchError> {
    check_pair(asked)?;
    match asked.from {
        FileKind::Workbook => from_workbook(atlas, asked, out, tell),
        FileKind::Parquet => from_parquet(atlas, asked, out, tell),
        FileKind::Text => from_text(atlas, asked, tell),
    }
}

/// Refuses names that promise what is not served.
fn check_pair(asked: &Conversion<'_>) -> Result<(), BatchError> {
    let ends = |path: &Path, list: &[&str]| {
        let name = name_of(path).to_ascii_lowercase();
        list.iter().any(|end| name.ends_with(end))
    };
    let lines = asked.output.is_some_and(|path| ends(path, &[".ndjson", ".jsonl", ".json", ".zip", ".xls", ".ods"]));
    let macros = asked.output.is_some_and(|path| ends(path, &[".xlsm"]));
    // A workbook with macros says so in its parts, which its name has to agree with.
    let has_macros = asked.from == FileKind::Workbook && ends(asked.input, &[".xlsm"]);
    let unlike =
        asked.to == OutputKind::Workbook && macros != has_macros && (macros || asked.from == FileKind::Workbook);
    if lines || unlike {
        let from = match asked.from {
            FileKind::Text => "text",
            FileKind::Workbook => "Excel",
            FileKind::Parquet => "Parquet",
        };
        let choose = if has_macros {
            "an output that ends in .csv, .xlsm or .parquet"
        } else {
            "an output that ends in .csv, .xlsx or .parquet"
        };
        return Err(BatchError::Conversion { from, to: "a file of that name", choose });
    }
    Ok(())
}

fn open_questions<'a>(
    atlas: &'a Atlas,
    options: &Options,
    names: &[String],
    geometry: Option<(&Geometry, Option<SharedProjector>)>,
) -> Result<Questions<'a>, BatchError> {
    options.check()?;
    let answerer = Answerer::new(atlas, &options.edition, options.uncertainty_m)?;
    super::check_names(names, options)?;
    let mut inputs = Inputs::find(names, &options.named, options.projector.is_some(), geometry.is_some())?;
    let mut projector = options.projector.clone();
    if let Some((_, own)) = geometry {
        inputs.projected = own.is_some();
        projector = own;
    } else {
        super::check_registry(&inputs, &answerer, names)?;
    }
    Ok(Questions { answerer, inputs, projector })
}

/// The answers to rows, and their counts.
fn answer_chunk<'a>(questions: &Questions<'a>, clsc_counts: &[usize], chunk: &Chunk) -> (Vec<Answer<'a>>, Tally) {
    let mut tally = Tally::new(clsc_counts);
    let mut answers = Vec::with_capacity(chunk.len());
    for row in 0..chunk.len() {
        let (edition, answer) = match (chunk.flaw(row), chunk) {
            (Some(reason), _) => questions.bad(reason),
            (None, Chunk::Batch(batch, Some(geometry))) => {
                let place = match geometry.place(batch, row) {
                    Place::Address if !questions.inputs.has_address() => Place::Bad(Reason::NoValue),
                    place => place,
                };
                questions.answer(Some(place), |column| chunk.cell(row, column).text().into_owned())
            }
            (None, _) => questions.answer(None, |column| chunk.cell(row, column).text().into_owned()),
        };
        tally.row(edition, class_of(questions, edition, &answer).map(usize::from), &answer);
        answers.push(answer);
    }
    (answers, tally)
}

struct Flow<'f, 'a> {
    atlas: &'a Atlas,
    questions: &'f Questions<'a>,
    workers: usize,
    total: Option<u64>,
    tell: &'f mut dyn FnMut(u64, Option<u64>),
}

impl Flow<'_, '_> {
    fn run<Piece: Send>(
        self,
        next: impl FnMut() -> Result<Option<Piece>, BatchError> + Send,
        chunk_of: impl Fn(Piece) -> Chunk + Sync,
        mut target: Box<dyn Target + '_>,
    ) -> Result<Tally, BatchError> {
        let clsc_counts: Vec<usize> = self.atlas.editions().map(|edition| edition.hierarchy.clsc_count()).collect();
        let mut all = Tally::new(&clsc_counts);
        let work = |(): &mut (), piece: Piece| {
            let chunk = chunk_of(piece);
            let (answers, tally) = answer_chunk(self.questions, &clsc_counts, &chunk);
            (chunk, answers, tally)
        };
        ordered::run(self.workers, next, work, |(chunk, answers, tally)| {
            target.write(&chunk, &answers)?;
            all.add(&tally);
            (self.tell)(all.rows, self.total);
            Ok(())
        })?;
        target.finish()?;
        Ok(all)
    }
}

fn text_target<'o>(
    asked: &Conversion<'_>,
    pending: Option<&Pending>,
    out: &'o mut dyn Write,
    names: &[String],
    questions: &Questions<'_>,
) -> Result<Box<dyn Target + 'o>, BatchError> {
    let tabs = asked.output.is_some_and(|path| {
        let name = name_of(path).to_ascii_lowercase();
        name.strip_suffix(".gz").unwrap_or(&name).ends_with(".tsv")
    });
    let dialect = plain_dialect(if tabs { b'\t' } else { b',' });
    let renderer = Renderer::new(asked.options.columns.clone(), Style::Delimited(dialect), &questions.answerer);
    let out: Box<dyn Write + 'o> = match pending {
        None => Box::new(out),
        Some(pending) => {
            let file = std::io::BufWriter::with_capacity(1 << 18, copy_of(pending)?);
            if asked.options.gzip {
                Box::new(GzEncoder::new(file, flate2::Compression::fast()))
            } else {
                Box::new(file)
            }
        }
    };
    Ok(Box::new(TextTarget::new(out, names, renderer, dialect)?))
}

fn copy_of(pending: &Pending) -> Result<File, BatchError> {
    pending.file.try_clone().map_err(BatchError::Write)
}

/// The file that is written; there is none for text to standard output.
fn pending(asked: &Conversion<'_>) -> Result<Option<Pending>, BatchError> {
    asked.output.map(Pending::create).transpose()
}

fn needs_name() -> BatchError {
    BatchError::Conversion { from: "a stream", to: "Excel or Parquet", choose: "a file name with -o" }
}

fn from_workbook(
    atlas: &Atlas,
    asked: &Conversion<'_>,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Tally, BatchError> {
    let name = name_of(asked.input);
    let columns = asked.options.columns.clone();
    let (mut book, sheet) = sheet_in::open(asked.input, &name, asked.sheet)?;
    let survey = sheet_in::Rows::new(&mut book, &sheet, &name)?.survey()?;
    let questions = open_questions(atlas, asked.options, &survey.names, None)?;
    let mut rows = sheet_in::Rows::new(&mut book, &sheet, &name)?;
    rows.next()?;
    let (mut own, part);
    let pending;
    let target: Box<dyn Target + '_> = match asked.to {
        OutputKind::Workbook => {
            check_room(survey.width + columns.len(), survey.rows)?;
            own = sheet_copy::archive(asked.input, &name)?;
            part = sheet_copy::find_part(&mut own, &sheet, &name)?;
            let whole = sheet_copy::archive(asked.input, &name)?;
            pending = self::pending(asked)?;
            let file = copy_of(pending.as_ref().ok_or_else(needs_name)?)?;
            Box::new(CopyTarget::new(whole, &mut own, part, file, columns, survey.clone(), &name)?)
        }
        OutputKind::Parquet => {
            pending = self::pending(asked)?;
            let file = copy_of(pending.as_ref().ok_or_else(needs_name)?)?;
            Box::new(ParquetTarget::of_cells(file, &survey.names, survey.kinds.clone(), columns)?)
        }
        OutputKind::Text => {
            pending = self::pending(asked)?;
            text_target(asked, pending.as_ref(), out, &survey.names, &questions)?
        }
    };
    let flow = Flow { atlas, questions: &questions, workers: asked.workers, total: Some(survey.rows), tell };
    let tally = flow.run(|| rows.next_chunk(), |chunk| chunk, target)?;
    pending.map_or(Ok(()), Pending::finish)?;
    Ok(tally)
}

fn from_parquet(
    atlas: &Atlas,
    asked: &Conversion<'_>,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Tally, BatchError> {
    let name = name_of(asked.input);
    let refused = |source: ParquetError| BatchError::BadParquet { name: name.clone(), source: Box::new(source) };
    let file = File::open(asked.input).map_err(|source| BatchError::Input { name: name.clone(), source })?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(refused)?;
    let schema = Arc::clone(builder.schema());
    let about = builder.metadata().file_metadata();
    let rows = u64::try_from(about.num_rows()).unwrap_or_default();
    let metadata = about.key_value_metadata().cloned().unwrap_or_default();
    let mut compression = Compression::SNAPPY;
    for column in builder.metadata().row_groups().iter().flat_map(|group| group.columns()) {
        match column.compression() {
            Compression::SNAPPY => {}
            same @ (Compression::UNCOMPRESSED | Compression::ZSTD(_)) => compression = same,
            other => {
                let packed = format!("packed with {other:?}").to_lowercase();
                return Err(refused(ParquetError::NYI(packed)));
            }
        }
    }
    let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let named = &asked.options.named;
    let columns_named = [&named.lat, &named.lon, &named.x, &named.y].into_iter().any(Option::is_some);
    let geo = metadata.iter().find(|entry| entry.key == "geo").and_then(|entry| entry.value.as_deref());
    let geometry = geo.and_then(|geo| Geometry::find(geo, &schema)).filter(|_| !columns_named).map(Arc::new);
    let projector = match geometry.as_ref().map(|geometry| &geometry.crs) {
        None | Some(GeometryCrs::LonLat) => None,
        Some(GeometryCrs::Named(crs)) => {
            Some((asked.find_projector)(crs).ok_or_else(|| BatchError::GeometryCrs { name: name.clone() })?)
        }
        Some(GeometryCrs::Unknown) => {
            Some(asked.options.projector.clone().ok_or_else(|| BatchError::GeometryCrs { name: name.clone() })?)
        }
    };
    let of_geometry = geometry.as_deref().map(|geometry| (geometry, projector));
    let questions = open_questions(atlas, asked.options, &names, of_geometry)?;
    if asked.to != OutputKind::Parquet {
        let is_point = |column: usize| geometry.as_ref().is_some_and(|geometry| geometry.column == column);
        let mut fields = schema.fields().iter().enumerate();
        if let Some((_, field)) =
            fields.find(|(column, field)| !is_point(*column) && !arrow_cells::has_cell(field.data_type()))
        {
            let to = if asked.to == OutputKind::Text { "CSV" } else { "Excel" };
            let kind = field.data_type().to_string();
            return Err(BatchError::NoRoomFor { column: field.name().clone(), kind, to });
        }
    }
    let columns = asked.options.columns.clone();
    let mut reader = builder.with_batch_size(ROWS).build().map_err(refused)?;
    let pending;
    let target: Box<dyn Target + '_> = match asked.to {
        OutputKind::Workbook => {
            check_room(names.len() + columns.len(), rows)?;
            pending = self::pending(asked)?;
            let file = copy_of(pending.as_ref().ok_or_else(needs_name)?)?;
            Box::new(BookTarget::new(file, &names, columns, Some(rows))?)
        }
        OutputKind::Parquet => {
            pending = self::pending(asked)?;
            let file = copy_of(pending.as_ref().ok_or_else(needs_name)?)?;
            // The writer makes this one itself, for the columns that there are then.
            let metadata = metadata.into_iter().filter(|entry| entry.key != "ARROW:schema").collect();
            Box::new(ParquetTarget::of_schema(file, &schema, metadata, compression, columns)?)
        }
        OutputKind::Text => {
            pending = self::pending(asked)?;
            text_target(asked, pending.as_ref(), out, &names, &questions)?
        }
    };
    let flow = Flow { atlas, questions: &questions, workers: asked.workers, total: Some(rows), tell };
    let next = || {
        let batch = reader.next().transpose();
        batch.map_err(|error| BatchError::BadParquet {
            name: name_of(asked.input),
            source: Box::new(ParquetError::ArrowError(error.to_string())),
        })
    };
    let tally = flow.run(next, |batch| Chunk::Batch(batch, geometry.clone()), target)?;
    pending.map_or(Ok(()), Pending::finish)?;
    Ok(tally)
}

fn from_text(
    atlas: &Atlas,
    asked: &Conversion<'_>,
    tell: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Tally, BatchError> {
    let open = |source: &super::Source| {
        let mut options = asked.options.clone();
        options.later_encoding = source.encoding;
        // The bytes of rows are wanted as they are, and are packed by what is written.
        options.gzip = false;
        if source.format == Format::Ndjson {
            options.format = Format::Ndjson;
        }
        options
    };
    let input = (asked.input != Path::new("-")).then_some(asked.input);
    let mut total = None;
    if input.is_some() && asked.to == OutputKind::Workbook {
        // Counted first, so that nothing is written of a file that has no room.
        total = Some(with_source(input, |source, reader| {
            let job = Job::open(atlas, reader, &open(source))?;
            let mut count = 0;
            let mut chunks = Chunks::new(job.reader, &job.work);
            let splitter = job.work.splitter();
            let mut spare = Vec::new();
            while let Some(chunk) = chunks.next(spare)? {
                splitter.records(&chunk, |record| count += u64::from(record.content_end > record.start));
                check_room(0, count)?;
                spare = chunk;
            }
            Ok(count)
        })?);
    }
    with_source(input, |source, reader| {
        let job = Job::open(atlas, reader, &open(source))?;
        let Work { rows: Lines::Table(table), .. } = &job.work else {
            let to = if asked.to == OutputKind::Workbook { "Excel" } else { "Parquet" };
            return Err(BatchError::Conversion { from: "NDJSON", to, choose: "an output that ends in .ndjson" });
        };
        let names = &table.names;
        let columns = asked.options.columns.clone();
        if asked.to == OutputKind::Workbook {
            check_room(names.len() + columns.len(), 0)?;
        }
        let pending = pending(asked)?.ok_or_else(needs_name)?;
        let file = copy_of(&pending)?;
        let target: Box<dyn Target> = match asked.to {
            OutputKind::Workbook => Box::new(BookTarget::new(file, names, columns, total)?),
            _ => {
                let kinds = vec![ColumnKind::Text; names.len()];
                Box::new(ParquetTarget::of_cells(file, names, kinds, columns)?)
            }
        };
        let flow = Flow { atlas, questions: &table.questions, workers: asked.workers, total, tell };
        let mut chunks = Chunks::new(job.reader, &job.work);
        let tally =
            flow.run(|| chunks.next(Vec::new()), |bytes: Vec<u8>| Chunk::Rows(rows_of(table, &bytes)), target)?;
        pending.finish()?;
        Ok(tally)
    })
}
