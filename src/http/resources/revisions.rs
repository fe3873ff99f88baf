//! `/v1/revisions`: scenarios kept and shared, and what they do. What writes them stands in
//! [`revision_steps`](super::revision_steps).

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::catalogue::KeptRevisions;
use crate::domain::{Edition, EditionChoice, Language};
use crate::export::geojson::write_feature;
use crate::geometry::outline::polygons;
use crate::http::drafts::Chosen;
use crate::http::extract::{NoParameters, StrictPath, StrictQuery, WithStore, no_store};
use crate::http::fields::not_a_number;
use crate::http::problem::{
    EDITION, HEAVY, INVALID_CHOICE, INVALID_NUMBER, MISSING_PARAMETER, NO_STORE, OUT_OF_RANGE, Problem, REVISION_STATE,
    problems,
};
use crate::http::wire::ImpactAnswer;
use crate::http::{Served, State, reply};
use crate::pages;
use crate::revision::{
    Applied, CriteriaGrounds, CriteriaSettings, Dossier, Impact, MapSource, Maps, Revision, State as Stage, concerns,
    write_affected,
};
use crate::store::{Replayed, Scenario, replay};

/// Which revision.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RevisionPath {
    /// Its identifier.
    #[param(min_length = 1)]
    pub id: String,
}

/// Which revisions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StageParameters {
    /// Only those that have come so far.
    state: Option<Stage>,
    /// Only those made after the one of this identifier: the last one of the page before.
    after: Option<String>,
    /// Most revisions; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// As of when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionParameters {
    /// As it stood after that event of its history.
    #[param(minimum = 1)]
    version: Option<u64>,
}

/// What is asked of a CLSC: the usual limits where none are given.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CriteriaParameters {
    /// Fewest people that a CLSC should have; 25000 unless said.
    pub(super) least_people: Option<u64>,
    /// Most people that a CLSC should have; 50000 unless said.
    pub(super) most_people: Option<u64>,
    /// Metres beyond which people are far from an installation; 10000 unless said.
    #[param(minimum = 0)]
    pub(super) far_m: Option<f64>,
}

/// What is asked of a CLSC, and whether outlines are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImpactParameters {
    /// Whether the new outlines of the territories whose limits change are wanted.
    outlines: Option<bool>,
    /// Fewest people that a CLSC should have; 25000 unless said.
    least_people: Option<u64>,
    /// Most people that a CLSC should have; 50000 unless said.
    most_people: Option<u64>,
    /// Metres beyond which people are far from an installation; 10000 unless said.
    #[param(minimum = 0)]
    far_m: Option<f64>,
}

/// What is asked of a CLSC, and the other edition.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ComparisonParameters {
    /// The other revision or edition.
    with: String,
    /// Fewest people that a CLSC should have; 25000 unless said.
    least_people: Option<u64>,
    /// Most people that a CLSC should have; 50000 unless said.
    most_people: Option<u64>,
    /// Metres beyond which people are far from an installation; 10000 unless said.
    #[param(minimum = 0)]
    far_m: Option<f64>,
}

problems!(Problems: EDITION, HEAVY, &[
    NO_STORE, REVISION_STATE, INVALID_NUMBER, INVALID_CHOICE, MISSING_PARAMETER, OUT_OF_RANGE,
]);

/// Revisions of a page where no number is asked for.
const USUAL_PAGE: u64 = 50;
/// Most revisions of a page.
const LARGEST_PAGE: u64 = 200;

/// The revisions kept, page by page in order of making
#[utoipa::path(get, path = "/v1/revisions", tag = "revisions", params(StageParameters),
    responses((status = 200, description = "The revisions", body = Vec<Scenario>), Problems))]
pub async fn list_revisions(
    WithStore(state): WithStore,
    StrictQuery(asked): StrictQuery<StageParameters>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let limit = match asked.limit.unwrap_or(USUAL_PAGE) {
        limit @ 1..=LARGEST_PAGE => limit as usize,
        _ => {
            return Err(Problem::new(
                OUT_OF_RANGE,
                format!("limit doit être un nombre entier de 1 à {LARGEST_PAGE}."),
                format!("limit must be a whole number from 1 to {LARGEST_PAGE}"),
            )
            .about("limit"));
        }
    };
    let work =
        move || reply::json(&store_of(&handle)?.store().list_after(asked.after.as_deref(), limit, asked.state)?);
    state.run_heavy(work).await
}

/// A revision as it stands, or stood
#[utoipa::path(get, path = "/v1/revisions/{id}", tag = "revisions", params(RevisionPath, VersionParameters),
    responses((status = 200, description = "The revision", body = Scenario), Problems))]
pub async fn show_revision(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(asked): StrictQuery<VersionParameters>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let work = move || {
        let store = store_of(&handle)?.store();
        reply::json(&match asked.version {
            Some(version) => store.read_version(&id, version)?,
            None => store.read(&id)?,
        })
    };
    state.run_heavy(work).await
}

