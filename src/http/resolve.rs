//! `/v1/resolve`: one question in the URL, or many in a body.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::value::RawValue;

use super::error::{INVALID_QUESTION, MALFORMED_JSON, Problem, TOO_MANY_QUESTIONS};
use super::parameters::{edition_choice, number, read, repeated, unknown};
use super::places::{PlaceFields, basis};
use super::wire::{Id, Question, Questions};
use super::{Language, Served, State, admin, reply};
use crate::catalogue::Timetable;
use crate::domain::Date;
use crate::resolve::Query;

/// What a question may hold, beside an identifier.
const FIELDS: [&str; 9] =
    ["lat", "lon", "address", "postal_code", "installation", "basis", "as_of", "edition", "uncertainty_m"];
/// Most questions in one body.
pub const MOST_QUESTIONS: usize = 10_000;
/// Largest body of questions, bytes.
pub const MOST_BODY_BYTES: usize = 4 << 20;

/// `GET /v1/resolve?lat=&lon=|address=|postal_code=|installation=[&basis=][&as_of=|&edition=][&uncertainty_m=]`.
///
/// The bytes of an answer are those of the library's own [`Resolution`](crate::resolve::Resolution) as JSON.
pub fn resolve_one(state: &State, parts: &Parts) -> Result<Response, Problem> {
    let query = parse_query(parts.uri.query(), state.today())?;
    let served = state.served();
    let mut out = Vec::with_capacity(reply::USUAL_BYTES);
    served.answer_into(&served.timetable()?, &mut out, &query)?;
    Ok(reply::bytes(out, "application/json"))
}

/// Reads a question off a query string.
pub(super) fn parse_query(query: Option<&str>, today: Date) -> Result<Query, Problem> {
    let [lat, lon, address, postal_code, installation, ground, as_of, edition, uncertainty] = read(query, FIELDS)?;
    let place = PlaceFields {
        lat: lat.map(|value| number("lat", &value)).transpose()?,
        lon: lon.map(|value| number("lon", &value)).transpose()?,
        address,
        postal_code,
        installation,
    };
    Ok(Query {
        place: place.into_place()?,
        basis: basis(ground.as_deref())?,
        edition: edition_choice(as_of.as_deref(), edition.as_deref(), today)?,
        uncertainty_m: uncertainty.map(|value| number("uncertainty_m", &value)).transpose()?,
    })
}

/// `POST /v1/resolve`: an array of questions; an array of answers and problems, in order.
///
/// The questions of one body are answered by one atlas and one set of editions on one day, whatever comes meanwhile.
pub async fn resolve_many(state: &Arc<State>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let [] = read(parts.uri.query(), [])?;
    let language = Language::of(parts);
    let bytes = admin::read_json_body(state, parts, body, MOST_BODY_BYTES).await?;
    let served = state.served();
    let today = state.today();
    state.run_heavy(move || answer_all(&served, today, &bytes, language)).await
}

fn answer_all(served: &Served, today: Date, bytes: &[u8], language: Language) -> Result<Response, Problem> {
    let timetable = served.timetable()?;
    let questions = match serde_json::from_slice(bytes) {
        Ok(Questions::Some(questions)) => questions,
        Ok(Questions::TooMany(count)) => {
            return Err(Problem::new(
                TOO_MANY_QUESTIONS,
                format!("Le tableau compte {count} questions : {MOST_QUESTIONS} au plus par requête."),
                format!("the array holds {count} questions: at most {MOST_QUESTIONS} a request"),
            ));
        }
        Err(error) => return Err(malformed(&error)),
    };
    let mut out = Vec::with_capacity(2 + questions.len() * 800);
    out.push(b'[');
    for (index, raw) in questions.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        answer_into(&mut out, (served, &timetable, today), index, raw, language)?;
    }
    out.push(b']');
    Ok(reply::bytes(out, "application/json"))
}

/// Writes the answer to one element, or its problem.
fn answer_into(
    out: &mut Vec<u8>,
    (served, timetable, today): (&Served, &Timetable, Date),
    index: usize,
    raw: &RawValue,
    language: Language,
) -> Result<(), Problem> {
    let mut id = None;
    let start = out.len();
    let answered = read_question(raw, &mut id, today).and_then(|query| served.answer_into(timetable, out, &query));
    if let Err(problem) = answered {
        out.truncate(start);
        let body = super::wire::ElementProblem { index, problem: problem.body(language) };
        serde_json::to_writer(&mut *out, &body).map_err(|_| Problem::internal())?;
    }
    // An identifier goes in front of an object whose own bytes stay what they are without it.
    if let Some(id) = id {
        let id = serde_json::to_string(&id).map_err(|_| Problem::internal())?;
        out.splice(start..=start, format!("{{\"id\":{id},").into_bytes());
    }
    Ok(())
}

