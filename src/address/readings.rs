//! Where the civic number of an address stands, its suffix, its range, and the unit set beside it.
//!
//! A text with two numbers can mean several things (`1821-24`, `1010/1110`, `5505 2001 boulevard X`): each is a [`Reading`] of
//! its own, and a [`Pair`] says which of them people more often mean.

use super::civic::{Civic, Suffix, civic_word};
use super::known;
use super::numerals::{respelled, spelled};
use super::parse::Reading;
use super::street_key::name_key;
use super::text::{Gap, Word};
use super::vocabulary::{Direction, StreetType, is_article, ordinal};

/// Most readings of one text.
const MOST: usize = 8;

/// How a reading stands to another one of the same two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pair {
    /// What is meant more often, or as often.
    Meant,
    /// What is meant less often.
    Other,
}

/// Whether two numbers tied by a hyphen are the ends of a range rather than a unit and a civic number.
///
/// `120-124` is, `4-1200` is not, `401-1350` is not; what stays open is tried both ways by the caller.
fn is_range(low: u32, high: u32) -> bool {
    let reach = if low >= 1000 { 400 } else { 20 };
    low < high && (high - low).is_multiple_of(2) && high - low <= reach && low >= 10
}

/// Whether hardly any building of this number has a unit of that one: `24` and `1821`.
fn is_odd_unit(civic: u32, unit: u32) -> bool {
    unit >= 100 && unit >= civic.saturating_mul(10)
}

/// A civic number as it may be read, with what goes with it.
#[derive(Debug, Clone)]
struct Number {
    civic: Civic,
    range_end: Option<u32>,
    unit: Option<String>,
    pair: Option<Pair>,
}

impl Number {
    fn plain(civic: Civic) -> Self {
        Self { civic, range_end: None, unit: None, pair: None }
    }

    fn of_pair(civic: Civic, unit: &str, pair: Pair) -> Self {
        Self { civic, range_end: None, unit: Some(unit.to_owned()), pair: Some(pair) }
    }
}

/// What a head says: the words it took, the ways to read it, and a letter after it that may be its suffix.
struct Head {
    taken: usize,
    numbers: Vec<Number>,
    letter: Option<Letter>,
}

/// A letter on its own after a number.
#[derive(Debug, Clone, Copy)]
struct Letter {
    suffix: Suffix,
    /// The direction it may be as well: `385 O. rue Sherbrooke`.
    direction: Option<Direction>,
}

/// How many words belong together as numbers tied by hyphens or slashes, an ordinal that begins the street apart.
fn chain_of(words: &[Word]) -> usize {
    let tied = |word: &&Word| matches!(word.gap, Gap::Hyphen | Gap::Slash);
    let longest = 1 + words.iter().skip(1).take(3).take_while(tied).count();
    (1..longest)
        .find(|&at| {
            // `7770-20e Avenue`: the street begins at the ordinal. `12-1/2`: a suffix.
            let street = ordinal(&words[at].text).is_some()
                && words.get(at + 1).is_some_and(|next| StreetType::of_word(&next.text).is_some());
            street || fraction(&words[at..]).is_some()
        })
        .unwrap_or(longest)
}

/// The suffix of a fraction such as `1/2`.
fn fraction(words: &[Word]) -> Option<Suffix> {
    let under = words.get(1).filter(|under| under.gap == Gap::Slash)?;
    Suffix::parse(&format!("{}/{}", words[0].text, under.text))
}

/// Reads the civic number at the beginning of words; `followed` says whether another part comes after them.
fn head(words: &[Word], followed: bool) -> Option<Head> {
    let chain = chain_of(words);
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
                let direction = Direction::of_word(&last.text);
                let numbers = vec![Number::plain(Civic::plain(first.number))];
                return Some(Head { taken: 2, numbers, letter: Some(Letter { suffix, direction }) });
            }
        }
        let Some(civic) = civic_word(&last.text) else { continue };
        if chain.iter().any(|word| word.text.len() > 6) {
            continue;
        }
        let before = civic_word(&chain[length - 2].text).filter(|civic| !civic.suffix.is_some());
        let unit = joined(&chain[..length - 1]);
        let numbers = match before {
            _ if length > 2 => several(civic, before, &unit, &joined(&chain[..length - 2])),
            None => vec![Number { unit: Some(unit), ..Number::plain(civic) }],
            Some(before) => two(before, civic, last.gap == Gap::Slash),
        };
        head = Some(Head { taken: length, numbers, letter: None });
        break;
    }
    let mut head = match head {
        Some(head) => head,
        None => Head { taken: 1, numbers: vec![Number::plain(civic_word(&words.first()?.text)?)], letter: None },
    };
    if let Some(taken) = suffix_after(words, &mut head, followed) {
        head.taken += taken;
    }
    Some(head)
}

