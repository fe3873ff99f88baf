//! `/v1/editions`: the editions that answer.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;

use crate::atlas::{Atlas, EditionView};
use crate::domain::{EditionChoice, Level};
use crate::http::drafts::Chosen;
use crate::http::extract::{NoParameters, StrictQuery};
use crate::http::problem::{EDITION, HEAVY, Problem, problems};
use crate::http::wire::{Counts, EditionSummary};
use crate::http::{State, reply};
use crate::resolve::DraftEdition;

problems!(Problems: EDITION, HEAVY);

/// The editions in order of date, published revisions among them
#[utoipa::path(get, path = "/v1/editions", tag = "territories",
    responses((status = 200, description = "The editions", body = Vec<EditionSummary>), Problems))]
pub async fn list_editions(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    if state.revisions().is_none() {
        return reply::json(&summaries(&state.served().atlas));
    }
    let handle = Arc::clone(&state);
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

pub(super) fn summaries(atlas: &Atlas) -> Vec<EditionSummary<'_>> {
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

