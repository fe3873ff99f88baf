//! `/v1/revisions` on the demo atlas.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use rattache::domain::EditionChoice;
use rattache::http::{Options, State};
use rattache::store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::some_revision;
use crate::http::{Answer, ask_state, atlas_of, demo_bytes, fresh_state, get, post};

fn keeping() -> (TempDir, Arc<State>) {
    let folder = tempfile::tempdir().unwrap();
    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open(&folder.path().join("store")).unwrap()).unwrap();
    (folder, state)
}

fn read(state: &Arc<State>, uri: &str) -> Answer {
    ask_state(state, Request::get(uri).body(Body::empty()).unwrap())
}

fn write(state: &Arc<State>, uri: &str, body: &Value) -> Answer {
    let request = Request::post(uri).header("content-type", "application/json").body(body.to_string().into()).unwrap();
    ask_state(state, request)
}

#[test]
fn without_a_store_every_answer_says_how_to_have_one() {
    for answer in [get("/v1/revisions"), get("/v1/revisions/rev-1/impact"), post("/v1/revisions/rev-1/undo", "{}")] {
        assert_eq!((answer.status, answer.json()["code"].as_str()), (404, Some("no-store")));
        assert!(answer.text().contains("--store"), "{}", answer.text());
    }
}

#[test]
fn a_revision_goes_from_its_making_to_a_dated_edition_that_answers() {
    let (_folder, state) = keeping();
    let atlas = atlas_of(demo_bytes());
    let revision = some_revision(&atlas);
    let operations = serde_json::to_value(&revision.operations).unwrap();
    let made = write(&state, "/v1/revisions", &json!({ "name": "Essai" })).json();
    assert_eq!((&made["id"], &made["state"], &made["version"]), (&json!("rev-1"), &json!("draft"), &json!(1)));
    let step = json!({ "version": 1, "operations": operations });
    let added = write(&state, "/v1/revisions/rev-1/operations", &step);
    assert_eq!(added.status, 200, "{}", added.text());
    let late = write(&state, "/v1/revisions/rev-1/operations", &step);
    assert_eq!((late.status, late.json()["code"].as_str()), (409, Some("revision-changed")));

    let undone = write(&state, "/v1/revisions/rev-1/undo", &json!({ "version": 2 })).json();
    assert_eq!((undone["operations"].as_array().unwrap().len(), &undone["redoable"]), (0, &json!(1)));
    let redone = write(&state, "/v1/revisions/rev-1/redo", &json!({ "version": 3 })).json();
    assert_eq!(redone["operations"], operations);

    let impact = read(&state, "/v1/revisions/rev-1/impact").json();
    assert_eq!(impact["impact"]["levels"].as_array().unwrap().len(), 5);
    for (lang, title) in [("fr", "Dossier de révision"), ("en", "Revision file")] {
        let page = read(&state, &format!("/v1/revisions/rev-1/dossier?lang={lang}"));
        assert!(page.text().contains(title) && page.header("content-security-policy").contains("'none'"));
    }

    // What answers with an edition answers with the revision, as the library does.
    let base = atlas.edition(atlas.edition_count() - 1);
    let draft = super::draft(&atlas, base, &revision);
    let inside = atlas.points_inside()[7];
    let question = format!("lat={}&lon={}", inside.lat(), inside.lon());
    let served = read(&state, &format!("/v1/resolve?{question}&edition=rev-1")).json();
    let resolver = rattache::resolve::Resolver::of_draft(&atlas, &draft);
    let position = rattache::domain::LonLat::new(inside.lon(), inside.lat()).unwrap();
    let answer = serde_json::to_value(resolver.resolve(position, None).unwrap()).unwrap();
    assert_eq!(served["lineage"], answer["lineage"]);
    assert_eq!((&served["edition"]["id"], &served["edition"]["official"]), (&json!("rev-1"), &json!(false)));
    let list = read(&state, "/v1/territories?level=clsc&edition=rev-1");
    assert!(list.text().contains("Territoire réuni"), "the list is of the revision");
    let compared = read(&state, "/v1/revisions/rev-1/compare?with=rev-1").json();
    assert_eq!(compared["levels"][0]["territories"], json!([]));

    let go = |path: &str, version: u64, more: Value| {
        let mut body = json!({ "version": version });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        write(&state, &format!("/v1/revisions/rev-1/{path}"), &body)
    };
    assert_eq!(go("publish", 4, json!({ "valid_from": "2031-04-01" })).status, 409);
    assert_eq!(go("submit", 4, json!({})).json()["state"], "submitted");
    assert_eq!(go("decide", 5, json!({ "to": "in_analysis" })).json()["state"], "in_analysis");
    assert_eq!(go("decide", 6, json!({ "to": "accepted" })).json()["state"], "accepted");
    let published = go("publish", 7, json!({ "valid_from": "2031-04-01", "official": true })).json();
    assert_eq!((&published["state"], &published["official"]), (&json!("published"), &json!(true)));
    for (choice, id) in [
        ("edition=2031-04-01", "rev-1"),
        ("as_of=2032-01-01", "rev-1"),
        ("as_of=2031-03-31", base.header.id.as_str()),
        ("edition=latest", "rev-1"),
        // It holds later: until then the edition in force answers whoever names none.
        ("uncertainty_m=1", base.header.id.as_str()),
    ] {
        let answer = read(&state, &format!("/v1/resolve?{question}&{choice}")).json();
        assert_eq!(answer["edition"]["id"], id, "{choice}");
        assert_eq!(answer["edition"]["official"], json!(id == "rev-1" || base.header.official));
    }
    let list = read(&state, "/v1/editions").json();
    let [.., before, last] = list.as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!((&last["id"], &last["latest"], &last["in_force"]), (&json!("rev-1"), &json!(true), &json!(false)));
    assert_eq!((&before["in_force"], &before["valid_until"]), (&json!(true), &json!("2031-03-31")));
    assert_eq!(list.as_array().unwrap().iter().filter(|edition| edition["latest"] == true).count(), 1);

    // The next revision starts from it, and its impact too.
    let next = write(&state, "/v1/revisions", &json!({ "name": "Suite" })).json();
    assert_eq!((&next["base"], &next["valid_from"]), (&json!("rev-1"), &json!("2031-04-01")));
    let bad = write(&state, "/v1/revisions", &json!({ "name": "Suite", "base": "rev-2" }));
    assert_eq!((bad.status, bad.json()["code"].as_str()), (409, Some("revision-state")));
    let impact = read(&state, "/v1/revisions/rev-2/impact").json();
    assert_eq!(impact["impact"]["levels"][0]["territories"], json!([]));

    let history = read(&state, "/v1/revisions/rev-1/history").json();
    let history = history.as_array().unwrap();
    assert_eq!(history.len(), 8);
    assert!(history[1]["mutations"].as_array().unwrap().iter().any(|known| known["modes"] == json!([26])));
    assert!(
        history[2]["mutations"].as_array().unwrap().iter().all(|known| known["modes"].to_string().ends_with("30]"))
    );
    assert_eq!(history[1]["leads_to"], history[1]["state_digest"]);
    assert_eq!(history[0]["state_digest"], history[2]["state_digest"]);
    assert_eq!(history[1]["state_digest"], history[3]["state_digest"]);
    assert_eq!(history[4]["entry"], Value::Null);
    assert_eq!(read(&state, "/v1/revisions/rev-1?version=3").json()["operations"], json!([]));
    assert_eq!(read(&state, "/v1/revisions/rev-1?version=9").status, 404);
    assert!(atlas.choose(&EditionChoice::Id("rev-1".into())).is_err());
}

