//! Names of municipalities, of those merged into others, and of boroughs.

use std::collections::HashMap;

use crate::address::street_key::name_key;
use crate::address::text::fold_words;

/// A former municipality, borough or sector, and the municipality it is part of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalityAlias<'a> {
    /// The name people still use.
    pub name: &'a str,
    /// The municipality of today.
    pub municipality: &'a str,
    /// Whether another municipality of today bears the name.
    pub shared: bool,
}

/// The aliases the program ships with: `data/municipality_aliases.csv`.
pub fn builtin_aliases() -> impl Iterator<Item = LocalityAlias<'static>> {
    include_str!("../../../data/municipality_aliases.csv").lines().skip(1).filter_map(|line| {
        let (name, rest) = line.split_once(',')?;
        let (municipality, shared) = rest.split_once(',')?;
        Some(LocalityAlias { name, municipality, shared: shared == "yes" })
    })
}

/// The key of a municipality's name: articles kept, `(Québec)` and `QC` dropped.
pub(in crate::address) fn locality_key(name: &str) -> String {
    let mut words = fold_words(name);
    while words.len() > 1 && words.last().is_some_and(|word| matches!(word.text.as_str(), "qc" | "pq" | "canada")) {
        words.pop();
    }
    if words.len() > 1 && words.last().is_some_and(|word| word.text == "quebec") {
        words.pop();
    }
    name_key(words.iter().map(|word| word.text.as_str())).full
}

/// A locality while building.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub display: String,
    pub code: String,
    pub key: String,
    /// The municipality it is part of.
    pub parent: Option<u32>,
}

/// Localities by name, code and municipality.
#[derive(Debug, Default)]
pub(super) struct Localities {
    pub drafts: Vec<Draft>,
    by_identity: HashMap<(String, String, Option<u32>), u32>,
}

impl Localities {
    /// The locality of a name, made if new. Names that differ in case, accents or `St` for `Saint` are one.
    pub fn intern(&mut self, name: &str, code: &str, parent: Option<u32>) -> u32 {
        let key = locality_key(name);
        let identity = (key.clone(), code.to_owned(), parent);
        let next = self.drafts.len() as u32;
        let drafts = &mut self.drafts;
        *self.by_identity.entry(identity).or_insert_with(|| {
            drafts.push(Draft { display: tidy(name), code: code.to_owned(), key, parent });
            next
        })
    }
}

/// A name written in capitals, as it is usually written; others stay as they are.
pub(super) fn tidy(name: &str) -> String {
    let name = name.trim();
    if name.chars().any(char::is_lowercase) || name.chars().count() < 3 {
        return name.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut out = String::with_capacity(name.len());
    let mut word = String::new();
    let mut first = true;
    let mut end = |word: &mut String, out: &mut String| {
        if word.is_empty() {
            return;
        }
        let small = word.to_lowercase();
        let article = matches!(
            small.as_str(),
            "de" | "du" | "des" | "d" | "la" | "le" | "les" | "l" | "sur" | "à" | "et" | "aux"
        );
        if (article && !first) || small.starts_with(|c: char| c.is_ascii_digit()) {
            out.push_str(&small);
        } else {
            let mut letters = small.chars();
            out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            out.push_str(letters.as_str());
        }
        first = false;
        word.clear();
    };
    for c in name.chars() {
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            end(&mut word, &mut out);
            out.push(c);
        }
    }
    end(&mut word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_municipality_share_a_key() {
        let key = locality_key("Trois-Rivières");
        for name in ["TROIS-RIVIÈRES (QUÉBEC)", "Trois Rivieres QC", "trois-rivières"] {
            assert_eq!(locality_key(name), key);
        }
        assert_eq!(locality_key("Québec"), "quebec");
        assert_eq!(locality_key("St-Hyacinthe"), locality_key("Saint-Hyacinthe"));
    }

    #[test]
    fn capitals_become_a_name() {
        assert_eq!(tidy("SAINT-ALEXIS-DES-MONTS"), "Saint-Alexis-des-Monts");
        assert_eq!(tidy("Saint-Alexis"), "Saint-Alexis");
        assert_eq!(tidy("5E"), "5E");
    }

    #[test]
    fn every_shipped_alias_has_a_name_and_a_municipality_of_another_name() {
        let mut count = 0;
        for alias in builtin_aliases() {
            assert!(!alias.name.is_empty() && !alias.municipality.is_empty());
            assert_ne!(locality_key(alias.name), locality_key(alias.municipality), "{}", alias.name);
            count += 1;
        }
        assert!(count > 200);
    }
}
