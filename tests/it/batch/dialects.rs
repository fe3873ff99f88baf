//! The file comes back in the dialect it came in.

use std::fmt::Write as _;

use rattache::batch::{Column, Encoding, Job, Options};

use super::{answer, columns, editions, try_answer};

fn encoded(text: &str, encoding: Encoding, mark: bool) -> Vec<u8> {
    let marked = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    match encoding.name() {
        "UTF-8" => marked.into_bytes(),
        "UTF-16LE" => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.chars().map(|letter| u8::try_from(letter as u32).unwrap()).collect(),
    }
}

#[test]
fn every_dialect_is_found_and_kept_to_the_byte() {
    let encodings = [
        (Encoding::UTF_8, false),
        (Encoding::UTF_8, true),
        (Encoding::WINDOWS_1252, false),
        (Encoding::UTF_16_LE, true),
        (Encoding::UTF_16_LE, false),
        (Encoding::UTF_16_BE, true),
        (Encoding::UTF_16_BE, false),
    ];
    for separator in [',', ';', '\t', '|'] {
        for end in ["\n", "\r\n", "\r"] {
            for (encoding, mark) in encodings {
                let s = separator;
                let point =
                    if s == ',' { "\"45,5088\",\"-73,5542\"".to_owned() } else { format!("45,5088{s}-73,5542") };
                let rows = [
                    (
                        format!("Prénom{s}Latitude{s}LONGITUDE{s}remarque"),
                        format!("{s}rattache_status{s}rattache_rss_name"),
                    ),
                    (
                        format!("\"Zoé {s} \"\"Z\"\"\"{s}{point}{s}\"deux{end}lignes\""),
                        format!("{s}resolved{s}Montréal"),
                    ),
                    (format!("Noël{s}45.5088{s} -73.5542 {s}"), format!("{s}resolved{s}Montréal")),
                    (format!("Anaïs{s}x{s}-73.5{s}\"\""), format!("{s}invalid{s}")),
                    (String::new(), String::new()),
                    (format!("court{s}45"), format!("{s}{s}{s}invalid{s}")),
                    (format!("\"ouvert{s}1{s}2{s}3"), format!("{s}invalid{s}")),
                ];
                let (mut input, mut expected) = (String::new(), String::new());
                for (place, (row, added)) in rows.iter().enumerate() {
                    let end = if place + 1 == rows.len() { "" } else { end };
                    write!(input, "{row}{end}").unwrap();
                    // The quote that closes nothing is a letter of its field.
                    write!(expected, "{}{added}{end}", row.replace("\"ouvert", "\"\"\"ouvert\"")).unwrap();
                }
                let (out, tally) =
                    try_answer(&encoded(&input, encoding, mark), &columns("status,rss_name"), 1).unwrap();
                let what = format!("{separator:?} {end:?} {encoding:?} {mark}");
                assert_eq!(
                    String::from_utf8_lossy(&out),
                    String::from_utf8_lossy(&encoded(&expected, encoding, mark)),
                    "{what}"
                );
                assert_eq!(tally.rows, 5, "{what}");
                let job_dialect =
                    Job::open(editions(&Options::default()), &encoded(&input, encoding, mark)[..], &Options::default())
                        .unwrap()
                        .dialect()
                        .unwrap();
                assert_eq!((job_dialect.separator, job_dialect.encoding), (separator as u8, encoding), "{what}");
            }
        }
    }
}

#[test]
fn numbers_come_back_with_the_decimal_sign_of_the_coordinates() {
    let options = columns("border_m");
    let point = answer(b"lat;lon\n45.5088;-73.5542\n", &options);
    let comma = answer(b"lat;lon\n45,5088;-73,5542\n", &options);
    assert_eq!(comma.lines().nth(1).unwrap(), point.lines().nth(1).unwrap().replace('.', ","));
    let quoted = answer(b"lat,lon\n\"45,5088\",\"-73,5542\"\n", &options);
    let value = point.lines().nth(1).unwrap().split(';').nth(2).unwrap().replace('.', ",");
    assert_eq!(quoted.lines().nth(1).unwrap(), format!("\"45,5088\",\"-73,5542\",\"{value}\""));
}

#[test]
fn bytes_that_are_no_text_in_the_encoding_go_through_as_they_stand() {
    let mut input = "nom,lat,lon\né,45.5088,-73.5542\n".as_bytes().to_vec();
    input.extend_from_slice(b"\xff\xfe\x80,45.5088,-73.5542\n");
    let (out, _) = try_answer(&input, &Options { encoding: Some(Encoding::UTF_8), ..columns("status") }, 1).unwrap();
    assert!(out.ends_with(b"\xff\xfe\x80,45.5088,-73.5542,resolved\n"));
}

#[test]
fn usual_names_are_found_whatever_their_case_accents_and_language() {
    for header in ["LATITUDE;Longitude", "lat;long", "Lat.;Lng", "y_lat;x_lon", "Coord_Lat;Coord Lon"] {
        let out = answer(format!("{header}\n45.5088;-73.5542\n").as_bytes(), &columns("status"));
        assert!(out.ends_with("resolved\n"), "{header}: {out}");
    }
    let mut options = columns("status");
    options.named.lat = Some("nord".into());
    options.named.lon = Some("Ouest".into());
    assert!(answer(b"Nord|Ouest\n45.5088|-73.5542\n", &options).ends_with("resolved\n"));
}

#[test]
fn what_a_spreadsheet_states_of_its_separator_is_kept_and_followed() {
    let out = answer(b"sep=|\r\nlat|lon\r\n45.5088|-73.5542\r\n", &columns("status"));
    assert_eq!(out, "sep=|\r\nlat|lon|rattache_status\r\n45.5088|-73.5542|resolved\r\n");
}

#[test]
fn the_added_columns_are_those_of_the_documentation_in_their_order() {
    let names: Vec<&str> = Column::ALL.iter().map(|column| column.word()).collect();
    assert_eq!(
        names.join(","),
        "status,reason,da,clsc_code,clsc_name,rls_code,rls_name,rts_code,rts_name,rss_code,rss_name,ruisss_code,ruisss_name,method,score,faults,border_m,runner_up_clsc,edition,matched_label,match_type,lat,lon,uncertainty_m,candidates"
    );
}