#[test]
fn operations_that_can_not_be_carried_out_are_refused_in_the_language_asked_for_and_not_kept() {
    let (_folder, state) = keeping();
    write(&state, "/v1/revisions", &json!({ "name": "Essai" }));
    let bad = json!({ "op": "rename", "level": "clsc", "code": "99999", "name": "Nulle part" });
    let step = json!({ "version": 1, "operations": [bad] });
    let french = write(&state, "/v1/revisions/rev-1/operations", &step);
    assert_eq!((french.status, french.json()["code"].as_str()), (422, Some("revision-refused")));
    assert!(french.text().contains("L'opération 1 (rename) est refusée : aucun clsc n'a le code « 99999 »"));
    let english = write(&state, "/v1/revisions/rev-1/operations?lang=en", &step);
    assert!(english.text().contains("operation 1 (rename) is refused"), "{}", english.text());
    assert_eq!(read(&state, "/v1/revisions/rev-1").json()["version"], 1);
    assert_eq!(read(&state, "/v1/revisions/rev-9").status, 404);
    assert_eq!(read(&state, "/v1/resolve?lat=45.5&lon=-73.6&edition=rev-9").status, 404);
    let unsigned = write(&state, "/v1/revisions", &json!({ "name": " " }));
    assert_eq!(unsigned.status, 400);
    assert_eq!(read(&state, "/v1/revisions?state=published").json(), json!([]));
}

