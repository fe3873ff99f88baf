//! Workbooks (`.xlsx`, `.xlsm`, `.xls`, `.ods`): which sheet is read, and its cells, row by row.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use calamine::{
    CellErrorType, Data, DataRef, Ods, OdsError, Reader as _, SheetType, SheetVisible, Xls, XlsError, Xlsx,
    XlsxCellReader, XlsxError,
};

use super::cell::{Cell, of_serial, of_span};
use super::guard::guarded;
use super::recognise::Kind;
use crate::domain::{Words, both};

/// The most columns of a sheet.
pub(crate) const MOST_COLUMNS: u32 = 16_384;
/// The most rows of a sheet.
pub(crate) const MOST_ROWS: u32 = 1_048_576;
/// The most rows, and columns, without a value between two parts of one table. What stands farther is no part of it, and would
/// make every reader after this one go through millions of empty cells.
const MOST_BLANK: (u32, u32) = (100_000, 1_000);

/// Bytes that can be gone back in.
pub(crate) trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

type Source = Box<dyn Bytes>;

/// Why a workbook can not be read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BookFault {
    /// Its bytes are not understood; the sentence says what is wrong.
    Broken(Words),
    /// The sheet asked for is not there; the names that are.
    NoSheet(Vec<String>),
}

/// A sheet as a workbook lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SheetName {
    pub name: String,
    pub hidden: bool,
}

enum Inner {
    Xlsx(Box<Xlsx<Source>>),
    Xls(Box<Xls<Source>>),
    Ods(Box<Ods<Source>>),
}

/// A workbook, opened.
pub(crate) struct Book {
    inner: Inner,
    sheets: Vec<SheetName>,
}

/// The sheet that is read, and what there is to say of the choice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    pub sheet: String,
    /// Said where others could have been meant, or where it is hidden.
    pub note: Option<Words>,
}

fn broken(french: &str, english: &str) -> BookFault {
    BookFault::Broken(Words::new(french, english))
}

fn not_understood() -> BookFault {
    broken("ses parties ne sont pas comprises", "its parts are not understood")
}

fn of_xlsx(error: &XlsxError) -> BookFault {
    match error {
        XlsxError::Password => broken("il demande un mot de passe", "it asks for a password"),
        XlsxError::Zip(_) | XlsxError::Io(_) => {
            broken("ses parties ne peuvent pas être décompressées", "its parts can not be unpacked")
        }
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => {
            broken("il en manque une partie", "a part of it is missing")
        }
        _ => not_understood(),
    }
}

impl Book {
    /// Opens the workbook in a file that [`Kind`] says to be one.
    pub fn open(path: &Path, kind: Kind) -> Result<Self, BookFault> {
        let file = File::open(path).map_err(|_| broken("il ne peut pas être lu", "it can not be read"))?;
        Self::of_source(Box::new(BufReader::new(file)), kind)
    }

    /// Opens a workbook in memory.
    pub fn of_bytes(bytes: Vec<u8>, kind: Kind) -> Result<Self, BookFault> {
        Self::of_source(Box::new(Cursor::new(bytes)), kind)
    }

    fn of_source(source: Source, kind: Kind) -> Result<Self, BookFault> {
        let opened = guarded(|| {
            Ok(match kind {
                Kind::OpenDocument => {
                    let book = Ods::new(source).map_err(|error| match error {
                        OdsError::Password => broken("il demande un mot de passe", "it asks for a password"),
                        _ => not_understood(),
                    })?;
                    let sheets = names(book.sheets_metadata());
                    Self { inner: Inner::Ods(Box::new(book)), sheets }
                }
                Kind::OldOffice => {
                    let book = Xls::new(source).map_err(|error| match error {
                        XlsError::Password => broken("il demande un mot de passe", "it asks for a password"),
                        // A workbook under a password is such a document too, with nothing of a workbook inside.
                        _ => broken(
                            "c'est de l'Excel protégé par un mot de passe, ou de l'Excel ancien qui n'est pas compris",
                            "it is Excel under a password, or old Excel that is not understood",
                        ),
                    })?;
                    let sheets = names(book.sheets_metadata());
                    Self { inner: Inner::Xls(Box::new(book)), sheets }
                }
                _ => {
                    let book = Xlsx::new(source).map_err(|error| of_xlsx(&error))?;
                    let sheets = names(book.sheets_metadata());
                    Self { inner: Inner::Xlsx(Box::new(book)), sheets }
                }
            })
        });
        opened.unwrap_or_else(|_| Err(not_understood()))
    }

