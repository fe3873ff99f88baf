//! Real addresses of which a quarter was taken out of the registry: what is taken for one of them is wrong.
//!
//! Each is asked in full, with its city only, with its street only, and with a city that is not in Québec. Seeded.

use std::collections::HashSet;

use rattache::address::{AddressMatch, Gazetteer, MatchType, Outcome, Remark, Spot, parse};
use rattache::domain::LonLat;

use super::degrade::{Chance, Pieces};
use super::real::{build, rows};

/// Answers within this of the true point are right.
const RIGHT_M: f64 = 80.0;
/// Cities outside Québec that people write, some of which share a name with a street or a part of one here.
const FOREIGN: [&str; 12] = [
    "Ottawa",
    "Hawkesbury",
    "Moncton",
    "Edmundston",
    "Labrador City",
    "Paris",
    "Lyon, France",
    "Boston",
    "Derby Line, VT",
    "Burlington, Vermont",
    "Port-au-Prince, Haïti",
    "Toronto (Ontario)",
];

struct Held {
    gazetteer: Gazetteer,
    out: Vec<(Pieces, LonLat)>,
}

/// The registry without every fourth street and number, whole numbers at a time.
fn held(rows: &[(Pieces, LonLat)], seed: u64) -> Held {
    let number = |pieces: &Pieces| {
        let read = parse(&pieces.line);
        let reading = read.readings.first()?;
        let street = reading.street_text();
        // One place is in a register in several spellings: its last word is in all of them.
        Some(format!("{} {}", reading.civic?.number, street.split(' ').next_back().unwrap_or_default()))
    };
    let mut chance = Chance(seed);
    let mut all: Vec<String> = rows.iter().filter_map(|(pieces, _)| number(pieces)).collect();
    all.sort_unstable();
    all.dedup();
    let left: HashSet<String> = all.into_iter().filter(|_| chance.below(4) == 0).collect();
    let is_out = |pieces: &Pieces| number(pieces).is_some_and(|number| left.contains(&number));
    let kept: Vec<(Pieces, LonLat)> = rows.iter().filter(|(pieces, _)| !is_out(pieces)).cloned().collect();
    let out = rows.iter().filter(|(pieces, _)| is_out(pieces)).cloned().collect();
    Held { gazetteer: build(&kept).0, out }
}

fn forms(pieces: &Pieces) -> [String; 3] {
    [pieces.text(), format!("{}, {}", pieces.line, pieces.municipality), pieces.line.clone()]
}

fn samples() -> Vec<Vec<(Pieces, LonLat)>> {
    let files = [
        ("m02_installations_sample.csv", ["ADRESSE", "MUN_NOM", "CODE_POSTA", "LATITUDE", "LONGITUDE"]),
        ("addresses_sample.csv", ["address", "municipality", "postal", "lat", "lon"]),
    ];
    let all: Vec<Vec<(Pieces, LonLat)>> = files.into_iter().filter_map(|(file, columns)| rows(file, columns)).collect();
    let both = all.concat();
    all.into_iter().chain([both]).filter(|rows| !rows.is_empty()).collect()
}

#[test]
fn of_addresses_that_are_not_in_the_registry_hardly_one_in_a_thousand_is_taken_for_another() {
    let (mut asked, mut wrong) = ([0_usize; 3], [0_usize; 3]);
    for rows in samples() {
        for seed in 1..=6 {
            let held = held(&rows, seed);
            let view = held.gazetteer.view();
            for (pieces, position) in &held.out {
                let Some(truth) = Spot::of(*position) else { continue };
                for (form, text) in forms(pieces).into_iter().enumerate() {
                    let result = view.find_address(&parse(&text));
                    asked[form] += 1;
                    // A village without street numbers is all of itself.
                    let far = |best: &AddressMatch| {
                        let village = best.result_type == MatchType::Municipality;
                        let reach = if village { best.uncertainty_m.max(3_000.0) } else { RIGHT_M };
                        Spot::of(best.position).unwrap().distance_m(truth) > reach
                    };
                    if result.is_auto_accepted() && result.best.as_ref().is_some_and(far) {
                        wrong[form] += 1;
                        if std::env::var_os("ADDRESS_FAILURES").is_some() {
                            let best = result.best.unwrap();
                            println!("{text} -> {} {} {:?}", best.result_label, best.result_score, best.faults);
                        }
                    }
                }
            }
        }
    }
    println!("asked {asked:?} (full, city only, street only), taken and wrong {wrong:?}");
    for (asked, wrong) in asked.into_iter().zip(wrong) {
        assert!(wrong * 1_000 <= asked, "{wrong} of {asked}");
    }
}

#[test]
fn a_foreign_city_is_never_answered_with_a_place_here() {
    for rows in samples() {
        let (gazetteer, _) = build(&rows);
        let mut contradicted = 0;
        for (place, (pieces, _)) in rows.iter().enumerate() {
            let city = FOREIGN[place % FOREIGN.len()];
            let text = format!("{}, {city}", pieces.line);
            let result = gazetteer.view().find_address(&parse(&text));
            assert!(!result.is_auto_accepted(), "{text} {result:?}");
            if parse(&pieces.line).remarks.contains(&Remark::SeveralAddresses) {
                continue;
            }
            let elsewhere = matches!(result.outcome, Outcome::OtherProvince(_) | Outcome::OtherCountry);
            // Some lines of the registers name a municipality of their own.
            contradicted += usize::from(!elsewhere && result.best.is_some());
        }
        assert!(contradicted * 100 <= rows.len(), "{contradicted} of {}", rows.len());
    }
}
