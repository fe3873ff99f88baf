//! Numbers as people write them in files: with a decimal point or comma, blanks or commas between thousands, a percent sign.
//!
//! [`parse`] is for coordinates and other fields of which there are millions; [`number`] for values whose writing matters;
//! [`count`] for people and things.

/// Powers of ten that are whole in double precision.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// A decimal number with a point or a comma, white space around it; `None` for anything else.
///
/// The same bits as `str::parse` gives: a whole number below 2^53 divided by a power of ten up to 10^22 is rounded once
/// (W. D. Clinger, "How to read floating point numbers accurately", 1990); the rest goes to `str::parse`.
#[inline]
pub(crate) fn parse(field: &[u8]) -> Option<f64> {
    let (negative, digits) = match field.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, field),
    };
    let (mut mantissa, mut decimals, mut seen, mut point) = (0_u64, 0_usize, 0_usize, false);
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            seen += 1;
            decimals += usize::from(point);
        } else if (byte == b'.' || byte == b',') && !point {
            point = true;
        } else {
            return parse_slowly(field);
        }
    }
    if seen == 0 || seen > 19 || mantissa >= 1 << 53 || decimals > 22 {
        return parse_slowly(field);
    }
    let value = mantissa as f64 / TENS[decimals];
    Some(if negative { -value } else { value })
}

#[cold]
fn parse_slowly(field: &[u8]) -> Option<f64> {
    // A no-break space is 0xA0 in Windows-1252 and 0xC2 0xA0 in UTF-8; neither byte is of a number.
    let kept: Vec<u8> =
        field.iter().copied().filter(|byte| !matches!(byte, 0 | b' ' | b'\t' | b'"' | 0x1A | 0xA0 | 0xC2)).collect();
    let inner_blank = trim(field).iter().any(|byte| matches!(byte, b' ' | b'\t'));
    let text = std::str::from_utf8(&kept).ok()?;
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b',' | b'e' | b'E')) {
        return None;
    }
    // Blanks group the digits of "300 564,92"; elsewhere two numbers would become one.
    if inner_blank && !is_grouped(trim(field)) {
        return None;
    }
    if text.contains(',') && !text.contains('.') { text.replacen(',', ".", 1).parse().ok() } else { text.parse().ok() }
}

/// Whether blanks only stand between groups of three digits.
fn is_grouped(text: &[u8]) -> bool {
    let whole = text.split(|byte| matches!(byte, b'.' | b',')).next().unwrap_or_default();
    let clean: Vec<&[u8]> = whole.split(|byte| *byte == b' ').collect();
    let digits = |part: &[u8]| part.iter().filter(|byte| byte.is_ascii_digit()).count();
    clean.len() > 1 && clean[1..].iter().all(|part| digits(part) == 3) && digits(clean[0]) <= 3
}

/// Without white space at both ends, no-break spaces included.
pub(crate) fn trim(field: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n' | 0x1A | 0xA0 | 0xC2);
    let start = field.iter().position(|byte| !blank(byte)).unwrap_or(field.len());
    let end = field.iter().rposition(|byte| !blank(byte)).map_or(start, |at| at + 1);
    &field[start..end]
}

/// A number read off a text.
pub(crate) struct ReadNumber {
    pub(crate) value: f64,
    pub(crate) decimals: u8,
    /// Whether its comma could also mark thousands.
    pub(crate) ambiguous: bool,
}

/// Reads a number as people write it: decimal comma or dot, spaces (or commas before a dot) between thousands, a
/// percent sign.
pub(crate) fn number(text: &str) -> Option<ReadNumber> {
    let bytes = text.as_bytes();
    if !bytes.is_empty() && bytes.len() < 16 && bytes.iter().all(u8::is_ascii_digit) {
        return Some(ReadNumber { value: text.parse().ok()?, decimals: 0, ambiguous: false });
    }
    let mut plain: String = text
        .trim()
        .trim_end_matches('%')
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '\u{202f}' && *sign != '\u{a0}')
        .map(|sign| if sign == '−' { '-' } else { sign })
        .collect();
    let commas = plain.matches(',').count();
    let dots = plain.matches('.').count();
    let mut ambiguous = false;
    if commas > 0 && dots == 1 && plain.rfind(',') < plain.find('.') || commas > 1 && dots == 0 {
        plain.retain(|sign| sign != ',');
    } else if commas == 1 && dots == 0 {
        ambiguous = plain.len() - plain.find(',').unwrap_or(0) == 4 && !plain.starts_with("0,");
        plain = plain.replace(',', ".");
    }
    let shaped = !plain.is_empty()
        && plain
            .bytes()
            .enumerate()
            .all(|(at, byte)| byte.is_ascii_digit() || byte == b'.' || (byte == b'-' && at == 0));
    let value: f64 = plain.parse().ok().filter(|_| shaped)?;
    let decimals = plain.find('.').map_or(0, |dot| plain.len() - dot - 1).min(9) as u8;
    Some(ReadNumber { value, decimals, ambiguous })
}

