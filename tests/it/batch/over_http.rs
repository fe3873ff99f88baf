//! `POST /v1/batch` gives the bytes of the library, as they come.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::Request;
use hyper::body::Frame;
use rattache::batch::{Format, Options};

use super::{columns, mixed_table, try_answer};
use crate::http::{Answer, ask, demo_state, run};

fn send(query: &str, kind: &str, body: impl Into<Body>) -> Answer {
    ask(Request::post(format!("/v1/batch{query}")).header("content-type", kind).body(body.into()).unwrap())
}

#[test]
fn a_large_body_comes_back_as_from_the_library() {
    // Well above what other routes take.
    let input = mixed_table(160_000);
    assert!(input.len() > rattache::http::MOST_BODY_BYTES);
    let mut options = columns("status,reason,clsc_code,edition");
    options.named.as_of = Some("jour".into());
    let expected = try_answer(&input, &options, 2).unwrap().0;
    let answer = send("?columns=status,reason,clsc_code,edition&as_of_column=jour", "text/csv; charset=utf-8", input);
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv"));
    assert!(answer.bytes == expected);
}

#[test]
fn lines_of_json_keep_their_bytes_and_get_members() {
    let input = "{\"id\": 1,  \"lat\": 45.5088, \"lon\": -73.5542}\n{\"lat\":\"45,5088\",\"lon\":-73.5542,\"n\":{\"a\":[1]} }\r\nnot json\n\n{}\n{\"lat\":null,\"lon\":7}";
    let expected = "{\"id\": 1,  \"lat\": 45.5088, \"lon\": -73.5542,\"rattache_status\":\"resolved\",\"rattache_rss_name\":\"Montréal\"}\n{\"lat\":\"45,5088\",\"lon\":-73.5542,\"n\":{\"a\":[1]} ,\"rattache_status\":\"resolved\",\"rattache_rss_name\":\"Montréal\"}\r\n{\"rattache_line\":\"not json\",\"rattache_status\":\"invalid\",\"rattache_rss_name\":null}\n\n{\"rattache_status\":\"invalid\",\"rattache_rss_name\":null}\n{\"lat\":null,\"lon\":7,\"rattache_status\":\"invalid\",\"rattache_rss_name\":null}";
    let answer = send("?columns=status,rss_name", "application/x-ndjson", input);
    assert_eq!((answer.status, answer.text().as_str()), (200, expected));
    let options = Options { format: Format::Ndjson, ..columns("status,rss_name") };
    assert_eq!(String::from_utf8(try_answer(input.as_bytes(), &options, 2).unwrap().0).unwrap(), expected);
}

#[test]
fn a_bad_file_is_a_problem_before_any_row() {
    let cases = [
        ("", "text/csv", "nom,taille\nA,3\n", 422, "batch-refused"),
        ("", "text/csv", "", 422, "batch-refused"),
        ("", "application/json", "[]", 415, "unsupported-media-type"),
        ("?columns=status,colour", "text/csv", "lat,lon\n", 422, "batch-refused"),
        ("?edition=none", "text/csv", "lat,lon\n", 404, "unknown-edition"),
        ("?uncertainty_m=-4", "text/csv", "lat,lon\n", 400, "out-of-range"),
        ("?as_of=2019-01-01&as_of_column=jour", "text/csv", "lat,lon\n", 400, "conflicting-parameters"),
        ("?colour=1", "text/csv", "lat,lon\n", 400, "unknown-parameter"),
    ];
    for (query, kind, body, status, code) in cases {
        let answer = send(query, kind, body);
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (status, code), "{query} {body}");
    }
}

#[test]
fn the_parts_of_an_address_and_the_header_are_named_as_by_the_command() {
    // A title, and columns whose usual names say something else.
    let input = "Relevé,,,\nA,B,C,D\n1200,rue Principale,Lévis,G6V 1A1\n,,,\n";
    let mut options = columns("status,reason,method,faults");
    options.header_row = Some(2);
    (options.named.civic, options.named.street) = (Some("A".into()), Some("B".into()));
    (options.named.city, options.named.postal_code) = (Some("C".into()), Some("D".into()));
    let expected = try_answer(input.as_bytes(), &options, 2).unwrap().0;
    let query = "?columns=status,reason,method,faults&header_row=2&civic_column=A&street_column=B&city_column=C&postal_code_column=D";
    let answer = send(query, "text/csv", input);
    assert_eq!((answer.status, answer.text()), (200, String::from_utf8(expected).unwrap()));
    let row = answer.text().lines().nth(2).unwrap().to_owned();
    assert!(!row.contains("invalid"), "the parts are an address: {row}");
    for query in ["?header_row=0", "?header_row=-1", "?header_row=x", "?fill_ambiguous=peut-etre"] {
        assert_eq!(send(query, "text/csv", "lat,lon\n").status / 100, 4, "{query}");
    }
}

#[test]
fn the_rows_to_review_are_an_answer_of_their_own() {
    let input = "id,lat,lon\n1,45.5088,-73.5542\n2,x,y\n3,45.5088,-73.5542\n";
    let answer = send("?review=true", "text/csv", input);
    let text = answer.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("id,lat,lon,rattache_status") && lines[0].ends_with("rattache_candidates"), "{text}");
    assert_eq!((lines.len(), lines[1].starts_with("2,x,y,invalid,")), (2, true), "{text}");
}

#[test]
fn a_client_that_sends_all_before_it_reads_gets_the_whole_answer() {
    use std::io::{Read as _, Write as _};
    // More than what the sockets and the channels between them hold.
    let input = mixed_table(160_000);
    let expected = try_answer(&input, &columns("status,reason,clsc_name,rss_name,edition"), 2).unwrap().0;
    let address = crate::http::serve_demo();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /v1/batch?columns=status,reason,clsc_name,rss_name,edition HTTP/1.0\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: {}\r\n\r\n",
        input.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&input).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    assert!(answer[body..] == expected, "{} bytes of {}", answer.len() - body, expected.len());
}

/// A body that breaks off.
struct Broken(Vec<Bytes>);

impl hyper::body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = self.0.pop().map(Frame::data);
        Poll::Ready(Some(next.ok_or_else(|| io::ErrorKind::ConnectionReset.into())))
    }
}

#[test]
fn a_body_that_breaks_off_is_never_answered_as_if_it_were_whole() {
    let whole = Bytes::from(mixed_table(20_000));
    let request = Request::post("/v1/batch?columns=status")
        .header("content-type", "text/csv")
        .body(Body::new(Broken(vec![whole])))
        .unwrap();
    run(async {
        use tower::ServiceExt as _;
        let response = rattache::http::router(demo_state()).oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert!(axum::body::to_bytes(response.into_body(), usize::MAX).await.is_err());
    });
}
