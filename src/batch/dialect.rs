//! The dialect of a file: encoding, byte order mark, separator, decimal comma. Found by itself, kept on output.

use std::borrow::Cow;

use crate::tables::Encoding;

/// How a delimited file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Its encoding.
    pub encoding: Encoding,
    /// Whether a byte order mark stands in front.
    pub mark: bool,
    /// What stands between two fields.
    pub separator: u8,
    /// Whether numbers have decimal commas.
    pub decimal_comma: bool,
}

impl Dialect {
    /// The encoding of rows while they are worked on: UTF-16 is then UTF-8.
    fn narrow(self) -> Encoding {
        if self.encoding.is_wide() { Encoding::UTF_8 } else { self.encoding }
    }

    /// Text of the bytes that rows are made of.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) if bytes.is_ascii() || self.narrow() == Encoding::UTF_8 => Cow::Borrowed(text),
            _ => self.narrow().decode(bytes).0,
        }
    }

    /// Bytes for text, likewise; letters that the encoding has not become `?`.
    pub(super) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        self.narrow().encode(text)
    }
}

/// UTF-8, or what other bytes look like; `None` where all is ASCII. The last letter may be cut.
pub(super) fn encoding_of(bytes: &[u8]) -> Option<Encoding> {
    if bytes.is_ascii() {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Some(Encoding::UTF_8),
        Err(error) if error.error_len().is_none() && error.valid_up_to() + 4 > bytes.len() => {
            (!bytes[..error.valid_up_to()].is_ascii()).then_some(Encoding::UTF_8)
        }
        Err(_) => Some(Encoding::of_other_bytes(bytes)),
    }
}

/// Whether numbers are to be written with a decimal comma: as most numbers of the first rows are, else where fields stand
/// between semicolons, as a spreadsheet in French writes them.
pub(super) fn has_decimal_commas<'f>(separator: u8, fields: impl Iterator<Item = &'f [u8]>) -> bool {
    let (mut commas, mut points) = (0_usize, 0_usize);
    for field in fields {
        let digits = field.iter().filter(|byte| byte.is_ascii_digit()).count();
        let mark = |mark: u8| memchr::memchr_iter(mark, field).count() == 1;
        let signs = field.iter().filter(|byte| matches!(byte, b'-' | b'+' | b' ')).count();
        if digits > 1 && digits + signs + 1 == field.len() {
            commas += usize::from(mark(b','));
            points += usize::from(mark(b'.'));
        }
    }
    if commas == points { separator == b';' } else { commas > points }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_those_of_the_file_are() {
        let of =
            |separator, fields: &[&str]| has_decimal_commas(separator, fields.iter().map(|field| field.as_bytes()));
        assert!(of(b';', &["45,5088", "-73,5542", "12"]));
        assert!(of(b',', &["45,5088", "-73,5542"]));
        assert!(!of(b';', &["45.5088", "-73.5542"]));
        assert!(of(b';', &["1200 rue Laurier, Québec", "G1R 1B1"]));
        assert!(!of(b',', &["1200 rue Laurier", "12"]));
    }
}
