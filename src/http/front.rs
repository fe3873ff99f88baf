//! What stands in front of the routes: by which names the service is asked, from which pages, through which proxies.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, Method};

use super::Problem;
use super::problem::{FOREIGN_ORIGIN, UNKNOWN_HOST};

/// Names, origins and proxies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Front {
    /// Names that the service is asked by, in lower case, without a port; any where there are none.
    pub hosts: Vec<String>,
    /// Origins whose pages may ask, such as `https://intranet.example.org`; `*` is any.
    pub origins: Vec<String>,
    /// Proxies whose word on who asks is taken.
    pub proxies: Vec<IpAddr>,
}

impl Front {
    /// The names of the machine itself.
    #[must_use]
    pub fn near_hosts() -> Vec<String> {
        ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).to_vec()
    }

    /// Refuses a name that is none of the service's: a page elsewhere can have its own name point here (DNS rebinding).
    pub(super) fn check_host(&self, headers: &HeaderMap) -> Result<(), Problem> {
        if self.hosts.is_empty() {
            return Ok(());
        }
        let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let name = without_port(host);
        if self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Ok(());
        }
        Err(Problem::new(
            UNKNOWN_HOST,
            "Le service ne répond pas à ce nom (« Host ») : dites-le au démarrage avec --host.",
            "the service does not answer to that name (\"Host\"): say it at the start with --host",
        ))
    }

    /// Refuses what a page of another origin makes a browser send, where it may change something or be heavy. Reading is left to
    /// the browser, which does not hand answers on to other origins.
    pub(super) fn check_origin(&self, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
        if method.is_safe() {
            return Ok(());
        }
        let foreign = || {
            Problem::new(
                FOREIGN_ORIGIN,
                "Une page d'une autre origine ne peut pas envoyer cela : autorisez-la avec --cors-origin, ou passez par un programme.",
                "a page of another origin may not send this: allow it with --cors-origin, or use a program",
            )
        };
        match headers.get(ORIGIN) {
            Some(origin) => {
                let origin = origin.to_str().unwrap_or_default();
                if self.allows(origin) || self.is_own(origin, headers) { Ok(()) } else { Err(foreign()) }
            }
            None => {
                let site = headers.get("sec-fetch-site").map_or(&b"none"[..], HeaderValue::as_bytes);
                if matches!(site, b"none" | b"same-origin") { Ok(()) } else { Err(foreign()) }
            }
        }
    }

    fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|known| known == "*" || known == origin)
    }

    /// Whether an origin is the service's own: the name that it is asked by.
    fn is_own(&self, origin: &str, headers: &HeaderMap) -> bool {
        let Some((_, authority)) = origin.split_once("://") else { return false };
        let named = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if named("host").is_some_and(|host| host.eq_ignore_ascii_case(authority)) {
            return true;
        }
        // A proxy may ask by another name than its own; the names that were told are the service's.
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(without_port(authority)))
    }

    /// Who asks: the peer, or whom a trusted proxy says it asks for.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.proxies.contains(&peer) {
            return peer;
        }
        let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let said: Vec<IpAddr> =
            values.flat_map(|value| value.split(',')).filter_map(|part| part.trim().parse().ok()).collect();
        // The last one that is no proxy of ours: what stands before it, anybody can write.
        said.into_iter().rev().find(|address| !self.proxies.contains(address)).unwrap_or(peer)
    }
}

fn without_port(host: &str) -> &str {
    match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_name_that_is_not_the_service_s_is_refused() {
        let front = Front { hosts: Front::near_hosts(), ..Front::default() };
        for (host, good) in [
            ("localhost", true),
            ("LOCALHOST:8066", true),
            ("127.0.0.1:8066", true),
            ("[::1]:8066", true),
            ("[::1]", true),
            ("evil.example", false),
            ("localhost.evil.example:8066", false),
            ("", false),
        ] {
            assert_eq!(front.check_host(&headers(&[("host", host)])).is_ok(), good, "{host}");
        }
        assert!(Front::default().check_host(&headers(&[("host", "any.example")])).is_ok());
    }

    #[test]
    fn a_page_of_another_origin_sends_nothing() {
        let front = Front { origins: vec!["https://intranet.example".to_owned()], ..Front::default() };
        for (pairs, good) in [
            (vec![("host", "a:1")], true),
            (vec![("host", "a:1"), ("origin", "http://a:1")], true),
            (vec![("host", "a:1"), ("origin", "https://intranet.example")], true),
            (vec![("host", "a:1"), ("origin", "http://b")], false),
            (vec![("host", "a:1"), ("origin", "null")], false),
            (vec![("host", "a:1"), ("sec-fetch-site", "cross-site")], false),
            (vec![("host", "a:1"), ("sec-fetch-site", "same-origin")], true),
        ] {
            assert_eq!(front.check_origin(&Method::POST, &headers(&pairs)).is_ok(), good, "{pairs:?}");
            assert!(front.check_origin(&Method::GET, &headers(&pairs)).is_ok());
        }
    }

    #[test]
    fn only_a_trusted_proxy_says_who_asks_and_only_its_own_word_is_taken() {
        let proxy: IpAddr = [10, 0, 0, 9].into();
        let front = Front { proxies: vec![proxy], ..Front::default() };
        let said = headers(&[("x-forwarded-for", "1.1.1.1, 203.0.113.7")]);
        assert_eq!(front.client(proxy, &said), IpAddr::from([203, 0, 113, 7]));
        assert_eq!(front.client([10, 0, 0, 8].into(), &said), IpAddr::from([10, 0, 0, 8]));
        assert_eq!(front.client(proxy, &headers(&[])), proxy);
    }
}
