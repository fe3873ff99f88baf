//! What anybody can make the service do, at most.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use rattache::http::{Front, Options, State, serve};
use rattache::store::{Quotas, Store};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Answer, ask_state, fresh_state, run};

const QUESTION: &str = "/v1/resolve?lat=45.5088&lon=-73.5542";

fn told(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn send(state: &Arc<State>, uri: &str, kind: &str, headers: &[(&str, &str)], body: String) -> Answer {
    let mut request = Request::post(uri).header("content-type", kind).header("host", "here.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    ask_state(state, request.body(Body::from(body)).unwrap())
}

#[test]
fn a_page_of_another_origin_sends_nothing_unless_it_is_allowed() {
    let state = fresh_state(Options::default());
    state.set_front(Front { origins: vec!["https://intranet.example".into()], ..Front::default() });
    let table = || "annee,code,valeur\n2018,06324,120\n".to_owned();
    for (origin, status) in
        [("http://evil.example", 403), ("null", 403), ("https://intranet.example", 200), ("http://here.example", 200)]
    {
        // What a browser sends without asking first: `text/plain`.
        let answer = send(&state, "/v1/series/check", "text/plain", &[("origin", origin)], table());
        assert_eq!(answer.status, status, "{origin}: {}", answer.text());
        let allowed = answer.header("access-control-allow-origin");
        assert_eq!(allowed, if origin == "https://intranet.example" { origin } else { "" });
    }
    let site = send(&state, "/v1/resolve", "application/json", &[("sec-fetch-site", "cross-site")], "{}".into());
    assert_eq!(told(&site), (403, "foreign-origin".into()));
}

#[test]
fn who_asks_too_often_is_told_so_and_others_are_not() {
    let state = fresh_state(Options { rate: 3, ..Options::default() });
    let ask = || ask_state(&state, Request::get(QUESTION).body(Body::empty()).unwrap());
    let answers: Vec<Answer> = (0..6).map(|_| ask()).collect();
    assert!(answers.iter().take(3).all(|answer| answer.status == 200));
    let refused = answers.iter().find(|answer| answer.status != 200).expect("six in a moment are too many");
    assert_eq!((told(refused), refused.header("retry-after")), ((429, "too-many-requests".into()), "1"));
    assert_eq!(ask_state(&state, Request::get("/health").body(Body::empty()).unwrap()).status, 200);
}

#[test]
fn work_whose_time_is_over_ends_and_says_so() {
    let state = fresh_state(Options { request_timeout: Duration::from_millis(150), ..Options::default() });
    let mut body = String::from("[");
    for number in 0..10_000 {
        let comma = if number == 0 { "" } else { "," };
        write!(
            body,
            "{comma}{{\"address\":\"{number} rue principale poste restante et boul H2X petit poste bureau\"}}"
        )
        .unwrap();
    }
    body.push(']');
    let started = Instant::now();
    let answer = send(&state, "/v1/resolve", "application/json", &[], body);
    assert_eq!(told(&answer), (503, "too-long".into()));
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn an_address_made_to_be_hard_takes_no_longer_than_others() {
    let state = fresh_state(Options::default());
    let ask = |address: &str| {
        let started = Instant::now();
        let answer = send(&state, "/v1/resolve", "application/json", &[], json!({ "address": address }).to_string());
        assert_eq!(answer.status, 200);
        (answer.json(), started.elapsed())
    };
    for hard in ["102-118 principale poste restante et boul H2X petit poste H2X bureau", &"1-2 rue a et b ".repeat(30)]
    {
        let (answer, time) = ask(hard);
        assert!(answer["lineage"].is_null() || answer["address"]["outcome"] != "matched", "{answer}");
        assert!(time < Duration::from_secs(3), "{hard}: {time:?}");
    }
}

#[test]
fn a_small_table_of_very_many_periods_is_refused_before_it_makes_a_huge_answer() {
    let state = fresh_state(Options::default());
    let mut table = String::from("date,code,valeur\n");
    for day in 0..4000 {
        writeln!(table, "{}-{:02}-{:02},06324,1", 2000 + day / 336, day / 28 % 12 + 1, day % 28 + 1).unwrap();
    }
    for what in ["check", "bridge?to=latest"] {
        let answer = send(&state, &format!("/v1/series/{what}"), "text/csv", &[], table.clone());
        assert_eq!(told(&answer), (413, "table-too-large".into()), "{what}");
    }
}

#[test]
fn a_store_has_quotas_pages_and_drafts_that_can_be_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let state = fresh_state(Options::default());
    let quotas = Quotas { operations: 3, drafts: 4, text_bytes: 100, ..Quotas::default() };
    state.keep_revisions(Store::open(&folder.path().join("store")).unwrap().with_quotas(quotas)).unwrap();
    let write = |uri: &str, body: Value| send(&state, uri, "application/json", &[], body.to_string());
    let read = |uri: &str| ask_state(&state, Request::get(uri).body(Body::empty()).unwrap());
    let rename =
        |number: usize| json!({ "op": "rename", "level": "clsc", "code": "06324", "name": format!("Centre {number}") });
    let four: Vec<Value> = (0..4).map(rename).collect();
    assert_eq!(
        told(&write("/v1/revisions", json!({ "name": "Non", "operations": four.clone() }))),
        (409, "quota".into())
    );
    for number in 1..=4 {
        assert_eq!(write("/v1/revisions", json!({ "name": format!("Essai {number}") })).status, 200);
    }
    assert_eq!(told(&write("/v1/revisions", json!({ "name": "De trop" }))), (409, "quota".into()));
    let long = json!({ "version": 1, "text": "a".repeat(101) });
    assert_eq!(told(&write("/v1/revisions/rev-1/comments", long)), (409, "quota".into()));
    let step = json!({ "version": 1, "operations": four });
    assert_eq!(told(&write("/v1/revisions/rev-1/operations", step)), (409, "quota".into()));
    assert_eq!(read("/v1/revisions/rev-1").json()["version"], 1, "what is refused leaves nothing");

    let ids = |uri: &str| -> Vec<String> {
        read(uri).json().as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("/v1/revisions?limit=2"), ["rev-1", "rev-2"]);
    assert_eq!(ids("/v1/revisions?limit=2&after=rev-2"), ["rev-3", "rev-4"]);
    assert_eq!(told(&read("/v1/revisions?limit=0")), (400, "out-of-range".into()));

    let delete = |uri: &str| ask_state(&state, Request::delete(uri).body(Body::empty()).unwrap());
    assert_eq!(told(&delete("/v1/revisions/rev-4?version=2")), (409, "revision-changed".into()));
    assert_eq!(delete("/v1/revisions/rev-4?version=1").json()["name"], "Essai 4");
    assert_eq!(told(&read("/v1/revisions/rev-4")), (404, "unknown-revision".into()));
    // Its identifier is not given again.
    assert_eq!(write("/v1/revisions", json!({ "name": "Suite" })).json()["id"], "rev-5");
    assert_eq!(write("/v1/revisions/rev-1/submit", json!({ "version": 1, "accept": ["empty"] })).status, 200);
    assert_eq!(told(&delete("/v1/revisions/rev-1?version=2")), (409, "revision-state".into()));
}

/// What comes back on a connection until it closes.
async fn all_of(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await.unwrap().ok();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn idle_connections_never_keep_others_out_and_a_name_that_is_not_the_service_s_is_refused() {
    let options = Options { most_connections: 20, most_connections_of_one: 20, ..Options::default() };
    let state = fresh_state(options);
    state.set_front(Front { hosts: Front::near_hosts(), ..Front::default() });
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, Arc::clone(&state), async { drop(stopped.await) }));
        let mut idle = Vec::new();
        for _ in 0..19 {
            idle.push(TcpStream::connect(server).await.unwrap());
        }
        for _ in 0..40 {
            idle.push(TcpStream::connect(server).await.unwrap());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for (host, status) in [("localhost", "200"), ("127.0.0.1:1", "200"), ("evil.example", "421")] {
            // One address has all places here, so that one of its own must go first.
            idle.truncate(10);
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut stream = TcpStream::connect(server).await.unwrap();
            let asked = format!("GET {QUESTION} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            stream.write_all(asked.as_bytes()).await.unwrap();
            let answer = all_of(&mut stream).await;
            assert_eq!(answer.get(9..12), Some(status), "{answer}");
        }
        drop(idle);
        stop.send(()).unwrap();
        task.await.unwrap().unwrap();
    });
}

#[test]
fn one_who_sends_files_slowly_leaves_places_to_others() {
    let state = fresh_state(Options { most_batches: 2, body_timeout: Duration::from_secs(2), ..Options::default() });
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, Arc::clone(&state), async { drop(stopped.await) }));
        let head = "POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nConnection: close\r\n";
        let mut slow = TcpStream::connect(server).await.unwrap();
        slow.write_all(format!("{head}Content-Length: 1000000\r\n\r\nlat,lon\n").as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        // A second one of the same address is told to wait; a trickle is cut off in a few seconds all the same.
        let body = "lat,lon\n45.5,-73.6\n";
        let whole = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let mut second = TcpStream::connect(server).await.unwrap();
        second.write_all(whole.as_bytes()).await.unwrap();
        assert!(all_of(&mut second).await.contains("503"), "one address has one of two places");
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(6) {
            if slow.write_all(b"4").await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        let mut third = TcpStream::connect(server).await.unwrap();
        third.write_all(whole.as_bytes()).await.unwrap();
        let answer = all_of(&mut third).await;
        assert!(answer.contains("200 OK"), "{answer}");
        stop.send(()).unwrap();
        task.await.unwrap().unwrap();
    });
}

