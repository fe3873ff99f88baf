//! A workbook in: the rows of one sheet, cell by cell, with the texts that its cells share held in memory.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{CellErrorType, DataRef, Reader as _, SheetType, Xlsx, XlsxCellReader, XlsxError};

use super::cell::{Cell, of_serial, of_span};
use super::{Chunk, ColumnKind, ROWS, Row};
use crate::batch::{BatchError, columns};
use crate::domain::Words;

pub(super) type Book = Xlsx<BufReader<File>>;

/// What is known of a sheet once it was read through.
#[derive(Debug, Clone, Default)]
pub(super) struct Survey {
    /// Names of its columns: the texts of its first row that has any.
    pub names: Vec<String>,
    /// The number of that row, from 1.
    pub header: u64,
    /// Rows below it that have any value.
    pub rows: u64,
    /// What each column holds.
    pub kinds: Vec<ColumnKind>,
    /// Columns that cells stand in, empty ones too.
    pub width: usize,
}

pub(super) fn refused(name: &str, error: &XlsxError) -> BatchError {
    let (french, english) = match error {
        XlsxError::Password => ("il demande un mot de passe", "it asks for a password"),
        XlsxError::Zip(_) | XlsxError::Io(_) => {
            ("ses parties ne peuvent pas être décompressées", "its parts can not be unpacked")
        }
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => {
            ("il en manque une partie", "a part of it is missing")
        }
        _ => ("ses parties ne sont pas comprises", "its parts are not understood"),
    };
    BatchError::BadWorkbook { name: name.to_owned(), what: Words::new(french, english) }
}

/// Opens a workbook and picks the sheet of a name, or its first one.
pub(super) fn open(path: &Path, name: &str, wanted: Option<&str>) -> Result<(Book, String), BatchError> {
    let file = File::open(path).map_err(|source| BatchError::Input { name: name.to_owned(), source })?;
    let book = Xlsx::new(BufReader::new(file)).map_err(|error| refused(name, &error))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheets: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let sheet = match wanted {
        None => sheets.first(),
        Some(wanted) => sheets.iter().find(|sheet| *sheet == wanted),
    };
    let sheet = sheet.cloned().ok_or_else(|| BatchError::NoSheet {
        wanted: wanted.unwrap_or("1").to_owned(),
        found: columns::listed(&sheets),
    })?;
    Ok((book, sheet))
}

/// Rows of a sheet, in order, those without any value left out.
pub(super) struct Rows<'b> {
    cells: XlsxCellReader<'b, BufReader<File>>,
    name: String,
    /// The first cell of the row after.
    ahead: Option<(u32, u32, Cell)>,
    ended: bool,
    widest: usize,
}

impl<'b> Rows<'b> {
    pub fn new(book: &'b mut Book, sheet: &str, name: &str) -> Result<Self, BatchError> {
        let cells = book.worksheet_cells_reader(sheet).map_err(|error| refused(name, &error))?;
        Ok(Self { cells, name: name.to_owned(), ahead: None, ended: false, widest: 0 })
    }

    fn next_cell(&mut self) -> Result<Option<(u32, u32, Cell)>, BatchError> {
        if let Some(cell) = self.ahead.take() {
            return Ok(Some(cell));
        }
        if self.ended {
            return Ok(None);
        }
        let Some(cell) = self.cells.next_cell().map_err(|error| refused(&self.name, &error))? else {
            self.ended = true;
            return Ok(None);
        };
        let (row, column) = cell.get_position();
        Ok(Some((row, column, value(cell.get_value()))))
    }

    /// The next row that has a value.
    pub fn next(&mut self) -> Result<Option<Row>, BatchError> {
        loop {
            let Some(first) = self.next_cell()? else { return Ok(None) };
            let number = first.0;
            let mut cells: Vec<Cell> = Vec::new();
            let mut put = |column: u32, cell: Cell| {
                let column = column as usize;
                cells.resize(cells.len().max(column + 1), Cell::Empty);
                cells[column] = cell;
            };
            put(first.1, first.2);
            while let Some((row, column, cell)) = self.next_cell()? {
                if row != number {
                    self.ahead = Some((row, column, cell));
                    break;
                }
                put(column, cell);
            }
            self.widest = self.widest.max(cells.len());
            if cells.iter().any(|cell| !cell.is_empty()) {
                return Ok(Some(Row { number: u64::from(number) + 1, cells, flaw: None }));
            }
        }
    }

    /// The next rows.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, BatchError> {
        let mut rows = Vec::with_capacity(ROWS);
        while rows.len() < ROWS {
            let Some(row) = self.next()? else { break };
            rows.push(row);
        }
        Ok((!rows.is_empty()).then_some(Chunk::Rows(rows)))
    }

    /// Reads all of it.
    pub fn survey(mut self) -> Result<Survey, BatchError> {
        let header = self.next()?.ok_or(BatchError::Empty)?;
        let mut survey = Survey { header: header.number, ..Survey::default() };
        survey.names = header.cells.iter().map(|cell| cell.text().trim().to_owned()).collect();
        while let Some(row) = self.next()? {
            survey.rows += 1;
            survey.kinds.resize(survey.kinds.len().max(row.cells.len()), ColumnKind::Nothing);
            for (kind, cell) in survey.kinds.iter_mut().zip(&row.cells) {
                *kind = kind.with(cell);
            }
        }
        survey.width = self.widest;
        survey.names.resize(survey.width, String::new());
        survey.kinds.resize(survey.width, ColumnKind::Nothing);
        Ok(survey)
    }
}

fn value(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(value) => Cell::Numeral(value.to_string()),
        DataRef::Float(value) => Cell::Number(*value),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(moment) if moment.is_duration() => of_span(moment.as_f64()),
        DataRef::DateTime(moment) => of_serial(moment.as_f64(), moment.to_ymd_hms_milli()),
        DataRef::Error(error) => Cell::Text(error_text(error).to_owned()),
    }
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}
