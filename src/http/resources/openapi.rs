//! `/v1/openapi.json`, `/v1/openapi-3.0.json`: the interface described for programs.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::response::Response;

use crate::http::document::document;
use crate::http::document_3_0::document_3_0;
use crate::http::extract::{NoParameters, StrictQuery};
use crate::http::problem::{Problem, problems};
use crate::http::reply;

problems!(Problems:);

/// This description, in `OpenAPI` 3.1
#[utoipa::path(get, path = "/v1/openapi.json", tag = "service",
    responses((status = 200, description = "The description", body = Object), Problems))]
pub async fn show_openapi(StrictQuery(NoParameters {}): StrictQuery<NoParameters>) -> Result<Response, Problem> {
    static BYTES: OnceLock<Bytes> = OnceLock::new();
    let bytes = BYTES.get_or_init(|| serde_json::to_vec(document()).unwrap_or_default().into());
    Ok(reply::bytes(bytes.clone(), "application/json"))
}

/// This description in `OpenAPI` 3.0, for programs that do not read 3.1 yet
#[utoipa::path(get, path = "/v1/openapi-3.0.json", tag = "service",
    responses((status = 200, description = "The description", body = Object), Problems))]
pub async fn show_openapi_3_0(StrictQuery(NoParameters {}): StrictQuery<NoParameters>) -> Result<Response, Problem> {
    static BYTES: OnceLock<Bytes> = OnceLock::new();
    let bytes = BYTES.get_or_init(|| serde_json::to_vec(document_3_0()).unwrap_or_default().into());
    Ok(reply::bytes(bytes.clone(), "application/json"))
}
