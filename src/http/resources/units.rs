//! `/v1/units` and `/v1/editions/{edition}/assignments`: the units, and the CLSC of each, as lists that a map takes whole.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DatedEdition, EditionChoice, Level, UnitKind};
use crate::http::compression::{accepts_gzip, gzip, mark};
use crate::http::extract::{NoParameters, StrictPath, StrictQuery};
use crate::http::problem::{EDITION, HEAVY, Problem, problems};
use crate::http::{State, reply};
use crate::revision::Areas;

/// Which edition.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AssignmentPath {
    /// Identifier of an edition, or `latest`.
    #[param(min_length = 1)]
    pub(super) edition: String,
}

/// The units, a list a fact, all in the same order.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitList<'a> {
    /// What they are.
    kind: UnitKind,
    /// Identifiers.
    ids: Vec<&'a str>,
    /// People, where known.
    people: Vec<Option<u32>>,
    /// Area in square kilometres.
    area_km2: Vec<f64>,
    /// A position inside of each: longitude and latitude, one after the other.
    points: Vec<f64>,
    /// Municipalities, where they are known.
    municipalities: Option<AreaList<'a>>,
    /// MRC, or census divisions, where they are known.
    mrc: Option<AreaList<'a>>,
    /// Census tracts, where they are known.
    tracts: Option<AreaList<'a>>,
}

/// Which area each unit lies in.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaList<'a> {
    /// Codes of the areas.
    codes: Vec<&'a str>,
    /// Their names.
    names: Vec<&'a str>,
    /// For each unit, the place of its area in these lists; null where none is known.
    of_unit: &'a [Option<u32>],
}

/// The CLSC of every unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assignments<'a> {
    /// The edition.
    edition: DatedEdition<'a>,
    /// Codes of its CLSC.
    clsc: Vec<&'a str>,
    /// For each unit, in the order of `/v1/units`, the place of its CLSC in that list.
    clsc_of_unit: &'a [u16],
}

problems!(ListProblems: HEAVY);
problems!(AssignmentProblems: EDITION, HEAVY);

impl<'a> AreaList<'a> {
    fn new(areas: &'a Areas) -> Self {
        let (codes, names) = areas.names.iter().map(|(code, name)| (code.as_str(), name.as_str())).unzip();
        Self { codes, names, of_unit: &areas.of_unit }
    }
}

/// The units of the atlas, with their people and the areas that they lie in
#[utoipa::path(get, path = "/v1/units", tag = "territories",
    responses(
        (status = 200, description = "The units", body = UnitList, headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        ListProblems))]
pub async fn list_units(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let served = state.served();
    let compressed = accepts_gzip(&headers);
    let tag = etag(&format!("{}-units", served.checksum()), compressed)?;
    if let Some(response) = reply::not_modified(&headers, &tag) {
        return Ok(mark(response, false));
    }
    let work = move || {
        let (atlas, facts) = (&served.atlas, &served.bench().facts);
        let rounded = |value: f64, digits: f64| (value * digits).round() / digits;
        let list = UnitList {
            kind: atlas.manifest().unit_kind,
            ids: (0..atlas.unit_count()).map(|unit| atlas.unit_id(unit)).collect(),
            people: (0..atlas.unit_count()).map(|unit| atlas.people(unit)).collect(),
            area_km2: atlas.areas_m2().iter().map(|area| rounded(area / 1e6, 1e3)).collect(),
            points: (atlas.points_inside().iter())
                .flat_map(|point| [point.lon(), point.lat()].map(|degrees| rounded(degrees, 1e5)))
                .collect(),
            municipalities: facts.municipalities.as_ref().map(AreaList::new),
            mrc: facts.mrc.as_ref().map(AreaList::new),
            tracts: facts.tracts.as_ref().map(AreaList::new),
        };
        written(&list, compressed)
    };
    let bytes = state.run_heavy(work).await?;
    Ok(mark(reply::tagged(reply::bytes(bytes, "application/json"), &tag), compressed))
}

/// The CLSC of every unit in an edition, in the order of `/v1/units`
#[utoipa::path(get, path = "/v1/editions/{edition}/assignments", tag = "territories", params(AssignmentPath),
    responses(
        (status = 200, description = "The CLSC of every unit", body = Assignments,
            headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        AssignmentProblems))]
pub async fn list_assignments(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(AssignmentPath { edition }): StrictPath<AssignmentPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let chosen = State::choose(state.served(), &EditionChoice::named(&edition))?;
    let compressed = accepts_gzip(&headers);
    let tag = etag(&format!("{}-assignments", chosen.contents()), compressed)?;
    if let Some(response) = reply::not_modified(&headers, &tag) {
        return Ok(mark(response, false));
    }
    let work = move || {
        let view = chosen.view();
        let list = view.hierarchy.territories(Level::Clsc);
        let list = Assignments {
            edition: view.dated(),
            clsc: list.iter().map(|territory| territory.code.as_str()).collect(),
            clsc_of_unit: view.clsc_of_unit,
        };
        written(&list, compressed)
    };
    let bytes = state.run_heavy(work).await?;
    Ok(mark(reply::tagged(reply::bytes(bytes, "application/json"), &tag), compressed))
}

fn written(value: &impl Serialize, compressed: bool) -> Result<Vec<u8>, Problem> {
    let bytes = reply::to_bytes(value)?;
    if compressed { gzip(&bytes) } else { Ok(bytes) }
}

/// A tag that tells a body from any other, compressed or not.
fn etag(contents: &str, compressed: bool) -> Result<HeaderValue, Problem> {
    let tag = format!("\"{contents}-{}{}\"", env!("CARGO_PKG_VERSION"), if compressed { "-gzip" } else { "" });
    HeaderValue::from_str(&tag).map_err(|_| Problem::internal())
}
