//! Reading a Québec address as people write it, without knowing any street.
//!
//! Steps:
//! 1. mend what was read in the wrong encoding ([`repaired`]), fold the text into words ([`text`](super::text));
//! 2. tell two addresses in one text apart (`several`);
//! 3. take out what can be recognised anywhere: telephone, postal code, province, country, post office box, rural route, unit;
//! 4. find the civic number at the head of a part, at its end or inside it (`readings`);
//! 5. keep what is left as street words and as other parts, municipality among them: only a registry can tell which.
//!
//! Where a text can be read in two ways (`102-118`: unit 102 or a range?), all readings are kept, likeliest first.

use serde::Serialize;

use super::civic::Civic;
use super::corner::Corner;
use super::known;
use super::numerals::spelled;
use super::postal_code::{Fsa, PostalCode};
use super::readings::{Pair, readings};
use super::repair::repaired;
use super::several;
use super::text::{Folded, Gap, Word, fold};
use super::vocabulary::{Direction, Province, StreetType, is_floor_word, is_state, is_unit_word, ordinal};

/// Longest text read, in bytes; longer ones are no address.
pub const LONGEST_TEXT: usize = 512;
/// Most words read.
const MOST_WORDS: usize = 48;

/// Something worth saying about a text, whatever it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", content = "province")]
pub enum Remark {
    /// Nothing but spaces and signs.
    Empty,
    /// Beyond [`LONGEST_TEXT`].
    TooLong,
    /// Control characters were met and taken as spaces.
    ControlCharacters,
    /// Another province is named, or its postal code given.
    OtherProvince(Province),
    /// Another country is named.
    OtherCountry,
    /// A municipality is named that the registry has no address of.
    MunicipalityNotCovered,
    /// Several addresses in one text.
    SeveralAddresses,
    /// A post office box: where mail goes, not where someone lives.
    PoBox,
    /// A rural route: a mail route, not a place.
    RuralRoute,
    /// Mail held at a post office.
    GeneralDelivery,
    /// Two streets rather than a number.
    Intersection,
    /// Several civic numbers, as `120-124`.
    Range,
}

/// One way to read an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The civic number.
    pub civic: Option<Civic>,
    /// The end of a range of civic numbers.
    pub range_end: Option<u32>,
    /// The unit inside the building, folded.
    pub unit: Option<String>,
    /// Words before the number, perhaps a municipality.
    pub(super) before: Vec<Word>,
    /// Words of the street, and perhaps of the municipality after it.
    pub(super) street: Vec<Word>,
    /// The other parts, in order.
    pub(super) parts: Vec<Vec<Word>>,
    /// How many of the other parts stand before the street.
    pub(super) lead: usize,
    /// The direction that the letter taken as suffix may be as well: `385 O.`.
    pub(super) letter_direction: Option<Direction>,
    /// How it stands to another reading of the same two numbers.
    pub(super) pair: Option<Pair>,
}

impl Reading {
    /// The street words as read, folded, separated by spaces.
    #[must_use]
    pub fn street_text(&self) -> String {
        joined(&self.street)
    }

    /// The street as it stands in the text that was read, for a register whose addresses are one line; `text` is what
    /// [`repaired`] makes of it.
    #[must_use]
    pub fn street_source<'t>(&self, text: &'t str) -> &'t str {
        let start = self.street.first().map_or(0, |word| word.start);
        let end = self.street.last().map_or(0, |word| word.end);
        text.get(start..end).unwrap_or_default()
    }

    /// The other parts as read, folded.
    #[must_use]
    pub fn other_parts(&self) -> Vec<String> {
        self.parts.iter().map(|part| joined(part)).collect()
    }
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// A text read as an address. It is not logged, not stored and not shown: it is personal information.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedAddress {
    /// Ways to read it, likeliest first; empty when there is nothing to look for.
    pub readings: Vec<Reading>,
    /// The postal code, if one was given.
    pub postal_code: Option<PostalCode>,
    /// The forward sortation area, where only that was given.
    pub fsa: Option<Fsa>,
    /// The province named in words.
    pub province: Option<Province>,
    /// What is worth saying.
    pub remarks: Vec<Remark>,
    /// The same as two streets that meet, where it may be that.
    pub(super) corner: Option<Corner>,
    /// Each address on its own, where the text has several.
    pub(super) several: Vec<ParsedAddress>,
}

