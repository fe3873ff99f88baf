//! Revisions on the embedded model (13,000 units or so, 166 CLSC).
//!
//! `cargo bench --bench revisions [-- MOVES]` prints how long one move of a unit and its impact at all levels take, how
//! many of MOVES (20,000 unless said; `scripts/million-moves` says 1,000,000) random legal moves leave anything other than
//! a count from scratch: after each move the sums and flows of every territory it touched, their outlines after every
//! twentieth, everything after every thousandth and at the end, after which all are undone. Then how long every border move
//! of the province takes to rank, and how many moves a second a proposal validates on one core.
//! `--atlas FILE` does it on an atlas, and `--graph FILE` writes the graph for `scripts/compare-gerrychain`.

use std::time::Instant;

use rattache::atlas::{Atlas, compile};
use rattache::demo;
use rattache::domain::{Edition, Level};
use rattache::geometry::{CoverageView, outline};
use rattache::revision::{
    CriteriaGrounds, CriteriaSettings, FlowMatrix, Impact, ImpactEngine, Rules, SearchSettings, UnitFacts, UnitGraph,
    UnitIndex, Workbench, border_moves, propose, validate_random_moves,
};

/// Commuters made up: a part of the people of each unit stays in it, a part goes to each neighbour.
fn commuters(graph: &UnitGraph, facts: &UnitFacts) -> FlowMatrix {
    let counts: Vec<(u32, u32, u64)> = (0..graph.len() as u32)
        .flat_map(|unit| {
            let people = facts.people[unit as usize];
            let away = graph.neighbours(unit).iter().map(move |link| (unit, link.unit, people / 11));
            std::iter::once((unit, unit, people / 7)).chain(away)
        })
        .collect();
    FlowMatrix::new("commuters", graph.len(), &counts)
}

struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

fn legal_move(engine: &mut ImpactEngine<'_>, random: &mut Seeded) -> (u32, u16) {
    loop {
        let unit = random.below(engine.attachment().len()) as u32;
        let choices = engine.choices(unit);
        if let Some(&clsc) = choices.get(random.below(choices.len().max(1)))
            && engine.check(unit, clsc).is_ok()
        {
            return (unit, clsc);
        }
    }
}

/// Where `--graph FILE` is given, writes the graph for other programs: CLSC and people of each unit, pairs of neighbours.
fn write_graph(graph: &UnitGraph, facts: &UnitFacts, base: &Edition) {
    let Some(file) = std::env::args().skip_while(|word| word != "--graph").nth(1) else { return };
    let edges: Vec<[u32; 2]> = (0..graph.len() as u32)
        .flat_map(|unit| graph.neighbours(unit).iter().map(move |link| [unit, link.unit]))
        .filter(|[a, b]| a < b)
        .collect();
    let value =
        serde_json::json!({ "clsc": base.attachment.as_slice(), "people": facts.people, "edges": edges }).to_string();
    std::fs::write(file, value).expect("the file of --graph can be written");
}

fn outline_agrees(coverage: CoverageView<'_>, engine: &ImpactEngine<'_>, level: Level, territory: u16) -> bool {
    let mut expected =
        outline::limit_arcs(coverage, |side| side > 0 && engine.parent(level, engine.clsc_of(side - 1)) == territory);
    expected.sort_unstable();
    engine.limit_arcs(level, territory) == expected
}

/// One move and what it does at all levels, without the criteria's distances and with them.
#[allow(clippy::print_stdout)]
fn measure_impact<'a>(engine: &mut ImpactEngine<'a>, base: &'a Edition, units: &UnitIndex, random: &mut Seeded) {
    const ROUNDS: usize = 2000;
    let before = engine.clone();
    let grounds = CriteriaGrounds::new(&before, units, CriteriaSettings::default());
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let (unit, clsc) = legal_move(engine, random);
        let start = Instant::now();
        engine.apply(unit, clsc);
        std::hint::black_box(Impact::read(&grounds, (&before, &base.header), (engine, &base.header)));
        times.push(start.elapsed());
        engine.undo();
    }
    times.sort_unstable();
    let [median, p99] = [ROUNDS / 2, ROUNDS * 99 / 100].map(|at| times[at].as_secs_f64() * 1e6);
    println!(
        "one move and its whole impact (territories, flows, classes, series, criteria of the CLSC concerned): median {median:.0} us, p99 {p99:.0} us, limit 1000 us"
    );
}

