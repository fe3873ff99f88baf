//! The names of places that the program knows without any registry: every municipality of Québec, former ones and sectors,
//! what lies across the border, countries.
//!
//! A registry says where addresses are; it does not say what it leaves out. These names tell a municipality that a registry
//! lacks from a slip in the name of one that it has. Made once, from the tables in `data`, when first asked for.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::gazetteer::{builtin_aliases, locality_key};
use super::spelling::{SpellingArrays, SpellingBuilder, SpellingView, Trace, slips};
use super::street_key::name_key;
use super::text::{Word, fold_words};
use super::vocabulary::Province;

const MUNICIPALITIES: &str = include_str!("../../data/municipalities.csv");
const ELSEWHERE: &str = include_str!("../../data/elsewhere.csv");

/// Where a place that is not in Québec lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abroad {
    /// In another province.
    Province(Province),
    /// In another country.
    Country,
}

/// A name of places in Québec.
#[derive(Debug, Clone, Default)]
pub(super) struct QuebecName {
    /// The keys of the municipalities of today that it may stand for, itself where it is one.
    pub municipalities: Vec<String>,
    /// Whether it is a village whose houses have no street numbers: the northern villages and the Cree communities.
    pub village: bool,
}

#[derive(Debug, Clone, Copy)]
struct AbroadName {
    abroad: Abroad,
    /// A country or a state, rather than a town.
    country: bool,
}

#[derive(Debug)]
struct Known {
    quebec: HashMap<String, QuebecName>,
    /// Keys of municipalities by the first words of their names.
    shortened: HashMap<String, Vec<String>>,
    abroad: HashMap<String, AbroadName>,
    names: Vec<String>,
    near: SpellingArrays,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(make)
}

fn make() -> Known {
    let mut quebec: HashMap<String, QuebecName> = HashMap::new();
    let mut shortened: HashMap<String, Vec<String>> = HashMap::new();
    for row in MUNICIPALITIES.lines().skip(1) {
        let mut fields = row.split(',').skip(2);
        let (Some(name), Some(kind)) = (fields.next(), fields.nth(1)) else { continue };
        let key = locality_key(name);
        let words = fold_words(name);
        for count in 1..words.len() {
            let short = name_key(words[..count].iter().map(|word| word.text.as_str())).full;
            let all = shortened.entry(short).or_default();
            if !all.contains(&key) {
                all.push(key.clone());
            }
        }
        let known = quebec.entry(key.clone()).or_default();
        known.village |= matches!(kind, "VN" | "VC" | "VK");
        if !known.municipalities.contains(&key) {
            known.municipalities.push(key);
        }
    }
    for alias in builtin_aliases() {
        let today = locality_key(alias.municipality);
        let village = quebec.get(&today).is_some_and(|municipality| municipality.village);
        let known = quebec.entry(locality_key(alias.name)).or_default();
        known.village |= village;
        if !known.municipalities.contains(&today) {
            known.municipalities.push(today);
        }
    }
    let mut abroad: HashMap<String, AbroadName> = HashMap::new();
    for row in ELSEWHERE.lines().skip(1) {
        let mut fields = row.split(',');
        let (Some(name), Some(place), Some(kind)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let place = Province::of_abbreviation(&place.to_ascii_lowercase()).map_or(Abroad::Country, Abroad::Province);
        // Two places of one name: in the nearer one, which the table gives as the neighbour province.
        let country = kind == "country";
        let name = abroad.entry(locality_key(name)).or_insert(AbroadName { abroad: place, country });
        if !country && matches!(place, Abroad::Province(_)) {
            name.abroad = place;
        }
        name.country |= country;
    }
    let names: Vec<String> = quebec.keys().cloned().collect();
    let mut near = SpellingBuilder::default();
    for (id, name) in (0_u32..).zip(&names) {
        near.add(Trace::Struck, name, id);
    }
    Known { quebec, shortened, abroad, near: near.finish(), names }
}

/// What a name means in Québec, by its key.
pub(super) fn quebec(key: &str) -> Option<&'static QuebecName> {
    known().quebec.get(key)
}

