//! `/health`, `/ready`, and what the codes of problems mean.

use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

use super::error::{CODES, Code, NOT_FOUND, STOPPING};
use super::parameters::read;
use super::router::segment;
use super::{Problem, State, reply};

/// `GET /health`: the process answers.
pub fn show_health() -> Result<Response, Problem> {
    reply::json(&json!({ "status": "ok" }))
}

/// `GET /ready`: an atlas is in service and the server is not about to stop.
pub fn show_readiness(state: &State) -> Result<Response, Problem> {
    if state.is_stopping() {
        return Err(Problem::new(
            STOPPING,
            "Le serveur s'arrête : adressez-vous à un autre.",
            "the server is shutting down: ask another one",
        ));
    }
    let served = state.served();
    reply::json(&json!({ "status": "ready", "atlas": served.checksum(), "editions": served.atlas.edition_count() }))
}

/// `GET /v1/problems`: every code of problem details.
pub fn list_problems(parts: &Parts) -> Result<Response, Problem> {
    let [] = read(parts.uri.query(), [])?;
    reply::json(&CODES.iter().map(|code| entry(code)).collect::<Vec<Value>>())
}

/// `GET /v1/problems/{code}`: where the `type` of a problem leads.
pub fn show_problem(parts: &Parts) -> Result<Response, Problem> {
    let [] = read(parts.uri.query(), [])?;
    let word = segment(parts, 2)?;
    let code = CODES.iter().find(|code| code.word == word).ok_or_else(|| {
        Problem::new(
            NOT_FOUND,
            format!("Le code de problème « {word} » est inconnu : la liste est à /v1/problems."),
            format!("unknown problem code \"{word}\": the list is at /v1/problems"),
        )
    })?;
    reply::json(&entry(code))
}

fn entry(code: &Code) -> Value {
    json!({
        "type": format!("/v1/problems/{}", code.word),
        "code": code.word,
        "status": code.status,
        "title": { "fr": code.french, "en": code.english },
    })
}
