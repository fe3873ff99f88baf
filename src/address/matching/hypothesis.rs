//! What the words may mean: which are the street, which the municipality.

use super::locality::{self, Localities, Stated};
use super::mending::{mended, with_saint};
use super::score::{Fault, Faults};
use super::search::Search;
use crate::address::known;
use crate::address::parse::Reading;
use crate::address::street_key::name_key;
use crate::address::text::Word;
use crate::address::vocabulary::{Direction, StreetType};

/// Words taken as a street, and what stands around them.
pub(super) struct Hypothesis {
    pub words: Vec<Word>,
    pub localities: Option<Localities>,
    pub faults: Faults,
}

/// What the parts of a reading say of the municipality.
#[derive(Debug, Default)]
struct Naming {
    found: Option<Localities>,
    /// Whether that is only `Québec`, which may be the province.
    weak: bool,
    /// What was named that the registry has not.
    lacking: Option<Fault>,
}

/// Most words of a municipality's name.
const LONGEST_NAME: usize = 9;
/// Most words of one looked for with slips.
const LONGEST_NEAR: usize = 6;

impl Search<'_, '_> {
    /// The ways to take the words of a reading, those with a municipality first.
    pub(super) fn hypotheses(&mut self, reading: &Reading, near: bool) -> Vec<Hypothesis> {
        let view = self.view;
        let mut street = reading.street.clone();
        let mut parts: Vec<(&[Word], bool)> = Vec::with_capacity(reading.parts.len());
        for (at, part) in reading.parts.iter().enumerate() {
            let qualifies =
                |word: &Word| StreetType::of_word(&word.text).is_some() || Direction::of_word(&word.text).is_some();
            if part.len() <= 2 && part.iter().all(qualifies) && locality::exact(&view, part).is_none() {
                street.extend_from_slice(part);
            } else {
                parts.push((part, at >= reading.lead));
            }
        }
        let Naming { found, weak, lacking } = self.named_in(&parts, near);
        let mut all = Vec::with_capacity(4);
        let explicit = found.is_some() && !weak;
        self.says_municipality |= explicit;
        let bare = lacking.map_or(Faults::default(), |fault| Faults::default().with(fault));
        if found.is_some() {
            self.named.clone_from(&found);
            let contradicted = if explicit { bare } else { Faults::default() };
            all.push(Hypothesis { words: street.clone(), localities: found, faults: contradicted });
        }
        if !explicit {
            if !reading.before.is_empty() {
                let here = locality::exact(&view, &reading.before)
                    .or_else(|| near.then(|| locality::near(&view, &reading.before)).flatten());
                if here.is_some() {
                    self.named.clone_from(&here);
                    all.push(Hypothesis { words: street.clone(), localities: here, faults: Faults::default() });
                }
            }
            let ended = self.with_municipality_last(&street, near, &mut all);
            if street.len() > 1 {
                let first = if ended { bare.with(Fault::MunicipalityFirst) } else { bare };
                for end in 1..street.len().min(5) {
                    if let Some(here) = locality::exact(&view, &street[..end]) {
                        all.push(Hypothesis { words: street[end..].to_vec(), localities: Some(here), faults: first });
                    }
                }
            }
            if !near && self.named.is_none() {
                self.named = locality::exact(&view, &street);
            } else if reading.civic.is_none() && self.named.is_none() {
                self.named = locality::near(&view, &street);
            }
            all.push(Hypothesis { words: street, localities: None, faults: bare });
        }
        if near {
            for mend in [with_saint, mended] {
                let more: Vec<Hypothesis> = all.iter().filter_map(|one| one.mended_by(mend)).collect();
                all.extend(more);
            }
        }
        all
    }

