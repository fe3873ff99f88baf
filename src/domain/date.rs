//! Calendar dates, ISO 8601.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::errors;

/// A calendar day, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, format = Date)]
pub struct Date(jiff::civil::Date);

errors! {
    /// A text that is no date.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("« {text} » n'est pas une date : la forme AAAA-MM-JJ est attendue, par exemple 2017-07-01")]
    #[en("\"{text}\" is not a date: expected YYYY-MM-DD, such as 2017-07-01")]
    pub struct DateError {
        /// The text as given.
        pub text: String,
    }
}

impl Date {
    /// The day of a year, month and day of month; `None` where there is no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The year, such as 2017.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The day as a number of years: 2017-07-01 is about 2017.5.
    #[must_use]
    pub fn decimal_year(self) -> f64 {
        f64::from(self.year()) + f64::from(self.0.day_of_year() - 1) / f64::from(self.0.days_in_year())
    }

    /// The month, from 1.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// The day before; `None` before the first day of the calendar.
    #[must_use]
    pub fn day_before(self) -> Option<Self> {
        self.0.yesterday().ok().map(Self)
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date)
    }
}

/// The one year of a census or an estimate, 1951 to 2099, that a name of a file or of a column holds.
#[must_use]
pub fn year_in(name: &str) -> Option<i16> {
    let mut years = name
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse::<i16>().ok())
        .filter(|year| (1951..2100).contains(year));
    let year = years.next()?;
    years.all(|other| other == year).then_some(year)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let refused = || DateError { text: text.to_owned() };
        let trimmed = text.trim();
        let shaped = trimmed.len() == 10
            && trimmed
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        if !shaped {
            return Err(refused());
        }
        trimmed.parse().map(Self).map_err(|_| refused())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
