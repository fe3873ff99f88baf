//! Tables of what is known of units beside the atlas.

use std::path::Path;

use super::args::{Kept, Knowledge, UnitTables};
use crate::atlas::Atlas;
use crate::cli::words::Talk;
use crate::cli::{CliError, named_columns};
use crate::domain::{Edition, Hierarchy, Level, Words, both};
use crate::geometry::{FixedPoint, overlay};
use crate::import::{PolygonOptions, open_table, read_areas};
use crate::revision::{
    Areas, CriteriaSettings, FlowMatrix, Indicator, PlacedInstallation, PointBasis, Rules, TravelTable, UnitFacts,
    UnitIndex, Workbench, YearPeople,
};
use crate::tables::codes::{find_id, plain_code, territory_code};
use crate::tables::degrees::degrees;
use crate::tables::numbers::{count, is_withheld, number};
use crate::tables::repairs::Repairs;
use crate::tables::synonyms::{
    CLSC, COUNT, FROM, LAT, LEVEL, LON, MINUTES, MRC, MRC_NAME, MUNICIPALITY_CODE, MUNICIPALITY_NAME, PEOPLE, PERIOD,
    TERRITORY, TO, TRACT, TRAVEL_TO, X, Y,
};
use crate::tables::{ColumnMap, ColumnsUsed, ReadOptions, Row, Table, TableError};

/// Words of `--table-columns`.
pub const COLUMN_WORDS: &[&str] = &[
    "unit",
    "code",
    "name",
    "mrc",
    "mrc_name",
    "from",
    "to",
    "count",
    "lon",
    "lat",
    "year",
    "people",
    "level",
    "installation",
    "minutes",
];

