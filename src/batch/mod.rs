//! Whole files: every row with its territory, or with the reason why not.
//!
//! 1. [`Job::open`] looks at the head of a stream, finds its dialect and its columns, and refuses what is no table before
//!    anything is written;
//! 2. [`Job::run`] cuts it into chunks of whole rows, answers them on as many threads as it is given, and hands the bytes to a
//!    [`Sink`] in order, in constant memory.
//!
//! The user's own bytes go through as they stand; columns are added at the end of each row. What is asked of the atlas is
//! asked through [`crate::resolve`], so that a row has the answer that the command line and HTTP give. Nothing here logs, and
//! no error holds a value of a row.

mod answer;
mod columnar;
mod columns;
mod dialect;
mod error;
mod input;
mod lines;
mod ordered;
mod part_file;
mod pipeline;
mod question;
mod render;
mod schema;
mod summary;
mod table;
mod tally;
#[cfg(feature = "batch")]
mod typed;
mod wide;

use std::io::{Cursor, Read};

pub use answer::{Method, Reason, Status};
pub use columnar::{Attacher, csv_of};
pub use columns::{Column, NamedColumns};
pub use dialect::Dialect;
pub use error::BatchError;
pub use input::{Source, with_source};
pub use part_file::{PartFile, check_output, fingerprint};
pub use pipeline::{Checkpoint, Sink};
pub use question::{FindProjector, SharedProjector};
pub use schema::table_schema;
pub use summary::{About, ColumnUse, Summary};
pub use tally::Tally;
#[cfg(feature = "batch")]
pub use typed::{
    ArrowConversion, ArrowJob, Conversion, FileKind, Opening, OutputKind, Ready, convert, convert_arrow,
    is_arrow_stream, kind_of,
};

use crate::catalogue::EditionSet;
use crate::domain::{Words, both};
use crate::resolve::MOST_UNCERTAINTY_M;
use answer::Answerer;
use columns::Inputs;
use lines::Lines;
use pipeline::{Rows, Work};
use question::Questions;
use render::{Renderer, Style};
use table::Table;
use wide::WideReader;

pub use crate::tables::Encoding;
use crate::tables::codes::trimmed;
use crate::tables::dialect::Dialect as Layout;
use crate::tables::split::{Splitter, unquoted};
use crate::tables::{ColumnsUsed, Kind};

/// What rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Delimited text with a header.
    #[default]
    Delimited,
    /// One JSON object a line.
    Ndjson,
}

/// How a file is read and answered.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that is typed")]
pub struct Options {
    /// What its rows are.
    pub format: Format,
    /// The columns that are added, in order.
    pub columns: Vec<Column>,
    /// Names of the columns that are read, where they are not the usual ones.
    pub named: NamedColumns,
    /// Stated error of positions, metres.
    pub uncertainty_m: Option<f64>,
    /// Its encoding, where it is known; a byte order mark knows better.
    pub encoding: Option<Encoding>,
    /// Its encoding, where the head is all ASCII and does not tell.
    pub later_encoding: Option<Encoding>,
    /// Whether the output is gzip.
    pub gzip: bool,
    /// What brings x and y to longitude and latitude.
    pub projector: Option<SharedProjector>,
    /// Number of the row that names the columns, from 1, rows that hold nothing not counted; found by itself otherwise.
    pub header_row: Option<u64>,
    /// Whether a row that is `ambiguous` has the codes of its best candidate.
    pub fill_ambiguous: bool,
    /// Whether positions are taken as they are, whatever the address of the row.
    pub trust_points: bool,
    /// Whether rows to review are handed to [`Sink::review`].
    pub review: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::Delimited,
            columns: Column::usual(),
            named: NamedColumns::default(),
            uncertainty_m: None,
            encoding: None,
            later_encoding: None,
            gzip: false,
            projector: None,
            header_row: None,
            fill_ambiguous: false,
            trust_points: false,
            review: false,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("format", &self.format).field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl Options {
    fn check(&self) -> Result<(), BatchError> {
        let value = self.uncertainty_m.filter(|value| !(0.0..=MOST_UNCERTAINTY_M).contains(value));
        value.map_or(Ok(()), |value| Err(BatchError::Uncertainty { value }))
    }
}

/// Bytes that a file is judged by.
const HEAD: usize = 256 << 10;

type Head<R> = std::io::Chain<Cursor<Vec<u8>>, R>;

/// A stream as rows are made of it.
enum Narrow<R> {
    Plain(Head<R>),
    Wide(WideReader<Head<R>>),
}

impl<R: Read> Read for Narrow<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Wide(reader) => reader.read(buffer),
        }
    }
}

