//! `/app`: the files of the map, embedded when it was built with the program.

use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::compression::{accepts_gzip, gunzip, mark};
use crate::http::extract::{NoParameters, StrictPath, StrictQuery, not_found};
use crate::http::problem::{NOT_FOUND, Problem, problems};
use crate::http::{reply, web};

/// Which file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct FilePath {
    /// Its name.
    #[param(min_length = 1)]
    file: String,
}

problems!(Problems: &[NOT_FOUND]);

/// A file of the map
#[utoipa::path(get, path = "/app/{file}", tag = "page", params(FilePath),
    responses(
        (status = 200, description = "The file",
            content((String = "text/javascript"), (String = "text/css"), (String = "image/svg+xml"))),
        Problems))]
pub async fn show_file(
    headers: HeaderMap,
    StrictPath(FilePath { file }): StrictPath<FilePath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let found = web::find(&file).ok_or_else(not_found)?;
    let compressed = accepts_gzip(&headers);
    let bytes = if compressed { found.gzip.to_vec() } else { gunzip(found.gzip)? };
    let mut response = mark(reply::bytes(bytes, found.kind), compressed);
    // The name holds a digest of the contents.
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(CACHE_CONTROL, for_ever);
    Ok(response)
}
