//! Tokens of an identity provider (`OpenID` Connect): signed texts that say who somebody is and until when.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::keys::random;
use super::{AccessError, Caller, Role};

/// How old the provider's keys may get.
const FRESH_FOR: Duration = Duration::from_secs(600);
/// How soon they may be asked for again, where a token names one that is not known.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(30);
/// How long the provider is waited for.
const LONGEST_FETCH: Duration = Duration::from_secs(5);
/// Largest set of keys, bytes.
const MOST_BYTES: u64 = 1 << 20;
/// Most tokens remembered.
const MOST_KNOWN: usize = 4096;
/// What signs with a key that only the provider has. A secret that both sides know would let anybody who reads it sign.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Where the provider's public keys stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySet {
    /// A file, read again when it is old.
    File(PathBuf),
    /// An address (`jwks_uri`).
    Url(String),
}

impl KeySet {
    /// What a text means: an address where it begins as one, else a file.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let is_url = text.starts_with("https://") || text.starts_with("http://");
        if is_url { Self::Url(text.to_owned()) } else { Self::File(PathBuf::from(text)) }
    }
}

/// Which tokens are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Who issues them (`iss`).
    pub issuer: String,
    /// For whom (`aud`).
    pub audience: String,
    /// Where the public keys stand.
    pub keys: KeySet,
    /// The claim with the roles: a text or a list, in which `planner` and `rattache-planner` are one.
    pub role_claim: String,
    /// The claim with the name: the author of what is written; `sub` where it is not there.
    pub name_claim: String,
}

/// The tokens of an issuer.
pub struct Tokens {
    of: Issuer,
    secret: [u8; 32],
    keys: Mutex<(JwkSet, Instant)>,
    known: RwLock<HashMap<[u8; 32], (Caller, u64)>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("of", &self.of).finish_non_exhaustive()
    }
}

impl Tokens {
    /// The tokens of an issuer, whose keys are read now.
    ///
    /// # Errors
    /// [`AccessError::KeySet`] where they can not be.
    pub fn new(of: Issuer) -> Result<Self, AccessError> {
        let keys = Mutex::new((read(&of.keys)?, Instant::now()));
        Ok(Self { of, secret: random()?, keys, known: RwLock::default() })
    }

    /// Whose token it is, where it was verified before and still holds.
    pub fn known(&self, token: &str) -> Option<Caller> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (caller, until) = known.get(&self.mark(token))?;
        (*until > now()).then(|| caller.clone())
    }

    /// Whose token it is; `None` where it is refused. May read the provider's keys again, which takes seconds at worst.
    pub fn verify(&self, token: &str) -> Option<Caller> {
        let header = decode_header(token).ok().filter(|header| ALGORITHMS.contains(&header.alg))?;
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |set: &JwkSet| header.kid.as_deref().is_none_or(|kid| set.find(kid).is_some());
        let age = keys.1.elapsed();
        if age > FRESH_FOR || (!has(&keys.0) && age > ASK_AGAIN_AFTER) {
            // Keys that can not be read again hold until the next try.
            let fresh = read(&self.of.keys).unwrap_or_else(|_| keys.0.clone());
            *keys = (fresh, Instant::now());
        }
        let set = keys.0.clone();
        drop(keys);
        let candidates: Vec<_> = match &header.kid {
            Some(kid) => set.find(kid).into_iter().collect(),
            None => set.keys.iter().collect(),
        };
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.of.issuer]);
        validation.set_audience(&[&self.of.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.validate_nbf = true;
        let claims = candidates.into_iter().find_map(|jwk| {
            let key = DecodingKey::from_jwk(jwk).ok()?;
            decode::<Map<String, Value>>(token, &key, &validation).ok()
        })?;
        let claims = claims.claims;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let name = text(&self.of.name_claim).or_else(|| text("sub"))?;
        if name.chars().any(char::is_control) {
            return None;
        }
        let caller = Caller::new(name, role(claims.get(&self.of.role_claim)?)?);
        let until = claims.get("exp").and_then(Value::as_u64)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            let now = now();
            known.retain(|_, (_, until)| *until > now);
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
        }
        known.insert(self.mark(token), (caller.clone(), until));
        Some(caller)
    }

    fn mark(&self, token: &str) -> [u8; 32] {
        Sha256::new().chain_update(self.secret).chain_update(token.as_bytes()).finalize().into()
    }
}

