//! Tables of what is known of units beside the atlas.

use std::path::Path;

use super::args::{Kept, Knowledge, UnitTables};
use crate::cli::CliError;
use crate::cli::words::Talk;
use crate::domain::{Hierarchy, Language, Level, Words, both};
use crate::revision::{Areas, CriteriaSettings, FlowMatrix, Indicator, Rules, UnitFacts, UnitIndex};
use crate::tables::{Row, Table};

// The first spellings are those of Statistics Canada's attribute file.
const UNIT: [&str; 7] = ["DAUID", "ADIDU", "DAUID_ADIDU", "geo_id", "unit", "unite", "da"];
const CODE: [&str; 7] = ["CSDUID", "SDRIDU", "CSDUID_SDRIDU", "code", "municipality", "municipalite", "mun_code"];
const NAME: [&str; 6] = ["CSDNAME", "SDRNOM", "CSDNAME_SDRNOM", "name", "nom", "mun_nom"];
const MRC: [&str; 5] = ["mrc", "mrc_code", "CDUID", "DRIDU", "CDUID_DRIDU"];
const MRC_NAME: [&str; 5] = ["mrc_name", "mrc_nom", "CDNAME", "DRNOM", "CDNAME_DRNOM"];
const COUNT: [&str; 5] = ["count", "compte", "nombre", "people", "addresses"];

/// Puts into `facts` what the flags name. Rows about units that the atlas does not hold are counted on `talk`.
pub fn take(asked: &UnitTables, units: &UnitIndex, facts: &mut UnitFacts, talk: &mut Talk<'_>) -> Result<(), CliError> {
    if let Some(path) = &asked.municipalities {
        let table = Table::open(path, None)?;
        facts.municipalities = Some(areas(&table, (&CODE, &NAME), units, talk)?);
        if any(&table, &MRC).is_some() {
            facts.mrc =
                Some(areas(&table, (&MRC, &MRC_NAME), units, &mut Talk::new(Language::French, &mut std::io::sink()))?);
        }
    }
    for path in &asked.indicators {
        facts.indicators.extend(indicators(path, units, talk)?);
    }
    for path in &asked.flows {
        facts.flows.push(flows(path, units, talk)?);
    }
    if let Some(path) = &asked.gmf {
        facts.gmf = Some(flows(path, units, talk)?);
    }
    if let Some(path) = &asked.addresses {
        let table = Table::open(path, None)?;
        let columns = [find(&table, &UNIT)?, find(&table, &COUNT)?];
        let mut counts = vec![0; units.len()];
        each(&table, units, columns[0], talk, |unit, row| {
            counts[unit as usize] += whole(path, row, columns[1])?;
            Ok(())
        })?;
        facts.addresses = Some(counts);
    }
    Ok(())
}

/// What is asked of a CLSC.
pub fn settings(asked: &Knowledge) -> CriteriaSettings {
    CriteriaSettings {
        least_people: asked.least_people,
        most_people: asked.most_people,
        far_m: asked.far_m,
        ..CriteriaSettings::default()
    }
}

/// What is ruled out.
pub fn rules(
    asked: &Kept,
    settings: CriteriaSettings,
    hierarchy: &Hierarchy,
    units: &UnitIndex,
) -> Result<Rules, CliError> {
    let flags = [asked.keep_rls, asked.keep_rts, asked.keep_rss, asked.keep_ruisss];
    let keep = Level::UPPER.into_iter().zip(flags).filter(|(_, kept)| *kept).map(|(level, _)| level).collect();
    let locked_units = (asked.lock_units.iter())
        .map(|id| {
            units.find(id).ok_or_else(|| CliError::BadValue {
                key: "--lock-unit",
                value: id.clone(),
                expected: Words::new("l'identifiant d'une aire de l'atlas", "the identifier of a unit of the atlas"),
            })
        })
        .collect::<Result<_, _>>()?;
    let locked_clsc = clsc(&asked.lock_clsc, "--lock-clsc", hierarchy)?;
    Ok(Rules { criteria: settings, keep, max_moved_people: asked.max_moved_people, locked_units, locked_clsc })
}

/// Places of CLSC by code.
pub fn clsc(codes: &[String], key: &'static str, hierarchy: &Hierarchy) -> Result<Vec<u16>, CliError> {
    let place = |code: &String| {
        let found = hierarchy.find(Level::Clsc, code).map(|place| place as u16);
        found.ok_or_else(|| CliError::BadValue {
            key,
            value: code.clone(),
            expected: Words::new("le code d'un CLSC", "the code of a CLSC"),
        })
    };
    codes.iter().map(place).collect()
}

