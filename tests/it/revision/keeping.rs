//! A store by the command line: what `/v1/revisions` does, with the same answers and refusals.

use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use rattache::atlas::Atlas;
use rattache::domain::{Level, UnitId};
use rattache::http::Options;
use rattache::revision::{NewClsc, Operation, Parent, Parents, Revision, Transfer};
use rattache::store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{code, run, some_revision, with};
use crate::http::{ask_state, atlas_of, demo_bytes, fresh_state};

struct Desk {
    folder: TempDir,
    atlas: Atlas,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), atlas: atlas_of(demo_bytes()) }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn saved(&self, name: &str, revision: &Revision) -> String {
        let file = self.path(name);
        std::fs::write(&file, revision.to_toml().unwrap()).unwrap();
        file
    }

    /// Runs a command on the store, with the demo as atlas.
    fn run(&self, words: &[&str]) -> Result<String, String> {
        run(&[&["revision"], words, &["--store", &self.path("store")]].concat())
    }

    /// Runs a command that needs no atlas.
    fn bare(&self, words: &[&str]) -> Result<String, String> {
        bare(&[&["revision"], words, &["--store", &self.path("store")]].concat())
    }

    fn shown(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.bare(&[&["show"], words, &["--format", "json"]].concat()).unwrap()).unwrap()
    }
}

