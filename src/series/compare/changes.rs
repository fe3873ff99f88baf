//! The class of every territory's change between two editions.
//!
//! Identity first. An older and a newer territory are the same one where, in this order: they hold the very same units;
//! they bear the same code and share a unit; each holds most of the other's people (units, where nobody lives). Then the
//! class is read off the rest of the overlap graph; [`ChangeClass`] says what each means.

use std::collections::BTreeSet;

use serde::Serialize;

use super::join::UnitJoin;
use super::overlap::{LevelView, Overlap, Part};
use crate::domain::{ChangeClass, Date, Edition, Level, MutationMode, OnsLetter, TerritoryCode};
use crate::series::SeriesError;

/// People and units exchanged with one other territory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flow {
    /// The other territory.
    pub code: TerritoryCode,
    /// Units.
    pub units: u32,
    /// People.
    pub people: u64,
    /// Part of the people of this territory, 0 to 1: before for departures, after for arrivals.
    pub share: f64,
}

/// A parent that is another one than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParentChange {
    /// The parent's level.
    pub level: Level,
    /// Parents before.
    pub before: Vec<TerritoryCode>,
    /// Parents after.
    pub after: Vec<TerritoryCode>,
}

/// What became of one territory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TerritoryChange {
    /// Code in the older edition; none for a new one.
    pub from_code: Option<TerritoryCode>,
    /// Name in the older edition.
    pub from_name: Option<String>,
    /// Code in the newer edition; none for one that is gone.
    pub to_code: Option<TerritoryCode>,
    /// Name in the newer edition.
    pub to_name: Option<String>,
    /// The class.
    pub class: ChangeClass,
    /// What it does to comparability.
    pub ons: OnsLetter,
    /// Modes of the mutation, in order of number.
    pub modes: Vec<MutationMode>,
    /// Parents that are others than before.
    pub parents: Vec<ParentChange>,
    /// Units before.
    pub units_before: u32,
    /// Units after.
    pub units_after: u32,
    /// People before, by the weights both editions are compared on.
    pub people_before: u64,
    /// People after.
    pub people_after: u64,
    /// People who came.
    pub people_in: u64,
    /// People who left.
    pub people_out: u64,
    /// People who came, part of those after, 0 to 1.
    pub share_in: f64,
    /// People who left, part of those before, 0 to 1.
    pub share_out: f64,
    /// Where units came from, largest first.
    pub arrivals: Vec<Flow>,
    /// Where units went, largest first.
    pub departures: Vec<Flow>,
    /// Older territories that share units with it, itself too, largest first.
    pub predecessors: Vec<TerritoryCode>,
    /// Newer territories that share units with it, itself too, largest first.
    pub successors: Vec<TerritoryCode>,
}

/// What became of every territory of a level between two editions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changes {
    /// The older edition.
    pub from: String,
    /// The newer edition.
    pub to: String,
    /// Day from which the newer one holds.
    pub date: Date,
    /// The level.
    pub level: Level,
    /// One a territory, in order of code.
    pub territories: Vec<TerritoryChange>,
}

impl Changes {
    /// Classifies every territory of a level. The answer is the same for any copy of the outlines, which are not looked at.
    ///
    /// # Errors
    /// [`SeriesError::NotTerritorial`], [`SeriesError::UnitCount`].
    pub fn classify(from: &Edition, to: &Edition, join: &UnitJoin, level: Level) -> Result<Self, SeriesError> {
        let overlap = Overlap::new(from, to, join, level)?;
        let upper: Vec<(Level, Overlap)> = Level::UPPER
            .into_iter()
            .filter(|&other| other > level)
            .map(|other| Ok((other, Overlap::new(from, to, join, other)?)))
            .collect::<Result<_, SeriesError>>()?;
        let sides = Sides { from: LevelView::new(from, level)?, to: LevelView::new(to, level)?, overlap, upper };
        let mut territories = sides.classify();
        territories.sort_by(|a, b| {
            let key = |change: &TerritoryChange| change.from_code.clone().or_else(|| change.to_code.clone());
            key(a).cmp(&key(b)).then_with(|| a.from_code.is_none().cmp(&b.from_code.is_none()))
        });
        Ok(Self {
            from: from.header.id.clone(),
            to: to.header.id.clone(),
            date: to.header.valid_from,
            level,
            territories,
        })
    }