/// Where a name that is none in Québec lies, by its key.
pub(super) fn abroad(key: &str) -> Option<Abroad> {
    let known = known();
    let name = known.abroad.get(key)?;
    (!known.quebec.contains_key(key)).then_some(name.abroad)
}

/// Whether words name a country, or a state of one, and nothing in Québec.
pub(super) fn is_country(words: &[Word]) -> bool {
    let known = known();
    let key = name_key(words.iter().map(|word| word.text.as_str())).full;
    known.abroad.get(&key).is_some_and(|name| name.country)
        && !known.quebec.contains_key(&key)
        && !known.shortened.contains_key(&key)
}

/// The municipalities whose names begin with the words of this key, and have more.
pub(super) fn beginning_with(key: &str) -> &'static [String] {
    known().shortened.get(key).map_or(&[], Vec::as_slice)
}

/// Calls with every name in Québec within a number of slips (2 at most) of a key.
pub(super) fn near_quebec(key: &str, limit: usize, mut call: impl FnMut(&'static str, usize)) {
    let known = known();
    let near = &known.near;
    let view = SpellingView { buckets: &near.buckets, entries: &near.entries, signatures: &near.signatures };
    view.find_near(key, limit, |id| {
        let name = known.names[id as usize].as_str();
        if let Some(count) = slips(key, name, limit) {
            call(name, count);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> String {
        locality_key(name)
    }

    #[test]
    fn every_municipality_of_quebec_is_known_by_name_and_code() {
        let mut codes: Vec<&str> = MUNICIPALITIES.lines().skip(1).filter_map(|row| row.split(',').nth(1)).collect();
        codes.sort_unstable();
        codes.dedup();
        assert!(codes.len() > 1_100 && codes.iter().all(|code| code.len() == 5), "{}", codes.len());
        for name in ["La Martre", "Saint-Sylvère", "Gaspé", "Kuujjuaq", "Baie-Johan-Beetz"] {
            assert!(quebec(&key(name)).is_some(), "{name}");
        }
        assert_eq!(quebec(&key("Saint-Hubert")).map(|name| &name.municipalities[..]), Some(&[key("Longueuil")][..]));
        assert!(quebec(&key("Salluit")).is_some_and(|name| name.village));
        assert!(quebec(&key("Fort Chimo")).is_some_and(|name| name.village));
        assert!(!quebec(&key("Longueuil")).is_some_and(|name| name.village));
    }

    #[test]
    fn what_is_abroad_is_told_from_what_bears_the_same_name_here() {
        assert_eq!(abroad(&key("Hawkesbury")), Some(Abroad::Province(Province::Ontario)));
        assert_eq!(abroad(&key("Edmundston")), Some(Abroad::Province(Province::NewBrunswick)));
        assert_eq!(abroad(&key("Labrador City")), Some(Abroad::Province(Province::NewfoundlandAndLabrador)));
        assert_eq!(abroad(&key("Derby Line")), Some(Abroad::Country));
        for here in ["Laval", "Windsor", "Richmond", "Milan", "Buckingham"] {
            assert_eq!(abroad(&key(here)), None, "{here}");
        }
        let country = |name: &str| is_country(&fold_words(name));
        assert!(country("France") && country("États-Unis") && country("Vermont"));
        assert!(!country("Sainte-Lucie") && !country("Paris") && !country("Ontario"));
    }

    #[test]
    fn the_first_words_of_a_name_lead_to_it() {
        assert!(beginning_with(&key("Saint-Pierre")).contains(&key("Saint-Pierre-de-l'Île-d'Orléans")));
        assert_eq!(beginning_with(&key("Notre-Dame-de-la-Merci")), &[] as &[String]);
        assert_eq!(beginning_with(&key("Baie-Johan")), [key("Baie-Johan-Beetz")]);
    }

    #[test]
    fn a_slip_in_a_name_is_seen() {
        let mut found = Vec::new();
        near_quebec(&key("La Marte"), 2, |name, count| found.push((name, count)));
        assert!(found.contains(&(key("La Martre").as_str(), 1)), "{found:?}");
    }
}
