//! Series on a draft, against the same series on an atlas that holds the draft's edition.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::Request;
use rattache::atlas::Atlas;
use rattache::cli;
use rattache::domain::{Level, TerritoryCode};
use rattache::http::Options;
use rattache::revision::Revision;
use rattache::store::Store;
use serde_json::json;

use super::{demo_file, rebuilt, some_revision};
use crate::http::{ask_state, atlas_of, demo_bytes, fresh_state};

/// What `rattache series` writes.
fn series(words: &[&str]) -> String {
    let mut out = Vec::new();
    let all = ["rattache", "series"].iter().chain(words).map(Into::into);
    cli::run(all, &mut out).unwrap_or_else(|error| panic!("{words:?}: {error}"));
    String::from_utf8(out).unwrap()
}

/// Counts on the limits of an edition, and on those of another one for the years after.
fn table(atlas: &Atlas, revision: &Revision) -> String {
    let mut csv = "annee;niveau;code;valeur\n".to_owned();
    let last = atlas.edition(atlas.edition_count() - 1);
    let draft = super::draft(atlas, last, revision);
    for year in 2022..2030 {
        let edition = if year < 2027 { last } else { draft.view() };
        let mut counts = vec![0; edition.hierarchy.clsc_count()];
        for (unit, &clsc) in edition.clsc_of_unit.iter().enumerate() {
            counts[usize::from(clsc)] += atlas.people(unit).unwrap_or(0) / 10;
        }
        for (territory, count) in edition.hierarchy.territories(Level::Clsc).iter().zip(counts) {
            writeln!(csv, "{year};clsc;{};{count}", TerritoryCode::as_str(&territory.code)).unwrap();
        }
    }
    csv
}

#[test]
fn a_draft_is_taken_wherever_an_edition_is_and_gives_what_an_atlas_with_its_edition_gives() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let atlas = atlas_of(demo_bytes());
    let revision = some_revision(&atlas);
    let whole = rebuilt(&revision);
    std::fs::write(path("whole.atlas"), whole.bytes()).unwrap();
    std::fs::write(path("draft.toml"), revision.to_toml().unwrap()).unwrap();
    std::fs::write(path("series.csv"), table(&atlas, &revision)).unwrap();
    let (demo, whole, draft, values) =
        (demo_file().display().to_string(), path("whole.atlas"), path("draft.toml"), path("series.csv"));
    let (base, id) = (revision.base.as_str(), revision.id.as_str());
    let coded = format!("2022..2026={base},2027..2029=");
    let (by_id, by_file) = (format!("{coded}{id}"), format!("{coded}{draft}"));
    // Each question to the atlas that holds the edition, then with the revision's file as the edition, then beside it.
    for (rebuilt, named, beside) in [
        (vec!["changes", "--from", base, "--to", id], vec!["changes", "--from", base, "--to", &draft], None),
        (vec!["crosswalk", "--from", base, "--to", id], vec!["crosswalk", "--from", base, "--to", &draft], None),
        (
            vec!["common", "--editions", &by_id],
            vec!["common", "--editions", &by_file],
            Some(vec!["common", "--editions", &by_id, "--revision", &draft]),
        ),
        (
            vec!["check", &values, "--editions", &by_id, "--to", base],
            vec!["check", &values, "--editions", &by_file, "--to", base],
            Some(vec!["check", &values, "--editions", &by_id, "--to", base, "--revision", &draft]),
        ),
        (
            vec!["bridge", &values, "--editions", &by_id, "--to", id],
            vec!["bridge", &values, "--editions", &by_file, "--to", &draft],
            Some(vec!["bridge", &values, "--editions", &by_id, "--to", id, "--revision", &draft]),
        ),
    ] {
        let expected = series(&[&rebuilt[..], &["--atlas", &whole, "--format", "json"]].concat());
        assert!(expected.contains(id), "{rebuilt:?} speaks of the revision");
        for words in [Some(named), beside].into_iter().flatten() {
            let found = series(&[&words[..], &["--atlas", &demo, "--format", "json"]].concat());
            assert!(found == expected, "{words:?} differs from {rebuilt:?}");
        }
    }
}

#[test]
fn a_revision_kept_by_the_service_is_taken_wherever_an_edition_is() {
    let folder = tempfile::tempdir().unwrap();
    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open(&folder.path().join("store")).unwrap()).unwrap();
    let atlas = atlas_of(demo_bytes());
    let mut revision = some_revision(&atlas);
    "rev-1".clone_into(&mut revision.id);
    // As long as it is not published, a scenario holds from the same day as its base.
    revision.valid_from = atlas.edition(atlas.edition_count() - 1).header.valid_from;
    let send = |uri: &str, kind: &str, body: String| {
        let request = Request::post(uri).header("content-type", kind).body(Body::from(body)).unwrap();
        ask_state(&state, request)
    };
    send("/v1/revisions", "application/json", json!({ "name": "Essai" }).to_string());
    let step = json!({ "version": 1, "operations": revision.operations });
    assert_eq!(send("/v1/revisions/rev-1/operations", "application/json", step.to_string()).status, 200);

    let draft = folder.path().join("draft.toml").display().to_string();
    std::fs::write(&draft, revision.to_toml().unwrap()).unwrap();
    let (demo, base) = (demo_file().display().to_string(), revision.base.as_str());
    for what in ["changes", "crosswalk"] {
        let uri = format!("/v1/editions/{base}/{what}/rev-1?format=csv");
        let served = ask_state(&state, Request::get(&uri).body(Body::empty()).unwrap());
        let words = [what, "--from", base, "--to", &draft, "--atlas", &demo, "--format", "csv"];
        assert!(served.status == 200 && served.text() == series(&words), "{uri}: {}", served.text());
    }
    let csv = table(&atlas, &revision);
    let values = folder.path().join("body").display().to_string();
    std::fs::write(&values, &csv).unwrap();
    let coded = format!("2022..2026={base},2027..2029=rev-1");
    for what in ["check", "bridge"] {
        let uri = format!("/v1/series/{what}?to=rev-1&editions={coded}&format=csv");
        let served = send(&uri, "text/csv", csv.clone());
        let words = [
            what,
            &values,
            "--editions",
            &coded,
            "--to",
            "rev-1",
            "--revision",
            &draft,
            "--atlas",
            &demo,
            "--format",
            "csv",
        ];
        assert!(served.status == 200 && served.text() == series(&words), "{uri}: {}", served.text());
    }
    let unknown =
        ask_state(&state, Request::get(format!("/v1/editions/{base}/changes/rev-9")).body(Body::empty()).unwrap());
    assert_eq!(unknown.status, 404, "{}", unknown.text());
}
