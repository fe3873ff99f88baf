//! A civic number and its suffix; [`readings`](super::readings) says where one stands in a text.

use std::fmt;

use serde::Serialize;

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
pub(super) fn civic_word(text: &str) -> Option<Civic> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = text.get(..digits)?.parse().ok()?;
    let suffix = Suffix::parse(&text[digits..])?;
    (number > 0 && number < 1 << 24).then_some(Civic { number, suffix })
}
