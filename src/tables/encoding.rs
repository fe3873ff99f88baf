//! Bytes to text: which encoding a file is in, and the labels and bytes that name encodings.
//!
//! - [`Encoding::of_label`]: what a person or a `.cpg` file writes (`UTF-8`, `1252`, `CP850`, `IBM 863`, `OEM`, `88591`).
//! - [`Encoding::of_language_driver`]: byte 29 of a dBase table.
//! - [`decode`]: the text of a whole file, with what there is to say of its encoding.
//! - [`ValueEncoding`]: the same for a table whose values stand each on their own (dBase).
//!
//! A text is read as, in this order: what a byte order mark says; UTF-8, where every byte agrees and a letter is not ASCII
//! (whatever label it bears: other encodings do not look like that by chance); what the label says; UTF-16 where the zeros give
//! it away; and for the rest the encoding in which its bytes make the commonest French letters, Windows-1252 in doubt.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::TableError;
use super::file::{file_name, shown};
use crate::domain::{Finding, FindingKind, Severity, Words, both};

/// How text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Library(&'static encoding_rs::Encoding),
    Dos(Page),
}

/// A code page of DOS: those of North America, of Western Europe, of French Canada.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Cp437,
    Cp850,
    Cp863,
}

/// Letters of bytes 128 to 255, as Unicode's mapping tables for these pages have them.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const CP863: &str = "ÇüéâÂà¶çêëèïî‗À§ÉÈÊôËÏûù¤ÔÜ¢£ÙÛƒ¦´óú¨¸³¯Î⌐¬½¼¾«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

impl Page {
    const fn letters(self) -> &'static str {
        match self {
            Self::Cp437 => CP437,
            Self::Cp850 => CP850,
            Self::Cp863 => CP863,
        }
    }
}

impl Encoding {
    /// UTF-8, and plain ASCII.
    pub const UTF_8: Self = Self(Kind::Library(UTF_8));
    /// Windows-1252, which holds ISO-8859-1.
    pub const WINDOWS_1252: Self = Self(Kind::Library(WINDOWS_1252));
    /// UTF-16, low byte first.
    pub const UTF_16_LE: Self = Self(Kind::Library(UTF_16LE));
    /// UTF-16, high byte first.
    pub const UTF_16_BE: Self = Self(Kind::Library(UTF_16BE));
    /// What Macintoshes wrote.
    pub const MAC_ROMAN: Self = Self(Kind::Library(MACINTOSH));
    /// DOS, Western Europe.
    pub const CP850: Self = Self(Kind::Dos(Page::Cp850));
    /// DOS, North America.
    pub const CP437: Self = Self(Kind::Dos(Page::Cp437));
    /// DOS, French Canada.
    pub const CP863: Self = Self(Kind::Dos(Page::Cp863));

