//! Rows and fields of delimited bytes, quotes and line breaks inside them included.
//!
//! - A row ends with a line feed, with the carriage returns before it, or with a carriage return alone, whatever the other
//!   rows end with.
//! - A quote opens a field at its start only; doubled ones stand for one. The quote that closes it stands before a separator, a
//!   line end or the end, blanks between them or not. A quote inside that is followed by anything else closes nothing: the
//!   field was never quoted, its row ends with its line and is said to be unclosed, so that one slip does not swallow the
//!   rows below.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr3_iter, memrchr};

/// Longest quoted field of a file that is read in pieces, bytes.
pub(crate) const MOST_QUOTED: usize = 8 << 20;

/// How rows are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Splitter {
    /// What stands between two fields.
    pub separator: u8,
    /// The longest quoted field; see [`MOST_QUOTED`].
    pub most_quoted: usize,
}

/// Where a row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    pub start: usize,
    /// End of the last field: before the line end.
    pub content_end: usize,
    /// Start of the next row.
    pub end: usize,
    pub fields: usize,
    /// Whether a quote is opened and not closed.
    pub unclosed: bool,
}

/// Where a quoted field ends.
enum Close {
    /// After the quote that closes it and the blanks behind it.
    At(usize),
    Never,
    /// Past the bytes at hand.
    Beyond,
}

/// Whether some carriage return stands alone, and so ends a row of its own.
fn has_lone_return(bytes: &[u8]) -> bool {
    memchr_iter(b'\r', bytes).any(|at| !matches!(after_returns(bytes, at), Some(b'\n') | None))
}

/// What stands behind a carriage return and those that follow it: those before a line feed are part of its line end.
pub(crate) fn after_returns(bytes: &[u8], at: usize) -> Option<u8> {
    bytes[at..].iter().copied().find(|&byte| byte != b'\r')
}

impl Splitter {
    /// For bytes that are read in pieces.
    pub const fn new(separator: u8) -> Self {
        Self { separator, most_quoted: MOST_QUOTED }
    }

    /// For bytes that are all there.
    pub const fn of_whole(separator: u8) -> Self {
        Self { separator, most_quoted: usize::MAX }
    }

    fn find_close(self, bytes: &[u8], open: usize) -> Close {
        let limit = open.saturating_add(self.most_quoted).min(bytes.len());
        let mut from = open + 1;
        while let Some(found) = bytes.get(from..limit).and_then(|rest| memchr(b'"', rest)) {
            let at = from + found;
            let mut after = at + 1;
            loop {
                match bytes.get(after) {
                    Some(b'"') if after == at + 1 => {
                        from = at + 2;
                        break;
                    }
                    Some(&byte) if byte == self.separator => return Close::At(after),
                    None | Some(b'\n' | b'\r') => return Close::At(after),
                    Some(b' ' | b'\t') => after += 1,
                    Some(_) => return Close::Never,
                }
            }
        }
        if limit < bytes.len() { Close::Never } else { Close::Beyond }
    }

    /// Calls `on_field` with row, field number and place of each field, `on_record` with each row; bytes end with a row.
    pub fn fields(self, bytes: &[u8], on_field: impl FnMut(usize, usize, usize), on_record: impl FnMut(Record)) {
        if has_lone_return(bytes) {
            let marks = bytes.iter().enumerate().filter(|&(at, &byte)| self.is_mark(bytes, at, byte));
            self.walk(bytes, marks.map(|(at, _)| at), on_field, on_record);
        } else {
            self.walk(bytes, memchr3_iter(self.separator, b'\n', b'"', bytes), on_field, on_record);
        }
    }

    #[inline]
    fn is_mark(self, bytes: &[u8], at: usize, byte: u8) -> bool {
        byte == self.separator
            || byte == b'\n'
            || byte == b'"'
            || (byte == b'\r' && after_returns(bytes, at) != Some(b'\n'))
    }

