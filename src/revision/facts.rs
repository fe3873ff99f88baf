//! What is known of each unit beside its limits, in the order of units.

use serde::{Deserialize, Serialize};

use crate::change::Comparison;
use crate::domain::{AttachmentTable, Edition, Installation, Level, Term, TerritoryIndex};
use crate::geometry::{Common, FixedPoint};

/// Counts that go from unit to unit: commuters, users of services, people registered with a family medicine group (GMF).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowMatrix {
    /// What is counted.
    pub name: String,
    starts: Vec<u32>,
    /// The other unit, what goes there, what comes from there.
    cells: Vec<(u32, u64, u64)>,
    leaving: Vec<u64>,
    /// Of what starts from a unit, what ends at no unit.
    elsewhere: Vec<u64>,
}

impl FlowMatrix {
    /// Takes counts of (from, to); repeated pairs add up.
    ///
    /// # Panics
    /// Where a unit is not below `units`.
    #[must_use]
    pub fn new(name: &str, units: usize, counts: &[(u32, u32, u64)]) -> Self {
        let mut cells: Vec<(u32, u32, u64, u64)> =
            counts.iter().flat_map(|&(from, to, count)| [(from, to, count, 0), (to, from, 0, count)]).collect();
        cells.sort_unstable();
        let mut matrix = Self {
            name: name.to_owned(),
            starts: vec![0; units + 1],
            cells: Vec::new(),
            leaving: vec![0; units],
            elsewhere: vec![0; units],
        };
        let mut before = None;
        for (own, other, out, back) in cells {
            if before == Some((own, other)) {
                let last = matrix.cells.len() - 1;
                matrix.cells[last].1 += out;
                matrix.cells[last].2 += back;
            } else {
                matrix.cells.push((other, out, back));
            }
            before = Some((own, other));
            matrix.leaving[own as usize] += out;
            matrix.starts[own as usize + 1] = matrix.cells.len() as u32;
        }
        for unit in 1..=units {
            matrix.starts[unit] = matrix.starts[unit].max(matrix.starts[unit - 1]);
        }
        matrix
    }

    /// Adds counts that start from a unit and end at none: out of the province, or at a place that is not known. They count
    /// in all that leaves the unit.
    ///
    /// # Panics
    /// Where a unit is not below the matrix's units.
    #[must_use]
    pub fn with_elsewhere(mut self, counts: &[(u32, u64)]) -> Self {
        for &(unit, count) in counts {
            self.elsewhere[unit as usize] += count;
            self.leaving[unit as usize] += count;
        }
        self
    }

    /// The other unit, what goes there and what comes from there.
    #[must_use]
    #[inline]
    pub fn of(&self, unit: u32) -> &[(u32, u64, u64)] {
        &self.cells[self.starts[unit as usize] as usize..self.starts[unit as usize + 1] as usize]
    }

    /// All that starts from a unit, what stays in it and what ends at no unit included.
    #[must_use]
    pub fn leaving(&self, unit: u32) -> u64 {
        self.leaving[unit as usize]
    }

    /// Of what starts from a unit, what ends at no unit.
    #[must_use]
    pub fn elsewhere(&self, unit: u32) -> u64 {
        self.elsewhere[unit as usize]
    }
}

/// Minutes of travel from units to installations, as a table gives them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TravelTable {
    /// What the table is called.
    pub name: String,
    starts: Vec<u32>,
    /// The installation, as a place in [`UnitFacts::installations`], and the minutes.
    cells: Vec<(u32, f64)>,
}

impl TravelTable {
    /// Takes (unit, installation, minutes); of several times between two places the shortest counts.
    ///
    /// # Panics
    /// Where a unit is not below `units`.
    #[must_use]
    pub fn new(name: &str, units: usize, times: &[(u32, u32, f64)]) -> Self {
        let mut times = times.to_vec();
        times.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
        times.dedup_by_key(|known| (known.0, known.1));
        let mut starts = vec![0; units + 1];
        for &(unit, ..) in &times {
            starts[unit as usize + 1] += 1;
        }
        for unit in 0..units {
            starts[unit + 1] += starts[unit];
        }
        let cells = times.into_iter().map(|(_, installation, minutes)| (installation, minutes)).collect();
        Self { name: name.to_owned(), starts, cells }
    }

    /// The installations that the table gives a time to from a unit, with the minutes.
    #[must_use]
    pub fn of(&self, unit: u32) -> &[(u32, f64)] {
        &self.cells[self.starts[unit as usize] as usize..self.starts[unit as usize + 1] as usize]
    }
}