/// An address already in fields; any may be empty, and any may hold more than its name says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AddressFields<'a> {
    /// Civic number, suffix included.
    pub civic: &'a str,
    /// Street with its type and direction.
    pub street: &'a str,
    /// Unit.
    pub unit: &'a str,
    /// Municipality.
    pub municipality: &'a str,
    /// Province.
    pub province: &'a str,
    /// Postal code.
    pub postal_code: &'a str,
}

/// Reads fields as one address. See [`parse`].
#[must_use]
pub fn parse_fields(fields: &AddressFields<'_>) -> ParsedAddress {
    let mut text = String::with_capacity(96);
    for part in [fields.civic, fields.street] {
        text.push_str(part.trim());
        text.push(' ');
    }
    for (lead, part) in
        [(", #", fields.unit), (", ", fields.municipality), (", ", fields.province), (", ", fields.postal_code)]
    {
        let part = part.trim().trim_start_matches('#');
        if !part.is_empty() {
            text.push_str(lead);
            text.push_str(part);
        }
    }
    parse(&text)
}

/// Reads a text as an address. Never fails: what can not be read has a [`Remark`]. Linear in the length.
///
/// ```
/// use rattache::address::parse;
/// let address = parse("1200 boul St-Laurent app 4, Montreal H2X 2S5");
/// assert_eq!(address.postal_code.map(|code| code.to_string()).as_deref(), Some("H2X 2S5"));
/// assert_eq!(address.readings[0].civic.map(|civic| civic.number), Some(1200));
/// assert_eq!(address.readings[0].unit.as_deref(), Some("4"));
/// ```
#[must_use]
pub fn parse(text: &str) -> ParsedAddress {
    let mut address = ParsedAddress::default();
    if text.len() > LONGEST_TEXT {
        address.remarks.push(Remark::TooLong);
        return address;
    }
    let Folded { words, control } = fold(&repaired(text));
    if control {
        address.remarks.push(Remark::ControlCharacters);
    }
    if words.len() > MOST_WORDS {
        address.remarks.push(Remark::TooLong);
        return address;
    }
    if words.is_empty() {
        address.remarks.push(Remark::Empty);
        return address;
    }
    address.several = several::apart(&words).into_iter().map(|words| read(words, ParsedAddress::default())).collect();
    let mut address = read(words, address);
    if !address.several.is_empty() {
        note(&mut address.remarks, Remark::SeveralAddresses);
    }
    address
}

/// Reads the words of one address.
fn read(mut words: Vec<Word>, mut address: ParsedAddress) -> ParsedAddress {
    take_telephone(&mut words);
    address.postal_code = take_postal_code(&mut words);
    if address.postal_code.is_none() {
        address.fsa = take_fsa(&mut words);
    }
    take_country(&mut words, &mut address);
    take_province(&mut words, &mut address);
    take_mail(&mut words, &mut address.remarks);
    let unit = take_unit(&mut words);
    if address.postal_code.is_some_and(|code| is_federal(code) && is_of_gatineau(&words, &address)) {
        address.postal_code = None;
    }
    if let Some(elsewhere) = address.postal_code.map(PostalCode::province).filter(|&p| p != Province::Quebec) {
        note(&mut address.remarks, Remark::OtherProvince(elsewhere));
    }
    if words.is_empty() {
        return address;
    }
    address.corner = super::corner::read(&words, &address);
    if address.corner.as_ref().is_some_and(|corner| corner.certain) {
        note(&mut address.remarks, Corner::REMARK);
    }
    address.readings = readings(words, unit.as_deref());
    if address.readings.iter().any(|reading| reading.range_end.is_some()) {
        note(&mut address.remarks, Remark::Range);
    }
    address
}

