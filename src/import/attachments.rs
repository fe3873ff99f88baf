//! Which CLSC each unit is attached to, from a table: rows first, then judged against units and hierarchy.

use std::path::Path;

use super::ImportError;
use super::polygons::open_table;
use crate::domain::{Finding, FindingKind, Severity, Words, both};
use crate::tables::codes::unit_id;
use crate::tables::numbers::decimal;
use crate::tables::repairs::Repairs;
use crate::tables::rows::joined;
use crate::tables::synonyms::{CLSC, FRACTION};
use crate::tables::{ColumnsUsed, ReadOptions};

/// Columns that the caller names instead of the known spellings.
#[derive(Debug, Clone, Copy, Default)]
pub struct AttachmentColumns<'a> {
    /// Unit identifiers.
    pub unit: Option<&'a str>,
    /// CLSC codes.
    pub clsc: Option<&'a str>,
    /// Part of the unit.
    pub fraction: Option<&'a str>,
    /// Encoding of the file.
    pub encoding: Option<&'a str>,
    /// Sheet of a workbook.
    pub sheet: Option<&'a str>,
}

/// One row: this unit, or this part of it, goes to that CLSC.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachmentRow {
    /// The unit, as it is without what programs make of identifiers.
    pub unit: String,
    /// The CLSC code as the file has it; a lost zero is not yet back.
    pub clsc: String,
    /// The part, 0 to 1, where the file says.
    pub fraction: Option<f64>,
    /// Line in the file, from 1.
    pub line: u64,
}

/// A table of attachments as read.
#[derive(Debug, Clone)]
pub struct AttachmentsFile {
    /// File name, without its folder.
    pub file: String,
    /// Name of the unit column.
    pub unit_column: String,
    /// Name of the CLSC column.
    pub clsc_column: String,
    /// Name of the fraction column, where there is one.
    pub fraction_column: Option<String>,
    /// Which columns were used.
    pub columns: ColumnsUsed,
    /// Rows in the order of the file.
    pub rows: Vec<AttachmentRow>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// Reads rows of unit, CLSC and, where there is a column for it, fraction.
///
/// A fraction may have a decimal comma or a percent sign; where any goes above 1 the whole column is taken for
/// percentages and divided by 100, said as a note. A row whose fraction can not be read, or without unit or code, is an
/// error finding and left out.
///
/// # Errors
/// [`ImportError`] where the file or one of the two columns is missing.
pub fn read_attachments(path: &Path, columns: AttachmentColumns<'_>) -> Result<AttachmentsFile, ImportError> {
    let names: Vec<&str> = [columns.unit, columns.clsc, columns.fraction].into_iter().flatten().collect();
    let options = ReadOptions { encoding: columns.encoding, sheet: columns.sheet, names: &names, header_row: None };
    let mut table = open_table(path, &options)?;
    let mut findings = table.take_findings();
    let clsc_column = table.columns.choose(columns.clsc, CLSC, both!("le code du CLSC", "the CLSC code"))?;
    let unit_column = table.columns.choose_unit(columns.unit, false)?;
    let fraction_column = match columns.fraction {
        Some(name) => Some(table.columns.named(name)?),
        None => table.columns.find(FRACTION),
    };
    let name = |column: usize| table.columns.name(column).to_owned();
    let mut rows = Vec::new();
    let mut repairs = Repairs::default();
    table.for_each_row(|row| {
        let (unit, repair) = unit_id(row.field(unit_column));
        repairs.note(repair, unit_column, row.line(), row.field(unit_column), &unit);
        let (unit, clsc) = (&*unit, row.field(clsc_column));
        let bad = |message: Words, column: usize| {
            Finding::new(Severity::Error, FindingKind::BadValue, message)
                .in_file(table.file(), Some(row.line()), Some(table.columns.name(column)))
                .about([unit])
        };
        if unit.is_empty() || clsc.is_empty() {
            let (what, column) = if unit.is_empty() {
                (both!("d'aire", "unit"), unit_column)
            } else {
                (both!("de code de CLSC", "CLSC code"), clsc_column)
            };
            let message = Words::new(
                format!("la ligne n'a pas {} : laissée de côté (aire « {unit} », CLSC « {clsc} »)", what.french),
                format!("the row has no {what}: left out (unit \"{unit}\", CLSC \"{clsc}\")"),
            );
            findings.push(bad(message, column));
            return;
        }
        let text = fraction_column.map_or("", |column| row.field(column));
        let fraction = if text.is_empty() {
            None
        } else if let Some(value) = decimal(text).filter(|&value| value >= 0.0) {
            Some(value)
        } else {
            let message = both!(
                "« {text} » n'est pas une fraction de l'aire « {unit} » : de 0 à 1 ; la ligne est laissée de côté",
                "\"{text}\" is no fraction of unit \"{unit}\": expected 0 to 1; the row is left out"
            );
            findings.push(bad(message, fraction_column.unwrap_or(clsc_column)));
            return;
        };
        rows.push(AttachmentRow { unit: unit.to_owned(), clsc: clsc.to_owned(), fraction, line: row.line() });
    });
    findings.extend(repairs.findings(table.file(), table.column_names()));
    if let Some(above) = rows.iter().find(|row| row.fraction.is_some_and(|fraction| fraction > 1.000_001)) {
        let message = both!(
            "« {} » et d'autres valeurs dépassent 1 : la colonne est prise pour des pourcentages et divisée par 100",
            "\"{}\" and other values go above 1: the column is taken for percentages and divided by 100",
            above.fraction.unwrap_or_default()
        );
        let column = fraction_column.map(|column| table.columns.name(column));
        let finding = Finding::new(Severity::Note, FindingKind::BadValue, message);
        findings.push(finding.in_file(table.file(), Some(above.line), column));
        for row in &mut rows {
            row.fraction = row.fraction.map(|percent| percent / 100.0);
        }
    }
    too_large(&mut rows, table.file(), &mut findings);
    Ok(AttachmentsFile {
        file: table.file().to_owned(),
        unit_column: name(unit_column),
        clsc_column: name(clsc_column),
        fraction_column: fraction_column.map(name),
        columns: ColumnsUsed::new(
            table.column_names(),
            [
                (Some(unit_column), both!("aire", "unit")),
                (Some(clsc_column), Words::same("CLSC")),
                (fraction_column, both!("fraction de l'aire", "fraction of the unit")),
            ],
        ),
        rows,
        findings,
    })
}

/// Leaves out what is above a whole even as a percentage.
fn too_large(rows: &mut Vec<AttachmentRow>, file: &str, findings: &mut Vec<Finding>) {
    let beyond: Vec<u64> =
        rows.iter().filter(|row| row.fraction.is_some_and(|part| part > 1.000_001)).map(|row| row.line).collect();
    if let Some(&first) = beyond.first() {
        let shown = &beyond[..beyond.len().min(5)];
        let message = both!(
            "{} fractions dépassent 100 % (lignes {}) : de 0 à 1, ou de 0 à 100 ; les lignes sont laissées de côté",
            "{} fractions are above 100 % (lines {}): expected 0 to 1, or 0 to 100; the rows are left out",
            beyond.len(),
            joined(shown)
        );
        findings.push(Finding::new(Severity::Error, FindingKind::BadValue, message).in_file(file, Some(first), None));
        rows.retain(|row| row.fraction.is_none_or(|part| part <= 1.000_001));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::TableError;

    fn read(text: &[u8]) -> Result<AttachmentsFile, ImportError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, text).unwrap();
        read_attachments(&path, AttachmentColumns::default())
    }

