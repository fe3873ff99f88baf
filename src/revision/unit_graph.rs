//! Which units share a border, and how long it is.

use crate::geometry::{CoverageView, Side, ellipsoid};

/// A neighbour of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The neighbour.
    pub unit: u32,
    /// Length of the border they share, in millimetres; never 0 where they share any.
    pub shared_mm: u64,
}

/// The units of a coverage as a graph: two are neighbours where they share an arc; a common vertex is not enough.
///
/// Lengths are whole millimetres an arc, so that sums do not depend on their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitGraph {
    starts: Vec<u32>,
    links: Vec<Link>,
    outer_mm: Vec<u64>,
    arc_starts: Vec<u32>,
    /// Arc, the side across it, and whether the unit is on its left.
    arcs: Vec<(u32, Side, bool)>,
}

impl UnitGraph {
    /// Reads the graph off a coverage of `unit_count` units. O(vertices + arcs log arcs).
    #[must_use]
    pub fn new(coverage: CoverageView<'_>, unit_count: usize) -> Self {
        let mut halves: Vec<(u32, Side, u32, bool)> = Vec::with_capacity(2 * coverage.arc_count());
        let mut length = Vec::with_capacity(coverage.arc_count());
        for (arc, &[left, right]) in (0_u32..).zip(coverage.sides) {
            length.push(((ellipsoid::length_m(coverage.arc(arc as usize)) * 1000.0).round() as u64).max(1));
            for (own, other, is_left) in [(left, right, true), (right, left, false)] {
                if own > 0 && own != other {
                    halves.push((own - 1, other, arc, is_left));
                }
            }
        }
        halves.sort_unstable();
        let mut graph = Self {
            starts: vec![0; unit_count + 1],
            links: Vec::new(),
            outer_mm: vec![0; unit_count],
            arc_starts: vec![0; unit_count + 1],
            arcs: Vec::with_capacity(halves.len()),
        };
        let mut before = None;
        for (unit, other, arc, is_left) in halves {
            graph.arcs.push((arc, other, is_left));
            graph.arc_starts[unit as usize + 1] = graph.arcs.len() as u32;
            let shared_mm = length[arc as usize];
            if other == 0 {
                graph.outer_mm[unit as usize] += shared_mm;
            } else if before == Some((unit, other)) {
                let last = graph.links.len() - 1;
                graph.links[last].shared_mm += shared_mm;
            } else {
                graph.links.push(Link { unit: other - 1, shared_mm });
            }
            graph.starts[unit as usize + 1] = graph.links.len() as u32;
            before = Some((unit, other));
        }
        for unit in 1..=unit_count {
            graph.starts[unit] = graph.starts[unit].max(graph.starts[unit - 1]);
            graph.arc_starts[unit] = graph.arc_starts[unit].max(graph.arc_starts[unit - 1]);
        }
        graph
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.outer_mm.len()
    }

    /// Whether there is no unit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.outer_mm.is_empty()
    }

    /// Neighbours of a unit, in order of place.
    #[must_use]
    #[inline]
    pub fn neighbours(&self, unit: u32) -> &[Link] {
        &self.links[self.starts[unit as usize] as usize..self.starts[unit as usize + 1] as usize]
    }

    /// Length of the border between two units in metres; 0 where they share none. O(log neighbours).
    #[must_use]
    pub fn shared_m(&self, a: u32, b: u32) -> f64 {
        let links = self.neighbours(a);
        links.binary_search_by_key(&b, |link| link.unit).map_or(0.0, |at| links[at].shared_mm as f64 / 1000.0)
    }

    /// Length of the border with the outside, in millimetres.
    #[must_use]
    pub fn outer_mm(&self, unit: u32) -> u64 {
        self.outer_mm[unit as usize]
    }

    /// Whether a unit has a border with the outside.
    #[must_use]
    pub fn is_outer(&self, unit: u32) -> bool {
        self.outer_mm[unit as usize] > 0
    }

    /// Arcs of a unit: number, the side across, whether the unit is on the left.
    #[must_use]
    pub fn arcs(&self, unit: u32) -> &[(u32, Side, bool)] {
        &self.arcs[self.arc_starts[unit as usize] as usize..self.arc_starts[unit as usize + 1] as usize]
    }

    /// The limit arcs of a territory, as [`limit_arcs`](crate::geometry::outline::limit_arcs) gives them, from its units
    /// alone: O(arcs of the territory), not of the coverage.
    pub fn limit_arcs(&self, members: impl IntoIterator<Item = u32>, inside: impl Fn(u32) -> bool) -> Vec<(u32, bool)> {
        let mut arcs: Vec<(u32, bool)> = members
            .into_iter()
            .flat_map(|unit| self.arcs(unit))
            .filter(|&&(_, other, _)| other == 0 || !inside(other - 1))
            .map(|&(arc, _, is_left)| (arc, is_left))
            .collect();
        arcs.sort_unstable();
        arcs
    }
}
