//! From rings to shared edges: every stretch of limit once, with the units it separates.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use rayon::prelude::*;

use super::fixed::MAX_EDGE;
use super::{CoverageError, FixedPoint, Projector, UnitPolygons};
use crate::domain::{Finding, FindingKind, Severity, both};

/// A hasher for keys that are already well spread numbers: multiply and fold.
#[derive(Default)]
pub(super) struct Fold(u64);

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 29;
    }
    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }
    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

pub(super) type FoldMap<K, V> = HashMap<K, V, BuildHasherDefault<Fold>>;

/// Sets of units, each kept once and named by a number; number 0 is the empty set.
#[derive(Debug)]
pub(super) struct UnitSets {
    sets: Vec<Box<[u32]>>,
    numbers: FoldMap<Box<[u32]>, u32>,
}

impl Default for UnitSets {
    fn default() -> Self {
        let mut numbers = FoldMap::default();
        numbers.insert(Box::default(), 0);
        Self { sets: vec![Box::default()], numbers }
    }
}

impl UnitSets {
    /// The number of a sorted set.
    pub fn number(&mut self, set: &[u32]) -> u32 {
        if let Some(&number) = self.numbers.get(set) {
            return number;
        }
        let number = self.sets.len() as u32;
        self.sets.push(set.into());
        self.numbers.insert(set.into(), number);
        number
    }

    /// The set of a number.
    pub fn units(&self, number: u32) -> &[u32] {
        &self.sets[number as usize]
    }

    /// The units that are in one of two sets only.
    pub fn difference(&mut self, a: u32, b: u32) -> u32 {
        if a == 0 || b == 0 || a == b {
            return if a == b { 0 } else { a | b };
        }
        let mut all: Vec<u32> = self.units(a).iter().chain(self.units(b)).copied().collect();
        all.sort_unstable();
        let mut kept = Vec::with_capacity(all.len());
        for unit in all {
            if kept.last() == Some(&unit) {
                kept.pop();
            } else {
                kept.push(unit);
            }
        }
        self.number(&kept)
    }
}

/// An undirected edge between two vertices, `a < b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub a: u32,
    pub b: u32,
    /// The units whose limit it is, as a number of [`UnitSets`]: crossing the edge leaves or enters each of them.
    pub sides: u32,
}

/// All edges of a set of polygons, each once, over distinct vertices.
#[derive(Debug)]
pub(super) struct SharedEdges {
    pub vertices: Vec<FixedPoint>,
    pub edges: Vec<Edge>,
    pub sets: UnitSets,
}

/// Reads the shared edges off polygons.
///
/// 1. points equal in the source are one vertex; 2. edges between the same vertices are one edge, with the set of units
///    that have it an odd number of times; 3. vertices go to longitude and latitude; edges whose straight line there would
///    leave the source's by more than `deviation_m`, or that are longer than [`MAX_EDGE`], get points in between, taken in
///    the source; 4. vertices that fall on the same grid position become one.
///
/// # Errors
/// [`CoverageError`] for coordinates that are no numbers, that can not be projected, or that leave the grid.
pub(super) fn share_edges(
    polygons: &UnitPolygons,
    projector: &dyn Projector,
    deviation_m: f64,
    findings: &mut Vec<Finding>,
) -> Result<SharedEdges, CoverageError> {
    let mut sets = UnitSets::default();
    let Distinct { points: mut source, edges: keyed, repeats } = distinct_points(polygons, findings)?;
    let edges = distinct_edges(keyed, polygons, &mut sets, findings);
    let mut vertices = project_all(&mut source.clone(), projector)?;
    report_repeats(&repeats, &vertices, polygons, findings);
    let edges = densify(edges, &mut source, &mut vertices, projector, deviation_m)?;
    drop(source);
    let mut shared = SharedEdges { vertices, edges, sets };
    shared.merge_vertices();
    Ok(shared)
}

type KeyedEdge = (u64, u32);

/// Distinct points of all rings, the edges between them, and the points that a ring of a unit passes twice.
struct Distinct {
    points: Vec<[f64; 2]>,
    edges: Vec<KeyedEdge>,
    repeats: Vec<(u32, u32)>,
}

