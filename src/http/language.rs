//! The language of what people read: French, unless English is asked for.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use crate::domain::Language;

impl Language {
    /// The language of a request: its `lang` parameter, else its `Accept-Language` header, else French.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        Self::of_request(&parts.uri, &parts.headers)
    }

    /// The same, from what it depends on.
    pub(super) fn of_request(uri: &Uri, headers: &HeaderMap) -> Self {
        Self::asked(uri).unwrap_or_else(|| Self::accepted(headers))
    }

    /// The language of the `lang` parameter: all that counts for a page, which is French first for everybody.
    #[must_use]
    pub fn asked(uri: &Uri) -> Option<Self> {
        let pairs = uri.query().unwrap_or_default().split('&');
        pairs.filter_map(|pair| pair.strip_prefix("lang=")).find_map(Self::find)
    }

    /// The best of the two in an `Accept-Language` header (RFC 9110, 12.5.4); the first of equals, French if neither is there.
    fn accepted(headers: &HeaderMap) -> Self {
        let mut best = (0.0, Self::French);
        let values = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        for range in values.flat_map(|value| value.split(',')) {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let primary = tag.split('-').next().unwrap_or_default().trim();
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(0.0);
            if let Some(language) = Self::find(&primary.to_ascii_lowercase())
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str, uri: &str) -> Language {
        let request = axum::http::Request::builder().uri(uri).header(ACCEPT_LANGUAGE, header).body(()).unwrap();
        Language::of(&request.into_parts().0)
    }

    #[test]
    fn french_answers_unless_english_is_preferred() {
        assert_eq!(of("", "/"), Language::French);
        assert_eq!(of("de, es;q=0.5", "/"), Language::French);
        assert_eq!(of("en-CA,en;q=0.9,fr;q=0.8", "/"), Language::English);
        assert_eq!(of("en;q=0.5, fr-CA;q=0.8", "/"), Language::French);
        assert_eq!(of("en;q=0", "/"), Language::French);
    }

    #[test]
    fn the_parameter_outranks_the_header() {
        assert_eq!(of("en", "/?lat=1&lang=fr"), Language::French);
        assert_eq!(of("fr", "/?lang=en"), Language::English);
        assert_eq!(of("en", "/?lang=xx"), Language::English);
    }
}
