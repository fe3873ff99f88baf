//! Compiling a registry: rows in, flat arrays out.

use std::collections::HashMap;

use rayon::slice::ParallelSliceMut;
use xxhash_rust::xxh3::{Xxh3, Xxh3DefaultBuilder};

use super::areas::{Member, areas};
use super::localities::{Localities, LocalityAlias, tidy};
use super::{
    ApartmentRow, AreaRow, Gazetteer, LocalityNameRow, LocalityRow, NO_POSTAL, NameRow, Spot, StreetRow, TextRef,
};
use crate::address::AddressError;
use crate::address::civic::Civic;
use crate::address::phonetic::sound;
use crate::address::postal_code::PostalCode;
use crate::address::spelling::{MOST, SpellingBuilder, Trace};
use crate::address::street_key::{NameKey, key_of, phrases};
use crate::address::text::fold_words;
use crate::address::vocabulary::{Direction, NO_DIRECTION, NO_TYPE, StreetType};
use crate::domain::LonLat;

/// Doubles of one address nearer than this, in metres, are one; farther apart they are an ambiguity to show.
const SAME_PLACE_M: f64 = 30.0;

/// One address of a registry. Empty text means not given.
#[derive(Debug, Clone, Copy)]
pub struct AddressRecord<'a> {
    /// The civic number; none for a street or a place without numbers.
    pub civic: Option<Civic>,
    /// The end of a range of civic numbers.
    pub range_end: Option<u32>,
    /// The apartment or other unit inside the building; kept only where one number has several places.
    pub apartment: &'a str,
    /// The street's name; type and direction may be in it when their own fields are empty.
    pub street_name: &'a str,
    /// The street's type, in full or abbreviated.
    pub street_type: &'a str,
    /// The street's direction.
    pub direction: &'a str,
    /// The municipality of today.
    pub municipality: &'a str,
    /// Its code, which tells two municipalities of the same name apart.
    pub municipality_code: &'a str,
    /// The former municipality, borough or sector.
    pub sector: &'a str,
    /// The postal code.
    pub postal_code: Option<PostalCode>,
    /// Where it is.
    pub position: LonLat,
    /// Place of the unit it lies in, or [`NO_UNIT`](super::NO_UNIT).
    pub unit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    street: u32,
    civic: u32,
    postal: u32,
    unit: u32,
    spot: Spot,
    apartment: u32,
}

#[derive(Debug, PartialEq, Eq, Hash, Clone)]
struct Street {
    core: String,
    full: String,
    kind: u8,
    direction: u8,
    locality: u32,
}

const NO_STREET: u32 = u32::MAX;

/// Compiles a registry. Memory is about 50 bytes a row, time a few sorts.
#[derive(Debug, Default)]
pub struct GazetteerBuilder {
    rows: Vec<Row>,
    localities: Localities,
    streets: HashMap<Street, u32, Xxh3DefaultBuilder>,
    drafts: Vec<(Street, String)>,
    names: HashMap<String, NameKey>,
    /// Street and locality of the raw fields, by their hash.
    seen: HashMap<u64, (u32, u32), Xxh3DefaultBuilder>,
    row_localities: Vec<u32>,
    aliases: HashMap<String, String>,
    /// What the aliases add once the localities are known.
    alias_rows: Vec<(String, String)>,
}

