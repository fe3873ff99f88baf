//! Who may ask what: every route of the table, asked without a key, with a lesser role, with the right one.

use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::http::{Method, Request};
use rattache::access::{Access, Caller, KeyFile, KeyRing, Role, Strangers};
use rattache::http::{Options, State, roles, serve};
use rattache::store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Answer, ask_stranger, fresh_state, run};

/// A key a role, in one file. Made once: hashing takes its time on purpose.
struct Keys {
    folder: TempDir,
    keys: Vec<(Role, String)>,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut file = KeyFile::default();
        let names = ["Intake", "Paule", "Aline", "Root"];
        let made = Role::ALL.into_iter().zip(names).map(|(role, name)| (role, file.add(name, role, "t").unwrap()));
        let keys = made.collect();
        file.write(&folder.path().join("keys.json")).unwrap();
        Keys { folder, keys }
    })
}

impl Keys {
    fn of(&self, role: Role) -> &str {
        &self.keys.iter().find(|(known, _)| *known == role).unwrap().1
    }

    fn ring(&self) -> KeyRing {
        KeyRing::open(&self.folder.path().join("keys.json")).unwrap()
    }
}

fn guarded(strangers: Strangers) -> Arc<State> {
    let state = fresh_state(Options::default());
    state.set_access(Access::new(strangers).with_keys(keys().ring()));
    state
}

