//! The coverage against hand-made maps small enough to check by eye.

use super::fixed::is_below;
use super::outline::{limit_arcs, polygons};
use super::*;
use crate::domain::{Finding, FindingKind, Severity};

struct Degrees;

impl Projector for Degrees {
    fn to_lon_lat(&self, _: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

const BASE: (f64, f64) = (-73.0, 46.0);
/// One step of the maps below, about 77 m by 111 m.
const STEP: f64 = 0.001;

fn map(rings: &[(&str, &[(f64, f64)])]) -> UnitPolygons {
    let mut polygons = UnitPolygons::default();
    for (id, ring) in rings {
        let unit = match polygons.ids.iter().position(|known| known == id) {
            Some(place) => place as u32,
            None => polygons.push_unit(*id),
        };
        polygons.push_ring(unit, ring.iter().map(|&(x, y)| [BASE.0 + x * STEP, BASE.1 + y * STEP]));
    }
    polygons
}

fn build(rings: &[(&str, &[(f64, f64)])]) -> (Coverage, Vec<Finding>) {
    let mut findings = Vec::new();
    let coverage = Coverage::build(&map(rings), &Degrees, CoverageOptions::default(), &mut findings).unwrap();
    (coverage, findings)
}

fn owner(coverage: &Coverage, x: f64, y: f64) -> u32 {
    let p = FixedPoint::from_degrees(BASE.0 + x * STEP, BASE.1 + y * STEP).unwrap();
    let mut side = 0;
    for (arc, sides) in coverage.sides.iter().enumerate() {
        for edge in coverage.view().arc(arc).windows(2) {
            if is_below(edge[0], edge[1], p) {
                side ^= sides[0] ^ sides[1];
            }
        }
    }
    side
}

fn square(x: f64, y: f64, side: f64) -> [(f64, f64); 4] {
    [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
}

#[test]
fn two_squares_share_one_arc_whichever_way_their_rings_turn() {
    let mut right = square(1.0, 0.0, 1.0);
    right.reverse();
    let (coverage, findings) = build(&[("a", &square(0.0, 0.0, 1.0)), ("b", &right)]);
    assert_eq!(findings, []);
    assert_eq!(coverage.sides.len(), 3);
    assert_eq!([owner(&coverage, 0.5, 0.5), owner(&coverage, 1.5, 0.5), owner(&coverage, 2.5, 0.5)], [1, 2, 0]);
    assert!((coverage.area_m2[0] / coverage.area_m2[1] - 1.0).abs() < 1e-6);
    assert!((coverage.area_m2[0] - 77.5 * 111.1).abs() < 30.0, "{:?}", coverage.area_m2);
}

#[test]
fn an_island_within_a_hole_within_a_unit_keeps_three_owners() {
    let (coverage, findings) = build(&[
        ("a", &square(0.0, 0.0, 9.0)),
        ("a", &square(2.0, 2.0, 5.0)),
        ("b", &square(2.0, 2.0, 5.0)),
        ("b", &square(4.0, 4.0, 1.0)),
        ("c", &square(4.0, 4.0, 1.0)),
        ("d", &square(20.0, 0.0, 1.0)),
    ]);
    assert_eq!(findings, []);
    let owners = [(1.0, 1.0), (3.0, 3.0), (4.5, 4.5), (20.5, 0.5), (15.0, 0.5)].map(|(x, y)| owner(&coverage, x, y));
    assert_eq!(owners, [1, 2, 3, 4, 0]);
    let outline = polygons(coverage.view(), &limit_arcs(coverage.view(), |side| side == 1 || side == 4));
    assert_eq!(outline.len(), 2);
    assert_eq!(outline.iter().map(|polygon| polygon.holes.len()).sum::<usize>(), 1);
}

#[test]
fn a_wide_gap_and_a_wide_overlap_are_errors_with_their_place_and_size() {
    let (coverage, findings) = build(&[
        ("a", &[(0.0, 0.0), (3.0, 0.0), (3.0, 1.0), (1.0, 1.0), (1.0, 2.0), (3.0, 2.0), (3.0, 3.0), (0.0, 3.0)]),
        ("b", &[(3.0, 0.0), (5.0, 0.0), (5.0, 3.0), (3.0, 3.0), (3.0, 2.0), (3.0, 1.0)]),
        ("c", &[(4.5, 0.0), (6.0, 0.0), (6.0, 3.0), (4.5, 3.0)]),
    ]);
    let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let kinds: Vec<FindingKind> = errors.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == FindingKind::Gap).count(), 1, "{findings:#?}");
    assert_eq!(kinds.iter().filter(|kind| **kind == FindingKind::Overlap).count(), 1, "{findings:#?}");
    let gap = errors.iter().find(|finding| finding.kind == FindingKind::Gap).unwrap();
    assert!((gap.area_m2.unwrap() - 2.0 * 77.4 * 111.1).abs() < 60.0, "{gap:?}");
    assert_eq!(owner(&coverage, 2.0, 1.5), 0);
    assert!([2, 3].contains(&owner(&coverage, 4.7, 1.0)));
}

#[test]
fn a_thin_sliver_is_mended_and_nobody_falls_in_the_crack() {
    // A vertex of the left unit stands half a metre off its neighbour's edge, on either side in turn.
    for off in [0.004, -0.004] {
        let (coverage, findings) = build(&[
            ("a", &[(0.0, 0.0), (1.0, 0.0), (1.0 + off, 0.5), (1.0, 1.0), (0.0, 1.0)]),
            ("b", &square(1.0, 0.0, 1.0)),
        ]);
        assert!(findings.iter().all(|finding| finding.severity == Severity::Mended), "{findings:#?}");
        assert!(findings.iter().any(|finding| finding.kind == FindingKind::Sliver), "{findings:#?}");
        assert!([1, 2].contains(&owner(&coverage, 1.0 + off / 2.0, 0.5)));
        assert!((coverage.area_m2.iter().sum::<f64>() - 2.0 * 77.45 * 111.15).abs() < 60.0);
    }
}

#[test]
fn a_ring_that_crosses_itself_is_named_and_read_by_the_even_odd_rule() {
    let (coverage, findings) = build(&[("bow", &[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)])]);
    assert!(findings.iter().any(|finding| finding.kind == FindingKind::InvalidRing), "{findings:#?}");
    assert_eq!([owner(&coverage, 0.2, 1.0), owner(&coverage, 1.8, 1.0), owner(&coverage, 1.0, 0.2)], [1, 1, 0]);
}

