//! What handlers take from a request, typed: [`StrictQuery`], [`StrictPath`], [`StrictJson`], and bodies within their limits.
//!
//! Strict: what a type does not name is refused, and so is what is given twice ([`fields`](super::fields)).

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use hyper::body::Body as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fields::{self, Given};
use super::problem::{
    BODY_TOO_LARGE, INCOMPLETE_BODY, NO_STORE, NOT_FOUND, Problem, REQUEST_TIMEOUT, UNSUPPORTED_MEDIA_TYPE,
};
use super::wire::Object;
use super::{State, fields::malformed};

/// The query string.
#[derive(Debug)]
pub struct StrictQuery<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for StrictQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        fields::read_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// The query string of an operation without parameters of its own.
#[derive(Debug, Deserialize)]
pub struct NoParameters {}

/// The parts of the path that a route names.
#[derive(Debug)]
pub struct StrictPath<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for StrictPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // The router leaves a bad escape as it stands.
        fields::decode(parts.uri.path(), false)?;
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| fields::not_utf8())?;
        let given =
            params.iter().map(|(name, value)| (Cow::Owned(name.to_owned()), Given::Text(Cow::Owned(value.to_owned()))));
        fields::read(given.collect()).map(Self)
    }
}

/// A body that is a JSON object of these fields, of `MOST` bytes at most.
#[derive(Debug)]
pub struct StrictJson<T, const MOST: usize>(pub T);

impl<T: DeserializeOwned, const MOST: usize> FromRequest<Arc<State>> for StrictJson<T, MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<State>) -> Result<Self, Problem> {
        let JsonBytes(bytes) = JsonBytes::<MOST>::from_request(request, state).await?;
        read_object(&bytes).map(Self)
    }
}

/// Reads a JSON object.
///
/// # Errors
/// No JSON, no object, or fields that do not do.
pub fn read_object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Problem> {
    let object: Object<'a> = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    fields::read(object.fields.into_iter().map(|(name, raw)| (name, Given::Json(raw))).collect())
}

/// A body that is declared as JSON, of `MOST` bytes at most; empty where there is none.
#[derive(Debug)]
pub struct JsonBytes<const MOST: usize>(pub Bytes);

impl<const MOST: usize> FromRequest<Arc<State>> for JsonBytes<MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<State>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(state, &parts.headers, body, MOST).await?;
        if !bytes.is_empty() && !is_json(&parts.headers) {
            return Err(Problem::new(
                UNSUPPORTED_MEDIA_TYPE,
                "Le corps doit être annoncé comme du JSON : « Content-Type: application/json ».",
                "the body must be declared as JSON: \"Content-Type: application/json\"",
            ));
        }
        Ok(Self(bytes))
    }
}

/// A body of any type, of `MOST` bytes at most; empty where there is none.
#[derive(Debug)]
pub struct AnyBytes<const MOST: usize>(pub Bytes);

impl<const MOST: usize> FromRequest<Arc<State>> for AnyBytes<MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<State>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        read_body(state, &parts.headers, body, MOST).await.map(Self)
    }
}

/// A body that is a table in CSV, of `MOST` bytes at most.
#[derive(Debug)]
pub struct CsvBytes<const MOST: usize>(pub Bytes);

impl<const MOST: usize> FromRequest<Arc<State>> for CsvBytes<MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<State>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let kinds =
            ["", "text/csv", "application/csv", "text/plain", "text/tab-separated-values", "application/octet-stream"];
        if !kinds.contains(&media_type(&parts.headers).as_str()) {
            return Err(Problem::new(
                UNSUPPORTED_MEDIA_TYPE,
                "Le corps doit être un tableau CSV : « Content-Type: text/csv ».",
                "the body must be a table in CSV: \"Content-Type: text/csv\"",
            ));
        }
        read_body(state, &parts.headers, body, MOST.min(state.options.most_table_bytes)).await.map(Self)
    }
}

/// The state of a server that keeps revisions.
#[derive(Debug)]
pub struct WithStore(pub Arc<State>);

impl FromRequestParts<Arc<State>> for WithStore {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &Arc<State>) -> Result<Self, Problem> {
        if state.revisions().is_some() {
            return Ok(Self(Arc::clone(state)));
        }
        Err(no_store())
    }
}

/// The problem of a server that keeps no revisions.
pub fn no_store() -> Problem {
    Problem::new(
        NO_STORE,
        "Ce serveur ne garde pas de révisions : lancez « rattache serve --store FICHIER » pour qu'il en garde.",
        "this server keeps no revisions: start it with `rattache serve --store FILE` for it to keep some",
    )
}

/// There is nothing at a path.
pub fn not_found() -> Problem {
    Problem::new(
        NOT_FOUND,
        "Cette adresse n'existe pas : la liste est à /v1/openapi.json.",
        "there is nothing at this URL: the list is at /v1/openapi.json",
    )
}

/// The type of a body, without its parameters, in lower case; empty where none is declared.
pub fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = media_type(headers);
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Refuses a body that is encoded: none is decoded here.
///
/// # Errors
/// Any `Content-Encoding` but `identity`.
pub fn check_encoding(headers: &HeaderMap) -> Result<(), Problem> {
    let encodings = headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut encodings = encodings.flat_map(|value| value.split(',')).map(str::trim);
    if encodings.all(|encoding| encoding.is_empty() || encoding.eq_ignore_ascii_case("identity")) {
        return Ok(());
    }
    Err(Problem::new(
        UNSUPPORTED_MEDIA_TYPE,
        "Le corps est compressé (« Content-Encoding ») : envoyez-le tel quel.",
        "the body is compressed (\"Content-Encoding\"): send it as it is",
    ))
}

/// Reads a body within its limits of size and time; empty where there is none.
async fn read_body(state: &State, headers: &HeaderMap, body: Body, most: usize) -> Result<Bytes, Problem> {
    check_encoding(headers)?;
    if let Some(length) = headers.get(CONTENT_LENGTH) {
        let length = length.to_str().ok().and_then(|length| length.parse::<u64>().ok());
        if length.is_some_and(|length| length > most as u64) {
            return Err(too_large(most));
        }
    }
    let late = || {
        Problem::new(
            REQUEST_TIMEOUT,
            "Le corps de la requête n'est pas arrivé à temps.",
            "the body of the request did not arrive in time",
        )
    };
    let mut room = state.memory.room();
    let mut bytes: Vec<u8> = Vec::new();
    let mut body = body;
    let started = tokio::time::Instant::now();
    loop {
        // So much time in all, however the pieces come.
        let next = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        match tokio::time::timeout_at(started + state.options.body_timeout, next).await {
            Err(_) => return Err(late()),
            Ok(None) => return Ok(room.hold(bytes)),
            Ok(Some(Ok(frame))) => {
                let Ok(piece) = frame.into_data() else { continue };
                if bytes.len() + piece.len() > most {
                    return Err(too_large(most));
                }
                room.grow(bytes.len() + piece.len())?;
                bytes.extend_from_slice(&piece);
            }
            Ok(Some(Err(_))) => {
                return Err(Problem::new(
                    INCOMPLETE_BODY,
                    "Le corps de la requête s'est interrompu avant la fin : rien n'en a été lu ; renvoyez-le en entier.",
                    "the body of the request broke off before its end: nothing of it was read; send it again whole",
                ));
            }
        }
    }
}

fn too_large(most: usize) -> Problem {
    Problem::new(
        BODY_TOO_LARGE,
        format!("Le corps de la requête dépasse {most} octets : partagez-le entre plusieurs requêtes."),
        format!("the body of the request is over {most} bytes: split it between several requests"),
    )
}
