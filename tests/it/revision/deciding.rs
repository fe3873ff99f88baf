//! What is decided on: warnings accepted by name, operations written as people write them, revisions side by side, travel times.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use rattache::http::{Options, State};
use rattache::revision::{FORMS, Operation, Revision, Workbench};
use rattache::store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{run, some_revision};
use crate::http::{Answer, ask_state, atlas_of, demo_bytes, fresh_state};

fn keeping() -> (TempDir, Arc<State>) {
    let folder = tempfile::tempdir().unwrap();
    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open(&folder.path().join("store")).unwrap()).unwrap();
    (folder, state)
}

fn write(state: &Arc<State>, uri: &str, body: &Value) -> Answer {
    let request = Request::post(uri).header("content-type", "application/json").body(body.to_string().into()).unwrap();
    ask_state(state, request)
}

fn read(state: &Arc<State>, uri: &str) -> Answer {
    ask_state(state, Request::get(uri).body(Body::empty()).unwrap())
}

#[test]
fn a_revision_with_a_warning_is_handed_in_and_published_only_once_that_is_accepted_by_its_name() {
    let (_folder, state) = keeping();
    write(&state, "/v1/revisions", &json!({ "name": "Vide" }));
    let step = |path: &str, version: u64, more: Value| {
        let mut body = json!({ "version": version });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        write(&state, &format!("/v1/revisions/rev-1/{path}"), &body)
    };
    let refused = step("submit", 1, json!({}));
    assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("unaccepted-warnings")));
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("la révision ne change rien (empty)") && detail.contains("--accept"), "{detail}");
    assert_eq!(step("submit", 1, json!({ "accept": ["same_name"] })).status, 409, "that is another warning");
    let unknown = step("submit", 1, json!({ "accept": ["rien"] }));
    assert_eq!(unknown.status, 400, "{}", unknown.text());
    let handed_in = step("submit", 1, json!({ "accept": ["empty"] })).json();
    assert_eq!((&handed_in["state"], &handed_in["accepted"]), (&json!("submitted"), &json!(["empty"])));
    assert_eq!(handed_in["decisions"][0]["accepts"], json!(["empty"]));
    let page = read(&state, "/v1/revisions/rev-1/dossier");
    assert!(page.text().contains("avertissements acceptés") && page.text().contains("rien ne change"));

    // What is corrected is another revision: what was accepted of it must be accepted again.
    assert_eq!(step("decide", 2, json!({ "to": "draft" })).json()["accepted"], json!([]));
    assert_eq!(step("submit", 3, json!({})).status, 409);
    step("submit", 3, json!({ "accept": ["empty"] }));
    step("decide", 4, json!({ "to": "in_analysis" }));
    step("decide", 5, json!({ "to": "accepted" }));
    let published = step("publish", 6, json!({ "valid_from": "2031-04-01" }));
    assert_eq!(published.status, 200, "accepted once is enough: {}", published.text());
    let history = read(&state, "/v1/revisions/rev-1/history");
    assert_eq!(history.status, 200, "the history can be carried out again: {}", history.text());
}

#[test]
fn what_was_accepted_elsewhere_than_here_is_asked_for_at_publication_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store").display().to_string();
    let desk = |words: &[&str]| run(&[&["revision"], words, &["--author", "Ada", "--store", &store]].concat());
    desk(&["create", "--name", "Vide"]).unwrap();
    let refused = desk(&["submit", "rev-1"]).unwrap_err();
    assert!(refused.contains("(empty)") && refused.contains("--accept"), "{refused}");
    // A store that an earlier version wrote may hold one that nobody accepted anything of.
    let kept = Store::open_existing(&folder.path().join("store")).unwrap();
    let at = ("2026-11-23T10:00:00Z", "Ada");
    for (version, to) in [(1, "submitted"), (2, "in_analysis"), (3, "accepted")] {
        kept.append("rev-1", version, at, rattache::store::Event::moved(to.parse().unwrap())).unwrap();
    }
    let publish = ["publish", "rev-1", "--valid-from", "2031-04-01"];
    assert!(desk(&publish).unwrap_err().contains("(empty)"));
    let told = desk(&[&publish[..], &["--accept", "empty"]].concat()).unwrap();
    assert!(told.contains("avertissements acceptés : empty"), "{told}");
}

