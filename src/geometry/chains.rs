//! From edges to chains: maximal runs of edges between the same units.

use super::FixedPoint;
use super::edges::SharedEdges;
use super::packed_tree::{FixedBox, PackedTree};

/// Chains of edges with the same sides, flat in memory.
#[derive(Debug, Default)]
pub(super) struct Chains {
    /// Start of each chain in `vertices`; one more than there are chains.
    pub starts: Vec<u32>,
    /// Vertex numbers; a closed chain ends with its first vertex.
    pub vertices: Vec<u32>,
    /// Sides of each chain, as a number of the unit sets.
    pub sides: Vec<u32>,
}

impl Chains {
    /// How many chains there are.
    pub fn len(&self) -> usize {
        self.sides.len()
    }

    /// The vertices of a chain.
    pub fn chain(&self, place: usize) -> &[u32] {
        &self.vertices[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    /// Runs from every vertex where something changes to the next one; what is left are closed chains.
    pub fn trace(shared: &SharedEdges) -> Self {
        let count = shared.vertices.len();
        let mut first = vec![0_u32; count + 1];
        for edge in &shared.edges {
            first[edge.a as usize + 1] += 1;
            first[edge.b as usize + 1] += 1;
        }
        for vertex in 0..count {
            first[vertex + 1] += first[vertex];
        }
        let mut next = first.clone();
        let mut around = vec![0_u32; shared.edges.len() * 2];
        for (place, edge) in (0_u32..).zip(&shared.edges) {
            for end in [edge.a, edge.b] {
                around[next[end as usize] as usize] = place;
                next[end as usize] += 1;
            }
        }
        drop(next);
        let edges_at = |vertex: u32| &around[first[vertex as usize] as usize..first[vertex as usize + 1] as usize];
        let is_plain = |vertex: u32| match edges_at(vertex) {
            [a, b] => shared.edges[*a as usize].sides == shared.edges[*b as usize].sides,
            _ => false,
        };
        let mut chains = Self { starts: vec![0], ..Self::default() };
        chains.vertices.reserve(shared.edges.len() + shared.edges.len() / 16);
        let mut done = vec![false; shared.edges.len()];
        let run = |start: u32, mut edge: u32, done: &mut Vec<bool>, chains: &mut Self| {
            chains.vertices.push(start);
            chains.sides.push(shared.edges[edge as usize].sides);
            let mut at = start;
            loop {
                done[edge as usize] = true;
                let ends = &shared.edges[edge as usize];
                at = if ends.a == at { ends.b } else { ends.a };
                chains.vertices.push(at);
                if at == start || !is_plain(at) {
                    break;
                }
                let pair = edges_at(at);
                edge = if pair[0] == edge { pair[1] } else { pair[0] };
            }
            chains.starts.push(chains.vertices.len() as u32);
        };
        for vertex in 0..count as u32 {
            if !edges_at(vertex).is_empty() && !is_plain(vertex) {
                for &edge in edges_at(vertex) {
                    if !done[edge as usize] {
                        run(vertex, edge, &mut done, &mut chains);
                    }
                }
            }
        }
        for edge in 0..shared.edges.len() as u32 {
            if !done[edge as usize] {
                run(shared.edges[edge as usize].a, edge, &mut done, &mut chains);
            }
        }
        chains
    }

    /// Cuts chains into pieces of at most `most` edges, each with its box; gives the first vertex place of every piece
    /// (the last is where the chain ends) and a tree over their boxes.
    pub fn pieces(&self, vertices: &[FixedPoint], most: u32) -> (Vec<(u32, u32)>, Vec<FixedBox>, PackedTree) {
        let mut pieces = Vec::new();
        for chain in 0..self.len() {
            let (mut start, end) = (self.starts[chain], self.starts[chain + 1] - 1);
            while start < end {
                let stop = (start + most).min(end);
                pieces.push((start, stop));
                start = stop;
            }
        }
        let boxes: Vec<FixedBox> = pieces
            .iter()
            .map(|&(start, stop)| {
                let mut around = FixedBox::EMPTY;
                for &vertex in &self.vertices[start as usize..=stop as usize] {
                    let FixedPoint { x, y } = vertices[vertex as usize];
                    around.add(FixedBox { x0: x, y0: y, x1: x, y1: y });
                }
                around
            })
            .collect();
        let tree = PackedTree::new(&boxes);
        (pieces, boxes, tree)
    }
}
