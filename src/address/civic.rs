//! The civic number of an address: where it stands, its suffix, its range, and the unit set before it.

use std::fmt;

use serde::Serialize;

use super::parse::Reading;
use super::text::{Gap, Word};
use super::vocabulary::{StreetType, is_article, ordinal};

/// A civic number with its suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Civic {
    /// The number, 1 to 16,777,215.
    pub number: u32,
    /// The suffix.
    pub suffix: Suffix,
}

/// What follows a civic number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Suffix(u8);

impl Suffix {
    /// No suffix.
    pub const NONE: Self = Self(0);

    /// Reads a letter, `1/2`, `1/4` or `3/4`; empty for none. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "" => Some(Self::NONE),
            "1/2" | "½" => Some(Self(27)),
            "1/4" | "¼" => Some(Self(28)),
            "3/4" | "¾" => Some(Self(29)),
            letter => match letter.as_bytes() {
                [letter] if letter.is_ascii_alphabetic() => Some(Self(letter.to_ascii_uppercase() - b'A' + 1)),
                _ => None,
            },
        }
    }

    /// Whether there is one.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            letter @ 1..=26 => write!(f, "{}", char::from(b'A' + letter - 1)),
            27 => f.write_str(" 1/2"),
            28 => f.write_str(" 1/4"),
            29 => f.write_str(" 3/4"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Civic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.suffix)
    }
}

impl Civic {
    /// A number without suffix.
    #[must_use]
    pub const fn plain(number: u32) -> Self {
        Self { number, suffix: Suffix::NONE }
    }

    /// One number that sorts as the civic number does.
    pub(super) const fn packed(self) -> u32 {
        (self.number << 8) | self.suffix.0 as u32
    }

    /// The civic number of [`Civic::packed`].
    pub(super) const fn from_packed(packed: u32) -> Self {
        Self { number: packed >> 8, suffix: Suffix((packed & 0xff) as u8) }
    }
}

/// A number and letter in one word: `12`, `12a`.
fn civic_word(text: &str) -> Option<Civic> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = text.get(..digits)?.parse().ok()?;
    let suffix = Suffix::parse(&text[digits..])?;
    (number > 0 && number < 1 << 24).then_some(Civic { number, suffix })
}

/// Whether two numbers tied by a hyphen are the ends of a range rather than a unit and a civic number.
///
/// `120-124` is, `4-1200` is not, `401-1350` is not; what stays open is tried both ways by the caller.
fn is_range(low: u32, high: u32) -> bool {
    let reach = if low >= 1000 { 400 } else { 20 };
    low < high && (high - low).is_multiple_of(2) && high - low <= reach && low >= 10
}

/// What a head says: the words it took, and the ways to read it.
struct Head {
    taken: usize,
    readings: Vec<(Civic, Option<u32>, Option<String>)>,
}

/// Reads the civic number at the beginning of words.
fn head(words: &[Word]) -> Option<Head> {
    let chain = 1 + words.iter().skip(1).take(3).take_while(|word| word.gap == Gap::Hyphen).count();
    let joined = |part: &[Word]| part.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join("-");
    let mut head = None;
    // The longest chain that ends in a number: `E-1058-3351`, `4-8520-8528`.
    for length in (2..=chain.min(words.len())).rev() {
        let chain = &words[..length];
        let last = &chain[length - 1];
        let first = civic_word(&chain[0].text);
        if let (Some(first), true) = (first, length == 2 && last.text.len() == 1 && !last.is_number()) {
            // `791-A`.
            let suffix = Suffix::parse(&last.text)?;
            if !first.suffix.is_some() {
                head = Some(Head { taken: 2, readings: vec![(Civic { number: first.number, suffix }, None, None)] });
                break;
            }
        }
        let Some(civic) = civic_word(&last.text) else { continue };
        if chain.iter().any(|word| word.text.len() > 6) {
            continue;
        }
        let before = civic_word(&chain[length - 2].text).filter(|civic| !civic.suffix.is_some());
        let as_unit = (civic, None, Some(joined(&chain[..length - 1])));
        let mut readings = vec![as_unit];
        if let Some(low) = before.filter(|low| low.number < civic.number) {
            let unit = (length > 2).then(|| joined(&chain[..length - 2]));
            let range = (low, Some(civic.number), unit);
            let place = usize::from(!is_range(low.number, civic.number));
            readings.insert(place, range);
        } else if let Some(number) = before {
            // `1200-4`: the unit after the number.
            readings.push((number, None, Some(last.text.clone())));
        }
        head = Some(Head { taken: length, readings });
        break;
    }
    let mut head = match head {
        Some(head) => head,
        None => Head { taken: 1, readings: vec![(civic_word(&words.first()?.text)?, None, None)] },
    };
    if let Some(taken) = suffix_after(words, &mut head) {
        head.taken += taken;
    }
    Some(head)
}

