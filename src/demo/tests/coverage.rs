//! The cells are a clean coverage with wavy borders.

use std::collections::{HashMap, HashSet};

use super::{edges, rings, shared, twice_area};

type Point = [i64; 2];

/// Unit on the inner side of each directed edge.
fn sides() -> HashMap<(Point, Point), usize> {
    let mut sides = HashMap::new();
    for (unit, start, end) in edges() {
        assert_ne!(start, end, "unit {unit} has an edge without length");
        assert_eq!(sides.insert((start, end), unit), None, "two units lie on one side of {start:?} {end:?}");
    }
    sides
}

#[test]
fn every_inner_edge_is_used_twice_in_opposite_directions_by_two_units() {
    let sides = sides();
    let mut outer = 0;
    for ((start, end), unit) in &sides {
        match sides.get(&(*end, *start)) {
            Some(other) => assert_ne!(unit, other, "unit {unit} lies on both sides of {start:?} {end:?}"),
            None => outer += 1,
        }
    }
    assert!((1_000..20_000).contains(&outer), "{outer} outer edges of {}", sides.len());
}

#[test]
fn the_outer_edges_close_into_the_mainland_and_the_islands_without_a_hole() {
    let sides = sides();
    let mut next: HashMap<Point, Point> = HashMap::new();
    for (start, end) in sides.keys().filter(|(start, end)| !sides.contains_key(&(*end, *start))) {
        assert_eq!(next.insert(*start, *end), None, "the outer limit touches itself at {start:?}");
    }
    let mut loops = Vec::new();
    while let Some(&start) = next.keys().next() {
        let mut ring = vec![start];
        while let Some(end) = next.remove(&ring[ring.len() - 1]) {
            ring.push(end);
        }
        assert_eq!(ring.pop(), Some(start), "an outer limit does not close");
        loops.push(twice_area(&ring));
    }
    assert_eq!(loops.len(), 2, "{loops:?}");
    assert!(loops.iter().all(|&area| area > 0) || loops.iter().all(|&area| area < 0), "{loops:?}");
    assert_eq!(loops.iter().sum::<i128>(), rings().iter().map(|ring| twice_area(ring)).sum::<i128>());
}

#[test]
fn all_rings_turn_the_same_way_and_pass_no_point_twice() {
    let first = twice_area(&rings()[0]).signum();
    for (unit, ring) in rings().iter().enumerate() {
        assert!(twice_area(ring) * first > 0, "unit {unit} turns the other way");
        let points: HashSet<&Point> = ring.iter().collect();
        assert_eq!(points.len(), ring.len(), "unit {unit} passes a point twice");
    }
}

#[test]
fn no_two_edges_meet_but_at_a_common_end() {
    // Whole cells of 0.005 degree: a few dozen edges each.
    const CELL: i64 = 50_000;
    let mut lines: Vec<[Point; 2]> = edges().map(|(_, a, b)| if a < b { [a, b] } else { [b, a] }).collect();
    lines.sort_unstable();
    lines.dedup();
    let mut cells: HashMap<Point, Vec<usize>> = HashMap::new();
    for (line, [a, b]) in lines.iter().enumerate() {
        let span = |axis: usize| a[axis].min(b[axis]).div_euclid(CELL)..=a[axis].max(b[axis]).div_euclid(CELL);
        for x in span(0) {
            for y in span(1) {
                cells.entry([x, y]).or_default().push(line);
            }
        }
    }
    for crowd in cells.values() {
        for (place, &one) in crowd.iter().enumerate() {
            for &other in &crowd[place + 1..] {
                assert!(!meet(lines[one], lines[other]), "{:?} meets {:?}", lines[one], lines[other]);
            }
        }
    }
}

#[test]
fn edges_that_cross_or_touch_or_overlap_are_seen_to_meet() {
    let line = [[0, 0], [10, 10]];
    assert!(meet(line, [[0, 10], [10, 0]]));
    assert!(meet(line, [[5, 5], [9, 0]]));
    assert!(meet(line, [[10, 10], [4, 4]]));
    assert!(!meet(line, [[10, 10], [20, 10]]));
    assert!(!meet(line, [[10, 10], [20, 20]]));
    assert!(!meet(line, [[0, 1], [9, 10]]));
}

/// Whether two edges have a point in common other than an end of both, exactly.
fn meet([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let apart =
        |axis: usize| a[axis].max(b[axis]) < c[axis].min(d[axis]) || c[axis].max(d[axis]) < a[axis].min(b[axis]);
    if apart(0) || apart(1) {
        return false;
    }
    let side = |p: Point, q: Point, r: Point| {
        let (ux, uy) = (i128::from(q[0] - p[0]), i128::from(q[1] - p[1]));
        let (vx, vy) = (i128::from(r[0] - p[0]), i128::from(r[1] - p[1]));
        (ux * vy - uy * vx).signum()
    };
    if let Some((shared, from, to)) = [(a, b, c, d), (a, b, d, c), (b, a, c, d), (b, a, d, c)]
        .into_iter()
        .find_map(|(end, other, same, far)| (end == same).then_some((end, other, far)))
    {
        let ahead = |axis: usize| (from[axis] - shared[axis]).signum() * (to[axis] - shared[axis]).signum();
        return side(shared, from, to) == 0 && (ahead(0) > 0 || ahead(1) > 0);
    }
    side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0
}

#[test]
fn borders_between_cells_bend() {
    let sides = sides();
    let mut borders: HashMap<(usize, usize), Vec<[Point; 2]>> = HashMap::new();
    for ((start, end), unit) in &sides {
        if let Some(other) = sides.get(&(*end, *start)).filter(|other| unit < other) {
            borders.entry((*unit, *other)).or_default().push([*start, *end]);
        }
    }
    let straight = borders
        .values()
        .filter(|border| {
            let [start, end] = border[0];
            let first = [end[0] - start[0], end[1] - start[1]];
            border.iter().all(|[a, b]| (b[0] - a[0]) * first[1] == (b[1] - a[1]) * first[0])
        })
        .count();
    assert!(borders.len() > 40_000, "{}", borders.len());
    // Those that stay straight are a few metres long.
    assert!(straight * 200 < borders.len(), "{straight} of {} borders are straight", borders.len());
}

#[test]
fn cells_are_small_in_cities_and_huge_in_the_north() {
    let km2 = |ring: &[[i64; 2]]| {
        let lat = ring[0][1] as f64 / 1e7;
        (twice_area(ring) as f64).abs() / 2e14 * 111.2 * 111.2 * lat.to_radians().cos()
    };
    let of = |prefix: &str| {
        let mut areas: Vec<f64> = (shared().editions[0].attachment.iter().zip(rings()))
            .filter(|(code, _)| code.as_str().starts_with(prefix))
            .map(|(_, ring)| km2(ring))
            .collect();
        areas.sort_by(f64::total_cmp);
        areas
    };
    let (montreal, nunavik) = (of("06"), of("17"));
    assert!(montreal[montreal.len() / 2] < 0.2, "{}", montreal[montreal.len() / 2]);
    assert!(nunavik[nunavik.len() / 2] > 1_000.0, "{}", nunavik[nunavik.len() / 2]);
    let all: f64 = of("").iter().sum();
    assert!((1.5e6..1.75e6).contains(&all), "{all} km2");
}