#[test]
fn operations_over_http_name_units_as_a_file_does_and_every_fault_is_told_in_french() {
    let (_folder, state) = keeping();
    let make =
        |operations: Value| write(&state, "/v1/revisions", &json!({ "name": "Essai", "operations": operations }));
    let made =
        make(json!([{ "op": "close", "clsc": "01141", "homes": [{ "to": "01151", "units": { "clsc": "01141" } }] }]));
    assert_eq!(made.status, 200, "{}", made.text());
    let units = made.json()["operations"][0]["homes"][0]["units"].as_array().unwrap().clone();
    assert!(units.len() > 1 && units.iter().all(Value::is_string), "{units:?}");

    // A polygon around all of a CLSC's units takes what it holds and nothing of other CLSC.
    let atlas = atlas_of(demo_bytes());
    let around = |unit: usize| {
        let at = atlas.points_inside()[unit];
        (at.lon(), at.lat())
    };
    let first = atlas.find_unit(units[0].as_str().unwrap()).unwrap();
    let (lon, lat) = around(first as usize);
    let square = |half: f64| {
        json!({ "type": "Polygon", "coordinates": [[
            [lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half],
            [lon - half, lat - half],
        ]] })
    };
    let drawn = |half: f64| {
        make(json!([{ "op": "move_units", "transfers": [
            { "to": "01151", "units": { "clsc": "01141", "polygon": square(half) } },
        ] }]))
    };
    let some = drawn(0.2);
    assert_eq!(some.status, 200, "{}", some.text());
    let inside = some.json()["operations"][0]["transfers"][0]["units"].as_array().unwrap().clone();
    assert!(!inside.is_empty() && inside.iter().all(|unit| units.contains(unit)), "{inside:?} of {units:?}");
    let none = drawn(0.000_01);
    assert_eq!((none.status, none.json()["code"].as_str()), (422, Some("revision-refused")));
    assert!(none.json()["detail"].as_str().unwrap().contains("aucune aire n'y est"), "{}", none.text());

    let faults = make(json!([
        { "op": "mov_units" },
        { "op": "merge", "into": "01111" },
        { "op": "move_units", "transfers": [{ "to": "01151", "units": { "list": "/etc/passwd" } }] },
    ]));
    let detail = faults.json()["detail"].as_str().unwrap().to_owned();
    assert_eq!(faults.status, 422);
    for wanted in ["opération 1, champ op : « mov_units » n'est pas une opération", "opération 2 (merge), champ from"]
    {
        assert!(detail.contains(wanted), "{wanted}\n{detail}");
    }
    let file =
        make(json!([{ "op": "move_units", "transfers": [{ "to": "01151", "units": { "list": "/etc/passwd" } }] }]));
    assert!(file.json()["detail"].as_str().unwrap().contains("ne peut pas être lu ici"), "{}", file.text());
    assert_eq!(read(&state, "/v1/revisions").json().as_array().unwrap().len(), 2, "what is refused is not kept");
}

#[test]
fn the_example_of_every_operation_is_carried_out_on_the_demo_and_stands_in_the_description() {
    let (_folder, state) = keeping();
    let document = rattache::http::document();
    let described = document["components"]["schemas"]["WrittenOperation"]["oneOf"].as_array().unwrap();
    assert_eq!(described.len(), FORMS.len());
    for (form, schema) in FORMS.iter().zip(described) {
        let example: Value = serde_json::from_str(form.example).unwrap();
        assert_eq!((&example["op"], &schema["properties"]["op"]["enum"][0]), (&json!(form.word), &json!(form.word)));
        assert_eq!(schema["examples"][0], example);
        for field in form.fields.iter().filter(|field| field.required) {
            assert!(
                schema["required"].as_array().unwrap().contains(&json!(field.name)),
                "{} {}",
                form.word,
                field.name
            );
        }
        let body = json!({ "name": form.word, "operations": [example] });
        let made = write(&state, "/v1/revisions", &body);
        assert_eq!(made.status, 200, "{}: {}", form.word, made.text());
    }
}

