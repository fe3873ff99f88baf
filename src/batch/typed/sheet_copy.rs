//! A workbook out that is the one that came in: every part as it was, byte by byte, but one sheet, whose rows get cells at
//! their end.
//!
//! So numbers, dates, formats, formulas, widths, filters and other sheets are kept, whatever they are. The sheet is read and
//! written as a stream of XML events; texts that are added stand in the sheet itself.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use zip::read::ZipFile;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::output::Output;
use super::sheet_cells::{RowWriter, letters};
use super::sheet_in::Survey;
use super::{Chunk, Target};
use crate::batch::BatchError;
use crate::batch::answer::Answer;
use crate::batch::columns::Column;
use crate::domain::{Words, both};

pub(super) type Archive = ZipArchive<BufReader<File>>;

fn bad(name: &str, what: Words) -> BatchError {
    BatchError::BadWorkbook { name: name.to_owned(), what }
}

fn packed() -> Words {
    both!("ses parties ne peuvent pas être décompressées", "its parts can not be unpacked")
}

pub(super) fn archive(path: &Path, name: &str) -> Result<Archive, BatchError> {
    let file = File::open(path).map_err(|source| BatchError::Input { name: name.to_owned(), source })?;
    ZipArchive::new(BufReader::new(file))
        .map_err(|source| BatchError::BadZip { name: name.to_owned(), source: Box::new(source) })
}

/// The number of the part that holds a sheet.
pub(super) fn find_part(archive: &mut Archive, sheet: &str, name: &str) -> Result<usize, BatchError> {
    let missing = || bad(name, both!("il en manque une partie", "a part of it is missing"));
    let book = read_part(archive, "xl/workbook.xml").ok_or_else(missing)?;
    let links = read_part(archive, "xl/_rels/workbook.xml.rels").ok_or_else(missing)?;
    let id = find_attribute(&book, "sheet", ("name", sheet), "id").ok_or_else(missing)?;
    let target = find_attribute(&links, "Relationship", ("Id", &id), "Target").ok_or_else(missing)?;
    let path = match target.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => format!("xl/{}", target.trim_start_matches("./")),
    };
    let is_it = |part: &str| part.replace('\\', "/").eq_ignore_ascii_case(&path);
    let part = (0..archive.len()).find(|&part| {
        let name = archive.name_for_index(part).and_then(Result::ok);
        name.is_some_and(|name| is_it(&name))
    });
    part.ok_or_else(missing)
}

fn read_part(archive: &mut Archive, path: &str) -> Option<String> {
    let mut text = String::new();
    archive.by_name(path).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

/// An attribute of the first element of a name that has another attribute of a value.
fn find_attribute(xml: &str, element: &str, (key, value): (&str, &str), wanted: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    loop {
        let event = reader.read_event().ok()?;
        let (Event::Start(found) | Event::Empty(found)) = event else {
            if matches!(event, Event::Eof) {
                return None;
            }
            continue;
        };
        if found.local_name().as_ref() != element {
            continue;
        }
        let mut has = false;
        let mut answer = None;
        for attribute in found.attributes().flatten() {
            let text = quick_xml::escape::unescape(attribute.value.as_ref()).ok()?;
            has |= attribute.key.as_ref() == key && text == value;
            if attribute.key.local_name().as_ref() == wanted {
                answer = Some(text.into_owned());
            }
        }
        if has {
            return answer;
        }
    }
}

type Sheet<'z> = Reader<BufReader<ZipFile<'z, BufReader<File>>>>;

/// Writes the workbook anew.
pub(super) struct CopyTarget<'z> {
    /// Another view of the workbook, for the parts after the sheet.
    archive: Archive,
    part: usize,
    sheet: Sheet<'z>,
    writer: Writer<ZipWriter<BufWriter<Output>>>,
    columns: Vec<Column>,
    survey: Survey,
    name: String,
    /// The row that comes next, from 1, as far as its own number does not say.
    row: u64,
    /// The style of the last cell of the header.
    style: Option<String>,
    buffer: Vec<u8>,
}