/// Everything that happened to it, each event bound to the one before by a digest, with the mutations it made
#[utoipa::path(get, path = "/v1/revisions/{id}/history", tag = "revisions", params(RevisionPath),
    responses((status = 200, description = "The events, in order", body = Vec<Replayed>), Problems))]
pub async fn show_revision_history(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let work = move || {
        let (revisions, served) = (store_of(&handle)?, handle.served());
        let events = revisions.store().events(&id)?;
        let base = revisions.store().read(&id)?.base;
        let base = State::base(&served, &EditionChoice::Id(base))?;
        reply::json(&replay(&id, &events, &base.edition(), served.catalogue.units())?.0)
    };
    state.run_heavy(work).await
}

/// What it does at every level, as JSON
#[utoipa::path(get, path = "/v1/revisions/{id}/impact", tag = "revisions", params(RevisionPath, ImpactParameters),
    responses((status = 200, description = "The impact", body = ImpactAnswer), Problems))]
pub async fn show_revision_impact(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(asked): StrictQuery<ImpactParameters>,
) -> Result<Response, Problem> {
    let ImpactParameters { outlines, least_people, most_people, far_m } = asked;
    let settings = CriteriaParameters { least_people, most_people, far_m }.settings()?;
    let handle = Arc::clone(&state);
    let work = move || {
        let (revisions, served) = (store_of(&handle)?, handle.served());
        let weighed = weigh_kept(&served, &revisions.store().read(&id)?, settings)?;
        let mut bytes = reply::to_bytes(&weighed.dossier)?;
        if outlines == Some(true) {
            // The last brace is that of the dossier.
            bytes.pop();
            bytes.extend_from_slice(b",\"outlines\":");
            weighed.write_outlines(&served, &mut bytes);
            bytes.push(b'}');
        }
        Ok(reply::bytes(bytes, "application/json"))
    };
    state.run_heavy(work).await
}

/// The file for those who decide, one page to print
#[utoipa::path(get, path = "/v1/revisions/{id}/dossier", tag = "revisions", params(RevisionPath, CriteriaParameters),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"), Problems))]
pub async fn show_revision_dossier(
    WithStore(state): WithStore,
    language: Language,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(asked): StrictQuery<CriteriaParameters>,
) -> Result<Response, Problem> {
    let settings = asked.settings()?;
    let handle = Arc::clone(&state);
    let work = move || {
        let (revisions, served) = (store_of(&handle)?, handle.served());
        let Weighed { dossier, base, applied } = weigh_kept(&served, &revisions.store().read(&id)?, settings)?;
        let source = MapSource {
            coverage: served.atlas.coverage(),
            base: &base.impact_base().edition,
            revised: &applied.edition,
            people: &served.bench().facts.people,
            installations: &served.bench().facts.installations,
        };
        let editions = (&*base.impact_base().edition, &applied.edition);
        let streets = served.catalogue.moved_streets(&dossier.impact, editions);
        let page = dossier.with_streets(streets).to_html(language, Maps::draw(source, language).as_ref());
        let mut response = reply::bytes(page, "text/html; charset=utf-8");
        // Names that people gave stand in the page: nothing in it may run, and no style but its own may hold.
        let policy = format!("default-src 'none'; style-src {}", pages::style_source());
        let policy = HeaderValue::from_str(&policy).map_err(|_| Problem::internal())?;
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        Ok(response)
    };
    state.run_heavy(work).await
}

/// The units that change territory, with their people and addresses, and how often they were moved before
#[utoipa::path(get, path = "/v1/revisions/{id}/affected", tag = "revisions", params(RevisionPath),
    responses((status = 200, description = "A row a unit", body = String, content_type = "text/csv"), Problems))]
pub async fn list_affected_units(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let handle = Arc::clone(&state);
    let work = move || {
        let (revisions, served) = (store_of(&handle)?, handle.served());
        let (base, applied) = carry_out(&served, &revisions.store().read(&id)?.revision())?;
        let (bench, ground) = (served.bench(), base.impact_base());
        let before = ground.engine(bench);
        let after = before.revised(&ground.edition, &applied.edition);
        let mut table = Vec::new();
        write_affected(&mut table, &bench.units, &before, &after)?;
        Ok(reply::bytes(table, "text/csv; charset=utf-8"))
    };
    state.run_heavy(work).await
}

/// What lies between two revisions or editions
#[utoipa::path(get, path = "/v1/revisions/{id}/compare", tag = "revisions", params(RevisionPath, ComparisonParameters),
    responses((status = 200, description = "The first against the other, level by level", body = Impact), Problems))]
