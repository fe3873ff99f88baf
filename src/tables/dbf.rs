//! dBase tables as text: fixed-width fields, decoded one by one and only when asked for.
//!
//! Numbers are handed over as they are written, so that a field of type `F` with an exponent, or an overflowed one full
//! of asterisks, never makes reading fail.

use std::path::Path;

use super::TableError;
use super::encoding::{Encoding, ValueEncoding, encoding_of_label};
use super::file::{file_name, shown, unreadable};
use super::rows::joined;
use crate::domain::{Finding, FindingKind, Severity, Words, both};

/// Where one field stands in a record.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    kind: u8,
    start: usize,
    end: usize,
}

/// A dBase table in memory, undecoded.
#[derive(Debug)]
pub(crate) struct Dbf {
    bytes: Vec<u8>,
    header: usize,
    record: usize,
    rows: usize,
    fields: Vec<Field>,
    encoding: ValueEncoding,
    /// What there is to say of it: its encoding, records marked as deleted.
    pub(crate) notes: Vec<Finding>,
}

impl Dbf {
    /// Reads a table whole; the encoding comes from the caller, the `.cpg` beside it, the language driver of its header, or
    /// the values themselves.
    #[cfg(test)]
    pub(crate) fn open(path: &Path, encoding: Option<&str>) -> Result<Self, TableError> {
        let label = read_cpg(path)?;
        Self::of_bytes(super::file::read_bytes(path)?, path, encoding, label.as_deref())
    }

    /// Takes the bytes of a table; `path` is for messages, `label` what its `.cpg` holds.
    pub(crate) fn of_bytes(
        bytes: Vec<u8>,
        path: &Path,
        encoding: Option<&str>,
        label: Option<&[u8]>,
    ) -> Result<Self, TableError> {
        let refused = |reason: Words| TableError::NotDbf { path: shown(path), reason };
        if bytes.len() < 33 {
            return Err(refused(both!("elle est plus courte qu'un en-tête", "it is shorter than a header")));
        }
        let word = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        let rows = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
        let (header, record) = (word(8), word(10));
        if header < 33 || record < 2 {
            return Err(refused(both!(
                "son en-tête annonce des longueurs impossibles",
                "its header states impossible lengths"
            )));
        }
        // The closing 0x1a is optional, and the last record may lack it.
        let stated = header + rows * record;
        if bytes.len() < stated {
            return Err(TableError::Truncated { path: shown(path), stated: stated as u64, found: bytes.len() as u64 });
        }
        let fields = read_fields(&bytes[..header], record).ok_or_else(|| {
            refused(both!("ses champs ne tiennent pas dans ses enregistrements", "its fields do not fit its records"))
        })?;
        let label = encoding.map(str::to_owned).or_else(|| {
            let label = String::from_utf8_lossy(label?).trim().trim_start_matches('\u{feff}').to_owned();
            (!label.is_empty()).then_some(label)
        });
        let declared = match label {
            Some(label) => Some(encoding_of_label(&label, path)?),
            None => Encoding::of_language_driver(bytes[29]),
        };
        let mut table =
            Self { bytes, header, record, rows, fields, encoding: ValueEncoding::undecided(), notes: Vec::new() };
        let texts: Vec<usize> = (0..table.fields.len()).filter(|&field| table.fields[field].kind == b'C').collect();
        let values = (0..rows).flat_map(|row| texts.iter().map(move |&field| (row, field)));
        let (found, note) =
            ValueEncoding::of_values(values.map(|(row, field)| table.value(row, field)), declared, &file_name(path));
        table.encoding = found;
        table.notes.extend(note);
        table.notes.extend(table.tell_deleted(&file_name(path)));
        Ok(table)
    }

    /// Names of the columns, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }

    /// How many rows there are, deleted ones included.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether a row is marked as deleted.
    pub(crate) fn deleted(&self, row: usize) -> bool {
        self.bytes[self.header + row * self.record] == b'*'
    }

    /// Says which records are marked as deleted: programs show the rest as the whole table, until it is packed.
    fn tell_deleted(&self, file: &str) -> Option<Finding> {
        let deleted: Vec<u64> = (0..self.rows).filter(|&row| self.deleted(row)).map(|row| row as u64 + 1).collect();
        let first = *deleted.first()?;
        let (shown, more) = (joined(&deleted[..deleted.len().min(5)]), if deleted.len() > 5 { "..." } else { "" });
        let message = both!(
            "{} enregistrements sont marqués comme supprimés (lignes {shown}{more}) : laissés de côté ; s'ils comptent, rétablissez-les dans le programme qui les a supprimés",
            "{} records are marked as deleted (lines {shown}{more}): left out; if they count, bring them back in the program that deleted them",
            deleted.len()
        );
        let finding = Finding::new(Severity::Note, FindingKind::DeletedRecord, message);
        Some(finding.in_file(file, Some(first), None))
    }

    /// One value as text, without the spaces that fill its field.
    pub(crate) fn text(&self, row: usize, field: usize) -> String {
        let text = self.encoding.text(self.raw(row, field));
        if matches!(self.fields[field].kind, b'N' | b'F')
            && let Some((whole, decimals)) = text.split_once('.')
            && decimals.bytes().all(|byte| byte == b'0')
        {
            return whole.to_owned();
        }
        text
    }

    /// A value and whether it fills its field.
    fn value(&self, row: usize, field: usize) -> (&[u8], bool) {
        let (value, place) = (self.raw(row, field), &self.fields[field]);
        (value, value.len() == place.end - place.start)
    }

