//! An edition while it is being changed: territories by code, and the CLSC of every unit.

use std::collections::{BTreeMap, BTreeSet};

use super::{Parent, Parents, Refusal, UnitIndex};
use crate::domain::{
    AttachmentTable, Edition, EditionHeader, Hierarchy, HierarchyRow, Level, Straddle, Territory, TerritoryCode,
    TerritoryIndex, UnitId,
};

/// A CLSC of a draft: its code and those of its RLS, RTS, RSS and RUISSS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) codes: [TerritoryCode; 5],
}

/// The working state. Slots of abolished CLSC stay in the list, out of `by_code`.
#[derive(Debug, Clone)]
pub(super) struct Draft<'u> {
    pub(super) units: &'u UnitIndex,
    pub(super) slots: Vec<Slot>,
    pub(super) by_code: BTreeMap<TerritoryCode, u32>,
    /// Slot of each unit.
    pub(super) home: Vec<u32>,
    /// Names of the territories of each level.
    pub(super) names: [BTreeMap<TerritoryCode, String>; 5],
    pub(super) published: [BTreeMap<TerritoryCode, u64>; 5],
    pub(super) straddles: BTreeMap<u32, Straddle>,
}

impl<'u> Draft<'u> {
    pub(super) fn new(edition: &Edition, units: &'u UnitIndex) -> Self {
        let rows = edition.hierarchy.rows();
        let mut draft = Self {
            units,
            slots: Vec::with_capacity(rows.len()),
            by_code: BTreeMap::new(),
            home: edition.attachment.as_slice().iter().map(|&clsc| u32::from(clsc)).collect(),
            names: Default::default(),
            published: Default::default(),
            straddles: BTreeMap::new(),
        };
        for (slot, row) in (0_u32..).zip(&rows) {
            for (level, territory) in row.territories.iter().enumerate() {
                draft.names[level].insert(territory.code.clone(), territory.name.clone());
                if let Some(people) = territory.published_population {
                    draft.published[level].insert(territory.code.clone(), people);
                }
            }
            let codes = row.territories.each_ref().map(|territory| territory.code.clone());
            draft.by_code.insert(codes[0].clone(), slot);
            draft.slots.push(Slot { codes });
        }
        for straddle in &edition.straddles {
            if let Some(unit) = units.find(straddle.unit.as_str()) {
                draft.straddles.insert(unit, straddle.clone());
            }
        }
        draft
    }

    /// The territories as they stand.
    pub(super) fn hierarchy(&self) -> Result<Hierarchy, Refusal> {
        let territory = |level: usize, code: &TerritoryCode| Territory {
            code: code.clone(),
            name: self.names[level].get(code).cloned().unwrap_or_default(),
            published_population: self.published[level].get(code).copied(),
        };
        let rows: Vec<HierarchyRow> = self
            .by_code
            .values()
            .map(|&slot| {
                let codes = &self.slots[slot as usize].codes;
                HierarchyRow { territories: std::array::from_fn(|level| territory(level, &codes[level])) }
            })
            .collect();
        Ok(Hierarchy::new(&rows)?)
    }

    /// The place of each slot in the list of CLSC; the first for one that is not in use.
    pub(super) fn places(&self) -> Vec<TerritoryIndex> {
        let mut places = vec![TerritoryIndex::default(); self.slots.len()];
        for (at, &slot) in self.by_code.values().enumerate() {
            places[slot as usize] = TerritoryIndex::new(at);
        }
        places
    }

    /// The edition as it stands; shared units in the order of units.
    pub(super) fn edition(&self, header: EditionHeader) -> Result<Edition, Refusal> {
        let (hierarchy, places) = (self.hierarchy()?, self.places());
        let attached = self.home.iter().map(|&slot| places[slot as usize].0).collect();
        let attachment = AttachmentTable::new(attached, hierarchy.clsc_count())
            .expect("every unit of a draft is in a slot that its list of codes holds");
        Ok(Edition { header, hierarchy, attachment, straddles: self.straddles.values().cloned().collect() })
    }

    /// Slot of a CLSC by code.
    pub(super) fn clsc(&self, code: &TerritoryCode) -> Result<u32, Refusal> {
        self.by_code.get(code).copied().ok_or_else(|| Refusal::UnknownCode { level: Level::Clsc, code: code.clone() })
    }

    /// Place of a unit named for the first time in an operation.
    pub(super) fn unit(&self, seen: &mut BTreeSet<u32>, id: &UnitId) -> Result<u32, Refusal> {
        let unit = self.units.find(id.as_str()).ok_or_else(|| Refusal::UnknownUnit { unit: id.clone() })?;
        if seen.insert(unit) { Ok(unit) } else { Err(Refusal::MovedTwice { unit: id.clone() }) }
    }

