//! Completing an address as it is typed.
//!
//! Streets are stored in the order of their name keys, so that those that begin with what was typed are neighbours: one
//! look through them keeps those with most people ([`Crowd`]).

use serde::Serialize;

use super::civic::Civic;
use super::crowd::Crowd;
use super::gazetteer::GazetteerView;
use super::parse::parse;
use super::postal_code::{Fsa, PostalCode};
use super::street_key::{Phrase, key_of, name_key, phrases};
use super::text::{Word, fold};
use super::vocabulary::{Direction, StreetType, is_article};

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompletionKind {
    /// A street with the number typed, which the registry has.
    Civic,
    /// A street.
    Street,
    /// A municipality.
    Municipality,
    /// A postal code.
    PostalCode,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Completion {
    /// What to show and to ask for next.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// People it holds, estimated: its rank. See [`Crowd`].
    pub people: u32,
    /// Addresses it holds.
    pub addresses: u32,
}

/// How many of those with most people are looked at for the number typed.
const CONSIDERED: usize = 512;

impl GazetteerView<'_> {
    /// Completes what is being typed: streets, with the number where the registry has it, municipalities, postal codes;
    /// those with most people first, `crowd` being that of this registry. Linear in the streets that begin so.
    #[must_use]
    pub fn complete(&self, crowd: &Crowd, prefix: &str, limit: usize) -> Vec<Completion> {
        let words = fold(prefix).words;
        let Some(last) = words.last().filter(|_| prefix.len() <= 200 && limit > 0) else { return Vec::new() };
        let mut out = self.complete_words(crowd, prefix, &words, limit);
        if matches!(last.text.as_str(), "s" | "sa" | "sai" | "sain") {
            // Saints are stored by a sign of their own, of which these are no beginning.
            let whole = format!("{}saint", &prefix[..last.start]);
            out.extend(self.complete_words(crowd, &whole, &fold(&whole).words, limit));
        }
        by_people(&mut out);
        out.dedup();
        out.truncate(limit);
        out
    }

    fn complete_words(&self, crowd: &Crowd, prefix: &str, words: &[Word], limit: usize) -> Vec<Completion> {
        let codes = self.complete_postal(crowd, words, limit);
        if !codes.is_empty() {
            return codes;
        }
        let parsed = parse(prefix);
        let mut out = Vec::new();
        for reading in parsed.readings.iter().take(2) {
            let part = reading.parts.last().map(Vec::as_slice);
            let mut streets = self.complete_street(crowd, &reading.street, part, reading.civic, limit);
            if streets.is_empty() && part.is_none() {
                // The last words may begin a municipality.
                for cut in (1..reading.street.len()).rev().take(4) {
                    let (street, place) = reading.street.split_at(cut);
                    streets = self.complete_street(crowd, street, Some(place), reading.civic, limit);
                    if !streets.is_empty() {
                        break;
                    }
                }
            }
            out.extend(streets);
            if !out.is_empty() {
                break;
            }
        }
        if parsed.readings.iter().all(|reading| reading.civic.is_none()) {
            out.extend(self.complete_locality(crowd, words));
        }
        out
    }

    fn complete_street(
        &self,
        crowd: &Crowd,
        words: &[Word],
        place: Option<&[Word]>,
        civic: Option<Civic>,
        limit: usize,
    ) -> Vec<Completion> {
        let place = place.map(|place| name_key(place.iter().map(|word| word.text.as_str())).full);
        let localities = place.map(|place| {
            let fits = |id: u32| {
                let name = self.localities[id as usize].name;
                self.text(self.locality_names[name as usize].key).starts_with(&place)
            };
            let own: Vec<bool> = (0..self.localities.len() as u32).map(fits).collect();
            // A part named stands for its whole, and the whole for its parts.
            let wholes: Vec<bool> = (0..own.len() as u32)
                .map(|id| {
                    own[id as usize]
                        || own[self.root(id) as usize]
                        || (0..own.len()).any(|part| own[part] && self.root(part as u32) == id)
                })
                .collect();
            wholes
        });
        let mut heaviest: Vec<(u32, u32)> = Vec::new();
        // A type alone, or with the article before a name that is still to come, is any street of that type.
        let said = words.len() - words.iter().rev().take_while(|word| is_article(&word.text)).count();
        let bare = if said == 1 { StreetType::of_word(&words[0].text) } else { None };
        let mut phrases = phrases(words);
        if bare.is_some() {
            phrases.insert(0, Phrase { kind: bare, direction: None, name: Vec::new() });
        }
        for phrase in phrases {
            let key = key_of(words, &phrase.name).core;
            let names = &self.names[..self.names.len() - 1];
            let key_at = |row: &super::gazetteer::NameRow| self.text(row.key);
            let start = names.partition_point(|row| key_at(row) < key.as_str());
            let end = start + names[start..].partition_point(|row| key_at(row).starts_with(&key));
            if start == end {
                continue;
            }
            // `2e` is no beginning of `29e`.
            let ended = key.ends_with(|c: char| c.is_ascii_digit()) && !words[words.len() - 1].is_number();
            for name in start..end {
                let next = key_at(&self.names[name]).as_bytes().get(key.len());
                if ended && next.is_some_and(u8::is_ascii_digit) {
                    continue;
                }
                for street in self.names[name].first_street..self.names[name + 1].first_street {
                    let row = &self.streets[street as usize];
                    let kind = phrase.kind.is_none_or(|kind| StreetType::of_code(row.kind) == Some(kind));
                    let direction =
                        phrase.direction.is_none_or(|direction| Direction::of_code(row.direction) == Some(direction));
                    let here = localities.as_ref().is_none_or(|fits| fits[row.locality as usize]);
                    if kind && direction && here {
                        heaviest.push((crowd.streets[street as usize], street));
                        if heaviest.len() >= 4 * CONSIDERED {
                            keep_heaviest(&mut heaviest);
                        }
                    }
                }
            }
            if !heaviest.is_empty() {
                break;
            }
        }
        keep_heaviest(&mut heaviest);
        let has = |street: u32| {
            let civics = &self.civics[self.addresses_of(street as usize)];
            civic.is_some_and(|civic| civics.binary_search(&civic.packed()).is_ok())
        };
        let mut found: Vec<(bool, u32, u32)> =
            heaviest.into_iter().map(|(people, street)| (has(street), people, street)).collect();
        found.sort_by_key(|&(has, people, street)| (!has, std::cmp::Reverse(people), street));
        found.truncate(limit);
        let complete = |(has, people, street): (bool, u32, u32)| {
            let row = self.streets[street as usize];
            let number = civic.map_or(String::new(), |civic| format!("{civic}, "));
            let place = self.locality_label(row.locality);
            let comma = if place.is_empty() { "" } else { ", " };
            Completion {
                label: format!("{number}{}{comma}{place}", self.street_label(street as usize)),
                kind: if has { CompletionKind::Civic } else { CompletionKind::Street },
                people,
                addresses: row.weight,
            }
        };
        found.into_iter().map(complete).collect()
    }

    fn complete_locality(&self, crowd: &Crowd, words: &[Word]) -> Vec<Completion> {
        let key = name_key(words.iter().map(|word| word.text.as_str())).full;
        let names = &self.locality_names[..self.locality_names.len() - 1];
        let start = names.partition_point(|row| self.text(row.key) < key.as_str());
        let fitting = names[start..].partition_point(|row| self.text(row.key).starts_with(&key));
        let mut out = Vec::new();
        for name in start..start + fitting {
            for &id in self.localities_of(name as u32) {
                let area = self.localities[self.root(id) as usize].weight.max(self.localities[id as usize].weight);
                let own = self.localities[id as usize].weight;
                let addresses = if own > 0 { own } else { area };
                let people = crowd.localities[id as usize];
                let kind = CompletionKind::Municipality;
                out.push(Completion { label: self.locality_label(id), kind, people, addresses });
            }
        }
        out
    }

    fn complete_postal(&self, crowd: &Crowd, words: &[Word], limit: usize) -> Vec<Completion> {
        let text: String = words.iter().map(|word| word.text.as_str()).collect();
        let Some(fsa) = text.get(..3).and_then(Fsa::parse) else { return Vec::new() };
        if text.len() > 6 {
            return Vec::new();
        }
        let rows = &self.postal_areas[..self.postal_code_count()];
        let start = rows.partition_point(|row| row.code < fsa.codes().start);
        let mut out: Vec<Completion> = (start..rows.len())
            .take_while(|&at| rows[at].code < fsa.codes().end)
            .filter_map(|at| {
                let label = PostalCode::from_packed(rows[at].code).to_string();
                let plain = label.replace(' ', "").to_lowercase();
                let shares = &self.shares[rows[at].first as usize..self.postal_areas[at + 1].first as usize];
                let addresses = shares.iter().map(|share| share.addresses).sum();
                let (kind, people) = (CompletionKind::PostalCode, crowd.codes[at]);
                plain.starts_with(&text).then_some(Completion { label, kind, people, addresses })
            })
            .collect();
        by_people(&mut out);
        out.truncate(limit);
        out
    }
}

/// Those with the number typed first, then those with most people.
fn by_people(all: &mut [Completion]) {
    let rank = |one: &Completion| {
        (one.kind != CompletionKind::Civic, std::cmp::Reverse(one.people), std::cmp::Reverse(one.addresses))
    };
    all.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.label.cmp(&b.label)));
}

fn keep_heaviest(heaviest: &mut Vec<(u32, u32)>) {
    heaviest.sort_unstable_by_key(|&(weight, street)| (std::cmp::Reverse(weight), street));
    heaviest.dedup();
    heaviest.truncate(CONSIDERED);
}
