//! What is known of units beside their limits: recounted here from the tables themselves, and the same by every interface.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use axum::body::Body;
use axum::http::Request;
use rattache::atlas::Atlas;
use rattache::domain::Level;
use rattache::http::Options;
use rattache::revision::{Areas, FlowMatrix, Indicator, Operation, Revision, Workbench, unit_index};
use rattache::store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{run, some_revision, with};
use crate::http::{ask_state, atlas_of, demo_bytes, fresh_state};
use crate::maps::Seeded;

/// Squares about six kilometres wide as municipalities, four times that as MRC: none follows a CLSC.
fn squares(atlas: &Atlas, per_degree: f64) -> Vec<String> {
    let point = |unit: usize| atlas.points_inside()[unit];
    (0..atlas.unit_count())
        .map(|unit| {
            let (x, y) = ((point(unit).lon() * per_degree).floor(), (point(unit).lat() * per_degree).floor());
            format!("M{x}_{y}").replace('-', "o")
        })
        .collect()
}

struct Tables {
    folder: TempDir,
    atlas: Atlas,
    municipality: Vec<String>,
    mrc: Vec<String>,
    /// From, to, count.
    flows: Vec<(usize, usize, u64)>,
    gmf: Vec<(usize, usize, u64)>,
    indicator: Vec<Option<f64>>,
    addresses: Vec<u64>,
}

impl Tables {
    fn new() -> Self {
        let atlas = atlas_of(demo_bytes());
        let mut random = Seeded(11);
        let count = atlas.unit_count();
        let mut draw = |most: usize| -> Vec<(usize, usize, u64)> {
            (0..most).map(|_| (random.below(count), random.below(count), random.below(90) as u64 + 1)).collect()
        };
        let (flows, gmf) = (draw(4000), draw(3000));
        let indicator = (0..count).map(|unit| (unit % 7 != 0).then(|| (unit * 37 % 101) as f64 / 4.0)).collect();
        let addresses = (0..count).map(|unit| (unit * 13 % 50) as u64).collect();
        let (municipality, mrc) = (squares(&atlas, 16.0), squares(&atlas, 4.0));
        let tables =
            Self { folder: tempfile::tempdir().unwrap(), atlas, municipality, mrc, flows, gmf, indicator, addresses };
        tables.write();
        tables
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self) {
        let id = |unit: usize| self.atlas.unit_id(unit);
        let all = || 0..self.atlas.unit_count();
        let save = |name: &str, head: &str, rows: &mut dyn Iterator<Item = String>| {
            let body = rows.fold(format!("{head}\n"), |mut text, row| {
                let _ = writeln!(text, "{row}");
                text
            });
            std::fs::write(self.path(name), body).unwrap();
        };
        save(
            "municipalites.csv",
            "DAUID,CSDUID,CSDNAME,CDUID,CDNAME",
            &mut all().map(|unit| {
                let (own, mrc) = (&self.municipality[unit], &self.mrc[unit]);
                format!("{},{own},Ville {own},{mrc},MRC {mrc}", id(unit))
            }),
        );
        save(
            "indice.csv",
            "DAUID;défavorisation",
            &mut all().map(|unit| {
                let value = self.indicator[unit].map_or(String::new(), |value| value.to_string().replace('.', ","));
                format!("{};{value}", id(unit))
            }),
        );
        for (name, list) in [("navette.csv", &self.flows), ("gmf.csv", &self.gmf)] {
            save(name, "from,to,count", &mut list.iter().map(|&(from, to, n)| format!("{},{},{n}", id(from), id(to))));
        }
        save("adresses.csv", "unit,count", &mut all().map(|unit| format!("{},{}", id(unit), self.addresses[unit])));
    }

    fn flags(&self) -> Vec<String> {
        let pairs = [
            ("--municipalities", "municipalites.csv"),
            ("--indicator", "indice.csv"),
            ("--flows", "navette.csv"),
            ("--gmf", "gmf.csv"),
            ("--addresses", "adresses.csv"),
        ];
        pairs.iter().flat_map(|(flag, file)| [(*flag).to_owned(), self.path(file)]).collect()
    }

