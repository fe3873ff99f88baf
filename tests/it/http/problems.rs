//! What goes wrong: every code, in both languages, and nothing of the inside.

use axum::body::Body;
use axum::http::Request;
use rattache::http::{CODES, Options, State};
use serde_json::Value;

use super::{Answer, ask, ask_state, demo_state, fresh_state, get, post};

fn assert_problem(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text());
    let body = answer.json();
    assert_eq!((answer.status, body["code"].as_str().unwrap()), (status, code), "{body}");
    assert_eq!(body["status"], status);
    assert_eq!(body["type"], format!("/v1/problems/{code}"));
    let row = CODES.iter().find(|row| row.word == code).unwrap();
    let title = if answer.header("content-language") == "en" { row.english } else { row.french };
    assert_eq!(body["title"], title);
    assert!(body["detail"].as_str().unwrap().len() > 10);
    body
}

#[test]
fn every_bad_question_gets_its_own_code_the_parameter_and_a_detail_with_the_value() {
    let cases = [
        ("", 400, "missing-parameter", "lat", "lat"),
        ("lat=45.5", 400, "missing-parameter", "lon", "lon"),
        ("lat=abc&lon=-73.5", 400, "invalid-number", "lat", "abc"),
        ("lat=&lon=-73.5", 400, "invalid-number", "lat", ""),
        ("lat=45,5&lon=-73.5", 400, "invalid-number", "lat", "45,5"),
        ("lat=NaN&lon=-73.5", 400, "invalid-number", "lat", "NaN"),
        ("lat=45.5&lon=-inf", 400, "invalid-number", "lon", "-inf"),
        ("lat=1e999&lon=-73.5", 400, "invalid-number", "lat", "inf"),
        ("lat=91&lon=-73.5", 400, "out-of-range", "lat", "91"),
        ("lat=45.5&lon=-181", 400, "out-of-range", "lon", "-181"),
        ("lat=-73.5&lon=45.5", 400, "swapped-coordinates", "", "-73.5"),
        ("lat=45.5&lon=-73.5&uncertainty_m=-1", 400, "out-of-range", "uncertainty_m", "-1"),
        ("lat=45.5&lon=-73.5&uncertainty_m=NaN", 400, "out-of-range", "uncertainty_m", "NaN"),
        ("lat=45.5&lon=-73.5&uncertainty_m=x", 400, "invalid-number", "uncertainty_m", "x"),
        ("lat=45.5&lon=-73.5&as_of=2017-02-30", 400, "invalid-date", "as_of", "2017-02-30"),
        ("lat=45.5&lon=-73.5&as_of=2000-01-01", 404, "no-edition", "as_of", "2000-01-01"),
        ("lat=45.5&lon=-73.5&edition=No%C3%ABl", 404, "unknown-edition", "edition", "Noël"),
        ("lat=45.5&lon=-73.5&as_of=2020-01-01&edition=x", 400, "conflicting-parameters", "as_of", "edition"),
        ("lat=45.5&lon=-73.5&lat=45.6", 400, "repeated-parameter", "lat", "lat"),
        ("lat=45.5&lon=-73.5&lang=fr&lang=fr", 400, "repeated-parameter", "lang", "lang"),
        ("lat=45.5&lon=-73.5&colour=red", 400, "unknown-parameter", "", "colour"),
        ("lat=45.5&lon=-73.5&lang=de", 400, "invalid-language", "lang", "de"),
        ("lat=%4&lon=-73.5", 400, "malformed-url", "", "%25"),
        ("lat=%FF%FE&lon=-73.5", 400, "malformed-url", "", "UTF-8"),
    ];
    for (query, status, code, parameter, value) in cases {
        for language in ["fr", "en"] {
            let request = Request::get(format!("/v1/resolve?{query}")).header("accept-language", language);
            let answer = ask(request.body(Body::empty()).unwrap());
            let body = assert_problem(&answer, status, code);
            assert_eq!(body.get("parameter").and_then(Value::as_str).unwrap_or_default(), parameter, "{query}");
            assert!(body["detail"].as_str().unwrap().contains(value), "{body}");
        }
    }
}

