//! Taking another atlas: from the machine itself, and only a good one.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use rattache::http::{Options, ReloadError, State};
use serde_json::json;

use super::{Answer, ask_state, demo_bytes, fresh_state};

fn reload(state: &Arc<State>, body: &str) -> Answer {
    let request = Request::post("/admin/atlas").header("content-type", "application/json");
    ask_state(state, request.body(Body::from(body.to_owned())).unwrap())
}

/// The demo with one edition only, so that it is another atlas.
fn other_bytes() -> Vec<u8> {
    crate::demo_atlas::altered((file!(), line!()), |source| source.editions.truncate(1))
}

#[test]
fn a_good_atlas_is_taken_and_a_bad_one_leaves_the_old_one_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("bon.atlas");
    rattache::atlas::write(&good, &other_bytes()).unwrap();
    let state = fresh_state(Options::default());
    let before = state.served().checksum();
    state.set_atlas_folder(folder.path().to_owned());

    let nothing = reload(&state, "");
    assert_eq!((nothing.status, nothing.json()["code"].as_str().unwrap()), (409, "no-atlas-file"));

    let mut altered = demo_bytes().to_vec();
    let last = altered.len() - 100;
    altered[last] ^= 1;
    let mut versioned = demo_bytes().to_vec();
    versioned[8] = 99;
    let bad = [
        ("altéré", altered, "altéré"),
        ("tronqué", demo_bytes()[..1_000_000].to_vec(), "1000000 octets"),
        ("vide", Vec::new(), "vide"),
        ("autre", b"PK\x03\x04 and so on".to_vec(), "ne commence pas comme un atlas"),
        ("version", versioned, "version 99"),
    ];
    for (name, bytes, reason) in bad {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let answer = reload(&state, &json!({ "path": path }).to_string());
        let body = answer.json();
        assert_eq!((answer.status, body["code"].as_str().unwrap()), (422, "atlas-refused"), "{body}");
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.contains(reason) && detail.contains(name) && detail.contains("reste en service"), "{detail}");
        assert_eq!(state.served().checksum(), before);
    }
    let missing = reload(&state, r#"{"path": "/nowhere/x.atlas"}"#);
    assert_eq!((missing.status, missing.json()["code"].as_str().unwrap()), (422, "atlas-refused"));
    assert_eq!(reload(&state, r#"{"file": "x"}"#).status, 400);

    let taken = reload(&state, &json!({ "path": good }).to_string());
    assert_eq!(taken.status, 200, "{}", taken.text());
    assert_eq!(taken.json()["previous"], before);
    assert_eq!(taken.json()["editions"], json!(["demo-2017-07-01"]));
    assert_ne!(state.served().checksum(), before);
    let editions = ask_state(&state, Request::get("/v1/editions").body(Body::empty()).unwrap()).json();
    assert_eq!(editions.as_array().unwrap().len(), 1);

    // From now on there is a file to read again.
    let again = reload(&state, "");
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["previous"], again.json()["checksum"]);
}

#[test]
fn no_file_outside_of_the_folder_of_atlases_is_looked_at() {
    let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let good = outside.path().join("autre.atlas");
    rattache::atlas::write(&good, &other_bytes()).unwrap();
    std::os::unix::fs::symlink(&good, inside.path().join("lien.atlas")).unwrap();
    let state = fresh_state(Options::default());
    state.set_atlas_folder(inside.path().to_owned());
    let up = format!("../{}/autre.atlas", outside.path().file_name().unwrap().to_str().unwrap());
    let mut told = Vec::new();
    for path in [good.to_str().unwrap(), &up, "lien.atlas", "/etc/passwd", "rien.atlas", "\0"] {
        let answer = reload(&state, &json!({ "path": path }).to_string());
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (422, "atlas-refused"), "{path}");
        told.push(answer.json()["detail"].clone());
    }
    // One that is there and one that is not are told alike.
    assert!(told.iter().all(|detail| *detail == told[0]), "{told:?}");
}

#[test]
fn a_signal_without_a_file_says_so() {
    let state = fresh_state(Options::default());
    assert!(matches!(state.reload(None), Err(ReloadError::NoFile)));
}
