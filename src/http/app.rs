//! Every route in one table, and what happens around each.
//!
//! A new route is a handler with its `#[utoipa::path]`, which says its method, path, parameters and every answer, and its
//! name in [`table`], with the role that it takes.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State as Shared};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, Version, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::fhir::{is_fhir, write_outcome};
use super::guard::{Route, guard, is_known, open, with};
use super::problem::{INVALID_HOST, METHOD_NOT_ALLOWED, Problem, URL_TOO_LONG};
use super::resources::{
    addresses, admin, atlas, batch, docs, editions, fhir, geometry, health, layers, metrics, ogc, openapi, page,
    places, preview, problems, resolve, revision_steps, revisions, series, tables, territories, tiles, units, web,
};
use super::{State, compression, document, extract};
use crate::access::Role;
use crate::domain::Language;

/// Target under which requests are logged, one line each at level info: method, route pattern, status, microseconds.
pub const ACCESS_LOG: &str = "rattache::http::access";
/// The trace that a request is a part of (W3C Trace Context): repeated in its answer, whatever that is.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Longest path and query together, bytes.
const MOST_URL_BYTES: usize = 4096;

/// Other names of routes: those that some watchers ask by, and the one that some programs of maps do.
const ALIASES: [&str; 3] = ["/healthz", "/readyz", "/ogc/"];

/// Every route, with the role that it takes: a route that names none does not compile.
#[rustfmt::skip]
fn table() -> Vec<Route> {
    use Role::{Admin, Approver, Lookup, Planner};
    vec![
        open(routes!(page::show_page)),
        with(Lookup, routes!(page::answer_form)),
        open(routes!(page::show_style)),
        open(routes!(page::show_script)),
        open(routes!(web::show_file)),
        with(Lookup, routes!(tiles::describe_tiles)),
        with(Lookup, routes!(tiles::show_tile)),
        with(Lookup, routes!(units::list_units)),
        with(Lookup, routes!(units::list_assignments)),
        with(Lookup, routes!(tables::describe_table)),
        with(Lookup, routes!(resolve::resolve_one, resolve::resolve_many)),
        with(Lookup, routes!(addresses::complete_addresses)),
        with(Lookup, routes!(addresses::complete_typed)),
        with(Lookup, routes!(places::read_place)),
        with(Lookup, routes!(batch::attach_rows)),
        with(Lookup, routes!(layers::export_layer)),
        with(Lookup, routes!(layers::show_criteria)),
        with(Lookup, routes!(editions::list_editions)),
        with(Lookup, routes!(series::show_changes)),
        with(Lookup, routes!(series::show_crosswalk)),
        with(Lookup, routes!(series::check_series)),
        with(Lookup, routes!(series::bridge_series)),
        with(Lookup, routes!(territories::list_territories)),
        with(Lookup, routes!(territories::show_territory)),
        with(Lookup, routes!(geometry::show_level_geometry)),
        with(Lookup, routes!(geometry::show_geometry)),
        with(Lookup, routes!(atlas::show_atlas)),
        open(routes!(openapi::show_openapi)),
        open(routes!(openapi::show_openapi_3_0)),
        open(routes!(docs::show_docs)),
        open(routes!(problems::list_problems)),
        open(routes!(problems::show_problem)),
        open(routes!(health::show_health)),
        open(routes!(health::show_readiness)),
        with(Lookup, routes!(metrics::show_metrics)),
        open(routes!(fhir::show_capability)),
        with(Lookup, routes!(fhir::list_locations)),
        with(Lookup, routes!(fhir::find_locations)),
        with(Lookup, routes!(fhir::show_location)),
        with(Lookup, routes!(fhir::list_organizations)),
        with(Lookup, routes!(fhir::find_organizations)),
        with(Lookup, routes!(fhir::show_organization)),
        with(Lookup, routes!(ogc::show_landing)),
        with(Lookup, routes!(ogc::show_conformance)),
        with(Lookup, routes!(ogc::show_ogc_api)),
        with(Lookup, routes!(ogc::list_collections)),
        with(Lookup, routes!(ogc::show_collection)),
        with(Lookup, routes!(ogc::show_queryables)),
        with(Lookup, routes!(ogc::list_features)),
        with(Lookup, routes!(ogc::show_feature)),
        with(Admin, routes!(admin::reload_atlas)),
        with(Planner, routes!(revisions::list_revisions, revision_steps::create_revision)),
        with(Planner, routes!(preview::preview_revision)),
        with(Planner, routes!(preview::suggest_moves)),
        with(Planner, routes!(preview::search_maps)),
        with(Planner, routes!(revisions::show_revision, revision_steps::delete_revision)),
        with(Planner, routes!(revisions::show_revision_history)),
        with(Planner, routes!(revisions::show_revision_impact)),
        with(Planner, routes!(revisions::show_revision_dossier)),
        with(Planner, routes!(revisions::list_affected_units)),
        with(Planner, routes!(revisions::compare_revisions)),
        with(Planner, routes!(revision_steps::append_operations)),
        with(Planner, routes!(revision_steps::undo_operations)),
        with(Planner, routes!(revision_steps::redo_operations)),
        with(Planner, routes!(revision_steps::comment_revision)),
        with(Planner, routes!(revision_steps::judge_revision)),
        with(Planner, routes!(revision_steps::duplicate_revision)),
        with(Planner, routes!(revision_steps::submit_revision)),
        with(Planner, routes!(revision_steps::withdraw_revision)),
        with(Approver, routes!(revision_steps::decide_revision)),
        with(Approver, routes!(revision_steps::publish_revision)),
    ]
}