fn bare(words: &[&str]) -> Result<String, String> {
    let mut out = Vec::new();
    match rattache::cli::run(["rattache"].iter().chain(words).map(Into::into), &mut out) {
        Ok(_) => Ok(String::from_utf8(out).unwrap()),
        Err(error) => {
            let mut told = Vec::new();
            rattache::cli::report(&error, rattache::domain::Language::English, &mut told);
            Err(String::from_utf8(told).unwrap())
        }
    }
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_revision_lives_its_whole_life_on_the_command_line() {
    let desk = Desk::new();
    let revision = some_revision(&desk.atlas);
    let first = Revision { operations: revision.operations[..1].to_vec(), ..revision.clone() };
    let rest = Revision { operations: revision.operations[1..].to_vec(), ..revision.clone() };
    let (first, rest) = (desk.saved("debut.toml", &first), desk.saved("suite.toml", &rest));

    let made = desk.run(&["create", &first, "--author", "Ada"]).unwrap();
    assert!(made.contains("rev-1") && made.contains("en rédaction") && made.contains("Essai à l'étude"), "{made}");
    assert!(made.contains(" au CLSC "), "{made}");
    desk.run(&["append", "rev-1", &rest, "--author", "Grace", "--version", "1"]).unwrap();
    let late = desk.run(&["append", "rev-1", &rest, "--author", "Ada", "--version", "1"]).unwrap_err();
    assert!(late.contains("is at version 2, not 1"), "{late}");
    assert_eq!(desk.shown(&["rev-1"])["operations"], serde_json::to_value(&revision.operations).unwrap());
    assert_eq!(desk.shown(&["rev-1", "--version", "1"])["operations"].as_array().unwrap().len(), 1);

    desk.run(&["undo", "rev-1", "--author", "Ada"]).unwrap();
    assert_eq!(desk.shown(&["rev-1"])["redoable"], 1);
    assert!(desk.run(&["undo", "rev-1", "--author", "Ada"]).unwrap_err().contains("nothing to undo"));
    desk.run(&["redo", "rev-1", "--author", "Ada", "--version", "3"]).unwrap();
    let said = desk.run(&["comment", "rev-1", "Vu avec la santé publique.", "--author", "Grace"]).unwrap();
    assert!(said.contains("Grace : Vu avec la santé publique."), "{said}");
    let copy = desk.bare(&["duplicate", "rev-1", "--author", "Lin"]).unwrap();
    assert!(copy.contains("rev-2") && copy.contains("(copie) (Lin)"), "{copy}");

    assert!(desk.run(&["publish", "rev-1", "--author", "Ada", "--valid-from", "2031-04-01"]).is_err());
    for words in [&["submit", "rev-1"][..], &["decide", "rev-1", "in_analysis"], &["decide", "rev-1", "accepted"]] {
        desk.run(&[words, &["--author", "Ada"]].concat()).unwrap();
    }
    assert!(desk.run(&["decide", "rev-1", "published", "--author", "Ada"]).unwrap_err().contains("in_analysis"));
    let settled = desk.run(&["append", "rev-1", &rest, "--author", "Ada"]).unwrap_err();
    assert!(settled.contains("settled"), "{settled}");
    let publish =
        |id: &str, day: &str| desk.run(&["publish", id, "--author", "Ada", "--valid-from", day, "--official"]);
    assert!(publish("rev-1", "2022-04-01").unwrap_err().contains("begins that very day"));
    assert!(publish("rev-1", "1990-01-01").unwrap_err().contains("no edition is in force then"));
    publish("rev-1", "2031-04-01").unwrap();
    let list = desk.bare(&["list", "--lang", "en"]).unwrap();
    assert!(list.lines().count() == 2 && list.contains("published") && list.contains("being written"), "{list}");
    assert_eq!(desk.bare(&["list", "--state", "draft"]).unwrap().lines().count(), 1);
    let listed = |words: &[&str]| {
        run(&[&["territories", "--level", "clsc", "--store", &desk.path("store")], words].concat()).unwrap()
    };
    assert!(listed(&["--edition", "latest"]).contains("Territoire réuni"));
    assert!(!listed(&[]).contains("Territoire réuni"), "it holds from 2031 only");

    // What starts from the same base would undo it, before it as after it.
    let twin = json_of(&desk.bare(&["duplicate", "rev-1", "--author", "Lin", "--format", "json"]).unwrap());
    let twin = twin["id"].as_str().unwrap();
    for words in [&["submit", twin][..], &["decide", twin, "in_analysis"], &["decide", twin, "accepted"]] {
        desk.run(&[words, &["--author", "Lin"]].concat()).unwrap();
    }
    for day in ["2031-04-01", "2032-01-01"] {
        let refused = publish(twin, day).unwrap_err();
        assert!(refused.contains("\"rev-1\" is in force then"), "{refused}");
    }
    let refused = publish(twin, "2031-03-31").unwrap_err();
    assert!(refused.contains("\"rev-1\" holds from 2031-04-01"), "{refused}");

    // The next one starts from it; one that is not published starts nothing.
    let next = desk.run(&["create", "--name", "Suite", "--author", "Ada", "--format", "json"]).unwrap();
    assert_eq!((&json_of(&next)["base"], &json_of(&next)["id"]), (&json!("rev-1"), &json!("rev-4")));
    let on_draft = desk.run(&["create", "--name", "Suite", "--author", "Ada", "--edition", "rev-2"]).unwrap_err();
    assert!(on_draft.contains("\"rev-2\" is not published"), "{on_draft}");
    let history = desk.run(&["history", "rev-1"]).unwrap();
    assert!(history.contains("Vu avec la santé publique.") && history.contains("26 "), "{history}");
}

#[test]
fn the_id_of_a_stored_revision_means_what_its_file_means() {
    let desk = Desk::new();
    let mut revision = some_revision(&desk.atlas);
    "rev-1".clone_into(&mut revision.id);
    let file = desk.saved("rev.toml", &revision);
    desk.run(&["create", &file, "--author", "Ada"]).unwrap();

    let simulate = |words: &[&str]| {
        let report = desk.path("dossier.html");
        let affected = desk.path("touches.csv");
        let flags = ["--report", &report, "--affected", &affected, "--format", "json"];
        let answer = run(&[&["revision", "simulate"], words, &flags].concat()).unwrap();
        (answer, std::fs::read_to_string(&report).unwrap(), std::fs::read_to_string(&affected).unwrap())
    };
    let store = desk.path("store");
    let (by_id, by_file) = (simulate(&["rev-1", "--store", &store]), simulate(&[&file]));
    assert_eq!(by_id.2, by_file.2);
    assert!(by_id.2.lines().count() > 12);
    let without_record = |answer: &str| {
        let mut answer: serde_json::Value = serde_json::from_str(answer).unwrap();
        let record = answer.as_object_mut().unwrap().remove("record");
        (answer, record)
    };
    let ((kept, record), (filed, none)) = (without_record(&by_id.0), without_record(&by_file.0));
    assert!(kept == filed && none.is_none(), "the same answer, but for what the store keeps beside it");
    assert_eq!(record.unwrap()["author"], "Ada");
    assert!(by_id.1.contains("<td>Ada</td>") && !by_file.1.contains("<td>Ada</td>"));
    let text = |words: &[&str]| run(&[&["revision", "simulate"], words].concat()).unwrap();
    assert_eq!(text(&["rev-1", "--store", &store]), text(&[&file]));

    let export = |words: &[&str], name: &str| {
        let to = desk.path(name);
        run(&[&["revision", "export"], words, &["-o", &to]].concat()).unwrap();
        std::fs::read_to_string(Path::new(&to)).unwrap()
    };
    for name in ["sortie.csv", "sortie.toml"] {
        assert_eq!(export(&["rev-1", "--store", &store], name), export(&[&file], name), "{name}");
    }
    let base = revision.base.as_str();
    let diff = |words: &[&str]| run(&[&["revision", "diff"], words, &["--format", "csv"]].concat()).unwrap();
    assert_eq!(diff(&[base, "rev-1", "--store", &store]), diff(&[base, &file]));
    assert_eq!(diff(&["rev-1", &file, "--store", &store]).lines().count(), 1);
    let series = |words: &[&str]| {
        run(&[&["series", "changes", "--from", base, "--format", "csv", "--to"], words].concat()).unwrap()
    };
    assert_eq!(series(&["rev-1", "--store", &store]), series(&[&file]));
    let moves =
        |words: &[&str]| run(&[&["revision", "moves", "--format", "csv", "--revision"], words].concat()).unwrap();
    assert_eq!(moves(&["rev-1", "--store", &store]), moves(&[&file]));
    desk.bare(&["duplicate", "rev-1", "--author", "Lin"]).unwrap();
    assert_eq!(diff(&["rev-1", "rev-2", "--store", &store]).lines().count(), 1);
    assert!(run(&["revision", "simulate", "rev-9", "--store", &store]).unwrap_err().contains("unknown revision"));
}

#[test]
fn a_table_is_appended_against_the_revision_as_it_stands_and_what_is_refused_is_not_kept() {
    let desk = Desk::new();
    let revision = some_revision(&desk.atlas);
    let file = desk.saved("essai.toml", &revision);
    desk.run(&["create", &file, "--author", "Ada"]).unwrap();
    // The whole table of the base takes every unit home again, but for the CLSC that is no more.
    let table = desk.path("base.csv");
    let whole = run(&["atlas", "export", "--level", "da", "--format", "csv"]).unwrap();
    let mut rows = csv::Reader::from_reader(whole.as_bytes());
    let column = |name: &str, rows: &mut csv::Reader<&[u8]>| rows.headers().unwrap().iter().position(|h| h == name);
    let clsc = column("CLSC_code", &mut rows).unwrap();
    let gone = match &revision.operations[1] {
        Operation::Merge { from, .. } => from[0].clone(),
        other => panic!("{other:?}"),
    };
    let Operation::MoveUnits { transfers } = &revision.operations[0] else { panic!() };
    let moved: Vec<&str> = transfers.iter().flat_map(|to| &to.units).map(UnitId::as_str).collect();
    let mut lines = vec!["geo_id,zone".to_owned()];
    for row in rows.records().map(Result::unwrap) {
        if moved.contains(&&row[0]) && row[clsc] != *gone.as_str() {
            lines.push(format!("{},{}", &row[0], &row[clsc]));
        }
    }
    assert!(lines.len() > 6);
    std::fs::write(&table, lines.join("\n")).unwrap();
    desk.run(&["append", "rev-1", &table, "--author", "Ada"]).unwrap();
    let stored = desk.shown(&["rev-1"]);
    assert_eq!(stored["operations"][3]["op"], "move_units");
    let sent: usize = stored["operations"][3]["transfers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|to| to["units"].as_array().unwrap().len())
        .sum();
    assert_eq!(sent, lines.len() - 1);

    let bad = with(&desk.atlas, Operation::Rename { level: Level::Clsc, code: code("99999"), name: "Rien".into() });
    let bad = desk.saved("mauvais.toml", &bad);
    let refused = desk.run(&["append", "rev-1", &bad, "--author", "Ada"]).unwrap_err();
    assert!(refused.contains("\"99999\""), "{refused}");
    assert_eq!(desk.shown(&["rev-1"])["version"], 2);
    assert!(desk.run(&["create", &bad, "--author", "Ada"]).is_err());
    assert_eq!(desk.bare(&["list"]).unwrap().lines().count(), 1);
}

/// One of each operation on the latest edition of the demo.
fn one_of_each(atlas: &Atlas) -> Vec<Operation> {
    let edition = atlas.edition(atlas.edition_count() - 1).to_edition();
    let (hierarchy, home) = (&edition.hierarchy, edition.attachment.as_slice());
    let territory = |level: Level, place: usize| hierarchy.territories(level)[place].code.clone();
    let members = |clsc: usize| -> Vec<UnitId> {
        (0..home.len())
            .filter(|&unit| usize::from(home[unit]) == clsc)
            .map(|unit| UnitId::new(atlas.unit_id(unit)))
            .collect()
    };
    let above = |clsc: usize, level: Level| territory(level, hierarchy.parent(clsc, level));
    let other = |level: Level, not: usize| territory(level, usize::from(not == 0));
    let (own, next) = (territory(Level::Clsc, 0), territory(Level::Clsc, 1));
    let mine = members(0);
    let fresh = code("99999");
    let parent = |level: Level| Parent { code: above(0, level), name: None };
    let parents = Parents {
        rls: Parent { code: code("0999"), name: Some("RLS neuf".into()) },
        rts: parent(Level::Rts),
        rss: parent(Level::Rss),
        ruisss: parent(Level::Ruisss),
    };
    let part = |units: &[UnitId], parents| NewClsc {
        code: fresh.clone(),
        name: "Neuf".into(),
        units: units.to_vec(),
        parents,
    };
    vec![
        Operation::MoveUnits { transfers: vec![Transfer { to: next.clone(), units: mine[..1].to_vec() }] },
        Operation::Split { clsc: own.clone(), parts: vec![part(&mine[..mine.len() / 2], None)] },
        Operation::Merge { into: next.clone(), from: vec![own.clone()] },
        Operation::Create { clsc: part(&mine[..2], Some(parents.clone())) },
        Operation::Close { clsc: own.clone(), homes: vec![Transfer { to: next, units: mine }] },
        Operation::Rename { level: Level::Rts, code: above(0, Level::Rts), name: "Nouveau nom".into() },
        Operation::Recode { level: Level::Clsc, code: own.clone(), new_code: fresh.clone() },
        Operation::MoveClscToRls { clsc: own.clone(), rls: other(Level::Rls, hierarchy.parent(0, Level::Rls)) },
        Operation::MoveRlsToRts { rls: above(0, Level::Rls), rts: other(Level::Rts, hierarchy.parent(0, Level::Rts)) },
        Operation::MoveRtsToRss { rts: above(0, Level::Rts), rss: other(Level::Rss, hierarchy.parent(0, Level::Rss)) },
        Operation::MoveClscToRuisss {
            clsc: own.clone(),
            ruisss: other(Level::Ruisss, hierarchy.parent(0, Level::Ruisss)),
        },
        Operation::SetParents { clsc: own, parents },
    ]
}

#[test]
fn every_operation_gives_the_same_impact_by_file_by_store_and_over_http_and_its_inverse_leads_back() {
    let desk = Desk::new();
    let store = desk.path("store");
    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open(Path::new(&store)).unwrap()).unwrap();
    let base = desk.atlas.edition(desk.atlas.edition_count() - 1).to_edition();
    let units = rattache::revision::unit_index(&desk.atlas);
    let write = |uri: &str, body: Value| {
        let request = Request::post(uri).header("content-type", "application/json").body(body.to_string().into());
        ask_state(&state, request.unwrap())
    };
    let mut seen = Vec::new();
    for (number, operation) in (1..).zip(one_of_each(&desk.atlas)) {
        let word = operation.word();
        seen.push(word);
        let revision = with(&desk.atlas, operation);
        let file = desk.saved("une.toml", &revision);
        let made = json!({ "name": word, "operations": revision.operations });
        assert_eq!(write("/v1/revisions", made).status, 200, "{word}");
        let id = format!("rev-{number}");
        let by_file = json_of(&run(&["revision", "simulate", &file, "--format", "json"]).unwrap());
        let by_store = json_of(&run(&["revision", "simulate", &id, "--store", &store, "--format", "json"]).unwrap());
        let request = Request::get(format!("/v1/revisions/{id}/impact")).body(Body::empty()).unwrap();
        let served = ask_state(&state, request).json();
        for part in ["levels", "criteria", "in_range", "code_changes", "broken_series", "nesting_breaks_after"] {
            assert_eq!(by_file["impact"][part], by_store["impact"][part], "{word} {part}");
            assert_eq!(by_file["impact"][part], served["impact"][part], "{word} {part}");
        }
        let touched = by_file["impact"]["levels"].as_array().unwrap().iter();
        let touched: usize = touched.map(|level| level["territories"].as_array().unwrap().len()).sum();
        assert!(touched > 0, "{word} changes nothing");
        same_classes(&by_file["impact"]["levels"], &base.header.id, &file);
        // The list of those who change, by file and over HTTP.
        let list = desk.path("touches.csv");
        run(&["revision", "simulate", &file, "--affected", &list]).unwrap();
        let request = Request::get(format!("/v1/revisions/{id}/affected")).body(Body::empty()).unwrap();
        assert_eq!(ask_state(&state, request).text(), std::fs::read_to_string(&list).unwrap(), "{word}");

        let applied = revision.apply(&base, &units).unwrap();
        let back = Revision { operations: [revision.operations.clone(), applied.inverse].concat(), ..revision };
        let again = back.apply(&base, &units).unwrap().edition;
        assert_eq!((&again.hierarchy, &again.attachment), (&base.hierarchy, &base.attachment), "{word}");
        let by_file = run(&["revision", "diff", &base.header.id, &desk.saved("retour.toml", &back), "--format", "csv"]);
        assert_eq!(by_file.unwrap().lines().count(), 1, "{word}");
    }
    assert_eq!(seen.len(), 12);
}

#[test]
fn over_http_every_refusal_says_what_the_command_line_says() {
    let desk = Desk::new();
    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open(&desk.folder.path().join("store")).unwrap()).unwrap();
    let edition = desk.atlas.edition(desk.atlas.edition_count() - 1);
    let list = edition.hierarchy.territories(Level::Clsc);
    let (own, other) = (list[0].code.clone(), list[1].code.clone());
    let members: Vec<UnitId> = (0..desk.atlas.unit_count())
        .filter(|&unit| edition.clsc_of_unit[unit] == 0)
        .map(|unit| UnitId::new(desk.atlas.unit_id(unit)))
        .collect();
    let moving = |to: &str, units: &[UnitId]| Operation::MoveUnits {
        transfers: vec![Transfer { to: code(to), units: units.to_vec() }],
    };
    let twice = [members[0].clone(), members[0].clone()];
    let homes = vec![Transfer { to: other.clone(), units: members[1..].to_vec() }];
    let part = NewClsc { code: other.clone(), name: "Double".into(), units: members[..1].to_vec(), parents: None };
    for operation in [
        moving("99999", &members[..1]),
        moving(other.as_str(), &[UnitId::new("00000000")]),
        moving(other.as_str(), &twice),
        moving(other.as_str(), &members),
        Operation::Close { clsc: own.clone(), homes },
        Operation::Split { clsc: own, parts: vec![part] },
    ] {
        let file = desk.saved("non.toml", &with(&desk.atlas, operation.clone()));
        let told = run(&["revision", "simulate", &file]).unwrap_err();
        let reason = told.split("can be carried out: ").nth(1).unwrap().trim();
        let body = json!({ "name": "Non", "operations": [operation] }).to_string();
        let request = Request::post("/v1/revisions?lang=en").header("content-type", "application/json");
        let request = request.body(Body::from(body)).unwrap();
        let answer = ask_state(&state, request);
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.json()["detail"].as_str().unwrap(), reason);
    }
    assert_eq!(ask_state(&state, Request::get("/v1/revisions").body(Body::empty()).unwrap()).json(), json!([]));
}

