//! Files of rows on a draft, against the same files on an atlas that holds the draft's edition.

use axum::body::Body;
use axum::http::Request;
use rattache::atlas::Atlas;
use rattache::cli;
use rattache::http::Options;
use rattache::store::Store;
use serde_json::json;

use super::{demo_file, rebuilt, some_revision};
use crate::http::{ask_state, atlas_of, demo_bytes, fresh_state};

/// A point inside each unit, and one outside every unit.
fn points(atlas: &Atlas) -> String {
    let inside = atlas.points_inside().iter().map(|point| format!("{},{}\n", point.lat(), point.lon()));
    "lat,lon\n".to_owned() + &inside.collect::<String>() + "40.0,-70.0\n"
}

fn batch(input: &str, output: &str, more: &[&str]) -> String {
    let words = [&["rattache", "batch", input, "-o", output, "--quiet", "--uncertainty-m", "40"], more].concat();
    cli::run(words.iter().map(Into::into), &mut Vec::new()).unwrap_or_else(|error| panic!("{more:?}: {error}"));
    std::fs::read_to_string(output).unwrap()
}

#[test]
fn rows_are_answered_on_a_draft_as_on_an_atlas_with_its_edition() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let atlas = atlas_of(demo_bytes());
    let revision = some_revision(&atlas);
    std::fs::write(path("whole.atlas"), rebuilt(&revision).bytes()).unwrap();
    std::fs::write(path("draft.toml"), revision.to_toml().unwrap()).unwrap();
    std::fs::write(path("in.csv"), points(&atlas)).unwrap();
    let demo = demo_file().display().to_string();
    let (input, draft) = (path("in.csv"), path("draft.toml"));
    let expected = batch(&input, &path("a.csv"), &["--atlas", &path("whole.atlas"), "--edition", &revision.id]);
    let found = batch(&input, &path("b.csv"), &["--atlas", &demo, "--revision", &draft]);
    assert!(found == expected, "a row differs");
    let base = batch(&input, &path("c.csv"), &["--atlas", &demo, "--edition", &revision.base]);
    let without_edition = |text: &str| text.replace(&revision.base, "").replace(&revision.id, "");
    assert!(without_edition(&base) != without_edition(&found), "the revision moves nobody");
    assert!(found.contains("Territoire réuni"), "the revised names are there");

    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open(&folder.path().join("store")).unwrap()).unwrap();
    let send = |uri: &str, kind: &str, body: String| {
        ask_state(&state, Request::post(uri).header("content-type", kind).body(Body::from(body)).unwrap())
    };
    send("/v1/revisions", "application/json", json!({ "name": "Essai" }).to_string());
    let step = json!({ "version": 1, "operations": revision.operations });
    assert_eq!(send("/v1/revisions/rev-1/operations", "application/json", step.to_string()).status, 200);
    let served = send("/v1/batch?edition=rev-1&uncertainty_m=40", "text/csv", points(&atlas));
    assert_eq!(served.text(), found.replace(&revision.id, "rev-1"));
}
