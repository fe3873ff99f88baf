//! What the score of an address is worth: `scripts/calibrate-addresses`.
//!
//! Data: the demo's registry with one address in ten taken out, and, where they are at hand, the samples of real addresses
//! with one in four taken out. Each address asked about is left clean, degraded in one way, and in two to four ways at once
//! (those that were taken out too: whatever is found for them is another place). An answer is right when the CLSC at the place
//! found is the CLSC at the true place, in the demo's limits. Seeded; baseline: of answers scored 0.9, nine in ten are right.
//!
//! With a folder as argument, the table of its `addresses.md` is written anew, and the plot beside it. With `--faults`, what
//! each set of faults is worth is told: where the share of right answers is farthest from the score, first. With `--errors`, every
//! distance is told, to fit the uncertainty by: registry, kind, metres, metres stated, addresses.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use rattache::address::{
    AddressMatch, AddressRecord, Fault, Gazetteer, GazetteerBuilder, GazetteerView, MatchType, Outcome, PostalCode,
    Spot, builtin_aliases, parse,
};
use rattache::atlas::Atlas;
use rattache::domain::{EditionChoice, Language, LonLat, Words};
use rattache::geometry::FixedPoint;
use rattache::resolve::Resolver;

#[path = "../tests/it/address/degrade.rs"]
#[allow(dead_code)]
mod degrade;
use degrade::{Chance, Pieces, WAYS};

/// With these another street or municipality may be the one that was meant: no distance holds then.
const GUESSED: [Fault; 12] = [
    Fault::PartialName,
    Fault::SpellingFar,
    Fault::SpellingDoubtful,
    Fault::Phonetic,
    Fault::Spelling,
    Fault::StreetTypeDiffers,
    Fault::DirectionDiffers,
    Fault::MunicipalityMissing,
    Fault::MunicipalityUnknown,
    Fault::MunicipalityDiffers,
    Fault::MunicipalityOutvoted,
    Fault::PostalCodeElsewhere,
];

/// Bins of the score, each 0.05 wide.
const BINS: usize = 20;

#[derive(Debug, Clone)]
struct Truth {
    pieces: Pieces,
    position: LonLat,
    clsc: u16,
}

#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    answers: u64,
    right: u64,
}

#[derive(Debug, Default)]
struct Count {
    asked: u64,
    unanswered: u64,
    bins: [Bin; BINS + 1],
    /// By what was found and its faults, with the score.
    faults: BTreeMap<String, (f32, Bin)>,
    /// By kind of place, how far the true one was.
    errors: BTreeMap<Kind, Vec<Error>>,
}

/// A kind of place; of postal codes, rural ones and those that stand for their area are kinds of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    place: MatchType,
    rural: bool,
    area: bool,
}

impl Kind {
    fn of(found: &AddressMatch) -> Self {
        let place = found.result_type;
        let is_code = place == MatchType::PostalCode;
        let rural = is_code && found.postal_code.is_some_and(PostalCode::is_rural);
        Self { place, rural, area: is_code && found.faults.contains(&Fault::PostalCodeUnknown) }
    }

    fn words(self) -> Words {
        match (self.rural, self.area) {
            (false, false) => self.place.words().into(),
            (true, false) => Words::new("code postal rural", "rural postal code"),
            (false, true) => Words::new("région d'un code postal inconnu", "area of an unknown postal code"),
            (true, true) => Words::new("région d'un code rural inconnu", "area of an unknown rural code"),
        }
    }
}

/// How far a true place was from the one found, how far it was said that it may be, and by how many addresses.
#[derive(Debug, Clone, Copy)]
struct Error {
    metres: f64,
    stated: f64,
    addresses: u64,
}

impl Error {
    fn part(self) -> f64 {
        self.metres / self.stated
    }
}

struct Limits<'a> {
    resolver: Resolver<'a>,
}

impl Limits<'_> {
    fn unit(&self, position: LonLat) -> Option<u32> {
        FixedPoint::from_lon_lat(position)
            .map(|p| self.resolver.locate(p))
            .filter(|&side| side > 0)
            .map(|side| side - 1)
    }

    fn clsc(&self, unit: u32) -> u16 {
        self.resolver.edition().clsc_of_unit[unit as usize]
    }
}

