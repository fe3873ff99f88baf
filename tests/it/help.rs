//! What `--help` says, in both languages, as people accepted it; and that its examples do what they say.

use std::path::Path;
use std::process::Command;

fn help(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rattache")).args(words).env("COLUMNS", "100").output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn help_is_in_french_first_and_in_english_where_asked_for() {
    for (name, words) in [
        ("rattache", &["--help"][..]),
        ("resolve", &["resolve", "--help"]),
        ("batch", &["batch", "-h"]),
        ("serve", &["serve", "-h"]),
        ("revision", &["revision", "--help"]),
        ("revision_new", &["revision", "new", "--help"]),
        ("series", &["series", "-h"]),
        ("series_bridge", &["series", "bridge", "--help"]),
        ("atlas_build", &["atlas", "build", "-h"]),
    ] {
        insta::assert_snapshot!(format!("{name}_fr"), help(words));
        insta::assert_snapshot!(format!("{name}_en"), help(&[words, &["--lang", "en"]].concat()));
    }
}

#[test]
fn the_examples_of_the_help_work_on_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    std::os::unix::fs::symlink(data, folder.path().join("data")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_rattache")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut tried = 0;
    for (words, lines) in rattache::cli::EXAMPLES {
        // A service goes on until it is stopped.
        for line in lines.iter().filter(|_| *words != "serve") {
            let done =
                Command::new("bash").args(["-c", line]).current_dir(folder.path()).env("PATH", &path).output().unwrap();
            assert!(
                done.status.code().is_some_and(|code| code <= 1),
                "{line}: {}",
                String::from_utf8_lossy(&done.stderr)
            );
            tried += 1;
        }
    }
    assert!(tried > 8);
}
