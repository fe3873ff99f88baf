//! The editions as they are known at one moment, each with the days on which it holds.

use std::sync::Arc;

use super::edition::CatalogueEdition;
use super::{Catalogue, CatalogueError, EditionSet};
use crate::domain::{Date, EditionChoice, EditionError, EditionHeader, Validity, choose_edition};
use crate::revision::Revision;

/// A revision that was published: an edition from its day on.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedRevision {
    /// What it changes, and what.
    pub revision: Revision,
    /// Name and date of the edition it gives.
    pub header: EditionHeader,
    /// What tells its contents from those of any other revision.
    pub key: String,
}

/// The editions of a catalogue at one moment, in order of the day from which they hold; of those that begin on one day, the
/// later in order holds.
#[derive(Debug, Clone)]
pub struct Timetable {
    catalogue: Catalogue,
    published: Arc<[PublishedRevision]>,
    order: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    OfAtlas(usize),
    Published(usize),
}

impl Timetable {
    /// `published` in order of the day, and of publication within a day.
    pub(super) fn new(catalogue: Catalogue, published: Option<Arc<[PublishedRevision]>>) -> Self {
        let published = published.unwrap_or_default();
        let of_atlas = (0..catalogue.atlas().edition_count()).map(Entry::OfAtlas);
        let mut timetable = Self { order: Vec::new(), catalogue, published };
        // Stable: of those that begin on one day, that of the atlas comes last and holds.
        let mut order: Vec<Entry> = (0..timetable.published.len()).map(Entry::Published).chain(of_atlas).collect();
        order.sort_by_key(|&entry| timetable.header(entry).valid_from);
        timetable.order = order;
        timetable
    }

    fn header(&self, entry: Entry) -> &EditionHeader {
        match entry {
            Entry::OfAtlas(number) => &self.catalogue.atlas().manifest().editions[number].header,
            Entry::Published(place) => &self.published[place].header,
        }
    }

    /// The catalogue.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// How many editions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no edition.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Until when the edition at a place of the order holds; nothing is said of one whose day belongs to another.
    fn validity(&self, place: usize) -> Validity {
        let from = self.header(self.order[place]).valid_from;
        let next = self.order.get(place + 1).map(|&entry| self.header(entry).valid_from);
        Validity::until_next(next.filter(|next| *next > from))
    }

    /// The edition at a place of the order.
    fn at(&self, place: usize) -> Result<CatalogueEdition, CatalogueError> {
        let edition = match self.order[place] {
            Entry::OfAtlas(number) => CatalogueEdition::of_atlas(Arc::clone(&self.catalogue.of_atlas), number),
            Entry::Published(published) => self.published_edition(published)?,
        };
        Ok(edition.with_validity(self.validity(place)))
    }

    /// The place in the order of the edition that a choice means, which is no name, and whether it answers before its time.
    fn place(&self, choice: &EditionChoice) -> Result<(usize, bool), EditionError> {
        let headers: Vec<&EditionHeader> = self.order.iter().map(|&entry| self.header(entry)).collect();
        choose_edition(&headers, choice)
    }

    /// Name and date of the edition in force on a day, or of the first where all begin later.
    ///
    /// # Errors
    /// [`EditionError::None`].
    pub fn in_force(&self, day: Date) -> Result<&EditionHeader, EditionError> {
        Ok(self.header(self.order[self.place(&EditionChoice::InForce(day))?.0]))
    }

    /// Name and date of the newest edition.
    ///
    /// # Errors
    /// [`EditionError::None`].
    pub fn latest(&self) -> Result<&EditionHeader, EditionError> {
        Ok(self.header(self.order[self.place(&EditionChoice::Latest)?.0]))
    }

    /// The editions of the atlas in order; nothing is carried out for them.
    ///
    /// # Errors
    /// None but those of [`Self::editions`].
    pub fn of_atlas(&self) -> Result<Vec<CatalogueEdition>, CatalogueError> {
        let places = 0..self.order.len();
        places.filter(|&place| matches!(self.order[place], Entry::OfAtlas(_))).map(|place| self.at(place)).collect()
    }