    /// The encoding that a label names, however it is written; `None` for one that nobody knows.
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        let label = label.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}');
        let folded: String = label.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let bare = [
            "ANSICP", "ANSI", "WINDOWS", "WIN", "MSWIN", "OEMCP", "OEM", "CODEPAGE", "CP", "IBM", "PC", "DOS", "LDID",
            "X",
        ]
        .iter()
        .find_map(|before| folded.strip_prefix(before).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
        .unwrap_or(&folded);
        match bare {
            "UTF8" | "UTF8SIG" | "UTF8BOM" | "UNICODE11UTF8" | "65001" => Some(Self::UTF_8),
            "1252" | "88591" | "885915" | "8859115" | "ISO88591" | "ISO885915" | "LATIN1" | "LATIN9" | "L1"
            | "ANSI" | "ASCII" | "USASCII" | "20127" | "28591" | "28605" | "87" => Some(Self::WINDOWS_1252),
            "850" | "OEM" | "DOS" | "OEMMULTILINGUAL" => Some(Self::CP850),
            "437" | "OEMUS" => Some(Self::CP437),
            "863" => Some(Self::CP863),
            "10000" | "MAC" | "MACROMAN" | "MACINTOSH" | "XMACROMAN" => Some(Self::MAC_ROMAN),
            "UTF16" | "UTF16LE" | "1200" | "UNICODE" => Some(Self::UTF_16_LE),
            "UTF16BE" | "1201" => Some(Self::UTF_16_BE),
            digits if digits.len() == 4 && digits.starts_with("125") => {
                encoding_rs::Encoding::for_label(format!("windows-{digits}").as_bytes()).map(Self::of_library)
            }
            digits if digits.starts_with("8859") && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                encoding_rs::Encoding::for_label(format!("iso-8859-{}", &digits[4..]).as_bytes()).map(Self::of_library)
            }
            _ => encoding_rs::Encoding::for_label(label.as_bytes()).map(Self::of_library),
        }
    }

    /// The encoding of a dBase table by its language driver (byte 29 of the header); `None` for 0 and for those unknown.
    ///
    /// Source: the list of language drivers of dBase and of ESRI's shapefile tools.
    #[must_use]
    pub fn of_language_driver(byte: u8) -> Option<Self> {
        let label = match byte {
            0x01 | 0x09 | 0x0b | 0x0d | 0x0f | 0x11 | 0x15 | 0x18 | 0x19 | 0x1b => return Some(Self::CP437),
            0x02 | 0x0a | 0x0e | 0x10 | 0x12 | 0x14 | 0x16 | 0x1a | 0x1d | 0x25 | 0x37 => return Some(Self::CP850),
            0x1c | 0x6c => return Some(Self::CP863),
            0x03 | 0x57..=0x59 => return Some(Self::WINDOWS_1252),
            0x04 => return Some(Self::MAC_ROMAN),
            0x26 | 0x65 => "ibm866",
            0xc8 => "windows-1250",
            0xc9 => "windows-1251",
            0xca => "windows-1254",
            0xcb => "windows-1253",
            0xcc => "windows-1257",
            _ => return None,
        };
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self::of_library)
    }

    fn of_library(encoding: &'static encoding_rs::Encoding) -> Self {
        Self(Kind::Library(encoding))
    }

    /// Its usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Library(encoding) => encoding.name(),
            Kind::Dos(Page::Cp437) => "CP437",
            Kind::Dos(Page::Cp850) => "CP850",
            Kind::Dos(Page::Cp863) => "CP863",
        }
    }

    /// Whether its units are two bytes wide.
    #[must_use]
    pub fn is_wide(self) -> bool {
        self == Self::UTF_16_LE || self == Self::UTF_16_BE
    }

    /// The text of bytes, and whether some were none of this encoding (a replacement character stands for each).
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        match self.0 {
            Kind::Library(encoding) => encoding.decode_without_bom_handling(bytes),
            Kind::Dos(_) if bytes.is_ascii() => (String::from_utf8_lossy(bytes), false),
            Kind::Dos(page) => {
                let letters: Vec<char> = page.letters().chars().collect();
                let letter = |&byte: &u8| if byte < 128 { byte as char } else { letters[usize::from(byte) - 128] };
                (bytes.iter().map(letter).collect(), false)
            }
        }
    }

    /// The bytes of a text; a letter that the encoding has not becomes `?`. UTF-16 is not written here.
    #[must_use]
    pub fn encode(self, text: &str) -> Cow<'_, [u8]> {
        if text.is_ascii() || self == Self::UTF_8 || self.is_wide() {
            return Cow::Borrowed(text.as_bytes());
        }
        let mut out = Vec::with_capacity(text.len());
        let mut letter = [0; 4];
        for one in text.chars() {
            match self.0 {
                _ if one.is_ascii() => out.push(one as u8),
                Kind::Library(encoding) => {
                    let (bytes, _, unmappable) = encoding.encode(one.encode_utf8(&mut letter));
                    if unmappable { out.push(b'?') } else { out.extend_from_slice(&bytes) }
                }
                Kind::Dos(page) => {
                    let place = page.letters().chars().position(|other| other == one);
                    out.push(place.map_or(b'?', |place| place as u8 + 128));
                }
            }
        }
        Cow::Owned(out)
    }

    /// What the first bytes of a file say of its encoding, and how many bytes the mark has that says it: a byte order mark, or
    /// UTF-16 by its zeros.
    #[must_use]
    pub fn of_marks(head: &[u8]) -> Option<(Self, usize)> {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => return Some((Self::UTF_8, 3)),
            [0xFF, 0xFE, ..] => return Some((Self::UTF_16_LE, 2)),
            [0xFE, 0xFF, ..] => return Some((Self::UTF_16_BE, 2)),
            _ => {}
        }
        let sample = &head[..head.len().min(1024) & !1];
        let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
        let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
        if pairs >= 2 && odd * 10 > pairs * 8 && even == 0 {
            return Some((Self::UTF_16_LE, 0));
        }
        if pairs >= 2 && even * 10 > pairs * 8 && odd == 0 {
            return Some((Self::UTF_16_BE, 0));
        }
        None
    }

    /// The encoding of bytes that are not UTF-8: the one of Windows-1252, DOS and Mac in which they hold more of `é`.
    ///
    /// `é` is 0xE9, 0x82 and 0x8E in these, and the other two readings of each are next to unknown in French.
    #[must_use]
    pub fn of_other_bytes(bytes: &[u8]) -> Self {
        let [mut windows, mut dos, mut mac] = [0_usize; 3];
        for &byte in bytes {
            windows += usize::from(byte == 0xE9);
            dos += usize::from(byte == 0x82);
            mac += usize::from(byte == 0x8E);
        }
        if dos > windows && dos > mac {
            Self::CP850
        } else if mac > windows && mac > dos {
            Self::MAC_ROMAN
        } else {
            Self::WINDOWS_1252
        }
    }
}