pub async fn compare_revisions(
    WithStore(state): WithStore,
    StrictPath(RevisionPath { id }): StrictPath<RevisionPath>,
    StrictQuery(asked): StrictQuery<ComparisonParameters>,
) -> Result<Response, Problem> {
    let ComparisonParameters { with, least_people, most_people, far_m } = asked;
    let settings = CriteriaParameters { least_people, most_people, far_m }.settings()?;
    let handle = Arc::clone(&state);
    let work = move || {
        let served = handle.served();
        let [before, after] = [id, with].map(|id| State::choose(Arc::clone(&served), &EditionChoice::Id(id)));
        let after = after?.edition();
        reply::json(&impact(&served, &before?, &after, settings))
    };
    state.run_heavy(work).await
}

impl CriteriaParameters {
    pub(super) fn settings(&self) -> Result<CriteriaSettings, Problem> {
        let usual = CriteriaSettings::default();
        let far_m = self.far_m.unwrap_or(usual.far_m);
        if !far_m.is_finite() || far_m < 0.0 {
            return Err(not_a_number("far_m", &far_m.to_string()));
        }
        Ok(CriteriaSettings {
            least_people: self.least_people.unwrap_or(usual.least_people),
            most_people: self.most_people.unwrap_or(usual.most_people),
            far_m,
            ..usual
        })
    }
}

fn carry_out(served: &Arc<Served>, revision: &Revision) -> Result<(Chosen, Applied), Problem> {
    let base = State::base(served, &EditionChoice::Id(revision.base.clone()))?;
    let applied = revision.apply(&base.impact_base().edition, &served.bench().units)?;
    Ok((base, applied))
}

/// What lies between an edition and another one.
fn impact(served: &Served, base: &Chosen, revised: &Edition, settings: CriteriaSettings) -> Impact {
    let (bench, ground) = (served.bench(), base.impact_base());
    let before = ground.engine(bench);
    let after = before.revised(&ground.edition, revised);
    let grounds = CriteriaGrounds::new(&before, &bench.units, settings);
    Impact::read(&grounds, (&before, &ground.edition.header), (&after, &revised.header))
}

/// A revision carried out, with its file for those who decide.
pub(super) struct Weighed {
    pub dossier: Dossier,
    pub base: Chosen,
    pub applied: Applied,
}

fn weigh_kept(served: &Arc<Served>, scenario: &Scenario, settings: CriteriaSettings) -> Result<Weighed, Problem> {
    let mut weighed = weigh(served, &scenario.revision(), settings, Some(scenario))?;
    weighed.dossier.digest = Some(scenario.head.as_str().to_owned());
    Ok(weighed)
}

/// Carries a revision out and weighs it, with what is kept of it beside its operations.
pub(super) fn weigh(
    served: &Arc<Served>,
    revision: &Revision,
    settings: CriteriaSettings,
    kept: Option<&Scenario>,
) -> Result<Weighed, Problem> {
    let (base, applied) = carry_out(served, revision)?;
    let impact = impact(served, &base, &applied.edition, settings);
    let bench = served.bench();
    let accepted = kept.map_or(&[][..], |scenario| &scenario.accepted);
    let warnings = concerns(&base.edition(), &applied, (&bench.graph, &bench.units), accepted);
    let mut dossier = Dossier::new(revision, &base.impact_base().edition, &applied, impact)
        .with_concerns(warnings)
        .among(bench.facts.people.iter().sum());
    dossier.record = kept.map(Scenario::record);
    Ok(Weighed { dossier, base, applied })
}

impl Weighed {
    /// Writes the new outlines of the territories whose limits changed, or that are new, at every level: a
    /// `FeatureCollection`, every vertex of the atlas with all its digits.
    pub(super) fn write_outlines(&self, served: &Served, out: &mut Vec<u8>) {
        let (bench, ground) = (served.bench(), self.base.impact_base());
        let engine = ground.engine(bench).revised(&ground.edition, &self.applied.edition);
        let coverage = served.atlas.coverage();
        let (hierarchy, header) = (&self.applied.edition.hierarchy, &self.applied.edition.header);
        out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[");
        let mut first = true;
        for level in &self.dossier.impact.levels {
            let changed = level
                .territories
                .iter()
                .filter(|known| known.before.is_none() || !known.gained.is_empty() || !known.lost.is_empty());
            for (known, after) in changed.filter_map(|known| Some((known, known.after.as_ref()?))) {
                let Some(place) = hierarchy.find(level.level, after.code.as_str()) else { continue };
                if !std::mem::replace(&mut first, false) {
                    out.push(b',');
                }
                let polygons = polygons(coverage, &engine.limit_arcs(level.level, place as u16));
                let properties = json!({
                    "code": after.code, "name": after.name, "level": level.level, "class": known.class, "edition": header,
                });
                write_feature(out, after.code.as_str(), &properties, &polygons);
            }
        }
        out.extend_from_slice(b"]}");
    }
}

/// The revisions of a server that keeps some.
pub(super) fn store_of(state: &State) -> Result<&KeptRevisions, Problem> {
    state.revisions().map(AsRef::as_ref).ok_or_else(no_store)
}
