//! The peer of `GET /v1/resolve`: a bare axum handler under the same path that returns a body of so many bytes. `scripts/bench` starts it as
//! `bare_server PORT BYTES`; without arguments it does nothing.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [port, bytes] = arguments.as_slice() else {
        println!("usage: bare_server PORT BYTES (started by scripts/bench)");
        return;
    };
    let body: &'static str = "x".repeat(bytes.parse().expect("a number of bytes")).leak();
    let port: u16 = port.parse().expect("a port");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let router = Router::new()
            .route("/v1/resolve", get(move || async move { ([(CONTENT_TYPE, "application/json")], body) }));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("a free port");
        axum::serve(listener, router).await.expect("it serves");
    });
}
