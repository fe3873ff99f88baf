//! `/health`, `/ready`: for whoever watches the server. What they are asked with is not looked at.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::{Problem, STOPPING, problems};
use crate::http::{State, reply};

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`.
    #[schema(pattern = "^ok$")]
    status: &'static str,
}

/// The server takes questions.
#[derive(Debug, Serialize, ToSchema)]
struct Readiness {
    /// Always `ready`.
    #[schema(pattern = "^ready$")]
    status: &'static str,
    /// Checksum of the atlas that is served.
    atlas: String,
    /// How many editions it holds.
    editions: usize,
}

problems!(Problems:);
problems!(ReadinessProblems: &[STOPPING]);

/// Whether the process answers; also at `/healthz`
#[utoipa::path(get, path = "/health", tag = "service",
    responses((status = 200, description = "It does", body = Health), Problems))]
pub async fn show_health() -> Result<Response, Problem> {
    reply::json(&Health { status: "ok" })
}

/// Whether questions may be sent here; also at `/readyz`
#[utoipa::path(get, path = "/ready", tag = "service",
    responses((status = 200, description = "An atlas is in service and the server is not about to stop", body = Readiness),
        ReadinessProblems))]
pub async fn show_readiness(Shared(state): Shared<Arc<State>>) -> Result<Response, Problem> {
    if state.is_stopping() {
        return Err(Problem::new(
            STOPPING,
            "Le serveur s'arrête : adressez-vous à un autre.",
            "the server is shutting down: ask another one",
        ));
    }
    let served = state.served();
    reply::json(&Readiness { status: "ready", atlas: served.checksum(), editions: served.atlas.edition_count() })
}
