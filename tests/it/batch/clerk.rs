//! What a clerk needs: files as people leave them, what was used of them told, and outputs that nothing is lost by.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use rattache::batch::{Job, Options};

use super::{answer, columns, demo, editions, try_answer};
use crate::http::demo_bytes;

/// Rows of fields, as whoever reads the output reads them.
fn read(text: &str, separator: u8) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn statuses(input: &[u8]) -> Vec<String> {
    let (out, _) = try_answer(input, &columns("status"), 1).unwrap();
    let text = String::from_utf8_lossy(&out).replace("\r\r\n", "\n").replace('\r', "\n");
    let rows = read(text.trim_end_matches('\u{1a}'), b',');
    rows.into_iter().skip(1).map(|row| row.last().unwrap().clone()).collect()
}

#[test]
fn a_told_row_keeps_its_columns_in_place_and_no_other_row_is_lost() {
    let input = "id,nom,lat,lon\n1,\"Roy, \"\"Ti-Guy\"\"\",45.5088,-73.5542\n2,\"Ouvert,45.5088,-73.5542\n3,\"Bob\" Roy,45.5088,-73.5542\n4,a,b,45.5088,-73.5542\n5,\"deux\nlignes\",45.5088,-73.5542\n6,court,45.5\n";
    let rows = read(&answer(input.as_bytes(), &columns("status,reason")), b',');
    assert!(rows.iter().all(|row| row.len() == 6), "{rows:?}");
    let told: Vec<_> = rows[1..].iter().map(|row| (row[0].as_str(), row[1].as_str(), row[5].as_str())).collect();
    assert_eq!(
        told,
        [
            ("1", "Roy, \"Ti-Guy\"", ""),
            ("2", "\"Ouvert", "unclosed_quote"),
            ("3", "\"Bob\" Roy", "unclosed_quote"),
            ("4", "a", "ragged_line"),
            ("5", "deux\nlignes", ""),
            ("6", "court", "ragged_line"),
        ]
    );
    assert_eq!(rows[4][3], "45.5088,-73.5542", "what is too much stands together");
}

#[test]
fn a_quote_opened_and_never_closed_costs_one_row_of_a_thousand() {
    let mut input = String::from("id,nom,lat,lon\n");
    for row in 0..1000 {
        let name = if row == 200 || row == 700 { "\"Ti-Guy" } else { "Roy" };
        input.push_str(&format!("{row},{name},45.5088,-73.5542\n"));
    }
    let found = statuses(input.as_bytes());
    assert_eq!(found.len(), 1000);
    assert_eq!(found.iter().filter(|status| *status != "resolved").count(), 2);
}

#[test]
fn a_well_closed_field_of_two_megabytes_comes_back_as_it_was() {
    let long = "ligne, \"\"dite\"\"\n".repeat(140_000);
    let input = format!("id,note,lat,lon\n1,\"{long}\",45.5088,-73.5542\n2,b,45.5088,-73.5542\n");
    let out = answer(input.as_bytes(), &columns("status"));
    assert!(out.contains(&long));
    let rows = read(&out, b',');
    assert_eq!((rows.len(), rows[1][4].as_str(), rows[2][4].as_str()), (3, "resolved", "resolved"));
}

#[test]
fn what_programs_of_old_leave_in_a_file_costs_no_row() {
    for input in [
        &b"id,lat,lon\r\r\n1,45.5088,-73.5542\r\r\n2,45.5088,-73.5542\r\r\n"[..],
        b"id,lat,lon\r\n1,45.5088,-73.5542\r2,45.5088,-73.5542\n",
        b"id,lat,lon\n1\0,45.5088,-73.5542\n2,45.5088\0,-73.5542\n",
        b"id,lat,lon\n1,45.5088,-73.5542\n2,45.5088,-73.5542\n\x1a",
        b"sep=,\nid,lat,lon\n1,45.5088,-73.5542\n2,45.5088,-73.5542\n",
        b"Extraction du 3 mai\n\nid,lat,lon\n1,45.5088,-73.5542\n2,45.5088,-73.5542\n",
    ] {
        let found: Vec<_> = statuses(input).into_iter().filter(|status| status == "resolved").collect();
        assert_eq!(found.len(), 2, "{:?}", String::from_utf8_lossy(input));
    }
}

