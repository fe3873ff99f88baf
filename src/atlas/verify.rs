//! Proving the laws on an atlas.

use std::collections::HashSet;

use serde::Serialize;

use super::Atlas;
use crate::domain::{FindingKind, Level, Severity};
use crate::geometry::ellipsoid::area_under_m2;
use crate::geometry::fixed::is_below;
use crate::geometry::outline::limit_arcs;
use crate::geometry::{FixedBox, FixedPoint, Side};
use crate::lookup::{Limits, OUTSIDE};

/// How much to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyOptions {
    /// Points to hold against a full scan, for each way of choosing them.
    pub points: usize,
    /// Where the choice starts.
    pub seed: u64,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self { points: 50_000, seed: 1 }
    }
}

/// One law, and whether it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// The law, as a sentence.
    pub law: String,
    /// Whether it holds.
    pub holds: bool,
    /// How much was looked at, or what breaks it.
    pub detail: String,
}

/// Verifies an atlas that is open, which means that its checksum and lengths are right already.
#[must_use]
pub fn verify(atlas: &Atlas, options: VerifyOptions) -> Vec<Check> {
    let mut checks = vec![
        closed(atlas),
        separating(atlas),
        owned(atlas),
        identified(atlas),
        areas(atlas),
        inside(atlas),
        located(atlas, options),
    ];
    // Where the units are said to be a part of the province, a note names the CLSC that have none.
    let notes = atlas
        .manifest()
        .findings
        .iter()
        .filter(|finding| (finding.kind, finding.severity) == (FindingKind::EmptyTerritory, Severity::Note));
    let elsewhere: HashSet<&str> = notes.flat_map(|finding| &finding.units).map(String::as_str).collect();
    for edition in atlas.editions() {
        let name = &edition.header.id;
        let empty: Vec<&str> = edition
            .hierarchy
            .territories(Level::Clsc)
            .iter()
            .enumerate()
            .filter(|&(clsc, _)| !edition.clsc_of_unit.contains(&(clsc as u16)))
            .map(|(_, territory)| territory.code.as_str())
            .filter(|code| !elsewhere.contains(code))
            .collect();
        checks.push(Check {
            law: format!("{name}: every unit has one CLSC and every CLSC has units"),
            holds: empty.is_empty(),
            detail: if empty.is_empty() {
                format!("{} units, {} CLSC", atlas.unit_count(), edition.hierarchy.clsc_count())
            } else {
                format!("without units: {}", empty.join(", "))
            },
        });
        checks.push(outlines(atlas, edition.number));
        let coverage = atlas.coverage();
        let index = atlas.index();
        let again = Limits::without_clearance(index.coarse(), coverage, &|unit| edition.clsc_of_unit[unit]);
        let stored = atlas.limits(edition.number);
        checks.push(Check {
            law: format!("{name}: the stored limits are those of the attachment table"),
            holds: again.edges == stored.edges(),
            detail: format!("{} coarse edges", again.edges.len()),
        });
    }
    checks
}

fn closed(atlas: &Atlas) -> Check {
    // At every vertex where arcs end, going all the way round must come back to the same side.
    let coverage = atlas.coverage();
    let mut ends: Vec<(FixedPoint, Side)> = Vec::new();
    for (arc, sides) in coverage.sides.iter().enumerate() {
        let vertices = coverage.arc(arc);
        let change = sides[0] ^ sides[1];
        ends.push((vertices[0], change));
        ends.push((vertices[vertices.len() - 1], change));
    }
    ends.sort_unstable();
    let broken = ends
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.iter().fold(0, |all, (_, change)| all ^ change) != 0)
        .count();
    Check {
        law: "arcs close: no limit ends in the open".to_owned(),
        holds: broken == 0,
        detail: format!("{} arcs, {broken} loose vertices", coverage.arc_count()),
    }
}

fn separating(atlas: &Atlas) -> Check {
    let coverage = atlas.coverage();
    let count = atlas.unit_count() as u32;
    let bad = coverage.sides.iter().filter(|[left, right]| left == right || *left > count || *right > count).count();
    Check {
        law: "every arc separates two different units, or a unit from the outside".to_owned(),
        holds: bad == 0,
        detail: format!("{} vertices, {bad} bad arcs", coverage.vertices.len()),
    }
}

fn owned(atlas: &Atlas) -> Check {
    let empty: Vec<&str> = atlas
        .areas_m2()
        .iter()
        .enumerate()
        .filter(|(_, area)| **area <= 0.0)
        .map(|(unit, _)| atlas.unit_id(unit))
        .collect();
    Check {
        law: "every unit has an area".to_owned(),
        holds: empty.is_empty(),
        detail: if empty.is_empty() { format!("{} units", atlas.unit_count()) } else { empty.join(", ") },
    }
}

