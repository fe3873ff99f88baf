//! How answers travel: packed, by HTTP/2, with their tags; and what is counted of them.

use std::io::Read as _;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use rattache::http::{Options, document, document_3_0, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Answer, ask, ask_state, fresh_state, get, run};

fn packed(uri: &str, accepted: &str) -> Answer {
    ask(Request::get(uri).header("accept-encoding", accepted).body(Body::empty()).unwrap())
}

#[test]
fn long_answers_are_packed_for_who_takes_gzip_and_their_tag_says_so() {
    let uri = "/v1/territories?level=clsc";
    let plain = get(uri);
    let short = packed(uri, "br, gzip;q=0.9");
    assert_eq!(short.header("content-encoding"), "gzip");
    assert!(short.header("vary").contains("accept-encoding"));
    assert!(short.bytes.len() * 3 < plain.bytes.len(), "{} of {}", short.bytes.len(), plain.bytes.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(short.bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == plain.bytes);
    assert_eq!(short.header("etag"), format!("W/{}", plain.header("etag")));
    // The weak tag is as good as the strong one for who asks whether anything has changed.
    let again = ask(Request::get(uri).header("if-none-match", short.header("etag")).body(Body::empty()).unwrap());
    assert_eq!((again.status, again.bytes.len()), (304, 0));
}

#[test]
fn nobody_gets_a_packing_that_was_not_asked_for_nor_is_refused_for_what_was() {
    let uri = "/v1/territories?level=clsc";
    for accepted in ["identity", "br", "gzip;q=0", "identity;q=0", "*;q=0"] {
        let answer = packed(uri, accepted);
        assert_eq!((answer.status, answer.header("content-encoding")), (200, ""), "{accepted}");
    }
    // Small answers and pages are not worth it.
    for uri in ["/health", "/v1/resolve?lat=45.5088&lon=-73.5542", "/", "/docs"] {
        assert_eq!(packed(uri, "gzip").header("content-encoding"), "", "{uri}");
    }
}

#[test]
fn what_is_counted_holds_the_requests_and_the_answers_and_never_a_place() {
    let state = fresh_state(Options::default());
    let ask = |request: Request<Body>| ask_state(&state, request);
    let get = |uri: &str| ask(Request::get(uri).body(Body::empty()).unwrap());
    get("/v1/resolve?lat=45.5088&lon=-73.5542");
    get("/v1/resolve?lat=0.125&lon=0.125");
    get("/v1/resolve?lat=Zyxw&lon=-73");
    get("/v1/Zyxw");
    let body = r#"[{"lat":45.5088,"lon":-73.5542},{"lat":99,"lon":-73},{"address":"Zyxw"}]"#;
    ask(Request::post("/v1/resolve").header("content-type", "application/json").body(body.into()).unwrap());
    let rows = "lat,lon\n45.5088,-73.5542\n0.125,0.125\n";
    ask(Request::post("/v1/batch").header("content-type", "text/csv").body(rows.into()).unwrap());
    let answer = get("/metrics");
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text();
    for line in [
        "rattache_http_requests_total{route=\"/v1/resolve\",method=\"GET\",status=\"200\"} 2",
        "rattache_http_requests_total{route=\"/v1/resolve\",method=\"GET\",status=\"400\"} 1",
        "rattache_http_requests_total{route=\"-\",method=\"GET\",status=\"404\"} 1",
        "rattache_http_request_duration_seconds_count{route=\"/v1/resolve\"} 4",
        "rattache_answers_total{placement=\"inside\"} 2",
        "rattache_answers_total{placement=\"outside\"} 1",
        "rattache_answers_total{placement=\"not_found\"} 1",
        "rattache_batch_rows_total{status=\"resolved\"} 1",
        "rattache_atlas_reloads_total{outcome=\"taken\"} 0",
        "rattache_edition_in_force_info{edition=\"demo-2022-04-01\",valid_from=\"2022-04-01\",official=\"false\"} 1",
        "rattache_jobs_under_way{kind=\"batch\"} 0",
    ] {
        assert!(text.lines().any(|known| known == line), "{line} in\n{text}");
    }
    for part in ["Zyxw", "45.5", "0.125"] {
        assert!(!text.contains(part), "{part}");
    }
    state.reload(None).unwrap_err();
    assert!(get("/metrics").text().contains("rattache_atlas_reloads_total{outcome=\"refused\"} 1"));
}

#[test]
fn the_page_of_the_interface_names_every_operation_and_runs_no_script() {
    for (uri, words) in [("/docs", "Réponses"), ("/docs?lang=en", "Answers")] {
        let answer = get(uri);
        let page = answer.text();
        assert!(page.contains(words), "{uri}");
        assert!(!page.contains("<script") && !page.contains("=\"http") && !page.contains("src=\""), "{uri}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
        for item in document()["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(page.contains(&format!("<details id=\"{id}\">")), "{uri}: {id}");
            }
        }
        for (part, _) in page.match_indices("href=\"#").map(|(at, _)| page[at + 7..].split_once('"').unwrap()) {
            assert!(page.contains(&format!("id=\"{part}\"")), "{uri}: #{part} leads nowhere");
        }
    }
}

#[test]
fn the_description_in_3_0_is_given_too() {
    let answer = get("/v1/openapi-3.0.json");
    assert_eq!(&answer.json(), document_3_0());
    assert_eq!(answer.json()["openapi"], "3.0.3");
}

#[test]
fn http_2_is_spoken_with_who_begins_with_it() {
    run(async {
        let state = fresh_state(Options::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, Arc::clone(&state), async { drop(stopped.await) }));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        // SETTINGS without any, then HEADERS of stream 1, ended: GET, http, /health, and an authority.
        stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
        let mut block = vec![0x82, 0x86, 0x04, 7];
        block.extend_from_slice(b"/health");
        block.extend_from_slice(&[0x41, 1, b'x']);
        let mut frame = vec![0, 0, block.len() as u8, 1, 5, 0, 0, 0, 1];
        frame.extend(block);
        stream.write_all(&frame).await.unwrap();
        let mut all = Vec::new();
        let body = br#"{"status":"ok"}"#;
        while !all.windows(body.len()).any(|part| part == body) {
            let mut part = [0; 4096];
            let count = stream.read(&mut part).await.unwrap();
            assert!(count > 0, "the connection ended: {all:?}");
            all.extend_from_slice(&part[..count]);
        }
        drop(stream);
        stop.send(()).unwrap();
        server.await.unwrap().unwrap();
    });
}

#[test]
fn a_packed_body_of_rows_is_answered_as_the_plain_one() {
    use std::io::Write as _;
    let rows = "lat,lon\n45.5088,-73.5542\n0.125,0.125\n".repeat(500);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(rows.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let post = |encoding: &'static str, body: Vec<u8>| {
        let request =
            Request::post("/v1/batch").header("content-type", "text/csv").header("content-encoding", encoding);
        ask(request.body(body.into()).unwrap())
    };
    let plain = post("identity", rows.into_bytes());
    assert_eq!(plain.status, 200);
    assert!(post("gzip", packed.clone()).bytes == plain.bytes);
    // Said or not: the bytes tell.
    assert!(post("identity", packed.clone()).bytes == plain.bytes);
    assert_eq!(post("br", packed.clone()).status, 415);
    let cut = post("gzip", packed[..packed.len() / 2].to_vec());
    assert_ne!((cut.status, cut.bytes.len()), (200, plain.bytes.len()));
}
