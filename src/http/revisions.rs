//! `/v1/revisions`: scenarios kept and shared, and what they do.
//!
//! A writer says who it is and which version it saw; one that saw an older version is refused and reads again. Operations
//! are carried out before they are kept, so that no stored revision is one that would be refused.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::drafts::Chosen;
use super::error::{INVALID_QUESTION, NO_STORE};
use super::parameters::{missing, not_a_number, number, read};
use super::router::{Action, segment};
use super::{Language, Problem, Served, State, admin, reply, resolve};
use crate::catalogue::KeptRevisions;
use crate::domain::{Date, Edition, EditionChoice};
use crate::export::geojson::write_feature;
use crate::geometry::outline::polygons;
use crate::pages;
use crate::revision::{
    Applied, CriteriaGrounds, CriteriaSettings, Dossier, Impact, MapSource, Maps, Operation, Revision, concerns,
    write_affected,
};
use crate::store::{Event, NewScenario, Scenario, State as Stage, replay};

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
    #[serde(default)]
    official: bool,
}

/// Answers a question on stored revisions.
pub async fn show(state: &Arc<State>, action: Action, parts: &Parts) -> Result<Response, Problem> {
    let query = parts.uri.query();
    let mut asked = Asked::default();
    match action {
        Action::ListRevisions => {
            let [stage] = read(query, ["state"])?;
            asked.stage = stage.map(|stage| parse_stage(&stage)).transpose()?;
        }
        Action::CompareRevisions => {
            let [with, limits @ ..] = read(query, ["with", "least_people", "most_people", "far_m"])?;
            asked.with = with.ok_or_else(|| missing("with"))?.into_owned();
            asked.settings = settings(limits)?;
        }
        Action::ShowRevisionImpact => {
            let [outlines, limits @ ..] = read(query, ["outlines", "least_people", "most_people", "far_m"])?;
            asked.outlines = match outlines.as_deref() {
                None | Some("false") => false,
                Some("true") => true,
                Some(word) => return Err(not_yes_or_no("outlines", word)),
            };
            asked.settings = settings(limits)?;
        }
        Action::ShowRevisionDossier => {
            asked.settings = settings(read(query, ["least_people", "most_people", "far_m"])?)?;
        }
        Action::ShowRevision => {
            let [version] = read(query, ["version"])?;
            asked.version = version.map(|version| whole("version", &version)).transpose()?;
        }
        _ => {
            let [] = read(query, [])?;
        }
    }
    store_of(state)?;
    let id = segment(parts, 2)?.into_owned();
    let language = Language::of(parts);
    let handle = Arc::clone(state);
    state.run_heavy(move || answer(&handle, action, &id, asked, language)).await
}

/// What a question on revisions asks for beside the revision.
#[derive(Default)]
struct Asked {
    stage: Option<Stage>,
    with: String,
    outlines: bool,
    version: Option<u64>,
    settings: CriteriaSettings,
}

