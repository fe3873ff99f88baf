//! That neighbours never part, at any zoom, on a map that winds; and that a tile is cut as it should be.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::reader::{Feature, features};
use super::{EXTENT, LABELS, MOST_ZOOM, Mercator, Named, Shapes, TERRITORIES, TileId};
use crate::geometry::{Coverage, FixedPoint, Side};

/// Squares of a quarter of a degree whose limits wind.
fn winding() -> Coverage {
    winding_by(0.25)
}

/// Squares of some degrees whose limits wind, 8 by 8, from 74° W, 45° N; arcs in either direction, and an island in the middle
/// of each square.
fn winding_by(degrees: f64) -> Coverage {
    const SIDE: u32 = 8;
    let at = |x: f64, y: f64| FixedPoint::from_degrees(-74.0 + x * degrees, 45.0 + y * degrees).unwrap();
    let mut coverage = Coverage { starts: vec![0], unit_count: 2 * (SIDE * SIDE) as usize, ..Coverage::default() };
    let mut add = |points: Vec<FixedPoint>, sides: [Side; 2], turned: bool| {
        let (points, sides) =
            if turned { (points.into_iter().rev().collect(), [sides[1], sides[0]]) } else { (points, sides) };
        coverage.vertices.extend(points);
        coverage.starts.push(coverage.vertices.len() as u32);
        coverage.sides.push(sides);
    };
    let side = |x: i64, y: i64| {
        let inside = (0..i64::from(SIDE)).contains(&x) && (0..i64::from(SIDE)).contains(&y);
        if inside { (y * i64::from(SIDE) + x + 1) as Side } else { 0 }
    };
    let wave = |t: f64| 0.1 * (t * 40.0).sin() * (t * std::f64::consts::PI).sin();
    for y in 0..=i64::from(SIDE) {
        for x in 0..=i64::from(SIDE) {
            let (fx, fy) = (x as f64, y as f64);
            let steps = (0..=200).map(|step| f64::from(step) / 200.0);
            if x < i64::from(SIDE) {
                let points = steps.clone().map(|t| at(fx + t, fy + wave(t))).collect();
                add(points, [side(x, y), side(x, y - 1)], (x + y) % 2 == 0);
            }
            if y < i64::from(SIDE) {
                let points = steps.map(|t| at(fx + wave(t), fy + t)).collect();
                add(points, [side(x - 1, y), side(x, y)], (x + y) % 3 == 0);
            }
            if x < i64::from(SIDE) && y < i64::from(SIDE) {
                let turn = (0..=60).map(|step| f64::from(step % 60) / 60.0 * std::f64::consts::TAU);
                let ring = turn.map(|a| at(fx + 0.5 + 0.2 * a.cos(), fy + 0.5 + 0.2 * a.sin())).collect();
                let own = side(x, y);
                add(ring, [own + SIDE * SIDE, own], x % 2 == 0);
            }
        }
    }
    coverage
}

fn shapes_of(coverage: &Coverage, owner: impl Fn(Side) -> Option<usize>, count: usize) -> Shapes {
    let named = (0..count).map(|place| Named {
        code: format!("{place:05}"),
        name: format!("Territoire {place}"),
        label: FixedPoint::from_degrees(-73.0, 46.0),
    });
    let mercator = Arc::new(Mercator::new(coverage.view()));
    Shapes::new(coverage.view(), mercator, named.collect(), owner)
}

/// From where to where.
type Edge = ((i64, i64), (i64, i64));

/// The directed edges of all rings that lie inside a tile, with how often each stands there.
fn edges(bytes: &[u8]) -> BTreeMap<Edge, usize> {
    let mut found = BTreeMap::new();
    for feature in features(bytes, TERRITORIES) {
        for ring in &feature.rings {
            for (at, &a) in ring.iter().enumerate() {
                let b = ring[(at + 1) % ring.len()];
                let inside =
                    |(x, y): (i64, i64)| (0..=i64::from(EXTENT)).contains(&x) && (0..=i64::from(EXTENT)).contains(&y);
                if inside(a) && inside(b) && a != b {
                    *found.entry((a, b)).or_default() += 1;
                }
            }
        }
    }
    found
}

/// The tile that shows a place.
fn tile_at(z: u8, lon: f64, lat: f64) -> TileId {
    let [x, y] = super::mercator::project(FixedPoint::from_degrees(lon, lat).unwrap());
    TileId::new(z, x >> (31 - z), y >> (31 - z)).unwrap()
}

