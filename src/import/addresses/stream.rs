//! A table read row by row, never whole: registers have millions of rows.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use encoding_rs::WINDOWS_1252;

use crate::import::ImportError;
use crate::tables::TableError;
use crate::tables::columns::Columns;
use crate::tables::file::{file_name, shown, unreadable};
use crate::tables::rows::find_separator;

/// A table under way.
pub(super) struct Stream {
    path: PathBuf,
    /// Its name without the folder.
    pub file: String,
    /// Its columns.
    pub columns: Columns,
    reader: csv::Reader<BufReader<File>>,
    record: ByteRecord,
    /// Lines the parser is behind by: it counts `\r\n` once it has read past it.
    behind: u64,
    /// The first line whose text is not UTF-8.
    pub other_encoding: Option<u64>,
}

impl Stream {
    /// Opens a file and reads its header.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let failed = |source| unreadable(path, source);
        let mut file = File::open(path).map_err(failed)?;
        let mut head = vec![0; 65_536];
        let mut filled = 0;
        loop {
            let read = file.read(&mut head[filled..]).map_err(failed)?;
            filled += read;
            if read == 0 || filled == head.len() {
                break;
            }
        }
        head.truncate(filled);
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        if head[mark..].iter().all(u8::is_ascii_whitespace) {
            return Err(ImportError::Table(TableError::EmptyFile { path: shown(path) }));
        }
        let separator = find_separator(&String::from_utf8_lossy(&head[mark..]));
        let behind = u64::from(head.windows(2).any(|end| end == b"\r\n"));
        file.seek(SeekFrom::Start(mark as u64)).map_err(failed)?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(true)
            .from_reader(BufReader::with_capacity(1 << 20, file));
        let header = reader.byte_headers().map_err(|source| bad_line(path, source))?;
        let names = header.iter().map(|name| text(name).0.trim().to_owned()).collect();
        let columns = Columns::new(path, names);
        Ok(Self {
            path: path.to_owned(),
            file: file_name(path),
            columns,
            reader,
            record: ByteRecord::new(),
            behind,
            other_encoding: None,
        })
    }

    /// Goes to the next row; false at the end.
    pub fn advance(&mut self) -> Result<bool, ImportError> {
        let more = self.reader.read_byte_record(&mut self.record).map_err(|source| bad_line(&self.path, source))?;
        if more && self.other_encoding.is_none() && std::str::from_utf8(self.record.as_slice()).is_err() {
            self.other_encoding = Some(self.line());
        }
        Ok(more)
    }

    /// The line of the present row.
    pub fn line(&self) -> u64 {
        self.record.position().map_or(0, |position| position.line() + self.behind)
    }

    /// A value of the present row without surrounding white space; empty where there is none.
    pub fn field(&self, column: Option<usize>) -> Cow<'_, str> {
        let bytes = column.and_then(|column| self.record.get(column)).unwrap_or_default().trim_ascii();
        text(bytes).0
    }
}

/// UTF-8, or Windows-1252 for a value that is not.
fn text(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), true),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, false),
    }
}

fn bad_line(path: &Path, source: csv::Error) -> ImportError {
    let line = source.position().map_or(0, csv::Position::line);
    ImportError::Table(TableError::BadLine { path: shown(path), line, source })
}
