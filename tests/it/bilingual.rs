//! What the program says on standard error is in French, in English with `--lang en`, and both name the same values.

use std::collections::BTreeSet;
use std::fs;
use std::io::Error as IoError;
use std::path::PathBuf;
use std::process::Command;

use crate::revision::demo_file;
use rattache::address::AddressError;
use rattache::atlas::AtlasError;
use rattache::batch::BatchError;
use rattache::catalogue::{CatalogueError, CompareError};
use rattache::cli::CliError;
use rattache::domain::{
    AttachmentError, CodeError, EditionError, French, HierarchyError, Level, LonLatError, TerritoryCode, UnitId,
    UnknownLevel, UnknownMode, Words,
};
use rattache::geometry::{CoverageError, ProjectionError};
use rattache::http::ReloadError;
use rattache::import::ImportError;
use rattache::lookup::IndexError;
use rattache::resolve::{Basis, QueryError};
use rattache::revision::{Refusal, RevisionError};
use rattache::revision::{State, UnknownState};
use rattache::series::SeriesError;
use rattache::store::StoreError;
use rattache::tables::TableError;

/// Words of French that no English sentence of the program holds.
const FRENCH: [&str; 14] =
    [" est ", " pas ", " le ", " la ", " les ", " du ", " des ", " une ", " un ", "l'", "d'", " à ", "« ", " : "];

fn stderr(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rattache")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn bad_input_is_refused_in_french_unless_english_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let none = folder.path().join("rien.csv").display().to_string();
    let rows = at("lignes.csv", "nom,taille\na,1\n");
    let half = at("moitie.csv", "lat\n45.5\n");
    let pdf = at("carte.pdf", "%PDF-1.7");
    let text = at("texte.atlas", "id;clsc\n");
    let recipe = at("recette.toml", "units = [");
    let revision = at("revision.toml", "rien");
    let rows_of_values = at("valeurs.csv", "a,b\n1,2\n");
    let cases: &[(&[&str], &[&str], &str, &str)] = &[
        (&["resolve", "--lat", "45,5", "--lon", "-73.5"], &["45,5", "--lat"], "n'est pas un nombre", "is not a number"),
        (&["resolve", "--lat", "95", "--lon", "-73.5"], &["95", "-90"], "hors limites", "out of range"),
        (&["resolve", "--lat", "-73.5", "--lon", "45.5"], &["lat=45.5"], "semblent inversées", "look swapped"),
        (
            &["resolve", "--lat", "45.5", "--lon", "-73.5", "--edition", "x9"],
            &["x9"],
            "est inconnue",
            "unknown edition",
        ),
        (
            &["resolve", "--lat", "45.5", "--lon", "-73.5", "--as-of", "1999-12-31"],
            &["1999-12-31"],
            "Aucune édition",
            "",
        ),
        (&["resolve", "--postal-code", "XYZ"], &["A1A 1A1"], "code postal", "postal code"),
        (&["territories", "99999"], &["99999", "demo-2022-04-01"], "n'a le code", "has the code"),
        (&["territories", "--level", "clsc", "6121"], &["6121", "06121"], "zéro initial", "leading zero"),
        (&["batch", &none], &["rien.csv", "2"], "aucun fichier ni dossier de ce nom", "No such file"),
        (&["batch", &rows], &["nom", "taille"], "aucune colonne utilisable", "no usable column"),
        (&["batch", &half], &["latitude", "longitude"], "est attendue aussi", "has no companion"),
        (&["batch", &pdf], &["carte.pdf"], "du PDF ne se lit pas", "PDF files are not read"),
        (&["batch", &rows, "--columns", "statut"], &["statut"], "colonne de sortie", "output column"),
        (&["batch", &rows, "--encoding", "x-1"], &["x-1"], "est inutilisable", "is not usable"),
        (&["atlas", "info", &none], &["rien.csv"], "ne peut pas être ouvert", "can not be opened"),
        (&["atlas", "info", &text], &["texte.atlas"], "ne commence pas comme un atlas", "does not start as an atlas"),
        (&["atlas", "build"], &["--output"], "il manque le nom de l'atlas", "the name of the atlas is missing"),
        (&["atlas", "build", "--recipe", &recipe], &["recette.toml"], "n'est pas comprise", "is not understood"),
        (&["revision", "simulate", &none], &["rien.csv", "2"], "ne peuvent pas être lus", "can not be read"),
        (&["revision", "simulate", &revision], &["revision.toml"], "n'est pas une révision", "is no revision"),
        (&["series", "check", &none], &["rien.csv"], "ne peut pas être lu", "can not be read"),
        (&["series", "check", &rows_of_values], &["code"], "il manque une colonne", "no column for"),
    ];
    let demo = demo_file().display().to_string();
    for (arguments, values, french, english) in cases {
        // Made once, where the program would make it each time.
        let asks = ["resolve", "territories", "batch", "revision", "series"].contains(&arguments[0]);
        let mut arguments = arguments.to_vec();
        if asks {
            arguments.extend(["--atlas", &demo]);
        }
        let told = stderr(&arguments);
        let lower = told.to_lowercase();
        assert!(told.starts_with("rattache : ") && lower.contains(&french.to_lowercase()), "{arguments:?}: {told}");
        let in_english = stderr(&[&arguments, &["--lang", "en"][..]].concat());
        assert!(in_english.starts_with("rattache: ") && in_english.contains(english), "{arguments:?}: {in_english}");
        for value in *values {
            assert!(told.contains(value) && in_english.contains(value), "{value:?}: {told}{in_english}");
        }
    }
}

