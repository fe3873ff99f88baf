//! Editions that are in no atlas: a base with a revision on top, which answers every question that an edition answers.

use crate::atlas::{Atlas, EditionView};
use crate::domain::Edition;
use crate::lookup::{Limits, LimitsView};
use crate::revision::{Revision, RevisionError, unit_index};

/// An edition in memory, with its limits. It is of the atlas it was made on, and of no other.
#[derive(Debug)]
pub struct DraftEdition {
    edition: Edition,
    limits: Limits,
}

impl DraftEdition {
    /// The place that views of drafts bear: that of no edition of any atlas.
    pub const NUMBER: usize = usize::MAX;

    /// Carries out a revision on the edition of an atlas that it is based on.
    ///
    /// # Errors
    /// What [`Revision::apply`] refuses.
    pub fn of_revision(atlas: &Atlas, base: EditionView<'_>, revision: &Revision) -> Result<Self, RevisionError> {
        Ok(Self::new(atlas, revision.apply(&base.to_edition(), &unit_index(atlas))?.edition))
    }

    /// Takes an edition of the units of an atlas. O(n log n) in the coarse edges of the atlas.
    #[must_use]
    pub fn new(atlas: &Atlas, edition: Edition) -> Self {
        let class = |unit: usize| edition.attachment.clsc(unit);
        let limits = Limits::without_clearance(atlas.index().coarse(), atlas.coverage(), &class);
        Self { edition, limits }
    }

    /// The edition.
    #[must_use]
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// The same, as what reads editions of atlases takes it. Its number is [`Self::NUMBER`].
    #[must_use]
    pub fn view(&self) -> EditionView<'_> {
        EditionView {
            number: Self::NUMBER,
            header: &self.edition.header,
            hierarchy: &self.edition.hierarchy,
            straddles: &self.edition.straddles,
            clsc_of_unit: self.edition.attachment.as_slice(),
        }
    }

    /// Its limits.
    #[must_use]
    pub fn limits<'a>(&'a self, atlas: &'a Atlas) -> LimitsView<'a> {
        self.limits.view(atlas.index(), atlas.coverage())
    }
}
