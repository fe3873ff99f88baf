//! The catalogue: an atlas, a store where there is one, revisions of files.

use std::sync::{Arc, OnceLock};

#[cfg(feature = "store")]
use super::KeptRevisions;
use super::edition::{EditionContext, RevisedEdition};
use super::{CatalogueEdition, CatalogueError, ReadRevision, Timetable};
use crate::atlas::Atlas;
use crate::domain::EditionChoice;
use crate::lookup::BoxIndex;
use crate::revision::{NoFiles, Revision, UnitFiles, UnitIndex, Workbench, unit_index};
use crate::tables::ColumnMap;

/// Every edition over the units of one atlas. Copies are cheap and share what was made once.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub(super) of_atlas: Arc<AtlasContext>,
    #[cfg(feature = "store")]
    pub(super) kept: Option<Arc<KeptRevisions>>,
    pub(super) added: Vec<Arc<RevisedEdition>>,
    pub(super) unit_files: Arc<dyn UnitFiles>,
    /// Columns of assignment tables that the caller names.
    pub(super) assignment_columns: ColumnMap,
}

/// An atlas with what is made of it once.
#[derive(Debug)]
pub(super) struct AtlasContext {
    pub atlas: Arc<Atlas>,
    pub editions: Vec<EditionContext>,
    pub unit_boxes: OnceLock<BoxIndex>,
    pub units: OnceLock<UnitIndex>,
    pub workbench: OnceLock<Workbench>,
}

impl Catalogue {
    /// The editions of an atlas.
    #[must_use]
    pub fn new(atlas: impl Into<Arc<Atlas>>) -> Self {
        let atlas = atlas.into();
        let editions = (0..atlas.edition_count()).map(|_| EditionContext::default()).collect();
        let of_atlas = AtlasContext {
            atlas,
            editions,
            unit_boxes: OnceLock::new(),
            units: OnceLock::new(),
            workbench: OnceLock::new(),
        };
        Self {
            of_atlas: Arc::new(of_atlas),
            #[cfg(feature = "store")]
            kept: None,
            added: Vec::new(),
            unit_files: Arc::new(NoFiles),
            assignment_columns: ColumnMap::default(),
        }
    }

    /// The same, where revisions may name units by files of polygons or identifiers.
    #[must_use]
    pub fn with_unit_files(mut self, files: Arc<dyn UnitFiles>) -> Self {
        self.unit_files = files;
        self
    }

    /// The same, where assignment tables have the columns named, by [`ASSIGNMENT_WORDS`](crate::revision::ASSIGNMENT_WORDS).
    #[must_use]
    pub fn with_assignment_columns(mut self, columns: ColumnMap) -> Self {
        self.assignment_columns = columns;
        self
    }

    /// The same, with the revisions that a store keeps.
    #[cfg(feature = "store")]
    #[must_use]
    pub fn with_kept(mut self, kept: Arc<KeptRevisions>) -> Self {
        self.kept = Some(kept);
        self
    }

    /// The atlas.
    #[must_use]
    pub fn atlas(&self) -> &Arc<Atlas> {
        &self.of_atlas.atlas
    }

    /// The editions of the atlas alone, in order of date, each as if it were the only one.
    pub fn of_atlas(&self) -> impl Iterator<Item = CatalogueEdition> {
        (0..self.atlas().edition_count()).map(|number| CatalogueEdition::of_atlas(Arc::clone(&self.of_atlas), number))
    }

    /// The units of the atlas by identifier.
    #[must_use]
    pub fn units(&self) -> &UnitIndex {
        match self.of_atlas.workbench.get() {
            Some(bench) => &bench.units,
            None => self.of_atlas.units.get_or_init(|| unit_index(&self.of_atlas.atlas)),
        }
    }

    /// The units of the atlas as revisions need them.
    #[must_use]
    pub fn workbench(&self) -> &Workbench {
        self.of_atlas.workbench()
    }

    /// Takes in what is known of units beside the atlas. Before anybody asks: who asked keeps what was made without it.
    pub fn set_workbench(&self, bench: Workbench) {
        self.of_atlas.workbench.set(bench).ok();
    }

    /// The editions as they are known at this moment: asked once for all that shall have one answer.
    ///
    /// # Errors
    /// [`CatalogueError::Store`] where the store can not be read.
    pub fn timetable(&self) -> Result<Timetable, CatalogueError> {
        #[cfg(feature = "store")]
        let published = self.kept.as_ref().map(|kept| kept.published()).transpose()?;
        #[cfg(not(feature = "store"))]
        let published = None;
        Ok(Timetable::new(self.clone(), published))
    }

    /// The edition that a choice means, for one question.
    ///
    /// # Errors
    /// As [`Self::timetable`] and [`Timetable::choose`].
    pub fn choose(&self, choice: &EditionChoice) -> Result<CatalogueEdition, CatalogueError> {
        self.timetable()?.choose(choice)
    }

    /// Carries out a revision on an edition of this catalogue: an edition of its own, published nowhere.
    ///
    /// # Errors
    /// What [`Revision::apply`] refuses.
    pub fn carry_out(&self, base: &CatalogueEdition, revision: &Revision) -> Result<CatalogueEdition, CatalogueError> {
        let applied = revision.apply(&base.edition(), self.units())?;
        let key = crate::revision::state_digest(&applied.edition, self.units());
        let revised = RevisedEdition::new(self.atlas(), base.line(), applied.edition, key.as_str());
        Ok(CatalogueEdition::of_revised(Arc::clone(&self.of_atlas), Arc::new(revised)))
    }

    /// Takes the edition that a revision of a file gives as one more, by its identifier; of two with the same one, the one
    /// added last.
    ///
    /// # Errors
    /// As [`Self::carry_out`]; [`CatalogueError::SameId`] where an edition of the atlas has its identifier.
    pub fn add(&mut self, read: &ReadRevision) -> Result<CatalogueEdition, CatalogueError> {
        let edition = read.carry_out(self)?;
        let id = &edition.header().id;
        if self.atlas().editions().any(|held| held.header.id == *id) {
            return Err(CatalogueError::SameId { path: read.path.clone(), id: id.clone() });
        }
        self.added.retain(|held| held.header().id != *id);
        self.added.extend(edition.revised().cloned());
        Ok(edition)
    }
}

impl AtlasContext {
    pub fn workbench(&self) -> &Workbench {
        self.workbench.get_or_init(|| Workbench::new(&self.atlas))
    }
}