/// The encoding that a label names, or the error that says that nobody knows it.
pub(crate) fn encoding_of_label(label: &str, path: &Path) -> Result<Encoding, TableError> {
    Encoding::of_label(label)
        .ok_or_else(|| TableError::UnknownEncoding { path: shown(path), label: label.trim().to_owned() })
}

/// The text of a file, and a note where its encoding had to be guessed or is not what its label says.
pub(crate) fn decode(
    bytes: Vec<u8>,
    path: &Path,
    label: Option<&str>,
) -> Result<(String, Option<Finding>), TableError> {
    let asked = label.map(|label| encoding_of_label(label, path)).transpose()?;
    let (text, note) = decode_bytes(bytes, asked);
    Ok((
        text,
        note.map(|(line, severity, words)| {
            Finding::new(severity, FindingKind::Encoding, words).in_file(&file_name(path), line, None)
        }),
    ))
}

/// What is said of an encoding: the first line that it is about, how bad it is, and the sentence.
pub(crate) type EncodingNote = (Option<u64>, Severity, Words);

/// The text of bytes that have no file.
pub(crate) fn decode_bytes(bytes: Vec<u8>, asked: Option<Encoding>) -> (String, Option<EncodingNote>) {
    if let Some((marked, length)) = Encoding::of_marks(&bytes).filter(|&(_, length)| length > 0 || asked.is_none()) {
        return (marked.decode(&bytes[length..]).0.into_owned(), None);
    }
    let (at, bytes) = match String::from_utf8(bytes) {
        Ok(text) => {
            let other = asked.filter(|&asked| asked != Encoding::UTF_8 && !text.is_ascii());
            let note = other.map(|asked| {
                let at = text.bytes().position(|byte| !byte.is_ascii()).unwrap_or_default();
                (Some(line_of(text.as_bytes(), at)), Severity::Mended, is_utf8(asked))
            });
            if asked.is_some_and(Encoding::is_wide) {
                let (text, broken) = asked.unwrap_or(Encoding::UTF_16_LE).decode(text.as_bytes());
                return (text.into_owned(), broken.then(|| (None, Severity::Mended, not_as_asked(asked))));
            }
            return (text, note);
        }
        Err(error) => (error.utf8_error().valid_up_to(), error.into_bytes()),
    };
    let line = Some(line_of(&bytes, at));
    match asked.filter(|&asked| asked != Encoding::UTF_8) {
        Some(asked) => {
            let (text, broken) = asked.decode(&bytes);
            let text = text.into_owned();
            (text, broken.then(|| (None, Severity::Mended, not_as_asked(Some(asked)))))
        }
        None => {
            let guessed = Encoding::of_other_bytes(&bytes);
            let note = (line, Severity::Note, not_utf8(guessed));
            (guessed.decode(&bytes).0.into_owned(), Some(note))
        }
    }
}

fn line_of(bytes: &[u8], at: usize) -> u64 {
    bytes[..at].split(|&byte| byte == b'\n').count() as u64
}

fn not_as_asked(asked: Option<Encoding>) -> Words {
    both!(
        "des octets ne sont pas du {}, comme demandé : ils ont été remplacés par « \u{fffd} »",
        "some bytes are not {}, as asked for: they were replaced by \"\u{fffd}\"",
        asked.unwrap_or(Encoding::UTF_8).name()
    )
}