    #[inline]
    fn walk(
        self,
        bytes: &[u8],
        marks: impl Iterator<Item = usize>,
        mut on_field: impl FnMut(usize, usize, usize),
        mut on_record: impl FnMut(Record),
    ) {
        let (mut start, mut field, mut fields, mut skip, mut unclosed) = (0, 0, 0, 0, false);
        for at in marks {
            if at < skip {
                continue;
            }
            let byte = bytes[at];
            if byte == self.separator {
                on_field(fields, field, at);
                fields += 1;
                field = at + 1;
            } else if byte == b'"' {
                if at == field {
                    match self.find_close(bytes, at) {
                        Close::At(end) => skip = end,
                        Close::Never | Close::Beyond => unclosed = true,
                    }
                }
            } else {
                let content_end = content_end(bytes, start, at);
                on_field(fields, field, content_end.max(field));
                on_record(Record { start, content_end, end: at + 1, fields: fields + 1, unclosed });
                (start, field, fields, unclosed) = (at + 1, at + 1, 0, false);
            }
        }
        if start < bytes.len() {
            let content_end = content_end(bytes, start, bytes.len());
            on_field(fields, field, content_end.max(field));
            on_record(Record { start, content_end, end: bytes.len(), fields: fields + 1, unclosed });
        }
    }

    /// Calls `on_record` with each row.
    pub fn records(self, bytes: &[u8], on_record: impl FnMut(Record)) {
        self.fields(bytes, |_, _, _| {}, on_record);
    }

    /// Where the last whole row ends; all of them at the end of the file. `None` where not even one is whole.
    pub fn last_end(self, bytes: &[u8], is_end: bool) -> Option<usize> {
        if is_end {
            return (!bytes.is_empty()).then_some(bytes.len());
        }
        let lone = has_lone_return(bytes);
        if memchr(b'"', bytes).is_none() {
            let fed = memrchr(b'\n', bytes);
            let alone = || {
                let returns = bytes.iter().enumerate().rev();
                let mut ends = returns.filter(|&(at, &byte)| byte == b'\r' && self.is_mark(bytes, at, byte));
                // The line feed of those at the very end may be in the next piece.
                ends.find(|&(at, _)| after_returns(bytes, at).is_some()).map(|(at, _)| at)
            };
            return fed.max(if lone { alone() } else { None }).map(|at| at + 1);
        }
        if lone {
            let marks = bytes.iter().enumerate().filter(|&(at, &byte)| self.is_mark(bytes, at, byte));
            self.last_of(bytes, marks.map(|(at, _)| at))
        } else {
            self.last_of(bytes, memchr3_iter(self.separator, b'\n', b'"', bytes))
        }
    }

    fn last_of(self, bytes: &[u8], marks: impl Iterator<Item = usize>) -> Option<usize> {
        let (mut field, mut skip, mut last) = (0, 0, None);
        for at in marks {
            if at < skip {
                continue;
            }
            if bytes[at] == self.separator {
                field = at + 1;
            } else if bytes[at] == b'"' {
                if at == field {
                    match self.find_close(bytes, at) {
                        // What stands behind the quote, at the very end, is not known yet.
                        Close::At(end) if end < bytes.len() => skip = end,
                        Close::Never => {}
                        Close::At(_) | Close::Beyond => break,
                    }
                }
            } else {
                if bytes[at] == b'\r' && after_returns(bytes, at).is_none() {
                    break;
                }
                field = at + 1;
                last = Some(at + 1);
            }
        }
        last
    }
}

/// Where the content of a row ends whose line end, or the end of all, is at `at`.
fn content_end(bytes: &[u8], start: usize, at: usize) -> usize {
    let returns = bytes[start..at].iter().rev().take_while(|&&byte| byte == b'\r').count();
    at - returns
}

