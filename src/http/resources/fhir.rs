//! `/fhir`: territories and établissements for systems of health (FHIR R4), read only.

use std::sync::Arc;

use axum::extract::{RawQuery, State as Shared};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::catalogue::CatalogueEdition;
use crate::domain::{EditionChoice, Language};
use crate::http::base::Base;
use crate::http::drafts::Chosen;
use crate::http::extract::{AnyBytes, StrictPath, StrictQuery};
use crate::http::fhir::wire::{Bundle, Location, Organization};
use crate::http::fhir::{
    self, Directory, JSON, LocationSearch, OrganizationSearch, Page, outcomes, search_locations, search_organizations,
};
use crate::http::problem::{
    BODY, EDITION, HEAVY, INVALID_CHOICE, INVALID_NUMBER, INVALID_QUESTION, OUT_OF_RANGE, Problem, SWAPPED_COORDINATES,
    UNKNOWN_TERRITORY,
};
use crate::http::{State, fields, reply};

/// Largest body of a search, bytes.
const MOST_BYTES: usize = 16 << 10;

/// How an answer is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReadParameters {
    /// How the answer is written: `json`.
    #[serde(rename = "_format")]
    #[param(rename = "_format", value_type = Option<String>)]
    _format: Option<String>,
}

/// Which resource.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ResourcePath {
    /// Level and code of the territory.
    #[param(min_length = 1, example = "rts-061")]
    id: String,
}

outcomes!(Outcomes: EDITION, HEAVY);
outcomes!(ReadOutcomes: EDITION, HEAVY, &[UNKNOWN_TERRITORY]);
outcomes!(SearchOutcomes: EDITION, HEAVY,
    &[INVALID_CHOICE, INVALID_NUMBER, INVALID_QUESTION, OUT_OF_RANGE, SWAPPED_COORDINATES]);
outcomes!(PostOutcomes: EDITION, HEAVY, BODY,
    &[INVALID_CHOICE, INVALID_NUMBER, INVALID_QUESTION, OUT_OF_RANGE, SWAPPED_COORDINATES]);

fn in_force(state: &State) -> Result<Chosen, Problem> {
    State::choose(state.served(), &EditionChoice::InForce(state.today()))
}

/// What the interface for FHIR R4 can do
#[utoipa::path(get, path = "/fhir/metadata", tag = "fhir", params(ReadParameters),
    responses((status = 200, description = "The capability statement", body = Object,
        content_type = "application/fhir+json"), Outcomes))]
pub async fn show_capability(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    StrictQuery(ReadParameters { _format: _ }): StrictQuery<ReadParameters>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let work = move || reply::to_bytes(&fhir::capability(&base, in_force(&handle)?.header().valid_from));
    Ok(reply::bytes(state.run_heavy(work).await?, JSON))
}

/// The territory, of the edition in force
#[utoipa::path(get, path = "/fhir/Location/{id}", tag = "fhir", params(ResourcePath, ReadParameters),
    responses(
        (status = 200, description = "The territory", body = Location, content_type = "application/fhir+json",
            headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        ReadOutcomes))]
pub async fn show_location(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    headers: HeaderMap,
    StrictPath(path): StrictPath<ResourcePath>,
    StrictQuery(ReadParameters { _format: _ }): StrictQuery<ReadParameters>,
) -> Result<Response, Problem> {
    read(&state, base, headers, move |directory| {
        let spot = directory.find(&path.id)?;
        reply::to_bytes(&directory.location(spot)).ok()
    })
    .await
}

/// The établissement, of the edition in force
#[utoipa::path(get, path = "/fhir/Organization/{id}", tag = "fhir", params(ResourcePath, ReadParameters),
    responses(
        (status = 200, description = "The établissement", body = Organization, content_type = "application/fhir+json",
            headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        ReadOutcomes))]
pub async fn show_organization(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    headers: HeaderMap,
    StrictPath(path): StrictPath<ResourcePath>,
    StrictQuery(ReadParameters { _format: _ }): StrictQuery<ReadParameters>,
) -> Result<Response, Problem> {
    read(&state, base, headers, move |directory| {
        let (level, place) = directory.find(&path.id)?;
        (level == crate::domain::Level::Rts).then(|| reply::to_bytes(&directory.organization(place)).ok())?
    })
    .await
}

