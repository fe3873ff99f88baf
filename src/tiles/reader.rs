//! A reader of tiles for tests, by the specification (Mapbox Vector Tile 2.1) and not by the writer beside.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests too")]

use std::collections::BTreeMap;

/// A feature as it stands in a tile.
#[derive(Debug, Default, Clone)]
pub struct Feature {
    /// Its texts by key.
    pub texts: BTreeMap<String, String>,
    /// Its rings, each without a repeated vertex; of a point, that point alone.
    pub rings: Vec<Vec<(i64, i64)>>,
}

/// The features of a layer.
pub fn features(tile: &[u8], layer: &str) -> Vec<Feature> {
    let mut found = Vec::new();
    for (field, _, body) in Fields(tile) {
        assert_eq!(field, 3, "a tile has layers and nothing else");
        let all: Vec<(u64, u64, &[u8])> = Fields(body).collect();
        let texts = |wanted: u64| all.iter().filter(move |known| known.0 == wanted).map(|known| known.2);
        let version = all.iter().find(|known| known.0 == 15).map(|known| known.1);
        assert_eq!(version, Some(2));
        if texts(1).next().unwrap() != layer.as_bytes() {
            continue;
        }
        let keys: Vec<String> = texts(3).map(|text| String::from_utf8(text.to_vec()).unwrap()).collect();
        let values: Vec<String> =
            texts(4).map(|value| String::from_utf8(Fields(value).next().unwrap().2.to_vec()).unwrap()).collect();
        found.extend(texts(2).map(|feature| read(feature, &keys, &values)));
    }
    found
}

fn read(bytes: &[u8], keys: &[String], values: &[String]) -> Feature {
    let mut feature = Feature::default();
    for (field, _, body) in Fields(bytes) {
        match field {
            2 => {
                for pair in numbers(body).chunks(2) {
                    feature.texts.insert(keys[pair[0] as usize].clone(), values[pair[1] as usize].clone());
                }
            }
            4 => feature.rings = rings(&numbers(body)),
            _ => {}
        }
    }
    feature
}

fn rings(commands: &[u64]) -> Vec<Vec<(i64, i64)>> {
    let mut rings: Vec<Vec<(i64, i64)>> = Vec::new();
    let (mut at, mut position) = (0, (0, 0));
    while at < commands.len() {
        let (command, count) = (commands[at] & 7, commands[at] >> 3);
        at += 1;
        if command == 7 {
            continue;
        }
        for _ in 0..count {
            let step = |value: u64| (value >> 1) as i64 ^ -((value & 1) as i64);
            position = (position.0 + step(commands[at]), position.1 + step(commands[at + 1]));
            at += 2;
            if command == 1 {
                rings.push(Vec::new());
            }
            rings.last_mut().unwrap().push(position);
        }
    }
    rings
}

fn numbers(mut bytes: &[u8]) -> Vec<u64> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        all.push(number(&mut bytes));
    }
    all
}

fn number(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (&byte, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte < 0x80 {
            return value;
        }
    }
}

/// The fields of a message: number, value and bytes.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let tag = number(&mut self.0);
        let value = number(&mut self.0);
        match tag & 7 {
            0 => Some((tag >> 3, value, &[])),
            2 => {
                let (body, rest) = self.0.split_at(value as usize);
                self.0 = rest;
                Some((tag >> 3, value, body))
            }
            other => panic!("a field written as {other}"),
        }
    }
}
