//! What the words may mean: which are the street, which the municipality.

use super::locality::{self, Localities};
use super::mending::{mended, with_saint};
use super::score::{Fault, Faults};
use super::search::Search;
use crate::address::parse::Reading;
use crate::address::text::Word;
use crate::address::vocabulary::{Direction, StreetType};

/// Words taken as a street, and what stands around them.
pub(super) struct Hypothesis {
    pub words: Vec<Word>,
    pub localities: Option<Localities>,
    pub faults: Faults,
}

impl Search<'_, '_> {
    /// The ways to take the words of a reading, those with a municipality first.
    pub(super) fn hypotheses(&mut self, reading: &Reading, near: bool) -> Vec<Hypothesis> {
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
        let (found, weak) = self.named_in(&parts, near);
        let unknown = found.is_none() && !parts.is_empty();
        let mut all = Vec::with_capacity(4);
        let explicit = found.is_some() && !weak;
        if found.is_some() {
            self.named.clone_from(&found);
            all.push(Hypothesis { words: street.clone(), localities: found, faults: Faults::default() });
        }
        let bare = if unknown { Faults::default().with(Fault::MunicipalityUnknown) } else { Faults::default() };
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
            for mend in [with_saint, mended] {
                let more: Vec<Hypothesis> = all.iter().filter_map(|one| one.mended_by(mend)).collect();
                all.extend(more);
            }
        }
        all
    }
    /// The localities that whole parts name, and whether that is only `Québec`, which may be the province.
    fn named_in(&self, parts: &[&[Word]], near: bool) -> (Option<Localities>, bool) {
        let view = self.view;
        let mut found: Option<Localities> = None;
        let mut weak = false;
        let several = parts.len() > 1;
        for part in parts {
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
        (found, weak)
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
