//! `/tiles`: the territories of an edition, and the units, as vector tiles.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::header::{CACHE_CONTROL, HOST};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{EditionChoice, Level};
use crate::geometry::{FixedBox, FixedPoint};
use crate::http::compression::{accepts_gzip, gunzip, mark};
use crate::http::drafts::Chosen;
use crate::http::extract::{NoParameters, StrictPath, StrictQuery};
use crate::http::fields::not_a_number;
use crate::http::problem::{EDITION, HEAVY, INVALID_NUMBER, OUT_OF_RANGE, Problem, UNKNOWN_LEVEL, problems};
use crate::http::{State, reply};
use crate::tiles::{LABELS, MOST_ZOOM, TERRITORIES, TileId, least_zoom};

const TILE: &str = "application/vnd.mapbox-vector-tile";

/// Which tile.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TilePath {
    /// Identifier of an edition, or `latest`. Tiles of units are the same for every edition.
    #[param(min_length = 1)]
    edition: String,
    /// Level.
    #[param(value_type = Level)]
    level: String,
    /// Zoom, 0 to 14.
    #[param(value_type = u8, maximum = 14, example = 9)]
    z: String,
    /// Column, from the west.
    #[param(value_type = u32, example = 151)]
    x: String,
    /// Row, from the north.
    #[param(value_type = u32, example = 183)]
    y: String,
}

/// Which tiles.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TilesetPath {
    /// Identifier of an edition, or `latest`.
    #[param(min_length = 1)]
    edition: String,
    /// Level.
    #[param(value_type = Level)]
    level: String,
}

/// Whether a tile may be kept for ever.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TileParameters {
    /// The version that a description of the tiles names: a tile asked for with it never changes.
    v: Option<String>,
}

/// A description of tiles (`TileJSON` 3.0).
#[derive(Debug, Serialize, ToSchema)]
pub struct TileJson {
    /// Always `3.0.0`.
    tilejson: &'static str,
    /// What they are.
    name: String,
    /// Where they are.
    tiles: Vec<String>,
    /// The layers in each.
    vector_layers: Vec<TileLayer>,
    /// The least zoom: below, tiles are empty.
    minzoom: u8,
    /// The most detailed zoom: maps enlarge its tiles.
    maxzoom: u8,
    /// West, south, east and north limits, degrees.
    bounds: [f64; 4],
    /// Tells these tiles from any others; as `v`, it lets a tile be kept for ever.
    version: String,
}

/// A layer of tiles.
#[derive(Debug, Serialize, ToSchema)]
pub struct TileLayer {
    /// Its name.
    id: &'static str,
    /// Fields of its features.
    fields: std::collections::BTreeMap<&'static str, &'static str>,
    /// The least zoom.
    minzoom: u8,
    /// The most detailed zoom.
    maxzoom: u8,
}

problems!(TilesetProblems: EDITION, HEAVY, &[UNKNOWN_LEVEL]);
problems!(TileProblems: EDITION, HEAVY, &[UNKNOWN_LEVEL, INVALID_NUMBER, OUT_OF_RANGE]);

/// What tells the tiles of a level of an edition from any others.
fn tag_of(chosen: &Chosen, level: Level) -> Arc<str> {
    // Limits of units are those of the atlas, whatever the edition.
    match level {
        Level::Da => format!("{}-da", chosen.served.checksum()).into(),
        _ => format!("{}-{level}", chosen.contents()).into(),
    }
}

/// The tiles of a level, described (`TileJSON` 3.0)
#[utoipa::path(get, path = "/tiles/{edition}/{level}", tag = "territories", params(TilesetPath),
    responses((status = 200, description = "The description", body = TileJson), TilesetProblems))]
