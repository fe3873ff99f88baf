//! The bytes of a tile (Mapbox Vector Tile 2.1), in the few forms that are needed here: polygons and points with texts.
//!
//! The format is a message of Protocol Buffers: fields, each a tag and a number, or a tag, a length and so many bytes.

use std::collections::HashMap;

use super::simplify::Point;
use super::tile::EXTENT;

/// Fields of the messages, as the specification numbers them, with how each is written.
mod field {
    /// A number.
    const NUMBER: u64 = 0;
    /// So many bytes.
    const BYTES: u64 = 2;
    pub const TILE_LAYER: u64 = (3 << 3) | BYTES;
    pub const LAYER_NAME: u64 = (1 << 3) | BYTES;
    pub const LAYER_FEATURE: u64 = (2 << 3) | BYTES;
    pub const LAYER_KEY: u64 = (3 << 3) | BYTES;
    pub const LAYER_VALUE: u64 = (4 << 3) | BYTES;
    pub const LAYER_EXTENT: u64 = (5 << 3) | NUMBER;
    pub const LAYER_VERSION: u64 = (15 << 3) | NUMBER;
    pub const FEATURE_ID: u64 = (1 << 3) | NUMBER;
    pub const FEATURE_TAGS: u64 = (2 << 3) | BYTES;
    pub const FEATURE_TYPE: u64 = (3 << 3) | NUMBER;
    pub const FEATURE_GEOMETRY: u64 = (4 << 3) | BYTES;
    pub const VALUE_TEXT: u64 = (1 << 3) | BYTES;
}

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 7;

/// What a feature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A point.
    Point = 1,
    /// Polygons.
    Polygon = 3,
}

/// A layer that is being written.
#[derive(Debug)]
pub(super) struct LayerWriter {
    name: &'static str,
    features: Vec<u8>,
    count: usize,
    keys: Vec<&'static str>,
    values: Vec<String>,
    places: HashMap<String, u64>,
}

/// The geometry of one feature: commands, each step from where the one before ended.
#[derive(Debug, Default)]
pub(super) struct Geometry {
    commands: Vec<u8>,
    at: Point,
}

impl Geometry {
    /// Adds a ring, not closed by a repeated vertex. Of shells the inside lies to the right of the way, of holes to the left, y
    /// going south.
    pub fn ring(&mut self, ring: &[Point], is_shell: bool) {
        let Some((&first, rest)) = ring.split_first() else { return };
        self.command(MOVE_TO, 1);
        self.step(first);
        self.command(LINE_TO, rest.len() as u64);
        let turned = (doubled_area(ring) > 0) != is_shell;
        for place in 0..rest.len() {
            self.step(rest[if turned { rest.len() - 1 - place } else { place }]);
        }
        self.command(CLOSE_PATH, 1);
    }

    /// Adds a point.
    pub fn point(&mut self, point: Point) {
        self.command(MOVE_TO, 1);
        self.step(point);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    fn command(&mut self, command: u64, count: u64) {
        number(&mut self.commands, command | (count << 3));
    }

    fn step(&mut self, to: Point) {
        for axis in 0..2 {
            let step = i64::from(to[axis]) - i64::from(self.at[axis]);
            // Small numbers of either sign are small.
            number(&mut self.commands, ((step << 1) ^ (step >> 63)) as u64);
        }
        self.at = to;
    }
}

impl LayerWriter {
    pub fn new(name: &'static str) -> Self {
        let (features, keys, values) = (Vec::new(), Vec::new(), Vec::new());
        Self { name, features, count: 0, keys, values, places: HashMap::new() }
    }

    /// Adds a feature with its number and texts by key.
    pub fn feature(&mut self, id: u64, kind: Kind, texts: &[(&'static str, &str)], geometry: &Geometry) {
        let mut tags = Vec::new();
        for &(key, text) in texts {
            let place = self.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
                self.keys.push(key);
                self.keys.len() - 1
            });
            number(&mut tags, place as u64);
            let value = match self.places.get(text) {
                Some(&place) => place,
                None => {
                    let place = self.values.len() as u64;
                    self.places.insert(text.to_owned(), place);
                    self.values.push(text.to_owned());
                    place
                }
            };
            number(&mut tags, value);
        }
        let mut feature = Vec::with_capacity(geometry.commands.len() + 16);
        number(&mut feature, field::FEATURE_ID);
        number(&mut feature, id);
        bytes(&mut feature, field::FEATURE_TAGS, &tags);
        number(&mut feature, field::FEATURE_TYPE);
        number(&mut feature, kind as u64);
        bytes(&mut feature, field::FEATURE_GEOMETRY, &geometry.commands);
        bytes(&mut self.features, field::LAYER_FEATURE, &feature);
        self.count += 1;
    }

    /// Ends the layer and adds it to a tile; one without features is left out.
    pub fn end(self, tile: &mut Vec<u8>) {
        if self.count == 0 {
            return;
        }
        let mut layer = Vec::with_capacity(self.features.len() + 64);
        number(&mut layer, field::LAYER_VERSION);
        number(&mut layer, 2);
        bytes(&mut layer, field::LAYER_NAME, self.name.as_bytes());
        layer.extend_from_slice(&self.features);
        for key in &self.keys {
            bytes(&mut layer, field::LAYER_KEY, key.as_bytes());
        }
        for value in &self.values {
            let mut text = Vec::with_capacity(value.len() + 2);
            bytes(&mut text, field::VALUE_TEXT, value.as_bytes());
            bytes(&mut layer, field::LAYER_VALUE, &text);
        }
        number(&mut layer, field::LAYER_EXTENT);
        number(&mut layer, EXTENT as u64);
        bytes(tile, field::TILE_LAYER, &layer);
    }
}

/// Seven bits a byte, least first; the eighth says that more follow.
fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7F) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    number(out, field);
    number(out, content.len() as u64);
    out.extend_from_slice(content);
}

/// Twice the signed area of a ring, y going south: positive where it turns clockwise on the map.
pub(super) fn doubled_area(ring: &[Point]) -> i64 {
    let Some(&last) = ring.last() else { return 0 };
    let minus = |p: Point| [i64::from(p[0]) - i64::from(last[0]), i64::from(p[1]) - i64::from(last[1])];
    let mut before = last;
    let mut sum = 0;
    for &point in ring {
        let (a, b) = (minus(before), minus(point));
        sum += a[0] * b[1] - b[0] * a[1];
        before = point;
    }
    sum
}
