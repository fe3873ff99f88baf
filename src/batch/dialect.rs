//! The dialect of a file: encoding, byte order mark, separator, line ends, decimal comma. Found by itself, kept on output.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use super::split::{Record, Splitter};

/// How the text of a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, and plain ASCII.
    Utf8,
    /// Windows-1252, which holds ISO-8859-1.
    Windows1252,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// The encoding that a label names.
    #[must_use]
    pub fn find(label: &str) -> Option<Self> {
        let folded: String = label.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match folded.as_str() {
            "utf8" => Some(Self::Utf8),
            "windows1252" | "cp1252" | "1252" | "ansi" | "latin1" | "iso88591" => Some(Self::Windows1252),
            "utf16" | "utf16le" => Some(Self::Utf16Le),
            "utf16be" => Some(Self::Utf16Be),
            _ => None,
        }
    }

    /// Whether its units are two bytes wide.
    #[must_use]
    pub fn is_wide(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be)
    }

    /// Tells the encoding by the first bytes of a file and how many bytes its mark has; `None` where all is ASCII.
    ///
    /// Order: a byte order mark, UTF-16 by its zeros, UTF-8 where every byte agrees, Windows-1252 for the rest.
    #[must_use]
    pub fn of_head(head: &[u8]) -> (Option<Self>, usize) {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => return (Some(Self::Utf8), 3),
            [0xFF, 0xFE, ..] => return (Some(Self::Utf16Le), 2),
            [0xFE, 0xFF, ..] => return (Some(Self::Utf16Be), 2),
            _ => {}
        }
        let sample = &head[..head.len().min(1024) & !1];
        let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
        let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
        if pairs >= 2 && odd * 10 > pairs * 8 && even == 0 {
            return (Some(Self::Utf16Le), 0);
        }
        if pairs >= 2 && even * 10 > pairs * 8 && odd == 0 {
            return (Some(Self::Utf16Be), 0);
        }
        (Self::of_bytes(head), 0)
    }

    /// UTF-8 or Windows-1252; `None` where all is ASCII. The last letter may be cut.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_ascii() {
            return None;
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => Some(Self::Utf8),
            Err(error) if error.error_len().is_none() && error.valid_up_to() + 4 > bytes.len() => {
                (!bytes[..error.valid_up_to()].is_ascii()).then_some(Self::Utf8)
            }
            Err(_) => Some(Self::Windows1252),
        }
    }

    /// Text for the bytes that rows are made of while they are worked on (UTF-16 is then UTF-8).
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Windows1252 => WINDOWS_1252.decode_without_bom_handling(bytes).0,
            _ => String::from_utf8_lossy(bytes),
        }
    }

    /// Bytes for text, likewise; letters that Windows-1252 has not become `?`.
    pub(super) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        if self != Self::Windows1252 || text.is_ascii() {
            return Cow::Borrowed(text.as_bytes());
        }
        let mut out = Vec::with_capacity(text.len());
        let mut letter = [0; 4];
        for one in text.chars() {
            let (bytes, _, unmappable) = WINDOWS_1252.encode(one.encode_utf8(&mut letter));
            if unmappable { out.push(b'?') } else { out.extend_from_slice(&bytes) }
        }
        Cow::Owned(out)
    }
}

/// How a delimited file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Its encoding.
    pub encoding: Encoding,
    /// Whether a byte order mark stands in front.
    pub mark: bool,
    /// What stands between two fields.
    pub separator: u8,
    /// What ends a row: a line feed, before which a carriage return may stand, or a lone carriage return.
    pub terminator: u8,
    /// Whether coordinates have decimal commas.
    pub decimal_comma: bool,
}

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows that a separator is judged by.
const SAMPLE: usize = 50;

/// What ends rows: the first line end outside quotes.
pub(super) fn find_terminator(head: &[u8]) -> u8 {
    let mut quoted = false;
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return b'\n',
            _ => {}
        }
    }
    if head.contains(&b'\n') || !head.contains(&b'\r') { b'\n' } else { b'\r' }
}

/// The separator for which most of the first rows have as many fields as the header, then the one with most fields.
pub(super) fn find_separator(head: &[u8], terminator: u8) -> u8 {
    let score = |separator: u8| {
        let splitter = Splitter { separator, terminator };
        let mut widths = Vec::new();
        splitter.records(head, |record: Record| {
            if record.content_end > record.start && widths.len() < SAMPLE {
                widths.push(record.fields);
            }
        });
        let width = widths.first().copied().unwrap_or(1);
        let alike = widths.iter().filter(|&&other| other == width).count();
        if width < 2 { (0, 0) } else { (alike, width) }
    };
    // The last of equals wins, so the list is read from its end.
    SEPARATORS.into_iter().rev().max_by_key(|&separator| score(separator)).unwrap_or(b',')
}
