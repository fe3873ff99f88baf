//! The HTTP interface on the demo atlas, in memory and over real sockets.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests too")]

mod access;
pub mod addresses;
mod admin;
mod bounds;
pub mod contract;
mod fhir;
mod map;
mod ogc;
mod openapi;
mod privacy;
mod problems;
mod resolve;
mod serving;
mod territories;
mod transport;

use std::sync::{Arc, OnceLock};

pub use crate::demo_atlas::demo_bytes;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use rattache::access::{Caller, Role};
use rattache::atlas::{Atlas, Bytes};
use rattache::http::{Options, State, router};
use serde_json::Value;
use tower::ServiceExt as _;

/// Bytes as an atlas.
pub fn atlas_of(bytes: &[u8]) -> Atlas {
    let mut words = vec![0_u64; bytes.len().div_ceil(8)];
    for (word, part) in words.iter_mut().zip(bytes.chunks(8)) {
        let mut whole = [0; 8];
        whole[..part.len()].copy_from_slice(part);
        *word = u64::from_ne_bytes(whole);
    }
    Atlas::from_bytes(Bytes::owned(words, bytes.len())).unwrap()
}

/// A state of its own on the demo atlas.
pub fn fresh_state(options: Options) -> Arc<State> {
    State::new(atlas_of(demo_bytes()), None, options).unwrap()
}

/// The state that tests share, which none of them changes.
pub fn demo_state() -> &'static Arc<State> {
    static STATE: OnceLock<Arc<State>> = OnceLock::new();
    STATE.get_or_init(|| fresh_state(Options::default()))
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Runs a future on a runtime of its own.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

pub fn ask_state(state: &Arc<State>, request: Request<Body>) -> Answer {
    run(ask_router(state, request))
}

/// Asks the router, and holds the answer against the description. Tests that are not about keys ask as somebody who may: Ada,
/// who plans, and Grace, who decides on what Ada asks for.
pub async fn ask_router(state: &Arc<State>, mut request: Request<Body>) -> Answer {
    if request.extensions().get::<Caller>().is_none() {
        let path = request.uri().path();
        let decides = path.ends_with("/decide") || path.ends_with("/publish");
        let (name, role) = if decides { ("Grace", Role::Approver) } else { ("Ada", Role::Planner) };
        let role = if path.starts_with("/admin/") { Role::Admin } else { role };
        request.extensions_mut().insert(Caller::new(name, role));
    }
    ask_stranger(state, request).await
}

/// The same, as whoever the request shows.
pub async fn ask_stranger(state: &Arc<State>, request: Request<Body>) -> Answer {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let response = router(state).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, bytes };
    contract::check(&method, &path, &answer);
    answer
}

pub fn ask(request: Request<Body>) -> Answer {
    ask_state(demo_state(), request)
}

/// The address of a real service on the demo atlas, which ends with the tests.
pub fn serve_demo() -> std::net::SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        run(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            rattache::http::serve(listener, Arc::clone(demo_state()), std::future::pending()).await.unwrap();
        });
    });
    told.recv().unwrap()
}

pub fn get(uri: &str) -> Answer {
    ask(Request::get(uri).body(Body::empty()).unwrap())
}

pub fn post(uri: &str, body: impl Into<Body>) -> Answer {
    ask(Request::post(uri).header("content-type", "application/json").body(body.into()).unwrap())
}
