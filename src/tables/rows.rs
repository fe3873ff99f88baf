//! A table in memory: delimited text, a workbook's sheet or dBase, row by row with the line that each row really stands on.
//!
//! Encoding, separator, quotes, titles above the header and packing (gzip, a zip of one table) are found by themselves. A
//! `.dbf` or a workbook may stand wherever a CSV may.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::TableError;
use super::cell::Cell;
use super::codes::{find_id, trimmed};
use super::columns::Columns;
use super::dbf::{Dbf, read_cpg};
use super::dialect::{Dialect, find_header};
use super::encoding::decode;
use super::file::{file_name, shown, unreadable};
use super::recognise::Kind;
use super::split::{Splitter, after_returns, unquoted};
use super::synonyms::{AREA, BLOCK, CLSC, DGUID, DIVISION, PLAIN_UNIT, SUBDIVISION, TRACT};
use super::workbook::{Book, BookFault};
use crate::domain::{Finding, FindingKind, Severity, Words, both};

/// The most bytes that a packed table may hold once unpacked.
const MOST_UNPACKED: u64 = 2 << 30;

/// What a reader is told of a table beforehand.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// Label of its encoding.
    pub encoding: Option<&'a str>,
    /// Sheet of a workbook.
    pub sheet: Option<&'a str>,
    /// Number of the row that names the columns, from 1, rows that hold nothing not counted; found by itself otherwise.
    pub header_row: Option<u64>,
    /// Names of columns that the caller wants, which show where the header is.
    pub names: &'a [&'a str],
}

/// A table in memory, with its columns known.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    file: String,
    content: Content,
    pub(crate) columns: Columns,
    findings: Vec<Finding>,
}

#[derive(Debug)]
enum Content {
    /// A text, its separator, where the first row below the header starts and on which line that is.
    Text {
        text: String,
        separator: u8,
        start: usize,
        line: u64,
    },
    /// Number and texts of each row below the header.
    Sheet(Vec<(u64, Vec<String>)>),
    Dbf(Box<Dbf>),
}

/// Why a row is not as its table wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A quote is opened and not closed; the row is cut at its line's end.
    UnclosedQuote,
    /// Another number of fields than the header.
    Ragged,
}

/// One row and where it stands.
#[derive(Debug, Clone, Default)]
pub struct Row {
    line: u64,
    text: String,
    ends: Vec<usize>,
    flaw: Option<Flaw>,
}

impl Row {
    /// Line in the file (record number for a dBase table, row of a sheet), from 1; for a row over several lines, the first.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// A value without surrounding blanks; empty where the row is too short.
    #[must_use]
    pub fn field(&self, column: usize) -> &str {
        trimmed(self.get(column).unwrap_or(""))
    }

    /// A value as it stands; `None` where the row is too short.
    #[must_use]
    pub fn get(&self, column: usize) -> Option<&str> {
        let end = *self.ends.get(column)?;
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..end])
    }

    /// How many fields it has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.ends.len()
    }

    /// What is wrong with it as a row.
    #[must_use]
    pub fn flaw(&self) -> Option<Flaw> {
        self.flaw
    }

    /// Whether its fields can not be told apart, so that some may stand under the wrong column.
    fn is_broken(&self, width: usize) -> bool {
        let extra = || (width..self.width()).any(|column| !self.field(column).is_empty());
        match self.flaw {
            None => false,
            Some(Flaw::UnclosedQuote) => self.width() != width,
            Some(Flaw::Ragged) => extra(),
        }
    }

    /// Whether no field holds anything: what spreadsheets leave at the end.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        trimmed(&self.text).is_empty()
    }

    fn push(&mut self, field: &str) {
        self.text.push_str(field);
        self.ends.push(self.text.len());
    }

    fn clear(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.ends.clear();
        self.flaw = None;
    }
}

impl Table {
    /// Opens a table: its kind is told by its first bytes.
    ///
    /// Rows that are not as the header wants them are told once, here.
    ///
    /// # Errors
    /// [`TableError`] where the file is missing, empty, no table, has no row, or is cut short.
    pub fn open(path: &Path, encoding: Option<&str>) -> Result<Self, TableError> {
        Self::open_with(path, &ReadOptions { encoding, ..ReadOptions::default() })
    }

