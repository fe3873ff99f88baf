//! A made-up registry of addresses for the demo: real municipalities, imaginary streets.
//!
//! Each cell where people live gets a street of its own and a stretch of a street that runs through its neighbours, in the
//! municipality that `data/municipalities.csv` gives its CLSC; every address lies inside its cell. Postal codes begin with an
//! FSA of the CLSC; in rural ones a whole municipality shares a code. Nothing here is the address of anybody.

use std::collections::{BTreeMap, HashSet};

use super::random::Random;
use super::streets::{self, StreetName};
use super::{DemoModel, SEED};
use crate::address::{AddressRecord, Civic, Gazetteer, GazetteerBuilder, PostalCode, builtin_aliases};
use crate::domain::LonLat;
use crate::geometry::{FixedPoint, hilbert_fine};

const MUNICIPALITIES: &str = include_str!("../../data/municipalities.csv");
const POSTAL_AREAS: &str = include_str!("../../data/postal_areas.csv");

/// People for each address.
const PEOPLE: f64 = 46.0;
/// Cells that a street runs through.
const THROUGH: usize = 7;
/// Cells that share the codes of a street that runs through them.
const CODE_CELLS: usize = 3;
/// Metres in a degree of latitude.
const DEGREE_M: f64 = 111_200.0;
/// Letters of the last halves of postal codes.
const LETTERS: &[u8; 20] = b"ABCEGHJKLMNPRSTVWXYZ";

struct Municipality {
    code: &'static str,
    name: &'static str,
    people: f64,
}

/// A cell as far as its addresses need it.
struct Cell {
    unit: u32,
    /// Place along the Hilbert curve.
    place: u64,
    middle: [f64; 2],
    /// Metres from the middle to the cell's border, no more than a street is long.
    room_m: f64,
    people: u32,
    fsa: &'static str,
}

/// The registry of the model.
pub(super) fn registry(model: &DemoModel) -> Gazetteer {
    let towns = by_clsc(MUNICIPALITIES, |row| Municipality {
        code: row[1],
        name: row[2],
        people: row[3].parse().expect("the embedded tables hold numbers where numbers are due"),
    });
    let areas = by_clsc(POSTAL_AREAS, |row| row[1]);
    // Cells of each municipality, neighbours one after the other.
    let mut cells: BTreeMap<(&str, &str), Vec<Cell>> = BTreeMap::new();
    for (clsc, units) in units_of_clsc(model) {
        let mut found: Vec<Cell> = units.into_iter().filter_map(|unit| cell(model, unit)).collect();
        found.sort_by_key(|cell| (cell.place, cell.unit));
        let (Some(towns), Some(areas)) = (towns.get(clsc), areas.get(clsc)) else { continue };
        let all: f64 = towns.iter().map(|town| town.people.max(1.0)).sum();
        let count = found.len();
        let mut until = 0.0;
        let mut found = found.into_iter().enumerate().peekable();
        for (place, town) in towns.iter().enumerate() {
            until += town.people.max(1.0) / all * count as f64;
            let own = cells.entry((town.code, town.name)).or_default();
            while let Some((at, mut cell)) = found.next_if(|&(at, _)| (at as f64) < until || place + 1 == towns.len()) {
                let rural = areas.iter().find(|fsa| fsa.as_bytes()[1] == b'0').filter(|_| town.people < 6_000.0);
                cell.fsa = rural.copied().unwrap_or(areas[at * areas.len() / count]);
                own.push(cell);
            }
        }
    }
    let mut maker = Maker {
        builder: GazetteerBuilder::new(builtin_aliases()),
        random: Random::new(SEED ^ 0xADD0_E55E),
        codes: BTreeMap::new(),
    };
    for ((code, name), cells) in &mut cells {
        // Through all CLSC of the municipality, so that some streets and codes are shared between two.
        cells.sort_by_key(|cell| (cell.place, cell.unit));
        maker.town(code, name, cells);
    }
    maker.builder.finish().expect("a quarter of a million addresses is far below what the format holds")
}

fn by_clsc<T>(table: &'static str, read: impl Fn(&[&'static str]) -> T) -> BTreeMap<&'static str, Vec<T>> {
    let mut all: BTreeMap<&str, Vec<T>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let row: Vec<&str> = line.split(',').collect();
        all.entry(row[0]).or_default().push(read(&row));
    }
    all
}

fn units_of_clsc(model: &DemoModel) -> BTreeMap<&str, Vec<usize>> {
    let mut all: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (unit, clsc) in model.editions[0].attachment.iter().enumerate() {
        all.entry(clsc.as_str()).or_default().push(unit);
    }
    all
}

/// A cell with room for a street, and its place along the Hilbert curve.
fn cell(model: &DemoModel, unit: usize) -> Option<Cell> {
    let people = model.populations[unit];
    if people < 20 {
        return None;
    }
    // Units have one ring each.
    let ends = &model.units.ring_ends;
    let start = if unit == 0 { 0 } else { ends[unit - 1] };
    let ring = &model.units.coords[start..ends[unit]];
    let count = ring.len() as f64;
    let middle = ring.iter().fold([0.0, 0.0], |sum, p| [sum[0] + p[0] / count, sum[1] + p[1] / count]);
    let east_m = DEGREE_M * middle[1].to_radians().cos();
    let flat: Vec<[f64; 2]> =
        ring.iter().map(|p| [(p[0] - middle[0]) * east_m, (p[1] - middle[1]) * DEGREE_M]).collect();
    let mut inside = false;
    let mut room = f64::INFINITY;
    for (at, &b) in flat.iter().enumerate() {
        let a = flat[(at + flat.len() - 1) % flat.len()];
        if (a[1] > 0.0) != (b[1] > 0.0) && 0.0 < (b[0] - a[0]) * -a[1] / (b[1] - a[1]) + a[0] {
            inside = !inside;
        }
        let d = [b[0] - a[0], b[1] - a[1]];
        let along = (-(a[0] * d[0] + a[1] * d[1]) / (d[0] * d[0] + d[1] * d[1])).clamp(0.0, 1.0);
        room = room.min((a[0] + along * d[0]).hypot(a[1] + along * d[1]));
    }
    let room_m = (0.85 * room).min(320.0);
    let p = FixedPoint::from_degrees(middle[0], middle[1])?;
    (inside && room_m > 15.0).then(|| Cell {
        unit: unit as u32,
        place: hilbert_fine(p),
        middle,
        room_m,
        people,
        fsa: "",
    })
}

