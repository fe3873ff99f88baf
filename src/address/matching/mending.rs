//! Slips in the words that are no names: `saint`, street types, directions.

use crate::address::spelling::slips;
use crate::address::text::Word;
use crate::address::vocabulary::{Direction, StreetType, is_article};

/// The words with a misspelt `saint` or `sainte` mended.
pub(super) fn with_saint(words: &[Word]) -> Option<Vec<Word>> {
    let mended = |word: &Word| {
        let text = word.text.as_str();
        if text.len() < 3 || word.starts_with_digit() || matches!(text, "saint" | "sainte" | "saints" | "saintes") {
            return None;
        }
        let limit = if text.starts_with('s') && text.contains('t') && text.len() >= 4 { 2 } else { 1 };
        let (male, female) = (slips(text, "saint", limit), slips(text, "sainte", limit));
        match (male, female) {
            (Some(a), Some(b)) => Some(if b < a || (a == b && text.ends_with('e')) { "sainte" } else { "saint" }),
            (Some(_), None) => Some("saint"),
            (None, Some(_)) => Some("sainte"),
            (None, None) => None,
        }
    };
    let last = words.len().checked_sub(1)?;
    let at = (0..last).find(|&at| mended(&words[at]).is_some())?;
    let mut out = words.to_vec();
    mended(&words[at])?.clone_into(&mut out[at].text);
    Some(out)
}

/// The words with a slip in a street type or direction mended.
pub(super) fn mended(words: &[Word]) -> Option<Vec<Word>> {
    const TYPES: [&str; 14] = [
        "boulevard",
        "avenue",
        "chemin",
        "montee",
        "place",
        "route",
        "croissant",
        "terrasse",
        "promenade",
        "street",
        "rang",
        "rue",
        "boul",
        "impasse",
    ];
    const DIRECTIONS: [&str; 4] = ["ouest", "nord", "est", "sud"];
    if words.len() < 2 {
        return None;
    }
    let plain = |word: &Word| {
        StreetType::of_word(&word.text).is_none()
            && Direction::of_word(&word.text).is_none()
            && !is_article(&word.text)
            && !word.starts_with_digit()
            && !matches!(word.text.as_str(), "st" | "ste" | "saint" | "sainte")
    };
    let near = |word: &Word, list: &[&'static str]| {
        let limit = if word.text.len() >= 8 || (word.text.len() >= 5 && list.len() == 4) { 2 } else { 1 };
        plain(word).then(|| list.iter().copied().find(|right| slips(&word.text, right, limit).is_some())).flatten()
    };
    let mut out = words.to_vec();
    let mut changed = false;
    let last = words.len() - 1;
    let typed = words.iter().any(|word| StreetType::of_word(&word.text).is_some());
    let kind_at = usize::from(words[0].starts_with_digit());
    if !typed && let Some(right) = near(&words[kind_at], &TYPES) {
        right.clone_into(&mut out[kind_at].text);
        changed = true;
    }
    if last > kind_at
        && let Some(right) = near(&words[last], &DIRECTIONS)
    {
        right.clone_into(&mut out[last].text);
        changed = true;
    }
    changed.then_some(out)
}
