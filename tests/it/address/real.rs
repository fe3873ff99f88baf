//! Real addresses as the registry, each asked back clean and degraded: what is taken, and what of it is right.

use std::collections::BTreeMap;
use std::path::Path;

use rattache::address::{
    AddressRecord, Gazetteer, GazetteerBuilder, GazetteerView, NO_UNIT, PostalCode, Remark, Spot, builtin_aliases,
    parse,
};
use rattache::domain::LonLat;

use super::degrade::{Chance, Pieces, WAYS, degrade};

/// A row of a register: its pieces and every point the register gives for that very text.
pub struct Truth {
    pieces: Pieces,
    spots: Vec<Spot>,
}

/// Answers within this of a true point are right.
const RIGHT_M: f64 = 80.0;

pub fn rows(file: &str, columns: [&str; 5]) -> Option<Vec<(Pieces, LonLat)>> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(file);
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("skipped: {file} is not here");
        return None;
    };
    let headers = reader.headers().unwrap().clone();
    let at = columns.map(|name| headers.iter().position(|header| header == name).unwrap());
    let mut out = Vec::new();
    for row in reader.records() {
        let row = row.unwrap();
        let field = |i: usize| row[at[i]].trim().to_owned();
        let Ok(position) = LonLat::new(field(4).parse().unwrap(), field(3).parse().unwrap()) else { continue };
        out.push((Pieces { line: field(0), municipality: field(1), postal: field(2) }, position));
    }
    Some(out)
}

pub fn build(rows: &[(Pieces, LonLat)]) -> (Gazetteer, Vec<Truth>) {
    let mut builder = GazetteerBuilder::new(builtin_aliases());
    let mut truths: BTreeMap<String, Truth> = BTreeMap::new();
    for (pieces, position) in rows {
        let Some(spot) = Spot::of(*position) else { continue };
        let parsed = parse(&pieces.line);
        let Some(reading) = parsed.readings.first() else { continue };
        // A box is no municipality.
        let mail = parse(&pieces.municipality).remarks.iter().any(|remark| matches!(remark, Remark::PoBox));
        builder
            .add(&AddressRecord {
                civic: reading.civic,
                range_end: reading.range_end,
                apartment: reading.unit.as_deref().unwrap_or(""),
                street_name: reading.street_source(&pieces.line),
                street_type: "",
                direction: "",
                municipality: if mail { "" } else { &pieces.municipality },
                municipality_code: "",
                sector: "",
                postal_code: PostalCode::parse(&pieces.postal),
                position: *position,
                unit: NO_UNIT,
            })
            .unwrap();
        if reading.civic.is_none() {
            continue;
        }
        let truth = truths
            .entry(pieces.text().to_lowercase())
            .or_insert_with(|| Truth { pieces: pieces.clone(), spots: Vec::new() });
        truth.spots.push(spot);
    }
    (builder.finish().unwrap(), truths.into_values().collect())
}

#[derive(Default)]
struct Count {
    asked: usize,
    accepted: usize,
    right: usize,
    sure_and_wrong: usize,
}

fn ask(view: &GazetteerView<'_>, truth: &Truth, text: &str, count: &mut Count, failures: &mut Vec<String>, way: &str) {
    let result = view.find_address(&parse(text));
    count.asked += 1;
    let best = result.best.as_ref();
    let right = best.is_some_and(|best| {
        let spot = Spot::of(best.position).unwrap();
        truth.spots.iter().any(|true_spot| true_spot.distance_m(spot) < RIGHT_M)
    });
    if result.is_auto_accepted() {
        count.accepted += 1;
        count.right += usize::from(right);
    }
    if !right && best.is_some_and(|best| best.result_score >= 1.0) {
        count.sure_and_wrong += 1;
    }
    if !right || !result.is_auto_accepted() {
        let said = best.map(|best| format!("{} {} {:?}", best.result_label, best.result_score, best.faults));
        failures.push(format!("{way} right={right} [{text}] -> {:?} {said:?}", result.outcome));
    }
}

