//! What two editions are compared on: the units they share, or the pieces that two sets of units are cut into.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;

use super::apportion::share_out;
use crate::domain::{Words, both};
use crate::series::SeriesError;
use crate::tables::codes::{find_id, plain_code, unit_id};
use crate::tables::columns::quoted;
use crate::tables::numbers::decimal;
use crate::tables::synonyms::{COUNT, PEOPLE, WEIGHT};
use crate::tables::{ColumnMap, ReadOptions, Table, TableError};

/// What is known of each unit, in the order of units.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnitWeights {
    /// People.
    pub population: Vec<u32>,
    /// Addresses, where counted.
    pub addresses: Option<Vec<u32>>,
    /// Dwellings, where counted.
    pub dwellings: Option<Vec<u32>>,
    /// Area in square metres.
    pub area_m2: Vec<f64>,
}

/// What a weight counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// People.
    Population,
    /// Addresses.
    Addresses,
    /// Dwellings.
    Dwellings,
    /// Square metres: a last resort, people do not live evenly.
    Area,
    /// Weights a file gives.
    File,
}

/// A piece that lies in one unit of each side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Unit of the older side.
    pub from: u32,
    /// Unit of the newer side.
    pub to: u32,
    /// People.
    pub population: u64,
    /// Addresses; 0 where not counted.
    pub addresses: u64,
    /// Dwellings; 0 where not counted.
    pub dwellings: u64,
    /// Square metres.
    pub area_m2: f64,
    /// Weight a file gives; 0 without one.
    pub custom: f64,
}

/// The pieces two sets of units are cut into; one a unit where both editions are over the same units.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitJoin {
    /// The pieces.
    pub pieces: Vec<Piece>,
    /// How many units the older side has.
    pub from_units: usize,
    /// How many units the newer side has.
    pub to_units: usize,
}

/// A row of Statistics Canada's correspondence of dissemination areas (92-156-X): one a dissemination block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrespondenceRow {
    /// Dissemination area of the newer census.
    pub newer: String,
    /// Dissemination area of the older census.
    pub older: String,
    /// Block of the newer census, where the file names it.
    pub block: Option<String>,
    /// How the two are related, 1 to 4, as the file says (`DARELFLAG_ADINDREL`).
    pub relation: Option<u8>,
}

/// What was not matched when two censuses were joined; empty lists for a clean join.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct JoinReport {
    /// Older units without any piece.
    pub older_unmatched: Vec<String>,
    /// Newer units without any piece.
    pub newer_unmatched: Vec<String>,
    /// Units in no row of the file, joined because both sides hold that identifier.
    pub by_identifier: Vec<String>,
    /// Rows about units that neither side holds.
    pub foreign_rows: usize,
    /// Newer units cut between several older ones by counting blocks, for want of people by block.
    pub cut_by_block_count: Vec<String>,
}

impl UnitWeights {
    /// Weights with people and area only.
    #[must_use]
    pub fn new(population: Vec<u32>, area_m2: Vec<f64>) -> Self {
        Self { population, area_m2, addresses: None, dwellings: None }
    }

    /// Whether something is counted for every unit.
    #[must_use]
    pub fn counts(&self, basis: Basis) -> bool {
        match basis {
            Basis::Population | Basis::Area => true,
            Basis::Addresses => self.addresses.is_some(),
            Basis::Dwellings => self.dwellings.is_some(),
            Basis::File => false,
        }
    }

    fn piece(&self, from: u32, to: u32, unit: usize) -> Piece {
        let of = |list: &Option<Vec<u32>>| list.as_ref().and_then(|list| list.get(unit)).map_or(0, |&n| u64::from(n));
        Piece {
            from,
            to,
            population: self.population.get(unit).map_or(0, |&people| u64::from(people)),
            addresses: of(&self.addresses),
            dwellings: of(&self.dwellings),
            area_m2: self.area_m2.get(unit).copied().unwrap_or(0.0),
            custom: 0.0,
        }
    }
}

impl UnitJoin {
    /// Both editions over the same units: a piece a unit.
    #[must_use]
    pub fn same_units(weights: &UnitWeights) -> Self {
        let count = weights.population.len().max(weights.area_m2.len());
        let pieces = (0..count).map(|unit| weights.piece(unit as u32, unit as u32, unit)).collect();
        Self { pieces, from_units: count, to_units: count }
    }