/// What is said of a text that had to be read as something else than UTF-8.
pub(crate) fn not_utf8(guessed: Encoding) -> Words {
    both!(
        "le texte n'est pas de l'UTF-8 : lu comme {} ; enregistrez-le en UTF-8 si des noms ont mauvaise mine",
        "the text is not UTF-8: read as {}; save it as UTF-8 if names look wrong",
        guessed.name()
    )
}

/// What is said of a text that bears another label and is UTF-8.
fn is_utf8(declared: Encoding) -> Words {
    both!(
        "le texte est dit « {} », mais ses lettres accentuées sont de l'UTF-8 : lu comme UTF-8",
        "the text is said to be \"{}\", but its accented letters are UTF-8: read as UTF-8",
        declared.name()
    )
}

/// Texts of one table as the dBase format holds them: every value on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ValueEncoding(Encoding);

impl ValueEncoding {
    /// Before the values were looked at.
    pub(crate) const fn undecided() -> Self {
        Self(Encoding::UTF_8)
    }

    /// What the values of a table are in, and a note where that had to be found out or the label is wrong.
    ///
    /// Without a declared encoding, UTF-8 where every value agrees, else what [`Encoding::of_other_bytes`] says. A declared
    /// UTF-8 that does not hold is found out in the same way, and values that are UTF-8 under another label are UTF-8: the
    /// label is often wrong.
    ///
    /// Each value comes with whether it fills its field: only then may its last letter be cut.
    pub(crate) fn of_values<'a>(
        values: impl Iterator<Item = (&'a [u8], bool)>,
        declared: Option<Encoding>,
        file: &str,
    ) -> (Self, Option<Finding>) {
        let (mut all, mut some) = (true, false);
        let mut others: Vec<u8> = Vec::new();
        for (value, full) in values.filter(|(value, _)| !value.is_ascii()) {
            some = true;
            if !valid_or_cut(value, full) {
                all = false;
                others.extend_from_slice(value);
            }
        }
        let told =
            |severity, message| Some(Finding::new(severity, FindingKind::Encoding, message).in_file(file, None, None));
        if !some {
            return (Self(declared.unwrap_or(Encoding::UTF_8)), None);
        }
        let other = declared.filter(|&declared| declared != Encoding::UTF_8);
        match (other, all) {
            (None, true) => (Self(Encoding::UTF_8), None),
            (Some(declared), true) => (Self(Encoding::UTF_8), told(Severity::Mended, is_utf8(declared))),
            (Some(declared), false) => (Self(declared), None),
            (None, false) => {
                let guessed = Encoding::of_other_bytes(&others);
                let name = guessed.name();
                let message = if declared.is_some() {
                    both!(
                        "le .cpg dit « UTF-8 », mais des valeurs n'en sont pas : lu comme {name} ; corrigez le .cpg",
                        "the .cpg says \"UTF-8\", but some values are not: read as {name}; correct the .cpg"
                    )
                } else {
                    both!(
                        "rien ne dit l'encodage (ni .cpg ni en-tête) et des valeurs ne sont pas de l'UTF-8 : lu comme {name}",
                        "nothing says the encoding (neither .cpg nor header) and some values are not UTF-8: read as {name}"
                    )
                };
                (Self(guessed), told(Severity::Note, message))
            }
        }
    }

    /// One value as text, without the spaces that fill its field.
    pub(crate) fn text(self, bytes: &[u8]) -> String {
        let mut bytes = bytes;
        if self.0 == Encoding::UTF_8
            && let Err(error) = std::str::from_utf8(bytes)
            && error.error_len().is_none()
        {
            bytes = &bytes[..error.valid_up_to()];
        }
        let text = self.0.decode(bytes).0;
        text.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned()
    }
}