#[test]
fn coordinates_as_people_write_them_are_read_or_their_reason_is_said() {
    let options = columns("status,reason,method");
    let input = "id;lat;lon\n1;45\u{b0}30'31.68\"\"N;73\u{b0}33'15.12\"\"O\n2;45,5088;73,5542\n3;0;0\n4;N/D;N/D\n";
    let input = input.replace(
        "1;45\u{b0}30'31.68\"\"N;73\u{b0}33'15.12\"\"O",
        "1;\"45\u{b0}30'31.68\"\"N\";\"73\u{b0}33'15.12\"\"O\"",
    );
    let rows = read(&answer(input.as_bytes(), &options), b';');
    let told: Vec<_> = rows[1..].iter().map(|row| row[3..].join(" ")).collect();
    assert_eq!(told[0], "resolved  point");
    assert_eq!(told[1], "invalid lost_minus_sign ");
    assert_eq!(told[2], "invalid zero_coordinates ");
    assert_eq!(told[3], "invalid no_coordinates ");
}

#[test]
fn coordinates_that_can_not_be_used_leave_the_word_to_the_address() {
    let view = demo().gazetteer().unwrap();
    let entry = view.address(view.address_count() / 2).unwrap();
    let (civic, street, town) = (entry.civic.unwrap(), &entry.street, &entry.municipality);
    let mut input = String::from("NO_CIVIQ,NOM_RUE,NOM_MUN,latitude,longitude\n");
    for (lat, lon) in [("", ""), ("0", "0"), ("N/D", "N/D"), ("45.5", "73.5"), ("-73.5", "45.5")] {
        input.push_str(&format!("{civic},\"{street}\",\"{town}\",{lat},{lon}\n"));
    }
    let rows = read(&answer(input.as_bytes(), &columns("method,reason")), b',');
    let methods: Vec<_> = rows[1..].iter().map(|row| row[5].as_str()).collect();
    assert_eq!(methods, ["address"; 5], "{rows:?}");
    let reasons: Vec<_> = rows[1..].iter().map(|row| row[6].as_str()).collect();
    assert_eq!(reasons[1..], ["zero_coordinates", "no_coordinates", "lost_minus_sign", "swapped_coordinates"]);
}

#[test]
fn a_position_far_from_the_address_of_its_row_is_ambiguous_and_both_are_shown() {
    let view = demo().gazetteer().unwrap();
    let entry = view.address(view.address_count() / 2).unwrap();
    let (civic, street, town) = (entry.civic.unwrap(), &entry.street, &entry.municipality);
    let (here, far) =
        (entry.position, if entry.position.lon() < -72.5 { (46.8139, -71.208) } else { (45.5088, -73.5542) });
    let mut input = String::from("adresse,latitude,longitude\n");
    input.push_str(&format!("\"{civic} {street}, {town}\",{},{}\n", here.lat(), here.lon()));
    input.push_str(&format!("\"{civic} {street}, {town}\",{},{}\n", far.0, far.1));
    let options = columns("status,reason,clsc_code,candidates");
    let rows = read(&answer(input.as_bytes(), &options), b',');
    assert_ne!(rows[1][3], "ambiguous", "{rows:?}");
    assert_eq!(
        (rows[2][3].as_str(), rows[2][4].as_str(), rows[2][5].as_str()),
        ("ambiguous", "point_and_address_disagree", "")
    );
    assert!(rows[2][6].contains(" | ") && rows[2][6].contains(street.as_str()), "{:?}", rows[2]);
    let trusting = Options { trust_points: true, ..columns("status") };
    assert_eq!(read(&answer(input.as_bytes(), &trusting), b',')[2][3], "resolved");
}

#[test]
fn the_names_that_registers_give_their_columns_are_known_and_told() {
    let header = "NO_CIVIQ,NOM_RUE,NO_APPART,Ville de résidence,CODE_POSTA,dossier";
    let input = format!("{header}\n1,rue A,2,Ville,H1A 1A1,x\n");
    let options = Options::default();
    let job = Job::open(editions(&options), input.as_bytes(), &options).unwrap();
    assert_eq!(
        job.columns().words().to_string(),
        "NO_CIVIQ (civic number), NOM_RUE (street), NO_APPART (unit), Ville de résidence (city), CODE_POSTA (postal code); not used: dossier"
    );
}

#[test]
fn files_between_semicolons_get_decimal_commas_in_every_added_number() {
    let view = demo().gazetteer().unwrap();
    let entry = view.address(3).unwrap();
    let (civic, street, town) = (entry.civic.unwrap(), &entry.street, &entry.municipality);
    let input = format!("adresse;dossier\n{civic} {street}, {town};1\n");
    let rows = read(&answer(input.as_bytes(), &columns("lat,lon,score")), b';');
    assert!(
        rows[1][2].contains(',') && rows[1][3].starts_with('-') && !rows[1][2..].concat().contains('.'),
        "{rows:?}"
    );
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rattache"));
    command.current_dir(folder).arg("batch").args(arguments);
    command.args(["--atlas", "demo.atlas", "--lang", "en"]).output().unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    rattache::atlas::write(&folder.path().join("demo.atlas"), demo_bytes()).unwrap();
    let rows = "id,lat,lon\n1,45.5088,-73.5542\n2,n/d,-73.5542\n3,48,-60\n";
    fs::write(folder.path().join("in.csv"), rows).unwrap();
    folder
}

