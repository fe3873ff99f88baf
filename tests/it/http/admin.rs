//! Taking another atlas: from the machine itself, and only a good one.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use rattache::http::{Options, ReloadError, State};
use serde_json::json;

use super::{Answer, ask_state, demo_bytes, fresh_state};

fn reload_from(state: &Arc<State>, peer: Option<&str>, extra: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::post("/admin/atlas").header("content-type", "application/json");
    for (name, value) in extra {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    if let Some(peer) = peer {
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    ask_state(state, request)
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
    let here = Some("127.0.0.1:5000");

    let nothing = reload_from(&state, here, &[], "");
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
        let answer = reload_from(&state, here, &[], &json!({ "path": path }).to_string());
        let body = answer.json();
        assert_eq!((answer.status, body["code"].as_str().unwrap()), (422, "atlas-refused"), "{body}");
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.contains(reason) && detail.contains(name) && detail.contains("reste en service"), "{detail}");
        assert_eq!(state.served().checksum(), before);
    }
    let missing = reload_from(&state, here, &[], r#"{"path": "/nowhere/x.atlas"}"#);
    assert_eq!(missing.status, 422);
    assert_eq!(reload_from(&state, here, &[], r#"{"file": "x"}"#).status, 400);

    let taken = reload_from(&state, Some("[::1]:5000"), &[], &json!({ "path": good }).to_string());
    assert_eq!(taken.status, 200, "{}", taken.text());
    assert_eq!(taken.json()["previous"], before);
    assert_eq!(taken.json()["editions"], json!(["demo-2017-07-01"]));
    assert_ne!(state.served().checksum(), before);
    let editions = ask_state(&state, Request::get("/v1/editions").body(Body::empty()).unwrap()).json();
    assert_eq!(editions.as_array().unwrap().len(), 1);

    // From now on there is a file to read again.
    let again = reload_from(&state, Some("[::ffff:127.0.0.1]:5000"), &[], "");
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["previous"], again.json()["checksum"]);
}

#[test]
fn nobody_but_the_machine_itself_may_reload() {
    let state = fresh_state(Options::default());
    let refused = |peer: Option<&str>, extra: &[(&str, &str)]| {
        let answer = reload_from(&state, peer, extra, "");
        assert_eq!(
            (answer.status, answer.json()["code"].as_str().unwrap().to_owned()),
            (403, "not-loopback".to_owned())
        );
    };
    refused(None, &[]);
    refused(Some("192.168.1.5:5000"), &[]);
    refused(Some("[2001:db8::1]:5000"), &[]);
    refused(Some("[::ffff:10.0.0.1]:5000"), &[]);
    for header in ["x-forwarded-for", "forwarded", "via", "x-real-ip", "origin", "sec-fetch-site"] {
        refused(Some("127.0.0.1:5000"), &[(header, "x")]);
    }
}

#[test]
fn a_signal_without_a_file_says_so() {
    let state = fresh_state(Options::default());
    assert!(matches!(state.reload(None), Err(ReloadError::NoFile)));
}