    /// The sheet of a name, whatever its case; the first one that is shown where none is asked for.
    pub fn choose(&self, wanted: Option<&str>) -> Result<Choice, BookFault> {
        let all = || self.sheets.iter().map(|sheet| sheet.name.clone()).collect::<Vec<_>>();
        let Some(wanted) = wanted else {
            let shown: Vec<&SheetName> = self.sheets.iter().filter(|sheet| !sheet.hidden).collect();
            let Some(first) = shown.first().copied().or(self.sheets.first()) else {
                return Err(BookFault::NoSheet(all()));
            };
            let others: Vec<String> = (self.sheets.iter())
                .filter(|sheet| sheet.name != first.name)
                .map(|sheet| {
                    if sheet.hidden {
                        format!("« {} » (masquée)", sheet.name)
                    } else {
                        format!("« {} »", sheet.name)
                    }
                })
                .collect();
            let english: Vec<String> =
                (self.sheets.iter())
                    .filter(|sheet| sheet.name != first.name)
                    .map(|sheet| {
                        if sheet.hidden {
                            format!("\"{}\" (hidden)", sheet.name)
                        } else {
                            format!("\"{}\"", sheet.name)
                        }
                    })
                    .collect();
            let name = &first.name;
            let note = if first.hidden {
                Some(both!(
                    "la feuille « {name} » est lue, bien qu'elle soit masquée : le classeur n'en montre aucune",
                    "sheet \"{name}\" is read although it is hidden: the workbook shows none"
                ))
            } else if others.is_empty() {
                None
            } else {
                Some(Words::new(
                    format!("la feuille « {name} » est lue, non les autres : {}", others.join(", ")),
                    format!("sheet \"{name}\" is read, not the others: {}", english.join(", ")),
                ))
            };
            return Ok(Choice { sheet: name.clone(), note });
        };
        let trimmed = wanted.trim().to_lowercase();
        let found = (self.sheets.iter().find(|sheet| sheet.name == wanted))
            .or_else(|| self.sheets.iter().find(|sheet| sheet.name.trim().to_lowercase() == trimmed));
        let found = found.ok_or_else(|| BookFault::NoSheet(all()))?;
        let note = found.hidden.then(|| {
            both!("la feuille « {} », qui est lue, est masquée", "sheet \"{}\", which is read, is hidden", found.name)
        });
        Ok(Choice { sheet: found.name.clone(), note })
    }

    /// The cells of a sheet.
    pub fn cells(&mut self, sheet: &str) -> Result<Cells<'_>, BookFault> {
        let inner = &mut self.inner;
        let opened = guarded(|| {
            let whole = |cells: Vec<(u32, u32, Cell)>| Stream::Whole(cells.into_iter());
            Ok(match inner {
                Inner::Xlsx(book) => {
                    Stream::Xlsx(Box::new(book.worksheet_cells_reader(sheet).map_err(|error| of_xlsx(&error))?))
                }
                Inner::Xls(book) => whole(cells_of(&book.worksheet_range(sheet).map_err(|_| not_understood())?)),
                Inner::Ods(book) => whole(cells_of(&book.worksheet_range(sheet).map_err(|_| not_understood())?)),
            })
        });
        let stream = opened.unwrap_or_else(|_| Err(not_understood()))?;
        Ok(Cells { stream, ahead: None, last: (0, None), edge: (0, 0), ended: false, widest: 0 })
    }
}

fn names(sheets: &[calamine::Sheet]) -> Vec<SheetName> {
    let sheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    sheets.map(|sheet| SheetName { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible }).collect()
}

fn cells_of(range: &calamine::Range<Data>) -> Vec<(u32, u32, Cell)> {
    let (row, column) = range.start().unwrap_or_default();
    range.used_cells().map(|(r, c, value)| (row + r as u32, column + c as u32, of_data(value))).collect()
}

/// The name of a cell, such as `AB12`; row and column from 0.
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

enum Stream<'b> {
    Xlsx(Box<XlsxCellReader<'b, Source>>),
    Whole(std::vec::IntoIter<(u32, u32, Cell)>),
}

/// The cells of a sheet, in the order of the file.
pub(crate) struct Cells<'b> {
    stream: Stream<'b>,
    ahead: Option<(u32, u32, Cell)>,
    /// Row and column of the cell before.
    last: (u32, Option<u32>),
    /// Row of the last value, and the greatest column of one.
    edge: (u32, u32),
    ended: bool,
    widest: usize,
}

/// A row of cells and its number in the sheet, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SheetRow {
    pub number: u64,
    pub cells: Vec<Cell>,
}