    /// Takes the last words for a municipality, and words before them for a sector of it. Whether they can be one, known to the
    /// registry or not.
    fn with_municipality_last(&mut self, street: &[Word], near: bool, all: &mut Vec<Hypothesis>) -> bool {
        let view = self.view;
        let whole = locality::without_province(street);
        let mut ended = false;
        for words in [street, whole] {
            for start in (1..words.len()).rev().take(LONGEST_NAME) {
                let tail = &words[start..];
                let near_too = near && tail.len() <= LONGEST_NEAR;
                let here =
                    locality::exact(&view, tail).or_else(|| near_too.then(|| locality::near(&view, tail)).flatten());
                let Some(here) = here else {
                    ended |= known::quebec(&name_key(tail.iter().map(|word| word.text.as_str())).full).is_some();
                    continue;
                };
                ended = true;
                self.named.get_or_insert_with(|| here.clone());
                // `Jonquière Saguenay`: the sector stands before its municipality.
                for sector in (1..start).rev().take(4) {
                    let Some(part) = locality::exact(&view, &words[sector..start]) else { continue };
                    let within = |&id: &u32| here.ids.iter().any(|&whole| view.root(whole) == view.root(id));
                    let ids: Vec<u32> =
                        part.ids.iter().copied().filter(within).chain(here.ids.iter().copied()).collect();
                    if ids.len() > here.ids.len() {
                        let localities = Some(Localities { ids, fault: here.fault });
                        all.push(Hypothesis { words: words[..sector].to_vec(), localities, faults: Faults::default() });
                    }
                }
                all.push(Hypothesis {
                    words: words[..start].to_vec(),
                    localities: Some(here),
                    faults: Faults::default(),
                });
            }
            if whole.len() == street.len() {
                break;
            }
        }
        ended
    }

    /// What whole parts say of the municipality; each with whether it stands after the street.
    fn named_in(&mut self, parts: &[(&[Word], bool)], near: bool) -> Naming {
        let view = self.view;
        let mut naming = Naming::default();
        let several = parts.len() > 1;
        let weight = |fault: Option<Fault>| match fault {
            Some(Fault::MunicipalityElsewhere) => 3,
            Some(Fault::MunicipalityNotCovered) => 2,
            Some(_) => 1,
            None => 0,
        };
        for &(part, after) in parts {
            let province = part.len() == 1 && part[0].text == "quebec";
            if province && (naming.found.is_some() || locality::exact(&view, part).is_none()) {
                // Alone, it is as likely the city, of which the registry then has nothing.
                if !several && naming.found.is_none() {
                    naming.lacking = Some(Fault::MunicipalityUnknown);
                }
                continue;
            }
            let lacking = match locality::stated(&view, part, near) {
                Stated::Here(here) => {
                    match &mut naming.found {
                        Some(all) if !naming.weak => {
                            all.ids.extend(here.ids);
                            all.fault = all.fault.and(here.fault);
                        }
                        _ => naming.found = Some(here),
                    }
                    naming.weak = province;
                    continue;
                }
                Stated::NotCovered => {
                    self.lacks_municipality |= after;
                    Fault::MunicipalityNotCovered
                }
                Stated::Abroad(abroad) => {
                    if after {
                        self.abroad.get_or_insert(abroad);
                    }
                    Fault::MunicipalityElsewhere
                }
                Stated::Unknown => Fault::MunicipalityUnknown,
                Stated::NoPlace => continue,
            };
            if after && weight(Some(lacking)) > weight(naming.lacking) {
                naming.lacking = Some(lacking);
            }
        }
        // `rue X, <somewhere>, Québec`: the province.
        if naming.weak && naming.lacking.is_some() {
            naming.found = None;
            naming.weak = false;
        }
        // A name of nothing known beside a municipality is a person or a building.
        if naming.found.is_some() && naming.lacking == Some(Fault::MunicipalityUnknown) {
            naming.lacking = None;
        }
        naming
    }
}

impl Hypothesis {
    /// The same with a slip mended, if there is one.
    fn mended_by(&self, mend: fn(&[Word]) -> Option<Vec<Word>>) -> Option<Self> {
        Some(Self {
            words: mend(&self.words)?,
            localities: self.localities.clone(),
            faults: self.faults.with(Fault::Spelling),
        })
    }
}