pub async fn describe_tiles(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(path): StrictPath<TilesetPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let level = path.level.parse::<Level>()?;
    let chosen = State::choose(state.served(), &EditionChoice::named(&path.edition))?;
    let header = chosen.header();
    let mut around = FixedBox::EMPTY;
    for unit in chosen.served.atlas.unit_boxes() {
        around.add(*unit);
    }
    let (low, high) = (FixedPoint { x: around.x0, y: around.y0 }, FixedPoint { x: around.x1, y: around.y1 });
    let version = tag_of(&chosen, level);
    let layer = |id| TileLayer {
        id,
        fields: [("code", "String"), ("name", "String")].into_iter().collect(),
        minzoom: least_zoom(level),
        maxzoom: MOST_ZOOM,
    };
    let path = format!("tiles/{}/{level}/{{z}}/{{x}}/{{y}}?v={version}", header.id);
    reply::json(&TileJson {
        tilejson: "3.0.0",
        name: format!("{} {}", level.acronym(), header.label),
        tiles: vec![format!("{}/{path}", origin(&headers))],
        vector_layers: [TERRITORIES, LABELS].map(layer).into(),
        minzoom: least_zoom(level),
        maxzoom: MOST_ZOOM,
        bounds: [low.lon(), low.lat(), high.lon(), high.lat()].map(|degrees| (degrees * 1e6).round() / 1e6),
        version: version.to_string(),
    })
}

/// Where this server is, as who asks sees it.
fn origin(headers: &HeaderMap) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if header("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    let host = header("x-forwarded-host").or_else(|| header(HOST.as_str())).unwrap_or("localhost");
    let prefix = header("x-forwarded-prefix").unwrap_or_default().trim_end_matches('/');
    format!("{scheme}://{host}{prefix}")
}

/// A vector tile (Mapbox Vector Tile 2.1)
///
/// The layer `territories` has outlines, thinned out for the zoom so that neighbours never part; `labels` has where names stand.
/// Features have `code` and, where there is one, `name`. Limits are to be looked at: questions are for `/v1/resolve`.
#[utoipa::path(get, path = "/tiles/{edition}/{level}/{z}/{x}/{y}", tag = "territories", params(TilePath, TileParameters),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile",
            headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 204, description = "Nothing is in that tile"),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        TileProblems))]
pub async fn show_tile(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(path): StrictPath<TilePath>,
    StrictQuery(asked): StrictQuery<TileParameters>,
) -> Result<Response, Problem> {
    let level = path.level.parse::<Level>()?;
    let tile = tile_of(&path)?;
    let chosen = State::choose(state.served(), &EditionChoice::named(&path.edition))?;
    let tag = tag_of(&chosen, level);
    let compressed = accepts_gzip(&headers);
    let etag = format!("\"{tag}-{}{}\"", env!("CARGO_PKG_VERSION"), if compressed { "-gzip" } else { "" });
    let etag = HeaderValue::from_str(&etag).map_err(|_| Problem::internal())?;
    let for_ever = asked.v.as_deref() == Some(&*tag);
    let kept = |mut response: Response| {
        if for_ever {
            let value = HeaderValue::from_static("public, max-age=31536000, immutable");
            response.headers_mut().insert(CACHE_CONTROL, value);
        }
        mark(response, false)
    };
    if let Some(response) = reply::not_modified(&headers, &etag) {
        return Ok(kept(response));
    }
    let bytes = if tile.z < least_zoom(level) {
        Arc::default()
    } else if let Some(bytes) = chosen.served.tiles.find(&tag, level, tile) {
        bytes
    } else {
        state.run_heavy(move || chosen.served.tiles.make(&chosen, &tag, level, tile)).await?
    };
    if bytes.is_empty() {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        return Ok(kept(reply::tagged(response, &etag)));
    }
    let body = if compressed { bytes.to_vec() } else { gunzip(&bytes)? };
    let response = kept(reply::tagged(reply::bytes(body, TILE), &etag));
    Ok(mark(response, compressed))
}

fn tile_of(path: &TilePath) -> Result<TileId, Problem> {
    let number = |name, text: &str| text.parse::<u32>().map_err(|_| not_a_number(name, text));
    let (z, x, y) = (number("z", &path.z)?, number("x", &path.x)?, number("y", &path.y)?);
    u8::try_from(z).ok().and_then(|z| TileId::new(z, x, y)).ok_or_else(|| {
        Problem::new(
            OUT_OF_RANGE,
            format!("La tuile {z}/{x}/{y} n'existe pas : le zoom va de 0 à {MOST_ZOOM}, la colonne et la rangée jusqu'à 2^zoom - 1."),
            format!("there is no tile {z}/{x}/{y}: the zoom goes from 0 to {MOST_ZOOM}, column and row to 2^zoom - 1"),
        )
        .about("z")
    })
}
