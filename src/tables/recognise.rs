//! What a file is, by its first bytes: a table, a table packed, or something else, named with the way out.

use crate::domain::{Words, both};

/// What bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, in any encoding; whether it is a table is for its reader to say.
    Text,
    /// gzip.
    Gzip,
    /// A zip of unknown content; see [`Kind::of_zip`].
    Zip,
    /// An Excel workbook (`.xlsx`, `.xlsm`, `.xlsb`).
    Workbook,
    /// An `OpenDocument` spreadsheet.
    OpenDocument,
    /// Compound documents of old Office: `.xls`, or a workbook under a password.
    OldOffice,
    /// A dBase table.
    Dbf,
    /// Parquet.
    Parquet,
    /// Arrow, or Feather.
    Arrow,
    /// JSON.
    Json,
    /// A page for a browser, such as some sites name `.xls`.
    Html,
    /// XML, such as a spreadsheet of 2003.
    Xml,
    /// PDF.
    Pdf,
    /// `SQLite`, such as a `GeoPackage`.
    Sqlite,
    /// A shapefile's shapes.
    Shapefile,
    /// `FlatGeobuf`.
    FlatGeobuf,
    /// A packing that is not read.
    OtherArchive,
    /// A file of SAS, SPSS, Stata or R.
    Statistics,
    /// An image.
    Image,
    /// Bytes that are no text and are not known.
    Binary,
}

/// Control characters that text has none of, or a few by mishap; white space and the DOS end of file are none.
fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 14..=25 | 28..=31 | 127)
}

impl Kind {
    /// Tells by the first bytes; 1,000 and more are best.
    #[must_use]
    pub fn of_head(head: &[u8]) -> Self {
        let starts = |mark: &[u8]| head.starts_with(mark);
        let magic: &[(&[u8], Self)] = &[
            (&[0x1F, 0x8B], Self::Gzip),
            (b"PK\x03\x04", Self::Zip),
            (b"PK\x05\x06", Self::Zip),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], Self::OldOffice),
            (&[0x09, 0x08, 0x10, 0x00], Self::OldOffice),
            (b"PAR1", Self::Parquet),
            (b"ARROW1", Self::Arrow),
            (b"FEA1", Self::Arrow),
            (b"%PDF", Self::Pdf),
            (b"SQLite format 3\0", Self::Sqlite),
            (&[0, 0, 0x27, 0x0A, 0, 0, 0, 0], Self::Shapefile),
            (b"fgb\x03fgb", Self::FlatGeobuf),
            (&[0x28, 0xB5, 0x2F, 0xFD], Self::OtherArchive),
            (b"BZh", Self::OtherArchive),
            (&[0xFD, b'7', b'z', b'X', b'Z', 0], Self::OtherArchive),
            (b"7z\xBC\xAF\x27\x1C", Self::OtherArchive),
            (b"Rar!\x1A\x07", Self::OtherArchive),
            (b"$FL2", Self::Statistics),
            (b"RDX", Self::Statistics),
            (b"<stata_dta>", Self::Statistics),
            (&[0x89, b'P', b'N', b'G'], Self::Image),
            (&[0xFF, 0xD8, 0xFF], Self::Image),
            (b"GIF8", Self::Image),
        ];
        if let Some((_, kind)) = magic.iter().find(|(mark, _)| starts(mark)) {
            return *kind;
        }
        if is_dbf(head) {
            return Self::Dbf;
        }
        let wide = super::Encoding::of_marks(head).is_some_and(|(encoding, _)| encoding.is_wide());
        if wide {
            return Self::Text;
        }
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let lower: Vec<u8> = text[..text.len().min(200)].to_ascii_lowercase();
        if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") || lower.starts_with(b"<table") {
            return Self::Html;
        }
        if lower.starts_with(b"<?xml") {
            return Self::Xml;
        }
        if is_json(text) {
            return Self::Json;
        }
        let controls = head.iter().filter(|&&byte| is_control(byte)).count();
        // A slip or two in a table do not make it another thing.
        if controls > 3 && controls * 50 > head.len() { Self::Binary } else { Self::Text }
    }

    /// What a zip is by the names of its members.
    #[must_use]
    pub fn of_zip<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut book, mut document) = (false, false);
        for name in names {
            book |= name.starts_with("xl/");
            document |= name == "content.xml" || name == "mimetype";
        }
        if book {
            Self::Workbook
        } else if document {
            Self::OpenDocument
        } else {
            Self::Zip
        }
    }

    /// What it is, for a message, and what to do with it to have a table.
    #[must_use]
    pub fn words(self) -> (Words, Words) {
        let save =
            || both!("enregistrez-le en CSV UTF-8 ou en Excel (.xlsx)", "save it as CSV UTF-8 or as Excel (.xlsx)");
        match self {
            Self::Text => (both!("du texte", "text"), save()),
            Self::Gzip => (both!("du gzip", "gzip"), both!("décompressez-le d'abord", "unpack it first")),
            Self::Zip => (both!("un zip", "a zip"), both!("décompressez-le d'abord", "unpack it first")),
            Self::Workbook => (both!("un classeur Excel", "an Excel workbook"), save()),
            Self::OpenDocument => (both!("un classeur OpenDocument", "an OpenDocument spreadsheet"), save()),
            Self::OldOffice => (
                both!("de l'Excel ancien ou protégé par un mot de passe", "old Excel, or Excel under a password"),
                both!(
                    "ouvrez-le, retirez le mot de passe et enregistrez-le en Excel (.xlsx)",
                    "open it, take its password off and save it as Excel (.xlsx)"
                ),
            ),
            Self::Dbf => (
                both!("une table dBase", "a dBase table"),
                both!("nommez-la avec la terminaison .dbf", "name it with the ending .dbf"),
            ),
            Self::Parquet => (
                both!("du Parquet", "Parquet"),
                both!("écrivez-en un CSV, par exemple avec DuckDB", "write a CSV of it, with DuckDB for one"),
            ),
            Self::Arrow => (
                both!("un fichier Arrow ou Feather", "an Arrow or Feather file"),
                both!("écrivez-en un CSV ou un Parquet", "write a CSV or Parquet of it"),
            ),
            Self::Json => (
                both!("du JSON", "JSON"),
                both!(
                    "écrivez-en un CSV : un en-tête, puis une ligne par élément",
                    "write a CSV of it: a header, then a row an element"
                ),
            ),
            Self::Html => (
                both!("une page Web (HTML)", "a Web page (HTML)"),
                both!(
                    "ouvrez-la dans un tableur et enregistrez-la en CSV ou en Excel ; un téléchargement donne parfois une page d'erreur",
                    "open it in a spreadsheet and save it as CSV or Excel; a download may have given an error page"
                ),
            ),
            Self::Xml => (both!("du XML", "XML"), save()),
            Self::Pdf => (
                both!("du PDF", "PDF"),
                both!("demandez la table à qui l'a faite", "ask for the table whoever made it"),
            ),
            Self::Sqlite => (
                both!("une base SQLite (GeoPackage ?)", "an SQLite database (a GeoPackage?)"),
                both!("écrivez-en un CSV, par exemple avec ogr2ogr", "write a CSV of it, with ogr2ogr for one"),
            ),
            Self::Shapefile => (
                both!("les formes d'un shapefile", "a shapefile's shapes"),
                both!("donnez la table .dbf à côté", "give the table .dbf beside it"),
            ),
            Self::FlatGeobuf => (
                both!("du FlatGeobuf", "FlatGeobuf"),
                both!("écrivez-en un CSV, par exemple avec ogr2ogr", "write a CSV of it, with ogr2ogr for one"),
            ),
            Self::OtherArchive => (
                both!("une archive d'une sorte qui n'est pas lue", "an archive of a kind that is not read"),
                both!("décompressez-la d'abord", "unpack it first"),
            ),
            Self::Statistics => (
                both!("un fichier de SAS, SPSS, Stata ou R", "a file of SAS, SPSS, Stata or R"),
                both!("exportez-en un CSV", "export a CSV of it"),
            ),
            Self::Image => {
                (both!("une image", "an image"), both!("donnez la table elle-même", "give the table itself"))
            }
            Self::Binary => (both!("des octets qui ne sont pas du texte", "bytes that are no text"), save()),
        }
    }
}

