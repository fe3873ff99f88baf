//! `/v1/editions/{edition}/layers/{level}` and `/v1/editions/{edition}/criteria`: a level of an edition as a file, and its CLSC
//! against the criteria.

use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::revisions::CriteriaParameters;
use super::territories::parse_bbox;
use super::units::AssignmentPath;
use crate::domain::{DatedEdition, EditionChoice, Level};
use crate::export::{self, CoordinateSystem, Format, Layer, Output};
use crate::files::bytes_of;
use crate::http::drafts::Chosen;
use crate::http::extract::{StrictPath, StrictQuery};
use crate::http::problem::{
    EDITION, HEAVY, INVALID_BBOX, INVALID_CHOICE, INVALID_NUMBER, OUT_OF_RANGE, Problem, UNKNOWN_LEVEL, problems,
};
use crate::http::wire::LevelCollection;
use crate::http::{State, reply};
use crate::revision::{ClscCriteria, CriteriaGrounds, CriteriaSettings};

/// Which level of which edition.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LayerPath {
    /// Identifier of an edition, or `latest`.
    #[param(min_length = 1)]
    edition: String,
    /// Level.
    #[param(value_type = Level)]
    level: String,
}

/// How a level is written.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LayerFormat {
    /// `GeoJSON`.
    #[default]
    Geojson,
    /// CSV, without outlines.
    Csv,
    /// `GeoPackage`.
    Gpkg,
    /// `GeoParquet`.
    Parquet,
}

/// What of a level is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LayerParameters {
    /// The kind of file; `geojson` where it is left out.
    format: Option<LayerFormat>,
    /// West, south, east and north limits in degrees: territories whose own box shares a point with it.
    #[param(example = "-74,45.4,-73.4,45.7")]
    bbox: Option<String>,
}

/// The CLSC of an edition against the criteria.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionCriteria<'a> {
    /// The edition.
    edition: DatedEdition<'a>,
    /// What is asked of a CLSC.
    settings: CriteriaSettings,
    /// Each CLSC, in order of code.
    clsc: Vec<ClscCriteria>,
    /// People of each CLSC, in the same order, in other years, where they are known; projected ones too.
    years: Vec<PeopleInYear>,
}

/// People of every CLSC in a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleInYear {
    /// The year.
    year: i32,
    /// People.
    people: Vec<u64>,
}

problems!(LayerProblems: EDITION, HEAVY, &[UNKNOWN_LEVEL, INVALID_CHOICE, INVALID_BBOX, INVALID_NUMBER, OUT_OF_RANGE]);
problems!(CriteriaProblems: EDITION, HEAVY, &[INVALID_NUMBER, OUT_OF_RANGE]);

impl LayerFormat {
    /// Its word in the register of formats, its type and its ending.
    const fn kind(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Geojson => ("geojson", "application/geo+json", "geojson"),
            Self::Csv => ("csv", "text/csv", "csv"),
            Self::Gpkg => ("geopackage", "application/geopackage+sqlite3", "gpkg"),
            Self::Parquet => ("geoparquet", "application/vnd.apache.parquet", "parquet"),
        }
    }
}

/// A level as a file: `GeoJSON`, `GeoPackage`, `GeoParquet` or CSV
#[utoipa::path(get, path = "/v1/editions/{edition}/layers/{level}", tag = "territories", params(LayerPath, LayerParameters),
    responses(
        (status = 200, description = "The file",
            content((LevelCollection<'_> = "application/geo+json"), (String = "text/csv"),
                (Vec<u8> = "application/geopackage+sqlite3"), (Vec<u8> = "application/vnd.apache.parquet"))),
        LayerProblems))]
pub async fn export_layer(
    Shared(state): Shared<Arc<State>>,
    StrictPath(path): StrictPath<LayerPath>,
    StrictQuery(asked): StrictQuery<LayerParameters>,
) -> Result<Response, Problem> {
    let level = path.level.parse::<Level>()?;
    let bbox = asked.bbox.as_deref().map(parse_bbox).transpose()?;
    let chosen = State::choose(state.served(), &EditionChoice::named(&path.edition))?;
    let (word, kind, ending) = asked.format.unwrap_or_default().kind();
    let name = format!("attachment; filename=\"{level}-{}.{ending}\"", chosen.header().id);
    let work = move || {
        let format = Format::find(word).map_err(|_| Problem::internal())?;
        let mut layer = Layer::of(chosen.atlas(), &chosen.resolver(), level, format.outlines);
        if let Some(bbox) = bbox {
            let mut places = chosen.boxes(level).meeting(bbox);
            places.sort_unstable();
            let mut place = 0;
            layer.records.retain(|_| {
                place += 1;
                places.binary_search(&(place - 1)).is_ok()
            });
        }
        written(&chosen, format, layer, ending)
    };
    let mut response = reply::bytes(state.run_heavy(work).await?, kind);
    let name = HeaderValue::from_str(&name).map_err(|_| Problem::internal())?;
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

fn written(chosen: &Chosen, format: &Format, layer: Layer, ending: &str) -> Result<Vec<u8>, Problem> {
    let system = CoordinateSystem::wgs84();
    let about = export::Edition { header: chosen.header(), system: &system };
    if let export::Writer::Stream(_) = format.writer {
        let mut out = Vec::new();
        let written = export::write(format, about, &[layer], Output::Stream(&mut out));
        written.map_err(|_| Problem::internal())?;
        return Ok(out);
    }
    // Such files are made of pages that are gone back to.
    let write =
        |path: &Path| export::write(format, about, &[layer], Output::Name(path)).map(|_| ()).map_err(io::Error::other);
    bytes_of(&format!("layer.{ending}"), write).map_err(|_: io::Error| Problem::internal())
}

/// The CLSC of an edition against the criteria of planning, with their people in other years
#[utoipa::path(get, path = "/v1/editions/{edition}/criteria", tag = "revisions", params(AssignmentPath, CriteriaParameters),
    responses((status = 200, description = "The CLSC", body = EditionCriteria), CriteriaProblems))]
pub async fn show_criteria(
    Shared(state): Shared<Arc<State>>,
    StrictPath(path): StrictPath<AssignmentPath>,
    StrictQuery(asked): StrictQuery<CriteriaParameters>,
) -> Result<Response, Problem> {
    let settings: CriteriaSettings = asked.settings()?;
    let chosen = State::choose(state.served(), &EditionChoice::named(&path.edition))?;
    let work = move || {
        let (bench, ground) = (chosen.served.bench(), chosen.impact_base());
        let engine = ground.engine(bench);
        let grounds = CriteriaGrounds::new(&engine, &bench.units, settings);
        let count = ground.edition.hierarchy.clsc_count() as u16;
        let years = bench.facts.years.iter().map(|known| PeopleInYear {
            year: known.year,
            people: (0..count)
                .map(|clsc| engine.members(clsc).iter().map(|&unit| known.people[unit as usize]).sum())
                .collect(),
        });
        reply::json(&EditionCriteria {
            edition: chosen.view().dated(),
            settings: *grounds.settings(),
            clsc: (0..count).map(|clsc| grounds.measure(&engine, clsc)).collect(),
            years: years.collect(),
        })
    };
    state.run_heavy(work).await
}
