//! `/v1/territories/{level}/{code}/geometry`: outlines as GeoJSON.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::territories::{Asked, EditionParameters, Found, TerritoryPath, TerritoryProblems};
use crate::atlas::{Atlas, EditionView};
use crate::domain::Level;
use crate::export::geojson::write_feature;
use crate::export::{self, CoordinateSystem, Format, Output};
use crate::http::extract::{StrictPath, StrictQuery};
use crate::http::problem::{EDITION, HEAVY, Problem, UNKNOWN_LEVEL, problems};
use crate::http::wire::{Feature, LevelCollection};
use crate::http::{State, reply};
use crate::resolve::{outline, unit_outline};

problems!(LevelProblems: EDITION, HEAVY, &[UNKNOWN_LEVEL]);

/// Its outline, as a GeoJSON Feature (RFC 7946)
///
/// A `MultiPolygon`, outer rings counterclockwise, holes clockwise, every vertex of the atlas with all its digits; a null geometry where there
/// is no unit.
#[utoipa::path(get, path = "/v1/territories/{level}/{code}/geometry", tag = "territories",
    params(TerritoryPath, EditionParameters),
    responses(
        (status = 200, description = "The outline", body = Feature, content_type = "application/geo+json",
            headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        TerritoryProblems))]
pub async fn show_geometry(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(path): StrictPath<TerritoryPath>,
    StrictQuery(edition): StrictQuery<EditionParameters>,
) -> Result<Response, Problem> {
    let asked = Asked::new(path, &edition, state.today())?;
    let served = state.served();
    let chosen = State::choose(served, &asked.choice)?;
    let found = asked.find(&chosen.served, chosen.view())?;
    let tag = chosen.tag();
    if let Some(response) = reply::not_modified(&headers, &tag) {
        return Ok(response);
    }
    let bytes = state.run_heavy(move || Ok(feature(&chosen.served.atlas, chosen.view(), found))).await?;
    Ok(reply::tagged(reply::bytes(bytes, "application/geo+json"), &tag))
}

/// Which level.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LevelPath {
    /// Level.
    #[param(value_type = Level)]
    level: String,
}

/// The outlines of all territories or units of a level, as `GeoJSON`: what `rattache atlas export` writes
#[utoipa::path(get, path = "/v1/territories/{level}/geometry", tag = "territories",
    params(LevelPath, EditionParameters),
    responses(
        (status = 200, description = "The outlines", body = LevelCollection, content_type = "application/geo+json",
            headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        LevelProblems))]
pub async fn show_level_geometry(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(path): StrictPath<LevelPath>,
    StrictQuery(edition): StrictQuery<EditionParameters>,
) -> Result<Response, Problem> {
    let level = path.level.parse::<Level>()?;
    let choice = edition.choice(state.today())?;
    let chosen = State::choose(state.served(), &choice)?;
    let tag = chosen.tag();
    if let Some(response) = reply::not_modified(&headers, &tag) {
        return Ok(response);
    }
    let key = format!("{tag:?} {level} geometry");
    let work = move || {
        if let Some(kept) = chosen.served.layers.answer(&key) {
            return Ok(kept);
        }
        let layer = chosen.served.layers.layer(&chosen, level);
        let layers = layer.get().map(std::slice::from_ref).ok_or_else(Problem::internal)?;
        let edition = export::Edition { header: chosen.header(), system: &CoordinateSystem::wgs84() };
        let mut out = Vec::new();
        let format = Format::find("geojson").map_err(|_| Problem::internal())?;
        export::write(format, edition, layers, Output::Stream(&mut out)).map_err(|_| Problem::internal())?;
        chosen.served.layers.keep(key, out)
    };
    let kept = state.run_heavy(work).await?;
    Ok(reply::kept((kept.plain, Some(kept.packed)), &headers, "application/geo+json", &tag))
}

fn feature(atlas: &Atlas, edition: EditionView<'_>, found: Found) -> Vec<u8> {
    let (polygons, level, code, name) = match found {
        Found::Territory(level, place) => {
            let territory = &edition.hierarchy.territories(level)[place];
            (outline(atlas, edition, level, place), level, territory.code.as_str(), territory.name.as_str())
        }
        Found::Unit(unit) => {
            let id = atlas.unit_id(unit);
            (unit_outline(atlas, unit), Level::Da, id, id)
        }
    };
    let properties = json!({ "code": code, "name": name, "level": level, "edition": edition.dated() });
    let mut out = Vec::new();
    write_feature(&mut out, code, &properties, &polygons);
    out
}