impl Cells<'_> {
    /// Columns that cells were met in so far, empty ones too.
    pub fn widest(&self) -> usize {
        self.widest
    }

    fn next_cell(&mut self) -> Result<Option<(u32, u32, Cell)>, BookFault> {
        if let Some(cell) = self.ahead.take() {
            return Ok(Some(cell));
        }
        if self.ended {
            return Ok(None);
        }
        let mut unknown: Option<String> = None;
        let next = loop {
            let next = match &mut self.stream {
                Stream::Whole(cells) => Ok(cells.next()),
                Stream::Xlsx(cells) => {
                    let next = guarded(|| {
                        cells.next_cell().map(|cell| {
                            cell.map(|cell| {
                                let (row, column) = cell.get_position();
                                (row, column, of_value(cell.get_value()))
                            })
                        })
                    });
                    next.unwrap_or(Err(XlsxError::Unexpected("panic")))
                }
            };
            match next {
                Ok(next) => break next,
                // An error value newer than the library: a cell like any other, whose place is told by its neighbours.
                Err(XlsxError::CellError(text)) if unknown.is_none() => unknown = Some(text),
                Err(XlsxError::CellError(_)) => {}
                Err(error) => return Err(of_xlsx(&error)),
            }
        };
        if let Some((row, column, _)) = &next
            && (*column >= MOST_COLUMNS || *row >= MOST_ROWS)
        {
            return Err(broken(
                "une cellule est nommée hors des limites d'une feuille",
                "a cell is named outside the limits of a sheet",
            ));
        }
        if let Some((row, column, cell)) = &next
            && !cell.is_empty()
        {
            let (low, right) = self.edge;
            if *row > low.saturating_add(MOST_BLANK.0) || *column > right.saturating_add(MOST_BLANK.1) {
                let name = cell_name(*row, *column);
                return Err(BookFault::Broken(both!(
                    "la cellule {name} est seule, loin du tableau : effacez-la",
                    "cell {name} stands alone, far from the table: clear it"
                )));
            }
            self.edge = (*row, right.max(*column));
        }
        let before = self.last;
        let place = |(row, column): (u32, Option<u32>)| (row, column.map_or(0, |column| column + 1));
        match (unknown, next) {
            (Some(text), next) => {
                let (row, column) = match &next {
                    Some((row, column, _)) if *row != before.0 && *column == 1 => (*row, 0),
                    _ => place(before),
                };
                self.ended = next.is_none();
                self.ahead = next;
                self.last = (row, Some(column));
                Ok(Some((row, column, Cell::Text(text))))
            }
            (None, Some((row, column, cell))) => {
                self.last = (row, Some(column));
                Ok(Some((row, column, cell)))
            }
            (None, None) => {
                self.ended = true;
                Ok(None)
            }
        }
    }

    /// The next row that has a value.
    pub fn next_row(&mut self) -> Result<Option<SheetRow>, BookFault> {
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
                return Ok(Some(SheetRow { number: u64::from(number) + 1, cells }));
            }
        }
    }
}

fn of_value(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Empty => Cell::Empty,
        DataRef::Int(value) => Cell::Numeral(value.to_string()),
        DataRef::Float(value) => Cell::Number(*value),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(moment) if moment.is_duration() => of_span(moment.as_f64()),
        DataRef::DateTime(moment) => of_serial(moment.as_f64(), moment.to_ymd_hms_milli()),
        DataRef::Error(error) => Cell::Text(error_text(error).to_owned()),
    }
}

fn of_data(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::Int(value) => Cell::Numeral(value.to_string()),
        Data::Float(value) => Cell::Number(*value),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(moment) if moment.is_duration() => of_span(moment.as_f64()),
        Data::DateTime(moment) => of_serial(moment.as_f64(), moment.to_ymd_hms_milli()),
        Data::Error(error) => Cell::Text(error_text(error).to_owned()),
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A workbook of one sheet with numbers in the cells named.
    fn workbook(cells: &[&str]) -> Vec<u8> {
        const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let row = |name: &str| name.trim_start_matches(|letter: char| letter.is_ascii_uppercase()).to_owned();
        let rows: String = cells
            .chunk_by(|a, b| row(a) == row(b))
            .map(|same| {
                let cells: String = same.iter().map(|name| format!(r#"<c r="{name}"><v>1</v></c>"#)).collect();
                format!(r#"<row r="{}">{cells}</row>"#, row(same[0]))
            })
            .collect();
        let main = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
        let package = "http://schemas.openxmlformats.org/package/2006";
        let related = |kind: &str, target: &str| {
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>"#
            )
        };
        let parts = [
            ("[Content_Types].xml", format!(r#"<Types xmlns="{package}/content-types"/>"#)),
            ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook {main} xmlns:r="{RELATIONS}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#
                ),
            ),
            ("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/sheet1.xml")),
            ("xl/worksheets/sheet1.xml", format!("<worksheet {main}><sheetData>{rows}</sheetData></worksheet>")),
        ];
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn rows(cells: &[&str]) -> Result<usize, BookFault> {
        let mut book = Book::of_bytes(workbook(cells), Kind::Workbook)?;
        let mut cells = book.cells("A")?;
        let mut count = 0;
        while cells.next_row()?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    #[test]
    fn a_cell_alone_far_from_the_table_is_refused_by_its_name() {
        assert_eq!(rows(&["A1", "B1", "A2", "B2", "A90000", "ZZ90001"]), Ok(4), "a table with blanks in it");
        for far in ["XFD2", "A200000", "Z1048576", "XFD1048576"] {
            let Err(BookFault::Broken(words)) = rows(&["A1", "B1", "A2", far]) else { panic!("{far} is read") };
            assert!(words.english.contains(&format!("cell {far} stands alone")), "{words}");
        }
    }

    #[test]
    fn a_cell_outside_the_limits_of_a_sheet_is_refused() {
        for beyond in ["XFE2", "AAAAAAA3", "A1048577"] {
            assert!(matches!(rows(&["A1", beyond]), Err(BookFault::Broken(_))), "{beyond}");
        }
    }
}
