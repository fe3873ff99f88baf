//! Identifiers of units and codes of territories as spreadsheets and data frames leave them, back to what they were.
//!
//! What is certain is repaired, and told; what is not is left as it stands and named by whoever finds nothing under it. Nothing
//! is ever read as a code of another level than its column's.

use std::borrow::Cow;

use crate::domain::{Level, TerritoryCode, Words, both};

/// What was done to a text to have an identifier or a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repair {
    /// Nothing.
    None,
    /// Quotes, `=`, an apostrophe, hidden or wide blanks around it were taken off.
    Wrapped,
    /// A whole number written with decimals of zeros: `24660001.0`.
    Decimals,
    /// A whole number written with an exponent: `2.4660001E+07`.
    Exponent,
    /// A whole number whose digits were set apart by threes: `24 660 001`.
    Grouped,
    /// What the census site writes after it: `24010019 (AD) (24010019) (00000)`.
    Annotated,
    /// The year and level before it: `2021S051224660001`.
    Dguid,
    /// A zero that it began with, put back.
    LostZero,
}

impl Repair {
    /// What is said of it: how the text stood there, as a part of a sentence.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::None => Words::same(""),
            Self::Wrapped => both!(
                "entourés de guillemets, d'un « = », d'une apostrophe ou d'espaces invisibles",
                "wrapped in quotes, \"=\", an apostrophe or hidden blanks"
            ),
            Self::Decimals => {
                both!("écrits avec des décimales, comme des nombres", "written with decimals, as numbers")
            }
            Self::Exponent => {
                both!("écrits avec un exposant, comme des nombres", "written with an exponent, as numbers")
            }
            Self::Grouped => {
                both!("écrits avec des séparateurs de milliers", "written with separators of thousands")
            }
            Self::Annotated => {
                both!("suivis de ce que le site du recensement y ajoute", "followed by what the census site adds")
            }
            Self::Dguid => both!("précédés de l'année et du niveau (IDUGD)", "preceded by year and level (DGUID)"),
            Self::LostZero => both!("sans leur zéro initial", "without their leading zero"),
        }
    }
}

/// White space of every width, characters that take no room, and controls.
pub(crate) fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// A text without blanks around it.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The text that a cell means: what a spreadsheet puts around it to keep it as text is taken off, as are hidden blanks.
#[must_use]
pub fn unwrapped(text: &str) -> (Cow<'_, str>, Repair) {
    let outer = trimmed(text);
    let mut inner = outer;
    if let Some(formula) = inner.strip_prefix('=') {
        inner = trimmed(formula);
    }
    for (open, close) in [('"', '"'), ('\'', '\''), ('“', '”'), ('«', '»'), ('‘', '’')] {
        if let Some(within) = inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            inner = trimmed(within);
        }
    }
    // The apostrophe that keeps a number as text in a spreadsheet.
    if let Some(kept) = inner.strip_prefix(['\'', '’', '‘', '`']) {
        inner = trimmed(kept);
    }
    let hidden = |letter: char| letter != ' ' && is_blank(letter);
    if inner.contains(hidden) {
        return (inner.chars().filter(|&letter| !hidden(letter)).collect::<String>().into(), Repair::Wrapped);
    }
    // Plain blanks around a value are no damage.
    let repair = if inner.len() == text.trim().len() { Repair::None } else { Repair::Wrapped };
    (inner.into(), repair)
}

/// The identifier of a unit that a text means.
///
/// A census tract is truly `4210100.00`: decimals are only taken off identifiers of eight digits and more, and of plain ones
/// by [`find_id`], which knows the identifiers that there are.
#[must_use]
pub fn unit_id(text: &str) -> (Cow<'_, str>, Repair) {
    let (plain, wrapped) = unwrapped(text);
    let worst = |repair: Repair| repair.max(wrapped);
    if let Some(whole) = whole_number(&plain).filter(|(digits, _)| digits.len() >= 8) {
        return (whole.0.into_owned().into(), worst(whole.1));
    }
    if let Some(id) = without_notes(&plain) {
        return (id.to_owned().into(), Repair::Annotated);
    }
    match plain {
        Cow::Borrowed(id) => match without_level(id) {
            Some(id) => (id.into(), Repair::Dguid),
            None => (id.into(), wrapped),
        },
        Cow::Owned(id) => match without_level(&id) {
            Some(id) => (id.to_owned().into(), Repair::Dguid),
            None => (id.into(), wrapped),
        },
    }
}

