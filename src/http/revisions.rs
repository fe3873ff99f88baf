//! `/v1/revisions`: scenarios kept and shared, and what they do.
//!
//! A writer says who it is and which version it saw; one that saw an older version is refused and reads again. Operations
//! are carried out before they are kept, so that no stored revision is one that would be refused.

use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::drafts::Revisions;
use super::error::{INVALID_QUESTION, NO_STORE};
use super::parameters::{missing, read};
use super::router::{Action, segment};
use super::{Language, Problem, Served, State, admin, reply, resolve};
use crate::domain::{Date, Edition, EditionChoice};
use crate::revision::{
    Applied, CriteriaSettings, Dossier, Impact, Language as DossierLanguage, MapSource, Maps, Operation, Revision,
};
use crate::store::{Event, NewScenario, Scenario, State as Stage, StoreError};

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
/// Largest body, bytes: a whole province moved unit by unit.
const MOST_BYTES: usize = 4 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    name: String,
    author: String,
    base: Option<String>,
    valid_from: Option<Date>,
    #[serde(default)]
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    version: u64,
    author: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    version: u64,
    author: String,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    version: u64,
    author: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Copied {
    author: String,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    version: u64,
    author: String,
    to: Stage,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    version: u64,
    author: String,
    valid_from: Date,
}

/// Answers a question on stored revisions.
pub async fn show(state: &Arc<State>, action: Action, parts: &Parts) -> Result<Response, Problem> {
    let [stage, with] = match action {
        Action::ListRevisions => {
            let [stage] = read(parts.uri.query(), ["state"])?;
            [stage, None]
        }
        Action::CompareRevisions => {
            let [with] = read(parts.uri.query(), ["with"])?;
            [None, Some(with.ok_or_else(|| missing("with"))?)]
        }
        _ => {
            let [] = read(parts.uri.query(), [])?;
            [None, None]
        }
    };
    store_of(state)?;
    let (stage, with) = (stage.map(String::from), with.map(String::from));
    let id = segment(parts, 2)?.into_owned();
    let language = Language::of(parts);
    let handle = Arc::clone(state);
    state
        .run_heavy(move || {
            let (revisions, served) = (store_of(&handle)?, handle.served());
            match action {
                Action::ListRevisions => {
                    let stage = stage.map(|stage| parse_stage(&stage)).transpose()?;
                    reply::json(&revisions.store.list(stage)?)
                }
                Action::ShowRevisionHistory => reply::json(&revisions.store.events(&id)?),
                Action::ShowRevisionImpact => {
                    let (dossier, _, _) = dossier(&served, &revisions.store.read(&id)?)?;
                    reply::json(&dossier.to_json())
                }
                Action::ShowRevisionDossier => {
                    let (dossier, base, applied) = dossier(&served, &revisions.store.read(&id)?)?;
                    let language = language.pick(DossierLanguage::Fr, DossierLanguage::En);
                    let source = MapSource {
                        coverage: served.atlas.coverage(),
                        base: &base,
                        revised: &applied.edition,
                        people: &served.bench().facts.people,
                        installations: &served.bench().facts.installations,
                    };
                    let page = dossier.to_html(language, Maps::draw(source, language).as_ref());
                    let mut response = reply::bytes(page.into_bytes(), "text/html; charset=utf-8");
                    // Names that people gave stand in the page: nothing in it may run.
                    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
                    Ok(response)
                }
                Action::CompareRevisions => {
                    let sides = [id, with.unwrap_or_default()];
                    let [before, after] = sides.map(|id| {
                        handle
                            .choose(Arc::clone(&served), &EditionChoice::Id(id))
                            .map(|chosen| chosen.edition().to_edition())
                    });
                    let bench = served.bench();
                    let settings = CriteriaSettings::default();
                    let pair = (&before?, &after?);
                    reply::json(&Impact::between(&bench.graph, &bench.facts, &bench.units, pair, settings))
                }
                _ => reply::json(&revisions.store.read(&id)?),
            }
        })
        .await
}

