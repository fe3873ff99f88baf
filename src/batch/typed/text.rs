//! Delimited text on either side of a conversion: its fields as cells, and cells as its fields.

use std::io::Write;

use super::{Chunk, Row, Target};
use crate::batch::BatchError;
use crate::batch::answer::{Answer, Reason};
use crate::batch::dialect::Dialect;
use crate::batch::render::{Renderer, field};
use crate::batch::table::Table;
use crate::tables::Encoding;
use crate::tables::cell::Cell;
use crate::tables::split::{Splitter, unquoted};

/// The rows of whole lines. A row with too many fields keeps them all, the last ones together in the last column.
pub(super) fn rows_of(table: &Table<'_>, bytes: &[u8]) -> Vec<Row> {
    let dialect = table.dialect;
    let splitter = Splitter::new(dialect.separator);
    let mut rows = Vec::new();
    let places = std::cell::RefCell::new(Vec::with_capacity(table.width));
    splitter.fields(
        bytes,
        |_, from, to| places.borrow_mut().push((from, to)),
        |record| {
            let mut places = places.borrow_mut();
            if record.content_end > record.start {
                let text = |&(from, to): &(usize, usize)| match dialect.decode(&unquoted(&bytes[from..to])) {
                    text if text.is_empty() => Cell::Empty,
                    text => Cell::Text(text.into_owned()),
                };
                let mut cells: Vec<Cell> = places.iter().take(table.width).map(text).collect();
                if let (Some(last), Some(rest)) = (cells.last_mut(), places.get(table.width.saturating_sub(1)..))
                    && rest.len() > 1
                {
                    *last = Cell::Text(dialect.decode(&bytes[rest[0].0..record.content_end]).into_owned());
                }
                let flaw = match record {
                    record if record.unclosed => Some(Reason::UnclosedQuote),
                    record if record.fields != table.width => Some(Reason::RaggedLine),
                    _ => None,
                };
                rows.push(Row { number: 0, cells, flaw });
            }
            places.clear();
        },
    );
    rows
}

/// Delimited text for rows that come from elsewhere: UTF-8, line feeds.
pub(super) struct TextTarget<'o> {
    out: Box<dyn Write + 'o>,
    renderer: Renderer,
    width: usize,
    dialect: Dialect,
    buffer: Vec<u8>,
}

/// The dialect of text that is made of what is none.
pub(super) fn plain_dialect(separator: u8) -> Dialect {
    Dialect { encoding: Encoding::UTF_8, mark: false, separator, decimal_comma: false }
}

impl<'o> TextTarget<'o> {
    pub fn new(
        out: Box<dyn Write + 'o>,
        names: &[String],
        renderer: Renderer,
        dialect: Dialect,
    ) -> Result<Self, BatchError> {
        let mut target = Self { out, renderer, width: names.len(), dialect, buffer: Vec::new() };
        for (place, name) in names.iter().enumerate() {
            target.put(place, name);
        }
        target.renderer.header(&mut target.buffer);
        target.buffer.push(b'\n');
        target.flush()?;
        Ok(target)
    }

    fn put(&mut self, place: usize, text: &str) {
        if place > 0 {
            self.buffer.push(self.dialect.separator);
        }
        // A line of one empty field would be a blank line.
        if self.width == 1 && text.is_empty() {
            self.buffer.extend_from_slice(b"\"\"");
        }
        field(&mut self.buffer, text, self.dialect);
    }

    fn flush(&mut self) -> Result<(), BatchError> {
        self.out.write_all(&self.buffer).map_err(BatchError::Write)?;
        self.buffer.clear();
        Ok(())
    }
}

impl TextTarget<'_> {
    /// Writes the rows whose answers are picked.
    pub fn write_some(
        &mut self,
        chunk: &Chunk,
        answers: &[Answer<'_>],
        pick: impl Fn(&Answer<'_>) -> bool,
    ) -> Result<(), BatchError> {
        for (row, answer) in answers.iter().enumerate().filter(|(_, answer)| pick(answer)) {
            for column in 0..self.width {
                self.put(column, &chunk.cell(row, column).text());
            }
            self.renderer.row(&mut self.buffer, answer);
            self.buffer.push(b'\n');
        }
        self.flush()
    }
}

impl Target for TextTarget<'_> {
    fn write(&mut self, chunk: &Chunk, answers: &[Answer<'_>]) -> Result<(), BatchError> {
        self.write_some(chunk, answers, |_| true)
    }

    fn finish(mut self: Box<Self>) -> Result<(), BatchError> {
        self.out.flush().map_err(BatchError::Write)
    }
}
