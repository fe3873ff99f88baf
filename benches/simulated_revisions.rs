//! Revisions with known truth: units whose rates are drawn, territories made of them, limits that move.
//!
//! A unit's log rate is the sum of a draw of its territory, one of its neighbourhood and one of its own. How much rates
//! differ inside territories relative to between them, how much of it neighbours share, and how large neighbourhoods are,
//! is drawn anew for each revision, around and on both sides of what the bridge assumes; the bridge is told none of it.

use std::fmt::Write as _;

use rattache::domain::{
    AttachmentTable, Date, Edition, EditionHeader, Hierarchy, HierarchyRow, Level, Territory, TerritoryCode,
};
use rattache::series::{BridgeOptions, DatedWeights, Method, Table, TableOptions, Timeline, UnitWeights, bridge};

/// Seeded chance.
pub struct Chance(pub u64);

impl Chance {
    /// From 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A standard normal draw.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A Poisson draw, by products of uniforms; by halves where the mean is large.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean > 200.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u64;
        }
        let (limit, mut product, mut count) = ((-mean).exp(), self.unit(), 0);
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }
}

/// One estimated target: what was said and what is true.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Cases expected on the smaller side of the limits that moved.
    pub moved: f64,
    /// The estimate.
    pub estimate: f64,
    /// The recount on the new limits.
    pub truth: f64,
    /// Whether the interval holds the truth.
    pub covered: bool,
    /// Width of the interval.
    pub width: f64,
}

const TERRITORIES: usize = 40;

/// Draws a revision, bridges one period over it and compares; the outcomes of its estimated targets.
///
/// `inside_factor`: how many times as much rates differ inside territories as between them, on average; the bridge assumes 1.
pub fn simulate(chance: &mut Chance, inside_factor: f64) -> Vec<Outcome> {
    let between = chance.between(0.08, 0.45);
    let inside = between * inside_factor * (0.4 * chance.normal()).exp();
    let shared = chance.between(0.2, 0.8);
    let neighbourhood = chance.between(4.0, 14.0) as usize;
    let rate = (chance.between((2e-4_f64).ln(), (0.2_f64).ln())).exp();
    let (mut old, mut people, mut cases) = (Vec::new(), Vec::new(), Vec::new());
    for territory in 0..TERRITORIES {
        let level = rate * (between * chance.normal()).exp();
        let units = chance.between(20.0, 90.0) as usize;
        let mut near = 0.0;
        for unit in 0..units {
            if unit % neighbourhood == 0 {
                near = chance.normal();
            }
            let own = inside * (shared.sqrt() * near + (1.0 - shared).sqrt() * chance.normal());
            let count = chance.between(300.0, 900.0) as u32;
            old.push(territory as u16);
            people.push(count);
            cases.push(chance.poisson(f64::from(count) * level * own.exp()));
        }
    }
    let mut new = old.clone();
    let mut count = TERRITORIES as u16;
    for first in (0..TERRITORIES - 1).step_by(6) {
        let (from, to) = (first as u16, first as u16 + 1);
        let places = |of: u16| (0..old.len()).filter(|&unit| old[unit] == of).collect::<Vec<_>>();
        let (giver, taker) = (places(from), places(to));
        let part = |units: &[usize], share: f64| ((units.len() as f64 * share) as usize).max(1);
        match first / 6 % 3 {
            0 => giver.iter().rev().take(part(&giver, chance.between(0.0, 0.4))).for_each(|&unit| new[unit] = to),
            1 => {
                giver.iter().rev().take(part(&giver, chance.between(0.0, 0.4))).for_each(|&unit| new[unit] = to);
                taker.iter().rev().take(part(&taker, chance.between(0.0, 0.4))).for_each(|&unit| new[unit] = from);
            }
            _ => {
                giver.iter().rev().take(part(&giver, chance.between(0.2, 0.5))).for_each(|&unit| new[unit] = count);
                count += 1;
            }
        }
    }
    let before = edition("before", 2017, old.clone(), TERRITORIES as u16);
    let after = edition("after", 2022, new.clone(), count);
    let mut published = [vec![0_u64; TERRITORIES], vec![0; usize::from(count)]];
    for unit in 0..old.len() {
        published[0][usize::from(old[unit])] += cases[unit];
        published[1][usize::from(new[unit])] += cases[unit];
    }
    let mut csv = "period,code,value\n".to_owned();
    for (territory, count) in published[0].iter().enumerate() {
        writeln!(csv, "2018,{},{count}", code(territory as u16)).expect("a text takes any text");
    }
    // People are those of the year of the values: what drifts between is held against real history elsewhere.
    let known = vec![DatedWeights {
        date: Date::new(2018, 7, 1).expect("1 July is a day of every year"),
        weights: people.iter().map(|&people| f64::from(people)).collect(),
    }];
    let weights = UnitWeights { dated: known, ..UnitWeights::new(people, vec![1.0; old.len()]) };
    let timeline = Timeline::new([&before, &after], &weights);
    let table =
        Table::read(csv.as_bytes(), "simulated", &TableOptions { level: Some(Level::Clsc), ..TableOptions::default() })
            .expect("the simulated table is sound");
    let mut options = BridgeOptions::default();
    options.coded_in.insert("2018".to_owned(), "before".to_owned());
    let bridged = bridge(&table, &timeline, 1, &options).expect("the simulated table can be bridged");
    assert!(bridged.conservation.iter().all(rattache::series::Conservation::holds));
    let overlap = timeline.overlap(Level::Clsc, 0, 1).expect("both editions are over the same units");
    let estimated = bridged.cells.iter().filter(|cell| cell.method == Method::Weighted);
    estimated
        .map(|cell| {
            let interval = cell.interval.expect("an estimate has its interval");
            let truth = published[1][usize::from(cell.territory)] as f64;
            let moved = overlap.of_to(usize::from(cell.territory)).map(|part| {
                let source = usize::from(part.from);
                let whole: u64 = overlap.of_from(source).map(|part| part.population).sum();
                let share = part.population as f64 / whole as f64;
                published[0][source] as f64 * share.min(1.0 - share)
            });
            Outcome {
                moved: moved.sum(),
                estimate: cell.value.unwrap_or(f64::NAN),
                truth,
                covered: interval.low <= truth && truth <= interval.high,
                width: interval.high - interval.low,
            }
        })
        .collect()
}

fn code(place: u16) -> String {
    format!("{:05}", 10_000 + place)
}

fn edition(id: &str, year: i16, clsc_of_unit: Vec<u16>, count: u16) -> Edition {
    let rows = (0..count).map(|place| HierarchyRow {
        territories: ["", "1000", "100", "10", "1"].map(|above| {
            let text = if above.is_empty() { code(place) } else { above.to_owned() };
            Territory { code: TerritoryCode::new(&text), name: text, published_population: None }
        }),
    });
    Edition {
        header: EditionHeader {
            id: id.to_owned(),
            label: id.to_owned(),
            official: false,
            valid_from: Date::new(year, 1, 1).expect("1 January is a day of every year"),
        },
        hierarchy: Hierarchy::new(&rows.collect::<Vec<_>>()).expect("codes are distinct"),
        attachment: AttachmentTable::new(clsc_of_unit, usize::from(count)).expect("units are in territories"),
        straddles: Vec::new(),
    }
}
