//! What is written to `/v1/revisions`: each a step, answered with the revision as it then stands.
//!
//! The author of a step is who the key says. A writer says which version it saw; one that saw an older version is refused and reads again. Operations
//! are carried out before they are kept, so that no stored revision is one that would be refused.

use std::sync::Arc;

use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::revisions::{RevisionPath, store_of};
use crate::access::{Caller, Role};
use crate::domain::{Date, EditionChoice};
use crate::http::extract::{NoParameters, StrictJson, StrictPath, StrictQuery, WithStore};
use crate::http::operations::WrittenOperations;
use crate::http::problem::{
    BODY, EDITION, FOREIGN_ORIGIN, HEAVY, INVALID_NUMBER, JSON, MISSING_PARAMETER, NO_STORE, OWN_REQUEST, Problem,
    QUOTA, REVISION_CHANGED, REVISION_STATE, ROLE_TOO_LOW, UNACCEPTED_WARNINGS, problems,
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
}

/// A revision handed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The version that the writer saw.
    #[schema(minimum = 1)]
    version: u64,
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
    /// What.
    #[schema(min_length = 1)]
    text: String,
}

/// A copy to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionCopy {
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

problems!(Problems: EDITION, BODY, JSON, HEAVY, &[NO_STORE, REVISION_CHANGED, REVISION_STATE, UNACCEPTED_WARNINGS, QUOTA]);
problems!(DecisionProblems: EDITION, BODY, JSON, HEAVY, &[
    NO_STORE, REVISION_CHANGED, REVISION_STATE, UNACCEPTED_WARNINGS, OWN_REQUEST, QUOTA,
]);
problems!(WithdrawalProblems: EDITION, BODY, JSON, HEAVY, &[
    NO_STORE, REVISION_CHANGED, REVISION_STATE, ROLE_TOO_LOW, QUOTA,
]);
problems!(DeletionProblems: EDITION, HEAVY, &[
    MISSING_PARAMETER, INVALID_NUMBER, NO_STORE, REVISION_CHANGED, REVISION_STATE, FOREIGN_ORIGIN,
]);

/// Makes a revision, a draft at first
#[utoipa::path(post, path = "/v1/revisions", tag = "revisions",
    request_body(content = NewRevision, description = "The revision", example = json!({
        "name": "Deux aires passent à l'est", "base": "2022-04-01", "valid_from": "2028-04-01",
        "operations": [{ "op": "rename", "level": "clsc", "code": "06122", "name": "Des Faubourgs–Plateau" }],
    })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn create_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(made): StrictJson<NewRevision, MOST_BYTES>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    state.run_heavy(move || reply::json(&create(&handle.served(), made, &caller, &handle.now().to_string())?)).await
}

/// Adds operations as one step
#[utoipa::path(post, path = "/v1/revisions/{id}/operations", tag = "revisions", params(RevisionPath),
    request_body(content = AddedOperations, description = "The operations", example = json!({
        "version": 1,
        "operations": [
            { "op": "move_units", "transfers": [{ "to": "03141", "units": { "clsc": "01111", "municipality": "24015" } }] },
            { "op": "rename", "level": "clsc", "code": "06122", "name": "Des Faubourgs" },
        ],
    })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn append_operations(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(added): StrictJson<AddedOperations, MOST_BYTES>,
) -> Result<Response, Problem> {
    let AddedOperations { version, operations } = added;
    let handle = Arc::clone(&state);
    let work = move || {
        let served = handle.served();
        // Units are named by what they lie in on the revision as it stands.
        let standing = State::choose(Arc::clone(&served), &EditionChoice::Id(id.clone()))?;
        let operations = served.catalogue.written_operations(&operations.0, &standing.edition())?;
        let event = Event::Appended { operations, leads_to: None };
        let now = handle.now().to_string();
        reply::json(&served.catalogue.settle(&id, version, (&now, caller.name()), event)?)
    };
    state.run_heavy(work).await
}

/// Takes the last step back
#[utoipa::path(post, path = "/v1/revisions/{id}/undo", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionStep, description = "What was seen",
        example = json!({ "version": 2 })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn undo_operations(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionStep { version }): StrictJson<RevisionStep, MOST_BYTES>,
) -> Result<Response, Problem> {
    settle(&state, Writer { id, version, caller }, Event::Undone { leads_to: None }).await
}

/// Takes again the last step taken back
#[utoipa::path(post, path = "/v1/revisions/{id}/redo", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionStep, description = "What was seen",
        example = json!({ "version": 3 })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn redo_operations(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionStep { version }): StrictJson<RevisionStep, MOST_BYTES>,
) -> Result<Response, Problem> {
    settle(&state, Writer { id, version, caller }, Event::Redone { leads_to: None }).await
}

