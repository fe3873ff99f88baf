//! A table read row by row, never whole: registers have millions of rows. The rules are those of [`Table`](super::Table).

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

use super::TableError;
use super::codes::trimmed;
use super::columns::Columns;
use super::dialect::Dialect;
use super::encoding::Encoding;
use super::file::{file_name, shown, unreadable};
use super::gzip::Gunzip;
use super::recognise::Kind;
use super::rows::{Flaw, ReadOptions, Row, Table};
use super::split::{Splitter, unquoted};

/// Bytes read at once.
const PIECE: usize = 1 << 20;

/// A table under way.
pub(crate) struct Stream {
    /// Its name without the folder.
    pub file: String,
    /// Its columns.
    pub columns: Columns,
    /// The first line whose text is not UTF-8, and what it was taken for.
    pub other_encoding: Option<(u64, Encoding)>,
    source: Source,
    present: Present,
}

enum Source {
    Text(Text),
    /// What can only be read whole: a workbook, UTF-16, dBase.
    Whole(std::vec::IntoIter<Row>),
}

struct Text {
    reader: Box<dyn Read>,
    splitter: Splitter,
    /// Whole rows that are being given out, and what was read beyond them.
    piece: Vec<u8>,
    beyond: Vec<u8>,
    ended: bool,
    /// Places of all fields of the piece, and its rows.
    places: Vec<(u32, u32)>,
    rows: std::vec::IntoIter<Cut>,
    line: u64,
}

#[derive(Clone, Copy)]
struct Cut {
    line: u64,
    first: usize,
    fields: usize,
    unclosed: bool,
}

enum Present {
    Nothing,
    Cut(Cut),
    Row(Row),
}

impl Stream {
    /// Opens a file and reads its header. `names` are columns that the caller wants.
    pub fn open(path: &Path, names: &[&str]) -> Result<Self, TableError> {
        let failed = |source| unreadable(path, source);
        let mut file = File::open(path).map_err(failed)?;
        let mut first = Vec::new();
        file.by_ref().take(4096).read_to_end(&mut first).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let kind = Kind::of_head(&first);
        let is_wide = Encoding::of_marks(&first).is_some_and(|(encoding, _)| encoding.is_wide());
        let named_dbf = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("dbf"));
        let reader: Box<dyn Read> = match kind {
            Kind::Text if !is_wide && !named_dbf => Box::new(BufReader::with_capacity(PIECE, file)),
            Kind::Gzip => Box::new(Gunzip::new(file)),
            _ => return Self::whole(path, names),
        };
        Self::text(path, names, reader)
    }

    fn whole(path: &Path, names: &[&str]) -> Result<Self, TableError> {
        let table = Table::open_with(path, &ReadOptions { names, ..ReadOptions::default() })?;
        let mut rows = Vec::new();
        table.for_each_row(|row| rows.push(row.clone()));
        Ok(Self {
            file: table.file().to_owned(),
            columns: table.columns.clone(),
            other_encoding: None,
            source: Source::Whole(rows.into_iter()),
            present: Present::Nothing,
        })
    }

    fn text(path: &Path, names: &[&str], mut reader: Box<dyn Read>) -> Result<Self, TableError> {
        let failed = |_| TableError::Packed { path: shown(path) };
        let mut head = Vec::new();
        reader.by_ref().take(PIECE as u64).read_to_end(&mut head).map_err(failed)?;
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        if head[mark..].iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A)) {
            return Err(TableError::EmptyFile { path: shown(path) });
        }
        // A gzip may hold what is no text.
        let kind = Kind::of_head(&head);
        if kind != Kind::Text {
            return Self::whole(path, names);
        }
        let ended = head.len() < PIECE;
        let dialect = Dialect::of_head(&head[mark..], names, None);
        let dialect = dialect.ok_or_else(|| TableError::EmptyFile { path: shown(path) })?;
        let header = &head[mark + dialect.header_start..mark + dialect.header_content_end];
        let mut found = Vec::new();
        let splitter = Splitter::new(dialect.separator);
        splitter.fields(
            header,
            |_, from, to| found.push(trimmed(&text_of(&unquoted(&header[from..to])).0).to_owned()),
            |_| {},
        );
        let line = 1 + super::rows::line_ends(&head[..mark + dialect.header_end]);
        let beyond = head.split_off(mark + dialect.header_end);
        Ok(Self {
            file: file_name(path),
            columns: Columns::new(path, found),
            other_encoding: None,
            source: Source::Text(Text {
                reader,
                splitter,
                piece: Vec::new(),
                beyond,
                ended,
                places: Vec::new(),
                rows: Vec::new().into_iter(),
                line,
            }),
            present: Present::Nothing,
        })
    }

    /// Goes to the next row that holds anything; false at the end.
    pub fn advance(&mut self) -> Result<bool, TableError> {
        match &mut self.source {
            Source::Whole(rows) => {
                self.present = rows.next().map_or(Present::Nothing, Present::Row);
                Ok(matches!(self.present, Present::Row(_)))
            }
            Source::Text(text) => loop {
                let Some(cut) = text.rows.next() else {
                    if text.next_piece().map_err(|_| TableError::Packed { path: self.file.clone() })? {
                        continue;
                    }
                    self.present = Present::Nothing;
                    return Ok(false);
                };
                let fields = &text.places[cut.first..cut.first + cut.fields];
                let (from, to) = (fields[0].0 as usize, fields[cut.fields - 1].1 as usize);
                let bytes = &text.piece[from..to];
                if bytes
                    .iter()
                    .all(|&byte| byte.is_ascii_whitespace() || byte == text.splitter.separator || byte == 0x1A)
                {
                    continue;
                }
                if self.other_encoding.is_none() && std::str::from_utf8(bytes).is_err() {
                    self.other_encoding = Some((cut.line, Encoding::of_other_bytes(&text.piece)));
                }
                self.present = Present::Cut(cut);
                return Ok(true);
            },
        }
    }

    /// The line of the present row.
    pub fn line(&self) -> u64 {
        match &self.present {
            Present::Nothing => 0,
            Present::Cut(cut) => cut.line,
            Present::Row(row) => row.line(),
        }
    }

    /// What is wrong with the present row.
    pub fn flaw(&self) -> Option<Flaw> {
        match &self.present {
            Present::Row(row) => row.flaw(),
            Present::Cut(cut) if cut.unclosed => Some(Flaw::UnclosedQuote),
            Present::Cut(cut) if cut.fields > self.columns.names().len() => {
                let extra = (self.columns.names().len()..cut.fields).any(|column| !self.field(Some(column)).is_empty());
                extra.then_some(Flaw::Ragged)
            }
            Present::Nothing | Present::Cut(_) => None,
        }
    }

    /// A value of the present row without surrounding blanks; empty where there is none.
    pub fn field(&self, column: Option<usize>) -> Cow<'_, str> {
        let Some(column) = column else { return Cow::Borrowed("") };
        match (&self.present, &self.source) {
            (Present::Row(row), _) => Cow::Borrowed(row.field(column)),
            (Present::Cut(cut), Source::Text(text)) if column < cut.fields => {
                let (from, to) = text.places[cut.first + column];
                let encoding = self.other_encoding.map(|(_, encoding)| encoding);
                match unquoted(&text.piece[from as usize..to as usize]) {
                    Cow::Borrowed(bytes) => trimmed_text(text_in(bytes, encoding)),
                    Cow::Owned(bytes) => Cow::Owned(trimmed(&text_in(&bytes, encoding)).to_owned()),
                }
            }
            _ => Cow::Borrowed(""),
        }
    }
}

