//! Whole files, in memory and through the program.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests too")]

mod addresses;
mod answers;
mod clerk;
mod columnar;
mod command;
mod dialects;
mod over_http;
mod resume;
mod typed;

use std::io;
use std::sync::OnceLock;

use rattache::atlas::Atlas;
use rattache::batch::{BatchError, Checkpoint, Column, Job, Options, Sink, Tally};

use rattache::catalogue::{Catalogue, EditionSet};
use rattache::domain::EditionChoice;

use crate::http::{atlas_of, demo_bytes};

/// The demo atlas, opened once.
pub fn demo() -> &'static Atlas {
    static ATLAS: OnceLock<Atlas> = OnceLock::new();
    ATLAS.get_or_init(|| atlas_of(demo_bytes()))
}

/// The editions of the demo that answer rows: the newest, or each on its days.
pub fn editions(options: &Options) -> &'static EditionSet {
    static SETS: OnceLock<[EditionSet; 2]> = OnceLock::new();
    let sets = SETS.get_or_init(|| {
        let timetable = Catalogue::new(atlas_of(demo_bytes())).timetable().unwrap();
        [timetable.for_rows(&EditionChoice::Latest).unwrap(), timetable.for_days().unwrap()]
    });
    &sets[usize::from(options.named.as_of.is_some())]
}

/// Keeps what is written, and where each piece ends.
#[derive(Default)]
pub struct Kept {
    pub bytes: Vec<u8>,
    pub steps: Vec<(usize, Checkpoint)>,
}

impl Sink for Kept {
    fn write(&mut self, bytes: &[u8], done: &Checkpoint) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        self.steps.push((self.bytes.len(), done.clone()));
        Ok(())
    }
}

pub fn try_answer(input: &[u8], options: &Options, workers: usize) -> Result<(Vec<u8>, Tally), BatchError> {
    let mut kept = Kept::default();
    let tally = Job::open(editions(options), input, options)?.run(workers, &mut kept)?;
    Ok((kept.bytes, tally))
}

pub fn answer(input: &[u8], options: &Options) -> String {
    String::from_utf8(try_answer(input, options, 1).unwrap().0).unwrap()
}

/// Options with a few added columns.
pub fn columns(list: &str) -> Options {
    Options { columns: Column::parse_list(list).unwrap(), ..Options::default() }
}

/// Numbers from a fixed seed.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        let part = self.below(1 << 30) as f64 / f64::from(1 << 30);
        ((low + part * (high - low)) * 1e6).round() / 1e6
    }

    /// A position all over Québec or around Montréal: latitude and longitude.
    pub fn position(&mut self) -> (f64, f64) {
        if self.below(2) == 0 {
            (self.between(44.0, 63.0), self.between(-81.0, -56.0))
        } else {
            (self.between(45.4, 45.7), self.between(-73.95, -73.45))
        }
    }
}

/// A table of so many rows with quotes, line breaks, blank lines and bad rows.
pub fn mixed_table(rows: usize) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut chance = Chance(9);
    let mut text = String::from("id,note,latitude,longitude,jour\n");
    let days = ["2017-07-01", "2019-02-03", "2030-01-01", "1990-01-01", "hier", ""];
    for id in 0..rows {
        let (lat, lon) = chance.position();
        let day = days[chance.below(days.len())];
        let note =
            ["", "abc", "\"a, b\"", "\"deux\nlignes\"", "\"dit \"\"oui\"\"\"", "5\" de neige", "été"][chance.below(7)];
        match chance.below(60) {
            0 => writeln!(text, "{id},{note},{lat}").unwrap(),
            1 => writeln!(text, "{id},{note},{lat},{lon},{day},de trop").unwrap(),
            2 => writeln!(text, "{id},{note},{lon},{lat},{day}").unwrap(),
            3 => writeln!(text, "{id},{note},n/d,{lon},{day}").unwrap(),
            4 => text.push('\n'),
            _ => writeln!(text, "{id},{note},{lat},{lon},{day}").unwrap(),
        }
    }
    text.into_bytes()
}
