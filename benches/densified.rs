//! The units that benches work on: the model shapefile of `../shared/data` where it is there, with every edge cut into
//! pieces along a wavy line that both neighbours share, to at least four million distinct vertices.

use std::path::{Path, PathBuf};

use rattache::geometry::UnitPolygons;

/// A small generator (splitmix64), so that a seed always makes the same points.
pub struct Seeded(pub u64);

impl Seeded {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A normal deviate.
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().max(1e-300).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// The folder with the shared data, where it is there.
pub fn shared_data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    folder.is_dir().then_some(folder)
}

/// Cuts every edge into `pieces`: the points in between leave the straight line by at most a fortieth of its length, the
/// same way for both neighbours.
pub fn densify(polygons: &UnitPolygons, pieces: u32) -> UnitPolygons {
    let mut dense = UnitPolygons { ids: polygons.ids.clone(), ..UnitPolygons::default() };
    let mut line: Vec<[f64; 2]> = Vec::new();
    for (unit, ring) in polygons.rings() {
        line.clear();
        for pair in ring.windows(2) {
            line.push(pair[0]);
            let turned = pair[1] < pair[0];
            let (a, b) = if turned { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
            let bits = |c: f64, turn: u32| c.to_bits().rotate_left(turn);
            let mut random = Seeded(bits(a[0], 0) ^ bits(a[1], 17) ^ bits(b[0], 31) ^ bits(b[1], 47));
            let wave = (random.unit() - 0.5) / 25.0;
            let start = line.len();
            for piece in 1..pieces {
                let part = f64::from(piece) / f64::from(pieces);
                let off = wave * (part * std::f64::consts::PI).sin() + (random.unit() - 0.5) / 400.0;
                line.push([
                    a[0] + (b[0] - a[0]) * part - (b[1] - a[1]) * off,
                    a[1] + (b[1] - a[1]) * part + (b[0] - a[0]) * off,
                ]);
            }
            if turned {
                line[start..].reverse();
            }
        }
        line.extend(ring.last().copied());
        dense.push_ring(unit, line.iter().copied());
    }
    dense
}
