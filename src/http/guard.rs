//! Who may ask what: every route says the role that it needs, and whoever has it not is refused before its handler runs.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use utoipa_axum::router::UtoipaMethodRouter;

use super::State;
use super::problem::{BUSY, KEY_NEEDED, KEY_REFUSED, Problem, ROLE_TOO_LOW};
use super::rate::Counted;
use crate::access::{Admission, Caller, Role};

/// A row of the table of routes: what is answered, and to whom.
pub struct Route {
    /// The role that it takes; `None` is everybody, key or not.
    pub needs: Option<Role>,
    /// Its operations.
    pub operations: UtoipaMethodRouter<Arc<State>>,
}

/// A route for everybody, key or not: what tells nothing but how to ask.
pub fn open(operations: UtoipaMethodRouter<Arc<State>>) -> Route {
    Route { needs: None, operations }
}

/// A route for those who have a role.
pub fn with(role: Role, operations: UtoipaMethodRouter<Arc<State>>) -> Route {
    Route { needs: Some(role), operations }
}

/// What passes requests on says so in one of these.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Lets a request through to its handler where the caller has the role, with the [`Caller`] for the handler.
///
/// A caller that stands in the request already, put there by the program that the service is a part of, is believed: no
/// request from outside can hold one.
pub async fn guard(Shared((state, role)): Shared<(Arc<State>, Role)>, mut request: Request, next: Next) -> Response {
    let told = request.extensions().get::<Caller>().cloned();
    match require(&state, told, request.headers(), role).await {
        Ok(caller) => {
            let who = counted(&state, &caller, request.extensions().get::<Peer>().copied(), request.headers());
            if let Some(Err(problem)) = state.rates.as_ref().map(|rates| rates.count(who.clone(), Instant::now())) {
                return problem.into_response();
            }
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(who);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Whether a request may be answered at once, without waiting for anything: the caller is known and has the role.
pub fn is_known(state: &State, headers: &HeaderMap, role: Role) -> bool {
    let access = state.access();
    // Counting takes a lock and a name: the router's way does it.
    if state.rates.is_some() {
        return false;
    }
    if access.is_open(role) {
        return true;
    }
    let Ok(token) = token(headers) else { return false };
    matches!(access.admit(token, || is_forwarded(headers)), Admission::Known(caller) if caller.role() >= role)
}

/// Who a request comes from, where they have a role: for a route that is open as long as nothing is asked there.
///
/// # Errors
/// A key that is needed or refused, a role that is too low.
pub async fn require(
    state: &Arc<State>,
    told: Option<Caller>,
    headers: &HeaderMap,
    role: Role,
) -> Result<Caller, Problem> {
    match told {
        Some(caller) => allow(caller, role),
        None => admit(state, headers, role).await,
    }
}

/// Where a request came from, as the socket says.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Who is counted: the name of a key, else where the request came from.
fn counted(state: &State, caller: &Caller, peer: Option<Peer>, headers: &HeaderMap) -> Counted {
    if state.access().is_stranger(caller) {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Peer(peer)| peer);
        Counted::Address(state.front().client(peer, headers))
    } else {
        Counted::Name(caller.name().into())
    }
}

async fn admit(state: &Arc<State>, headers: &HeaderMap, role: Role) -> Result<Caller, Problem> {
    let token = token(headers)?;
    match (state.access().admit(token, || is_forwarded(headers)), token) {
        (Admission::Known(caller), _) => allow(caller, role),
        (Admission::Unverified, Some(token)) => {
            // Few at a time: each takes memory, and whoever sends wrong keys must not take the threads of others.
            let Ok(permit) = Arc::clone(&state.verifying).try_acquire_owned() else {
                return Err(Problem::new(
                    BUSY,
                    "Trop de clés sont en cours de vérification : réessayez dans un instant.",
                    "too many keys are being verified: try again in a moment",
                ));
            };
            let (handle, token) = (Arc::clone(state), token.to_owned());
            let verified = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                handle.access().verify(&token)
            });
            let caller = verified.await.map_err(|_| Problem::internal())?;
            allow(caller.ok_or_else(refused)?, role)
        }
        (Admission::Refused | Admission::Unverified, _) => Err(refused()),
        (Admission::Nobody, _) => Err(Problem::new(
            KEY_NEEDED,
            "Une clé est nécessaire : « Authorization: Bearer CLÉ ». Qui tient le service la donne (« rattache keys add »).",
            "a key is needed: \"Authorization: Bearer KEY\". Whoever runs the service gives it (`rattache keys add`)",
        )),
    }
}

fn refused() -> Problem {
    Problem::new(
        KEY_REFUSED,
        "La clé n'est pas reconnue ou a été révoquée : demandez-en une à qui tient le service.",
        "the key is not known or was revoked: ask whoever runs the service for one",
    )
}

fn allow(caller: Caller, role: Role) -> Result<Caller, Problem> {
    if caller.role() >= role {
        return Ok(caller);
    }
    let (has, needs) = (caller.role(), role);
    Err(Problem::new(
        ROLE_TOO_LOW,
        format!("Il faut le rôle « {needs} » ; le vôtre est « {has} »."),
        format!("the role \"{needs}\" is needed; yours is \"{has}\""),
    ))
}

/// The token of a request; `None` where it shows none.
fn token(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| refused())?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(token.trim())) } else { Err(refused()) }
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDED.iter().any(|name| headers.contains_key(*name))
}

/// Who asks, as `guard` has told.
impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::internal)
    }
}