#[test]
fn at_every_zoom_an_edge_in_a_tile_is_of_two_neighbours_and_the_very_same_for_both() {
    // In the middle of a map, where nothing of its outside is in the tile: small squares seen from near, great ones from afar.
    for (degrees, zooms) in [(0.25, 10..=MOST_ZOOM), (2.0, 7..=9)] {
        let coverage = winding_by(degrees);
        let units = shapes_of(&coverage, |side| (side as usize).checked_sub(1), 128);
        // Four territories of two columns of squares each, islands with what surrounds them.
        let owner = |side: Side| (side as usize).checked_sub(1).map(|unit| (unit % 64 % 8) / 2);
        let territories = shapes_of(&coverage, owner, 4);
        for z in zooms {
            for (shapes, what) in [(&units, "units"), (&territories, "territories")] {
                let mut seen = 0;
                for (x, y) in [(3.0, 3.0), (4.0, 4.0), (2.96, 2.96), (4.04, 3.8)] {
                    let edges = edges(&shapes.tile(tile_at(z, -74.0 + x * degrees, 45.0 + y * degrees)));
                    seen += edges.len();
                    for (&(a, b), &count) in &edges {
                        let other = edges.get(&(b, a));
                        assert_eq!(other, Some(&count), "{what}, zoom {z}: {a:?} to {b:?} has no other side");
                    }
                }
                assert!(seen > 8, "{what}, zoom {z}: {seen} edges prove nothing");
            }
        }
    }
}

#[test]
fn a_limit_is_thinned_out_the_more_the_farther_one_looks_from() {
    let shapes = shapes_of(&winding(), |side| (side as usize).checked_sub(1), 128);
    let vertices =
        |z: u8| (0..shapes.at(z).chain_count() as u32).map(|chain| shapes.at(z).chain(chain).len()).sum::<usize>();
    let counts: Vec<usize> = (0..=MOST_ZOOM).map(vertices).collect();
    assert!(counts.is_sorted(), "{counts:?}");
    assert!(counts[3] * 20 < counts[14], "{counts:?}");
}

#[test]
fn a_territory_of_many_arcs_is_limited_by_few_chains() {
    let coverage = winding();
    let owner = |side: Side| (side as usize).checked_sub(1).map(|unit| (unit % 64 % 8) / 2);
    let shapes = shapes_of(&coverage, owner, 4);
    // Three limits between four territories; the outside of the first and the last is one limit, of the others two, north and south.
    assert_eq!(shapes.at(0).chain_count(), 3 + 2 + 2 * 2);
    assert!(shapes.territories.iter().all(|shape| shape.polygons.len() == 1 && shape.polygons[0].len() == 1));
}

#[test]
fn a_tile_inside_one_territory_is_all_of_it_and_one_inside_a_hole_has_what_is_in_the_hole_only() {
    let coverage = winding();
    let shapes = shapes_of(&coverage, |side| (side as usize).checked_sub(1), 128);
    let codes = |lon, lat| {
        let bytes = shapes.tile(tile_at(14, lon, lat));
        features(&bytes, TERRITORIES)
            .into_iter()
            .map(|feature: Feature| feature.texts["code"].clone())
            .collect::<Vec<_>>()
    };
    // The square in the third column and row is number 18; its island, in its middle, 64 more.
    assert_eq!(codes(-74.0 + 2.2 / 4.0, 45.0 + 2.2 / 4.0), ["00018"]);
    assert_eq!(codes(-74.0 + 2.5 / 4.0, 45.0 + 2.5 / 4.0), ["00082"]);
    assert!(shapes.tile(tile_at(14, -70.0, 50.0)).is_empty());
}

#[test]
fn a_name_stands_at_one_place_in_one_tile() {
    let shapes = shapes_of(&winding(), |side| (side as usize).checked_sub(1).map(|_| 0), 1);
    let home = tile_at(9, -73.0, 46.0);
    let mut labels = 0;
    for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let found = features(&shapes.tile(TileId::new(9, home.x + x, home.y + y).unwrap()), LABELS);
        assert!(found.iter().all(|label| label.texts["name"] == "Territoire 0"));
        labels += found.len();
    }
    assert_eq!(labels, 1);
}

#[test]
fn there_is_no_tile_beyond_the_world_or_the_most_detailed_zoom() {
    assert!(TileId::new(3, 7, 7).is_some());
    assert!(TileId::new(3, 8, 0).is_none() && TileId::new(15, 0, 0).is_none() && TileId::new(200, 0, 0).is_none());
}

#[test]
fn shells_turn_clockwise_on_the_map_and_holes_the_other_way() {
    let shapes = shapes_of(&winding(), |side| (side as usize).checked_sub(1), 128);
    let mut holes = 0;
    for feature in features(&shapes.tile(tile_at(9, -73.0, 46.0)), TERRITORIES) {
        let turn = |ring: &[(i64, i64)]| {
            let edges = ring.iter().zip(ring.iter().cycle().skip(1));
            edges.map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<i64>()
        };
        assert!(turn(&feature.rings[0]) > 0);
        holes += feature.rings[1..].iter().filter(|ring| turn(ring) < 0).count();
    }
    assert!(holes > 4, "{holes}");
}
