//! Which names of streets may be meant: as they are, a slip away, alike in sound, or in part.

use super::score::Fault;
use super::search::Depth;
use crate::address::gazetteer::GazetteerView;
use crate::address::phonetic::sound;
use crate::address::spelling::{Trace, slips};
use crate::address::street_key::NameKey;

/// Names that are what was asked, articles apart.
pub(super) fn exact_names(view: &GazetteerView<'_>, key: &NameKey, out: &mut Vec<(u32, Option<Fault>)>) {
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
pub(super) fn near_names(view: &GazetteerView<'_>, key: &NameKey, depth: Depth, out: &mut Vec<(u32, Option<Fault>)>) {
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
    // `J.-F. Kennedy`: the first letter of the first name, and all that follows the letters.
    if let Some((letter, rest)) = &key.initials {
        index.find(Trace::Partial, rest, |name| {
            let other = name_of(name);
            if other.starts_with(*letter) && other.ends_with(rest.as_str()) && other != key.core && !known(out, name) {
                out.push((name, Some(Fault::Spelling)));
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
