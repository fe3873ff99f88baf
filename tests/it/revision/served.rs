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
        assert_eq!((answer.status, answer.json()["code"].as_str()), (501, Some("no-store")));
        assert!(answer.text().contains("--store"), "{}", answer.text());
    }
}

#[test]
fn a_revision_goes_from_its_making_to_a_dated_edition_that_answers() {
    let (_folder, state) = keeping();
    let atlas = atlas_of(demo_bytes());
    let revision = some_revision(&atlas);
    let operations = serde_json::to_value(&revision.operations).unwrap();
    let made = write(&state, "/v1/revisions", &json!({ "name": "Essai", "author": "Ada" })).json();
    assert_eq!((&made["id"], &made["state"], &made["version"]), (&json!("rev-1"), &json!("draft"), &json!(1)));
    let step = json!({ "version": 1, "author": "Ada", "operations": operations });
    let added = write(&state, "/v1/revisions/rev-1/operations", &step);
    assert_eq!(added.status, 200, "{}", added.text());
    let late = write(&state, "/v1/revisions/rev-1/operations", &step);
    assert_eq!((late.status, late.json()["code"].as_str()), (409, Some("revision-changed")));

    let undone = write(&state, "/v1/revisions/rev-1/undo", &json!({ "version": 2, "author": "Ada" })).json();
    assert_eq!((undone["operations"].as_array().unwrap().len(), &undone["redoable"]), (0, &json!(1)));
    let redone = write(&state, "/v1/revisions/rev-1/redo", &json!({ "version": 3, "author": "Ada" })).json();
    assert_eq!(redone["operations"], operations);

    let impact = read(&state, "/v1/revisions/rev-1/impact").json();
    assert_eq!(impact["impact"]["levels"].as_array().unwrap().len(), 5);
    for (lang, title) in [("fr", "Dossier de révision"), ("en", "Revision file")] {
        let page = read(&state, &format!("/v1/revisions/rev-1/dossier?lang={lang}"));
        assert!(page.text().contains(title) && page.header("content-security-policy").contains("'none'"));
    }

    // What answers with an edition answers with the revision, as the library does.
    let base = atlas.edition(atlas.edition_count() - 1);
    let draft = rattache::resolve::DraftEdition::of_revision(&atlas, base, &revision).unwrap();
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
        let mut body = json!({ "version": version, "author": "Ada" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        write(&state, &format!("/v1/revisions/rev-1/{path}"), &body)
    };
    assert_eq!(go("publish", 4, json!({ "valid_from": "2031-04-01" })).status, 409);
    assert_eq!(go("submit", 4, json!({})).json()["state"], "submitted");
    assert_eq!(go("decide", 5, json!({ "to": "in_analysis" })).json()["state"], "in_analysis");
    assert_eq!(go("decide", 6, json!({ "to": "accepted" })).json()["state"], "accepted");
    assert_eq!(go("publish", 7, json!({ "valid_from": "2031-04-01" })).json()["state"], "published");
    for (choice, id) in
        [("edition=2031-04-01", "rev-1"), ("as_of=2032-01-01", "rev-1"), ("as_of=2031-03-31", base.header.id.as_str())]
    {
        let answer = read(&state, &format!("/v1/resolve?{question}&{choice}")).json();
        assert_eq!(answer["edition"]["id"], id, "{choice}");
    }
    let history = read(&state, "/v1/revisions/rev-1/history").json();
    assert_eq!(history.as_array().unwrap().len(), 8);
    assert!(atlas.choose(&EditionChoice::Id("rev-1".into())).is_err());
}

#[test]
fn operations_that_can_not_be_carried_out_are_refused_in_the_language_asked_for_and_not_kept() {
    let (_folder, state) = keeping();
    write(&state, "/v1/revisions", &json!({ "name": "Essai", "author": "Ada" }));
    let bad = json!({ "op": "rename", "level": "clsc", "code": "99999", "name": "Nulle part" });
    let step = json!({ "version": 1, "author": "Ada", "operations": [bad] });
    let french = write(&state, "/v1/revisions/rev-1/operations", &step);
    assert_eq!((french.status, french.json()["code"].as_str()), (422, Some("revision-refused")));
    assert!(french.text().contains("L'opération 1 (rename) est refusée : aucun clsc n'a le code « 99999 »"));
    let english = write(&state, "/v1/revisions/rev-1/operations?lang=en", &step);
    assert!(english.text().contains("operation 1 (rename) is refused"), "{}", english.text());
    assert_eq!(read(&state, "/v1/revisions/rev-1").json()["version"], 1);
    assert_eq!(read(&state, "/v1/revisions/rev-9").status, 404);
    assert_eq!(read(&state, "/v1/resolve?lat=45.5&lon=-73.6&edition=rev-9").status, 404);
    let unsigned = write(&state, "/v1/revisions", &json!({ "name": "Essai", "author": " " }));
    assert_eq!(unsigned.status, 400);
    assert_eq!(read(&state, "/v1/revisions?state=published").json(), json!([]));
}
