//! Outlines of territories: shared arcs with the same territory on both sides cancel, the others are chained into rings.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::coverage::{CoverageView, Side};
use super::faces::by_angle;
use super::fixed::is_below;
use super::{FixedBox, FixedPoint};

/// A polygon with holes: closed rings, the shell counterclockwise, holes clockwise (RFC 7946).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Polygon {
    /// The outer ring.
    pub shell: Vec<FixedPoint>,
    /// The rings that are cut out of it.
    pub holes: Vec<Vec<FixedPoint>>,
}

/// A polygon as the arcs that its rings run along, each with whether it is run along in its own direction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolygonPath {
    /// The outer ring.
    pub shell: Path,
    /// The rings that are cut out of it.
    pub holes: Vec<Path>,
}

/// Arcs that follow one another, each with whether it is run along in its own direction.
pub type Path = Vec<(u32, bool)>;

/// The arcs of one territory: those that have it on one side only, and on which one.
///
/// `inside` tells whether a side (0, the outside, included) is of the territory.
#[must_use]
pub fn limit_arcs(coverage: CoverageView<'_>, inside: impl Fn(Side) -> bool) -> Vec<(u32, bool)> {
    (0_u32..)
        .zip(coverage.sides)
        .filter_map(|(arc, &[left, right])| match (inside(left), inside(right)) {
            (true, false) => Some((arc, true)),
            (false, true) => Some((arc, false)),
            _ => None,
        })
        .collect()
}

/// The outline made of limit arcs, each given with whether the territory is on its left.
///
/// At a vertex where several parts of the territory touch, rings are kept apart, so that each shell is simple and its
/// inside connected. Shells are in order of their first arc. O(n log n) in the number of arcs, plus the vertices.
#[must_use]
pub fn polygons(coverage: CoverageView<'_>, arcs: &[(u32, bool)]) -> Vec<Polygon> {
    let points = |ring: Ring| ring.points;
    arranged(coverage, arcs)
        .into_iter()
        .map(|(shell, holes)| Polygon { shell: shell.points, holes: holes.into_iter().map(points).collect() })
        .collect()
}

/// The same outline as [`polygons`], as the arcs that it runs along.
#[must_use]
pub fn polygon_paths(coverage: CoverageView<'_>, arcs: &[(u32, bool)]) -> Vec<PolygonPath> {
    let path = |ring: Ring| ring.path;
    arranged(coverage, arcs)
        .into_iter()
        .map(|(shell, holes)| PolygonPath { shell: shell.path, holes: holes.into_iter().map(path).collect() })
        .collect()
}

/// A closed ring with the arcs that it runs along.
struct Ring {
    path: Path,
    points: Vec<FixedPoint>,
}

/// The rings of an outline: each shell with its holes.
fn arranged(coverage: CoverageView<'_>, arcs: &[(u32, bool)]) -> Vec<(Ring, Vec<Ring>)> {
    let (mut shells, mut holes): (Vec<(Ring, FixedBox)>, Vec<Ring>) = (Vec::new(), Vec::new());
    for ring in rings(coverage, arcs) {
        if doubled_area(&ring.points) > 0 {
            let around = FixedBox::around(&ring.points);
            shells.push((ring, around));
        } else {
            holes.push(ring);
        }
    }
    let homes: Vec<Option<usize>> = holes
        .iter()
        .map(|hole| {
            let around = FixedBox::around(&hole.points);
            shells
                .iter()
                .enumerate()
                .filter(|(_, (shell, b))| {
                    b.x0 <= around.x0
                        && b.y0 <= around.y0
                        && around.x1 <= b.x1
                        && around.y1 <= b.y1
                        && ring_holds(&shell.points, &hole.points)
                })
                .min_by_key(|(_, (shell, _))| doubled_area(&shell.points))
                .map(|(place, _)| place)
        })
        .collect();
    let mut polygons: Vec<(Ring, Vec<Ring>)> = shells.into_iter().map(|(shell, _)| (shell, Vec::new())).collect();
    for (hole, home) in holes.into_iter().zip(homes) {
        if let Some(place) = home {
            polygons[place].1.push(hole);
        }
    }
    polygons
}

/// One arc of an outline, in the direction that has the territory on its left.
struct Half<'a> {
    points: &'a [FixedPoint],
    forward: bool,
}

