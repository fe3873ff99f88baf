//! People of each unit, from a table of units or of the blocks inside them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::ImportError;
use super::polygons::open_table;
use crate::domain::{Finding, FindingKind, Severity, UnitKind, Words, both};
use crate::tables::codes::{find_id, unit_id};
use crate::tables::numbers::count;
use crate::tables::repairs::Repairs;
use crate::tables::rows::joined;
use crate::tables::synonyms::{BLOCK, PEOPLE};
use crate::tables::{ColumnsUsed, ReadOptions, TableError};

/// Columns that the caller names instead of the known spellings.
#[derive(Debug, Clone, Copy, Default)]
pub struct PopulationColumns<'a> {
    /// Unit identifiers.
    pub unit: Option<&'a str>,
    /// People.
    pub people: Option<&'a str>,
    /// Encoding of the file.
    pub encoding: Option<&'a str>,
    /// Sheet of a workbook.
    pub sheet: Option<&'a str>,
}

/// People by unit.
#[derive(Debug, Clone)]
pub struct PopulationFile {
    /// File name, without its folder.
    pub file: String,
    /// Which columns were used.
    pub columns: ColumnsUsed,
    /// People of each unit, in the order of the units asked about.
    pub people: Vec<Option<u32>>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// Reads the people of `unit_ids`, in their order.
///
/// The unit column is the finest one that names any of the units. Where it is not the block's and the table has a row a
/// block (the Geographic Attribute File), blocks are summed up to their unit; a table of blocks alone is summed up to
/// dissemination areas by their first 8 digits. Rows about other units are counted in a note, not an error: the national files hold all
/// provinces.
///
/// # Errors
/// [`ImportError`] where the file or one of the two columns is missing.
pub fn read_population(
    path: &Path,
    columns: PopulationColumns<'_>,
    unit_ids: &[String],
) -> Result<PopulationFile, ImportError> {
    let names: Vec<&str> = [columns.unit, columns.people].into_iter().flatten().collect();
    let options = ReadOptions { encoding: columns.encoding, sheet: columns.sheet, names: &names, header_row: None };
    let mut table = open_table(path, &options)?;
    let mut findings = table.take_findings();
    let kind = UnitKind::of(unit_ids.iter().map(String::as_str));
    let known = &table.columns;
    let people_column = known.choose(columns.people, PEOPLE, both!("la population", "people"))?;
    let places: HashMap<&str, usize> = unit_ids.iter().enumerate().map(|(place, id)| (id.as_str(), place)).collect();
    let block = known.find(BLOCK);
    let unit_column = match columns.unit {
        Some(named) => known.named(named)?,
        None => match table.matching_column(|id| places.contains_key(id)) {
            Some(column) => column,
            None if kind == UnitKind::DisseminationArea && block.is_some() => block.unwrap_or_default(),
            None => known.choose_unit(None, true)?,
        },
    };
    let prefix = kind == UnitKind::DisseminationArea && block == Some(unit_column);
    let summed = prefix || block.is_some_and(|block| block != unit_column);
    let unit_name = known.name(unit_column).to_owned();
    let people_name = known.name(people_column).to_owned();
    let mut sums: Vec<Option<u64>> = vec![None; unit_ids.len()];
    let mut seen_blocks: HashSet<String> = HashSet::new();
    let mut elsewhere = 0_usize;
    let mut bad: Vec<(u64, String)> = Vec::new();
    let mut repeated: Vec<(u64, String)> = Vec::new();
    let (mut same, mut rows) = (Vec::new(), 0_usize);
    let mut counts: HashMap<String, Option<u64>> = HashMap::new();
    let mut repairs = Repairs::default();
    table.for_each_row(|row| {
        rows += 1;
        let given = row.field(unit_column);
        let area = |id: &str| {
            let id = if prefix { UnitKind::DisseminationBlock.dissemination_area(id) } else { id };
            places.get(id).copied()
        };
        let Some((place, repair)) = find_id(given, area) else {
            elsewhere += 1;
            return;
        };
        let id = unit_ids[place].as_str();
        repairs.note(repair, unit_column, row.line(), given, id);
        let text = row.field(people_column);
        let people = count(text);
        let repeat = match block.filter(|_| summed) {
            Some(block) => !seen_blocks.insert(unit_id(row.field(block)).0.into_owned()),
            None => sums[place].is_some(),
        };
        let key = if summed { block.map_or("", |block| row.field(block)) } else { id };
        if repeat {
            // A unit that several CLSC share stands once for each of them, with the same people.
            let before = counts.get(key).copied().flatten();
            let alike = before.is_some() && people == Ok(before);
            if alike { &mut same } else { &mut repeated }.push((row.line(), key.to_owned()));
            return;
        }
        match people {
            Ok(Some(count)) => {
                *sums[place].get_or_insert(0) += count;
                counts.insert(key.to_owned(), Some(count));
            }
            Ok(None) => {}
            Err(()) => bad.push((row.line(), text.to_owned())),
        }
    });
    if rows == elsewhere
        && let Some(ours) = unit_ids.first()
    {
        let mut theirs = String::new();
        table.for_each_row(|row| {
            if theirs.is_empty() {
                row.field(unit_column).clone_into(&mut theirs);
            }
        });
        return Err(TableError::NoMatch {
            path: table.shown(),
            what: both!("une aire", "a unit"),
            column: unit_name,
            theirs,
            ours: ours.clone(),
        }
        .into());
    }
    findings.extend(repairs.findings(table.file(), table.column_names()));
    let mut tell = |severity, kind, list: &[(u64, String)], column: &str, words: Words| {
        if let Some((line, value)) = list.first() {
            let lines: Vec<u64> = list.iter().take(5).map(|&(line, _)| line).collect();
            let (count, lines) = (list.len(), joined(&lines));
            let message = Words::new(
                format!("{count} lignes {}, par exemple « {value} » (lignes {lines})", words.french),
                format!("{count} rows {words}, such as \"{value}\" (lines {lines})"),
            );
            findings.push(Finding::new(severity, kind, message).in_file(table.file(), Some(*line), Some(column)));
        }
    };
    let words = both!(
        "donnent les personnes autrement qu'en nombre entier, prises pour inconnues",
        "give people as no whole number, taken as unknown"
    );
    tell(Severity::Note, FindingKind::BadValue, &bad, &people_name, words);
    let words = both!(
        "répètent une aire qui a déjà ses personnes, laissées de côté",
        "repeat a unit that already has its people, left out"
    );
    tell(Severity::Error, FindingKind::DuplicateRow, &repeated, &unit_name, words);
    let words =
        both!("répètent une aire et ses personnes, comptées une fois", "repeat a unit and its people, counted once");
    tell(Severity::Note, FindingKind::DuplicateRow, &same, &unit_name, words);
    if elsewhere > 0 {
        let message = both!(
            "{elsewhere} lignes portent sur des aires que l'atlas n'a pas : laissées de côté",
            "{elsewhere} rows are about units that the atlas does not hold: left out"
        );
        findings.push(Finding::new(Severity::Note, FindingKind::UnknownUnit, message).in_file(
            table.file(),
            None,
            Some(&unit_name),
        ));
    }
    let missing: Vec<&String> = unit_ids.iter().zip(&sums).filter(|(_, sum)| sum.is_none()).map(|(id, _)| id).collect();
    if let Some(first) = missing.first() {
        let message = both!(
            "{} aires n'ont pas de personnes dans la table, par exemple « {first} » : prises pour inconnues",
            "{} units have no people in the table, such as \"{first}\": taken as unknown",
            missing.len()
        );
        let finding = Finding::new(Severity::Note, FindingKind::BadValue, message);
        findings.push(finding.in_file(table.file(), None, Some(&people_name)).about(missing.iter().take(20).copied()));
    }
    let people = sums.into_iter().map(|sum| sum.map(|sum| u32::try_from(sum).unwrap_or(u32::MAX))).collect();
    let used = [
        (Some(unit_column), both!("aire", "unit")),
        (Some(people_column), both!("personnes", "people")),
        (block.filter(|_| summed), both!("îlot", "block")),
    ];
    let columns = ColumnsUsed::new(table.column_names(), used);
    Ok(PopulationFile { file: table.file().to_owned(), columns, people, findings })
}

/// People as text: empty is unknown.
pub(super) fn people(text: &str) -> Result<Option<u32>, ()> {
    count(text)?.map(|count| u32::try_from(count).map_err(|_| ())).transpose()
}

#[cfg(test)]
#[path = "population_tests.rs"]
mod tests;
