//! What two editions are compared on: the units they share, or the pieces that two sets of units are cut into.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;

use super::apportion::share_out;
use super::dated::DatedWeights;
use crate::domain::{Words, both};
use crate::series::SeriesError;
use crate::tables::codes::{plain_code, unit_id};
use crate::tables::columns::quoted;
use crate::tables::{ColumnMap, ColumnsUsed, ReadOptions, Table};

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
    /// Weights at the dates for which they are known, in order of date: people, or what a file counts.
    pub dated: Vec<DatedWeights>,
}

/// What a weight counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[schema(as = WeightBasis)]
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
    /// Weights of the pieces at the dates for which they are known, in order of date.
    pub dated: Vec<DatedWeights>,
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
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

/// One of the two sides of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinSide {
    /// The units compared from.
    Older,
    /// The units compared to.
    Newer,
}

impl JoinSide {
    fn unit(self, piece: &Piece) -> usize {
        match self {
            JoinSide::Older => piece.from as usize,
            JoinSide::Newer => piece.to as usize,
        }
    }
}

impl UnitWeights {
    /// Weights with people and area only.
    #[must_use]
    pub fn new(population: Vec<u32>, area_m2: Vec<f64>) -> Self {
        Self { population, area_m2, addresses: None, dwellings: None, dated: Vec::new() }
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
        Self { pieces, from_units: count, to_units: count, dated: weights.dated.clone() }
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
        (Self { pieces, from_units: older.len(), to_units: newer.len(), dated: Vec::new() }, report)
    }

    /// Pieces found by other means, such as the overlay of two coverages.
    #[must_use]
    pub fn from_pieces(pieces: Vec<Piece>, from_units: usize, to_units: usize) -> Self {
        Self { pieces, from_units, to_units, dated: Vec::new() }
    }

    /// The same pieces, read the other way.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let pieces = self.pieces.iter().map(|piece| Piece { from: piece.to, to: piece.from, ..*piece }).collect();
        Self { pieces, from_units: self.to_units, to_units: self.from_units, dated: self.dated.clone() }
    }

    /// The same pieces with the weight of their older unit from a file, shared between a unit's pieces by people; with
    /// those of several dates where the file has them.
    #[must_use]
    pub fn with_file_weights(mut self, weight_of_unit: &[f64], dated: &[DatedWeights]) -> Self {
        let parts = self.parts_of_units(JoinSide::Older);
        for (piece, part) in self.pieces.iter_mut().zip(parts) {
            piece.custom = weight_of_unit.get(piece.from as usize).copied().unwrap_or(0.0) * part;
        }
        self.dated.clear();
        self.with_dated(dated, JoinSide::Older)
    }

    /// The same pieces with dated weights of the units of one side, shared between a unit's pieces by people; dates that are
    /// known already stay as they are.
    #[must_use]
    pub fn with_dated(mut self, known: &[DatedWeights], side: JoinSide) -> Self {
        let parts = self.parts_of_units(side);
        let share = |weights: &[f64]| -> Vec<f64> {
            let pieces = self.pieces.iter().zip(&parts);
            pieces.map(|(piece, part)| weights.get(side.unit(piece)).copied().unwrap_or(0.0) * part).collect()
        };
        let more: Vec<DatedWeights> = known
            .iter()
            .filter(|dated| self.dated.iter().all(|other| other.date != dated.date))
            .map(|dated| DatedWeights { date: dated.date, weights: share(&dated.weights) })
            .collect();
        self.dated.extend(more);
        self.dated.sort_by_key(|dated| dated.date);
        self
    }

    /// The part of its unit that each piece holds: by people, evenly where nobody lives.
    fn parts_of_units(&self, side: JoinSide) -> Vec<f64> {
        let mut people = vec![(0_u64, 0_u32); self.from_units.max(self.to_units)];
        for piece in &self.pieces {
            let of = &mut people[side.unit(piece)];
            *of = (of.0 + piece.population, of.1 + 1);
        }
        let part = |piece: &Piece| {
            let (total, count) = people[side.unit(piece)];
            if total > 0 { piece.population as f64 / total as f64 } else { 1.0 / f64::from(count.max(1)) }
        };
        self.pieces.iter().map(part).collect()
    }
}

/// The words by which a caller names the columns of a correspondence.
pub const CORRESPONDENCE_WORDS: &[&str] = &["newer", "older", "block", "relation"];

/// Reads the correspondence file of Statistics Canada, and tells which columns it took; columns by name, else by the start of
/// their header.
///
/// # Errors
/// [`SeriesError::MissingColumn`] without a column of each census's dissemination areas, [`SeriesError::Table`].
pub fn read_correspondence(
    bytes: &[u8],
    file: &str,
    asked: &ColumnMap,
) -> Result<(Vec<CorrespondenceRow>, ColumnsUsed), SeriesError> {
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
    let used = [
        (Some(newer), both!("aire récente", "newer unit")),
        (Some(older), both!("aire ancienne", "older unit")),
        (block, both!("îlot", "block")),
        (flag, both!("lien", "relation")),
    ];
    let columns = ColumnsUsed::new(table.column_names(), used);
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
    Ok((rows, columns))
}
