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
mod columns;
mod dialect;
mod error;
mod input;
mod lines;
mod number;
mod ordered;
mod part_file;
mod pipeline;
mod question;
mod render;
mod split;
mod summary;
mod table;
mod tally;
mod typed;
mod wide;

use std::io::{Cursor, Read};

pub use answer::{Method, Reason, Status};
pub use columns::{Column, NamedColumns};
pub use dialect::{Dialect, Encoding};
pub use error::BatchError;
pub use input::{Source, with_source};
pub use part_file::{PartFile, fingerprint};
pub use pipeline::{Checkpoint, Sink};
pub use question::SharedProjector;
pub use summary::Summary;
pub use tally::Tally;
pub use typed::{Conversion, FileKind, FindProjector, OutputKind, convert, kind_of};

use crate::catalogue::EditionSet;
use crate::domain::both;
use crate::resolve::MOST_UNCERTAINTY_M;
use answer::Answerer;
use columns::Inputs;
use lines::Lines;
use pipeline::{Rows, Work};
use question::Questions;
use render::{Renderer, Style};
use split::Splitter;
use table::Table;
use wide::WideReader;

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
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::Delimited,
            columns: Column::ALL.to_vec(),
            named: NamedColumns::default(),
            uncertainty_m: None,
            encoding: None,
            later_encoding: None,
            gzip: false,
            projector: None,
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
        let answerer = Answerer::new(editions, options.uncertainty_m);
        let head = read_head(&mut input)?;
        let (found, mark) = Encoding::of_head(&head);
        let encoding = if mark > 0 { found } else { options.encoding.or(found) }
            .or(options.later_encoding)
            .unwrap_or(Encoding::Utf8);
        let mark_bytes = head[..mark].to_vec();
        let mut raw = Cursor::new(head);
        raw.set_position(mark as u64);
        let raw = raw.chain(input);
        let mut narrow = if encoding.is_wide() {
            Narrow::Wide(WideReader::new(raw, encoding == Encoding::Utf16Le))
        } else {
            Narrow::Plain(raw)
        };
        let head = read_head(&mut narrow)?;
        if head.trim_ascii().is_empty() {
            return Err(BatchError::Empty);
        }
        if head.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)) {
            return Err(BatchError::NotATable);
        }
        let clsc_counts = editions.views().map(|edition| edition.hierarchy.clsc_count()).collect();
        let (rows, header, names) = match options.format {
            Format::Ndjson => (open_lines(&head, options, answerer)?, 0, Vec::new()),
            Format::Delimited => open_table(&head, mark > 0, encoding, options, answerer)?,
        };
        let work = Work { rows, encoding, gzip: options.gzip, clsc_counts };
        let mut first = mark_bytes;
        if encoding.is_wide() {
            wide::to_wide(&names, encoding == Encoding::Utf16Le, &mut first);
        } else {
            first.extend_from_slice(&names);
        }
        let mut preamble = Vec::new();
        if !first.is_empty() {
            work.compress(&first, &mut preamble);
        }
        let mut read = Cursor::new(head);
        read.set_position(header as u64);
        Ok(Self { work, reader: read.chain(narrow), preamble, header: header as u64 })
    }

    /// Answers every row, on so many threads beside the calling one (with one, on the calling one alone).
    ///
    /// # Errors
    /// [`BatchError::Read`], [`BatchError::Write`] and [`BatchError::RowTooLong`]; a bad row is no error.
    pub fn run(mut self, workers: usize, sink: &mut dyn Sink) -> Result<Tally, BatchError> {
        let done = Checkpoint { input: self.header, tally: Tally::new(&self.work.clsc_counts) };
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
        return Err(BatchError::NotATable);
    }
    check_names(&names, options)?;
    let inputs = Inputs::find(&names, &options.named, options.projector.is_some(), false)?;
    check_registry(&inputs, &answerer, &names)?;
    let renderer = Renderer::new(options.columns.clone(), Style::Json, &answerer);
    let questions = Questions { answerer, inputs, projector: options.projector.clone() };
    Ok(Rows::Lines(Box::new(Lines { questions, renderer, names })))
}

/// The rows of a table, where its first one starts, and the bytes of its header with the added names.
fn open_table<'a>(
    head: &[u8],
    mark: bool,
    encoding: Encoding,
    options: &Options,
    answerer: Answerer<'a>,
) -> Result<(Rows<'a>, usize, Vec<u8>), BatchError> {
    let terminator = dialect::find_terminator(head);
    let (stated, skipped) = stated_separator(head, terminator);
    let separator = stated.unwrap_or_else(|| dialect::find_separator(head, terminator));
    let splitter = Splitter { separator, terminator };
    let (mut names, mut samples, mut header) = (Vec::new(), Vec::new(), None);
    let mut fields: Vec<Vec<u8>> = Vec::new();
    let rows = std::cell::RefCell::new(&mut fields);
    splitter.fields(
        &head[skipped..],
        |_, from, to| rows.borrow_mut().push(split::unquoted(&head[skipped + from..skipped + to]).into_owned()),
        |record| {
            let fields = std::mem::take(&mut **rows.borrow_mut());
            if record.content_end == record.start || samples.len() > 100 {
                return;
            }
            if header.is_none() {
                header = Some((skipped + record.content_end, skipped + record.end));
                names = fields.iter().map(|name| encoding.decode(name).trim().to_owned()).collect();
            } else {
                samples.push(fields);
            }
        },
    );
    let (content_end, end) = header.ok_or(BatchError::Empty)?;
    check_names(&names, options)?;
    let inputs = Inputs::find(&names, &options.named, options.projector.is_some(), false)?;
    check_registry(&inputs, &answerer, &names)?;
    let decimal_comma = inputs.point.is_some_and(|point| {
        let comma = |field: &Vec<u8>| field.contains(&b',') && !field.contains(&b'.');
        samples.iter().any(|row| point.iter().any(|&column| row.get(column).is_some_and(comma)))
    });
    let dialect = Dialect { encoding, mark, separator, terminator, decimal_comma };
    let renderer = Renderer::new(options.columns.clone(), Style::Delimited(dialect), &answerer);
    let questions = Questions { answerer, inputs, projector: options.projector.clone() };
    let mut bytes = head[..content_end].to_vec();
    renderer.header(&mut bytes);
    bytes.extend_from_slice(&head[content_end..end]);
    let slots = Table::slots_of(&questions, names.len());
    let table = Table { questions, renderer, dialect, width: names.len(), slots, names };
    Ok((Rows::Table(Box::new(table)), end, bytes))
}

/// The separator that a first line such as `sep=;` states, and where the line after it starts.
fn stated_separator(head: &[u8], terminator: u8) -> (Option<u8>, usize) {
    let end = head.iter().position(|&byte| byte == terminator).map_or(head.len(), |at| at + 1);
    match head[..end].trim_ascii_end() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => (Some(*separator), end),
        // A tab is white space itself.
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] if head.get(4) == Some(&b'\t') => (Some(b'\t'), end),
        _ => (None, 0),
    }
}