/// Says something about it
#[utoipa::path(post, path = "/v1/revisions/{id}/comments", tag = "revisions", params(RevisionPath),
    request_body(content = NewComment, description = "What is said",
        example = json!({ "version": 1, "text": "À revoir avec le CIUSSS." })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn comment_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(NewComment { version, text }): StrictJson<NewComment, MOST_BYTES>,
) -> Result<Response, Problem> {
    append(&state, Writer { id, version, caller }, Event::Commented { text }).await
}

/// Copies it, as a draft
#[utoipa::path(post, path = "/v1/revisions/{id}/duplicate", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionCopy, description = "The copy",
        example = json!({ "name": "Variante B" })),
    responses((status = 200, description = "The copy", body = Scenario), Problems))]
pub async fn duplicate_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionCopy { name }): StrictJson<RevisionCopy, MOST_BYTES>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let work = move || {
        let store = store_of(&handle)?.store();
        reply::json(&store.duplicate(&id, name.as_deref(), (&handle.now().to_string(), caller.name()))?)
    };
    state.run_heavy(work).await
}

/// Hands it in, once every warning about it is accepted by name
#[utoipa::path(post, path = "/v1/revisions/{id}/submit", tag = "revisions", params(RevisionPath),
    request_body(content = Submission, description = "What was seen, and which warnings are accepted",
        example = json!({ "version": 1, "accept": ["same_name"] })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn submit_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(Submission { version, accept }): StrictJson<Submission, MOST_BYTES>,
) -> Result<Response, Problem> {
    settle(&state, Writer { id, version, caller }, Event::submitted(accept)).await
}

/// Judges an aspect that no figure tells
#[utoipa::path(post, path = "/v1/revisions/{id}/judgements", tag = "revisions", params(RevisionPath),
    request_body(content = NewJudgement, description = "What is judged",
        example = json!({ "version": 3, "aspect": "public_health", "text": "Avis favorable." })),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn judge_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(NewJudgement { version, aspect, text }): StrictJson<NewJudgement, MOST_BYTES>,
) -> Result<Response, Problem> {
    append(&state, Writer { id, version, caller }, Event::Judged { aspect, text }).await
}

/// Which version was seen.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeenVersion {
    /// The version that was seen.
    #[param(minimum = 1)]
    version: u64,
}

/// Deletes a draft of one's own, or a request that was withdrawn
///
/// That it was, when it was deleted and by whom stays known to the store; its identifier is not given again.
#[utoipa::path(delete, path = "/v1/revisions/{id}", tag = "revisions", params(RevisionPath, SeenVersion),
    responses((status = 200, description = "The revision as it was", body = Scenario), DeletionProblems))]
pub async fn delete_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(SeenVersion { version }): StrictQuery<SeenVersion>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let work = move || {
        let store = store_of(&handle)?.store();
        if caller.role() < Role::Approver && !store.read(&id)?.is_request_of(caller.name()) {
            return Err(Problem::new(
                ROLE_TOO_LOW,
                "Seul qui l'a faite efface une révision.",
                "only who made a revision deletes it",
            ));
        }
        reply::json(&store.discard(&id, version, (&handle.now().to_string(), caller.name()))?)
    };
    state.run_heavy(work).await
}

/// Takes back a request of one's own
#[utoipa::path(post, path = "/v1/revisions/{id}/withdraw", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionStep, description = "What was seen", example = json!({ "version": 2 })),
    responses((status = 200, description = "The revision", body = Scenario), WithdrawalProblems))]
pub async fn withdraw_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionStep { version }): StrictJson<RevisionStep, MOST_BYTES>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let work = move || {
        let store = store_of(&handle)?.store();
        if caller.role() < Role::Approver && !store.read(&id)?.is_request_of(caller.name()) {
            return Err(Problem::new(
                ROLE_TOO_LOW,
                "Seul qui l'a demandée retire une révision ; qui décide peut la refuser.",
                "only who asked for a revision takes it back; who decides may refuse it",
            ));
        }
        let now = handle.now().to_string();
        reply::json(&store.append(&id, version, (&now, caller.name()), Event::moved(Stage::Withdrawn))?)
    };
    state.run_heavy(work).await
}

/// Takes it into analysis, sends it back to be corrected, accepts, refuses or withdraws it
///
/// Not for who asked for it, which is who made it, wrote operations of it or handed it in.
#[utoipa::path(post, path = "/v1/revisions/{id}/decide", tag = "revisions", params(RevisionPath),
    request_body(content = RevisionDecision, description = "The decision",
        example = json!({ "version": 2, "to": "in_analysis" })),
    responses((status = 200, description = "The revision", body = Scenario), DecisionProblems))]
