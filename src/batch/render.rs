//! The added columns as bytes, in the dialect of the file.
//!
//! Nearly every row is plainly resolved: what it gets is the same for all rows of its CLSC but for the dissemination area
//! and the distance to the limit. So for each edition and CLSC the bytes between those are written once.

use std::borrow::Cow;

use super::answer::{Answer, Answerer, Method, Reason, Status};
use super::columns::Column;
use super::dialect::Dialect;
use crate::lookup::Class;
use crate::tables::numbers::write_metres;

/// What cells are written as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Style {
    /// Fields of delimited text.
    Delimited(Dialect),
    /// Members of a JSON object.
    Json,
}

/// Writes added columns.
#[derive(Debug)]
pub(super) struct Renderer {
    columns: Vec<Column>,
    style: Style,
    /// Columns that differ between the rows of a CLSC, in order.
    varying: Vec<Column>,
    /// By edition and CLSC: the bytes before, between and after the varying ones.
    plain: Vec<Vec<Vec<Vec<u8>>>>,
}

fn is_varying(column: Column) -> bool {
    matches!(column, Column::Da | Column::BorderM | Column::RunnerUpClsc)
}

impl Renderer {
    pub fn new(columns: Vec<Column>, style: Style, answerer: &Answerer<'_>) -> Self {
        let varying = columns.iter().copied().filter(|&column| is_varying(column)).collect();
        let mut renderer = Self { columns, style, varying, plain: Vec::new() };
        renderer.plain = (0..answerer.edition_count())
            .map(|edition| {
                let count = answerer.resolver(edition).edition().hierarchy.clsc_count();
                (0..count as Class).map(|class| renderer.pieces(answerer, edition, class)).collect()
            })
            .collect();
        renderer
    }

    /// Whether a column is among them that only the whole answer has.
    pub fn needs_whole(&self) -> bool {
        self.columns.iter().any(|column| column.is_optional())
    }

    /// Whether the distance to the limit is among the columns: what costs most.
    pub fn needs_border(&self) -> bool {
        self.varying.iter().any(|&column| column != Column::Da)
    }

    fn pieces(&self, answerer: &Answerer<'_>, edition: usize, class: Class) -> Vec<Vec<u8>> {
        let answer = Answer {
            method: Some(Method::Point),
            lineage: Some(answerer.resolver(edition).lineage(class)),
            ..Answer::without(Status::Resolved, Reason::None, Some(answerer.edition_id(edition)))
        };
        let mut pieces = vec![Vec::new()];
        for &column in &self.columns {
            if is_varying(column) {
                pieces.push(Vec::new());
            } else if let Some(piece) = pieces.last_mut() {
                self.cell(piece, column, &answer);
            }
        }
        pieces
    }

    /// The columns of a row that lies in a CLSC and is plainly resolved.
    #[inline]
    pub fn plain(
        &self,
        out: &mut Vec<u8>,
        edition: usize,
        class: Class,
        da: &str,
        border: (Option<f64>, Option<&str>),
    ) {
        let pieces = &self.plain[edition][usize::from(class)];
        out.extend_from_slice(&pieces[0]);
        for (&column, piece) in self.varying.iter().zip(&pieces[1..]) {
            match column {
                Column::Da => self.text(out, column, Some(da)),
                Column::RunnerUpClsc => self.text(out, column, border.1),
                _ => self.metres(out, column, border.0),
            }
            out.extend_from_slice(piece);
        }
    }

    /// The columns of any row.
    pub fn row(&self, out: &mut Vec<u8>, answer: &Answer<'_>) {
        for &column in &self.columns {
            self.cell(out, column, answer);
        }
    }

    /// Their names, for a header.
    pub fn header(&self, out: &mut Vec<u8>) {
        for &column in &self.columns {
            self.text(out, column, Some(column.name()));
        }
    }

    fn cell(&self, out: &mut Vec<u8>, column: Column, answer: &Answer<'_>) {
        match Added::of(column, answer) {
            Added::Nothing if is_number(column) => self.metres(out, column, None),
            Added::Nothing => self.text(out, column, None),
            Added::Text(text) => self.text(out, column, Some(&text)),
            Added::Number(value) => self.metres(out, column, Some(value)),
        }
    }

