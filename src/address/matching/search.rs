//! The search: hypotheses on what the words mean, streets for each, and what each street is worth.

use super::civic::{self, Standing, Wanted};
use super::locality::{self, Localities, Relation};
use super::score::{Fault, Faults, MatchType, score};
use crate::address::gazetteer::{GazetteerView, NO_POSTAL, Spot, apartment_hash};
use crate::address::parse::{ParsedAddress, Reading};
use crate::address::phonetic::sound;
use crate::address::postal_code::PostalCode;
use crate::address::spelling::{Trace, slips};
use crate::address::street_key::{NameKey, key_of, phrases};
use crate::address::text::Word;
use crate::address::vocabulary::{Direction, StreetType, is_article};

/// Most candidates kept.
const MOST: usize = 4096;
/// Most streets of one name looked at in municipalities other than the one asked about.
const MOST_APART: usize = 1024;

/// How far a search looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    /// Names as they are.
    Exact,
    /// One slip in a name; slips in types, directions and municipalities.
    Slip,
    /// More slips, sounds, parts of names.
    Far,
}

/// A place that may be meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub street: u32,
    pub reading: u8,
    pub kind: MatchType,
    pub score: f32,
    pub faults: Faults,
    /// An address found, or the neighbour below.
    pub address: Option<u32>,
    /// The neighbour above.
    pub above: Option<u32>,
    pub spot: Spot,
    pub uncertainty_m: f64,
    /// Whether name, type and municipality are as asked.
    pub exact_name: bool,
    /// Whether a street type was asked for.
    pub typed: bool,
    /// Whether the name asked for is too short for two slips.
    pub short_name: bool,
}

/// Words taken as a street, and what stands around them.
struct Hypothesis {
    words: Vec<Word>,
    localities: Option<Localities>,
    faults: Faults,
}

/// A street asked for in one way.
struct Question<'q> {
    reading: &'q Reading,
    place: u8,
    kind: Option<StreetType>,
    direction: Option<Direction>,
    key: NameKey,
    localities: Option<&'q Localities>,
    faults: Faults,
    apartment: u32,
}

/// One address being searched for.
pub(super) struct Search<'a, 'p> {
    view: GazetteerView<'a>,
    postal: Option<PostalCode>,
    postal_place: Option<u32>,
    parsed: &'p ParsedAddress,
    pub candidates: Vec<Candidate>,
    /// The localities named, for an answer without a street.
    pub named: Option<Localities>,
    names: Vec<(u32, Option<Fault>)>,
}

impl<'a, 'p> Search<'a, 'p> {
    pub fn new(view: GazetteerView<'a>, parsed: &'p ParsedAddress) -> Self {
        let postal_place = parsed.postal_code.and_then(|code| view.postal_place(code)).map(|place| place as u32);
        Self {
            view,
            postal: parsed.postal_code,
            postal_place,
            parsed,
            candidates: Vec::new(),
            named: None,
            names: Vec::new(),
        }
    }

    /// Searches exactly, then, unless something good was found, for slips.
    pub fn run(&mut self) {
        for depth in [Depth::Exact, Depth::Slip, Depth::Far] {
            for (place, reading) in self.parsed.readings.iter().enumerate() {
                for hypothesis in self.hypotheses(reading, depth > Depth::Exact) {
                    self.ask(place as u8, reading, &hypothesis, depth);
                    let enough = if depth > Depth::Exact { 0.85 } else { 0.985 };
                    if hypothesis.localities.is_some() && self.best() >= enough {
                        return;
                    }
                }
            }
            if self.is_settled(depth) {
                return;
            }
        }
    }

    fn best(&self) -> f32 {
        self.candidates.iter().map(|candidate| candidate.score).fold(0.0, f32::max)
    }