/// A field without its quotes. One that is not closed stands as it is.
pub(crate) fn unquoted(field: &[u8]) -> Cow<'_, [u8]> {
    let Some((b'"', inner)) = field.split_first() else { return field.into() };
    let Some((b'"', inner)) = inner.trim_ascii_end().split_last() else { return field.into() };
    if memchr(b'"', inner).is_none() {
        return inner.into();
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr(b'"', rest) {
        // Doubled ones only: a lone quote would have been its end, and the field is none.
        if rest.get(at + 1) != Some(&b'"') {
            return field.into();
        }
        out.extend_from_slice(&rest[..=at]);
        rest = &rest[at + 2..];
    }
    out.extend_from_slice(rest);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Splitter = Splitter::new(b',');

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
    fn rows_whose_quotes_are_all_well_closed_are_those_of_the_csv_crate() {
        let mut state = 5_u64;
        let letters = b"a\",\n\"x,\n\r1";
        let mut compared = 0;
        for _ in 0..40_000 {
            let mut text: Vec<u8> = Vec::new();
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push(letters[(state >> 33) as usize % letters.len()]);
            }
            text.push(b'\n');
            // Blank lines and carriage returns alone are read otherwise on purpose.
            if text.contains(&b'\r') || text.windows(2).any(|pair| pair == b"\n\n") || text[0] == b'\n' {
                continue;
            }
            let mut unclosed = false;
            COMMA.records(&text, |record| unclosed |= record.unclosed);
            if unclosed {
                continue;
            }
            compared += 1;
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
            let expected: Vec<Vec<String>> =
                reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            assert_eq!(rows(&text), expected, "{:?}", String::from_utf8_lossy(&text));
        }
        assert!(compared > 1000, "{compared}");
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
    fn pieces_give_the_rows_of_the_whole_wherever_they_are_cut() {
        for text in [
            &b"a,\"b\r\nc\",d\r\ne,f\r\"g\n\",h\ni,\"open\nj,\"k\" l\nm,n"[..],
            b"a,b\r\r\nc,d\r\r\ne,f\r\r\n",
            b"a,b\rc,d\re,f",
        ] {
            let whole = rows(text);
            for cut in 1..text.len() {
                let Some(end) = COMMA.last_end(&text[..cut], false) else { continue };
                let mut parts = rows(&text[..end]);
                parts.extend(rows(&text[end..]));
                assert_eq!(parts, whole, "cut at {cut}, {end}: {:?}", String::from_utf8_lossy(text));
            }
        }
    }

    #[test]
    fn an_open_quote_costs_one_row() {
        let text = b"1,\"open\n2,b\n3,c\n";
        let mut found = Vec::new();
        COMMA.records(text, |record| found.push((record.unclosed, record.fields)));
        assert_eq!(found, [(true, 2), (false, 2), (false, 2)]);
    }

    #[test]
    fn a_quote_in_the_middle_of_a_later_line_closes_nothing() {
        let text = b"1,\"open,x\n2,b,y\n3,\"deux\" mots,z\n4,\"a, b\" ,w\n";
        let mut found = Vec::new();
        COMMA.records(text, |record| found.push((record.unclosed, record.fields)));
        assert_eq!(found, [(true, 3), (false, 3), (true, 3), (false, 3)]);
        assert_eq!(rows(text)[3], ["4", "a, b", "w"]);
        assert_eq!(rows(text)[2], ["3", "\"deux\" mots", "z"]);
    }

    #[test]
    fn a_well_closed_field_of_any_length_is_one_field() {
        let long = "ligne \"\"longue\"\", ici\n".repeat(200_000);
        let text = format!("1,\"{long}\",x\n2,b,y\n");
        let read = rows(text.as_bytes());
        assert_eq!((read.len(), read[0].len()), (2, 3));
        assert_eq!(read[0][1], long.replace("\"\"", "\""));
    }

    #[test]
    fn every_line_end_ends_a_row_and_stands_in_no_field() {
        assert_eq!(
            rows(b"a,b\r\nc,d\ne,f\rg,h\r\r\ni,j"),
            [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"], ["i", "j"]]
        );
    }
}