/// Whether a code is one of the federal government's own: K1A, of which many offices stand in Gatineau.
fn is_federal(code: PostalCode) -> bool {
    Fsa::parse("K1A") == Some(code.fsa())
}

fn is_of_gatineau(words: &[Word], address: &ParsedAddress) -> bool {
    let named = words.iter().any(|word| matches!(word.text.as_str(), "gatineau" | "hull" | "aylmer"));
    named || address.province == Some(Province::Quebec)
}

fn note(remarks: &mut Vec<Remark>, remark: Remark) {
    if !remarks.contains(&remark) {
        remarks.push(remark);
    }
}

/// Removes words, leaving a part break where they stood.
fn remove(words: &mut Vec<Word>, at: usize, count: usize) {
    words.drain(at..at + count);
    if let Some(next) = words.get_mut(at) {
        next.gap = Gap::Break;
    }
}

/// Takes telephone numbers out, with the word that announces them.
fn take_telephone(words: &mut Vec<Word>) {
    let digits = |word: &Word, count: usize| word.is_number() && word.text.len() == count;
    let mut at = 0;
    while at < words.len() {
        let announced = at > 0
            && matches!(words[at - 1].text.as_str(), "tel" | "telephone" | "phone" | "cell" | "cellulaire" | "fax");
        let glued = digits(&words[at], 10);
        let spread = at + 2 < words.len()
            && digits(&words[at], 3)
            && digits(&words[at + 1], 3)
            && digits(&words[at + 2], 4)
            && words[at + 2].gap != Gap::Break
            && {
                let ends = words.get(at + 3).is_none_or(|next| next.gap == Gap::Break);
                let begins = at == 0 || words[at].gap == Gap::Break;
                words[at + 2].gap == Gap::Hyphen || announced || (begins && ends)
            };
        if !(glued || spread) {
            at += 1;
            continue;
        }
        let mut from = at - usize::from(announced);
        // `1-514-555-1234`.
        if from > 0 && words[from - 1].text == "1" && words[at].gap == Gap::Hyphen {
            from -= 1;
        }
        let mut end = at + if glued { 1 } else { 3 };
        if words.get(end).is_some_and(|word| matches!(word.text.as_str(), "poste" | "ext" | "p"))
            && words.get(end + 1).is_some_and(Word::is_number)
        {
            end += 2;
        }
        remove(words, from, end - from);
        at = from;
    }
}

/// Takes a country that ends the text, or a state with its postal code.
fn take_country(words: &mut Vec<Word>, address: &mut ParsedAddress) {
    while words.len() > 1 && words.last().is_some_and(|word| word.text == "canada") {
        words.pop();
    }
    let last = words.len().saturating_sub(1);
    let zip = |word: &Word| word.is_number() && word.text.len() == 5;
    let part = words.iter().rposition(|word| word.gap == Gap::Break).filter(|&at| at > 1);
    // `Derby Line, VT 05830`, `Derby Line VT`.
    let with_zip = last > 1 && zip(&words[last]) && is_state(&words[last - 1].text);
    let alone = part == Some(last) && is_state(&words[last].text);
    let named = part.filter(|&at| words.len() - at <= 5 && known::is_country(&words[at..]));
    let from = if with_zip {
        Some(last - 1)
    } else if alone {
        Some(last)
    } else {
        named
    };
    if let Some(from) = from {
        words.truncate(from);
        note(&mut address.remarks, Remark::OtherCountry);
    }
}

fn take_postal_code(words: &mut Vec<Word>) -> Option<PostalCode> {
    for at in (0..words.len()).rev() {
        if words[at].text.len() == 6
            && let Some(code) = PostalCode::parse(&words[at].text)
        {
            remove(words, at, 1);
            return Some(code);
        }
        if at + 1 < words.len() && words[at].text.len() == 3 && words[at + 1].text.len() == 3 {
            let both = format!("{}{}", words[at].text, words[at + 1].text);
            if words[at + 1].starts_with_digit()
                && let Some(code) = PostalCode::parse(&both)
            {
                remove(words, at, 2);
                return Some(code);
            }
        }
    }
    // Six signs each on their own.
    for at in (0..words.len().saturating_sub(5)).rev() {
        let six = &words[at..at + 6];
        if six.iter().all(|word| word.text.len() == 1) {
            let text: String = six.iter().map(|word| word.text.as_str()).collect();
            if let Some(code) = PostalCode::parse(&text) {
                remove(words, at, 6);
                return Some(code);
            }
        }
    }
    None
}