/// A suffix, or the rest of a number, in the words after a head; how many words it took.
fn suffix_after(words: &[Word], head: &mut Head) -> Option<usize> {
    let next = words.get(head.taken)?;
    let after = words.get(head.taken + 1);
    let civic = head.readings[0].0;
    if civic.suffix.is_some() || next.gap == Gap::Break {
        return None;
    }
    let set = |head: &mut Head, suffix| {
        for reading in &mut head.readings {
            reading.0.suffix = suffix;
        }
    };
    if let Some(under) = after.filter(|after| after.gap == Gap::Slash) {
        set(head, Suffix::parse(&format!("{}/{}", next.text, under.text))?);
        return Some(2);
    }
    // `11 441, rue`: a space for the thousands.
    if head.taken == 1
        && civic.number < 100
        && next.is_number()
        && next.text.len() == 3
        && after.is_some_and(|after| after.gap == Gap::Break || StreetType::of_word(&after.text).is_some())
    {
        head.readings = vec![(Civic::plain(civic.number * 1000 + next.text.parse::<u32>().ok()?), None, None)];
        return Some(1);
    }
    let letter = next.text.len() == 1 && !next.is_number() && next.gap == Gap::Space;
    let tied = after.is_none_or(|after| matches!(after.gap, Gap::Apostrophe | Gap::Hyphen));
    if letter
        && !tied
        && after.is_some_and(|after| after.gap == Gap::Break || StreetType::of_word(&after.text).is_some())
    {
        set(head, Suffix::parse(&next.text)?);
        return Some(1);
    }
    None
}

/// Whether words begin with the ordinal of a street rather than with a civic number: `8e Avenue`.
fn begins_with_ordinal(words: &[Word]) -> bool {
    let Some(first) = words.first() else { return false };
    ordinal(&first.text).is_some()
        && words.get(1).is_none_or(|next| {
            StreetType::of_word(&next.text).is_some()
                || is_article(&next.text)
                || next.gap == Gap::Hyphen && !next.starts_with_digit()
        })
}

/// The parts of an address, cut where commas and such stand.
fn parts_of(words: Vec<Word>) -> Vec<Vec<Word>> {
    let mut parts: Vec<Vec<Word>> = Vec::with_capacity(3);
    for word in words {
        if parts.is_empty() || word.gap == Gap::Break {
            parts.push(Vec::with_capacity(6));
        }
        if let Some(part) = parts.last_mut() {
            part.push(word);
        }
    }
    parts
}

