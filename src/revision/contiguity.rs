//! Whether a territory holds together, and whether it still does without one unit.

use super::UnitGraph;

/// Room for searches in a graph, kept from one to the next so that none allocates.
#[derive(Debug, Clone)]
pub struct Search {
    stamp: u32,
    seen: Vec<u32>,
    group: Vec<u32>,
    queue: Vec<u32>,
    roots: Vec<u32>,
    open: Vec<u32>,
}

impl Search {
    /// Room for a graph of so many units.
    #[must_use]
    pub fn new(units: usize) -> Self {
        let (queue, roots, open) = (Vec::new(), Vec::new(), Vec::new());
        Self { stamp: 0, seen: vec![0; units], group: vec![0; units], queue, roots, open }
    }

    fn begin(&mut self) {
        self.queue.clear();
        self.roots.clear();
        self.open.clear();
        if self.stamp == u32::MAX {
            self.seen.fill(0);
            self.stamp = 0;
        }
        self.stamp += 1;
    }

    fn root(&mut self, mut group: u32) -> u32 {
        while self.roots[group as usize] != group {
            let above = self.roots[self.roots[group as usize] as usize];
            self.roots[group as usize] = above;
            group = above;
        }
        group
    }

    /// How many pieces the piece of a territory that `unit` is part of falls into once `unit` is taken out: 0 where the
    /// unit stands alone, 1 where the rest holds together. `inside` tells the territory's units; what it says of `unit`
    /// itself does not matter.
    ///
    /// Exact. Neighbours of the unit that are neighbours of one another settle nearly all cases in O(neighbours squared);
    /// failing that, a search from all of them at once stops as soon as all have met or all but one are exhausted.
    pub fn pieces_without(&mut self, graph: &UnitGraph, unit: u32, inside: impl Fn(u32) -> bool) -> u32 {
        self.begin();
        self.seen[unit as usize] = self.stamp;
        self.group[unit as usize] = u32::MAX;
        for link in graph.neighbours(unit) {
            if inside(link.unit) {
                let group = self.roots.len() as u32;
                self.roots.push(group);
                self.open.push(1);
                self.seen[link.unit as usize] = self.stamp;
                self.group[link.unit as usize] = group;
                self.queue.push(link.unit);
            }
        }
        let mut groups = self.roots.len() as u32;
        if groups <= 1 {
            return groups;
        }
        for at in 0..self.queue.len() {
            let here = self.queue[at];
            for link in graph.neighbours(here) {
                if self.seen[link.unit as usize] == self.stamp && self.join(here, link.unit) {
                    groups -= 1;
                    if groups == 1 {
                        return 1;
                    }
                }
            }
        }
        self.flood(graph, groups, inside)
    }

    /// Unites the groups of two units; false where they are one already.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.group[a as usize], self.group[b as usize]);
        if a == b || a == u32::MAX || b == u32::MAX {
            return false;
        }
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return false;
        }
        self.roots[b as usize] = a;
        self.open[a as usize] += self.open[b as usize];
        true
    }

    fn flood(&mut self, graph: &UnitGraph, mut groups: u32, inside: impl Fn(u32) -> bool) -> u32 {
        let mut exhausted = 0;
        let mut at = 0;
        while at < self.queue.len() && groups - exhausted > 1 {
            let here = self.queue[at];
            at += 1;
            for link in graph.neighbours(here) {
                let next = link.unit;
                if self.seen[next as usize] == self.stamp {
                    if self.join(here, next) {
                        groups -= 1;
                    }
                } else if inside(next) {
                    self.seen[next as usize] = self.stamp;
                    let root = self.root(self.group[here as usize]);
                    self.group[next as usize] = root;
                    self.open[root as usize] += 1;
                    self.queue.push(next);
                }
            }
            let root = self.root(self.group[here as usize]) as usize;
            self.open[root] -= 1;
            if self.open[root] == 0 {
                exhausted += 1;
            }
        }
        groups
    }

    /// The pieces of a territory, largest number of units first, each in order of place; ties by first unit.
    pub fn pieces(&mut self, graph: &UnitGraph, members: &[u32], inside: impl Fn(u32) -> bool) -> Vec<Vec<u32>> {
        self.begin();
        let mut pieces: Vec<Vec<u32>> = Vec::new();
        for &first in members {
            if self.seen[first as usize] == self.stamp {
                continue;
            }
            self.queue.clear();
            self.queue.push(first);
            self.seen[first as usize] = self.stamp;
            let mut at = 0;
            while at < self.queue.len() {
                for link in graph.neighbours(self.queue[at]) {
                    if self.seen[link.unit as usize] != self.stamp && inside(link.unit) {
                        self.seen[link.unit as usize] = self.stamp;
                        self.queue.push(link.unit);
                    }
                }
                at += 1;
            }
            let mut piece = self.queue.clone();
            piece.sort_unstable();
            pieces.push(piece);
        }
        pieces.sort_by_key(|piece| (std::cmp::Reverse(piece.len()), piece[0]));
        pieces
    }
}
