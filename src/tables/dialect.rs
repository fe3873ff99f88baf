//! How a delimited text is laid out: the separator it states or shows, and the row that names its columns.

use super::columns::fold;
use super::split::{Record, Splitter, unquoted};
use super::synonyms::is_known_name;

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows that a separator is judged by.
const SAMPLE: usize = 60;
/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 30;

/// What the head of a delimited text shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// What stands between two fields.
    pub separator: u8,
    /// Where the header starts, behind a line such as `sep=;` and rows of titles.
    pub header_start: usize,
    /// Where its content ends.
    pub header_content_end: usize,
    /// Where the first row below it starts.
    pub header_end: usize,
    /// Rows of titles above the header that hold something.
    pub titles: usize,
}

impl Dialect {
    /// Reads the head of a text; `None` where it holds no row. `asked` are names that the caller looks for beside the known
    /// ones, `header_row` is the number of the row (blank lines and a line `sep=` not counted) that the caller says is the
    /// header, from 1.
    pub fn of_head(head: &[u8], asked: &[&str], header_row: Option<u64>) -> Option<Self> {
        let (stated, skipped) = stated_separator(head);
        let separator = stated.unwrap_or_else(|| find_separator(&head[skipped..]));
        let rows = first_rows(&head[skipped..], separator);
        let header = match header_row {
            Some(number) => usize::try_from(number).ok()?.checked_sub(1)?,
            None => find_header(&rows.iter().map(|row| row.1.as_slice()).collect::<Vec<_>>(), asked),
        };
        let (record, _) = rows.get(header)?;
        Some(Self {
            separator,
            header_start: skipped + record.start,
            header_content_end: skipped + record.content_end,
            header_end: skipped + record.end,
            titles: header,
        })
    }
}

/// The first rows that hold anything, with their fields.
fn first_rows(head: &[u8], separator: u8) -> Vec<(Record, Vec<String>)> {
    let fields = std::cell::RefCell::new(Vec::new());
    let mut rows: Vec<(Record, Vec<String>)> = Vec::new();
    Splitter::of_whole(separator).fields(
        head,
        |_, from, to| {
            let mut fields = fields.borrow_mut();
            // Only the first rows are wanted, and a row may be long.
            if fields.len() < 20_000 {
                fields.push(String::from_utf8_lossy(&unquoted(&head[from..to])).trim().to_owned());
            }
        },
        |record| {
            let fields = fields.take();
            if rows.len() < HEADER_ROWS + SAMPLE && fields.iter().any(|field| !field.is_empty()) {
                rows.push((record, fields));
            }
        },
    );
    rows
}

/// The place of the header among the first rows of a table that hold anything.
///
/// The first row is the header, unless one below it has more cells that are known names of columns (or the `asked` ones) and
/// more cells that hold anything: what stands above it are titles. Where no row has a known name, rows of one cell above a
/// wider table are titles.
pub(crate) fn find_header(rows: &[&[String]], asked: &[&str]) -> usize {
    let asked: Vec<String> = asked.iter().map(|name| fold(name)).collect();
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let known = |row: &[String]| {
        let is_known = |cell: &&String| {
            let folded = fold(cell);
            asked.contains(&folded) || is_known_name(&folded)
        };
        row.iter().filter(is_known).count()
    };
    let rows = &rows[..rows.len().min(HEADER_ROWS)];
    let Some(first) = rows.first() else { return 0 };
    let (mut best, mut most) = (0, known(first));
    for (place, row) in rows.iter().enumerate().skip(1) {
        let names = known(row);
        if names > most && filled(row) > filled(rows[best]) {
            (best, most) = (place, names);
        }
    }
    if most == 0 && filled(first) == 1 {
        let widest = rows.iter().map(|row| filled(row)).max().unwrap_or(1);
        if widest > 1 {
            return rows.iter().position(|row| filled(row) * 2 > widest).unwrap_or(0);
        }
    }
    best
}

