//! `/ogc`: territories and units for programs of maps (OGC API - Features).

use std::sync::Arc;

use axum::extract::{RawQuery, State as Shared};
use axum::http::header::{CONTENT_LANGUAGE, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::{Language, Level};
use crate::http::base::Base;
use crate::http::extract::{StrictPath, StrictQuery};
use crate::http::ogc::wire::{Collection, Collections, Conformance, LandingPage, OgcFeature, OgcFeatureCollection};
use crate::http::ogc::{self, Answer, ItemParameters, ItemsParameters, ItemsQuery, PropertyParameters};
use crate::http::problem::{
    EDITION, HEAVY, INVALID_BBOX, INVALID_CHOICE, INVALID_NUMBER, OUT_OF_RANGE, Problem, UNKNOWN_CRS, UNKNOWN_LEVEL,
    UNKNOWN_TERRITORY, problems,
};
use crate::http::{State, reply};

/// The system of the outlines of an answer (Part 2, 7.15.2).
const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// How an answer is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormatParameter {
    /// How the answer is written: JSON is all there is.
    #[param(inline)]
    #[expect(dead_code, reason = "there is one way; what else is asked for is refused where it is read")]
    f: Option<OnlyJson>,
}

/// JSON, all there is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnlyJson {
    /// JSON.
    Json,
}

/// Which collection.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CollectionPath {
    /// The level whose features it holds.
    #[param(value_type = Level)]
    collection: String,
}

/// Which feature.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ItemPath {
    /// The level whose features the collection holds.
    #[param(value_type = Level)]
    collection: String,
    /// The feature: its code, with `@` and the edition where that is not in force.
    #[param(min_length = 1, example = "06122")]
    id: String,
}

problems!(Problems: HEAVY, EDITION, &[INVALID_CHOICE]);
problems!(CollectionProblems: HEAVY, EDITION, &[INVALID_CHOICE, UNKNOWN_LEVEL]);
problems!(ItemProblems: HEAVY, EDITION, &[INVALID_CHOICE, UNKNOWN_LEVEL, UNKNOWN_TERRITORY, UNKNOWN_CRS]);
problems!(ItemsProblems: HEAVY, EDITION,
    &[INVALID_CHOICE, UNKNOWN_LEVEL, UNKNOWN_CRS, INVALID_BBOX, INVALID_NUMBER, OUT_OF_RANGE]);

/// An answer in a language.
fn spoken(mut response: Response, language: Language) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    headers.append(VARY, HeaderValue::from_static("accept-language"));
    response
}

/// Where everything starts: links to the description, the collections and the classes of conformance
#[utoipa::path(get, path = "/ogc", tag = "ogc", params(FormatParameter),
    responses((status = 200, description = "The landing page", body = LandingPage), Problems))]
pub async fn show_landing(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    language: Language,
    StrictQuery(FormatParameter { f: _ }): StrictQuery<FormatParameter>,
) -> Result<Response, Problem> {
    Ok(spoken(reply::json(&ogc::landing(&state.served(), &base, language))?, language))
}

/// The parts of OGC API - Features that are kept
#[utoipa::path(get, path = "/ogc/conformance", tag = "ogc", params(FormatParameter),
    responses((status = 200, description = "Classes of conformance", body = Conformance), Problems))]
pub async fn show_conformance(
    StrictQuery(FormatParameter { f: _ }): StrictQuery<FormatParameter>,
) -> Result<Response, Problem> {
    reply::json(&ogc::conformance())
}

/// The description of `/ogc` alone, in `OpenAPI` 3.0, each collection with a path of its own
#[utoipa::path(get, path = "/ogc/api", tag = "ogc", params(FormatParameter),
    responses((status = 200, description = "The description", body = Object,
        content_type = "application/vnd.oai.openapi+json"), Problems))]
pub async fn show_ogc_api(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    StrictQuery(FormatParameter { f: _ }): StrictQuery<FormatParameter>,
) -> Result<Response, Problem> {
    let served = state.served();
    let bytes = state.run_heavy(move || reply::to_bytes(&ogc::description(&served.atlas, &base))).await?;
    Ok(reply::bytes(bytes, "application/vnd.oai.openapi+json;version=3.0"))
}

/// The collections: one a level
#[utoipa::path(get, path = "/ogc/collections", tag = "ogc", params(FormatParameter),
    responses((status = 200, description = "The collections", body = Collections), Problems))]