    #[inline]
    fn text(&self, out: &mut Vec<u8>, column: Column, text: Option<&str>) {
        match self.style {
            Style::Delimited(dialect) => {
                out.push(dialect.separator);
                let text = text.unwrap_or_default();
                // A spreadsheet would take it for a formula; names come from files of others.
                if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                    field(out, &format!("'{text}"), dialect);
                } else {
                    field(out, text, dialect);
                }
            }
            Style::Json => {
                member(out, column);
                let Some(text) = text else { return out.extend_from_slice(b"null") };
                // Text is always JSON; the only other failure would be that of a writer to memory.
                serde_json::to_writer(&mut *out, text).ok();
            }
        }
    }

    /// A number with up to three decimals.
    #[inline]
    fn metres(&self, out: &mut Vec<u8>, column: Column, value: Option<f64>) {
        match self.style {
            Style::Delimited(dialect) => {
                out.push(dialect.separator);
                let Some(value) = value else { return };
                let point = if dialect.decimal_comma { b',' } else { b'.' };
                let quoted = point == dialect.separator;
                out.extend(quoted.then_some(b'"'));
                write_number(out, column, value, point);
                out.extend(quoted.then_some(b'"'));
            }
            Style::Json => {
                member(out, column);
                match value {
                    Some(value) => write_number(out, column, value, b'.'),
                    None => out.extend_from_slice(b"null"),
                }
            }
        }
    }
}

/// What a row has in an added column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Added<'c> {
    Nothing,
    Text(Cow<'c, str>),
    /// Rounded to three decimals, or to seven where it is degrees.
    Number(f64),
}

/// Writes metres or degrees.
#[inline]
fn write_number(out: &mut Vec<u8>, column: Column, value: f64, point: u8) {
    if !matches!(column, Column::Lat | Column::Lon) {
        return write_metres(out, value, point);
    }
    let text = value.to_string();
    out.extend(text.bytes().map(|byte| if byte == b'.' { point } else { byte }));
}

/// Whether a column holds numbers.
pub(super) fn is_number(column: Column) -> bool {
    matches!(column, Column::Score | Column::BorderM | Column::Lat | Column::Lon | Column::UncertaintyM)
}

impl<'c> Added<'c> {
    pub fn of(column: Column, answer: &'c Answer<'_>) -> Self {
        let lineage = answer.lineage.as_ref();
        let text = match column {
            Column::Status => Some(answer.status.word()),
            Column::Reason => Some(answer.reason.word()).filter(|word| !word.is_empty()),
            Column::Da => answer.da,
            Column::ClscCode => lineage.map(|all| all.clsc.code),
            Column::ClscName => lineage.map(|all| all.clsc.name),
            Column::RlsCode => lineage.map(|all| all.rls.code),
            Column::RlsName => lineage.map(|all| all.rls.name),
            Column::RtsCode => lineage.map(|all| all.rts.code),
            Column::RtsName => lineage.map(|all| all.rts.name),
            Column::RssCode => lineage.map(|all| all.rss.code),
            Column::RssName => lineage.map(|all| all.rss.name),
            Column::RuisssCode => lineage.map(|all| all.ruisss.code),
            Column::RuisssName => lineage.map(|all| all.ruisss.name),
            Column::Method => answer.method.map(Method::word),
            Column::RunnerUpClsc => answer.runner_up,
            Column::Edition => answer.edition,
            Column::Faults if answer.faults.is_empty() => None,
            Column::Faults => return Self::Text(answer.faults.join(" ").into()),
            Column::Score => return answer.score.map_or(Self::Nothing, |score| Self::rounded(f64::from(score))),
            Column::BorderM => return answer.border_m.map_or(Self::Nothing, Self::rounded),
            Column::UncertaintyM => return answer.uncertainty_m.map_or(Self::Nothing, Self::rounded),
            Column::Lat => return answer.position.map_or(Self::Nothing, |at| Self::degrees(at.lat())),
            Column::Lon => return answer.position.map_or(Self::Nothing, |at| Self::degrees(at.lon())),
            Column::MatchedLabel => answer.label.as_deref(),
            Column::MatchType => answer.match_type,
            Column::Candidates if answer.candidates.is_empty() => None,
            Column::Candidates => return Self::Text(answer.candidates.join(" | ").into()),
        };
        text.map_or(Self::Nothing, |text| Self::Text(text.into()))
    }

    /// Degrees to seven decimals, a centimetre.
    pub fn degrees(value: f64) -> Self {
        Self::Number((value * 1e7).round() / 1e7)
    }

    /// A number to three decimals.
    pub fn rounded(value: f64) -> Self {
        Self::Number((value * 1000.0).round() / 1000.0)
    }
}

fn member(out: &mut Vec<u8>, column: Column) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(column.name().as_bytes());
    out.extend_from_slice(b"\":");
}

/// A field, in quotes where it needs them.
#[inline]
pub(super) fn field(out: &mut Vec<u8>, text: &str, dialect: Dialect) {
    let special = |&byte: &u8| byte == dialect.separator || matches!(byte, b'"' | b'\n' | b'\r');
    encoded(out, &dialect.encode(text), special);
}

#[inline]
fn encoded(out: &mut Vec<u8>, bytes: &[u8], special: impl Fn(&u8) -> bool) {
    if !bytes.iter().any(special) {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for &byte in bytes {
        out.push(byte);
        out.extend((byte == b'"').then_some(b'"'));
    }
    out.push(b'"');
}
