//! The editions that the rows of a file are answered by.

use std::sync::Arc;

use super::CatalogueEdition;
use crate::atlas::{Atlas, EditionView};
use crate::domain::Date;
use crate::resolve::Resolver;

/// One edition for every row, or every edition, of which each row names the day. Never empty.
#[derive(Debug, Clone)]
pub struct EditionSet {
    editions: Vec<CatalogueEdition>,
    /// The day from which each holds.
    days: Vec<Date>,
    /// Place of the edition that answers where a row does not say.
    chosen: usize,
}

impl From<CatalogueEdition> for EditionSet {
    fn from(edition: CatalogueEdition) -> Self {
        Self { days: vec![edition.header().valid_from], editions: vec![edition], chosen: 0 }
    }
}

impl EditionSet {
    /// Editions in order of the day from which they hold; of those that begin on one day, the later in order holds.
    pub(super) fn by_day(editions: Vec<CatalogueEdition>) -> Self {
        let days = editions.iter().map(|edition| edition.header().valid_from).collect();
        Self { days, chosen: editions.len().saturating_sub(1), editions }
    }

    /// The atlas whose units the editions attach.
    #[must_use]
    pub fn atlas(&self) -> &Arc<Atlas> {
        self.editions[self.chosen].atlas()
    }

    /// What answers, edition by edition.
    #[must_use]
    pub fn resolvers(&self) -> Vec<Resolver<'_>> {
        self.editions.iter().map(CatalogueEdition::resolver).collect()
    }

    /// The editions, in order of the day from which they hold.
    pub fn views(&self) -> impl Iterator<Item = EditionView<'_>> {
        self.editions.iter().map(CatalogueEdition::view)
    }

    /// Place of the edition that answers where a row does not say.
    #[must_use]
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// Place of the edition that holds on a day; `None` before the first one.
    #[must_use]
    pub fn as_of(&self, day: Date) -> Option<usize> {
        self.days.partition_point(|from| *from <= day).checked_sub(1)
    }

    /// What tells these editions from any others, and so the answers of one run from those of another.
    #[must_use]
    pub fn tag(&self) -> String {
        self.editions.iter().map(CatalogueEdition::tag).collect::<Vec<_>>().join(" ")
    }
}
