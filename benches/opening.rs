//! Milliseconds to open an atlas: `cargo bench --no-default-features --bench opening -- FILE`.
//!
//! The file is mapped, its checksum is verified, and its arrays are looked through (which `open_trusted` leaves out); the best of
//! twenty, so that the file is in memory. Goal: below 50 ms for an atlas of the whole province.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::time::Instant;

use rattache::atlas::{Atlas, AtlasError};

fn best_ms(path: &Path, open: fn(&Path) -> Result<Atlas, AtlasError>) -> f64 {
    let once = || {
        let started = Instant::now();
        let atlas = open(path).unwrap();
        let elapsed = started.elapsed().as_secs_f64() * 1e3;
        assert!(atlas.unit_count() > 0);
        elapsed
    };
    (0..20).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn main() {
    let file = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).expect("the name of an atlas");
    let path = Path::new(&file);
    let megabytes = std::fs::metadata(path).unwrap().len() as f64 / 1e6;
    let (whole, trusted) = (best_ms(path, Atlas::open), best_ms(path, Atlas::open_trusted));
    println!("{megabytes:.1} MB: opened in {whole:.1} ms, of which {:.1} ms look through the arrays", whole - trusted);
}
