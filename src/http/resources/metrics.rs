//! `/metrics`: what the service counts of itself.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;

use crate::http::extract::{NoParameters, StrictQuery};
use crate::http::problem::{Problem, problems};
use crate::http::{State, reply};

problems!(Problems:);

/// What the service counts of itself, for Prometheus: requests, answers, rows, atlas, edition in force, work under way
///
/// No place, no address, nothing that a caller wrote.
#[utoipa::path(get, path = "/metrics", tag = "service",
    responses((status = 200, description = "The counters (text, exposition format 0.0.4)", body = String,
        content_type = "text/plain"), Problems))]
pub async fn show_metrics(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    // Which edition is in force may be a question to the store.
    let text = state.run_heavy(move || Ok(handle.metrics.text(&handle))).await?;
    Ok(reply::bytes(text, "text/plain; version=0.0.4; charset=utf-8"))
}
