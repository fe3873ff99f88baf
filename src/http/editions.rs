//! `/v1/editions` and `/v1/atlas`: what is served.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::response::Response;

use super::drafts::Chosen;
use super::parameters::read;
use super::wire::{AtlasSummary, Counts, EditionSummary, FindingCount, Source, UnitSummary};
use super::{Problem, State, reply};
use crate::atlas::format::VERSION;
use crate::atlas::{Atlas, EditionView};
use crate::domain::{EditionChoice, Level};
use crate::resolve::DraftEdition;

/// `GET /v1/editions`: the editions in order of date, published revisions among them.
pub async fn list_editions(state: &Arc<State>, parts: &Parts) -> Result<Response, Problem> {
    let [] = read(parts.uri.query(), [])?;
    if state.revisions().is_none() {
        return reply::json(&summaries(&state.served().atlas));
    }
    let handle = Arc::clone(state);
    state
        .run_heavy(move || {
            let served = handle.served();
            let published = handle.published(&served)?;
            let mut list: Vec<EditionView<'_>> = served.atlas.editions().collect();
            let latest = handle.choose(Arc::clone(&served), &EditionChoice::Latest)?;
            list.extend(published.iter().map(Chosen::edition));
            // Of two that hold from the same day, that of the atlas answers for the day: it comes last.
            list.sort_by_key(|edition| (edition.header.valid_from, edition.number != DraftEdition::NUMBER));
            let latest = &latest.edition().header.id;
            reply::json(
                &list.into_iter().map(|edition| summary(edition, edition.header.id == *latest)).collect::<Vec<_>>(),
            )
        })
        .await
}

fn summaries(atlas: &Atlas) -> Vec<EditionSummary<'_>> {
    atlas.editions().map(|edition| summary(edition, edition.number + 1 == atlas.edition_count())).collect()
}

fn summary(edition: EditionView<'_>, latest: bool) -> EditionSummary<'_> {
    let count = |level| edition.hierarchy.territories(level).len();
    EditionSummary {
        header: edition.header,
        latest,
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
