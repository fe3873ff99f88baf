//! Tables of what is known of units beside the atlas.

use std::path::Path;

use super::args::{Kept, Knowledge, UnitTables};
use crate::cli::CliError;
use crate::cli::words::Talk;
use crate::domain::{Hierarchy, Level, Words, both};
use crate::revision::{Areas, CriteriaSettings, FlowMatrix, Indicator, Rules, UnitFacts, UnitIndex};
use crate::tables::codes::{find_id, plain_code};
use crate::tables::numbers::{count, is_withheld, number};
use crate::tables::repairs::Repairs;
use crate::tables::synonyms::{COUNT, FROM, MRC, MRC_NAME, MUNICIPALITY_CODE, MUNICIPALITY_NAME, TO};
use crate::tables::{ColumnMap, ColumnsUsed, ReadOptions, Row, Table, TableError};

/// Words of `--table-columns`.
pub const COLUMN_WORDS: &[&str] = &["unit", "code", "name", "mrc", "mrc_name", "from", "to", "count"];

/// Puts into `facts` what the flags name. What each table holds and does not is told on `talk`.
pub fn take(asked: &UnitTables, units: &UnitIndex, facts: &mut UnitFacts, talk: &mut Talk<'_>) -> Result<(), CliError> {
    let named = ColumnMap::parse(asked.table_columns.as_deref(), COLUMN_WORDS).map_err(|error| CliError::BadValue {
        key: "--table-columns",
        value: asked.table_columns.clone().unwrap_or_default(),
        expected: Words::of(&error),
    })?;
    let mut facts_of = Reader { units, named: &named, talk };
    if let Some(path) = &asked.municipalities {
        let mut table = facts_of.open(path)?;
        let unit = facts_of.unit(&table)?;
        let (code, name) =
            (facts_of.find(&table, "code", MUNICIPALITY_CODE)?, facts_of.any(&table, "name", MUNICIPALITY_NAME)?);
        let (mrc, mrc_name) = (facts_of.any(&table, "mrc", MRC)?, facts_of.any(&table, "mrc_name", MRC_NAME)?);
        let words = [
            (Some(unit), both!("aire", "unit")),
            (Some(code), both!("code de la municipalité", "municipality's code")),
            (name, both!("nom de la municipalité", "municipality's name")),
            (mrc, both!("code de la MRC", "MRC's code")),
            (mrc_name.filter(|_| mrc.is_some()), both!("nom de la MRC", "MRC's name")),
        ];
        facts_of.tell(&mut table, words);
        facts.municipalities = Some(facts_of.areas(&table, [unit, code], name, true)?);
        if let Some(mrc) = mrc {
            facts.mrc = Some(facts_of.areas(&table, [unit, mrc], mrc_name, false)?);
        }
    }
    for path in &asked.indicators {
        facts.indicators.extend(facts_of.indicators(path)?);
    }
    for path in &asked.flows {
        facts.flows.push(facts_of.flows(path)?);
    }
    if let Some(path) = &asked.gmf {
        facts.gmf = Some(facts_of.flows(path)?);
    }
    if let Some(path) = &asked.addresses {
        let mut table = facts_of.open(path)?;
        let (unit, count) = (facts_of.unit(&table)?, facts_of.find(&table, "count", COUNT)?);
        facts_of.tell(&mut table, [(Some(unit), both!("aire", "unit")), (Some(count), both!("adresses", "addresses"))]);
        let mut counts = vec![0; units.len()];
        facts_of.each(&table, unit, true, |unit, row| {
            counts[unit as usize] += whole(&table, row, count)?;
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

/// Reads tables of facts about the units of an atlas.
struct Reader<'a, 't> {
    units: &'a UnitIndex,
    named: &'a ColumnMap,
    talk: &'a mut Talk<'t>,
}

impl Reader<'_, '_> {
    fn open(&mut self, path: &Path) -> Result<Table, CliError> {
        let names = self.named.names();
        Ok(Table::open_with(path, &ReadOptions { names: &names, ..ReadOptions::default() })?)
    }

    /// Tells what reading the table found, and which columns are used.
    fn tell<const N: usize>(&mut self, table: &mut Table, used: [(Option<usize>, Words); N]) {
        let columns = ColumnsUsed::new(table.column_names(), used).words();
        self.talk
            .say(&Words::new(format!("{} : {}", table.file(), columns.french), format!("{}: {columns}", table.file())));
        for finding in table.take_findings() {
            self.talk.say(&Words::new(
                format!("note : {} : {}", table.file(), finding.message_fr),
                format!("note: {}: {}", table.file(), finding.message),
            ));
        }
    }

    /// The column that the caller names for a word, else the first known one.
    fn any(&self, table: &Table, word: &str, spellings: &[&str]) -> Result<Option<usize>, CliError> {
        match self.named.get(word).filter(|name| table.column(name).is_ok()) {
            Some(name) => Ok(Some(table.column(name)?)),
            None => Ok(table.columns.find(spellings)),
        }
    }

    fn find(&self, table: &Table, word: &str, spellings: &'static [&'static str]) -> Result<usize, CliError> {
        let found = self.any(table, word, spellings)?;
        found.map_or_else(|| Ok(table.columns.choose(None, spellings, Words::same(format!("\"{word}\"")))?), Ok)
    }

    /// The column with the units.
    fn unit(&self, table: &Table) -> Result<usize, CliError> {
        let named = self.named.get("unit").filter(|name| table.column(name).is_ok());
        Ok(table.unit_column(named, |id| self.units.find(id).is_some())?)
    }

    /// Calls `take` for every row about a unit of the atlas, and tells how many are about others.
    fn each(
        &mut self,
        table: &Table,
        unit_column: usize,
        told: bool,
        mut take: impl FnMut(u32, &Row) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let (mut rows, mut others, mut other) = (0_usize, 0_usize, String::new());
        let mut repairs = Repairs::default();
        table.each_row(|row| {
            rows += 1;
            let given = row.field(unit_column);
            if let Some((unit, repair)) = find_id(given, |id| self.units.find(id)) {
                repairs.note(repair, unit_column, row.line(), given, self.units.id(unit).as_str());
                return take(unit, row);
            }
            if others == 0 {
                given.clone_into(&mut other);
            }
            others += 1;
            Ok(())
        })?;
        if rows == others && !self.units.is_empty() {
            return Err(TableError::NoMatch {
                path: table.shown(),
                what: both!("une aire", "a unit"),
                column: table.column_names()[unit_column].clone(),
                theirs: other,
                ours: self.units.id(0).as_str().to_owned(),
            }
            .into());
        }
        if !told {
            return Ok(());
        }
        for finding in repairs.findings(table.file(), table.column_names()) {
            self.talk.say(&Words::new(
                format!("note : {} : {}", table.file(), finding.message_fr),
                format!("note: {}: {}", table.file(), finding.message),
            ));
        }
        if others > 0 {
            self.talk.say(&both!(
                "note : {} lignes de {} portent sur des aires que l'atlas n'a pas, par exemple « {} »",
                "note: {} rows of {} are about units that the atlas does not hold, such as \"{}\"",
                others,
                table.file(),
                other
            ));
        }
        Ok(())
    }

    /// The areas of a table: the unit, a code, and a name where the table has one.
    fn areas(
        &mut self,
        table: &Table,
        [unit, code]: [usize; 2],
        name: Option<usize>,
        told: bool,
    ) -> Result<Areas, CliError> {
        let mut codes: Vec<Option<String>> = vec![None; self.units.len()];
        let mut names = std::collections::BTreeMap::new();
        self.each(table, unit, told, |unit, row| {
            let (code, _) = plain_code(row.field(code));
            if let Some(name) = name {
                names.entry(code.clone().into_owned()).or_insert_with(|| row.field(name).to_owned());
            }
            codes[unit as usize] = Some(code.into_owned()).filter(|code| !code.is_empty());
            Ok(())
        })?;
        let mut areas = Areas::from_codes(codes.iter().map(Option::as_deref));
        areas.rename(|code| names.get(code).filter(|known| !known.is_empty()).cloned());
        Ok(areas)
    }

    /// An indicator for each column of numbers beside the unit; withheld values (`x`, `..`) are unknown.
    fn indicators(&mut self, path: &Path) -> Result<Vec<Indicator>, CliError> {
        let mut table = self.open(path)?;
        let unit = self.unit(&table)?;
        let names = table.column_names().to_vec();
        let (mut numbers, mut texts) = (vec![0_usize; names.len()], vec![0_usize; names.len()]);
        table.for_each_row(|row| {
            for column in 0..names.len() {
                let text = row.field(column);
                numbers[column] += usize::from(number(text).is_some());
                texts[column] += usize::from(number(text).is_none() && !is_withheld(text));
            }
        });
        // A column of names or of remarks is none of numbers with a slip in it.
        let is_one = |&column: &usize| column != unit && numbers[column] > texts[column];
        let others: Vec<usize> = (0..names.len()).filter(is_one).collect();
        let used = ColumnsUsed::new(
            &names,
            [(Some(unit), both!("aire", "unit"))]
                .into_iter()
                .chain(others.iter().map(|&column| (Some(column), both!("indicateur", "indicator")))),
        )
        .words();
        self.talk.say(&Words::new(format!("{} : {}", table.file(), used.french), format!("{}: {used}", table.file())));
        for finding in table.take_findings() {
            self.talk.say(&Words::new(finding.message_fr, finding.message));
        }
        let mut found: Vec<Indicator> = (others.iter())
            .map(|&column| Indicator { name: names[column].clone(), values: vec![None; self.units.len()] })
            .collect();
        self.each(&table, unit, true, |unit, row| {
            for (indicator, &column) in found.iter_mut().zip(&others) {
                let text = row.field(column);
                if !is_withheld(text) {
                    let value = number(text).map(|read| read.value);
                    indicator.values[unit as usize] =
                        Some(value.ok_or_else(|| bad(&table, row, text, Words::new("un nombre", "a number")))?);
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn flows(&mut self, path: &Path) -> Result<FlowMatrix, CliError> {
        let mut table = self.open(path)?;
        let columns =
            [self.find(&table, "from", FROM)?, self.find(&table, "to", TO)?, self.find(&table, "count", COUNT)?];
        let words = [both!("de", "from"), both!("vers", "to"), both!("nombre", "count")];
        let [from, to, count] = words;
        self.tell(&mut table, [(Some(columns[0]), from), (Some(columns[1]), to), (Some(columns[2]), count)]);
        let mut counts = Vec::new();
        let units = self.units;
        self.each(&table, columns[0], true, |from, row| {
            // What goes to a place that the atlas does not hold stays out of the matrix.
            if let Some((to, _)) = find_id(row.field(columns[1]), |id| units.find(id)) {
                counts.push((from, to, whole(&table, row, columns[2])?));
            }
            Ok(())
        })?;
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(FlowMatrix::new(&name, self.units.len(), &counts))
    }
}

fn whole(table: &Table, row: &Row, column: usize) -> Result<u64, CliError> {
    let text = row.field(column);
    let read = count(text).ok().flatten();
    read.ok_or_else(|| bad(table, row, text, Words::new("un nombre entier", "a whole number")))
}

fn bad(table: &Table, row: &Row, value: &str, expected: Words) -> CliError {
    CliError::FactRow { path: table.shown().into(), line: row.line(), value: value.to_owned(), expected }
}
