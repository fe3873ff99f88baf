//! `/v1/territories/{level}/{code}/geometry`: outlines as GeoJSON.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::territories::{Asked, EditionParameters, Found, TerritoryPath, TerritoryProblems};
use crate::atlas::{Atlas, EditionView};
use crate::domain::Level;
use crate::export::geojson::write_feature;
use crate::http::extract::{StrictPath, StrictQuery};
use crate::http::problem::Problem;
use crate::http::wire::Feature;
use crate::http::{State, reply};
use crate::resolve::{outline, unit_outline};

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
