//! Who gets each face: sound ones their unit, thin gaps and overlaps a neighbour; all of it said.

use std::collections::BTreeMap;

use super::FixedPoint;
use super::UnitPolygons;
use super::edges::UnitSets;
use super::faces::{Face, Faces};
use super::noding::Cuts;
use crate::domain::{Finding, FindingKind, Severity, Words, both};

const OUTSIDE: u32 = 0;

/// The owner of every face: 0 for the outside, else the unit plus one.
///
/// A gap or an overlap goes to the unit with which it shares the longest limit (of an overlap, one that covers it). Faces
/// that touch only other bad faces wait for these to be settled. Gaps wider than the tolerance stay outside.
pub(super) fn settle(
    faces: &Faces,
    sets: &UnitSets,
    polygons: &UnitPolygons,
    tolerance_m: f64,
    findings: &mut Vec<Finding>,
) -> Vec<u32> {
    let mut owners: Vec<Option<u32>> = faces
        .list
        .iter()
        .map(|face| match sets.units(face.cover) {
            [unit] => Some(unit + 1),
            [] if face.outside || width_m(face) > tolerance_m => Some(OUTSIDE),
            _ => None,
        })
        .collect();
    let mut around: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (chain, sides) in (0_u32..).zip(&faces.sides) {
        for face in sides {
            if owners[*face as usize].is_none() {
                around.entry(*face).or_default().push(chain);
            }
        }
    }
    let mut bad: Vec<u32> = around.keys().copied().collect();
    while !bad.is_empty() {
        let settled: Vec<(u32, Option<u32>)> =
            bad.iter().map(|&face| (face, longest_neighbour(faces, sets, &owners, face, &around[&face]))).collect();
        let before = bad.len();
        for &(face, owner) in &settled {
            owners[face as usize] = owner;
        }
        bad.retain(|&face| owners[face as usize].is_none());
        if bad.len() == before {
            // Nothing sound around: an overlap goes to its first unit, a gap to the outside.
            for face in bad.drain(..) {
                let cover = sets.units(faces.list[face as usize].cover);
                owners[face as usize] = Some(cover.first().map_or(OUTSIDE, |unit| unit + 1));
            }
        }
    }
    let owners: Vec<u32> = owners.into_iter().map(|owner| owner.unwrap_or(OUTSIDE)).collect();
    for (face, &owner) in faces.list.iter().zip(&owners) {
        report_face(face, owner, sets, polygons, tolerance_m, findings);
    }
    report_crumbs(faces, &owners, polygons, findings);
    owners
}

fn width_m(face: &Face) -> f64 {
    if face.perimeter_m > 0.0 { 2.0 * face.area_m2 / face.perimeter_m } else { 0.0 }
}

fn longest_neighbour(faces: &Faces, sets: &UnitSets, owners: &[Option<u32>], face: u32, around: &[u32]) -> Option<u32> {
    let cover = sets.units(faces.list[face as usize].cover);
    let mut lengths: BTreeMap<u32, f64> = BTreeMap::new();
    for &chain in around {
        let [left, right] = faces.sides[chain as usize];
        let other = if left == face { right } else { left };
        if let Some(owner) = owners[other as usize].filter(|&owner| owner != OUTSIDE)
            && (cover.is_empty() || cover.contains(&(owner - 1)))
        {
            *lengths.entry(owner).or_default() += faces.length_m[chain as usize];
        }
    }
    lengths.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(owner, _)| owner)
}

fn report_face(
    face: &Face,
    owner: u32,
    sets: &UnitSets,
    polygons: &UnitPolygons,
    tolerance_m: f64,
    findings: &mut Vec<Finding>,
) {
    let cover = sets.units(face.cover);
    if face.outside || cover.len() == 1 {
        return;
    }
    let width = width_m(face);
    let thin = width <= tolerance_m;
    let gap = cover.is_empty();
    let (kind, what) = match (gap, thin) {
        (true, false) => (FindingKind::Gap, ("trou qui n'est à aucune aire", "gap that belongs to no unit")),
        (false, false) => (FindingKind::Overlap, ("chevauchement", "overlap")),
        (true, true) => (FindingKind::Sliver, ("lamelle qui n'est à aucune aire", "sliver that belongs to no unit")),
        (false, true) => {
            (FindingKind::Sliver, ("lamelle qui est à plusieurs aires", "sliver that belongs to several units"))
        }
    };
    let name = |owner: u32| format!("\"{}\"", polygons.ids[owner as usize - 1]);
    let units: Vec<String> = cover.iter().map(|&unit| name(unit + 1)).collect();
    let of = if gap { Words::same("") } else { both!(" des aires {}", " of units {}", units.join(", ")) };
    let given = if owner == OUTSIDE {
        both!("laissé dehors", "left outside")
    } else {
        both!("donné à l'aire {}", "given to unit {}", name(owner))
    };
    let fix = if thin {
        given
    } else {
        Words::new(
            format!(
                "plus large que la tolérance de {tolerance_m} m : corrigez le fichier, ou élargissez la tolérance, ou \
                 acceptez-le ({})",
                given.french
            ),
            format!(
                "wider than the tolerance of {tolerance_m} m: mend the file, or raise the tolerance, or accept it ({given})"
            ),
        )
    };
    let (lat, lon, area) = (face.somewhere.lat(), face.somewhere.lon(), face.area_m2);
    let message = Words::new(
        format!(
            "{}{} à {lat:.6}, {lon:.6} (lat, lon), {area:.2} m2, large de {width:.3} m : {}",
            what.0, of.french, fix.french
        ),
        format!("{}{of} at {lat:.6}, {lon:.6} (lat, lon), {area:.2} m2, {width:.3} m wide: {fix}", what.1),
    );
    let severity = if thin { Severity::Mended } else { Severity::Error };
    let mut finding = Finding::new(severity, kind, message);
    finding.units = cover.iter().map(|&unit| polygons.ids[unit as usize].clone()).collect();
    finding.area_m2 = Some(face.area_m2);
    finding.width_m = Some(width);
    at(&mut finding, face.somewhere);
    findings.push(finding);
}

