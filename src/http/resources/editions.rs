//! `/v1/editions`: the editions that answer.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;

use crate::atlas::EditionView;
use crate::catalogue::{CatalogueEdition, Timetable};
use crate::domain::{Date, Level};
use crate::http::extract::{NoParameters, StrictQuery};
use crate::http::problem::{EDITION, HEAVY, Problem, problems};
use crate::http::wire::{Counts, EditionSummary};
use crate::http::{State, reply};

problems!(Problems: EDITION, HEAVY);

/// The editions in order of date, published revisions among them
#[utoipa::path(get, path = "/v1/editions", tag = "territories",
    responses((status = 200, description = "The editions", body = Vec<EditionSummary>), Problems))]
pub async fn list_editions(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let (served, today) = (state.served(), state.today());
    let work = move || {
        let timetable = served.timetable()?;
        reply::json(&summaries(&timetable, &timetable.editions()?, today)?)
    };
    state.run_heavy(work).await
}

/// Editions in a list.
pub(super) fn summaries<'a>(
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
