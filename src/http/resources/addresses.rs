//! `/v1/addresses`: completing an address as it is typed.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::address::Completion;
use crate::http::extract::{NoParameters, StrictJson, StrictQuery};
use crate::http::problem::{
    BODY, INVALID_BASIS, INVALID_NUMBER, JSON, MISSING_PARAMETER, NO_ADDRESSES, OUT_OF_RANGE, Problem, problems,
};
use crate::http::{State, reply};
use crate::resolve::{Basis, QueryError, UnknownBasis};

/// Completions given where no number is asked for.
const USUAL_COMPLETIONS: usize = 10;
/// Most completions given.
const MOST_COMPLETIONS: usize = 50;
/// Largest body, bytes.
const MOST_BYTES: usize = 16 << 10;

/// What is being typed.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    /// What is being typed.
    #[param(example = "rue Prin")]
    q: String,
    /// Most completions, 10 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 50)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 50)]
    limit: Option<f64>,
}

/// How what is typed may go on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Completions {
    /// Streets, municipalities and postal codes, those with most people first.
    completions: Vec<Completion>,
}

problems!(UrlProblems: &[MISSING_PARAMETER, INVALID_NUMBER, OUT_OF_RANGE, NO_ADDRESSES]);
problems!(BodyProblems: BODY, JSON, &[OUT_OF_RANGE, NO_ADDRESSES]);

/// Completes an address as it is typed: what is typed stands in no URL
///
/// Streets, municipalities and postal codes that begin so, those with most people first.
#[utoipa::path(post, path = "/v1/addresses/complete", tag = "places",
    request_body(content = Typed, description = "What is typed", example = json!({ "q": "rue Prin", "limit": 8 })),
    responses((status = 200, description = "How it may go on", body = Completions), BodyProblems))]
pub async fn complete_typed(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(typed): StrictJson<Typed, MOST_BYTES>,
) -> Result<Response, Problem> {
    complete(&state, &typed)
}

/// Completes an address as it is typed, in the URL: not for people's addresses
///
/// What is typed is then in the log of every proxy on the way and in the history of browsers. `POST
/// /v1/addresses/complete` answers the same.
#[utoipa::path(get, path = "/v1/addresses", tag = "places", params(Typed),
    responses((status = 200, description = "How it may go on", body = Completions), UrlProblems))]
pub async fn complete_addresses(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(typed): StrictQuery<Typed>,
) -> Result<Response, Problem> {
    complete(&state, &typed)
}

fn complete(state: &State, typed: &Typed) -> Result<Response, Problem> {
    let limit = match typed.limit {
        None => USUAL_COMPLETIONS,
        Some(asked) if (1.0..=MOST_COMPLETIONS as f64).contains(&asked) && asked.fract() == 0.0 => asked as usize,
        Some(_) => {
            return Err(Problem::new(
                OUT_OF_RANGE,
                format!("limit doit être un nombre entier de 1 à {MOST_COMPLETIONS}."),
                format!("limit must be a whole number from 1 to {MOST_COMPLETIONS}"),
            )
            .about("limit"));
        }
    };
    let served = state.served();
    let (gazetteer, crowd) = served.addresses().ok_or_else(no_addresses)?;
    reply::json(&Completions { completions: gazetteer.complete(crowd, &typed.q, limit) })
}

/// The problem of an atlas without addresses.
pub fn no_addresses() -> Problem {
    Problem::new(
        NO_ADDRESSES,
        "Cet atlas ne contient pas d'adresses : construisez-le avec --addresses, ou demandez par position.",
        QueryError::NoAddresses.to_string(),
    )
}

/// The basis that a word means.
pub(super) fn basis(word: Option<&str>) -> Result<Option<Basis>, Problem> {
    word.map(str::parse).transpose().map_err(|error: UnknownBasis| {
        Problem::new(
            INVALID_BASIS,
            "basis n'est pas compris : residence, usual_place ou service_point.",
            error.to_string(),
        )
        .about("basis")
    })
}