#[allow(clippy::print_stdout)]
fn main() {
    let moves: usize = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(20_000);
    let named = std::env::args().skip_while(|word| word != "--atlas").nth(1);
    let atlas = match named {
        Some(file) => Atlas::open(file.as_ref()).expect("the file of --atlas is an atlas"),
        None => Atlas::from_bytes(compile(demo::atlas_source()).expect("the demo compiles")).expect("an atlas"),
    };
    let coverage = atlas.coverage();
    let mut bench = Workbench::new(&atlas);
    bench.facts.municipalities.clone_from(&bench.facts.mrc);
    bench.facts.flows = vec![commuters(&bench.graph, &bench.facts)];
    let Workbench { units, graph, facts } = bench;
    let base = atlas.edition(atlas.edition_count() - 1).to_edition();
    println!("units {}, arcs {}", units.len(), coverage.sides.len());
    write_graph(&graph, &facts, &base);
    let start = Instant::now();
    let mut engine = ImpactEngine::new(&graph, &facts, &base, &base);
    let scratch = start.elapsed();
    println!("count from scratch, all levels: {:.2} ms", scratch.as_secs_f64() * 1e3);

    let mut random = Seeded(1);
    let mut times = Vec::with_capacity(100_000);
    for _ in 0..100_000.min(moves) {
        let (unit, clsc) = legal_move(&mut engine, &mut random);
        let start = Instant::now();
        std::hint::black_box(engine.apply(unit, clsc));
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
    println!(
        "one move and its sums at all levels: median {:.2} us, p99 {:.2} us, worst {:.1} us (a count from scratch: {:.0} times the median)",
        at(0.5),
        at(0.99),
        at(1.0),
        scratch.as_secs_f64() * 1e6 / at(0.5)
    );
    while engine.undo() {}
    measure_impact(&mut engine, &base, &units, &mut random);

    let (mut mismatches, start) = (0, Instant::now());
    for number in 1..=moves {
        let (unit, clsc) = legal_move(&mut engine, &mut random);
        let touched = engine.apply(unit, clsc);
        mismatches += usize::from(!engine.agrees_on(&touched));
        if number % 20 == 0 {
            for entry in &touched {
                mismatches += usize::from(!outline_agrees(coverage, &engine, entry.level, entry.territory));
            }
        }
        if number % 1000 == 0 || number == moves {
            mismatches += usize::from(!engine.agrees_with_recount());
        }
        if number % 100_000 == 0 || number == moves {
            for level in Level::TERRITORIAL {
                for territory in 0..base.hierarchy.territories(level).len() as u16 {
                    mismatches += usize::from(!outline_agrees(coverage, &engine, level, territory));
                }
            }
            println!("{number} random legal moves: {mismatches} mismatches ({:.1?})", start.elapsed());
        }
    }
    while engine.undo() {}
    mismatches += usize::from(!engine.agrees_with_recount() || engine.attachment() != base.attachment.as_slice());
    println!("{moves} random legal moves, then all undone: {mismatches} mismatches ({:.1?})", start.elapsed());

    let rules = Rules::new(CriteriaSettings::default());
    let start = Instant::now();
    let found = border_moves(&mut engine, &rules);
    println!("every border move of the province ranked: {} legal, {:.1?}", found.moves.len(), start.elapsed());

    let start = Instant::now();
    let (validated, legal) = validate_random_moves(&engine, &rules, 1, 5_000_000);
    let rate = validated as f64 / start.elapsed().as_secs_f64();
    println!(
        "proposals validate {rate:.0} moves a second on one core, contiguity included ({legal} of {validated} legal)"
    );
    let begun = Instant::now();
    let outcome = propose(&engine, &rules, SearchSettings::default(), &mut |_| std::ops::ControlFlow::Continue(()));
    println!(
        "{} tries from {} CLSC in range of {}: {} proposals, from {:?} to {:?} ({:.1?})",
        outcome.tried,
        outcome.today.in_range,
        outcome.clsc_count,
        outcome.proposals.len(),
        outcome.proposals.last().map(|known| known.score),
        outcome.proposals.first().map(|known| known.score),
        begun.elapsed()
    );
}
