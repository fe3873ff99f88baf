//! Named values as requests give them (a query string, a form, a path, a JSON object), read into types: strictly.
//!
//! A type says by its fields what may be given. What it does not name is refused, and so is what is given twice; each refusal
//! is a [`Problem`] that names the field, the value and what would do, in both languages. In JSON, `null` counts as absent
//! where a field may be absent.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer as _, MapAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::value::RawValue;

use super::problem::{
    CONFLICTING_PARAMETERS, INVALID_CHOICE, INVALID_LANGUAGE, INVALID_NUMBER, INVALID_QUESTION, MALFORMED_JSON,
    MALFORMED_URL, MISSING_PARAMETER, Problem, REPEATED_PARAMETER, UNKNOWN_PARAMETER,
};
use crate::domain::{Date, EditionChoice, Language, LonLat};

/// The value of a field as it is given.
#[derive(Debug, Clone)]
pub enum Given<'a> {
    /// A text: of a URL or a form.
    Text(Cow<'a, str>),
    /// A JSON value.
    Json(&'a RawValue),
}

/// Reads a query string or a form. `lang` is allowed everywhere and checked here.
///
/// # Errors
/// A parameter that is unknown, given twice, badly encoded or no value of its kind; one that is missing.
pub fn read_query<'a, T: Deserialize<'a>>(query: &'a str) -> Result<T, Problem> {
    read(pairs(query)?)
}

/// The pairs of a query string or a form, decoded; `lang` is checked and left out.
///
/// # Errors
/// Bad encoding; `lang` given twice, or no language.
pub fn pairs(query: &str) -> Result<Vec<(Cow<'_, str>, Given<'_>)>, Problem> {
    let mut given = Vec::new();
    let mut language = false;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name, true)?;
        let value = decode(value, true)?;
        if name == "lang" {
            if std::mem::replace(&mut language, true) {
                return Err(repeated("lang"));
            }
            check_language(&value)?;
        } else {
            given.push((name, Given::Text(value)));
        }
    }
    Ok(given)
}

/// Reads fields by name.
///
/// # Errors
/// As [`read_query`].
pub fn read<'a, T: Deserialize<'a>>(given: Vec<(Cow<'a, str>, Given<'a>)>) -> Result<T, Problem> {
    T::deserialize(Fields(given)).map_err(|Refused(problem)| *problem)
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

/// A field that is not known, with those that are.
fn unknown(name: &str, known: &[&'static str]) -> Problem {
    let known = if known.is_empty() { "lang".to_owned() } else { known.join(", ") };
    Problem::new(
        UNKNOWN_PARAMETER,
        format!("Le paramètre « {name} » est inconnu ici : {known}."),
        format!("unknown parameter \"{name}\" here: expected one of {known}"),
    )
}

/// A field given twice.
pub fn repeated(name: &'static str) -> Problem {
    Problem::new(
        REPEATED_PARAMETER,
        format!("Le paramètre « {name} » est donné deux fois : gardez-en un."),
        format!("parameter \"{name}\" is given twice: keep one"),
    )
    .about(name)
}

/// A field that must be there.
pub fn missing(name: &'static str) -> Problem {
    let (french, english) = example(name).map_or((String::new(), String::new()), |example| {
        (format!(", par exemple {example}"), format!(", such as {example}"))
    });
    Problem::new(
        MISSING_PARAMETER,
        format!("Le paramètre « {name} » manque{french}."),
        format!("parameter \"{name}\" is missing{english}"),
    )
    .about(name)
}

/// What a field may hold, where that helps.
fn example(name: &str) -> Option<&'static str> {
    Some(match name {
        "lat" | "lon" => "lat=45.5088 lon=-73.5542",
        "q" => "q=rue Prin",
        "to" => "to=2022-04-01",
        "address" => "1200, boul. Saint-Laurent, Montréal",
        "street" => "boulevard Saint-Laurent",
        "postal_code" => "H2X 2S5",
        "installation" => "51216455",
        "basis" => "residence",
        "as_of" | "edition" | "valid_from" => "2017-07-01",
        "version" => "1",
        "author" => "M. Tremblay",
        _ => return None,
    })
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

/// A value that is no whole number.
fn not_whole(name: &'static str, value: &str) -> Problem {
    Problem::new(
        INVALID_NUMBER,
        format!("{name} « {value} » n'est pas un nombre entier : des chiffres seuls sont attendus, par exemple 12."),
        format!("{name} \"{value}\" is not a whole number: expected digits only, such as 12"),
    )
    .about(name)
}

/// A word that is none of those that a field takes.
pub fn unknown_choice(name: &'static str, value: &str, expected: &[&str]) -> Problem {
    let expected = expected.join(", ");
    Problem::new(
        INVALID_CHOICE,
        format!("{name} « {value} » est inconnu : {expected}."),
        format!("unknown {name} \"{value}\": expected one of {expected}"),
    )
    .about(name)
}

fn not_text(name: &'static str) -> Problem {
    let example = example(name).unwrap_or("2017-07-01");
    Problem::new(
        INVALID_QUESTION,
        format!("{name} doit être un texte, par exemple \"{example}\"."),
        format!("{name} must be a text, such as \"{example}\""),
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

/// A position from its two numbers.
///
/// # Errors
/// A missing one, or no position.
pub fn position(lat: Option<f64>, lon: Option<f64>) -> Result<LonLat, Problem> {
    let lat = lat.ok_or_else(|| missing("lat"))?;
    let lon = lon.ok_or_else(|| missing("lon"))?;
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

/// What is wrong with a body that is no JSON, by place; never what stands there.
pub fn malformed(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    Problem::new(
        MALFORMED_JSON,
        format!("Le corps n'est pas le JSON attendu (ligne {line}, colonne {column})."),
        format!("the body is not the JSON expected (line {line}, column {column})"),
    )
}

/// A field whose value is JSON of another shape.
fn misshapen(name: &'static str, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    Problem::new(
        INVALID_QUESTION,
        format!(
            "La valeur de « {name} » n'a pas la forme attendue (à sa ligne {line}, colonne {column}) : voyez /v1/openapi.json."
        ),
        format!("the value of \"{name}\" does not have the shape expected (see /v1/openapi.json): {error} of the value"),
    )
    .about(name)
}

/// A problem on its way through a deserializer. Like a problem, it says nothing to a log.
struct Refused(Box<Problem>);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.word)
    }
}

impl std::error::Error for Refused {}

impl de::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Problem::new(
            INVALID_QUESTION,
            "Une valeur n'a pas la forme attendue : voyez /v1/openapi.json.",
            message.to_string(),
        )
        .into()
    }

    fn missing_field(field: &'static str) -> Self {
        missing(field).into()
    }
}

