//! What weighs a crosswalk or a bridge, what is said where it is not there, and bodies that never end.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::Request;
use hyper::body::{Bytes, Frame};
use rattache::cli;
use rattache::http::{Options, State};

use super::http::{Answer, ask, ask_state, atlas_of, demo_bytes, get};

const OLD: &str = "demo-2017-07-01";
const NEW: &str = "demo-2022-04-01";

fn series(words: &[&str]) -> Result<String, String> {
    let mut out = Vec::new();
    let all = ["rattache", "series"].iter().chain(words).map(Into::into);
    cli::run(all, &mut out).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn addresses_of_the_atlas_weigh_by_command_line_and_over_http_and_bridge_a_table() {
    let uri = format!("/v1/editions/{OLD}/crosswalk/{NEW}?weights=addresses&format=csv");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("demo.atlas"), demo_bytes()).unwrap();
    let csv =
        series(&["crosswalk", "--from", OLD, "--to", NEW, "--weights", "addresses", "--atlas", &path("demo.atlas")])
            .unwrap();
    assert_eq!(csv, get(&uri).text());
    // Recounted, address by address.
    let atlas = atlas_of(demo_bytes());
    let (old, new) = (atlas.edition(0), atlas.edition(1));
    let mut counts: BTreeMap<(u16, u16), f64> = BTreeMap::new();
    let registry = atlas.gazetteer().unwrap();
    for at in 0..registry.address_count() {
        let unit = registry.address(at).unwrap().unit.unwrap() as usize;
        *counts.entry((old.clsc_of_unit[unit], new.clsc_of_unit[unit])).or_default() += 1.0;
    }
    let code = |edition: &rattache::atlas::EditionView<'_>, place: u16| {
        edition.hierarchy.territories(rattache::domain::Level::Clsc)[usize::from(place)].code.to_string()
    };
    let (mut compared, mut split) = (0, 0);
    for row in csv::Reader::from_reader(csv.as_bytes()).deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let of_source = || counts.iter().filter(|((from, _), _)| code(&old, *from) == row["from_code"]);
        let total: f64 = of_source().map(|(_, count)| count).sum();
        let Some((_, count)) = of_source().find(|((_, to), _)| code(&new, *to) == row["to_code"]) else { continue };
        let weight: f64 = row["weight"].parse().unwrap();
        assert!((weight - count / total).abs() < 1e-8, "{row:?}: {count} of {total}");
        compared += 1;
        split += usize::from(weight < 1.0);
    }
    assert!(compared >= 165 && split >= 6, "{compared}, {split}");
    std::fs::write(path("t.csv"), "annee,code,valeur\n2016,06512,1000\n").unwrap();
    let words = |weights| {
        let words = ["bridge", &path("t.csv"), "--to", NEW, "--weights", weights, "--atlas", &path("demo.atlas")];
        series(&words).unwrap()
    };
    assert_ne!(words("addresses"), words("area"));
}

#[test]
fn weights_that_are_not_there_are_refused_by_name_with_what_to_do() {
    let bytes = crate::demo_atlas::altered((file!(), line!()), |source| source.addresses = None);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("bare.atlas"), &bytes).unwrap();
    std::fs::write(path("t.csv"), "annee,code,valeur\n2016,06512,1000\n").unwrap();
    let state = State::new(atlas_of(&bytes), None, Options::default()).unwrap();
    for (weights, missing, manque) in [
        ("addresses", "no address registry", "registre d'adresses"),
        ("dwellings", "no atlas holds dwellings", "logements"),
    ] {
        for words in [vec!["crosswalk", "--from", OLD, "--to", NEW], vec!["bridge", &path("t.csv"), "--to", NEW]] {
            let error =
                series(&[&words[..], &["--weights", weights, "--atlas", &path("bare.atlas")]].concat()).unwrap_err();
            assert!(error.contains(missing) && error.contains("--weights FILE"), "{error}");
        }
        let table = Request::post(format!("/v1/series/bridge?to={NEW}&weights={weights}"))
            .header("content-type", "text/csv")
            .body(Body::from("annee,code,valeur\n2016,06512,1000\n"))
            .unwrap();
        let crosswalk = Request::get(format!("/v1/editions/{OLD}/crosswalk/{NEW}?weights={weights}"));
        for request in [table, crosswalk.body(Body::empty()).unwrap()] {
            let answer = ask_state(&state, request);
            let (said, code) = (answer.json()["detail"].as_str().unwrap().to_owned(), answer.json()["code"].clone());
            assert_eq!((answer.status, code.as_str().unwrap()), (422, "no-weights"));
            assert!(said.contains(manque) && said.contains("--weights FICHIER"), "{said}");
        }
    }
    // The fix that is named works, for the bridge as for the crosswalk.
    let atlas = atlas_of(&bytes);
    let rows: Vec<String> = (0..atlas.unit_count()).map(|unit| format!("{},1", atlas.unit_id(unit))).collect();
    std::fs::write(path("dwellings.csv"), format!("unit,weight\n{}\n", rows.join("\n"))).unwrap();
    let (weights, bare) = (path("dwellings.csv"), path("bare.atlas"));
    for words in [vec!["crosswalk", "--from", OLD, "--to", NEW], vec!["bridge", &path("t.csv"), "--to", NEW]] {
        let words = [&words[..], &["--weights", &weights, "--atlas", &bare]].concat();
        assert!(series(&words).unwrap().contains("06512"));
    }
}

/// A body that breaks off after its first part.
struct Broken(bool);

impl hyper::body::Body for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let first = !std::mem::replace(&mut self.0, true);
        let part = Bytes::from_static(b"annee,code,valeur\n2016,06512,10");
        Poll::Ready(Some(if first { Ok(Frame::data(part)) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }))
    }
}

#[test]
fn a_table_that_breaks_off_on_its_way_is_told_apart_from_one_that_can_not_be_read() {
    for uri in ["/v1/series/check".to_owned(), format!("/v1/series/bridge?to={NEW}")] {
        let request = Request::post(&uri).header("content-type", "text/csv").body(Body::new(Broken(false))).unwrap();
        let answer: Answer = ask(request);
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (400, "incomplete-body"), "{uri}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("interrompu"));
    }
}

#[test]
fn findings_are_said_in_french_and_in_english_and_their_kind_is_the_same_word() {
    let request = Request::post("/v1/series/check").header("content-type", "text/csv");
    let answer = ask(request.body(Body::from("annee,code,valeur\n2016,06512,-4\n")).unwrap()).json();
    let findings = answer["findings"].as_array().unwrap();
    let negative = findings.iter().find(|found| found["kind"] == "negative_count").unwrap();
    assert_eq!(negative["message_fr"], "l’effectif « -4 » est négatif : mis de côté");
    assert_eq!(negative["message_en"], "count \"-4\" is negative: set aside");
    let words = ["«", "é", "à", "’", " est ", " a ", " un ", " le "];
    for found in findings {
        let french = found["message_fr"].as_str().unwrap();
        assert!(words.iter().any(|word| french.contains(word)) && found["message_en"] != french, "{french}");
    }
}