#[test]
fn details_are_french_unless_english_is_asked_for() {
    let french = get("/v1/resolve?lat=45.5").json();
    assert_eq!(french["title"], "Paramètre manquant");
    assert!(french["detail"].as_str().unwrap().starts_with("Le paramètre « lon » manque"));
    let english = get("/v1/resolve?lat=45.5&lang=en").json();
    assert_eq!(english["title"], "Missing parameter");
    assert!(english["detail"].as_str().unwrap().starts_with("parameter \"lon\" is missing"));
}

#[test]
fn unknown_paths_and_wrong_methods_are_problems_too() {
    for path in ["/nope", "/v1", "/v1/resolve/", "/v1/territories/clsc", "/%FF", "//", "/v1/problems/nope"] {
        assert_problem(&get(path), 404, "not-found");
    }
    for (method, path, allow) in [
        ("DELETE", "/v1/resolve", "GET,HEAD,POST"),
        ("OPTIONS", "/v1/editions", "GET,HEAD"),
        ("GET", "/admin/atlas", "POST"),
        ("BREW", "/", "GET,HEAD,POST"),
    ] {
        let answer = ask(Request::builder().method(method).uri(path).body(Body::empty()).unwrap());
        assert_problem(&answer, 405, "method-not-allowed");
        assert_eq!(answer.header("allow"), allow);
    }
}

#[test]
fn long_urls_large_bodies_other_types_and_broken_json_are_refused() {
    assert_problem(&get(&format!("/v1/resolve?lat={}", "4".repeat(5000))), 414, "url-too-long");
    assert_problem(&get(&format!("/{}", "x".repeat(5000))), 414, "url-too-long");
    assert_problem(&post("/v1/resolve", " ".repeat(rattache::http::MOST_BODY_BYTES + 1)), 413, "body-too-large");
    let declared = Request::post("/v1/resolve").header("content-length", "99999999999999").body(Body::empty()).unwrap();
    assert_problem(&ask(declared), 413, "body-too-large");
    let form = Request::post("/v1/resolve").header("content-type", "application/x-www-form-urlencoded");
    assert_problem(&ask(form.body("[]".into()).unwrap()), 415, "unsupported-media-type");
    for (path, encoding) in [("/v1/resolve", "gzip"), ("/v1/resolve", "br, identity"), ("/v1/batch", "br, identity")] {
        let encoded = Request::post(path).header("content-type", "text/csv").header("content-encoding", encoding);
        assert_problem(&ask(encoded.body("lat,lon\n".into()).unwrap()), 415, "unsupported-media-type");
    }
    for body in ["", "{", "[1,]", "[{\"lat\":45.5]", "\u{0}", "null"] {
        assert_problem(&post("/v1/resolve", body), 400, "malformed-json");
    }
    assert_problem(&post("/v1/resolve", b"[\"\xFF\"]".to_vec()), 400, "malformed-json");
    assert_problem(&post("/v1/resolve", format!("[{}", "[".repeat(100_000))), 400, "malformed-json");
    assert_problem(&post("/v1/resolve?lat=1", "[]"), 400, "unknown-parameter");
}

#[test]
fn territories_that_are_not_there_are_explained() {
    let cases = [
        ("/v1/territories/commune/06121", 404, "unknown-level", "commune"),
        ("/v1/territories?level=commune", 404, "unknown-level", "commune"),
        ("/v1/territories/clsc/99999", 404, "unknown-territory", "99999"),
        ("/v1/territories/clsc/6121", 404, "unknown-territory", "06121"),
        ("/v1/territories/clsc/x%20y/geometry", 404, "unknown-territory", "x y"),
        ("/v1/territories/da/123", 404, "unknown-territory", "123"),
        ("/v1/territories?bbox=1,2,3", 400, "invalid-bbox", "1,2,3"),
        ("/v1/territories?bbox=-73,45,-74,46", 400, "invalid-bbox", "-73,45,-74,46"),
        ("/v1/territories?bbox=-73,45,-72,460", 400, "out-of-range", "460"),
        ("/v1/territories?bbox=-73,45,-72,NaN", 400, "out-of-range", "NaN"),
        ("/v1/territories?bbox=a,b,c,d", 400, "invalid-number", "a"),
        ("/v1/territories/clsc/06121?level=clsc", 400, "unknown-parameter", "level"),
    ];
    for (path, status, code, value) in cases {
        let body = assert_problem(&get(path), status, code);
        assert!(body["detail"].as_str().unwrap().contains(value), "{body}");
    }
}

