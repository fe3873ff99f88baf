//! Rows and fields of delimited bytes, quotes and line breaks inside them included.
//!
//! Quotes count at the start of a field only, doubled ones stand for one, and what follows a closing quote is taken as it
//! stands (as the `csv` crate does). A quote that is not closed within [`MOST_QUOTED`] bytes is no quote: its row ends with
//! its line and is said to be unclosed, so that one slip does not swallow the rest of a file.

use memchr::{memchr, memchr3_iter, memrchr};

/// Longest quoted field, bytes.
pub(super) const MOST_QUOTED: usize = 1 << 20;

/// How rows are cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Splitter {
    pub separator: u8,
    pub terminator: u8,
}

/// Where a row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub start: usize,
    /// End of the last field: before the line end.
    pub content_end: usize,
    /// Start of the next row.
    pub end: usize,
    pub fields: usize,
    /// Whether a quote is open to the end.
    pub unclosed: bool,
}

/// Where a quoted field ends.
enum Close {
    At(usize),
    Never,
    /// Past the bytes at hand.
    Beyond,
}

fn find_close(bytes: &[u8], open: usize) -> Close {
    let limit = (open + MOST_QUOTED).min(bytes.len());
    let mut from = open + 1;
    while let Some(found) = bytes.get(from..limit).and_then(|rest| memchr(b'"', rest)) {
        let at = from + found;
        if bytes.get(at + 1) == Some(&b'"') {
            from = at + 2;
        } else {
            return Close::At(at + 1);
        }
    }
    if limit < bytes.len() { Close::Never } else { Close::Beyond }
}

impl Splitter {
    /// Calls `on_field` with row, field number and place of each field, `on_record` with each row; bytes end with a row.
    pub fn fields(
        self,
        bytes: &[u8],
        mut on_field: impl FnMut(usize, usize, usize),
        mut on_record: impl FnMut(Record),
    ) {
        let (mut start, mut field, mut fields, mut skip, mut unclosed) = (0, 0, 0, 0, false);
        for at in memchr3_iter(self.separator, self.terminator, b'"', bytes) {
            if at < skip {
                continue;
            }
            let byte = bytes[at];
            if byte == self.separator {
                on_field(fields, field, at);
                fields += 1;
                field = at + 1;
            } else if byte == self.terminator {
                let content_end = self.content_end(bytes, start, at);
                on_field(fields, field, content_end);
                on_record(Record { start, content_end, end: at + 1, fields: fields + 1, unclosed });
                (start, field, fields, unclosed) = (at + 1, at + 1, 0, false);
            } else if at == field {
                match find_close(bytes, at) {
                    Close::At(end) => skip = end,
                    Close::Never | Close::Beyond => unclosed = true,
                }
            }
        }
        if start < bytes.len() {
            let content_end = self.content_end(bytes, start, bytes.len());
            on_field(fields, field, content_end);
            on_record(Record { start, content_end, end: bytes.len(), fields: fields + 1, unclosed });
        }
    }

    /// Calls `on_record` with each row.
    pub fn records(self, bytes: &[u8], on_record: impl FnMut(Record)) {
        self.fields(bytes, |_, _, _| {}, on_record);
    }

    fn content_end(self, bytes: &[u8], start: usize, at: usize) -> usize {
        let returned = self.terminator == b'\n' && at > start && bytes[at - 1] == b'\r';
        at - usize::from(returned)
    }

    /// Where the last whole row ends; all of them at the end of the file. `None` where not even one is whole.
    pub fn last_end(self, bytes: &[u8], is_end: bool) -> Option<usize> {
        if is_end {
            return (!bytes.is_empty()).then_some(bytes.len());
        }
        if memchr(b'"', bytes).is_none() {
            return memrchr(self.terminator, bytes).map(|at| at + 1);
        }
        let (mut field, mut skip, mut last) = (0, 0, None);
        for at in memchr3_iter(self.separator, self.terminator, b'"', bytes) {
            if at < skip {
                continue;
            }
            if bytes[at] == self.separator {
                field = at + 1;
            } else if bytes[at] == self.terminator {
                field = at + 1;
                last = Some(at + 1);
            } else if at == field {
                match find_close(bytes, at) {
                    // A quote at the very end may be the first half of a doubled one.
                    Close::At(end) if end < bytes.len() => skip = end,
                    Close::Never => {}
                    Close::At(_) | Close::Beyond => break,
                }
            }
        }
        last
    }
}

/// A field without its quotes.
pub(super) fn unquoted(field: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let Some((b'"', inner)) = field.split_first() else { return field.into() };
    let mut out = Vec::with_capacity(inner.len());
    let mut at = 0;
    let mut open = true;
    while let Some(&byte) = inner.get(at) {
        if byte == b'"' && open {
            if inner.get(at + 1) == Some(&b'"') {
                out.push(b'"');
                at += 1;
            } else {
                open = false;
            }
        } else {
            out.push(byte);
        }
        at += 1;
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Splitter = Splitter { separator: b',', terminator: b'\n' };

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        let fields = std::cell::RefCell::new(Vec::new());
        let mut rows = Vec::new();
        COMMA.fields(
            bytes,
            |_, from, to| fields.borrow_mut().push(String::from_utf8_lossy(&unquoted(&bytes[from..to])).into_owned()),
            |_| rows.push(fields.take()),
        );
        rows
    }

    #[test]
    fn rows_are_those_of_the_csv_crate() {
        let mut state = 5_u64;
        let letters = b"a\",\n\"x,\n\r1";
        for _ in 0..20_000 {
            let mut text: Vec<u8> = Vec::new();
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push(letters[(state >> 33) as usize % letters.len()]);
            }
            text.push(b'\n');
            // Only texts whose quotes are all closed, line ends alike and no blank line: elsewhere the two differ on purpose.
            if text.contains(&b'\r') || text.windows(2).any(|pair| pair == b"\n\n") || text[0] == b'\n' {
                continue;
            }
            let mut unclosed = false;
            COMMA.records(&text, |record| unclosed |= record.unclosed);
            if unclosed {
                continue;
            }
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
            let expected: Vec<Vec<String>> =
                reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            assert_eq!(rows(&text), expected, "{:?}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn a_cut_is_at_the_end_of_a_row_and_never_inside_quotes() {
        let text = b"a,\"b\nc\",d\ne,f\n\"g\n\",h\ni";
        for cut in 0..text.len() {
            let Some(end) = COMMA.last_end(&text[..cut], false) else { continue };
            assert!([10, 14, 21].contains(&end), "{cut}: {end}");
        }
        assert_eq!(COMMA.last_end(text, true), Some(text.len()));
    }

    #[test]
    fn an_open_quote_costs_one_row() {
        let text = b"1,\"open\n2,b\n3,c\n";
        let mut found = Vec::new();
        COMMA.records(text, |record| found.push((record.unclosed, record.fields)));
        assert_eq!(found, [(true, 2), (false, 2), (false, 2)]);
    }
}
