//! Words that agree with a count.

use crate::domain::{Language, Term};

/// A noun in the singular and in the plural.
///
/// French takes the singular below 2 (*0 personne*), English for 1 only.
#[derive(Debug, Clone, Copy)]
pub struct Noun {
    /// One of them.
    pub one: Term,
    /// Several of them.
    pub many: Term,
}

/// People.
pub const PEOPLE: Noun = Noun::new(("personne", "personnes"), ("person", "people"));
/// Dissemination areas, or whatever units an atlas holds.
pub const AREAS: Noun = Noun::new(("aire", "aires"), ("area", "areas"));
/// Addresses.
pub const ADDRESSES: Noun = Noun::new(("adresse", "adresses"), ("address", "addresses"));
/// Streets, or parts of them.
pub const STREETS: Noun = Noun::new(("rue ou partie de rue", "rues ou parties de rue"), ("street", "streets"));
/// Territories.
pub const TERRITORIES: Noun = Noun::new(("territoire", "territoires"), ("territory", "territories"));
/// Rows of a table.
pub const ROWS: Noun = Noun::new(("ligne", "lignes"), ("row", "rows"));
/// Values of a series.
pub const VALUES: Noun = Noun::new(("valeur", "valeurs"), ("value", "values"));

impl Noun {
    /// A noun from its two French and its two English forms.
    #[must_use]
    pub const fn new(french: (&'static str, &'static str), english: (&'static str, &'static str)) -> Self {
        Self { one: Term::new(french.0, english.0), many: Term::new(french.1, english.1) }
    }

    /// The form that goes with a count.
    #[must_use]
    pub const fn form(self, count: u64, language: Language) -> &'static str {
        let one = match language {
            Language::French => count < 2,
            Language::English => count == 1,
        };
        if one { self.one.pick(language) } else { self.many.pick(language) }
    }

    /// The count and the noun.
    #[must_use]
    pub fn count(self, count: u64, language: Language) -> String {
        format!("{}\u{a0}{}", language.whole(count), self.form(count, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_singular_in_french_and_plural_in_english() {
        assert_eq!(PEOPLE.count(0, Language::French), "0\u{a0}personne");
        assert_eq!(PEOPLE.count(0, Language::English), "0\u{a0}people");
        assert_eq!(PEOPLE.count(1, Language::English), "1\u{a0}person");
        assert_eq!(AREAS.count(1200, Language::French), "1\u{202f}200\u{a0}aires");
    }
}