    #[test]
    fn spellings_of_everybody_are_known() {
        for header in ["DAUID,CLSC", "geo_id;zone", "adidu\tCode_CLSC", "AD|Territoire CLSC", "DGUID,CLSC_CODE"] {
            let separator = header.chars().find(|c| ",;\t|".contains(*c)).unwrap();
            let file = read(format!("{header}\n2021S051224010018{separator}01111\n").as_bytes()).unwrap();
            assert_eq!((file.rows[0].unit.as_str(), file.rows[0].clsc.as_str()), ("24010018", "01111"), "{header}");
        }
    }

    #[test]
    fn percentages_are_told_from_fractions_and_commas_are_decimal() {
        let file = read(b"ADIDU;CLSC;pct\n24010018;01111;\"33,5 %\"\n24010018;01112;66.5\n").unwrap();
        let parts: Vec<_> = file.rows.iter().map(|row| row.fraction.unwrap()).collect();
        assert!((parts[0] - 0.335).abs() < 1e-12 && (parts[1] - 0.665).abs() < 1e-12, "{parts:?}");
        assert_eq!((file.findings.len(), file.findings[0].severity), (1, Severity::Note));
        let file = read(b"ADIDU;CLSC;part\n24010018;01111;0,4\n").unwrap();
        assert_eq!((file.rows[0].fraction, file.findings.len()), (Some(0.4), 0));
    }

    #[test]
    fn rows_that_say_nothing_are_findings_with_their_line() {
        let file = read(
            b"DAUID,CLSC,fraction\n,01111,1\n24010018,,1\n24010019,01111,half\n24010020,01111,-1\n24010021,01111,900\n",
        )
        .unwrap();
        assert!(file.rows.is_empty());
        let lines: Vec<_> =
            file.findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.place.line.unwrap()).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6]);
        assert!(file.findings[2].message.contains("\"half\""));
    }

    #[test]
    fn a_table_without_a_clsc_column_says_which_columns_it_has() {
        let error = read(b"DAUID,nom\n24010018,x\n").unwrap_err().to_string();
        assert!(error.contains("CLSC code") && error.contains("\"DAUID\", \"nom\""), "{error}");
        let named = AttachmentColumns { clsc: Some("territoire"), ..AttachmentColumns::default() };
        let error = read_attachments(Path::new("/nowhere/a.csv"), named).unwrap_err();
        assert!(matches!(error, ImportError::Table(TableError::NotFound { .. })));
    }
}