/// What is asked of a CLSC: the usual limits where none are given.
fn settings([least, most, far]: [Option<Cow<'_, str>>; 3]) -> Result<CriteriaSettings, Problem> {
    let mut settings = CriteriaSettings::default();
    if let Some(least) = least {
        settings.least_people = whole("least_people", &least)?;
    }
    if let Some(most) = most {
        settings.most_people = whole("most_people", &most)?;
    }
    if let Some(far) = far {
        settings.far_m = number("far_m", &far)?;
        if !settings.far_m.is_finite() || settings.far_m < 0.0 {
            return Err(not_a_number("far_m", &far));
        }
    }
    Ok(settings)
}

fn whole(name: &'static str, value: &str) -> Result<u64, Problem> {
    value.trim().parse().map_err(|_| not_a_number(name, value))
}

fn answer(state: &State, action: Action, id: &str, asked: Asked, language: Language) -> Result<Response, Problem> {
    let (revisions, served) = (store_of(state)?, state.served());
    match action {
        Action::ListRevisions => reply::json(&revisions.store().list(asked.stage)?),
        Action::ShowRevisionHistory => {
            let events = revisions.store().events(id)?;
            let base = revisions.store().read(id)?.base;
            let base = state.base(&served, &EditionChoice::Id(base))?;
            reply::json(&replay(id, &events, &base.edition(), served.catalogue.units())?.0)
        }
        Action::ShowRevisionImpact => {
            let weighed = weigh(state, &served, &revisions.store().read(id)?, asked.settings)?;
            let mut bytes = reply::to_bytes(&weighed.dossier)?;
            if asked.outlines {
                // The last brace is that of the dossier.
                bytes.pop();
                bytes.extend_from_slice(b",\"outlines\":");
                weighed.write_outlines(&served, &mut bytes);
                bytes.push(b'}');
            }
            Ok(reply::bytes(bytes, "application/json"))
        }
        Action::ShowRevisionDossier => {
            let Weighed { dossier, base, applied } =
                weigh(state, &served, &revisions.store().read(id)?, asked.settings)?;
            let source = MapSource {
                coverage: served.atlas.coverage(),
                base: &base.impact_base().edition,
                revised: &applied.edition,
                people: &served.bench().facts.people,
                installations: &served.bench().facts.installations,
            };
            let page = dossier.to_html(language, Maps::draw(source, language).as_ref());
            let mut response = reply::bytes(page.into_bytes(), "text/html; charset=utf-8");
            // Names that people gave stand in the page: nothing in it may run, and no style but its own may hold.
            let policy = format!("default-src 'none'; style-src {}", pages::style_source());
            let policy = HeaderValue::from_str(&policy).map_err(|_| Problem::internal())?;
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
            Ok(response)
        }
        Action::CompareRevisions => {
            let [before, after] =
                [id.to_owned(), asked.with].map(|id| state.choose(Arc::clone(&served), &EditionChoice::Id(id)));
            let after = after?.edition();
            reply::json(&impact(&served, &before?, &after, asked.settings))
        }
        Action::ListAffectedUnits => {
            let (base, applied) = carry_out(state, &served, &revisions.store().read(id)?.revision())?;
            let (bench, ground) = (served.bench(), base.impact_base());
            let before = ground.engine(bench);
            let after = before.revised(&ground.edition, &applied.edition);
            let mut table = Vec::new();
            write_affected(&mut table, &bench.units, &before, &after)?;
            Ok(reply::bytes(table, "text/csv; charset=utf-8"))
        }
        _ => match asked.version {
            Some(version) => reply::json(&revisions.store().read_version(id, version)?),
            None => reply::json(&revisions.store().read(id)?),
        },
    }
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
            let now = handle.now().to_string();
            let append = |version, author: &str, event| {
                revisions.store().append(&id, version, (&now, author), event).map_err(Problem::from)
            };
            let settle = |version, author: &str, event: Event| {
                served.catalogue.settle(&id, version, (&now, author), event).map_err(Problem::from)
            };
            let written = match action {
                Action::CreateRevision => create(&served, parse(&bytes)?, &now)?,
                Action::AppendOperations => {
                    let Added { version, author, operations } = parse(&bytes)?;
                    settle(version, &author, Event::Appended { operations, leads_to: None })?
                }
                Action::DuplicateRevision => {
                    let Copied { author, name } = parse(&bytes)?;
                    revisions.store().duplicate(&id, name.as_deref(), (&now, &author))?
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
                    append(version, &author, Event::moved(to))?
                }
                Action::PublishRevision => {
                    let Published { version, author, valid_from, official } = parse(&bytes)?;
                    let to = Stage::Published;
                    let event =
                        Event::Moved { to, valid_from: Some(valid_from), official: Some(official), leads_to: None };
                    settle(version, &author, event)?
                }
                _ => {
                    let Step { version, author } = parse(&bytes)?;
                    match action {
                        Action::UndoOperations => settle(version, &author, Event::Undone { leads_to: None })?,
                        Action::RedoOperations => settle(version, &author, Event::Redone { leads_to: None })?,
                        _ => append(version, &author, Event::moved(Stage::Submitted))?,
                    }
                }
            };
            reply::json(&written)
        })
        .await
}

fn create(served: &Served, made: Made, now: &str) -> Result<Scenario, Problem> {
    let choice = made.base.map_or(EditionChoice::Latest, |base| EditionChoice::named(&base));
    let base = served.timetable()?.base(&choice)?;
    let scenario = NewScenario {
        name: made.name,
        author: made.author,
        base: base.header().id.clone(),
        valid_from: made.valid_from.unwrap_or(base.header().valid_from),
        operations: made.operations,
        copy_of: None,
    };
    Ok(served.catalogue.create(scenario, now)?)
}

fn carry_out(state: &State, served: &Arc<Served>, revision: &Revision) -> Result<(Chosen, Applied), Problem> {
    let base = state.base(served, &EditionChoice::Id(revision.base.clone()))?;
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

/// A stored revision carried out, with its file for those who decide.
struct Weighed {
    dossier: Dossier,
    base: Chosen,
    applied: Applied,
}

fn weigh(
    state: &State,
    served: &Arc<Served>,
    scenario: &Scenario,
    settings: CriteriaSettings,
) -> Result<Weighed, Problem> {
    let revision = scenario.revision();
    let (base, applied) = carry_out(state, served, &revision)?;
    let impact = impact(served, &base, &applied.edition, settings);
    let bench = served.bench();
    let warnings = concerns(&base.edition(), &applied, (&bench.graph, &bench.units), &[]);
    let mut dossier = Dossier::new(&revision, &applied, impact).with_concerns(warnings);
    dossier.digest = Some(scenario.head.as_str().to_owned());
    Ok(Weighed { dossier, base, applied })
}

impl Weighed {
    /// Writes the new outlines of the territories whose limits changed, or that are new, at every level: a
    /// `FeatureCollection`, every vertex of the atlas with all its digits.
    fn write_outlines(&self, served: &Served, out: &mut Vec<u8>) {
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

fn store_of(state: &State) -> Result<&KeptRevisions, Problem> {
    state.revisions().map(AsRef::as_ref).ok_or_else(|| {
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
    word.parse()
        .map_err(|_| not_a_stage(word, "draft, submitted, in_analysis, accepted, refused, published").about("state"))
}

fn not_yes_or_no(name: &'static str, word: &str) -> Problem {
    Problem::new(
        INVALID_QUESTION,
        format!("{name} « {word} » ne convient pas ici : true ou false."),
        format!("{name} \"{word}\" will not do here: expected true or false"),
    )
    .about(name)
}

fn not_a_stage(word: &str, expected: &str) -> Problem {
    Problem::new(
        INVALID_QUESTION,
        format!("L'état « {word} » ne convient pas ici : {expected}."),
        format!("state \"{word}\" will not do here: expected one of {expected}"),
    )
}
