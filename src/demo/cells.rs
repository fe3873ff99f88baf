//! The cells once drawn: their order, neighbours, CLSC and people.

use super::mesh::Mesh;
use super::random::Random;
use super::sites::Site;
use super::tables::ClscFacts;

/// CLSC that are in several parts in truth as well: the Cree villages, each on its own land.
const IN_PARTS: [&str; 1] = ["18011"];
/// Times strays are looked for at most: a guard against going round in circles.
const ROUNDS: usize = 8;

/// Which cells of the mesh touch, as places in the list of sites.
#[derive(Debug)]
pub(super) struct Neighbours(Vec<Vec<(u32, f64)>>);

impl Neighbours {
    /// Reads them off the mesh.
    pub(super) fn of(mesh: &Mesh, cells: usize) -> Self {
        let around = |cell| mesh.neighbours(cell).map(|(other, length)| (other as u32, length)).collect();
        Self((0..cells).map(around).collect())
    }

    /// Cells that share a border with a cell, and its length in degrees of latitude.
    pub(super) fn around(&self, cell: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.0[cell].iter().map(|&(other, length)| (other as usize, length))
    }

    /// The same cells in another order: `order` holds the present place of each.
    pub(super) fn reordered(&self, order: &[usize]) -> Self {
        let mut new_place = vec![0_u32; order.len()];
        for (new, &old) in (0_u32..).zip(order) {
            new_place[old] = new;
        }
        Self(
            order
                .iter()
                .map(|&old| self.0[old].iter().map(|&(other, length)| (new_place[other as usize], length)).collect())
                .collect(),
        )
    }

    /// Connected groups of the cells that `belongs` accepts, largest first.
    pub(super) fn groups(&self, belongs: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.0.len()];
        let mut groups = Vec::new();
        for start in 0..self.0.len() {
            if seen[start] || !belongs(start) {
                continue;
            }
            seen[start] = true;
            let mut group = vec![start];
            let mut next = 0;
            while let Some(&cell) = group.get(next) {
                next += 1;
                for (other, _) in self.around(cell) {
                    if !seen[other] && belongs(other) {
                        seen[other] = true;
                        group.push(other);
                    }
                }
            }
            groups.push(group);
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        groups
    }
}

/// Gives cells that are cut off from their CLSC to the neighbour they share most border with.
///
/// The largest part of a CLSC stays, so none is emptied; [`IN_PARTS`] are left alone.
pub(super) fn join_strays(sites: &mut [Site], neighbours: &Neighbours, facts: &[ClscFacts]) {
    for _ in 0..ROUNDS {
        let mut changed = false;
        for (clsc, fact) in (0_u16..).zip(facts) {
            if IN_PARTS.contains(&fact.levels[0].0.as_str()) {
                continue;
            }
            for stray in neighbours.groups(|cell| sites[cell].clsc == clsc).into_iter().skip(1) {
                let mut shared = vec![0.0; facts.len()];
                for &cell in &stray {
                    for (other, length) in neighbours.around(cell) {
                        if sites[other].clsc != clsc {
                            shared[usize::from(sites[other].clsc)] += length;
                        }
                    }
                }
                let best = (0_u16..).zip(&shared).max_by(|a, b| a.1.total_cmp(b.1));
                if let Some((taker, _)) = best.filter(|(_, length)| **length > 0.0) {
                    for cell in stray {
                        sites[cell].clsc = taker;
                    }
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// Shares the people of each CLSC in 2016 among its cells; the sums are exact.
///
/// A settled cell weighs 0.7 to 1.3, one in 25 more; a remote one nearly nothing.
pub(super) fn settle(sites: &[Site], facts: &[ClscFacts], random: &mut Random) -> Vec<u32> {
    let weights: Vec<f64> = sites
        .iter()
        .map(|site| {
            let (usual, rare) = (random.signed(), random.unit());
            let crowded = if rare > 0.96 { 1.7 } else { 1.0 };
            if site.settled { crowded * (1.0 + 0.3 * usual) } else { 0.003 * (1.0 + usual) }
        })
        .collect();
    share(sites, &weights, facts.iter().map(|fact| fact.people_2016).collect())
}

/// The people of each cell in 2021: each CLSC's own of that year, its cells grown apart by chance as real ones do (a tenth
/// or so in five years); the sums are exact.
pub(super) fn grow(sites: &[Site], facts: &[ClscFacts], people_2016: &[u32], random: &mut Random) -> Vec<u32> {
    let weights: Vec<f64> =
        people_2016.iter().map(|&people| f64::from(people) * (0.15 * random.signed()).exp()).collect();
    share(sites, &weights, facts.iter().map(|fact| fact.people_2021).collect())
}

/// Shares the people of each CLSC among its cells by weight, in whole numbers; rests go to the largest fractions.
fn share(sites: &[Site], weights: &[f64], mut left: Vec<u64>) -> Vec<u32> {
    let mut totals = vec![0.0; left.len()];
    for (site, weight) in sites.iter().zip(weights) {
        totals[usize::from(site.clsc)] += weight;
    }
    let all = left.clone();
    let mut rests = Vec::with_capacity(sites.len());
    let mut people = Vec::with_capacity(sites.len());
    for (cell, (site, weight)) in sites.iter().zip(weights).enumerate() {
        let clsc = usize::from(site.clsc);
        let share = all[clsc] as f64 * weight / totals[clsc];
        people.push(share.floor() as u32);
        left[clsc] -= share.floor() as u64;
        rests.push((share.fract(), cell));
    }
    rests.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, cell) in rests {
        let left = &mut left[usize::from(sites[cell].clsc)];
        if *left > 0 {
            *left -= 1;
            people[cell] += 1;
        }
    }
    people
}

/// Identifiers of cells that are in order of CLSC: `24`, the region, and a number from 5001 up within the region.
///
/// They look like a DAUID but are none: the real numbers within a census division stay below 5001.
pub(super) fn identifiers(sites: &[Site], facts: &[ClscFacts]) -> Vec<String> {
    let mut numbers = std::collections::BTreeMap::new();
    sites
        .iter()
        .map(|site| {
            let region = facts[usize::from(site.clsc)].levels[3].0.as_str();
            let number = numbers.entry(region).or_insert(5000_u32);
            *number += 1;
            format!("24{region}{number}")
        })
        .collect()
}
