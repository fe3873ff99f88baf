//! The faces between chains, who covers each, and the mending of gaps and overlaps.
//!
//! Chains that meet only at their ends cut the plane into faces. Who covers a face is found without trusting any ring's
//! direction: far outside nobody does, and each crossing of a chain adds or removes the units whose limit it is. A face
//! covered by exactly one unit is sound; by none, a gap (unless it is the outside); by several, an overlap.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::FixedPoint;
use super::chains::Chains;
use super::edges::{SharedEdges, UnitSets};
use super::ellipsoid::{area_under_m2, length_m};
use super::fixed::{is_below, orientation};
use super::packed_tree::FixedBox;

/// One face: the cycles of half chains around it, outer one and holes.
#[derive(Debug)]
pub(super) struct Face {
    /// Units that cover it, as a number of the unit sets.
    pub cover: u32,
    /// Its area in square metres; negative for the outside.
    pub area_m2: f64,
    /// Length of its limits in metres.
    pub perimeter_m: f64,
    /// A vertex of it.
    pub somewhere: FixedPoint,
    /// Whether it is the unbounded one.
    pub outside: bool,
}

/// All faces, and the face on either side of each chain.
#[derive(Debug)]
pub(super) struct Faces {
    pub list: Vec<Face>,
    /// Face left and right of each chain.
    pub sides: Vec<[u32; 2]>,
    pub length_m: Vec<f64>,
}

/// Half chain `2 * chain` runs with the chain's vertices, `2 * chain + 1` against them; its face is on its left.
fn twin(half: u32) -> u32 {
    half ^ 1
}

impl Faces {
    /// Finds the faces between chains that meet at their ends only.
    pub fn find(shared: &mut SharedEdges, chains: &Chains) -> Self {
        let (next, leaving) = next_halves(shared, chains);
        let mut cycle_of = vec![u32::MAX; chains.len() * 2];
        let mut cycles: Vec<Vec<u32>> = Vec::new();
        for start in 0..next.len() as u32 {
            if cycle_of[start as usize] != u32::MAX {
                continue;
            }
            let mut cycle = Vec::new();
            let mut half = start;
            while cycle_of[half as usize] == u32::MAX {
                cycle_of[half as usize] = cycles.len() as u32;
                cycle.push(half);
                half = next[half as usize];
            }
            cycles.push(cycle);
        }
        let points: Vec<FixedPoint> = chains.vertices.iter().map(|&id| shared.vertices[id as usize]).collect();
        let chain_points = |chain: usize| &points[chains.starts[chain] as usize..chains.starts[chain + 1] as usize];
        let areas: Vec<f64> = (0..chains.len()).map(|chain| area_under_m2(chain_points(chain))).collect();
        let lengths: Vec<f64> = (0..chains.len()).map(|chain| length_m(chain_points(chain))).collect();

        let components = components(chains);
        let tops = component_tops(chains, &points, &components);
        let outer_cycle: BTreeMap<u32, u32> = tops
            .iter()
            .map(|(&component, top)| (component, cycle_of[outer_half(chains, shared, &leaving, top) as usize]))
            .collect();
        // A face is the outer cycle of its component's inside plus the outer cycles of the components within it.
        let mut face_of_cycle: Vec<u32> = (0..cycles.len() as u32).collect();
        let outside = cycles.len() as u32;
        let above = halves_above(chains, &points, &tops);
        let mut parents: BTreeMap<u32, u32> = BTreeMap::new();
        for (component, half) in &above {
            let parent = half.map_or(outside, |half| cycle_of[half as usize]);
            parents.insert(outer_cycle[component], parent);
        }
        for (&cycle, &parent) in &parents {
            let mut root = parent;
            while let Some(&further) = parents.get(&root) {
                root = further;
            }
            face_of_cycle[cycle as usize] = root;
        }

        let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
        let mut faces: Vec<Face> = Vec::new();
        let mut sides = vec![[0_u32; 2]; chains.len()];
        for (cycle, halves) in cycles.iter().enumerate() {
            let root = face_of_cycle[cycle];
            let face = *numbers.entry(root).or_insert_with(|| {
                let somewhere = points[chains.starts[(halves[0] / 2) as usize] as usize];
                faces.push(Face { cover: 0, area_m2: 0.0, perimeter_m: 0.0, somewhere, outside: root == outside });
                faces.len() as u32 - 1
            });
            for &half in halves {
                let chain = (half / 2) as usize;
                sides[chain][(half % 2) as usize] = face;
                faces[face as usize].area_m2 += if half % 2 == 0 { areas[chain] } else { -areas[chain] };
                faces[face as usize].perimeter_m += lengths[chain];
            }
        }
        let mut found = Self { list: faces, sides, length_m: lengths };
        found.cover(chains, &mut shared.sets);
        found
    }

