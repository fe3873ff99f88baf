//! `rattache revision` as people type it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use rattache::atlas::Atlas;
use rattache::domain::{Level, UnitId};
use rattache::http::Options;
use rattache::revision::{NewClsc, Operation, Revision, Transfer};
use rattache::store::Store;
use serde_json::Value;
use tempfile::TempDir;

use super::{code, run, some_revision, with};
use crate::http::{ask_state, atlas_of, demo_bytes, fresh_state};

fn demo() -> Atlas {
    atlas_of(demo_bytes())
}

fn saved(revision: &Revision) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("essai.toml");
    std::fs::write(&file, revision.to_toml().unwrap()).unwrap();
    let name = file.display().to_string();
    (folder, name)
}

fn refused(atlas: &Atlas, operation: Operation) -> String {
    let (_folder, file) = saved(&with(atlas, operation));
    run(&["revision", "simulate", &file]).unwrap_err()
}

#[test]
fn a_revision_that_can_not_be_carried_out_is_refused_with_the_reason() {
    let atlas = demo();
    let edition = atlas.edition(atlas.edition_count() - 1);
    let list = edition.hierarchy.territories(Level::Clsc);
    let (own, other) = (list[0].code.clone(), list[1].code.clone());
    let members: Vec<UnitId> = (0..atlas.unit_count())
        .filter(|&unit| edition.clsc_of_unit[unit] == 0)
        .map(|unit| UnitId::new(atlas.unit_id(unit)))
        .collect();
    let moving =
        |to: &str, units: Vec<UnitId>| Operation::MoveUnits { transfers: vec![Transfer { to: code(to), units }] };

    let unknown_clsc = refused(&atlas, moving("99999", members[..1].to_vec()));
    assert!(unknown_clsc.contains("operation 1 (move_units) is refused") && unknown_clsc.contains("\"99999\""));
    assert!(
        refused(&atlas, moving(other.as_str(), vec![UnitId::new("00000000")])).contains("unknown unit \"00000000\"")
    );
    let twice = vec![members[0].clone(), members[0].clone()];
    assert!(refused(&atlas, moving(other.as_str(), twice)).contains("moved twice"));
    assert!(refused(&atlas, moving(other.as_str(), members.clone())).contains("would be empty"));
    let homes = vec![Transfer { to: other.clone(), units: members[1..].to_vec() }];
    let left = refused(&atlas, Operation::Close { clsc: own.clone(), homes });
    assert!(left.contains(&format!("\"{}\" of CLSC \"{own}\" would be left without a CLSC", members[0])), "{left}");
    let part = NewClsc { code: other, name: "Double".into(), units: members[..1].to_vec(), parents: None };
    assert!(refused(&atlas, Operation::Split { clsc: own, parts: vec![part] }).contains("already used"));
}