    fn simulated(&self, revision: &Revision, more: &[&str]) -> String {
        let file = self.path("essai.toml");
        std::fs::write(&file, revision.to_toml().unwrap()).unwrap();
        let flags = self.flags();
        let mut words = vec!["revision", "simulate", &file];
        words.extend(flags.iter().map(String::as_str));
        words.extend(more);
        run(&words).unwrap()
    }

    fn people(&self, unit: usize) -> u64 {
        u64::from(self.atlas.people(unit).unwrap_or(0))
    }

    /// The CLSC of each unit, by code, before and after.
    fn homes(&self, revision: &Revision) -> [Vec<String>; 2] {
        let base = self.atlas.edition(self.atlas.edition_count() - 1).to_edition();
        let after = revision.apply(&base, &unit_index(&self.atlas)).unwrap().edition;
        [base, after].map(|edition| {
            let list = edition.hierarchy.territories(Level::Clsc);
            edition.attachment.as_slice().iter().map(|&clsc| list[usize::from(clsc)].code.to_string()).collect()
        })
    }
}

/// What a criterion measured of one CLSC.
fn measured<'a>(clsc: &'a Value, id: &str) -> Vec<&'a Value> {
    clsc["measures"].as_array().unwrap().iter().filter(|known| known["criterion"] == id).collect()
}

fn cuts_of<'a>(clsc: &'a Value, id: &str) -> &'a [Value] {
    measured(clsc, id).first().and_then(|known| known["value"]["cut"].as_array()).map_or(&[], Vec::as_slice)
}

/// Areas with units inside and outside of a set, with their people inside and outside: counted area by area.
fn cut(tables: &Tables, areas: &[String], inside: &BTreeSet<usize>) -> Value {
    let mut sums: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    let mut sides: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
    for (unit, area) in areas.iter().enumerate() {
        let own = inside.contains(&unit);
        sums.entry(area).or_default()[usize::from(!own)] += tables.people(unit);
        sides.entry(area).or_default().insert(own);
    }
    let list = sums.iter().filter(|(area, _)| sides[*area].len() == 2);
    list.map(|(area, [inside, outside])| json!([area, inside, outside])).collect()
}