impl Text {
    /// Cuts the next rows; false at the end.
    fn next_piece(&mut self) -> std::io::Result<bool> {
        std::mem::swap(&mut self.piece, &mut self.beyond);
        self.beyond.clear();
        let mut wanted = PIECE;
        let end = loop {
            if !self.ended && self.piece.len() < wanted {
                let missing = wanted - self.piece.len();
                let count = self.reader.by_ref().take(missing as u64).read_to_end(&mut self.piece)?;
                self.ended = count < missing;
            }
            match self.splitter.last_end(&self.piece, self.ended) {
                Some(end) => break end,
                None if self.ended => return Ok(false),
                None => wanted *= 2,
            }
        };
        self.beyond.extend_from_slice(&self.piece[end..]);
        self.piece.truncate(end);
        self.places.clear();
        let (places, mut rows) = (std::cell::RefCell::new(&mut self.places), Vec::new());
        let (mut line, mut counted, mut first) = (self.line, 0, 0);
        let piece = &self.piece;
        self.splitter.fields(
            piece,
            |_, from, to| places.borrow_mut().push((from as u32, to as u32)),
            |record| {
                line += super::rows::line_ends(&piece[counted..record.start]);
                counted = record.start;
                rows.push(Cut { line, first, fields: record.fields, unclosed: record.unclosed });
                first += record.fields;
            },
        );
        self.line = line + super::rows::line_ends(&piece[counted..]);
        self.rows = rows.into_iter();
        Ok(true)
    }
}

fn trimmed_text(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(trimmed(text)),
        Cow::Owned(text) => Cow::Owned(trimmed(&text).to_owned()),
    }
}

fn text_in(bytes: &[u8], encoding: Option<Encoding>) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding.unwrap_or(Encoding::WINDOWS_1252).decode(bytes).0,
    }
}

/// UTF-8, or what other bytes look like.
fn text_of(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), true),
        Err(_) => (Encoding::of_other_bytes(bytes).decode(bytes).0, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<(u64, Option<Flaw>, Vec<String>)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut stream = Stream::open(&path, &[]).unwrap();
        let mut rows = Vec::new();
        while stream.advance().unwrap() {
            let fields =
                (0..stream.columns.names().len()).map(|column| stream.field(Some(column)).into_owned()).collect();
            rows.push((stream.line(), stream.flaw(), fields));
        }
        rows
    }

    #[test]
    fn a_stream_has_the_rows_and_lines_of_a_table() {
        let text = b"lon,rue,lat\r\n1,\"A\r\nB\",2\r\n\r\n3,Mont\xe9e,4\r\n5,\"open,6\r\n7,\"x\" y,8\r\n9,\"last\",10";
        let rows = all(text);
        let lines: Vec<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(lines, [2, 5, 6, 7, 8]);
        assert_eq!(rows[0].2[1], "A\r\nB");
        assert_eq!(rows[1].2[1], "Montée");
        let flaws: Vec<_> = rows.iter().map(|row| row.1).collect();
        let open = Some(Flaw::UnclosedQuote);
        assert_eq!(flaws, [None, None, open, open, None]);
        assert_eq!(rows[4].2, ["9", "last", "10"]);
    }

    #[test]
    fn pieces_do_not_show() {
        let mut text = String::from("id;rue;lat\n");
        for row in 0..60_000 {
            text.push_str(&format!("{row};\"rue {row}; {}\";45\n", "x".repeat(row % 60)));
        }
        let rows = all(text.as_bytes());
        assert_eq!(rows.len(), 60_000);
        for (place, (line, flaw, fields)) in rows.iter().enumerate() {
            assert_eq!((*line, *flaw, fields[0].as_str()), (place as u64 + 2, None, place.to_string().as_str()));
        }
    }
}
