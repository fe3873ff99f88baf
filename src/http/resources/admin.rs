//! `/admin/atlas`: another atlas, for whoever is on the machine itself.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::extract::{JsonBytes, Loopback, NoParameters, StrictQuery, read_object};
use crate::http::problem::{ATLAS_REFUSED, BODY, JSON, NO_ATLAS_FILE, NOT_LOOPBACK, Problem, problems};
use crate::http::state::Reloaded;
use crate::http::{State, reply};

/// Largest body that names a file, bytes.
const MOST_BYTES: usize = 16 << 10;

/// Which atlas to take.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAtlas {
    /// The file, on the server; the same as before where none is named.
    #[schema(value_type = Option<String>)]
    path: Option<PathBuf>,
}

problems!(Problems: BODY, JSON, &[NOT_LOOPBACK, NO_ATLAS_FILE, ATLAS_REFUSED]);

/// Takes another atlas file, or the same again, without dropping a request; from the machine itself only
///
/// Without a body, the same file is read again. The peer must be the machine itself, and the request must come neither
/// through a proxy nor from a web page.
#[utoipa::path(post, path = "/admin/atlas", tag = "service",
    request_body(content = Option<NewAtlas>, description = "The atlas to take",
        example = json!({ "path": "/srv/rattache/quebec.atlas" })),
    responses((status = 200, description = "The atlas was taken", body = Reloaded), Problems))]
pub async fn reload_atlas(
    Shared(state): Shared<Arc<State>>,
    _: Loopback,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    JsonBytes(bytes): JsonBytes<MOST_BYTES>,
) -> Result<Response, Problem> {
    let NewAtlas { path } = if bytes.is_empty() { NewAtlas::default() } else { read_object(&bytes)? };
    let language = state.options.log_language;
    let task = tokio::task::spawn_blocking(move || state.reload(path.as_deref()));
    match task.await {
        Ok(Ok(reloaded)) => {
            tracing::info!(checksum = reloaded.checksum, "{}", language.pick("atlas pris", "atlas taken"));
            reply::json(&reloaded)
        }
        Ok(Err(error)) => {
            let words = language
                .pick("un nouvel atlas a été refusé ; l'ancien reste", "a new atlas was refused; the old one stays");
            tracing::warn!("{words}");
            Err(Problem::from(&error))
        }
        Err(_) => Err(Problem::internal()),
    }
}
