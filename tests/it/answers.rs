//! What commands write on the demo, to the letter, as people accepted it: JSON, CSV, text and what is said of bad input.

use std::path::Path;
use std::process::Command;

/// What a command writes to standard output and error, with its exit code.
fn answer(line: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("data"), folder.path().join("data")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_rattache")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let done = Command::new("bash").args(["-c", line]).current_dir(folder.path()).env("PATH", path).output().unwrap();
    let text =
        |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&folder.path().display().to_string(), "DOSSIER");
    format!("$ {line}\n{}--\n{}-- {}\n", text(done.stdout), text(done.stderr), done.status.code().unwrap())
}

/// `series check` and the rest are told on stated editions and days: what is in force today does not matter.
const COMMANDS: &[(&str, &str)] = &[
    ("resolve_text", "rattache resolve --lat 45.5088 --lon=-73.5542 --as-of 2020-01-01"),
    ("resolve_json", "rattache resolve --lat 45.5088 --lon=-73.5542 --as-of 2020-01-01 --format json"),
    ("resolve_outside", "rattache resolve --lat 45.42 --lon=-75.70 --as-of 2020-01-01 --lang en"),
    ("territories_csv", "rattache territories --level ruisss --as-of 2020-01-01 --format csv"),
    ("territory_json", "rattache territories 06324 --as-of 2020-01-01 --format json"),
    ("batch_csv", "rattache batch data/examples/patients.csv --as-of 2020-01-01 -q"),
    (
        "batch_columns",
        "rattache batch data/examples/patients.csv --as-of 2020-01-01 --columns status,clsc_code,candidates",
    ),
    (
        "changes_csv",
        "rattache series changes --from demo-2017-07-01 --to demo-2022-04-01 --level clsc --format csv | grep -v unchanged",
    ),
    ("crosswalk_csv", "rattache series crosswalk --from demo-2017-07-01 --to demo-2022-04-01 --level rls | head -12"),
    ("check_csv", "rattache series check data/examples/serie.csv --to demo-2022-04-01 | head -12"),
    ("revision_text", "rattache revision simulate data/examples/revision.toml | head -40"),
    ("export_csv", "rattache atlas export --level rts --format csv --as-of 2020-01-01 | cut -c1-120"),
    ("bad_coordinate", "rattache resolve --lat 45,5 --lon=-73.5"),
    ("bad_level", "rattache territories --level cls"),
    ("bad_level_english", "rattache territories --level cls --lang en"),
    ("bad_edition", "rattache territories --level rts --edition 1999"),
    ("bad_column", "rattache batch data/examples/patients.csv --lat-column latitude"),
    ("bad_file", "rattache batch rien.csv --lang en"),
];

#[test]
fn what_commands_write_is_what_was_accepted() {
    for (name, line) in COMMANDS {
        insta::assert_snapshot!(*name, answer(line));
    }
}