/// Two numbers tied together: a range, or a civic number and a unit, whichever comes first.
fn two(first: Civic, second: Civic, listed: bool) -> Vec<Number> {
    let (a, b) = (first.number, second.number);
    // A unit stands before its number as a rule; a slash or an `and` says nothing of the kind.
    let second_meant = if is_odd_unit(b, a) { Pair::Other } else { Pair::Meant };
    let first_meant = match second_meant {
        Pair::Other => Pair::Meant,
        Pair::Meant if listed && !is_odd_unit(a, b) => Pair::Meant,
        Pair::Meant => Pair::Other,
    };
    let of_second = Number::of_pair(second, &a.to_string(), second_meant);
    if a < b {
        let range = is_range(a, b);
        let low = Number {
            civic: first,
            range_end: Some(b),
            unit: None,
            pair: Some(if range { Pair::Meant } else { first_meant }),
        };
        return if range { vec![low, Number { pair: Some(Pair::Other), ..of_second }] } else { vec![of_second, low] };
    }
    let of_first = Number::of_pair(first, &b.to_string(), first_meant);
    if second_meant == Pair::Other { vec![of_first, of_second] } else { vec![of_second, of_first] }
}

/// A chain of three or four: the last is the number, or the end of a range.
fn several(civic: Civic, before: Option<Civic>, unit: &str, outer: &str) -> Vec<Number> {
    let mut numbers = vec![Number { unit: Some(unit.to_owned()), ..Number::plain(civic) }];
    if let Some(low) = before.filter(|low| low.number < civic.number) {
        let range = Number { civic: low, range_end: Some(civic.number), unit: Some(outer.to_owned()), pair: None };
        numbers.insert(usize::from(!is_range(low.number, civic.number)), range);
    }
    numbers
}

/// A suffix, or the rest of a number, in the words after a head; how many words it took.
fn suffix_after(words: &[Word], head: &mut Head, followed: bool) -> Option<usize> {
    let next = words.get(head.taken)?;
    let after = words.get(head.taken + 1);
    let civic = head.numbers[0].civic;
    if civic.suffix.is_some() || next.gap == Gap::Break {
        return None;
    }
    if let Some(suffix) = fraction(&words[head.taken..]) {
        for number in &mut head.numbers {
            number.civic.suffix = suffix;
        }
        return Some(2);
    }
    // `11 441, rue`: a space for the thousands.
    if head.taken == 1
        && civic.number < 100
        && next.is_number()
        && next.text.len() == 3
        && after.map_or(followed, |after| StreetType::of_word(&after.text).is_some())
    {
        head.numbers = vec![Number::plain(Civic::plain(civic.number * 1000 + next.text.parse::<u32>().ok()?))];
        return Some(1);
    }
    let letter = next.text.len() == 1 && !next.is_number() && next.gap == Gap::Space;
    if letter && after.map_or(followed, starts_street) {
        head.letter = Some(Letter { suffix: Suffix::parse(&next.text)?, direction: Direction::of_word(&next.text) });
        return Some(1);
    }
    None
}

/// Whether a word begins a street as it is, rather than being tied to the word before: a type, or `rang` and the like.
fn starts_street(word: &Word) -> bool {
    !matches!(word.gap, Gap::Apostrophe | Gap::Hyphen) && StreetType::of_word(&word.text).is_some()
}

/// Whether words begin with the ordinal of a street rather than with a civic number: `8e Avenue`.
fn begins_with_ordinal(words: &[Word]) -> bool {
    let Some(first) = words.first() else { return false };
    let in_letters = spelled(words.iter().map(|word| word.text.as_str())).is_some_and(|number| number.ordinal);
    in_letters
        || ordinal(&first.text).is_some()
            && words.get(1).is_none_or(|next| {
                StreetType::of_word(&next.text).is_some()
                    || is_article(&next.text)
                    || next.gap == Gap::Hyphen && !next.starts_with_digit()
            })
}