fn read_question<'a>(raw: &'a RawValue, id: &mut Option<Id<'a>>, today: Date) -> Result<Query, Problem> {
    let question: Question<'_> = serde_json::from_str(raw.get()).map_err(|_| {
        Problem::new(
            INVALID_QUESTION,
            "Une question est un objet, par exemple {\"lat\": 45.5088, \"lon\": -73.5542}.",
            "a question is an object, such as {\"lat\": 45.5088, \"lon\": -73.5542}",
        )
    })?;
    let mut fields = Fields::default();
    // The identifier first, so that a problem with another field carries it.
    for &(ref name, value) in &question.fields {
        if name == "id" && id.replace(read_id(value)?).is_some() {
            return Err(repeated("id"));
        }
    }
    for (name, value) in question.fields {
        let (name, slot) = match name.as_ref() {
            "lat" => ("lat", &mut fields.lat),
            "lon" => ("lon", &mut fields.lon),
            "address" => ("address", &mut fields.address),
            "postal_code" => ("postal_code", &mut fields.postal_code),
            "installation" => ("installation", &mut fields.installation),
            "basis" => ("basis", &mut fields.basis),
            "as_of" => ("as_of", &mut fields.as_of),
            "edition" => ("edition", &mut fields.edition),
            "uncertainty_m" => ("uncertainty_m", &mut fields.uncertainty_m),
            "id" => continue,
            _ => {
                let known: Vec<&'static str> = FIELDS.into_iter().chain(["id"]).collect();
                return Err(unknown(&name, &known));
            }
        };
        if slot.replace(value).is_some() {
            return Err(repeated(name));
        }
    }
    fields.into_query(today)
}

/// Fields of a question as they stand in the body. `null` counts as absent where a field may be.
#[derive(Default)]
struct Fields<'a> {
    lat: Option<&'a RawValue>,
    lon: Option<&'a RawValue>,
    address: Option<&'a RawValue>,
    postal_code: Option<&'a RawValue>,
    installation: Option<&'a RawValue>,
    basis: Option<&'a RawValue>,
    as_of: Option<&'a RawValue>,
    edition: Option<&'a RawValue>,
    uncertainty_m: Option<&'a RawValue>,
}

impl Fields<'_> {
    fn into_query(self, today: Date) -> Result<Query, Problem> {
        let place = PlaceFields {
            lat: read_number("lat", self.lat)?,
            lon: read_number("lon", self.lon)?,
            address: read_text("address", self.address)?,
            postal_code: read_text("postal_code", self.postal_code)?,
            installation: read_text("installation", self.installation)?,
        };
        let ground = read_text("basis", self.basis)?;
        let as_of = read_text("as_of", self.as_of)?;
        let edition = read_text("edition", self.edition)?;
        Ok(Query {
            place: place.into_place()?,
            basis: basis(ground.as_deref())?,
            edition: edition_choice(as_of.as_deref(), edition.as_deref(), today)?,
            uncertainty_m: read_number("uncertainty_m", self.uncertainty_m)?,
        })
    }
}

fn present(raw: Option<&RawValue>) -> Option<&str> {
    raw.map(RawValue::get).filter(|text| *text != "null")
}

fn read_number(name: &'static str, raw: Option<&RawValue>) -> Result<Option<f64>, Problem> {
    // The text of a JSON number is read as that of a query string is, so that both give the same bits.
    present(raw)
        .map(|text| {
            let numeric = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
            if numeric { number(name, text) } else { Err(super::parameters::not_a_number(name, text)) }
        })
        .transpose()
}

fn read_text<'a>(name: &'static str, raw: Option<&'a RawValue>) -> Result<Option<Cow<'a, str>>, Problem> {
    let Some(text) = present(raw) else { return Ok(None) };
    serde_json::from_str::<super::wire::Text<'a>>(text).map(|text| Some(text.0)).map_err(|_| {
        Problem::new(
            INVALID_QUESTION,
            format!("{name} doit être un texte, par exemple \"{}\".", example(name)),
            format!("{name} must be a text, such as \"{}\"", example(name)),
        )
        .about(name)
    })
}

fn example(name: &str) -> &'static str {
    match name {
        "address" => "1200, boul. Saint-Laurent, Montréal",
        "postal_code" => "H2X 2S5",
        "installation" => "51216455",
        "basis" => "residence",
        _ => "2017-07-01",
    }
}

fn read_id(raw: &RawValue) -> Result<Id<'_>, Problem> {
    serde_json::from_str(raw.get()).map_err(|_| {
        Problem::new(
            INVALID_QUESTION,
            "id doit être un texte ou un nombre entier.",
            "id must be a text or a whole number",
        )
        .about("id")
    })
}

/// What is wrong with a body, by place; never what stands there.
pub(super) fn malformed(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    Problem::new(
        MALFORMED_JSON,
        format!("Le corps n'est pas le JSON attendu (ligne {line}, colonne {column})."),
        format!("the body is not the JSON expected (line {line}, column {column})"),
    )
}
