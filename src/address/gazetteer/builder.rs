//! Taking the rows of a registry; [`layout`](super::layout) makes flat arrays of them.

use std::collections::HashMap;

use xxhash_rust::xxh3::{Xxh3, Xxh3DefaultBuilder};

use super::localities::{Localities, LocalityAlias, tidy};
use super::{NO_POSTAL, Spot};
use crate::address::AddressError;
use crate::address::civic::Civic;
use crate::address::postal_code::PostalCode;
use crate::address::street_key::{NameKey, key_of, phrases};
use crate::address::text::fold_words;
use crate::address::vocabulary::{Direction, NO_DIRECTION, NO_TYPE, StreetType};
use crate::domain::LonLat;

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
pub(super) struct Row {
    pub street: u32,
    pub civic: u32,
    pub postal: u32,
    pub unit: u32,
    pub spot: Spot,
    pub apartment: u32,
}

#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub(super) struct Street {
    pub core: String,
    pub full: String,
    pub kind: u8,
    pub direction: u8,
    pub locality: u32,
}

pub(super) const NO_STREET: u32 = u32::MAX;

/// Compiles a registry. Memory is about 50 bytes a row, time a few sorts.
#[derive(Debug, Default)]
pub struct GazetteerBuilder {
    pub(super) rows: Vec<Row>,
    pub(super) localities: Localities,
    pub(super) streets: HashMap<Street, u32, Xxh3DefaultBuilder>,
    pub(super) drafts: Vec<(Street, String)>,
    pub(super) names: HashMap<String, NameKey>,
    /// Street and locality of the raw fields, by their hash.
    pub(super) seen: HashMap<u64, (u32, u32), Xxh3DefaultBuilder>,
    pub(super) row_localities: Vec<u32>,
    aliases: HashMap<String, String>,
    /// What the aliases add once the localities are known.
    pub(super) alias_rows: Vec<(String, String)>,
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
