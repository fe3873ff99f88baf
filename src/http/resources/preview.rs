//! `/v1/revisions/preview`, `/v1/revisions/moves` and `/v1/revisions/search`: what operations would do, which moves there are,
//! and which maps would be better. Nothing is kept: all of it is in the body.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State as Shared;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::revisions::{CriteriaParameters, Weighed, weigh};
use crate::domain::{Date, Edition, EditionChoice, Hierarchy, Level, TerritoryCode, UnitId};
use crate::geometry::CoverageView;
use crate::http::drafts::Chosen;
use crate::http::extract::{NoParameters, StrictJson, StrictQuery};
use crate::http::operations::WrittenOperations;
use crate::http::problem::{
    BODY, EDITION, HEAVY, INVALID_CHOICE, JSON, OUT_OF_RANGE, Problem, UNKNOWN_TERRITORY, problems,
};
use crate::http::wire::{LevelLimits, PreviewAnswer};
use crate::http::{Served, State, reply};
use crate::revision::{
    BorderMove, Goal, Goals, ImpactEngine, Operation, Revision, Rule, Rules, Score, SearchSettings, UnitIndex,
    border_moves, propose,
};

/// Largest body, bytes: a whole province moved unit by unit.
const MOST_BYTES: usize = 4 << 20;
/// Longest search, seconds.
const MOST_SECONDS: f64 = 20.0;
/// Moves or proposals given where no number is asked for.
const USUAL_COUNT: usize = 50;

/// Operations to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// Identifier of the edition that they change; the latest where none is named.
    base: Option<String>,
    /// First day on which the result would hold; that of the base where none is named.
    #[schema(value_type = Option<Date>)]
    valid_from: Option<String>,
    /// The operations, in order.
    #[serde(default)]
    operations: WrittenOperations,
    /// Whether the whole new outlines are wanted, beside the limits that change; no, unless said.
    #[serde(default)]
    outlines: bool,
    /// Fewest people that a CLSC should have; 25000 unless said.
    least_people: Option<u64>,
    /// Most people that a CLSC should have; 50000 unless said.
    most_people: Option<u64>,
    /// Metres beyond which people are far from an installation; 10000 unless said.
    #[schema(minimum = 0)]
    far_m: Option<f64>,
}

/// Moves or maps to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// Identifier of the edition; the latest where none is named.
    base: Option<String>,
    /// Operations that come first.
    #[serde(default)]
    operations: WrittenOperations,
    /// Codes of territories, of any level, between whose CLSC units may move; all where none is named.
    #[serde(default)]
    within: Vec<String>,
    /// Codes of CLSC that stay as they are.
    #[serde(default)]
    locked_clsc: Vec<String>,
    /// Identifiers of units that stay where they are.
    #[serde(default)]
    locked_units: Vec<String>,
    /// Upper levels whose territories stay as they are.
    #[serde(default)]
    keep: Vec<Level>,
    /// Whether no municipality may be cut more than it is.
    #[serde(default)]
    keep_municipalities: bool,
    /// The same, of MRC.
    #[serde(default)]
    keep_mrc: bool,
    /// Most people that may be moved.
    max_moved_people: Option<u64>,
    /// What a search aims at; people in the range, unless said.
    #[serde(default)]
    goals: Vec<SearchGoal>,
    /// Everything that chance decides in a search follows from it; 1 unless said.
    seed: Option<u64>,
    /// Longest search, seconds, 20 at most; 5 unless said.
    #[schema(minimum = 0, maximum = 20)]
    seconds: Option<f64>,
    /// Most moves or maps wanted; 50 unless said.
    #[schema(minimum = 1)]
    most: Option<u32>,
    /// Fewest people that a CLSC should have; 25000 unless said.
    least_people: Option<u64>,
    /// Most people that a CLSC should have; 50000 unless said.
    most_people: Option<u64>,
}

/// What a search may aim at.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchGoal {
    /// CLSC in the range of people.
    InRange,
    /// People whose CLSC holds the installation nearest to them.
    NearestInstallation,
    /// Municipalities kept whole.
    MunicipalitiesWhole,
    /// CLSC of even numbers of people.
    Balance,
    /// Few series broken, beside another goal.
    FewestBrokenSeries,
}

/// A move of one unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedMove {
    /// The unit.
    unit: UnitId,
    /// Its number in `/v1/units`.
    number: u32,
    /// Its CLSC.
    from: TerritoryCode,
    /// The CLSC that it would go to.
    to: TerritoryCode,
    /// Its people.
    people: u64,
    /// Upper levels at which a territory would gain and another lose.
    disturbs: Vec<Level>,
    /// CLSC that would come into the range of people.
    brings_in_range: Vec<TerritoryCode>,
    /// CLSC that would leave it.
    puts_out_of_range: Vec<TerritoryCode>,
    /// By how much the people missing to, or in excess of, the range would change.
    off_range_change: i64,
    /// By how much the number of municipalities cut would change, where they are known.
    municipalities_cut_change: Option<i32>,
}

