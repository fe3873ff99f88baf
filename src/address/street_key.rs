//! From the words of a street to what it is searched by: type, direction and the keys of its name.
//!
//! A name has a *core* (its words without articles, run together; `saint` and `sainte` are one sign each, ordinals are
//! numbers) and a *full* key (articles kept). `rue de la Vérendrye`, `La Vérendrye` and `Laverendrye` share a form.

use super::numerals::spelled;
use super::text::Word;
use super::vocabulary::{Direction, StreetType, expanded, is_article, is_ordinal_ending, ordinal};

/// Stands for `saint` in a key.
const SAINT: char = '$';
/// Stands for `sainte` in a key.
const SAINTE: char = '%';

/// The keys of a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NameKey {
    /// Without articles.
    pub core: String,
    /// With articles.
    pub full: String,
    /// Other ways to run the words together: `laverendrye` of `de la Vérendrye`.
    pub joined: Vec<String>,
    /// Shorter names people use: `levesque` of `René-Lévesque`.
    pub partial: Vec<String>,
    /// Letters that stand for first names, and the rest: `j` and `kennedy` of `J.-F. Kennedy`.
    pub initials: Option<(char, String)>,
}

/// One way to read the words of a street.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    /// The type, if said.
    pub kind: Option<StreetType>,
    /// The direction, if said.
    pub direction: Option<Direction>,
    /// The words of the name, from and to, in the words given, and one more word before it (an ordinal).
    pub name: Vec<usize>,
}

/// The sign or text of one word of a name.
fn push_word(out: &mut String, word: &str) {
    match word {
        "saint" | "st" | "saints" | "sts" => out.push(SAINT),
        "sainte" | "ste" | "saintes" | "stes" => out.push(SAINTE),
        word => {
            let word = ordinal(word).unwrap_or_else(|| expanded(word));
            // `SaintJacques`: run together.
            let glued = word.strip_prefix("saint").filter(|rest| rest.len() >= 3);
            match glued.map(|rest| (rest, rest.as_bytes())) {
                Some((rest, [b'e', next, ..])) if !b"aeiouy".contains(next) && rest.len() >= 5 => {
                    out.push(SAINTE);
                    out.push_str(&rest[1..]);
                }
                Some((rest, _)) => {
                    out.push(SAINT);
                    out.push_str(rest);
                }
                None => out.push_str(word),
            }
        }
    }
}

/// The keys of a name given as words.
pub(super) fn name_key<'a>(words: impl Iterator<Item = &'a str>) -> NameKey {
    let mut key = NameKey::default();
    let mut plain: Vec<(usize, usize)> = Vec::new();
    let mut joints: Vec<usize> = Vec::new();
    let mut leading = true;
    let mut after_number = false;
    let words: Vec<&str> = words.collect();
    let mut at = 0;
    while let Some(&word) = words.get(at) {
        at += 1;
        if after_number && is_ordinal_ending(word) {
            after_number = false;
            continue;
        }
        after_number = word.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(number) = spelled(words[at - 1..].iter().copied()).filter(|number| number.ordinal) {
            at += number.taken - 1;
            leading = false;
            let (start, digits) = (key.core.len(), number.value.to_string());
            key.core.push_str(&digits);
            key.full.push_str(&digits);
            plain.push((start, key.core.len()));
            continue;
        }
        if is_article(word) {
            if leading && !key.full.is_empty() {
                joints.push(key.full.len());
            }
        } else {
            leading = false;
            let start = key.core.len();
            push_word(&mut key.core, word);
            plain.push((start, key.core.len()));
        }
        push_word(&mut key.full, word);
    }
    if key.core.is_empty() {
        key.core.clone_from(&key.full);
    }
    if key.full != key.core {
        key.joined.push(key.full.clone());
        key.joined.extend(joints.iter().map(|&joint| key.full[joint..].to_owned()).filter(|form| *form != key.core));
    }
    let letters = plain.iter().take_while(|range| is_letter(&key.core[range.0..range.1])).count();
    if let Some(rest) = plain.get(letters).filter(|_| letters > 0).map(|range| &key.core[range.0..])
        && rest.len() >= 4
    {
        key.initials = key.core.chars().next().map(|first| (first, rest.to_owned()));
    }
    if plain.len() >= 2 {
        let piece = |range: &(usize, usize)| &key.core[range.0..range.1];
        let long: String = plain.iter().map(piece).filter(|word| word.len() > 1 || !is_letter(word)).collect();
        if long != key.core && !long.is_empty() {
            key.partial.push(long);
        }
        if let Some(last) = plain.last().map(piece)
            && last.len() >= 4
            && !last.bytes().any(|byte| byte.is_ascii_digit())
        {
            key.partial.push(last.to_owned());
        }
        if plain.len() >= 3 {
            key.partial.push(key.core[plain[1].0..].to_owned());
            key.partial.push(key.core[..plain[plain.len() - 2].1].to_owned());
        }
    }
    key
}

