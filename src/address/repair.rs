//! Mending a text that went through the wrong hands: UTF-8 read as Windows-1252 (`MontrÃ©al`), HTML entities
//! (`Montr&eacute;al`).
//!
//! Both are certain to have been something else: no address is written so. Text without either is handed back as it is.

use std::borrow::Cow;

/// Entities met in addresses, beside the numeric ones.
const ENTITIES: &[(&str, char)] = &[
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("auml", 'ä'),
    ("aelig", 'æ'),
    ("ccedil", 'ç'),
    ("egrave", 'è'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ocirc", 'ô'),
    ("ouml", 'ö'),
    ("oelig", 'œ'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
    ("ntilde", 'ñ'),
    ("nbsp", ' '),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("lsquo", '\''),
    ("rsquo", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("ordm", 'º'),
    ("deg", '°'),
    ("frac12", '½'),
];

/// The signs that Windows-1252 has from 0x80 to 0x9F; those left out have none.
const HIGH: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

/// The text as it was meant: entities resolved, then UTF-8 that was read as Windows-1252 read again. Linear.
#[must_use]
pub fn repaired(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains('&') && text.contains(';') {
        text = Cow::Owned(without_entities(&text));
    }
    // Read twice in the wrong way, it takes two readings in the right one.
    for _ in 0..2 {
        if !text.contains(['Ã', 'Â', 'Å', 'â', 'ã']) {
            break;
        }
        match read_again(&text) {
            Some(mended) => text = Cow::Owned(mended),
            None => break,
        }
    }
    text
}

fn without_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').filter(|end| *end <= 10).and_then(|end| Some((entity(&rest[1..end])?, end)));
        if let Some((sign, end)) = entity {
            out.push(sign);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The sign that an entity's name stands for, its capital where the name begins with one.
fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']);
        let code = hexadecimal.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16)).ok()?;
        return char::from_u32(code).filter(|sign| !sign.is_control());
    }
    let lower = name.to_ascii_lowercase();
    let (_, sign) = ENTITIES.iter().find(|(known, _)| *known == lower)?;
    let capital = name.starts_with(|first: char| first.is_ascii_uppercase());
    Some(if capital { sign.to_uppercase().next().unwrap_or(*sign) } else { *sign })
}

/// The byte that Windows-1252 has for a sign from 0x80 on.
fn byte_of(sign: char) -> Option<u8> {
    match u32::from(sign) {
        // What has no sign of its own is handed through as it is.
        code @ 0x80..=0xff => u8::try_from(code).ok(),
        _ => HIGH.iter().position(|&high| high == Some(sign)).map(|at| 0x80 + at as u8),
    }
}

/// Each run of signs that is the UTF-8 of one letter, read as that; `None` where there is none.
fn read_again(text: &str) -> Option<String> {
    let signs: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut mended = false;
    while at < signs.len() {
        match letter(&signs[at..]) {
            Some((letter, count)) => {
                out.push(letter);
                at += count;
                mended = true;
            }
            None => {
                out.push(signs[at]);
                at += 1;
            }
        }
    }
    mended.then_some(out)
}

/// The letter of which the first signs are the bytes, and how many they are.
fn letter(signs: &[char]) -> Option<(char, usize)> {
    let lead = match signs[0] {
        // Put into small letters after it was misread.
        'ã' => 0xc3,
        'Ã' | 'Â' | 'Å' | 'â' => byte_of(signs[0])?,
        _ => return None,
    };
    let count = if lead >= 0xe0 { 3 } else { 2 };
    let mut bytes = [lead, 0, 0];
    for (place, sign) in signs.get(1..count)?.iter().enumerate() {
        // A hard space, the second half of `à`, is often made a plain one.
        let byte = if (signs[0], *sign) == ('Ã', ' ') { Some(0xa0) } else { byte_of(*sign) };
        bytes[place + 1] = byte.filter(|byte| (0x80..=0xbf).contains(byte))?;
    }
    let letter = std::str::from_utf8(&bytes[..count]).ok()?.chars().next()?;
    Some((letter, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_read_in_the_wrong_way_is_what_it_was() {
        for (wrong, right) in [
            ("ThÃ©rÃ¨se", "Thérèse"),
            ("ÃŽle-Ã -l'Ã‰cart", "Île-à-l'Écart"),
            ("Lâ€™Assomption", "L’Assomption"),
            ("montrã©al", "montréal"),
            ("ThÃƒÂ©rÃƒÂ¨se", "Thérèse"),
            ("Th&eacute;r&egrave;se &amp; fils &Eacute;tang &#233;&#xE8;", "Thérèse & fils Étang éè"),
        ] {
            assert_eq!(repaired(wrong), right, "{wrong}");
        }
    }

    #[test]
    fn text_that_is_right_stays_as_it_is() {
        for text in ["Saint-Félix & Fils; porte 3", "São Paulo", "Ãvila", "Pâté", "A&B;", "&bogus;"] {
            assert_eq!(repaired(text), text);
        }
    }
}