    /// Whether slips need not be looked for.
    fn is_settled(&self, depth: Depth) -> bool {
        let wants_civic = self.parsed.readings.iter().any(|reading| reading.civic.is_some());
        self.candidates.iter().any(|candidate| match candidate.kind {
            MatchType::Civic => {
                let misspelt = depth == Depth::Exact && candidate.faults.has(Fault::MunicipalityUnknown);
                candidate.score >= 0.88 && !misspelt
            }
            MatchType::Interpolated => candidate.exact_name && candidate.score >= 0.72,
            _ => !wants_civic && candidate.exact_name,
        })
    }

    fn hypotheses(&mut self, reading: &Reading, near: bool) -> Vec<Hypothesis> {
        let view = self.view;
        let mut street = reading.street.clone();
        let mut parts: Vec<&[Word]> = Vec::with_capacity(reading.parts.len());
        for part in &reading.parts {
            let qualifies =
                |word: &Word| StreetType::of_word(&word.text).is_some() || Direction::of_word(&word.text).is_some();
            if part.len() <= 2 && part.iter().all(qualifies) && locality::exact(&view, part).is_none() {
                street.extend_from_slice(part);
            } else {
                parts.push(part);
            }
        }
        let mut found: Option<Localities> = None;
        let mut weak = false;
        let several = parts.len() > 1;
        for part in &parts {
            let exact =
                locality::exact(&view, part).or_else(|| locality::exact(&view, locality::without_province(part)));
            let here =
                exact.or_else(|| near.then(|| locality::near(&view, locality::without_province(part))).flatten());
            let Some(here) = here else { continue };
            let province = part.len() == 1 && part[0].text == "quebec";
            if province && several && found.is_some() {
                continue;
            }
            match &mut found {
                Some(all) if !weak => {
                    all.ids.extend(here.ids);
                    all.fault = all.fault.and(here.fault);
                }
                _ => found = Some(here),
            }
            weak = province;
        }
        let unknown = found.is_none() && !parts.is_empty();
        let mut all = Vec::with_capacity(4);
        let explicit = found.is_some() && !weak;
        if found.is_some() {
            self.named.clone_from(&found);
            all.push(Hypothesis { words: street.clone(), localities: found, faults: Faults::default() });
        }
        let bare = if explicit {
            Faults::default()
        } else if unknown {
            Faults::default().with(Fault::MunicipalityUnknown)
        } else {
            Faults::default()
        };
        if !explicit {
            if !reading.before.is_empty() {
                let here = locality::exact(&view, &reading.before)
                    .or_else(|| near.then(|| locality::near(&view, &reading.before)).flatten());
                if here.is_some() {
                    self.named.clone_from(&here);
                    all.push(Hypothesis { words: street.clone(), localities: here, faults: Faults::default() });
                }
            }
            let whole = locality::without_province(&street);
            for words in [&street[..], whole] {
                for start in (1..words.len()).rev().take(6) {
                    let tail = &words[start..];
                    let here =
                        locality::exact(&view, tail).or_else(|| near.then(|| locality::near(&view, tail)).flatten());
                    if let Some(here) = here {
                        self.named.get_or_insert_with(|| here.clone());
                        all.push(Hypothesis {
                            words: words[..start].to_vec(),
                            localities: Some(here),
                            faults: Faults::default(),
                        });
                    }
                }
                if whole.len() == street.len() {
                    break;
                }
            }
            if street.len() > 1 {
                for end in 1..street.len().min(5) {
                    if let Some(here) = locality::exact(&view, &street[..end]) {
                        all.push(Hypothesis { words: street[end..].to_vec(), localities: Some(here), faults: bare });
                    }
                }
            }
            if reading.civic.is_none() && !near {
                if let Some(here) = locality::exact(&view, &street) {
                    self.named.get_or_insert(here);
                }
            } else if reading.civic.is_none() && self.named.is_none() {
                self.named = locality::near(&view, &street);
            }
            all.push(Hypothesis { words: street, localities: None, faults: bare });
        }
        if near {
            let slipped: Vec<Hypothesis> = all
                .iter()
                .filter_map(|hypothesis| {
                    Some(Hypothesis {
                        words: with_saint(&hypothesis.words)?,
                        localities: hypothesis.localities.clone(),
                        faults: hypothesis.faults.with(Fault::Spelling),
                    })
                })
                .collect();
            all.extend(slipped);
            let mended: Vec<Hypothesis> = all
                .iter()
                .filter_map(|hypothesis| {
                    Some(Hypothesis {
                        words: mended(&hypothesis.words)?,
                        localities: hypothesis.localities.clone(),
                        faults: hypothesis.faults.with(Fault::Spelling),
                    })
                })
                .collect();
            all.extend(mended);
        }
        all
    }