fn distinct_points(polygons: &UnitPolygons, findings: &mut Vec<Finding>) -> Result<Distinct, CoverageError> {
    let mut ids: FoldMap<[u64; 2], u32> = FoldMap::default();
    ids.reserve(polygons.coords.len() / 2);
    let mut source: Vec<[f64; 2]> = Vec::with_capacity(polygons.coords.len() / 2);
    let mut keyed: Vec<KeyedEdge> = Vec::with_capacity(polygons.coords.len());
    let mut repeats = Vec::new();
    let mut last_ring: Vec<u32> = Vec::with_capacity(polygons.coords.len() / 2);
    for (number, (unit, ring)) in (1_u32..).zip(polygons.rings()) {
        let start = keyed.len();
        let mut first_and_last: Option<(u32, u32)> = None;
        for &[x, y] in ring {
            if !x.is_finite() || !y.is_finite() {
                let id = polygons.ids[unit as usize].clone();
                return Err(CoverageError::NotFinite { unit: id, x, y });
            }
            // Adding zero makes -0.0 and 0.0 the same bits.
            let point = [x + 0.0, y + 0.0];
            let id = *ids.entry(point.map(f64::to_bits)).or_insert_with(|| {
                source.push(point);
                source.len() as u32 - 1
            });
            last_ring.resize(source.len(), 0);
            if let Some((first, last)) = first_and_last {
                if last == id {
                    continue;
                }
                keyed.push((edge_key(last, id), unit));
                // Closing the ring is the one return that is due.
                if last_ring[id as usize] == number && id != first {
                    repeats.push((unit, id));
                }
            }
            last_ring[id as usize] = number;
            first_and_last = Some((first_and_last.map_or(id, |(first, _)| first), id));
        }
        if let Some((first, last)) = first_and_last
            && first != last
        {
            keyed.push((edge_key(last, first), unit));
        }
        if keyed.len() - start < 3 {
            keyed.truncate(start);
            let id = &polygons.ids[unit as usize];
            findings.push(
                Finding::new(
                    Severity::Mended,
                    FindingKind::InvalidRing,
                    both!("un anneau de l'aire « {id} » a moins de trois points distincts : il n'entoure rien et a été laissé de côté", "a ring of unit \"{id}\" has fewer than three distinct points: it encloses nothing and was left out"),
                )
                .about([id]),
            );
        }
    }
    Ok(Distinct { points: source, edges: keyed, repeats })
}

/// Names the rings that touch themselves at a vertex.
fn report_repeats(
    repeats: &[(u32, u32)],
    vertices: &[FixedPoint],
    polygons: &UnitPolygons,
    findings: &mut Vec<Finding>,
) {
    for group in repeats.chunk_by(|a, b| a.0 == b.0) {
        let (unit, vertex) = group[0];
        let (id, at) = (&polygons.ids[unit as usize], vertices[vertex as usize]);
        let message = both!(
            "un anneau de l'aire « {id} » se touche à {} sommets, d'abord à {:.6}, {:.6} (lat, lon) : lu selon la règle pair-impair",
            "a ring of unit \"{id}\" touches itself at {} vertices, first at {:.6}, {:.6} (lat, lon): read by the even-odd rule",
            group.len(),
            at.lat(),
            at.lon()
        );
        let mut finding = Finding::new(Severity::Mended, FindingKind::InvalidRing, message).about([id]);
        finding.place.lon = Some(at.lon());
        finding.place.lat = Some(at.lat());
        findings.push(finding);
    }
}

fn edge_key(a: u32, b: u32) -> u64 {
    (u64::from(a.min(b)) << 32) | u64::from(a.max(b))
}

fn distinct_edges(
    mut keyed: Vec<KeyedEdge>,
    polygons: &UnitPolygons,
    sets: &mut UnitSets,
    findings: &mut Vec<Finding>,
) -> Vec<Edge> {
    keyed.par_sort_unstable();
    let mut edges = Vec::with_capacity(keyed.len() / 2 + 16);
    let mut repeated: Vec<u32> = Vec::new();
    let mut units = Vec::new();
    for group in keyed.chunk_by(|a, b| a.0 == b.0) {
        units.clear();
        for &(_, unit) in group {
            if units.last() == Some(&unit) {
                units.pop();
                repeated.push(unit);
            } else {
                units.push(unit);
            }
        }
        if !units.is_empty() {
            let key = group[0].0;
            edges.push(Edge { a: (key >> 32) as u32, b: key as u32, sides: sets.number(&units) });
        }
    }
    repeated.sort_unstable();
    for group in repeated.chunk_by(|a, b| a == b) {
        let id = &polygons.ids[group[0] as usize];
        let message = both!(
            "l'aire « {id} » a {} arêtes deux fois : ses parties se touchent le long d'elles, qui ont été dissoutes",
            "unit \"{id}\" has {} edges twice: its parts touch along them, which were dissolved",
            group.len()
        );
        findings.push(Finding::new(Severity::Mended, FindingKind::RepeatedPart, message).about([id]));
    }
    edges
}

fn project_all(points: &mut [[f64; 2]], projector: &dyn Projector) -> Result<Vec<FixedPoint>, CoverageError> {
    points.par_chunks_mut(1 << 14).try_for_each(|chunk| projector.to_lon_lat(chunk))?;
    points
        .par_iter()
        .map(|&[lon, lat]| FixedPoint::from_degrees(lon, lat).ok_or(CoverageError::OffGrid { lon, lat }))
        .collect()
}