/// Moves, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedMoves {
    /// The best of them.
    moves: Vec<SuggestedMove>,
    /// How many there are.
    legal: usize,
    /// How many others each rule forbids.
    forbidden: BTreeMap<Rule, usize>,
}

/// A map that nothing found beats in everything.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedMap {
    /// How it is judged.
    score: Score,
    /// The operation that leads to it.
    operation: Operation,
}

/// Maps, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedMaps {
    /// How the map is judged as it is.
    today: Score,
    /// How many CLSC there are.
    clsc_count: usize,
    /// The maps.
    proposals: Vec<SuggestedMap>,
    /// Moves tried.
    tried: u64,
    /// Whether time ran out before the search was done.
    stopped: bool,
    /// Where nothing was found: the rules each of which, given up alone, would let something be found.
    binding: Vec<Rule>,
}

problems!(PreviewProblems: EDITION, BODY, JSON, HEAVY);
problems!(SearchProblems: EDITION, BODY, JSON, HEAVY, &[UNKNOWN_TERRITORY, OUT_OF_RANGE, INVALID_CHOICE]);

/// What operations would do at every level, kept nowhere
///
/// For an editor that shows the consequences while the hand moves. A refused operation is a problem that names it and says why;
/// a piece that would detach is told among the `concerns`, with its units.
#[utoipa::path(post, path = "/v1/revisions/preview", tag = "revisions",
    request_body(content = PreviewRequest, description = "The operations", example = json!({
        "base": "2022-04-01",
        "operations": [{ "op": "rename", "level": "clsc", "code": "06122", "name": "Des Faubourgs–Plateau" }],
    })),
    responses((status = 200, description = "What they would do", body = PreviewAnswer), PreviewProblems))]
pub async fn preview_revision(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(asked): StrictJson<PreviewRequest, MOST_BYTES>,
) -> Result<Response, Problem> {
    let PreviewRequest { base, valid_from, operations, outlines, least_people, most_people, far_m } = asked;
    let settings = CriteriaParameters { least_people, most_people, far_m }.settings()?;
    let valid_from = valid_from.map(|text| text.parse::<Date>()).transpose();
    let valid_from = valid_from.map_err(|error| Problem::from(error).about("valid_from"))?;
    let served = state.served();
    let work = move || {
        let revision = revision_on(&served, base, valid_from, &operations)?;
        let weighed = weigh(&served, &revision, settings, None)?;
        let mut bytes = reply::to_bytes(&weighed.dossier)?;
        // The last brace is that of the dossier.
        bytes.pop();
        bytes.extend_from_slice(b",\"moved\":");
        bytes.extend(reply::to_bytes(&moved(&weighed.base.edition(), &weighed.applied.edition))?);
        bytes.extend_from_slice(b",\"limits\":");
        bytes.extend(reply::to_bytes(&limits(served.atlas.coverage(), &weighed))?);
        if outlines {
            bytes.extend_from_slice(b",\"outlines\":");
            weighed.write_outlines(&served, &mut bytes);
        }
        bytes.push(b'}');
        Ok(reply::bytes(bytes, "application/json"))
    };
    state.run_heavy(work).await
}

/// The moves of one unit across a limit, best first, with what each would do
#[utoipa::path(post, path = "/v1/revisions/moves", tag = "revisions",
    request_body(content = SearchRequest, description = "Where to look, and what is ruled out",
        example = json!({ "base": "2022-04-01", "within": ["061"], "most": 20 })),
    responses((status = 200, description = "The moves", body = SuggestedMoves), SearchProblems))]
pub async fn suggest_moves(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(asked): StrictJson<SearchRequest, MOST_BYTES>,
) -> Result<Response, Problem> {
    let served = state.served();
    let work = move || {
        let most = count(asked.most)?;
        let ground = Ground::new(&served, asked)?;
        let (bench, edition) = (served.bench(), &ground.edition);
        let mut engine = ImpactEngine::new(&bench.graph, &bench.facts, edition, edition);
        let mut found = border_moves(&mut engine, &ground.rules);
        let legal = found.moves.len();
        if !ground.rules.within.is_empty() {
            found.forbidden.remove(&Rule::Within);
        }
        found.moves.truncate(most);
        let moves = found.moves.into_iter().map(|known| suggested(known, &bench.units, &edition.hierarchy)).collect();
        reply::json(&SuggestedMoves { moves, legal, forbidden: found.forbidden })
    };
    state.run_heavy(work).await
}