/// Names units that have, beside their main face, pieces below one square metre: nothing to mend, worth knowing.
fn report_crumbs(faces: &Faces, owners: &[u32], polygons: &UnitPolygons, findings: &mut Vec<Finding>) {
    let mut whole: Vec<f64> = vec![0.0; polygons.ids.len() + 1];
    for (face, &owner) in faces.list.iter().zip(owners) {
        whole[owner as usize] += face.area_m2;
    }
    let mut crumbs: BTreeMap<u32, (u32, f64, FixedPoint)> = BTreeMap::new();
    for (face, &owner) in faces.list.iter().zip(owners) {
        if owner != OUTSIDE && face.area_m2 < 1.0 && face.area_m2 < whole[owner as usize] / 2.0 {
            let crumb = crumbs.entry(owner).or_insert((0, 0.0, face.somewhere));
            crumb.0 += 1;
            crumb.1 += face.area_m2;
        }
    }
    for (owner, (count, area, place)) in crumbs {
        let id = &polygons.ids[owner as usize - 1];
        let message = both!(
            "l'aire « {id} » a {count} morceaux de moins d'un mètre carré, {area:.3} m2 en tout, l'un à {:.6}, {:.6} (lat, lon)",
            "unit \"{id}\" has {count} pieces below one square metre, {area:.3} m2 in all, one at {:.6}, {:.6} (lat, lon)",
            place.lat(),
            place.lon()
        );
        let mut finding = Finding::new(Severity::Note, FindingKind::Sliver, message).about([id]);
        finding.area_m2 = Some(area);
        at(&mut finding, place);
        findings.push(finding);
    }
}

/// Turns what noding cut into findings: a ring that crosses itself, limits that cross, vertices without a match.
pub(super) fn report_cuts(cuts: &Cuts, sets: &UnitSets, polygons: &UnitPolygons, findings: &mut Vec<Finding>) {
    let name = |unit: u32| polygons.ids[unit as usize].clone();
    let mut own: BTreeMap<u32, Vec<FixedPoint>> = BTreeMap::new();
    let mut between: BTreeMap<(u32, u32), Vec<FixedPoint>> = BTreeMap::new();
    for &(point, a, b) in &cuts.crossings {
        let (a, b) = (sets.units(a), sets.units(b));
        if let Some(&unit) = a.iter().find(|unit| b.contains(unit)) {
            own.entry(unit).or_default().push(point);
        } else if let (Some(&a), Some(&b)) = (a.first(), b.first()) {
            between.entry((a.min(b), a.max(b))).or_default().push(point);
        }
    }
    let mut push = |kind: FindingKind, message: Words, units: Vec<String>, place: FixedPoint| {
        let mut finding = Finding::new(Severity::Mended, kind, message).about(units);
        at(&mut finding, place);
        findings.push(finding);
    };
    for (unit, points) in own {
        let (id, p) = (name(unit), points[0]);
        let message = both!(
            "un anneau de l'aire « {id} » se croise {} fois, d'abord à {:.6}, {:.6} (lat, lon) : lu selon la règle pair-impair",
            "a ring of unit \"{id}\" crosses itself {} times, first at {:.6}, {:.6} (lat, lon): read by the even-odd rule",
            points.len(),
            p.lat(),
            p.lon()
        );
        push(FindingKind::InvalidRing, message, vec![id], p);
    }
    for ((a, b), points) in between {
        let (a, b, p) = (name(a), name(b), points[0]);
        let message = both!(
            "les limites des aires « {a} » et « {b} » se croisent {} fois, d'abord à {:.6}, {:.6} (lat, lon) : coupées là",
            "limits of units \"{a}\" and \"{b}\" cross {} times, first at {:.6}, {:.6} (lat, lon): cut there",
            points.len(),
            p.lat(),
            p.lon()
        );
        push(FindingKind::Overlap, message, vec![a, b], p);
    }
    let mut touched: BTreeMap<u32, Vec<FixedPoint>> = BTreeMap::new();
    for &(point, sides) in &cuts.touches {
        for &unit in sets.units(sides) {
            touched.entry(unit).or_default().push(point);
        }
    }
    for (unit, mut points) in touched {
        points.sort_unstable();
        points.dedup();
        let (id, p) = (name(unit), points[0]);
        let message = both!(
            "{} sommets de voisines sont sur des arêtes de l'aire « {id} », qui n'en a pas là, d'abord à {:.6}, {:.6} (lat, lon) : ajoutés",
            "{} vertices of neighbours lie on edges of unit \"{id}\", which has none there, first at {:.6}, {:.6} (lat, lon): added",
            points.len(),
            p.lat(),
            p.lon()
        );
        push(FindingKind::UnmatchedVertex, message, vec![id], p);
    }
}

fn at(finding: &mut Finding, point: FixedPoint) {
    finding.place.lon = Some((point.lon() * 1e7).round() / 1e7);
    finding.place.lat = Some((point.lat() * 1e7).round() / 1e7);
}
