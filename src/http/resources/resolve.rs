//! `/v1/resolve`: one question in the URL, or one or many in a body.

use std::sync::Arc;

use axum::extract::{RawQuery, State as Shared};
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::addresses::basis;
use crate::address::LONGEST_TEXT;
use crate::catalogue::Timetable;
use crate::domain::{Date, Language};
use crate::http::extract::{JsonBytes, NoParameters, StrictQuery};
use crate::http::fields::{self, Given, conflicting_places, edition_choice, malformed, missing, position, repeated};
use crate::http::problem::{
    BODY, EDITION, HEAVY, INVALID_QUESTION, JSON, PLACE, Problem, TOO_MANY_QUESTIONS, problems,
};
use crate::http::wire::{AnswerBody, ElementProblem, Id, Object, QuestionBody, Questions};
use crate::http::work::Work;
use crate::http::{Served, State, reply};
use crate::resolve::{Basis, MOST_UNCERTAINTY_M, Place, Query, Resolution};

/// Where questions are asked.
pub const PATH: &str = "/v1/resolve";
/// Most questions in one body.
pub const MOST_QUESTIONS: usize = 10_000;
/// Largest body of questions, bytes.
pub const MOST_BODY_BYTES: usize = 4 << 20;

/// A question: a place (`lat` and `lon`, or an address in one text or in its parts, or a postal code, or a point of
/// service), and if wanted a day or an edition.
#[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// Latitude, degrees north; with `lon`.
    #[param(minimum = -90, maximum = 90, example = 45.5088)]
    #[schema(minimum = -90, maximum = 90)]
    lat: Option<f64>,
    /// Longitude, degrees east; with `lat`.
    #[param(minimum = -180, maximum = 180, example = -73.5542)]
    #[schema(minimum = -180, maximum = 180)]
    lon: Option<f64>,
    /// Address in any spelling, 512 bytes at most.
    address: Option<String>,
    /// Civic number of an address in parts; with `street`.
    civic: Option<String>,
    /// Street of an address in parts; its postal code stands in `postal_code`.
    street: Option<String>,
    /// Municipality of an address in parts; with `street`.
    city: Option<String>,
    /// Postal code in any shape; alone, or with `street`.
    postal_code: Option<String>,
    /// Code of a point of service.
    installation: Option<String>,
    /// On what ground a person is attached; `service_point` goes with an installation only.
    #[param(value_type = Option<Basis>)]
    #[schema(value_type = Option<Basis>)]
    basis: Option<String>,
    /// Day on which an edition holds; not with `edition`.
    #[param(value_type = Option<Date>)]
    #[schema(value_type = Option<Date>)]
    as_of: Option<String>,
    /// Identifier of an edition, or `latest` for the newest; not with `as_of`. Neither: the one in force today in Québec.
    edition: Option<String>,
    /// Error of the position, metres.
    #[param(minimum = 0, maximum = 100_000)]
    #[schema(minimum = 0, maximum = 100_000)]
    uncertainty_m: Option<f64>,
}

impl Question {
    /// The query that it asks.
    ///
    /// # Errors
    /// No place, several, half a position, or a value that makes no sense.
    pub fn into_query(mut self, today: Date) -> Result<Query, Problem> {
        Ok(Query {
            place: self.take_place()?,
            basis: basis(self.basis.as_deref())?,
            edition: edition_choice(self.as_of.as_deref(), self.edition.as_deref(), today)?,
            uncertainty_m: self.uncertainty_m,
        })
    }

