//! The point index against a full scan, and the nearest limit against all of them.

use rattache::geometry::ellipsoid::{LocalScale, distance_m};
use rattache::geometry::{Coverage, FixedBox, FixedPoint};
use rattache::lookup::{Limits, PointIndex};

use crate::maps::{Seeded, clean_coverage, mended_coverage, wavy_grid};
use crate::oracle::Oracle;

/// Vertices, their neighbours one unit away, edge middles, points near edges, and points anywhere.
fn hard_points(coverage: &Coverage, count: usize, seed: u64) -> Vec<FixedPoint> {
    let mut random = Seeded(seed);
    let all = FixedBox::around(&coverage.vertices);
    let moved = |c: u32, by: i64| (i64::from(c) + by) as u32;
    (0..count)
        .map(|place| {
            let at = random.below(coverage.vertices.len() - 1);
            let (a, b) = (coverage.vertices[at], coverage.vertices[at + 1]);
            let mut jitter = |reach: i64| random.below(2 * reach as usize + 1) as i64 - reach;
            match place % 6 {
                0 => a,
                1 => FixedPoint { x: moved(a.x, jitter(1)), y: moved(a.y, jitter(1)) },
                2 => FixedPoint { x: a.x / 2 + b.x / 2, y: a.y / 2 + b.y / 2 },
                3 => FixedPoint { x: moved(a.x, jitter(20_000)), y: moved(a.y, jitter(20_000)) },
                4 => FixedPoint { x: a.x, y: moved(a.y, jitter(3_000_000)) },
                _ => FixedPoint {
                    x: (i64::from(all.x0) + jitter(i64::from(all.x1 - all.x0)).abs()) as u32,
                    y: (i64::from(all.y0) + jitter(i64::from(all.y1 - all.y0)).abs()) as u32,
                },
            }
        })
        .collect()
}

fn maps() -> Vec<(&'static str, Coverage)> {
    vec![
        ("city blocks of 80 m drawn every 30 cm", clean_coverage(&wavy_grid(1, [-73.6, 45.5], 12, 0.001, 8, 0.06))),
        ("units of 1 km drawn every 8 m", clean_coverage(&wavy_grid(2, [-71.3, 46.8], 9, 0.013, 7, 0.06))),
        ("units of 300 km drawn every 5 km", clean_coverage(&wavy_grid(3, [-78.0, 50.0], 3, 3.0, 6, 0.06))),
        ("units of 4 m, smaller than the band", clean_coverage(&wavy_grid(4, [-73.6, 45.5], 15, 0.000_05, 3, 0.06))),
        ("limits that cross one another", mended_coverage(&wavy_grid(5, [-73.6, 45.5], 12, 0.001, 8, 0.27))),
    ]
}

#[test]
fn the_index_gives_every_point_the_owner_that_a_full_scan_gives() {
    for (name, coverage) in maps() {
        let index = PointIndex::build(coverage.view()).unwrap();
        let view = index.view(coverage.view()).unwrap();
        let oracle = Oracle::new(coverage.view());
        let points = hard_points(&coverage, 60_000, 11);
        let mut all = vec![0; points.len()];
        view.locate_all(&points, &mut all);
        for (&p, &batched) in points.iter().zip(&all) {
            let expected = oracle.locate(p);
            assert_eq!(view.locate(p), expected, "{name}: {p:?}");
            assert_eq!(batched, expected, "{name}: {p:?} in a batch");
            assert!(expected as usize <= coverage.unit_count, "{name}: {p:?} has an owner that is no unit");
        }
    }
}

#[test]
fn a_batch_may_be_within_the_band_of_many_limits_as_a_whole() {
    for (name, coverage) in maps() {
        let index = PointIndex::build(coverage.view()).unwrap();
        let view = index.view(coverage.view()).unwrap();
        for vertex in hard_points(&coverage, 120, 31).into_iter().step_by(6) {
            let (points, mut sides) = ([vertex; 300], [0; 300]);
            view.locate_all(&points, &mut sides);
            assert_eq!(sides, [view.locate(vertex); 300], "{name}: {vertex:?}");
        }
    }
}

#[test]
fn every_coarse_edge_keeps_its_exact_edges_within_the_band() {
    for (name, coverage) in maps() {
        let coarse = rattache::lookup::coarse::simplify(coverage.view());
        assert_eq!(
            coarse.iter().map(|edge| edge.edges as usize).sum::<usize>(),
            coverage.vertices.len() - coverage.sides.len(),
            "{name}: every exact edge is behind one coarse edge"
        );
        for edge in &coarse {
            let [[ax, ay], [bx, by]] = edge.ends(&coverage.vertices).map(|end| end.map(|c| (c << 9) as f64));
            for v in edge.run(&coverage.vertices) {
                let (px, py) = (f64::from(v.x) - ax, f64::from(v.y) - ay);
                let (dx, dy) = (bx - ax, by - ay);
                let along = if dx == 0.0 && dy == 0.0 {
                    0.0
                } else {
                    ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0)
                };
                let far = (px - along * dx).hypot(py - along * dy);
                assert!(far <= edge.band(&coverage.vertices) as f64, "{name}: {v:?} is {far} from its coarse edge");
            }
            assert!(edge.band(&coverage.vertices) <= rattache::lookup::coarse::BAND, "{name}: {edge:?}");
        }
    }
}

