//! What is written to `/v1/revisions`: each a step, answered with the revision as it then stands.
//!
//! A writer says who it is and which version it saw; one that saw an older version is refused and reads again. Operations
//! are carried out before they are kept, so that no stored revision is one that would be refused.

use std::sync::Arc;

use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::revisions::{RevisionPath, store_of};
use crate::domain::{Date, EditionChoice};
use crate::http::extract::{NoParameters, StrictJson, StrictPath, StrictQuery, WithStore};
use crate::http::operations::WrittenOperations;
use crate::http::problem::{
    BODY, EDITION, HEAVY, JSON, NO_STORE, Problem, REVISION_CHANGED, REVISION_STATE, UNACCEPTED_WARNINGS, problems,
};
use crate::http::{Served, State, reply};
use crate::revision::{Aspect, ConcernKind, State as Stage};
use crate::store::{Event, NewScenario, Scenario};

/// Largest body, bytes: a whole province moved unit by unit.
const MOST_BYTES: usize = 4 << 20;

/// A revision to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRevision {
    /// Its name, for people.
    name: String,
    /// Who makes it.
    author: String,
    /// Identifier of the edition that it changes; the latest where none is named.
    base: Option<String>,
    /// First day on which it would hold; that of the base where none is named.
    #[schema(value_type = Option<Date>)]
    valid_from: Option<String>,
    /// Why it is asked for.
    reason: Option<String>,
    /// Operations to start with.
    #[serde(default)]
    operations: WrittenOperations,
}

/// A step without anything more to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionStep {
    /// The version that the writer saw.
    #[schema(minimum = 1)]
    version: u64,
    /// Who writes.
    author: String,
}

/// A revision handed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The version that the writer saw.
    #[schema(minimum = 1)]
    version: u64,
    /// Who hands it in.
    author: String,
    /// Warnings about it that are meant and accepted, by name.
    #[serde(default)]
    accept: Vec<ConcernKind>,
}

/// Operations to add, as one step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddedOperations {
    /// The version that the writer saw.
    #[schema(minimum = 1)]
    version: u64,
    /// Who writes.
    author: String,
    /// The operations, in order; one at least.
    operations: WrittenOperations,
}

/// Something to say about a revision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// The version that the writer saw.
    #[schema(minimum = 1)]
    version: u64,
    /// Who writes.
    author: String,
    /// What.
    #[schema(min_length = 1)]
    text: String,
}

/// A copy to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionCopy {
    /// Who makes it.
    author: String,
    /// Its name; that of the original where none is given.
    name: Option<String>,
}

/// A decision on a revision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionDecision {
    /// The version that the writer saw.
    #[schema(minimum = 1)]
    version: u64,
    /// Who decides.
    author: String,
    /// What.
    to: Decision,
    /// Why; it stands in the file for those who decide.
    reason: Option<String>,
}

/// What somebody judges of an aspect that no figure tells.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewJudgement {
    /// The version that the writer saw.
    #[schema(minimum = 1)]
    version: u64,
    /// Who judges.
    author: String,
    /// The aspect.
    aspect: Aspect,
    /// What is judged; it takes the place of what was said of the aspect before.
    #[schema(min_length = 1)]
    text: String,
}

/// What may be decided.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Decision {
    /// It is sent back to be corrected.
    Draft,
    /// It is being weighed.
    InAnalysis,
    /// For.
    Accepted,
    /// Against.
    Refused,
    /// It is taken back by those who asked.
    Withdrawn,
}

/// How a revision is published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// The version that the writer saw.
    #[schema(minimum = 1)]
    version: u64,
    /// Who publishes.
    author: String,
    /// First day on which it holds.
    #[schema(value_type = Date)]
    valid_from: String,
    /// Whether it states the ministry's limits; no, unless said.
    #[serde(default)]
    official: bool,
    /// Warnings about it that are meant and accepted, by name, beside those accepted when it was handed in.
    #[serde(default)]
    accept: Vec<ConcernKind>,
}

problems!(Problems: EDITION, BODY, JSON, HEAVY, &[NO_STORE, REVISION_CHANGED, REVISION_STATE, UNACCEPTED_WARNINGS]);

