//! Bytes to text: which encoding a file is in, and labels of encodings.
//!
//! The order is: what the caller says, a byte order mark, UTF-8 where every byte agrees, UTF-16 where the zeros give it
//! away, and Windows-1252 (which holds ISO-8859-1) for the rest, said as a note.

use std::fs;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ImportError;
use crate::domain::{Finding, FindingKind, Severity, Words, both};

/// A path as messages show it.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The name of a file without its folder.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| shown(path), |name| name.to_string_lossy().into_owned())
}

/// Tells a missing file from one that can not be read.
pub(super) fn unreadable(path: &Path, source: std::io::Error) -> ImportError {
    if source.kind() == std::io::ErrorKind::NotFound {
        ImportError::NotFound { path: shown(path) }
    } else {
        ImportError::Unreadable { path: shown(path), source }
    }
}

/// Reads a whole file that must hold something.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, ImportError> {
    let bytes = fs::read(path).map_err(|source| unreadable(path, source))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::EmptyFile { path: shown(path) });
    }
    Ok(bytes)
}

/// The encoding that a label names; labels of `.cpg` files (`1252`, `ANSI 1252`, `88591`, `65001`) count.
pub(super) fn encoding_of_label(label: &str, path: &Path) -> Result<&'static Encoding, ImportError> {
    let folded: String = label.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    match folded.as_str() {
        "UTF8" | "65001" | "CP65001" => Ok(UTF_8),
        "1252" | "CP1252" | "ANSI1252" | "WINDOWS1252" | "88591" | "ISO88591" | "LATIN1" | "ANSI" | "ANSICP1252"
        | "ASCII" | "USASCII" => Ok(WINDOWS_1252),
        _ => Encoding::for_label(label.trim().as_bytes())
            .ok_or_else(|| ImportError::UnknownEncoding { path: shown(path), label: label.trim().to_owned() }),
    }
}

/// The text of a file, and a note where its encoding had to be guessed or does not hold.
pub(super) fn decode(
    bytes: Vec<u8>,
    path: &Path,
    encoding: Option<&str>,
) -> Result<(String, Option<Finding>), ImportError> {
    let chosen = encoding.map(|label| encoding_of_label(label, path)).transpose()?;
    if let Some((marked, length)) = Encoding::for_bom(&bytes) {
        return Ok((marked.decode_without_bom_handling(&bytes[length..]).0.into_owned(), None));
    }
    if let Some(chosen) = chosen {
        let (text, broken) = chosen.decode_without_bom_handling(&bytes);
        let note = broken.then(|| {
            Finding::new(
                Severity::Mended,
                FindingKind::Encoding,
                both!(
                    "des octets ne sont pas du {}, comme demandé : ils ont été remplacés par « \u{fffd} »",
                    "some bytes are not {}, as asked for: they were replaced by \"\u{fffd}\"",
                    chosen.name()
                ),
            )
            .in_file(&file_name(path), None, None)
        });
        return Ok((text.into_owned(), note));
    }
    if let Some(wide) = utf_16_without_mark(&bytes) {
        return Ok((wide.decode_without_bom_handling(&bytes).0.into_owned(), None));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, None)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let line = bytes[..at].split(|&byte| byte == b'\n').count() as u64;
            let note = Finding::new(Severity::Note, FindingKind::Encoding, not_utf8()).in_file(
                &file_name(path),
                Some(line),
                None,
            );
            Ok((WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned(), Some(note)))
        }
    }
}

/// What is said of a text that had to be read as Windows-1252.
pub(super) fn not_utf8() -> Words {
    both!(
        "le texte n'est pas de l'UTF-8 : lu comme Windows-1252 ; enregistrez-le en UTF-8 si des noms ont mauvaise mine",
        "the text is not UTF-8: read as Windows-1252; save it as UTF-8 if names look wrong"
    )
}

/// UTF-16 told by its zeros: Latin text has one in every pair of bytes.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > pairs * 8 && even == 0 {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 8 && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Texts of one table as the dBase format holds them: every value on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ValueEncoding(&'static Encoding);

impl ValueEncoding {
    /// Before the values were looked at.
    pub(super) const fn undecided() -> Self {
        Self(UTF_8)
    }

