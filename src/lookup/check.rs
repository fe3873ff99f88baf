//! Whether arrays that come from a file can be walked: every place they name is there, and every way down ends.
//!
//! A checksum tells that a file is as it was written, not that it was written by this program. What is checked here is enough
//! that no question runs past an array or in a circle; that an answer is right is for `atlas verify` to prove. One pass over
//! each array.

use super::coarse::MOST_EDGES as MOST_RUN;
use super::leaf::{Cell, EDGE_WORDS, LeafEdge, LeafHead, NODE_CELLS, SIDE_MASK};
use super::limits::{LimitsView, OUTSIDE};
use super::near_cells::NearCellsView;
use super::point_index::PointIndexView;
use super::root_grid::ROOT_BITS;
use crate::geometry::{CoverageView, Side};

/// Which array is no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The grid of root cells, or the cells.
    Roots,
    /// The cells of nodes.
    Nodes,
    /// The edges of leaves.
    Leaves,
    /// The coarse edges.
    Coarse,
    /// The limits of an edition.
    LimitEdges,
    /// The quadtree of limits that may be nearest.
    NearWords,
    /// Its lists.
    NearLists,
}

/// `Ok` where a fact holds.
fn holds(fact: bool, fault: Fault) -> Result<(), Fault> {
    if fact { Ok(()) } else { Err(fault) }
}

impl PointIndexView<'_> {
    /// Whether every way through the index ends, at a unit of so many or outside. The coverage is one that was checked.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self, coverage: CoverageView<'_>, units: usize) -> Result<(), Fault> {
        for edge in self.coarse() {
            let arc = edge.arc as usize;
            holds(arc < coverage.arc_count() && (1..=MOST_RUN as u32).contains(&edge.edges), Fault::Coarse)?;
            let (first, last) = (u64::from(edge.first), u64::from(edge.first) + u64::from(edge.edges));
            let own = u64::from(coverage.starts[arc])..u64::from(coverage.starts[arc + 1]);
            holds(own.contains(&first) && own.contains(&last), Fault::Coarse)?;
        }
        let (columns, rows) = self.grid().size();
        let most = 1 << (32 - ROOT_BITS);
        let there = (1..=most).contains(&columns) && (1..=most).contains(&rows);
        holds(there && self.grid().cell_count() == self.roots.len(), Fault::Roots)?;
        let mut visited = vec![false; self.nodes.len().div_ceil(NODE_CELLS)];
        let mut waiting = Vec::new();
        for &cell in self.roots {
            self.check_cell(Cell(cell), ROOT_BITS, units, &mut waiting)?;
            while let Some((place, width, cells)) = waiting.pop() {
                // Each node has one parent: no node is come to twice, and so no way leads round.
                for block in &mut visited[place / NODE_CELLS..(place + cells) / NODE_CELLS] {
                    holds(!std::mem::replace(block, true), Fault::Nodes)?;
                }
                for &cell in &self.nodes[place..place + cells] {
                    self.check_cell(Cell(cell), width, units, &mut waiting)?;
                }
            }
        }
        Ok(())
    }

    /// Checks a cell that is `1 << width` grid units wide; a node waits for its own cells to be checked.
    fn check_cell(
        &self,
        cell: Cell,
        width: u32,
        units: usize,
        waiting: &mut Vec<(usize, u32, usize)>,
    ) -> Result<(), Fault> {
        if cell.is_node() {
            let (place, own_width, fan) = cell.node_parts();
            let cells = 1_usize << (2 * fan);
            holds(own_width + fan == width && place + cells <= self.nodes.len(), Fault::Nodes)?;
            waiting.push((place, own_width, cells));
            return Ok(());
        }
        if cell.is_leaf() {
            return self.check_leaf(cell.payload() as usize, units);
        }
        holds(cell.payload() as usize <= units, Fault::Nodes)
    }

    fn check_leaf(&self, start: usize, units: usize) -> Result<(), Fault> {
        let head = LeafHead(*self.leaves.get(start).ok_or(Fault::Leaves)?);
        let words = self.leaves.get(start + 1..start + 1 + head.edges() * EDGE_WORDS).ok_or(Fault::Leaves)?;
        holds(head.edges() > 0 && (head.0 & SIDE_MASK) as usize <= units, Fault::Leaves)?;
        for words in words.chunks_exact(EDGE_WORDS) {
            let (first, edges) = LeafEdge::of_words([words[0], words[1], words[2], words[3]]).run();
            holds(edges > 0 && first + edges < self.vertices.len(), Fault::Leaves)?;
        }
        Ok(())
    }
}

impl LimitsView<'_> {
    /// Whether the limits of an edition with so many CLSC name edges and territories that there are, and every way through
    /// their quadtree ends.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self, classes: usize) -> Result<(), Fault> {
        let is_class = |class: u16| class == OUTSIDE || usize::from(class) < classes;
        for edge in self.edges() {
            let there = (edge.coarse as usize) < self.coarse_count() && edge.classes.into_iter().all(is_class);
            holds(there, Fault::LimitEdges)?;
        }
        self.near().check(self.roots(), self.edges().len())
    }
}

impl NearCellsView<'_> {
    fn check(&self, roots: usize, edges: usize) -> Result<(), Fault> {
        if self.words.is_empty() && self.lists.is_empty() {
            return Ok(());
        }
        let mut starts = vec![false; self.lists.len()];
        let mut at = 0;
        while let Some(&length) = self.lists.get(at) {
            starts[at] = true;
            let list = self.lists.get(at + 1..at + 1 + length as usize).ok_or(Fault::NearLists)?;
            holds(list.iter().all(|&edge| (edge as usize) < edges), Fault::NearLists)?;
            at += 1 + list.len();
        }
        holds(self.words.len() >= roots, Fault::NearWords)?;
        // How far down each word stands: groups of four come after the word that points to them.
        let mut depths = vec![0_u8; self.words.len()];
        for (place, &word) in self.words.iter().enumerate() {
            let target = (word >> 1) as usize;
            if word & 1 == 0 {
                holds(starts.get(target) == Some(&true), Fault::NearWords)?;
                continue;
            }
            let depth = depths[place] + 1;
            holds(target > place && u32::from(depth) < ROOT_BITS, Fault::NearWords)?;
            for below in depths.get_mut(target..target + 4).ok_or(Fault::NearWords)? {
                *below = depth.max(*below);
            }
        }
        Ok(())
    }
}

/// Whether the arcs of a coverage of so many units lie one after the other, each of at least two vertices between units that
/// there are.
#[must_use]
pub fn arcs_are_sound(coverage: CoverageView<'_>, units: usize) -> bool {
    let side = |side: &Side| *side as usize <= units;
    coverage.starts.first() == Some(&0)
        && coverage.starts.last().is_some_and(|&end| end as usize == coverage.vertices.len())
        && coverage.starts.windows(2).all(|pair| pair[1].checked_sub(pair[0]).is_some_and(|count| count >= 2))
        && coverage.sides.iter().flatten().all(side)
}
