//! What happens between the editions of the model, each change with its sentence.

use super::TerritoryCode;
use super::cells::Neighbours;
use super::editions::Names;
use super::sites::Site;

/// An edition being written.
pub(super) struct Draft<'a> {
    names: Vec<Names>,
    attachment: Vec<TerritoryCode>,
    changes: Vec<String>,
    sites: &'a [Site],
    neighbours: &'a Neighbours,
    people: &'a [u32],
}

impl<'a> Draft<'a> {
    /// Starts from an edition.
    pub(super) fn new(
        names: Vec<Names>,
        attachment: Vec<TerritoryCode>,
        sites: &'a [Site],
        neighbours: &'a Neighbours,
        people: &'a [u32],
    ) -> Self {
        Self { names, attachment, changes: Vec::new(), sites, neighbours, people }
    }

    /// The CLSC in order of code, the CLSC of every cell, and the sentences.
    pub(super) fn finish(mut self) -> (Vec<Names>, Vec<TerritoryCode>, Vec<String>) {
        self.names.sort_by(|a, b| a[0].0.cmp(&b[0].0));
        (self.names, self.attachment, self.changes)
    }

    /// Moves some cells of a CLSC that lie along another one to it, so that what is left stays in one piece.
    pub(super) fn transfer(&mut self, from: &str, to: &str, count: usize) {
        let mut moved = Vec::new();
        while moved.len() < count {
            let Some(cell) = self.next_to_transfer(from, to) else { break };
            self.attachment[cell] = TerritoryCode::new(to);
            moved.push(cell);
        }
        let [giver, taker] = [from, to].map(|code| self.levels(code).clone());
        let common = if giver[1].0 == taker[1].0 {
            format!("both of RLS {}", giver[1].0)
        } else {
            format!("from RTS {} to RTS {}", giver[2].0, taker[2].0)
        };
        let (cells, people) = (moved.len(), self.people_of(&moved));
        self.changes.push(format!(
            "{cells} dissemination areas with {people} people moved from CLSC {from} {} to CLSC {to} {}, {common}.",
            giver[0].1, taker[0].1
        ));
    }

    /// Gives a CLSC another name.
    pub(super) fn rename(&mut self, code: &str, name: &str) {
        let before = std::mem::replace(&mut self.levels_mut(code)[0].1, name.to_owned());
        self.changes.push(format!("CLSC {code} was renamed from {before} to {name}."));
    }

    /// Cuts the western part off a CLSC, with about that share of its people, as a new one beside it.
    pub(super) fn split(&mut self, code: &str, name: &str, west_code: &str, west_name: &str, share: f64) {
        let mut cells = self.cells_of(code);
        let aim = share * self.people_of(&cells) as f64;
        cells.sort_by(|&a, &b| self.sites[a].at[0].total_cmp(&self.sites[b].at[0]));
        let mut taken = 0.0;
        for cell in cells {
            if taken >= aim {
                break;
            }
            taken += f64::from(self.people[cell]);
            self.attachment[cell] = TerritoryCode::new(west_code);
        }
        for (cut, other) in [(west_code, code), (code, west_code)] {
            for stray in self.groups(cut).into_iter().skip(1).flatten() {
                self.attachment[stray] = TerritoryCode::new(other);
            }
        }
        let mut west = self.levels(code).clone();
        let before = std::mem::replace(&mut self.levels_mut(code)[0].1, name.to_owned());
        west[0] = (TerritoryCode::new(west_code), west_name.to_owned());
        self.names.push(west);
        let people = self.people_of(&self.cells_of(west_code));
        self.changes.push(format!(
            "CLSC {code} {before} was split in two: {code} {name}, and the new {west_code} {west_name} with {people} people."
        ));
    }

    /// Adds a CLSC to another one, which gets a new name.
    pub(super) fn merge(&mut self, gone: &str, kept: &str, name: &str) {
        let [absorbed, before] = [gone, kept].map(|code| self.levels(code)[0].1.clone());
        self.relabel(gone, kept);
        self.names.retain(|levels| levels[0].0.as_str() != gone);
        name.clone_into(&mut self.levels_mut(kept)[0].1);
        self.changes
            .push(format!("CLSC {gone} {absorbed} and CLSC {kept} {before} were merged as CLSC {kept} {name}."));
    }

    /// Moves a CLSC to another RLS; as codes nest, it gets a new code.
    pub(super) fn move_to(&mut self, code: &str, rls: &str, new_code: &str) {
        let host = self.names.iter().find(|levels| levels[1].0.as_str() == rls);
        let above = host.expect("a CLSC only moves to an RLS that there is").clone();
        let levels = self.levels_mut(code);
        let (name, before) = (levels[0].1.clone(), levels[1].0.clone());
        levels[0].0 = TerritoryCode::new(new_code);
        levels[1..].clone_from_slice(&above[1..]);
        self.relabel(code, new_code);
        self.changes
            .push(format!("CLSC {code} {name} moved from RLS {before} to RLS {rls} and became CLSC {new_code}."));
    }

    /// The cell of a CLSC with the largest part of its border along another one, if what is left stays in one piece.
    fn next_to_transfer(&self, from: &str, to: &str) -> Option<usize> {
        let parts = self.groups(from).len();
        let mut cells: Vec<(f64, usize)> = self
            .cells_of(from)
            .into_iter()
            .filter(|&cell| self.sites[cell].settled)
            .map(|cell| {
                let (along, all) = self.neighbours.around(cell).fold((0.0, 0.0), |(along, all), (other, length)| {
                    let shared = if self.attachment[other].as_str() == to { length } else { 0.0 };
                    (along + shared, all + length)
                });
                (along / all, cell)
            })
            .filter(|&(share, _)| share > 0.0)
            .collect();
        cells.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        cells.into_iter().map(|(_, cell)| cell).find(|&cell| {
            let rest = |other: usize| other != cell && self.attachment[other].as_str() == from;
            self.neighbours.groups(rest).len() == parts
        })
    }

    fn relabel(&mut self, from: &str, to: &str) {
        for code in self.attachment.iter_mut().filter(|code| code.as_str() == from) {
            *code = TerritoryCode::new(to);
        }
    }

    fn cells_of(&self, code: &str) -> Vec<usize> {
        (0..self.attachment.len()).filter(|&cell| self.attachment[cell].as_str() == code).collect()
    }

    fn groups(&self, code: &str) -> Vec<Vec<usize>> {
        self.neighbours.groups(|cell| self.attachment[cell].as_str() == code)
    }

    fn people_of(&self, cells: &[usize]) -> u64 {
        cells.iter().map(|&cell| u64::from(self.people[cell])).sum()
    }

    fn levels(&self, code: &str) -> &Names {
        self.names.iter().find(|levels| levels[0].0.as_str() == code).expect("changes name CLSC that there are")
    }

    fn levels_mut(&mut self, code: &str) -> &mut Names {
        self.names.iter_mut().find(|levels| levels[0].0.as_str() == code).expect("changes name CLSC that there are")
    }
}
