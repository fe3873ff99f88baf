//! Real sockets: reloads under load, slow clients, an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{ask_router, demo_bytes, fresh_state, run};
use axum::body::Body;
use axum::http::Request;
use rattache::access::{Access, Caller, Role, Strangers};
use rattache::http::{Options, State, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

async fn start(state: &Arc<State>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async { drop(stopped.await) };
    Server { address, stop, task: tokio::spawn(serve(listener, Arc::clone(state), shutdown)) }
}

/// Reads one response off a connection: status and body.
async fn read_response(stream: &mut TcpStream) -> Option<(u16, Vec<u8>)> {
    let mut all = Vec::new();
    loop {
        if let Some(end) = all.windows(4).position(|part| part == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
            let status = head.split(' ').nth(1)?.parse().ok()?;
            let length = head
                .split("content-length: ")
                .nth(1)
                .map_or(0, |rest| rest.split("\r\n").next().unwrap().trim().parse::<usize>().unwrap());
            if all.len() >= end + 4 + length {
                return Some((status, all[end + 4..end + 4 + length].to_vec()));
            }
        }
        let mut part = vec![0; 16384];
        let count = stream.read(&mut part).await.ok()?;
        if count == 0 {
            return None;
        }
        all.extend_from_slice(&part[..count]);
    }
}

const QUESTION: &[u8] = b"GET /v1/resolve?lat=45.5088&lon=-73.5542 HTTP/1.1\r\nHost: x\r\n\r\n";

#[test]
fn no_request_is_dropped_while_the_atlas_is_replaced_twenty_times() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quebec.atlas");
    rattache::atlas::write(&path, demo_bytes()).unwrap();
    run(async {
        let state = fresh_state(Options::default());
        state.set_access(Access::new(Strangers::Near(Caller::new("Root", Role::Admin))));
        state.set_atlas_folder(folder.path().to_owned());
        let server = start(&state).await;
        let done = Arc::new(AtomicBool::new(false));
        let answered = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..4)
            .map(|_| {
                let (done, answered, address) = (Arc::clone(&done), Arc::clone(&answered), server.address);
                tokio::spawn(async move {
                    let mut stream = TcpStream::connect(address).await.unwrap();
                    let mut first = None;
                    while !done.load(Ordering::Relaxed) {
                        stream.write_all(QUESTION).await.unwrap();
                        let (status, body) =
                            read_response(&mut stream).await.expect("an answer, on the same connection");
                        assert_eq!(status, 200);
                        assert_eq!(first.get_or_insert_with(|| body.clone()), &body);
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let before = Arc::downgrade(&state.served());
        let body = format!("{{\"path\": {:?}}}", path.to_str().unwrap());
        for _ in 0..20 {
            let mut admin = TcpStream::connect(server.address).await.unwrap();
            let head = format!(
                "POST /admin/atlas HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            admin.write_all(head.as_bytes()).await.unwrap();
            let (status, answer) = read_response(&mut admin).await.unwrap();
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
        }
        done.store(true, Ordering::Relaxed);
        for client in clients {
            client.await.unwrap();
        }
        assert!(answered.load(Ordering::Relaxed) > 100);
        assert!(before.upgrade().is_none(), "old atlases must be let go");
        server.stop.send(()).unwrap();
        server.task.await.unwrap().unwrap();
    });
}

fn impatient() -> Options {
    Options {
        head_timeout: Duration::from_millis(300),
        body_timeout: Duration::from_millis(300),
        write_timeout: Duration::from_millis(300),
        drain_timeout: Duration::from_millis(500),
        ..Options::default()
    }
}

#[test]
fn slow_clients_are_cut_off_and_the_others_go_on() {
    run(async {
        let server = start(&fresh_state(impatient())).await;
        let started = Instant::now();
        // One that never ends its head, one that is silent, one that never ends its body.
        let mut slow_head = TcpStream::connect(server.address).await.unwrap();
        slow_head.write_all(b"GET /v1/resolve?lat=45.5").await.unwrap();
        let mut silent = TcpStream::connect(server.address).await.unwrap();
        let mut slow_body = TcpStream::connect(server.address).await.unwrap();
        let head =
            b"POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{";
        slow_body.write_all(head).await.unwrap();
        // One that asks for a lot and reads nothing.
        let mut unread = TcpStream::connect(server.address).await.unwrap();
        let question = b"GET /v1/territories?level=da HTTP/1.1\r\nHost: x\r\n\r\n";
        for _ in 0..4 {
            unread.write_all(question).await.unwrap();
        }

        let mut quick = TcpStream::connect(server.address).await.unwrap();
        quick.write_all(QUESTION).await.unwrap();
        assert_eq!(read_response(&mut quick).await.unwrap().0, 200);

        assert_eq!(read_response(&mut slow_body).await.unwrap().0, 408);
        let mut rest = Vec::new();
        let _ = slow_head.read_to_end(&mut rest).await;
        let _ = silent.read_to_end(&mut rest).await;
        assert!(started.elapsed() < Duration::from_secs(5));
        // Only what the buffers held arrives: the rest was given up.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let mut received = Vec::new();
        let _ = unread.read_to_end(&mut received).await;
        assert!(received.len() < 4 * 5_000_000, "{} bytes", received.len());
        server.stop.send(()).unwrap();
        server.task.await.unwrap().unwrap();
    });
}

#[test]
fn a_request_under_way_ends_after_the_server_is_told_to_stop_and_an_idle_one_does_not_hold_it_up() {
    run(async {
        let server = start(&fresh_state(Options::default())).await;
        let mut idle = TcpStream::connect(server.address).await.unwrap();
        idle.write_all(QUESTION).await.unwrap();
        assert_eq!(read_response(&mut idle).await.unwrap().0, 200);
        let mut busy = TcpStream::connect(server.address).await.unwrap();
        let head =
            "POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
        busy.write_all(head.as_bytes()).await.unwrap();
        busy.write_all(b"[").await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.stop.send(()).unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        busy.write_all(b"]").await.unwrap();
        assert_eq!(read_response(&mut busy).await.unwrap(), (200, b"[]".to_vec()));
        tokio::time::timeout(Duration::from_secs(5), server.task).await.unwrap().unwrap().unwrap();
    });
}

#[test]
fn bytes_that_are_no_request_get_no_more_than_a_refusal() {
    run(async {
        let server = start(&fresh_state(impatient())).await;
        let long = [b"GET /?".as_slice(), &vec![b'a'; 70_000], b" HTTP/1.1\r\nHost: x\r\n\r\n"].concat();
        for bytes in
            [b"\x16\x03\x01\x02\x00".as_slice(), b"GET\r\n\r\n", b"GET /\xFF\xFE HTTP/1.1\r\nHost: x\r\n\r\n", &long]
        {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            let _ = stream.write_all(bytes).await;
            if let Some((status, _)) = read_response(&mut stream).await {
                assert!((400..500).contains(&status), "{status}");
            }
        }
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(QUESTION).await.unwrap();
        assert_eq!(read_response(&mut stream).await.unwrap().0, 200);
    });
}

#[test]
fn a_question_over_a_socket_gets_what_the_router_alone_gives() {
    let long = format!("/v1/resolve?lat=45.5&lon=-73.5&as_of={}", "9".repeat(5000));
    let urls = [
        "/v1/resolve?lat=45.5088&lon=-73.5542",
        "/v1/resolve?lat=45.5088&lon=-73.5542&uncertainty_m=500&as_of=2016-01-01",
        "/v1/resolve?lat=0&lon=0",
        "/v1/resolve?lat=x&lon=-73",
        "/v1/resolve?lat=-73.5542&lon=45.5088&lang=en",
        "/v1/resolve?address=1200%2C%20boul.%20Saint-Laurent%2C%20Montr%C3%A9al",
        "/v1/resolve?%zz",
        "/v1/resolve",
        "/v1/resolve/",
        "/health",
        long.as_str(),
    ];
    let state = fresh_state(Options::default());
    run(async {
        let server = start(&state).await;
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        for url in urls {
            for (method, header) in [("GET", "fr"), ("GET", "en"), ("HEAD", "fr"), ("DELETE", "fr")] {
                let request = format!("{method} {url} HTTP/1.1\r\nHost: x\r\nAccept-Language: {header}\r\n\r\n");
                stream.write_all(request.as_bytes()).await.unwrap();
                let (status, body) = if method == "HEAD" {
                    // A head alone, whatever length it states.
                    let mut head = [0; 4096];
                    let count = stream.read(&mut head).await.unwrap();
                    let text = String::from_utf8_lossy(&head[..count]).into_owned();
                    assert!(text.ends_with("\r\n\r\n"), "{url}: HEAD has a body");
                    (text.split(' ').nth(1).unwrap().parse().unwrap(), Vec::new())
                } else {
                    read_response(&mut stream).await.unwrap()
                };
                let request = Request::builder().method(method).uri(url).header("accept-language", header);
                let expected = ask_router(&state, request.body(Body::empty()).unwrap()).await;
                assert_eq!(status, expected.status, "{method} {url}");
                assert!(body == expected.bytes, "{method} {url}: {}", String::from_utf8_lossy(&body));
            }
        }
        server.stop.send(()).unwrap();
        server.task.await.unwrap().unwrap();
    });
}

#[test]
fn a_request_without_a_host_or_with_several_is_refused() {
    run(async {
        let server = start(&fresh_state(impatient())).await;
        for (head, expected) in [
            ("GET /v1/resolve?lat=45.5088&lon=-73.5542 HTTP/1.1\r\n", 400),
            ("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 400),
            ("GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n", 400),
            ("GET /health HTTP/1.1\r\nHost: a\r\n", 200),
            ("GET /health HTTP/1.0\r\n", 200),
        ] {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
            let (status, body) = read_response(&mut stream).await.unwrap();
            assert_eq!(status, expected, "{head}");
            assert!(status == 200 || String::from_utf8_lossy(&body).contains("invalid-host"), "{head}");
        }
        server.stop.send(()).unwrap();
        server.task.await.unwrap().unwrap();
    });
}
