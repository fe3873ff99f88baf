//! `/docs`: the interface described for people.

use axum::http::Uri;
use axum::response::Response;

use crate::domain::Language;
use crate::http::docs;
use crate::http::extract::{NoParameters, StrictQuery};
use crate::http::problem::{Problem, problems};

problems!(Problems:);

/// This description as a page: every operation with its parameters, bodies, answers and problems, and every type
///
/// One page, without a script: it is searched with the browser's own means.
#[utoipa::path(get, path = "/docs", tag = "page",
    responses((status = 200, description = "The page", body = String, content_type = "text/html"), Problems))]
pub async fn show_docs(uri: Uri, StrictQuery(NoParameters {}): StrictQuery<NoParameters>) -> Result<Response, Problem> {
    Ok(docs::page(Language::asked(&uri).unwrap_or_default()))
}
