//! The query string: strict, and cheap where nothing is encoded.

use std::borrow::Cow;

use super::Language;
use super::error::{
    CONFLICTING_PARAMETERS, INVALID_LANGUAGE, INVALID_NUMBER, MALFORMED_URL, MISSING_PARAMETER, Problem,
    REPEATED_PARAMETER, UNKNOWN_PARAMETER,
};
use crate::domain::{Date, EditionChoice, LonLat};

/// Values of the named parameters, in the order of the names. `lang` is allowed everywhere and checked here.
///
/// Nothing is allocated for values that are not percent-encoded.
///
/// # Errors
/// A parameter that is unknown, given twice or badly encoded.
pub fn read<'a, const N: usize>(
    query: Option<&'a str>,
    names: [&'static str; N],
) -> Result<[Option<Cow<'a, str>>; N], Problem> {
    let mut values = [const { None }; N];
    let mut language = false;
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name, true)?;
        if name == "lang" {
            if std::mem::replace(&mut language, true) {
                return Err(repeated("lang"));
            }
            check_language(&decode(value, true)?)?;
            continue;
        }
        let Some(place) = names.iter().position(|&known| known == name) else {
            return Err(unknown(&name, &names));
        };
        if values[place].is_some() {
            return Err(repeated(names[place]));
        }
        values[place] = Some(decode(value, true)?);
    }
    Ok(values)
}

/// Undoes percent-encoding; in a query (`plus`), a plus sign is a space.
///
/// # Errors
/// A percent sign without its two digits, or bytes that are not UTF-8.
pub fn decode(text: &str, plus: bool) -> Result<Cow<'_, str>, Problem> {
    if !text.bytes().any(|byte| byte == b'%' || (plus && byte == b'+')) {
        return Ok(Cow::Borrowed(text));
    }
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16)).map(|digit| digit as u8);
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'%' {
            let (Some(high), Some(low)) = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) else {
                return Err(Problem::new(
                    MALFORMED_URL,
                    "Un signe « % » n'est pas suivi de deux chiffres hexadécimaux : écrivez « %25 » pour le signe lui-même.",
                    "a \"%\" is not followed by two hexadecimal digits: write \"%25\" for the sign itself",
                ));
            };
            out.push(high * 16 + low);
            at += 3;
        } else {
            out.push(if plus && byte == b'+' { b' ' } else { byte });
            at += 1;
        }
    }
    String::from_utf8(out).map(Cow::Owned).map_err(|_| not_utf8())
}

/// Text that is not UTF-8.
pub fn not_utf8() -> Problem {
    Problem::new(
        MALFORMED_URL,
        "L'adresse contient des octets qui ne sont pas de l'UTF-8 : encodez le texte en UTF-8 d'abord.",
        "the URL holds bytes that are not UTF-8: encode the text as UTF-8 first",
    )
}

/// A question about several places.
pub fn conflicting_places() -> Problem {
    Problem::new(
        CONFLICTING_PARAMETERS,
        "La question désigne plusieurs lieux : gardez lat et lon, ou « address » (code postal compris), ou « postal_code », ou « installation ».",
        "the question names several places: keep lat and lon, or \"address\" (with its postal code in it), or \"postal_code\", or \"installation\"",
    )
}

fn check_language(word: &str) -> Result<(), Problem> {
    if Language::find(word).is_some() {
        return Ok(());
    }
    Err(Problem::new(
        INVALID_LANGUAGE,
        format!("La langue « {word} » est inconnue : fr ou en."),
        format!("unknown language \"{word}\": expected fr or en"),
    )
    .about("lang"))
}

/// A parameter or field that is not known, with those that are.
pub fn unknown(name: &str, known: &[&'static str]) -> Problem {
    let known = if known.is_empty() { "lang".to_owned() } else { known.join(", ") };
    Problem::new(
        UNKNOWN_PARAMETER,
        format!("Le paramètre « {name} » est inconnu ici : {known}."),
        format!("unknown parameter \"{name}\" here: expected one of {known}"),
    )
}

/// A parameter or field given twice.
pub fn repeated(name: &'static str) -> Problem {
    Problem::new(
        REPEATED_PARAMETER,
        format!("Le paramètre « {name} » est donné deux fois : gardez-en un."),
        format!("parameter \"{name}\" is given twice: keep one"),
    )
    .about(name)
}

/// A parameter or field that must be there.
pub fn missing(name: &'static str) -> Problem {
    Problem::new(
        MISSING_PARAMETER,
        format!("Le paramètre « {name} » manque, par exemple lat=45.5088 lon=-73.5542."),
        format!("parameter \"{name}\" is missing, such as lat=45.5088 lon=-73.5542"),
    )
    .about(name)
}

/// A parameter that must be there, with an example of it.
pub fn missing_value(name: &'static str, example: &str) -> Problem {
    Problem::new(
        MISSING_PARAMETER,
        format!("Le paramètre « {name} » manque, par exemple {example}."),
        format!("parameter \"{name}\" is missing, such as {example}"),
    )
    .about(name)
}

/// A value that is no number.
pub fn not_a_number(name: &'static str, value: &str) -> Problem {
    let (hint_fr, hint_en) = if value.contains(',') {
        (" La décimale s'écrit avec un point.", "; decimals take a point")
    } else {
        ("", "")
    };
    Problem::new(
        INVALID_NUMBER,
        format!(
            "{name} « {value} » n'est pas un nombre : un nombre décimal est attendu, par exemple 45.5088.{hint_fr}"
        ),
        format!("{name} \"{value}\" is not a number: expected a decimal number, such as 45.5088{hint_en}"),
    )
    .about(name)
}

/// A decimal number.
///
/// # Errors
/// Anything else; `NaN` and infinities pass here and are refused with their range.
pub fn number(name: &'static str, value: &str) -> Result<f64, Problem> {
    value.trim().parse().map_err(|_| not_a_number(name, value))
}

/// A position from two texts.
///
/// # Errors
/// A missing one, no number, or no position.
pub fn position(lat: Option<&str>, lon: Option<&str>) -> Result<LonLat, Problem> {
    let lat = number("lat", lat.ok_or_else(|| missing("lat"))?)?;
    let lon = number("lon", lon.ok_or_else(|| missing("lon"))?)?;
    Ok(LonLat::new(lon, lat)?)
}

/// The edition that the two ways of naming one mean; neither means the one in force `today`.
///
/// # Errors
/// Both given, or no date.
pub fn edition_choice(as_of: Option<&str>, edition: Option<&str>, today: Date) -> Result<EditionChoice, Problem> {
    if as_of.is_some() && edition.is_some() {
        let problem = Problem::new(
            CONFLICTING_PARAMETERS,
            "« as_of » et « edition » désignent tous deux une édition : gardez l'un des deux.",
            "\"as_of\" and \"edition\" both name an edition: keep one of them",
        );
        return Err(problem.about("as_of"));
    }
    Ok(EditionChoice::asked(edition, as_of.map(str::parse).transpose()?, today))
}