    /// Two censuses joined through the correspondence file, `older` to `newer`.
    ///
    /// People are those of the newer units. A newer unit that lies in several older ones is cut by the people of its
    /// blocks where `block_people` knows them, else by how many blocks lie in each; whole numbers, largest remainder.
    /// Units in no row are joined to the unit of the same identifier, if any, and reported.
    #[must_use]
    pub fn by_correspondence<S: AsRef<str>>(
        older: &[S],
        newer: &[S],
        rows: &[CorrespondenceRow],
        newer_weights: &UnitWeights,
        block_people: Option<&HashMap<String, u32>>,
    ) -> (Self, JoinReport) {
        let places = |ids: &[S]| -> HashMap<String, u32> {
            (0_u32..).zip(ids).map(|(place, id)| (id.as_ref().to_owned(), place)).collect()
        };
        let (older_place, newer_place) = (places(older), places(newer));
        let mut report = JoinReport::default();
        let mut shares: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
        for row in rows {
            let (Some(&to), Some(&from)) = (newer_place.get(&row.newer), older_place.get(&row.older)) else {
                report.foreign_rows += 1;
                continue;
            };
            let people = row.block.as_ref().zip(block_people).and_then(|(block, people)| people.get(block));
            let share = shares.entry((to, from)).or_default();
            share.0 += people.map_or(0.0, |&people| f64::from(people));
            share.1 += 1.0;
        }
        let joined: std::collections::HashSet<u32> = shares.keys().map(|&(to, _)| to).collect();
        for (to, id) in (0_u32..).zip(newer) {
            if !joined.contains(&to) {
                if let Some(&from) = older_place.get(id.as_ref()) {
                    shares.insert((to, from), (0.0, 1.0));
                    report.by_identifier.push(id.as_ref().to_owned());
                } else {
                    report.newer_unmatched.push(id.as_ref().to_owned());
                }
            }
        }
        let shares: Vec<((u32, u32), (f64, f64))> = shares.into_iter().collect();
        let mut pieces = Vec::with_capacity(shares.len());
        for group in shares.chunk_by(|a, b| a.0.0 == b.0.0) {
            let to = group[0].0.0;
            let people_known = group.iter().any(|(_, share)| share.0 > 0.0);
            if group.len() > 1 && !people_known {
                report.cut_by_block_count.push(newer[to as usize].as_ref().to_owned());
            }
            let by_people: Vec<f64> =
                group.iter().map(|(_, share)| if people_known { share.0 } else { share.1 }).collect();
            let blocks: f64 = group.iter().map(|(_, share)| share.1).sum();
            let whole = newer_weights.piece(0, to, to as usize);
            let [population, addresses, dwellings] =
                [whole.population, whole.addresses, whole.dwellings].map(|count| share_out(count as i64, &by_people));
            for (at, ((_, from), share)) in group.iter().enumerate() {
                pieces.push(Piece {
                    from: *from,
                    to,
                    population: population[at] as u64,
                    addresses: addresses[at] as u64,
                    dwellings: dwellings[at] as u64,
                    area_m2: whole.area_m2 * share.1 / blocks,
                    custom: 0.0,
                });
            }
        }
        let matched: std::collections::HashSet<u32> = pieces.iter().map(|piece| piece.from).collect();
        report.older_unmatched = (0_u32..)
            .zip(older)
            .filter(|(place, _)| !matched.contains(place))
            .map(|(_, id)| id.as_ref().to_owned())
            .collect();
        (Self { pieces, from_units: older.len(), to_units: newer.len() }, report)
    }

    /// Pieces found by other means, such as the overlay of two coverages.
    #[must_use]
    pub fn from_pieces(pieces: Vec<Piece>, from_units: usize, to_units: usize) -> Self {
        Self { pieces, from_units, to_units }
    }

    /// The same pieces, read the other way.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let pieces = self.pieces.iter().map(|piece| Piece { from: piece.to, to: piece.from, ..*piece }).collect();
        Self { pieces, from_units: self.to_units, to_units: self.from_units }
    }

    /// The same pieces with the weight of their older unit from a file, shared evenly between a unit's pieces by people.
    #[must_use]
    pub fn with_file_weights(mut self, weight_of_unit: &[f64]) -> Self {
        let mut people = vec![(0_u64, 0_u32); self.from_units];
        for piece in &self.pieces {
            let of = &mut people[piece.from as usize];
            *of = (of.0 + piece.population, of.1 + 1);
        }
        for piece in &mut self.pieces {
            let (total, count) = people[piece.from as usize];
            let part = if total > 0 { piece.population as f64 / total as f64 } else { 1.0 / f64::from(count.max(1)) };
            piece.custom = weight_of_unit.get(piece.from as usize).copied().unwrap_or(0.0) * part;
        }
        self
    }
}

/// The words by which a caller names the columns of a correspondence.
pub const CORRESPONDENCE_WORDS: &[&str] = &["newer", "older", "block", "relation"];

