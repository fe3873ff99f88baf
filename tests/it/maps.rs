//! Maps made up for tests: seeded, with shared wavy limits, islands and very different sizes of unit.

use rattache::domain::Severity;
use rattache::geometry::{Coverage, CoverageOptions, ProjectionError, Projector, UnitPolygons};

/// A small generator (splitmix64), so that a seed always makes the same map.
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

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// Coordinates that are degrees already.
pub struct Degrees;

impl Projector for Degrees {
    fn to_lon_lat(&self, _: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

/// A grid of `side` by `side` cells from a corner, `step` degrees wide, with corners moved at random and limits that are
/// wavy lines of `1 << depth` edges (with a `wave` above 0.1 they cross one another here and there); in every seventh cell stands an island of another unit.
pub fn wavy_grid(seed: u64, corner: [f64; 2], side: usize, step: f64, depth: u32, wave: f64) -> UnitPolygons {
    let mut random = Seeded(seed);
    let nodes: Vec<[f64; 2]> = (0..(side + 1) * (side + 1))
        .map(|node| {
            let (column, row) = (node % (side + 1), node / (side + 1));
            [
                corner[0] + (column as f64 + random.between(-0.2, 0.2)) * step,
                corner[1] + (row as f64 + random.between(-0.2, 0.2)) * step,
            ]
        })
        .collect();
    let wavy = |from: usize, to: usize| {
        let mut random = Seeded(seed ^ ((from.min(to) as u64) << 32 | from.max(to) as u64));
        let mut line = vec![nodes[from.min(to)], nodes[from.max(to)]];
        for level in 0..depth {
            let mut finer = Vec::with_capacity(line.len() * 2);
            for pair in line.windows(2) {
                let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
                let off = random.between(-wave, wave) * 0.7_f64.powi(level as i32);
                finer.push(pair[0]);
                finer.push([f64::midpoint(ax, bx) - (by - ay) * off, f64::midpoint(ay, by) + (bx - ax) * off]);
            }
            finer.push(line[line.len() - 1]);
            line = finer;
        }
        if from > to {
            line.reverse();
        }
        line
    };
    let mut polygons = UnitPolygons::default();
    for cell in 0..side * side {
        let (column, row) = (cell % side, cell / side);
        let south_west = row * (side + 1) + column;
        let around = [south_west, south_west + 1, south_west + side + 2, south_west + side + 1];
        let ring: Vec<[f64; 2]> = (0..4)
            .flat_map(|edge| {
                let mut line = wavy(around[edge], around[(edge + 1) % 4]);
                line.pop();
                line
            })
            .collect();
        let unit = polygons.push_unit(format!("{cell:08}"));
        polygons.push_ring(unit, ring);
        if cell % 7 == 0 {
            let center = [0, 1].map(|axis| around.iter().map(|&node| nodes[node][axis]).sum::<f64>() / 4.0);
            let island: Vec<[f64; 2]> = (0..24)
                .map(|place| {
                    let angle = f64::from(place) / 24.0 * std::f64::consts::TAU;
                    let reach = step * random.between(0.05, 0.12);
                    [center[0] + reach * angle.cos(), center[1] + reach * angle.sin()]
                })
                .collect();
            polygons.push_ring(unit, island.clone());
            let inner = polygons.push_unit(format!("9{cell:07}"));
            polygons.push_ring(inner, island);
        }
    }
    polygons
}

/// A coverage of limits that cross one another by less than three metres.
pub fn mended_coverage(polygons: &UnitPolygons) -> Coverage {
    let mut findings = Vec::new();
    let options = CoverageOptions { tolerance_m: 3.0, ..CoverageOptions::default() };
    let coverage = Coverage::build(polygons, &Degrees, options, &mut findings).expect("the map can be mended");
    assert!(findings.iter().any(|finding| finding.severity == Severity::Mended), "the made-up map is not clean");
    assert!(findings.iter().all(|finding| finding.severity != Severity::Error), "{findings:#?}");
    coverage
}

/// A coverage that must come out without any finding.
pub fn clean_coverage(polygons: &UnitPolygons) -> Coverage {
    let mut findings = Vec::new();
    let coverage = Coverage::build(polygons, &Degrees, CoverageOptions::default(), &mut findings)
        .expect("the made-up map is a coverage");
    assert_eq!(findings, [], "the made-up map is clean");
    coverage
}
