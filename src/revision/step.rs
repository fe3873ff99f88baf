//! One operation on a draft: carried out or refused, with its inverse.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{self, Change};
use super::draft::Draft;
use super::{NewClsc, Operation, Parents, PublishedPeople, Refusal, Transfer};
use crate::domain::{Level, Share, Straddle, TerritoryCode, UnitId};

/// What an operation did.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The operations that undo it, in order.
    pub(super) inverse: Vec<Operation>,
    /// What it changed, territory by territory.
    pub(super) changes: Vec<Change>,
}

/// Carries out an operation; a refused one leaves the draft as it was.
pub(super) fn perform(draft: &mut Draft<'_>, operation: &Operation) -> Result<Step, Refusal> {
    let mut after = draft.clone();
    let mut inverse = after.carry_out(operation)?;
    after.purge();
    let recoded = match operation {
        Operation::Recode { level, code, new_code } => level.territorial_index().map(|place| (place, code, new_code)),
        _ => None,
    };
    let homes = changes::homes(draft, &after);
    let changes = changes::between(draft, &after, &homes)?;
    let restated = if matches!(operation, Operation::Restate { .. }) {
        None
    } else {
        changes::make_void(draft, &mut after, &homes, recoded)
    };
    inverse.extend(restated);
    *draft = after;
    Ok(Step { inverse, changes })
}

/// Units that were moved, by the CLSC they came from.
#[derive(Default)]
struct Origins(BTreeMap<TerritoryCode, Vec<UnitId>>);

impl Origins {
    fn note(&mut self, draft: &Draft<'_>, unit: u32) {
        self.0.entry(draft.home_code(unit).clone()).or_default().push(draft.units.id(unit).clone());
    }

    fn transfers(self) -> Vec<Transfer> {
        self.0.into_iter().map(|(to, units)| Transfer { to, units }).collect()
    }
}

