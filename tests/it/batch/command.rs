//! The program: files, pipes, packed files, exit codes.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::http::demo_bytes;

const ROWS: &[u8] = b"nom;lat;lon\nA;45.5088;-73.5542\nB;45.5088;-73.5542\n";
const DONE: &[u8] = b"nom;lat;lon;rattache_status;rattache_rss_name\nA;45.5088;-73.5542;resolved;Montr\xc3\xa9al\nB;45.5088;-73.5542;resolved;Montr\xc3\xa9al\n";

fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rattache"))
        .current_dir(folder)
        .arg("batch")
        .args(arguments)
        .args(["--atlas", "demo.atlas", "--columns", "status,rss_name"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses early does not read it all.
    child.stdin.take().unwrap().write_all(input).ok();
    child.wait_with_output().unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    rattache::atlas::write(&folder.path().join("demo.atlas"), demo_bytes()).unwrap();
    folder
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn files_pipes_gzip_and_zip_give_the_same_rows() {
    let folder = folder();
    let here = |name: &str| folder.path().join(name);
    let piped = run(folder.path(), &["-"], ROWS);
    assert_eq!((piped.status.code(), piped.stdout.as_slice()), (Some(0), DONE));
    assert_eq!(run(folder.path(), &["-", "-o", "-"], &packed(ROWS)).stdout, DONE);
    fs::write(here("a.csv"), ROWS).unwrap();
    fs::write(here("a.csv.gz"), packed(ROWS)).unwrap();
    fs::write(here("a.zip"), zipped(&[("lisez.pdf", b"x"), ("a.csv", ROWS)])).unwrap();
    for name in ["a.csv", "a.csv.gz", "a.zip"] {
        let done = run(folder.path(), &[name, "-o", "b.csv", "--force"], b"");
        assert_eq!((done.status.code(), done.stdout.len()), (Some(0), 0), "{name}");
        assert_eq!(fs::read(here("b.csv")).unwrap(), DONE, "{name}");
    }
    run(folder.path(), &["a.csv", "-o", "b.csv.gz"], b"");
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(here("b.csv.gz")).unwrap()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, DONE);
}

#[test]
fn the_exit_code_says_whether_all_rows_are_resolved() {
    let folder = folder();
    let some = run(folder.path(), &["-"], b"lat,lon\n45.5088,-73.5542\n10,10\n");
    assert_eq!(some.status.code(), Some(1));
    assert_eq!(
        some.stdout,
        b"lat,lon,rattache_status,rattache_rss_name\n45.5088,-73.5542,resolved,Montr\xc3\xa9al\n10,10,outside,\n"
    );
    let none = run(folder.path(), &["-", "-o", "never.csv"], b"nom,taille\nA,3\n");
    assert_eq!((none.status.code(), none.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8(none.stderr).unwrap().contains("\"nom\", \"taille\""));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(run(folder.path(), &["absent.csv"], b"").status.code(), Some(2));
    let several = zipped(&[("a.csv", ROWS), ("b.csv", ROWS)]);
    fs::write(folder.path().join("two.zip"), several).unwrap();
    let refused = run(folder.path(), &["two.zip"], b"");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("\"a.csv\", \"b.csv\""));
    fs::write(folder.path().join("same.csv"), ROWS).unwrap();
    assert_eq!(run(folder.path(), &["same.csv", "-o", "./same.csv"], b"").status.code(), Some(2));
    assert_eq!(fs::read(folder.path().join("same.csv")).unwrap(), ROWS);
}

#[test]
fn the_first_accent_may_stand_far_down_the_file() {
    let folder = folder();
    let mut rows = b"nom,lat,lon\n".to_vec();
    for _ in 0..40_000 {
        rows.extend_from_slice(b"abc,45.5088,-73.5542\n");
    }
    rows.extend_from_slice(b"Zo\xe9,45.5088,-73.5542\n");
    fs::write(folder.path().join("late.csv"), &rows).unwrap();
    let done = run(folder.path(), &["late.csv"], b"").stdout;
    assert!(done.ends_with(b"Zo\xe9,45.5088,-73.5542,resolved,Montr\xe9al\n"));
    assert!(!done.windows(2).any(|pair| pair == b"\xc3\xa9"));
}

#[test]
fn projected_coordinates_are_those_of_their_longitude_and_latitude() {
    let folder = folder();
    // Reference values for -73.5542, 45.5088 in two systems of Québec.
    let rows = b"nom;x;y\nA;-395044.3355;182089.6849\nB;-395 044,3355;182 089,6849\n";
    let done = run(folder.path(), &["-", "--crs", "EPSG:32198"], rows);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(String::from_utf8(done.stdout).unwrap().matches("resolved;Montréal").count(), 2);
}

#[test]
fn a_pipe_hears_nothing_but_the_summary() {
    let folder = folder();
    let done = run(folder.path(), &["-", "--lang", "fr"], ROWS);
    let talk = String::from_utf8(done.stderr).unwrap();
    assert!(
        talk.starts_with("colonnes : lat (latitude)") && talk.contains("\nlignes") && !talk.contains('\r'),
        "{talk}"
    );
    assert!(run(folder.path(), &["-", "--quiet"], ROWS).stderr.is_empty());
    run(folder.path(), &["-", "--summary", "s.html"], ROWS);
    let page = fs::read_to_string(folder.path().join("s.html")).unwrap();
    assert!(page.contains("<th scope=\"row\">a son CLSC</th><td class=\"number\">2</td>"), "{page}");
}
