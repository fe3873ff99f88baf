//! A point inside each unit.

use crate::geometry::outline::{limit_arcs, polygons};
use crate::geometry::{CoverageView, FixedPoint};

/// A point well inside every unit: the middle of the longest stretch that lies in the unit along a line due east through
/// the middle of its tallest polygon. The origin of the grid for a unit without area.
pub fn points_inside(coverage: CoverageView<'_>, unit_count: usize) -> Vec<FixedPoint> {
    let mut arcs: Vec<Vec<(u32, bool)>> = vec![Vec::new(); unit_count + 1];
    for (arc, &[left, right]) in (0_u32..).zip(coverage.sides) {
        arcs[left as usize].push((arc, true));
        arcs[right as usize].push((arc, false));
    }
    debug_assert_eq!(limit_arcs(coverage, |side| side == 1), arcs.get(1).cloned().unwrap_or_default());
    arcs[1..]
        .iter()
        .map(|own| {
            let outline = polygons(coverage, own);
            let tallest = outline.iter().max_by_key(|polygon| {
                let (low, high) = span(&polygon.shell);
                high - low
            });
            tallest.map_or(FixedPoint::default(), |polygon| {
                let (low, high) = span(&polygon.shell);
                let y = low + (high - low) / 2;
                let mut crossings: Vec<f64> = std::iter::once(&polygon.shell)
                    .chain(&polygon.holes)
                    .flat_map(|ring| ring.windows(2))
                    .filter(|edge| (edge[0].y <= y) != (edge[1].y <= y))
                    .map(|edge| {
                        let [(ax, ay), (bx, by)] = [edge[0], edge[1]].map(|v| (f64::from(v.x), f64::from(v.y)));
                        ax + (f64::from(y) + 0.5 - ay) / (by - ay) * (bx - ax)
                    })
                    .collect();
                crossings.sort_unstable_by(f64::total_cmp);
                let widest = crossings.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
                widest.map_or(polygon.shell[0], |pair| FixedPoint { x: f64::midpoint(pair[0], pair[1]) as u32, y })
            })
        })
        .collect()
}

fn span(ring: &[FixedPoint]) -> (u32, u32) {
    ring.iter().fold((u32::MAX, 0), |(low, high), v| (low.min(v.y), high.max(v.y)))
}
