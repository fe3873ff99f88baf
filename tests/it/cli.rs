//! The program as people start it: answers, exit codes, and errors that name value, place and fix.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn rattache(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rattache")).args(arguments).output().expect("the program starts")
}

/// What is said in English; `bilingual` holds the French against it.
fn refused(arguments: &[&str]) -> String {
    let output = rattache(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty(), "{arguments:?} writes nothing where it does nothing");
    String::from_utf8(output.stderr).unwrap()
}

fn said(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}

#[test]
fn a_position_gets_its_lineage_in_french_and_in_english() {
    let output = rattache(&["resolve", "--lat", "45.5088", "--lon", "-73.5542", "--uncertainty-m", "400"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    said(
        &text,
        &[
            "06324 Montréal - Centre-Ville",
            "Limite la plus proche",
            "pas sûr à",
            "ce ne sont pas les limites officielles",
        ],
    );
    let output = rattache(&["--lang", "en", "resolve", "--lat", "45.5088", "--lon", "-73.5542"]);
    said(&String::from_utf8(output.stdout).unwrap(), &["Nearest limit", "not official", "Montréal - Centre-Ville"]);
}

#[test]
fn another_date_gets_another_edition_and_a_date_before_all_is_refused() {
    let output =
        rattache(&["resolve", "--lat", "45.5088", "--lon", "-73.5542", "--as-of", "2018-01-01", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["edition"]["id"], "demo-2017-07-01");
    assert_eq!(answer["edition"]["official"], false);
    assert_eq!(answer["lineage"]["clsc"]["code"], "06324");
    let text = refused(&["resolve", "--lat", "45.5", "--lon", "-73.5", "--as-of", "1999-12-31"]);
    said(&text, &["1999-12-31", "demo-2017-07-01", "2017-07-01"]);
    said(&refused(&["resolve", "--lat", "45.5", "--lon", "-73.5", "--edition", "x"]), &["\"x\"", "demo-2022-04-01"]);
}

#[test]
fn positions_that_make_no_sense_are_refused_with_the_value_and_the_fix() {
    for (lat, lon, parts) in [
        ("-73.5542", "45.5088", vec!["swapped", "lat=45.5088 lon=-73.5542"]),
        ("95", "-73.5", vec!["\"95\"", "-90 to 90"]),
        ("45.5", "-191", vec!["\"-191\"", "-180 to 180"]),
        ("NaN", "-73.5", vec!["\"NaN\"", "finite"]),
        ("45,5", "-73.5", vec!["\"45,5\"", "decimal degrees"]),
        ("", "-73.5", vec!["\"\"", "--lat"]),
    ] {
        said(&refused(&["resolve", "--lat", lat, "--lon", lon]), &parts);
    }
    let output = rattache(&["resolve", "--lat", "43.65", "--lon", "-79.38"]);
    assert_eq!(output.status.code(), Some(1), "Toronto is outside");
}

#[test]
fn territories_are_listed_and_unknown_codes_are_named() {
    let output = rattache(&["territories", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 166);
    let first = &list[0];
    assert_eq!(
        (&first["code"], &first["name"], &first["level"]),
        (&"01111".into(), &"Kamouraska".into(), &"clsc".into())
    );
    assert!(first["population"].as_u64().unwrap() > 10_000 && first["parents"]["rls"][0]["code"] == "0111");
    let csv = String::from_utf8(rattache(&["territories", "--level", "rss", "--format", "csv"]).stdout).unwrap();
    assert_eq!(csv.lines().count(), 19);
    said(&csv, &["\n01,Bas-Saint-Laurent,", "Gaspésie"]);
    said(&refused(&["territories", "99999"]), &["\"99999\"", "rattache territories --level clsc"]);
    said(&refused(&["territories", "--level", "clsc", "6121"]), &["\"6121\"", "\"06121\""]);
    said(&refused(&["territories", "--level", "mrc"]), &["mrc", "clsc"]);
}

#[test]
fn the_demo_has_the_counts_of_the_edition_of_2017() {
    let output = rattache(&["atlas", "info", "--format", "json"]);
    let info: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let edition = &info["editions"][0];
    assert_eq!(edition["id"], "demo-2017-07-01");
    for (level, count) in [("clsc", 166), ("rls", 96), ("rss", 18), ("ruisss", 4)] {
        assert_eq!(edition["territories"][level], count, "{level}");
    }
}

#[test]
fn an_atlas_that_is_missing_empty_cut_altered_or_of_another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let ask = |path: &Path| refused(&["resolve", "--lat", "45.5", "--lon", "-73.5", "--atlas", path.to_str().unwrap()]);
    said(&ask(&path("none.atlas")), &["none.atlas", "rattache atlas build"]);
    fs::write(path("empty.atlas"), b"").unwrap();
    said(&ask(&path("empty.atlas")), &["empty.atlas", "empty"]);
    fs::write(path("text.atlas"), b"id;clsc\n".repeat(40)).unwrap();
    said(&ask(&path("text.atlas")), &["does not start as an atlas"]);
    let whole = crate::demo_atlas::demo_bytes();
    fs::write(path("cut.atlas"), &whole[..whole.len() / 2]).unwrap();
    said(&ask(&path("cut.atlas")), &["was cut off", &whole.len().to_string()]);
    let mut altered = whole.to_vec();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs::write(path("altered.atlas"), &altered).unwrap();
    said(&ask(&path("altered.atlas")), &["checksum"]);
    let mut other = whole.to_vec();
    other[8] = 99;
    fs::write(path("other.atlas"), &other).unwrap();
    said(&ask(&path("other.atlas")), &["version 99"]);
    // What is read as a whole in place of being mapped is refused for the same reasons.
    let verify = |name: &str| refused(&["atlas", "verify", path(name).to_str().unwrap()]);
    said(&verify("none.atlas"), &["none.atlas", "rattache atlas build"]);
    said(&verify("empty.atlas"), &["empty.atlas", "empty"]);
    said(&verify("cut.atlas"), &["was cut off", &whole.len().to_string()]);
    said(&verify("altered.atlas"), &["checksum"]);
}

#[test]
fn an_export_is_of_the_format_that_its_ending_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let export = |name: &str, more: &[&str]| {
        let output = path(name);
        rattache(&[&["atlas", "export", "--level", "rss", "-o", &output], more].concat())
    };
    for (name, start) in [("a.csv", "code,"), ("a.geojson", "{"), ("a.JSON", "{")] {
        export(name, &[]);
        let text = fs::read_to_string(path(name)).unwrap();
        assert!(text.trim_start_matches('\u{feff}').starts_with(start), "{name}: {}", &text[..40]);
    }
    export("a.shp", &[]);
    assert!(fs::metadata(path("a.dbf")).unwrap().len() > 0);
    for (name, more) in [("b.kml", &[][..]), ("b.csv", &["--format", "geojson"]), ("b.shp", &["--format", "csv"])] {
        let output = path(name);
        let error = refused(&[&["atlas", "export", "--level", "rss", "-o", &output], more].concat());
        said(&error, &[name.rsplit('.').next().unwrap(), "--format"]);
        assert!(!Path::new(&output).exists());
    }
}

#[test]
fn an_atlas_read_into_memory_outlives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("served.atlas");
    fs::write(&path, crate::demo_atlas::demo_bytes()).unwrap();
    let atlas = rattache::atlas::Atlas::load(&path).unwrap();
    let before: Vec<u32> = corners(&atlas);
    // Written over in place, then cut: a mapped file would end the process.
    fs::write(&path, vec![0; fs::metadata(&path).unwrap().len() as usize]).unwrap();
    fs::write(&path, b"").unwrap();
    assert_eq!(corners(&atlas), before);
    assert!(before.iter().any(|&side| side > 0));
}

/// The unit at each of many vertices.
fn corners(atlas: &rattache::atlas::Atlas) -> Vec<u32> {
    atlas.coverage().vertices.iter().step_by(50).map(|&vertex| atlas.index().locate(vertex)).collect()
}

/// Two squares in longitude and latitude, and the tables that go with them.
fn tiny(folder: &Path) {
    let square = |x: f64| format!("[[[{x},45.5],[{},45.5],[{},45.51],[{x},45.51],[{x},45.5]]]", x + 0.01, x + 0.01);
    let feature = |id: &str, x: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"DAUID":"{id}"}},"geometry":{{"type":"Polygon","coordinates":{}}}}}"#,
            square(x)
        )
    };
    let units = format!(
        r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
        feature("24660001", -73.6),
        feature("24660002", -73.59)
    );
    fs::write(folder.join("units.geojson"), units).unwrap();
    fs::write(folder.join("da.csv"), "DAUID,CLSC\n24660001,06111\n24660002,06112\n").unwrap();
    fs::write(
        folder.join("clsc.csv"),
        "CLSC_code,CLSC_nom,RLS_code,RTS_code,RSS_code,RUIS_code\n06111,Pierrefonds,0611,061,06,3\n06112,Lac Saint-Louis,0611,061,06,3\n",
    )
    .unwrap();
}

