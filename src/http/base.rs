//! Under which URL whoever asks reaches the service: links of answers are absolute.
//!
//! What `--public-url` says, else what a proxy says (`X-Forwarded-Proto`, `-Host`, `-Prefix`), else the host of the request. A link can
//! so lead a caller only where the caller's own request said that it came from; no answer with links is kept for another.

use std::convert::Infallible;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;

use super::State;
use crate::domain::errors;

/// The URL of the service, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// A URL as `--public-url` takes it: `http` or `https`, a host, perhaps a path; `None` for any other text.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let url = url.trim().trim_end_matches('/');
        let (scheme, rest) = url.split_once("://")?;
        let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let good = matches!(scheme, "http" | "https") && is_host(host) && (path.is_empty() || is_path(path));
        good.then(|| Self(url.to_owned()))
    }

    /// The URL of a path, which starts with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// It as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(parts: &Parts) -> Self {
        let first = |name: &str| {
            let value = parts.headers.get(name)?.to_str().ok()?;
            value.split(',').next().map(str::trim).filter(|value| !value.is_empty())
        };
        let scheme = first("x-forwarded-proto").filter(|scheme| matches!(*scheme, "http" | "https")).unwrap_or("http");
        let host = first("x-forwarded-host")
            .or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str))
            .or_else(|| first(HOST.as_str()))
            .filter(|host| is_host(host))
            .unwrap_or("localhost");
        let prefix = first("x-forwarded-prefix").map(|prefix| prefix.trim_end_matches('/'));
        let prefix = prefix.filter(|prefix| is_path(prefix)).unwrap_or_default();
        Self(format!("{scheme}://{host}{prefix}"))
    }
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._~-".contains(&byte))
}

errors! {
    /// A text that is no URL of a service.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("« {text} » n'est pas l'adresse d'un service : par exemple https://sante.example/rattache")]
    #[en("\"{text}\" is no URL of a service: expected one such as https://sante.example/rattache")]
    pub struct NoBase {
        /// The text as given.
        pub text: String,
    }
}

impl FromStr for Base {
    type Err = NoBase;

    fn from_str(text: &str) -> Result<Self, NoBase> {
        Self::parse(text).ok_or_else(|| NoBase { text: text.to_owned() })
    }
}

impl FromRequestParts<Arc<State>> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Infallible> {
        Ok(state.public_url().cloned().unwrap_or_else(|| Self::of(parts)))
    }
}

/// A text as a part of a URL.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(headers: &[(&str, &str)]) -> String {
        let mut request = axum::http::Request::builder().uri("/ogc");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Base::of(&request.body(()).unwrap().into_parts().0).0
    }

    #[test]
    fn links_lead_to_where_the_request_came_through() {
        assert_eq!(base(&[("host", "carte.example:8066")]), "http://carte.example:8066");
        let proxy = [
            ("host", "10.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "sante.example, inner"),
            ("x-forwarded-prefix", "/rattache/"),
        ];
        assert_eq!(base(&proxy), "https://sante.example/rattache");
        assert_eq!(base(&[]), "http://localhost");
    }

    #[test]
    fn what_is_no_host_or_path_is_in_no_link() {
        assert_eq!(base(&[("host", "a\"><b")]), "http://localhost");
        let bad = [("host", "a"), ("x-forwarded-prefix", "/x?y"), ("x-forwarded-proto", "javascript")];
        assert_eq!(base(&bad), "http://a");
        assert_eq!(Base::parse("https://a.example/b/").unwrap().0, "https://a.example/b");
        for text in ["", "a.example", "ftp://a", "http://", "http://a?b", "http://a b"] {
            assert_eq!(Base::parse(text), None, "{text}");
        }
    }
}
