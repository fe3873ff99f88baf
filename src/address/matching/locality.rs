//! Which municipality is meant: exact names, then slips.

use super::score::Fault;
use crate::address::gazetteer::GazetteerView;
use crate::address::known::{self, Abroad};
use crate::address::numerals::respelled;
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

/// What the words of a part mean as a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stated {
    /// Localities of the registry.
    Here(Localities),
    /// A municipality of Québec that the registry has no address of.
    NotCovered,
    /// A place outside Québec.
    Abroad(Abroad),
    /// No place: a person, a telephone, part of a building.
    NoPlace,
    /// Something that is neither in the registry nor known.
    Unknown,
}

/// What a part means; with slips in the names of the registry's localities if `slips_too`.
pub(super) fn stated(view: &GazetteerView<'_>, part: &[Word], slips_too: bool) -> Stated {
    let words = without_province(part);
    if let Some(here) = exact(view, part).or_else(|| exact(view, words)) {
        return Stated::Here(here);
    }
    if let Some(here) = sector_and_whole(view, words) {
        return Stated::Here(here);
    }
    let named = without_designation(words).into_iter().chain([texts(words)]);
    let mut not_covered = false;
    for name in named.flat_map(|name| with_respelled(&name)) {
        let key = key_of(&name);
        let mut today = Vec::new();
        if let Some(known) = known::quebec(&key) {
            // A former name that an older registry was compiled without.
            for municipality in &known.municipalities {
                today.extend_from_slice(ids_of(view, municipality));
            }
            not_covered = true;
        }
        if !today.is_empty() {
            return Stated::Here(Localities { ids: today, fault: Some(Fault::MunicipalityFormer) });
        }
        let longer = known::beginning_with(&key);
        let ids: Vec<u32> = longer.iter().flat_map(|key| ids_of(view, key)).copied().collect();
        if !ids.is_empty() {
            let only = longer.len() == 1 && !not_covered;
            let fault = if only { Fault::MunicipalityShort } else { Fault::MunicipalityDoubtful };
            return Stated::Here(Localities { ids, fault: Some(fault) });
        }
        if let Some(abroad) = known::abroad(&key) {
            return Stated::Abroad(abroad);
        }
    }
    if not_covered {
        return Stated::NotCovered;
    }
    if is_no_place(words) {
        return Stated::NoPlace;
    }
    if slips_too && let Some(here) = near(view, words) {
        return Stated::Here(here);
    }
    Stated::Unknown
}

/// A sector and its municipality, one after the other: `Saint-Hubert Longueuil`.
fn sector_and_whole(view: &GazetteerView<'_>, words: &[Word]) -> Option<Localities> {
    (1..words.len()).find_map(|cut| {
        let (first, second) = (exact(view, &words[..cut])?, exact(view, &words[cut..])?);
        let root = |id: &u32| view.root(*id);
        let shared = first.ids.iter().any(|one| second.ids.iter().any(|other| root(one) == root(other)));
        let ids = [first.ids, second.ids].concat();
        shared.then_some(Localities { ids, fault: None })
    })
}

/// Whether a part says who or where in a building rather than which municipality.
fn is_no_place(words: &[Word]) -> bool {
    let Some(first) = words.first() else { return true };
    let said = matches!(
        first.text.as_str(),
        "m" | "mr"
            | "mme"
            | "mlle"
            | "ms"
            | "mrs"
            | "miss"
            | "dr"
            | "dre"
            | "me"
            | "famille"
            | "succession"
            | "attn"
            | "att"
            | "aux"
            | "tel"
            | "telephone"
            | "phone"
            | "cell"
            | "fax"
            | "courriel"
            | "edifice"
            | "bloc"
            | "block"
            | "tour"
            | "tower"
            | "batiment"
            | "bat"
            | "building"
            | "immeuble"
            | "residence"
            | "residences"
            | "ecole"
            | "hopital"
            | "chsld"
            | "clinique"
            | "entree"
            | "porte"
            | "arriere"
            | "rear"
            | "haut"
            | "bas"
            | "quai"
            | "niveau"
            | "etage"
            | "aile"
            | "chambre"
    );
    let care = matches!(
        (first.text.as_str(), words.get(1).map(|word| word.text.as_str())),
        ("a", Some("s")) | ("c", Some("o"))
    );
    said || care || words.iter().all(Word::is_number)
}