    /// Every edition in order: those of the atlas and those that were published.
    ///
    /// # Errors
    /// What carrying out a published revision gives.
    pub fn editions(&self) -> Result<Vec<CatalogueEdition>, CatalogueError> {
        (0..self.order.len()).map(|place| self.at(place)).collect()
    }

    /// The same, then those of files.
    ///
    /// # Errors
    /// As [`Self::editions`].
    pub fn editions_and_added(&self) -> Result<Vec<CatalogueEdition>, CatalogueError> {
        let mut all = self.editions()?;
        let added = self.catalogue.added.iter();
        all.extend(
            added.map(|added| CatalogueEdition::of_revised(Arc::clone(&self.catalogue.of_atlas), Arc::clone(added))),
        );
        Ok(all)
    }

    /// The edition that a choice means.
    ///
    /// A name is looked for among the editions of the atlas, then the revisions of files, then those that the store keeps
    /// (`rev-1`, published or not), then the days from which published ones hold.
    ///
    /// # Errors
    /// [`EditionError`]; [`CatalogueError::Store`] for a revision that the store does not keep; what carrying it out gives.
    pub fn choose(&self, choice: &EditionChoice) -> Result<CatalogueEdition, CatalogueError> {
        let EditionChoice::Id(id) = choice else {
            let (place, not_yet_in_force) = self.place(choice)?;
            let edition = self.at(place)?;
            let validity = Validity { not_yet_in_force, ..self.validity(place) };
            return Ok(edition.with_validity(validity));
        };
        let named = |entry: &Entry| self.header(*entry).id == *id;
        let of_atlas = |entry: &Entry| matches!(entry, Entry::OfAtlas(_));
        if let Some(place) = self.order.iter().position(|entry| of_atlas(entry) && named(entry)) {
            return self.at(place);
        }
        if let Some(added) = self.catalogue.added.iter().find(|added| added.header().id == *id) {
            return Ok(CatalogueEdition::of_revised(Arc::clone(&self.catalogue.of_atlas), Arc::clone(added)));
        }
        let day: Option<Date> = id.parse().ok();
        let from_day = |entry: &Entry| !of_atlas(entry) && day == Some(self.header(*entry).valid_from);
        if let Some(place) = self.order.iter().position(named).or_else(|| self.order.iter().rposition(from_day)) {
            return self.at(place);
        }
        #[cfg(feature = "store")]
        if let Some(kept) = self.catalogue.kept.as_ref().filter(|_| id.starts_with("rev-")) {
            let scenario = kept.store().read(id)?;
            return self.carried_out(&scenario.revision(), scenario.head.as_str(), &mut Vec::new());
        }
        let known: Vec<String> = self.order.iter().map(|&entry| format!("\"{}\"", self.header(entry).id)).collect();
        Err(EditionError::Unknown { id: id.clone(), known: known.join(", ") }.into())
    }

    /// The identifier of the edition that a name means.
    ///
    /// # Errors
    /// As [`Self::choose`].
    pub fn id_of(&self, name: &str) -> Result<String, CatalogueError> {
        Ok(self.choose(&EditionChoice::named(name))?.header().id.clone())
    }

    /// Whether an edition is settled, so that a revision may be based on it: of the atlas, or published.
    fn is_settled(&self, id: &str) -> bool {
        self.order.iter().any(|&entry| self.header(entry).id == id)
    }

    /// The edition that a revision may be based on.
    ///
    /// # Errors
    /// As [`Self::choose`], and [`CatalogueError::Unpublished`].
    pub fn base(&self, choice: &EditionChoice) -> Result<CatalogueEdition, CatalogueError> {
        let base = self.choose(choice)?;
        let id = &base.header().id;
        if self.is_settled(id) { Ok(base) } else { Err(CatalogueError::Unpublished { id: id.clone() }) }
    }

