//! The territories of a level as chains of shared arcs.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::mercator::{Mercator, WorldPoint, project};
use super::simplify::{Simplified, simplify};
use super::tile::MOST_ZOOM;
use crate::geometry::outline::{Path, polygon_paths};
use crate::geometry::{CoverageView, FixedPoint, Side};

/// A territory as tiles name it.
#[derive(Debug, Clone)]
pub struct Named {
    /// Its code, or the identifier of the unit.
    pub code: String,
    /// Its name; empty for a unit, which has none.
    pub name: String,
    /// Where its name stands; nowhere where none is written.
    pub label: Option<FixedPoint>,
}

/// Chains that a ring runs along, each with whether it is run along in its own direction.
pub(super) type Ring = Vec<(u32, bool)>;

/// A territory on tiles.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub code: String,
    pub name: String,
    pub label: Option<WorldPoint>,
    /// Each polygon: its shell, then its holes.
    pub polygons: Vec<Vec<Ring>>,
    /// West, north, east and south limits.
    pub around: [u32; 4],
}

/// The territories of one level, and what limits them, each limit once.
#[derive(Debug)]
pub struct Shapes {
    pub(super) shapes: Vec<Shape>,
    /// Vertices of each chain, as places in those of the projection.
    chains: Vec<Vec<u32>>,
    mercator: Arc<Mercator>,
    by_zoom: [OnceLock<Simplified>; MOST_ZOOM as usize + 1],
}

impl Shapes {
    /// Lays out territories: `owner` gives the place in `named` of what lies on a side of an arc.
    ///
    /// O(n log n) in the number of arcs, plus the vertices of limits.
    #[must_use]
    pub fn new(
        coverage: CoverageView<'_>,
        mercator: Arc<Mercator>,
        named: Vec<Named>,
        owner: impl Fn(Side) -> Option<usize>,
    ) -> Self {
        let mut arcs: Vec<Path> = vec![Vec::new(); named.len()];
        let mut limits = Vec::new();
        for (arc, &[left, right]) in (0_u32..).zip(coverage.sides) {
            let (left, right) = (owner(left), owner(right));
            if left != right {
                limits.push(arc);
                for (owner, on_its_left) in [(left, true), (right, false)] {
                    if let Some(owner) = owner {
                        arcs[owner].push((arc, on_its_left));
                    }
                }
            }
        }
        let (paths, place_of_arc) = join(coverage, &limits);
        let chains: Vec<Vec<u32>> = paths.iter().map(|path| vertices(coverage, path)).collect();
        let shapes = named
            .into_iter()
            .zip(&arcs)
            .map(|(named, arcs)| {
                let ring = |path: &Path| along(path, &place_of_arc);
                let polygons: Vec<Vec<Ring>> = polygon_paths(coverage, arcs)
                    .iter()
                    .map(|polygon| std::iter::once(&polygon.shell).chain(&polygon.holes).map(ring).collect())
                    .collect();
                let mut around = [u32::MAX, u32::MAX, 0, 0];
                for &(chain, _) in polygons.iter().flatten().flatten() {
                    for &vertex in &chains[chain as usize] {
                        let [x, y] = mercator.vertices[vertex as usize];
                        around = [around[0].min(x), around[1].min(y), around[2].max(x), around[3].max(y)];
                    }
                }
                Shape { code: named.code, name: named.name, label: named.label.map(project), polygons, around }
            })
            .collect();
        Self { shapes, chains, mercator, by_zoom: std::array::from_fn(|_| OnceLock::new()) }
    }

    /// Its chains as they are drawn at a zoom; made once.
    pub(super) fn at(&self, zoom: u8) -> &Simplified {
        let zoom = zoom.min(MOST_ZOOM);
        self.by_zoom[usize::from(zoom)].get_or_init(|| {
            let positions = |chain: &Vec<u32>| chain.iter().map(|&at| self.mercator.vertices[at as usize]).collect();
            simplify(self.chains.iter().map(positions), zoom)
        })
    }
}

/// Where an arc stands: its chain, and whether it runs the chain's way.
type Places = HashMap<u32, (u32, bool)>;

/// Joins arcs end to end wherever two and no more meet; the ends of what results are where three or more do.
fn join(coverage: CoverageView<'_>, limits: &[u32]) -> (Vec<Path>, Places) {
    let ends = |arc: u32| {
        let points = coverage.arc(arc as usize);
        [points[0], points[points.len() - 1]]
    };
    // The ends of arcs at each position: the arc, and whether it begins there.
    let mut meeting: BTreeMap<FixedPoint, Vec<(u32, bool)>> = BTreeMap::new();
    for &arc in limits {
        let [start, end] = ends(arc);
        meeting.entry(start).or_default().push((arc, true));
        meeting.entry(end).or_default().push((arc, false));
    }
    // What comes after an arc run along one way, where one thing only can.
    let after = |(arc, forward): (u32, bool)| {
        let [start, end] = ends(arc);
        let here = &meeting[if forward { &end } else { &start }];
        let [one, other] = here.as_slice() else { return None };
        // Coming to its end, an arc is the one that does not begin there.
        let came = (arc, !forward);
        Some(if *one == came { *other } else { *one })
    };
    let mut places = Places::new();
    let mut paths: Vec<Path> = Vec::new();
    for &first in limits {
        if places.contains_key(&first) {
            continue;
        }
        // Back to where the chain begins, or all the way round.
        let mut begin = (first, false);
        while let Some(next) = after(begin).filter(|next| next.0 != first) {
            begin = next;
        }
        let mut path = vec![(begin.0, !begin.1)];
        while let Some(next) = path.last().and_then(|&last| after(last)).filter(|next| next.0 != begin.0) {
            path.push(next);
        }
        for &(arc, forward) in &path {
            places.insert(arc, (paths.len() as u32, forward));
        }
        paths.push(path);
    }
    (paths, places)
}

/// The vertices of a path, each once where arcs meet.
fn vertices(coverage: CoverageView<'_>, path: &Path) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::new();
    for &(arc, forward) in path {
        let (from, to) = (coverage.starts[arc as usize], coverage.starts[arc as usize + 1]);
        let skip = usize::from(!all.is_empty());
        if forward {
            all.extend((from..to).skip(skip));
        } else {
            all.extend((from..to).rev().skip(skip));
        }
    }
    all
}

/// A ring of arcs as one of chains.
fn along(path: &Path, places: &Places) -> Ring {
    let mut ring: Ring = Vec::new();
    for &(arc, forward) in path {
        let (chain, with_it) = places[&arc];
        let step = (chain, forward == with_it);
        if ring.last() != Some(&step) {
            ring.push(step);
        }
    }
    // A ring may begin in the middle of a chain.
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}