/// Maps near today's that weigh better, found within some seconds; another seed finds others
#[utoipa::path(post, path = "/v1/revisions/search", tag = "revisions",
    request_body(content = SearchRequest, description = "Where to look, what for, and what is ruled out",
        example = json!({ "base": "2022-04-01", "within": ["061"], "goals": ["in_range"], "seconds": 0.2 })),
    responses((status = 200, description = "The maps", body = SuggestedMaps), SearchProblems))]
pub async fn search_maps(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(asked): StrictJson<SearchRequest, MOST_BYTES>,
) -> Result<Response, Problem> {
    let served = state.served();
    let work = move || {
        let keep = count(asked.most)?;
        let seconds = asked.seconds.unwrap_or(5.0);
        if !(0.0..=MOST_SECONDS).contains(&seconds) {
            return Err(Problem::new(
                OUT_OF_RANGE,
                format!("seconds doit être de 0 à {MOST_SECONDS}."),
                format!("seconds must be from 0 to {MOST_SECONDS}"),
            )
            .about("seconds"));
        }
        let goals = goals(&asked.goals, &served)?;
        let seed = asked.seed.unwrap_or(1);
        let ground = Ground::new(&served, asked)?;
        let (bench, edition) = (served.bench(), &ground.edition);
        let engine = ImpactEngine::new(&bench.graph, &bench.facts, edition, edition);
        let (begun, limit) = (Instant::now(), Duration::from_secs_f64(seconds));
        let settings = SearchSettings { seed, keep, goals, ..SearchSettings::default() };
        let outcome = propose(&engine, &ground.rules, settings, &mut |_| {
            if begun.elapsed() >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let proposals = outcome.proposals.iter().map(|proposal| SuggestedMap {
            score: proposal.score,
            operation: proposal.operation(&bench.units, &edition.hierarchy),
        });
        reply::json(&SuggestedMaps {
            today: outcome.today,
            clsc_count: outcome.clsc_count,
            proposals: proposals.collect(),
            tried: outcome.tried,
            stopped: outcome.stopped,
            binding: outcome.binding,
        })
    };
    state.run_heavy(work).await
}

/// A revision that is kept nowhere.
fn revision_on(
    served: &Arc<Served>,
    base: Option<String>,
    valid_from: Option<Date>,
    operations: &WrittenOperations,
) -> Result<Revision, Problem> {
    let choice = base.map_or(EditionChoice::Latest, |base| EditionChoice::named(&base));
    let base = State::base(served, &choice)?;
    let operations = served.catalogue.written_operations(&operations.0, &base.edition())?;
    let header = base.header();
    Ok(Revision {
        id: "preview".to_owned(),
        label: String::new(),
        base: header.id.clone(),
        valid_from: valid_from.unwrap_or(header.valid_from),
        official: false,
        reason: None,
        operations,
    })
}

/// The units that each CLSC would have and does not have today.
fn moved(base: &Edition, revised: &Edition) -> BTreeMap<TerritoryCode, Vec<u32>> {
    let (old, new) = (base.hierarchy.territories(Level::Clsc), revised.hierarchy.territories(Level::Clsc));
    let mut moved: BTreeMap<TerritoryCode, Vec<u32>> = BTreeMap::new();
    let pairs = base.attachment.as_slice().iter().zip(revised.attachment.as_slice());
    for (unit, (&was, &is)) in (0_u32..).zip(pairs) {
        let code = &new[usize::from(is)].code;
        if *code != old[usize::from(was)].code {
            moved.entry(code.clone()).or_default().push(unit);
        }
    }
    moved
}

/// The limits that change, level by level. O(arcs), plus the vertices of those that change.
fn limits(coverage: CoverageView<'_>, weighed: &Weighed) -> Vec<LevelLimits> {
    let base = weighed.base.edition();
    let revised = &weighed.applied.edition;
    Level::TERRITORIAL
        .into_iter()
        .map(|level| {
            let places = |edition: &Edition| -> Vec<usize> {
                let clsc = edition.hierarchy.clsc_count();
                (0..clsc).map(|clsc| edition.hierarchy.parent(clsc, level)).collect()
            };
            let (old, new) = (places(&base), places(revised));
            let owner = |edition: &Edition, places: &[usize], side: u32| {
                let unit = (side as usize).checked_sub(1)?;
                Some(places[usize::from(edition.attachment.as_slice()[unit])])
            };
            let mut found = LevelLimits { level, drawn: Vec::new(), gone: Vec::new() };
            for (arc, &[left, right]) in coverage.sides.iter().enumerate() {
                let was = owner(&base, &old, left) != owner(&base, &old, right);
                let is = owner(revised, &new, left) != owner(revised, &new, right);
                if was != is {
                    let degrees = |degrees: f64| (degrees * 1e6).round() / 1e6;
                    let line = coverage.arc(arc).iter().map(|point| [degrees(point.lon()), degrees(point.lat())]);
                    let lines = if is { &mut found.drawn } else { &mut found.gone };
                    lines.push(line.collect());
                }
            }
            found
        })
        .collect()
}

/// The edition to look on, and what is ruled out.
struct Ground {
    edition: Arc<Edition>,
    rules: Rules,
}

impl Ground {
    fn new(served: &Arc<Served>, asked: SearchRequest) -> Result<Self, Problem> {
        let revision = revision_on(served, asked.base, None, &asked.operations)?;
        let base = State::base(served, &EditionChoice::Id(revision.base.clone()))?;
        let edition = if revision.operations.is_empty() {
            base.edition()
        } else {
            Arc::new(revision.apply(&base.edition(), &served.bench().units)?.edition)
        };
        let parameters =
            CriteriaParameters { least_people: asked.least_people, most_people: asked.most_people, far_m: None };
        let hierarchy = &edition.hierarchy;
        let clsc = |code: &String| {
            let found = hierarchy.find(Level::Clsc, code).map(|place| place as u16);
            found.ok_or_else(|| Problem::unknown_territory(Level::Clsc, code, &revision.base))
        };
        let unit = |id: &String| {
            let found = served.bench().units.find(id);
            found.ok_or_else(|| Problem::unknown_territory(Level::Da, id, &revision.base))
        };
        let rules = Rules {
            keep: asked.keep,
            max_moved_people: asked.max_moved_people,
            locked_units: asked.locked_units.iter().map(unit).collect::<Result<_, _>>()?,
            locked_clsc: asked.locked_clsc.iter().map(clsc).collect::<Result<_, _>>()?,
            within: within(&base, &asked.within, hierarchy)?,
            keep_municipalities: asked.keep_municipalities,
            keep_mrc: asked.keep_mrc,
            ..Rules::new(parameters.settings()?)
        };
        Ok(Self { edition, rules })
    }
}

/// Places of the CLSC that lie in territories of any level, by code.
fn within(base: &Chosen, codes: &[String], hierarchy: &Hierarchy) -> Result<Vec<u16>, Problem> {
    let mut places = Vec::new();
    for code in codes {
        let found = Level::TERRITORIAL.into_iter().find_map(|level| Some((level, hierarchy.find(level, code)?)));
        let found = found.ok_or_else(|| Problem::unknown_territory(Level::Clsc, code, &base.header().id));
        let (level, place) = found?;
        places.extend(hierarchy.clsc_of(level, place).map(|clsc| clsc as u16));
    }
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

fn goals(asked: &[SearchGoal], served: &Served) -> Result<Goals, Problem> {
    let list: Vec<Goal> = (asked.iter())
        .map(|goal| match goal {
            SearchGoal::InRange => Goal::InRange,
            SearchGoal::NearestInstallation => Goal::NearestInstallation,
            SearchGoal::MunicipalitiesWhole => Goal::MunicipalitiesWhole,
            SearchGoal::Balance => Goal::Balance,
            SearchGoal::FewestBrokenSeries => Goal::FewestBrokenSeries,
        })
        .collect();
    let goals = if list.is_empty() { Goals::default() } else { Goals::new(&list) };
    let refused = |french, english| Err(Problem::new(INVALID_CHOICE, french, english).about("goals"));
    if !goals.ask_for_moves() {
        return refused(
            "« fewest_broken_series » demande un autre but avec lui : ne rien déplacer ne rompt rien.",
            "\"fewest_broken_series\" asks for another goal beside it: moving nothing breaks nothing",
        );
    }
    if goals.holds(Goal::MunicipalitiesWhole) && served.bench().facts.municipalities.is_none() {
        return refused(
            "« municipalities_whole » demande des municipalités, que cet atlas n'a pas.",
            "\"municipalities_whole\" asks for municipalities, which this atlas does not have",
        );
    }
    Ok(goals)
}

fn count(asked: Option<u32>) -> Result<usize, Problem> {
    match asked {
        None => Ok(USUAL_COUNT),
        Some(0) => {
            Err(Problem::new(OUT_OF_RANGE, "most doit être au moins 1.", "most must be 1 at least").about("most"))
        }
        Some(most) => Ok(most as usize),
    }
}

fn suggested(known: BorderMove, units: &UnitIndex, hierarchy: &Hierarchy) -> SuggestedMove {
    let code = |clsc: u16| hierarchy.territories(Level::Clsc)[usize::from(clsc)].code.clone();
    let codes = |list: Vec<u16>| list.into_iter().map(code).collect();
    SuggestedMove {
        unit: units.id(known.unit).clone(),
        number: known.unit,
        from: code(known.from),
        to: code(known.to),
        people: known.people,
        disturbs: known.disturbs,
        brings_in_range: codes(known.brings_in_range),
        puts_out_of_range: codes(known.puts_out_of_range),
        off_range_change: known.off_range_change,
        municipalities_cut_change: known.municipalities_cut_change,
    }
}
