//! Editions as handlers see them: of the atlas, or of a stored revision.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use axum::http::HeaderValue;

use super::problem::REVISION_STATE;
use super::{Problem, Served, State};
use crate::atlas::EditionView;
use crate::batch::Editions;
use crate::domain::{Edition, EditionChoice, Level};
use crate::lookup::BoxIndex;
use crate::resolve::{DraftEdition, Query, Resolution, Resolver, TerritoryTable};
use crate::revision::{Counts, ImpactEngine, UnitFacts, Workbench, moved_before};
use crate::store::{self, Published, Scenario, Store};

/// Drafts kept ready; the oldest goes where there are more.
const MOST_KEPT: usize = 16;

/// The store with what is made of it.
#[derive(Debug)]
pub struct Revisions {
    /// The store.
    pub store: Store,
    kept: Mutex<Vec<(String, Arc<Drafted>)>>,
    published: RwLock<Published>,
}

impl Revisions {
    /// Takes a store.
    ///
    /// # Errors
    /// What reading it gives.
    pub fn new(store: Store) -> Result<Self, store::StoreError> {
        let published = RwLock::new(Published::read(&store)?);
        Ok(Self { store, kept: Mutex::default(), published })
    }

    /// Whether a revision may be published on an atlas.
    ///
    /// # Errors
    /// As [`Published::may_take`].
    pub fn may_publish(&self, served: &Served, revision: &crate::revision::Revision) -> Result<(), store::StoreError> {
        let published = self.published.read().unwrap_or_else(PoisonError::into_inner);
        published.may_take(revision, served.atlas.editions().map(|edition| edition.header))
    }

    /// Takes in that a scenario was published.
    pub fn publish(&self, scenario: &Scenario) {
        self.published.write().unwrap_or_else(PoisonError::into_inner).insert(scenario);
    }

    /// Identifiers of the published scenarios that answer, in order of the day from which they hold.
    fn published(&self) -> Vec<String> {
        self.published.read().unwrap_or_else(PoisonError::into_inner).ids().map(str::to_owned).collect()
    }

    /// The scenario that a choice means, where it means one.
    fn id(&self, choice: &EditionChoice, edition: Option<EditionView<'_>>) -> Option<String> {
        let published = self.published.read().unwrap_or_else(PoisonError::into_inner);
        published.find(choice, edition.map(|edition| edition.header.valid_from))
    }

    /// The edition of a scenario as it stands, on an atlas.
    fn drafted(&self, served: &Served, id: &str) -> Result<Arc<Drafted>, Problem> {
        // What is published changes no more, so that its contents need not be read to be known.
        let settled = self.published().iter().any(|known| known == id);
        let read = || self.store.read(id);
        let scenario = if settled { None } else { Some(read()?) };
        let head = scenario.as_ref().map_or(id, |scenario| scenario.head.as_str());
        let key = format!("{}-{head}", served.checksum());
        if let Some(drafted) = self.known(&key) {
            return Ok(drafted);
        }
        let scenario = scenario.map_or_else(read, Ok)?;
        let (mut line, base) = self.line(served, &scenario.base)?;
        let edition = scenario.revision().apply(&base, &served.bench().units)?.edition;
        line.push(edition.clone());
        let draft = DraftEdition::new(&served.atlas, edition);
        let (sums, ground) = (OnceLock::new(), OnceLock::new());
        let drafted = Arc::new(Drafted { draft, line, sums, ground, tag: key.clone() });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(&drafted)));
        Ok(drafted)
    }

    fn known(&self, key: &str) -> Option<Arc<Drafted>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| known == key)?;
        // The one asked for last goes last.
        let found = kept.remove(place);
        let drafted = Arc::clone(&found.1);
        kept.push(found);
        Some(drafted)
    }

    /// The editions up to the base of a scenario, in order, and the base itself.
    fn line(&self, served: &Served, base: &str) -> Result<(Vec<Edition>, Edition), Problem> {
        match served.atlas.choose(&EditionChoice::Id(base.to_owned())) {
            Ok(base) => Ok((served.line(base.number), base.to_edition())),
            Err(_) if self.published().iter().any(|id| id == base) => {
                let drafted = self.drafted(served, base)?;
                Ok((drafted.line.clone(), drafted.draft.edition().clone()))
            }
            Err(unknown) => Err(unknown.into()),
        }
    }
}