impl Half<'_> {
    fn start(&self) -> FixedPoint {
        if self.forward { self.points[0] } else { self.points[self.points.len() - 1] }
    }

    fn end(&self) -> FixedPoint {
        if self.forward { self.points[self.points.len() - 1] } else { self.points[0] }
    }

    fn second(&self) -> FixedPoint {
        if self.forward { self.points[1] } else { self.points[self.points.len() - 2] }
    }

    fn last_but_one(&self) -> FixedPoint {
        if self.forward { self.points[self.points.len() - 2] } else { self.points[1] }
    }
}

/// Closed rings with the territory on their left, none passing a vertex twice.
fn rings(coverage: CoverageView<'_>, arcs: &[(u32, bool)]) -> Vec<Ring> {
    let halves: Vec<Half<'_>> =
        arcs.iter().map(|&(arc, forward)| Half { points: coverage.arc(arc as usize), forward }).collect();
    let mut leaving: BTreeMap<FixedPoint, Vec<usize>> = BTreeMap::new();
    for (place, half) in halves.iter().enumerate() {
        leaving.entry(half.start()).or_default().push(place);
    }
    // The first direction clockwise from the way back bounds the same part of the territory.
    let next = |half: &Half<'_>| {
        let (center, back) = (half.end(), half.last_but_one());
        let choices = leaving.get(&center).expect("limits of a territory are closed, so one goes on from every end");
        choices
            .iter()
            .copied()
            .min_by(|&a, &b| clockwise_from(center, back, halves[a].second(), halves[b].second()))
            .expect("a vertex is in the table because something leaves from it")
    };
    let mut used = vec![false; halves.len()];
    let mut rings = Vec::new();
    for start in 0..halves.len() {
        let mut path: Vec<usize> = Vec::new();
        let mut at = start;
        while !used[at] {
            used[at] = true;
            path.push(at);
            // A vertex met for the second time closes a ring of its own: a hole or a part that touches there.
            let end = halves[at].end();
            let following = next(&halves[at]);
            if let Some(first) = path.iter().rposition(|&place| halves[place].start() == end) {
                let ring: Vec<usize> = path.drain(first..).collect();
                let points = joined(ring.iter().map(|&place| &halves[place]));
                rings.push(Ring { path: ring.iter().map(|&place| arcs[place]).collect(), points });
            }
            at = following;
        }
    }
    rings
}

fn joined<'a>(halves: impl Iterator<Item = &'a Half<'a>>) -> Vec<FixedPoint> {
    let mut ring = Vec::new();
    for half in halves {
        if half.forward {
            ring.extend_from_slice(&half.points[..half.points.len() - 1]);
        } else {
            ring.extend(half.points[1..].iter().rev());
        }
    }
    ring.extend(ring.first().copied());
    ring
}

/// Order of two directions going clockwise around a centre from a third.
fn clockwise_from(center: FixedPoint, from: FixedPoint, a: FixedPoint, b: FixedPoint) -> Ordering {
    // Clockwise is the counterclockwise order turned round; directions past `from` come last.
    let passed = |p: FixedPoint| by_angle(center, p, from) != Ordering::Less;
    passed(a).cmp(&passed(b)).then_with(|| by_angle(center, b, a))
}

/// Twice the signed area in square grid units, exact; positive where the ring turns counterclockwise.
#[must_use]
pub fn doubled_area(ring: &[FixedPoint]) -> i128 {
    let Some(&first) = ring.first() else { return 0 };
    ring.windows(2)
        .map(|edge| {
            let x = |p: FixedPoint| i128::from(p.x) - i128::from(first.x);
            let y = |p: FixedPoint| i128::from(p.y) - i128::from(first.y);
            x(edge[0]) * y(edge[1]) - x(edge[1]) * y(edge[0])
        })
        .sum()
}

/// Whether a ring that nowhere crosses `shell` lies in it.
fn ring_holds(shell: &[FixedPoint], ring: &[FixedPoint]) -> bool {
    // Rings may touch at vertices, so the first vertex that is none of the shell's decides; failing that, an edge's middle
    // can not be taken on the grid, and rings with all vertices in common are in it only if they are the same.
    let is_vertex = |p: &FixedPoint| shell.contains(p);
    match ring.iter().find(|p| !is_vertex(p)) {
        Some(&p) => shell.windows(2).filter(|edge| is_below(edge[0], edge[1], p)).count() % 2 == 1,
        None => true,
    }
}
