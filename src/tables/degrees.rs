//! Degrees of latitude or longitude as people write them: decimal, or in degrees, minutes and seconds with a hemisphere.

use super::codes::trimmed;
use super::numbers::parse;

/// Degrees that a text says, negative to the south and to the west; `None` where it says none.
///
/// `45.5088`, `45,5088`, `45°30'31.7"N`, `45 30 31,7 N`, `45° 30,53' N`, `N45.5088`, `73°33'15"O`, `45.5088°`. Two or three
/// bare numbers (`45 30 31`) are degrees, minutes and seconds; minutes and seconds are below 60.
#[must_use]
pub fn degrees(text: &str) -> Option<f64> {
    let text = trimmed(text);
    if let Some(plain) = parse(text.as_bytes()) {
        return plain.is_finite().then_some(plain);
    }
    let upper = text.to_uppercase();
    let mut west_or_south = None;
    let mut numbers: Vec<&str> = Vec::new();
    let mut negative = false;
    let mut start = None;
    for (at, letter) in upper.char_indices().chain([(upper.len(), ' ')]) {
        let numeric = letter.is_ascii_digit() || letter == '.' || letter == ',';
        if numeric {
            start.get_or_insert(at);
            continue;
        }
        if let Some(from) = start.take() {
            numbers.push(upper[from..at].trim_end_matches([',', '.']));
        }
        match letter {
            'N' | 'E' if west_or_south.is_none() => west_or_south = Some(false),
            'S' | 'W' | 'O' if west_or_south.is_none() => west_or_south = Some(true),
            '-' | '−' | '\u{2013}' if numbers.is_empty() => negative = true,
            '°' | 'º' | '˚' | '\'' | '’' | '′' | '"' | '”' | '″' | ':' | 'D' | 'M' => {}
            letter if super::codes::is_blank(letter) => {}
            _ => return None,
        }
    }
    let mut value = 0.0;
    let mut unit = 1.0;
    if !(1..=3).contains(&numbers.len()) {
        return None;
    }
    for (place, number) in numbers.iter().enumerate() {
        let part = parse(number.as_bytes())?;
        let is_last = place + 1 == numbers.len();
        if (place > 0 && !(0.0..60.0).contains(&part)) || (!is_last && part.fract() != 0.0) {
            return None;
        }
        value += part / unit;
        unit *= 60.0;
    }
    let west = west_or_south.unwrap_or(false);
    Some(if west || negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_minutes_and_seconds_are_degrees() {
        for (text, value) in [
            ("45.5088", 45.5088),
            ("-73,5542", -73.5542),
            ("45°30'31.68\"N", 45.5088),
            ("45° 30′ 31,68″ N", 45.5088),
            ("N 45 30 31.68", 45.5088),
            ("73°33'15.12\"O", -73.5542),
            ("73 33 15.12 W", -73.5542),
            ("-73°33'15.12\"", -73.5542),
            ("73° 33.252' Ouest", f64::NAN),
            ("73° 33.252' O", -73.5542),
            ("45.5088° N", 45.5088),
            ("45:30:31.68", 45.5088),
        ] {
            let read = degrees(text);
            if value.is_nan() {
                assert_eq!(read, None, "{text}");
            } else {
                assert!(read.is_some_and(|read| (read - value).abs() < 1e-9), "{text}: {read:?}");
            }
        }
        for text in ["", "n/d", "45 75 10", "45.5 30", "Montréal", "45-30", "1 2 3 4"] {
            assert_eq!(degrees(text), None, "{text}");
        }
    }
}
