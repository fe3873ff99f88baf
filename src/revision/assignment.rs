//! Assignment tables: a row a unit with its CLSC, as `geo_id,zone` (districtr) or `DAUID,CLSC`, whole or only what changes.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use super::{Operation, Refusal, RevisionError, Transfer, UnitIndex};
use crate::domain::{Edition, Finding, Level, TerritoryCode, UnitId, Words, both};
use crate::tables::codes::{find_id, territory_code};
use crate::tables::repairs::Repairs;
use crate::tables::synonyms::{AREA, BLOCK, CLSC, DGUID, PLAIN_UNIT};
use crate::tables::{ColumnMap, ColumnsUsed, ReadOptions, Table};

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
    /// Which columns were used, for what, and which were not.
    pub columns: ColumnsUsed,
}

/// The words by which a caller names the columns of an assignment table.
pub const ASSIGNMENT_WORDS: &[&str] = &["unit", "clsc"];

impl Assignment {
    /// Reads a table; the columns of the unit and of the CLSC are found by their usual names.
    ///
    /// Identifiers and codes that a program had written otherwise, and a CLSC code that has lost its leading zero, are repaired
    /// and said, if the edition has what results.
    ///
    /// # Errors
    /// A missing column, a unit that is unknown or stands twice, an unknown CLSC, each with its line; with
    /// [`Coverage::Whole`], a unit without a row; [`TableError`](crate::tables::TableError) for what is no table.
    pub fn read(
        mut reader: impl Read,
        edition: &Edition,
        units: &UnitIndex,
        coverage: Coverage,
    ) -> Result<Self, RevisionError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Self::of_bytes(bytes, Path::new("table"), &ColumnMap::default(), (edition, units), coverage)
    }

    /// The same of bytes whose file is `path` in messages, with columns named by [`ASSIGNMENT_WORDS`].
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_bytes(
        bytes: Vec<u8>,
        path: &Path,
        named: &ColumnMap,
        (edition, units): (&Edition, &UnitIndex),
        coverage: Coverage,
    ) -> Result<Self, RevisionError> {
        let names = named.names();
        let mut table = Table::of_bytes(bytes, path, &ReadOptions { names: &names, ..ReadOptions::default() })?;
        let asked = |word: &str| named.get(word).map(|name| table.column(name)).transpose();
        let (asked_unit, asked_clsc) = (asked("unit")?, asked("clsc")?);
        let column = |what: Words, found: Option<usize>, expected: Words| {
            let listed = || table.column_names().join(", ");
            found.ok_or_else(|| RevisionError::MissingColumn { what, expected, found: listed() })
        };
        let known_unit = |id: &str| units.find(id).is_some();
        let unit_names = || {
            let names = [AREA, PLAIN_UNIT, DGUID, BLOCK];
            names.into_iter().find_map(|names| table.columns.find(names))
        };
        let unit_column = column(
            Words::new("de l'aire", "unit"),
            asked_unit.or_else(|| table.matching_column(known_unit)).or_else(unit_names),
            Words::new("geo_id ou DAUID", "geo_id or DAUID"),
        )?;
        let clsc_column = column(
            Words::new("du CLSC", "CLSC"),
            asked_clsc.or_else(|| table.columns.find(CLSC)).or_else(|| table.columns.find(&["assignment", "district"])),
            Words::new("zone ou CLSC", "zone or CLSC"),
        )?;
        let mut findings = table.take_findings();
        let mut repairs = Repairs::default();
        let mut seen = vec![false; units.len()];
        let mut rows = Vec::new();
        table.each_row(|row| {
            let line = row.line();
            let refused = |reason| RevisionError::Row { line, reason };
            let (id_text, given) = (row.field(unit_column), row.field(clsc_column));
            let Some((unit, repair)) = find_id(id_text, |id| units.find(id)) else {
                return Err(refused(Refusal::UnknownUnit { unit: UnitId::new(id_text) }));
            };
            let id = units.id(unit);
            repairs.note(repair, unit_column, line, id_text, id.as_str());
            if std::mem::replace(&mut seen[unit as usize], true) {
                return Err(refused(Refusal::MovedTwice { unit: id.clone() }));
            }
            let known = |code: &str| edition.hierarchy.find(Level::Clsc, code).is_some();
            let read = territory_code(Level::Clsc, given, known).map_err(|cause| refused(Refusal::BadCode(cause)))?;
            repairs.note(read.repair, clsc_column, line, given, read.code.as_str());
            if !known(read.code.as_str()) {
                return Err(refused(Refusal::UnknownCode { level: Level::Clsc, code: read.code }));
            }
            rows.push((unit, read.code));
            Ok(())
        })?;
        findings.extend(repairs.findings(table.file(), table.column_names()));
        if coverage == Coverage::Whole {
            let mut without = (0_u32..).zip(&seen).filter(|(_, seen)| !**seen).map(|(unit, _)| unit);
            if let Some(first) = without.next() {
                return Err(RevisionError::Unassigned { unit: units.id(first).clone(), count: without.count() + 1 });
            }
        }
        let used = [(Some(unit_column), both!("aire", "unit")), (Some(clsc_column), Words::same("CLSC"))];
        Ok(Self { rows, findings, columns: ColumnsUsed::new(table.column_names(), used) })
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