#[test]
fn municipalities_mrc_flows_and_indicators_of_an_impact_are_those_of_a_recount_from_the_tables() {
    let tables = Tables::new();
    let revision = some_revision(&tables.atlas);
    let told: Value = serde_json::from_str(&tables.simulated(&revision, &["--format", "json"])).unwrap();
    let homes = tables.homes(&revision);
    let (mut cuts_seen, mut changed) = (0, 0);
    for known in told["impact"]["criteria"].as_array().unwrap() {
        for (side, homes) in ["before", "after"].into_iter().zip(&homes) {
            let Some(code) = known[side]["code"].as_str() else { continue };
            let inside: BTreeSet<usize> = (0..homes.len()).filter(|&unit| homes[unit] == code).collect();
            for (field, areas, name) in [("municipalities", &tables.municipality, "Ville"), ("mrc", &tables.mrc, "MRC")]
            {
                let list = cuts_of(&known[side], field);
                assert_eq!(measured(&known[side], field)[0]["value"]["known_share"], 1.0);
                let short: Vec<Value> =
                    list.iter().map(|cut| json!([cut["code"], cut["people_inside"], cut["people_outside"]])).collect();
                assert_eq!(json!(short), cut(&tables, areas, &inside), "{code} {side} {field}");
                cuts_seen += list.len();
                assert!(list.iter().all(|cut| cut["name"] == format!("{name} {}", cut["code"].as_str().unwrap())));
            }
            let small = cuts_of(&known[side], "municipalities").iter().filter(|cut| {
                cut["people_inside"].as_u64().unwrap() + cut["people_outside"].as_u64().unwrap() <= 50_000
            });
            let grade = ["good", "fair", "weak", "weak"].get(small.count()).copied().unwrap_or("poor");
            assert_eq!(measured(&known[side], "municipalities")[0]["grade"], grade, "{code} {side}");
            let drives = known[side]["drivers"].as_array().unwrap().contains(&json!("municipalities"));
            assert_eq!(drives, grade != "good" && known[side]["grade"] == grade, "{code} {side}");
            for (id, list) in [("flows", &tables.flows), ("gmf", &tables.gmf)] {
                let kept = &measured(&known[side], id)[0]["value"];
                let total: u64 = list.iter().filter(|flow| inside.contains(&flow.0)).map(|flow| flow.2).sum();
                let both = list.iter().filter(|flow| inside.contains(&flow.0) && inside.contains(&flow.1));
                assert_eq!(
                    (&kept["total"], &kept["inside"]),
                    (&json!(total), &json!(both.map(|flow| flow.2).sum::<u64>()))
                );
            }
            let values: Vec<(f64, f64)> = (inside.iter())
                .filter_map(|&unit| tables.indicator[unit].map(|value| (value, tables.people(unit) as f64)))
                .collect();
            let weight: f64 = values.iter().map(|value| value.1).sum();
            let mean = values.iter().map(|value| value.0 * value.1).sum::<f64>() / weight;
            let variance = values.iter().map(|value| (value.0 - mean).powi(2) * value.1).sum::<f64>() / weight;
            let indicator = measured(&known[side], "indicators")[0];
            assert_eq!(indicator["of"], "défavorisation");
            let spread = &indicator["value"];
            assert!((spread["mean"].as_f64().unwrap() - mean).abs() < 1e-9);
            assert!((spread["deviation"].as_f64().unwrap() - variance.sqrt()).abs() < 1e-9);
            let far = |value: f64| (value - mean).abs();
            let named = spread["contrasted"].as_array().unwrap();
            let least = far(named.last().unwrap()[1].as_f64().unwrap());
            assert!(values.iter().filter(|value| far(value.0) > least + 1e-9).count() < named.len());
        }
        changed += usize::from(
            known["before"].is_object()
                && known["after"].is_object()
                && measured(&known["before"], "municipalities") != measured(&known["after"], "municipalities"),
        );
    }
    assert!(cuts_seen > 20 && changed > 2, "{cuts_seen} {changed}");

    // What the page and the text say is the same.
    let (french, english) = (tables.simulated(&revision, &[]), tables.simulated(&revision, &["--lang", "en"]));
    for wanted in [
        "municipalités partagées",
        "MRC ou divisions",
        "flux gardés à l’intérieur, navette",
        "défavorisation",
        "adresses",
    ] {
        assert!(french.contains(wanted), "{wanted}: {french}");
    }
    assert!(english.contains("municipalities shared: ") && english.contains("flows kept inside, navette"), "{english}");
    let page = tables.path("dossier.html");
    tables.simulated(&revision, &["--report", &page]);
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("Municipalités partagées"), "all was given but travel times");
    let aside = page.split("Non pesés").nth(1).map(|rest| rest.split("</p>").next().unwrap_or_default());
    assert!(aside.is_none_or(|aside| !aside.contains("flux") && !aside.contains("municipalités")), "{aside:?}");
    let bare = tables.path("nu.html");
    let file = tables.path("essai.toml");
    run(&["revision", "simulate", &file, "--report", &bare]).unwrap();
    let bare = std::fs::read_to_string(bare).unwrap();
    let aside = bare.split("Non pesés, faute de données").nth(1).expect("what is not weighed is said");
    assert!(aside.contains("les bassins de services et de navettage"), "{aside}");
}

