//! The revisions that a store keeps, followed as they are written by whoever writes them.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::{Catalogue, CatalogueError, PublishedRevision, RevisedEdition, Timetable};
use crate::domain::{EditionChoice, EditionHeader};
use crate::revision::{Concern, ConcernKind, Revision, State, concerns, state_digest};
use crate::store::{Event, NewScenario, Published, Scenario, Store, StoreError};

/// Editions of revisions that are kept ready; the one not asked for longest goes where there are more.
const MOST_KEPT: usize = 64;

/// A store, with the published revisions as they were read last and the editions that were carried out.
#[derive(Debug)]
pub struct KeptRevisions {
    store: Store,
    published: RwLock<(Published, Arc<[PublishedRevision]>)>,
    carried_out: Mutex<Vec<(String, Arc<RevisedEdition>)>>,
}

impl KeptRevisions {
    /// Takes a store.
    ///
    /// # Errors
    /// What reading it gives.
    pub fn new(store: Store) -> Result<Self, StoreError> {
        let published = store.published(None)?;
        let list = list(&published);
        Ok(Self { store, published: RwLock::new((published, list)), carried_out: Mutex::default() })
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The published revisions at this moment, whoever published them.
    pub(super) fn published(&self) -> Result<Arc<[PublishedRevision]>, StoreError> {
        {
            let known = self.published.read().unwrap_or_else(PoisonError::into_inner);
            if self.store.is_current(&known.0)? {
                return Ok(Arc::clone(&known.1));
            }
        }
        let mut known = self.published.write().unwrap_or_else(PoisonError::into_inner);
        let published = match self.store.published(Some(&known.0)) {
            // Somebody is writing: what was acknowledged before is known, what comes is not promised yet.
            Err(StoreError::Busy) => return Ok(Arc::clone(&known.1)),
            read => read?,
        };
        let same = published.scenarios().len() == known.0.scenarios().len();
        let list = if same { Arc::clone(&known.1) } else { list(&published) };
        *known = (published, list);
        Ok(Arc::clone(&known.1))
    }

    pub(super) fn carried_out(&self, key: &str) -> Option<Arc<RevisedEdition>> {
        let mut kept = self.carried_out.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| known == key)?;
        // The one asked for last goes last.
        kept[place..].rotate_left(1);
        kept.last().map(|(_, found)| Arc::clone(found))
    }

    pub(super) fn keep(&self, key: String, edition: Arc<RevisedEdition>) {
        let mut kept = self.carried_out.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.remove(0);
        }
        kept.push((key, edition));
    }
}

fn list(published: &Published) -> Arc<[PublishedRevision]> {
    let of = |scenario: &Arc<Scenario>| {
        let revision = scenario.revision();
        let header = EditionHeader {
            id: revision.id.clone(),
            label: revision.label.clone(),
            official: revision.official,
            valid_from: revision.valid_from,
        };
        PublishedRevision { revision, header, key: scenario.id.clone() + "-" + scenario.head.as_str() }
    };
    published.scenarios().iter().map(of).collect()
}

impl Catalogue {
    /// The store; none where the catalogue has none.
    #[must_use]
    pub fn kept(&self) -> Option<&Arc<KeptRevisions>> {
        self.kept.as_ref()
    }

    fn store(&self) -> Result<&Store, CatalogueError> {
        self.kept.as_ref().map(|kept| &kept.store).ok_or(CatalogueError::NoStore)
    }

    /// Makes a revision in the store, a draft at first, once it was carried out: what would be refused is not kept. Without a
    /// base it starts from the newest edition, and without a day it would hold from that of its base.
    ///
    /// # Errors
    /// [`CatalogueError::NoStore`], as [`Timetable::base`], and what carrying it out or keeping it gives.
    pub fn create(&self, made: NewScenario, at: &str) -> Result<Scenario, CatalogueError> {
        let store = self.store()?;
        store.check_new(&made)?;
        let base = self.timetable()?.base(&EditionChoice::Id(made.base.clone()))?;
        let revision = Revision {
            id: "rev".to_owned(),
            label: made.name.clone(),
            base: made.base.clone(),
            valid_from: made.valid_from,
            official: false,
            reason: None,
            operations: made.operations.clone(),
        };
        revision.apply(&base.edition(), self.units())?;
        Ok(store.create(made, at)?)
    }

    /// Keeps an event that changes the state of a revision, once it was carried out. Whether it may be published is decided
    /// inside the transaction that keeps it, so that of two who publish at once, in this process or in two, one is refused.
    ///
    /// # Errors
    /// [`CatalogueError::NoStore`], as [`Store::settle`] and [`Timetable::may_publish`]; [`CatalogueError::Unaccepted`] where
    /// it is handed in or published with a warning that nobody accepted.
    pub fn settle(&self, id: &str, seen: u64, author: (&str, &str), event: Event) -> Result<Scenario, CatalogueError> {
        let accepted: Option<Vec<ConcernKind>> = match &event {
            Event::Moved { to: State::Submitted | State::Published, accepts, .. } => {
                // Nobody can write in between unseen: an older version is refused.
                Some(self.store()?.read(id)?.accepted.iter().chain(accepts).copied().collect())
            }
            _ => None,
        };
        let publishes = matches!(event, Event::Moved { to: State::Published, .. });
        let carry_out = |next: &Revision| {
            let base = self.timetable()?.base(&EditionChoice::Id(next.base.clone()))?;
            let applied = next.apply(&base.edition(), self.units())?;
            if let Some(accepted) = &accepted {
                let bench = self.workbench();
                let mut warnings = concerns(&base.edition(), &applied, (&bench.graph, &bench.units), accepted);
                // Whether the day of a publication does is decided by what is in force on it.
                let decided = |known: &Concern| publishes && known.kind == ConcernKind::BeforeBase;
                warnings.retain(|known| !known.accepted && !decided(known));
                if !warnings.is_empty() {
                    return Err(CatalogueError::Unaccepted { warnings });
                }
            }
            Ok::<_, CatalogueError>(state_digest(&applied.edition, self.units()))
        };
        let may_publish = |revision: &Revision, others: &Published| {
            Timetable::new(self.clone(), Some(list(others))).may_publish(revision)
        };
        self.store()?.settle(id, seen, author, event, carry_out, may_publish)
    }
}
