//! Real history bridged and held against itself: what the ministry counted on limits that a revision then takes away.
//!
//! Two experiments, both leave-one-out: what a bridge is asked for is in none of what it is told.
//! - **Whole CLSC**: two neighbouring CLSC are merged, their people added up, and the sum is bridged back to the two for each
//!   year of the ministry's series. The truth is the ministry's own figure of each.
//! - **Parts of CLSC**: a few neighbouring dissemination areas go over to the next CLSC. What is counted are dwellings standing in a
//!   year, by the period of construction of the census of 2021; the weights are the dwellings of 2021.
//!
//! Editions are made of the dissemination areas and their CLSC without any geometry.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use rattache::domain::{
    AttachmentTable, Date, Edition, EditionHeader, Hierarchy, HierarchyRow, Level, Territory, TerritoryCode,
};
use rattache::series::{
    BridgeOptions, DatedWeights, Measure, Method, Table, TableOptions, Timeline, UnitWeights, bridge,
};

/// One value bridged back, held against what was counted.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Year of the value.
    pub year: i32,
    /// People (or dwellings) on the smaller side of the limit.
    pub smaller: f64,
    /// What was counted.
    pub truth: f64,
    /// What was said.
    pub estimate: f64,
    /// Its interval.
    pub low: f64,
    /// Its interval.
    pub high: f64,
}

impl Held {
    /// Whether the interval holds what was counted.
    pub fn covered(&self) -> bool {
        self.low <= self.truth && self.truth <= self.high
    }
}

/// The files of a folder of data, read.
pub struct History {
    /// Codes of CLSC, RLS, RTS, RSS and RUISSS, a row a CLSC, in order of code.
    rows: Vec<[String; 5]>,
    /// CLSC (place in `rows`) and people of 2016 of each dissemination area, in order of CLSC, then identifier.
    areas: Vec<(String, u16, u32)>,
    /// People by CLSC (place in `rows`), then year.
    people: Vec<BTreeMap<i32, f64>>,
    /// Dwellings that stood in each of [`STOOD`], by dissemination area; where the census tells.
    dwellings: BTreeMap<String, [f64; STOOD.len()]>,
}

/// Years at whose end the census of 2021 tells which dwellings stood; the last is that of the weights.
pub const STOOD: [i32; 6] = [1990, 2000, 2005, 2010, 2015, 2021];

fn lines(folder: &Path, file: &str) -> Option<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(folder.join(file)).ok()?;
    let rows = text.trim_start_matches('\u{feff}').lines();
    Some(rows.map(|line| line.split(',').map(str::to_owned).collect()).collect())
}

fn column(rows: &[Vec<String>], name: &str) -> usize {
    rows[0].iter().position(|header| header == name).expect("the table has the column")
}

impl History {
    /// Reads a folder of data; `None` where it is not there.
    pub fn read(folder: &Path) -> Option<Self> {
        let table = lines(folder, "clsc_2017_hierarchy.csv")?;
        let mut rows: Vec<[String; 5]> = table[1..]
            .iter()
            .map(|row| {
                ["CLSC_code", "RLS_code", "RTS_code", "RSS_code", "RUIS_code"]
                    .map(|name| row[column(&table, name)].clone())
            })
            .collect();
        rows.sort();
        let place = |code: &str| rows.binary_search_by(|row| row[0].as_str().cmp(code)).ok();
        let known: BTreeMap<String, u32> = lines(folder, "da_population_2016_model.csv")?[1..]
            .iter()
            .map(|row| (row[0].clone(), row[1].parse().unwrap_or(0)))
            .collect();
        let mut areas: Vec<(String, u16, u32)> = lines(folder, "da_clsc_2017.csv")?[1..]
            .iter()
            .filter_map(|row| Some((row[0].clone(), place(&row[1])? as u16, known.get(&row[0]).copied().unwrap_or(0))))
            .collect();
        areas.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        let mut people = vec![BTreeMap::new(); rows.len()];
        for row in &lines(folder, "population_by_territory_1996_2041.csv")?[1..] {
            if let Some(place) = place(&row[1]).filter(|_| row[0] == "CLSC") {
                people[place].insert(row[2].parse().ok()?, row[3].parse().ok()?);
            }
        }
        let profile = lines(folder, "da_2021_real/da_profile_qc_2021.csv")?;
        let built: Vec<usize> = [
            "Log1960ouAv",
            "Log1961_80",
            "Log1981_90",
            "Log1991_00",
            "Log2001_05",
            "Log2006_10",
            "Log2011_15",
            "Log2016_21",
        ]
        .iter()
        .map(|name| column(&profile, name))
        .collect();
        let mut dwellings = BTreeMap::new();
        for row in &profile[1..] {
            let id = row[0].split(' ').next().unwrap_or_default().to_owned();
            let counts: Option<Vec<f64>> = built.iter().map(|&at| row.get(at)?.parse().ok()).collect();
            if let Some(counts) = counts {
                let upto = |last: usize| counts[..=last].iter().sum();
                dwellings.insert(id, [2, 3, 4, 5, 6, 7].map(upto));
            }
        }
        Some(Self { rows, areas, people, dwellings })
    }