#[test]
fn over_http_the_tables_of_units_weigh_as_they_do_on_the_command_line() {
    let tables = Tables::new();
    let revision = some_revision(&tables.atlas);
    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open(&tables.folder.path().join("store")).unwrap()).unwrap();
    let count = tables.atlas.unit_count();
    let areas = |codes: &[String], name: &str| {
        let mut areas = Areas::from_codes(codes.iter().map(|code| Some(code.as_str())));
        areas.rename(|code| Some(format!("{name} {code}")));
        areas
    };
    let matrix = |name: &str, list: &[(usize, usize, u64)]| {
        let counts: Vec<(u32, u32, u64)> = list.iter().map(|&(a, b, n)| (a as u32, b as u32, n)).collect();
        FlowMatrix::new(name, count, &counts)
    };
    let known = (areas(&tables.municipality, "Ville"), areas(&tables.mrc, "MRC"));
    let flows = (matrix("navette", &tables.flows), matrix("gmf", &tables.gmf));
    let (indicator, addresses) = (tables.indicator.clone(), tables.addresses.clone());
    state
        .equip(Box::new(move |_, bench| {
            let facts = &mut bench.facts;
            facts.municipalities = Some(known.0.clone());
            facts.mrc = Some(known.1.clone());
            facts.flows = vec![flows.0.clone()];
            facts.gmf = Some(flows.1.clone());
            facts.indicators = vec![Indicator { name: "défavorisation".into(), values: indicator.clone() }];
            facts.addresses = Some(addresses.iter().map(|&count| Some(count)).collect());
            Ok(())
        }))
        .unwrap();
    let body = json!({ "name": "Essai", "operations": revision.operations }).to_string();
    let request = Request::post("/v1/revisions").header("content-type", "application/json").body(body.into()).unwrap();
    assert_eq!(ask_state(&state, request).status, 200);
    let read = |uri: &str| ask_state(&state, Request::get(uri).body(Body::empty()).unwrap()).json();
    let told: Value = serde_json::from_str(&tables.simulated(&revision, &["--format", "json"])).unwrap();
    let served = read("/v1/revisions/rev-1/impact");
    for part in ["criteria", "levels", "in_range"] {
        assert_eq!(served["impact"][part], told["impact"][part], "{part}");
    }
    assert_eq!(served["weighed"], told["weighed"]);
    let measures: Vec<&str> =
        served["weighed"].as_array().unwrap().iter().map(|known| known["measure"].as_str().unwrap()).collect();
    assert!(measures.contains(&"municipalities_cut") && measures.contains(&"mrc_cut"), "{measures:?}");
    for (measure, id) in [("municipalities_cut", "municipalities"), ("mrc_cut", "mrc")] {
        let weighed = served["weighed"].as_array().unwrap().iter().find(|known| known["measure"] == measure).unwrap();
        for side in ["before", "after"] {
            let codes: BTreeSet<&str> = (served["impact"]["criteria"].as_array().unwrap().iter())
                .filter(|known| known[side].is_object())
                .flat_map(|known| cuts_of(&known[side], id))
                .map(|cut| cut["code"].as_str().unwrap())
                .collect();
            assert_eq!(weighed[side].as_f64(), Some(codes.len() as f64), "{measure} {side}");
        }
    }
    // Comparing with the base is the impact, with what earlier editions moved.
    let compared = read(&format!("/v1/revisions/{}/compare?with=rev-1", revision.base));
    assert_eq!(compared["levels"], served["impact"]["levels"]);
    assert!(compared["levels"][0]["affected"]["people_moved_before"].is_u64());
}

#[test]
fn proposals_weigh_the_municipalities_they_cut_and_count_them_right() {
    let tables = Tables::new();
    let written = tables.path("propositions");
    let municipalities = tables.path("municipalites.csv");
    let words = ["revision", "propose", "--tries", "400000", "--format", "json"];
    let flags = ["--municipalities", &municipalities, "--write", &written];
    let outcome: Value = serde_json::from_str(&run(&[words.as_slice(), &flags].concat()).unwrap()).unwrap();
    let shared = |homes: &[String]| {
        let mut clsc: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (area, home) in tables.municipality.iter().zip(homes) {
            clsc.entry(area).or_default().insert(home);
        }
        clsc.values().filter(|clsc| clsc.len() > 1).count() as u64
    };
    let proposals = outcome["proposals"].as_array().unwrap();
    for (number, proposal) in (1..).zip(proposals) {
        let file = tables.folder.path().join(format!("propositions/proposition-{number:02}.toml"));
        let revision = Revision::from_toml(&std::fs::read_to_string(file).unwrap()).unwrap();
        let [before, after] = tables.homes(&revision);
        assert_eq!(proposal["score"]["municipalities_cut"], shared(&after), "proposal {number}");
        assert_eq!(outcome["today"]["municipalities_cut"], shared(&before));
    }
    // Some are kept for the sake of municipalities alone: in all else another is as good.
    let met = |one: &Value, other: &Value, keys: &[&str]| {
        other["in_range"].as_u64() >= one["in_range"].as_u64()
            && keys.iter().all(|key| other[key].as_u64() <= one[key].as_u64())
    };
    let others = ["moved_people", "upper_disturbed", "series_broken"];
    let all = ["moved_people", "upper_disturbed", "series_broken", "municipalities_cut"];
    let beaten = |keys: &[&str]| {
        let pairs = proposals.iter().flat_map(|one| proposals.iter().map(move |other| (one, other)));
        pairs.filter(|(one, other)| one != other && met(&one["score"], &other["score"], keys)).count()
    };
    assert_eq!(beaten(&all), 0, "{proposals:#?}");
    assert!(beaten(&others) > 0, "municipalities decided nothing");
}

