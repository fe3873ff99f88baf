//! What the model promises, held against the whole model.

mod coverage;
mod territories;

use std::sync::OnceLock;

use super::{DemoModel, model};

/// The model, made once for all tests.
fn shared() -> &'static DemoModel {
    static MODEL: OnceLock<DemoModel> = OnceLock::new();
    MODEL.get_or_init(model)
}

#[test]
fn the_model_is_the_same_every_time() {
    assert!(*shared() == model());
}

/// Rings in whole steps of 1e-7 degree, in the order of units.
fn rings() -> &'static [Vec<[i64; 2]>] {
    static RINGS: OnceLock<Vec<Vec<[i64; 2]>>> = OnceLock::new();
    RINGS.get_or_init(|| {
        let steps = |value: f64| {
            let whole = (value * 1e7).round();
            assert!((whole / 1e7).to_bits() == value.to_bits(), "{value} is no multiple of 1e-7");
            whole as i64
        };
        let rings: Vec<Vec<[i64; 2]>> = shared()
            .units
            .rings()
            .enumerate()
            .map(|(place, (unit, ring))| {
                assert_eq!(place, unit as usize, "one ring a unit");
                ring.iter().map(|point| point.map(steps)).collect()
            })
            .collect();
        assert_eq!(rings.len(), shared().units.ids.len());
        rings
    })
}

/// Edges of every ring with their unit.
fn edges() -> impl Iterator<Item = (usize, [i64; 2], [i64; 2])> {
    rings().iter().enumerate().flat_map(|(unit, ring)| {
        let ends = ring.iter().copied().cycle().skip(1);
        ring.iter().copied().zip(ends).map(move |(start, end)| (unit, start, end))
    })
}

/// Twice the area inside a ring, in square steps.
fn twice_area(ring: &[[i64; 2]]) -> i128 {
    let ends = ring.iter().cycle().skip(1);
    let cross = |a: &[i64; 2], b: &[i64; 2]| i128::from(a[0]) * i128::from(b[1]) - i128::from(b[0]) * i128::from(a[1]);
    ring.iter().zip(ends).map(|(a, b)| cross(a, b)).sum()
}