    /// The change of an older territory.
    #[must_use]
    pub fn of_from(&self, code: &str) -> Option<&TerritoryChange> {
        self.territories.iter().find(|change| change.from_code.as_ref().is_some_and(|found| found.as_str() == code))
    }

    /// The change that led to a newer territory.
    #[must_use]
    pub fn of_to(&self, code: &str) -> Option<&TerritoryChange> {
        self.territories.iter().find(|change| change.to_code.as_ref().is_some_and(|found| found.as_str() == code))
    }

    /// How many territories fall in each class, in the order of [`ChangeClass::ALL`].
    #[must_use]
    pub fn counts(&self) -> [(ChangeClass, usize); 10] {
        ChangeClass::ALL.map(|class| (class, self.territories.iter().filter(|change| change.class == class).count()))
    }
}

struct Sides<'a> {
    from: LevelView<'a>,
    to: LevelView<'a>,
    overlap: Overlap,
    upper: Vec<(Level, Overlap)>,
}

impl Sides<'_> {
    fn classify(&self) -> Vec<TerritoryChange> {
        let (kept_as, kept_from) = self.identities();
        let mut changes = Vec::new();
        for from in 0..self.from.territories.len() {
            let class = match kept_as[from] {
                Some(to) => self.class_of_kept(from, to, &kept_as, &kept_from),
                None => self.class_of_gone(from, &kept_from),
            };
            changes.push(self.change(Some(from), kept_as[from], class));
        }
        for (to, kept) in kept_from.iter().enumerate() {
            if kept.is_none() {
                let class = self.class_of_new(to, &kept_as);
                changes.push(self.change(None, Some(to), class));
            }
        }
        changes
    }

    fn identities(&self) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
        let overlap = &self.overlap;
        let mut kept_as = vec![None; self.from.territories.len()];
        let mut kept_from = vec![None; self.to.territories.len()];
        let mut link = |from: usize, to: usize| {
            if kept_as[from].is_none() && kept_from[to].is_none() {
                kept_as[from] = Some(to);
                kept_from[to] = Some(from);
            }
        };
        for from in 0..self.from.territories.len() {
            if let Some(to) = overlap.same_as(from) {
                link(from, to);
            }
        }
        for (from, territory) in self.from.territories.iter().enumerate() {
            let same = self.to.territories.binary_search_by(|other| other.code.cmp(&territory.code));
            if let Ok(to) = same {
                let shares = overlap.of_from(from).any(|part| usize::from(part.to) == to);
                if shares || (overlap.by_from[from].is_empty() && overlap.by_to[to].is_empty()) {
                    link(from, to);
                }
            }
        }
        for part in &overlap.parts {
            let (from, to) = (usize::from(part.from), usize::from(part.to));
            let most = |all: u64, units: u32| {
                if all > 0 { part.population * 2 > all } else { part.units * 2 > units }
            };
            if most(self.people_from(from), units_of(overlap.of_from(from)))
                && most(self.people_to(to), units_of(overlap.of_to(to)))
            {
                link(from, to);
            }
        }
        (kept_as, kept_from)
    }

    fn class_of_kept(
        &self,
        from: usize,
        to: usize,
        kept_as: &[Option<usize>],
        kept_from: &[Option<usize>],
    ) -> ChangeClass {
        let overlap = &self.overlap;
        if overlap.same_as(from) == Some(to) || (overlap.by_from[from].is_empty() && overlap.by_to[to].is_empty()) {
            return self.class_of_same_units(from, to);
        }
        let outs: Vec<usize> =
            overlap.of_from(from).map(|part| usize::from(part.to)).filter(|&other| other != to).collect();
        let ins: Vec<usize> =
            overlap.of_to(to).map(|part| usize::from(part.from)).filter(|&other| other != from).collect();
        let shared = overlap.of_from(from).find(|part| usize::from(part.to) == to).map_or(0, |part| part.population);
        let own_piece = |&other: &usize| kept_from[other].is_none() && overlap.by_to[other].len() == 1;
        let absorbed = |&other: &usize| kept_as[other].is_none() && overlap.by_from[other].len() == 1;
        if ins.is_empty() && outs.iter().all(own_piece) {
            return ChangeClass::Split;
        }
        if outs.is_empty() && ins.iter().all(absorbed) {
            return ChangeClass::Merged;
        }
        let neighbours_stay =
            outs.iter().all(|&other| kept_from[other].is_some()) && ins.iter().all(|&other| kept_as[other].is_some());
        let same_core = shared * 2 >= self.people_from(from) && shared * 2 >= self.people_to(to);
        if neighbours_stay && same_core { ChangeClass::BoundaryShift } else { ChangeClass::Complex }
    }

    fn class_of_same_units(&self, from: usize, to: usize) -> ChangeClass {
        let (before, after) = (&self.from.territories[from], &self.to.territories[to]);
        if !self.parent_changes(from, to).is_empty() {
            ChangeClass::ParentChanged
        } else if before.code != after.code {
            ChangeClass::Recoded
        } else if before.name != after.name {
            ChangeClass::Renamed
        } else {
            ChangeClass::Unchanged
        }
    }

    fn class_of_gone(&self, from: usize, kept_from: &[Option<usize>]) -> ChangeClass {
        let targets: Vec<usize> = self.overlap.of_from(from).map(|part| usize::from(part.to)).collect();
        let own_piece = |&to: &usize| kept_from[to].is_none() && self.overlap.by_to[to].len() == 1;
        match targets[..] {
            [to] if self.overlap.is_sum_of_wholes(to) => ChangeClass::Merged,
            [_, _, ..] if targets.iter().all(own_piece) => ChangeClass::Split,
            _ => ChangeClass::Abolished,
        }
    }

    fn class_of_new(&self, to: usize, kept_as: &[Option<usize>]) -> ChangeClass {
        let sources: Vec<usize> = self.overlap.of_to(to).map(|part| usize::from(part.from)).collect();
        match sources[..] {
            [from] => {
                let whole = self.overlap.of_from(from).all(|part| self.overlap.by_to[usize::from(part.to)].len() == 1);
                if whole { ChangeClass::Split } else { ChangeClass::Created }
            }
            [_, _, ..] if self.overlap.is_sum_of_wholes(to) && sources.iter().all(|&from| kept_as[from].is_none()) => {
                ChangeClass::Merged
            }
            _ => ChangeClass::Created,
        }
    }

    fn parents_at(view: &LevelView, place: usize, level: Level) -> BTreeSet<usize> {
        let hierarchy = &view.edition.hierarchy;
        hierarchy.clsc_of(view.level, place).map(|clsc| hierarchy.parent(clsc, level)).collect()
    }

    /// A parent is the same one where it bears the same code or holds the very same units.
    fn parent_changes(&self, from: usize, to: usize) -> Vec<ParentChange> {
        let mut changes = Vec::new();
        for (level, overlap) in &self.upper {
            let before = Self::parents_at(&self.from, from, *level);
            let after = Self::parents_at(&self.to, to, *level);
            let older = self.from.edition.hierarchy.territories(*level);
            let newer = self.to.edition.hierarchy.territories(*level);
            let same = |&(a, b): &(usize, usize)| older[a].code == newer[b].code || overlap.same_as(a) == Some(b);
            let matched = before.iter().all(|&a| after.iter().any(|&b| same(&(a, b))))
                && after.iter().all(|&b| before.iter().any(|&a| same(&(a, b))));
            if !matched {
                changes.push(ParentChange {
                    level: *level,
                    before: before.iter().map(|&a| older[a].code.clone()).collect(),
                    after: after.iter().map(|&b| newer[b].code.clone()).collect(),
                });
            }
        }
        changes
    }

    fn people_from(&self, from: usize) -> u64 {
        self.overlap.of_from(from).map(|part| part.population).sum()
    }

    fn people_to(&self, to: usize) -> u64 {
        self.overlap.of_to(to).map(|part| part.population).sum()
    }

    fn change(&self, from: Option<usize>, to: Option<usize>, class: ChangeClass) -> TerritoryChange {
        let before = from.map(|from| &self.from.territories[from]);
        let after = to.map(|to| &self.to.territories[to]);
        let parents = from.zip(to).map_or_else(Vec::new, |(from, to)| self.parent_changes(from, to));
        let outgoing: Vec<&Part> = from.map_or_else(Vec::new, |from| self.overlap.of_from(from).collect());
        let incoming: Vec<&Part> = to.map_or_else(Vec::new, |to| self.overlap.of_to(to).collect());
        let people = |parts: &[&Part]| parts.iter().map(|part| part.population).sum::<u64>();
        let (people_before, people_after) = (people(&outgoing), people(&incoming));
        let share = |part: u64, all: u64| if all == 0 { 0.0 } else { part as f64 / all as f64 };
        let newer = |part: &Part| self.to.territories[usize::from(part.to)].code.clone();
        let older = |part: &Part| self.from.territories[usize::from(part.from)].code.clone();
        let flow = |part: &Part, code: TerritoryCode, all: u64| Flow {
            code,
            units: part.units,
            people: part.population,
            share: share(part.population, all),
        };
        let mut departures: Vec<Flow> = outgoing
            .iter()
            .filter(|part| to != Some(usize::from(part.to)))
            .map(|part| flow(part, newer(part), people_before))
            .collect();
        let mut arrivals: Vec<Flow> = incoming
            .iter()
            .filter(|part| from != Some(usize::from(part.from)))
            .map(|part| flow(part, older(part), people_after))
            .collect();
        for flows in [&mut departures, &mut arrivals] {
            flows.sort_by(|a, b| (b.people, b.units).cmp(&(a.people, a.units)).then_with(|| a.code.cmp(&b.code)));
        }
        let people_out = departures.iter().map(|flow| flow.people).sum();
        let people_in = arrivals.iter().map(|flow| flow.people).sum();
        TerritoryChange {
            from_code: before.map(|territory| territory.code.clone()),
            from_name: before.map(|territory| territory.name.clone()),
            to_code: after.map(|territory| territory.code.clone()),
            to_name: after.map(|territory| territory.name.clone()),
            class,
            ons: class.letter(),
            modes: modes(before.zip(after).is_some(), from.is_some(), class, !parents.is_empty(), |differs| {
                before.zip(after).is_some_and(|(before, after)| differs(before, after))
            }),
            parents,
            units_before: units_of(outgoing.iter().copied()),
            units_after: units_of(incoming.iter().copied()),
            people_before,
            people_after,
            people_in,
            people_out,
            share_in: share(people_in, people_after),
            share_out: share(people_out, people_before),
            arrivals,
            departures,
            predecessors: by_size(&incoming).into_iter().map(older).collect(),
            successors: by_size(&outgoing).into_iter().map(newer).collect(),
        }
    }
}

type Differs = fn(&crate::domain::Territory, &crate::domain::Territory) -> bool;

fn modes(
    kept: bool,
    existed: bool,
    class: ChangeClass,
    parents_differ: bool,
    differ: impl Fn(Differs) -> bool,
) -> Vec<MutationMode> {
    if !kept {
        return vec![if existed { MutationMode::Abolition } else { MutationMode::Creation }];
    }
    let mut modes = Vec::new();
    if differ(|before, after| before.name != after.name) {
        modes.push(MutationMode::Rename);
    }
    if parents_differ {
        modes.push(MutationMode::ParentMove);
    }
    if !class.keeps_units() {
        modes.push(MutationMode::TerritoryChange);
    }
    if differ(|before, after| before.code != after.code) {
        modes.push(MutationMode::Recode);
    }
    modes
}

fn by_size<'a>(parts: &[&'a Part]) -> Vec<&'a Part> {
    let mut parts = parts.to_vec();
    parts.sort_by_key(|part| (std::cmp::Reverse((part.population, part.units)), part.from, part.to));
    parts
}

fn units_of<'a>(parts: impl Iterator<Item = &'a Part>) -> u32 {
    parts.map(|part| part.units).sum()
}