    fn ask(&mut self, place: u8, reading: &Reading, hypothesis: &Hypothesis, depth: Depth) {
        let near = depth > Depth::Exact;
        let apartment = apartment_hash(reading.unit.as_deref().unwrap_or(""));
        let most = if near { 4 } else { usize::MAX };
        for phrase in phrases(&hypothesis.words).into_iter().take(most) {
            let key = key_of(&hypothesis.words, &phrase.name);
            if key.core.is_empty() {
                continue;
            }
            let question = Question {
                reading,
                place,
                kind: phrase.kind,
                direction: phrase.direction,
                key,
                localities: hypothesis.localities.as_ref(),
                faults: hypothesis.faults,
                apartment,
            };
            let mut names = std::mem::take(&mut self.names);
            names.clear();
            exact_names(&self.view, &question.key, &mut names);
            if near {
                near_names(&self.view, &question.key, depth, &mut names);
            }
            self.streets_named(&question, &names, near);
            self.names = names;
        }
    }

    /// Weighs the streets of names where they are asked for, and elsewhere only when the number is not found there.
    fn streets_named(&mut self, question: &Question<'_>, names: &[(u32, Option<Fault>)], near: bool) {
        let Some(localities) = question.localities else {
            for &(name, fault) in names {
                for street in self.view.streets_of(name) {
                    self.weigh(question, street, fault, None);
                }
            }
            return;
        };
        let mut settled = false;
        let mut left = MOST_APART;
        for apart in [false, true] {
            // A slip in the name and another municipality: only a postal code could vouch for that.
            if apart && (settled || (near && self.postal_place.is_none())) {
                break;
            }
            for &(name, fault) in names {
                for street in self.view.streets_of(name) {
                    let relation = locality::relation(&self.view, &localities.ids, self.view.streets[street].locality);
                    if apart != (relation == Relation::Apart) || left == 0 {
                        continue;
                    }
                    left -= usize::from(apart);
                    settled |= self.weigh(question, street, fault, Some(relation)) && !apart;
                }
            }
        }
    }

