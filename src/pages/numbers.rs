//! Numbers, shares, distances and days, as French in Québec and English write them.
//!
//! French: a decimal comma, narrow no-break spaces between thousands, a no-break space before a colon, a percent sign and
//! a unit, and inside guillemets (Office québécois de la langue française, *Banque de dépannage linguistique*, typography).

use crate::domain::{Date, Language};

/// Between thousands, and before a semicolon.
const NARROW: char = '\u{202f}';
/// Before a colon, a percent sign and a unit.
const NO_BREAK: char = '\u{a0}';

const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Language {
    /// A whole number.
    #[must_use]
    pub fn whole(self, value: u64) -> String {
        self.grouped(&value.to_string())
    }

    /// A number with so many decimals; a dash for what is no number.
    #[must_use]
    pub fn decimal(self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "—".to_owned();
        }
        let text = format!("{:.decimals$}", value.abs());
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        // What rounds to nothing has no sign.
        let minus = value < 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        let mut written = if minus { "−".to_owned() } else { String::new() };
        written.push_str(&self.grouped(whole));
        if !part.is_empty() {
            written.push_str(self.pick(",", "."));
            written.push_str(part);
        }
        written
    }

    fn grouped(self, digits: &str) -> String {
        let separator = self.pick(NARROW, ',');
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }

    /// A share of 1 in percent, with a decimal; what is there is never shown as nothing, nor what is missing as all.
    #[must_use]
    pub fn percent(self, share: f64) -> String {
        let sign = self.pick("\u{a0}%", "%");
        if share > 0.0 && share < 0.0005 {
            return format!("<{NO_BREAK}{}{sign}", self.decimal(0.1, 1));
        }
        if (0.9995..1.0).contains(&share) {
            return format!(">{NO_BREAK}{}{sign}", self.decimal(99.9, 1));
        }
        format!("{}{sign}", self.decimal(share * 100.0, 1))
    }

    /// A probability, with its sign: `= 0,032` or `< 0,0001`.
    #[must_use]
    pub fn probability(self, p: f64) -> String {
        if p < 0.0001 {
            format!("<{NO_BREAK}{}", self.decimal(0.0001, 4))
        } else {
            format!("={NO_BREAK}{}", self.decimal(p, if p < 0.001 { 4 } else { 3 }))
        }
    }

    /// A distance: two decimals below ten metres, whole metres below a kilometre, then kilometres.
    #[must_use]
    pub fn metres(self, metres: f64) -> String {
        if metres < 10.0 {
            format!("{}{NO_BREAK}m", self.decimal(metres, 2))
        } else if metres < 999.5 {
            format!("{}{NO_BREAK}m", self.decimal(metres, 0))
        } else {
            self.kilometres(metres, 2)
        }
    }

    /// A distance in kilometres.
    #[must_use]
    pub fn kilometres(self, metres: f64, decimals: usize) -> String {
        format!("{}{NO_BREAK}km", self.decimal(metres / 1000.0, decimals))
    }

    /// A day in words: `1er avril 2027`, `April 1, 2027`.
    #[must_use]
    pub fn day(self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let at = usize::try_from(month - 1).unwrap_or_default().min(11);
        match self {
            Self::French if day == 1 => format!("1er{NO_BREAK}{} {year}", FRENCH_MONTHS[at]),
            Self::French => format!("{day}{NO_BREAK}{} {year}", FRENCH_MONTHS[at]),
            Self::English => format!("{}{NO_BREAK}{day}, {year}", ENGLISH_MONTHS[at]),
        }
    }

    /// A colon, with the space that goes before it in French.
    #[must_use]
    pub const fn colon(self) -> &'static str {
        match self {
            Self::French => "\u{a0}:",
            Self::English => ":",
        }
    }

    /// A semicolon, with the space that goes before it in French.
    #[must_use]
    pub const fn semicolon(self) -> &'static str {
        match self {
            Self::French => "\u{202f};",
            Self::English => ";",
        }
    }

    /// A text in the quotation marks of the language.
    #[must_use]
    pub fn quoted(self, text: &str) -> String {
        match self {
            Self::French => format!("«{NO_BREAK}{text}{NO_BREAK}»"),
            Self::English => format!("“{text}”"),
        }
    }

    /// A list in a sentence: `a, b et c`, `a, b and c`.
    #[must_use]
    pub fn enumerated(self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.pick("et", "and")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        use Language::{English, French};
        assert_eq!(
            [French.whole(0), French.whole(999), French.whole(1_234_567)],
            ["0", "999", "1\u{202f}234\u{202f}567"]
        );
        assert_eq!(English.whole(1_234_567), "1,234,567");
        assert_eq!(French.decimal(-1234.56, 1), "−1\u{202f}234,6");
        assert_eq!(English.decimal(-0.04, 1), "0.0");
        assert_eq!(French.decimal(f64::NAN, 2), "—");
        assert_eq!([French.percent(0.125), English.percent(0.125)], ["12,5\u{a0}%", "12.5%"]);
        assert_eq!([French.percent(0.0), French.percent(1.0)], ["0,0\u{a0}%", "100,0\u{a0}%"]);
    }

    #[test]
    fn what_is_there_is_never_written_as_nothing() {
        assert_eq!(Language::French.percent(0.0001), "<\u{a0}0,1\u{a0}%");
        assert_eq!(Language::English.percent(0.9999), ">\u{a0}99.9%");
        assert_eq!(Language::French.probability(1.0e-6), "<\u{a0}0,0001");
        assert_eq!(Language::French.probability(0.0321), "=\u{a0}0,032");
        assert_eq!(Language::English.probability(0.0004), "=\u{a0}0.0004");
    }

    #[test]
    fn a_distance_has_its_unit_and_a_day_its_month() {
        assert_eq!(Language::French.metres(3.456), "3,46\u{a0}m");
        assert_eq!(Language::French.metres(104.4), "104\u{a0}m");
        assert_eq!(Language::English.metres(999.7), "1.00\u{a0}km");
        assert_eq!(Language::French.day(Date::new(2027, 4, 1).unwrap()), "1er\u{a0}avril 2027");
        assert_eq!(Language::English.day(Date::new(2027, 12, 31).unwrap()), "December\u{a0}31, 2027");
    }

    #[test]
    fn a_list_ends_with_and() {
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(Language::French.enumerated(&items), "a, b et c");
        assert_eq!(Language::English.enumerated(&items[..2]), "a and b");
        assert_eq!(Language::French.enumerated(&items[..1]), "a");
    }
}
