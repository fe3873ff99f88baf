//! Readers against files altered at random: `scripts/fuzz [SECONDS [SEED]]`, which runs this with so much memory and no more.
//!
//! Each target takes a few small whole files, alters them (bytes, spans, numbers of another size, parts of one in another) and
//! reads the outcome to its end. A reader may refuse; it may not panic, hang or take more memory than it is given. What breaks one
//! is written to `target/fuzz/TARGET-SEED` and the run ends with 1. The same seed makes the same files.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, missing_docs)]

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rattache::address::parse;
use rattache::atlas::Atlas;
use rattache::batch::{Checkpoint, Format, Job, Options, Sink};
use rattache::catalogue::{Catalogue, EditionSet};
use rattache::domain::EditionChoice;
use rattache::import::{PolygonOptions, read_units};
use rattache::revision::Revision;
use rattache::series;
use rattache::tables::{ReadOptions, Table};

/// Longest time for one reading.
const LONGEST: Duration = Duration::from_secs(10);

/// Numbers from a seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// Alters a file in one to eight places.
fn altered(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(8) {
        if bytes.is_empty() {
            bytes.push(random.next() as u8);
        }
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(64)).min(bytes.len());
        match random.below(9) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next() as u8,
            2 => bytes[at] = [0, 0xFF, 0x7F, 0x80, b'"', b',', b'\n', b'0'][random.below(8)],
            3 => drop(bytes.drain(at..end)),
            4 => {
                let span = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, span);
            }
            5 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                let to = (from + random.below(256)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            6 => {
                let number = [u32::MAX, i32::MAX as u32, 0, 1 << 24, random.next() as u32][random.below(5)];
                let number = if random.below(2) == 0 { number.to_le_bytes() } else { number.to_be_bytes() };
                for (place, byte) in bytes[at..].iter_mut().zip(number) {
                    *place = byte;
                }
            }
            7 => bytes.truncate(at),
            _ => {
                let many = bytes[at..end].repeat(1 + random.below(40));
                bytes.splice(at..end, many);
            }
        }
    }
    bytes
}

struct Nowhere;

impl Sink for Nowhere {
    fn write(&mut self, _bytes: &[u8], _done: &Checkpoint) -> io::Result<()> {
        Ok(())
    }
}

/// Reads bytes; what comes of it does not matter, but that it ends.
type Read<'a> = Box<dyn Fn(&[u8]) + 'a>;

struct Target<'a> {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    read: Read<'a>,
}

fn tables() -> Vec<Vec<u8>> {
    let text = |text: &str| text.as_bytes().to_vec();
    let mut all = vec![
        text("annee;code;valeur\n2018;06324;1 234,5\n2024;06324;131\n"),
        text("lat,lon,adresse\n45.5,-73.6,\"12, rue A\"\n,,\n"),
        text("sep=;\n\nTitre\nADIDU;CLSC;POP\n24660001;06111;500\n"),
        "\u{feff}DAUID\tCLSC\n24660001\t06111\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        b"ville,code\nMontr\xe9al,H2X 2S5\n".to_vec(),
    ];
    for name in ["data/examples/patients.csv", "data/examples/serie.csv", "data/examples/patients.xlsx"] {
        all.extend(std::fs::read(name).ok().filter(|bytes| bytes.len() < 200_000));
    }
    all
}

fn polygons() -> Vec<Vec<u8>> {
    let square = |x: f64, id: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"DAUID\":\"{id}\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{x},45],[{},45],[{},46],[{x},46],[{x},45]]]}}}}",
            x + 1.0,
            x + 1.0
        )
    };
    let all = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{},{}]}}",
        square(-74.0, "24660001"),
        square(-73.0, "24660002")
    );
    vec![all.into_bytes()]
}