impl<'z> CopyTarget<'z> {
    /// Copies what stands before the sheet, and the sheet's header.
    pub fn new(
        mut archive: Archive,
        own: &'z mut Archive,
        part: usize,
        out: Output,
        columns: Vec<Column>,
        survey: Survey,
        name: &str,
    ) -> Result<Self, BatchError> {
        let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 18, out));
        copy_parts(&mut archive, &mut zip, 0..part, name)?;
        let about = own.by_index(part).map_err(|_| bad(name, packed()))?;
        // Some readers do not like the long form, so it is kept for what needs it.
        let added = survey.rows.saturating_mul(columns.len() as u64 * 100);
        let options = SimpleFileOptions::default().large_file(about.size().saturating_add(added) > 3 << 30);
        let path = about.name().map_err(|_| bad(name, packed()))?.into_owned();
        zip.start_file(path, options.compression_level(Some(3))).map_err(written)?;
        let mut sheet = Reader::from_reader(BufReader::with_capacity(1 << 16, about));
        sheet.config_mut().check_end_names = false;
        let writer = Writer::new(zip);
        let mut target = Self {
            archive,
            part,
            sheet,
            writer,
            columns,
            survey,
            name: name.to_owned(),
            row: 1,
            style: None,
            buffer: Vec::new(),
        };
        let header = target.survey.header;
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method is of one lifetime, the closure of any"
        )]
        target.advance(Some(header), |row, first, columns| row.names(first, columns))?;
        Ok(target)
    }

    /// Copies up to the end of a row, where cells are added; to the end of the sheet without one.
    fn advance(
        &mut self,
        wanted: Option<u64>,
        add: impl FnOnce(&mut RowWriter<'_>, usize, &[Column]) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        let not_understood = || bad(&self.name, both!("sa feuille n'est pas comprise", "its sheet is not understood"));
        let is_header = wanted == Some(self.survey.header);
        loop {
            self.buffer.clear();
            let event = self.sheet.read_event_into(&mut self.buffer).map_err(|_| not_understood())?;
            if let Event::Start(cell) | Event::Empty(cell) = &event
                && is_header
                && cell.local_name().as_ref() == "c"
            {
                self.style = attribute(cell, "s").or(self.style.take());
            }
            match event {
                Event::Eof if wanted.is_none() => return Ok(()),
                Event::Eof => return Err(not_understood()),
                Event::Start(start) if start.local_name().as_ref() == "row" => {
                    if let Some(number) = attribute(&start, "r").and_then(|text| text.parse().ok()) {
                        self.row = number;
                    }
                    // It speaks of the columns that have cells, which are more now; it may be left out.
                    self.writer.write_event(Event::Start(without(&start, "spans"))).map_err(BatchError::Write)?;
                }
                Event::Empty(row) if row.local_name().as_ref() == "row" => {
                    if let Some(number) = attribute(&row, "r").and_then(|text| text.parse().ok()) {
                        self.row = number;
                    }
                    self.row += 1;
                    self.writer.write_event(Event::Empty(row)).map_err(BatchError::Write)?;
                }
                Event::End(end) if end.local_name().as_ref() == "row" => {
                    let here = wanted == Some(self.row);
                    let number = self.row;
                    self.row += 1;
                    if here {
                        let tag = end.name();
                        let prefix = tag.as_ref().strip_suffix("row").unwrap_or_default().to_owned();
                        let style = self.style.as_deref().filter(|_| is_header);
                        let mut cells = Vec::new();
                        let mut row = RowWriter { out: &mut cells, prefix: &prefix, row: number, style };
                        add(&mut row, self.survey.width, &self.columns)?;
                        self.writer.get_mut().write_all(&cells).map_err(BatchError::Write)?;
                        self.writer.write_event(Event::End(end)).map_err(BatchError::Write)?;
                        return Ok(());
                    }
                    self.writer.write_event(Event::End(end)).map_err(BatchError::Write)?;
                }
                Event::Empty(dimension) if dimension.local_name().as_ref() == "dimension" => {
                    let last = self.survey.width + self.columns.len() - 1;
                    let mut wider = without(&dimension, "ref");
                    if let Some((from, to)) = attribute(&dimension, "ref").as_deref().map(|all| {
                        let (from, to) = all.split_once(':').unwrap_or((all, all));
                        (from.to_owned(), to.trim_start_matches(|letter: char| !letter.is_ascii_digit()).to_owned())
                    }) {
                        let around = format!("{from}:{}{to}", letters(last));
                        wider.push_attribute(("ref", around.as_str()));
                    }
                    self.writer.write_event(Event::Empty(wider)).map_err(BatchError::Write)?;
                }
                other => self.writer.write_event(other).map_err(BatchError::Write)?,
            }
        }
    }
}

fn attribute(element: &BytesStart<'_>, key: &str) -> Option<String> {
    let mut all = element.attributes().flatten();
    all.find(|attribute| attribute.key.as_ref() == key).map(|attribute| attribute.value.into_owned())
}

/// The element without one of its attributes.
fn without(element: &BytesStart<'_>, key: &str) -> BytesStart<'static> {
    let mut kept = element.to_owned();
    if attribute(element, key).is_some() {
        kept.clear_attributes();
        for attribute in element.attributes().flatten().filter(|attribute| attribute.key.as_ref() != key) {
            kept.push_attribute(attribute);
        }
    }
    kept
}

pub(super) fn written(error: zip::result::ZipError) -> BatchError {
    match error {
        zip::result::ZipError::Io(error) => BatchError::Write(error),
        other => BatchError::Write(std::io::Error::other(other)),
    }
}

fn copy_parts(
    archive: &mut Archive,
    zip: &mut ZipWriter<BufWriter<Output>>,
    parts: std::ops::Range<usize>,
    name: &str,
) -> Result<(), BatchError> {
    for part in parts {
        let part = archive.by_index_raw(part).map_err(|_| bad(name, packed()))?;
        zip.raw_copy_file(part).map_err(written)?;
    }
    Ok(())
}

impl Target for CopyTarget<'_> {
    fn write(&mut self, chunk: &Chunk, answers: &[Answer<'_>]) -> Result<(), BatchError> {
        let Chunk::Rows(rows) = chunk else {
            return Err(bad(&self.name, both!("ses lignes ne sont pas comprises", "its rows are not understood")));
        };
        for (row, answer) in rows.iter().zip(answers) {
            self.advance(Some(row.number), |out, first, columns| out.added(first, columns, answer))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), BatchError> {
        self.advance(None, |_, _, _| Ok(()))?;
        let mut zip = self.writer.into_inner();
        let parts = self.part + 1..self.archive.len();
        copy_parts(&mut self.archive, &mut zip, parts, &self.name)?;
        zip.finish().map_err(written)?.flush().map_err(BatchError::Write)
    }
}
