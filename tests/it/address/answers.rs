//! Addresses, postal codes and points of service on the demo: the same answer everywhere, no more certainty than there is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use rattache::address::{AddressEntry, CompletionKind, GazetteerView, MatchType};
use rattache::atlas::{Atlas, compile};
use rattache::domain::{EditionChoice, LonLat};
use rattache::geometry::FixedPoint;
use rattache::http::Options;
use rattache::resolve::{Basis, Place, Placement, Query, Resolution, Resolver};
use serde_json::{Value, json};
use tracing_subscriber::layer::SubscriberExt as _;

use super::degrade::Chance;
use crate::http::{ask_state, demo_bytes, demo_state, get, post};

fn gazetteer(atlas: &Atlas) -> GazetteerView<'_> {
    atlas.gazetteer().unwrap()
}

/// Some addresses of the demo, the same every time.
fn sample(atlas: &Atlas, count: usize) -> Vec<AddressEntry> {
    let view = gazetteer(atlas);
    let mut chance = Chance(3);
    (0..count).map(|_| view.address(chance.below(view.address_count())).unwrap()).collect()
}

fn text(entry: &AddressEntry) -> String {
    let postal = entry.postal_code.map(|code| format!(" {code}")).unwrap_or_default();
    format!("{}, {}, {}{postal}", entry.civic.unwrap(), entry.street, entry.municipality)
}

fn answer(atlas: &Atlas, place: Place, edition: EditionChoice) -> Resolution<'_> {
    Resolver::answer(atlas, &Query { place, basis: None, edition, uncertainty_m: None }).unwrap()
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02X}"))
}

