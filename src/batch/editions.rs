//! The editions that rows are answered by.

use xxhash_rust::xxh3::Xxh3;

use crate::atlas::{Atlas, EditionView};
use crate::domain::{Date, EditionChoice, EditionError};
use crate::resolve::{DraftEdition, Resolver};

/// The editions of an atlas; with a draft on it, that one answers every row; with published revisions, each answers the rows of
/// its days as an edition of the atlas does.
#[derive(Debug, Clone, Copy)]
pub struct Editions<'a> {
    atlas: &'a Atlas,
    draft: Option<&'a DraftEdition>,
    published: &'a [&'a DraftEdition],
}

impl<'a> From<&'a Atlas> for Editions<'a> {
    fn from(atlas: &'a Atlas) -> Self {
        Self { atlas, draft: None, published: &[] }
    }
}

impl<'a> Editions<'a> {
    /// The editions of an atlas and a draft that was made on it.
    #[must_use]
    pub fn with_draft(atlas: &'a Atlas, draft: Option<&'a DraftEdition>) -> Self {
        Self { atlas, draft, published: &[] }
    }

    /// The editions of an atlas and the revisions that were published on it, for rows that each name their day.
    #[must_use]
    pub fn with_published(atlas: &'a Atlas, published: &'a [&'a DraftEdition]) -> Self {
        Self { atlas, draft: None, published }
    }

    /// The atlas.
    #[must_use]
    pub fn atlas(&self) -> &'a Atlas {
        self.atlas
    }

    /// What tells the drafts from any others; 0 without one.
    #[must_use]
    pub fn draft_checksum(&self) -> u64 {
        let mut hash = Xxh3::new();
        for view in self.drafts() {
            hash.update(bytemuck::cast_slice(view.clsc_of_unit));
            // Tables of names and codes are always JSON.
            hash.update(&serde_json::to_vec(&(view.header, view.hierarchy)).unwrap_or_default());
        }
        if self.drafts().next().is_some() { hash.digest() } else { 0 }
    }

    fn drafts(self) -> impl Iterator<Item = EditionView<'a>> {
        self.draft.into_iter().chain(self.published.iter().copied()).map(DraftEdition::view)
    }

    /// Those of the atlas in order of date, then the drafts.
    pub fn views(self) -> impl Iterator<Item = EditionView<'a>> {
        self.atlas.editions().chain(self.drafts())
    }

    /// What answers, edition by edition, in the order of [`Self::views`].
    pub(super) fn resolvers(self) -> Result<Vec<Resolver<'a>>, EditionError> {
        let of_atlas =
            |edition: EditionView<'a>| Resolver::new(self.atlas, &EditionChoice::Id(edition.header.id.clone()));
        let drafts = self.draft.into_iter().chain(self.published.iter().copied());
        let of_drafts = drafts.map(|draft| Ok(Resolver::of_draft(self.atlas, draft)));
        self.atlas.editions().map(of_atlas).chain(of_drafts).collect()
    }

    /// The place of the edition that answers where a row does not say.
    pub(super) fn choose(self, choice: &EditionChoice) -> Result<usize, EditionError> {
        if self.draft.is_some() { Ok(self.atlas.edition_count()) } else { Ok(self.atlas.choose(choice)?.number) }
    }

    /// The days from which editions hold with their places, in order: the last one up to a day is what held then. Of two that
    /// hold from the same day, that of the atlas comes last.
    pub(super) fn days(self) -> Vec<(Date, usize)> {
        let of_atlas = self.atlas.edition_count();
        let mut days: Vec<_> = self.views().enumerate().map(|(place, view)| (view.header.valid_from, place)).collect();
        days.sort_by_key(|&(from, place)| (from, place < of_atlas, place));
        days
    }
}
