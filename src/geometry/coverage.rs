//! The coverage: every limit once, as an arc with the unit on its left and the unit on its right.

use std::collections::BTreeMap;

use super::chains::Chains;
use super::edges::{Edge, FoldMap, SharedEdges, share_edges};
use super::ellipsoid::area_under_m2;
use super::faces::Faces;
use super::mending;
use super::noding::node;
use super::packed_tree::hilbert_fine;
use super::{CoverageError, FixedPoint, Projector, UnitPolygons};
use crate::domain::{Finding, FindingKind, Severity, both};

/// What lies on one side of an arc: 0 for the outside, else the place of the unit plus one.
pub type Side = u32;

/// Arcs over exact positions. Arcs meet at their ends only; each is in order along the Hilbert curve.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coverage {
    /// How many units there are, those without area included.
    pub unit_count: usize,
    /// Start of each arc in `vertices`, and at the end the number of vertices.
    pub starts: Vec<u32>,
    /// What is left and what is right of each arc.
    pub sides: Vec<[Side; 2]>,
    /// The vertices of all arcs; both ends are part of each arc.
    pub vertices: Vec<FixedPoint>,
    /// Area of each unit in square metres, on the ellipsoid.
    pub area_m2: Vec<f64>,
}

/// How strict a build is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoverageOptions {
    /// Gaps and overlaps thinner than this are mended and said; wider ones are errors.
    pub tolerance_m: f64,
    /// How far a straight line of the source may leave its straight line in longitude and latitude.
    pub deviation_m: f64,
}

impl Default for CoverageOptions {
    fn default() -> Self {
        Self { tolerance_m: 1.0, deviation_m: 0.01 }
    }
}