    /// What the values of a table are in, and a note where that had to be found out.
    ///
    /// Without a declared encoding, UTF-8 where every value agrees, Windows-1252 otherwise. A declared UTF-8 that does
    /// not hold is Windows-1252 too: the label is often wrong.
    pub(super) fn of_values<'a>(
        mut values: impl Iterator<Item = &'a [u8]>,
        declared: Option<&'static Encoding>,
        file: &str,
    ) -> (Self, Option<Finding>) {
        if let Some(other) = declared.filter(|&declared| declared != UTF_8) {
            return (Self(other), None);
        }
        if values.all(valid_or_cut) {
            return (Self(UTF_8), None);
        }
        let message = if declared.is_some() {
            both!(
                "le .cpg dit « UTF-8 », mais des valeurs n'en sont pas : lu comme Windows-1252 ; mettez « 1252 » dans le .cpg",
                "the .cpg says \"UTF-8\", but some values are not: read as Windows-1252; put \"1252\" in the .cpg"
            )
        } else {
            both!(
                "aucun .cpg ne dit l'encodage et des valeurs ne sont pas de l'UTF-8 : lu comme Windows-1252",
                "no .cpg says the encoding and some values are not UTF-8: read as Windows-1252"
            )
        };
        let note = Finding::new(Severity::Note, FindingKind::Encoding, message).in_file(file, None, None);
        (Self(WINDOWS_1252), Some(note))
    }

    /// One value as text, without the spaces that fill its field.
    pub(super) fn text(self, bytes: &[u8]) -> String {
        let mut bytes = bytes;
        if self.0 == UTF_8
            && let Err(error) = std::str::from_utf8(bytes)
            && error.error_len().is_none()
        {
            bytes = &bytes[..error.valid_up_to()];
        }
        let text = self.0.decode_without_bom_handling(bytes).0;
        text.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned()
    }
}

/// UTF-8, or UTF-8 whose last character the width of the field cut.
fn valid_or_cut(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// A text in lower case, without accents, spaces and punctuation: `CLSC_Nom` and `clsc nom` are the same name.
pub(super) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(without_accent).filter(|c| c.is_alphanumeric()).collect()
}

/// The letter under a French accent; combining accents become a space.
fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' | 'á' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        '\u{300}'..='\u{36f}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, bool) {
        let (text, note) = decode(bytes.to_vec(), Path::new("a.csv"), None).unwrap();
        (text, note.is_some())
    }

    #[test]
    fn the_usual_encodings_of_a_spreadsheet_are_told_apart() {
        let plain = "unité;Québec\n";
        let wide: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [&[0xff, 0xfe][..], &wide].concat();
        let big: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(plain.as_bytes()), (plain.to_owned(), false));
        assert_eq!(decoded(format!("\u{feff}{plain}").as_bytes()), (plain.to_owned(), false));
        assert_eq!(decoded(&wide), (plain.to_owned(), false));
        assert_eq!(decoded(&marked), (plain.to_owned(), false));
        assert_eq!(decoded(&big), (plain.to_owned(), false));
        assert_eq!(decoded(b"unit\xe9;Qu\xe9bec\n"), (plain.to_owned(), true));
    }

    #[test]
    fn labels_of_cpg_files_are_known_and_nonsense_is_refused() {
        for label in ["UTF-8", "utf8", "65001"] {
            assert_eq!(encoding_of_label(label, Path::new("a.cpg")).unwrap(), UTF_8);
        }
        for label in ["ISO-8859-1", "ISO 88591", "88591", "1252", "ANSI 1252", "Windows-1252", "CP1252"] {
            assert_eq!(encoding_of_label(label, Path::new("a.cpg")).unwrap(), WINDOWS_1252);
        }
        let error = encoding_of_label("klingon", Path::new("a.cpg")).unwrap_err().to_string();
        assert!(error.contains("\"klingon\"") && error.contains("a.cpg"), "{error}");
    }

    #[test]
    fn a_character_cut_by_the_width_of_its_field_does_not_make_the_table_windows_1252() {
        let values: [&[u8]; 2] = ["Montérégie".as_bytes(), b"Qu\xc3"];
        let (encoding, note) = ValueEncoding::of_values(values.into_iter(), None, "a.dbf");
        assert!(note.is_none());
        assert_eq!(encoding.text(b"Qu\xc3"), "Qu");
    }

    #[test]
    fn names_are_the_same_whatever_their_case_accents_and_underscores() {
        assert_eq!(fold("Numéro_d'Unité"), "numerodunite");
        assert_eq!(fold("Nume\u{301}ro d'unite\u{301}"), "numerodunite");
    }
}
