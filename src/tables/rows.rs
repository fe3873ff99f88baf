//! Tables: delimited text, or dBase, read row by row with the line each row really stands on.
//!
//! Separator (`,` `;` tab `|`), encoding and quotes are found by themselves. Everything that reads a table reads it
//! through [`Table`], so a `.dbf` may stand wherever a CSV may.

use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::TableError;
use super::columns::Columns;
use super::dbf::Dbf;
use super::encoding::decode;
use super::file::{file_name, read_bytes, shown};
use crate::domain::{Finding, FindingKind, Severity, Words, both};

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
    Text { text: String, separator: u8 },
    Dbf(Box<Dbf>),
}

/// One row and where it stands.
#[derive(Debug, Clone)]
pub struct Row {
    line: u64,
    record: StringRecord,
}

impl Row {
    /// Line in the file (record number for a dBase table), from 1; for a row over several lines, the first.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// A value without surrounding white space; empty where the row is too short.
    #[must_use]
    pub fn field(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or("").trim()
    }
}

impl Table {
    /// Opens a table: dBase by its extension `.dbf`, delimited text otherwise.
    ///
    /// Rows of another length than the header are counted once, here, and said as a finding.
    ///
    /// # Errors
    /// [`TableError`] where the file is missing, empty, has no row, or is cut short.
    pub fn open(path: &Path, encoding: Option<&str>) -> Result<Self, TableError> {
        let file = file_name(path);
        let dbase = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("dbf"));
        let mut table = if dbase {
            let mut dbf = Dbf::open(path, encoding)?;
            let findings = dbf.note.take().into_iter().collect();
            let columns = Columns::new(path, dbf.names());
            Self { path: path.to_owned(), file, content: Content::Dbf(Box::new(dbf)), columns, findings }
        } else {
            let (text, note) = decode(read_bytes(path)?, path, encoding)?;
            let separator = find_separator(&text);
            let content = Content::Text { text, separator };
            let columns = Columns::new(path, Vec::new());
            Self { path: path.to_owned(), file, content, columns, findings: note.into_iter().collect() }
        };
        if let Content::Text { text, separator } = &table.content {
            let mut lines = TextRows::new(text, *separator, &table.path);
            let header = lines.next().transpose()?;
            let header = header.ok_or_else(|| TableError::EmptyFile { path: shown(path) })?;
            let names = header.record.iter().map(|name| name.trim().to_owned()).collect();
            table.columns = Columns::new(path, names);
        }
        table.check_lengths()?;
        Ok(table)
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

    /// File name without its folder, as findings have it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What opening it found: its encoding, rows of odd lengths.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Rows in the order of the file, without the header.
    ///
    /// Each is an error where the text can not be cut into fields, which [`Table::open`] has already ruled out.
    #[must_use]
    pub fn rows(&self) -> Box<dyn Iterator<Item = Result<Row, TableError>> + '_> {
        match &self.content {
            Content::Text { text, separator } => Box::new(TextRows::new(text, *separator, &self.path).skip(1)),
            Content::Dbf(dbf) => {
                let width = self.columns.names().len();
                Box::new((0..dbf.rows()).filter(|&row| !dbf.deleted(row)).map(move |row| {
                    let record = (0..width).map(|field| dbf.text(row, field)).collect();
                    Ok(Row { line: row as u64 + 1, record })
                }))
            }
        }
    }

    /// Takes the findings out, to be handed on.
    pub(crate) fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    fn check_lengths(&mut self) -> Result<(), TableError> {
        let width = self.columns.names().len();
        let mut odd = Vec::new();
        let mut count = 0;
        let mut rows = 0_usize;
        for row in self.rows() {
            let row = row?;
            rows += 1;
            if row.record.len() != width {
                count += 1;
                if odd.len() < 5 {
                    odd.push(row.line);
                }
            }
        }
        if rows == 0 {
            return Err(TableError::NoRow {
                path: shown(&self.path),
                expected: Words::new("un en-tête et des lignes au-dessous sont attendus", "a header and rows below it"),
            });
        }
        if let Some(&first) = odd.first() {
            let message = both!(
                "{count} des {rows} lignes ont un autre nombre de champs que les {width} de l'en-tête (lignes {}) : ceux qui manquent sont pris pour vides, ceux de trop laissés de côté ; vérifiez les guillemets et le séparateur",
                "{count} of {rows} rows have another number of fields than the {width} of the header (lines {}): missing ones are taken as empty, extra ones left out; check the quotes and the separator",
                joined(&odd)
            );
            self.findings.push(Finding::new(Severity::Note, FindingKind::BadValue, message).in_file(
                &self.file,
                Some(first),
                None,
            ));
        }
        Ok(())
    }
}