/// A draft with the sums and trees that are made of it once.
#[derive(Debug)]
pub struct Drafted {
    draft: DraftEdition,
    /// The editions up to it, itself last.
    line: Vec<Edition>,
    ground: OnceLock<Ground>,
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

/// A base edition with what impacts on it are counted from, made once.
#[derive(Debug)]
pub struct Ground {
    /// The edition.
    pub edition: Edition,
    /// What is known of units, how often each was moved up to this edition included.
    pub facts: UnitFacts,
    counts: Counts,
}

impl Ground {
    /// Counts an edition, the last of a line.
    pub fn new(bench: &Workbench, line: &[Edition], edition: Edition) -> Self {
        let mut facts = bench.facts.clone();
        let line: Vec<&Edition> = line.iter().collect();
        facts.moved_before = (line.len() > 1).then(|| moved_before(&line, &facts.people));
        let counts = ImpactEngine::new(&bench.graph, &facts, &edition, &edition).into_counts();
        Self { edition, facts, counts }
    }

    /// The engine of the base.
    pub fn engine<'a>(&'a self, bench: &'a Workbench) -> ImpactEngine<'a> {
        self.counts.engine(&bench.graph, &self.facts, &self.edition.hierarchy)
    }
}

impl State {
    /// The published revisions that answer, in order of the day from which they hold.
    pub(super) fn published(&self, served: &Arc<Served>) -> Result<Vec<Chosen>, Problem> {
        let ids = self.revisions().map(Revisions::published).unwrap_or_default();
        ids.into_iter().map(|id| self.choose(Arc::clone(served), &EditionChoice::Id(id))).collect()
    }

    /// The edition that a revision may be based on: of the atlas, or a published revision.
    pub(super) fn base(&self, served: &Arc<Served>, choice: &EditionChoice) -> Result<Chosen, Problem> {
        let chosen = self.choose(Arc::clone(served), choice)?;
        let id = &chosen.edition().header.id;
        let settled = match (&chosen.which, self.revisions()) {
            (Which::Draft(_), Some(revisions)) => revisions.published().contains(id),
            _ => true,
        };
        if settled {
            return Ok(chosen);
        }
        Err(Problem::new(
            REVISION_STATE,
            format!("La révision « {id} » n'est pas publiée : une autre ne peut pas partir d'elle. Dupliquez-la."),
            format!("revision \"{id}\" is not published: no other can be based on it. Duplicate it."),
        ))
    }
}

impl Chosen {
    /// Answers a query that means this edition.
    pub fn resolve(&self, query: &Query) -> Result<Resolution<'_>, Problem> {
        match &self.which {
            Which::Edition(_) => Ok(Resolver::answer(&self.served.atlas, query)?),
            Which::Draft(drafted) => Ok(Resolver::of_draft(&self.served.atlas, &drafted.draft).resolve_place(
                &query.place,
                query.basis,
                query.uncertainty_m,
            )?),
        }
    }

    /// What impacts on this edition are counted from.
    pub fn ground(&self) -> &Ground {
        let bench = self.served.bench();
        match &self.which {
            Which::Edition(number) => self.served.ground(*number),
            Which::Draft(drafted) => {
                drafted.ground.get_or_init(|| Ground::new(bench, &drafted.line, drafted.draft.edition().clone()))
            }
        }
    }

    /// The edition.
    pub fn edition(&self) -> EditionView<'_> {
        match &self.which {
            Which::Edition(number) => self.served.atlas.edition(*number),
            Which::Draft(drafted) => drafted.draft.view(),
        }
    }

    /// It as a draft, where it is one.
    pub fn draft(&self) -> Option<&DraftEdition> {
        match &self.which {
            Which::Edition(_) => None,
            Which::Draft(drafted) => Some(&drafted.draft),
        }
    }

    /// The editions that rows are answered by: where it is a draft, that one.
    pub fn editions(&self) -> Editions<'_> {
        Editions::with_draft(&self.served.atlas, self.draft())
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
