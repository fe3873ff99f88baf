//! The facts of `data/`, embedded and read.
//!
//! The tables are part of the program, so a row that can not be read is a broken invariant, not an error. They hold no
//! quotes: a comma always ends a field.

use crate::domain::{Installation, TerritoryCode};

const CLSC: &str = include_str!("../../data/clsc.csv");
const PLACES: &str = include_str!("../../data/places.csv");
const INSTALLATIONS: &str = include_str!("../../data/installations.csv");

/// What the project states of a CLSC.
#[derive(Debug, Clone)]
pub(super) struct ClscFacts {
    /// Code and name of the CLSC, its RLS, RTS, RSS and RUISSS.
    pub(super) levels: [(TerritoryCode, String); 5],
    /// People in 2016.
    pub(super) people_2016: u64,
    /// People in 2021.
    pub(super) people_2021: u64,
}

/// An approximate position around which some cells of a CLSC lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The CLSC, as a place in [`clsc_facts`].
    pub(super) clsc: u16,
    /// Longitude of the middle.
    pub(super) lon: f64,
    /// Latitude of the middle.
    pub(super) lat: f64,
    /// How many cells.
    pub(super) cells: u32,
    /// Root mean square distance of the cells from the middle, in degrees of latitude.
    pub(super) spread: f64,
    /// Whether people live there; otherwise the place only keeps far lands in their CLSC.
    pub(super) settled: bool,
}

/// The CLSC of the 2017 edition, in order of code.
pub(super) fn clsc_facts() -> Vec<ClscFacts> {
    rows(CLSC)
        .map(|row| ClscFacts {
            levels: std::array::from_fn(|level| {
                (TerritoryCode::new(row.text(2 * level)), row.text(2 * level + 1).to_owned())
            }),
            people_2016: row.number(10),
            people_2021: row.number(11),
        })
        .collect()
}

/// The places of the model, in order of CLSC.
pub(super) fn places(facts: &[ClscFacts]) -> Vec<Place> {
    rows(PLACES)
        .map(|row| {
            let clsc = facts
                .binary_search_by(|fact| fact.levels[0].0.as_str().cmp(row.text(0)))
                .expect("every place names a CLSC of clsc.csv");
            Place {
                clsc: u16::try_from(clsc).expect("there are fewer than 65,536 CLSC"),
                lon: row.number(1),
                lat: row.number(2),
                cells: row.number(3),
                spread: row.number(4),
                settled: row.text(5) == "settled",
            }
        })
        .collect()
}

/// The installations of the model.
pub(super) fn installations() -> Vec<Installation> {
    rows(INSTALLATIONS)
        .map(|row| Installation {
            code: row.text(0).to_owned(),
            name: row.text(1).to_owned(),
            lon: row.number(3),
            lat: row.number(4),
            address: None,
            postal_code: None,
            municipality: None,
            stated_clsc: Some(row.text(2).to_owned()),
            missions: vec!["CLSC".to_owned()],
        })
        .collect()
}

struct Row<'a>(Vec<&'a str>);

impl Row<'_> {
    fn text(&self, column: usize) -> &str {
        self.0[column]
    }

    fn number<T: std::str::FromStr>(&self, column: usize) -> T {
        self.0[column].parse().ok().expect("the embedded tables hold numbers where numbers are due")
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = Row<'static>> {
    table.lines().skip(1).map(|line| Row(line.split(',').collect()))
}