struct Maker {
    builder: GazetteerBuilder,
    random: Random,
    /// Codes given out of each FSA.
    codes: BTreeMap<&'static str, u32>,
}

/// A stretch of a street in one cell.
struct Stretch<'a> {
    cell: &'a Cell,
    street: &'a StreetName,
    first: u32,
    count: u32,
    postal: Option<PostalCode>,
    /// From the middle of the cell, metres, and its direction.
    aside: [f64; 2],
    angle: f64,
    half_m: f64,
}

impl Maker {
    fn town(&mut self, code: &str, name: &str, cells: &[Cell]) {
        let mut used: HashSet<(&'static str, String)> = HashSet::new();
        let mut town_codes: BTreeMap<&str, Option<PostalCode>> = BTreeMap::new();
        let mut through: Option<StreetName> = None;
        let mut civic = 1;
        let mut through_code = None;
        for (at, cell) in cells.iter().enumerate() {
            let rural = cell.fsa.as_bytes()[1] == b'0';
            let mut fresh = |long: bool, random: &mut Random| loop {
                let name = streets::name(long, rural, random);
                if used.insert((name.kind, name.name.clone())) {
                    return name;
                }
            };
            if at % THROUGH == 0 {
                through = Some(fresh(true, &mut self.random));
                civic = 1 + (self.random.next_bits() % 60) as u32 * 10;
            }
            let own = fresh(false, &mut self.random);
            let mut code_of = |maker: &mut Self| {
                if rural {
                    *town_codes.entry(cell.fsa).or_insert_with(|| maker.next_code(cell.fsa))
                } else {
                    maker.next_code(cell.fsa)
                }
            };
            if at % CODE_CELLS == 0 || through_code.is_none() {
                through_code = code_of(self);
            }
            let own_code = code_of(self);
            let count = (f64::from(cell.people) / PEOPLE).round().clamp(4.0, 40.0) as u32;
            let angle = self.random.unit() * std::f64::consts::PI;
            let half_m = cell.room_m * 0.8;
            let first = 1 + (self.random.next_bits() % 40) as u32 * 2;
            let of_own = count.div_ceil(2);
            self.stretch(
                code,
                name,
                &Stretch {
                    cell,
                    street: &own,
                    first,
                    count: of_own,
                    postal: own_code,
                    aside: [0.0, 0.0],
                    angle,
                    half_m,
                },
            );
            if let Some(street) = &through {
                let (sin, cos) = (angle + std::f64::consts::FRAC_PI_2).sin_cos();
                let aside = [0.5 * cell.room_m * cos, 0.5 * cell.room_m * sin];
                let half_m = cell.room_m * 0.6;
                let count = count - of_own;
                let postal = if rural { own_code } else { through_code };
                self.stretch(code, name, &Stretch { cell, street, first: civic, count, postal, aside, angle, half_m });
                civic += count * 4 + 20;
            }
        }
    }

    fn stretch(&mut self, code: &str, name: &str, stretch: &Stretch<'_>) {
        let cell = stretch.cell;
        let (sin, cos) = stretch.angle.sin_cos();
        let east_m = DEGREE_M * cell.middle[1].to_radians().cos();
        for place in 0..stretch.count {
            let along = stretch.half_m * (2.0 * (f64::from(place) + 0.5) / f64::from(stretch.count) - 1.0);
            let across = if place % 2 == 0 { 0.06 } else { -0.06 } * cell.room_m.min(150.0);
            let x = stretch.aside[0] + along * cos - across * sin;
            let y = stretch.aside[1] + along * sin + across * cos;
            let Ok(position) = LonLat::new(cell.middle[0] + x / east_m, cell.middle[1] + y / DEGREE_M) else {
                continue;
            };
            // Odd on one side, even on the other; a number left out now and then.
            let gap = (self.random.next_bits() % 2) as u32 * 2;
            let civic = stretch.first / 2 * 2 + place / 2 * 8 + 2 + gap + (place % 2);
            self.builder
                .add(&AddressRecord {
                    civic: Some(Civic::plain(civic)),
                    range_end: None,
                    apartment: "",
                    street_name: &stretch.street.name,
                    street_type: stretch.street.kind,
                    direction: "",
                    municipality: name,
                    municipality_code: code,
                    sector: "",
                    postal_code: stretch.postal,
                    position,
                    unit: cell.unit,
                })
                .expect("the model lies in Québec");
        }
    }

    /// The next code of an FSA.
    fn next_code(&mut self, fsa: &'static str) -> Option<PostalCode> {
        let next = self.codes.entry(fsa).or_default();
        // A stride prime to 2,000 scatters the codes, and meets each once.
        let number = (*next * 631 + 7) % 2_000;
        *next += 1;
        let letter = char::from(LETTERS[(number / 10 % 20) as usize]);
        PostalCode::parse(&format!("{fsa}{}{letter}{}", number / 200, number % 10))
    }
}
