//! Bodies compressed with gzip, where who asks takes that.

use std::io::{Read as _, Write as _};

use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::Problem;

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

/// Whether who asks takes gzip (RFC 9110, 12.5.3).
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let listed = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut found = None;
    for coding in listed.flat_map(|value| value.split(',')) {
        let (name, rest) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.trim().parse::<f32>().ok());
        let takes = weight.is_some_and(|weight| weight > 0.0);
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => return takes,
            "*" => found = Some(takes),
            _ => {}
        }
    }
    found.unwrap_or(false)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_given_to_those_who_take_it_and_to_nobody_else() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            accepts_gzip(&headers)
        };
        assert!(takes("gzip") && takes("br, GZIP;q=0.5") && takes("*") && takes("deflate, gzip;q=1.0, *;q=0"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("identity") && !takes("*;q=0") && !takes("gzip;q=x"));
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