#[test]
fn the_impact_of_a_move_gives_the_new_outlines_of_what_it_touches_and_takes_other_limits() {
    let (_folder, state) = keeping();
    let atlas = atlas_of(demo_bytes());
    let bench = rattache::revision::Workbench::new(&atlas);
    let base = atlas.edition(atlas.edition_count() - 1).to_edition();
    let engine = rattache::revision::ImpactEngine::new(&bench.graph, &bench.facts, &base, &base);
    // A move that changes RLS, so that two levels are touched at least.
    let (unit, clsc) = (0..bench.graph.len() as u32)
        .flat_map(|unit| engine.choices(unit).into_iter().map(move |clsc| (unit, clsc)))
        .find(|&(unit, clsc)| {
            let (own, level) = (engine.clsc_of(unit), rattache::domain::Level::Rls);
            engine.members(own).len() > 1 && engine.parent(level, own) != engine.parent(level, clsc)
        })
        .unwrap();
    let to = &base.hierarchy.territories(rattache::domain::Level::Clsc)[usize::from(clsc)].code;
    let operation = json!({ "op": "move_units", "transfers": [{ "to": to, "units": [bench.units.id(unit)] }] });
    let made = json!({ "name": "Essai", "operations": [operation] });
    assert_eq!(write(&state, "/v1/revisions", &made).status, 200);
    let plain = read(&state, "/v1/revisions/rev-1/impact").json();
    assert_eq!(plain["outlines"], Value::Null);
    let impact = read(&state, "/v1/revisions/rev-1/impact?outlines=true").json();
    assert_eq!(impact["impact"], plain["impact"]);
    let features = impact["outlines"]["features"].as_array().unwrap();
    assert!(features.len() >= 4);
    for feature in features {
        let (level, code) = (feature["properties"]["level"].as_str().unwrap(), feature["id"].as_str().unwrap());
        let whole = read(&state, &format!("/v1/territories/{level}/{code}/geometry?edition=rev-1")).json();
        assert_eq!(feature["geometry"], whole["geometry"], "{level} {code}");
        let before = read(&state, &format!("/v1/territories/{level}/{code}/geometry")).json();
        assert_ne!(feature["geometry"], before["geometry"], "{level} {code}");
    }
    let series = plain["impact"]["broken_series"].as_array().unwrap();
    assert!(series.len() >= 4 && series.iter().all(|known| known["share_in"].is_f64() && known["share_out"].is_f64()));
    let wide = read(&state, "/v1/revisions/rev-1/impact?least_people=0&most_people=99999999").json();
    assert_eq!(wide["impact"]["in_range"][0], json!([base.hierarchy.clsc_count(), base.hierarchy.clsc_count()]));
    assert_ne!(plain["impact"]["in_range"], wide["impact"]["in_range"]);
    assert_eq!(read(&state, "/v1/revisions/rev-1/impact?far_m=loin").status, 400);
}

#[test]
fn a_history_that_was_altered_is_refused() {
    let (folder, state) = keeping();
    write(&state, "/v1/revisions", &json!({ "name": "Essai" }));
    let step = json!({ "version": 1, "text": "Vu." });
    assert_eq!(write(&state, "/v1/revisions/rev-1/comments", &step).status, 200);
    let bare = rusqlite::Connection::open(folder.path().join("store")).unwrap();
    bare.execute_batch("DROP TRIGGER events_stay; UPDATE events SET event = replace(event, 'Vu.', 'Lu.')").unwrap();
    for path in ["", "/history", "/impact"] {
        let answer = read(&state, &format!("/v1/revisions/rev-1{path}"));
        assert_eq!((answer.status, answer.json()["code"].as_str()), (500, Some("revision-altered")));
    }
}