/// The name after `Ville de`, `secteur`, `Arrondissement du`: the ways to write it without them.
fn without_designation<'w>(words: &'w [Word]) -> Vec<Vec<&'w str>> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let weighty = matches!(text(0), "secteur" | "sect" | "arrondissement" | "arr" | "arrond" | "quartier" | "borough");
    let plain = matches!(
        text(0),
        "ville" | "city" | "town" | "municipalite" | "mun" | "village" | "paroisse" | "canton" | "cantons"
    );
    if !(weighty || plain) || words.len() < 2 {
        return Vec::new();
    }
    let of = |from: usize, lead: &[&'w str]| -> Vec<&'w str> {
        lead.iter().copied().chain(words[from.min(words.len())..].iter().map(|word| word.text.as_str())).collect()
    };
    let mut all = match (text(1), text(2)) {
        ("de", "la" | "l") => vec![of(2, &[]), of(3, &[])],
        ("de" | "d" | "of", _) => vec![of(2, &[])],
        ("du", _) => vec![of(2, &[]), of(2, &["le"])],
        ("des", _) => vec![of(2, &[]), of(2, &["les"])],
        _ if weighty => vec![of(1, &[])],
        _ => Vec::new(),
    };
    all.retain(|name| !name.is_empty());
    all
}

impl GazetteerView<'_> {
    /// Whether a locality is a village whose houses have no street numbers.
    pub(super) fn is_village(&self, locality: u32) -> bool {
        known::quebec(name_of(self, self.localities[locality as usize].name)).is_some_and(|known| known.village)
    }
}

fn texts(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.text.as_str()).collect()
}

/// A name, and the same with its number written in other ways.
fn with_respelled(name: &[&str]) -> Vec<Vec<String>> {
    let own = name.iter().map(|&word| word.to_owned()).collect();
    [own].into_iter().chain(respelled(name)).collect()
}

fn key_of(name: &[String]) -> String {
    name_key(name.iter().map(String::as_str)).full
}

/// The localities of a key.
fn ids_of<'a>(view: &GazetteerView<'a>, key: &str) -> &'a [u32] {
    let mut ids: &[u32] = &[];
    view.locality_index().find(Trace::Form, key, |name| {
        if ids.is_empty() && name_of(view, name) == key {
            ids = view.localities_of(name);
        }
    });
    ids
}

/// The localities that bear exactly this name, a designation before it or its number in another form apart.
pub(super) fn exact(view: &GazetteerView<'_>, words: &[Word]) -> Option<Localities> {
    if words.is_empty() || words.len() > 12 {
        return None;
    }
    let found = |ids: &[u32]| (!ids.is_empty()).then(|| Localities { ids: ids.to_vec(), fault: None });
    found(ids_of(view, &key(words))).or_else(|| {
        let named = without_designation(words);
        let others = named.iter().map(|name| name.iter().map(|&word| word.to_owned()).collect());
        let others: Vec<Vec<String>> = others.chain(respelled(&texts(words))).collect();
        others.iter().find_map(|name| found(ids_of(view, &key_of(name))))
    })
}

/// The localities whose name is a slip or a sound away, the nearest only. None where the words are nearer to the name of a
/// municipality that the registry lacks, or as near.
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
    if names.is_empty() || known::abroad(&key).is_some() {
        return None;
    }
    let mut lacking = false;
    known::near_quebec(&key, best.min(limit), |name, _| lacking |= ids_of(view, name).is_empty());
    let ids: Vec<u32> = names.iter().flat_map(|&name| view.localities_of(name)).copied().collect();
    (!ids.is_empty() && !lacking).then_some(Localities { ids, fault: Some(Fault::MunicipalitySpelling) })
}

/// Words without a last `Québec` that only says the province.
pub(super) fn without_province(words: &[Word]) -> &[Word] {
    match words {
        [rest @ .., last] if !rest.is_empty() && last.text == "quebec" => rest,
        words => words,
    }
}
