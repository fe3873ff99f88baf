//! Every route in one table, and the way of a request through it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{MethodFilter, on};

use super::error::{METHOD_NOT_ALLOWED, NOT_FOUND, Problem, URL_TOO_LONG};
use super::{
    Language, State, admin, batch, editions, geometry, health, openapi, page, places, resolve, revisions, series,
    territories,
};

/// Target under which requests are logged, one line each at level info: method, route pattern, status, microseconds.
pub const ACCESS_LOG: &str = "rattache::http::access";
/// Longest path and query together, bytes.
const MOST_URL_BYTES: usize = 4096;

/// What a route does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is documented where it is carried out")]
pub enum Action {
    ShowPage,
    AnswerForm,
    ShowStyle,
    ShowScript,
    ResolveOne,
    ResolveMany,
    CompleteAddresses,
    AttachRows,
    ListEditions,
    ListTerritories,
    ShowTerritory,
    ShowGeometry,
    ShowChanges,
    ShowCrosswalk,
    CheckSeries,
    BridgeSeries,
    ShowAtlas,
    ShowOpenApi,
    ListProblems,
    ShowProblem,
    ShowHealth,
    ShowReadiness,
    ReloadAtlas,
    ListRevisions,
    CreateRevision,
    ShowRevision,
    ShowRevisionHistory,
    ShowRevisionImpact,
    ShowRevisionDossier,
    ListAffectedUnits,
    CompareRevisions,
    AppendOperations,
    UndoOperations,
    RedoOperations,
    CommentRevision,
    DuplicateRevision,
    SubmitRevision,
    DecideRevision,
    PublishRevision,
}

/// A row of the table.
#[derive(Debug)]
pub struct Route {
    /// Its method; `HEAD` comes with `GET`.
    pub method: Method,
    /// Its path, with names in braces.
    pub path: &'static str,
    /// What it does.
    pub action: Action,
}

const fn get(path: &'static str, action: Action) -> Route {
    Route { method: Method::GET, path, action }
}

const fn post(path: &'static str, action: Action) -> Route {
    Route { method: Method::POST, path, action }
}

const RESOLVE_ONE: Route = get("/v1/resolve", Action::ResolveOne);

/// Every route.
pub static ROUTES: &[Route] = &[
    get("/", Action::ShowPage),
    post("/", Action::AnswerForm),
    get("/style.css", Action::ShowStyle),
    get("/page.js", Action::ShowScript),
    RESOLVE_ONE,
    post("/v1/resolve", Action::ResolveMany),
    get("/v1/addresses", Action::CompleteAddresses),
    post("/v1/batch", Action::AttachRows),
    get("/v1/editions", Action::ListEditions),
    get("/v1/editions/{a}/changes/{b}", Action::ShowChanges),
    get("/v1/editions/{a}/crosswalk/{b}", Action::ShowCrosswalk),
    post("/v1/series/check", Action::CheckSeries),
    post("/v1/series/bridge", Action::BridgeSeries),
    get("/v1/territories", Action::ListTerritories),
    get("/v1/territories/{level}/{code}", Action::ShowTerritory),
    get("/v1/territories/{level}/{code}/geometry", Action::ShowGeometry),
    get("/v1/atlas", Action::ShowAtlas),
    get("/v1/openapi.json", Action::ShowOpenApi),
    get("/v1/problems", Action::ListProblems),
    get("/v1/problems/{code}", Action::ShowProblem),
    get("/health", Action::ShowHealth),
    get("/ready", Action::ShowReadiness),
    post("/admin/atlas", Action::ReloadAtlas),
    get("/v1/revisions", Action::ListRevisions),
    post("/v1/revisions", Action::CreateRevision),
    get("/v1/revisions/{id}", Action::ShowRevision),
    get("/v1/revisions/{id}/history", Action::ShowRevisionHistory),
    get("/v1/revisions/{id}/impact", Action::ShowRevisionImpact),
    get("/v1/revisions/{id}/dossier", Action::ShowRevisionDossier),
    get("/v1/revisions/{id}/affected", Action::ListAffectedUnits),
    get("/v1/revisions/{id}/compare", Action::CompareRevisions),
    post("/v1/revisions/{id}/operations", Action::AppendOperations),
    post("/v1/revisions/{id}/undo", Action::UndoOperations),
    post("/v1/revisions/{id}/redo", Action::RedoOperations),
    post("/v1/revisions/{id}/comments", Action::CommentRevision),
    post("/v1/revisions/{id}/duplicate", Action::DuplicateRevision),
    post("/v1/revisions/{id}/submit", Action::SubmitRevision),
    post("/v1/revisions/{id}/decide", Action::DecideRevision),
    post("/v1/revisions/{id}/publish", Action::PublishRevision),
];