impl Coverage {
    /// Builds a coverage from polygons. Units keep the order of `polygons.ids`.
    ///
    /// Everything found on the way goes to `findings`. Gaps, overlaps and the like that are wider than the tolerance are
    /// findings of severity [`Severity::Error`]: the coverage returned leaves such a gap outside and gives such an overlap to
    /// one of its units, and it is for the caller to refuse it.
    ///
    /// Costs O(n log n) in the number of points; about 120 bytes of memory a point at the peak.
    ///
    /// # Errors
    /// [`CoverageError`].
    pub fn build(
        polygons: &UnitPolygons,
        projector: &dyn Projector,
        options: CoverageOptions,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, CoverageError> {
        if polygons.ids.is_empty() {
            return Err(CoverageError::NoUnit);
        }
        let mut shared = share_edges(polygons, projector, options.deviation_m, findings)?;
        let (chains, cuts) = node(&mut shared)?;
        mending::report_cuts(&cuts, &shared.sets, polygons, findings);
        let faces = Faces::find(&mut shared, &chains);
        let owners = mending::settle(&faces, &shared.sets, polygons, options.tolerance_m, findings);
        let side = |face: u32| owners[face as usize];
        let sides: Vec<[Side; 2]> = faces.sides.iter().map(|&[left, right]| [side(left), side(right)]).collect();
        drop(faces);
        let coverage = Self::assemble(polygons.ids.len(), shared, &chains, &sides);
        for (unit, &area) in coverage.area_m2.iter().enumerate() {
            if area <= 0.0 {
                let id = &polygons.ids[unit];
                let message = both!(
                    "l'aire « {id} » n'a pas de surface : aucun point n'y sera jamais",
                    "unit \"{id}\" covers no area: no point can ever be in it"
                );
                findings.push(Finding::new(Severity::Error, FindingKind::EmptyUnit, message).about([id]));
            }
        }
        Ok(coverage)
    }

    /// Arcs are traced anew where mending made two sides the same.
    fn assemble(unit_count: usize, mut shared: SharedEdges, chains: &Chains, sides: &[[Side; 2]]) -> Self {
        let mut pairs: FoldMap<u64, u32> = FoldMap::default();
        let mut edges: Vec<Edge> = Vec::with_capacity(shared.edges.len());
        let mut left_of_edge: FoldMap<(u32, u32), bool> = FoldMap::default();
        let needs_tracing = sides.iter().any(|[left, right]| left == right);
        if !needs_tracing {
            return Self::lay_out(unit_count, &shared.vertices, chains, sides);
        }
        for (chain, &[left, right]) in sides.iter().enumerate() {
            if left == right {
                continue;
            }
            let (low, high) = (left.min(right), left.max(right));
            let next = pairs.len() as u32 + 1;
            let number = *pairs.entry((u64::from(low) << 32) | u64::from(high)).or_insert(next);
            for pair in chains.chain(chain).windows(2) {
                let (a, b) = (pair[0], pair[1]);
                edges.push(Edge { a: a.min(b), b: a.max(b), sides: number });
                left_of_edge.insert((a.min(b), a.max(b)), (a < b) == (left == low));
            }
        }
        edges.sort_unstable();
        shared.edges = edges;
        let by_number: BTreeMap<u32, u64> = pairs.iter().map(|(&key, &number)| (number, key)).collect();
        let chains = Chains::trace(&shared);
        let sides: Vec<[Side; 2]> = (0..chains.len())
            .map(|chain| {
                let key = by_number[&chains.sides[chain]];
                let (low, high) = ((key >> 32) as u32, key as u32);
                let (a, b) = (chains.chain(chain)[0], chains.chain(chain)[1]);
                let low_is_left = left_of_edge[&(a.min(b), a.max(b))] == (a < b);
                if low_is_left { [low, high] } else { [high, low] }
            })
            .collect();
        Self::lay_out(unit_count, &shared.vertices, &chains, &sides)
    }

    /// Puts arcs in order along the Hilbert curve and copies their vertices.
    fn lay_out(unit_count: usize, positions: &[FixedPoint], chains: &Chains, sides: &[[Side; 2]]) -> Self {
        let mut order: Vec<(u64, u32)> = (0..chains.len() as u32)
            .map(|chain| {
                let vertices = chains.chain(chain as usize);
                (hilbert_fine(positions[vertices[vertices.len() / 2] as usize]), chain)
            })
            .collect();
        order.sort_unstable();
        let mut coverage = Self {
            unit_count,
            starts: vec![0],
            vertices: Vec::with_capacity(chains.vertices.len()),
            ..Self::default()
        };
        for (_, chain) in order {
            coverage.sides.push(sides[chain as usize]);
            coverage.vertices.extend(chains.chain(chain as usize).iter().map(|&id| positions[id as usize]));
            coverage.starts.push(coverage.vertices.len() as u32);
        }
        coverage.area_m2 = coverage.measure_areas();
        coverage
    }

    fn measure_areas(&self) -> Vec<f64> {
        let mut areas = vec![0.0; self.unit_count + 1];
        for (arc, &[left, right]) in self.sides.iter().enumerate() {
            let area = area_under_m2(self.view().arc(arc));
            areas[left as usize] += area;
            areas[right as usize] -= area;
        }
        areas.split_off(1)
    }

    /// The coverage as a view.
    #[must_use]
    pub fn view(&self) -> CoverageView<'_> {
        CoverageView { starts: &self.starts, sides: &self.sides, vertices: &self.vertices }
    }
}

/// The arcs of a coverage over borrowed arrays, as they stand in a file.
#[derive(Debug, Clone, Copy)]
pub struct CoverageView<'a> {
    /// Start of each arc in `vertices`, and at the end the number of vertices.
    pub starts: &'a [u32],
    /// What is left and what is right of each arc.
    pub sides: &'a [[Side; 2]],
    /// The vertices of all arcs.
    pub vertices: &'a [FixedPoint],
}

impl<'a> CoverageView<'a> {
    /// How many arcs there are.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.sides.len()
    }

    /// The vertices of an arc, both ends included.
    #[must_use]
    #[inline]
    pub fn arc(&self, arc: usize) -> &'a [FixedPoint] {
        &self.vertices[self.starts[arc] as usize..self.starts[arc + 1] as usize]
    }
}