/// A number a unit, such as an index of deprivation.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its name, for people.
    pub name: String,
    /// The value of each unit, where known.
    pub values: Vec<Option<f64>>,
}

/// Which area of a table (municipality, MRC) each unit lies in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Areas {
    /// Code and name of each area.
    pub names: Vec<(String, String)>,
    /// The area of each unit, as a place in `names`, where known.
    pub of_unit: Vec<Option<u32>>,
}

impl Areas {
    /// Areas from a code a unit; an area's name is its code until the caller gives it another.
    pub fn from_codes<'a>(codes: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let codes: Vec<Option<&str>> = codes.into_iter().collect();
        let mut known: Vec<&str> = codes.iter().flatten().copied().collect();
        known.sort_unstable();
        known.dedup();
        let of_unit = codes
            .iter()
            .map(|code| code.and_then(|code| known.binary_search(&code).ok()).map(|at| at as u32))
            .collect();
        Self { names: known.into_iter().map(|code| (code.to_owned(), code.to_owned())).collect(), of_unit }
    }

    /// Areas by outlines laid over the units: each unit lies in the one that holds the largest share of it. `areas` are codes
    /// and names, in the order of the outlines; of equal shares, the first. A unit that none touches lies in none.
    #[must_use]
    pub fn by_largest_share(areas: Vec<(String, String)>, common: &[Common], units: usize) -> Self {
        let mut best: Vec<Option<(u32, f64)>> = vec![None; units];
        for part in common {
            let Some(area) = part.territory else { continue };
            let known = &mut best[part.unit as usize];
            if known.is_none_or(|(_, largest)| part.area_m2 > largest) {
                *known = Some((area, part.area_m2));
            }
        }
        Self { names: areas, of_unit: best.into_iter().map(|known| known.map(|(area, _)| area)).collect() }
    }

    /// Gives areas their names, where `name` knows one for the code.
    pub fn rename(&mut self, name: impl Fn(&str) -> Option<String>) {
        for (code, known) in &mut self.names {
            if let Some(name) = name(code) {
                *known = name;
            }
        }
    }

    /// Census divisions, which are nearly the MRC: the first four digits of identifiers of eight digits.
    pub fn census_divisions<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let digits = |id: &str| id.len() >= 8 && id.bytes().all(|byte| byte.is_ascii_digit());
        Self::from_codes(ids.into_iter().map(|id| id.get(..4).filter(|_| digits(id))))
    }
}

/// An installation with the unit it stands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedInstallation {
    /// Register code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether its missions hold that of a CLSC.
    pub is_clsc: bool,
    /// The unit it stands in.
    pub unit: u32,
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
}

impl PlacedInstallation {
    /// An installation of the register in a unit.
    #[must_use]
    pub fn new(installation: &Installation, unit: u32) -> Self {
        Self {
            code: installation.code.clone(),
            name: installation.name.clone(),
            is_clsc: installation.missions.iter().any(|mission| mission == "CLSC"),
            unit,
            lon: installation.lon,
            lat: installation.lat,
        }
    }
}

/// What the points of units stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PointBasis {
    /// A point inside the unit, where people live or not.
    #[default]
    Inside,
    /// The middle of where people live.
    PeopleWeighted,
    /// That of people for some units, a point inside for the others.
    Mixed,
}

impl PointBasis {
    /// From where distances are measured, as a sentence.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Inside => Term::new(
                "Distances à vol d’oiseau, depuis un point intérieur de chaque aire : les points où vivent les gens n’ont pas été donnés.",
                "Distances as the crow flies, from a point inside each area: the points where people live were not given.",
            ),
            Self::PeopleWeighted => Term::new(
                "Distances à vol d’oiseau, depuis le point pondéré par la population de chaque aire.",
                "Distances as the crow flies, from the population-weighted point of each area.",
            ),
            Self::Mixed => Term::new(
                "Distances à vol d’oiseau, depuis le point pondéré par la population des aires où il est donné, ailleurs depuis un point intérieur.",
                "Distances as the crow flies, from the population-weighted point of the areas where it is given, else from a point inside.",
            ),
        }
    }
}

/// People of each unit in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearPeople {
    /// The year.
    pub year: i32,
    /// People, in the order of units.
    pub people: Vec<u64>,
}