/// Writes to the store and answers with the revision as it then stands.
pub async fn write(state: &Arc<State>, action: Action, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let [] = read(parts.uri.query(), [])?;
    store_of(state)?;
    let bytes = admin::read_json_body(state, parts, body, MOST_BYTES).await?;
    let id = segment(parts, 2)?.into_owned();
    let handle = Arc::clone(state);
    state
        .run_heavy(move || {
            let (revisions, served) = (store_of(&handle)?, handle.served());
            let now = jiff::Timestamp::now().to_string();
            let append = |version, author: &str, event| revisions.store.append(&id, version, (&now, author), event);
            let written = match action {
                Action::CreateRevision => create(revisions, &served, parse(&bytes)?, &now)?,
                Action::AppendOperations => {
                    let Added { version, author, operations } = parse(&bytes)?;
                    let mut tried = revisions.store.read(&id)?;
                    // Whoever saw an older version is told so, not what its operations would do to this one.
                    if tried.version != version {
                        return Err(StoreError::Conflict { id, expected: version, found: tried.version }.into());
                    }
                    tried.operations.extend(operations.iter().cloned());
                    carry_out(&served, &tried.revision())?;
                    append(version, &author, Event::Appended { operations })?
                }
                Action::DuplicateRevision => {
                    let Copied { author, name } = parse(&bytes)?;
                    revisions.store.duplicate(&id, name.as_deref(), (&now, &author))?
                }
                Action::CommentRevision => {
                    let Said { version, author, text } = parse(&bytes)?;
                    append(version, &author, Event::Commented { text })?
                }
                Action::DecideRevision => {
                    let Decided { version, author, to } = parse(&bytes)?;
                    if !matches!(to, Stage::InAnalysis | Stage::Accepted | Stage::Refused) {
                        return Err(not_a_stage(to.as_str(), "in_analysis, accepted, refused").about("to"));
                    }
                    append(version, &author, Event::Moved { to, valid_from: None })?
                }
                Action::PublishRevision => {
                    let Published { version, author, valid_from } = parse(&bytes)?;
                    let event = Event::Moved { to: Stage::Published, valid_from: Some(valid_from) };
                    let published = append(version, &author, event)?;
                    revisions.publish(&published);
                    published
                }
                _ => {
                    let Step { version, author } = parse(&bytes)?;
                    let event = match action {
                        Action::UndoOperations => Event::Undone,
                        Action::RedoOperations => Event::Redone,
                        _ => Event::Moved { to: Stage::Submitted, valid_from: None },
                    };
                    append(version, &author, event)?
                }
            };
            reply::json(&written)
        })
        .await
}

fn create(revisions: &Revisions, served: &Served, made: Made, now: &str) -> Result<Scenario, Problem> {
    let choice = made.base.map_or(EditionChoice::Latest, EditionChoice::Id);
    let base = served.atlas.choose(&choice)?;
    let scenario = NewScenario {
        name: made.name,
        author: made.author,
        base: base.header.id.clone(),
        valid_from: made.valid_from.unwrap_or(base.header.valid_from),
        operations: made.operations,
        copy_of: None,
    };
    carry_out(
        served,
        &Revision {
            id: "rev".to_owned(),
            label: scenario.name.clone(),
            base: scenario.base.clone(),
            valid_from: scenario.valid_from,
            official: false,
            reason: None,
            operations: scenario.operations.clone(),
        },
    )?;
    Ok(revisions.store.create(scenario, now)?)
}

fn carry_out(served: &Served, revision: &Revision) -> Result<(Edition, Applied), Problem> {
    let base = served.atlas.choose(&EditionChoice::Id(revision.base.clone()))?.to_edition();
    let applied = revision.apply(&base, &served.bench().units)?;
    Ok((base, applied))
}

fn dossier(served: &Served, scenario: &Scenario) -> Result<(Dossier, Edition, Applied), Problem> {
    let revision = scenario.revision();
    let (base, applied) = carry_out(served, &revision)?;
    let bench = served.bench();
    let settings = CriteriaSettings::default();
    let impact = Impact::between(&bench.graph, &bench.facts, &bench.units, (&base, &applied.edition), settings);
    let mut dossier = Dossier::new(&revision, &applied, impact);
    dossier.digest = Some(scenario.head.as_str().to_owned());
    Ok((dossier, base, applied))
}

fn store_of(state: &State) -> Result<&Revisions, Problem> {
    state.revisions().ok_or_else(|| {
        Problem::new(
            NO_STORE,
            "Ce serveur ne garde pas de révisions : lancez « rattache serve --store FICHIER » pour qu'il en garde.",
            "this server keeps no revisions: start it with `rattache serve --store FILE` for it to keep some",
        )
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| resolve::malformed(&error))
}

fn parse_stage(word: &str) -> Result<Stage, Problem> {
    serde_json::from_value(serde_json::Value::from(word))
        .map_err(|_| not_a_stage(word, "draft, submitted, in_analysis, accepted, refused, published").about("state"))
}

fn not_a_stage(word: &str, expected: &str) -> Problem {
    Problem::new(
        INVALID_QUESTION,
        format!("L'état « {word} » ne convient pas ici : {expected}."),
        format!("state \"{word}\" will not do here: expected one of {expected}"),
    )
}