#[test]
fn two_accepted_revisions_of_different_regions_are_both_published() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store").display().to_string();
    let desk = |words: &[&str]| run(&[&["revision"], words, &["--store", &store]].concat());
    let atlas = atlas_of(demo_bytes());
    let mut revision = some_revision(&atlas);
    let save = |name: &str, revision: &Revision| {
        let path = folder.path().join(name).display().to_string();
        std::fs::write(&path, revision.to_toml().unwrap()).unwrap();
        path
    };
    let south = save("sud.toml", &revision);
    // Of a CLSC that the other one leaves as it is.
    let rename = FORMS.iter().find(|form| form.word == "rename").unwrap().example.replace("01111", "06512");
    let example: Operation = serde_json::from_str(&rename).unwrap();
    revision.operations = vec![example];
    let east = save("est.toml", &revision);
    for (id, file) in [("rev-1", &south), ("rev-2", &east)] {
        desk(&["create", file, "--author", "Ada"]).unwrap();
        for words in [&["submit", id][..], &["decide", id, "in_analysis"], &["decide", id, "accepted"]] {
            desk(&[words, &["--author", "Ada"]].concat()).unwrap();
        }
    }
    let publish = |id: &str, day: &str| desk(&["publish", id, "--author", "Ada", "--valid-from", day]);
    publish("rev-1", "2031-04-01").unwrap();
    let refused = publish("rev-2", "2032-04-01").unwrap_err();
    assert!(refused.contains("rattache revision rebase"), "{refused}");
    let told = desk(&["rebase", "rev-2", "--author", "Ada"]).unwrap();
    assert!(told.contains("Tout tient") && told.contains("rev-3 (acceptée)"), "{told}");
    publish("rev-3", "2032-04-01").unwrap();
    let on = |day: &str| run(&["territories", "--level", "clsc", "--store", &store, "--as-of", day]).unwrap();
    let (one, both) = (on("2031-06-01"), on("2032-06-01"));
    assert!(one.contains("Territoire réuni") && !one.contains("Nouveau nom"));
    assert!(both.contains("Territoire réuni") && both.contains("Nouveau nom"), "neither undid the other");
}

#[test]
fn travel_times_count_instead_of_straight_lines_where_a_table_says_them_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = atlas_of(demo_bytes());
    let bench = Workbench::new(&atlas);
    let revision = some_revision(&atlas);
    let file = folder.path().join("essai.toml").display().to_string();
    std::fs::write(&file, revision.to_toml().unwrap()).unwrap();
    let simulate = |more: &[&str]| -> Value {
        let words = [&["revision", "simulate", &file, "--format", "json", "--accept", "detached"][..], more].concat();
        serde_json::from_str(&run(&words).unwrap()).unwrap()
    };
    let measured = |told: &Value, criterion: &str| -> Vec<Value> {
        let all = told["impact"]["criteria"].as_array().unwrap().clone();
        (all.iter())
            .flat_map(|known| known["after"]["measures"].as_array().into_iter().flatten().cloned().collect::<Vec<_>>())
            .filter(|measure| measure["criterion"] == criterion)
            .collect()
    };
    let without = simulate(&[]);
    assert!(measured(&without, "travel_time").is_empty());
    assert!(
        measured(&without, "distance").iter().any(|measure| !measure["grade"].is_null()),
        "the demo has installations"
    );
    // Everybody is three quarters of an hour from every CLSC installation, by its code or by the unit it stands in.
    let mut table = "DAUID;installation;minutes\n".to_owned();
    let (code, home) = {
        let known = bench.facts.installations.iter().filter(|known| known.is_clsc);
        let list: Vec<(String, String)> =
            known.map(|known| (known.code.clone(), bench.units.id(known.unit).to_string())).collect();
        list.into_iter().unzip::<String, String, Vec<_>, Vec<_>>()
    };
    for unit in 0..atlas.unit_count() {
        for (at, (code, home)) in code.iter().zip(&home).enumerate() {
            writeln!(table, "{};{};45,5", atlas.unit_id(unit), if at % 2 == 0 { code } else { home }).unwrap();
        }
    }
    let path = folder.path().join("trajets.csv").display().to_string();
    std::fs::write(&path, table).unwrap();
    let with = simulate(&["--travel-times", &path]);
    assert_eq!(with["impact"]["travel_times_of"], "trajets");
    let times = measured(&with, "travel_time");
    assert!(!times.is_empty());
    for measure in times.iter().filter(|measure| !measure["value"]["inside"].is_null()) {
        assert_eq!(measure["value"]["inside"]["median_min"], 45.5);
        assert_eq!((&measure["value"]["inside"]["share_far"], &measure["grade"]), (&json!(1.0), &json!("poor")));
    }
    assert!(
        measured(&with, "distance").iter().all(|measure| measure["grade"].is_null()),
        "told, and not counted twice"
    );
    let near = simulate(&["--travel-times", &path, "--far-minutes", "60"]);
    assert!(measured(&near, "travel_time").iter().any(|measure| measure["grade"] == "good"));
    let text = run(&["revision", "simulate", &file, "--travel-times", &path, "--accept", "detached"]).unwrap();
    assert!(text.contains("Temps de trajet de la table « trajets »"), "{text}");
    let text = run(&["revision", "simulate", &file, "--accept", "detached"]).unwrap();
    assert!(text.contains("Aucune table de temps de trajet n’a été donnée"), "{text}");
    std::fs::write(&path, format!("unit,to,minutes\n{},nulle-part,12\n", atlas.unit_id(0))).unwrap();
    let stranger = run(&["revision", "simulate", &file, "--travel-times", &path]).unwrap_err();
    assert!(stranger.contains("nulle-part"), "{stranger}");
}
