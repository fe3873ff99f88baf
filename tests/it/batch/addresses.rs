//! A file of addresses has, row by row, the answers of single questions, through the library, the program and HTTP.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use rattache::address::AddressEntry;
use rattache::batch::{Options, Status};
use rattache::domain::EditionChoice;
use rattache::resolve::{Place, Query, Resolver};
use serde_json::{Value, json};

use super::{Chance, columns, demo, try_answer};
use crate::http::{ask, demo_bytes, post};

fn rows(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn entries(count: usize, seed: u64) -> Vec<AddressEntry> {
    let view = demo().gazetteer().unwrap();
    let mut chance = Chance(seed);
    (0..count).map(|_| view.address(chance.below(view.address_count())).unwrap()).collect()
}

/// The same address as people write it, well and badly; and what is none.
fn written(entry: &AddressEntry, way: usize) -> String {
    let (civic, street, town) = (entry.civic.unwrap(), &entry.street, &entry.municipality);
    let code = entry.postal_code.map(|code| code.to_string()).unwrap_or_default();
    match way {
        0 => format!("{civic}, {street}, {town} {code}"),
        1 => format!("{civic} {street} {town}").to_uppercase(),
        2 => {
            format!("{civic} {}, {town}", street.chars().filter(|letter| !"aéo".contains(*letter)).collect::<String>())
        }
        3 => format!("{street}, {town}"),
        4 => format!("{civic} {street}"),
        5 => format!("99999 {street}, {town}"),
        6 => town.clone(),
        7 => "zzz qqq".to_owned(),
        8 => "123 Main Street, Toronto, ON M5V 2T6".to_owned(),
        _ => format!("{civic} {street}, {town} G9Z 9Z9"),
    }
}

/// What a row has to say, read off the answer to the same question as `/v1/resolve` writes it.
fn expected(found: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let matched = &found["match"];
    let matched = if matched.is_null() { &found["matched"] } else { matched };
    let accepted = matched.is_null() || matched["auto_accepted"] == true;
    let stable = found["certainty"].is_null() || found["certainty"]["stable"] == true;
    let placement = found["placement"].as_str().unwrap();
    let clsc = text(&found["lineage"]["clsc"]["code"]);
    let status = match placement {
        "outside" => "outside",
        "not_found" => "not_found",
        "spread" if clsc.is_empty() => "ambiguous",
        _ if !accepted => "ambiguous",
        _ if !stable => "near_border",
        _ => "resolved",
    };
    let faults: Vec<String> =
        matched["faults"].as_array().map(|all| all.iter().map(text).collect()).unwrap_or_default();
    let score = matched["result_score"]
        .as_f64()
        .map_or(String::new(), |score| format!("{}", (score * 1000.0).round() / 1000.0));
    // Nothing is picked of what is ambiguous.
    let picked = status != "ambiguous";
    let border = found["border_m"].as_f64().filter(|_| picked).map(|metres| json!(metres)).unwrap_or_default();
    let border = border.as_f64().map_or(String::new(), |metres| metres.to_string());
    let da = if picked { text(&found["dissemination_area"]) } else { String::new() };
    let clsc = if picked { clsc } else { String::new() };
    vec![status.to_owned(), da, clsc, score, faults.join(" "), border]
}

const COLUMNS: &str = "status,da,clsc_code,score,faults,border_m,method,reason";

#[test]
fn every_address_has_the_answer_of_the_same_single_question() {
    let mut text = String::from("dossier;adresse\n");
    let mut asked = Vec::new();
    for (number, entry) in entries(300, 5).iter().enumerate() {
        let address = written(entry, number % 10);
        writeln!(text, "{number:05};\"{address}\"").unwrap();
        asked.push(address);
    }
    let options = columns(COLUMNS);
    let (out, tally) = try_answer(text.as_bytes(), &options, 2).unwrap();
    let out_text = String::from_utf8(out.clone()).unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(out_text.as_bytes());
    let answers: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let questions: Vec<Value> = asked.iter().map(|address| json!({ "address": address })).collect();
    let single: Vec<Value> = questions
        .chunks(100)
        .flat_map(|some| post("/v1/resolve", Value::from(some.to_vec()).to_string()).json().as_array().unwrap().clone())
        .collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for ((row, single), address) in answers.iter().zip(&single).zip(&asked) {
        // Numbers of a file between semicolons have decimal commas.
        let number = |cell: &str| cell.parse::<f64>().is_ok() || cell.replace(',', ".").parse::<f64>().is_ok();
        let plain = |cell: &str| if number(cell) { cell.replace(',', ".") } else { cell.to_owned() };
        let cells: Vec<String> = row.iter().skip(2).take(6).map(plain).collect();
        assert_eq!(cells, expected(single), "{address}");
        let has_place = !matches!(cells[0].as_str(), "not_found" | "outside");
        assert_eq!(&row[8], if has_place { "address" } else { "" });
        *seen.entry(cells[0].clone()).or_default() += 1;
    }
    for status in ["resolved", "ambiguous", "not_found"] {
        assert!(seen.get(status).is_some_and(|&count| count >= 10), "{seen:?}");
    }
    assert_eq!(tally.rows as usize, asked.len());
    assert_eq!(tally.statuses.iter().sum::<u64>(), tally.rows);

    // The program and HTTP give the same bytes.
    let folder = tempfile::tempdir().unwrap();
    rattache::atlas::write(&folder.path().join("demo.atlas"), demo_bytes()).unwrap();
    fs::write(folder.path().join("a.csv"), &text).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_rattache"))
        .current_dir(folder.path())
        .args(["batch", "a.csv", "-o", "b.csv", "-q", "--atlas", "demo.atlas", "--columns", COLUMNS, "--workers", "2"])
        .status();
    assert_eq!(status.unwrap().code(), Some(1));
    assert!(fs::read(folder.path().join("b.csv")).unwrap() == out);
    let request = Request::post(format!("/v1/batch?columns={COLUMNS}")).header("content-type", "text/csv");
    assert!(ask(request.body(Body::from(text)).unwrap()).bytes == out);
}

#[test]
fn an_address_in_parts_is_the_address_in_one_and_a_postal_code_alone_is_enough() {
    let mut text = String::from("no civique,rue,ville,code postal\n");
    let mut asked = Vec::new();
    for (number, entry) in entries(120, 8).iter().enumerate() {
        let code = entry.postal_code.map(|code| code.to_string()).unwrap_or_default();
        let civic = entry.civic.unwrap().to_string();
        if number % 3 == 0 {
            writeln!(text, ",,,{code}").unwrap();
            asked.push(Place::PostalCode(code));
        } else {
            writeln!(text, "{civic},\"{}\",\"{}\",{code}", entry.street, entry.municipality).unwrap();
            asked.push(Place::Address(format!("{civic} {}, {} {code}", entry.street, entry.municipality)));
        }
    }
    text.push_str(",,,pas un code\n,,,\n");
    let (out, tally) = try_answer(text.as_bytes(), &columns("status,clsc_code,da,method,reason"), 1).unwrap();
    let out = rows(&out);
    for (row, place) in out[1..].iter().zip(&asked) {
        let query = Query { place: place.clone(), basis: None, edition: EditionChoice::Latest, uncertainty_m: None };
        let found = Resolver::answer(demo(), &query).unwrap();
        assert_eq!(row[5], found.lineage.map_or("", |all| all.clsc.code), "{row:?}");
        assert_eq!(row[6], found.dissemination_area.unwrap_or_default());
        let method = if matches!(place, Place::PostalCode(_)) { "postal_code" } else { "address" };
        assert_eq!(row[7], method);
    }
    assert_eq!(out[121][4..], ["invalid", "", "", "", "bad_postal_code"]);
    assert_eq!(out[122][4..], ["invalid", "", "", "", "no_value"]);
    assert_eq!(tally.count(Status::Invalid), 2);
}

#[test]
fn a_column_of_row_numbers_is_no_civic_number_where_the_address_has_its_own() {
    let (mut whole, mut numbered, mut apart) = (
        String::from("adresse,ville\n"),
        String::from("numero,adresse,ville\n"),
        String::from("numero,adresse,ville\n"),
    );
    for (number, entry) in entries(60, 5).iter().enumerate() {
        let (civic, street, town) = (entry.civic.unwrap(), &entry.street, &entry.municipality);
        writeln!(whole, "\"{civic}, {street}\",\"{town}\"").unwrap();
        writeln!(numbered, "{number},\"{civic}, {street}\",\"{town}\"").unwrap();
        writeln!(apart, "{civic},\"{street}\",\"{town}\"").unwrap();
    }
    let answers = |text: &str, own: usize| -> Vec<Vec<String>> {
        let (out, _) = try_answer(text.as_bytes(), &columns("status,reason,da,score,faults"), 1).unwrap();
        rows(&out)[1..].iter().map(|row| row[own..].to_vec()).collect()
    };
    let expected = answers(&whole, 2);
    assert!(expected.iter().filter(|row| row[0] == "resolved").count() > 40, "{expected:?}");
    assert_eq!(answers(&numbered, 3), expected);
    assert_eq!(answers(&apart, 3), expected);
}

#[test]
fn a_row_with_coordinates_is_answered_by_them_and_one_without_by_its_address() {
    let entry = &entries(1, 2)[0];
    let address = written(entry, 0);
    let text = format!("lat,lon,adresse\n45.5088,-73.5542,\"{address}\"\n,,\"{address}\"\nabc,-73,\"{address}\"\n,,\n");
    let (out, _) = try_answer(text.as_bytes(), &columns("method,reason"), 1).unwrap();
    let ends: Vec<Vec<String>> = rows(&out)[1..].iter().map(|row| row[3..].to_vec()).collect();
    // The position is not where the address is: nothing is picked, and both are told.
    assert_eq!(ends[0], ["point", "point_and_address_disagree"]);
    assert_eq!(ends[1][0], "address");
    assert_eq!(ends[2], ["address", "bad_latitude"], "the address has the word, and the reason is said");
    assert_eq!(ends[3], ["", "no_value"]);
    let found = try_answer(text.as_bytes(), &Options::default(), 1).unwrap().1;
    assert_eq!(found.rows, 4);
}
