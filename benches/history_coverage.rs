//! How often the bridge's 95 % intervals hold what was counted, by era and size, on real history.
//!
//! Run: `cargo bench --bench history_coverage [-- FOLDER]`; the folder holds the ministry's series of population and the files of
//! dissemination areas that `docs/series.md` names (`../shared/data` by default). No baseline: the aim is 93 to 97 %.
#![allow(clippy::print_stdout)]

#[path = "real_history.rs"]
mod real_history;

use std::path::Path;

use real_history::{Held, History};

const ERAS: [(&str, i32, i32); 6] = [
    ("1996-2001", 1996, 2001),
    ("2002-2008", 2002, 2008),
    ("2009-2014", 2009, 2014),
    ("2015-2018", 2015, 2018),
    ("2019-2026", 2019, 2026),
    ("2027-2041", 2027, 2041),
];

fn main() {
    let folder = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let folder = folder.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data").to_owned());
    let Some(history) = History::read(Path::new(&folder)) else {
        println!("no history in {folder}: nothing held");
        return;
    };
    let sizes = [0.0, 8_000.0, 20_000.0, 50_000.0, f64::INFINITY];
    for years in [&[2016][..], &[2006, 2016], &[1996, 2006, 2016, 2026, 2041]] {
        let held = history.whole_clsc(years);
        let held: Vec<Held> = held.into_iter().filter(|held| !years.contains(&held.year)).collect();
        table(&format!("CLSC merged and bridged back, weights of {years:?}"), &held, &ERAS, &sizes);
    }
    let held = history.parts_of_clsc();
    let eras =
        [("1990", 1990, 1990), ("2000", 2000, 2000), ("2005", 2005, 2005), ("2010", 2010, 2010), ("2015", 2015, 2015)];
    table("Parts of CLSC, dwellings, weights of 2021", &held, &eras, &[0.0, 400.0, 1_000.0, 3_000.0, f64::INFINITY]);
}

fn table(title: &str, held: &[Held], eras: &[(&str, i32, i32)], sizes: &[f64]) {
    println!("\n{title}: {} values\n", held.len());
    let names: Vec<String> =
        sizes.windows(2).map(|pair| format!("{} to {}", pair[0], pair[1])).chain(["all".to_owned()]).collect();
    println!("| years | {} | width, % of the value | error, % |", names.join(" | "));
    println!("|---|{}---|---|", "---|".repeat(names.len()));
    for &(name, first, last) in eras {
        let of_era: Vec<&Held> = held.iter().filter(|held| (first..=last).contains(&held.year)).collect();
        let mut cells: Vec<String> = sizes
            .windows(2)
            .map(|pair| {
                covered(
                    &of_era.iter().copied().filter(|it| (pair[0]..pair[1]).contains(&it.smaller)).collect::<Vec<_>>(),
                )
            })
            .collect();
        cells.push(covered(&of_era));
        let count = of_era.len().max(1) as f64;
        let mean = |of: &dyn Fn(&Held) -> f64| of_era.iter().map(|held| of(held)).sum::<f64>() / count * 100.0;
        let width = mean(&|held| (held.high - held.low) / held.truth.max(1.0));
        let error = mean(&|held| (held.estimate - held.truth).abs() / held.truth.max(1.0));
        println!("| {name} | {} | {width:.1} | {error:.2} |", cells.join(" | "));
    }
}

fn covered(held: &[&Held]) -> String {
    if held.is_empty() {
        return "-".to_owned();
    }
    let share = held.iter().filter(|held| held.covered()).count() as f64 / held.len() as f64;
    format!("{:.1} % ({})", 100.0 * share, held.len())
}
