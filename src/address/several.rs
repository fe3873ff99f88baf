//! Two addresses in one text: `385 rue Sherbrooke Est, 1010 rue Sherbrooke Ouest, Montréal`.
//!
//! None of them is the answer; each is read on its own, so that a person may choose.

use super::civic::civic_word;
use super::known;
use super::readings::{begins_street, names_place};
use super::street_key::name_key;
use super::text::{Gap, Word};
use super::vocabulary::{Direction, StreetType, is_article, is_floor_word, is_unit_word, ordinal};

/// The words of each address, where there are several; what follows the last one, as its municipality, goes with all.
pub(super) fn apart(words: &[Word]) -> Vec<Vec<Word>> {
    let starts = starts(words);
    if starts.len() < 2 {
        return Vec::new();
    }
    let last = starts[starts.len() - 1];
    let tail = (last + 1..words.len()).rev().find(|&at| words[at].gap == Gap::Break).filter(|&at| at > last + 1);
    let tail = tail.map_or(&[][..], |at| &words[at..]);
    let ends = starts[1..].iter().copied().chain([words.len()]);
    let mut all: Vec<Vec<Word>> = Vec::with_capacity(starts.len());
    for (place, (&start, end)) in starts.iter().zip(ends).enumerate() {
        let mut own = words[start..end].to_vec();
        own[0].gap = Gap::Space;
        while own.last().is_some_and(|word| matches!(word.text.as_str(), "et" | "and" | "ou" | "or")) {
            own.pop();
        }
        if place + 1 < starts.len() && !names_municipality(&own) {
            own.extend_from_slice(tail);
        }
        all.push(own);
    }
    all
}

/// Whether one of the parts after the first names a place in Québec.
fn names_municipality(words: &[Word]) -> bool {
    let parts = words.chunk_by(|_, next| next.gap != Gap::Break).skip(1);
    parts.into_iter().any(|part| known::quebec(&name_key(part.iter().map(|word| word.text.as_str())).full).is_some())
}

/// Where an address begins: a civic number with a street after it.
fn starts(words: &[Word]) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    for at in 0..words.len() {
        if civic_word(&words[at].text).is_none() || ordinal(&words[at].text).is_some() {
            continue;
        }
        let tied = words[..=at].iter().rev().take_while(|word| matches!(word.gap, Gap::Hyphen | Gap::Slash)).count();
        let from = at.saturating_sub(tied);
        let first = from == 0 || words[from].gap == Gap::Break;
        // `route 132`, `rue du 8 Mai` are names.
        let named = from > 0
            && !first
            && (StreetType::of_word(&words[from - 1].text).is_some()
                || is_unit_word(&words[from - 1].text)
                || is_article(&words[from - 1].text) && !matches!(words[from - 1].text.as_str(), "et" | "and"));
        if named || starts.last().is_some_and(|&last| from < last + 2) {
            continue;
        }
        let typed = has_street(&words[at + 1..]);
        let plain = first
            && words.get(at + 1).is_some_and(|next| {
                next.gap == Gap::Space
                    && next.text.len() > 2
                    && next.text.bytes().all(|byte| byte.is_ascii_lowercase())
                    && !is_unit_word(&next.text)
                    && !is_floor_word(&next.text)
            })
            && !names_place(&words[at..words.len().min(at + 3)])
            && !names_place(&words[at..words.len().min(at + 2)]);
        if typed || plain {
            starts.push(from);
        }
    }
    starts
}

/// Whether words begin with a street, a letter or a direction before it left aside.
fn has_street(words: &[Word]) -> bool {
    let Some(first) = words.first() else { return false };
    let aside = usize::from(first.text.len() == 1 && !first.is_number() || Direction::of_word(&first.text).is_some());
    words.get(aside..).is_some_and(|rest| !rest.is_empty() && begins_street(rest))
}

#[cfg(test)]
mod tests {
    use super::super::text::fold_words;
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let words = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
        apart(&fold_words(text)).into_iter().map(words).collect()
    }

    #[test]
    fn each_of_two_addresses_is_told_with_the_municipality_that_both_share() {
        assert_eq!(read("12 rue Bleue; 400 rue Verte, Lévis"), ["12 rue bleue levis", "400 rue verte levis"]);
        assert_eq!(
            read("avant: 12 rue Bleue, Lévis, maintenant: 400 av. Verte, Laval"),
            ["12 rue bleue levis maintenant", "400 av verte laval"]
        );
        assert_eq!(read("12 rue Bleue et 400 rue Verte"), ["12 rue bleue", "400 rue verte"]);
        assert_eq!(read("12 Bleue Est, 400 Verte Ouest, Lévis").len(), 2);
    }

    #[test]
    fn one_address_with_several_numbers_is_one() {
        for text in [
            "1070 route 132 Est, Percé",
            "4, 1200 rue Bleue, Lévis",
            "12-14 rue Bleue, 3-Rivières",
            "300 206e Avenue, Saint-Basile",
            "12 rue du 8 Mai, Lévis",
            "5250 Rang 7, Saint-Lucien",
            "12 rue Bleue, 2 étage, Lévis",
            "580, 582, 584, rue Bleue",
            "12 rue Bleue, Lévis 418-555-1234",
        ] {
            assert_eq!(read(text), [] as [&str; 0], "{text}");
        }
    }
}