#[test]
fn a_command_line_that_is_not_understood_says_why_in_the_language_asked_for() {
    for (arguments, french) in [
        (&["resolv"][..], "rattache : la commande « resolv » est inconnue\n"),
        (&["resolve", "--lta", "45"], "rattache : l'argument « --lta » est inconnu\n"),
        (&["territories", "--level", "mrc"], "le niveau « mrc » est inconnu : da, clsc, rls, rts, rss ou ruisss\n"),
        (&["resolve", "--as-of", "hier"], "« hier » n'est pas une date : la forme AAAA-MM-JJ est attendue"),
    ] {
        let told = stderr(arguments);
        assert!(told.contains(french) && !told.contains("error: "), "{told}");
        let english = stderr(&[arguments, &["--lang", "en"][..]].concat());
        assert!(english.starts_with("error: ") && !english.contains('«'), "{english}");
    }
}

#[test]
fn findings_and_progress_of_a_build_are_told_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let ring = "[[[-73.6,45.5],[-73.59,45.5],[-73.59,45.51],[-73.6,45.51],[-73.6,45.5]]]";
    let unit = format!(
        r#"{{"type":"Feature","properties":{{"DAUID":"24660001"}},"geometry":{{"type":"Polygon","coordinates":{ring}}}}}"#
    );
    fs::write(at("u.geojson"), format!(r#"{{"type":"FeatureCollection","features":[{unit}]}}"#)).unwrap();
    fs::write(at("da.csv"), "DAUID,CLSC\n24660001,99999\n").unwrap();
    let hierarchy = "CLSC_code,CLSC_nom,RLS_code,RTS_code,RSS_code,RUIS_code\n06111,A,0611,061,06,3\n";
    fs::write(at("clsc.csv"), hierarchy).unwrap();
    let (units, table, clsc, output) = (at("u.geojson"), at("da.csv"), at("clsc.csv"), at("o.atlas"));
    let mut words = vec!["atlas", "build", "--units", &units, "--attachments", &table, "--hierarchy", &clsc];
    words.extend(["--edition", "2017-07-01", "-o", &output]);
    let french = stderr(&words);
    words.extend(["--lang", "en"]);
    let english = stderr(&words);
    for part in [
        "lecture des aires de ",
        "ERREUR\u{a0}: territoire inconnu\u{a0}: 1\n",
        "da.csv, ligne 2, colonne CLSC : le CLSC « 99999 » n'est pas dans la hiérarchie",
        "rattache : 2 erreurs dans les données",
    ] {
        assert!(french.contains(part), "{part:?}: {french}");
    }
    for part in [
        "reading units from ",
        "ERROR: unknown territory: 1\n",
        "da.csv, line 2, column CLSC: CLSC \"99999\" is not in the hierarchy",
        "rattache: 2 errors in the data",
    ] {
        assert!(english.contains(part), "{part:?}: {english}");
    }
}

/// Values between quotation marks of either language.
fn quoted(text: &str) -> BTreeSet<String> {
    let text = text.replace("« ", "\"").replace(" »", "\"");
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Numbers, with what is written on to them.
fn numbers(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || ".-_/".contains(letter);
    let words = text.split(|letter| !is_part(letter)).map(|word| word.trim_matches('.').to_owned());
    words.filter(|word| word.contains(|letter: char| letter.is_ascii_digit())).collect()
}

fn english(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[test]
fn both_languages_name_the_same_values() {
    let mut unlike = Vec::new();
    for error in samples() {
        let (french, english) = (error.french(), english(&*error));
        let told = FRENCH.iter().any(|word| french.contains(word)) && !english.contains('«');
        let whole = !french.ends_with('.') || french.ends_with("...");
        let same = numbers(&french) == numbers(&english) && quoted(&french).is_superset(&quoted(&english));
        if !(told && whole && same) {
            unlike.push(format!("{french}\n{english}\n"));
        }
    }
    assert!(unlike.is_empty(), "{}", unlike.join("\n"));
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn gone() -> IoError {
    // A kind without words of its own, so that the library's words stand in both.
    IoError::other("the cable 7 is cut")
}

fn code() -> TerritoryCode {
    TerritoryCode::new("06111")
}

fn samples() -> Vec<Box<dyn French>> {
    let mut all: Vec<Box<dyn French>> = Vec::new();
    macro_rules! samples { ($($error:expr),* $(,)?) => { $(all.push(Box::new($error));)* } }
    let lost = || CodeError::LostZero { level: Level::Clsc, found: text("6111"), expected: 5 };
    let path = || PathBuf::from("un/fichier-3.atlas");
    samples![
        UnknownLevel { word: text("mrc") },
        UnknownMode { number: 22 },
        UnknownState { word: text("gone") },
        AttachmentError::UnknownClsc { unit: 41, clsc: 166, count: 165 },
        CodeError::Empty { level: Level::Rls, expected: 4 },
        lost(),
        CodeError::Malformed { level: Level::Rss, found: text("6b"), expected: 2, example: "06" },
        EditionError::Unknown { id: text("e9"), known: text("\"e1\", \"e2\"") },
        LonLatError::NotFinite { name: "latitude", value: f64::INFINITY, example: 45.5 },
        LonLatError::Swapped { lat: -73.5, lon: 45.25 },
        LonLatError::OutOfRange { name: "longitude", value: -191.0, low: -180.0, high: 180.0 },
        HierarchyError::DuplicateClsc { code: code() },
        HierarchyError::TooMany { count: 70_001, most: 65_534 },
        IndexError::TooManyUnits { count: 9, most: 8 },
        IndexError::TooManyVertices { count: 7, most: 6 },
        IndexError::TooDense { count: 300, lat: 45.5, lon: -73.25 },
        CoverageError::NotFinite { unit: text("24660001"), x: f64::NAN, y: 2.5 },
        CoverageError::Unnodable { rounds: 12 },
        ProjectionError { x: 1.5, y: 2.5, reason: text("code 2049") },
        AddressError::Section { name: "streets" },
        AtlasError::Open { path: path(), source: gone() },
        AtlasError::Write { path: path(), source: gone() },
        AtlasError::In { path: path(), source: Box::new(AtlasError::OtherVersion { found: 99, expected: 4 }) },
        AtlasError::Truncated { expected: 1000, found: 17 },
        AtlasError::MissingSection { tag: text("ARCS") },
        AtlasError::BadSection { tag: text("SIDES") },
        AtlasError::AttachmentLength { edition: text("e1"), found: 3, expected: 5 },
        AtlasError::DuplicateEdition { id: text("e1") },
        AtlasError::SameDay { first: text("e1"), second: text("e2"), valid_from: "2017-07-01".parse().unwrap() },
        QueryError::Uncertainty { value: -3.5 },
        QueryError::UnknownInstallation { code: text("51228741") },
        QueryError::Basis { basis: Basis::ServicePoint },
        Refusal::UnknownCode { level: Level::Clsc, code: code() },
        Refusal::UnknownUnit { unit: UnitId::new("24660001") },
        Refusal::MovedTwice { unit: UnitId::new("24660001") },
        Refusal::AlreadyThere { unit: UnitId::new("24660001"), clsc: code() },
        Refusal::LeftWithoutClsc { unit: UnitId::new("24660001"), clsc: code(), count: 8 },
        Refusal::NotInClsc { unit: UnitId::new("24660001"), found: code(), expected: TerritoryCode::new("06112") },
        Refusal::EmptyTerritory { clsc: code() },
        Refusal::CodeUsed { level: Level::Clsc, code: code(), name: text("Pierrefonds") },
        Refusal::MissingName { level: Level::Clsc, code: code() },
        Refusal::MissingParents { clsc: code() },
        Refusal::RepeatedClsc { clsc: code() },
        Refusal::BadStraddle { unit: UnitId::new("24660001"), clsc: code() },
        RevisionError::Refused { number: 3, word: "close", reason: Refusal::BadCode(lost()) },
        RevisionError::OtherBase { revision: text("r1"), expected: text("e1"), found: text("e2") },
        RevisionError::OtherUnits { edition: 13_500, units: 13_499 },
        RevisionError::Row { line: 12, reason: Refusal::EmptyTerritory { clsc: code() } },
        RevisionError::Unassigned { unit: UnitId::new("24660001"), count: 4 },
        RevisionError::BrokenChain { number: 6 },
        RevisionError::OtherState { number: 7 },
        RevisionError::NoEntry { number: 8 },
        RevisionError::Io(gone()),
        StoreError::Unknown { id: text("rev-9") },
        StoreError::Conflict { id: text("rev-9"), expected: 4, found: 5 },
        StoreError::NoVersion { id: text("rev-9"), version: 8, last: 7 },
        StoreError::BrokenChain { id: text("rev-9"), number: 2 },
        StoreError::OtherState { id: text("rev-9"), number: 2 },
        StoreError::Replay { id: text("rev-9"), number: 2, source: Box::new(RevisionError::BrokenChain { number: 6 }) },
        StoreError::Layout { found: 3, expected: 2 },
        StoreError::Settled { state: State::Published },
        SeriesError::NotTerritorial { level: Level::Da },
        SeriesError::UnitCount { edition: text("e1"), found: 3, expected: 5 },
        SeriesError::NoJoin { from: text("e1"), to: text("e2") },
        SeriesError::UnknownEdition { id: text("e9"), known: text("e1, e2") },
        SeriesError::BadWeight { unit: text("24660001"), found: text("-1"), line: 9 },
        SeriesError::RepeatedColumn { role: Words::same("code"), first: text("clsc"), second: text("rls") },
        SeriesError::Disjoint { first_to: text("e2"), second_from: text("e3") },
        CompareError::EmptyList { found: text(",") },
        CompareError::RepeatedPeriod { period: text("2019") },
        ReloadError::NoFile,
    ];
    all.extend(file_samples());
    all
}

fn file_samples() -> Vec<Box<dyn French>> {
    let mut all: Vec<Box<dyn French>> = Vec::new();
    macro_rules! samples { ($($error:expr),* $(,)?) => { $(all.push(Box::new($error));)* } }
    let (path, name, found) = (|| text("un/fichier-3.shp"), || text("fichier-3.csv"), || text("\"a1\", \"b2\""));
    let crs = || ImportError::UnsupportedDatum { crs: text("NAD27 / MTM 8"), datum: text("NAD27") };
    samples![
        TableError::NotFound { path: path() },
        TableError::Unreadable { path: path(), source: gone() },
        TableError::EmptyFile { path: path() },
        TableError::Truncated { path: path(), stated: 217, found: 150 },
        ImportError::NotPolygon { path: path(), record: 5, found: text("PointZ") },
        ImportError::CountMismatch { path: path(), shapes: 12, rows: 13 },
        ImportError::CrsOfFile { path: path(), source: Box::new(crs()) },
        ImportError::UnknownCrs { definition: text("EPSG:0"), reason: text("none") },
        ImportError::CoordinatesDoNotFit { path: path(), x: 7.5, y: 8.5, crs: text("WGS 84"), hint: 3347 },
        TableError::MissingColumn {
            path: path(),
            wanted: Words::new("le code du CLSC", "the CLSC code"),
            examples: text("\"CLSC\""),
            found: found()
        },
        TableError::UnknownColumn { path: path(), column: text("c3"), found: found() },
        TableError::UnknownEncoding { path: path(), label: text("latin-77") },
        ImportError::RuisssUnknown { path: path(), found: found() },
        ImportError::Hierarchy { path: path(), source: HierarchyError::DuplicateClsc { code: code() } },
        BatchError::Input { name: name(), source: gone() },
        BatchError::Read(gone()),
        BatchError::Write(gone()),
        BatchError::WriteWhole(gone()),
        BatchError::RowTooLong { row: 4, most: 1 << 20 },
        BatchError::NoUsableColumn { found: found() },
        BatchError::UnknownColumn { wanted: text("c3"), found: found() },
        BatchError::RepeatedColumn { name: text("a1"), found: found() },
        BatchError::HalfAPair { have: "longitude", want: "latitude", found: found() },
        BatchError::CrsMissing { found: found() },
        BatchError::NoAddressRegistry { found: found() },
        BatchError::AlreadyThere { name: text("rattache_status") },
        BatchError::UnknownOutput { wanted: text("c3"), known: text("status, border_m") },
        BatchError::Uncertainty { value: 1e9 },
        BatchError::Zip { name: text("z-1.zip"), found: found() },
        BatchError::NoSheet { wanted: text("Feuille 2"), found: found() },
        BatchError::GeometryCrs { name: name() },
        BatchError::TooManyRows { most: 1_048_575 },
        BatchError::TooManyColumns { columns: 17_000 },
        BatchError::CellTooLong { row: 77 },
        CliError::Coordinate { name: "lat", value: text("45,5"), example: "45.5088" },
        CliError::Output(gone()),
        CliError::UnknownTerritory { level: Level::Rts, code: text("099"), edition: text("e1") },
        CliError::Coverage { file: name(), source: CoverageError::Unnodable { rounds: 12 } },
        CliError::Findings { count: 31 },
        CliError::Missing { what: Words::same("atlas"), flag: Words::same("--output"), key: "output" },
        CliError::BadValue { key: "--threshold", value: text("-1"), expected: Words::same("5") },
        CliError::Recipe { path: path().into(), source: gone() },
        CliError::Read { path: path().into(), source: gone() },
        CliError::Export { path: path().into(), source: gone().into() },
        CatalogueError::File { path: path().into(), source: Box::new(RevisionError::BrokenChain { number: 6 }) },
        CatalogueError::SameId { path: path().into(), id: text("e3") },
        CatalogueError::Unpublished { id: text("rev-9") },
        CatalogueError::BaseOfItself { id: text("rev-9") },
        CatalogueError::NotInForce { day: "2031-04-01".parse().unwrap(), base: text("e4"), in_force: Some(text("e5")) },
        CatalogueError::Overtaken {
            day: "2031-04-01".parse().unwrap(),
            id: text("rev-8"),
            from: "2032-04-01".parse().unwrap()
        },
        CliError::FactRow { path: path().into(), line: 3, value: text("x1"), expected: Words::same("7") },
        CliError::Serve { address: "127.0.0.1:8080".parse().unwrap(), source: gone() },
    ];
    all
}
