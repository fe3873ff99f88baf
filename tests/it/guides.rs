//! Every example of the guides is run on the demo, and its answer compared with what the guide shows.
//!
//! In a block of `console`, a line that starts with `$ ` is a command, and the lines up to the next one are what it writes to standard
//! output. A line `…` stands for any number of lines, `…` inside a line for any text. `ACCEPT_GUIDES=1 cargo test guides` writes
//! what the program answers into the guides: look at the difference before keeping it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command of a guide and what it is shown to write.
struct Example {
    command: String,
    shown: Vec<String>,
}

/// The text of a guide with each of its examples replaced by what `answer` makes of it.
fn through(text: &str, mut answer: impl FnMut(Example) -> Vec<String>) -> String {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        writeln!(out, "{line}").unwrap();
        if line.trim() != "```console" {
            continue;
        }
        while let Some(command) = lines.next_if(|line| line.starts_with("$ ")) {
            let mut whole = command.to_owned();
            while whole.ends_with('\\') {
                let more = lines.next().unwrap();
                whole = format!("{whole}\n{more}");
            }
            let mut shown = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && line.trim() != "```") {
                shown.push(line.to_owned());
            }
            writeln!(out, "{whole}").unwrap();
            for line in answer(Example { command: whole[2..].to_owned(), shown }) {
                writeln!(out, "{line}").unwrap();
            }
        }
    }
    out
}

/// Whether lines are as shown; `…` stands for what is left out.
fn matches(shown: &[String], found: &[&str]) -> bool {
    match shown.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if first.trim() == "…" => (0..=found.len()).any(|skip| matches(rest, &found[skip..])),
        Some((first, rest)) => {
            found.split_first().is_some_and(|(line, found)| line_matches(first, line) && matches(rest, found))
        }
    }
}

fn line_matches(shown: &str, found: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| found.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn run(command: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_rattache")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    // Files, as what is left running in the background keeps a pipe open.
    let [out, err] = ["out", "err"].map(|name| folder.join(format!(".guide-{name}")));
    let status = Command::new("bash")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out).unwrap())
        .stderr(fs::File::create(&err).unwrap())
        .status()
        .unwrap();
    let failed = || String::from_utf8_lossy(&fs::read(&err).unwrap()).into_owned();
    assert!(status.code().is_some_and(|code| code <= 1), "`{command}` ends with {status}: {}", failed());
    fs::read_to_string(&out).unwrap()
}

fn guides() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for language in ["fr", "en"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(language).join("src");
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_example_of_the_guides_answers_as_shown() {
    let accept = std::env::var_os("ACCEPT_GUIDES").is_some();
    let mut differences = String::new();
    let mut run_examples = 0;
    for guide in guides() {
        let folder = tempfile::tempdir().unwrap();
        let examples = folder.path().join("data/examples");
        fs::create_dir_all(&examples).unwrap();
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/examples")).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, examples.join(path.file_name().unwrap())).unwrap();
        }
        let text = fs::read_to_string(&guide).unwrap();
        let accepted = through(&text, |example| {
            run_examples += 1;
            let answer = run(&example.command, folder.path());
            let found: Vec<&str> = answer.lines().map(str::trim_end).collect();
            if matches(&example.shown, &found) {
                return example.shown;
            }
            let (shown, found_text) = (example.shown.join("\n"), found.join("\n"));
            writeln!(
                differences,
                "{}: $ {}\nshown:\n{shown}\nanswered:\n{found_text}\n",
                guide.display(),
                example.command
            )
            .unwrap();
            found.iter().map(|line| (*line).to_owned()).collect()
        });
        if accept {
            fs::write(&guide, accepted).unwrap();
        }
    }
    assert!(run_examples > 20, "only {run_examples} examples were found");
    assert!(accept || differences.is_empty(), "{differences}");
}

#[test]
fn both_books_have_the_same_pages_with_the_same_examples() {
    let commands = |language: &str| {
        let mut pages = Vec::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(language).join("src");
        let summary = fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
        for name in summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let mut page = Vec::new();
            through(&fs::read_to_string(folder.join(name)).unwrap(), |example| {
                page.push(example.command.replace(" --lang en", ""));
                example.shown
            });
            pages.push(page);
        }
        pages
    };
    assert_eq!(commands("fr"), commands("en"));
}

#[test]
fn what_is_left_out_of_an_example_may_be_anything() {
    let shown = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(matches(&shown("a\n…\nd"), &["a", "b", "c", "d"]));
    assert!(matches(&shown("x … z"), &["x y z"]));
    assert!(!matches(&shown("x … z"), &["x y"]));
    assert!(!matches(&shown("a\n…\nd"), &["a", "b", "c"]));
    assert!(!matches(&shown("a"), &["a", "b"]));
}

#[test]
fn the_pages_of_reference_are_what_the_program_writes() {
    let accept = std::env::var_os("ACCEPT_GUIDES").is_some();
    for lang in ["fr", "en"] {
        for (page, file) in [("words", "reference.md"), ("commands", "commandes.md")] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(lang).join("src").join(file);
            let output = Command::new(env!("CARGO_BIN_EXE_rattache"))
                .args(["reference", page, "--lang", lang])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let written = String::from_utf8(output.stdout).unwrap();
            if accept {
                fs::write(&path, &written).unwrap();
            }
            let kept = fs::read_to_string(&path).unwrap_or_default();
            assert!(written == kept, "{} is out of date: ACCEPT_GUIDES=1 cargo test guides writes it", path.display());
        }
    }
}