    /// The same, with more said beforehand.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(path: &Path, options: &ReadOptions<'_>) -> Result<Self, TableError> {
        let bytes = std::fs::read(path).map_err(|source| unreadable(path, source))?;
        Self::of_bytes(bytes, path, options)
    }

    /// A table of bytes; `path` names them in messages, and a `.dbf` by its extension has its `.cpg` beside it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn of_bytes(bytes: Vec<u8>, path: &Path, options: &ReadOptions<'_>) -> Result<Self, TableError> {
        let mut table = Self::unchecked(bytes, path, options, 0)?;
        table.check_rows()?;
        Ok(table)
    }

    fn unchecked(bytes: Vec<u8>, path: &Path, options: &ReadOptions<'_>, depth: u8) -> Result<Self, TableError> {
        if bytes.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A)) {
            return Err(TableError::EmptyFile { path: shown(path) });
        }
        let named_dbf = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("dbf"));
        let kind = Kind::of_head(&bytes[..bytes.len().min(4096)]);
        match kind {
            _ if named_dbf && depth == 0 => Self::of_dbf_bytes(bytes, path, options),
            Kind::Dbf => Self::of_dbf_bytes(bytes, path, options),
            Kind::Text => Self::of_text(bytes, path, options),
            Kind::Gzip if depth < 2 => Self::unchecked(unpacked(&bytes, path)?, path, options, depth + 1),
            Kind::Zip if depth < 2 => Self::of_zip(bytes, path, options, depth),
            Kind::OldOffice => Self::of_book(bytes, kind, path, options),
            kind => Err(not_a_table(path, kind)),
        }
    }

    fn of_zip(bytes: Vec<u8>, path: &Path, options: &ReadOptions<'_>, depth: u8) -> Result<Self, TableError> {
        let archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes));
        let mut archive = archive.map_err(|_| TableError::NotATable {
            path: shown(path),
            what: both!(
                "un zip ou un classeur Excel qui ne s'ouvre pas",
                "a zip or an Excel workbook that does not open"
            ),
            way_out: both!(
                "copiez-le de nouveau, ou enregistrez la table en CSV",
                "copy it again, or save the table as CSV"
            ),
        })?;
        let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
        let kind = Kind::of_zip(names.iter().map(String::as_str));
        if kind != Kind::Zip {
            drop(archive);
            return Self::of_book(bytes, kind, path, options);
        }
        let tables: Vec<&String> = names.iter().filter(|name| is_table_name(name)).collect();
        let [table] = tables[..] else {
            return Err(TableError::Zip { path: shown(path), found: super::columns::quoted(&names) });
        };
        // Beside a dBase table in the zip stands the name of its encoding.
        let stem = table.rsplit_once('.').map_or(table.as_str(), |(stem, _)| stem).to_lowercase();
        let beside = names.iter().find(|name| {
            name.rsplit_once('.')
                .is_some_and(|(own, end)| own.to_lowercase() == stem && end.eq_ignore_ascii_case("cpg"))
        });
        let mut label = String::new();
        if let Some(member) = beside.and_then(|name| archive.by_name(name).ok()) {
            // What is no text is no label.
            member.take(64).read_to_string(&mut label).ok();
        }
        let label = Some(label.trim().trim_start_matches('\u{feff}')).filter(|label| !label.is_empty());
        let options = &ReadOptions { encoding: options.encoding.or(label), ..*options };
        let mut inner = Vec::new();
        let member = archive.by_name(table).map_err(|_| not_a_table(path, Kind::Zip))?;
        let read = member.take(MOST_UNPACKED + 1).read_to_end(&mut inner);
        if read.is_err() || inner.len() as u64 > MOST_UNPACKED {
            return Err(TableError::Packed { path: shown(path) });
        }
        Self::unchecked(inner, path, options, depth + 1)
    }

    fn of_dbf_bytes(bytes: Vec<u8>, path: &Path, options: &ReadOptions<'_>) -> Result<Self, TableError> {
        let label = read_cpg(path)?;
        Ok(Self::unchecked_dbf(Dbf::of_bytes(bytes, path, options.encoding, label.as_deref())?, path))
    }

    fn unchecked_dbf(mut dbf: Dbf, path: &Path) -> Self {
        let findings = std::mem::take(&mut dbf.notes);
        let columns = Columns::new(path, dbf.names());
        let (file, content) = (file_name(path), Content::Dbf(Box::new(dbf)));
        Self { path: path.to_owned(), file, content, columns, findings }
    }

    /// A dBase table that was opened with the shapes beside it.
    pub(crate) fn of_dbf(dbf: Dbf, path: &Path) -> Result<Self, TableError> {
        let mut table = Self::unchecked_dbf(dbf, path);
        table.check_rows()?;
        Ok(table)
    }

    /// Records that were read from another format, as texts; `findings` are what there is to say of them.
    pub(crate) fn of_records(
        path: &Path,
        names: Vec<String>,
        records: Vec<Vec<String>>,
        findings: Vec<Finding>,
    ) -> Result<Self, TableError> {
        let columns = Columns::new(path, names);
        let content = Content::Sheet((1..).zip(records).collect());
        let mut table = Self { path: path.to_owned(), file: file_name(path), content, columns, findings };
        table.check_rows()?;
        Ok(table)
    }

    fn of_text(bytes: Vec<u8>, path: &Path, options: &ReadOptions<'_>) -> Result<Self, TableError> {
        let (mut text, note) = decode(bytes, path, options.encoding)?;
        // The end of a file of DOS.
        if text.trim_end_matches([' ', '\r', '\n']).ends_with('\u{1a}') {
            text.truncate(text.trim_end_matches([' ', '\r', '\n', '\u{1a}']).len());
        }
        let mut end = text.len().min(256 << 10);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let head = &text.as_bytes()[..end];
        let dialect = Dialect::of_head(head, options.names, options.header_row);
        let dialect = dialect.ok_or_else(|| match options.header_row {
            Some(row) => TableError::NoHeaderRow { path: shown(path), row },
            None => TableError::EmptyFile { path: shown(path) },
        })?;
        let mut names = Vec::new();
        let header = &text.as_bytes()[dialect.header_start..dialect.header_content_end];
        Splitter::of_whole(dialect.separator).fields(
            header,
            |_, from, to| names.push(trimmed(&String::from_utf8_lossy(&unquoted(&header[from..to]))).to_owned()),
            |_| {},
        );
        let line = 1 + line_ends(&text.as_bytes()[..dialect.header_end]);
        let columns = Columns::new(path, names);
        let mut findings: Vec<Finding> = note.into_iter().collect();
        let file = file_name(path);
        findings.extend(titles_note(dialect.titles, 1 + line_ends(&text.as_bytes()[..dialect.header_start]), &file));
        let content = Content::Text { text, separator: dialect.separator, start: dialect.header_end, line };
        Ok(Self { path: path.to_owned(), file, content, columns, findings })
    }

    fn of_book(bytes: Vec<u8>, kind: Kind, path: &Path, options: &ReadOptions<'_>) -> Result<Self, TableError> {
        let refused = |fault: BookFault| match fault {
            BookFault::Broken(what) => TableError::BadWorkbook { path: shown(path), what },
            BookFault::NoSheet(names) => TableError::NoSheet {
                path: shown(path),
                wanted: options.sheet.unwrap_or_default().to_owned(),
                found: super::columns::quoted(&names),
            },
        };
        let mut book = Book::of_bytes(bytes, kind).map_err(refused)?;
        let choice = book.choose(options.sheet).map_err(refused)?;
        let mut cells = book.cells(&choice.sheet).map_err(refused)?;
        let mut rows = Vec::new();
        while let Some(row) = cells.next_row().map_err(refused)? {
            rows.push((row.number, row.cells.iter().map(|cell: &Cell| cell.text().into_owned()).collect::<Vec<_>>()));
        }
        if rows.is_empty() {
            return Err(TableError::EmptyFile { path: shown(path) });
        }
        let header = match options.header_row {
            Some(row) => (usize::try_from(row).unwrap_or(usize::MAX).checked_sub(1))
                .filter(|&place| place < rows.len())
                .ok_or_else(|| TableError::NoHeaderRow { path: shown(path), row })?,
            None => find_header(&rows.iter().take(40).map(|row| row.1.as_slice()).collect::<Vec<_>>(), options.names),
        };
        let below = rows.split_off(header + 1);
        let (number, names) = rows.pop().unwrap_or_default();
        let file = file_name(path);
        let mut findings: Vec<Finding> = titles_note(header, number, &file).into_iter().collect();
        findings.extend(
            choice
                .note
                .map(|note| Finding::new(Severity::Note, FindingKind::TableLayout, note).in_file(&file, None, None)),
        );
        let names = names.iter().map(|name| trimmed(name).to_owned()).collect();
        let columns = Columns::new(path, names);
        Ok(Self { path: path.to_owned(), file, content: Content::Sheet(below), columns, findings })
    }

    /// Names of the columns, as the file writes them.
    #[must_use]
    pub fn column_names(&self) -> &[String] {
        self.columns.names()
    }

    /// Place of a column by its name, whatever its case and accents.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], with the columns there are.
    pub fn column(&self, name: &str) -> Result<usize, TableError> {
        self.columns.named(name)
    }

    /// The column with the units: the one named, else the finest known one in which a row names a unit that is `known`, else the
    /// finest known one.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], [`TableError::MissingColumn`].
    pub fn unit_column(&self, named: Option<&str>, known: impl Fn(&str) -> bool) -> Result<usize, TableError> {
        match named {
            Some(name) => self.column(name),
            None => self.matching_column(known).map_or_else(|| self.columns.choose_unit(None, true), Ok),
        }
    }

    /// The finest known column of units in which a row names one that is `known`.
    pub(crate) fn matching_column(&self, known: impl Fn(&str) -> bool) -> Option<usize> {
        let spellings = [BLOCK, AREA, DGUID, TRACT, SUBDIVISION, DIVISION, CLSC, PLAIN_UNIT];
        let candidates: Vec<usize> = spellings.iter().filter_map(|spellings| self.columns.find(spellings)).collect();
        let found = self.each_row(|row| {
            let matches = |column: usize| find_id(row.field(column), |id| known(id).then_some(())).is_some();
            candidates.iter().copied().find(|&column| matches(column)).map_or(Ok(()), Err)
        });
        found.err()
    }

    /// File name without its folder, as findings have it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The path as messages show it.
    #[must_use]
    pub fn shown(&self) -> String {
        shown(&self.path)
    }

    /// What opening it found: its encoding, titles, rows that are not as the header wants them.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Calls `take` for each row below the header that holds anything, in the order of the file, until it fails.
    ///
    /// Rows whose fields can not be told apart are left out: [`Self::findings`] names their lines.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn each_row<E>(&self, mut take: impl FnMut(&Row) -> Result<(), E>) -> Result<(), E> {
        let width = self.columns.names().len();
        self.every_row(|row| if row.is_broken(width) { Ok(()) } else { take(row) })
    }

    /// The same with rows that are left out.
    fn every_row<E>(&self, mut take: impl FnMut(&Row) -> Result<(), E>) -> Result<(), E> {
        let width = self.columns.names().len();
        let mut row = Row::default();
        match &self.content {
            Content::Text { text, separator, start, line } => {
                let bytes = &text.as_bytes()[*start..];
                let (mut line, mut counted, mut failed) = (*line, 0, None);
                let places = std::cell::RefCell::new(Vec::with_capacity(width));
                Splitter::of_whole(*separator).fields(
                    bytes,
                    |_, from, to| places.borrow_mut().push((from, to)),
                    |record| {
                        let mut places = places.borrow_mut();
                        if failed.is_none() {
                            line += line_ends(&bytes[counted..record.start]);
                            counted = record.start;
                            row.clear(line);
                            for &(from, to) in places.iter() {
                                match &text[start + from..start + to] {
                                    field if field.starts_with('"') => {
                                        row.push(&String::from_utf8_lossy(&unquoted(field.as_bytes())));
                                    }
                                    field => row.push(field),
                                }
                            }
                            if record.unclosed {
                                row.flaw = Some(Flaw::UnclosedQuote);
                            } else if record.fields != width {
                                row.flaw = Some(Flaw::Ragged);
                            }
                            if !row.is_blank() {
                                failed = take(&row).err();
                            }
                        }
                        places.clear();
                    },
                );
                failed.map_or(Ok(()), Err)
            }
            Content::Sheet(rows) => {
                for (number, cells) in rows {
                    row.clear(*number);
                    for cell in cells.iter().take(width.max(1)) {
                        row.push(cell);
                    }
                    // Cells that are empty to the end of a row are not written.
                    while row.ends.len() < width {
                        row.push("");
                    }
                    if !row.is_blank() {
                        take(&row)?;
                    }
                }
                Ok(())
            }
            Content::Dbf(dbf) => {
                for record in (0..dbf.rows()).filter(|&record| !dbf.deleted(record)) {
                    row.clear(record as u64 + 1);
                    for field in 0..width {
                        row.push(&dbf.text(record, field));
                    }
                    take(&row)?;
                }
                Ok(())
            }
        }
    }

    /// Calls `take` for each row below the header, in the order of the file.
    pub fn for_each_row(&self, mut take: impl FnMut(&Row)) {
        let done: Result<(), std::convert::Infallible> = self.each_row(|row| {
            take(row);
            Ok(())
        });
        let Ok(()) = done;
    }

    /// Takes the findings out, to be handed on.
    pub(crate) fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    fn check_rows(&mut self) -> Result<(), TableError> {
        let width = self.columns.names().len();
        let (mut rows, mut short, mut open, mut broken) = (0_usize, Told::default(), Told::default(), Told::default());
        let read: Result<(), std::convert::Infallible> = self.every_row(|row| {
            rows += 1;
            match row.flaw {
                _ if row.is_broken(width) => broken.add(row.line),
                Some(Flaw::UnclosedQuote) => open.add(row.line),
                Some(Flaw::Ragged) => short.add(row.line),
                None => {}
            }
            Ok(())
        });
        let Ok(()) = read;
        if rows == 0 {
            return Err(TableError::NoRow {
                path: shown(&self.path),
                expected: Words::new("un en-tête et des lignes au-dessous sont attendus", "a header and rows below it"),
            });
        }
        if short.count > 0 {
            let message = both!(
                "{} des {rows} lignes ont un autre nombre de champs que les {width} de l'en-tête (lignes {}) : ceux qui manquent sont pris pour vides",
                "{} of {rows} rows have another number of fields than the {width} of the header (lines {}): missing ones are taken as empty",
                short.count,
                joined(&short.first)
            );
            self.tell(message, &short);
        }
        if open.count > 0 {
            let message = both!(
                "{} des {rows} lignes ouvrent un guillemet qui n'est pas fermé (lignes {}) : il est pris pour une lettre, et la ligne finit avec sa ligne de texte ; doublez les guillemets qui font partie d'un texte",
                "{} of {rows} rows open a quote that is not closed (lines {}): it is taken as a letter, and the row ends with its line; double the quotes that are part of a text",
                open.count,
                joined(&open.first)
            );
            self.tell(message, &open);
        }
        if broken.count > 0 {
            let message = both!(
                "{} des {rows} lignes ont plus de champs que les {width} de l'en-tête, ou un guillemet qui n'est pas fermé (lignes {}) : on ne sait pas sous quelle colonne est chaque valeur, elles sont laissées de côté ; vérifiez les guillemets et le séparateur",
                "{} of {rows} rows have more fields than the {width} of the header, or a quote that is not closed (lines {}): under which column each value stands is not known, they are left out; check the quotes and the separator",
                broken.count,
                joined(&broken.first)
            );
            self.tell(message, &broken);
        }
        Ok(())
    }

    fn tell(&mut self, message: Words, told: &Told) {
        let finding = Finding::new(Severity::Note, FindingKind::BadValue, message);
        self.findings.push(finding.in_file(&self.file, told.first.first().copied(), None));
    }
}

