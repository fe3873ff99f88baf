//! Compiling the rows that were taken: sorted, doubles merged, laid out as flat arrays with their indexes.

use std::collections::HashMap;

use rayon::slice::ParallelSliceMut;

use super::areas::{Member, areas};
use super::builder::{GazetteerBuilder, NO_STREET, Row};
use super::{
    ApartmentRow, AreaRow, Gazetteer, LocalityNameRow, LocalityRow, NO_POSTAL, NameRow, Spot, StreetRow, TextRef,
};
use crate::address::AddressError;
use crate::address::phonetic::sound;
use crate::address::spelling::{MOST, SpellingBuilder, Trace};

/// Doubles of one address nearer than this, in metres, are one; farther apart they are an ambiguity to show.
const SAME_PLACE_M: f64 = 30.0;

impl GazetteerBuilder {
    /// Compiles what was taken. The order in which rows came does not matter, but for which of two spellings is shown.
    ///
    /// # Errors
    /// [`AddressError::TooMany`] beyond 16.7 million distinct street names or 4 GB of names.
    pub fn finish(mut self) -> Result<Gazetteer, AddressError> {
        self.streets = HashMap::default();
        self.seen = HashMap::default();
        let mut out = Gazetteer { extent: vec![0, 0], ..Gazetteer::default() };
        let mut shares = Vec::new();
        let ranks = self.locality_names(&mut out)?;
        out.postal_areas = self.postal_areas(&mut shares);
        out.locality_areas = self.locality_areas(&mut out.localities, &mut shares);
        out.postal_areas.push(AreaRow { code: u32::MAX, first: 0, at: Spot::default(), radius_m: 0 });
        let last = out.postal_areas.len() - 1;
        out.postal_areas[last].first = out.locality_areas.first().map_or(shares.len() as u32, |row| row.first);
        out.locality_areas.push(AreaRow { code: 0, first: shares.len() as u32, at: Spot::default(), radius_m: 0 });
        out.shares = shares;
        self.row_localities = Vec::new();
        self.streets(&mut out, &ranks)?;
        Ok(out)
    }

    fn postal_areas(&self, shares: &mut Vec<super::UnitCount>) -> Vec<AreaRow> {
        let mut members: Vec<Member> = self
            .rows
            .iter()
            .filter(|row| row.postal != NO_POSTAL)
            .map(|row| Member { key: row.postal, unit: row.unit, spot: row.spot })
            .collect();
        members.par_sort_unstable();
        areas(&members, shares)
    }

    /// Areas of municipalities, those of parts of them included in their whole.
    fn locality_areas(&self, localities: &mut [LocalityRow], shares: &mut Vec<super::UnitCount>) -> Vec<AreaRow> {
        let mut members: Vec<Member> = Vec::with_capacity(self.rows.len());
        for (row, &locality) in self.rows.iter().zip(&self.row_localities) {
            let root = localities[locality as usize].root;
            members.push(Member { key: root, unit: row.unit, spot: row.spot });
            if root != locality {
                members.push(Member { key: locality, unit: row.unit, spot: row.spot });
            }
        }
        members.par_sort_unstable();
        let mut found = areas(&members, shares).into_iter().peekable();
        let mut rows = Vec::with_capacity(localities.len());
        let mut next_first = found.peek().map_or(shares.len() as u32, |row| row.first);
        for (id, locality) in localities.iter_mut().enumerate() {
            locality.area = id as u32;
            let empty = AreaRow { code: id as u32, first: next_first, at: Spot::default(), radius_m: 0 };
            let row = if found.peek().is_some_and(|row| row.code == id as u32) {
                found.next().unwrap_or(empty)
            } else {
                empty
            };
            next_first = found.peek().map_or(shares.len() as u32, |next| next.first);
            rows.push(row);
        }
        // An alias without addresses of its own stands for the whole municipality.
        let counts: Vec<u32> = (0..rows.len())
            .map(|id| {
                let end = rows.get(id + 1).map_or(shares.len(), |next| next.first as usize);
                shares[rows[id].first as usize..end].iter().map(|share| share.addresses).sum()
            })
            .collect();
        for (id, locality) in localities.iter_mut().enumerate() {
            locality.weight = counts[id];
            if counts[id] == 0 {
                locality.area = locality.root;
            }
        }
        rows
    }