/// The highest role that a claim names: a text of words, or a list of them.
fn role(claim: &Value) -> Option<Role> {
    let words: Vec<&str> = match claim {
        Value::String(text) => text.split([' ', ',']).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    words.iter().filter_map(|word| Role::from_str(word.strip_prefix("rattache-").unwrap_or(word)).ok()).max()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn read(keys: &KeySet) -> Result<JwkSet, AccessError> {
    let (place, text) = match keys {
        KeySet::File(path) => (path.display().to_string(), read_file(path)),
        KeySet::Url(url) => (url.clone(), fetch(url)),
    };
    let failed = |cause: String| AccessError::KeySet { place: place.clone(), cause };
    let text = text.map_err(failed)?;
    serde_json::from_str(&text).map_err(|error| failed(error.to_string()))
}

fn read_file(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

fn fetch(url: &str) -> Result<String, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(LONGEST_FETCH)).build().into();
    let mut answer = agent.get(url).call().map_err(|error| error.to_string())?;
    answer.body_mut().with_config().limit(MOST_BYTES).read_to_string().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    use super::*;

    /// A pair of keys made for this test alone: the private one (PKCS #8), and the public one as a provider shows it.
    fn pair(kid: &str) -> (EncodingKey, Value) {
        let random = ring::rand::SystemRandom::new();
        let document = ring::signature::Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        let pair = ring::signature::Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap();
        let public = ring::signature::KeyPair::public_key(&pair).as_ref().to_vec();
        let x = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, public);
        (
            EncodingKey::from_ed_der(document.as_ref()),
            json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x, "alg": "EdDSA" }),
        )
    }

    fn token(key: &EncodingKey, kid: &str, claims: &Value) -> String {
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, claims, key).unwrap()
    }

    #[test]
    fn a_token_holds_for_its_issuer_its_audience_and_its_time_and_says_name_and_role() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jwks.json");
        let (own, public) = pair("a");
        std::fs::write(&path, json!({ "keys": [public] }).to_string()).unwrap();
        let tokens = Tokens::new(Issuer {
            issuer: "https://id.example".into(),
            audience: "rattache".into(),
            keys: KeySet::of(path.to_str().unwrap()),
            role_claim: "roles".into(),
            name_claim: "preferred_username".into(),
        })
        .unwrap();
        let claims = |change: Value| {
            let mut claims = json!({
                "iss": "https://id.example", "aud": "rattache", "exp": now() + 600, "sub": "42",
                "preferred_username": "ada", "roles": ["x", "rattache-planner", "lookup"],
            });
            claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            claims
        };
        let good = token(&own, "a", &claims(json!({})));
        assert_eq!(tokens.known(&good), None);
        assert_eq!(tokens.verify(&good), Some(Caller::new("ada", Role::Planner)));
        assert_eq!(tokens.known(&good), Some(Caller::new("ada", Role::Planner)));
        let (foreign, _) = pair("a");
        for (why, bad) in [
            ("another issuer", token(&own, "a", &claims(json!({ "iss": "https://evil.example" })))),
            ("another audience", token(&own, "a", &claims(json!({ "aud": "other" })))),
            ("over", token(&own, "a", &claims(json!({ "exp": now() - 600 })))),
            ("not yet", token(&own, "a", &claims(json!({ "nbf": now() + 600 })))),
            ("no role", token(&own, "a", &claims(json!({ "roles": ["king"] })))),
            ("signed by another", token(&foreign, "a", &claims(json!({})))),
            ("of a key that is not known", token(&own, "b", &claims(json!({})))),
            ("no token", "a.b.c".to_owned()),
            ("a secret that both know", {
                let header = Header { kid: Some("a".to_owned()), ..Header::new(Algorithm::HS256) };
                encode(&header, &claims(json!({})), &EncodingKey::from_secret(b"x")).unwrap()
            }),
        ] {
            assert_eq!(tokens.verify(&bad), None, "{why}");
        }
    }
}
