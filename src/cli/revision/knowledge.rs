//! Tables of what is known of units beside the atlas.

use std::path::Path;

use super::args::{Kept, Knowledge, UnitTables};
use crate::atlas::Atlas;
use crate::cli::CliError;
use crate::cli::words::Talk;
use crate::domain::{Edition, Hierarchy, Language, Level, Words, both};
use crate::geometry::{FixedPoint, overlay};
use crate::import::{PolygonOptions, read_areas};
use crate::revision::{
    Areas, CriteriaSettings, FlowMatrix, Indicator, PointBasis, Rules, UnitFacts, UnitIndex, Workbench, YearPeople,
};
use crate::tables::{Row, Table};

// The first spellings are those of Statistics Canada's attribute file.
pub(super) const UNIT: [&str; 7] = ["DAUID", "ADIDU", "DAUID_ADIDU", "geo_id", "unit", "unite", "da"];
const CODE: [&str; 7] = ["CSDUID", "SDRIDU", "CSDUID_SDRIDU", "code", "municipality", "municipalite", "mun_code"];
const NAME: [&str; 6] = ["CSDNAME", "SDRNOM", "CSDNAME_SDRNOM", "name", "nom", "mun_nom"];
const MRC: [&str; 5] = ["mrc", "mrc_code", "CDUID", "DRIDU", "CDUID_DRIDU"];
const MRC_NAME: [&str; 5] = ["mrc_name", "mrc_nom", "CDNAME", "DRNOM", "CDNAME_DRNOM"];
const TRACT: [&str; 3] = ["CTUID", "SRIDU", "CTUID_SRIDU"];
const LON: [&str; 8] = ["DARPLONG_ADLONG", "DARPLONG", "DARPLONG_ADLONG_2016", "lon", "longitude", "lng", "x", "long"];
const LAT: [&str; 7] = ["DARPLAT_ADLAT", "DARPLAT", "DARPLAT_ADLAT_2016", "lat", "latitude", "y", "lati"];
const COUNT: [&str; 5] = ["count", "compte", "nombre", "people", "addresses"];

/// Puts into the facts of an atlas what the flags name. Rows about units that the atlas does not hold are counted on `talk`.
pub fn take(asked: &UnitTables, atlas: &Atlas, bench: &mut Workbench, talk: &mut Talk<'_>) -> Result<(), CliError> {
    let (units, facts) = (&bench.units, &mut bench.facts);
    if let Some(path) = &asked.municipal_limits {
        facts.municipalities = Some(municipal_limits(path, atlas, talk)?);
    }
    if let Some(path) = &asked.municipalities {
        let table = Table::open(path, None)?;
        facts.municipalities = Some(areas(&table, (&CODE, &NAME), units, talk)?);
        let silent = &mut std::io::sink();
        if any(&table, &MRC).is_some() {
            facts.mrc = Some(areas(&table, (&MRC, &MRC_NAME), units, &mut Talk::new(Language::French, silent))?);
        }
        if any(&table, &TRACT).is_some() {
            facts.tracts =
                Some(areas(&table, (&TRACT, &TRACT), units, &mut Talk::new(Language::French, &mut std::io::sink()))?);
        }
        if asked.points.is_none() && any(&table, &LON).is_some() && any(&table, &LAT).is_some() {
            points(&table, path, units, facts, talk)?;
        }
    }
    if let Some(path) = &asked.points {
        points(&Table::open(path, None)?, path, units, facts, talk)?;
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
        let mut counts: Vec<Option<u64>> = vec![None; units.len()];
        each(&table, units, columns[0], talk, |unit, row| {
            *counts[unit as usize].get_or_insert(0) += whole(path, row, columns[1])?;
            Ok(())
        })?;
        facts.addresses = Some(counts);
    }
    Ok(())
}

/// The municipality of every unit by the largest share of an outline.
fn municipal_limits(path: &Path, atlas: &Atlas, talk: &mut Talk<'_>) -> Result<Areas, CliError> {
    let file = read_areas(path, PolygonOptions::default())?;
    talk.mended(&file.findings);
    let degrees = crate::cli::overlay::in_degrees(&file.polygons, &file.crs, &file.file)?;
    let common = overlay(&atlas.unit_polygons(), &degrees)
        .map_err(|source| CliError::Coverage { file: file.file.clone(), source })?;
    let names = file.polygons.ids.iter().cloned().zip(file.names).collect();
    let areas = Areas::by_largest_share(names, &common, atlas.unit_count());
    let without = areas.of_unit.iter().filter(|area| area.is_none()).count();
    if without > 0 {
        talk.say(&both!(
            "note : {} aires ne sont dans aucun des contours de {} : leur municipalité n'est pas connue",
            "note: {} units lie in none of the outlines of {}: their municipality is not known",
            without,
            file.file
        ));
    }
    Ok(areas)
}

/// The points that stand for where people live; a unit without a row keeps a point inside it.
fn points(
    table: &Table,
    path: &Path,
    units: &UnitIndex,
    facts: &mut UnitFacts,
    talk: &mut Talk<'_>,
) -> Result<(), CliError> {
    let columns = [find(table, &UNIT)?, find(table, &LON)?, find(table, &LAT)?];
    let mut given = vec![false; units.len()];
    let mut points = facts.points.clone();
    each(table, units, columns[0], talk, |unit, row| {
        let [lon, lat] = [columns[1], columns[2]].map(|column| row.field(column).trim().replace(',', "."));
        if lon.is_empty() && lat.is_empty() {
            return Ok(());
        }
        let degrees = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
        let point = degrees(&lon).zip(degrees(&lat)).and_then(|(lon, lat)| FixedPoint::from_degrees(lon, lat));
        let expected = Words::new(
            "une longitude et une latitude du Québec, en degrés",
            "a longitude and a latitude of Québec, in degrees",
        );
        let point = point.ok_or_else(|| bad(path, row, &format!("{lon} {lat}"), expected))?;
        if let Some(kept) = points.get_mut(unit as usize) {
            (*kept, given[unit as usize]) = (point, true);
        }
        Ok(())
    })?;
    let count = given.iter().filter(|&&given| given).count();
    if count > 0 {
        facts.points = points;
        facts.point_basis = if count == units.len() { PointBasis::PeopleWeighted } else { PointBasis::Mixed };
    }
    Ok(())
}