    /// Merges neighbouring CLSC and bridges their people back, with the weights of given years.
    pub fn whole_clsc(&self, years_of_weights: &[i32]) -> Vec<Held> {
        let neighbours: Vec<(u16, u16)> = (1..self.rows.len())
            .filter(|&at| self.rows[at - 1][2] == self.rows[at][2])
            .map(|at| (at as u16 - 1, at as u16))
            .collect();
        let rounds = 14;
        let mut held = Vec::new();
        for round in 0..rounds {
            // Pairs of one round share no CLSC: they are as far apart in the list as there are rounds.
            let pairs: Vec<(u16, u16)> = neighbours.iter().skip(round).step_by(rounds).copied().collect();
            held.extend(self.bridged_back(&pairs, years_of_weights));
        }
        held
    }

    fn bridged_back(&self, pairs: &[(u16, u16)], years_of_weights: &[i32]) -> Vec<Held> {
        let merged = |clsc: u16| pairs.iter().find(|pair| pair.1 == clsc).map_or(clsc, |pair| pair.0);
        let own: Vec<u16> = self.areas.iter().map(|area| area.1).collect();
        let together = self.edition("2030-01-01", |clsc| merged(clsc) == clsc, own.iter().map(|&clsc| merged(clsc)));
        let apart = self.edition("2017-07-01", |_| true, own.iter().copied());
        let mut csv = "annee,code,valeur\n".to_owned();
        for (clsc, of_year) in self.people.iter().enumerate() {
            let clsc = clsc as u16;
            if merged(clsc) != clsc {
                continue;
            }
            let other = pairs.iter().find(|pair| pair.0 == clsc).map(|pair| usize::from(pair.1));
            for (year, people) in of_year {
                let sum = people + other.map_or(0.0, |other| self.people[other][year]);
                writeln!(csv, "{year},{},{sum}", self.rows[usize::from(clsc)][0]).expect("a text takes any text");
            }
        }
        let people: Vec<u32> = self.areas.iter().map(|area| area.2).collect();
        let dated = years_of_weights.iter().map(|year| {
            let weights = self.areas.iter().map(|(_, clsc, people)| {
                let of_year = &self.people[usize::from(*clsc)];
                f64::from(*people) * of_year[year] / of_year[&2016]
            });
            DatedWeights { date: middle_of(*year), weights: weights.collect() }
        });
        let weights = UnitWeights { dated: dated.collect(), ..UnitWeights::new(people, vec![1.0; self.areas.len()]) };
        let editions = [apart, together];
        let timeline = Timeline::new(&editions, &weights);
        let bridged = bridged(&csv, &timeline, "2030-01-01");
        let mut held = Vec::new();
        for cell in bridged.1.iter().filter(|cell| cell.method == Method::Weighted) {
            let clsc = usize::from(cell.territory);
            let year: i32 = bridged.0.periods[usize::from(cell.period)].label.parse().expect("a year");
            let pair = pairs.iter().find(|pair| usize::from(pair.0) == clsc || usize::from(pair.1) == clsc);
            let (Some(interval), Some(&(a, b))) = (cell.interval, pair) else { continue };
            let of = |clsc: u16| self.people[usize::from(clsc)][&year];
            held.push(Held {
                year,
                smaller: of(a).min(of(b)),
                truth: self.people[clsc][&year],
                estimate: cell.value.unwrap_or(f64::NAN),
                low: interval.low,
                high: interval.high,
            });
        }
        held
    }

    /// Moves groups of dissemination areas to the next CLSC and bridges dwellings of earlier years, with weights of 2021.
    pub fn parts_of_clsc(&self) -> Vec<Held> {
        let areas: Vec<(&str, u16, [f64; STOOD.len()])> = self
            .areas
            .iter()
            .filter_map(|(id, clsc, _)| Some((id.as_str(), *clsc, *self.dwellings.get(id)?)))
            .filter(|(_, _, stood)| stood[STOOD.len() - 1] > 0.0)
            .collect();
        let mut held = Vec::new();
        for (round, size) in [1_usize, 2, 4, 8, 16, 1, 2, 4, 8, 16].into_iter().enumerate() {
            held.extend(self.parts_moved(&areas, size, round));
        }
        held
    }