fn by_command_line(atlas: &str, arguments: &[&str]) -> Value {
    let mut out = Vec::new();
    let all =
        ["rattache", "resolve", "--atlas", atlas, "--format", "json"].into_iter().chain(arguments.iter().copied());
    rattache::cli::run(all.map(Into::into), &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn the_library_the_command_line_and_http_give_the_same_answer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.atlas");
    rattache::atlas::write(&path, demo_bytes()).unwrap();
    let path = path.to_str().unwrap();
    let served = demo_state().served();
    let entries = sample(&served.atlas, 6);
    let street = entries[1].street.clone();
    let addresses = [text(&entries[0]), format!("{street}, {}", entries[1].municipality), street, "Laval".to_owned()];
    let code = entries[2].postal_code.unwrap().to_string();
    let installation = served.atlas.manifest().installations[7].code.clone();
    let mut questions: Vec<(&str, &str, Place)> =
        addresses.iter().map(|text| ("address", text.as_str(), Place::Address(text.clone()))).collect();
    questions.push(("postal_code", &code, Place::PostalCode(code.clone())));
    questions.push(("postal_code", "H2X 9Z9", Place::PostalCode("H2X 9Z9".to_owned())));
    questions.push(("installation", &installation, Place::Installation(installation.clone())));
    let body: Vec<Value> = questions.iter().map(|(name, value, _)| json!({ *name: value })).collect();
    let many = post("/v1/resolve", serde_json::to_vec(&body).unwrap()).json();
    for (number, (name, value, place)) in questions.iter().enumerate() {
        let library = serde_json::to_string(&answer(&served.atlas, place.clone(), EditionChoice::Latest)).unwrap();
        let one = get(&format!("/v1/resolve?{name}={}", encoded(value)));
        assert_eq!((one.status, one.text()), (200, library.clone()), "{name}={value}");
        let library: Value = serde_json::from_str(&library).unwrap();
        assert_eq!(many[number], library);
        let flag = format!("--{}", name.replace('_', "-"));
        assert_eq!(by_command_line(path, &[&flag, value]), library);
    }
}

#[test]
fn every_address_of_the_demo_lies_in_the_unit_it_is_said_to_be_in() {
    let served = demo_state().served();
    let view = gazetteer(&served.atlas);
    assert!(view.address_count() >= 150_000, "{}", view.address_count());
    let index = served.atlas.index();
    for at in 0..view.address_count() {
        let entry = view.address(at).unwrap();
        let p = FixedPoint::from_lon_lat(entry.position).unwrap();
        assert_eq!(Some(index.locate(p)), entry.unit.map(|unit| unit + 1), "{}", text(&entry));
    }
}

#[test]
fn an_address_has_the_territories_of_its_position_in_every_edition() {
    let served = demo_state().served();
    let mut stable = 0;
    for entry in sample(&served.atlas, 400) {
        for edition in ["demo-2017-07-01", "demo-2022-04-01"] {
            let choice = EditionChoice::Id(edition.to_owned());
            let found = answer(&served.atlas, Place::Address(text(&entry)), choice.clone());
            let matched = found.matched.as_ref().unwrap();
            if !matched.auto_accepted {
                continue;
            }
            let radius = matched.uncertainty_m.unwrap();
            let query =
                Query { place: entry.position.into(), basis: None, edition: choice, uncertainty_m: Some(radius) };
            let there = Resolver::answer(&served.atlas, &query).unwrap();
            assert_eq!((found.lineage, found.dissemination_area), (there.lineage, there.dissemination_area));
            assert_eq!(found.certainty.as_ref().map(|c| &c.clsc), there.certainty.as_ref().map(|c| &c.clsc));
            let told: BTreeSet<&str> =
                found.territories.iter().flatten().map(|share| share.lineage.clsc.code).collect();
            assert_eq!(told, there.certainty.unwrap().clsc.iter().map(|clsc| clsc.code).collect());
            stable += 1;
        }
    }
    assert!(stable > 700, "{stable}");
}

/// What must hold of the certainty of any answer.
fn hold_certainty(answer: &Resolution<'_>) {
    let Some(territories) = &answer.territories else { return };
    let total: f64 = territories.iter().map(|share| share.share).sum();
    assert!((total - 1.0).abs() < 1e-4, "{total}");
    assert!(territories.is_sorted_by(|a, b| a.share >= b.share));
    assert!(territories.iter().all(|share| share.share > 0.0));
    let certainty = answer.certainty.as_ref().unwrap();
    if certainty.stable {
        assert_eq!(territories.len(), 1);
        assert_eq!(answer.lineage, Some(territories[0].lineage));
    } else if answer.placement == Placement::Spread {
        assert_eq!(answer.lineage, None);
    }
}

#[test]
fn shares_add_up_and_no_answer_is_surer_than_its_shares() {
    let served = demo_state().served();
    let mut ties = 0;
    for entry in sample(&served.atlas, 150) {
        let questions = [
            text(&entry),
            format!("{} {}", entry.civic.unwrap(), entry.street),
            entry.street.clone(),
            format!("{}, {}", entry.street, entry.municipality),
            entry.municipality.clone(),
        ];
        for question in questions {
            let found = answer(&served.atlas, Place::Address(question), EditionChoice::Latest);
            hold_certainty(&found);
            let report = found.matched.as_ref().unwrap();
            if report.tied > 1 {
                ties += 1;
                assert!(report.result_label.is_none() && report.result_id.is_none() && !report.auto_accepted);
                let all: BTreeSet<&str> =
                    report.alternatives.iter().flat_map(|one| &one.clsc).map(|c| c.code).collect();
                let told = found.territories.iter().flatten().map(|share| share.lineage.clsc.code).collect();
                assert_eq!(all, told);
                assert!(report.tied <= report.alternatives.len() || found.lineage.is_none());
            }
        }
    }
    assert!(ties > 10, "{ties}");
}

#[test]
fn a_postal_code_counts_every_one_of_its_addresses() {
    let served = demo_state().served();
    let view = gazetteer(&served.atlas);
    let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for at in 0..view.address_count() {
        let entry = view.address(at).unwrap();
        let area = served.atlas.unit_id(entry.unit.unwrap() as usize).to_owned();
        *counts.entry(entry.postal_code.unwrap().to_string()).or_default().entry(area).or_default() += 1;
    }
    let (mut single, mut split) = (0, 0);
    for (code, areas) in counts.iter().step_by(37) {
        let found = answer(&served.atlas, Place::PostalCode(code.clone()), EditionChoice::Latest);
        hold_certainty(&found);
        let report = found.postal_code.as_ref().unwrap();
        let told = report.dissemination_areas.iter().map(|area| (area.code.to_owned(), area.addresses)).collect();
        assert_eq!(*areas, told, "{code}");
        let status = serde_json::to_value(report.status).unwrap();
        let several = found.territories.as_ref().unwrap().len() > 1;
        assert_eq!(status, if several { "split" } else { "single" });
        if several { split += 1 } else { single += 1 }
    }
    assert!(single > 50 && split > 5, "{single} {split}");
}

#[test]
fn an_unknown_code_gives_the_spread_of_its_area_and_says_so() {
    let served = demo_state().served();
    let view = gazetteer(&served.atlas);
    let fsa = view.address(0).unwrap().postal_code.unwrap().fsa();
    let known = |code: &str| {
        let code = rattache::address::PostalCode::parse(code).unwrap();
        view.find_postal_code(code).basis == rattache::address::PostalBasis::Code
    };
    let code = (0..100).map(|n| format!("{fsa} {}Z{}", n / 10, n % 10)).find(|code| !known(code)).unwrap();
    let found = get(&format!("/v1/resolve?postal_code={}", encoded(&code))).json();
    assert_eq!(found["postal_code"]["ground"], "fsa");
    assert!(found["postal_code"]["addresses"].as_u64().unwrap() > 0);
    let elsewhere = get("/v1/resolve?postal_code=K1A0A9").json();
    assert_eq!(elsewhere["postal_code"]["ground"], "other_province");
    assert_eq!(
        (&elsewhere["placement"], &elsewhere["postal_code"]["province"]),
        (&json!("outside"), &json!("ontario"))
    );
    assert_eq!(elsewhere["lineage"], Value::Null);
}

#[test]
fn the_basis_is_recorded_and_a_point_of_service_goes_with_its_code() {
    let served = demo_state().served();
    let code = &served.atlas.manifest().installations[0].code;
    let found = get(&format!("/v1/resolve?installation={code}")).json();
    assert_eq!(found["basis"], "service_point");
    assert_eq!(found["installation"]["code"], code.as_str());
    assert_eq!(found["placement"], "inside");
    let usual = get("/v1/resolve?lat=45.5088&lon=-73.5542&basis=usual_place").json();
    assert_eq!(usual["basis"], Basis::UsualPlace.as_str());
    for (question, code) in [
        (format!("installation={code}&basis=residence"), "invalid-basis"),
        ("lat=45.5088&lon=-73.5542&basis=service_point".to_owned(), "invalid-basis"),
        ("lat=45.5088&lon=-73.5542&basis=work".to_owned(), "invalid-basis"),
        ("installation=00000000".to_owned(), "unknown-installation"),
        ("lat=45.5088&lon=-73.5542&address=Laval".to_owned(), "conflicting-parameters"),
        ("postal_code=H2X".to_owned(), "invalid-postal-code"),
    ] {
        let refused = get(&format!("/v1/resolve?{question}"));
        assert_eq!(refused.json()["code"], code, "{question}");
    }
}

/// Where the log goes in the test below.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn bad_addresses_have_each_its_own_result_and_none_is_logged() {
    let served = demo_state().served();
    let entry = &sample(&served.atlas, 1)[0];
    let long = "rue Zyxwvut ".repeat(900);
    let questions = [
        ("", "empty"),
        (" ,;. ", "empty"),
        (long.as_str(), "unreadable"),
        ("\u{1}\u{7}\u{0}", "empty"),
        ("Ottawa ON", "other_province"),
        ("99 Zyxwvut Street, Toronto, Ontario M5V 2T6", "other_province"),
        ("12 rue Zyxwvut, K1A 0A9", "other_province"),
        ("case postale 4411, Zyxwvut", "mail_only"),
        ("Zyxwvut qqqqq wwwww", "no_match"),
    ];
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
    let subscriber = tracing_subscriber::registry().with(lines).with(tracing_subscriber::filter::LevelFilter::TRACE);
    tracing::subscriber::with_default(subscriber, || {
        let body: Vec<Value> = questions.iter().map(|(address, _)| json!({ "address": address })).collect();
        let answers = post("/v1/resolve", serde_json::to_vec(&body).unwrap());
        assert_eq!(answers.status, 200);
        for ((asked, outcome), found) in questions.iter().zip(answers.json().as_array().unwrap()) {
            assert_eq!(found["match"]["outcome"], *outcome, "{asked}");
            assert_eq!(found["lineage"], Value::Null);
            if asked.len() < 1000 {
                let one = get(&format!("/v1/resolve?address={}", encoded(asked)));
                assert_eq!((one.status, one.json()), (200, found.clone()), "{asked}");
            }
        }
        // A street without a number, and a wrong type of value.
        let street =
            get(&format!("/v1/resolve?address={}", encoded(&format!("{}, {}", entry.street, entry.municipality))));
        assert_eq!(street.json()["match"]["result_type"], "street");
        let wrong = post("/v1/resolve", r#"[{"address": ["Zyxwvut"]}, {"adresse": "Zyxwvut"}]"#);
        assert_eq!(wrong.status, 200);
        assert!(get("/v1/addresses?q=Zyxwvut").status == 200);
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/v1/resolve"), "{log}");
    for word in ["Zyxwvut", "zyxwvut", "Ottawa", "K1A", entry.street.as_str(), "qqqqq"] {
        assert!(!log.contains(word) && !log.contains(&encoded(word)), "{word}: {log}");
    }
}

#[test]
fn a_position_across_the_land_limit_is_no_place_in_quebec() {
    for (lat, lon, beyond) in [
        (45.40, -75.70, "ontario"),
        (45.595, -74.604, "ontario"),
        (44.99, -72.10, "united_states"),
        (48.60, -64.10, "water"),
    ] {
        let found = get(&format!("/v1/resolve?lat={lat}&lon={lon}")).json();
        assert_eq!(
            (&found["placement"], &found["beyond"]),
            (&json!("nearest"), &json!(beyond)),
            "{lat} {lon}: {found}"
        );
    }
    let inside = get("/v1/resolve?lat=45.5088&lon=-73.5542").json();
    assert_eq!(inside["beyond"], Value::Null);
}

#[test]
fn only_the_clsc_within_the_error_are_listed_near_the_limit_of_the_province() {
    let served = demo_state().served();
    let resolver = Resolver::new(&served.atlas, &EditionChoice::Latest).unwrap();
    let mut chance = Chance(11);
    let mut farther = 0;
    for _ in 0..60_000 {
        let lat = 45.0 + chance.below(30_000) as f64 / 10_000.0;
        let lon = -79.5 + chance.below(100_000) as f64 / 10_000.0;
        let position = LonLat::new(lon, lat).unwrap();
        let p = FixedPoint::from_lon_lat(position).unwrap();
        let radius = 4_000.0;
        let near = resolver.limits().classes_within(p, radius);
        if !near.contains(&rattache::lookup::OUTSIDE) {
            continue;
        }
        let Some(certainty) = resolver.resolve(position, Some(radius)).unwrap().certainty else { continue };
        let listed = |code: &str| certainty.clsc.iter().any(|clsc| clsc.code == code);
        let code = |class: u16| resolver.lineage(class).clsc.code;
        let within: BTreeSet<&str> =
            near.iter().filter(|&&class| class != rattache::lookup::OUTSIDE).map(|&class| code(class)).collect();
        assert!(within.iter().all(|code| listed(code)));
        assert!(certainty.clsc[1..].iter().all(|clsc| within.contains(clsc.code)), "{lat} {lon}");
        let twice = resolver.limits().classes_within(p, 2.0 * radius);
        farther += usize::from(twice.len() > near.len());
        if certainty.stable {
            assert_eq!(certainty.clsc.len(), 1);
        }
    }
    assert!(farther > 20, "{farther}");
}

#[test]
fn a_street_is_only_sure_as_far_as_it_may_reach() {
    let served = demo_state().served();
    let (mut stable, mut doubtful) = (0, 0);
    for entry in sample(&served.atlas, 150) {
        for (question, sure) in [
            (format!("{}, {}", entry.street, entry.municipality), true),
            (format!("99999 {}, {}", entry.street, entry.municipality), false),
        ] {
            let found = answer(&served.atlas, Place::Address(question), EditionChoice::Latest);
            hold_certainty(&found);
            let (Some(certainty), Some(report)) = (&found.certainty, &found.matched) else { continue };
            let Some(position) = report.position else { continue };
            stable += usize::from(certainty.stable);
            doubtful += usize::from(!certainty.stable);
            // A village that lies in one CLSC is sure whatever the number: every unit of it is known.
            let village = report.result_type == Some(MatchType::Municipality);
            assert!(sure || village || !certainty.stable, "{:?}", report.result_label);
            let query = Query {
                place: position.into(),
                basis: None,
                edition: EditionChoice::Latest,
                uncertainty_m: report.uncertainty_m,
            };
            // A reach too wide to be asked about is never sure either.
            let Ok(there) = Resolver::answer(&served.atlas, &query) else {
                assert!(!certainty.stable || village, "{:?}", report.result_label);
                continue;
            };
            if certainty.stable {
                assert!(there.certainty.is_none_or(|there| there.clsc.len() == 1));
            }
        }
    }
    assert!(stable > 10 && doubtful > 100, "{stable} {doubtful}");
}

#[test]
fn two_municipalities_of_one_name_are_both_told() {
    let served = demo_state().served();
    let found = answer(&served.atlas, Place::Address("L'Ange-Gardien".to_owned()), EditionChoice::Latest);
    let report = found.matched.as_ref().unwrap();
    assert_eq!(serde_json::to_value(report.outcome).unwrap()["outcome"], "ambiguous");
    assert!(report.tied >= 2 && found.lineage.is_none());
    hold_certainty(&found);
}

#[test]
fn an_address_is_completed_as_it_is_typed() {
    let served = demo_state().served();
    let entry = &sample(&served.atlas, 3)[2];
    let typed = format!("{} {}", entry.civic.unwrap(), entry.street);
    let found = get(&format!("/v1/addresses?q={}&limit=50", encoded(&typed))).json();
    let labels: Vec<&str> =
        found["completions"].as_array().unwrap().iter().map(|one| one["label"].as_str().unwrap()).collect();
    assert!(labels.iter().any(|label| label.contains(&entry.municipality)), "{typed}: {labels:?}");
    assert_eq!(get("/v1/addresses?q=Saint-&limit=3").json()["completions"].as_array().unwrap().len(), 3);
    // Every beginning of a saint's name leads there, and so does an article whose name is still to come.
    for typed in ["s", "sa", "sai", "Sain", "saint", "saint-jer", "ST-JÉR"] {
        let found = get(&format!("/v1/addresses?q={}&limit=50", encoded(typed))).text();
        assert!(found.contains("Saint-Jérôme"), "{typed}: {found}");
    }
    for typed in ["12 rue", "12 rue des", "avenue d"] {
        let found = get(&format!("/v1/addresses?q={}", encoded(typed))).json();
        assert_eq!(found["completions"].as_array().unwrap().len(), 10, "{typed}");
    }
    for (question, status) in [("q=rue&limit=0", 400), ("q=rue&limit=1.5", 400), ("limit=3", 400), ("q=", 200)] {
        assert_eq!(get(&format!("/v1/addresses?{question}")).status, status, "{question}");
    }
}

#[test]
fn the_people_of_all_units_are_shared_between_streets_codes_and_municipalities() {
    let served = demo_state().served();
    let view = gazetteer(&served.atlas);
    let crowd = view.crowd(|unit| served.atlas.people(unit as usize));
    let units: BTreeSet<u32> =
        (0..view.address_count()).filter_map(|at| view.address(at)).filter_map(|entry| entry.unit).collect();
    let all: u64 = units.iter().map(|&unit| u64::from(served.atlas.people(unit as usize).unwrap())).sum();
    let named: BTreeSet<String> =
        (0..view.address_count()).filter_map(|at| view.address(at)).map(|entry| entry.municipality).collect();
    let towns: u64 = named
        .iter()
        .flat_map(|name| view.complete(&crowd, name, usize::MAX).into_iter().map(move |one| (name, one)))
        .filter(|(name, one)| one.kind == CompletionKind::Municipality && one.label == **name)
        .map(|(_, one)| u64::from(one.people))
        .sum();
    // Each of a thousand and some is rounded, and two of one name and size are one suggestion.
    assert!(towns.abs_diff(all) < all / 1_000, "{towns} of {all}");
    let code = view.complete(&crowd, "H2X", usize::MAX);
    assert!(code.len() > 20 && code.windows(2).all(|two| two[0].people >= two[1].people));
}

#[test]
fn an_atlas_without_addresses_says_so_and_answers_the_rest() {
    let bytes = crate::demo_atlas::altered((file!(), line!()), |source| source.addresses = None);
    let atlas = crate::http::atlas_of(&bytes);
    assert!(atlas.gazetteer().is_none());
    let position = LonLat::new(-73.5542, 45.5088).unwrap();
    assert_eq!(answer(&atlas, position.into(), EditionChoice::Latest).placement, Placement::Inside);
    let state = rattache::http::State::new(atlas, None, Options::default()).unwrap();
    for uri in ["/v1/resolve?address=Laval", "/v1/resolve?postal_code=H2X2S5", "/v1/addresses?q=Laval"] {
        let refused = ask_state(&state, Request::get(uri).body(Body::empty()).unwrap());
        assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("no-addresses")), "{uri}");
    }
}

#[test]
fn an_atlas_whose_addresses_name_units_it_does_not_hold_is_refused() {
    let mut source = rattache::demo::atlas_source();
    let mut builder = rattache::address::GazetteerBuilder::default();
    let record = rattache::address::AddressRecord {
        civic: None,
        range_end: None,
        apartment: "",
        street_name: "Principale",
        street_type: "rue",
        direction: "",
        municipality: "Laval",
        municipality_code: "",
        sector: "",
        postal_code: None,
        position: LonLat::new(-73.7, 45.6).unwrap(),
        unit: source.unit_ids.len() as u32,
    };
    builder.add(&record).unwrap();
    source.addresses = Some(builder.finish().unwrap());
    assert!(matches!(compile(source), Err(rattache::atlas::AtlasError::AddressUnits)));
}