/// Every operation with the role that it takes, in the order of the table: its method, its path, and `None` where it takes
/// everybody.
#[must_use]
pub fn roles() -> Vec<(Method, String, Option<Role>)> {
    let mut all = Vec::new();
    for Route { needs, operations: (_, paths, _) } in table() {
        for (path, item) in paths.paths {
            let methods = [
                (Method::GET, item.get),
                (Method::POST, item.post),
                (Method::PUT, item.put),
                (Method::PATCH, item.patch),
                (Method::DELETE, item.delete),
            ];
            let there = methods.into_iter().filter(|(_, operation)| operation.is_some());
            all.extend(there.map(|(method, _)| (method, path.clone(), needs)));
        }
    }
    all
}

/// Every route, with its description.
pub(super) fn routes() -> OpenApiRouter<Arc<State>> {
    table()
        .into_iter()
        .fold(OpenApiRouter::with_openapi(document::frame()), |router, route| router.routes(route.operations))
}

/// The pattern of every route.
pub(super) fn patterns() -> Vec<String> {
    let described = routes().into_openapi().paths.paths.into_keys();
    described.chain(ALIASES.map(str::to_owned)).collect()
}

/// The service: every route, and problem details for whatever is none.
pub fn router(state: &Arc<State>) -> Router {
    let guarded = table().into_iter().fold(OpenApiRouter::new(), |router, Route { needs, operations }| {
        let (schemas, paths, methods) = operations;
        let methods = match needs {
            Some(role) => methods.route_layer(from_fn_with_state((Arc::clone(state), role), guard)),
            None => methods,
        };
        router.routes((schemas, paths, methods))
    });
    let (router, _) = guarded.split_for_parts();
    let router = router
        .route(ALIASES[0], get(health::show_health))
        .route(ALIASES[1], get(health::show_readiness))
        .route(
            ALIASES[2],
            get(ogc::show_landing).route_layer(from_fn_with_state((Arc::clone(state), Role::Lookup), guard)),
        )
        .method_not_allowed_fallback(refuse_method)
        .fallback(refuse_path)
        .layer(CatchPanicLayer::custom(|_| Problem::internal().into_response()))
        .layer(compression::layer())
        .layer(from_fn_with_state(Arc::clone(state), around))
        .with_state(Arc::clone(state));
    let allowed = match &state.front().origins[..] {
        _ if state.options.cors => Some(AllowOrigin::any()),
        [] => None,
        origins if origins.iter().any(|origin| origin == "*") => Some(AllowOrigin::any()),
        origins => Some(AllowOrigin::list(origins.iter().filter_map(|origin| origin.parse().ok()))),
    };
    match allowed {
        Some(origins) => router.layer(cross_origin(origins)),
        None => router,
    }
}

