//! `/v1/editions` and `/v1/atlas`: what is served.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::response::Response;

use super::parameters::read;
use super::wire::{AtlasSummary, Counts, EditionSummary, FindingCount, Source, UnitSummary};
use super::{Problem, State, reply};
use crate::atlas::EditionView;
use crate::atlas::format::VERSION;
use crate::catalogue::{CatalogueEdition, Timetable};
use crate::domain::{Date, Level};

/// `GET /v1/editions`: the editions in order of date, published revisions among them.
pub async fn list_editions(state: &Arc<State>, parts: &Parts) -> Result<Response, Problem> {
    let [] = read(parts.uri.query(), [])?;
    let (served, today) = (state.served(), state.today());
    let work = move || {
        let timetable = served.timetable()?;
        reply::json(&summaries(&timetable, &timetable.editions()?, today)?)
    };
    state.run_heavy(work).await
}

fn summaries<'a>(
    timetable: &Timetable,
    editions: &'a [CatalogueEdition],
    today: Date,
) -> Result<Vec<EditionSummary<'a>>, Problem> {
    let (in_force, latest) = (&timetable.in_force(today)?.id, &timetable.latest()?.id);
    let views = editions.iter().map(CatalogueEdition::view);
    Ok(views.map(|view| summary(view, view.header.id == *in_force, view.header.id == *latest)).collect())
}

fn summary(edition: EditionView<'_>, in_force: bool, latest: bool) -> EditionSummary<'_> {
    let count = |level| edition.hierarchy.territories(level).len();
    EditionSummary {
        edition: edition.dated(),
        in_force,
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