/// The separator for which most rows have the same number of fields, two or more; then the one with most fields.
pub(crate) fn find_separator(head: &[u8]) -> u8 {
    let score = |separator: u8| {
        let mut widths: Vec<usize> = Vec::new();
        Splitter::of_whole(separator).records(head, |record: Record| {
            if record.content_end > record.start && widths.len() < SAMPLE {
                widths.push(record.fields);
            }
        });
        let alike = |width: usize| widths.iter().filter(|&&other| other == width).count();
        let best = widths.iter().copied().filter(|&width| width > 1).max_by_key(|&width| (alike(width), width));
        best.map_or((0, 0), |width| (alike(width), width))
    };
    // The last of equals wins, so the list is read from its end.
    SEPARATORS.into_iter().rev().max_by_key(|&separator| score(separator)).unwrap_or(b',')
}

/// The separator that a first line such as `sep=;` states, and where the line after it starts.
pub(crate) fn stated_separator(head: &[u8]) -> (Option<u8>, usize) {
    let Some(line_end) = head.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else { return (None, 0) };
    let after =
        head[line_end..].iter().position(|byte| !matches!(byte, b'\r' | b'\n')).map_or(head.len(), |at| line_end + at);
    let line = &head[..line_end];
    let line = match line {
        [b'"', inner @ .., b'"'] => inner,
        line => line,
    };
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator, rest @ ..]
            if rest.iter().all(|byte| matches!(byte, b' ' | b'"' | b';' | b',' | b'\t')) && separator.is_ascii() =>
        {
            (Some(*separator), after)
        }
        _ => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> (char, String, usize) {
        let dialect = Dialect::of_head(text.as_bytes(), &[], None).unwrap();
        (dialect.separator as char, text[dialect.header_start..dialect.header_content_end].to_owned(), dialect.titles)
    }

    #[test]
    fn every_separator_is_found_beside_quoted_ones_and_decimal_commas() {
        for separator in [',', ';', '\t', '|'] {
            let text =
                format!("\"nom, ou; titre\"{separator}b{separator}c\n\"a{separator}b\"{separator}2{separator}3\n");
            assert_eq!(header(&text).0, separator);
        }
        assert_eq!(header("id;lat;lon\n1;45,5;-73,6\n2;45,6;-73,7\n").0, ';');
    }

    #[test]
    fn a_stated_separator_is_taken_and_its_line_is_no_row() {
        for text in [
            "sep=;\nDAUID;CLSC\n1;2\n",
            "sep=;\r\nDAUID;CLSC\r\n1;2\r\n",
            "\"sep=;\"\rDAUID;CLSC\r1;2\r",
            "SEP=;;\nDAUID;CLSC\n",
        ] {
            assert_eq!(header(text), (';', "DAUID;CLSC".to_owned(), 0), "{text:?}");
        }
        assert_eq!(header("sep=\t\nDAUID\tCLSC\n1\t2\n").0, '\t');
    }

    #[test]
    fn titles_above_the_header_are_no_header() {
        let text = "Tableau 1, population, par AD, 2021;;\nSource : Statistique Canada;;\n;;\nDAUID;nom;population\n24660001;A;500\n24660002;B;600\n";
        assert_eq!(header(text), (';', "DAUID;nom;population".to_owned(), 2));
        let text = "Population\n\nDAUID,population\n24660001,500\n";
        assert_eq!(header(text), (',', "DAUID,population".to_owned(), 1));
        let text = "Liste du 3 mai\nxx,yy,zz\n1,2,3\n4,5,6\n";
        assert_eq!(header(text), (',', "xx,yy,zz".to_owned(), 1));
    }

    #[test]
    fn a_first_row_of_names_stays_the_header_whatever_stands_below() {
        assert_eq!(header("A,B,C\nlat,lon,ville\n1,2,3\n").2, 0, "a row as wide is no title");
        assert_eq!(header("id,nom\nville,rue\n").2, 0);
        assert_eq!(header("adresse\n\"1 rue A, Ville\"\n\"2 rue B, Ville\"\n").2, 0);
        let dialect = Dialect::of_head(b"A,B,C\n1,lat,lon\n", &["A", "B", "C"], None).unwrap();
        assert_eq!(dialect.titles, 0);
        assert_eq!(Dialect::of_head(b"x\ny\nlat,lon\n", &[], Some(3)).unwrap().titles, 2);
    }
}