/// What `revision` says became of every territory is what `series` says.
fn same_classes(levels: &Value, from: &str, to: &str) -> usize {
    let mut seen = 0;
    for level in levels.as_array().unwrap() {
        let word = level["level"].as_str().unwrap();
        let words = ["series", "changes", "--from", from, "--to", to, "--level", word, "--format", "json"];
        let series = json_of(&run(&words).unwrap());
        let mut there: Vec<[String; 3]> = (series["territories"].as_array().unwrap().iter())
            .filter(|known| known["class"] != "unchanged")
            .map(|known| [&known["from_code"], &known["to_code"], &known["class"]].map(Value::to_string))
            .collect();
        let mut here: Vec<[String; 3]> = (level["territories"].as_array().unwrap().iter())
            .map(|known| [&known["before"]["code"], &known["after"]["code"], &known["class"]].map(Value::to_string))
            .collect();
        there.sort();
        here.sort();
        assert_eq!(here, there, "{to} {word}");
        seen += here.len();
    }
    seen
}

#[test]
fn what_became_of_a_territory_is_the_same_for_revisions_and_for_series() {
    let desk = Desk::new();
    let mut random = crate::maps::Seeded(3);
    let base = desk.atlas.edition(desk.atlas.edition_count() - 1).to_edition();
    let bench = rattache::revision::Workbench::new(&desk.atlas);
    let list = base.hierarchy.territories(Level::Clsc);
    let mut seen = 0;
    for _ in 0..6 {
        // Many moves out of and into few CLSC, so that some keep less than half of what they were.
        let mut engine = rattache::revision::ImpactEngine::new(&bench.graph, &bench.facts, &base, &base);
        let first = random.below(list.len()) as u16;
        let mut moved = std::collections::BTreeMap::new();
        for _ in 0..400 {
            let members = engine.members(first).to_vec();
            let unit = members[random.below(members.len())];
            let choices = engine.choices(unit);
            let Some(&to) = choices.first().filter(|&&to| engine.check(unit, to).is_ok()) else { continue };
            engine.apply(unit, to);
            moved.insert(unit, to);
        }
        let mut transfers: Vec<Transfer> = Vec::new();
        for (unit, to) in moved {
            let to = list[usize::from(to)].code.clone();
            let unit = bench.units.id(unit).clone();
            match transfers.iter_mut().find(|known| known.to == to) {
                Some(known) => known.units.push(unit),
                None => transfers.push(Transfer { to, units: vec![unit] }),
            }
        }
        let moves = Operation::MoveUnits { transfers };
        let revision = with(&desk.atlas, moves);
        let file = desk.saved("moitie.toml", &revision);
        let told = json_of(&run(&["revision", "simulate", &file, "--format", "json"]).unwrap());
        seen += same_classes(&told["impact"]["levels"], &base.header.id, &file);
    }
    assert!(seen > 20, "{seen}");
}
