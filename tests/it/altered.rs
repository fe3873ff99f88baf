//! Atlases that somebody altered and gave a right checksum: refused, or walked to an end; never a hang, never a panic.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests too")]

use std::sync::mpsc;
use std::time::Duration;

use rattache::atlas::format::{ALL, Entry, Tag, read_table, tag};
use rattache::atlas::{Atlas, AtlasError, Bytes};
use rattache::domain::{EditionChoice, LonLat};
use rattache::geometry::FixedPoint;
use rattache::resolve::Resolver;

use super::catalogue::atlas;
use super::maps::Seeded;

/// Where the header keeps the checksum, and where what it is of begins.
const CHECKSUM: usize = 24;
const HEADER: usize = 64;

fn sound() -> Vec<u8> {
    atlas(&["2017-07-01".parse().unwrap(), "2022-04-01".parse().unwrap()]).bytes().to_vec()
}

/// Bytes with a right checksum, opened; then asked in every way there is, which must end.
fn open_and_ask(mut bytes: Vec<u8>) -> Result<(), AtlasError> {
    let checksum = xxhash_rust::xxh3::xxh3_64(&bytes[HEADER..]);
    bytes[CHECKSUM..CHECKSUM + 8].copy_from_slice(&checksum.to_le_bytes());
    let mut words = vec![0_u64; bytes.len().div_ceil(8)];
    bytemuck::cast_slice_mut::<u64, u8>(&mut words)[..bytes.len()].copy_from_slice(&bytes);
    let (ended, waits) = mpsc::channel();
    std::thread::spawn(move || {
        let opened = Atlas::from_bytes(Bytes::owned(words, bytes.len()));
        ended.send(opened.map(|atlas| ask(&atlas))).ok();
    });
    waits.recv_timeout(Duration::from_secs(60)).expect("it neither hangs nor panics")
}

fn ask(atlas: &Atlas) {
    let mut random = Seeded(3);
    let near = |low: f64, high: f64, random: &mut Seeded| random.between(low, high);
    let points: Vec<FixedPoint> = (0..600)
        .map(|_| {
            let (lon, lat) = (near(-73.7, -73.4, &mut random), near(45.95, 46.15, &mut random));
            FixedPoint::from_degrees(lon, lat).unwrap()
        })
        .collect();
    let index = atlas.index();
    let mut many = vec![0; points.len()];
    index.locate_all(&points, &mut many);
    for (&p, &side) in points.iter().zip(&many) {
        assert_eq!(index.locate(p), side);
        assert!(side as usize <= atlas.unit_count());
    }
    for edition in atlas.editions() {
        let resolver = Resolver::new(atlas, &EditionChoice::Id(edition.header.id.clone())).unwrap();
        for p in points.iter().take(60) {
            resolver.resolve(LonLat::new(p.lon(), p.lat()).unwrap(), Some(500.0)).unwrap();
        }
    }
}

fn section(bytes: &[u8], wanted: Tag) -> std::ops::Range<usize> {
    let find = |entry: &&Entry| entry.tag == wanted && (entry.edition == ALL || entry.edition == 0);
    let table = read_table(bytes).unwrap();
    let entry = table.iter().find(find).unwrap();
    entry.start as usize..(entry.start + entry.length) as usize
}

#[test]
fn a_sound_atlas_is_opened_and_answers() {
    open_and_ask(sound()).unwrap();
}

#[test]
fn an_index_that_leads_in_circles_is_refused() {
    let bytes = sound();
    for (wanted, word) in [(tag::ROOTS, 41_u32), (tag::NODES, 41), (tag::NEAR_WORDS, 1), (tag::NEAR_WORDS, u32::MAX)] {
        let mut altered = bytes.clone();
        let part = section(&bytes, wanted);
        let words = altered[part.clone()].chunks_exact_mut(4);
        words.for_each(|four| four.copy_from_slice(&word.to_le_bytes()));
        if part.is_empty() {
            continue;
        }
        let refused = open_and_ask(altered).unwrap_err();
        assert!(matches!(refused, AtlasError::BadSection { .. }), "{wanted:?}: {refused}");
    }
}

#[test]
fn whatever_words_are_altered_the_atlas_is_refused_or_every_question_ends() {
    let bytes = sound();
    let places: Vec<Tag> = vec![
        tag::ROOTS,
        tag::NODES,
        tag::LEAVES,
        tag::COARSE,
        tag::ARC_STARTS,
        tag::ARC_SIDES,
        tag::UNIT_ORDER,
        tag::UNIT_ENDS,
        tag::ATTACHMENT,
        tag::LIMIT_EDGES,
        tag::NEAR_WORDS,
        tag::NEAR_LISTS,
        tag::UNIT_CLEARANCE,
        tag::CELL_CLEARANCE,
        tag::GRID,
    ];
    let mut random = Seeded(11);
    let (mut refused, mut walked) = (0, 0);
    for wanted in places {
        let part = section(&bytes, wanted);
        if part.len() < 4 {
            continue;
        }
        for _ in 0..12 {
            let mut altered = bytes.clone();
            for _ in 0..=random.below(4) {
                let at = part.start + random.below(part.len() / 4) * 4;
                let was = u32::from_le_bytes(altered[at..at + 4].try_into().unwrap());
                let word = match random.below(4) {
                    0 => random.next() as u32,
                    1 => was ^ 1 << random.below(32),
                    2 => was.wrapping_add(random.below(9) as u32).wrapping_sub(4),
                    _ => u32::MAX,
                };
                altered[at..at + 4].copy_from_slice(&word.to_le_bytes());
            }
            match open_and_ask(altered) {
                Ok(()) => walked += 1,
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 60 && walked > 0, "refused {refused}, walked {walked}");
}
