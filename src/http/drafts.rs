//! Editions as handlers see them: of the atlas, or of a stored revision.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use axum::http::HeaderValue;

use super::{Problem, Served, State};
use crate::atlas::EditionView;
use crate::batch::Editions;
use crate::domain::{Date, Edition, EditionChoice, Level};
use crate::lookup::BoxIndex;
use crate::resolve::{DraftEdition, Query, Resolver, TerritoryTable};
use crate::store::{self, Scenario, Store};

/// Drafts kept ready; the oldest goes where there are more.
const MOST_KEPT: usize = 16;

/// The store with what is made of it.
#[derive(Debug)]
pub struct Revisions {
    /// The store.
    pub store: Store,
    kept: Mutex<Vec<(String, Arc<Drafted>)>>,
    /// Published scenarios by the day from which they hold.
    published: RwLock<BTreeMap<Date, String>>,
}

impl Revisions {
    /// Takes a store.
    ///
    /// # Errors
    /// What reading it gives.
    pub fn new(store: Store) -> Result<Self, store::StoreError> {
        let published = store.list(Some(store::State::Published))?;
        let published = published.into_iter().map(|scenario| (scenario.valid_from, scenario.id)).collect();
        Ok(Self { store, kept: Mutex::default(), published: RwLock::new(published) })
    }

    /// Takes in that a scenario was published.
    pub fn publish(&self, scenario: &Scenario) {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        published.insert(scenario.valid_from, scenario.id.clone());
    }

    /// The scenario that a choice means, where it means one: by identifier, by the day a published one holds from, or by
    /// a day on which one holds that is younger than every edition of the atlas by then.
    fn id(&self, choice: &EditionChoice, edition: Option<EditionView<'_>>) -> Option<String> {
        let published = self.published.read().unwrap_or_else(PoisonError::into_inner);
        match choice {
            EditionChoice::Latest => None,
            EditionChoice::Id(_) if edition.is_some() => None,
            EditionChoice::Id(id) if id.starts_with("rev-") => Some(id.clone()),
            EditionChoice::Id(id) => published.get(&id.parse().ok()?).cloned(),
            EditionChoice::AsOf(date) => {
                let (from, id) = published.range(..=*date).next_back()?;
                edition.is_none_or(|edition| edition.header.valid_from < *from).then(|| id.clone())
            }
        }
    }

    /// The edition of a scenario as it stands, on an atlas.
    fn drafted(&self, served: &Served, id: &str) -> Result<Arc<Drafted>, Problem> {
        let scenario = self.store.read(id)?;
        let key = format!("{}-{}", served.checksum(), scenario.head.as_str());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, drafted)) = kept.iter().find(|(known, _)| *known == key) {
            return Ok(Arc::clone(drafted));
        }
        let base = served.atlas.choose(&EditionChoice::Id(scenario.base.clone()))?;
        let edition = scenario.revision().apply(&base.to_edition(), &served.bench().units)?.edition;
        let draft = DraftEdition::new(&served.atlas, edition);
        let drafted = Arc::new(Drafted { draft, sums: OnceLock::new(), tag: key.clone() });
        if kept.len() >= MOST_KEPT {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(&drafted)));
        Ok(drafted)
    }
}

/// A draft with the sums and trees that are made of it once.
#[derive(Debug)]
pub struct Drafted {
    draft: DraftEdition,
    sums: OnceLock<(TerritoryTable, [BoxIndex; 5])>,
    tag: String,
}

/// The edition that a request asks for.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// What is served.
    pub served: Arc<Served>,
    which: Which,
}

#[derive(Debug, Clone)]
enum Which {
    Edition(usize),
    Draft(Arc<Drafted>),
}

impl State {
    /// The edition that a choice means: of the atlas, else of the store where there is one.
    pub(super) fn choose(&self, served: Arc<Served>, choice: &EditionChoice) -> Result<Chosen, Problem> {
        let found = served.atlas.choose(choice);
        let id = self.revisions().and_then(|revisions| revisions.id(choice, found.as_ref().ok().copied()));
        let which = match (id, self.revisions()) {
            (Some(id), Some(revisions)) => Which::Draft(revisions.drafted(&served, &id)?),
            _ => Which::Edition(found?.number),
        };
        Ok(Chosen { served, which })
    }

    /// The editions of the store that names mean, each name brought to the id of its edition.
    pub(super) fn drafts_among<'a>(
        &self,
        served: &Arc<Served>,
        names: impl IntoIterator<Item = &'a mut String>,
    ) -> Result<Vec<Edition>, Problem> {
        let mut drafts: Vec<Edition> = Vec::new();
        for name in names {
            let chosen = self.choose(Arc::clone(served), &EditionChoice::Id(name.clone()))?;
            if let Which::Draft(drafted) = &chosen.which {
                let edition = drafted.draft.edition();
                name.clone_from(&edition.header.id);
                if !drafts.iter().any(|draft| draft.header.id == *name) {
                    drafts.push(edition.clone());
                }
            }
        }
        Ok(drafts)
    }

    /// Answers a query and writes the answer: the bytes of [`Resolver::answer`] as JSON.
    pub(super) fn answer_into(&self, served: &Arc<Served>, out: &mut Vec<u8>, query: &Query) -> Result<(), Problem> {
        if self.revisions().is_none() {
            return served.answer_into(out, query);
        }
        match self.choose(Arc::clone(served), &query.edition)?.which {
            Which::Edition(_) => served.answer_into(out, query),
            Which::Draft(drafted) => {
                let resolver = Resolver::of_draft(&served.atlas, &drafted.draft);
                let answer = resolver.resolve_place(&query.place, query.basis, query.uncertainty_m)?;
                serde_json::to_writer(out, &answer).map_err(|_| Problem::internal())
            }
        }
    }
}

impl Chosen {
    /// The edition.
    pub fn edition(&self) -> EditionView<'_> {
        match &self.which {
            Which::Edition(number) => self.served.atlas.edition(*number),
            Which::Draft(drafted) => drafted.draft.view(),
        }
    }

    /// The editions that rows are answered by: where it is a draft, that one.
    pub fn editions(&self) -> Editions<'_> {
        let draft = match &self.which {
            Which::Edition(_) => None,
            Which::Draft(drafted) => Some(&drafted.draft),
        };
        Editions::with_draft(&self.served.atlas, draft)
    }

    /// Its sums.
    pub fn table(&self) -> &TerritoryTable {
        match &self.which {
            Which::Edition(_) => self.served.table(self.edition()),
            Which::Draft(drafted) => &self.drafted(drafted).0,
        }
    }

    /// The tree over the boxes of a level's territories, or of the units.
    pub fn boxes(&self, level: Level) -> &BoxIndex {
        match (&self.which, level.territorial_index()) {
            (Which::Draft(drafted), Some(place)) => &self.drafted(drafted).1[place],
            (Which::Draft(_), None) => self.served.boxes(self.served.atlas.edition(0), level),
            (Which::Edition(_), _) => self.served.boxes(self.edition(), level),
        }
    }

    fn drafted<'a>(&self, drafted: &'a Drafted) -> &'a (TerritoryTable, [BoxIndex; 5]) {
        drafted.sums.get_or_init(|| super::state::sums(&self.served.atlas, drafted.draft.view()))
    }

    /// What tells its contents from any other, for `ETag`.
    pub fn tag(&self) -> HeaderValue {
        match &self.which {
            Which::Edition(_) => self.served.tag(self.edition()),
            Which::Draft(drafted) => {
                let tag = format!("\"{}-{}\"", drafted.tag, env!("CARGO_PKG_VERSION"));
                HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
            }
        }
    }
}