impl Draft<'_> {
    /// Changes the draft and gives the inverse; on refusal the draft is not to be used any more.
    fn carry_out(&mut self, operation: &Operation) -> Result<Vec<Operation>, Refusal> {
        match operation {
            Operation::MoveUnits { transfers } => self.move_units(transfers),
            Operation::Split { clsc, parts } => self.split(clsc, parts),
            Operation::Merge { into, from } => self.merge(into, from),
            Operation::Create { clsc } => self.create(clsc),
            Operation::Close { clsc, homes } => self.close(clsc, homes),
            Operation::Rename { level, code, name } => self.rename(*level, code, name),
            Operation::Recode { level, code, new_code } => self.recode(*level, code, new_code),
            Operation::MoveClscToRls { clsc, rls } => {
                let slot = self.clsc(clsc)?;
                self.place_under(&[slot], 1, rls)
            }
            Operation::MoveRlsToRts { rls, rts } => {
                let slots = self.known(1, rls)?;
                self.place_under(&slots, 2, rts)
            }
            Operation::MoveRtsToRss { rts, rss } => {
                let slots = self.known(2, rts)?;
                self.place_under(&slots, 3, rss)
            }
            Operation::MoveClscToRuisss { clsc, ruisss } => {
                let slot = self.clsc(clsc)?;
                self.place_under(&[slot], 4, ruisss)
            }
            Operation::SetParents { clsc, parents } => self.set_parents(clsc, parents),
            Operation::Restate { published, straddles } => self.restate(published, straddles),
        }
    }

    /// Sends units to their new homes; all must exist, be named once and be elsewhere.
    fn transfer(&mut self, transfers: &[Transfer], within: Option<u32>) -> Result<Origins, Refusal> {
        let (mut seen, mut origins, mut left) = (BTreeSet::new(), Origins::default(), BTreeSet::new());
        let mut moved = Vec::new();
        for transfer in transfers {
            let to = self.clsc(&transfer.to)?;
            for id in &transfer.units {
                let unit = self.unit(&mut seen, id)?;
                let from = self.home[unit as usize];
                if let Some(expected) = within.filter(|&expected| expected != from) {
                    let (found, expected) = (self.home_code(unit).clone(), self.code_at(expected, 0).clone());
                    return Err(Refusal::NotInClsc { unit: id.clone(), found, expected });
                }
                if from == to {
                    return Err(Refusal::AlreadyThere { unit: id.clone(), clsc: transfer.to.clone() });
                }
                origins.note(self, unit);
                left.insert(from);
                moved.push((unit, to));
            }
        }
        if moved.is_empty() {
            return Err(Refusal::NoEffect);
        }
        for (unit, to) in moved {
            self.home[unit as usize] = to;
        }
        if within.is_none() {
            self.none_empty(&left)?;
        }
        Ok(origins)
    }

    fn move_units(&mut self, transfers: &[Transfer]) -> Result<Vec<Operation>, Refusal> {
        let origins = self.transfer(transfers, None)?;
        Ok(vec![Operation::MoveUnits { transfers: origins.transfers() }])
    }

    fn split(&mut self, clsc: &TerritoryCode, parts: &[NewClsc]) -> Result<Vec<Operation>, Refusal> {
        let source = self.clsc(clsc)?;
        if parts.is_empty() {
            return Err(Refusal::NoEffect);
        }
        let mut seen = BTreeSet::new();
        for part in parts {
            let above = match &part.parents {
                Some(parents) => self.adopt(parents)?,
                None => std::array::from_fn(|level| self.code_at(source, level + 1).clone()),
            };
            let slot = self.add(&part.code, &part.name, above)?;
            for id in &part.units {
                let unit = self.unit(&mut seen, id)?;
                if self.home[unit as usize] != source {
                    let found = self.home_code(unit).clone();
                    return Err(Refusal::NotInClsc { unit: id.clone(), found, expected: clsc.clone() });
                }
                self.home[unit as usize] = slot;
            }
            self.none_empty(&BTreeSet::from([source, slot]))?;
        }
        let from = parts.iter().map(|part| part.code.clone()).collect();
        Ok(vec![Operation::Merge { into: clsc.clone(), from }])
    }

    fn merge(&mut self, into: &TerritoryCode, from: &[TerritoryCode]) -> Result<Vec<Operation>, Refusal> {
        let target = self.clsc(into)?;
        if from.is_empty() {
            return Err(Refusal::NoEffect);
        }
        let mut parts = Vec::new();
        let mut seen = BTreeSet::from([target]);
        for code in from {
            let slot = self.clsc(code)?;
            if !seen.insert(slot) {
                return Err(Refusal::RepeatedClsc { clsc: code.clone() });
            }
            parts.push(NewClsc {
                code: code.clone(),
                name: self.names[0][code].clone(),
                units: self.members(slot),
                parents: Some(self.parents(slot)),
            });
        }
        for home in &mut self.home {
            if seen.contains(home) {
                *home = target;
            }
        }
        for code in from {
            self.remove(code);
            for straddle in self.straddles.values_mut() {
                join_shares(straddle, code, into);
            }
        }
        Ok(vec![Operation::Split { clsc: into.clone(), parts }])
    }

    fn create(&mut self, new: &NewClsc) -> Result<Vec<Operation>, Refusal> {
        let mut seen = BTreeSet::new();
        let units: Vec<u32> = new.units.iter().map(|id| self.unit(&mut seen, id)).collect::<Result<_, _>>()?;
        let sources: BTreeSet<u32> = units.iter().map(|&unit| self.home[unit as usize]).collect();
        let above = if let Some(parents) = &new.parents {
            self.adopt(parents)?
        } else {
            let mut above = sources.iter().map(|&slot| &self.slots[slot as usize].codes[1..]);
            let first = above.next().ok_or_else(|| Refusal::EmptyTerritory { clsc: new.code.clone() })?;
            if above.any(|other| other != first) {
                return Err(Refusal::MissingParents { clsc: new.code.clone() });
            }
            std::array::from_fn(|level| first[level].clone())
        };
        let slot = self.add(&new.code, &new.name, above)?;
        let mut origins = Origins::default();
        for unit in units {
            origins.note(self, unit);
            self.home[unit as usize] = slot;
        }
        self.none_empty(&sources.into_iter().chain([slot]).collect())?;
        Ok(vec![Operation::Close { clsc: new.code.clone(), homes: origins.transfers() }])
    }

    fn close(&mut self, clsc: &TerritoryCode, homes: &[Transfer]) -> Result<Vec<Operation>, Refusal> {
        let slot = self.clsc(clsc)?;
        let inverse = NewClsc {
            code: clsc.clone(),
            name: self.names[0][clsc].clone(),
            units: self.members(slot),
            parents: Some(self.parents(slot)),
        };
        self.transfer(homes, Some(slot))?;
        let left = self.members(slot);
        if let Some(unit) = left.first() {
            return Err(Refusal::LeftWithoutClsc { unit: unit.clone(), clsc: clsc.clone(), count: left.len() });
        }
        self.remove(clsc);
        Ok(vec![Operation::Create { clsc: inverse }])
    }

    fn rename(&mut self, level: Level, code: &TerritoryCode, name: &str) -> Result<Vec<Operation>, Refusal> {
        let place = level.territorial_index().ok_or(Refusal::NotTerritorial { level })?;
        if name.trim().is_empty() {
            return Err(Refusal::MissingName { level, code: code.clone() });
        }
        let kept = self.names[place].get_mut(code).ok_or_else(|| Refusal::UnknownCode { level, code: code.clone() })?;
        if kept == name {
            return Err(Refusal::NoEffect);
        }
        let before = std::mem::replace(kept, name.to_owned());
        Ok(vec![Operation::Rename { level, code: code.clone(), name: before }])
    }

    fn recode(&mut self, level: Level, code: &TerritoryCode, new: &TerritoryCode) -> Result<Vec<Operation>, Refusal> {
        let place = level.territorial_index().ok_or(Refusal::NotTerritorial { level })?;
        let name =
            self.names[place].get(code).cloned().ok_or_else(|| Refusal::UnknownCode { level, code: code.clone() })?;
        if code == new {
            return Err(Refusal::NoEffect);
        }
        self.check_new(level, new)?;
        self.names[place].remove(code);
        self.names[place].insert(new.clone(), name);
        if let Some(people) = self.published[place].remove(code) {
            self.published[place].insert(new.clone(), people);
        }
        for slot in self.by_code.values() {
            let kept = &mut self.slots[*slot as usize].codes[place];
            if kept == code {
                *kept = new.clone();
            }
        }
        if place == 0 {
            if let Some(slot) = self.by_code.remove(code) {
                self.by_code.insert(new.clone(), slot);
            }
            for share in self.straddles.values_mut().flat_map(|straddle| &mut straddle.shares) {
                if share.clsc == *code {
                    share.clsc = new.clone();
                }
            }
        }
        Ok(vec![Operation::Recode { level, code: new.clone(), new_code: code.clone() }])
    }

    fn known(&self, level: usize, code: &TerritoryCode) -> Result<Vec<u32>, Refusal> {
        let slots = self.slots_in(level, code);
        if slots.is_empty() {
            return Err(Refusal::UnknownCode { level: Level::TERRITORIAL[level], code: code.clone() });
        }
        Ok(slots)
    }

    /// Puts CLSC under a territory, and under what stands above it up to the RSS.
    fn place_under(&mut self, slots: &[u32], level: usize, code: &TerritoryCode) -> Result<Vec<Operation>, Refusal> {
        let mut above = vec![(level, code.clone())];
        let inside = self.known(level, code)?;
        for upper in level + 1..4 {
            let mut codes = inside.iter().map(|&slot| self.code_at(slot, upper));
            let first = codes.next().cloned().ok_or(Refusal::NoEffect)?;
            if codes.any(|other| *other != first) {
                let (level, upper) = (Level::TERRITORIAL[level], Level::TERRITORIAL[upper]);
                return Err(Refusal::AmbiguousParent { level, code: code.clone(), upper });
            }
            above.push((upper, first));
        }
        let mut inverse = Vec::new();
        for &slot in slots {
            let parents = self.parents(slot);
            let codes = &mut self.slots[slot as usize].codes;
            if above.iter().all(|(level, code)| codes[*level] == *code) {
                continue;
            }
            for (level, code) in &above {
                codes[*level] = code.clone();
            }
            inverse.push(Operation::SetParents { clsc: codes[0].clone(), parents });
        }
        if inverse.is_empty() { Err(Refusal::NoEffect) } else { Ok(inverse) }
    }

    fn set_parents(&mut self, clsc: &TerritoryCode, parents: &Parents) -> Result<Vec<Operation>, Refusal> {
        let slot = self.clsc(clsc)?;
        let before = self.parents(slot);
        let above = self.adopt(parents)?;
        let codes = &mut self.slots[slot as usize].codes;
        if codes[1..] == above {
            return Err(Refusal::NoEffect);
        }
        codes[1..].clone_from_slice(&above);
        Ok(vec![Operation::SetParents { clsc: clsc.clone(), parents: before }])
    }

    fn restate(&mut self, people: &[PublishedPeople], straddles: &[Straddle]) -> Result<Vec<Operation>, Refusal> {
        let mut before_people = Vec::new();
        for stated in people {
            let (level, code) = (stated.level, &stated.code);
            let place = level.territorial_index().ok_or(Refusal::NotTerritorial { level })?;
            if !self.names[place].contains_key(code) {
                return Err(Refusal::UnknownCode { level, code: code.clone() });
            }
            let before = match stated.people {
                Some(people) => self.published[place].insert(code.clone(), people),
                None => self.published[place].remove(code),
            };
            before_people.push(PublishedPeople { level, code: code.clone(), people: before });
        }
        let mut before_straddles = Vec::new();
        for straddle in straddles {
            let id = &straddle.unit;
            let unit = self.units.find(id.as_str()).ok_or_else(|| Refusal::UnknownUnit { unit: id.clone() })?;
            let before = if straddle.shares.is_empty() {
                self.straddles.remove(&unit)
            } else if self.holds(unit, straddle) {
                self.straddles.insert(unit, straddle.clone())
            } else {
                return Err(Refusal::BadStraddle { unit: id.clone(), clsc: self.home_code(unit).clone() });
            };
            before_straddles.push(before.unwrap_or_else(|| not_shared(id)));
        }
        // Last stated, first given back: the same territory may stand twice.
        before_people.reverse();
        before_straddles.reverse();
        Ok(vec![Operation::Restate { published: before_people, straddles: before_straddles }])
    }
}

/// The statement that a unit is not shared.
pub(super) fn not_shared(unit: &UnitId) -> Straddle {
    Straddle { unit: unit.clone(), shares: Vec::new(), people_moved: None }
}

/// Gives the share of an abolished CLSC to the one it went into.
fn join_shares(straddle: &mut Straddle, from: &TerritoryCode, into: &TerritoryCode) {
    let Some(at) = straddle.shares.iter().position(|share| share.clsc == *from) else { return };
    let fraction = straddle.shares[at].fraction;
    match straddle.shares.iter().position(|share| share.clsc == *into) {
        None => straddle.shares[at].clsc = into.clone(),
        Some(other) => {
            straddle.shares[other].fraction += fraction;
            // The first share is the one that has the unit.
            if at == 0 {
                let whole: Share = straddle.shares.remove(other);
                straddle.shares[0] = whole;
            } else {
                straddle.shares.remove(at);
            }
        }
    }
}
