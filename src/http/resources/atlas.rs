//! `/v1/atlas`: what is served.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;

use super::editions::summaries;
use crate::atlas::format::VERSION;
use crate::http::extract::{NoParameters, StrictQuery};
use crate::http::problem::{EDITION, Problem, problems};
use crate::http::wire::{AtlasSummary, FindingCount, Source, UnitSummary};
use crate::http::{State, reply};

problems!(Problems: EDITION);

/// The atlas, what it holds and what it comes from
#[utoipa::path(get, path = "/v1/atlas", tag = "service",
    responses((status = 200, description = "The atlas", body = AtlasSummary), Problems))]
pub async fn show_atlas(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let served = state.served();
    let atlas = &served.atlas;
    let manifest = atlas.manifest();
    let timetable = served.timetable()?;
    let editions = timetable.of_atlas()?;
    let coverage = atlas.coverage();
    let mut findings = BTreeMap::new();
    for finding in &manifest.findings {
        *findings.entry((finding.severity, finding.kind)).or_insert(0) += 1;
    }
    reply::json(&AtlasSummary {
        program: &manifest.program,
        format_version: VERSION,
        checksum: served.checksum(),
        bytes: atlas.bytes().len(),
        units: UnitSummary { kind: manifest.unit_kind, count: atlas.unit_count() },
        arcs: coverage.arc_count(),
        vertices: coverage.vertices.len(),
        nearest_m: manifest.nearest_m,
        installations: manifest.installations.len(),
        addresses: atlas.gazetteer().map(|gazetteer| gazetteer.address_count()),
        editions: summaries(&timetable, &editions, state.today())?,
        sources: manifest
            .sources
            .iter()
            .map(|source| Source {
                role: &source.role,
                name: &source.name,
                xxh3: Some(source.xxh3.as_str()).filter(|xxh3| !xxh3.is_empty()),
            })
            .collect(),
        findings: findings
            .into_iter()
            .map(|((severity, kind), count)| FindingCount { severity, kind, count })
            .collect(),
    })
}