#[test]
fn the_nearest_limit_is_the_nearest_of_all_exact_edges() {
    for (name, coverage) in maps() {
        let index = PointIndex::build(coverage.view()).unwrap();
        let class = |unit: usize| (unit / 5) as u16;
        let locate = index.view(coverage.view()).unwrap();
        let limits = Limits::build(locate, coverage.view(), class);
        let view = limits.view(locate, coverage.view());
        let edges: Vec<(FixedPoint, FixedPoint)> = coverage
            .sides
            .iter()
            .enumerate()
            .filter(|(_, sides)| {
                let of = |side: u32| if side == 0 { u16::MAX } else { class(side as usize - 1) };
                of(sides[0]) != of(sides[1])
            })
            .flat_map(|(arc, _)| coverage.view().arc(arc).windows(2).map(|edge| (edge[0], edge[1])))
            .collect();
        for p in hard_points(&coverage, 60, 5) {
            let expected = edges.iter().map(|&(a, b)| slow_distance_m(p, a, b)).fold(f64::INFINITY, f64::min);
            let border = view.nearest(p).unwrap();
            let close = (border.distance_m - expected).abs() <= 0.002 + expected * 2e-7;
            assert!(close, "{name}: {p:?} is {expected} m from a limit, not {}", border.distance_m);
            assert!((distance_m(p, border.at) - border.distance_m).abs() < 0.003 + expected * 1e-7, "{name}: {p:?}");
            let side = locate.locate(p);
            if side > 0 {
                let clear = view.clearance_m(p, side as usize - 1);
                assert!(
                    clear <= expected + 0.001,
                    "{name}: {p:?} is nearer to a limit than its unit's clearance {clear}"
                );
            }
            for radius in [expected * 0.99 - 0.01, expected * 1.01 + 0.01] {
                assert_eq!(view.any_within(p, radius), radius > expected, "{name}: {p:?} within {radius}");
            }
        }
    }
}

#[test]
fn the_lists_of_near_limits_give_what_the_tree_over_all_of_them_gives() {
    let (mut asked, mut listed) = (0, 0);
    for (name, coverage) in maps() {
        let index = PointIndex::build(coverage.view()).unwrap();
        let locate = index.view(coverage.view()).unwrap();
        let limits = Limits::build(locate, coverage.view(), |unit| (unit / 5) as u16);
        let view = limits.view(locate, coverage.view());
        let points = hard_points(&coverage, 20_000, 21);
        for &p in &points {
            assert_eq!(view.nearest(p), view.nearest_where(p, |_| true), "{name}: {p:?}");
            asked += 1;
            listed += usize::from(limits.near.view().list(index.grid.unwrap(), p).is_some());
        }
        let mut together = Vec::new();
        view.nearest_all(&points, |place, border| together.push((place, border)));
        let one_by_one: Vec<_> = points.iter().map(|&p| view.nearest(p)).enumerate().collect();
        assert!(together == one_by_one, "{name}: many at once give what one at a time gives");
    }
    assert!(listed * 2 > asked, "only {listed} of {asked} points have a list");
}

/// Distance to an edge by narrowing down along it with geodesics, without any plane.
fn slow_distance_m(p: FixedPoint, a: FixedPoint, b: FixedPoint) -> f64 {
    let at = |part: f64| FixedPoint {
        x: (f64::from(a.x) + (f64::from(b.x) - f64::from(a.x)) * part).round() as u32,
        y: (f64::from(a.y) + (f64::from(b.y) - f64::from(a.y)) * part).round() as u32,
    };
    // Far edges need no narrowing: half their length is a bound good enough to leave them out.
    let scale = LocalScale::at(p.lat());
    let rough = |v: FixedPoint| {
        ((f64::from(v.x) - f64::from(p.x)) * scale.east_m).hypot((f64::from(v.y) - f64::from(p.y)) * scale.north_m)
    };
    let length = (f64::from(a.x) - f64::from(b.x)).hypot(f64::from(a.y) - f64::from(b.y)) * 1.2e-3;
    let near = rough(a).min(rough(b));
    if near > 3.0 * length + 1.0 && near > 100.0 * length {
        return distance_m(p, a).min(distance_m(p, b));
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let (one, two) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if distance_m(p, at(one)) < distance_m(p, at(two)) {
            high = two;
        } else {
            low = one;
        }
    }
    distance_m(p, at(f64::midpoint(low, high)))
}