    /// Lays out localities and their names; gives the rank of each locality for sorting streets.
    fn locality_names(&mut self, out: &mut Gazetteer) -> Result<Vec<(String, u32)>, AddressError> {
        let known: HashMap<String, u32> = (self.localities.drafts.iter().enumerate())
            .filter(|(_, draft)| draft.parent.is_none())
            .map(|(id, draft)| (draft.key.clone(), id as u32))
            .collect();
        for (name, municipality) in std::mem::take(&mut self.alias_rows) {
            if let Some(&root) = known.get(&super::localities::locality_key(&municipality)) {
                self.localities.intern(&name, "", Some(root));
            }
        }
        let drafts = &self.localities.drafts;
        let mut order: Vec<u32> = (0..drafts.len() as u32).collect();
        order.sort_by(|&a, &b| drafts[a as usize].key.cmp(&drafts[b as usize].key).then(a.cmp(&b)));
        let mut index = SpellingBuilder::default();
        out.localities = vec![LocalityRow::zeroed_row(); drafts.len()];
        for same in order.chunk_by(|&a, &b| drafts[a as usize].key == drafts[b as usize].key) {
            let name = out.locality_names.len() as u32;
            let key = &drafts[same[0] as usize].key;
            let row = LocalityNameRow { key: push_text(&mut out.text, key)?, first: out.locality_list.len() as u32 };
            out.locality_names.push(row);
            out.locality_list.extend_from_slice(same);
            index.add(Trace::Form, key, name);
            index.add(Trace::Struck, key, name);
            index.add(Trace::Sound, &sound(key), name);
            for &id in same {
                let draft = &drafts[id as usize];
                out.localities[id as usize] = LocalityRow {
                    display: push_text(&mut out.text, &draft.display)?,
                    code: push_text(&mut out.text, &draft.code)?,
                    name,
                    root: draft.parent.unwrap_or(id),
                    weight: 0,
                    area: 0,
                };
            }
        }
        let end = LocalityNameRow { key: TextRef::default(), first: out.locality_list.len() as u32 };
        out.locality_names.push(end);
        let index = index.finish();
        (out.locality_buckets, out.locality_entries) = (index.buckets, index.entries);
        out.locality_signatures = index.signatures;
        Ok(drafts.iter().map(|draft| (draft.key.clone(), draft.parent.map_or(0, |parent| parent + 1))).collect())
    }