/// Numbers for a message.
pub(crate) fn joined(lines: &[u64]) -> String {
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The separator that the first line with any text has most of, outside quotes; a comma where it has none.
pub(crate) fn find_separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in header.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted && let Some(counter) = counts.iter_mut().find(|(separator, _)| *separator == byte) {
            counter.1 += 1;
        }
    }
    let most = counts.iter().map(|&(_, count)| count).max().unwrap_or(0);
    counts.iter().find(|&&(_, count)| count == most && count > 0).map_or(b',', |&(separator, _)| separator)
}

/// Rows of delimited text, header included, each with its line.
struct TextRows<'a> {
    reader: csv::Reader<&'a [u8]>,
    bytes: &'a [u8],
    path: &'a Path,
    /// Up to where lines were counted, and the line there.
    counted: (usize, u64),
    failed: bool,
}

impl<'a> TextRows<'a> {
    fn new(text: &'a str, separator: u8, path: &'a Path) -> Self {
        let bytes = text.as_bytes();
        let reader =
            csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(bytes);
        Self { reader, bytes, path, counted: (0, 1), failed: false }
    }

    /// Line of a byte, told by the line ends before it: the parser's own count stumbles over blank lines and `\r\n`.
    fn line_at(&mut self, byte: usize) -> u64 {
        let mut start = byte;
        while start < self.bytes.len() && matches!(self.bytes[start], b'\r' | b'\n') {
            start += 1;
        }
        let (from, mut line) = self.counted;
        for at in from..start {
            let lone_return = self.bytes[at] == b'\r' && self.bytes.get(at + 1) != Some(&b'\n');
            line += u64::from(self.bytes[at] == b'\n' || lone_return);
        }
        self.counted = (start, line);
        line
    }
}

impl Iterator for TextRows<'_> {
    type Item = Result<Row, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let mut record = StringRecord::new();
        loop {
            match self.reader.read_record(&mut record) {
                Ok(false) => return None,
                Ok(true) => {
                    // Rows of separators only are what spreadsheets leave at the end.
                    if record.iter().all(|value| value.trim().is_empty()) {
                        continue;
                    }
                    let byte = record.position().map_or(0, |position| position.byte() as usize);
                    return Some(Ok(Row { line: self.line_at(byte), record }));
                }
                Err(source) => {
                    self.failed = true;
                    let line = source.position().map_or(0, csv::Position::line);
                    return Some(Err(TableError::BadLine { path: shown(self.path), line, source }));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(bytes: &[u8]) -> Result<Table, TableError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, bytes).unwrap();
        Table::open(&path, None)
    }

    fn rows(table: &Table) -> Vec<(u64, Vec<String>)> {
        let width = table.column_names().len();
        let values = |row: &Row| (0..width).map(|column| row.field(column).to_owned()).collect();
        table.rows().map(|row| row.map(|row| (row.line(), values(&row))).unwrap()).collect()
    }

    #[test]
    fn every_separator_is_found_even_beside_quoted_ones() {
        for separator in [",", ";", "\t", "|"] {
            let text = format!(
                "\"nom, ou, titre; et; tout\"{separator}Numéro{separator}c\n\"a{separator}b\"{separator}2{separator}3\n"
            );
            let table = open(text.as_bytes()).unwrap();
            assert_eq!(table.column("NUMERO").unwrap(), 1);
            assert_eq!(rows(&table)[0].1, [format!("a{separator}b"), "2".to_owned(), "3".to_owned()]);
        }
    }

    #[test]
    fn lines_are_those_of_the_file_past_blank_lines_quotes_and_both_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a;b", "1;2", "", "", "\"x", "y\";4", "5;6", ";", "7;8"].join(end);
            let found: Vec<u64> = rows(&open(text.as_bytes()).unwrap()).iter().map(|row| row.0).collect();
            assert_eq!(found, [2, 5, 7, 9], "{end:?}");
        }
    }

    #[test]
    fn windows_1252_is_read_and_said_with_its_line() {
        let table = open(b"nom;code\nGasp\xe9;1\n").unwrap();
        assert_eq!(rows(&table)[0].1[0], "Gaspé");
        let note = &table.findings()[0];
        assert_eq!((note.kind, note.severity, note.place.line), (FindingKind::Encoding, Severity::Note, Some(2)));
    }

    #[test]
    fn rows_of_another_length_are_counted() {
        let table = open(b"a,b\n1,2\n3\n4,5,6\n").unwrap();
        assert_eq!(rows(&table)[1].1, ["3", ""]);
        assert!(table.findings()[0].message.starts_with("2 of 3 rows"), "{:?}", table.findings());
    }

    #[test]
    fn nothing_at_all_and_a_lonely_header_are_told_apart() {
        assert!(matches!(open(b"").unwrap_err(), TableError::EmptyFile { .. }));
        assert!(matches!(open(b"a,b\n").unwrap_err(), TableError::NoRow { .. }));
        let error = Table::open(Path::new("/nowhere/t.csv"), None).unwrap_err();
        assert_eq!(error.to_string(), "\"/nowhere/t.csv\" does not exist: check the path");
    }
}