fn build(truths: &[Truth], limits: &Limits<'_>) -> Gazetteer {
    let mut builder = GazetteerBuilder::new(builtin_aliases());
    for truth in truths {
        let parsed = parse(&truth.pieces.line);
        let Some(reading) = parsed.readings.first() else { continue };
        builder
            .add(&AddressRecord {
                civic: reading.civic,
                range_end: reading.range_end,
                apartment: reading.unit.as_deref().unwrap_or(""),
                street_name: reading.street_source(&truth.pieces.line),
                street_type: "",
                direction: "",
                municipality: &truth.pieces.municipality,
                municipality_code: "",
                sector: "",
                postal_code: PostalCode::parse(&truth.pieces.postal),
                position: truth.position,
                unit: limits.unit(truth.position).unwrap(),
            })
            .unwrap();
    }
    builder.finish().unwrap()
}

/// A postal code with one character struck wrong, the first apart.
fn other_code(code: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    if letters.len() == 6 {
        let at = 1 + chance.below(5);
        let all = if letters[at].is_ascii_digit() { "0123456789" } else { "ABCEGHJKLMNPRSTVWXYZ" };
        letters[at] = all.chars().nth(chance.below(all.len())).unwrap();
    }
    letters.into_iter().collect()
}

/// The street with the type that people take for its own.
fn other_type(line: &str) -> String {
    let pairs = [("rue", "avenue"), ("avenue", "rue"), ("boulevard", "rue"), ("chemin", "rang"), ("rang", "chemin")];
    let words = line.split(' ').map(|word| {
        let plain = word.to_lowercase();
        pairs.iter().find(|(kind, _)| *kind == plain).map_or(word, |&(_, other)| other)
    });
    words.collect::<Vec<_>>().join(" ")
}

fn worse(pieces: &Pieces, chance: &mut Chance) -> String {
    let mut pieces = pieces.clone();
    for _ in 0..2 + chance.below(3) {
        match chance.below(9) {
            0 => pieces.municipality.clear(),
            1 => pieces.postal.clear(),
            2 => {
                let digits: String = pieces.line.chars().take_while(char::is_ascii_digit).collect();
                if let Ok(number) = digits.parse::<u32>() {
                    let other = number + 1 + chance.below(40) as u32;
                    pieces.line = format!("{other}{}", &pieces.line[digits.len()..]);
                }
            }
            3 => pieces.postal = other_code(&pieces.postal, chance),
            4 => pieces.line = other_type(&pieces.line),
            _ => {
                if let Some(line) = degrade::degrade(
                    &Pieces { line: pieces.line.clone(), municipality: String::new(), postal: String::new() },
                    WAYS[chance.below(WAYS.len())],
                    chance,
                ) {
                    pieces.line = line;
                }
            }
        }
    }
    pieces.text()
}

fn ask(view: &GazetteerView<'_>, limits: &Limits<'_>, truth: &Truth, text: &str, count: &mut Count) {
    count.asked += 1;
    let result = view.find_address(&parse(text));
    let best = result.best.filter(|_| result.outcome == Outcome::Matched);
    if let Some(best) = &best
        && !best.faults.iter().any(|fault| GUESSED.contains(fault))
        // A code that was struck wrong is that of another place.
        && (best.result_type != MatchType::PostalCode || best.postal_code == PostalCode::parse(&truth.pieces.postal))
        && let (Some(found), Some(truth)) = (Spot::of(best.position), Spot::of(truth.position))
    {
        let addresses = best.units.iter().map(|unit| u64::from(unit.addresses)).sum();
        let error = Error { metres: found.distance_m(truth), stated: best.uncertainty_m, addresses };
        count.errors.entry(Kind::of(best)).or_default().push(error);
    }
    let answer = best.and_then(|best| {
        let clsc = if matches!(best.result_type, MatchType::Civic | MatchType::Interpolated) {
            limits.clsc(limits.unit(best.position)?)
        } else {
            // Several CLSC are no answer; the resolution gives their shares.
            let all: HashSet<u16> = best.units.iter().map(|unit| limits.clsc(unit.unit)).collect();
            if all.len() == 1 { all.into_iter().next()? } else { return None }
        };
        Some((best.result_score, clsc, format!("{:?} {:?}", best.result_type, best.faults)))
    });
    let Some((score, clsc, faults)) = answer else {
        count.unanswered += 1;
        return;
    };
    let bin = &mut count.bins[((f64::from(score) * BINS as f64 + 1e-4) as usize).min(BINS)];
    bin.answers += 1;
    bin.right += u64::from(clsc == truth.clsc);
    let (_, bin) = count.faults.entry(faults).or_insert((score, Bin::default()));
    bin.answers += 1;
    bin.right += u64::from(clsc == truth.clsc);
}

