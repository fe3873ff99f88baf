//! Two streets in the place of a number: `coin Saint-Denis et Rachel`, `St-Denis / Rachel`, `rue A angle rue B, Laval`.

use super::parse::{ParsedAddress, Remark};
use super::readings::readings;
use super::text::{Gap, Word};
use super::vocabulary::is_article;

/// A text that names a corner, read once for each street. What follows the streets goes with both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Corner {
    /// Each street as an address of its own.
    pub sides: Box<[ParsedAddress; 2]>,
    /// Whether it can be nothing else: `A et B` may be the name of one street.
    pub certain: bool,
}

/// Reads words, of which no number was taken, as a corner. `whole` has what else the text says.
pub(super) fn read(words: &[Word], whole: &ParsedAddress) -> Option<Corner> {
    // `1200 Saint-Denis, coin Rachel` says where it is by its number.
    if (words.iter().enumerate()).any(|(at, word)| word.is_number() && (at == 0 || word.gap == Gap::Break)) {
        return None;
    }
    let joins = |word: &&Word| {
        matches!(word.text.as_str(), "a" | "au" | "l" | "de" | "des" | "du" | "at" | "of" | "the" | "rues")
    };
    let lead = words.iter().take_while(joins).count();
    let announced = words.get(lead).is_some_and(|word| is_corner_word(&word.text) || word.text == "intersection");
    let mut from = 0;
    if announced {
        from = lead + 1;
        from += words[from..].iter().take_while(joins).count();
    }
    let is_and = |word: &Word| matches!(word.text.as_str(), "et" | "and" | "at");
    let said = |at: usize| {
        // `rue du Coin`, `rue Coin-Rond` are names.
        let name =
            is_article(&words[at - 1].text) || words[at].gap == Gap::Hyphen || words.get(at + 1)?.gap == Gap::Hyphen;
        (is_corner_word(&words[at].text) && !name).then_some((at, at + 1))
    };
    let slash = |at: usize| (words[at].gap == Gap::Slash && !words[at].starts_with_digit()).then_some((at, at));
    let and = |at: usize| (is_and(&words[at]) && at + 1 < words.len()).then_some((at, at + 1));
    let mut between = from + 1..words.len();
    let sure = between.clone().find_map(|at| said(at).or_else(|| slash(at)));
    let (end, start) = sure
        .or_else(|| between.clone().find_map(and))
        .or_else(|| between.find(|&at| announced && words[at].gap == Gap::Break).map(|at| (at, at)))?;
    let (street_a, rest_a) = cut(words.get(from..end)?);
    let (street_b, rest_b) = cut(words.get(start..)?);
    let rest = if rest_b.is_empty() { rest_a } else { rest_b };
    let side = |street: &[Word]| -> Option<ParsedAddress> {
        let mut words = street.to_vec();
        words.first_mut()?.gap = Gap::Space;
        words.extend_from_slice(rest);
        let mut readings = readings(words, None);
        readings.retain(|reading| reading.civic.is_none() && !reading.street.is_empty());
        let read = ParsedAddress { readings, remarks: Vec::new(), corner: None, ..whole.clone() };
        (!read.readings.is_empty()).then_some(read)
    };
    Some(Corner { sides: Box::new([side(street_a)?, side(street_b)?]), certain: announced || sure.is_some() })
}

impl Corner {
    /// What is worth saying of it.
    pub const REMARK: Remark = Remark::Intersection;
}

fn is_corner_word(word: &str) -> bool {
    matches!(word, "coin" | "angle" | "corner")
}

/// A street, and what stands after the first break.
fn cut(words: &[Word]) -> (&[Word], &[Word]) {
    let at = (1..words.len()).find(|&at| words[at].gap == Gap::Break).unwrap_or(words.len());
    words.split_at(at)
}