fn cross_origin(origins: AllowOrigin) -> CorsLayer {
    CorsLayer::new().allow_origin(origins).allow_methods([Method::GET, Method::POST, Method::DELETE]).allow_headers([
        AUTHORIZATION,
        CONTENT_TYPE,
        IF_NONE_MATCH,
    ])
}

/// What happens around every handler: the URL's length, a problem in the language of the request, the log.
async fn around(Shared(state): Shared<Arc<State>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let language = Language::of_request(request.uri(), request.headers());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_fhir = is_fhir(request.uri().path());
    let method = request.method().clone();
    let trace = request.headers().get(TRACEPARENT).cloned();
    compression::simplify(request.headers_mut());
    let foreign =
        if state.options.cors { Ok(()) } else { state.front().check_origin(request.method(), request.headers()) };
    let response = match check_length(request.uri()).and(foreign) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let mut response = state.memory.count(response).unwrap_or_else(Problem::into_response);
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if is_fhir {
            write_outcome(&problem, &mut response, language);
        } else {
            problem.write(&mut response, language);
        }
    }
    response.headers_mut().extend(trace.map(|trace| (TRACEPARENT, trace)));
    compression::weaken_tag(&mut response);
    let pattern = route.as_ref().map(MatchedPath::as_str);
    state.metrics.request(pattern, &method, response.status(), started.elapsed());
    // Where neither is one of ours, either may hold anything.
    match pattern {
        Some(route) if response.status() != StatusCode::METHOD_NOT_ALLOWED => {
            log(method.as_str(), route, &response, started);
        }
        _ => log("-", "-", &response, started),
    }
    response
}

/// Whether [`answer_at_once`] answers a request.
pub(super) fn is_at_once(state: &State, method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    *method == Method::GET
        && uri.path() == resolve::PATH
        && !state.options.cors
        && state.front().origins.is_empty()
        && resolve::is_short(uri.query().unwrap_or_default())
        && is_known(state, headers, Role::Lookup)
}

/// The answer to the question that is asked most, without the way through the router.
///
/// The router gives the same, later: it looks the path up and keeps a future on the heap that has room for any handler's.
pub(super) fn answer_at_once(state: &State, parts: &Parts) -> Response {
    let started = Instant::now();
    let answer = || resolve::answer_query(state, parts.uri.query().unwrap_or_default());
    let outcome = check_length(&parts.uri).and_then(|()| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(answer)).unwrap_or_else(|_| Err(Problem::internal()))
    });
    let mut response = outcome.unwrap_or_else(|problem| problem.to_response(Language::of(parts)));
    if let Some(trace) = parts.headers.get(TRACEPARENT) {
        response.headers_mut().insert(TRACEPARENT, trace.clone());
    }
    state.metrics.request_at_once(response.status(), started.elapsed());
    log(Method::GET.as_str(), resolve::PATH, &response, started);
    response
}

/// Refuses a request without a host, or with several (RFC 9112, 3.2): whoever stands in front may mean another one.
pub(super) fn check_host(version: Version, headers: &HeaderMap) -> Result<(), Problem> {
    let count = headers.get_all(header::HOST).iter().take(2).count();
    if count == 1 || (count == 0 && version < Version::HTTP_11) {
        return Ok(());
    }
    Err(Problem::new(
        INVALID_HOST,
        "La requête doit avoir un en-tête « Host », et un seul.",
        "the request must have a \"Host\" header, and only one",
    ))
}

fn check_length(uri: &Uri) -> Result<(), Problem> {
    let length = uri.path().len() + uri.query().map_or(0, str::len);
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

async fn refuse_method(Shared(_): Shared<Arc<State>>) -> Problem {
    Problem::new(
        METHOD_NOT_ALLOWED,
        "Cette adresse n'accepte pas cette méthode : voyez l'en-tête « Allow ».",
        "this URL does not take that method: see the \"Allow\" header",
    )
}

async fn refuse_path(Shared(_): Shared<Arc<State>>) -> Problem {
    extract::not_found()
}

fn log(method: &str, route: &str, response: &Response, started: Instant) {
    let status = response.status().as_u16();
    let micros = started.elapsed().as_micros() as u64;
    if status >= 500 {
        // Told whether requests are logged or not; a request has no part in it but its route.
        tracing::error!(method, route, status, micros);
    } else {
        tracing::info!(target: ACCESS_LOG, method, route, status, micros);
    }
}
