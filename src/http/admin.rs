//! `/admin/atlas`: another atlas, for whoever is on the machine itself; and reading bodies.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::error::{BODY_TOO_LARGE, INCOMPLETE_BODY, NOT_LOOPBACK, Problem, REQUEST_TIMEOUT, UNSUPPORTED_MEDIA_TYPE};
use super::parameters::read;
use super::{State, reply, resolve};

/// Largest body that names a file, bytes.
const MOST_BYTES: usize = 16 << 10;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAtlas {
    path: Option<PathBuf>,
}

/// `POST /admin/atlas` with `{"path": "..."}`, or no body to read the same file again.
///
/// The peer must be the machine itself, and the request must come neither through a proxy nor from a web page.
pub async fn reload_atlas(state: &Arc<State>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    check_loopback(parts)?;
    let [] = read(parts.uri.query(), [])?;
    let bytes = read_json_body(state, parts, body, MOST_BYTES).await?;
    let path = if bytes.is_empty() {
        None
    } else {
        serde_json::from_slice::<NewAtlas>(&bytes).map_err(|error| resolve::malformed(&error))?.path
    };
    let language = state.options.log_language;
    let handle = Arc::clone(state);
    let task = tokio::task::spawn_blocking(move || handle.reload(path.as_deref()));
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

/// A proxy on the machine would make everybody a neighbour, and a page open in a browser there could post here: neither may.
fn check_loopback(parts: &Parts) -> Result<(), Problem> {
    let near = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
    let second_hand = ["forwarded", "x-forwarded-for", "x-real-ip", "via", "origin", "sec-fetch-site"];
    if near && !second_hand.iter().any(|name| parts.headers.contains_key(*name)) {
        return Ok(());
    }
    Err(Problem::new(
        NOT_LOOPBACK,
        "Cette adresse ne répond qu'à la machine elle-même, sans mandataire ni navigateur : utilisez curl sur place, ou SIGHUP.",
        "this URL only answers the machine itself, without proxy or browser: use curl on the spot, or SIGHUP",
    ))
}

/// Reads a JSON body within its limits of size and time; empty where there is none.
pub(super) async fn read_json_body(state: &State, parts: &Parts, body: Body, most: usize) -> Result<Bytes, Problem> {
    let bytes = read_body(state, parts, body, most).await?;
    if !bytes.is_empty() && !is_json(&parts.headers) {
        return Err(Problem::new(
            UNSUPPORTED_MEDIA_TYPE,
            "Le corps doit être annoncé comme du JSON : « Content-Type: application/json ».",
            "the body must be declared as JSON: \"Content-Type: application/json\"",
        ));
    }
    Ok(bytes)
}

/// Reads a body of any type within its limits of size and time; empty where there is none.
pub(super) async fn read_body(state: &State, parts: &Parts, body: Body, most: usize) -> Result<Bytes, Problem> {
    let mut request = Request::new(body);
    if let Some(length) = parts.headers.get(axum::http::header::CONTENT_LENGTH) {
        let length = length.to_str().ok().and_then(|length| length.parse::<u64>().ok());
        if length.is_some_and(|length| length > most as u64) {
            return Err(too_large(most));
        }
    }
    DefaultBodyLimit::apply(DefaultBodyLimit::max(most), &mut request);
    let whole = tokio::time::timeout(state.options.body_timeout, Bytes::from_request(request, &()));
    let bytes = match whole.await {
        Err(_) => {
            return Err(Problem::new(
                REQUEST_TIMEOUT,
                "Le corps de la requête n'est pas arrivé à temps.",
                "the body of the request did not arrive in time",
            ));
        }
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(too_large(most)),
        Ok(Err(_)) => {
            return Err(Problem::new(
                INCOMPLETE_BODY,
                "Le corps de la requête s'est interrompu avant la fin : rien n'en a été lu ; renvoyez-le en entier.",
                "the body of the request broke off before its end: nothing of it was read; send it again whole",
            ));
        }
        Ok(Ok(bytes)) => bytes,
    };
    Ok(bytes)
}

fn too_large(most: usize) -> Problem {
    Problem::new(
        BODY_TOO_LARGE,
        format!("Le corps de la requête dépasse {most} octets : partagez-le entre plusieurs requêtes."),
        format!("the body of the request is over {most} bytes: split it between several requests"),
    )
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}
