//! Columns in, columns out, beside the same rows as CSV: rows a second and processor time, by number of workers.
//!
//! `cargo bench --bench columnar --no-default-features --features batch,demo -- 4000000 1,2` (rows, workers). Data: points where
//! the atlas has people (a unit's own point, moved by up to 500 m), seeded, with a number: row groups of 131,072 rows, packed with
//! snappy. `--atlas FILE` takes another atlas than the demo. Goals: Parquet with `status,da,clsc_code` at 10 million rows a second of
//! processor time and never slower than CSV; Arrow in memory at 25 million.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use rattache::atlas::Atlas;
use rattache::batch::{
    Attacher, Checkpoint, Column, Conversion, FileKind, Job, Options, OutputKind, Sink, convert, with_source,
};
use rattache::catalogue::{Catalogue, EditionSet};
use rattache::domain::EditionChoice;

const GROUP: usize = 1 << 17;

struct Null(File);

impl Sink for Null {
    fn write(&mut self, bytes: &[u8], _done: &Checkpoint) -> io::Result<()> {
        self.0.write_all(bytes)
    }
}

/// Seconds of processor time of the whole process so far.
fn processor_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn points(atlas: &Atlas, rows: usize) -> (Vec<f64>, Vec<f64>) {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let round = |value: f64| (value * 1e6).round() / 1e6;
    let places = atlas.points_inside();
    (0..rows)
        .map(|_| {
            let at = places[(next() * places.len() as f64) as usize];
            (round(at.lat() + (next() - 0.5) * 0.009), round(at.lon() + (next() - 0.5) * 0.012))
        })
        .unzip()
}

fn report(what: &str, rows: usize, workers: usize, work: impl FnOnce()) {
    let (started, before) = (Instant::now(), processor_s());
    work();
    let (wall, spent) = (started.elapsed().as_secs_f64(), processor_s() - before);
    println!(
        "| {what} | {workers} | {wall:.3} | {spent:.2} | {:.2} | {:.2} |",
        rows as f64 / wall / 1e6,
        rows as f64 / spent / 1e6
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let named = arguments.iter().position(|argument| argument == "--atlas").map(|at| arguments[at + 1].clone());
    let mut plain = arguments.iter().filter(|argument| argument.starts_with(|c: char| c.is_ascii_digit()));
    let rows: usize = plain.next().map_or(1_000_000, |rows| rows.parse().unwrap());
    let workers: Vec<usize> =
        plain.next().map_or_else(|| vec![1, 2], |list| list.split(',').map(|count| count.parse().unwrap()).collect());
    let atlas = match &named {
        Some(path) => Atlas::load(Path::new(path)).unwrap(),
        None => rattache::demo::open(
            rattache::demo::cache_folder(|name| std::env::var_os(name)).as_deref(),
            Atlas::load,
            || (),
        )
        .unwrap(),
    };
    let (lats, lons) = points(&atlas, rows);
    let editions: EditionSet = Catalogue::new(atlas).timetable().unwrap().for_rows(&EditionChoice::Latest).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (csv, parquet) = (folder.path().join("points.csv"), folder.path().join("points.parquet"));
    let mut out = BufWriter::new(File::create(&csv).unwrap());
    writeln!(out, "id,lat,lon").unwrap();
    for (row, (lat, lon)) in lats.iter().zip(&lons).enumerate() {
        writeln!(out, "{row},{lat},{lon}").unwrap();
    }
    out.flush().unwrap();
    let table = RecordBatch::try_from_iter([
        ("id", Arc::new((0..rows as i64).collect::<Int64Array>()) as ArrayRef),
        ("lat", Arc::new(Float64Array::from(lats)) as ArrayRef),
        ("lon", Arc::new(Float64Array::from(lons)) as ArrayRef),
    ])
    .unwrap();
    let properties = WriterProperties::builder()
        .set_compression(parquet::basic::Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let mut writer = ArrowWriter::try_new(File::create(&parquet).unwrap(), table.schema(), Some(properties)).unwrap();
    writer.write(&table).unwrap();
    writer.close().unwrap();

    println!("{rows} points, {} cores\n", std::thread::available_parallelism().map_or(0, usize::from));
    println!("| what | workers | seconds | processor s | million rows/s | million rows/s of processor time |");
    println!("|---|---|---|---|---|---|");
    for list in [
        "status,da,clsc_code",
        "status,reason,da,clsc_code,clsc_name,rls_code,rts_code,rss_code,rss_name",
        "status,clsc_code,border_m",
    ] {
        let options = Options { columns: Column::parse_list(list).unwrap(), ..Options::default() };
        for &workers in &workers {
            report(&format!("Arrow in memory: {list}"), rows, workers, || {
                let attacher = Attacher::open(&editions, &table.schema(), &options, false, &|_| None).unwrap();
                let mut count = 0;
                attacher
                    .run(std::iter::once(Ok(table.clone())), workers, |batch| {
                        count += batch.num_rows();
                        Ok(())
                    })
                    .unwrap();
                assert_eq!(count, rows);
            });
            report(&format!("Parquet to Parquet: {list}"), rows, workers, || {
                let output = folder.path().join("out.parquet");
                let asked = Conversion {
                    input: &parquet,
                    from: FileKind::Parquet,
                    sheet: None,
                    to: OutputKind::Parquet,
                    output: Some(&output),
                    review: None,
                    options: &options,
                    find_projector: &|_| None,
                    workers,
                };
                convert(&editions, &asked, &mut io::sink(), &mut |_| {}, &mut |_, _| {}).unwrap();
                std::fs::remove_file(&output).unwrap();
            });
            report(&format!("CSV to CSV: {list}"), rows, workers, || {
                let null = OpenOptions::new().write(true).open("/dev/null").unwrap();
                with_source(Some(&csv), |_, reader| {
                    Job::open(&editions, reader, &options)?.run(workers, &mut Null(null))
                })
                .unwrap();
            });
        }
    }
}