    pub(super) fn code_at(&self, slot: u32, level: usize) -> &TerritoryCode {
        &self.slots[slot as usize].codes[level]
    }

    /// Code of the CLSC of a unit.
    pub(super) fn home_code(&self, unit: u32) -> &TerritoryCode {
        self.code_at(self.home[unit as usize], 0)
    }

    /// Identifiers of the units of a slot, in order.
    pub(super) fn members(&self, slot: u32) -> Vec<UnitId> {
        (0_u32..)
            .zip(&self.home)
            .filter(|&(_, &home)| home == slot)
            .map(|(unit, _)| self.units.id(unit).clone())
            .collect()
    }

    /// Refuses a draft in which one of these slots has no unit.
    pub(super) fn none_empty(&self, slots: &BTreeSet<u32>) -> Result<(), Refusal> {
        let mut empty = slots.clone();
        for home in &self.home {
            empty.remove(home);
        }
        match empty.first() {
            None => Ok(()),
            Some(&slot) => Err(Refusal::EmptyTerritory { clsc: self.code_at(slot, 0).clone() }),
        }
    }

    /// What stands above a slot, with names, so that it can be made anew.
    pub(super) fn parents(&self, slot: u32) -> Parents {
        let parent = |level: usize| {
            let code = self.code_at(slot, level).clone();
            Parent { name: self.names[level].get(&code).cloned(), code }
        };
        Parents { rls: parent(1), rts: parent(2), rss: parent(3), ruisss: parent(4) }
    }

    /// Takes the codes of stated parents, and the names of new ones.
    pub(super) fn adopt(&mut self, parents: &Parents) -> Result<[TerritoryCode; 4], Refusal> {
        for (place, parent) in parents.in_order().into_iter().enumerate() {
            let level = Level::UPPER[place];
            if self.names[place + 1].contains_key(&parent.code) {
                continue;
            }
            let name = parent
                .name
                .as_ref()
                .filter(|name| !name.trim().is_empty())
                .ok_or_else(|| Refusal::UnknownCode { level, code: parent.code.clone() })?;
            let code = TerritoryCode::parse(level, parent.code.as_str())?;
            self.names[place + 1].insert(code, name.clone());
        }
        Ok(parents.in_order().map(|parent| parent.code.clone()))
    }

    /// Adds a CLSC without units.
    pub(super) fn add(&mut self, code: &TerritoryCode, name: &str, above: [TerritoryCode; 4]) -> Result<u32, Refusal> {
        self.check_new(Level::Clsc, code)?;
        if name.trim().is_empty() {
            return Err(Refusal::MissingName { level: Level::Clsc, code: code.clone() });
        }
        let [rls, rts, rss, ruisss] = above;
        let slot = self.slots.len() as u32;
        self.slots.push(Slot { codes: [code.clone(), rls, rts, rss, ruisss] });
        self.by_code.insert(code.clone(), slot);
        self.names[0].insert(code.clone(), name.to_owned());
        Ok(slot)
    }

    /// Takes a CLSC out; its units must be elsewhere.
    pub(super) fn remove(&mut self, code: &TerritoryCode) {
        self.by_code.remove(code);
        self.names[0].remove(code);
    }

    /// Refuses a code that is malformed or taken.
    pub(super) fn check_new(&self, level: Level, code: &TerritoryCode) -> Result<(), Refusal> {
        let place = level.territorial_index().ok_or(Refusal::NotTerritorial { level })?;
        if let Some(name) = self.names[place].get(code) {
            return Err(Refusal::CodeUsed { level, code: code.clone(), name: name.clone() });
        }
        TerritoryCode::parse(level, code.as_str())?;
        Ok(())
    }

    /// Slots in use whose territory at a level has a code.
    pub(super) fn slots_in(&self, level: usize, code: &TerritoryCode) -> Vec<u32> {
        self.by_code.values().copied().filter(|&slot| self.code_at(slot, level) == code).collect()
    }

    /// Drops the names and published people of upper territories that hold no CLSC any more.
    pub(super) fn purge(&mut self) {
        for level in 1..5 {
            let used: BTreeSet<TerritoryCode> =
                self.by_code.values().map(|&slot| self.slots[slot as usize].codes[level].clone()).collect();
            self.names[level].retain(|code, _| used.contains(code));
        }
        for (published, names) in self.published.iter_mut().zip(&self.names) {
            published.retain(|code, _| names.contains_key(code));
        }
    }

    /// Whether the shares of a unit agree with where it is.
    pub(super) fn holds(&self, unit: u32, straddle: &Straddle) -> bool {
        straddle.shares.len() > 1
            && straddle.shares[0].clsc == *self.home_code(unit)
            && straddle.shares.iter().all(|share| self.by_code.contains_key(&share.clsc))
    }
}