/// The identifier that is known among those that a text can mean: as it stands first, then repaired.
pub fn find_id<T>(text: &str, known: impl Fn(&str) -> Option<T>) -> Option<(T, Repair)> {
    if let Some(found) = known(text.trim()) {
        return Some((found, Repair::None));
    }
    let (id, repair) = unit_id(text);
    if let Some(found) = known(&id) {
        return Some((found, repair));
    }
    // Identifiers shorter than a dissemination area's: wholes of tracts, divisions, and other registers.
    let (plain, _) = unwrapped(text);
    let (digits, repair) = whole_number(&plain)?;
    Some((known(&digits)?, repair))
}

/// The code of something else than a territory, such as an installation: without what a program put around or behind it.
#[must_use]
pub fn plain_code(text: &str) -> (Cow<'_, str>, Repair) {
    let (plain, wrapped) = unwrapped(text);
    match whole_number(&plain) {
        Some((digits, repair)) => (digits.into_owned().into(), repair),
        None => (plain, wrapped),
    }
}

/// A whole number without the decimals or the exponent that something gave it; `None` where it has neither, or where digits
/// were rounded away (`2.466E+07`).
fn whole_number(text: &str) -> Option<(Cow<'_, str>, Repair)> {
    if let Some(digits) = ungrouped(text) {
        return Some((digits.into(), Repair::Grouped));
    }
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let zeros = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte == b'0');
    if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
        let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
        let (whole, decimals) = mantissa.split_once(['.', ','])?;
        if whole.len() != 1 || !all_digits(whole) || !all_digits(decimals) || exponent > 20 || decimals.len() < exponent
        {
            return None;
        }
        let (digits, rest) = decimals.split_at(exponent);
        return (rest.is_empty() || zeros(rest)).then(|| (format!("{whole}{digits}").into(), Repair::Exponent));
    }
    let (whole, decimals) = text.split_once(['.', ','])?;
    (all_digits(whole) && zeros(decimals)).then_some((whole.into(), Repair::Decimals))
}

/// The digits of a number that are set apart by threes; `None` where that is not certain: one comma or point may be a decimal one.
fn ungrouped(text: &str) -> Option<String> {
    let separator = text.chars().find(|letter| !letter.is_ascii_digit())?;
    let least = match separator {
        ' ' => 2,
        ',' | '.' | '\'' | '’' => 3,
        _ => return None,
    };
    let groups: Vec<&str> = text.split(separator).collect();
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let [first, rest @ ..] = &groups[..] else { return None };
    let sound = digits(first) && first.len() <= 3 && rest.iter().all(|group| group.len() == 3 && digits(group));
    (groups.len() >= least && sound).then(|| groups.concat())
}

/// The digits that a text begins with, where a blank and a parenthesis follow.
fn without_notes(text: &str) -> Option<&str> {
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (digits, rest) = text.split_at(end);
    (digits.len() >= 2 && rest.starts_with([' ', '\u{a0}']) && rest.trim_start().starts_with('(')).then_some(digits)
}

/// A DGUID (`2021S051224660123`) without its year and level.
fn without_level(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let is_one = bytes.len() > 9
        && bytes.is_ascii()
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4].is_ascii_alphabetic()
        && bytes[5..9].iter().all(u8::is_ascii_digit);
    is_one.then(|| &text[9..])
}

/// A code that a text means at a level, and what was done to have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCode {
    /// The code.
    pub code: TerritoryCode,
    /// What was done.
    pub repair: Repair,
}