#[test]
fn parts_that_touch_at_a_vertex_become_shells_and_holes_that_are_simple() {
    let (coverage, findings) = build(&[
        ("a", &square(0.0, 0.0, 1.0)),
        ("a", &square(1.0, 1.0, 1.0)),
        ("b", &[(5.0, 0.0), (9.0, 0.0), (9.0, 4.0), (5.0, 4.0)]),
        ("b", &[(5.0, 0.0), (7.0, 1.0), (6.0, 2.0)]),
    ]);
    assert_eq!(findings.iter().map(|finding| finding.kind).collect::<Vec<_>>(), [FindingKind::Gap], "{findings:#?}");
    let of = |unit| polygons(coverage.view(), &limit_arcs(coverage.view(), |side| side == unit));
    assert_eq!(of(1).iter().map(|p| (p.shell.len(), p.holes.len())).collect::<Vec<_>>(), [(5, 0), (5, 0)]);
    assert_eq!(of(2).iter().map(|p| (p.shell.len(), p.holes.len())).collect::<Vec<_>>(), [(5, 1)]);
}

#[test]
fn an_unmatched_vertex_on_an_edge_leaves_no_crack() {
    let (coverage, findings) =
        build(&[("a", &square(0.0, 0.0, 2.0)), ("b", &square(2.0, 0.0, 1.0)), ("c", &square(2.0, 1.0, 1.0))]);
    assert!(findings.iter().any(|finding| finding.kind == FindingKind::UnmatchedVertex), "{findings:#?}");
    assert_eq!([owner(&coverage, 1.5, 1.0), owner(&coverage, 2.5, 0.5), owner(&coverage, 2.5, 1.5)], [1, 2, 3]);
}