    /// Adds what a street is worth to the candidates; `true` when the number was found there.
    fn weigh(
        &mut self,
        question: &Question<'_>,
        street: usize,
        name_fault: Option<Fault>,
        relation: Option<Relation>,
    ) -> bool {
        let row = self.view.streets[street];
        let mut faults = question.faults;
        if let Some(fault) = name_fault {
            faults = faults.with(fault);
        } else if self.view.text(row.full) != question.key.full {
            faults = faults.with(Fault::Article);
        }
        let mut exact_name = name_fault.is_none();
        if let Some(fault) = kind_fault(question.kind, StreetType::of_code(row.kind)) {
            faults = faults.with(fault);
            exact_name &= fault == Fault::StreetTypeMissing;
        }
        if let Some(fault) = direction_fault(question.direction, Direction::of_code(row.direction)) {
            faults = faults.with(fault);
            exact_name &= fault != Fault::DirectionDiffers;
        }
        match relation {
            None if !faults.has(Fault::MunicipalityUnknown) => faults = faults.with(Fault::MunicipalityMissing),
            None | Some(Relation::Same) => {}
            Some(Relation::Whole) => faults = faults.with(Fault::MunicipalityFormer),
            Some(Relation::OtherPart) => faults = faults.with(Fault::MunicipalityPart),
            Some(Relation::Apart) => exact_name = false,
        }
        if relation.is_some_and(|relation| relation != Relation::Apart)
            && let Some(fault) = question.localities.and_then(|localities| localities.fault)
        {
            faults = faults.with(fault);
        }
        if question.place > 0 {
            faults = faults.with(Fault::NumberReading);
        }
        let apart = relation == Some(Relation::Apart);
        let candidate = Candidate {
            street: street as u32,
            reading: question.place,
            kind: MatchType::Street,
            score: 0.0,
            faults,
            address: None,
            above: None,
            spot: Spot::default(),
            uncertainty_m: 0.0,
            exact_name,
            typed: question.kind.is_some(),
            short_name: question.key.core.len() <= 6,
        };
        let view = self.view;
        let mut found = false;
        let Some(civic) = question.reading.civic else {
            let mut here = candidate;
            here.faults = self.codes(faults.with(Fault::CivicMissing), street, None, None, apart);
            self.push(here);
            return false;
        };
        let postal = self.postal_place;
        let wanted = Wanted { civic, range_end: question.reading.range_end, apartment: question.apartment, postal };
        civic::find(&view, street, wanted, &mut |standing| {
            let mut here = candidate;
            match standing {
                Standing::Found { address, uncertainty_m, fault } => {
                    found = true;
                    here.kind = MatchType::Civic;
                    here.address = Some(address);
                    here.uncertainty_m = uncertainty_m;
                    here.spot = view.spots[address as usize];
                    if let Some(fault) = fault {
                        here.faults = here.faults.with(fault);
                    }
                    here.faults = self.codes(here.faults, street, Some(address), None, apart);
                }
                Standing::Between { below, above, spot, uncertainty_m } => {
                    here.kind = MatchType::Interpolated;
                    here.address = Some(below);
                    here.above = Some(above);
                    here.spot = spot;
                    here.uncertainty_m = uncertainty_m;
                    here.faults =
                        self.codes(here.faults.with(Fault::CivicUnknown), street, Some(below), Some(above), apart);
                }
                Standing::Unknown { fault } => {
                    here.faults = self.codes(here.faults.with(fault), street, None, None, apart);
                }
            }
            self.push(here);
        });
        found
    }

    /// What the postal code, and with it the municipality, say of an address, two neighbours, or a whole street.
    fn codes(&self, faults: Faults, street: usize, address: Option<u32>, above: Option<u32>, apart: bool) -> Faults {
        let view = &self.view;
        let whole = view.addresses_of(street);
        let places = match address {
            Some(address) => &view.postals[address as usize..=address as usize],
            None => &view.postals[whole.start..whole.end.min(whole.start + 2048)],
        };
        let above = above.map_or(NO_POSTAL, |above| view.postals[above as usize]);
        let Some(asked) = self.postal else {
            let first =
                places.iter().copied().find(|&place| place != NO_POSTAL).and_then(|place| view.postal_code_at(place));
            if let (Some(fsa), Some(code)) = (self.parsed.fsa, first)
                && code.fsa() != fsa
            {
                return faults.with(Fault::PostalCodeDiffers).with_if(apart, Fault::MunicipalityDiffers);
            }
            return faults.with(Fault::PostalCodeMissing).with_if(apart, Fault::MunicipalityDiffers);
        };
        let same = self.postal_place.is_some_and(|place| place == above || places.contains(&place));
        if same {
            return faults.with_if(apart, Fault::MunicipalityOutvoted);
        }
        let faults = faults.with_if(apart, Fault::MunicipalityDiffers);
        let first = places.iter().copied().chain([above]).find(|&place| place != NO_POSTAL);
        match first.and_then(|place| view.postal_code_at(place)) {
            None => faults.with(Fault::PostalCodeMissing),
            Some(code) if code.fsa() == asked.fsa() => faults.with(Fault::PostalCodeNear),
            Some(_) => faults.with(Fault::PostalCodeDiffers),
        }
    }