/// The service: every route, and problem details for whatever is none.
pub fn router(state: &Arc<State>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let state = Arc::clone(state);
        let filter = if route.method == Method::POST { MethodFilter::POST } else { MethodFilter::GET };
        router =
            router.route(route.path, on(filter, move |request: Request| answer(route, Arc::clone(&state), request)));
    }
    let router = router.method_not_allowed_fallback(refuse_method).fallback(refuse_path);
    if state.options.cors { router.layer(any_origin()) } else { router }
}

fn any_origin() -> tower_http::cors::CorsLayer {
    tower_http::cors::CorsLayer::new()
        .allow_origin(tower_http::cors::Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([axum::http::header::CONTENT_TYPE, axum::http::header::IF_NONE_MATCH])
}

async fn answer(route: &'static Route, state: Arc<State>, request: Request) -> Response {
    let started = start();
    let (parts, body) = request.into_parts();
    let outcome = match check_length(&parts) {
        Ok(()) => carry_out(route.action, &state, &parts, body).await,
        Err(problem) => Err(problem),
    };
    finish(route, &parts, outcome, started)
}

/// Whether [`answer_at_once`] answers a request.
pub(super) fn is_at_once(state: &State, method: &Method, path: &str) -> bool {
    *method == RESOLVE_ONE.method && path == RESOLVE_ONE.path && !state.options.cors
}

/// The answer to the question that is asked most, without the way through the router.
///
/// The router gives the same, later: it looks the path up and keeps a future on the heap that has room for any handler's.
pub(super) fn answer_at_once(state: &State, parts: &Parts) -> Response {
    let started = start();
    let outcome = check_length(parts).and_then(|()| guard(|| resolve::resolve_one(state, parts)));
    finish(&RESOLVE_ONE, parts, outcome, started)
}

/// When a request came in, where that is logged.
fn start() -> Option<Instant> {
    tracing::enabled!(target: ACCESS_LOG, tracing::Level::INFO).then(Instant::now)
}

fn finish(route: &Route, parts: &Parts, outcome: Result<Response, Problem>, started: Option<Instant>) -> Response {
    let response = outcome.unwrap_or_else(|problem| problem.into_response(Language::of(parts)));
    if let Some(started) = started {
        log(route.method.as_str(), route.path, &response, started);
    }
    response
}

async fn carry_out(action: Action, state: &Arc<State>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    match action {
        Action::ResolveOne => guard(|| resolve::resolve_one(state, parts)),
        Action::ResolveMany => resolve::resolve_many(state, parts, body).await,
        Action::CompleteAddresses => guard(|| places::complete_addresses(state, parts)),
        Action::AttachRows => batch::attach_rows(state, parts, body).await,
        Action::ShowPage => guard(|| page::show_page(state, parts)),
        Action::AnswerForm => page::answer_form(state, parts, body).await,
        Action::ShowStyle => Ok(page::show_style()),
        Action::ShowScript => Ok(page::show_script()),
        Action::ListEditions => editions::list_editions(state, parts).await,
        Action::ShowAtlas => guard(|| editions::show_atlas(state, parts)),
        Action::ShowChanges => series::show_changes(state, parts).await,
        Action::ShowCrosswalk => series::show_crosswalk(state, parts).await,
        Action::CheckSeries => series::check_series(state, parts, body).await,
        Action::BridgeSeries => series::bridge_series(state, parts, body).await,
        Action::ListTerritories => territories::list_territories(state, parts).await,
        Action::ShowTerritory => territories::show_territory(state, parts).await,
        Action::ShowGeometry => geometry::show_geometry(state, parts).await,
        Action::ShowOpenApi => guard(|| openapi::show_openapi(parts)),
        Action::ListProblems => guard(|| health::list_problems(parts)),
        Action::ShowProblem => guard(|| health::show_problem(parts)),
        Action::ShowHealth => guard(health::show_health),
        Action::ShowReadiness => guard(|| health::show_readiness(state)),
        Action::ReloadAtlas => admin::reload_atlas(state, parts, body).await,
        Action::ListRevisions
        | Action::ShowRevision
        | Action::ShowRevisionHistory
        | Action::ShowRevisionImpact
        | Action::ShowRevisionDossier
        | Action::ListAffectedUnits
        | Action::CompareRevisions => revisions::show(state, action, parts).await,
        Action::CreateRevision
        | Action::AppendOperations
        | Action::UndoOperations
        | Action::RedoOperations
        | Action::CommentRevision
        | Action::DuplicateRevision
        | Action::SubmitRevision
        | Action::DecideRevision
        | Action::PublishRevision => revisions::write(state, action, parts, body).await,
    }
}

/// Turns a panic into a problem that says nothing of the inside.
fn guard(work: impl FnOnce() -> Result<Response, Problem>) -> Result<Response, Problem> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Problem::internal()))
}

