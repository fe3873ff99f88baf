//! Answers packed with gzip for who takes them so.
//!
//! A page is left as it is: packing it beside what a caller has put into it would tell how the rest of it reads. So is what is
//! small, and what says that it is packed already.

use std::io::{Read as _, Write as _};

use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version};
use axum::response::Response;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

use super::Problem;

/// Smaller answers are not worth the work, bytes.
const LEAST_BYTES: u64 = 1024;

/// Which answers are packed.
type Rule = And<SizeAbove, fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool>;

/// Packs answers on their way out.
pub fn layer() -> CompressionLayer<Rule> {
    let rule: fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool = |_, _, headers, _| packs(headers);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(LEAST_BYTES).and(rule))
}

/// Whether packing makes an answer of this type smaller, and gives nothing away.
fn packs(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.ends_with("json") || matches!(kind, "text/csv" | "text/plain" | "text/css" | "text/javascript")
}

/// Whether whoever asks takes gzip (RFC 9110, 12.5.3): named, or meant by `*`, with a weight above zero.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut named = None;
    let mut any = None;
    for range in values.flat_map(|value| value.split(',')) {
        let (coding, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(0.0);
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => named = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    named.or(any).is_some_and(|weight| weight > 0.0)
}

/// Says plainly what whoever asks takes, so that no answer is refused for its packing: gzip, or nothing.
pub fn simplify(headers: &mut HeaderMap) {
    if accepts_gzip(headers) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    } else {
        headers.remove(ACCEPT_ENCODING);
    }
}

/// Bytes compressed.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(5));
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|_| Problem::internal())
}

/// Bytes as they were before [`gzip`].
pub fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut all = Vec::with_capacity(bytes.len() * 3);
    GzDecoder::new(bytes).read_to_end(&mut all).map_err(|_| Problem::internal())?;
    Ok(all)
}

/// Marks a response whose body is what [`gzip`] gave, or could have been.
pub fn mark(mut response: Response, compressed: bool) -> Response {
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if compressed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// A packed answer has other bytes than the plain one, so that their tags are equal in meaning only (RFC 9110, 8.8.3.3).
pub fn weaken_tag(response: &mut Response) {
    let headers = response.headers_mut();
    if !headers.contains_key(CONTENT_ENCODING) {
        return;
    }
    let Some(tag) = headers.get(ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| !tag.starts_with("W/")) else {
        return;
    };
    if let Ok(weak) = HeaderValue::from_str(&format!("W/{tag}")) {
        headers.insert(ETAG, weak);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_given_to_who_names_it_or_takes_anything_and_to_nobody_else() {
        let accepts = |text: &'static str| {
            accepts_gzip(&[(ACCEPT_ENCODING, HeaderValue::from_static(text))].into_iter().collect())
        };
        for text in ["gzip", "deflate, gzip;q=1.0, *;q=0.5", "br;q=1.0, GZIP;q=0.8", "*", "x-gzip"] {
            assert!(accepts(text), "{text}");
        }
        for text in ["", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0, *", "gzip;level=3"] {
            assert!(!accepts(text), "{text}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn what_is_compressed_comes_back() {
        let bytes: Vec<u8> = (0..10_000_u32).map(|byte| (byte % 7) as u8).collect();
        let small = gzip(&bytes).unwrap_or_else(|_| unreachable!());
        assert!(small.len() < 1000);
        assert_eq!(gunzip(&small).unwrap_or_else(|_| unreachable!()), bytes);
    }
}
