//! The edition that a request asks for, with what is served.

use std::ops::Deref;
use std::sync::Arc;

use axum::http::HeaderValue;

use super::{Problem, Served, State};
use crate::catalogue::{CatalogueEdition, Timetable};
use crate::domain::EditionChoice;
use crate::resolve::{Placement, Query, Resolution};

/// The edition that a request asks for.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// What is served.
    pub served: Arc<Served>,
    edition: CatalogueEdition,
}

impl State {
    /// The edition that a choice means: of the atlas, else of the store where there is one.
    pub(super) fn choose(served: Arc<Served>, choice: &EditionChoice) -> Result<Chosen, Problem> {
        let edition = served.catalogue.choose(choice)?;
        Ok(Chosen { served, edition })
    }

    /// The edition that a revision may be based on: of the atlas, or a published revision.
    pub(super) fn base(served: &Arc<Served>, choice: &EditionChoice) -> Result<Chosen, Problem> {
        let edition = served.catalogue.timetable()?.base(choice)?;
        Ok(Chosen { served: Arc::clone(served), edition })
    }
}

impl Served {
    /// The editions at this moment: asked once a request.
    pub(super) fn timetable(&self) -> Result<Timetable, Problem> {
        Ok(self.catalogue.timetable()?)
    }

    /// Answers a query and writes the answer: the bytes of a [`Resolution`] as JSON. Gives what became of the place.
    pub(super) fn answer_into(
        &self,
        timetable: &Timetable,
        out: &mut Vec<u8>,
        query: &Query,
    ) -> Result<Placement, Problem> {
        let edition = timetable.choose(&query.edition)?;
        let answer = edition.answer(query)?;
        let written = match edition.number() {
            Some(number) => self.fragments[number].write(out, edition.view(), &answer),
            None => serde_json::to_writer(out, &answer),
        };
        written.map_err(|_| Problem::internal())?;
        Ok(answer.placement)
    }
}

impl Deref for Chosen {
    type Target = CatalogueEdition;

    fn deref(&self) -> &CatalogueEdition {
        &self.edition
    }
}

impl Chosen {
    /// Answers a query that means this edition.
    pub fn resolve(&self, query: &Query) -> Result<Resolution<'_>, Problem> {
        Ok(self.answer(query)?)
    }

    /// What tells its contents from any other.
    pub fn contents(&self) -> String {
        self.edition.tag()
    }

    /// What tells its contents from any other, for `ETag`.
    pub fn tag(&self) -> HeaderValue {
        let tag = format!("\"{}-{}\"", self.edition.tag(), env!("CARGO_PKG_VERSION"));
        HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
    }
}