impl GazetteerBuilder {
    /// An empty registry that knows these aliases; see [`builtin_aliases`](super::builtin_aliases).
    pub fn new<'a>(aliases: impl IntoIterator<Item = LocalityAlias<'a>>) -> Self {
        let mut builder = Self::default();
        for alias in aliases {
            let key = super::localities::locality_key(alias.name);
            if !alias.shared {
                builder.aliases.insert(key, alias.municipality.to_owned());
            }
            builder.alias_rows.push((alias.name.to_owned(), alias.municipality.to_owned()));
        }
        builder
    }

    /// Rows taken so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row was taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes an address.
    ///
    /// # Errors
    /// [`AddressError::OffGrid`] for a position far from Québec; the row is then left out.
    pub fn add(&mut self, record: &AddressRecord<'_>) -> Result<(), AddressError> {
        let spot = Spot::of(record.position).ok_or(AddressError::OffGrid)?;
        let mut hasher = Xxh3::new();
        for field in [
            record.street_name,
            record.street_type,
            record.direction,
            record.municipality,
            record.municipality_code,
            record.sector,
        ] {
            hasher.update(field.as_bytes());
            hasher.update(&[0]);
        }
        let hash = hasher.digest();
        let (street, locality) = if let Some(&both) = self.seen.get(&hash) {
            both
        } else {
            let both = self.intern(record);
            self.seen.insert(hash, both);
            both
        };
        let postal = record.postal_code.map_or(NO_POSTAL, PostalCode::packed);
        let civic = record.civic.map_or(0, Civic::packed);
        let apartment = apartment_hash(record.apartment);
        self.rows.push(Row { street, civic, postal, unit: record.unit, spot, apartment });
        self.row_localities.push(locality);
        if let (Some(low), Some(high)) = (record.civic, record.range_end)
            && high != low.number
        {
            let civic = Civic::plain(high).packed();
            self.rows.push(Row { street, civic, postal, unit: record.unit, spot, apartment });
            self.row_localities.push(locality);
        }
        Ok(())
    }

    fn intern(&mut self, record: &AddressRecord<'_>) -> (u32, u32) {
        let locality = self.locality(record);
        let words = fold_words(record.street_name);
        let kind = fold_words(record.street_type).first().and_then(|word| StreetType::of_word(&word.text));
        let direction = fold_words(record.direction).iter().map(|word| word.text.as_str()).collect::<String>();
        let direction = Direction::of_word(&direction);
        let (kind, direction, places) = if kind.is_none() && direction.is_none() {
            match phrases(&words).into_iter().next() {
                Some(phrase) => (phrase.kind, phrase.direction, phrase.name),
                None => return (NO_STREET, locality),
            }
        } else {
            (kind, direction, (0..words.len()).collect())
        };
        let key = key_of(&words, &places);
        if key.core.is_empty() {
            return (NO_STREET, locality);
        }
        let street = Street {
            core: key.core.clone(),
            full: key.full.clone(),
            kind: kind.map_or(NO_TYPE, |kind| kind as u8),
            direction: direction.map_or(NO_DIRECTION, |direction| direction as u8),
            locality,
        };
        let next = self.drafts.len() as u32;
        let drafts = &mut self.drafts;
        let id = *self.streets.entry(street.clone()).or_insert_with(|| {
            drafts.push((street, display_name(record.street_name, words.len(), &places)));
            next
        });
        self.names.entry(key.full.clone()).or_insert(key);
        (id, locality)
    }

    fn locality(&mut self, record: &AddressRecord<'_>) -> u32 {
        let own = super::localities::locality_key(record.municipality);
        let (municipality, sector) = match self.aliases.get(&own) {
            Some(today) if record.municipality_code.is_empty() && record.sector.is_empty() => {
                (today.clone(), record.municipality)
            }
            _ => (record.municipality.to_owned(), record.sector),
        };
        let root = self.localities.intern(&municipality, record.municipality_code, None);
        if sector.trim().is_empty() { root } else { self.localities.intern(sector, "", Some(root)) }
    }

    /// Compiles what was taken. The order in which rows came does not matter, but for which of two spellings is shown.
    ///
    /// # Errors
    /// [`AddressError::TooMany`] beyond 16.7 million distinct street names or 4 GB of names.
    pub fn finish(mut self) -> Result<Gazetteer, AddressError> {
        self.streets = HashMap::default();
        self.seen = HashMap::default();
        let mut out = Gazetteer::default();
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

/// What an apartment is told apart by; 0 for none.
pub(in crate::address) fn apartment_hash(label: &str) -> u32 {
    let words = fold_words(label);
    if words.is_empty() {
        return 0;
    }
    let mut hasher = Xxh3::new();
    for word in &words {
        hasher.update(word.text.as_bytes());
    }
    (hasher.digest() as u32).max(1)
}

fn push_text(pool: &mut Vec<u8>, text: &str) -> Result<TextRef, AddressError> {
    let start = u32::try_from(pool.len()).map_err(|_| AddressError::TooMany)?;
    let len = u32::try_from(text.len()).map_err(|_| AddressError::TooMany)?;
    pool.extend_from_slice(text.as_bytes());
    Ok(TextRef { start, len })
}

/// The name as it is shown: without the words that were read as type and direction where that can be told.
fn display_name(name: &str, words: usize, places: &[usize]) -> String {
    if places.len() == words {
        return tidy(name);
    }
    // Cut the raw text at the same word limits the folding sees.
    let mut out = String::new();
    let mut at = 0;
    let mut in_word = false;
    let mut lead = String::new();
    for c in name.chars() {
        let letter = c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c);
        if letter {
            if !in_word && places.contains(&at) && !out.is_empty() {
                out.push_str(if lead.trim().is_empty() { " " } else { &lead });
            }
            in_word = true;
            lead.clear();
            if places.contains(&at) {
                out.push(c);
            }
        } else {
            if in_word {
                at += 1;
            }
            in_word = false;
            lead.push(c);
        }
    }
    tidy(&out)
}