#[test]
fn the_type_of_a_problem_leads_to_what_it_means() {
    let all = get("/v1/problems").json();
    assert_eq!(all.as_array().unwrap().len(), CODES.len());
    for (row, code) in all.as_array().unwrap().iter().zip(CODES) {
        assert_eq!(&get(row["type"].as_str().unwrap()).json(), row);
        assert_eq!(
            (row["status"].as_u64().unwrap(), row["title"]["fr"].as_str().unwrap()),
            (u64::from(code.status), code.french)
        );
    }
}

#[test]
fn a_server_that_is_about_to_stop_is_alive_but_not_ready() {
    assert_eq!(get("/health").text(), r#"{"status":"ok"}"#);
    let ready = get("/ready").json();
    assert_eq!((ready["status"].as_str().unwrap(), ready["editions"].as_u64().unwrap()), ("ready", 2));
    let state: std::sync::Arc<State> = fresh_state(Options::default());
    state.stop();
    let ask = |path: &str| ask_state(&state, Request::get(path).body(Body::empty()).unwrap());
    assert_problem(&ask("/ready"), 503, "stopping");
    assert_problem(&ask("/readyz"), 503, "stopping");
    assert_eq!((ask("/health").status, ask("/healthz").text()), (200, ask("/health").text()));
}

#[test]
fn the_trace_of_a_request_is_repeated_in_its_answer_good_or_bad() {
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for path in ["/v1/editions", "/v1/resolve", "/nowhere"] {
        let request = Request::get(path).header("traceparent", trace).body(Body::empty()).unwrap();
        assert_eq!(ask(request).header("traceparent"), trace, "{path}");
        assert_eq!(get(path).header("traceparent"), "", "{path}");
    }
}

#[test]
fn the_page_is_french_first_self_contained_and_escapes_what_it_is_given() {
    let page = get("/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    let html = page.text();
    assert!(
        html.contains("<html lang=\"fr-CA\" class=\"served\">")
            && html.contains("href=\"./?lang=en\"")
            && html.contains("pas les limites officielles")
    );
    assert!(
        !html.contains("http://")
            && !html.contains("https://")
            && html.matches("<script").count() == 1
            // The script of the map, or where that was not built the one of the plain page: beside it, behind any prefix.
            && (html.contains("<script src=\"page.js\" defer></script>") || html.contains("src=\"app/main-"))
            && !html.contains("=\"/")
            && !html.contains("style=\"")
    );
    assert!(get("/?lang=en").text().contains("not the official ones"));
    let answered = get("/?lat=45.5088&lon=-73.5542&as_of=&uncertainty_m=").text();
    assert!(answered.contains("RUISSS Université de Montréal"));
    let evil = get("/?lat=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&lon=-73");
    assert_eq!(evil.status, 400);
    assert!(evil.text().matches("<script").count() == 1 && evil.text().contains("&quot;&gt;&lt;script&gt;"));
    assert_eq!(get("/style.css").header("content-type"), "text/css; charset=utf-8");
    assert_eq!(get("/page.js").header("content-type"), "text/javascript; charset=utf-8");
}

#[test]
fn other_origins_may_ask_only_where_the_option_is_on() {
    let from_elsewhere =
        || Request::get("/v1/editions").header("origin", "https://example.org").body(Body::empty()).unwrap();
    let answer = ask_state(demo_state(), from_elsewhere());
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let open = fresh_state(Options { cors: true, ..Options::default() });
    assert_eq!(ask_state(&open, from_elsewhere()).header("access-control-allow-origin"), "*");
}