    /// The one place that is named; latitude and longitude count as one, as do the parts of an address.
    fn take_place(&mut self) -> Result<Place, Problem> {
        let in_parts = self.civic.is_some() || self.street.is_some() || self.city.is_some();
        let named = [
            self.lat.is_some() || self.lon.is_some(),
            self.address.is_some(),
            in_parts,
            self.postal_code.is_some() && !in_parts,
            self.installation.is_some(),
        ];
        if named.into_iter().filter(|&named| named).count() > 1 {
            return Err(conflicting_places());
        }
        if in_parts {
            let street = self.street.take().ok_or_else(|| missing("street"))?;
            let civic = self.civic.take().map(|civic| format!("{civic} ")).unwrap_or_default();
            let rest = [self.city.take(), self.postal_code.take()].into_iter().flatten();
            let rest: String = rest.map(|part| format!(", {part}")).collect();
            return Ok(Place::Address(format!("{civic}{street}{rest}")));
        }
        if let Some(text) = self.address.take() {
            return Ok(Place::Address(text));
        }
        if let Some(text) = self.postal_code.take() {
            return Ok(Place::PostalCode(text));
        }
        if let Some(code) = self.installation.take() {
            return Ok(Place::Installation(code));
        }
        Ok(Place::Position(position(self.lat, self.lon)?))
    }
}

problems!(OneProblems: PLACE, EDITION, HEAVY);
problems!(ManyProblems: PLACE, EDITION, BODY, JSON, HEAVY, &[TOO_MANY_QUESTIONS]);

/// Which CLSC, and all above it, for a position, an address, a postal code or a point of service
///
/// An address or a postal code in a URL is in the log of every proxy on the way: for people's addresses, ask with POST.
#[utoipa::path(get, path = "/v1/resolve", tag = "places", params(Question),
    responses((status = 200, description = "The answer", body = Resolution), OneProblems))]
pub async fn resolve_one(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    if is_short(&query) {
        return answer_query(&state, &query);
    }
    let handle = Arc::clone(&state);
    state.run_lookup(move || answer_query(&handle, &query)).await
}

/// Whether a query string asks what takes no search and carries out no revision: a position on an edition by its day.
pub fn is_short(query: &str) -> bool {
    query
        .split('&')
        .all(|pair| ["lat=", "lon=", "as_of=", "uncertainty_m=", "lang="].iter().any(|name| pair.starts_with(name)))
}

/// Answers the question of a query string.
///
/// The bytes of an answer are those of the library's own [`Resolution`] as JSON.
///
/// # Errors
/// What is wrong with the question.
pub fn answer_query(state: &State, query: &str) -> Result<Response, Problem> {
    let query = fields::read_query::<Question>(query)?.into_query(state.today())?;
    let served = state.served();
    let mut out = Vec::with_capacity(reply::USUAL_BYTES);
    state.metrics.answer(served.answer_into(&served.timetable()?, &mut out, &query)?);
    Ok(reply::bytes(out, "application/json"))
}

/// The same for one place or many, of any kind; one bad question of many gets a problem in its place
///
/// The questions of one body are answered by one atlas and one set of editions on one day, whatever comes meanwhile.
#[utoipa::path(post, path = "/v1/resolve", tag = "places",
    request_body(content = QuestionBody, description = "A question, or an array of up to 10,000", examples(
        ("one" = (summary = "One address", value = json!({ "address": "1200, boul. Saint-Laurent, Montréal" }))),
        ("parts" = (summary = "An address in parts",
            value = json!({ "civic": "1200", "street": "boulevard Saint-Laurent", "city": "Montréal" }))),
        ("many" = (summary = "Many places", value = json!([
            { "id": 1, "lat": 45.5088, "lon": -73.5542, "as_of": "2020-01-01" }, { "id": "b", "postal_code": "H2X 2S5" },
        ]))),
    )),
    responses((status = 200, description = "The answer, or the answers in order", body = AnswerBody), ManyProblems))]
pub async fn resolve_many(
    Shared(state): Shared<Arc<State>>,
    language: Language,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    JsonBytes(bytes): JsonBytes<MOST_BODY_BYTES>,
) -> Result<Response, Problem> {
    let (handle, served, today) = (Arc::clone(&state), state.served(), state.today());
    // One question is a lookup like any other; many are a job.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return state.run_long(move |work| answer_body((&handle, &served, today), &bytes, language, Some(work))).await;
    }
    state.run_lookup(move || answer_body((&handle, &served, today), &bytes, language, None)).await
}