fn check_length(parts: &Parts) -> Result<(), Problem> {
    let length = parts.uri.path().len() + parts.uri.query().map_or(0, str::len);
    if length <= MOST_URL_BYTES {
        return Ok(());
    }
    Err(Problem::new(
        URL_TOO_LONG,
        format!(
            "L'adresse compte {length} octets : {MOST_URL_BYTES} au plus. Pour bien des questions, POST /v1/resolve."
        ),
        format!("the URL has {length} bytes: at most {MOST_URL_BYTES}; for many questions, POST /v1/resolve"),
    ))
}

async fn refuse_method(request: Request) -> Response {
    let problem = Problem::new(
        METHOD_NOT_ALLOWED,
        "Cette adresse n'accepte pas cette méthode : voyez l'en-tête « Allow ».",
        "this URL does not take that method: see the \"Allow\" header",
    );
    refuse(request, problem)
}

async fn refuse_path(request: Request) -> Response {
    let problem = Problem::new(
        NOT_FOUND,
        "Cette adresse n'existe pas : la liste est à /v1/openapi.json.",
        "there is nothing at this URL: the list is at /v1/openapi.json",
    );
    refuse(request, problem)
}

fn refuse(request: Request, problem: Problem) -> Response {
    let started = Instant::now();
    let (parts, _) = request.into_parts();
    let problem = check_length(&parts).err().unwrap_or(problem);
    let response = problem.into_response(Language::of(&parts));
    // Neither the method nor the path is one of ours, so that either may hold anything.
    log("-", "-", &response, started);
    response
}

fn log(method: &str, route: &str, response: &Response, started: Instant) {
    let status = response.status().as_u16();
    let micros = started.elapsed().as_micros() as u64;
    if status >= 500 {
        tracing::error!(target: ACCESS_LOG, method, route, status, micros);
    } else {
        tracing::info!(target: ACCESS_LOG, method, route, status, micros);
    }
}

/// A part of the path, decoded; parts are counted from 0 after the first slash.
pub(super) fn segment(parts: &Parts, place: usize) -> Result<std::borrow::Cow<'_, str>, Problem> {
    super::parameters::decode(parts.uri.path().split('/').nth(place + 1).unwrap_or_default(), false)
}