/// A file that was found good, ready to be answered.
pub struct Job<'a, R> {
    work: Work<'a>,
    reader: Head<Narrow<R>>,
    /// What stands before the first row of the output.
    preamble: Vec<u8>,
    /// Bytes of the input before the first row.
    header: u64,
    /// What there is to say before work.
    notes: Vec<Words>,
}

impl<R> std::fmt::Debug for Job<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("work", &self.work).finish_non_exhaustive()
    }
}

fn read_head<R: Read>(reader: &mut R) -> Result<Vec<u8>, BatchError> {
    let mut head = Vec::with_capacity(HEAD);
    reader.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(BatchError::Read)?;
    Ok(head)
}

impl<'a, R: Read + Send> Job<'a, R> {
    /// Looks at the head of a stream and makes ready to answer its rows.
    ///
    /// # Errors
    /// [`BatchError`] for what is no table, has no usable column, or names what is not there.
    pub fn open(editions: &'a EditionSet, mut input: R, options: &Options) -> Result<Self, BatchError> {
        options.check()?;
        let answerer = Answerer::new(editions, options.uncertainty_m, options.fill_ambiguous);
        let head = read_head(&mut input)?;
        let kind = Kind::of_head(&head);
        if !matches!(kind, Kind::Text | Kind::Json) || (kind == Kind::Json && options.format == Format::Delimited) {
            return Err(not_a_table(kind));
        }
        let mut notes = Vec::new();
        let (encoding, mark) = find_encoding(&head, options, &mut notes);
        let mark_bytes = head[..mark].to_vec();
        let mut raw = Cursor::new(head);
        raw.set_position(mark as u64);
        let raw = raw.chain(input);
        let mut narrow = if encoding.is_wide() {
            Narrow::Wide(WideReader::new(raw, encoding == Encoding::UTF_16_LE))
        } else {
            Narrow::Plain(raw)
        };
        let head = read_head(&mut narrow)?;
        if head.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A)) {
            return Err(BatchError::Empty);
        }
        let clsc_counts = editions.views().map(|edition| edition.hierarchy.clsc_count()).collect();
        let (rows, header, names) = match options.format {
            Format::Ndjson => (open_lines(&head, options, answerer)?, 0, Vec::new()),
            Format::Delimited => open_table(&head, mark > 0, encoding, options, answerer, &mut notes)?,
        };
        let work = Work { rows, encoding, gzip: options.gzip, clsc_counts };
        let mut first = mark_bytes;
        if encoding.is_wide() {
            wide::to_wide(&names, encoding == Encoding::UTF_16_LE, &mut first);
        } else {
            first.extend_from_slice(&names);
        }
        let mut preamble = Vec::new();
        if !first.is_empty() {
            work.compress(&first, &mut preamble);
        }
        let mut read = Cursor::new(head);
        read.set_position(header as u64);
        Ok(Self { work, reader: read.chain(narrow), preamble, header: header as u64, notes })
    }

    /// Answers every row, on so many threads beside the calling one (with one, on the calling one alone).
    ///
    /// # Errors
    /// [`BatchError::Read`], [`BatchError::Write`] and [`BatchError::RowTooLong`]; a bad row is no error.
    pub fn run(mut self, workers: usize, sink: &mut dyn Sink) -> Result<Tally, BatchError> {
        let done = Checkpoint { input: self.header, tally: Tally::new(&self.work.clsc_counts) };
        let review = self.review_header();
        if !review.is_empty() {
            sink.review(&review).map_err(BatchError::Write)?;
        }
        sink.write(&std::mem::take(&mut self.preamble), &done).map_err(BatchError::Write)?;
        pipeline::run(self.reader, &self.work, workers, done, sink)
    }

    /// Goes on from where another run of the same job had come.
    ///
    /// # Errors
    /// As [`Self::run`]; [`BatchError::CanNotResume`] where the input ends before.
    pub fn resume(mut self, from: Checkpoint, workers: usize, sink: &mut dyn Sink) -> Result<Tally, BatchError> {
        let wanted = from.input.saturating_sub(self.header);
        let skipped = std::io::copy(&mut self.reader.by_ref().take(wanted), &mut std::io::sink());
        if skipped.map_err(BatchError::Read)? != wanted {
            return Err(BatchError::CanNotResume {
                why: both!(
                    "l'entrée est plus courte que ce qui en a été fait",
                    "the input is shorter than what was done of it"
                ),
            });
        }
        pipeline::run(self.reader, &self.work, workers, from, sink)
    }

    /// What stands before the first row to review.
    fn review_header(&self) -> Vec<u8> {
        let Rows::Table(table) = &self.work.rows else { return Vec::new() };
        let Some(renderer) = &table.review else { return Vec::new() };
        let mut narrow = Vec::new();
        for (place, name) in table.names.iter().enumerate() {
            narrow.extend((place > 0).then_some(table.dialect.separator));
            render::field(&mut narrow, name, table.dialect);
        }
        renderer.header(&mut narrow);
        narrow.push(b'\n');
        let encoding = table.dialect.encoding;
        let mut bytes = Vec::new();
        if encoding.is_wide() {
            bytes.extend_from_slice(if encoding == Encoding::UTF_16_LE { b"\xFF\xFE" } else { b"\xFE\xFF" });
            wide::to_wide(&narrow, encoding == Encoding::UTF_16_LE, &mut bytes);
        } else {
            if table.dialect.mark {
                bytes.extend_from_slice(b"\xEF\xBB\xBF");
            }
            bytes.append(&mut narrow);
        }
        bytes
    }

    /// Names of the columns of the input, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        match &self.work.rows {
            Rows::Table(table) => &table.names,
            Rows::Lines(lines) => &lines.names,
        }
    }

    /// What there is to say before work: titles above the header, an encoding that is not what it was said to be.
    #[must_use]
    pub fn notes(&self) -> &[Words] {
        &self.notes
    }

    /// Which columns are used, for what, and which are not.
    #[must_use]
    pub fn columns(&self) -> ColumnsUsed {
        match &self.work.rows {
            Rows::Table(table) => table.questions.inputs.used(&table.names),
            Rows::Lines(lines) => lines.questions.inputs.used(&lines.names),
        }
    }

    /// The dialect that was found; `None` for NDJSON.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        match &self.work.rows {
            Rows::Table(table) => Some(table.dialect),
            Rows::Lines(_) => None,
        }
    }
}