    /// The edition of a choice, for the rows of a file that name no day.
    ///
    /// # Errors
    /// As [`Self::choose`].
    pub fn for_rows(&self, choice: &EditionChoice) -> Result<EditionSet, CatalogueError> {
        Ok(EditionSet::from(self.choose(choice)?))
    }

    /// Every edition, for the rows of a file that each name their day.
    ///
    /// # Errors
    /// As [`Self::editions`].
    pub fn for_days(&self) -> Result<EditionSet, CatalogueError> {
        Ok(EditionSet::by_day(self.editions()?))
    }

    /// Whether a revision may be published from its day on: it must start from the edition that is in force on that day, and
    /// was the day before, and no revision that knows nothing of it may come later.
    ///
    /// # Errors
    /// [`CatalogueError::NotInForce`], [`CatalogueError::Overtaken`].
    pub fn may_publish(&self, revision: &Revision) -> Result<(), CatalogueError> {
        let day = revision.valid_from;
        let mut headers = self.order.iter().map(|&entry| self.header(entry));
        let in_force = headers.rfind(|header| header.valid_from <= day);
        if in_force.is_none_or(|held| held.id != revision.base || held.valid_from == day) {
            let in_force = in_force.map(|held| held.id.clone());
            return Err(CatalogueError::NotInForce { day, base: revision.base.clone(), in_force });
        }
        match self.published.iter().find(|known| known.header.valid_from >= day) {
            Some(known) => {
                let (id, from) = (known.header.id.clone(), known.header.valid_from);
                Err(CatalogueError::Overtaken { day, id, from })
            }
            None => Ok(()),
        }
    }

    fn published_edition(&self, place: usize) -> Result<CatalogueEdition, CatalogueError> {
        let PublishedRevision { revision, key, .. } = &self.published[place];
        self.carried_out(revision, key, &mut Vec::new())
    }

    /// Carries out a revision that the store keeps, on its base, which may be a published one; kept for the next time.
    /// `under_way` are the revisions that wait for this one.
    #[cfg(feature = "store")]
    fn carried_out<'a>(
        &'a self,
        revision: &'a Revision,
        key: &str,
        under_way: &mut Vec<&'a str>,
    ) -> Result<CatalogueEdition, CatalogueError> {
        let context = &self.catalogue.of_atlas;
        let key = format!("{:016x}-{key}", context.atlas.checksum());
        let kept = self.catalogue.kept.as_ref();
        if let Some(known) = kept.and_then(|kept| kept.carried_out(&key)) {
            return Ok(CatalogueEdition::of_revised(Arc::clone(context), known));
        }
        if under_way.contains(&revision.id.as_str()) {
            return Err(CatalogueError::BaseOfItself { id: revision.id.clone() });
        }
        under_way.push(&revision.id);
        let in_atlas = context.atlas.editions().find(|held| held.header.id == revision.base);
        let base = match in_atlas {
            Some(held) => CatalogueEdition::of_atlas(Arc::clone(context), held.number),
            None => match self.published.iter().find(|known| known.header.id == revision.base) {
                Some(known) => self.carried_out(&known.revision, &known.key, under_way)?,
                None => return Err(CatalogueError::Unpublished { id: revision.base.clone() }),
            },
        };
        let edition = revision.apply(&base.edition(), self.catalogue.units())?.edition;
        let revised = Arc::new(super::RevisedEdition::new(&context.atlas, base.line(), edition, &key));
        if let Some(kept) = kept {
            kept.keep(key, Arc::clone(&revised));
        }
        Ok(CatalogueEdition::of_revised(Arc::clone(context), revised))
    }

    /// Nothing is published where no store is built in.
    #[cfg(not(feature = "store"))]
    fn carried_out(&self, revision: &Revision, _: &str, _: &mut Vec<&str>) -> Result<CatalogueEdition, CatalogueError> {
        self.catalogue.carry_out(&self.base(&EditionChoice::Id(revision.base.clone()))?, revision)
    }
}