fn any(table: &Table, names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| table.column(name).ok())
}

fn find(table: &Table, names: &[&str]) -> Result<usize, CliError> {
    any(table, names).map_or_else(|| Ok(table.column(names[0])?), Ok)
}

/// Calls `take` for every row about a unit of the atlas, and tells how many are about others.
fn each(
    table: &Table,
    units: &UnitIndex,
    unit_column: usize,
    talk: &mut Talk<'_>,
    mut take: impl FnMut(u32, &Row) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut others = 0_usize;
    for row in table.rows() {
        let row = row?;
        match units.find(row.field(unit_column).trim()) {
            Some(unit) => take(unit, &row)?,
            None => others += 1,
        }
    }
    if others > 0 {
        talk.say(&both!(
            "note : {} lignes de {} portent sur des aires que l'atlas n'a pas",
            "note: {} rows of {} are about units that the atlas does not hold",
            others,
            table.file()
        ));
    }
    Ok(())
}

/// The areas of a table: the unit, a code, and a name where the table has one.
fn areas(
    table: &Table,
    (code, name): (&[&str], &[&str]),
    units: &UnitIndex,
    talk: &mut Talk<'_>,
) -> Result<Areas, CliError> {
    let [unit, code] = [find(table, &UNIT)?, find(table, code)?];
    let name = any(table, name);
    let mut codes: Vec<Option<String>> = vec![None; units.len()];
    let mut names = std::collections::BTreeMap::new();
    each(table, units, unit, talk, |unit, row| {
        let code = row.field(code).trim().to_owned();
        if let Some(name) = name {
            names.entry(code.clone()).or_insert_with(|| row.field(name).trim().to_owned());
        }
        codes[unit as usize] = Some(code).filter(|code| !code.is_empty());
        Ok(())
    })?;
    let mut areas = Areas::from_codes(codes.iter().map(Option::as_deref));
    areas.rename(|code| names.get(code).filter(|known| !known.is_empty()).cloned());
    Ok(areas)
}

fn indicators(path: &Path, units: &UnitIndex, talk: &mut Talk<'_>) -> Result<Vec<Indicator>, CliError> {
    let table = Table::open(path, None)?;
    let unit = find(&table, &UNIT)?;
    let others: Vec<usize> = (0..table.column_names().len()).filter(|&column| column != unit).collect();
    let mut found: Vec<Indicator> = (others.iter())
        .map(|&column| Indicator { name: table.column_names()[column].clone(), values: vec![None; units.len()] })
        .collect();
    each(&table, units, unit, talk, |unit, row| {
        for (indicator, &column) in found.iter_mut().zip(&others) {
            let text = row.field(column).trim().replace(',', ".");
            if !text.is_empty() {
                let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
                indicator.values[unit as usize] =
                    Some(value.ok_or_else(|| bad(path, row, &text, Words::new("un nombre", "a number")))?);
            }
        }
        Ok(())
    })?;
    Ok(found)
}

fn flows(path: &Path, units: &UnitIndex, talk: &mut Talk<'_>) -> Result<FlowMatrix, CliError> {
    let table = Table::open(path, None)?;
    let columns = [
        find(&table, &["from", "de", "origin", "origine"])?,
        find(&table, &["to", "a", "destination"])?,
        find(&table, &COUNT)?,
    ];
    let mut counts = Vec::new();
    each(&table, units, columns[0], talk, |from, row| {
        // What goes to a place that the atlas does not hold stays out of the matrix.
        if let Some(to) = units.find(row.field(columns[1]).trim()) {
            counts.push((from, to, whole(path, row, columns[2])?));
        }
        Ok(())
    })?;
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Ok(FlowMatrix::new(&name, units.len(), &counts))
}

fn whole(path: &Path, row: &Row, column: usize) -> Result<u64, CliError> {
    let text = row.field(column).trim();
    text.parse().map_err(|_| bad(path, row, text, Words::new("un nombre entier", "a whole number")))
}

fn bad(path: &Path, row: &Row, value: &str, expected: Words) -> CliError {
    CliError::FactRow { path: path.to_owned(), line: row.line(), value: value.to_owned(), expected }
}
