//! The answers of a file are those of its rows, one by one.

use std::fmt::Write as _;

use rattache::batch::{BatchError, Options, Status};
use rattache::domain::{EditionChoice, LonLat};
use rattache::geometry::surroundings::Beyond;
use rattache::resolve::{Placement, Query, Resolver};
use serde_json::{Value, json};

use super::{Chance, answer, columns, demo, mixed_table, try_answer};
use crate::http::post;

/// Rows of a CSV as lists of fields.
fn rows(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn file_library_and_http_say_the_same_of_every_row() {
    let mut chance = Chance(4);
    let mut text = String::from("lat,lon,jour\n");
    let mut questions = Vec::new();
    let mut asked = Vec::new();
    for _ in 0..400 {
        let (lat, lon) = chance.position();
        let day = ["2017-07-01", "2019-02-03", "2030-01-01"][chance.below(3)];
        writeln!(text, "{lat},{lon},{day}").unwrap();
        questions.push(json!({ "lat": lat, "lon": lon, "as_of": day, "uncertainty_m": 700.0 }));
        asked.push((lat, lon, day));
    }
    let mut options = Options { uncertainty_m: Some(700.0), ..Options::default() };
    options.named.as_of = Some("jour".into());
    let (out, tally) = try_answer(text.as_bytes(), &options, 2).unwrap();
    // Without the columns that need the distance, the answer is found another way, and is the same.
    let lazy = Options { columns: columns("status,reason,da,clsc_code,method,edition").columns, ..options.clone() };
    let (short, _) = try_answer(text.as_bytes(), &lazy, 2).unwrap();
    let answers = post("/v1/resolve", Value::from(questions).to_string()).json();
    let mut seen = std::collections::BTreeSet::new();
    for (place, (lat, lon, day)) in asked.into_iter().enumerate() {
        let query = Query {
            place: LonLat::new(lon, lat).unwrap().into(),
            basis: None,
            edition: EditionChoice::AsOf(day.parse().unwrap()),
            uncertainty_m: Some(700.0),
        };
        let found = Resolver::answer(demo(), &query).unwrap();
        assert_eq!(answers[place], serde_json::to_value(&found).unwrap());
        let row = &rows(&out)[place + 1][3..];
        seen.insert(row[0].clone());
        let near = found.border_m.is_some_and(|border| border <= 700.0)
            || found.certainty.as_ref().is_some_and(|certainty| !certainty.stable);
        let status = match found.placement {
            Placement::Outside => "outside",
            _ if found.beyond.is_some_and(Beyond::is_land) => "nearest",
            _ if near => "near_border",
            _ => "resolved",
        };
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let lineage = found.lineage.map(|all| [all.clsc, all.rls, all.rts, all.rss, all.ruisss]);
        let cells: Vec<String> = lineage.map_or(vec![String::new(); 10], |all| {
            all.iter().flat_map(|one| [one.code.to_owned(), one.name.to_owned()]).collect()
        });
        assert_eq!(row[0], status);
        assert_eq!(row[2], found.dissemination_area.unwrap_or_default());
        assert_eq!(row[3..13], cells[..]);
        assert_eq!(row[16], number(found.border_m));
        assert_eq!(row[17], found.runner_up.map_or("", |other| other.code));
        assert_eq!(row[18], found.edition.header.id);
        let short = &rows(&short)[place + 1][3..];
        assert_eq!(short, [&row[0], &row[1], &row[2], &row[3], &row[13], &row[18]].map(Clone::clone));
    }
    assert!(seen.len() >= 3, "{seen:?}");
    let of = [Status::Resolved, Status::NearBorder, Status::Nearest, Status::Outside];
    assert_eq!(of.map(|status| tally.count(status)).iter().sum::<u64>(), 400);
}

#[test]
fn the_output_does_not_depend_on_the_number_of_workers() {
    let input = mixed_table(40_000);
    assert!(input.len() > 6 * (256 << 10));
    let mut options = columns("status,reason,da,clsc_code,rts_name,edition");
    options.named.as_of = Some("jour".into());
    let one = try_answer(&input, &options, 1).unwrap();
    for workers in [2, 4] {
        let other = try_answer(&input, &options, workers).unwrap();
        assert!(other.0 == one.0, "{workers} workers");
        assert_eq!(other.1.statuses, one.1.statuses);
        assert_eq!((other.1.clsc, other.1.faults), (one.1.clsc.clone(), one.1.faults.clone()));
    }
    let packed = try_answer(&input, &Options { gzip: true, ..options.clone() }, 2).unwrap().0;
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&packed[..]), &mut unpacked).unwrap();
    assert!(unpacked == one.0);

    // Rows in, rows out; and what was there comes back in its own columns.
    let (before, after) = (rows(&input), rows(&one.0));
    assert_eq!(before.len(), after.len());
    assert_eq!(one.1.rows as usize + 1, after.len());
    assert_eq!(one.1.statuses.iter().sum::<u64>(), one.1.rows);
    for (before, after) in before.iter().zip(&after) {
        // What is too much stands together in the last column, so that those added stand in theirs.
        let whole = before.len().min(if before.len() > 5 { 4 } else { 5 });
        assert_eq!(after[..whole], before[..whole]);
        assert!(before.len() <= 5 || after[4] == before[4..].join(","), "{after:?}");
        assert_eq!(after.len(), 5 + 6);
    }
}

