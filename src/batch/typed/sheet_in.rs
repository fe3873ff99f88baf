//! A workbook in: the rows of one sheet, cell by cell.

use std::path::Path;

use super::{Chunk, ColumnKind, ROWS, Row};
use crate::batch::{BatchError, columns};
use crate::domain::Words;
use crate::tables::Kind;
use crate::tables::cell::Cell;
use crate::tables::dialect::find_header;
pub(super) use crate::tables::workbook::Book;
use crate::tables::workbook::{BookFault, Cells, Choice};

/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 30;

/// What is known of a sheet once it was read through.
#[derive(Debug, Clone, Default)]
pub(super) struct Survey {
    /// Names of its columns: the texts of the row that names them.
    pub names: Vec<String>,
    /// The number of that row, from 1.
    pub header: u64,
    /// Rows of titles above it.
    pub titles: u64,
    /// Rows below it that have any value.
    pub rows: u64,
    /// What each column holds.
    pub kinds: Vec<ColumnKind>,
    /// Columns that cells stand in, empty ones too.
    pub width: usize,
}

fn refused(name: &str, wanted: Option<&str>, fault: BookFault) -> BatchError {
    match fault {
        BookFault::Broken(what) => BatchError::BadWorkbook { name: name.to_owned(), what },
        BookFault::NoSheet(names) => {
            BatchError::NoSheet { wanted: wanted.unwrap_or("1").to_owned(), found: columns::listed(&names) }
        }
    }
}

/// Opens a workbook and picks the sheet of a name, or the first one that is shown.
pub(super) fn open(path: &Path, name: &str, kind: Kind, wanted: Option<&str>) -> Result<(Book, Choice), BatchError> {
    let book = Book::open(path, kind).map_err(|fault| refused(name, wanted, fault))?;
    let choice = book.choose(wanted).map_err(|fault| refused(name, wanted, fault))?;
    let note = choice.note.map(|note| {
        Words::new(
            format!("{} (--sheet en choisit une)", note.french),
            format!("{} (--sheet chooses one)", note.english),
        )
    });
    Ok((book, Choice { note, ..choice }))
}

/// Rows of a sheet, in order, those without any value left out.
pub(super) struct Rows<'b> {
    cells: Cells<'b>,
    name: String,
}

impl<'b> Rows<'b> {
    pub fn new(book: &'b mut Book, sheet: &str, name: &str) -> Result<Self, BatchError> {
        let cells = book.cells(sheet).map_err(|fault| refused(name, None, fault))?;
        Ok(Self { cells, name: name.to_owned() })
    }

    /// The next row that has a value.
    pub fn next(&mut self) -> Result<Option<Row>, BatchError> {
        let row = self.cells.next_row().map_err(|fault| refused(&self.name, None, fault))?;
        Ok(row.map(|row| Row { number: row.number, cells: row.cells, flaw: None }))
    }

    /// Goes to the first row below the header.
    pub fn skip_to(&mut self, survey: &Survey) -> Result<(), BatchError> {
        for _ in 0..=survey.titles {
            self.next()?;
        }
        Ok(())
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

    /// Reads all of it. The header is the row of that number among those that hold something, or is found among the first by
    /// the known names and those `asked` for.
    pub fn survey(mut self, asked: &[&str], header_row: Option<u64>) -> Result<Survey, BatchError> {
        let wanted = header_row.map(|row| usize::try_from(row).unwrap_or(usize::MAX));
        let mut first: Vec<Row> = Vec::new();
        while first.len() < HEADER_ROWS.max(wanted.unwrap_or(0).min(1000)) {
            let Some(row) = self.next()? else { break };
            first.push(row);
        }
        if first.is_empty() {
            return Err(BatchError::Empty);
        }
        let header = match (header_row, wanted) {
            (Some(row), Some(wanted)) => {
                (wanted.checked_sub(1).filter(|&place| place < first.len())).ok_or(BatchError::NoHeaderRow { row })?
            }
            _ => {
                let texts: Vec<Vec<String>> =
                    (first.iter()).map(|row| row.cells.iter().map(|cell| cell.text().into_owned()).collect()).collect();
                find_header(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>(), asked)
            }
        };
        let mut survey = Survey { header: first[header].number, titles: header as u64, ..Survey::default() };
        survey.names = first[header].cells.iter().map(|cell: &Cell| cell.text().trim().to_owned()).collect();
        let mut count = |row: &Row| {
            survey.rows += 1;
            survey.kinds.resize(survey.kinds.len().max(row.cells.len()), ColumnKind::Nothing);
            for (kind, cell) in survey.kinds.iter_mut().zip(&row.cells) {
                *kind = kind.with(cell);
            }
        };
        first[header + 1..].iter().for_each(&mut count);
        while let Some(row) = self.next()? {
            count(&row);
        }
        survey.width = self.cells.widest();
        survey.names.resize(survey.width, String::new());
        survey.kinds.resize(survey.width, ColumnKind::Nothing);
        Ok(survey)
    }
}