fn identified(atlas: &Atlas) -> Check {
    let wrong = (0..atlas.unit_count()).filter(|&unit| atlas.find_unit(atlas.unit_id(unit)) != Some(unit)).count();
    Check {
        law: "every unit is found by its identifier".to_owned(),
        holds: wrong == 0,
        detail: format!("{} identifiers, {wrong} lost or double", atlas.unit_count()),
    }
}

fn areas(atlas: &Atlas) -> Check {
    let coverage = atlas.coverage();
    let sum: f64 = atlas.areas_m2().iter().sum();
    let outer: f64 = limit_arcs(coverage, |side| side > 0)
        .into_iter()
        .map(|(arc, left)| {
            let area = area_under_m2(coverage.arc(arc as usize));
            if left { area } else { -area }
        })
        .sum();
    Check {
        law: "areas of the units add up to the area within the outer limit".to_owned(),
        holds: (sum / outer - 1.0).abs() < 1e-9,
        detail: format!("{:.3} km2 and {:.3} km2", sum / 1e6, outer / 1e6),
    }
}

fn inside(atlas: &Atlas) -> Check {
    let index = atlas.index();
    let wrong: Vec<&str> = (0..atlas.unit_count())
        .filter(|&unit| atlas.areas_m2()[unit] > 0.0)
        .filter(|&unit| index.locate(atlas.points_inside()[unit]) != unit as Side + 1)
        .map(|unit| atlas.unit_id(unit))
        .collect();
    Check {
        law: "the point inside each unit is found in it".to_owned(),
        holds: wrong.is_empty(),
        detail: if wrong.is_empty() { format!("{} points", atlas.unit_count()) } else { wrong.join(", ") },
    }
}

fn located(atlas: &Atlas, options: VerifyOptions) -> Check {
    let coverage = atlas.coverage();
    let index = atlas.index();
    let all = FixedBox::around(coverage.vertices);
    let mut state = options.seed;
    let mut next = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 32) % end.max(1)
    };
    let mut points = Vec::with_capacity(options.points * 4);
    for _ in 0..options.points {
        let at = next(coverage.vertices.len() as u64 - 1) as usize;
        let (a, b) = (coverage.vertices[at], coverage.vertices[at + 1]);
        points.push(a);
        points.push(FixedPoint { x: a.x / 2 + b.x / 2, y: a.y / 2 + b.y / 2 });
        let mut near = |c: u32| c.saturating_add(next(3) as u32).saturating_sub(1);
        points.push(FixedPoint { x: near(a.x), y: near(a.y) });
        points.push(FixedPoint {
            x: all.x0 + next(u64::from(all.x1 - all.x0)) as u32,
            y: all.y0 + next(u64::from(all.y1 - all.y0)) as u32,
        });
    }
    // All points are scanned together: in order of longitude, each edge is held against the points that it spans.
    points.sort_unstable();
    let mut expected = vec![0; points.len()];
    for (arc, sides) in coverage.sides.iter().enumerate() {
        for edge in coverage.arc(arc).windows(2) {
            let (low, high) = (edge[0].x.min(edge[1].x), edge[0].x.max(edge[1].x));
            let first = points.partition_point(|p| p.x < low);
            for (place, &p) in points.iter().enumerate().skip(first).take_while(|(_, p)| p.x < high) {
                if is_below(edge[0], edge[1], p) {
                    expected[place] ^= sides[0] ^ sides[1];
                }
            }
        }
    }
    let wrong = points.iter().zip(&expected).filter(|&(&p, &side)| index.locate(p) != side).count();
    let unknown = expected.iter().filter(|&&side| side as usize > atlas.unit_count()).count();
    Check {
        law: "the index gives every point the one owner that a full scan of exact edges gives".to_owned(),
        holds: wrong == 0 && unknown == 0,
        detail: format!("{} points, {wrong} disagreements, {unknown} without a single owner", points.len()),
    }
}

fn outlines(atlas: &Atlas, number: usize) -> Check {
    // The limits of a level are those of the level below, less those within one of its territories: arc for arc.
    let edition = atlas.edition(number);
    let coverage = atlas.coverage();
    let mut broken = Vec::new();
    let class = |level: Level, side: Side| {
        if side == 0 {
            return OUTSIDE;
        }
        edition.hierarchy.parent(usize::from(edition.clsc_of_unit[side as usize - 1]), level) as u16
    };
    for level in Level::UPPER {
        for &[left, right] in coverage.sides {
            let same_clsc = class(Level::Clsc, left) == class(Level::Clsc, right);
            if same_clsc && class(level, left) != class(level, right) {
                broken.push(level.as_str());
                break;
            }
        }
    }
    Check {
        law: format!("{}: every level above is made of whole CLSC, its limits are limits of CLSC", edition.header.id),
        holds: broken.is_empty(),
        detail: if broken.is_empty() {
            let breaks = edition.hierarchy.nesting_breaks();
            format!("{} territories do not nest in a level above them (RUISSS follow the CLSC alone)", breaks.len())
        } else {
            broken.join(", ")
        },
    }
}