/// A bare FSA that ends the text.
fn take_fsa(words: &mut Vec<Word>) -> Option<Fsa> {
    let last = words.last().filter(|_| words.len() > 1)?;
    let fsa = Fsa::parse(&last.text).filter(|fsa| fsa.province() == Province::Quebec)?;
    words.pop();
    Some(fsa)
}

fn take_province(words: &mut Vec<Word>, address: &mut ParsedAddress) {
    // `(Québec)` after a municipality, and abbreviations that are nothing else.
    let mut at = words.len();
    while at > 1 {
        at -= 1;
        let text = words[at].text.as_str();
        let dotted =
            at + 1 < words.len() && matches!(text, "p" | "q") && matches!(words[at + 1].text.as_str(), "q" | "c");
        if matches!(text, "qc" | "pq" | "que") || (dotted && words[at].gap != Gap::Apostrophe) {
            remove(words, at, if dotted { 2 } else { 1 });
            address.province = Some(Province::Quebec);
        }
    }
    let last = words.len();
    if last < 2 {
        return;
    }
    if let Some(province) = Province::of_abbreviation(&words[last - 1].text)
        && !words[last - 2].is_number()
    {
        words.pop();
        address.province = Some(province);
    } else {
        for take in 1..=3.min(last - 1) {
            let tail = &words[last - take..];
            let name: String = tail.iter().map(|word| word.text.as_str()).collect();
            let Some(province) = Province::of_name(&name) else { continue };
            let kind_before = StreetType::of_word(&words[last - take - 1].text).is_some();
            let quebec = address.postal_code.is_some_and(|code| code.province() == Province::Quebec);
            let numbered = words[0].starts_with_digit();
            // `2338 rue Ontario` is in Montréal.
            if tail[0].gap == Gap::Break || (!kind_before && !quebec && !numbered) {
                words.truncate(last - take);
                address.province = Some(province);
                break;
            }
        }
    }
    if let Some(elsewhere) = address.province.filter(|&province| province != Province::Quebec) {
        note(&mut address.remarks, Remark::OtherProvince(elsewhere));
    }
}

fn take_mail(words: &mut Vec<Word>, remarks: &mut Vec<Remark>) {
    let mut at = 0;
    let mut after_box = usize::MAX;
    while at < words.len() {
        let word = |offset: usize| words.get(at + offset).map_or("", |word| word.text.as_str());
        let digit = |offset: usize| words.get(at + offset).is_some_and(Word::starts_with_digit);
        let last = |count: usize| at + count >= words.len() || words[at + count].gap == Gap::Break;
        let glued = |lead: &str| {
            word(0).strip_prefix(lead).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
        };
        let box_words = match (word(0), word(1), word(2)) {
            ("po" | "postal" | "post" | "casier" | "case" | "boite", "box" | "postal" | "postale", _) => 2,
            ("p", "o", "box") | ("post", "office", "box") => 3,
            ("c" | "b", "p", _) if digit(2) || last(2) => 2,
            ("cp" | "bp" | "pob", ..) if digit(1) || last(1) => 1,
            _ if glued("cp") || glued("bp") => 1,
            _ => 0,
        };
        let route_words = match (word(0), word(1)) {
            ("rural" | "route", "route" | "rurale") => 2,
            ("r", "r") if digit(2) => 2,
            ("rr", _) if digit(1) => 1,
            _ if glued("rr") => 1,
            _ => 0,
        };
        let held = match (word(0), word(1)) {
            ("poste", "restante") | ("general", "delivery") | ("livraison", "generale") => 2,
            _ => 0,
        };
        let station = match word(0) {
            "succ" | "succursale" | "stn" if at > 0 => 1,
            "station" if at == after_box => 1,
            _ => 0,
        };
        if box_words + route_words > 0 {
            let lead = box_words.max(route_words);
            let mut count = lead;
            // Twice said (`CP C.P. 500`) or spaced (`21 031`).
            while at + count < words.len() && words[at + count].starts_with_digit() && count < lead + 2 {
                if count > lead && words[at + count].gap == Gap::Break {
                    break;
                }
                count += 1;
            }
            note(remarks, if box_words > 0 { Remark::PoBox } else { Remark::RuralRoute });
            remove(words, at, count);
            after_box = at;
        } else if held > 0 {
            note(remarks, Remark::GeneralDelivery);
            remove(words, at, held);
        } else if station > 0 {
            let count = 1 + words[at + 1..].iter().take_while(|word| word.gap != Gap::Break).count().min(3);
            remove(words, at, count);
        } else {
            at += 1;
        }
    }
}