pub async fn list_collections(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    language: Language,
    StrictQuery(FormatParameter { f: _ }): StrictQuery<FormatParameter>,
) -> Result<Response, Problem> {
    let served = state.served();
    let work = move || reply::json(&ogc::collections(&served, &base, language)?);
    Ok(spoken(state.run_heavy(work).await?, language))
}

/// A collection
#[utoipa::path(get, path = "/ogc/collections/{collection}", tag = "ogc", params(CollectionPath, FormatParameter),
    responses((status = 200, description = "The collection", body = Collection), CollectionProblems))]
pub async fn show_collection(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    language: Language,
    StrictPath(path): StrictPath<CollectionPath>,
    StrictQuery(FormatParameter { f: _ }): StrictQuery<FormatParameter>,
) -> Result<Response, Problem> {
    let level = ogc::level(&path.collection)?;
    let served = state.served();
    let work = move || reply::json(&ogc::collection(&served, level, &base, language)?);
    Ok(spoken(state.run_heavy(work).await?, language))
}

/// The properties that features of a collection may be asked for by, as a JSON Schema
#[utoipa::path(get, path = "/ogc/collections/{collection}/queryables", tag = "ogc",
    params(CollectionPath, FormatParameter),
    responses((status = 200, description = "The schema", body = Object, content_type = "application/schema+json"),
        CollectionProblems))]
pub async fn show_queryables(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    language: Language,
    StrictPath(path): StrictPath<CollectionPath>,
    StrictQuery(FormatParameter { f: _ }): StrictQuery<FormatParameter>,
) -> Result<Response, Problem> {
    let level = ogc::level(&path.collection)?;
    let bytes = reply::to_bytes(&ogc::queryables(&state.served(), level, &base, language))?;
    Ok(spoken(reply::bytes(bytes, "application/schema+json"), language))
}

/// Features of a collection, page by page, by box, by time and by the value of their properties
#[utoipa::path(get, path = "/ogc/collections/{collection}/items", tag = "ogc",
    params(CollectionPath, ItemsParameters, PropertyParameters),
    responses(
        (status = 200, description = "A page of features", body = OgcFeatureCollection,
            content_type = "application/geo+json",
            headers(("ETag" = String, description = "For If-None-Match"),
                ("Content-Crs" = String, description = "The system of the outlines"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        ItemsProblems))]
pub async fn list_features(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    headers: HeaderMap,
    StrictPath(path): StrictPath<CollectionPath>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let level = ogc::level(&path.collection)?;
    let (handle, given) = (Arc::clone(&state), headers.clone());
    let work = move || {
        let (served, today) = (handle.served(), handle.today());
        let system = |code| handle.system(code);
        let query = ItemsQuery::read(query.as_deref().unwrap_or_default(), &served.atlas, level, system)?;
        let known = |tag: &HeaderValue| reply::not_modified(&given, tag).is_some();
        ogc::answer_items(&served, today, &base, &query, system, known)
    };
    Ok(given_out(state.run_heavy(work).await?, &headers))
}

/// A feature
#[utoipa::path(get, path = "/ogc/collections/{collection}/items/{id}", tag = "ogc", params(ItemPath, ItemParameters),
    responses(
        (status = 200, description = "The feature", body = OgcFeature, content_type = "application/geo+json",
            headers(("ETag" = String, description = "For If-None-Match"),
                ("Content-Crs" = String, description = "The system of the outline"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        ItemProblems))]
pub async fn show_feature(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    headers: HeaderMap,
    StrictPath(path): StrictPath<ItemPath>,
    StrictQuery(asked): StrictQuery<ItemParameters>,
) -> Result<Response, Problem> {
    let level = ogc::level(&path.collection)?;
    let crs = asked.crs()?;
    let (handle, given) = (Arc::clone(&state), headers.clone());
    let work = move || {
        let (served, today) = (handle.served(), handle.today());
        let known = |tag: &HeaderValue| reply::not_modified(&given, tag).is_some();
        ogc::answer_item(&served, today, &base, (level, &path.id, crs), |code| handle.system(code), known)
    };
    Ok(given_out(state.run_heavy(work).await?, &headers))
}

/// An answer for whoever asks, packed where that was kept and is taken.
fn given_out(answer: Answer, headers: &HeaderMap) -> Response {
    let Answer { bytes, tag, crs } = answer;
    let Some((plain, packed)) = bytes else {
        return reply::not_modified(headers, &tag).unwrap_or_default();
    };
    let mut response = reply::kept((plain, packed), headers, "application/geo+json", &tag);
    response.headers_mut().extend(HeaderValue::from_str(&format!("<{crs}>")).map(|crs| (CONTENT_CRS, crs)));
    response
}