    /// Spreads who covers what from the outside in.
    fn cover(&mut self, chains: &Chains, sets: &mut UnitSets) {
        let mut around: Vec<Vec<u32>> = vec![Vec::new(); self.list.len()];
        for (chain, sides) in self.sides.iter().enumerate() {
            for &face in sides {
                around[face as usize].push(chain as u32);
            }
        }
        let mut known = vec![false; self.list.len()];
        let mut waiting: Vec<u32> =
            (0..self.list.len() as u32).filter(|&face| self.list[face as usize].outside).collect();
        for &face in &waiting {
            known[face as usize] = true;
        }
        while let Some(face) = waiting.pop() {
            for &chain in &around[face as usize] {
                let [left, right] = self.sides[chain as usize];
                let other = if left == face { right } else { left };
                if !known[other as usize] {
                    known[other as usize] = true;
                    self.list[other as usize].cover =
                        sets.difference(self.list[face as usize].cover, chains.sides[chain as usize]);
                    waiting.push(other);
                }
            }
        }
    }
}

/// For every half chain, the one that follows it around the face on its left; and the halves that leave from each vertex,
/// in order of vertex and then counterclockwise.
fn next_halves(shared: &SharedEdges, chains: &Chains) -> (Vec<u32>, Vec<(u32, u32)>) {
    let mut leaving: Vec<(u32, u32)> = Vec::with_capacity(chains.len() * 2);
    for chain in 0..chains.len() {
        let vertices = chains.chain(chain);
        leaving.push((vertices[0], 2 * chain as u32));
        leaving.push((vertices[vertices.len() - 1], 2 * chain as u32 + 1));
    }
    leaving.sort_unstable();
    let mut next = vec![0_u32; chains.len() * 2];
    for group in leaving.chunk_by_mut(|a, b| a.0 == b.0) {
        let center = shared.vertices[group[0].0 as usize];
        let toward = |half: u32| {
            let vertices = chains.chain((half / 2) as usize);
            let second = if half.is_multiple_of(2) { vertices[1] } else { vertices[vertices.len() - 2] };
            shared.vertices[second as usize]
        };
        group.sort_unstable_by(|a, b| by_angle(center, toward(a.1), toward(b.1)));
        // Arriving against half `h` (that is, along its twin), the face on the left goes on with the half just clockwise.
        for place in 0..group.len() {
            let before = group[(place + group.len() - 1) % group.len()].1;
            next[twin(group[place].1) as usize] = before;
        }
    }
    (next, leaving)
}

/// Order of directions around a centre, counterclockwise from due east.
pub(super) fn by_angle(center: FixedPoint, a: FixedPoint, b: FixedPoint) -> Ordering {
    let lower = |p: FixedPoint| p.y < center.y || (p.y == center.y && p.x < center.x);
    lower(a).cmp(&lower(b)).then_with(|| 0.cmp(&orientation(center, a, b)))
}

/// The least vertex that hangs together with another, as far as is known.
fn root(parent: &mut super::edges::FoldMap<u32, u32>, vertex: u32) -> u32 {
    let mut at = vertex;
    loop {
        let above = *parent.entry(at).or_insert(at);
        if above == at {
            return at;
        }
        let further = *parent.entry(above).or_insert(above);
        parent.insert(at, further);
        at = further;
    }
}

/// Component of each chain: chains that hang together by their ends.
fn components(chains: &Chains) -> Vec<u32> {
    let mut parent: super::edges::FoldMap<u32, u32> = super::edges::FoldMap::default();
    for chain in 0..chains.len() {
        let vertices = chains.chain(chain);
        let (a, b) = (root(&mut parent, vertices[0]), root(&mut parent, vertices[vertices.len() - 1]));
        parent.insert(a.max(b), a.min(b));
    }
    (0..chains.len()).map(|chain| root(&mut parent, chains.chain(chain)[0])).collect()
}

/// The northernmost vertex of a component (the easternmost of those) and where it stands.
struct Top {
    point: FixedPoint,
    chain: usize,
    /// Place of the vertex within its chain.
    place: usize,
}