fn take_unit(words: &mut Vec<Word>) -> Option<String> {
    let mut unit = None;
    let mut at = 0;
    while at < words.len() {
        let text = words[at].text.as_str();
        let article_before =
            at > 0 && (super::vocabulary::is_article(&words[at - 1].text) || words[at].gap == Gap::Apostrophe);
        let value = words.get(at + 1);
        let unit_like = |word: &Word| word.text.bytes().any(|b| b.is_ascii_digit()) || word.text.len() == 1;
        let announced = is_unit_word(text) || (text == "ste" && value.is_some_and(Word::is_number));
        let count = if words[at].gap == Gap::Hash {
            1
        } else if announced && !article_before && value.is_some_and(|value| unit_like(value) && value.gap != Gap::Break)
        {
            let chained = words.get(at + 2).is_some_and(|word| word.gap == Gap::Hyphen && unit_like(word));
            2 + usize::from(chained && at > 0)
        } else if announced
            && at > 0
            && words[at].gap == Gap::Break
            && value.is_none_or(|value| value.gap == Gap::Break)
        {
            1
        } else if let Some(count) =
            level_words(&words[at..]).filter(|_| at > 0 || value.is_some_and(|v| v.gap == Gap::Break))
        {
            count
        } else if ((ordinal(text).is_some() || spelled([text].into_iter()).is_some_and(|number| number.ordinal))
            && value.is_some_and(|value| is_floor_word(&value.text)))
            || (is_floor_word(text) && value.is_some_and(Word::starts_with_digit))
        {
            2
        } else if let Some(number) = glued_unit(text) {
            unit.get_or_insert(number.to_owned());
            remove(words, at, 1);
            continue;
        } else {
            at += 1;
            continue;
        };
        let taken: Vec<&str> = words[at..at + count].iter().map(|word| word.text.as_str()).collect();
        let named = if announced && count > 1 { taken[1..].join("-") } else { taken.join(" ") };
        if !(announced && count == 1) {
            unit.get_or_insert(named);
        }
        // `bureaux 106 et 107`: the rest of that part goes with it.
        let tail = words[at + count..].iter().take_while(|w| matches!(w.text.as_str(), "et" | "and") || w.is_number());
        let tail = if words.get(at + count).is_some_and(|word| word.text == "et" || word.text == "and") {
            tail.count()
        } else {
            0
        };
        remove(words, at, count + tail);
    }
    unit
}

/// How many words say where in a building a unit is, without a number: `sous-sol`, `BSMT`.
fn level_words(words: &[Word]) -> Option<usize> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    match (text(0), text(1), text(2)) {
        ("bsmt" | "basement" | "rdc" | "penthouse" | "soussol", ..) => Some(1),
        ("sous", "sol", _) => Some(2),
        ("rez", "de", "chaussee") => Some(3),
        _ => None,
    }
}

/// The number of `app4`, `apt12b`, `PH2`.
fn glued_unit(text: &str) -> Option<&str> {
    ["app", "apt", "appt", "unit", "bur", "ph"]
        .iter()
        .filter_map(|lead| text.strip_prefix(lead))
        .find(|rest| rest.as_bytes().first().is_some_and(u8::is_ascii_digit))
}