/// Fields, each as it is given.
struct Fields<'a>(Vec<(Cow<'a, str>, Given<'a>)>);

impl<'de> Deserializer<'de> for Fields<'de> {
    type Error = Refused;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let mut placed: Vec<(usize, Given<'de>)> = Vec::with_capacity(self.0.len());
        for (name, value) in self.0 {
            let Some(place) = fields.iter().position(|&known| known == name) else {
                return Err(unknown(&name, fields).into());
            };
            if placed.iter().any(|&(known, _)| known == place) {
                return Err(repeated(fields[place]).into());
            }
            placed.push((place, value));
        }
        visitor.visit_map(Placed { names: fields, rest: placed.into_iter(), value: None })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Refused> {
        Err(Problem::internal().into())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Placed<'a> {
    names: &'static [&'static str],
    rest: std::vec::IntoIter<(usize, Given<'a>)>,
    value: Option<Value<'a>>,
}

impl<'de> MapAccess<'de> for Placed<'de> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refused> {
        let Some((place, given)) = self.rest.next() else { return Ok(None) };
        self.value = Some(Value { name: self.names[place], given });
        // Fields know their own place, so that no name is compared again.
        seed.deserialize((place as u64).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refused> {
        seed.deserialize(self.value.take().ok_or_else(Problem::internal)?)
    }
}

/// A value, with the field that it is of.
struct Value<'a> {
    name: &'static str,
    given: Given<'a>,
}

impl<'de> Value<'de> {
    /// Its text as it stands: digits, for a number in JSON.
    fn literal(&self) -> &str {
        match &self.given {
            Given::Text(text) => text,
            Given::Json(raw) => raw.get(),
        }
    }