async fn read(
    state: &Arc<State>,
    base: Base,
    headers: HeaderMap,
    resource: impl FnOnce(&Directory<'_>) -> Option<Vec<u8>> + Send + 'static,
) -> Result<Response, Problem> {
    let handle = Arc::clone(state);
    let work = move || {
        let chosen = in_force(&handle)?;
        // What it says of itself depends on where it was asked for.
        let tag = format!("\"{}-{}\"", CatalogueEdition::tag(&chosen), base.as_str());
        let tag = tag.parse().map_err(|_| Problem::internal())?;
        if let Some(response) = reply::not_modified(&headers, &tag) {
            return Ok(response);
        }
        let bytes = resource(&Directory::new(&chosen, &base)).ok_or_else(unknown)?;
        Ok(reply::tagged(reply::bytes(bytes, JSON), &tag))
    };
    state.run_heavy(work).await
}

fn unknown() -> Problem {
    Problem::new(
        UNKNOWN_TERRITORY,
        "Aucune ressource n'a cet identifiant dans l'édition en vigueur : par exemple Location/clsc-06122.",
        "no resource has this identifier in the edition in force: expected one such as Location/clsc-06122",
    )
}

/// Territories of the edition in force, by code, name, level, parent, établissement, or by a position that they hold
///
/// A position in a URL is in the log of every proxy on the way: for people's places, ask with POST.
#[utoipa::path(get, path = "/fhir/Location", tag = "fhir", params(LocationSearch),
    responses((status = 200, description = "What was found", body = Bundle, content_type = "application/fhir+json"),
        SearchOutcomes))]
pub async fn list_locations(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    language: Language,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let asked: LocationSearch = fields::read_query(&query)?;
    find(&state, base, move |directory| search_locations(directory, &asked, &Page { query: Some(&query), language }))
        .await
}

/// The same with the parameters in the body: what is asked is in no URL
#[utoipa::path(post, path = "/fhir/Location/_search", tag = "fhir",
    request_body(content = LocationSearch, content_type = "application/x-www-form-urlencoded", description = "The search",
        example = json!({ "contains": "45.5088|-73.5542", "type": "clsc" })),
    responses((status = 200, description = "What was found", body = Bundle, content_type = "application/fhir+json"),
        PostOutcomes))]
pub async fn find_locations(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    language: Language,
    RawQuery(query): RawQuery,
    AnyBytes(bytes): AnyBytes<MOST_BYTES>,
) -> Result<Response, Problem> {
    let asked: LocationSearch = of_both(query, &bytes)?;
    find(&state, base, move |directory| search_locations(directory, &asked, &Page { query: None, language })).await
}

/// Établissements of the edition in force, by code or name
#[utoipa::path(get, path = "/fhir/Organization", tag = "fhir", params(OrganizationSearch),
    responses((status = 200, description = "What was found", body = Bundle, content_type = "application/fhir+json"),
        SearchOutcomes))]
pub async fn list_organizations(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    language: Language,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let asked: OrganizationSearch = fields::read_query(&query)?;
    find(&state, base, move |directory| {
        search_organizations(directory, &asked, &Page { query: Some(&query), language })
    })
    .await
}

/// The same with the parameters in the body
#[utoipa::path(post, path = "/fhir/Organization/_search", tag = "fhir",
    request_body(content = OrganizationSearch, content_type = "application/x-www-form-urlencoded",
        description = "The search", example = json!({ "name:contains": "Laval" })),
    responses((status = 200, description = "What was found", body = Bundle, content_type = "application/fhir+json"),
        PostOutcomes))]
pub async fn find_organizations(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    language: Language,
    RawQuery(query): RawQuery,
    AnyBytes(bytes): AnyBytes<MOST_BYTES>,
) -> Result<Response, Problem> {
    let asked: OrganizationSearch = of_both(query, &bytes)?;
    find(&state, base, move |directory| search_organizations(directory, &asked, &Page { query: None, language })).await
}

/// Reads the parameters of a query string and of a body, which count as one list.
fn of_both<T: DeserializeOwned>(query: Option<String>, body: &[u8]) -> Result<T, Problem> {
    let body = std::str::from_utf8(body).map_err(|_| fields::not_utf8())?;
    fields::read_query(&format!("{}&{}", query.unwrap_or_default(), body.trim()))
}

async fn find(
    state: &Arc<State>,
    base: Base,
    search: impl FnOnce(&Directory<'_>) -> Result<Bundle, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let handle = Arc::clone(state);
    let work = move || {
        let chosen = in_force(&handle)?;
        reply::to_bytes(&search(&Directory::new(&chosen, &base))?)
    };
    Ok(reply::bytes(state.run_heavy(work).await?, JSON))
}