fn densify(
    edges: Vec<Edge>,
    source: &mut Vec<[f64; 2]>,
    vertices: &mut Vec<FixedPoint>,
    projector: &dyn Projector,
    deviation_m: f64,
) -> Result<Vec<Edge>, CoverageError> {
    // Below this extent (about 150 m) no projection in use bends a line by a centimetre.
    const SHORT: i64 = 150_000;
    let extent = |edge: &Edge| {
        let (a, b) = (vertices[edge.a as usize], vertices[edge.b as usize]);
        (i64::from(a.x) - i64::from(b.x)).abs().max((i64::from(a.y) - i64::from(b.y)).abs())
    };
    let long: Vec<usize> = (0..edges.len()).filter(|&place| extent(&edges[place]) > SHORT).collect();
    if long.is_empty() {
        return Ok(edges);
    }
    let between = |edge: &Edge, part: f64| {
        let ([ax, ay], [bx, by]) = (source[edge.a as usize], source[edge.b as usize]);
        [ax + (bx - ax) * part, ay + (by - ay) * part]
    };
    let mut middles: Vec<[f64; 2]> = long.iter().map(|&place| between(&edges[place], 0.5)).collect();
    let middles = project_all(&mut middles, projector)?;
    let pieces: Vec<u32> = long
        .iter()
        .zip(&middles)
        .map(|(&place, middle)| {
            let edge = &edges[place];
            let (a, b) = (vertices[edge.a as usize], vertices[edge.b as usize]);
            let scale = super::ellipsoid::LocalScale::at(middle.lat());
            let dx = f64::midpoint(f64::from(a.x), f64::from(b.x)) - f64::from(middle.x);
            let dy = f64::midpoint(f64::from(a.y), f64::from(b.y)) - f64::from(middle.y);
            let bend = (dx * scale.east_m).hypot(dy * scale.north_m);
            let for_bend = (bend / deviation_m).sqrt().ceil();
            let for_length = (extent(edge) as f64 / (MAX_EDGE as f64 * 0.9)).ceil();
            for_bend.max(for_length).max(1.0) as u32
        })
        .collect();
    let mut added: Vec<[f64; 2]> = Vec::new();
    for (&place, &count) in long.iter().zip(&pieces) {
        added.extend((1..count).map(|piece| between(&edges[place], f64::from(piece) / f64::from(count))));
    }
    let first = source.len() as u32;
    source.extend_from_slice(&added);
    vertices.extend(project_all(&mut added, projector)?);
    let mut all = Vec::with_capacity(edges.len() + vertices.len() - first as usize);
    let mut next_long = long.iter().zip(&pieces).peekable();
    let mut next = first;
    for (place, edge) in edges.into_iter().enumerate() {
        let count = match next_long.peek() {
            Some(&(&long_place, &count)) if long_place == place => {
                next_long.next();
                count
            }
            _ => 1,
        };
        let mut from = edge.a;
        for _ in 1..count {
            all.push(Edge { a: from, b: next, sides: edge.sides });
            from = next;
            next += 1;
        }
        all.push(Edge { a: from, b: edge.b, sides: edge.sides });
    }
    Ok(all)
}

impl SharedEdges {
    /// Makes vertices on the same position one, numbers them in order along the Hilbert curve, and makes edges between the
    /// same vertices one.
    pub fn merge_vertices(&mut self) {
        let mut order: Vec<(u64, u32)> = self
            .vertices
            .par_iter()
            .enumerate()
            .map(|(id, &v)| (super::packed_tree::hilbert_fine(v), id as u32))
            .collect();
        order.par_sort_unstable();
        let mut new_id = vec![0_u32; self.vertices.len()];
        let mut kept: Vec<FixedPoint> = Vec::with_capacity(self.vertices.len());
        for (_, id) in order {
            let vertex = self.vertices[id as usize];
            if kept.last() != Some(&vertex) {
                kept.push(vertex);
            }
            new_id[id as usize] = kept.len() as u32 - 1;
        }
        self.vertices = kept;
        for edge in &mut self.edges {
            let (a, b) = (new_id[edge.a as usize], new_id[edge.b as usize]);
            (edge.a, edge.b) = (a.min(b), a.max(b));
        }
        self.merge_edges();
    }

    /// Drops edges without length and makes edges between the same vertices one, with the units they have an odd number of
    /// times together.
    pub fn merge_edges(&mut self) {
        self.edges.retain(|edge| edge.a != edge.b);
        self.edges.par_sort_unstable();
        let mut merged: Vec<Edge> = Vec::with_capacity(self.edges.len());
        for &edge in &self.edges {
            match merged.last_mut() {
                Some(last) if (last.a, last.b) == (edge.a, edge.b) => {
                    last.sides = self.sets.difference(last.sides, edge.sides);
                }
                _ => {
                    if merged.last().is_some_and(|last| last.sides == 0) {
                        merged.pop();
                    }
                    merged.push(edge);
                }
            }
        }
        if merged.last().is_some_and(|last| last.sides == 0) {
            merged.pop();
        }
        self.edges = merged;
    }
}
