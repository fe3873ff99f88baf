//! `/admin/atlas`: another atlas, for whoever has a key of that role.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::{French as _, english};
use crate::http::extract::{JsonBytes, NoParameters, StrictQuery, read_object};
use crate::http::problem::{ATLAS_REFUSED, BODY, JSON, NO_ATLAS_FILE, Problem, problems};
use crate::http::state::Reloaded;
use crate::http::{State, reply};

/// Largest body that names a file, bytes.
const MOST_BYTES: usize = 16 << 10;

/// Which atlas to take.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAtlas {
    /// The file, in the folder of atlases; the same as before where none is named.
    #[schema(value_type = Option<String>)]
    path: Option<PathBuf>,
}

problems!(Problems: BODY, JSON, &[NO_ATLAS_FILE, ATLAS_REFUSED]);

/// Takes another atlas file, or the same again, without dropping a request
///
/// Without a body, the same file is read again. Another one must lie in the folder of atlases: that of the atlas that is
/// served, unless the server was told another.
#[utoipa::path(post, path = "/admin/atlas", tag = "service",
    request_body(content = Option<NewAtlas>, description = "The atlas to take",
        example = json!({ "path": "quebec.atlas" })),
    responses((status = 200, description = "The atlas was taken", body = Reloaded), Problems))]
pub async fn reload_atlas(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    JsonBytes(bytes): JsonBytes<MOST_BYTES>,
) -> Result<Response, Problem> {
    let NewAtlas { path } = if bytes.is_empty() { NewAtlas::default() } else { read_object(&bytes)? };
    let language = state.options.log_language;
    let task = tokio::task::spawn_blocking(move || {
        let path = path.map(|path| state.atlas_named(&path)).transpose()?;
        state.reload(path.as_deref())
    });
    match task.await {
        Ok(Ok(reloaded)) => {
            tracing::info!(checksum = reloaded.checksum, "{}", language.pick("atlas pris", "atlas taken"));
            reply::json(&reloaded)
        }
        Ok(Err(error)) => {
            let words = language
                .pick("un nouvel atlas a été refusé ; l'ancien reste", "a new atlas was refused; the old one stays");
            tracing::warn!(cause = %language.pick(error.french(), english(&error)), "{words}");
            Err(Problem::from(&error))
        }
        Err(_) => Err(Problem::internal()),
    }
}
