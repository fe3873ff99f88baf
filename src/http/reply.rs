//! Responses that are not problems.

use axum::body::{Body, Bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::Problem;
use super::compression::accepts_gzip;

/// Room that one answer takes, as JSON.
pub const USUAL_BYTES: usize = 1024;

/// Bytes of a type, that nobody may keep.
pub fn bytes(bytes: impl Into<Body>, content_type: &'static str) -> Response {
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A value as JSON, that nobody may keep.
///
/// # Errors
/// A value that is no JSON, which would be a fault of this program.
pub fn json(value: &impl Serialize) -> Result<Response, Problem> {
    Ok(bytes(to_bytes(value)?, "application/json"))
}

/// A value as JSON.
///
/// # Errors
/// As [`json`].
pub fn to_bytes(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::with_capacity(USUAL_BYTES);
    serde_json::to_writer(&mut out, value).map_err(|_| Problem::internal())?;
    Ok(out)
}

/// Turns a response into one that may be kept as long as its tag holds.
pub fn tagged(mut response: Response, tag: &HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(ETAG, tag.clone());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    response
}

/// Bytes that may be kept as long as their tag holds: packed, where they are packed already and whoever asks takes that.
pub fn kept(
    (plain, packed): (Bytes, Option<Bytes>),
    headers: &HeaderMap,
    content_type: &'static str,
    tag: &HeaderValue,
) -> Response {
    let Some(packed) = packed else { return tagged(bytes(plain, content_type), tag) };
    let takes = accepts_gzip(headers);
    let mut response = tagged(bytes(if takes { packed } else { plain }, content_type), tag);
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    if takes {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// The answer to who has the tag's content already (RFC 9110, 13.1.2); `None` for anybody else.
pub fn not_modified(headers: &HeaderMap, tag: &HeaderValue) -> Option<Response> {
    let wanted = tag.to_str().ok()?;
    let kept = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut kept = kept.flat_map(|value| value.split(',')).map(str::trim);
    kept.any(|kept| kept == "*" || kept.strip_prefix("W/").unwrap_or(kept) == wanted).then(|| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        tagged(response, tag)
    })
}
