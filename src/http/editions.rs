//! `/v1/editions` and `/v1/atlas`: what is served.

use std::collections::BTreeMap;

use axum::http::request::Parts;
use axum::response::Response;

use super::parameters::read;
use super::wire::{AtlasSummary, Counts, EditionSummary, FindingCount, Source, UnitSummary};
use super::{Problem, State, reply};
use crate::atlas::Atlas;
use crate::atlas::format::VERSION;
use crate::domain::Level;

/// `GET /v1/editions`: the editions in order of date.
pub fn list_editions(state: &State, parts: &Parts) -> Result<Response, Problem> {
    let [] = read(parts.uri.query(), [])?;
    reply::json(&summaries(&state.served().atlas))
}

fn summaries(atlas: &Atlas) -> Vec<EditionSummary<'_>> {
    atlas
        .editions()
        .map(|edition| {
            let count = |level| edition.hierarchy.territories(level).len();
            EditionSummary {
                header: edition.header,
                latest: edition.number + 1 == atlas.edition_count(),
                counts: Counts {
                    clsc: count(Level::Clsc),
                    rls: count(Level::Rls),
                    rts: count(Level::Rts),
                    rss: count(Level::Rss),
                    ruisss: count(Level::Ruisss),
                },
                straddles: edition.straddles.len(),
                nesting_breaks: edition.hierarchy.nesting_breaks(),
            }
        })
        .collect()
}

/// `GET /v1/atlas`: the atlas, what it holds and what it comes from.
pub fn show_atlas(state: &State, parts: &Parts) -> Result<Response, Problem> {
    let [] = read(parts.uri.query(), [])?;
    let served = state.served();
    let atlas = &served.atlas;
    let manifest = atlas.manifest();
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
        editions: summaries(atlas),
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