/// Whether a word is a number, an ordinal or not.
fn is_numbering(word: &str) -> bool {
    ordinal(word).is_some() || word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_letter(word: &str) -> bool {
    word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase()
}

/// The keys of some of the words.
pub(super) fn key_of(words: &[Word], places: &[usize]) -> NameKey {
    name_key(places.iter().filter_map(|&place| words.get(place)).map(|word| word.text.as_str()))
}

/// Whether something is left that could name a street.
fn names_something(words: &[Word], places: &[usize]) -> bool {
    places.iter().any(|&place| {
        let word = words[place].text.as_str();
        !is_article(word) && StreetType::of_word(word).is_none()
    })
}

/// The places without a direction said at the end or just before a type at the end.
fn without_direction(words: &[Word], places: &[usize]) -> Option<(Direction, Vec<usize>)> {
    let word = |back: usize| places.len().checked_sub(back + 1).map(|at| words[places[at]].text.as_str());
    let article_before = |back: usize| word(back + 1).is_some_and(is_article);
    for back in [0, 1] {
        if back == 1 && StreetType::of_last_word(word(0)?).is_none() {
            break;
        }
        let Some(last) = word(back).and_then(Direction::of_word) else { continue };
        let (direction, taken) = match word(back + 1).and_then(Direction::of_word) {
            Some(first) => Direction::joined(first, last).map_or((last, 1), |both| (both, 2)),
            None => (last, 1),
        };
        // `206 e Avenue` is an ordinal, not an east.
        let ordinal =
            back == 1 && word(1) == Some("e") && word(2).is_some_and(|w| w.bytes().all(|b| b.is_ascii_digit()));
        if article_before(back + taken - 1) || ordinal {
            continue;
        }
        let mut left = places.to_vec();
        let end = places.len() - back;
        left.drain(end - taken..end);
        if names_something(words, &left) {
            return Some((direction, left));
        }
    }
    None
}

/// The places without a direction said first: `West Sherbrooke`.
fn without_leading_direction(words: &[Word], places: &[usize]) -> Option<(Direction, Vec<usize>)> {
    let after_type = usize::from(places.first().is_some_and(|&p| StreetType::of_word(&words[p].text).is_some()));
    let direction = Direction::of_word(&words[*places.get(after_type)?].text)?;
    let next = &words[*places.get(after_type + 1)?].text;
    let mut left = places.to_vec();
    left.remove(after_type);
    (!is_article(next) && names_something(words, &left)).then_some((direction, left))
}

/// The places without a type said first, after an ordinal, or last.
fn without_type(words: &[Word], places: &[usize], out: &mut Vec<(Option<StreetType>, Vec<usize>)>) {
    let word = |at: usize| places.get(at).map(|&place| words[place].text.as_str());
    let real = |left: &[usize]| left.iter().any(|&place| !is_article(&words[place].text));
    let mut push = |kind: StreetType, at: usize| {
        let mut left = places.to_vec();
        left.remove(at);
        if real(&left) {
            out.push((Some(kind), left));
        }
    };
    if let Some(kind) = word(0).and_then(StreetType::of_word) {
        push(kind, 0);
    }
    let numbered = word(0).is_some_and(|w| ordinal(w).is_some() || w.bytes().all(|b| b.is_ascii_digit()));
    let letters = spelled(places.iter().map(|&place| words[place].text.as_str())).filter(|number| number.ordinal);
    if numbered || letters.is_some() {
        let at = letters.map_or(1, |number| number.taken) + usize::from(word(1).is_some_and(is_ordinal_ending));
        if let Some(kind) = word(at).and_then(StreetType::of_word) {
            push(kind, at);
        }
    }
    if places.len() >= 2
        && let Some(kind) = word(places.len() - 1).and_then(StreetType::of_last_word)
    {
        push(kind, places.len() - 1);
    }
}

/// The ways to read the words of a street, likeliest first; never empty unless there is no word.
pub(super) fn phrases(words: &[Word]) -> Vec<Phrase> {
    let mut all: Vec<Phrase> = Vec::with_capacity(4);
    let places: Vec<usize> = (0..words.len()).collect();
    if places.is_empty() {
        return all;
    }
    let mut directions: Vec<(Option<Direction>, Vec<usize>)> = Vec::with_capacity(3);
    if let Some((direction, left)) = without_direction(words, &places) {
        directions.push((Some(direction), left));
    }
    let lead = without_leading_direction(words, &places);
    directions.push((None, places));
    if let Some((direction, left)) = lead {
        directions.push((Some(direction), left));
    }
    for (direction, left) in directions {
        let mut kinds = Vec::with_capacity(3);
        without_type(words, &left, &mut kinds);
        // `chemin du 7e Rang`: the rang is what it is called.
        let inner = kinds.first().filter(|(kind, _)| kind.is_some()).and_then(|(_, name)| {
            let from = name.iter().take_while(|&&place| is_article(&words[place].text)).count();
            let mut inner = Vec::new();
            without_type(words, &name[from..], &mut inner);
            inner.into_iter().find(|(_, name)| name.len() == 1 && is_numbering(&words[name[0]].text))
        });
        kinds.extend(inner);
        kinds.push((None, left));
        for (kind, name) in kinds {
            let phrase = Phrase { kind, direction, name };
            if !all.contains(&phrase) {
                all.push(phrase);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::text::fold_words;
    use super::*;

    fn first(text: &str) -> (Option<StreetType>, Option<Direction>, String) {
        let words = fold_words(text);
        let phrase = phrases(&words).remove(0);
        let key = key_of(&words, &phrase.name);
        (phrase.kind, phrase.direction, key.core)
    }

    #[test]
    fn type_and_direction_are_found_wherever_they_stand() {
        let laurent = (Some(StreetType::Boulevard), Some(Direction::West), "$laurent".to_owned());
        for text in [
            "boulevard Saint-Laurent Ouest",
            "boul. St-Laurent O.",
            "St Laurent Blvd W",
            "St. Laurent W. Blvd",
            "Saint-Laurent boul. O",
        ] {
            assert_eq!(first(text), laurent, "{text}");
        }
        assert_eq!(first("2e Rue"), (Some(StreetType::Rue), None, "2".to_owned()));
        assert_eq!(first("206 e Avenue"), (Some(StreetType::Avenue), None, "206".to_owned()));
        assert_eq!(first("3e rue de la Pointe").2, "3pointe");
        assert_eq!(first("Route 132 Est"), (Some(StreetType::Route), Some(Direction::East), "132".to_owned()));
    }

    #[test]
    fn a_direction_that_is_the_name_stays_the_name() {
        assert_eq!(first("rue de l'Est"), (Some(StreetType::Rue), None, "est".to_owned()));
        assert_eq!(first("rue Nord"), (Some(StreetType::Rue), None, "nord".to_owned()));
        assert_eq!(first("rang Ouest").2, "ouest");
    }

    #[test]
    fn articles_are_kept_apart_from_the_core() {
        let key = |text: &str| name_key(fold_words(text).iter().map(|word| word.text.as_str()));
        assert_eq!(key("de la Vérendrye").core, "verendrye");
        assert!(key("de la Vérendrye").joined.contains(&"laverendrye".to_owned()));
        assert!(key("René-Lévesque").partial.contains(&"levesque".to_owned()));
        assert!(key("Joseph-L.-Rivard").core.contains("joseph"));
        assert_eq!(key("Le La").core, "lela");
    }
}