/// How many rows, and the lines of the first ones.
#[derive(Default)]
struct Told {
    count: usize,
    first: Vec<u64>,
}

impl Told {
    fn add(&mut self, line: u64) {
        self.count += 1;
        if self.first.len() < 5 {
            self.first.push(line);
        }
    }
}

fn titles_note(titles: usize, line: u64, file: &str) -> Option<Finding> {
    (titles > 0).then(|| {
        let message = both!(
            "{titles} lignes de titre au-dessus de l'en-tête (ligne {line}) ne sont pas lues",
            "{titles} rows of titles above the header (line {line}) are not read"
        );
        Finding::new(Severity::Note, FindingKind::TableLayout, message).in_file(file, Some(line), None)
    })
}

fn not_a_table(path: &Path, kind: Kind) -> TableError {
    let (what, way_out) = kind.words();
    TableError::NotATable { path: shown(path), what, way_out }
}

/// Names of what is a table in a zip.
pub(crate) fn is_table_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let hidden = lower.starts_with("__macosx") || lower.rsplit('/').next().is_some_and(|file| file.starts_with('.'));
    !hidden && [".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xls", ".ods", ".dbf"].iter().any(|end| lower.ends_with(end))
}

/// gzip, unpacked; zeros behind it are padding.
pub(crate) fn unpacked(bytes: &[u8], path: &Path) -> Result<Vec<u8>, TableError> {
    let mut out = Vec::new();
    let read = super::gzip::Gunzip::new(bytes).take(MOST_UNPACKED + 1).read_to_end(&mut out);
    if read.is_err() || out.len() as u64 > MOST_UNPACKED {
        return Err(TableError::Packed { path: shown(path) });
    }
    Ok(out)
}

/// How many lines end in bytes: line feeds with the carriage returns before them, and carriage returns alone.
pub(crate) fn line_ends(bytes: &[u8]) -> u64 {
    let fed = memchr::memchr_iter(b'\n', bytes).count();
    let alone = memchr::memchr_iter(b'\r', bytes).filter(|&at| after_returns(bytes, at) != Some(b'\n'));
    (fed + alone.count()) as u64
}

/// Numbers for a message.
pub(crate) fn joined(lines: &[u64]) -> String {
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