/// Whether a text in the place of a number stands for a value that is withheld or missing: `x`, `..`, `<5`, `n/d`.
pub(crate) fn is_withheld(text: &str) -> bool {
    let trimmed = super::codes::trimmed(text);
    let symbol = matches!(trimmed, "" | ".." | "..." | "." | "-" | "–" | "—" | "*" | "**" | "…");
    let bounded = trimmed
        .strip_prefix(['<', '≤', '>', '≥'])
        .is_some_and(|rest| rest.trim_start_matches('=').trim().parse::<f64>().is_ok());
    let folded = || super::columns::fold(trimmed);
    symbol
        || bounded
        || (trimmed.len() <= 5
            && matches!(
                folded().as_str(),
                "x" | "f" | "s" | "c" | "na" | "nd" | "nsp" | "so" | "null" | "nan" | "conf"
            ))
}

/// A number with a decimal comma or point, blanks between thousands, a percent sign behind it or not; not a number is none.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    parse(text.trim().trim_end_matches('%').trim_end().as_bytes()).filter(|value| value.is_finite())
}

/// People or things, whole: blanks between thousands and decimals of zeros are allowed; empty is `None`.
///
/// # Errors
/// Where it is no such number; `1,234` is none, as it can be read as either.
pub(crate) fn count(text: &str) -> Result<Option<u64>, ()> {
    let digits: String = text.chars().filter(|&letter| !super::codes::is_blank(letter)).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    let whole = match digits.split_once(['.', ',']) {
        Some((whole, decimals)) if decimals.len() != 3 && decimals.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return Err(()),
        None => digits.as_str(),
    };
    whole.parse().map(Some).map_err(|_| ())
}

/// Writes metres, rounded to the millimetre, without trailing zeros.
pub(crate) fn write_metres(out: &mut Vec<u8>, metres: f64, point: u8) {
    let millimetres = (metres * 1000.0).round() as u64;
    write_whole(out, millimetres / 1000);
    let mut rest = millimetres % 1000;
    if rest > 0 {
        out.push(point);
        let mut unit = 100;
        while rest > 0 {
            out.push(b'0' + (rest / unit) as u8);
            rest %= unit;
            unit /= 10;
        }
    }
}

fn write_whole(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_bits_that_the_standard_library_gives() {
        let mut state = 3_u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let places = (state >> 8) as usize % 16;
            let text = format!("{:.places$}", (state >> 11) as f64 / 9e13 - 50.0);
            assert_eq!(parse(text.as_bytes()).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{text}");
            assert_eq!(parse(text.replace('.', ",").as_bytes()), parse(text.as_bytes()));
        }
    }

    #[test]
    fn what_people_write_is_read_and_the_rest_is_not() {
        for (text, value) in [
            (" 45,5 ", 45.5),
            ("+45.5", 45.5),
            ("300 564,92", 300_564.92),
            ("-0", -0.0),
            ("1e2", 100.0),
            ("\"7\"", 7.0),
            ("45.5\0", 45.5),
            ("45.5\x1a", 45.5),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(value), "{text}");
        }
        for text in ["", " ", "-", ".", "45.5.1", "45,5,1", "1.234,5", "45.5N", "nan", "inf", "45 5", "-73 5542", "n/d"]
        {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn people_are_whole_numbers_however_they_are_written() {
        for (text, people) in
            [("500", Some(500)), ("1 234", Some(1234)), ("1\u{a0}234.0", Some(1234)), ("12,00", Some(12)), (" ", None)]
        {
            assert_eq!(count(text), Ok(people), "{text}");
        }
        for text in ["1,234", "12.5", "-3", "x", "1e3"] {
            assert_eq!(count(text), Err(()), "{text}");
        }
        assert_eq!(decimal("33,5 %"), Some(33.5));
    }

    #[test]
    fn metres_are_written_as_they_read() {
        for (metres, text) in [(0.0, "0"), (12.5, "12.5"), (0.001, "0.001"), (1234.05, "1234.05"), (70.0, "70")] {
            let mut out = Vec::new();
            write_metres(&mut out, metres, b'.');
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