/// Whether words are the name of a place that begins with a number: `3-Rivières`.
pub(super) fn names_place(words: &[Word]) -> bool {
    if words.len() < 2 || !words[0].is_number() || words[1].is_number() {
        return false;
    }
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    respelled(&texts).iter().any(|name| known::quebec(&name_key(name.iter().map(String::as_str)).full).is_some())
}

/// Whether a word only announces a number: `no 1400`, `au 1400`.
fn announces_number(word: &str) -> bool {
    matches!(
        word,
        "no" | "n" | "nr" | "num" | "numero" | "number" | "au" | "a" | "civique" | "civic" | "adresse" | "address"
    )
}

/// The parts of an address, cut where commas and such stand, each without what only announces its number.
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
    for part in &mut parts {
        while part.len() > 1
            && announces_number(&part[0].text)
            && (civic_word(&part[1].text).is_some() || announces_number(&part[1].text))
        {
            part.remove(0);
        }
    }
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.iter_mut().enumerate() {
        listed(part, at < last);
    }
    parts
}

/// Two numbers with a word between them (`10 et 12`, `10 à 14`) as two numbers with a sign between them.
fn listed(part: &mut Vec<Word>, followed: bool) {
    let number = |at: usize| part.get(at).is_some_and(|word| civic_word(&word.text).is_some());
    let street = match part.len() {
        0..3 => false,
        3 => followed,
        4 => StreetType::of_word(&part[3].text).is_some(),
        _ => true,
    };
    if !street || !number(0) || !number(2) {
        return;
    }
    let gap = match part[1].text.as_str() {
        "et" | "and" | "ou" | "or" => Gap::Slash,
        "a" | "to" => Gap::Hyphen,
        _ => return,
    };
    part.remove(1);
    part[1].gap = gap;
}

/// A reading being gathered, and the parts that it takes.
struct Ways<'p> {
    parts: &'p [Vec<Word>],
    unit: Option<String>,
    all: Vec<Reading>,
}

