//! Time to read, check and bridge 166 CLSC x 1,000 indicators x 20 years on the model of Québec and its two editions.
//!
//! Run: `cargo bench --bench series_speed [-- INDICATORS]`. The aim is less than 10 s on 2 cores. Values are made up.
#![allow(clippy::print_stdout)]

#[path = "simulated_revisions.rs"]
#[allow(dead_code)]
mod simulated_revisions;

use std::fmt::Write as _;
use std::time::Instant;

use rattache::domain::{AttachmentTable, Edition, Hierarchy, Level};
use rattache::series::{
    BridgeOptions, CheckOptions, Conservation, Table, TableOptions, Timeline, UnitWeights, bridge, check,
};
use simulated_revisions::Chance;

fn main() {
    let indicators = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1000);
    let model = rattache::demo::model();
    let editions: Vec<Edition> = model
        .editions
        .iter()
        .map(|edition| {
            let hierarchy = Hierarchy::new(&edition.rows).expect("the model is sound");
            let place = |code: &rattache::domain::TerritoryCode| {
                hierarchy.find(Level::Clsc, code.as_str()).expect("the model is sound") as u16
            };
            let attachment =
                AttachmentTable::new(edition.attachment.iter().map(place).collect(), hierarchy.clsc_count());
            Edition {
                header: edition.header.clone(),
                attachment: attachment.expect("the model is sound"),
                hierarchy,
                straddles: Vec::new(),
            }
        })
        .collect();
    let mut chance = Chance(7);
    let mut csv = "indicateur;annee;code;valeur\n".to_owned();
    let mut people = [vec![0_u64; 166], Vec::new()];
    for (place, edition) in editions.iter().enumerate() {
        people[place] = (0..edition.hierarchy.clsc_count())
            .map(|clsc| {
                edition.attachment.units(clsc).iter().map(|&unit| u64::from(model.populations[unit as usize])).sum()
            })
            .collect();
    }
    for indicator in 0..indicators {
        let rate = chance.between(0.0005, 0.05);
        for year in 2005..2025 {
            let place = usize::from(year >= 2022);
            for (territory, people) in editions[place].hierarchy.territories(Level::Clsc).iter().zip(&people[place]) {
                let value = chance.poisson(*people as f64 * rate);
                writeln!(csv, "I{indicator};{year};{};{value}", territory.code).expect("a text takes any text");
            }
        }
    }
    let weights = UnitWeights::new(model.populations.clone(), vec![1.0; model.populations.len()]);
    let timeline = Timeline::new(&editions, &weights);
    let started = Instant::now();
    let table = Table::read(csv.as_bytes(), "speed.csv", &TableOptions::default()).expect("the table is sound");
    let read = started.elapsed();
    let checked = check(&table, &timeline, 1, &CheckOptions::default()).expect("the table can be checked");
    let seen = started.elapsed();
    let bridged = bridge(&table, &timeline, 1, &BridgeOptions::default()).expect("the table can be bridged");
    let all = started.elapsed();
    assert!(bridged.conservation.iter().all(Conservation::holds));
    println!(
        "{} values: read {:.2} s, checked {:.2} s, bridged {:.2} s, all {:.2} s",
        table.cells.len(),
        read.as_secs_f64(),
        seen.as_secs_f64() - read.as_secs_f64(),
        all.as_secs_f64() - seen.as_secs_f64(),
        all.as_secs_f64()
    );
    println!("verdicts {:?}", checked.counts());
    println!(
        "{} differences tested, {} jumps, {} break tests",
        checked.differences_tested,
        checked.jumps.len(),
        checked.tests.len()
    );
}
