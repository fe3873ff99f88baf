//! Editions that are in no atlas, which answer every question that an edition of an atlas answers.

use std::sync::Arc;

use crate::atlas::{Atlas, EditionView};
use crate::domain::{Edition, Validity};
use crate::lookup::{Limits, LimitsView};

/// An edition in memory, with its limits. It is of the atlas it was made on, and of no other.
#[derive(Debug)]
pub struct DraftEdition {
    edition: Arc<Edition>,
    limits: Limits,
}

impl DraftEdition {
    /// The place that views of drafts bear: that of no edition of any atlas.
    pub const NUMBER: usize = usize::MAX;

    /// Takes an edition of the units of an atlas. O(n log n) in the coarse edges of the atlas.
    #[must_use]
    pub fn new(atlas: &Atlas, edition: impl Into<Arc<Edition>>) -> Self {
        let edition = edition.into();
        let class = |unit: usize| edition.attachment.clsc(unit);
        let limits = Limits::without_clearance(atlas.index().coarse(), atlas.coverage(), &class);
        Self { edition, limits }
    }

    /// The edition.
    #[must_use]
    pub fn edition(&self) -> &Arc<Edition> {
        &self.edition
    }

    /// The same, as what reads editions of atlases takes it. Its number is [`Self::NUMBER`].
    #[must_use]
    pub fn view(&self) -> EditionView<'_> {
        EditionView {
            number: Self::NUMBER,
            header: &self.edition.header,
            validity: Validity::default(),
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