impl Ways<'_> {
    /// The parts but for some, and how many of those stand before the first of them.
    fn others(&self, skip: &[usize]) -> (Vec<Vec<Word>>, usize) {
        let left = self.parts.iter().enumerate().filter(|(at, part)| !skip.contains(at) && !part.is_empty());
        let first = skip.iter().copied().min().unwrap_or(0);
        let lead = left.clone().filter(|&(at, _)| at < first).count();
        (left.map(|(_, part)| part.clone()).collect(), lead)
    }

    fn push(&mut self, number: Number, street: &[Word], skip: &[usize], letter: Option<Letter>) {
        let (parts, lead) = self.others(skip);
        let mut civic = number.civic;
        if let Some(letter) = letter.filter(|_| !civic.suffix.is_some()) {
            civic.suffix = letter.suffix;
        }
        self.all.push(Reading {
            civic: Some(civic),
            range_end: number.range_end,
            unit: number.unit.or_else(|| self.unit.clone()),
            before: Vec::new(),
            street: street.to_vec(),
            parts,
            lead,
            letter_direction: letter.map_or_else(
                || Direction::of_word(&civic.suffix.to_string().to_lowercase()),
                |letter| letter.direction,
            ),
            pair: number.pair,
        });
    }

    /// A number with the street after it; a letter between them as a suffix, and as a direction where it may be one.
    fn push_all(
        &mut self,
        head: &Head,
        street: &[Word],
        skip: &[usize],
        letter_at: Option<&Word>,
        direction_first: bool,
    ) {
        for number in &head.numbers {
            let as_direction = head.letter.and_then(|letter| letter.direction).and(letter_at);
            let mut ways: Vec<(Vec<Word>, Option<Letter>)> = vec![(street.to_vec(), head.letter)];
            if let Some(word) = as_direction {
                let mut directed = street.to_vec();
                directed.push(Word { gap: Gap::Space, ..word.clone() });
                ways.insert(usize::from(!direction_first), (directed, None));
            }
            for (street, letter) in ways {
                self.push(number.clone(), &street, skip, letter);
            }
        }
    }

    /// The readings of a part that begins with a number.
    fn of_part(&mut self, at: usize, head: &Head) {
        let parts = self.parts;
        let part = &parts[at];
        let rest = &part[head.taken..];
        let letter_word = head.letter.and(part.get(head.taken - 1));
        let next = parts.get(at + 1).map(Vec::as_slice);
        // `108 1-4, rue X`, `776 ABCD, rue X`, `1010 Ouest, rue X`: what stands before the comma is no street.
        let stub = next.is_some_and(begins_street)
            && !rest.is_empty()
            && (rest.iter().all(|word| word.text.len() <= 4 && (word.is_number() || word.text.len() > 1))
                || rest.len() == 1 && rest[0].text.len() == 1)
            && !rest.iter().any(|word| StreetType::of_word(&word.text).is_some());
        let directed = rest.len() == 1 && Direction::of_word(&rest[0].text).is_some() && next.is_some();
        if let (true, Some(next)) = (stub || directed, next) {
            let mut street = next.to_vec();
            if directed {
                street.push(Word { gap: Gap::Space, ..rest[0].clone() });
            }
            self.push_all(head, &street, &[at, at + 1], letter_word, false);
            return;
        }
        let (street, skip): (&[Word], Vec<usize>) = if !rest.is_empty() {
            (rest, vec![at])
        } else if let Some(next) = next {
            (next, vec![at, at + 1])
        } else if at > 0 {
            (&parts[at - 1], vec![at - 1, at])
        } else {
            (&[], vec![at])
        };
        let first = part[0].text.as_str();
        // `4, 1200 rue X`: the first number is a unit.
        if at == 0
            && rest.is_empty()
            && let Some(next) = next
            && let Some(second) = self::head(next, parts.len() > 2)
            && !begins_with_ordinal(next)
            && !names_place(next)
            && next.len() > second.taken
        {
            self.two_apart(head, first, &second, &next[second.taken..], &[0, 1], false);
        }
        let spaced = rest.first().is_some_and(Word::is_number).then(|| self::head(rest, next.is_some())).flatten();
        let spaced = spaced.filter(|second| {
            rest.get(second.taken).is_some_and(|next| !begins_with_ordinal(rest) && next.gap != Gap::Break)
        });
        self.push_all(head, street, &skip, letter_word, !rest.is_empty());
        if let Some(letter) = letter_word.filter(|_| rest.is_empty() && next.is_some_and(|next| !begins_street(next))) {
            // `124 B, Percé`: a street of that name after all.
            let number = Number { unit: None, ..head.numbers[0].clone() };
            self.push(number, std::slice::from_ref(letter), &[at], None);
        }
        if rest.is_empty() && at > 0 && next.is_some() {
            // `rue Saint-Denis, 1200, Montréal`.
            self.push_all(head, &parts[at - 1], &[at - 1, at], letter_word, false);
        }
        // `4 1200 rue X`, `1821 24 rue X`: civic number and unit in either order.
        if let Some(second) = spaced {
            self.two_apart(head, first, &second, &rest[second.taken..], &[at], true);
        }
    }

    /// Two numbers on their own before a street: either may be the civic number, and the other its unit.
    fn two_apart(&mut self, head: &Head, first: &str, second: &Head, street: &[Word], skip: &[usize], open: bool) {
        let (a, b) = (head.numbers[0].civic, second.numbers[0].civic);
        let odd = [is_odd_unit(b.number, a.number), is_odd_unit(a.number, b.number)];
        let of_second = Number {
            unit: Some(first.to_owned()),
            pair: Some(if odd[0] { Pair::Other } else { Pair::Meant }),
            ..second.numbers[0].clone()
        };
        let meant = odd[0] || (open && !odd[1]);
        let of_first = Number::of_pair(a, &b.number.to_string(), if meant { Pair::Meant } else { Pair::Other });
        let mut both = [of_second, of_first];
        if odd[0] {
            both.reverse();
        }
        for number in both {
            self.push(number, street, skip, None);
        }
    }
}

/// Whether a part begins as a street does: with a type, or an ordinal and a type.
pub(super) fn begins_street(words: &[Word]) -> bool {
    StreetType::of_word(&words[0].text).is_some() || begins_with_ordinal(words)
}