/// Makes a revision, a draft at first
#[utoipa::path(post, path = "/v1/revisions", tag = "revisions",
    request_body(content = NewRevision, description = "The revision", example = json!({
        "name": "Deux aires passent à l'est", "author": "M. Tremblay", "base": "2022-04-01", "valid_from": "2028-04-01",
        "operations": [{ "op": "rename", "level": "clsc", "code": "06122", "name": "Des Faubourgs–Plateau" }],
    })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn create_revision(
    WithStore(state): WithStore,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(made): StrictJson<NewRevision, MOST_BYTES>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    state.run_heavy(move || reply::json(&create(&handle.served(), made, &handle.now().to_string())?)).await
}

/// Adds operations as one step
#[utoipa::path(post, path = "/v1/revisions/{id}/operations", tag = "revisions", params(RevisionPath),
    request_body(content = AddedOperations, description = "The operations", example = json!({
        "version": 1, "author": "M. Tremblay",
        "operations": [
            { "op": "move_units", "transfers": [{ "to": "03141", "units": { "clsc": "01111", "municipality": "24015" } }] },
            { "op": "rename", "level": "clsc", "code": "06122", "name": "Des Faubourgs" },
        ],
    })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn append_operations(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(added): StrictJson<AddedOperations, MOST_BYTES>,
) -> Result<Response, Problem> {
    let AddedOperations { version, author, operations } = added;
    let handle = Arc::clone(&state);
    let work = move || {
        let served = handle.served();
        // Units are named by what they lie in on the revision as it stands.
        let standing = State::choose(Arc::clone(&served), &EditionChoice::Id(id.clone()))?;
        let operations = served.catalogue.written_operations(&operations.0, &standing.edition())?;
        let event = Event::Appended { operations, leads_to: None };
        let now = handle.now().to_string();
        reply::json(&served.catalogue.settle(&id, version, (&now, &author), event)?)
    };
    state.run_heavy(work).await
}

/// Takes the last step back
#[utoipa::path(post, path = "/v1/revisions/{id}/undo", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionStep, description = "Who, having seen what",
        example = json!({ "version": 2, "author": "M. Tremblay" })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn undo_operations(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionStep { version, author }): StrictJson<RevisionStep, MOST_BYTES>,
) -> Result<Response, Problem> {
    settle(&state, Writer { id, version, author }, Event::Undone { leads_to: None }).await
}

/// Takes again the last step taken back
#[utoipa::path(post, path = "/v1/revisions/{id}/redo", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionStep, description = "Who, having seen what",
        example = json!({ "version": 3, "author": "M. Tremblay" })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn redo_operations(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionStep { version, author }): StrictJson<RevisionStep, MOST_BYTES>,
) -> Result<Response, Problem> {
    settle(&state, Writer { id, version, author }, Event::Redone { leads_to: None }).await
}

/// Says something about it
#[utoipa::path(post, path = "/v1/revisions/{id}/comments", tag = "revisions", params(RevisionPath),
    request_body(content = NewComment, description = "What is said",
        example = json!({ "version": 1, "author": "M. Tremblay", "text": "À revoir avec le CIUSSS." })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn comment_revision(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(NewComment { version, author, text }): StrictJson<NewComment, MOST_BYTES>,
) -> Result<Response, Problem> {
    append(&state, Writer { id, version, author }, Event::Commented { text }).await
}

/// Copies it, as a draft
#[utoipa::path(post, path = "/v1/revisions/{id}/duplicate", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionCopy, description = "The copy",
        example = json!({ "author": "M. Tremblay", "name": "Variante B" })),
    responses((status = 200, description = "The copy", body = Scenario), Problems))]
pub async fn duplicate_revision(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionCopy { author, name }): StrictJson<RevisionCopy, MOST_BYTES>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let work = move || {
        let store = store_of(&handle)?.store();
        reply::json(&store.duplicate(&id, name.as_deref(), (&handle.now().to_string(), &author))?)
    };
    state.run_heavy(work).await
}