fn check_registry(inputs: &Inputs, answerer: &Answerer<'_>, names: &[String]) -> Result<(), BatchError> {
    if inputs.point.is_none() && !answerer.has_addresses() {
        return Err(BatchError::NoAddressRegistry { found: columns::listed(names) });
    }
    Ok(())
}

fn check_names(names: &[String], options: &Options) -> Result<(), BatchError> {
    let there = options.columns.iter().find(|column| names.iter().any(|name| name == column.name()));
    there.map_or(Ok(()), |column| Err(BatchError::AlreadyThere { name: column.name().to_owned() }))
}

fn open_lines<'a>(head: &[u8], options: &Options, answerer: Answerer<'a>) -> Result<Rows<'a>, BatchError> {
    let names = lines::names_of(head);
    if names.is_empty() {
        return Err(not_a_table(Kind::Text));
    }
    check_names(&names, options)?;
    let inputs = Inputs::find(&names, &options.named, options.projector.is_some(), false)?;
    check_registry(&inputs, &answerer, &names)?;
    let renderer = Renderer::new(options.columns.clone(), Style::Json, &answerer);
    let review = options.review.then(|| Renderer::new(Column::REVIEW.to_vec(), Style::Json, &answerer));
    let questions =
        Questions { answerer, inputs, projector: options.projector.clone(), trust_points: options.trust_points };
    Ok(Rows::Lines(Box::new(Lines { questions, renderer, review, names })))
}