    fn push(&mut self, mut candidate: Candidate) {
        let vouched = [Fault::PostalCodeMissing, Fault::PostalCodeNear, Fault::PostalCodeDiffers];
        if candidate.faults.has(Fault::SpellingFar)
            && candidate.short_name
            && vouched.iter().any(|&fault| candidate.faults.has(fault))
        {
            candidate.faults = candidate.faults.with(Fault::SpellingDoubtful);
        }
        candidate.score = score(candidate.kind, candidate.faults);
        if candidate.score > 0.0 && self.candidates.len() < MOST {
            self.candidates.push(candidate);
        }
    }
}

impl Faults {
    fn with_if(self, yes: bool, fault: Fault) -> Self {
        if yes { self.with(fault) } else { self }
    }
}

fn kind_fault(asked: Option<StreetType>, found: Option<StreetType>) -> Option<Fault> {
    match (asked, found) {
        (None, Some(_)) => Some(Fault::StreetTypeMissing),
        (Some(_), None) => Some(Fault::StreetTypeAdded),
        (Some(asked), Some(found)) if asked != found => Some(Fault::StreetTypeDiffers),
        _ => None,
    }
}

fn direction_fault(asked: Option<Direction>, found: Option<Direction>) -> Option<Fault> {
    match (asked, found) {
        (None, Some(_)) => Some(Fault::DirectionMissing),
        (Some(_), None) => Some(Fault::DirectionAdded),
        (Some(asked), Some(found)) if asked != found => Some(Fault::DirectionDiffers),
        _ => None,
    }
}

/// Names that are what was asked, articles apart.
fn exact_names(view: &GazetteerView<'_>, key: &NameKey, out: &mut Vec<(u32, Option<Fault>)>) {
    let mut take = |form: &str| {
        view.name_index().find(Trace::Form, form, |name| {
            let core = view.text(view.names[name as usize].key);
            let same = core == key.core
                || core == form
                || view.streets_of(name).any(|street| {
                    let full = view.text(view.streets[street].full);
                    full == key.full || (full.ends_with(form) && form.ends_with(core))
                });
            if same && !out.iter().any(|(known, _)| *known == name) {
                out.push((name, None));
            }
        });
    };
    take(&key.core);
    for form in &key.joined {
        take(form);
    }
}

/// Names a slip, a sound or a word away, nearest first.
fn near_names(view: &GazetteerView<'_>, key: &NameKey, depth: Depth, out: &mut Vec<(u32, Option<Fault>)>) {
    let index = view.name_index();
    let name_of = |name: u32| view.text(view.names[name as usize].key);
    let letters = key.core.bytes().filter(u8::is_ascii_alphabetic).count();
    let limit = match letters {
        0..=2 => 0,
        3..=4 => 1,
        5..=12 => 2,
        _ => 3,
    };
    let limit = if depth == Depth::Far { limit } else { limit.min(1) };
    let known = |out: &[(u32, Option<Fault>)], name: u32| out.iter().any(|(other, _)| *other == name);
    if limit > 0 {
        let mut near: Vec<u32> = Vec::with_capacity(64);
        index.find_near(&key.core, limit, |name| near.push(name));
        near.sort_unstable();
        near.dedup();
        for name in near {
            if !known(out, name)
                && let Some(count) = slips(&key.core, name_of(name), limit).filter(|&count| count > 0)
            {
                out.push((name, Some(if count == 1 { Fault::Spelling } else { Fault::SpellingFar })));
            }
        }
    }
    if depth < Depth::Far {
        return;
    }
    if limit > 0 {
        let heard = sound(&key.core);
        if heard.len() >= 3 {
            index.find(Trace::Sound, &heard, |name| {
                let other = name_of(name);
                if other != key.core
                    && !known(out, name)
                    && slips(&digits(other), &digits(&key.core), 0).is_some()
                    && sound(other) == heard
                {
                    out.push((name, Some(Fault::Phonetic)));
                }
            });
        }
    }
    if letters >= 4 {
        index.find(Trace::Partial, &key.core, |name| {
            let other = name_of(name);
            let part = other.ends_with(&key.core) || other.starts_with(&key.core) || is_thinned(&key.core, other);
            if part && other != key.core && !known(out, name) {
                out.push((name, Some(Fault::PartialName)));
            }
        });
    }
    for form in key.partial.iter().filter(|form| form.len() >= 4) {
        index.find(Trace::Form, form, |name| {
            if name_of(name) == form && !known(out, name) {
                out.push((name, Some(Fault::PartialName)));
            }
        });
    }
}

