//! Assignment tables: a row a unit with its CLSC, as `geo_id,zone` (districtr) or `DAUID,CLSC`, whole or only what changes.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use super::{Operation, Refusal, RevisionError, Transfer, UnitIndex};
use crate::domain::{CodeError, Edition, Finding, FindingKind, Level, Severity, TerritoryCode, UnitId, Words, both};

/// What a table covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// Every unit has a row.
    Whole,
    /// Units without a row stay where they are.
    Changes,
}

/// The names of the two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentColumns {
    /// `geo_id,zone`.
    GeoIdZone,
    /// `DAUID,CLSC`.
    DauidClsc,
}

/// An assignment table that was read: every row is about a known unit and a known CLSC, and each unit stands once.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Unit (by place) and CLSC, in the order of the table.
    pub rows: Vec<(u32, TerritoryCode)>,
    /// Repairs that were made.
    pub findings: Vec<Finding>,
}

const UNIT_COLUMNS: [&str; 6] = ["geo_id", "geoid", "dauid", "adidu", "unit", "da"];
const CLSC_COLUMNS: [&str; 5] = ["zone", "clsc", "clsc_code", "assignment", "district"];

impl Assignment {
    /// Reads a table. The separator is the one of `,`, `;` and tab that stands in the header; columns are found by name.
    ///
    /// A CLSC code that has lost its leading zero is repaired and said, if the edition has the code that results.
    ///
    /// # Errors
    /// A missing column, a unit that is unknown or stands twice, an unknown CLSC, each with its line; with
    /// [`Coverage::Whole`], a unit without a row.
    pub fn read(
        mut reader: impl Read,
        edition: &Edition,
        units: &UnitIndex,
        coverage: Coverage,
    ) -> Result<Self, RevisionError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let header = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let delimiter = [b';', b'\t'].into_iter().find(|mark| header.contains(mark)).unwrap_or(b',');
        let mut table = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
        let names: Vec<String> =
            table.byte_headers()?.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase()).collect();
        let column = |what: Words, known: &[&str], expected: Words| {
            names.iter().position(|name| known.contains(&name.as_str())).ok_or_else(|| RevisionError::MissingColumn {
                what,
                expected,
                found: names.join(", "),
            })
        };
        let unit_column =
            column(Words::new("de l'aire", "unit"), &UNIT_COLUMNS, Words::new("geo_id ou DAUID", "geo_id or DAUID"))?;
        let clsc_column =
            column(Words::new("du CLSC", "CLSC"), &CLSC_COLUMNS, Words::new("zone ou CLSC", "zone or CLSC"))?;

        let mut seen = vec![false; units.len()];
        let (mut rows, mut findings) = (Vec::new(), Vec::new());
        for (record, line) in table.byte_records().zip(2_u64..) {
            let record = record?;
            let line = record.position().map_or(line, csv::Position::line);
            let refused = |reason| RevisionError::Row { line, reason };
            let field = |at: usize| String::from_utf8_lossy(record.get(at).unwrap_or_default()).trim().to_owned();
            let id = UnitId::new(&field(unit_column));
            let Some(unit) = units.find(id.as_str()) else {
                return Err(refused(Refusal::UnknownUnit { unit: id }));
            };
            if std::mem::replace(&mut seen[unit as usize], true) {
                return Err(refused(Refusal::MovedTwice { unit: id }));
            }
            let known = |code: &TerritoryCode| edition.hierarchy.find(Level::Clsc, code.as_str()).is_some();
            let given = field(clsc_column);
            let code =
                match TerritoryCode::parse(Level::Clsc, &given) {
                    Err(CodeError::LostZero { .. }) if known(&TerritoryCode::new(&format!("0{given}"))) => {
                        let message = both!(
                            "le code de CLSC « {given} » avait perdu son zéro initial : lu comme « 0{given} »",
                            "CLSC code \"{given}\" had lost its leading zero: read as \"0{given}\""
                        );
                        findings.push(
                            Finding::new(Severity::Mended, FindingKind::LostZero, message)
                                .about([id.as_str()])
                                .in_file("", Some(line), None),
                        );
                        TerritoryCode::new(&format!("0{given}"))
                    }
                    parsed => parsed.map_err(|cause| refused(Refusal::BadCode(cause)))?,
                };
            if !known(&code) {
                return Err(refused(Refusal::UnknownCode { level: Level::Clsc, code }));
            }
            rows.push((unit, code));
        }
        if coverage == Coverage::Whole {
            let mut without = (0_u32..).zip(&seen).filter(|(_, seen)| !**seen).map(|(unit, _)| unit);
            if let Some(first) = without.next() {
                return Err(RevisionError::Unassigned { unit: units.id(first).clone(), count: without.count() + 1 });
            }
        }
        Ok(Self { rows, findings })
    }

    /// The operation that brings an edition to this table; none where nothing differs.
    #[must_use]
    pub fn operation(&self, edition: &Edition, units: &UnitIndex) -> Option<Operation> {
        let mut homes: BTreeMap<&TerritoryCode, Vec<UnitId>> = BTreeMap::new();
        for (unit, code) in &self.rows {
            if clsc_code(edition, *unit) != code {
                homes.entry(code).or_default().push(units.id(*unit).clone());
            }
        }
        let transfers: Vec<Transfer> =
            homes.into_iter().map(|(to, units)| Transfer { to: to.clone(), units }).collect();
        (!transfers.is_empty()).then_some(Operation::MoveUnits { transfers })
    }
}

fn clsc_code(edition: &Edition, unit: u32) -> &TerritoryCode {
    &edition.hierarchy.territories(Level::Clsc)[usize::from(edition.attachment.clsc(unit as usize))].code
}

/// Writes the CLSC of every unit, in the order of units.
///
/// # Errors
/// [`RevisionError::Csv`] where the writer refuses.
pub fn write_assignment(
    writer: impl Write,
    edition: &Edition,
    units: &UnitIndex,
    columns: AssignmentColumns,
) -> Result<(), RevisionError> {
    let all = (0..units.len() as u32).map(|unit| (unit, clsc_code(edition, unit)));
    write_rows(writer, units, columns, all)
}

/// Writes only the units whose CLSC code is not that of the base, with the one they have now.
///
/// # Errors
/// [`RevisionError::Csv`] where the writer refuses.
pub fn write_difference(
    writer: impl Write,
    base: &Edition,
    revised: &Edition,
    units: &UnitIndex,
    columns: AssignmentColumns,
) -> Result<(), RevisionError> {
    let moved = (0..units.len() as u32)
        .map(|unit| (unit, clsc_code(revised, unit)))
        .filter(|&(unit, code)| clsc_code(base, unit) != code);
    write_rows(writer, units, columns, moved)
}

fn write_rows<'a>(
    writer: impl Write,
    units: &UnitIndex,
    columns: AssignmentColumns,
    rows: impl Iterator<Item = (u32, &'a TerritoryCode)>,
) -> Result<(), RevisionError> {
    let mut table = csv::Writer::from_writer(writer);
    table.write_record(match columns {
        AssignmentColumns::GeoIdZone => ["geo_id", "zone"],
        AssignmentColumns::DauidClsc => ["DAUID", "CLSC"],
    })?;
    for (unit, code) in rows {
        table.write_record([units.id(unit).as_str(), code.as_str()])?;
    }
    table.flush()?;
    Ok(())
}