/// The rows of a table, where its first one starts, and the bytes of its header with the added names.
fn open_table<'a>(
    head: &[u8],
    mark: bool,
    encoding: Encoding,
    options: &Options,
    answerer: Answerer<'a>,
    notes: &mut Vec<Words>,
) -> Result<(Rows<'a>, usize, Vec<u8>), BatchError> {
    let asked = options.named.all();
    let layout = Layout::of_head(head, &asked, options.header_row).ok_or_else(|| match options.header_row {
        Some(row) => BatchError::NoHeaderRow { row },
        None => BatchError::Empty,
    })?;
    if layout.titles > 0 {
        notes.push(both!(
            "{} lignes de titre au-dessus de l'en-tête passent telles quelles",
            "{} rows of titles above the header go through as they are",
            layout.titles
        ));
    }
    let separator = layout.separator;
    let plain = Dialect { encoding, mark, separator, decimal_comma: false };
    let rows = std::cell::RefCell::new(Vec::new());
    let (mut names, mut samples): (Vec<String>, Vec<Vec<Vec<u8>>>) = (Vec::new(), Vec::new());
    let mut is_header = true;
    let below = &head[layout.header_start..];
    Splitter::new(separator).fields(
        below,
        |_, from, to| rows.borrow_mut().push(unquoted(&below[from..to]).into_owned()),
        |_| {
            let fields: Vec<Vec<u8>> = rows.take();
            if is_header {
                names = fields.iter().map(|name| trimmed(&plain.decode(name)).to_owned()).collect();
                is_header = false;
            } else if samples.len() <= 100 {
                samples.push(fields);
            }
        },
    );
    let (content_end, end) = (layout.header_content_end, layout.header_end);
    check_names(&names, options)?;
    let inputs = Inputs::find(&names, &options.named, options.projector.is_some(), false)?;
    check_registry(&inputs, &answerer, &names)?;
    let fields = samples.iter().flatten().map(Vec::as_slice);
    let decimal_comma = match inputs.point {
        Some(point) => {
            let comma = |field: &Vec<u8>| field.contains(&b',') && !field.contains(&b'.');
            samples.iter().any(|row| point.iter().any(|&column| row.get(column).is_some_and(comma)))
                || (separator == b';' && dialect::has_decimal_commas(separator, fields))
        }
        None => dialect::has_decimal_commas(separator, fields),
    };
    let dialect = Dialect { decimal_comma, ..plain };
    let renderer = Renderer::new(options.columns.clone(), Style::Delimited(dialect), &answerer);
    let review = (options.review).then(|| Renderer::new(Column::REVIEW.to_vec(), Style::Delimited(dialect), &answerer));
    let questions =
        Questions { answerer, inputs, projector: options.projector.clone(), trust_points: options.trust_points };
    let mut bytes = head[..content_end].to_vec();
    renderer.header(&mut bytes);
    bytes.extend_from_slice(&head[content_end..end]);
    let slots = Table::slots_of(&questions, names.len());
    let table = Table { questions, renderer, review, dialect, width: names.len(), slots, names };
    Ok((Rows::Table(Box::new(table)), end, bytes))
}

/// The encoding of a file by its first bytes and what was said of it, and how many bytes its mark has.
fn find_encoding(head: &[u8], options: &Options, notes: &mut Vec<Words>) -> (Encoding, usize) {
    let found = Encoding::of_marks(head);
    if let Some((encoding, mark)) = found.filter(|&(_, mark)| mark > 0 || options.encoding.is_none()) {
        return (encoding, mark);
    }
    let of_bytes = dialect::encoding_of(head);
    match options.encoding {
        // Other encodings do not look like UTF-8 by chance.
        Some(asked) if of_bytes == Some(Encoding::UTF_8) && asked != Encoding::UTF_8 && !asked.is_wide() => {
            notes.push(both!(
                "l'encodage demandé est {}, mais les lettres accentuées sont de l'UTF-8 : lu comme UTF-8",
                "the encoding asked for is {}, but the accented letters are UTF-8: read as UTF-8",
                asked.name()
            ));
            (Encoding::UTF_8, 0)
        }
        Some(asked) => (asked, 0),
        None => (of_bytes.or(options.later_encoding).unwrap_or(Encoding::UTF_8), 0),
    }
}

fn not_a_table(kind: Kind) -> BatchError {
    let (what, way_out) = kind.words();
    BatchError::NotATable { what, way_out }
}