fn built(folder: &Path, more: &[&str]) -> Output {
    let at = |name: &str| folder.join(name).display().to_string();
    let (units, table, clsc, output) = (at("units.geojson"), at("da.csv"), at("clsc.csv"), at("out.atlas"));
    let mut arguments = vec![
        "atlas",
        "build",
        "--units",
        &units,
        "--attachments",
        &table,
        "--hierarchy",
        &clsc,
        "--edition",
        "2017-07-01",
        "-o",
        &output,
        "--lang",
        "en",
    ];
    arguments.extend_from_slice(more);
    rattache(&arguments)
}

#[test]
fn an_atlas_of_two_squares_is_built_verified_and_asked() {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path());
    let output = built(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let atlas = folder.path().join("out.atlas").display().to_string();
    assert_eq!(rattache(&["atlas", "verify", &atlas]).status.code(), Some(0));
    let answer = rattache(&["resolve", "--lat", "45.505", "--lon", "-73.5901", "--atlas", &atlas, "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(answer["lineage"]["clsc"]["name"], "Pierrefonds");
    assert_eq!(answer["runner_up"]["code"], "06112");
    // 0.0001 degree of longitude at 45.505 degrees north.
    assert!((answer["border_m"].as_f64().unwrap() - 7.816).abs() < 0.01, "{answer}");
    let export = rattache(&["atlas", "export", "--level", "da", "--format", "csv", "--atlas", &atlas]);
    said(&String::from_utf8(export.stdout).unwrap(), &["DAUID,CLSC_code", "24660001,06111,Pierrefonds"]);
}

#[test]
fn bad_tables_stop_the_build_and_name_the_row() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (file, text, parts) in [
        ("da.csv", "DAUID,CLSC\n24660001,06111\n", vec!["24660002"]),
        ("da.csv", "DAUID,CLSC\n24660001,06111\n24660002,99999\n", vec!["99999", "da.csv", "line 3"]),
        ("da.csv", "DAUID,CLSC\n24660001,06111\n24660001,06112\n24660002,06112\n", vec!["24660001"]),
        ("da.csv", "", vec!["da.csv", "empty"]),
        ("da.csv", "a,b\n1,2\n", vec!["da.csv", "\"a\""]),
        ("clsc.csv", "CLSC_code,CLSC_nom\n06111,A\n06112,B\n", vec!["clsc.csv", "RUIS"]),
    ] {
        tiny(folder.path());
        fs::write(at(file), text).unwrap();
        let output = built(folder.path(), &[]);
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{talk}");
        said(&talk, &parts);
        assert!(!at("out.atlas").exists(), "no atlas is left behind");
    }
    tiny(folder.path());
    fs::write(at("da.csv"), "DAUID;CLSC\n24660001;6111\n24660002;6112\n").unwrap();
    let output = built(folder.path(), &[]);
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{talk}");
    said(&talk, &["leading zero lost", "6111"]);
}
