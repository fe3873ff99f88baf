//! The files that ship to be tried on the demo do what the program says of them.

use std::path::{Path, PathBuf};

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/examples").join(name).display().to_string()
}

fn run(words: &[&str]) -> String {
    let mut out = Vec::new();
    let words = std::iter::once(&"rattache").chain(words).map(std::ffi::OsString::from);
    if let Err(error) = rattache::cli::run(words, &mut out) {
        let mut told = Vec::new();
        rattache::cli::report(&error, rattache::domain::Language::English, &mut told);
        panic!("{}", String::from_utf8_lossy(&told));
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn patients_of_the_example_are_attached_or_told_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let output: PathBuf = folder.path().join("patients.csv");
    run(&[
        "batch",
        &example("patients.csv"),
        "-o",
        &output.display().to_string(),
        "--columns",
        "status,reason,clsc_code",
    ]);
    let text = std::fs::read_to_string(&output).unwrap();
    let status = |file: &str| {
        let row = text.lines().find(|row| row.starts_with(file)).unwrap();
        row.split(';').rev().nth(2).unwrap().to_owned()
    };
    assert_eq!(text.lines().count(), 21);
    assert_eq!(status("A-0001"), "resolved", "a plain address");
    assert_eq!(status("A-0004"), "resolved", "an address without accents, in short forms");
    assert_ne!(status("A-0010"), "resolved", "a person without an address is nowhere for sure");
    assert_ne!(status("A-0014"), "resolved", "Paris is not in Québec");
    assert_ne!(status("A-0017"), "resolved", "no address at all");
}

#[test]
fn the_workbook_of_the_example_has_the_answers_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let answers = |name: &str| {
        let output = folder.path().join(format!("{name}.csv")).display().to_string();
        run(&["batch", &example(name), "-o", &output, "--columns", "status,clsc_code"]);
        let text = std::fs::read_to_string(output).unwrap();
        let code = |row: &str| row.rsplit([';', ',']).take(2).map(str::to_owned).collect::<Vec<_>>();
        text.lines().skip(1).map(code).collect::<Vec<_>>()
    };
    assert_eq!(answers("patients.csv"), answers("patients.xlsx"));
}

#[test]
fn the_revision_and_the_series_of_the_example_run() {
    assert!(run(&["revision", "simulate", &example("revision.toml")]).contains("exemple-outaouais"));
    let breaks = run(&["series", "check", &example("serie.csv")]);
    assert!(breaks.contains("03126") && breaks.contains("16311"), "{breaks}");
}
