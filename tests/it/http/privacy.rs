//! What is asked never reaches a log: everything that any thread would log, at the finest level, over real sockets.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use rattache::access::{Access, Caller, Role, Strangers};
use rattache::http::{Options, serve};
use rattache::store::Store;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::addresses::encoded;
use super::{fresh_state, run};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The log of every thread of this process, from the first call on.
fn everything() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
        let all = tracing_subscriber::registry().with(lines).with(LevelFilter::TRACE);
        tracing::subscriber::set_global_default(all).unwrap();
        log
    })
}

fn request(method: &str, target: &str, kind: &str, body: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn no_address_coordinate_or_postal_code_reaches_the_log_whatever_is_asked_and_however() {
    let log = everything();
    // A state of its own: what served it stops it.
    let state = fresh_state(Options::default());
    let served = state.served();
    let entry = served.atlas.gazetteer().unwrap().address(4_321).unwrap();
    let code = entry.postal_code.unwrap().to_string();
    let address = format!("{}, {}, {} {code}", entry.civic.unwrap(), entry.street, entry.municipality);
    let (lat, lon) = (entry.position.lat().to_string(), entry.position.lon().to_string());
    let (json, csv, form) = ("application/json", "text/csv", "application/x-www-form-urlencoded");
    let get = |target: String| request("GET", &target, "text/plain", "");
    let address_in_url = encoded(&address);
    let asked = [
        (200, get(format!("/v1/resolve?address={address_in_url}"))),
        (200, get(format!("/v1/resolve?lat={lat}&lon={lon}"))),
        (200, get(format!("/v1/resolve?postal_code={}", encoded(&code)))),
        (200, get("/v1/resolve?address=Zyxwvut%20Qqqqq%20Ottawa%20ON".to_owned())),
        (200, get(format!("/v1/addresses?q={}", encoded(&entry.street)))),
        (200, request("POST", "/v1/addresses/complete", json, &format!(r#"{{"q":"{}"}}"#, entry.street))),
        (400, request("POST", "/v1/addresses/complete", json, &format!(r#"{{"q":"{address}","limit":"Zyxwvut"}}"#))),
        (400, request("POST", "/v1/resolve", json, &format!(r#"{{"street":"{address}","lat":"Zyxwvut"}}"#))),
        (200, get(format!("/?lat={lat}&lon={lon}"))),
        (200, request("POST", "/", form, &format!("place={address_in_url}"))),
        (
            200,
            request(
                "POST",
                "/v1/resolve",
                json,
                &format!(r#"[{{"address":"{address}"}},{{"lat":{lat},"lon":{lon}}}]"#),
            ),
        ),
        (200, request("POST", "/v1/batch", csv, &format!("adresse\n\"{address}\"\nZyxwvut\n"))),
        (200, request("POST", "/v1/batch", csv, &format!("lat,lon\n{lat},{lon}\nZyxwvut,{lon}\n"))),
        // Bad ones: out of range, no number, wrong names, wrong types, half a body, no route, no request.
        (400, get(format!("/v1/resolve?lat={lon}&lon={lat}"))),
        (400, get(format!("/v1/resolve?lat={address_in_url}&lon={lon}"))),
        (400, get("/v1/resolve?postal_code=Zyxwvut".to_owned())),
        (400, get(format!("/v1/resolve?adresse={address_in_url}"))),
        (400, get(format!("/v1/resolve?address={address_in_url}&address=Zyxwvut"))),
        (400, get(format!("/v1/addresses?q={address_in_url}&limit=Zyxwvut"))),
        (400, get(format!("/?lat={address_in_url}&lon=Zyxwvut"))),
        (400, request("POST", "/", form, &format!("{address_in_url}=Zyxwvut"))),
        (400, request("POST", "/v1/resolve", json, &format!(r#"[{{"address":"{address}""#))),
        (200, request("POST", "/v1/resolve", json, r#"[{"address":["Zyxwvut"]},{"Zyxwvut":1},"Zyxwvut"]"#)),
        (415, request("POST", "/v1/resolve", csv, &address)),
        (422, request("POST", "/v1/batch", csv, &format!("Zyxwvut\n\"{address}\"\n"))),
        (404, get(format!("/v1/{address_in_url}"))),
        (414, get(format!("/v1/resolve?address={}", address_in_url.repeat(60)))),
        (400, format!("GET /{address} HTTP/1.1\r\n\r\n")),
    ];
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, Arc::clone(&state), async { drop(stopped.await) }));
        for (status, request) in &asked {
            let mut stream = TcpStream::connect(server).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            let line = String::from_utf8_lossy(&answer[..answer.len().min(12)]).into_owned();
            assert_eq!(line, format!("HTTP/1.1 {status}"), "{request}");
        }
        stop.send(()).unwrap();
        task.await.unwrap().unwrap();
        // Threads for heavy work are listened to as well.
        tokio::task::spawn_blocking(|| tracing::trace!("a word from a thread for heavy work")).await.unwrap();
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for said in ["/v1/resolve", "/v1/addresses", "/v1/batch", "a word from a thread for heavy work"] {
        assert!(log.contains(said), "{said} is not in the log, which is then not the whole of it");
    }
    let street = entry.street.as_str();
    let near = |degrees: &str| degrees[..degrees.len().min(8)].to_owned();
    let words = [address.as_str(), street, &code, &code.replace(' ', ""), "Zyxwvut", "Qqqqq", &near(&lat), &near(&lon)];
    for word in words {
        for shape in
            [word.to_owned(), word.to_lowercase(), word.to_uppercase(), encoded(word), word.replace(' ', "%20")]
        {
            assert!(!log.contains(&shape), "{shape} is in the log");
        }
    }
}

/// A text that nothing else would write.
const MARK: &str = "Vwxyzmarque7";

#[test]
fn marked_values_through_every_route_good_and_bad_are_nowhere_in_the_log() {
    let log = everything();
    let folder = tempfile::tempdir().unwrap();
    let state = fresh_state(Options::default());
    state.keep_revisions(Store::open(&folder.path().join("store")).unwrap()).unwrap();
    state.set_access(Access::new(Strangers::All(Caller::new("Root", Role::Admin))));
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, Arc::clone(&state), async { drop(stopped.await) }));
        let ask = async |text: String| {
            let mut stream = TcpStream::connect(server).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            String::from_utf8_lossy(&answer[..answer.len().min(12)]).into_owned()
        };
        let made = format!(r#"{{"name":"{MARK}","reason":"{MARK}"}}"#);
        assert_eq!(ask(request("POST", "/v1/revisions", "application/json", &made)).await, "HTTP/1.1 200");
        let said = format!(r#"{{"version":1,"text":"{MARK}"}}"#);
        let comments = "/v1/revisions/rev-1/comments";
        assert_eq!(ask(request("POST", comments, "application/json", &said)).await, "HTTP/1.1 200");
        let mut asked = 0;
        for (method, path, _) in rattache::http::roles() {
            let method = method.as_str();
            let own = path.replace("{id}", "rev-1").replace("{level}", "clsc").replace("{code}", "06324");
            let marked: String = path
                .split('/')
                .map(|part| if part.starts_with('{') { MARK } else { part })
                .collect::<Vec<_>>()
                .join("/");
            let (json, csv, form) = ("application/json", "text/csv", "application/x-www-form-urlencoded");
            let bodies = [
                (json, format!(r#"{{"{MARK}":"{MARK}"}}"#)),
                (json, format!(r#"{{"version":9,"text":"{MARK}","path":"{MARK}","q":"{MARK}","address":"{MARK}"}}"#)),
                (json, format!(r#"[{{"address":"{MARK}"}},{{"lat":"{MARK}"}},"{MARK}""#)),
                (csv, format!("adresse,{MARK}\n\"{MARK}\",{MARK}\n")),
                (form, format!("place={MARK}&{MARK}={MARK}")),
                ("text/plain", MARK.to_owned()),
            ];
            for target in [own.clone(), marked, format!("{own}?q={MARK}&lat={MARK}"), format!("{own}?{MARK}={MARK}")] {
                for (kind, body) in &bodies {
                    let plain = request(method, &target, kind, if method == "GET" { "" } else { body });
                    ask(plain.clone()).await;
                    let headed = format!(
                        "\r\nAuthorization: Bearer {MARK}\r\nX-Forwarded-For: {MARK}\r\nCookie: {MARK}\r\nReferer: {MARK}\r\nConnection:"
                    );
                    ask(plain.replacen("\r\nConnection:", &headed, 1)).await;
                    asked += 2;
                    if method == "GET" {
                        break;
                    }
                }
            }
        }
        assert!(asked > 300, "{asked}");
        stop.send(()).unwrap();
        task.await.unwrap().unwrap();
        tokio::task::spawn_blocking(|| tracing::trace!("the end of the marked values")).await.unwrap();
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("the end of the marked values"));
    let found = log.lines().find(|line| line.to_lowercase().contains(&MARK.to_lowercase()));
    assert!(found.is_none(), "{found:?}");
}
