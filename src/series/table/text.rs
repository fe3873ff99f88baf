//! Reading a delimited text as people send it: either encoding, any usual separator, a byte-order mark.

use crate::series::SeriesError;

/// Text of bytes in UTF-8, or else Windows-1252; and whether it was the latter.
pub(in crate::series) fn decode(bytes: &[u8]) -> (std::borrow::Cow<'_, str>, bool) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), false),
        Err(_) => (encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, true),
    }
}

/// A delimited text and its headers.
pub(in crate::series) struct Sheet<'a> {
    text: &'a str,
    delimiter: u8,
    headers: Vec<String>,
}

impl<'a> Sheet<'a> {
    /// Reads the headers; the separator is the one of `;`, tab, `,` or `|` that the first line holds most of.
    pub(in crate::series) fn open(text: &'a str) -> Result<Self, SeriesError> {
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        let count = |delimiter: u8| first.bytes().filter(|&byte| byte == delimiter).count();
        let mut delimiter = b',';
        for candidate in [b';', b'\t', b'|'] {
            if count(candidate) > count(delimiter) {
                delimiter = candidate;
            }
        }
        let mut reader = reader(text, delimiter);
        let headers = reader.headers()?.iter().map(|header| header.trim().to_owned()).collect();
        Ok(Self { text, delimiter, headers })
    }

    pub(in crate::series) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Gives each record with the line it starts on, from 1.
    pub(in crate::series) fn each_record(
        &self,
        mut take: impl FnMut(u64, &csv::StringRecord) -> Result<(), SeriesError>,
    ) -> Result<(), SeriesError> {
        let mut reader = reader(self.text, self.delimiter);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record)? {
            // The reader's position is where the last record ended; blank lines before this one are still to be counted.
            let line = record.position().map_or(0, |position| {
                let ahead = self.text.as_bytes().get(position.byte() as usize..).unwrap_or(&[]);
                let blank = ahead.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
                position.line() + blank.filter(|&&byte| byte == b'\n').count() as u64
            });
            take(line, &record)?;
        }
        Ok(())
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes())
}
