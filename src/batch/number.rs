//! Numbers as people write them in files: with a decimal point or comma.

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
pub(super) fn parse(field: &[u8]) -> Option<f64> {
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
        field.iter().copied().filter(|byte| !matches!(byte, b' ' | b'\t' | b'"' | 0xA0 | 0xC2)).collect();
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
pub(super) fn trim(field: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xA0 | 0xC2);
    let start = field.iter().position(|byte| !blank(byte)).unwrap_or(field.len());
    let end = field.iter().rposition(|byte| !blank(byte)).map_or(start, |at| at + 1);
    &field[start..end]
}

/// Writes metres, rounded to the millimetre, without trailing zeros.
pub(super) fn write_metres(out: &mut Vec<u8>, metres: f64, point: u8) {
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
        ] {
            assert_eq!(parse(text.as_bytes()), Some(value), "{text}");
        }
        for text in ["", " ", "-", ".", "45.5.1", "45,5,1", "1.234,5", "45.5N", "nan", "inf", "45 5", "-73 5542", "n/d"]
        {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
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
