//! Which municipality is meant: exact names, then slips.

use super::score::Fault;
use crate::address::gazetteer::GazetteerView;
use crate::address::phonetic::sound;
use crate::address::spelling::{Trace, slips};
use crate::address::street_key::name_key;
use crate::address::text::Word;

/// The localities some words may name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Localities {
    pub ids: Vec<u32>,
    pub fault: Option<Fault>,
}

/// How a locality asked about stands to one found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    Same,
    Whole,
    OtherPart,
    Apart,
}

/// The best relation between the localities asked about and one found.
pub(super) fn relation(view: &GazetteerView<'_>, asked: &[u32], found: u32) -> Relation {
    let root = view.root(found);
    asked
        .iter()
        .map(|&asked| {
            let asked_root = view.root(asked);
            if asked == found {
                Relation::Same
            } else if asked_root != root {
                Relation::Apart
            } else if asked == root || found == root {
                Relation::Whole
            } else {
                Relation::OtherPart
            }
        })
        .min()
        .unwrap_or(Relation::Apart)
}

fn key(words: &[Word]) -> String {
    name_key(words.iter().map(|word| word.text.as_str())).full
}

fn name_of<'a>(view: &GazetteerView<'a>, name: u32) -> &'a str {
    view.text(view.locality_names[name as usize].key)
}

/// The localities that bear exactly this name.
pub(super) fn exact(view: &GazetteerView<'_>, words: &[Word]) -> Option<Localities> {
    if words.is_empty() || words.len() > 9 {
        return None;
    }
    let key = key(words);
    let mut ids = Vec::new();
    view.locality_index().find(Trace::Form, &key, |name| {
        if ids.is_empty() && name_of(view, name) == key {
            ids.extend_from_slice(view.localities_of(name));
        }
    });
    (!ids.is_empty()).then_some(Localities { ids, fault: None })
}

/// The localities whose name is a slip or a sound away, the nearest only.
pub(super) fn near(view: &GazetteerView<'_>, words: &[Word]) -> Option<Localities> {
    if words.is_empty() || words.len() > 9 {
        return None;
    }
    let key = key(words);
    if key.len() < 4 || key.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let limit = if key.len() < 7 { 1 } else { 2 };
    let (mut best, mut names) = (limit + 1, Vec::new());
    view.locality_index().find_near(&key, limit, |name| {
        if let Some(count) = slips(&key, name_of(view, name), limit) {
            if count < best {
                best = count;
                names.clear();
            }
            if count == best && !names.contains(&name) {
                names.push(name);
            }
        }
    });
    if names.is_empty() {
        let heard = sound(&key);
        view.locality_index().find(Trace::Sound, &heard, |name| {
            if sound(name_of(view, name)) == heard && !names.contains(&name) {
                names.push(name);
            }
        });
    }
    let ids: Vec<u32> = names.iter().flat_map(|&name| view.localities_of(name)).copied().collect();
    (!ids.is_empty()).then_some(Localities { ids, fault: Some(Fault::MunicipalitySpelling) })
}

/// Words without a last `Québec` that only says the province.
pub(super) fn without_province(words: &[Word]) -> &[Word] {
    match words {
        [rest @ .., last] if !rest.is_empty() && last.text == "quebec" => rest,
        words => words,
    }
}
