//! How often jumps and odd values are found, and how often what is found was not planted, by level and length.
//!
//! Run: `cargo bench --bench jump_power [-- TABLES]`; 20 tables a line by default, seed fixed. No baseline: the aim is at most 1 %
//! false among what is found. Counts are Poisson around a level that varies by a few percent from year to year, as a walk in half
//! of the tables and around a mean in the others. In each table a tenth of the territories get a lasting step, a twentieth two steps,
//! a twentieth one odd value.
#![allow(clippy::print_stdout)]

#[path = "simulated_revisions.rs"]
#[allow(dead_code)]
mod simulated_revisions;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rattache::domain::{
    AttachmentTable, Date, Edition, EditionHeader, Hierarchy, HierarchyRow, Level, Territory, TerritoryCode,
};
use rattache::series::{CheckOptions, JumpShape, Table, TableOptions, Timeline, UnitWeights, check};
use simulated_revisions::Chance;

/// What was planted: a territory, a year, and of which kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Planted {
    Step,
    First,
    Second,
    Odd,
}

#[derive(Default)]
struct Tally {
    planted: [usize; 4],
    found: [usize; 4],
    all_found: usize,
    wrong: usize,
    tables_wrong: usize,
}

fn main() {
    let tables = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(20);
    println!(
        "| level | territories | cases a year | periods | size | step | first of two | second | odd value | in territories without any, of those found | tables with a find where nothing was planted |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for (level, territories, cases) in
        [("CLSC", 166, 150.0), ("RLS", 93, 300.0), ("RTS", 25, 1_000.0), ("RSS", 18, 1_500.0)]
    {
        for periods in [8, 12, 20] {
            for size in [0.3, 0.5] {
                let mut chance = Chance(20_261_127);
                let mut tally = Tally::default();
                let mut quiet = Tally::default();
                for table in 0..tables {
                    one(&mut chance, &mut tally, (territories, cases, periods), size, table % 2 == 0);
                    one(&mut chance, &mut quiet, (territories, cases, periods), 0.0, table % 2 == 0);
                }
                let power = |kind: Planted| {
                    let at = kind as usize;
                    format!("{:.0} %", 100.0 * tally.found[at] as f64 / tally.planted[at].max(1) as f64)
                };
                println!(
                    "| {level} | {territories} | {cases} | {periods} | {:.0} % | {} | {} | {} | {} | {:.2} % | {} of {tables} |",
                    100.0 * size,
                    power(Planted::Step),
                    power(Planted::First),
                    power(Planted::Second),
                    power(Planted::Odd),
                    100.0 * tally.wrong as f64 / tally.all_found.max(1) as f64,
                    quiet.tables_wrong,
                );
            }
        }
    }
}

fn one(
    chance: &mut Chance,
    tally: &mut Tally,
    (territories, cases, periods): (usize, f64, usize),
    size: f64,
    walk: bool,
) {
    let mut csv = "annee,code,nombre\n".to_owned();
    let mut planted: BTreeSet<(usize, usize, Planted)> = BTreeSet::new();
    let noise = chance.between(0.01, 0.05);
    for territory in 0..territories {
        let mean = cases * (0.6 * chance.normal()).exp();
        let mut level = vec![0.0; periods];
        let mut walked = 0.0;
        for value in &mut level {
            let step = noise * chance.normal();
            walked = if walk { walked + step } else { step };
            *value = walked;
        }
        if size > 0.0 {
            let up = (1.0_f64 + size).ln() * if chance.unit() < 0.5 { 1.0 } else { -1.0 };
            let inside = |chance: &mut Chance, from: usize, to: usize| chance.between(from as f64, to as f64) as usize;
            match territory % 20 {
                0 | 1 => {
                    let at = inside(chance, 2, periods - 2);
                    level[at..].iter_mut().for_each(|value| *value += up);
                    planted.insert((territory, at, Planted::Step));
                }
                2 => {
                    let first = inside(chance, 2, periods / 2);
                    let second = inside(chance, periods / 2 + 1, periods - 2);
                    level[first..].iter_mut().for_each(|value| *value += up);
                    level[second..].iter_mut().for_each(|value| *value -= 1.3 * up);
                    planted.insert((territory, first, Planted::First));
                    planted.insert((territory, second, Planted::Second));
                }
                3 => {
                    let at = inside(chance, 1, periods - 1);
                    level[at] += up;
                    planted.insert((territory, at, Planted::Odd));
                }
                _ => {}
            }
        }
        for (year, value) in level.iter().enumerate() {
            let count = chance.poisson(mean * value.exp());
            writeln!(csv, "{},{:05},{count}", 2000 + year, 10_000 + territory).expect("a text takes any text");
        }
    }
    let edition = edition(territories);
    let timeline = Timeline::new([&edition], &UnitWeights::new(vec![100; territories], vec![1.0; territories]));
    let table =
        Table::read(csv.as_bytes(), "simulated", &TableOptions { level: Some(Level::Clsc), ..TableOptions::default() })
            .expect("the table is sound");
    let checked = check(&table, &timeline, 0, &CheckOptions::default()).expect("the table can be checked");
    let mut wrong = 0;
    let mut hit: BTreeSet<(usize, usize, Planted)> = BTreeSet::new();
    for jump in &checked.jumps {
        let territory = jump.code.as_str().parse::<usize>().expect("a number") - 10_000;
        let year = jump.period.parse::<usize>().expect("a year") - 2000;
        let right = planted.iter().find(|&&(of, at, kind)| {
            of == territory
                && at == year
                && match kind {
                    Planted::Odd => jump.shape != JumpShape::Step,
                    _ => jump.shape != JumpShape::OddValue,
                }
        });
        match right {
            Some(&right) => {
                hit.insert(right);
            }
            // A year beside the one planted is a place that is off, no false discovery.
            None => wrong += usize::from(!planted.iter().any(|&(of, _, _)| of == territory)),
        }
    }
    for planted in &planted {
        tally.planted[planted.2 as usize] += 1;
        tally.found[planted.2 as usize] += usize::from(hit.contains(planted));
    }
    tally.all_found += checked.jumps.len();
    tally.wrong += wrong;
    tally.tables_wrong += usize::from(wrong > 0);
}

fn edition(territories: usize) -> Edition {
    let rows: Vec<HierarchyRow> = (0..territories)
        .map(|place| HierarchyRow {
            territories: [format!("{}", 10_000 + place), "1000".into(), "100".into(), "10".into(), "1".into()].map(
                |code: String| Territory { code: TerritoryCode::new(&code), name: code, published_population: None },
            ),
        })
        .collect();
    Edition {
        header: EditionHeader {
            id: "e1".to_owned(),
            label: "e1".to_owned(),
            official: false,
            valid_from: Date::new(1990, 1, 1).expect("1 January is a day of every year"),
        },
        hierarchy: Hierarchy::new(&rows).expect("codes are distinct"),
        attachment: AttachmentTable::new((0..territories as u16).collect(), territories).expect("one unit each"),
        straddles: Vec::new(),
    }
}