/// All ways to read the words of an address, likeliest first; at least one.
pub(super) fn readings(words: Vec<Word>, unit: Option<&str>) -> Vec<Reading> {
    let parts = parts_of(words);
    let unit = unit.map(str::to_owned);
    let others = |skip: &[usize]| -> Vec<Vec<Word>> {
        parts
            .iter()
            .enumerate()
            .filter(|(i, part)| !skip.contains(i) && !part.is_empty())
            .map(|(_, p)| p.clone())
            .collect()
    };
    let mut all: Vec<Reading> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let ordinal_first = begins_with_ordinal(part);
        let Some(head) = head(part) else { continue };
        let rest = &part[head.taken..];
        // `5e Avenue` has no number; `33E rue du Pont` may.
        if ordinal_first && (rest.len() < 2 || parts.iter().enumerate().any(|(i, p)| i != at && civic_head(p))) {
            continue;
        }
        if ordinal_first && part.last().is_some_and(Word::is_number) {
            continue;
        }
        let (street, skip) = if !rest.is_empty() {
            (rest.to_vec(), vec![at])
        } else if at + 1 < parts.len() {
            (parts[at + 1].clone(), vec![at, at + 1])
        } else if at > 0 {
            (parts[at - 1].clone(), vec![at - 1, at])
        } else {
            (Vec::new(), vec![at])
        };
        let read = |civic, range_end, unit, street: &[Word], skip: &[usize]| Reading {
            civic: Some(civic),
            range_end,
            unit,
            before: Vec::new(),
            street: street.to_vec(),
            parts: others(skip),
        };
        let first_word = Some(part[0].text.clone());
        let mut own = Vec::new();
        // `4, 1200 rue X`: the first number is a unit.
        if at == 0
            && rest.is_empty()
            && let Some(next) = parts.get(1)
            && let Some(second) = self::head(next)
            && !begins_with_ordinal(next)
            && next.len() > second.taken
        {
            let (civic, range_end, _) = second.readings[0].clone();
            own.push(read(civic, range_end, first_word.clone(), &next[second.taken..], &[0, 1]));
        }
        // `4 1200 rue X`: likewise without a comma.
        let spaced = rest.first().is_some_and(Word::is_number).then(|| self::head(rest)).flatten();
        let spaced = spaced.filter(|second| {
            rest.get(second.taken).is_some_and(|next| !begins_with_ordinal(rest) && next.gap != Gap::Break)
        });
        for (civic, range_end, before) in head.readings {
            own.push(read(civic, range_end, before.or_else(|| unit.clone()), &street, &skip));
        }
        if rest.is_empty() && at > 0 && at + 1 < parts.len() {
            // `rue Saint-Denis, 1200, Montréal`.
            if let Some((civic, range_end, before)) =
                own.first().and_then(|one| Some((one.civic?, one.range_end, one.unit.clone())))
            {
                own.push(read(civic, range_end, before, &parts[at - 1], &[at - 1, at]));
            }
        }
        if let Some(second) = spaced {
            let (civic, range_end, _) = second.readings[0].clone();
            own.push(read(civic, range_end, first_word, &rest[second.taken..], &[at]));
        }
        all.extend(own);
        if !ordinal_first {
            break;
        }
    }
    if all.is_empty() {
        all.extend(number_inside(&parts, unit.as_ref(), &others));
    }
    let no_number = Reading {
        civic: None,
        range_end: None,
        unit,
        before: Vec::new(),
        street: parts.first().cloned().unwrap_or_default(),
        parts: others(&[0]),
    };
    if all.is_empty() || begins_with_ordinal(&parts[0]) {
        all.push(no_number);
    }
    all.truncate(5);
    all
}

/// Whether a part begins with a civic number that is no ordinal.
fn civic_head(part: &[Word]) -> bool {
    !begins_with_ordinal(part) && part.first().is_some_and(|word| civic_word(&word.text).is_some())
}

/// A number at the end of a part (`rue Saint-Denis 1200`) or inside it (`Montréal 1200 rue Saint-Denis`).
fn number_inside(
    parts: &[Vec<Word>],
    unit: Option<&String>,
    others: &dyn Fn(&[usize]) -> Vec<Vec<Word>>,
) -> Vec<Reading> {
    let mut all = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for (i, word) in part.iter().enumerate().skip(1).rev() {
            let Some(civic) = civic_word(&word.text).filter(|_| ordinal(&word.text).is_none() || i + 1 == part.len())
            else {
                continue;
            };
            let named = StreetType::of_word(&part[i - 1].text).is_some_and(StreetType::is_numbered);
            if named || (word.gap == Gap::Hyphen && !part[i - 1].is_number()) || ordinal(&word.text).is_some() {
                continue;
            }
            let reading = |civic, before: &[Word], street: &[Word]| Reading {
                civic: Some(civic),
                range_end: None,
                unit: unit.cloned(),
                before: before.to_vec(),
                street: street.to_vec(),
                parts: others(&[at]),
            };
            if i + 1 == part.len() {
                all.push(reading(civic, &[], &part[..i]));
            } else {
                let mut here = reading(civic, &part[..i], &part[i + 1..]);
                if let Some(head) = head(&part[i..]).filter(|head| part.len() > i + head.taken) {
                    let (civic, range_end, before) = head.readings[0].clone();
                    here.civic = Some(civic);
                    here.range_end = range_end;
                    here.unit = before.or(here.unit);
                    here.street = part[i + head.taken..].to_vec();
                }
                all.push(here);
                // `rue Saint-Denis 1200 Montréal`: the street before, the municipality after.
                let mut turned = reading(civic, &[], &part[..i]);
                turned.parts.push(part[i + 1..].to_vec());
                all.push(turned);
            }
        }
    }
    all
}
