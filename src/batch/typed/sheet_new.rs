//! A workbook out that never was one: the least that makes a workbook (ECMA-376, part 1), and one sheet written as a stream.

use std::io::{BufWriter, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::output::Output;
use super::sheet_cells::{MOST_COLUMNS, MOST_ROWS, RowWriter};
use super::sheet_copy::written;
use super::{Chunk, Target};
use crate::batch::BatchError;
use crate::batch::answer::Answer;
use crate::batch::columns::Column;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
const LINKS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const BOOK: &str = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"rattache\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const BOOK_LINKS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>";
/// Styles: plain, a day, a moment.
const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts><fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/><xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";
const SHEET: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetData>";
const SHEET_END: &str = "</sheetData></worksheet>";

/// Writes a workbook.
pub(super) struct BookTarget {
    zip: ZipWriter<BufWriter<Output>>,
    width: usize,
    columns: Vec<Column>,
    row: u64,
    buffer: Vec<u8>,
}

/// Refuses what does not fit in a sheet; `rows` without the header.
pub(super) fn check_room(width: usize, rows: u64) -> Result<(), BatchError> {
    if width > MOST_COLUMNS {
        return Err(BatchError::TooManyColumns { columns: width });
    }
    if rows >= MOST_ROWS { Err(BatchError::TooManyRows { most: MOST_ROWS - 1 }) } else { Ok(()) }
}

impl BookTarget {
    pub fn new(out: Output, names: &[String], columns: Vec<Column>, rows: Option<u64>) -> Result<Self, BatchError> {
        let width = names.len();
        check_room(width + columns.len(), 0)?;
        let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 18, out));
        let options = SimpleFileOptions::default();
        for (path, text) in [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", LINKS),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", BOOK_LINKS),
            ("xl/styles.xml", STYLES),
        ] {
            zip.start_file(path, options).map_err(written)?;
            write!(zip, "{HEAD}{text}").map_err(BatchError::Write)?;
        }
        // Some readers do not like the long form, so it is kept for what may need it.
        let bytes = rows.unwrap_or(MOST_ROWS).saturating_mul((width + columns.len()) as u64 * 120);
        let options = options.large_file(bytes > 3 << 30).compression_level(Some(3));
        zip.start_file("xl/worksheets/sheet1.xml", options).map_err(written)?;
        write!(zip, "{HEAD}{SHEET}").map_err(BatchError::Write)?;
        let mut target = Self { zip, width, columns, row: 1, buffer: Vec::new() };
        target.put(|row, columns| {
            for (place, name) in names.iter().enumerate() {
                row.text(place, name)?;
            }
            row.names(width, columns)
        })?;
        Ok(target)
    }

    fn put(
        &mut self,
        cells: impl FnOnce(&mut RowWriter<'_>, &[Column]) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        if self.row > MOST_ROWS {
            return Err(BatchError::TooManyRows { most: MOST_ROWS - 1 });
        }
        self.buffer.clear();
        // Memory takes all that is written.
        let _ = write!(self.buffer, "<row r=\"{}\">", self.row);
        cells(&mut RowWriter { out: &mut self.buffer, prefix: "", row: self.row, style: None }, &self.columns)?;
        self.buffer.extend_from_slice(b"</row>");
        self.row += 1;
        self.zip.write_all(&self.buffer).map_err(BatchError::Write)
    }
}

impl Target for BookTarget {
    fn write(&mut self, chunk: &Chunk, answers: &[Answer<'_>]) -> Result<(), BatchError> {
        let width = self.width;
        for (place, answer) in answers.iter().enumerate() {
            self.put(|row, columns| {
                for column in 0..width {
                    row.cell(column, &chunk.cell(place, column))?;
                }
                row.added(width, columns, answer)
            })?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), BatchError> {
        self.zip.write_all(SHEET_END.as_bytes()).map_err(BatchError::Write)?;
        self.zip.finish().map_err(written)?.flush().map_err(BatchError::Write)
    }
}
