//! Rows a second of a file of coordinates, beside the `csv` crate on the same rows: `cargo bench --bench batch -- 10000000`.
//!
//! Data: rows of five columns (number, name with an accent, latitude, longitude, note) at places where the atlas has people
//! (a unit's own point, moved by up to 500 m), seeded. The argument is the number of rows (1,000,000 without one);
//! `--atlas FILE` takes another atlas than the demo. The baseline reads every row with `csv::Reader::read_byte_record` and
//! writes it with `csv::Writer`, the added columns as constants. Both read a file and write to the null device. Goals: 70 % of
//! the baseline, at most 200 MB above the atlas, two workers at least 1.8 times one.
//!
//! `--addresses` takes rows of addresses of the atlas's own registry in its place, as they stand and with a letter of the street
//! left out. Goals: 50,000 and 10,000 a second on each core, all columns added.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use rattache::atlas::Atlas;
use rattache::batch::{Checkpoint, Column, Job, Options, Sink, Status};
use rattache::catalogue::{Catalogue, EditionSet};
use rattache::cli::open;
use rattache::domain::EditionChoice;

struct Null(File);

impl Sink for Null {
    fn write(&mut self, bytes: &[u8], _done: &Checkpoint) -> io::Result<()> {
        self.0.write_all(bytes)
    }
}

fn null() -> File {
    OpenOptions::new().write(true).open("/dev/null").unwrap()
}

fn memory_mb(key: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn write_rows(atlas: &Atlas, path: &Path, rows: usize) {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let points = atlas.points_inside();
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "numero,nom,latitude,longitude,note").unwrap();
    for row in 0..rows {
        let at = points[(next() * points.len() as f64) as usize];
        let (lat, lon) = (at.lat() + (next() - 0.5) * 0.009, at.lon() + (next() - 0.5) * 0.012);
        writeln!(out, "{row},Thérèse Tremblay,{lat:.6},{lon:.6},dossier {}", row % 977).unwrap();
    }
    out.flush().unwrap();
}

/// Rows of addresses drawn from the registry; with `slip`, a letter of each street's name is left out.
fn write_addresses(atlas: &Atlas, path: &Path, rows: usize, slip: bool) {
    let registry = atlas.gazetteer().expect("the atlas has addresses");
    let mut state = 7_u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "dossier,adresse,ville,code_postal").unwrap();
    let mut written = 0;
    while written < rows {
        let entry = registry.address(below(registry.address_count())).unwrap();
        let Some(civic) = entry.civic else { continue };
        let mut street: Vec<char> = entry.street.chars().collect();
        if slip {
            // Of the last word, which is of the name and not of its type.
            let last = street.iter().rposition(|&letter| letter == ' ').map_or(0, |at| at + 1);
            street.remove(last + below(street.len() - last));
        }
        let street: String = street.into_iter().collect();
        let code = entry.postal_code.map(|code| code.to_string()).unwrap_or_default();
        writeln!(out, "{written},\"{civic}, {street}\",\"{}\",{code}", entry.municipality).unwrap();
        written += 1;
    }
    out.flush().unwrap();
}

fn measure_addresses(editions: &EditionSet, folder: &Path, rows: usize) {
    let atlas = editions.atlas();
    println!("{rows} rows, {} addresses", atlas.gazetteer().map_or(0, |registry| registry.address_count()));
    println!("| addresses | 1 worker, rows/s | limit | 2 workers | limit | resolved or near a limit |");
    println!("|---|---|---|---|---|---|");
    for (name, slip, limit) in [("as they stand", false, 50_000), ("a letter left out", true, 10_000)] {
        let path = folder.join("addresses.csv");
        write_addresses(atlas, &path, rows, slip);
        let job = Job::open(editions, File::open(&path).unwrap(), &Options::default()).unwrap();
        let tally = job.run(2, &mut Null(null())).unwrap();
        let found = tally.statuses[Status::Resolved as usize] + tally.statuses[Status::NearBorder as usize];
        let [one, two] = [1, 2].map(|workers| rows as f64 / ours(editions, &path, Column::ALL, workers));
        let share = 100.0 * found as f64 / rows as f64;
        println!("| {name} | {one:.0} | {limit} | {two:.0} | {} | {share:.2} % |", 2 * limit);
    }
}