/// Hands it in, once every warning about it is accepted by name
#[utoipa::path(post, path = "/v1/revisions/{id}/submit", tag = "revisions", params(RevisionPath),
    request_body(content = Submission, description = "Who, having seen what",
        example = json!({ "version": 1, "author": "M. Tremblay", "accept": ["same_name"] })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn submit_revision(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(Submission { version, author, accept }): StrictJson<Submission, MOST_BYTES>,
) -> Result<Response, Problem> {
    settle(&state, Writer { id, version, author }, Event::submitted(accept)).await
}

/// Judges an aspect that no figure tells
#[utoipa::path(post, path = "/v1/revisions/{id}/judgements", tag = "revisions", params(RevisionPath),
    request_body(content = NewJudgement, description = "What is judged",
        example = json!({ "version": 3, "author": "Dre Roy", "aspect": "public_health", "text": "Avis favorable." })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn judge_revision(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(NewJudgement { version, author, aspect, text }): StrictJson<NewJudgement, MOST_BYTES>,
) -> Result<Response, Problem> {
    append(&state, Writer { id, version, author }, Event::Judged { aspect, text }).await
}

/// Takes it into analysis, sends it back to be corrected, accepts, refuses or withdraws it
#[utoipa::path(post, path = "/v1/revisions/{id}/decide", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionDecision, description = "The decision",
        example = json!({ "version": 2, "author": "Mme Roy", "to": "in_analysis" })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn decide_revision(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionDecision { version, author, to, reason }): StrictJson<RevisionDecision, MOST_BYTES>,
) -> Result<Response, Problem> {
    let to = match to {
        Decision::Draft => Stage::Draft,
        Decision::InAnalysis => Stage::InAnalysis,
        Decision::Accepted => Stage::Accepted,
        Decision::Refused => Stage::Refused,
        Decision::Withdrawn => Stage::Withdrawn,
    };
    append(&state, Writer { id, version, author }, Event::decided(to, reason)).await
}

/// Makes it an edition in force from a day on
#[utoipa::path(post, path = "/v1/revisions/{id}/publish", tag = "revisions", params(RevisionPath),
    request_body(content = Publication, description = "How it is published",
        example = json!({ "version": 4, "author": "Mme Roy", "valid_from": "2028-04-01", "official": true })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn publish_revision(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(asked): StrictJson<Publication, MOST_BYTES>,
) -> Result<Response, Problem> {
    let Publication { version, author, valid_from, official, accept: accepts } = asked;
    let (to, valid_from) = (Stage::Published, Some(first_day(&valid_from)?));
    let event = Event::Moved { to, reason: None, valid_from, official: Some(official), accepts, leads_to: None };
    settle(&state, Writer { id, version, author }, event).await
}

/// Who writes to which revision, having seen which version.
struct Writer {
    id: String,
    version: u64,
    author: String,
}

fn first_day(text: &str) -> Result<Date, Problem> {
    text.parse::<Date>().map_err(|error| Problem::from(error).about("valid_from"))
}

/// Keeps an event that changes no limits.
async fn append(state: &Arc<State>, writer: Writer, event: Event) -> Result<Response, Problem> {
    let handle = Arc::clone(state);
    let work = move || {
        let Writer { id, version, author } = writer;
        let now = handle.now().to_string();
        reply::json(&store_of(&handle)?.store().append(&id, version, (&now, &author), event)?)
    };
    state.run_heavy(work).await
}

/// Keeps an event with the digest of the limits that it leads to, once these could be carried out.
async fn settle(state: &Arc<State>, writer: Writer, event: Event) -> Result<Response, Problem> {
    let handle = Arc::clone(state);
    let work = move || {
        let Writer { id, version, author } = writer;
        let now = handle.now().to_string();
        reply::json(&handle.served().catalogue.settle(&id, version, (&now, &author), event)?)
    };
    state.run_heavy(work).await
}

fn create(served: &Served, made: NewRevision, now: &str) -> Result<Scenario, Problem> {
    let choice = made.base.map_or(EditionChoice::Latest, |base| EditionChoice::named(&base));
    let base = served.timetable()?.base(&choice)?;
    let header = base.header();
    let scenario = NewScenario {
        name: made.name,
        author: made.author,
        base: header.id.clone(),
        valid_from: made.valid_from.as_deref().map_or(Ok(header.valid_from), first_day)?,
        reason: made.reason,
        operations: served.catalogue.written_operations(&made.operations.0, &base.edition())?,
        copy_of: None,
    };
    Ok(served.catalogue.create(scenario, now)?)
}