pub async fn decide_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(RevisionDecision { version, to, reason }): StrictJson<RevisionDecision, MOST_BYTES>,
) -> Result<Response, Problem> {
    let to = match to {
        Decision::Draft => Stage::Draft,
        Decision::InAnalysis => Stage::InAnalysis,
        Decision::Accepted => Stage::Accepted,
        Decision::Refused => Stage::Refused,
        Decision::Withdrawn => Stage::Withdrawn,
    };
    let handle = Arc::clone(&state);
    let work = move || {
        let store = store_of(&handle)?.store();
        check_other(&store.read(&id)?, &caller)?;
        let now = handle.now().to_string();
        reply::json(&store.append(&id, version, (&now, caller.name()), Event::decided(to, reason))?)
    };
    state.run_heavy(work).await
}

/// Makes it an edition in force from a day on
///
/// Not for who asked for it.
#[utoipa::path(post, path = "/v1/revisions/{id}/publish", tag = "revisions", params(RevisionPath),
    request_body(content = Publication, description = "How it is published",
        example = json!({ "version": 4, "valid_from": "2028-04-01", "official": true })),
    responses((status = 200, description = "The revision", body = Scenario), DecisionProblems))]
pub async fn publish_revision(
    WithStore(state): WithStore,
    caller: Caller,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(asked): StrictJson<Publication, MOST_BYTES>,
) -> Result<Response, Problem> {
    let Publication { version, valid_from, official, accept: accepts } = asked;
    let (to, valid_from) = (Stage::Published, Some(first_day(&valid_from)?));
    let event = Event::Moved { to, reason: None, valid_from, official: Some(official), accepts, leads_to: None };
    let handle = Arc::clone(&state);
    let work = move || {
        check_other(&store_of(&handle)?.store().read(&id)?, &caller)?;
        let now = handle.now().to_string();
        reply::json(&handle.served().catalogue.settle(&id, version, (&now, caller.name()), event)?)
    };
    state.run_heavy(work).await
}

/// Refuses a decision on a request by one of those who asked for it. Who they are does not change any more once it was
/// handed in, and the version that the decision states would be another.
fn check_other(scenario: &Scenario, caller: &Caller) -> Result<(), Problem> {
    if !scenario.is_request_of(caller.name()) {
        return Ok(());
    }
    let (id, name) = (&scenario.id, caller.name());
    Err(Problem::new(
        OWN_REQUEST,
        format!("« {name} » a demandé la révision « {id} » : une autre personne en décide."),
        format!("\"{name}\" asked for revision \"{id}\": somebody else decides on it"),
    ))
}

/// Who writes to which revision, having seen which version.
struct Writer {
    id: String,
    version: u64,
    caller: Caller,
}

fn first_day(text: &str) -> Result<Date, Problem> {
    text.parse::<Date>().map_err(|error| Problem::from(error).about("valid_from"))
}

/// Keeps an event that changes no limits.
async fn append(state: &Arc<State>, writer: Writer, event: Event) -> Result<Response, Problem> {
    let handle = Arc::clone(state);
    let work = move || {
        let Writer { id, version, caller } = writer;
        let now = handle.now().to_string();
        reply::json(&store_of(&handle)?.store().append(&id, version, (&now, caller.name()), event)?)
    };
    state.run_heavy(work).await
}

/// Keeps an event with the digest of the limits that it leads to, once these could be carried out.
async fn settle(state: &Arc<State>, writer: Writer, event: Event) -> Result<Response, Problem> {
    let handle = Arc::clone(state);
    let work = move || {
        let Writer { id, version, caller } = writer;
        let now = handle.now().to_string();
        reply::json(&handle.served().catalogue.settle(&id, version, (&now, caller.name()), event)?)
    };
    state.run_heavy(work).await
}

fn create(served: &Served, made: NewRevision, caller: &Caller, now: &str) -> Result<Scenario, Problem> {
    let choice = made.base.map_or(EditionChoice::Latest, |base| EditionChoice::named(&base));
    let base = served.timetable()?.base(&choice)?;
    let header = base.header();
    let scenario = NewScenario {
        name: made.name,
        author: caller.name().to_owned(),
        base: header.id.clone(),
        valid_from: made.valid_from.as_deref().map_or(Ok(header.valid_from), first_day)?,
        reason: made.reason,
        operations: served.catalogue.written_operations(&made.operations.0, &base.edition())?,
        copy_of: None,
    };
    Ok(served.catalogue.create(scenario, now)?)
}