impl YearPeople {
    /// Shares the people that a table gives to each CLSC out between its units, in proportion to `people` (evenly where they
    /// are all 0), in whole numbers by largest remainder. A CLSC that the table does not give keeps the people of its units.
    #[must_use]
    pub fn of_clsc(year: i32, clsc: &[Option<u64>], attachment: &AttachmentTable, people: &[u64]) -> Self {
        let mut shared = people.to_vec();
        for (place, total) in clsc.iter().enumerate() {
            let Some(total) = *total else { continue };
            let units = attachment.units(place);
            let sum: u64 = units.iter().map(|&unit| people[unit as usize]).sum();
            let weight = |unit: u32| if sum > 0 { people[unit as usize] } else { 1 };
            let all: u128 = units.iter().map(|&unit| u128::from(weight(unit))).sum();
            let mut left = total;
            let mut rests: Vec<(u128, u32)> = Vec::with_capacity(units.len());
            for &unit in units {
                let exact = u128::from(total) * u128::from(weight(unit));
                let whole = (exact / all.max(1)) as u64;
                shared[unit as usize] = whole;
                left -= whole;
                rests.push((exact % all.max(1), unit));
            }
            rests.sort_by_key(|&(rest, unit)| (std::cmp::Reverse(rest), unit));
            for &(_, unit) in rests.iter().take(left as usize) {
                shared[unit as usize] += 1;
            }
        }
        Self { year, people: shared }
    }
}

/// All that is known of units. What is not given is left out of the answers, never guessed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnitFacts {
    /// People of each unit; 0 where unknown.
    pub people: Vec<u64>,
    /// How many units have no known population.
    pub unknown_people: usize,
    /// Area of each unit in square decimetres: whole numbers, so that sums do not depend on their order.
    pub area_dm2: Vec<u64>,
    /// A point that stands for each unit, for distances.
    pub points: Vec<FixedPoint>,
    /// What those points are.
    pub point_basis: PointBasis,
    /// Addresses of each unit, where known.
    pub addresses: Option<Vec<Option<u64>>>,
    /// Municipality of each unit.
    pub municipalities: Option<Areas>,
    /// MRC, or census division, of each unit.
    pub mrc: Option<Areas>,
    /// Census tract of each unit.
    pub tracts: Option<Areas>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// Flows between units.
    pub flows: Vec<FlowMatrix>,
    /// People of each unit registered with a GMF, by the unit where it stands.
    pub gmf: Option<FlowMatrix>,
    /// Installations inside the coverage.
    pub installations: Vec<PlacedInstallation>,
    /// Minutes of travel to them, where a table is given.
    pub travel: Option<TravelTable>,
    /// People of each unit in other years than those above, where given; projected ones too.
    pub years: Vec<YearPeople>,
    /// In how many earlier editions each unit changed CLSC (see [`moved_before`]).
    pub moved_before: Option<Vec<u32>>,
}

impl UnitFacts {
    /// Facts of people and areas only.
    #[must_use]
    pub fn new(people: impl IntoIterator<Item = Option<u32>>, area_m2: &[f64]) -> Self {
        let people: Vec<Option<u32>> = people.into_iter().collect();
        Self {
            unknown_people: people.iter().filter(|people| people.is_none()).count(),
            people: people.into_iter().map(|people| people.map_or(0, u64::from)).collect(),
            area_dm2: area_m2.iter().map(|area| (area * 100.0).round() as u64).collect(),
            ..Self::default()
        }
    }

    /// All flow matrices, that of GMF last.
    pub fn matrices(&self) -> impl Iterator<Item = &FlowMatrix> {
        self.flows.iter().chain(&self.gmf)
    }
}

/// In how many steps between editions, in order of date, each unit was affected at the level of the CLSC (see
/// [`Comparison::is_affected`]): a new code or name alone moves nobody.
#[must_use]
pub fn moved_before(editions: &[&Edition], people: &[u64]) -> Vec<u32> {
    let mut moved = vec![0; people.len()];
    for pair in editions.windows(2) {
        let comparison = Comparison::of_editions(pair[0], pair[1], people);
        let homes = pair[0].attachment.as_slice().iter().zip(pair[1].attachment.as_slice());
        for (unit, (&from, &to)) in moved.iter_mut().zip(homes) {
            if comparison.is_affected(Level::Clsc, TerritoryIndex(from), TerritoryIndex(to)) {
                *unit += 1;
            }
        }
    }
    moved
}