#[test]
fn the_file_for_those_who_decide_comes_in_both_languages_and_as_json() {
    let (folder, file) = saved(&some_revision(&demo()));
    let report = folder.path().join("dossier.html");
    let name = report.display().to_string();
    for (lang, title, notice) in [
        ("fr", "Dossier de révision", "Projet d’avis à la population"),
        ("en", "Revision file", "Draft notice to the population"),
    ] {
        run(&["revision", "simulate", &file, "--report", &name, "--lang", lang]).unwrap();
        let page = std::fs::read_to_string(&report).unwrap();
        for wanted in [title, notice, "<svg", "Territoire réuni"] {
            assert!(page.contains(wanted), "{lang}: {wanted}");
        }
        assert!(!page.contains("<script") && !page.contains("src=\""), "the page needs nothing beside it");
    }
    let json: Value =
        serde_json::from_str(&run(&["revision", "simulate", &file, "--format", "json"]).unwrap()).unwrap();
    assert_eq!(json["revision"]["id"], "essai");
    assert_eq!(json["impact"]["levels"].as_array().unwrap().len(), 5);
    assert_eq!(json["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn people_are_conserved_at_every_level() {
    let (_folder, file) = saved(&some_revision(&demo()));
    let json: Value =
        serde_json::from_str(&run(&["revision", "simulate", &file, "--format", "json"]).unwrap()).unwrap();
    for level in json["impact"]["levels"].as_array().unwrap() {
        let sum = |side: &str| -> u64 {
            let list = level["territories"].as_array().unwrap().iter();
            list.filter_map(|known| known[side]["people"].as_u64()).sum()
        };
        assert_eq!(sum("before"), sum("after"), "{}", level["level"]);
    }
}

#[test]
fn a_revision_goes_to_a_table_and_back_without_loss() {
    let atlas = demo();
    let moves = some_revision(&atlas).operations.swap_remove(0);
    let (folder, file) = saved(&with(&atlas, moves));
    for (table, flags) in [("tout.csv", &[][..]), ("changements.csv", &["--changes", "--columns", "dauid"])] {
        let table = folder.path().join(table).display().to_string();
        run(&[&["revision", "export", &file, "-o", &table], flags].concat()).unwrap();
        let difference = run(&["revision", "diff", &file, &table, "--format", "csv"]).unwrap();
        assert_eq!(difference.lines().count(), 1, "{difference}");
        let toml = folder.path().join("retour.toml").display().to_string();
        run(&["revision", "export", &table, "-o", &toml]).unwrap();
        let difference = run(&["revision", "diff", &file, &toml, "--format", "csv"]).unwrap();
        assert_eq!(difference.lines().count(), 1, "{difference}");
    }
    let base = atlas.edition(atlas.edition_count() - 1).header.id.clone();
    assert_eq!(run(&["revision", "diff", &base, &file, "--format", "csv"]).unwrap().lines().count(), 13);
}

#[test]
fn moves_kept_from_a_level_disturb_nothing_there() {
    let all: Value =
        serde_json::from_str(&run(&["revision", "moves", "--limit", "0", "--format", "json"]).unwrap()).unwrap();
    let kept = ["revision", "moves", "--limit", "0", "--format", "json", "--keep-rls"];
    let kept: Value = serde_json::from_str(&run(&kept).unwrap()).unwrap();
    let inside = |list: &Value| -> Vec<Value> {
        let moves = list["moves"].as_array().unwrap().iter();
        let untouched = |known: &&Value| !known["disturbs"].as_array().unwrap().contains(&"rls".into());
        moves.filter(untouched).cloned().collect()
    };
    assert_eq!(inside(&all), *kept["moves"].as_array().unwrap());
    assert!(kept["moves"].as_array().unwrap().len() > 100);
    let clsc = all["moves"][0]["from"].as_str().unwrap();
    let near = run(&["revision", "moves", "--within", clsc, "--format", "csv", "--limit", "0"]).unwrap();
    assert!(near.lines().skip(1).all(|line| line.split(',').skip(1).take(2).any(|code| code == clsc)));
}

#[test]
fn proposals_are_the_same_for_the_same_seed_and_each_can_be_simulated() {
    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("propositions");
    let name = written.display().to_string();
    let asked =
        ["revision", "propose", "--tries", "60000", "--max-moved-people", "20000", "--keep-rts", "--format", "json"];
    let first = run(&[asked.as_slice(), &["--write", &name]].concat()).unwrap();
    assert_eq!(first, run(&asked).unwrap());
    let outcome: Value = serde_json::from_str(&first).unwrap();
    let best = &outcome["proposals"][0];
    assert!(best["score"]["in_range"].as_u64() > outcome["today"]["in_range"].as_u64());
    let file = written.join("proposition-01.toml").display().to_string();
    let told: Value =
        serde_json::from_str(&run(&["revision", "simulate", &file, "--format", "json"]).unwrap()).unwrap();
    assert_eq!(told["impact"]["in_range"][1][0], best["score"]["in_range"]);
    assert_eq!(told["impact"]["levels"][0]["affected"]["people"], best["score"]["moved_people"]);
    assert!(told["impact"]["levels"][2]["territories"].as_array().unwrap().is_empty(), "RTS are kept");
    let nobody = run(&["revision", "propose", "--tries", "20000", "--max-moved-people", "0", "--lang", "en"]).unwrap();
    assert!(nobody.contains("Rule that binds: --max-moved-people"), "{nobody}");
}

#[test]
fn a_kept_revision_answers_on_the_command_line_and_tells_its_mutations_until_the_store_is_altered() {
    use rattache::revision::State;
    use rattache::store::{Event, NewScenario};
    let atlas = demo();
    let (folder, revision) = (tempfile::tempdir().unwrap(), some_revision(&atlas));
    let file = folder.path().join("store");
    let (name, at) = (file.display().to_string(), ("2026-11-23T10:00:00Z", "Ada"));
    let store = Store::open(&file).unwrap();
    let made = NewScenario {
        name: "Essai".into(),
        author: "Ada".into(),
        base: revision.base.clone(),
        valid_from: "2031-04-01".parse().unwrap(),
        operations: Vec::new(),
        reason: None,
        copy_of: None,
    };
    store.create(made, at.0).unwrap();
    let added = Event::Appended { operations: revision.operations.clone(), leads_to: None };
    store.append("rev-1", 1, at, added).unwrap();
    let list = |words: &[&str]| run(&[&["territories", "--level", "clsc"], words].concat()).unwrap();
    assert!(list(&["--store", &name, "--revision", "rev-1"]).contains("Territoire réuni"));
    assert!(!list(&["--store", &name]).contains("Territoire réuni"), "a draft is no edition");
    for (version, to) in [(2, State::Submitted), (3, State::InAnalysis), (4, State::Accepted), (5, State::Published)] {
        store.append("rev-1", version, at, Event::moved(to)).unwrap();
    }
    assert!(list(&["--store", &name, "--edition", "latest"]).contains("Territoire réuni"));
    assert!(
        !list(&["--store", &name]).contains("Territoire réuni"),
        "what is published for a later day is not in force"
    );
    assert!(!list(&["--store", &name, "--as-of", "2031-03-31"]).contains("Territoire réuni"));

    rows_that_name_their_day_get_the_edition_of_that_day(&atlas, &file);

    let history = |words: &[&str]| run(&[&["revision", "history", "rev-1", "--store", &name], words].concat());
    let told = history(&[]).unwrap();
    assert!(told.contains("→ publi") && told.contains("26 ") && told.contains("29 "), "{told}");
    let table = |version: &str| {
        let path = folder.path().join("etat.csv").display().to_string();
        history(&["--version", version, "-o", &path]).unwrap();
        std::fs::read(path).unwrap()
    };
    assert!(table("1") != table("2") && table("2") == table("6"));
    assert!(history(&["--version", "9"]).unwrap_err().contains("has no version 9"));
    let bare = rusqlite::Connection::open(&file).unwrap();
    bare.execute_batch("DROP TRIGGER events_stay; UPDATE events SET at = '2020-01-01T00:00:00Z' WHERE number = 3")
        .unwrap();
    assert!(history(&[]).unwrap_err().contains("the store was altered"));
    assert!(run(&["territories", "--store", "/nowhere/store"]).unwrap_err().contains("the store can not be read"));
}

/// Batch by the command line and over HTTP, against one question at a time.
fn rows_that_name_their_day_get_the_edition_of_that_day(atlas: &Atlas, store: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("rangs.csv"), folder.path().join("out.csv"));
    let days = ["2016-01-01", "2017-07-01", "2031-03-31", "2031-04-01", "2040-12-31"];
    let mut rows = String::from("jour,lat,lon\n");
    let mut expected = String::new();
    let places: Vec<_> = atlas.points_inside().iter().step_by(1500).collect();
    let name = store.display().to_string();
    for day in days {
        for place in &places {
            let (lat, lon) = (format!("{:.7}", place.lat()), format!("{:.7}", place.lon()));
            writeln!(rows, "{day},{lat},{lon}").unwrap();
            let words = ["resolve", "--format", "json", "--as-of", day, "--store", &name, "--lat", &lat, "--lon", &lon];
            let answer: Option<Value> = run(&words).ok().map(|text| serde_json::from_str(&text).unwrap());
            let part = |pointer: &str| {
                let value = answer.as_ref().and_then(|answer| answer.pointer(pointer)?.as_str().map(str::to_owned));
                value.unwrap_or_default()
            };
            writeln!(expected, "{day},{lat},{lon},{},{}", part("/lineage/clsc/code"), part("/edition/id")).unwrap();
        }
    }
    std::fs::write(&input, &rows).unwrap();
    let (input, output) = (input.display().to_string(), output.display().to_string());
    let columns = ["--columns", "clsc_code,edition", "--as-of-column", "jour", "-q"];
    run(&[&["batch", &input, "-o", &output, "--store", &name], &columns[..]].concat()).ok();
    let written = std::fs::read_to_string(&output).unwrap();
    let answered = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(answered(&written), expected);
    let ids: BTreeSet<&str> = expected.lines().map(|line| line.rsplit(',').next().unwrap()).collect();
    assert!(ids.contains("rev-1") && ids.len() >= 3, "{ids:?}");

    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open_existing(store).unwrap()).unwrap();
    let request =
        Request::post("/v1/batch?columns=clsc_code,edition&as_of_column=jour").header("content-type", "text/csv");
    let answer = ask_state(&state, request.body(Body::from(rows)).unwrap());
    assert_eq!(answered(&answer.text()), expected);
}
