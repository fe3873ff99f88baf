//! Canadian postal codes: `H2X 2S5`, in any shape.

use std::fmt;

use serde::{Serialize, Serializer};

use super::vocabulary::Province;

/// A postal code of the right shape (letter digit letter, digit letter digit), packed into a number that sorts as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String)]
pub struct PostalCode(u32);

/// The first three characters of a postal code: its forward sortation area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fsa(u32);

/// How many codes share an FSA, by shape.
const PER_FSA: u32 = 10 * 26 * 10;

impl PostalCode {
    /// Reads six letters and digits, whatever stands between them; the letter O for a zero and I or L for a one are
    /// mended where only a digit can stand. `None` when it is no postal code, such as one with a letter never used.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut packed = 0_u32;
        let mut place = 0;
        for c in text.chars() {
            if c.is_whitespace() || matches!(c, '-' | '.' | '\u{2013}') {
                continue;
            }
            let c = u8::try_from(c).ok()?.to_ascii_uppercase();
            if place % 2 == 0 {
                if !c.is_ascii_uppercase() || matches!(c, b'D' | b'F' | b'I' | b'O' | b'Q' | b'U') {
                    return None;
                }
                if place == 0 && matches!(c, b'W' | b'Z') {
                    return None;
                }
                packed = packed * 26 + u32::from(c - b'A');
            } else {
                let digit = match c {
                    b'O' => 0,
                    b'I' | b'L' => 1,
                    b'0'..=b'9' => u32::from(c - b'0'),
                    _ => return None,
                };
                packed = packed * 10 + digit;
            }
            place += 1;
        }
        (place == 6).then_some(Self(packed))
    }

    /// The number that stands for it.
    #[must_use]
    pub const fn packed(self) -> u32 {
        self.0
    }

    /// The code of a number made by [`PostalCode::packed`].
    #[must_use]
    pub const fn from_packed(packed: u32) -> Self {
        Self(packed)
    }

    /// Its forward sortation area.
    #[must_use]
    pub const fn fsa(self) -> Fsa {
        Fsa(self.0 / PER_FSA)
    }

    /// The province its first letter stands for.
    #[must_use]
    pub fn province(self) -> Province {
        self.fsa().province()
    }

    /// Whether the second character is a zero: a rural area.
    #[must_use]
    pub const fn is_rural(self) -> bool {
        self.fsa().is_rural()
    }
}

impl Fsa {
    /// Reads a letter, a digit and a letter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 3 {
            return None;
        }
        PostalCode::parse(&format!("{text}0A0")).map(PostalCode::fsa)
    }

    /// The number that stands for it.
    #[must_use]
    pub const fn packed(self) -> u32 {
        self.0
    }

    /// The FSA of a number made by [`Fsa::packed`].
    #[must_use]
    pub const fn from_packed(packed: u32) -> Self {
        Self(packed)
    }

    /// The codes it holds, by shape.
    pub(super) const fn codes(self) -> std::ops::Range<u32> {
        self.0 * PER_FSA..(self.0 + 1) * PER_FSA
    }

    /// Whether the second character is a zero: a rural area.
    #[must_use]
    pub const fn is_rural(self) -> bool {
        (self.0 / 26).is_multiple_of(10)
    }

    /// The province its first letter stands for.
    #[must_use]
    pub fn province(self) -> Province {
        match (self.0 / 260) as u8 + b'A' {
            b'A' => Province::NewfoundlandAndLabrador,
            b'B' => Province::NovaScotia,
            b'C' => Province::PrinceEdwardIsland,
            b'E' => Province::NewBrunswick,
            b'K' | b'L' | b'M' | b'N' | b'P' => Province::Ontario,
            b'R' => Province::Manitoba,
            b'S' => Province::Saskatchewan,
            b'T' => Province::Alberta,
            b'V' => Province::BritishColumbia,
            b'X' => Province::NorthernTerritories,
            b'Y' => Province::Yukon,
            _ => Province::Quebec,
        }
    }
}

impl fmt::Display for Fsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |n: u32| char::from(b'A' + (n % 26) as u8);
        write!(f, "{}{}{}", letter(self.0 / 260), self.0 / 26 % 10, letter(self.0))
    }
}

impl fmt::Display for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = char::from(b'A' + (self.0 / 10 % 26) as u8);
        write!(f, "{} {}{letter}{}", self.fsa(), self.0 / 260 % 10, self.0 % 10)
    }
}

impl Serialize for PostalCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Fsa {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_any_shape_and_written_in_one() {
        for text in ["H2X2S5", "h2x 2s5", "H2X-2S5", " h 2 x 2 s 5 "] {
            assert_eq!(PostalCode::parse(text).unwrap().to_string(), "H2X 2S5");
        }
        assert_eq!(PostalCode::parse("GOA 1AO").unwrap().to_string(), "G0A 1A0");
        for text in ["", "H2X", "H2X 2S", "H2X 2S55", "D2X 2S5", "W2X 2S5", "12345", "H2X 2D5"] {
            assert_eq!(PostalCode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_letter_says_the_province_and_a_zero_says_rural() {
        assert_eq!(PostalCode::parse("K1A 0A9").unwrap().province(), Province::Ontario);
        assert_eq!(PostalCode::parse("J0X1W0").unwrap().province(), Province::Quebec);
        assert!(PostalCode::parse("J0X1W0").unwrap().is_rural());
        assert_eq!(PostalCode::parse("J0X1W0").unwrap().fsa(), Fsa::parse("j0x").unwrap());
        assert!(!Fsa::parse("H2X").unwrap().is_rural());
    }
}