    fn parts_moved(&self, areas: &[(&str, u16, [f64; STOOD.len()])], size: usize, round: usize) -> Vec<Held> {
        let own: Vec<u16> = areas.iter().map(|area| area.1).collect();
        let mut moved = own.clone();
        let mut smaller: BTreeMap<u16, f64> = BTreeMap::new();
        let last = STOOD.len() - 1;
        for clsc in (round % 4..self.rows.len() - 1).step_by(4) {
            let from: Vec<usize> = (0..areas.len()).filter(|&at| usize::from(own[at]) == clsc).collect();
            if self.rows[clsc][2] != self.rows[clsc + 1][2] || from.len() < 3 * size {
                continue;
            }
            // Identifiers that follow one another are areas that lie side by side.
            let start = (from.len() - size) * (round + 1) / 12;
            for &at in &from[start..start + size] {
                moved[at] = clsc as u16 + 1;
            }
            let dwellings: f64 = from[start..start + size].iter().map(|&at| areas[at].2[last]).sum();
            smaller.insert(clsc as u16, dwellings);
            smaller.insert(clsc as u16 + 1, dwellings);
        }
        let before = self.edition("2000-01-01", |clsc| own.contains(&clsc), own.iter().copied());
        let after = self.edition("2030-01-01", |clsc| moved.contains(&clsc), moved.iter().copied());
        let code = |clsc: u16| &self.rows[usize::from(clsc)][0];
        let sums = |table: &[u16], year: usize| {
            let mut sums: BTreeMap<u16, f64> = BTreeMap::new();
            for (area, &clsc) in areas.iter().zip(table) {
                *sums.entry(clsc).or_default() += area.2[year];
            }
            sums
        };
        let mut csv = "annee,code,valeur\n".to_owned();
        for (at, year) in STOOD.iter().enumerate() {
            for (clsc, sum) in sums(&own, at) {
                writeln!(csv, "{year},{},{sum}", code(clsc)).expect("a text takes any text");
            }
        }
        let people: Vec<u32> = areas.iter().map(|area| area.2[last] as u32).collect();
        let dated = vec![DatedWeights {
            date: middle_of(STOOD[last]),
            weights: people.iter().map(|&it| f64::from(it)).collect(),
        }];
        let weights = UnitWeights { dated, ..UnitWeights::new(people, vec![1.0; areas.len()]) };
        let codes: Vec<String> =
            after.hierarchy.territories(Level::Clsc).iter().map(|it| it.code.to_string()).collect();
        let editions = [before, after];
        let timeline = Timeline::new(&editions, &weights);
        let bridged = bridged(&csv, &timeline, "2000-01-01");
        let truths: Vec<BTreeMap<u16, f64>> = (0..STOOD.len()).map(|at| sums(&moved, at)).collect();
        let mut held = Vec::new();
        for cell in bridged.1.iter().filter(|cell| cell.method == Method::Weighted) {
            let year: i32 = bridged.0.periods[usize::from(cell.period)].label.parse().expect("a year");
            let at = STOOD.iter().position(|&stood| stood == year).expect("a year of the table");
            let clsc =
                self.rows.iter().position(|row| row[0] == codes[usize::from(cell.territory)]).expect("a CLSC") as u16;
            let (Some(interval), Some(smaller)) = (cell.interval, smaller.get(&clsc)) else { continue };
            held.push(Held {
                year,
                smaller: *smaller,
                truth: truths[at].get(&clsc).copied().unwrap_or(0.0),
                estimate: cell.value.unwrap_or(f64::NAN),
                low: interval.low,
                high: interval.high,
            });
        }
        held
    }

    /// An edition of the CLSC that `kept` keeps; `clsc_of_area` as places in all of them.
    fn edition(&self, id: &str, kept: impl Fn(u16) -> bool, clsc_of_area: impl Iterator<Item = u16>) -> Edition {
        let list: Vec<u16> = (0..self.rows.len() as u16).filter(|&clsc| kept(clsc)).collect();
        let rows: Vec<HierarchyRow> = list
            .iter()
            .map(|&clsc| HierarchyRow {
                territories: self.rows[usize::from(clsc)].clone().map(|code| Territory {
                    name: code.clone(),
                    code: TerritoryCode::new(&code),
                    published_population: None,
                }),
            })
            .collect();
        let place = |clsc: u16| list.binary_search(&clsc).expect("an area lies in a CLSC that is kept") as u16;
        let attachment = AttachmentTable::new(clsc_of_area.map(place).collect(), list.len());
        Edition {
            header: EditionHeader {
                id: id.to_owned(),
                label: id.to_owned(),
                official: false,
                valid_from: id.parse::<Date>().expect("a day"),
            },
            hierarchy: Hierarchy::new(&rows).expect("codes are distinct"),
            attachment: attachment.expect("areas lie in CLSC"),
            straddles: Vec::new(),
        }
    }
}

fn middle_of(year: i32) -> Date {
    Date::new(year as i16, 7, 1).expect("1 July is a day of every year")
}

/// Bridges a table that is coded in one of two editions to the other.
fn bridged(csv: &str, timeline: &Timeline, coded_in: &str) -> (Table, Vec<rattache::series::BridgedCell>) {
    let asked = TableOptions { level: Some(Level::Clsc), measure: Some(Measure::Count), ..TableOptions::default() };
    let table = Table::read(csv.as_bytes(), "history", &asked).expect("the table is sound");
    let coded_in_all = table.periods.iter().map(|period| (period.label.clone(), coded_in.to_owned())).collect();
    let options = BridgeOptions { coded_in: coded_in_all, ..BridgeOptions::default() };
    let from = timeline.find(coded_in).expect("an edition of the timeline");
    let made = bridge(&table, timeline, 1 - from, &options).expect("the table can be bridged");
    assert!(made.conservation.iter().all(rattache::series::Conservation::holds));
    (table, made.cells)
}