/// Puts into the facts of an atlas what the flags name. What each table holds and does not is told on `talk`.
pub fn take(asked: &UnitTables, atlas: &Atlas, bench: &mut Workbench, talk: &mut Talk<'_>) -> Result<(), CliError> {
    let (units, facts) = (&bench.units, &mut bench.facts);
    if let Some(path) = &asked.municipal_limits {
        facts.municipalities = Some(municipal_limits(path, atlas, talk)?);
    }
    let named = named_columns("--table-columns", asked.table_columns.as_deref(), COLUMN_WORDS)?;
    let mut facts_of = Reader { units, named: &named, talk };
    if let Some(path) = &asked.municipalities {
        let mut table = facts_of.open(path)?;
        let unit = facts_of.unit(&table)?;
        let (code, name) =
            (facts_of.find(&table, "code", MUNICIPALITY_CODE)?, facts_of.any(&table, "name", MUNICIPALITY_NAME)?);
        let (mrc, mrc_name) = (facts_of.any(&table, "mrc", MRC)?, facts_of.any(&table, "mrc_name", MRC_NAME)?);
        let tract = table.columns.find(TRACT);
        let point = facts_of.point(&table)?.filter(|_| asked.points.is_none());
        let words = [
            (Some(unit), both!("aire", "unit")),
            (Some(code), both!("code de la municipalité", "municipality's code")),
            (name, both!("nom de la municipalité", "municipality's name")),
            (mrc, both!("code de la MRC", "MRC's code")),
            (mrc_name.filter(|_| mrc.is_some()), both!("nom de la MRC", "MRC's name")),
            (tract, both!("secteur de recensement", "census tract")),
            (point.map(|point| point[0]), both!("longitude", "longitude")),
            (point.map(|point| point[1]), both!("latitude", "latitude")),
        ];
        facts_of.tell(&mut table, words);
        facts.municipalities = Some(facts_of.areas(&table, [unit, code], name, true)?);
        if let Some(mrc) = mrc {
            facts.mrc = Some(facts_of.areas(&table, [unit, mrc], mrc_name, false)?);
        }
        if let Some(tract) = tract {
            facts.tracts = Some(facts_of.areas(&table, [unit, tract], Some(tract), false)?);
        }
        if let Some(point) = point {
            facts_of.points(&table, unit, point, facts)?;
        }
    }
    if let Some(path) = &asked.points {
        let mut table = facts_of.open(path)?;
        let unit = facts_of.unit(&table)?;
        let point = facts_of.point(&table)?;
        let missing = || table.columns.missing(both!("la longitude et la latitude", "longitude and latitude"), LON);
        let point = point.ok_or_else(missing)?;
        let words = [
            (Some(unit), both!("aire", "unit")),
            (Some(point[0]), both!("longitude", "longitude")),
            (Some(point[1]), both!("latitude", "latitude")),
        ];
        facts_of.tell(&mut table, words);
        facts_of.points(&table, unit, point, facts)?;
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
    if let Some(path) = &asked.travel_times {
        facts.travel = Some(facts_of.travel(path, &facts.installations)?);
    }
    if let Some(path) = &asked.addresses {
        let mut table = facts_of.open(path)?;
        let (unit, count) = (facts_of.unit(&table)?, facts_of.find(&table, "count", COUNT)?);
        facts_of.tell(&mut table, [(Some(unit), both!("aire", "unit")), (Some(count), both!("adresses", "addresses"))]);
        let mut counts: Vec<Option<u64>> = vec![None; units.len()];
        facts_of.each(&table, unit, true, |unit, row| {
            *counts[unit as usize].get_or_insert(0) += whole(&table, row, count)?;
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

/// Takes in the people of other years, by the CLSC of an edition.
pub fn take_years(asked: &Knowledge, edition: &Edition, facts: &mut UnitFacts) -> Result<(), CliError> {
    let Some(path) = &asked.population_table else { return Ok(()) };
    let named = named_columns("--table-columns", asked.tables.table_columns.as_deref(), COLUMN_WORDS)?;
    let table = Table::open_with(path, &ReadOptions { names: &named.names(), ..ReadOptions::default() })?;
    let pick = |word: &str, lists: &[&'static [&'static str]]| -> Result<usize, CliError> {
        if let Some(name) = named.get(word).filter(|name| table.column(name).is_ok()) {
            return Ok(table.column(name)?);
        }
        let known = lists.iter().find_map(|list| table.columns.find(list));
        Ok(known.ok_or_else(|| table.columns.missing(Words::same(format!("\"{word}\"")), lists[0]))?)
    };
    let columns = [
        pick("code", &[TERRITORY, CLSC])?,
        pick("year", &[PERIOD])?,
        pick("people", &[PEOPLE, &["people", "valeur", "value"]])?,
    ];
    let level = table.columns.find(LEVEL).or_else(|| table.columns.find(&["geo", "type"]));
    let mut known: std::collections::BTreeMap<i32, Vec<Option<u64>>> = std::collections::BTreeMap::new();
    table.each_row(|row| {
        let is_clsc = level.is_none_or(|level| row.field(level).trim().eq_ignore_ascii_case("clsc"));
        let holds = |code: &str| edition.hierarchy.find(Level::Clsc, code);
        let code = territory_code(Level::Clsc, row.field(columns[0]), |code| holds(code).is_some());
        let Some(place) = code.ok().and_then(|read| holds(read.code.as_str())).filter(|_| is_clsc) else {
            return Ok(());
        };
        let (year, _) = plain_code(row.field(columns[1]));
        let year: i32 = year
            .parse()
            .map_err(|_| bad(&table, row, &year, Words::new("une année, comme 2041", "a year, such as 2041")))?;
        let people = whole(&table, row, columns[2])?;
        let list = known.entry(year).or_insert_with(|| vec![None; edition.hierarchy.clsc_count()]);
        *list[place].get_or_insert(0) += people;
        Ok::<(), CliError>(())
    })?;
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
        far_minutes: asked.far_minutes,
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

/// Reads tables of facts about the units of an atlas.
struct Reader<'a, 't> {
    units: &'a UnitIndex,
    named: &'a ColumnMap,
    talk: &'a mut Talk<'t>,
}

impl Reader<'_, '_> {
    fn open(&mut self, path: &Path) -> Result<Table, CliError> {
        let names = self.named.names();
        Ok(open_table(path, &ReadOptions { names: &names, ..ReadOptions::default() })?)
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

    /// The columns with longitude and latitude, where the table has both.
    fn point(&self, table: &Table) -> Result<Option<[usize; 2]>, CliError> {
        let lon = self.any(table, "lon", LON)?.or_else(|| table.columns.find(X));
        let lat = self.any(table, "lat", LAT)?.or_else(|| table.columns.find(Y));
        Ok(lon.zip(lat).map(|(lon, lat)| [lon, lat]))
    }

    /// The points that stand for where people live; a unit without a row keeps a point inside it.
    fn points(&mut self, table: &Table, unit: usize, point: [usize; 2], facts: &mut UnitFacts) -> Result<(), CliError> {
        let mut given = vec![false; self.units.len()];
        let mut points = facts.points.clone();
        self.each(table, unit, true, |unit, row| {
            let [lon, lat] = point.map(|column| row.field(column));
            if lon.is_empty() && lat.is_empty() {
                return Ok(());
            }
            let found = degrees(lon).zip(degrees(lat)).and_then(|(lon, lat)| FixedPoint::from_degrees(lon, lat));
            let expected = Words::new(
                "une longitude et une latitude du Québec, en degrés",
                "a longitude and a latitude of Québec, in degrees",
            );
            let found = found.ok_or_else(|| bad(table, row, &format!("{lon} {lat}"), expected))?;
            if let Some(kept) = points.get_mut(unit as usize) {
                (*kept, given[unit as usize]) = (found, true);
            }
            Ok(())
        })?;
        let count = given.iter().filter(|&&given| given).count();
        if count > 0 {
            facts.points = points;
            facts.point_basis = if count == self.units.len() { PointBasis::PeopleWeighted } else { PointBasis::Mixed };
        }
        Ok(())
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
        let (mut counts, mut elsewhere) = (Vec::new(), Vec::new());
        let units = self.units;
        self.each(&table, columns[0], true, |from, row| {
            let count = whole(&table, row, columns[2])?;
            // What ends at no unit of the atlas leaves the province, or ends where nobody knows: it counts in the total.
            match find_id(row.field(columns[1]), |id| units.find(id)) {
                Some((to, _)) => counts.push((from, to, count)),
                None => elsewhere.push((from, count)),
            }
            Ok(())
        })?;
        if !elsewhere.is_empty() {
            self.talk.say(&both!(
                "note : {} lignes de {} mènent à des lieux que l'atlas n'a pas : comptées dans le total, hors de la province",
                "note: {} rows of {} lead to places that the atlas does not hold: counted in the total, out of the province",
                elsewhere.len(),
                table.file()
            ));
        }
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(FlowMatrix::new(&name, self.units.len(), &counts).with_elsewhere(&elsewhere))
    }
}

impl Reader<'_, '_> {
    /// Minutes from units to installations; those to places that are no installation are counted and told.
    fn travel(&mut self, path: &Path, installations: &[PlacedInstallation]) -> Result<TravelTable, CliError> {
        let mut table = self.open(path)?;
        let unit = self.unit(&table)?;
        let to = self.find(&table, "installation", TRAVEL_TO)?;
        let minutes = self.find(&table, "minutes", MINUTES)?;
        let words = [
            (Some(unit), both!("aire", "unit")),
            (Some(to), both!("installation", "installation")),
            (Some(minutes), both!("minutes de trajet", "minutes of travel")),
        ];
        self.tell(&mut table, words);
        let units = self.units;
        let by_code: std::collections::BTreeMap<&str, u32> =
            installations.iter().zip(0_u32..).map(|(known, place)| (known.code.as_str(), place)).collect();
        let (mut times, mut strangers, mut stranger) = (Vec::new(), 0_usize, String::new());
        self.each(&table, unit, true, |unit, row| {
            let text = row.field(minutes);
            if is_withheld(text) {
                return Ok(());
            }
            let expected = Words::new("un nombre de minutes, 0 ou plus", "a number of minutes, 0 or more");
            let read = number(text).map(|read| read.value).filter(|value| value.is_finite() && *value >= 0.0);
            let value = read.ok_or_else(|| bad(&table, row, text, expected))?;
            let (code, _) = plain_code(row.field(to));
            let standing = || find_id(row.field(to), |id| units.find(id)).map(|(unit, _)| unit);
            let mut reached: Vec<u32> = by_code.get(&*code).copied().into_iter().collect();
            if reached.is_empty()
                && let Some(home) = standing()
            {
                reached.extend((0_u32..).zip(installations).filter(|known| known.1.unit == home).map(|known| known.0));
            }
            if reached.is_empty() {
                if strangers == 0 {
                    stranger = code.into_owned();
                }
                strangers += 1;
            }
            times.extend(reached.into_iter().map(|place| (unit, place, value)));
            Ok(())
        })?;
        if times.is_empty() && strangers > 0 {
            return Err(TableError::NoMatch {
                path: table.shown(),
                what: both!("une installation", "an installation"),
                column: table.column_names()[to].clone(),
                theirs: stranger,
                ours: installations.first().map_or_else(String::new, |known| known.code.clone()),
            }
            .into());
        }
        if strangers > 0 {
            self.talk.say(&both!(
                "note : {} lignes de {} mènent à des lieux qui ne sont pas des installations de l'atlas, par exemple « {} »",
                "note: {} rows of {} lead to places that are no installation of the atlas, such as \"{}\"",
                strangers,
                table.file(),
                stranger
            ));
        }
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(TravelTable::new(&name, self.units.len(), &times))
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