/// UTF-8, or UTF-8 whose last character the width of the field cut.
fn valid_or_cut(bytes: &[u8], full: bool) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| full && error.error_len().is_none(), |_| true)
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
        assert_eq!(decoded(b"unit\x82;Qu\x82bec\n"), (plain.to_owned(), true), "DOS");
        assert_eq!(decoded(b"unit\x8e;Qu\x8ebec\n"), (plain.to_owned(), true), "Mac");
    }

    #[test]
    fn a_label_that_the_bytes_contradict_is_told_and_the_names_are_right() {
        let read = |bytes: &[u8], label| decode(bytes.to_vec(), Path::new("a.csv"), Some(label)).unwrap();
        let (text, note) = read("Côte-Nord;é".as_bytes(), "1252");
        assert_eq!((text.as_str(), note.unwrap().severity), ("Côte-Nord;é", Severity::Mended));
        let (text, note) = read(b"C\xf4te-Nord;\xe9", "utf-8");
        assert_eq!((text.as_str(), note.is_some()), ("Côte-Nord;é", true));
        let (text, note) = read(b"C\xf4te-Nord", "latin1");
        assert_eq!((text.as_str(), note.is_none()), ("Côte-Nord", true));
    }

    #[test]
    fn labels_of_cpg_files_are_known_in_every_spelling_and_nonsense_is_refused() {
        for (encoding, labels) in [
            (Encoding::UTF_8, &["UTF-8", "utf8", "65001", "UTF-8\0", " utf-8\r\n"][..]),
            (
                Encoding::WINDOWS_1252,
                &[
                    "ISO-8859-1",
                    "ISO 88591",
                    "88591",
                    "ISO8859_1",
                    "1252",
                    "ANSI 1252",
                    "Windows-1252",
                    "CP1252",
                    "8859-1",
                    "LDID/87",
                ],
            ),
            (Encoding::CP850, &["850", "CP850", "IBM850", "ibm-850", "OEM", "OEM 850", "cp-850", "DOS 850"]),
            (Encoding::CP437, &["437", "CP437", "IBM437", "OEM 437"]),
            (Encoding::CP863, &["863", "IBM863"]),
            (Encoding::MAC_ROMAN, &["macintosh", "MacRoman", "mac"]),
        ] {
            for label in labels {
                assert_eq!(Encoding::of_label(label), Some(encoding), "{label}");
            }
        }
        assert_eq!(Encoding::of_label("88592").unwrap().name(), "ISO-8859-2");
        assert_eq!(Encoding::of_label("1251").unwrap().name(), "windows-1251");
        let error = encoding_of_label("klingon", Path::new("a.cpg")).unwrap_err().to_string();
        assert!(error.contains("\"klingon\"") && error.contains("a.cpg"), "{error}");
    }

    #[test]
    fn dos_pages_read_and_write_the_same_letters() {
        for page in [Encoding::CP437, Encoding::CP850, Encoding::CP863] {
            let all: Vec<u8> = (0..=255).collect();
            let (text, broken) = page.decode(&all);
            assert!(!broken);
            assert_eq!(page.encode(&text), &all[..], "{}", page.name());
            assert_eq!(page.encode("Ł"), &b"?"[..]);
        }
        assert_eq!(Encoding::CP850.decode(b"Qu\x82bec, C\x93te, N\x8cmes").0, "Québec, Côte, Nîmes");
        assert_eq!(Encoding::CP863.decode(b"\x84ge, \x91lan").0, "Âge, Èlan");
        assert_eq!(Encoding::of_language_driver(0x02), Some(Encoding::CP850));
        assert_eq!(Encoding::of_language_driver(0x57), Some(Encoding::WINDOWS_1252));
        assert_eq!(Encoding::of_language_driver(0), None);
    }

    #[test]
    fn a_character_cut_by_the_width_of_its_field_does_not_make_the_table_windows_1252() {
        let values: [(&[u8], bool); 2] = [("Montérégie".as_bytes(), false), (b"Qu\xc3", true)];
        let (encoding, note) = ValueEncoding::of_values(values.into_iter(), None, "a.dbf");
        assert!(note.is_none());
        assert_eq!(encoding.text(b"Qu\xc3"), "Qu");
        let (encoding, _) = ValueEncoding::of_values([(&b"Cit\xe9"[..], false)].into_iter(), None, "a.dbf");
        assert_eq!(encoding.text(b"Cit\xe9"), "Cité");
    }

    #[test]
    fn values_that_are_utf_8_under_another_label_are_utf_8_and_told() {
        let values: [(&[u8], bool); 1] = [("Montérégie".as_bytes(), false)];
        let (encoding, note) = ValueEncoding::of_values(values.into_iter(), Some(Encoding::WINDOWS_1252), "a.dbf");
        assert_eq!(encoding.text("Montérégie".as_bytes()), "Montérégie");
        assert!(note.unwrap().message.contains("windows-1252"));
    }
}
