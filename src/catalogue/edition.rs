//! An edition of the catalogue, with what is made of it once.

use std::sync::{Arc, OnceLock};

use super::ImpactBase;
use super::assembly::AtlasContext;
use crate::atlas::{Atlas, EditionView};
use crate::domain::{Edition, EditionHeader, Level, Validity};
use crate::lookup::BoxIndex;
use crate::resolve::{DraftEdition, Query, QueryError, Resolution, Resolver, TerritoryTable};

/// What is made of an edition where it is asked for.
#[derive(Debug, Default)]
pub(super) struct EditionContext {
    edition: OnceLock<Arc<Edition>>,
    sums: OnceLock<(TerritoryTable, [BoxIndex; 5])>,
    impact: OnceLock<ImpactBase>,
}

/// An edition that a revision gives.
#[derive(Debug)]
pub struct RevisedEdition {
    draft: DraftEdition,
    /// The editions that lead to it, itself last.
    line: Vec<Arc<Edition>>,
    context: EditionContext,
    /// What tells its contents from those of any other.
    key: String,
}

impl RevisedEdition {
    /// Takes the edition that a revision gave on the last of a line of editions; `key` tells it from any other.
    pub(super) fn new(atlas: &Atlas, mut line: Vec<Arc<Edition>>, edition: Edition, key: &str) -> Self {
        let edition = Arc::new(edition);
        line.push(Arc::clone(&edition));
        Self { draft: DraftEdition::new(atlas, edition), line, context: EditionContext::default(), key: key.to_owned() }
    }

    /// Its name and date.
    #[must_use]
    pub fn header(&self) -> &EditionHeader {
        &self.draft.edition().header
    }
}

#[derive(Debug, Clone)]
enum Which {
    OfAtlas(usize),
    Revised(Arc<RevisedEdition>),
}

/// The edition that a choice means: of the atlas, or one that a revision gives. Copies are cheap.
#[derive(Debug, Clone)]
pub struct CatalogueEdition {
    of_atlas: Arc<AtlasContext>,
    which: Which,
    validity: Validity,
}

impl CatalogueEdition {
    pub(super) fn of_atlas(of_atlas: Arc<AtlasContext>, number: usize) -> Self {
        Self { of_atlas, which: Which::OfAtlas(number), validity: Validity::default() }
    }

    /// What a revision gives, which is in force only where a timetable says so.
    pub(super) fn of_revised(of_atlas: Arc<AtlasContext>, revised: Arc<RevisedEdition>) -> Self {
        let validity = Validity { valid_until: None, not_yet_in_force: true };
        Self { of_atlas, which: Which::Revised(revised), validity }
    }

    pub(super) fn with_validity(mut self, validity: Validity) -> Self {
        self.validity = validity;
        self
    }

    /// The atlas whose units it attaches.
    #[must_use]
    pub fn atlas(&self) -> &Arc<Atlas> {
        &self.of_atlas.atlas
    }

    /// Its name and date.
    #[must_use]
    pub fn header(&self) -> &EditionHeader {
        self.view().header
    }