fn digits(key: &str) -> String {
    key.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a key is another without a few of its letters, in order.
fn is_thinned(short: &str, long: &str) -> bool {
    let mut rest = long.bytes();
    long.len().saturating_sub(short.len()) <= 3 && short.bytes().all(|byte| rest.any(|other| other == byte))
}

/// The words with a misspelt `saint` or `sainte` mended.
fn with_saint(words: &[Word]) -> Option<Vec<Word>> {
    let mended = |word: &Word| {
        let text = word.text.as_str();
        if text.len() < 3 || word.starts_with_digit() || matches!(text, "saint" | "sainte" | "saints" | "saintes") {
            return None;
        }
        let limit = if text.starts_with('s') && text.contains('t') && text.len() >= 4 { 2 } else { 1 };
        let (male, female) = (slips(text, "saint", limit), slips(text, "sainte", limit));
        match (male, female) {
            (Some(a), Some(b)) => Some(if b < a || (a == b && text.ends_with('e')) { "sainte" } else { "saint" }),
            (Some(_), None) => Some("saint"),
            (None, Some(_)) => Some("sainte"),
            (None, None) => None,
        }
    };
    let last = words.len().checked_sub(1)?;
    let at = (0..last).find(|&at| mended(&words[at]).is_some())?;
    let mut out = words.to_vec();
    mended(&words[at])?.clone_into(&mut out[at].text);
    Some(out)
}

/// The words with a slip in a street type or direction mended.
fn mended(words: &[Word]) -> Option<Vec<Word>> {
    const TYPES: [&str; 14] = [
        "boulevard",
        "avenue",
        "chemin",
        "montee",
        "place",
        "route",
        "croissant",
        "terrasse",
        "promenade",
        "street",
        "rang",
        "rue",
        "boul",
        "impasse",
    ];
    const DIRECTIONS: [&str; 4] = ["ouest", "nord", "est", "sud"];
    if words.len() < 2 {
        return None;
    }
    let plain = |word: &Word| {
        StreetType::of_word(&word.text).is_none()
            && Direction::of_word(&word.text).is_none()
            && !is_article(&word.text)
            && !word.starts_with_digit()
            && !matches!(word.text.as_str(), "st" | "ste" | "saint" | "sainte")
    };
    let near = |word: &Word, list: &[&'static str]| {
        let limit = if word.text.len() >= 8 || (word.text.len() >= 5 && list.len() == 4) { 2 } else { 1 };
        plain(word).then(|| list.iter().copied().find(|right| slips(&word.text, right, limit).is_some())).flatten()
    };
    let mut out = words.to_vec();
    let mut changed = false;
    let last = words.len() - 1;
    let typed = words.iter().any(|word| StreetType::of_word(&word.text).is_some());
    let kind_at = if words[0].starts_with_digit() { 1 } else { 0 };
    if !typed && let Some(right) = near(&words[kind_at], &TYPES) {
        out[kind_at].text = right.to_owned();
        changed = true;
    }
    if last > kind_at
        && let Some(right) = near(&words[last], &DIRECTIONS)
    {
        out[last].text = right.to_owned();
        changed = true;
    }
    changed.then_some(out)
}