fn hold(name: &str, rows: &[(Pieces, LonLat)]) {
    let (gazetteer, truths) = build(rows);
    let view = gazetteer.view();
    let mut failures = Vec::new();
    let mut clean = Count::default();
    for truth in &truths {
        ask(&view, truth, &truth.pieces.text(), &mut clean, &mut failures, "clean");
    }
    let mut chance = Chance(20_261_123);
    let mut all = Count::default();
    for way in WAYS {
        let mut count = Count::default();
        for truth in &truths {
            if let Some(text) = degrade(&truth.pieces, way, &mut chance) {
                ask(&view, truth, &text, &mut count, &mut failures, way);
            }
        }
        println!(
            "{name} {way}: {} asked, {:.2} % accepted, {} of them wrong",
            count.asked,
            100.0 * count.accepted as f64 / count.asked.max(1) as f64,
            count.accepted - count.right
        );
        all.asked += count.asked;
        all.accepted += count.accepted;
        all.right += count.right;
        all.sure_and_wrong += count.sure_and_wrong;
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "{name}: clean {} asked, {:.2} % accepted, {:.2} % of them right; degraded {} asked, {:.2} % accepted, {:.2} % of them right",
        clean.asked,
        share(clean.accepted, clean.asked),
        share(clean.right, clean.accepted),
        all.asked,
        share(all.accepted, all.asked),
        share(all.right, all.accepted)
    );
    if let Ok(path) = std::env::var("ADDRESS_FAILURES") {
        std::fs::write(format!("{path}.{name}"), failures.join("\n")).unwrap();
    }
    assert_eq!(clean.sure_and_wrong + all.sure_and_wrong, 0);
    assert!(share(clean.right + all.right, clean.accepted + all.accepted) >= 99.5);
    assert!(share(clean.accepted, clean.asked) >= 97.0);
    assert!(share(all.accepted, all.asked) >= 92.0);
}

#[test]
fn real_installations_are_found_in_the_spelling_people_use() {
    let columns = ["ADRESSE", "MUN_NOM", "CODE_POSTA", "LATITUDE", "LONGITUDE"];
    if let Some(rows) = rows("m02_installations_sample.csv", columns) {
        hold("installations", &rows);
    }
}

#[test]
fn real_addresses_are_found_in_the_spelling_people_use() {
    let columns = ["address", "municipality", "postal", "lat", "lon"];
    if let Some(rows) = rows("addresses_sample.csv", columns) {
        hold("addresses", &rows);
    }
}

/// Asks for addresses whose number and street were taken out of the registry: whatever is taken is then wrong.
fn hold_out(name: &str, rows: &[(Pieces, LonLat)]) {
    // All rows of one number leave together.
    let key = |pieces: &Pieces| {
        let parsed = parse(&pieces.line);
        parsed.readings.first().map(|one| format!("{:?} {}", one.civic, one.street_text())).unwrap_or_default()
    };
    let out = |pieces: &Pieces| key(pieces).bytes().map(usize::from).sum::<usize>().is_multiple_of(4);
    let kept: Vec<(Pieces, LonLat)> = rows.iter().filter(|(pieces, _)| !out(pieces)).cloned().collect();
    let (gazetteer, _) = build(&kept);
    let (_, truths) = build(rows);
    let mut chance = Chance(7);
    let mut failures = Vec::new();
    let mut count = Count::default();
    for truth in truths.iter().filter(|truth| out(&truth.pieces)) {
        ask(&gazetteer.view(), truth, &truth.pieces.text(), &mut count, &mut failures, "clean");
        for way in WAYS {
            if let Some(text) = degrade(&truth.pieces, way, &mut chance) {
                ask(&gazetteer.view(), truth, &text, &mut count, &mut failures, way);
            }
        }
    }
    let wrong = count.accepted - count.right;
    println!("{name}: {} asked that are not there, {} taken, {wrong} of them wrong", count.asked, count.accepted);
    if let Ok(path) = std::env::var("ADDRESS_FAILURES") {
        failures.retain(|line| line.contains("Matched") && !line.contains("CivicUnknown"));
        std::fs::write(format!("{path}.out.{name}"), failures.join("\n")).unwrap();
    }
    assert_eq!(count.sure_and_wrong, 0);
    assert!(wrong * 100 <= count.asked, "{wrong} of {}", count.asked);
}

#[test]
fn an_address_that_is_not_in_the_registry_is_hardly_ever_taken_for_another() {
    if let Some(rows) =
        rows("m02_installations_sample.csv", ["ADRESSE", "MUN_NOM", "CODE_POSTA", "LATITUDE", "LONGITUDE"])
    {
        hold_out("installations", &rows);
    }
    if let Some(rows) = rows("addresses_sample.csv", ["address", "municipality", "postal", "lat", "lon"]) {
        hold_out("addresses", &rows);
    }
}