fn answer_body(
    (state, served, today): (&State, &Served, Date),
    bytes: &[u8],
    language: Language,
    work: Option<&Work>,
) -> Result<Response, Problem> {
    let timetable = served.timetable()?;
    let questions = match serde_json::from_slice(bytes).map_err(|error| malformed(&error))? {
        Questions::One(question) => {
            let mut out = Vec::with_capacity(reply::USUAL_BYTES);
            let mut id = None;
            let query = read_fields(question, &mut id, today)?;
            state.metrics.answer(served.answer_into(&timetable, &mut out, &query)?);
            identify(&mut out, 0, id)?;
            return Ok(reply::bytes(out, "application/json"));
        }
        Questions::Many(questions) => questions,
        Questions::TooMany(count) => {
            return Err(Problem::new(
                TOO_MANY_QUESTIONS,
                format!("Le tableau compte {count} questions : {MOST_QUESTIONS} au plus par requête."),
                format!("the array holds {count} questions: at most {MOST_QUESTIONS} a request"),
            ));
        }
    };
    let mut out = Vec::with_capacity(2 + questions.len() * 800);
    out.push(b'[');
    for (index, raw) in questions.into_iter().enumerate() {
        work.map_or(Ok(()), Work::check)?;
        if index > 0 {
            out.push(b',');
        }
        answer_element(&mut out, (state, served, &timetable, today), index, raw, language)?;
    }
    out.push(b']');
    Ok(reply::bytes(out, "application/json"))
}

/// Writes the answer to one element, or its problem.
fn answer_element(
    out: &mut Vec<u8>,
    (state, served, timetable, today): (&State, &Served, &Timetable, Date),
    index: usize,
    raw: &RawValue,
    language: Language,
) -> Result<(), Problem> {
    let mut id = None;
    let start = out.len();
    let answered = read_question(raw, &mut id, today).and_then(|query| served.answer_into(timetable, out, &query));
    match answered {
        Ok(placement) => state.metrics.answer(placement),
        Err(problem) => {
            out.truncate(start);
            let body = ElementProblem { id: None, index, problem: problem.body(language) };
            serde_json::to_writer(&mut *out, &body).map_err(|_| Problem::internal())?;
        }
    }
    identify(out, start, id)
}

/// Puts an identifier in front of an object whose own bytes stay what they are without it.
fn identify(out: &mut Vec<u8>, start: usize, id: Option<Id<'_>>) -> Result<(), Problem> {
    if let Some(id) = id {
        let id = serde_json::to_string(&id).map_err(|_| Problem::internal())?;
        out.splice(start..=start, format!("{{\"id\":{id},").into_bytes());
    }
    Ok(())
}

fn read_question<'a>(raw: &'a RawValue, id: &mut Option<Id<'a>>, today: Date) -> Result<Query, Problem> {
    let question: Object<'_> = serde_json::from_str(raw.get()).map_err(|_| {
        Problem::new(
            INVALID_QUESTION,
            "Une question est un objet, par exemple {\"lat\": 45.5088, \"lon\": -73.5542}.",
            "a question is an object, such as {\"lat\": 45.5088, \"lon\": -73.5542}",
        )
    })?;
    read_fields(question, id, today)
}

fn read_fields<'a>(question: Object<'a>, id: &mut Option<Id<'a>>, today: Date) -> Result<Query, Problem> {
    let mut given = Vec::with_capacity(question.fields.len());
    // The identifier first, so that a problem with another field carries it.
    for (name, value) in question.fields {
        if name != "id" {
            given.push((name, Given::Json(value)));
        } else if id.replace(read_id(value)?).is_some() {
            return Err(repeated("id"));
        }
    }
    fields::read::<Question>(given)?.into_query(today)
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

// The description says these limits in words and numbers that attributes take as literals only.
const _: () = assert!(MOST_UNCERTAINTY_M == 100_000.0 && LONGEST_TEXT == 512 && MOST_QUESTIONS == 10_000);
