//! From a registry on disk to an answer, by the program as people start it: each kind of registry, then a question.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn rattache(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rattache")).args(arguments).output().unwrap()
}

/// Two dissemination areas side by side, each in a CLSC of its own.
fn units(folder: &Path) {
    let feature = |id: &str, west: f64, east: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"DAUID":"{id}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},45.5],[{east},45.5],[{east},45.51],[{west},45.51],[{west},45.5]]]}}}}"#
        )
    };
    let both = [feature("24660001", -73.6, -73.59), feature("24660002", -73.59, -73.58)].join(",");
    fs::write(folder.join("units.geojson"), format!(r#"{{"type":"FeatureCollection","features":[{both}]}}"#)).unwrap();
    fs::write(folder.join("da.csv"), "DAUID,CLSC\n24660001,06111\n24660002,06112\n").unwrap();
    let clsc = "CLSC_code,CLSC_nom,RLS_code,RTS_code,RSS_code,RUIS_code\n06111,Pierrefonds,0611,061,06,3\n06112,Lac Saint-Louis,0611,061,06,3\n";
    fs::write(folder.join("clsc.csv"), clsc).unwrap();
}

/// Builds an atlas with a registry; gives its path and what was said.
fn build(folder: &Path, registry: &Path, more: &[&str]) -> (String, String) {
    units(folder);
    let at = |name: &str| folder.join(name).display().to_string();
    let (units, table, clsc, atlas, registry) =
        (at("units.geojson"), at("da.csv"), at("clsc.csv"), at("out.atlas"), registry.display().to_string());
    let mut arguments = vec!["atlas", "build", "--units", &units, "--attachments", &table, "--hierarchy", &clsc];
    arguments.extend(["--edition", "2017-07-01", "--addresses", &registry, "-o", &atlas, "--lang", "en"]);
    arguments.extend_from_slice(more);
    let output = rattache(&arguments);
    let talk = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{talk}");
    assert_eq!(rattache(&["atlas", "verify", &atlas]).status.code(), Some(0));
    (atlas, talk)
}

fn resolve(atlas: &str, flag: &str, text: &str) -> Value {
    let output = rattache(&["resolve", "--atlas", atlas, "--format", "json", flag, text]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Asks what every kind of registry below must answer: two houses of one street, either side of the limit.
fn hold(atlas: &str) {
    for (text, clsc, label) in [
        ("10 rue des Érables, Montréal H9H 1A1", "06111", "10, rue des Érables, Montréal H9H 1A1"),
        ("20 des erables, montreal", "06112", "20, rue des Érables, Montréal H9H 1A2"),
    ] {
        let found = resolve(atlas, "--address", text);
        assert_eq!(found["match"]["result_label"], label, "{found}");
        assert_eq!((&found["match"]["auto_accepted"], &found["placement"]), (&true.into(), &"inside".into()));
        assert_eq!(found["lineage"]["clsc"]["code"], clsc);
    }
    let street = resolve(atlas, "--address", "rue des Erables, Montreal");
    assert_eq!((&street["match"]["result_type"], &street["lineage"]), (&"street".into(), &Value::Null));
    assert_eq!(street["territories"].as_array().unwrap().len(), 2);
    let code = resolve(atlas, "--postal-code", "h9h1a2");
    assert_eq!((&code["postal_code"]["status"], &code["lineage"]["clsc"]["code"]), (&"single".into(), &"06112".into()));
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn an_atlas_built_with_the_national_address_register_answers_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let header = "LOC_GUID,ADDR_GUID,APT_NO_LABEL,CIVIC_NO,CIVIC_NO_SUFFIX,OFFICIAL_STREET_NAME,OFFICIAL_STREET_TYPE,OFFICIAL_STREET_DIR,PROV_CODE,CSD_ENG_NAME,CSD_FRE_NAME,MAIL_STREET_NAME,MAIL_STREET_TYPE,MAIL_STREET_DIR,MAIL_MUN_NAME,MAIL_PROV_ABVN,MAIL_POSTAL_CODE,BG_X,BG_Y";
    let addresses = format!(
        "{header}\n\
         L1,A1,,10,,des Érables,RUE,,24,Montréal,Montréal,DES ERABLES,RUE,,MONTREAL,QC,H9H1A1,,\n\
         L2,A2,1,20,,des Érables,RUE,,24,Montréal,Montréal,DES ERABLES,RUE,,MONTREAL,QC,H9H1A2,,\n\
         L2,A3,2,20,,des Érables,RUE,,24,Montréal,Montréal,DES ERABLES,RUE,,MONTREAL,QC,H9H1A2,,\n\
         L9,A4,,30,,des Érables,RUE,,24,Montréal,Montréal,DES ERABLES,RUE,,MONTREAL,QC,H9H1A2,,\n"
    );
    file(folder.path(), "nar/Addresses/Address_24_part_1.csv", &addresses);
    let locations = "LOC_GUID,BF_REPPOINT_LATITUDE,BF_REPPOINT_LONGITUDE\nL1,45.505,-73.595\nL2,45.505,-73.585\n";
    file(folder.path(), "nar/Locations/Location_24.csv", locations);
    let (atlas, talk) = build(folder.path(), &folder.path().join("nar"), &[]);
    hold(&atlas);
    assert!(talk.contains("Address_24_part_1.csv"), "the build says what it reads and leaves out: {talk}");
    let info = rattache(&["atlas", "info", "--format", "json", &atlas]);
    let info: Value = serde_json::from_slice(&info.stdout).unwrap();
    assert_eq!(info["addresses"], 2);
}

#[test]
fn an_atlas_built_with_openaddresses_answers_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let text = "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n\
        -73.595,45.505,10,Rue des Érables,,Montréal,,QC,H9H 1A1,,4f2a\n\
        -73.585,45.505,20,Rue des Érables,,Montréal,,QC,H9H 1A2,,77b0\n";
    let (atlas, _) = build(folder.path(), &file(folder.path(), "openaddresses.csv", text), &[]);
    hold(&atlas);
}

#[test]
fn an_atlas_built_with_any_table_answers_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let text = "a;b;c;d;e;f\n10;rue des Érables;Montréal;H9H 1A1;45,505;-73,595\n20;rue des Érables;Montréal;H9H 1A2;45,505;-73,585\n";
    let columns = ["--address-columns", "civic=a,street=b,city=c,postal=d,lat=e,lon=f"];
    let (atlas, _) = build(folder.path(), &file(folder.path(), "registre.csv", text), &columns);
    hold(&atlas);
    // A column that is not there is named, and no atlas is written.
    fs::remove_file(&atlas).unwrap();
    let registry = folder.path().join("registre.csv").display().to_string();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (units, table, clsc) = (at("units.geojson"), at("da.csv"), at("clsc.csv"));
    let refused = rattache(&[
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
        "--addresses",
        &registry,
        "--address-columns",
        "civic=NO",
        "-o",
        &atlas,
        "--lang",
        "en",
    ]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("\"NO\"") && !Path::new(&atlas).exists());
}