#[test]
fn a_bad_row_has_its_reason_and_the_others_their_answers() {
    let text = "id,lat,lon,jour\n\
        1,45.5088,-73.5542,2019-01-01\n\
        2,,-73.5542,2019-01-01\n\
        3,45.5088,,2019-01-01\n\
        4,,,2019-01-01\n\
        5,quarante,-73.5542,2019-01-01\n\
        6,45.5088,N/D,2019-01-01\n\
        7,-73.5542,45.5088,2019-01-01\n\
        8,95,-73,2019-01-01\n\
        9,45.5088,-73.5542,\n\
        10,45.5088,-73.5542,01/02/2019\n\
        11,45.5088,-73.5542,1950-01-01\n\
        12,45.5088,-73.5542\n\
        13,45.5088,-73.5542,2019-01-01,x\n\
        14,10,10,2019-01-01\n\
        15,nan,inf,2019-01-01\n\
        16,45.5088,-73.5542,2019-01-01T08:00:00\n";
    let mut options = columns("status,reason");
    options.named.as_of = Some("jour".into());
    let out = answer(text.as_bytes(), &options);
    let expected = [
        "resolved,",
        "invalid,missing_latitude",
        "invalid,missing_longitude",
        "invalid,no_value",
        "invalid,bad_latitude",
        "invalid,bad_longitude",
        "invalid,swapped_coordinates",
        "invalid,coordinates_out_of_range",
        "invalid,missing_date",
        "invalid,bad_date",
        "invalid,no_edition",
        "invalid,ragged_line",
        "invalid,ragged_line",
        "outside,outside_coverage",
        "invalid,bad_latitude",
        "resolved,",
    ];
    for (line, end) in out.lines().skip(1).zip(expected) {
        assert!(line.ends_with(&format!(",{end}")), "{line} should end with {end}");
    }
    assert_eq!(out.lines().count(), 17);
}

#[test]
fn an_open_quote_costs_its_own_row_only() {
    let out = answer(b"id,lat,lon\n1,\"45.5088,-73.5542\n2,45.5088,-73.5542\n", &columns("status,reason"));
    assert_eq!(
        out,
        "id,lat,lon,rattache_status,rattache_reason\n1,\"\"\"45.5088\",-73.5542,invalid,unclosed_quote\n2,45.5088,-73.5542,resolved,\n"
    );
}

#[test]
fn a_bad_file_is_refused_before_any_output_and_its_columns_are_named() {
    let refuse = |text: &str, options: &Options| try_answer(text.as_bytes(), options, 1).unwrap_err();
    let plain = Options::default();
    assert!(matches!(refuse("", &plain), BatchError::Empty));
    assert!(matches!(refuse(" \n\n", &plain), BatchError::Empty));
    assert!(matches!(refuse("\u{1}\u{2}\u{3}\u{4},lat", &plain), BatchError::NotATable { .. }));
    let error = refuse("nom,taille\na,3\n", &plain).to_string();
    assert!(error.contains("\"nom\", \"taille\""), "{error}");
    let error = refuse("nom,latitude\na,45\n", &plain);
    assert!(matches!(error, BatchError::HalfAPair { want: "longitude", .. }), "{error}");
    assert!(matches!(refuse("x,y\n1,2\n", &plain), BatchError::CrsMissing { .. }));
    assert!(matches!(refuse("lat,lon,rattache_da\n1,2,3\n", &plain), BatchError::AlreadyThere { .. }));
    let mut named = Options::default();
    named.named.lat = Some("hauteur".into());
    let error = refuse("lat,lon\n1,2\n", &named).to_string();
    assert!(error.contains("\"hauteur\"") && error.contains("\"lat\", \"lon\""), "{error}");
    let wide = Options { uncertainty_m: Some(-1.0), ..Options::default() };
    assert!(matches!(refuse("lat,lon\n1,2\n", &wide), BatchError::Uncertainty { .. }));
    let long = format!("lat,lon\n1,\"2\n{}", "9".repeat(17 << 20));
    assert!(matches!(refuse(&long, &plain), BatchError::RowTooLong { row: 2, .. }));
}

#[test]
fn no_error_holds_a_value_of_a_row() {
    for text in ["nom,taille\nSecret,3\n", "x,y\nSecret,2\n", "lat\nSecret\n"] {
        let error = try_answer(text.as_bytes(), &Options::default(), 1).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("Secret"));
    }
}

#[test]
fn a_position_across_the_land_limit_of_the_province_is_not_resolved() {
    let (out, tally) = try_answer(b"lat,lon\n45.40,-75.70\n48.60,-64.10\n", &columns("status,reason"), 1).unwrap();
    let cells: Vec<Vec<String>> = rows(&out).into_iter().skip(1).map(|row| row[2..].to_vec()).collect();
    assert_eq!(cells, [["nearest", "beyond_province"], ["resolved", "nearest_territory"]]);
    assert_eq!(tally.count(Status::Nearest), 1);
}

#[test]
fn an_invented_postal_code_is_not_resolved_by_its_area() {
    let view = demo().gazetteer().unwrap();
    let known = |code: &str| {
        let code = rattache::address::PostalCode::parse(code).unwrap();
        view.find_postal_code(code).basis == rattache::address::PostalBasis::Code
    };
    let fsa = view.address(0).unwrap().postal_code.unwrap().fsa();
    let code = (0..100).map(|n| format!("{fsa} {}Z{}", n / 10, n % 10)).find(|code| !known(code)).unwrap();
    let text = format!("code_postal\n{code}\n");
    let (out, _) = try_answer(text.as_bytes(), &columns("status,reason,clsc_code"), 1).unwrap();
    assert_eq!(rows(&out)[1][1..], ["ambiguous", "unknown_postal_code", ""]);
}