/// The code of a level that a text means.
///
/// A code that lacks its first zero gets it back where `may_lack_zero` agrees to the code that results; one of another number
/// of digits is none of this level, whatever other level has such codes.
///
/// # Errors
/// [`CodeError`](crate::domain::CodeError), about the text as it is without what a spreadsheet put around it.
pub fn territory_code(
    level: Level,
    text: &str,
    may_lack_zero: impl FnOnce(&str) -> bool,
) -> Result<ReadCode, crate::domain::CodeError> {
    let (plain, wrapped) = unwrapped(text);
    let (digits, repair) = match whole_number(&plain) {
        Some((digits, repair)) => (digits.into_owned(), repair),
        None => match without_notes(&plain).filter(|_| level == Level::Da) {
            Some(digits) => (digits.to_owned(), Repair::Annotated),
            None => (plain.into_owned(), wrapped),
        },
    };
    if level == Level::Da {
        let (id, repair) = unit_id(text);
        return Ok(ReadCode { code: TerritoryCode::parse(level, &id)?, repair });
    }
    match TerritoryCode::parse(level, &digits) {
        Ok(code) => Ok(ReadCode { code, repair }),
        Err(crate::domain::CodeError::LostZero { found, level, expected }) => {
            let mended = format!("0{found}");
            if may_lack_zero(&mended) {
                Ok(ReadCode { code: TerritoryCode::new(&mended), repair: Repair::LostZero })
            } else {
                Err(crate::domain::CodeError::LostZero { found, level, expected })
            }
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_come_back_from_what_programs_make_of_them() {
        for (text, id, repair) in [
            ("24660001", "24660001", Repair::None),
            (" 24660001 ", "24660001", Repair::None),
            ("24660001.0", "24660001", Repair::Decimals),
            ("24660001.000000", "24660001", Repair::Decimals),
            ("24660001,00", "24660001", Repair::Decimals),
            ("=\"24660001\"", "24660001", Repair::Wrapped),
            ("'24660001", "24660001", Repair::Wrapped),
            ("'24660001'", "24660001", Repair::Wrapped),
            ("\u{feff}24660001", "24660001", Repair::Wrapped),
            ("24660001\u{a0}", "24660001", Repair::None),
            ("2466\u{200b}0001", "24660001", Repair::Wrapped),
            ("24 660 001", "24660001", Repair::Grouped),
            ("24,660,001", "24660001", Repair::Grouped),
            ("24.660.001", "24660001", Repair::Grouped),
            ("2.4660001E+07", "24660001", Repair::Exponent),
            ("2.46600010000e+07", "24660001", Repair::Exponent),
            ("24010019 (AD) (24010019) (00000)", "24010019", Repair::Annotated),
            ("2021S051224660123", "24660123", Repair::Dguid),
            ("2021S051324660123005", "24660123005", Repair::Dguid),
            ("24660123005.0", "24660123005", Repair::Decimals),
        ] {
            assert_eq!(unit_id(text), (id.into(), repair), "{text:?}");
        }
    }

    #[test]
    fn what_was_rounded_away_or_is_truly_so_is_left() {
        for text in [
            "2.466E+07",
            "2.466e7",
            "24660001.5",
            "4210100.00",
            "A-12",
            "1.5.0",
            "",
            "24,6600,01",
            "24 66 00 01",
            "1,111",
        ] {
            assert_eq!(unit_id(text), (text.into(), Repair::None), "{text:?}");
        }
    }

    #[test]
    fn an_identifier_that_is_known_as_it_stands_is_never_repaired() {
        let tracts = |id: &str| (id == "4210100.00").then_some(1);
        assert_eq!(find_id("4210100.00", tracts), Some((1, Repair::None)));
        let divisions = |id: &str| (id == "2466").then_some(2);
        assert_eq!(find_id("2466.0", divisions), Some((2, Repair::Decimals)));
        assert_eq!(find_id("2467.0", divisions), None);
    }

    #[test]
    fn a_code_is_of_the_level_of_its_column_or_none() {
        let read = |level, text| {
            territory_code(level, text, |_| true).ok().map(|read| (read.code.as_str().to_owned(), read.repair))
        };
        assert_eq!(read(Level::Clsc, "6111.0"), Some(("06111".to_owned(), Repair::LostZero)));
        assert_eq!(read(Level::Clsc, "06111.0"), Some(("06111".to_owned(), Repair::Decimals)));
        assert_eq!(read(Level::Clsc, "=\"06111\""), Some(("06111".to_owned(), Repair::Wrapped)));
        assert_eq!(read(Level::Clsc, "1.6111e4"), Some(("16111".to_owned(), Repair::Exponent)));
        assert_eq!(read(Level::Clsc, "16 111"), Some(("16111".to_owned(), Repair::Grouped)));
        assert_eq!(read(Level::Clsc, "6 111"), Some(("06111".to_owned(), Repair::LostZero)));
        assert_eq!(read(Level::Clsc, "16,111"), None, "a decimal comma, for all that is known");
        assert_eq!(read(Level::Rts, "61.0"), Some(("061".to_owned(), Repair::LostZero)));
        assert_eq!(read(Level::Ruisss, "2.0"), Some(("2".to_owned(), Repair::Decimals)));
        assert_eq!(read(Level::Clsc, "111"), None, "two zeros lost is another level");
        assert!(territory_code(Level::Clsc, "1111", |_| false).is_err());
        assert_eq!(read(Level::Da, "24660001.0"), Some(("24660001".to_owned(), Repair::Decimals)));
    }
}