fn ask(state: &Arc<State>, method: &Method, uri: &str, key: Option<&str>, body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(uri).header("content-type", "application/json");
    if let Some(key) = key {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    run(ask_stranger(state, request.body(Body::from(body.to_owned())).unwrap()))
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn every_route_of_the_table_takes_its_role_and_no_lesser_one() {
    let state = guarded(Strangers::None);
    let mut seen = [0; 5];
    for (method, path, needs) in roles() {
        // Handlers behind a key need not understand the question: that they are asked is what counts.
        let uri = path.replace("{level}", "clsc").replace(['{', '}'], "");
        let without = ask(&state, &method, &uri, None, "");
        let Some(needs) = needs else {
            assert!(without.status != 401 && without.status != 403, "{method} {path}: {}", without.status);
            seen[0] += 1;
            continue;
        };
        // A directory of FHIR says what is wrong in its own way, with the same status.
        let own = path.starts_with("/fhir");
        let [needed, too_low] = if own { ["", ""] } else { ["key-needed", "role-too-low"] };
        assert_eq!((without.status, code(&without).as_str()), (401, needed), "{method} {path}");
        assert!(without.header("www-authenticate").starts_with("Bearer"), "{method} {path}");
        for role in Role::ALL {
            let answer = ask(&state, &method, &uri, Some(keys().of(role)), "");
            if role < needs {
                assert_eq!((answer.status, code(&answer).as_str()), (403, too_low), "{method} {path} {role}");
            } else {
                let inside = !matches!(answer.status, 401 | 403);
                assert!(inside, "{method} {path} {role}: {}", answer.text());
            }
        }
        seen[needs as usize + 1] += 1;
    }
    assert!(seen.iter().all(|&count| count > 0), "{seen:?}");
}

#[test]
fn the_page_opens_without_a_key_and_answers_with_one_only() {
    let state = guarded(Strangers::None);
    assert_eq!(ask(&state, &Method::GET, "/", None, "").status, 200);
    let question = "/?lat=45.5088&lon=-73.5542";
    assert_eq!(ask(&state, &Method::GET, question, None, "").status, 401);
    assert_eq!(ask(&state, &Method::GET, question, Some(keys().of(Role::Lookup)), "").status, 200);
}

#[test]
fn the_table_of_roles_is_the_description_s() {
    let document = rattache::http::document();
    let described: usize =
        document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum();
    let table = roles();
    assert_eq!(table.len(), described);
    for (method, path, needs) in table {
        let operation = &document["paths"][&path][method.as_str().to_lowercase()];
        match needs {
            None => assert_eq!(operation["security"], json!([]), "{path}"),
            Some(role) => {
                assert_eq!(operation["x-role"], json!(role.as_str()), "{path}");
                assert_eq!(operation["security"].as_array().unwrap().contains(&json!({})), role == Role::Lookup);
            }
        }
        // Nobody writes without a key, whatever else is told.
        let writes = path.starts_with("/v1/revisions") || path.starts_with("/admin");
        assert!(!writes || needs > Some(Role::Lookup), "{method} {path} {needs:?}");
    }
}

#[test]
fn a_key_that_is_none_is_refused_even_where_strangers_may_ask() {
    let state = guarded(Strangers::may_look_up());
    let uri = "/v1/resolve?lat=45.5088&lon=-73.5542";
    assert_eq!(ask(&state, &Method::GET, uri, None, "").status, 200);
    let key = keys().of(Role::Lookup);
    let other = format!("{}x", &key[..key.len() - 1]);
    for wrong in ["", "x", "rattache_00000000_0", other.as_str()] {
        let answer = ask(&state, &Method::GET, uri, Some(wrong), "");
        assert_eq!((answer.status, code(&answer).as_str()), (401, "key-refused"), "{wrong}");
        assert!(!answer.text().contains(&other), "a key is not repeated");
    }
    assert_eq!(ask(&state, &Method::GET, uri, Some(key), "").status, 200);
    assert_eq!(ask(&state, &Method::POST, "/v1/revisions", None, "{}").status, 403);
}

#[test]
fn what_a_proxy_passes_on_does_not_come_from_the_machine_itself() {
    let state = fresh_state(Options::default());
    let uri = "/v1/resolve?lat=45.5088&lon=-73.5542";
    assert_eq!(ask(&state, &Method::GET, uri, None, "").status, 200);
    for header in ["forwarded", "x-forwarded-for", "x-real-ip", "via"] {
        let request = Request::get(uri).header(header, "for=203.0.113.7").body(Body::empty()).unwrap();
        assert_eq!(run(ask_stranger(&state, request)).status, 401, "{header}");
    }
}

#[test]
fn the_author_is_who_the_key_says_and_nobody_decides_on_their_own_request() {
    let folder = tempfile::tempdir().unwrap();
    let state = guarded(Strangers::None);
    state.keep_revisions(Store::open(&folder.path().join("store")).unwrap()).unwrap();
    let write = |role: Role, uri: &str, body: Value| {
        ask(&state, &Method::POST, &format!("/v1/revisions{uri}"), Some(keys().of(role)), &body.to_string())
    };
    let free = write(Role::Planner, "", json!({ "name": "Essai", "author": "Somebody else" }));
    assert_eq!((free.status, code(&free).as_str()), (400, "unknown-parameter"), "{}", free.text());
    assert_eq!(write(Role::Planner, "", json!({ "name": "Essai" })).json()["author"], "Paule");
    assert_eq!(write(Role::Planner, "/rev-1/submit", json!({ "version": 1, "accept": ["empty"] })).status, 200);
    let step = json!({ "version": 2, "to": "in_analysis" });
    assert_eq!(write(Role::Planner, "/rev-1/decide", step.clone()).status, 403);
    assert_eq!(write(Role::Approver, "/rev-1/decide", step).status, 200);

    // An approver may ask, and then somebody else decides; whoever wrote a part or handed it in has asked too.
    assert_eq!(write(Role::Approver, "", json!({ "name": "Sienne" })).json()["author"], "Aline");
    assert_eq!(write(Role::Planner, "", json!({ "name": "Reprise" })).status, 200);
    for id in ["rev-2", "rev-3"] {
        assert_eq!(
            write(Role::Approver, &format!("/{id}/submit"), json!({ "version": 1, "accept": ["empty"] })).status,
            200
        );
        for to in ["in_analysis", "draft", "withdrawn"] {
            let own = write(Role::Approver, &format!("/{id}/decide"), json!({ "version": 2, "to": to }));
            assert_eq!((own.status, code(&own).as_str()), (403, "own-request"), "{id} {to}");
        }
        let other = write(Role::Admin, &format!("/{id}/decide"), json!({ "version": 2, "to": "in_analysis" }));
        assert_eq!(other.status, 200, "{}", other.text());
        let accepted = write(Role::Admin, &format!("/{id}/decide"), json!({ "version": 3, "to": "accepted" }));
        assert_eq!(accepted.status, 200, "{}", accepted.text());
        let published =
            write(Role::Approver, &format!("/{id}/publish"), json!({ "version": 4, "valid_from": "2031-04-01" }));
        assert_eq!((published.status, code(&published).as_str()), (403, "own-request"), "{id}");
    }
    // Who asked takes it back; who did not can not.
    assert_eq!(write(Role::Planner, "/rev-2/withdraw", json!({ "version": 4 })).status, 403);

    let history = ask(&state, &Method::GET, "/v1/revisions/rev-3/history", Some(keys().of(Role::Planner)), "").json();
    let who: Vec<&str> = history.as_array().unwrap().iter().map(|event| event["who"].as_str().unwrap()).collect();
    assert_eq!(who, ["Paule", "Aline", "Root", "Root"]);
}

#[test]
fn who_asked_takes_a_request_back() {
    let folder = tempfile::tempdir().unwrap();
    let state = guarded(Strangers::Near(Caller::new("local", Role::Planner)));
    state.keep_revisions(Store::open(&folder.path().join("store")).unwrap()).unwrap();
    let made = ask(&state, &Method::POST, "/v1/revisions", None, r#"{"name":"Essai"}"#);
    assert_eq!((made.status, &made.json()["author"]), (200, &json!("local")));
    let uri = "/v1/revisions/rev-1";
    assert_eq!(
        ask(&state, &Method::POST, &format!("{uri}/submit"), None, r#"{"version":1,"accept":["empty"]}"#).status,
        200
    );
    let other =
        ask(&state, &Method::POST, &format!("{uri}/withdraw"), Some(keys().of(Role::Planner)), r#"{"version":2}"#);
    assert_eq!(other.status, 403);
    let own = ask(&state, &Method::POST, &format!("{uri}/withdraw"), None, r#"{"version":2}"#);
    assert_eq!((own.status, &own.json()["state"]), (200, &json!("withdrawn")));
    assert_eq!(ask(&state, &Method::POST, &format!("{uri}/decide"), None, "{}").status, 403);
}

#[test]
fn the_question_asked_most_takes_a_key_too_on_the_quick_way() {
    let state = guarded(Strangers::None);
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, Arc::clone(&state), async { drop(stopped.await) }));
        let good = format!("Authorization: Bearer {}\r\n", keys().of(Role::Lookup));
        // The second time the key is known, and the answer takes the quick way.
        for (key, status) in
            [("", "401"), (good.as_str(), "200"), (good.as_str(), "200"), ("Authorization: x\r\n", "401")]
        {
            let mut stream = TcpStream::connect(server).await.unwrap();
            let ask =
                format!("GET /v1/resolve?lat=45.5&lon=-73.6 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{key}\r\n");
            stream.write_all(ask.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert_eq!(&answer[9..12], status, "{answer}");
        }
        stop.send(()).unwrap();
        task.await.unwrap().unwrap();
    });
}
