//! Stopped anywhere, a job goes on to the same bytes.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rattache::batch::Job;

use super::{Kept, columns, editions, mixed_table};
use crate::http::demo_bytes;

#[test]
fn from_every_point_on_the_way_the_rest_is_the_same() {
    let input = mixed_table(30_000);
    let options = columns("status,reason,clsc_code");
    let mut whole = Kept::default();
    let tally = Job::open(editions(&options), &input[..], &options).unwrap().run(1, &mut whole).unwrap();
    assert!(whole.steps.len() > 4);
    for (written, done) in &whole.steps {
        let mut rest = Kept::default();
        // What is counted goes through the journal's own form.
        let done = serde_json::from_slice(&serde_json::to_vec(done).unwrap()).unwrap();
        let resumed = Job::open(editions(&options), &input[..], &options).unwrap().resume(done, 2, &mut rest).unwrap();
        assert!(whole.bytes[*written..] == rest.bytes[..]);
        assert_eq!(
            (resumed.rows, resumed.statuses, resumed.clsc),
            (tally.rows, tally.statuses.clone(), tally.clsc.clone())
        );
        assert_eq!(resumed.faults, tally.faults);
    }
}

fn start(folder: &Path, output: &str, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_rattache"))
        .current_dir(folder)
        .args(["batch", "in.csv", "--atlas", "demo.atlas", "-o", output, "--workers", "1", "--save-every-s", "0"])
        .args(["--as-of-column", "jour", "--summary", "summary.json", "--force"])
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_half_way_it_resumes_to_the_file_of_an_uninterrupted_run() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    rattache::atlas::write(&here("demo.atlas"), demo_bytes()).unwrap();
    fs::write(here("in.csv"), mixed_table(150_000)).unwrap();
    assert_eq!(start(folder.path(), "whole.csv", &[]).wait().unwrap().code(), Some(1));
    let summary = fs::read(here("summary.json")).unwrap();
    let size = fs::metadata(here("whole.csv")).unwrap().len();

    let mut kills = 0;
    for round in 0..3 {
        let mut child = start(folder.path(), "out.csv", if round == 0 { &[] } else { &["--resume"] });
        let started = Instant::now();
        let enough = size * (round + 1) / 4;
        while fs::metadata(here("out.csv.part")).map_or(0, |about| about.len()) < enough {
            if child.try_wait().unwrap().is_some() {
                break;
            }
            assert!(started.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(1));
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            kills += 1;
        }
        child.wait().unwrap();
    }
    assert!(kills > 0 && !here("out.csv").exists(), "nothing was cut short: {kills}");
    assert!(here("out.csv.journal").exists());
    assert_eq!(start(folder.path(), "out.csv", &["--resume"]).wait().unwrap().code(), Some(1));
    assert!(fs::read(here("out.csv")).unwrap() == fs::read(here("whole.csv")).unwrap());
    assert!(fs::read(here("summary.json")).unwrap() == summary);
    assert!(!here("out.csv.part").exists() && !here("out.csv.journal").exists());
}

#[test]
fn of_two_jobs_on_one_output_the_later_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    rattache::atlas::write(&here("demo.atlas"), demo_bytes()).unwrap();
    fs::write(here("in.csv"), mixed_table(300_000)).unwrap();
    let mut first = start(folder.path(), "out.csv", &[]);
    let started = Instant::now();
    while fs::metadata(here("out.csv.part")).map_or(0, |about| about.len()) == 0 {
        assert!(started.elapsed() < Duration::from_secs(60) && first.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(1));
    }
    for more in [&[][..], &["--resume"]] {
        assert_eq!(start(folder.path(), "out.csv", more).wait().unwrap().code(), Some(2), "{more:?}");
    }
    assert!(first.try_wait().unwrap().is_none(), "the first job was over before the others were refused");
    assert_eq!(first.wait().unwrap().code(), Some(1));
    assert_eq!(start(folder.path(), "whole.csv", &[]).wait().unwrap().code(), Some(1));
    assert!(fs::read(here("out.csv")).unwrap() == fs::read(here("whole.csv")).unwrap());
}

#[test]
fn another_input_or_other_columns_are_not_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    rattache::atlas::write(&here("demo.atlas"), demo_bytes()).unwrap();
    fs::write(here("in.csv"), mixed_table(5000)).unwrap();
    fs::write(here("out.csv.part"), "x").unwrap();
    fs::write(
        here("out.csv.journal"),
        r#"{"job":"0","output":1,"done":{"input":1,"tally":{"rows":0,"statuses":[],"clsc":[],"faults":{}}}}"#,
    )
    .unwrap();
    assert_eq!(start(folder.path(), "out.csv", &["--resume"]).wait().unwrap().code(), Some(2));
    assert_eq!(fs::read(here("out.csv.part")).unwrap(), b"x");
    assert!(!here("out.csv").exists());
}

#[test]
fn a_workbook_is_done_over_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    rattache::atlas::write(&here("demo.atlas"), demo_bytes()).unwrap();
    fs::write(here("in.csv"), "lat,lon\n45.5088,-73.5542\n").unwrap();
    for (lang, told) in [("fr", "refaits depuis la première ligne"), ("en", "done over from their first row")] {
        let done = Command::new(env!("CARGO_BIN_EXE_rattache"))
            .current_dir(folder.path())
            .args(["--lang", lang, "batch", "in.csv", "--atlas", "demo.atlas", "-o", "out.xlsx", "--resume", "--force"])
            .output()
            .unwrap();
        let stderr = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.success() && stderr.contains(told), "{stderr}");
        assert!(here("out.xlsx").exists());
    }
}