#[test]
fn tls_is_spoken_and_a_new_certificate_is_taken_while_connections_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let make = |name: &str| {
        let [key, certificate] = [path("key.pem"), path("cert.pem")];
        let made = std::process::Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
            .args(["-subj", &format!("/CN={name}"), "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output();
        made.is_ok_and(|made| made.status.success())
    };
    if !make("first.example") {
        println!("skipped: there is no openssl here");
        return;
    }
    let state = fresh_state(Options::default());
    state.set_tls(rattache::http::Tls::open(&path("cert.pem"), &path("key.pem")).unwrap());
    std::fs::write(path("other.pem"), "no key").unwrap();
    assert!(rattache::http::Tls::open(&path("cert.pem"), &path("other.pem")).is_err());
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, Arc::clone(&state), async { drop(stopped.await) }));
        let ask = async || {
            tokio::task::spawn_blocking(move || {
                let command = format!(
                    "printf 'GET {QUESTION} HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' | timeout 10 openssl s_client -quiet -connect {server} 2>&1"
                );
                let done = std::process::Command::new("bash").args(["-c", &command]).output().unwrap();
                String::from_utf8_lossy(&done.stdout).into_owned()
            })
            .await
            .unwrap()
        };
        let answer = ask().await;
        assert!(answer.contains("first.example") && answer.contains("200 OK"), "{answer}");
        // A client that speaks no TLS gets nothing, and keeps nobody waiting.
        let mut plain = TcpStream::connect(server).await.unwrap();
        plain.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        assert!(!all_of(&mut plain).await.contains("HTTP/1.1"));
        assert!(make("second.example"));
        tokio::time::sleep(Duration::from_millis(5200)).await;
        let answer = ask().await;
        assert!(answer.contains("second.example") && answer.contains("200 OK"), "{answer}");
        stop.send(()).unwrap();
        task.await.unwrap().unwrap();
    });
}