/// Takes in the people of other years, by the CLSC of an edition.
pub fn take_years(asked: &Knowledge, edition: &Edition, facts: &mut UnitFacts) -> Result<(), CliError> {
    let Some(path) = &asked.population_table else { return Ok(()) };
    let table = Table::open(path, None)?;
    let columns = [
        find(&table, &["code", "clsc", "CLSC_code", "code_clsc", "territoire"])?,
        find(&table, &["year", "annee", "année", "an"])?,
        find(&table, &["population", "people", "pop", "personnes", "valeur"])?,
    ];
    let level = any(&table, &["level", "niveau", "geo", "type"]);
    let mut known: std::collections::BTreeMap<i32, Vec<Option<u64>>> = std::collections::BTreeMap::new();
    for row in table.rows() {
        let row = row?;
        let is_clsc = level.is_none_or(|level| row.field(level).trim().eq_ignore_ascii_case("clsc"));
        let Some(place) = edition.hierarchy.find(Level::Clsc, row.field(columns[0]).trim()).filter(|_| is_clsc) else {
            continue;
        };
        let year = row.field(columns[1]).trim();
        let year: i32 = year
            .parse()
            .map_err(|_| bad(path, &row, year, Words::new("une année, comme 2041", "a year, such as 2041")))?;
        let people = whole(path, &row, columns[2])?;
        let list = known.entry(year).or_insert_with(|| vec![None; edition.hierarchy.clsc_count()]);
        *list[place].get_or_insert(0) += people;
    }
    let Some((&last, _)) = known.last_key_value() else {
        return Err(CliError::BadValue {
            key: "--population-table",
            value: path.display().to_string(),
            expected: Words::new(
                "des lignes de CLSC de l'édition (level, code, year, population)",
                "rows of CLSC of the edition (level, code, year, population)",
            ),
        });
    };
    let people = facts.people.clone();
    let of_year = |key: &'static str, year: i32| {
        let list = known.get(&year).ok_or_else(|| {
            let years: Vec<String> = known.keys().map(ToString::to_string).collect();
            CliError::BadValue { key, value: year.to_string(), expected: Words::same(years.join(", ")) }
        })?;
        Ok::<_, CliError>(YearPeople::of_clsc(year, list, &edition.attachment, &people))
    };
    let years = if asked.years.is_empty() { vec![last] } else { asked.years.clone() };
    facts.years = years.into_iter().map(|year| of_year("--year", year)).collect::<Result<_, _>>()?;
    if let Some(year) = asked.people_year {
        facts.people = of_year("--people-year", year)?.people;
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
    Ok(Rules {
        keep,
        max_moved_people: asked.max_moved_people,
        locked_units,
        locked_clsc,
        keep_municipalities: asked.keep_municipalities,
        keep_mrc: asked.keep_mrc,
        ..Rules::new(settings)
    })
}

/// Places of the CLSC that lie in territories of any level, by code.
pub fn within(codes: &[String], hierarchy: &Hierarchy) -> Result<Vec<u16>, CliError> {
    let mut places = Vec::new();
    for code in codes {
        let found = Level::TERRITORIAL.into_iter().find_map(|level| Some((level, hierarchy.find(level, code)?)));
        let (level, place) = found.ok_or_else(|| CliError::BadValue {
            key: "--within",
            value: code.clone(),
            expected: Words::new(
                "le code d'un CLSC, d'un RLS, d'un RTS, d'une RSS ou d'un RUISSS de l'édition",
                "the code of a CLSC, RLS, RTS, RSS or RUISSS of the edition",
            ),
        })?;
        places.extend(hierarchy.clsc_of(level, place).map(|clsc| clsc as u16));
    }
    places.sort_unstable();
    places.dedup();
    Ok(places)
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
    let (mut counts, mut elsewhere) = (Vec::new(), Vec::new());
    let mut away = 0_usize;
    each(&table, units, columns[0], talk, |from, row| {
        let count = whole(path, row, columns[2])?;
        // What ends at no unit of the atlas leaves the province, or ends where nobody knows: it counts in the total.
        if let Some(to) = units.find(row.field(columns[1]).trim()) {
            counts.push((from, to, count));
        } else {
            elsewhere.push((from, count));
            away += 1;
        }
        Ok(())
    })?;
    if away > 0 {
        talk.say(&both!(
            "note : {} lignes de {} mènent à des lieux que l'atlas n'a pas : comptées dans le total, hors de la province",
            "note: {} rows of {} lead to places that the atlas does not hold: counted in the total, out of the province",
            away,
            table.file()
        ));
    }
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Ok(FlowMatrix::new(&name, units.len(), &counts).with_elsewhere(&elsewhere))
}

fn whole(path: &Path, row: &Row, column: usize) -> Result<u64, CliError> {
    let text = row.field(column).trim();
    text.parse().map_err(|_| bad(path, row, text, Words::new("un nombre entier", "a whole number")))
}

fn bad(path: &Path, row: &Row, value: &str, expected: Words) -> CliError {
    CliError::FactRow { path: path.to_owned(), line: row.line(), value: value.to_owned(), expected }
}