/// Reads the correspondence file of Statistics Canada; columns by name, else by the start of their header.
///
/// # Errors
/// [`SeriesError::MissingColumn`] without a column of each census's dissemination areas, [`SeriesError::Table`].
pub fn read_correspondence(bytes: &[u8], file: &str, asked: &ColumnMap) -> Result<Vec<CorrespondenceRow>, SeriesError> {
    let names = asked.names();
    let options = ReadOptions { names: &names, ..ReadOptions::default() };
    let table = Table::of_bytes(bytes.to_vec(), Path::new(file), &options)?;
    let headers: Vec<String> = table.column_names().iter().map(|name| name.to_uppercase()).collect();
    let named = |word: &str| asked.get(word).map(|name| table.column(name)).transpose();
    let areas = |start: &str| -> Vec<(u32, usize)> {
        let dated = headers.iter().enumerate().filter_map(|(at, header)| {
            let year = header.strip_prefix(start)?.trim_start_matches('_').get(..4)?.parse().ok()?;
            Some((year, at))
        });
        dated.collect()
    };
    let mut found: Vec<(u32, usize)> =
        [areas("DAUID"), areas("ADIDU")].into_iter().find(|list| list.len() > 1).unwrap_or_default();
    found.sort_unstable();
    let missing = || SeriesError::MissingColumn {
        wanted: Words::same("DAUID2021_ADIDU2021, DAUID2016_ADIDU2016"),
        found: quoted(table.column_names()),
    };
    let distinct = found.first().map(|first| first.0) != found.last().map(|last| last.0);
    let of_census = |place: Option<&(u32, usize)>| place.filter(|_| distinct).map(|&(_, at)| at);
    let older = named("older")?.or_else(|| of_census(found.first())).ok_or_else(missing)?;
    let newer = named("newer")?.or_else(|| of_census(found.last())).ok_or_else(missing)?;
    let last_year = found.last().map_or(0, |last| last.0);
    let starting = |start: &str| headers.iter().position(|header| header.starts_with(start));
    let block = named("block")?.or_else(|| starting(&format!("DBUID{last_year}")).or_else(|| starting("DBUID")));
    let flag = named("relation")?.or_else(|| starting("DARELFLAG"));
    let mut rows = Vec::new();
    table.for_each_row(|row| {
        let id = |at: usize| unit_id(row.field(at)).0.into_owned();
        if !row.field(newer).is_empty() || !row.field(older).is_empty() {
            rows.push(CorrespondenceRow {
                newer: id(newer),
                older: id(older),
                block: block.map(id).filter(|text| !text.is_empty()),
                relation: flag.and_then(|at| plain_code(row.field(at)).0.parse().ok()),
            });
        }
    });
    Ok(rows)
}

/// Weights that a file gives to units.
#[derive(Debug, Clone, PartialEq)]
pub struct FileWeights {
    /// The weight of each unit, in the order of units.
    pub weights: Vec<f64>,
    /// Units without a row; they weigh nothing.
    pub absent: Vec<String>,
    /// Units of the file that there are not.
    pub unknown: Vec<String>,
}

/// The words by which a caller names the columns of a file of weights.
pub const WEIGHT_WORDS: &[&str] = &["unit", "weight"];

/// Reads a file of weights by unit (`unit,weight`): columns by name, else known ones, else the first and the second.
///
/// Units without a row weigh nothing; they are named, as are rows about unknown units.
///
/// # Errors
/// [`SeriesError::BadWeight`] for a weight that is no number, negative or infinite; [`SeriesError::Table`], also where no
/// row is about a unit there is.
pub fn read_unit_weights<S: AsRef<str>>(
    bytes: &[u8],
    file: &str,
    units: &[S],
    asked: &ColumnMap,
) -> Result<FileWeights, SeriesError> {
    let names = asked.names();
    let options = ReadOptions { names: &names, ..ReadOptions::default() };
    let table = Table::of_bytes(bytes.to_vec(), Path::new(file), &options)?;
    let place: HashMap<&str, usize> = units.iter().enumerate().map(|(at, id)| (id.as_ref(), at)).collect();
    let unit = match asked.get("unit") {
        Some(name) => table.column(name)?,
        None => table.matching_column(|id| place.contains_key(id)).unwrap_or(0),
    };
    let weight = match asked.get("weight") {
        Some(name) => table.column(name)?,
        None => {
            let known = [WEIGHT, COUNT, PEOPLE].into_iter().filter_map(|names| table.columns.find(names));
            known.into_iter().find(|&at| at != unit).unwrap_or(usize::from(unit == 0))
        }
    };
    let mut weights = vec![f64::NAN; units.len()];
    let mut unknown = Vec::new();
    let mut rows = 0_usize;
    table.each_row(|row| {
        rows += 1;
        let (given, found) = (row.field(unit), row.field(weight));
        let value = decimal(found).filter(|weight| *weight >= 0.0);
        let Some(value) = value else {
            let (unit, found) = (given.to_owned(), found.to_owned());
            return Err(SeriesError::BadWeight { unit, found, line: row.line() });
        };
        match find_id(given, |id| place.get(id).copied()) {
            Some((at, _)) => weights[at] = value,
            None => unknown.push(given.to_owned()),
        }
        Ok(())
    })?;
    if let (true, Some(theirs), Some(ours)) = (unknown.len() == rows, unknown.first(), units.first()) {
        return Err(TableError::NoMatch {
            path: file.to_owned(),
            what: both!("une aire", "a unit"),
            column: table.column_names().get(unit).cloned().unwrap_or_default(),
            theirs: theirs.clone(),
            ours: ours.as_ref().to_owned(),
        }
        .into());
    }
    let mut absent = Vec::new();
    for (weight, unit) in weights.iter_mut().zip(units) {
        if weight.is_nan() {
            *weight = 0.0;
            absent.push(unit.as_ref().to_owned());
        }
    }
    Ok(FileWeights { weights, absent, unknown })
}