fn component_tops(chains: &Chains, points: &[FixedPoint], components: &[u32]) -> BTreeMap<u32, Top> {
    let mut tops: BTreeMap<u32, Top> = BTreeMap::new();
    for (chain, &component) in components.iter().enumerate() {
        let start = chains.starts[chain] as usize;
        let own = &points[start..chains.starts[chain + 1] as usize];
        let (place, &point) =
            own.iter().enumerate().max_by_key(|(_, p)| (p.y, p.x)).expect("a chain has at least two vertices");
        let top = tops.entry(component).or_insert(Top { point, chain, place });
        if (point.y, point.x) > (top.point.y, top.point.x) {
            *top = Top { point, chain, place };
        }
    }
    tops
}

/// The half chain that has the outside of its component on its left, at the component's top vertex.
///
/// At the top every edge goes down or due west and the outside is just above, so it is left of the half that leaves in the
/// last direction, counterclockwise from due west.
fn outer_half(chains: &Chains, shared: &SharedEdges, leaving: &[(u32, u32)], top: &Top) -> u32 {
    let vertices = chains.chain(top.chain);
    let center = vertices[top.place];
    let point = |id: u32| shared.vertices[id as usize];
    let second = |half: u32| {
        let vertices = chains.chain((half / 2) as usize);
        point(if half.is_multiple_of(2) { vertices[1] } else { vertices[vertices.len() - 2] })
    };
    if top.place > 0 && top.place + 1 < vertices.len() {
        let (before, after) = (point(vertices[top.place - 1]), point(vertices[top.place + 1]));
        let forward = by_angle(point(center), before, after) == Ordering::Less;
        return 2 * top.chain as u32 + u32::from(!forward);
    }
    let first = leaving.partition_point(|&(vertex, _)| vertex < center);
    leaving[first..]
        .iter()
        .take_while(|&&(vertex, _)| vertex == center)
        .map(|&(_, half)| half)
        .max_by(|&a, &b| by_angle(point(center), second(a), second(b)))
        .expect("the ends of a chain leave from their vertex")
}

/// For every component, the half chain of another component that runs just above its top with its left side down.
fn halves_above(chains: &Chains, points: &[FixedPoint], tops: &BTreeMap<u32, Top>) -> BTreeMap<u32, Option<u32>> {
    let all = FixedBox::around(points);
    let shift = (64 - u64::from(all.x1.saturating_sub(all.x0)).leading_zeros()).saturating_sub(12);
    let column = |x: u32| (x.saturating_sub(all.x0) >> shift) as usize;
    let asked: Vec<bool> = {
        let mut asked = vec![false; column(all.x1.max(all.x0)) + 1];
        for top in tops.values() {
            asked[column(top.point.x)] = true;
        }
        asked
    };
    let mut edges: Vec<Vec<(u32, u32)>> = vec![Vec::new(); asked.len()];
    for chain in 0..chains.len() {
        for place in chains.starts[chain]..chains.starts[chain + 1] - 1 {
            let (a, b) = (points[place as usize], points[place as usize + 1]);
            for at in column(a.x.min(b.x))..=column(a.x.max(b.x)) {
                if asked[at] {
                    edges[at].push((chain as u32, place));
                }
            }
        }
    }
    tops.iter()
        .map(|(&component, top)| {
            let p = top.point;
            let mut best: Option<(u32, FixedPoint, FixedPoint)> = None;
            for &(chain, place) in &edges[column(p.x)] {
                let (a, b) = (points[place as usize], points[place as usize + 1]);
                if is_below(a, b, p) && best.is_none_or(|(_, c, d)| lower_at((a, b), (c, d), p.x) == Ordering::Less) {
                    best = Some((chain, a, b));
                }
            }
            // An edge that runs west has its underside on its left.
            (component, best.map(|(chain, a, b)| if a.x > b.x { 2 * chain } else { 2 * chain + 1 }))
        })
        .collect()
}

/// Which of two edges that do not cross is lower just east of `x`, which both span.
fn lower_at(e: (FixedPoint, FixedPoint), f: (FixedPoint, FixedPoint), x: u32) -> Ordering {
    let line = |(a, b): (FixedPoint, FixedPoint)| {
        let (a, b) = if a.x < b.x { (a, b) } else { (b, a) };
        let dx = i128::from(b.x) - i128::from(a.x);
        let dy = i128::from(b.y) - i128::from(a.y);
        (i128::from(a.y) * dx + (i128::from(x) - i128::from(a.x)) * dy, dx, dy)
    };
    let ((ye, dxe, dye), (yf, dxf, dyf)) = (line(e), line(f));
    (ye * dxf).cmp(&(yf * dxe)).then((dye * dxf).cmp(&(dyf * dxe)))
}