/// Prints the sets of faults whose answers are most often righter or wronger than their score says.
fn print_faults(name: &str, count: &Count) {
    let surplus = |score: f32, bin: Bin| bin.right as f64 - f64::from(score) * bin.answers as f64;
    let mut all: Vec<(&String, f32, Bin)> =
        count.faults.iter().map(|(faults, &(score, bin))| (faults, score, bin)).collect();
    all.sort_by(|a, b| surplus(a.1, a.2).total_cmp(&surplus(b.1, b.2)));
    for (faults, score, bin) in all.into_iter().filter(|(_, _, bin)| bin.answers >= 10) {
        println!(
            "{name}: {score:.3} {:6} {:5.1} % {faults}",
            bin.answers,
            100.0 * bin.right as f64 / bin.answers as f64
        );
    }
}

/// Asks about every `step`th address.
fn run(truths: &[Truth], one_in: usize, step: usize, limits: &Limits<'_>) -> Count {
    let mut chance = Chance(20_261_123);
    let out: Vec<bool> = truths.iter().map(|_| chance.below(one_in) == 0).collect();
    let kept: Vec<Truth> = truths.iter().zip(&out).filter(|(_, out)| !**out).map(|(truth, _)| truth.clone()).collect();
    let gazetteer = build(&kept, limits);
    let view = gazetteer.view();
    let mut count = Count::default();
    for truth in truths.iter().step_by(step) {
        ask(&view, limits, truth, &truth.pieces.text(), &mut count);
        for way in WAYS {
            if let Some(text) = degrade::degrade(&truth.pieces, way, &mut chance) {
                ask(&view, limits, truth, &text, &mut count);
            }
        }
        for _ in 0..8 {
            let text = worse(&truth.pieces, &mut chance);
            ask(&view, limits, truth, &text, &mut count);
        }
    }
    count
}

fn sample(file: &str, columns: [&str; 5], limits: &Limits<'_>) -> Vec<Truth> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(file);
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("{file} is not here: left out");
        return Vec::new();
    };
    let headers = reader.headers().unwrap().clone();
    let at = columns.map(|name| headers.iter().position(|header| header == name).unwrap());
    let mut out = Vec::new();
    for row in reader.records().flatten() {
        let field = |i: usize| row[at[i]].trim().to_owned();
        let Ok(position) = LonLat::new(field(4).parse().unwrap(), field(3).parse().unwrap()) else { continue };
        let Some(unit) = limits.unit(position) else { continue };
        let pieces = Pieces { line: field(0), municipality: field(1), postal: field(2) };
        out.push(Truth { pieces, position, clsc: limits.clsc(unit) });
    }
    out
}

/// The share in percent with its 95 % interval (Wilson, 1927).
fn interval(bin: Bin) -> (f64, f64, f64) {
    let (n, p) = (bin.answers as f64, bin.right as f64 / bin.answers as f64);
    let z = 1.96;
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    (100.0 * p, 100.0 * (middle - half), 100.0 * (middle + half))
}

fn table(names: &[&str], counts: &[Count]) -> String {
    let mut out = String::from("| score |");
    for name in names {
        write!(out, " {name}: answers | right CLSC, % (95 %) |").unwrap();
    }
    out.push_str("\n|---|");
    out.push_str(&"---|---|".repeat(names.len()));
    out.push('\n');
    for bin in (0..=BINS).rev() {
        if counts.iter().all(|count| count.bins[bin].answers == 0) {
            continue;
        }
        let low = bin as f64 / BINS as f64;
        if bin == BINS {
            out.push_str("| 1 |");
        } else {
            write!(out, "| {low:.2} – {:.2} |", low + 1.0 / BINS as f64).unwrap();
        }
        for count in counts {
            let bin = count.bins[bin];
            if bin.answers == 0 {
                out.push_str(" – | – |");
            } else {
                let (share, low, high) = interval(bin);
                write!(out, " {} | {share:.1} ({low:.1} – {high:.1}) |", bin.answers).unwrap();
            }
        }
        out.push('\n');
    }
    for (name, count) in names.iter().zip(counts) {
        writeln!(
            out,
            "\n{name}: {} questions, {} of them without a single CLSC (no match, several places, several CLSC).",
            count.asked, count.unanswered
        )
        .unwrap();
    }
    out
}