#[test]
fn an_atlas_with_addresses_knows_the_municipality_and_the_addresses_of_its_units() {
    let atlas = atlas_of(demo_bytes());
    let bench = Workbench::new(&atlas);
    let registry = atlas.gazetteer().unwrap();
    let mut counts = vec![0_u64; atlas.unit_count()];
    let mut names: Vec<BTreeMap<String, u64>> = vec![BTreeMap::new(); atlas.unit_count()];
    for address in (0..registry.address_count()).filter_map(|at| registry.address(at)) {
        if let Some(unit) = address.unit {
            counts[unit as usize] += 1;
            *names[unit as usize].entry(address.municipality).or_default() += 1;
        }
    }
    // Where people live and no address stands, the registry says nothing.
    let told = bench.facts.addresses.as_ref().unwrap();
    for (unit, &count) in counts.iter().enumerate() {
        let known = count > 0 || atlas.people(unit) == Some(0);
        assert_eq!(told[unit], known.then_some(count));
    }
    assert!(told.iter().any(Option::is_none));
    let areas = bench.facts.municipalities.as_ref().unwrap();
    let mut known = 0;
    for (unit, names) in names.iter().enumerate() {
        let told = areas.of_unit[unit].map(|area| areas.names[area as usize].1.as_str());
        let most = names.values().max();
        assert_eq!(told.is_some(), most.is_some());
        if let (Some(told), Some(most)) = (told, most) {
            // A label may add the part of the municipality; what is told must be among those with most addresses.
            let fits = names.iter().any(|(name, count)| name.contains(told) && (count == most || names.len() > 1));
            assert!(fits, "{told} {names:?}");
            known += 1;
        }
    }
    assert!(known > 500 && areas.names.len() > 5, "{known} {:?}", areas.names.len());

    let revision = with(&atlas, some_revision(&atlas).operations.swap_remove(0));
    let Operation::MoveUnits { transfers } = &revision.operations[0] else { panic!() };
    let moved: u64 =
        (transfers.iter().flat_map(|to| &to.units)).map(|unit| counts[atlas.find_unit(unit.as_str()).unwrap()]).sum();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("essai.toml").display().to_string();
    std::fs::write(&file, revision.to_toml().unwrap()).unwrap();
    let told: Value =
        serde_json::from_str(&run(&["revision", "simulate", &file, "--format", "json"]).unwrap()).unwrap();
    let affected = &told["impact"]["levels"][0]["affected"];
    let share = affected["addresses_known_share"].as_f64().unwrap();
    assert_eq!(affected["addresses"], if share > 0.0 { json!(moved) } else { Value::Null });
    let sides = told["impact"]["criteria"].as_array().unwrap().iter().map(|known| &known["before"]);
    let known: Vec<bool> = sides.map(|side| !measured(side, "municipalities").is_empty()).collect();
    assert!(known.contains(&true), "{known:?}");
}

#[test]
fn the_example_dossiers_hold_no_installation_of_the_sample_register() {
    let register = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/m02_installations_sample.csv");
    let Ok(register) = std::fs::read(register) else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(register.as_slice());
    let head: Vec<String> = table.headers().unwrap().iter().map(str::to_uppercase).collect();
    let columns: Vec<usize> =
        (0..head.len()).filter(|&at| head[at].contains("INSTAL") && !head[at].contains("DATE")).collect();
    let words: BTreeSet<String> = (table.records().map(Result::unwrap))
        .flat_map(|row| columns.iter().map(|&at| row[at].trim().to_owned()).collect::<Vec<_>>())
        .filter(|word| word.len() >= 8)
        .collect();
    assert!(words.len() > 400, "{head:?}");
    let pages = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/revisions")).unwrap();
    let mut read = 0;
    for page in pages.map(|entry| entry.unwrap().path()) {
        let text = std::fs::read_to_string(&page).unwrap();
        let found: Vec<&String> = words.iter().filter(|word| text.contains(word.as_str())).collect();
        assert!(found.is_empty(), "{}: {found:?}", page.display());
        read += 1;
    }
    assert!(read >= 6);
}