fn left(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !["demo.atlas", "in.csv"].contains(&name.as_str())).collect();
    names.sort();
    names
}

#[test]
fn an_output_that_exists_or_is_a_folder_is_refused_before_work() {
    let folder = folder();
    let here = |name: &str| folder.path().join(name);
    fs::write(here("out.csv"), "precious").unwrap();
    let refused = run(folder.path(), &["in.csv", "-o", "out.csv"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--force"), "{refused:?}");
    assert_eq!(fs::read(here("out.csv")).unwrap(), b"precious");
    assert_eq!(run(folder.path(), &["in.csv", "-o", "out.csv", "--force"]).status.code(), Some(1));
    assert!(fs::read_to_string(here("out.csv")).unwrap().contains("resolved"));
    fs::create_dir(here("folder")).unwrap();
    let refused = run(folder.path(), &["in.csv", "-o", "folder"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is a folder"), "{refused:?}");
    let refused = run(folder.path(), &["in.csv", "-o", "nowhere/out.csv"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("does not exist"), "{refused:?}");
    assert_eq!(left(folder.path()), ["folder", "out.csv"]);
}

#[cfg(unix)]
#[test]
fn devices_are_written_through_and_outputs_have_the_rights_of_their_input() {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
    let folder = folder();
    let done = run(folder.path(), &["in.csv", "-o", "/dev/null"]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let full = run(folder.path(), &["in.csv", "-o", "/dev/full"]);
    assert_eq!(full.status.code(), Some(2), "{full:?}");
    assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
    assert!(left(folder.path()).is_empty());
    fs::set_permissions(folder.path().join("in.csv"), fs::Permissions::from_mode(0o600)).unwrap();
    for output in ["out.csv", "out.xlsx"] {
        run(folder.path(), &["in.csv", "-o", output, "--review", &format!("{output}.review.csv")]);
        for name in [output.to_owned(), format!("{output}.review.csv")] {
            let mode = fs::metadata(folder.path().join(&name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}

#[test]
fn nothing_with_personal_data_is_left_after_an_error() {
    let folder = folder();
    let mut rows = fs::OpenOptions::new().append(true).open(folder.path().join("in.csv")).unwrap();
    rows.write_all(&vec![b'x'; 20 << 20]).unwrap();
    let failed = run(folder.path(), &["in.csv", "-o", "out.csv", "--review", "review.csv"]);
    assert_eq!(failed.status.code(), Some(2), "{failed:?}");
    assert!(left(folder.path()).is_empty(), "{:?}", left(folder.path()));
}

#[test]
fn rows_to_review_and_a_schema_stand_beside_the_output() {
    let folder = folder();
    let arguments =
        ["in.csv", "-o", "out.csv", "--review", "review.csv", "--schema", "schema.json", "--summary", "s.json"];
    let done = run(folder.path(), &arguments);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("columns: lat (latitude), lon (longitude); not used: id"), "{said}");
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let review = read(&text("review.csv"), b',');
    assert_eq!(review[0][..4], ["id", "lat", "lon", "rattache_status"]);
    assert_eq!(review[1..].iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["2", "3"]);
    let schema: serde_json::Value = serde_json::from_str(&text("schema.json")).unwrap();
    let header = read(&text("out.csv"), b',')[0].clone();
    let fields = schema["fields"].as_array().unwrap();
    assert_eq!(fields.iter().map(|field| field["name"].as_str().unwrap()).collect::<Vec<_>>(), header);
    assert!(fields.iter().any(|field| field["name"] == "rattache_clsc_code" && field["type"] == "string"));
    let summary: serde_json::Value = serde_json::from_str(&text("s.json")).unwrap();
    assert_eq!((summary["file"].as_str(), summary["not_used"][0].as_str()), (Some("in.csv"), Some("id")));
    assert_eq!(summary["columns"][0]["role_en"], "latitude");
    // The same rows are reviewed where the output is a workbook.
    run(folder.path(), &["in.csv", "-o", "out.xlsx", "--review", "review2.csv"]);
    assert_eq!(read(&text("review2.csv"), b','), review);
}