fn plot(names: &[&str], counts: &[Count]) -> String {
    let (x, y) = (|score: f64| 60.0 + 400.0 * score, |share: f64| 440.0 - 4.0 * share);
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 500 500\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"500\" height=\"500\" fill=\"#fff\"/>\n",
    );
    for step in 0..=10 {
        let (part, share) = (f64::from(step) / 10.0, f64::from(step) * 10.0);
        writeln!(
            svg,
            "<path d=\"M60 {0}H460M{1} 40V440\" stroke=\"#ddd\" fill=\"none\"/><text x=\"54\" y=\"{2}\" text-anchor=\"end\">{share}</text>\
             <text x=\"{1}\" y=\"456\" text-anchor=\"middle\">{part}</text>",
            y(share),
            x(part),
            y(share) + 4.0
        )
        .unwrap();
    }
    writeln!(
        svg,
        "<path d=\"M60 440L460 40\" stroke=\"#888\" stroke-dasharray=\"4 4\"/>\n\
         <text x=\"260\" y=\"480\" text-anchor=\"middle\">Cote / score</text>\n\
         <text x=\"18\" y=\"240\" text-anchor=\"middle\" transform=\"rotate(-90 18 240)\">Bon CLSC, % / right CLSC, %</text>"
    )
    .unwrap();
    for ((name, count), (colour, row)) in names.iter().zip(counts).zip([("#1f4e99", 0.0), ("#b3541e", 1.0)]) {
        let mut line = String::new();
        for (place, &bin) in count.bins.iter().enumerate().filter(|(_, bin)| bin.answers >= 30) {
            let score = if place == BINS { 1.0 } else { (place as f64 + 0.5) / BINS as f64 };
            let (share, low, high) = interval(bin);
            write!(line, "{}{:.1} {:.1}", if line.is_empty() { "M" } else { "L" }, x(score), y(share)).unwrap();
            writeln!(
                svg,
                "<path d=\"M{0:.1} {1:.1}V{2:.1}\" stroke=\"{colour}\"/><circle cx=\"{0:.1}\" cy=\"{3:.1}\" r=\"3.5\" fill=\"{colour}\"/>",
                x(score),
                y(low),
                y(high),
                y(share)
            )
            .unwrap();
        }
        writeln!(
            svg,
            "<path d=\"{line}\" fill=\"none\" stroke=\"{colour}\"/><text x=\"300\" y=\"{}\" fill=\"{colour}\">{name}</text>",
            410.0 + 16.0 * row
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

/// Of each kind of place, how many answers lie within the uncertainty that was stated.
fn within(names: &[&str], counts: &[Count]) -> String {
    let mut out = String::from("| kind of place |");
    for name in names {
        write!(out, " {name}: answers | within `uncertainty_m`, % (95 %) |").unwrap();
    }
    out.push_str("\n|---|");
    out.push_str(&"---|---|".repeat(names.len()));
    out.push('\n');
    let kinds: BTreeSet<Kind> = counts.iter().flat_map(|count| count.errors.keys().copied()).collect();
    for kind in kinds {
        write!(out, "| {} |", kind.words().pick(Language::English)).unwrap();
        for count in counts {
            let errors = count.errors.get(&kind).map_or(&[][..], Vec::as_slice);
            if errors.is_empty() {
                out.push_str(" – | – |");
                continue;
            }
            let held = errors.iter().filter(|error| error.part() <= 1.0).count() as u64;
            let (share, low, high) = interval(Bin { answers: errors.len() as u64, right: held });
            write!(out, " {} | {share:.1} ({low:.1} – {high:.1}) |", errors.len()).unwrap();
        }
        out.push('\n');
    }
    out
}

/// Of each kind of place, the share of answers whose error is within a part of the uncertainty stated; both registries together.
fn plot_within(counts: &[Count]) -> String {
    const COLOURS: [&str; 8] = ["#1f4e99", "#b3541e", "#2e7d32", "#6a1b9a", "#00838f", "#8d6e63", "#c2185b", "#455a64"];
    let (x, y) = (|part: f64| 60.0 + 200.0 * part, |share: f64| 440.0 - 4.0 * share);
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 500 500\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"500\" height=\"500\" fill=\"#fff\"/>\n",
    );
    for step in 0..=10 {
        let (part, share) = (f64::from(step) / 5.0, f64::from(step) * 10.0);
        writeln!(
            svg,
            "<path d=\"M60 {0}H460M{1} 40V440\" stroke=\"#ddd\" fill=\"none\"/><text x=\"54\" y=\"{2}\" text-anchor=\"end\">{share}</text>\
             <text x=\"{1}\" y=\"456\" text-anchor=\"middle\">{part}</text>",
            y(share),
            x(part),
            y(share) + 4.0
        )
        .unwrap();
    }
    writeln!(
        svg,
        "<path d=\"M60 {0}H460\" stroke=\"#888\" stroke-dasharray=\"4 4\"/><path d=\"M{1} 40V440\" stroke=\"#888\" stroke-dasharray=\"4 4\"/>\n\
         <text x=\"260\" y=\"480\" text-anchor=\"middle\">Écart / uncertainty_m · error / uncertainty_m</text>\n\
         <text x=\"18\" y=\"240\" text-anchor=\"middle\" transform=\"rotate(-90 18 240)\">Réponses, % · answers, %</text>",
        y(95.0),
        x(1.0)
    )
    .unwrap();
    let kinds: BTreeSet<Kind> = counts.iter().flat_map(|count| count.errors.keys().copied()).collect();
    for ((row, kind), colour) in kinds.into_iter().enumerate().zip(COLOURS) {
        let all = counts.iter().filter_map(|count| count.errors.get(&kind)).flatten();
        let errors: Vec<f64> = all.map(|error| error.part()).collect();
        let mut line = String::new();
        for step in 0..=40 {
            let part = f64::from(step) / 20.0;
            let share = 100.0 * errors.iter().filter(|&&error| error <= part).count() as f64 / errors.len() as f64;
            write!(line, "{}{:.1} {:.1}", if step == 0 { "M" } else { "L" }, x(part), y(share)).unwrap();
        }
        writeln!(
            svg,
            "<path d=\"{line}\" fill=\"none\" stroke=\"{colour}\"/><text x=\"280\" y=\"{}\" fill=\"{colour}\">{}</text>",
            310.0 + 16.0 * row as f64,
            kind.words().pick(Language::French)
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

/// Puts a text between two marks of a page.
fn replaced(page: &str, start: &str, end: &str, with: &str) -> String {
    let from = page.find(start).unwrap() + start.len();
    let to = page.find(end).unwrap();
    format!("{}{with}{}", &page[..from], &page[to..])
}

fn main() {
    let atlas = Atlas::from_bytes(rattache::atlas::compile(rattache::demo::atlas_source()).unwrap()).unwrap();
    let limits = Limits { resolver: Resolver::new(&atlas, &EditionChoice::Latest).unwrap() };
    let view = atlas.gazetteer().unwrap();
    let demo: Vec<Truth> = (0..view.address_count())
        .filter_map(|at| {
            let entry = view.address(at)?;
            let pieces = Pieces {
                line: format!("{}, {}", entry.civic?, entry.street),
                municipality: entry.municipality,
                postal: entry.postal_code.map(|code| code.to_string()).unwrap_or_default(),
            };
            Some(Truth { pieces, position: entry.position, clsc: limits.clsc(entry.unit?) })
        })
        .collect();
    let mut real =
        sample("m02_installations_sample.csv", ["ADRESSE", "MUN_NOM", "CODE_POSTA", "LATITUDE", "LONGITUDE"], &limits);
    real.extend(sample("addresses_sample.csv", ["address", "municipality", "postal", "lat", "lon"], &limits));
    let mut names = vec!["demo"];
    let mut counts = vec![run(&demo, 10, demo.len() / 4_000 + 1, &limits)];
    if !real.is_empty() {
        names.push("real samples");
        counts.push(run(&real, 4, 1, &limits));
    }
    let table = table(&names, &counts);
    let within = within(&names, &counts);
    println!("{table}\n{within}");
    if std::env::args().any(|argument| argument == "--faults") {
        names.iter().zip(&counts).for_each(|(name, count)| print_faults(name, count));
    }
    if std::env::args().any(|argument| argument == "--errors") {
        for (name, count) in names.iter().zip(&counts) {
            for (kind, errors) in &count.errors {
                for Error { metres, stated, addresses } in errors {
                    println!("{name},{},{metres:.0},{stated:.0},{addresses}", kind.words());
                }
            }
        }
    }
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else { return };
    let page = Path::new(&folder).join("addresses.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let text = replaced(&text, "<!-- calibration -->\n", "<!-- end of calibration -->", &table);
    let text = replaced(&text, "<!-- uncertainty -->\n", "<!-- end of uncertainty -->", &within);
    std::fs::write(&page, text).unwrap();
    std::fs::write(Path::new(&folder).join("addresses-uncertainty.svg"), plot_within(&counts)).unwrap();
    std::fs::write(Path::new(&folder).join("addresses-calibration.svg"), plot(&names, &counts)).unwrap();
}
