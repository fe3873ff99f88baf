//! What is typed into one box: a position in any of the forms that people write, a postal code, or else an address.

use super::Place;
use crate::address::PostalCode;
use crate::domain::LonLat;
use crate::tables::degrees::degrees;

/// Latitudes and longitudes among which a pair is taken for a position in Québec, whichever of the two comes first.
const LATITUDES: std::ops::RangeInclusive<f64> = 44.0..=63.0;
const LONGITUDES: std::ops::RangeInclusive<f64> = -80.0..=-56.0;

impl Place {
    /// Reads what people type where one box takes all: `45.5088, -73.5542`, `45,5088 -73,5542`, `45°30'31"N 73°33'15"O`,
    /// `-73.5542;45.5088`, `H2X 1Y4`, `1200 boul. Saint-Laurent`.
    ///
    /// Two numbers are a position where they can be one in Québec, or where hemispheres or decimals say that they are one
    /// elsewhere; latitude first, unless only the other order is in Québec. What is neither that nor a postal code is an address.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let text = text.trim();
        if let Some(position) = position(text) {
            return Self::Position(position);
        }
        if PostalCode::parse(text).is_some() {
            return Self::PostalCode(text.to_owned());
        }
        Self::Address(text.to_owned())
    }
}

fn position(text: &str) -> Option<LonLat> {
    let bare = text.strip_prefix("geo:").unwrap_or(text).trim_matches(['(', ')', '[', ']', ' ']);
    // No address begins so, and none is as long.
    if bare.len() > 80 || !bare.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let is_between = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '/' | '|');
    let ends = |letter: char| matches!(letter.to_ascii_uppercase(), 'N' | 'S' | 'E' | 'W' | 'O');
    let mut elsewhere = None;
    for (at, letter) in bare.char_indices().filter(|&(_, letter)| is_between(letter) || ends(letter)) {
        let cut = if is_between(letter) { at } else { at + letter.len_utf8() };
        let (first, second) = bare.split_at(cut);
        let (first, second) = (first.trim_end_matches(is_between), second.trim_start_matches(is_between));
        let Some(pair) = degrees(first).zip(degrees(second)) else { continue };
        let in_quebec = |(lat, lon): (f64, f64)| LATITUDES.contains(&lat) && LONGITUDES.contains(&lon);
        for (lat, lon) in [pair, (pair.1, pair.0)] {
            if in_quebec((lat, lon)) {
                return LonLat::new(lon, lat).ok();
            }
        }
        let is_said = |part: &str| part.contains(['.', '°', 'º']) || part.contains(ends);
        if elsewhere.is_none() && is_said(first) && is_said(second) {
            elsewhere = LonLat::new(pair.1, pair.0).ok();
        }
    }
    elsewhere
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_in_every_form_that_people_type_it_in() {
        for text in [
            "45.5088, -73.5542",
            "45.5088,-73.5542",
            "45.5088 -73.5542",
            "45,5088 -73,5542",
            "45,5088, -73,5542",
            "45,5088;-73,5542",
            "45,5088,-73,5542",
            "(45.5088, -73.5542)",
            "geo:45.5088,-73.5542",
            "-73.5542 45.5088",
            "-73,5542; 45,5088",
            "45°30'31.68\"N 73°33'15.12\"O",
            "45° 30′ 31,68″ N, 73° 33′ 15,12″ W",
            "45 30 31.68 N 73 33 15.12 W",
            "N45.5088 W73.5542",
            "45.5088N,73.5542W",
            " 45.5088\t-73.5542 ",
        ] {
            let Place::Position(found) = Place::of_text(text) else { panic!("{text}: {:?}", Place::of_text(text)) };
            assert!((found.lat() - 45.5088).abs() < 1e-6 && (found.lon() + 73.5542).abs() < 1e-6, "{text}: {found:?}");
        }
        let paris = Place::of_text("48.8566 N, 2.3522 E");
        assert!(matches!(paris, Place::Position(found) if found.lon() > 2.0), "{paris:?}");
    }

    #[test]
    fn what_is_no_position_is_a_postal_code_or_an_address() {
        for text in ["H2X 1Y4", "h2x1y4"] {
            assert_eq!(Place::of_text(text), Place::PostalCode(text.to_owned()));
        }
        for text in [
            "1200, boul. Saint-Laurent, Montréal",
            "45 73e Avenue",
            "45, 73 rue Principale",
            "12 34",
            "1200",
            "",
            "45.5088",
            "Rimouski",
            "50 rue N, 73",
        ] {
            assert_eq!(Place::of_text(text), Place::Address(text.to_owned()), "{text}");
        }
    }
}