    /// What reads editions of atlases takes it so.
    #[must_use]
    pub fn view(&self) -> EditionView<'_> {
        let view = match &self.which {
            Which::OfAtlas(number) => self.of_atlas.atlas.edition(*number),
            Which::Revised(revised) => revised.draft.view(),
        };
        EditionView { validity: self.validity, ..view }
    }

    /// Its number in the atlas; `None` for one that a revision gives.
    #[must_use]
    pub fn number(&self) -> Option<usize> {
        match &self.which {
            Which::OfAtlas(number) => Some(*number),
            Which::Revised(_) => None,
        }
    }

    /// It as one that a revision gives, where it is.
    #[must_use]
    pub fn revised(&self) -> Option<&Arc<RevisedEdition>> {
        match &self.which {
            Which::OfAtlas(_) => None,
            Which::Revised(revised) => Some(revised),
        }
    }

    /// What answers questions on it.
    #[must_use]
    pub fn resolver(&self) -> Resolver<'_> {
        let resolver = match &self.which {
            Which::OfAtlas(number) => Resolver::of_edition(self.atlas(), self.of_atlas.atlas.edition(*number)),
            Which::Revised(revised) => Resolver::of_draft(self.atlas(), &revised.draft),
        };
        resolver.with_validity(self.validity)
    }

    /// Answers a query that means this edition.
    ///
    /// # Errors
    /// As [`Resolver::resolve_place`].
    pub fn answer(&self, query: &Query) -> Result<Resolution<'_>, QueryError> {
        self.resolver().resolve_place(&query.place, query.basis, query.uncertainty_m)
    }

    /// It as a value of its own.
    #[must_use]
    pub fn edition(&self) -> Arc<Edition> {
        match &self.which {
            Which::OfAtlas(number) => self.of_atlas.edition(*number),
            Which::Revised(revised) => Arc::clone(revised.draft.edition()),
        }
    }

    /// The editions that lead to it, in order, itself last: those of the atlas up to it, or up to the base of the revision, and
    /// each revision on the way.
    #[must_use]
    pub fn line(&self) -> Vec<Arc<Edition>> {
        match &self.which {
            Which::OfAtlas(number) => (0..=*number).map(|number| self.of_atlas.edition(number)).collect(),
            Which::Revised(revised) => revised.line.clone(),
        }
    }

    fn context(&self) -> &EditionContext {
        match &self.which {
            Which::OfAtlas(number) => &self.of_atlas.editions[*number],
            Which::Revised(revised) => &revised.context,
        }
    }

    /// The sums of its territories.
    #[must_use]
    pub fn table(&self) -> &TerritoryTable {
        &self.sums().0
    }

    /// The tree over the boxes of a level's territories, or of the units.
    #[must_use]
    pub fn boxes(&self, level: Level) -> &BoxIndex {
        match level.territorial_index() {
            Some(place) => &self.sums().1[place],
            None => {
                let boxes = || BoxIndex::new(self.of_atlas.atlas.unit_boxes().iter().copied());
                self.of_atlas.unit_boxes.get_or_init(boxes)
            }
        }
    }

    fn sums(&self) -> &(TerritoryTable, [BoxIndex; 5]) {
        self.context().sums.get_or_init(|| {
            let edition = self.view();
            let table = TerritoryTable::new(self.atlas(), edition);
            let boxes = Level::TERRITORIAL.map(|level| {
                let count = edition.hierarchy.territories(level).len();
                BoxIndex::new((0..count).filter_map(|place| table.around(level, place)))
            });
            (table, boxes)
        })
    }

    /// What impacts of revisions on it are counted from.
    #[must_use]
    pub fn impact_base(&self) -> &ImpactBase {
        self.context().impact.get_or_init(|| ImpactBase::new(self.of_atlas.workbench(), &self.line(), self.edition()))
    }

    /// What tells its contents, and what is said of its validity, from those of any other edition of any atlas: for `ETag`, and
    /// for work that is taken up again.
    #[must_use]
    pub fn tag(&self) -> String {
        let which = match &self.which {
            Which::OfAtlas(number) => number.to_string(),
            Which::Revised(revised) => revised.key.clone(),
        };
        let until = self.validity.valid_until.map_or_else(String::new, |day| format!("-{day}"));
        let early = if self.validity.not_yet_in_force { "-early" } else { "" };
        format!("{:016x}-{which}{until}{early}", self.of_atlas.atlas.checksum())
    }
}

impl AtlasContext {
    pub fn edition(&self, number: usize) -> Arc<Edition> {
        let context = &self.editions[number];
        Arc::clone(context.edition.get_or_init(|| Arc::new(self.atlas.edition(number).to_edition())))
    }
}