fn main() -> ExitCode {
    let arguments: Vec<u64> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let seconds = arguments.first().copied().unwrap_or(60);
    let seed = arguments.get(1).copied().unwrap_or(1);
    let folder = std::env::temp_dir().join(format!("rattache-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let atlas = rattache::cli::open(None, rattache::domain::Language::English).unwrap();
    let catalogue = Catalogue::new(atlas);
    let editions = EditionSet::from(catalogue.choose(&EditionChoice::Latest).unwrap());
    let file = |bytes: &[u8], ending: &str| {
        let path = folder.join(format!("a.{ending}"));
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let read_batch = |bytes: &[u8], format: Format| {
        let options = Options { format, ..Options::default() };
        if let Ok(job) = Job::open(&editions, io::Cursor::new(bytes.to_vec()), &options) {
            drop(job.run(1, &mut Nowhere));
        }
    };
    let revision = std::fs::read("data/examples/revision.toml").unwrap();
    let addresses =
        ["102-118 boul. Saint-Laurent O., app. 3, Montréal (Québec) H2X 2S5", "1234 1/2 R.R. 2, C.P. 45, 3e Rang N"];
    let targets = [
        Target {
            name: "table",
            seeds: tables(),
            read: Box::new(|bytes| drop(Table::of_bytes(bytes.to_vec(), Path::new("a.csv"), &ReadOptions::default()))),
        },
        Target {
            name: "series",
            seeds: tables(),
            read: Box::new(|bytes| drop(series::Table::read(bytes, "a.csv", &series::TableOptions::default()))),
        },
        Target { name: "batch", seeds: tables(), read: Box::new(|bytes| read_batch(bytes, Format::Delimited)) },
        Target {
            name: "ndjson",
            seeds: vec![b"{\"lat\":45.5,\"lon\":-73.6,\"adresse\":\"12 rue A\"}\n{\"lat\":\"x\"}\n".to_vec()],
            read: Box::new(|bytes| read_batch(bytes, Format::Ndjson)),
        },
        Target {
            name: "polygons",
            seeds: polygons(),
            read: Box::new(|bytes| drop(read_units(&file(bytes, "geojson"), PolygonOptions::default()))),
        },
        Target {
            name: "revision",
            seeds: vec![revision],
            read: Box::new(|bytes| {
                if let Ok(text) = std::str::from_utf8(bytes) {
                    drop(Revision::from_toml(text));
                }
            }),
        },
        Target {
            name: "address",
            seeds: addresses.map(|text| text.as_bytes().to_vec()).to_vec(),
            read: Box::new(|bytes| {
                let parsed = parse(&String::from_utf8_lossy(bytes));
                if let Some(gazetteer) = editions.atlas().gazetteer() {
                    let _ = gazetteer.find_address(&parsed);
                }
            }),
        },
        Target {
            name: "atlas",
            seeds: vec![editions.atlas().bytes()[..1 << 16].to_vec()],
            read: Box::new(|bytes| drop(Atlas::open(&file(bytes, "atlas")))),
        },
    ];
    let mut failed = false;
    for target in &targets {
        let started = Instant::now();
        let (mut count, mut longest) = (0_u64, Duration::ZERO);
        while started.elapsed() < Duration::from_secs(seconds) {
            let number = seed.wrapping_mul(1_000_003).wrapping_add(count);
            let bytes = altered(&target.seeds, &mut Random(number));
            let begun = Instant::now();
            let sound = catch_unwind(AssertUnwindSafe(|| (target.read)(&bytes))).is_ok();
            let time = begun.elapsed();
            longest = longest.max(time);
            count += 1;
            if !sound || time > LONGEST {
                std::fs::create_dir_all("target/fuzz").unwrap();
                let kept = format!("target/fuzz/{}-{number}", target.name);
                std::fs::write(&kept, &bytes).unwrap();
                println!("{}: {} on {kept}", target.name, if sound { "too slow" } else { "panic" });
                failed = true;
                break;
            }
        }
        println!("{:<9} {count:>9} files, {:>8.1?} the longest", target.name, longest);
    }
    std::fs::remove_dir_all(&folder).ok();
    ExitCode::from(u8::from(failed))
}