    fn raw(&self, row: usize, field: usize) -> &[u8] {
        let start = self.header + row * self.record;
        let field = &self.fields[field];
        let value = &self.bytes[start + field.start..start + field.end];
        // What follows a NUL is left over from another value: some writers copy C strings into fields.
        let text = value.split(|&byte| byte == 0).next().unwrap_or_default();
        let filled = text.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1);
        &text[..filled]
    }
}

/// The descriptions of the fields; `None` where they run past the record.
fn read_fields(header: &[u8], record: usize) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    let mut start = 1;
    for description in header[32..].chunks_exact(32) {
        if description[0] == b'\r' {
            break;
        }
        let length = description[..11].iter().position(|&byte| byte == 0).unwrap_or(11);
        let name = String::from_utf8_lossy(&description[..length]).trim().to_owned();
        let end = start + usize::from(description[16]);
        if end > record {
            return None;
        }
        fields.push(Field { name, kind: description[11], start, end });
        start = end;
    }
    (!fields.is_empty()).then_some(fields)
}

/// What the `.cpg` beside a table holds, where there is one.
pub(crate) fn read_cpg(path: &Path) -> Result<Option<Vec<u8>>, TableError> {
    for extension in ["cpg", "CPG", "cst"] {
        let beside = path.with_extension(extension);
        if beside.is_file() {
            return std::fs::read(&beside).map(Some).map_err(|source| unreadable(&beside, source));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of one text and one `F 19` field, in the bytes given.
    fn table(values: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![3, 117, 1, 1];
        bytes.extend((values.len() as u32).to_le_bytes());
        bytes.extend(97_u16.to_le_bytes());
        bytes.extend(40_u16.to_le_bytes());
        bytes.resize(32, 0);
        for (name, kind, length) in [("NOM", b'C', 20_u8), ("AIRE", b'F', 19)] {
            let mut field = name.as_bytes().to_vec();
            field.resize(11, 0);
            field.extend([kind, 0, 0, 0, 0, length]);
            field.resize(32, 0);
            bytes.extend(field);
        }
        bytes.push(b'\r');
        for value in values {
            bytes.push(b' ');
            let mut padded = value.to_vec();
            padded.resize(20, b' ');
            bytes.extend(padded);
            bytes.extend(b" 3.06204424175e+009");
        }
        bytes.push(0x1a);
        bytes
    }

    fn open(bytes: &[u8], cpg: Option<&str>) -> Result<Dbf, TableError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.dbf");
        std::fs::write(&path, bytes).unwrap();
        if let Some(label) = cpg {
            std::fs::write(path.with_extension("cpg"), label).unwrap();
        }
        Dbf::open(&path, None)
    }

    #[test]
    fn windows_1252_is_read_with_and_without_a_cpg() {
        let bytes = table(&[b"Rivi\xe8re-du-Loup", b"Matane"]);
        let guessed = open(&bytes, None).unwrap();
        assert_eq!(guessed.text(0, 0), "Rivière-du-Loup");
        assert!(!guessed.notes.is_empty());
        let told = open(&bytes, Some("ISO-8859-1")).unwrap();
        assert_eq!(told.text(0, 0), "Rivière-du-Loup");
        assert!(told.notes.is_empty());
        let wrong = open(&bytes, Some("UTF-8")).unwrap();
        assert_eq!(wrong.text(0, 0), "Rivière-du-Loup");
        assert!(wrong.notes[0].message.contains("UTF-8"));
        let utf8 = open(&table(&["Rivière".as_bytes()]), None).unwrap();
        assert_eq!((utf8.text(0, 0).as_str(), utf8.notes.is_empty()), ("Rivière", true));
    }

    #[test]
    fn the_header_or_the_cpg_says_the_code_page_and_bytes_that_are_utf_8_win() {
        let mut dos = table(&[b"C\x93te-Nord"]);
        dos[29] = 0x02;
        assert_eq!(open(&dos, None).unwrap().text(0, 0), "Côte-Nord");
        assert_eq!(open(&table(&[b"C\x93te-Nord"]), Some("850")).unwrap().text(0, 0), "Côte-Nord");
        let mislabelled = open(&table(&["Côte-Nord".as_bytes()]), Some("1252")).unwrap();
        assert_eq!(mislabelled.text(0, 0), "Côte-Nord");
        assert!(!mislabelled.notes.is_empty());
    }

    #[test]
    fn records_marked_as_deleted_are_told_with_their_lines() {
        let mut bytes = table(&[b"a", b"b", b"c"]);
        bytes[97 + 40] = b'*';
        let opened = open(&bytes, None).unwrap();
        assert_eq!((opened.deleted(0), opened.deleted(1)), (false, true));
        let told = &opened.notes[0];
        assert_eq!((told.place.line, told.kind), (Some(2), FindingKind::DeletedRecord));
        assert!(told.message.starts_with("1 records are marked as deleted (lines 2)"), "{}", told.message);
    }

    #[test]
    fn what_follows_a_nul_in_a_field_is_no_text() {
        assert_eq!(open(&table(&[b"24660001\0garbage"]), None).unwrap().text(0, 0), "24660001");
    }

    #[test]
    fn a_number_with_an_exponent_is_no_failure() {
        assert_eq!(open(&table(&[b"x"]), None).unwrap().text(0, 1), "3.06204424175e+009");
    }

    #[test]
    fn half_a_table_says_how_much_is_missing() {
        let bytes = table(&[b"a", b"b", b"c"]);
        let error = open(&bytes[..150], None).unwrap_err();
        assert!(matches!(error, TableError::Truncated { stated: 217, found: 150, .. }), "{error}");
        assert!(matches!(open(&bytes[..20], None).unwrap_err(), TableError::NotDbf { .. }));
        assert!(matches!(open(b"", None).unwrap_err(), TableError::EmptyFile { .. }));
    }
}
