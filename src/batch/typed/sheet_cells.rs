//! Cells of a worksheet as XML (ECMA-376, part 1, 18.3.1.4).

use std::io::Write as _;

use jiff::civil::Time;

use crate::batch::BatchError;
use crate::batch::answer::Answer;
use crate::batch::columns::Column;
use crate::batch::render::Added;
use crate::tables::cell::{Cell, to_serial};

/// Rows of a sheet.
pub(super) const MOST_ROWS: u64 = 1 << 20;
/// Columns of a sheet.
pub(super) const MOST_COLUMNS: usize = 1 << 14;
/// Letters of a cell.
const MOST_LETTERS: usize = 32_767;
/// Style of a day in a workbook of our own.
const DAY_STYLE: u32 = 1;
/// Style of a moment in a workbook of our own.
const MOMENT_STYLE: u32 = 2;

/// The letters of a column, from 0: `A`, `Z`, `AA`.
pub(super) fn letters(mut column: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(b'A' + (column % 26) as u8);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    out.iter().rev().map(|&letter| char::from(letter)).collect()
}

/// Writes the cells of one row.
#[derive(Debug)]
pub(super) struct RowWriter<'o> {
    pub out: &'o mut Vec<u8>,
    /// What stands before the name of each element, `x:` in some files.
    pub prefix: &'o str,
    /// The row's number in the sheet, from 1.
    pub row: u64,
    /// The style of cells that have none of their own.
    pub style: Option<&'o str>,
}

impl RowWriter<'_> {
    fn open(&mut self, column: usize, style: Option<u32>, kind: &str) {
        let (prefix, row) = (self.prefix, self.row);
        // Memory takes all that is written, here and below.
        let _ = write!(self.out, "<{prefix}c r=\"{}{row}\"", letters(column));
        if let Some(style) = style {
            let _ = write!(self.out, " s=\"{style}\"");
        } else if let Some(style) = self.style {
            let _ = write!(self.out, " s=\"{style}\"");
        }
        if !kind.is_empty() {
            let _ = write!(self.out, " t=\"{kind}\"");
        }
        self.out.push(b'>');
    }

    /// A text, in the sheet itself.
    pub fn text(&mut self, column: usize, text: &str) -> Result<(), BatchError> {
        if text.len() > MOST_LETTERS && text.encode_utf16().count() > MOST_LETTERS {
            return Err(BatchError::CellTooLong { row: self.row.saturating_sub(1) });
        }
        self.open(column, None, "inlineStr");
        let prefix = self.prefix;
        let _ = write!(self.out, "<{prefix}is><{prefix}t xml:space=\"preserve\">");
        escape(self.out, text);
        let _ = write!(self.out, "</{prefix}t></{prefix}is></{prefix}c>");
        Ok(())
    }

    fn value(&mut self, column: usize, style: Option<u32>, kind: &str, value: impl std::fmt::Display) {
        self.open(column, style, kind);
        let prefix = self.prefix;
        let _ = write!(self.out, "<{prefix}v>{value}</{prefix}v></{prefix}c>");
    }

    /// A value of the user's in a workbook of our own; what Excel would change stays text.
    pub fn cell(&mut self, column: usize, cell: &Cell) -> Result<(), BatchError> {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) if text.is_empty() => {}
            Cell::Number(value) if value.is_nan() => {}
            Cell::Number(value) if value.is_finite() => self.value(column, None, "", value),
            // Excel keeps 15 digits of a number.
            Cell::Numeral(text) if text.bytes().filter(u8::is_ascii_digit).count() <= 15 => {
                self.value(column, None, "", text);
            }
            Cell::Bool(value) => self.value(column, None, "b", u8::from(*value)),
            Cell::Day(day) if to_serial(day.to_datetime(Time::midnight())).is_some() => {
                let serial = to_serial(day.to_datetime(Time::midnight())).unwrap_or_default();
                self.value(column, Some(DAY_STYLE), "", serial);
            }
            Cell::Moment(moment) if moment.subsec_nanosecond() % 1_000_000 == 0 && to_serial(*moment).is_some() => {
                let serial = to_serial(*moment).unwrap_or_default();
                self.value(column, Some(MOMENT_STYLE), "", serial);
            }
            other => self.text(column, &other.text())?,
        }
        Ok(())
    }

    /// What is added to a row.
    pub fn added(&mut self, first: usize, columns: &[Column], answer: &Answer<'_>) -> Result<(), BatchError> {
        for (place, &column) in (first..).zip(columns) {
            match Added::of(column, answer) {
                Added::Nothing => {}
                Added::Text(text) => self.text(place, &text)?,
                Added::Number(value) => self.value(place, None, "", value),
            }
        }
        Ok(())
    }

    /// Their names.
    pub fn names(&mut self, first: usize, columns: &[Column]) -> Result<(), BatchError> {
        (first..).zip(columns).try_for_each(|(place, column)| self.text(place, column.name()))
    }
}

/// Text in XML. What XML has no room for is written as Excel does, `_x0007_`, and a text that looks so already is kept apart.
fn escape(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '_' if looks_escaped(&bytes[at..]) => out.extend_from_slice(b"_x005F_"),
            '\t' | '\n' => out.push(letter as u8),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "_x{:04X}_", letter as u32);
            }
            _ => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

fn looks_escaped(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_excel() {
        let names = [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (MOST_COLUMNS - 1, "XFD")];
        assert!(names.into_iter().all(|(column, name)| letters(column) == name));
    }
}