/// A dBase header: a known version, a month and a day, lengths that agree.
fn is_dbf(head: &[u8]) -> bool {
    if head.len() < 33 || !matches!(head[0], 0x02 | 0x03 | 0x04 | 0x30 | 0x31 | 0x83 | 0x8B | 0xF5) {
        return false;
    }
    let header = usize::from(u16::from_le_bytes([head[8], head[9]]));
    (1..=12).contains(&head[2]) && (1..=31).contains(&head[3]) && header > 32 && header % 32 <= 8
}

/// An object or an array; rows in brackets or braces are no table.
fn is_json(text: &[u8]) -> bool {
    let Some((&first, rest)) = text.split_first() else { return false };
    let next = rest.trim_ascii_start().first();
    match first {
        b'{' => matches!(next, Some(b'"' | b'}')),
        b'[' => matches!(next, Some(b'{' | b'[' | b']' | b'"')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_known_by_its_first_bytes() {
        for (head, kind) in [
            (&b"DAUID;CLSC\n24660001;06111\n"[..], Kind::Text),
            (b"\x1F\x8B\x08\0", Kind::Gzip),
            (b"PK\x03\x04", Kind::Zip),
            (b"PAR1\x15\0", Kind::Parquet),
            (b"{\"type\": \"FeatureCollection\"", Kind::Json),
            (b"\xEF\xBB\xBF [ {\"a\": 1}]", Kind::Json),
            (b"<!DOCTYPE html><html>", Kind::Html),
            (b"SQLite format 3\0", Kind::Sqlite),
            (b"\x01\x02\x03\x04\x05\x06", Kind::Binary),
            (b"id,note\n1,a\0b\n2,c\n\x1a", Kind::Text),
            (b"D\0A\0U\0I\0D\0;\0", Kind::Text),
        ] {
            assert_eq!(Kind::of_head(head), kind, "{head:?}");
        }
        assert_eq!(Kind::of_zip(["[Content_Types].xml", "xl/workbook.xml"]), Kind::Workbook);
        assert_eq!(Kind::of_zip(["mimetype", "content.xml"]), Kind::OpenDocument);
        assert_eq!(Kind::of_zip(["a.dat"]), Kind::Zip);
    }
}
