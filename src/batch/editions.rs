//! The editions that rows are answered by.

use xxhash_rust::xxh3::Xxh3;

use crate::atlas::{Atlas, EditionView};
use crate::domain::{EditionChoice, EditionError};
use crate::resolve::{DraftEdition, Resolver};

/// The editions of an atlas; with a draft on it, that one answers every row.
#[derive(Debug, Clone, Copy)]
pub struct Editions<'a> {
    atlas: &'a Atlas,
    draft: Option<&'a DraftEdition>,
}

impl<'a> From<&'a Atlas> for Editions<'a> {
    fn from(atlas: &'a Atlas) -> Self {
        Self { atlas, draft: None }
    }
}

impl<'a> Editions<'a> {
    /// The editions of an atlas and a draft that was made on it.
    #[must_use]
    pub fn with_draft(atlas: &'a Atlas, draft: Option<&'a DraftEdition>) -> Self {
        Self { atlas, draft }
    }

    /// The atlas.
    #[must_use]
    pub fn atlas(&self) -> &'a Atlas {
        self.atlas
    }

    /// What tells the draft from any other; 0 without one.
    #[must_use]
    pub fn draft_checksum(&self) -> u64 {
        let Some(view) = self.draft.map(DraftEdition::view) else { return 0 };
        let mut hash = Xxh3::new();
        hash.update(bytemuck::cast_slice(view.clsc_of_unit));
        // Tables of names and codes are always JSON.
        hash.update(&serde_json::to_vec(&(view.header, view.hierarchy)).unwrap_or_default());
        hash.digest()
    }

    /// Those of the atlas in order of date, then the draft.
    pub fn views(self) -> impl Iterator<Item = EditionView<'a>> {
        self.atlas.editions().chain(self.draft.map(DraftEdition::view))
    }

    /// What answers, edition by edition, in the order of [`Self::views`].
    pub(super) fn resolvers(self) -> Result<Vec<Resolver<'a>>, EditionError> {
        let of_atlas =
            |edition: EditionView<'a>| Resolver::new(self.atlas, &EditionChoice::Id(edition.header.id.clone()));
        let of_draft = self.draft.map(|draft| Ok(Resolver::of_draft(self.atlas, draft)));
        self.atlas.editions().map(of_atlas).chain(of_draft).collect()
    }

    /// The place of the edition that answers where a row does not say.
    pub(super) fn choose(self, choice: &EditionChoice) -> Result<usize, EditionError> {
        if self.draft.is_some() { Ok(self.atlas.edition_count()) } else { Ok(self.atlas.choose(choice)?.number) }
    }
}