    /// Sorts streets and addresses and lays them out with the index of names.
    fn streets(mut self, out: &mut Gazetteer, ranks: &[(String, u32)]) -> Result<(), AddressError> {
        let drafts = &self.drafts;
        let mut order: Vec<u32> = (0..drafts.len() as u32).collect();
        order.sort_by(|&a, &b| {
            let key = |id: u32| {
                let street = &drafts[id as usize].0;
                (&street.core, &ranks[street.locality as usize], street.kind, street.direction, &street.full)
            };
            key(a).cmp(&key(b)).then(a.cmp(&b))
        });
        let mut place = vec![0_u32; drafts.len()];
        for (to, &from) in order.iter().enumerate() {
            place[from as usize] = to as u32;
        }
        let postal_rows = &out.postal_areas[..out.postal_areas.len() - 1];
        self.rows.retain(|row| row.street != NO_STREET);
        for row in &mut self.rows {
            row.street = place[row.street as usize];
            if row.postal != NO_POSTAL {
                row.postal = postal_rows.partition_point(|area| area.code < row.postal) as u32;
            }
        }
        self.rows.par_sort_unstable();
        let (weights, firsts) = lay_out(&self.rows, drafts.len(), out);
        self.rows = Vec::new();
        let mut index = SpellingBuilder::default();
        let mut interned: HashMap<&str, TextRef> = HashMap::new();
        for names in order.chunk_by(|&a, &b| drafts[a as usize].0.core == drafts[b as usize].0.core) {
            let name = out.names.len() as u32;
            let core = &drafts[names[0] as usize].0.core;
            let key = push_text(&mut out.text, core)?;
            out.names.push(NameRow { key, first_street: out.streets.len() as u32 });
            let mut last_full = "";
            index.add(Trace::Form, core, name);
            index.add(Trace::Struck, core, name);
            index.add(Trace::Sound, &sound(core), name);
            for &id in names {
                let (street, display) = &drafts[id as usize];
                if street.full != last_full {
                    last_full = &street.full;
                    let forms = self.names.get(last_full).cloned().unwrap_or_default();
                    forms.joined.iter().for_each(|form| index.add(Trace::Form, form, name));
                    forms.partial.iter().for_each(|form| index.add(Trace::Partial, form, name));
                }
                let at = out.streets.len();
                let mut text = |text: &mut Vec<u8>, value| match interned.entry(value) {
                    std::collections::hash_map::Entry::Occupied(entry) => Ok(*entry.get()),
                    std::collections::hash_map::Entry::Vacant(entry) => {
                        push_text(text, value).map(|at| *entry.insert(at))
                    }
                };
                out.streets.push(StreetRow {
                    display: text(&mut out.text, display)?,
                    full: if street.full == *core { key } else { text(&mut out.text, &street.full)? },
                    name,
                    locality: street.locality,
                    first: firsts[at],
                    weight: weights[at],
                    kind: street.kind,
                    direction: street.direction,
                    pad: 0,
                });
            }
        }
        if out.names.len() >= MOST || out.civics.len() >= u32::MAX as usize {
            return Err(AddressError::TooMany);
        }
        out.names.push(NameRow { key: TextRef::default(), first_street: out.streets.len() as u32 });
        let mut end = StreetRow::zeroed_row();
        end.first = out.civics.len() as u32;
        out.streets.push(end);
        let index = index.finish();
        (out.name_buckets, out.name_entries) = (index.buckets, index.entries);
        out.name_signatures = index.signatures;
        Ok(())
    }
}

impl LocalityRow {
    fn zeroed_row() -> Self {
        bytemuck::Zeroable::zeroed()
    }
}

impl StreetRow {
    fn zeroed_row() -> Self {
        bytemuck::Zeroable::zeroed()
    }
}

/// Lays out sorted rows, doubles merged; gives the rows of each street and where its addresses begin.
fn lay_out(rows: &[Row], streets: usize, out: &mut Gazetteer) -> (Vec<u32>, Vec<u32>) {
    let mut weights = vec![0_u32; streets];
    let mut firsts = vec![0_u32; streets + 1];
    let mut inside: Vec<ApartmentRow> = Vec::new();
    for same in rows.chunk_by(|a, b| a.street == b.street && a.civic == b.civic) {
        weights[same[0].street as usize] += same.len() as u32;
        let kept_before = out.civics.len();
        inside.clear();
        for row in same {
            let double = (kept_before..out.civics.len()).find(|&kept| {
                out.units[kept] == row.unit
                    && out.postals[kept] == row.postal
                    && out.spots[kept].distance_m(row.spot) < SAME_PLACE_M
            });
            let kept = double.unwrap_or(out.civics.len());
            if double.is_none() {
                out.civics.push(row.civic);
                out.spots.push(row.spot);
                out.units.push(row.unit);
                out.postals.push(row.postal);
            }
            inside.push(ApartmentRow { address: kept as u32, apartment: row.apartment });
        }
        if out.civics.len() > kept_before + 1 {
            inside.sort_unstable();
            inside.dedup();
            out.apartments.extend_from_slice(&inside);
        }
        firsts[same[0].street as usize + 1] = out.civics.len() as u32;
    }
    for i in 1..firsts.len() {
        firsts[i] = firsts[i].max(firsts[i - 1]);
    }
    (weights, firsts)
}

fn push_text(pool: &mut Vec<u8>, text: &str) -> Result<TextRef, AddressError> {
    let start = u32::try_from(pool.len()).map_err(|_| AddressError::TooMany)?;
    let len = u32::try_from(text.len()).map_err(|_| AddressError::TooMany)?;
    pool.extend_from_slice(text.as_bytes());
    Ok(TextRef { start, len })
}
