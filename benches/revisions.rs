//! Revisions on the embedded model (13,000 units or so, 166 CLSC).
//!
//! `cargo bench --bench revisions [-- MOVES]` prints how long one move of a unit and its impact at all levels take, how
//! many of MOVES (1,000,000 unless said) random legal moves leave sums other than a count from scratch (counted every
//! 1,000 moves and at the end, after which all are undone), how long every border move of the province takes to rank, and
//! how many moves a second a proposal validates on one core. Baseline for the first: a count from scratch.
//! `--graph FILE` writes the graph for `scripts/compare-gerrychain`.

use std::time::Instant;

use rattache::demo;
use rattache::domain::{AttachmentTable, Edition, Hierarchy, Level};
use rattache::geometry::{Coverage, CoverageOptions, ProjectionError, Projector, outline};
use rattache::revision::{
    Areas, CriteriaGrounds, CriteriaSettings, Impact, ImpactEngine, Rules, SearchSettings, UnitFacts, UnitGraph,
    UnitIndex, border_moves, propose, validate_random_moves,
};

struct Degrees;

impl Projector for Degrees {
    fn to_lon_lat(&self, _: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
        Ok(())
    }
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

#[allow(clippy::print_stdout)]
fn main() {
    let moves: usize = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let model = demo::model();
    let coverage = Coverage::build(&model.units, &Degrees, CoverageOptions::default(), &mut Vec::new())
        .expect("the model is a coverage");
    let hierarchy = Hierarchy::new(&model.editions[0].rows).expect("the model has a hierarchy");
    let attached = (model.editions[0].attachment.iter())
        .map(|code| hierarchy.find(Level::Clsc, code.as_str()).expect("a known CLSC") as u16)
        .collect();
    let units = UnitIndex::new(model.units.ids.iter().map(String::as_str));
    let mut facts = UnitFacts::new(model.populations.iter().map(|&people| Some(people)), &coverage.area_m2);
    let divisions = Areas::census_divisions(model.units.ids.iter().map(String::as_str));
    (facts.municipalities, facts.mrc) = (Some(divisions.clone()), Some(divisions));
    let graph = UnitGraph::new(coverage.view(), coverage.unit_count);
    let base = Edition {
        header: model.editions[0].header.clone(),
        attachment: AttachmentTable::new(attached, hierarchy.clsc_count()).expect("every unit has a CLSC"),
        hierarchy,
        straddles: Vec::new(),
    };
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
    let before = engine.clone();
    let grounds = CriteriaGrounds::new(&before, &units, CriteriaSettings::default());
    let mut reads = Vec::new();
    for _ in 0..200 {
        let (unit, clsc) = legal_move(&mut engine, &mut random);
        let start = Instant::now();
        engine.apply(unit, clsc);
        std::hint::black_box(Impact::read(&grounds, (&before, &base.header), (&engine, &base.header)));
        reads.push(start.elapsed());
        engine.undo();
    }
    reads.sort_unstable();
    println!("one move and the whole report, criteria included: median {:?}, p99 {:?}", reads[100], reads[198]);

    let (mut mismatches, start) = (0, Instant::now());
    for number in 1..=moves {
        let (unit, clsc) = legal_move(&mut engine, &mut random);
        engine.apply(unit, clsc);
        if number % 1000 == 0 || number == moves {
            mismatches += usize::from(!engine.agrees_with_recount());
        }
        if number % 100_000 == 0 || number == moves {
            for level in Level::TERRITORIAL {
                for territory in 0..base.hierarchy.territories(level).len() as u16 {
                    let mut expected = outline::limit_arcs(coverage.view(), |side| {
                        side > 0 && engine.parent(level, engine.clsc_of(side - 1)) == territory
                    });
                    expected.sort_unstable();
                    mismatches += usize::from(engine.limit_arcs(level, territory) != expected);
                }
            }
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