    fn is_no_number(&self) -> bool {
        match &self.given {
            Given::Text(_) => false,
            Given::Json(raw) => !raw.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()),
        }
    }

    fn text(self) -> Result<Cow<'de, str>, Refused> {
        match self.given {
            Given::Text(text) => Ok(text),
            Given::Json(raw) => {
                serde_json::from_str::<Text<'de>>(raw.get()).map(|text| text.0).map_err(|_| not_text(self.name).into())
            }
        }
    }

    fn whole<T: std::str::FromStr>(&self) -> Result<T, Refused> {
        self.literal().trim().parse().map_err(|_| not_whole(self.name, self.literal()).into())
    }

    /// Reads JSON of any shape.
    fn nested<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.given {
            Given::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Given::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Given::Json(raw) => {
                let mut json = serde_json::Deserializer::from_str(raw.get());
                json.deserialize_any(visitor).map_err(|error| misshapen(self.name, &error).into())
            }
        }
    }
}

/// A text, borrowed where nothing is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.nested(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.given {
            Given::Json(raw) if raw.get() == "null" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        // The text of a JSON number is read as that of a query string is, so that both give the same bits.
        if self.is_no_number() {
            return Err(not_a_number(self.name, self.literal()).into());
        }
        visitor.visit_f64(number(self.name, self.literal())?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_u64(self.whole()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.literal() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            other => Err(unknown_choice(self.name, other, &["true", "false"]).into()),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let name = self.name;
        let word = self.text()?;
        if !variants.contains(&word.as_ref()) {
            return Err(unknown_choice(name, &word, variants).into());
        }
        let word: StrDeserializer<'_, Refused> = word.as_ref().into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u128 f32 char bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Colour {
        Red,
        Blue,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wanted {
        far_m: Option<f64>,
        version: u64,
        name: Option<String>,
        colour: Option<Colour>,
        outlines: Option<bool>,
        places: Option<Vec<(u8, u8)>>,
    }

    fn from_json(text: &str) -> Result<Wanted, Problem> {
        let object: crate::http::wire::Object<'_> = serde_json::from_str(text).unwrap();
        read(object.fields.into_iter().map(|(name, raw)| (name, Given::Json(raw))).collect())
    }

    fn code<T>(read: Result<T, Problem>) -> (&'static str, &'static str) {
        let problem = read.err().unwrap();
        (problem.code.word, problem.parameter.unwrap_or_default())
    }

    #[test]
    fn a_query_and_an_object_give_the_same_fields() {
        let wanted = Wanted {
            far_m: Some(0.1 + 0.2),
            version: 7,
            name: Some("L'Île".to_owned()),
            colour: Some(Colour::Blue),
            outlines: Some(true),
            places: None,
        };
        let query = "version=7&far_m=0.30000000000000004&name=L%27%C3%8Ele&colour=blue&outlines=true&lang=en";
        assert_eq!(read_query::<Wanted>(query).ok().unwrap(), wanted);
        let json = r#"{"name":"L'\u00cele","far_m":0.30000000000000004,"version":7,"colour":"blue","outlines":true,"places":null}"#;
        assert_eq!(from_json(json).ok().unwrap(), wanted);
        assert_eq!(from_json(r#"{"version":1,"places":[[1,2]]}"#).ok().unwrap().places, Some(vec![(1, 2)]));
    }

    #[test]
    fn what_is_unknown_repeated_missing_or_of_another_kind_is_named() {
        for (query, expected) in [
            ("version=1&wide=1", ("unknown-parameter", "")),
            ("version=1&version=1", ("repeated-parameter", "version")),
            ("version=1&lang=fr&lang=fr", ("repeated-parameter", "lang")),
            ("name=x", ("missing-parameter", "version")),
            ("version=1.0", ("invalid-number", "version")),
            ("version=1&far_m=x", ("invalid-number", "far_m")),
            ("version=1&colour=green", ("invalid-choice", "colour")),
            ("version=1&outlines=yes", ("invalid-choice", "outlines")),
            ("version=1&name=%F", ("malformed-url", "")),
            ("version=1&lang=de", ("invalid-language", "lang")),
        ] {
            assert_eq!(code(read_query::<Wanted>(query)), expected, "{query}");
        }
        for (json, expected) in [
            (r#"{"version":1,"version":2}"#, ("repeated-parameter", "version")),
            (r#"{"version":null}"#, ("invalid-number", "version")),
            (r#"{"version":1,"far_m":"1"}"#, ("invalid-number", "far_m")),
            (r#"{"version":1,"name":1}"#, ("invalid-question", "name")),
            (r#"{"version":1,"places":[[1]]}"#, ("invalid-question", "places")),
        ] {
            assert_eq!(code(from_json(json)), expected, "{json}");
        }
    }
}