/// Seconds of a job on so many workers.
fn ours(editions: &EditionSet, path: &Path, columns: &[Column], workers: usize) -> f64 {
    let options = Options { columns: columns.to_vec(), ..Options::default() };
    let started = Instant::now();
    let job = Job::open(editions, File::open(path).unwrap(), &options).unwrap();
    job.run(workers, &mut Null(null())).unwrap();
    started.elapsed().as_secs_f64()
}

/// What each column holds in the first row: constants of a usual length.
fn constants(editions: &EditionSet, path: &Path, columns: &[Column]) -> Vec<Vec<u8>> {
    struct First(Vec<u8>);
    impl Sink for First {
        fn write(&mut self, bytes: &[u8], _done: &Checkpoint) -> io::Result<()> {
            self.0.extend_from_slice(bytes);
            if self.0.len() > 1 << 12 { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
        }
    }
    let options = Options { columns: columns.to_vec(), ..Options::default() };
    let mut first = First(Vec::new());
    Job::open(editions, File::open(path).unwrap(), &options).unwrap().run(1, &mut first).ok();
    let mut reader = csv::Reader::from_reader(&first.0[..]);
    let row = reader.byte_records().next().unwrap().unwrap();
    row.iter().skip(row.len() - columns.len()).map(<[u8]>::to_vec).collect()
}

fn baseline(path: &Path, constants: &[Vec<u8>]) -> f64 {
    let started = Instant::now();
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut writer = csv::Writer::from_writer(null());
    let mut record = csv::ByteRecord::new();
    writer.write_byte_record(reader.byte_headers().unwrap()).unwrap();
    while reader.read_byte_record(&mut record).unwrap() {
        for constant in constants {
            record.push_field(constant);
        }
        // The header is shorter, as it is no part of what is measured.
        for field in &record {
            writer.write_field(field).unwrap();
        }
        writer.write_record(None::<&[u8]>).ok();
    }
    writer.flush().unwrap();
    started.elapsed().as_secs_f64()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let rows = arguments.iter().find_map(|argument| argument.parse::<usize>().ok()).unwrap_or(1_000_000);
    let file = arguments.iter().position(|argument| argument == "--atlas").map(|at| arguments[at + 1].clone());
    let atlas = open(file.as_deref().map(Path::new), rattache::domain::Language::French).unwrap();
    let editions = Catalogue::new(atlas).timetable().unwrap().for_rows(&EditionChoice::Latest).unwrap();
    let atlas = editions.atlas();
    let folder = tempfile::tempdir().unwrap();
    if arguments.iter().any(|argument| argument == "--addresses") {
        return measure_addresses(&editions, folder.path(), rows);
    }
    let path = folder.path().join("rows.csv");
    write_rows(atlas, &path, rows);
    let before = memory_mb("VmRSS");
    // The peak so far, which the atlas itself may have made, is forgotten.
    std::fs::write("/proc/self/clear_refs", "5").ok();
    println!("{rows} rows, {} units", atlas.unit_count());
    println!(
        "| added columns | csv crate, rows/s | 1 worker | ratio | 2 workers | ratio | 2 over 1 | peak above atlas, MB |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let no_limit: Vec<Column> = Column::ALL
        .iter()
        .copied()
        .filter(|column| !matches!(column, Column::BorderM | Column::RunnerUpClsc))
        .collect();
    let few = [Column::Status, Column::Da, Column::ClscCode];
    for (name, columns) in
        [("status, da, clsc_code", &few[..]), ("all but border_m, runner_up_clsc", &no_limit), ("all", Column::ALL)]
    {
        let best = |run: &dyn Fn() -> f64| (0..2).map(|_| run()).fold(f64::INFINITY, f64::min);
        let one = best(&|| ours(&editions, &path, columns, 1));
        let two = best(&|| ours(&editions, &path, columns, 2));
        let peak = memory_mb("VmHWM") - before;
        let constants = constants(&editions, &path, columns);
        let csv = best(&|| baseline(&path, &constants));
        let rate = |seconds: f64| rows as f64 / seconds;
        println!(
            "| {name} | {:.0} | {:.0} | {:.2} | {:.0} | {:.2} | {:.2} | {peak:.0} |",
            rate(csv),
            rate(one),
            csv / one,
            rate(two),
            csv / two,
            one / two
        );
    }
}
