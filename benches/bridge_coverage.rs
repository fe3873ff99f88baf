//! How often the bridge's 95 % intervals hold the truth, by size class, on simulated revisions.
//!
//! Run: `cargo bench --bench bridge_coverage [-- REVISIONS]`; 10,000 revisions by default, seed fixed. No baseline: the aim
//! is 93 to 97 % in every class. The last table shows what the stated prior costs where it is wrong.
#![allow(clippy::print_stdout)]

#[path = "simulated_revisions.rs"]
#[allow(dead_code)]
mod simulated_revisions;

use simulated_revisions::{Chance, Outcome, simulate};

fn main() {
    let revisions = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(10_000);
    let mut chance = Chance(20_261_123);
    let outcomes: Vec<Outcome> = (0..revisions).flat_map(|_| simulate(&mut chance, 1.0)).collect();
    println!("{revisions} revisions, {} estimated values", outcomes.len());
    table("cases expected where limits moved", &outcomes, |outcome| outcome.moved, &[2.0, 5.0, 20.0, 100.0, 1000.0]);
    table("value of the territory", &outcomes, |outcome| outcome.estimate, &[20.0, 100.0, 500.0, 2000.0]);
    println!("\nWhere rates differ inside territories otherwise than assumed, all classes together:\n");
    println!("| inside, times between | covered |\n|---|---|");
    for factor in [0.5, 0.75, 1.0, 1.5, 2.0] {
        let outcomes: Vec<Outcome> = (0..revisions / 5).flat_map(|_| simulate(&mut chance, factor)).collect();
        let covered = outcomes.iter().filter(|outcome| outcome.covered).count() as f64 / outcomes.len() as f64;
        println!("| {factor} | {:.1} % |", 100.0 * covered);
    }
}

fn table(title: &str, outcomes: &[Outcome], size: impl Fn(&Outcome) -> f64, limits: &[f64]) {
    println!("\n| {title} | values | covered | mean width | mean error |\n|---|---|---|---|---|");
    for class in 0..=limits.len() {
        let low = if class == 0 { 0.0 } else { limits[class - 1] };
        let high = limits.get(class).copied().unwrap_or(f64::INFINITY);
        let held: Vec<&Outcome> = outcomes.iter().filter(|outcome| (low..high).contains(&size(outcome))).collect();
        let count = held.len().max(1) as f64;
        let covered = held.iter().filter(|outcome| outcome.covered).count() as f64 / count;
        let width = held.iter().map(|outcome| outcome.width).sum::<f64>() / count;
        let error = held.iter().map(|outcome| (outcome.estimate - outcome.truth).abs()).sum::<f64>() / count;
        println!("| {low} to {high} | {} | {:.2} % | {width:.1} | {error:.1} |", held.len(), 100.0 * covered);
    }
}
