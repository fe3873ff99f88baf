//! Where rows come from: a file or standard input, as it is, gzip, or the one table of a zip.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::dialect::encoding_of;
use super::{BatchError, Format};
use crate::domain::both;
use crate::tables::Encoding;
use crate::tables::gzip::Gunzip;

/// What is known of an input before it is read.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, without the folder; `-` for standard input.
    pub name: String,
    /// Its size as it lies on the disk.
    pub size: Option<u64>,
    /// Bytes of that size read so far.
    pub read: Arc<AtomicU64>,
    /// What its name says of its rows.
    pub format: Format,
    /// Its encoding by its first letter that is not ASCII, wherever that stands.
    pub encoding: Option<Encoding>,
}

/// Counts what is read.
struct Counted<R>(R, Arc<AtomicU64>);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

fn format_of(name: &str) -> Format {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let lines = [".ndjson", ".jsonl"].iter().any(|end| name.ends_with(end));
    if lines { Format::Ndjson } else { Format::Delimited }
}

/// Opens a file, or standard input where `path` is `None`, and lends it; gzip and zip are told by their first bytes.
///
/// # Errors
/// [`BatchError::Input`], [`BatchError::Zip`], [`BatchError::BadZip`], [`BatchError::Unsupported`]; whatever `work` fails with.
pub fn with_source<T>(
    path: Option<&Path>,
    work: impl FnOnce(&Source, &mut (dyn Read + Send)) -> Result<T, BatchError>,
) -> Result<T, BatchError> {
    let name = path.map_or_else(
        || "-".to_owned(),
        |path| path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
    );
    let failed = |source| BatchError::Input { name: name.clone(), source };
    let read = Arc::new(AtomicU64::new(0));
    let format = format_of(&name);
    let mut source = Source { name: name.clone(), size: None, read: Arc::clone(&read), format, encoding: None };
    let Some(path) = path else {
        let mut input = Counted(std::io::stdin(), read);
        let first = first_bytes(&mut input).map_err(failed)?;
        check_kind(&name, &first, true)?;
        let packed = first.starts_with(&[0x1F, 0x8B]);
        let mut whole = Cursor::new(first).chain(input);
        return if packed { work(&source, &mut Gunzip::new(whole)) } else { work(&source, &mut whole) };
    };
    let mut file = File::open(path).map_err(failed)?;
    source.size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|about| about.len());
    if source.size.is_none() {
        // A pipe can not be read twice.
        let mut input = Counted(file, read);
        let first = first_bytes(&mut input).map_err(failed)?;
        check_kind(&name, &first, true)?;
        return work(&source, &mut Cursor::new(first).chain(input));
    }
    let first = first_bytes(&mut file).map_err(failed)?;
    check_kind(&name, &first, false)?;
    file.rewind().map_err(failed)?;
    if first.starts_with(&[0x1F, 0x8B]) {
        return work(&source, &mut Gunzip::new(Counted(file, read)));
    }
    if first.starts_with(b"PK\x03\x04") {
        return with_zip(source, Counted(file, read), work);
    }
    source.encoding = first_foreign_letter(&mut file).map_err(failed)?;
    file.rewind().map_err(failed)?;
    work(&source, &mut Counted(file, read))
}

fn first_bytes(input: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut first = Vec::with_capacity(8);
    input.by_ref().take(8).read_to_end(&mut first)?;
    Ok(first)
}

fn check_kind(name: &str, first: &[u8], is_stream: bool) -> Result<(), BatchError> {
    let unsupported = |kind| Err(BatchError::Unsupported { name: name.to_owned(), kind });
    match first {
        [b'P', b'A', b'R', b'1', ..] => unsupported(both!("du Parquet venu d'un tube", "Parquet from a pipe: such")),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            unsupported(both!("de l'Excel ancien (.xls) ou protégé", "old (.xls) or protected Excel"))
        }
        [b'%', b'P', b'D', b'F', ..] => unsupported(both!("du PDF", "PDF")),
        [b'P', b'K', 3, 4, ..] if is_stream => {
            unsupported(both!("de l'Excel ou un zip venu d'un tube", "Excel or zip from a pipe: such"))
        }
        _ => Ok(()),
    }
}

fn with_zip<T>(
    mut source: Source,
    file: Counted<File>,
    work: impl FnOnce(&Source, &mut (dyn Read + Send)) -> Result<T, BatchError>,
) -> Result<T, BatchError> {
    let bad = |error| BatchError::BadZip { name: source.name.clone(), source: Box::new(error) };
    let mut archive = zip::ZipArchive::new(file).map_err(bad)?;
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    if names.iter().any(|name| name.starts_with("xl/")) {
        return Err(BatchError::Unsupported {
            name: source.name,
            kind: both!("de l'Excel d'une autre sorte", "other Excel"),
        });
    }
    let is_table = |name: &str| {
        let lower = name.to_ascii_lowercase();
        !lower.starts_with("__macosx")
            && [".csv", ".tsv", ".txt", ".ndjson", ".jsonl"].iter().any(|end| lower.ends_with(end))
    };
    let tables: Vec<&String> = names.iter().filter(|name| is_table(name)).collect();
    let [table] = tables[..] else {
        return Err(BatchError::Zip { name: source.name, found: super::columns::listed(&names) });
    };
    let mut member = archive.by_name(table).map_err(bad)?;
    source.format = format_of(table);
    work(&source, &mut member)
}

/// The encoding by the first letter that is not ASCII.
fn first_foreign_letter(file: &mut File) -> std::io::Result<Option<Encoding>> {
    let mut bytes = Vec::new();
    loop {
        let kept = bytes.len();
        let count = file.by_ref().take(1 << 20).read_to_end(&mut bytes)?;
        if count == 0 {
            // Half a letter of UTF-8 at the end is a letter of Windows-1252.
            return Ok((!bytes.is_empty()).then_some(Encoding::WINDOWS_1252));
        }
        if bytes[kept.saturating_sub(4)..].is_ascii() {
            bytes.clear();
            continue;
        }
        if let Some(encoding) = encoding_of(&bytes) {
            return Ok(Some(encoding));
        }
        bytes.drain(..bytes.len().saturating_sub(4));
    }
}
