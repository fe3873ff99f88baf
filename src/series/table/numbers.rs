//! Numbers as people write them.

/// A number read off a text.
pub(super) struct ReadNumber {
    pub(super) value: f64,
    pub(super) decimals: u8,
    /// Whether its comma could also mark thousands.
    pub(super) ambiguous: bool,
}

/// Reads a number as people write it: decimal comma or dot, spaces (or commas before a dot) between thousands, a
/// percent sign.
pub(super) fn number(text: &str) -> Option<ReadNumber> {
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