/// All ways to read the words of an address, likeliest first; at least one.
pub(super) fn readings(words: Vec<Word>, unit: Option<&str>) -> Vec<Reading> {
    let parts = parts_of(words);
    let mut ways = Ways { parts: &parts, unit: unit.map(str::to_owned), all: Vec::new() };
    for (at, part) in parts.iter().enumerate() {
        if names_place(part) {
            continue;
        }
        let followed = parts.get(at + 1).is_some();
        // `269E, rue X`: a suffix, since the street comes after it.
        let alone = part.len() == 1 && parts.get(at + 1).is_some_and(|next| begins_street(next));
        let ordinal_first = begins_with_ordinal(part) && !alone;
        let Some(head) = head(part, followed) else { continue };
        let rest = part.len() - head.taken;
        // `5e Avenue` has no number; `33E rue du Pont` may.
        if ordinal_first && (rest < 2 || parts.iter().enumerate().any(|(i, p)| i != at && civic_head(p))) {
            continue;
        }
        if ordinal_first && part.last().is_some_and(Word::is_number) {
            continue;
        }
        ways.of_part(at, &head);
        if !ordinal_first {
            break;
        }
    }
    if ways.all.is_empty() {
        ways.number_inside();
    }
    let nothing = ways.all.is_empty();
    if nothing || parts.first().is_some_and(|part| begins_with_ordinal(part)) {
        let (others, _) = ways.others(&[0]);
        ways.all.push(Reading {
            unit: ways.unit.clone(),
            street: parts.first().cloned().unwrap_or_default(),
            parts: others,
            ..Reading::default()
        });
    }
    ways.all.truncate(MOST);
    ways.all
}

/// Whether a part begins with a civic number that is no ordinal.
fn civic_head(part: &[Word]) -> bool {
    !begins_with_ordinal(part)
        && !names_place(part)
        && part.first().is_some_and(|word| civic_word(&word.text).is_some())
}

impl Ways<'_> {
    /// A number at the end of a part (`rue Saint-Denis 1200`) or inside it (`Montréal 1200 rue Saint-Denis`).
    fn number_inside(&mut self) {
        for (at, part) in self.parts.iter().enumerate() {
            for (i, word) in part.iter().enumerate().skip(1).rev() {
                let last = i + 1 == part.len();
                let Some(civic) = civic_word(&word.text).filter(|_| ordinal(&word.text).is_none() || last) else {
                    continue;
                };
                let named = StreetType::of_word(&part[i - 1].text).is_some_and(StreetType::is_numbered);
                let tied = word.gap == Gap::Hyphen && !part[i - 1].is_number();
                if named || tied || ordinal(&word.text).is_some() || names_place(&part[i..]) {
                    continue;
                }
                // `rue Saint-Denis 1200 A`.
                let letter = part.get(i + 1).filter(|next| i + 2 == part.len() && next.text.len() == 1);
                if let Some(suffix) = letter.and_then(|letter| Suffix::parse(&letter.text)) {
                    let civic = Civic { suffix, ..civic };
                    self.push(Number::plain(civic), &part[..i], &[at], None);
                } else if last {
                    self.push(Number::plain(civic), &part[..i], &[at], None);
                } else {
                    let (parts, lead) = self.others(&[at]);
                    let followed = self.parts.get(at + 1).is_some();
                    let mut here = Reading {
                        civic: Some(civic),
                        unit: self.unit.clone(),
                        before: part[..i].to_vec(),
                        street: part[i + 1..].to_vec(),
                        parts,
                        lead,
                        ..Reading::default()
                    };
                    let mut turned = Reading { before: Vec::new(), street: part[..i].to_vec(), ..here.clone() };
                    turned.parts.push(part[i + 1..].to_vec());
                    if let Some(head) = head(&part[i..], followed).filter(|head| part.len() > i + head.taken) {
                        let number = head.numbers[0].clone();
                        here.civic = Some(number.civic);
                        here.range_end = number.range_end;
                        here.unit = number.unit.or(here.unit);
                        here.street = part[i + head.taken..].to_vec();
                        if let (Some(letter), Some(civic)) = (head.letter, &mut here.civic) {
                            civic.suffix = letter.suffix;
                            here.letter_direction = letter.direction;
                        }
                    }
                    self.all.push(here);
                    // `rue Saint-Denis 1200 Montréal`: the street before, the municipality after.
                    self.all.push(turned);
                }
            }
        }
    }
}
