//! What a revision does, level by level: base against revised.

use std::collections::BTreeSet;

use serde::Serialize;

use super::codes::{self, CodeChange};
use super::criteria::{ClscCriteria, CriteriaGrounds, CriteriaSettings};
use super::engine::{FlowSums, ImpactEngine};
use super::{PlacedInstallation, PointBasis, UnitFacts, UnitGraph, UnitIndex};
use crate::change::{Comparison, ParentChange};
use crate::domain::{
    ChangeClass, Edition, EditionHeader, Hierarchy, Language, Level, NestingBreak, OnsLetter, TerritoryCode,
    TerritoryIndex, Words, both,
};

/// What a territory is in one edition.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Standing {
    /// Code.
    pub code: TerritoryCode,
    /// Name.
    pub name: String,
    /// Codes right above it: RLS and RUISSS of a CLSC, RTS of an RLS, RSS of an RTS.
    pub parents: Vec<TerritoryCode>,
    /// Units.
    pub units: u32,
    /// People.
    pub people: u64,
    /// Area in square kilometres.
    pub area_km2: f64,
    /// People a square kilometre.
    pub density_per_km2: f64,
    /// Length of its limits in kilometres.
    pub perimeter_km: f64,
    /// Pieces that do not touch.
    pub pieces: u32,
    /// Installations; none where no register of them is given.
    pub installations: Option<u32>,
}

/// People, units and area that go from a territory to another.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Flow {
    /// Code in the base.
    pub from: TerritoryCode,
    /// Code in the revised edition.
    pub to: TerritoryCode,
    /// Units.
    pub units: u32,
    /// People.
    pub people: u64,
    /// Area in square kilometres.
    pub area_km2: f64,
    /// Addresses, of the units whose addresses are known; none where none are.
    pub addresses: Option<u64>,
}

/// A territory that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TerritoryImpact {
    /// What happened to it.
    pub class: ChangeClass,
    /// The letter of the class.
    pub letter: OnsLetter,
    /// Before; none for one that is new.
    pub before: Option<Standing>,
    /// After; none for one that is gone.
    pub after: Option<Standing>,
    /// Levels at which it lies in another territory than before.
    pub parents_changed: Vec<ParentChange>,
    /// What comes from others.
    pub gained: Vec<Flow>,
    /// What goes to others.
    pub lost: Vec<Flow>,
    /// Installations that come.
    pub installations_gained: Vec<MovedInstallation>,
    /// Installations that go.
    pub installations_lost: Vec<MovedInstallation>,
}

/// An installation that changes territory without moving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MovedInstallation {
    /// Register code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// What happens at one level.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LevelImpact {
    /// The level.
    pub level: Level,
    /// How many territories are in every way what they were.
    pub unchanged: usize,
    /// The others, in order of code.
    pub territories: Vec<TerritoryImpact>,
    /// Who changes territory at this level.
    pub affected: Affected,
}

/// Who changes territory.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, utoipa::ToSchema)]
pub struct Affected {
    /// Units.
    pub units: u32,
    /// People.
    pub people: u64,
    /// Addresses, of the units whose addresses are known; none where those of nobody here are.
    pub addresses: Option<u64>,
    /// Share of these people who live in units whose addresses are known, 0 to 1; none where no addresses are given.
    pub addresses_known_share: Option<f64>,
    /// Of these people, those that an earlier edition moved already, where known.
    pub people_moved_before: Option<u64>,
}

/// A CLSC against the criteria, before and after.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CriteriaChange {
    /// Before; none for one that is new.
    pub before: Option<ClscCriteria>,
    /// After; none for one that is gone.
    pub after: Option<ClscCriteria>,
}

/// A series of counts that breaks.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BrokenSeries {
    /// Level of the territory.
    pub level: Level,
    /// Its code, before where it was.
    pub code: TerritoryCode,
    /// Its name.
    pub name: String,
    /// Why.
    pub class: ChangeClass,
    /// People in the base; none where it was not.
    pub people_before: Option<u64>,
    /// People in the revised edition; none where it is gone.
    pub people_after: Option<u64>,
    /// People who came from other territories.
    pub people_in: u64,
    /// People who left for other territories.
    pub people_out: u64,
    /// People who came, over its people after; none where it is gone or nobody lives there.
    pub share_in: Option<f64>,
    /// People who left, over its people before; none where it was not or nobody lived there.
    pub share_out: Option<f64>,
}

/// People of a CLSC concerned in another year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ClscInYear {
    /// The year.
    pub year: i32,
    /// Code, after where it is.
    pub code: TerritoryCode,
    /// Name.
    pub name: String,
    /// People on its limits before; none where it was not.
    pub before: Option<u64>,
    /// People on its limits after; none where it is gone.
    pub after: Option<u64>,
    /// Whether those before are in the range.
    pub in_range_before: Option<bool>,
    /// Whether those after are.
    pub in_range_after: Option<bool>,
    /// Today's people on its limits after; none where it is gone.
    pub today: Option<u64>,
    /// Whether today's are in the range.
    pub in_range_today: Option<bool>,
}

impl ClscInYear {
    /// That it is in the range today and out of it in the other year, or the reverse; none where neither is so.
    #[must_use]
    pub fn passes_range(&self) -> Option<Words> {
        let (today, then, year) = (self.today?, self.after?, self.year);
        let named = format!("{} {}", self.code, self.name);
        let [french, english] = [Language::French, Language::English].map(|language| {
            let [today, then] = [today, then].map(|people| language.whole(people));
            match (self.in_range_today?, self.in_range_after?, language) {
                (true, false, Language::French) => Some(format!(
                    "{named} : dans la fourchette aujourd’hui ({today}), hors de la fourchette en {year} ({then})"
                )),
                (true, false, Language::English) => {
                    Some(format!("{named}: in range today ({today}), out of range in {year} ({then})"))
                }
                (false, true, Language::French) => Some(format!(
                    "{named} : hors de la fourchette aujourd’hui ({today}), dans la fourchette en {year} ({then})"
                )),
                (false, true, Language::English) => {
                    Some(format!("{named}: out of range today ({today}), in range in {year} ({then})"))
                }
                _ => None,
            }
        });
        Some(Words::new(french?, english?))
    }
}

/// What a revision does at all levels.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Impact {
    /// The base.
    pub base: EditionHeader,
    /// The revised edition.
    pub revised: EditionHeader,
    /// Finest level first.
    pub levels: Vec<LevelImpact>,
    /// The CLSC concerned, against the criteria.
    pub criteria: Vec<CriteriaChange>,
    /// CLSC in the range of people, before and after, and how many there are.
    pub in_range: [[usize; 2]; 2],
    /// Codes that must change because what stands above changed.
    pub code_changes: Vec<CodeChange>,
    /// Upper territories that were split between several.
    pub nesting_breaks_before: Vec<NestingBreak>,
    /// Upper territories that are.
    pub nesting_breaks_after: Vec<NestingBreak>,
    /// Series that break.
    pub broken_series: Vec<BrokenSeries>,
    /// Units whose people are not known, and count for nobody.
    pub unknown_people: usize,
    /// What is asked of a CLSC.
    pub settings: CriteriaSettings,
    /// People of the CLSC concerned in other years, where given, by year then code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_years: Vec<ClscInYear>,
    /// From which points of units distances are measured, as the crow flies.
    pub distances_from: PointBasis,
    /// The table that travel times are of, where one is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub travel_times_of: Option<String>,
}

impl Impact {
    /// Compares two editions of the same units.
    ///
    /// # Panics
    /// Where the editions, the graph, the facts and the identifiers are not about the same units.
    #[must_use]
    pub fn between(
        graph: &UnitGraph,
        facts: &UnitFacts,
        units: &UnitIndex,
        (base, revised): (&Edition, &Edition),
        settings: CriteriaSettings,
    ) -> Self {
        let before = ImpactEngine::new(graph, facts, base, base);
        let after = ImpactEngine::new(graph, facts, base, revised);
        let grounds = CriteriaGrounds::new(&before, units, settings);
        Self::read(&grounds, (&before, &base.header), (&after, &revised.header))
    }

    /// Reads the impact off two engines as they stand: the base against itself, and the base against the revised edition
    /// with whatever moves were applied since. O(territories + installations + criteria of the CLSC concerned).
    #[must_use]
    pub fn read(
        grounds: &CriteriaGrounds<'_>,
        (before, base): (&ImpactEngine<'_>, &EditionHeader),
        (after, revised): (&ImpactEngine<'_>, &EditionHeader),
    ) -> Self {
        let ((_, facts, old), (_, _, new)) = (before.grounds(), after.grounds());
        let comparison = after.compared(before);
        let levels: Vec<LevelImpact> =
            Level::TERRITORIAL.into_iter().map(|level| level_impact(level, &comparison, before, after)).collect();
        let (mut concerned_before, mut criteria) = (BTreeSet::new(), Vec::new());
        let find = |hierarchy: &Hierarchy, standing: &Option<Standing>| {
            let code = standing.as_ref()?.code.as_str();
            hierarchy.find(Level::Clsc, code).map(|place| place as u16)
        };
        for territory in &levels[0].territories {
            if territory.gained.is_empty() && territory.lost.is_empty() {
                continue;
            }
            let (was, is) = (find(old, &territory.before), find(new, &territory.after));
            concerned_before.extend(was);
            criteria.push(CriteriaChange {
                before: was.map(|clsc| grounds.measure(before, clsc)),
                after: is.map(|clsc| grounds.measure(after, clsc)),
            });
        }
        let in_range = [before, after].map(|engine| {
            let count = engine.grounds().2.clsc_count();
            let good = (0..count as u16)
                .filter(|&clsc| grounds.settings().in_range(engine.sums(Level::Clsc, clsc).people))
                .count();
            [good, count]
        });
        let other_years = other_years(&levels[0], before, after, grounds.settings());
        let broken_series = levels.iter().flat_map(broken).collect();
        let nesting_breaks_before = grounds.nesting_breaks().to_vec();
        let nesting_breaks_after =
            if old.same_shape(new) { nesting_breaks_before.clone() } else { new.nesting_breaks() };
        Self {
            base: base.clone(),
            revised: revised.clone(),
            levels,
            criteria,
            in_range,
            code_changes: codes::suggest(old, new),
            nesting_breaks_before,
            nesting_breaks_after,
            broken_series,
            unknown_people: facts.unknown_people,
            settings: *grounds.settings(),
            other_years,
            distances_from: facts.point_basis,
            travel_times_of: facts.travel.as_ref().map(|travel| travel.name.clone()),
        }
    }

    /// Whether travel times count, and where they come from, as a sentence.
    #[must_use]
    pub fn travel_words(&self) -> Words {
        match &self.travel_times_of {
            Some(table) => both!(
                "Temps de trajet de la table « {table} » ; à vol d’oiseau pour les personnes dont elle ne dit rien.",
                "Travel times of the table \"{table}\"; as the crow flies for the people of whom it says nothing."
            ),
            None => Words::new(
                "Aucune table de temps de trajet n’a été donnée : les distances à vol d’oiseau en tiennent lieu.",
                "No table of travel times was given: distances as the crow flies stand for them.",
            ),
        }
    }

    /// What happens at a level.
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn level(&self, level: Level) -> &LevelImpact {
        &self.levels[level.territorial_index().expect("impacts are told of territories, not of dissemination areas")]
    }
}

fn standing(
    engine: &ImpactEngine<'_>,
    (level, territory): (Level, TerritoryIndex),
    parents: Vec<TerritoryCode>,
) -> Standing {
    let known = &engine.grounds().2.territories(level)[territory.at()];
    let sums = engine.sums(level, territory.0);
    let area_km2 = sums.area_dm2 as f64 / 1e8;
    Standing {
        code: known.code.clone(),
        name: known.name.clone(),
        parents,
        units: sums.units,
        people: sums.people,
        area_km2,
        density_per_km2: if area_km2 > 0.0 { sums.people as f64 / area_km2 } else { 0.0 },
        perimeter_km: sums.perimeter_mm as f64 / 1e6,
        pieces: sums.pieces,
        installations: (!engine.grounds().1.installations.is_empty()).then_some(sums.installations),
    }
}

fn level_impact(
    level: Level,
    comparison: &Comparison<'_>,
    before: &ImpactEngine<'_>,
    after: &ImpactEngine<'_>,
) -> LevelImpact {
    let ((_, facts, old), (_, _, new)) = (before.grounds(), after.grounds());
    let code = |hierarchy: &Hierarchy, at: u16| hierarchy.territories(level)[usize::from(at)].code.clone();
    let flow = |(&(from, to), sums): (&(u16, u16), &FlowSums)| Flow {
        from: code(old, from),
        to: code(new, to),
        units: sums.units,
        people: sums.people,
        area_km2: sums.area_dm2 as f64 / 1e8,
        addresses: facts.addresses.as_ref().and_then(|_| sums.known_addresses()),
    };
    let moving = |(from, to): (u16, u16)| comparison.is_affected(level, TerritoryIndex(from), TerritoryIndex(to));
    let moves: Vec<_> = after.flows(level).iter().filter(|(pair, _)| moving(**pair)).collect();
    let installations: Vec<(u16, u16, &PlacedInstallation)> = (facts.installations.iter())
        .map(|known| {
            let was = before.parent(level, before.clsc_of(known.unit));
            (was, after.parent(level, after.clsc_of(known.unit)), known)
        })
        .filter(|&(was, is, _)| moving((was, is)))
        .collect();
    let moved = |known: &&(u16, u16, &PlacedInstallation)| MovedInstallation {
        code: known.2.code.clone(),
        name: known.2.name.clone(),
    };
    let (mut unchanged, mut territories) = (0, Vec::new());
    for pair in comparison.pairs(level) {
        let class = comparison.class(level, pair);
        if class == ChangeClass::Unchanged {
            unchanged += 1;
            continue;
        }
        let (was, is) = pair;
        let (from, to) = (was.map(|was| was.0), is.map(|is| is.0));
        territories.push(TerritoryImpact {
            class,
            letter: class.letter(),
            before: was.map(|at| standing(before, (level, at), comparison.parents_before(level, at))),
            after: is.map(|at| standing(after, (level, at), comparison.parents_after(level, at))),
            parents_changed: was.zip(is).map_or_else(Vec::new, |(was, is)| comparison.parent_changes(level, was, is)),
            gained: moves.iter().filter(|(pair, _)| Some(pair.1) == to).map(|&known| flow(known)).collect(),
            lost: moves.iter().filter(|(pair, _)| Some(pair.0) == from).map(|&known| flow(known)).collect(),
            installations_gained: installations.iter().filter(|known| Some(known.1) == to).map(|k| moved(&k)).collect(),
            installations_lost: installations.iter().filter(|known| Some(known.0) == from).map(|k| moved(&k)).collect(),
        });
    }
    territories.sort_by(|a, b| territory_code(a).cmp(&territory_code(b)));
    let mut all = FlowSums::default();
    for (_, sums) in &moves {
        all.units += sums.units;
        all.people += sums.people;
        all.addresses += sums.addresses;
        all.people_addressed += sums.people_addressed;
    }
    let known_share = if all.people > 0 { all.people_addressed as f64 / all.people as f64 } else { 1.0 };
    let mut affected = Affected {
        units: all.units,
        people: all.people,
        addresses: facts.addresses.as_ref().and_then(|_| all.known_addresses()),
        addresses_known_share: facts.addresses.as_ref().map(|_| known_share),
        people_moved_before: facts.moved_before.as_ref().map(|_| 0),
    };
    if let (Some(moved), false) = (&facts.moved_before, moves.is_empty()) {
        let people = (0..moved.len() as u32).filter(|&unit| moved[unit as usize] > 0).filter(|&unit| {
            let was = before.parent(level, before.clsc_of(unit));
            moving((was, after.parent(level, after.clsc_of(unit))))
        });
        affected.people_moved_before = Some(people.map(|unit| facts.people[unit as usize]).sum());
    }
    LevelImpact { level, unchanged, territories, affected }
}

fn other_years(
    level: &LevelImpact,
    before: &ImpactEngine<'_>,
    after: &ImpactEngine<'_>,
    settings: &CriteriaSettings,
) -> Vec<ClscInYear> {
    let facts = before.grounds().1;
    let concerned = || level.territories.iter().filter(|known| !known.gained.is_empty() || !known.lost.is_empty());
    let sum = |engine: &ImpactEngine<'_>, standing: &Option<Standing>, people: &[u64]| {
        let place = engine.grounds().2.find(Level::Clsc, standing.as_ref()?.code.as_str())?;
        Some(engine.members(place as u16).iter().map(|&unit| people[unit as usize]).sum::<u64>())
    };
    let mut found = Vec::new();
    for year in &facts.years {
        for known in concerned() {
            let Some(named) = known.after.as_ref().or(known.before.as_ref()) else { continue };
            let [was, is] = [sum(before, &known.before, &year.people), sum(after, &known.after, &year.people)];
            let today = known.after.as_ref().map(|after| after.people);
            found.push(ClscInYear {
                year: year.year,
                code: named.code.clone(),
                name: named.name.clone(),
                before: was,
                after: is,
                in_range_before: was.map(|people| settings.in_range(people)),
                in_range_after: is.map(|people| settings.in_range(people)),
                today,
                in_range_today: today.map(|people| settings.in_range(people)),
            });
        }
    }
    found
}

fn territory_code(impact: &TerritoryImpact) -> Option<&TerritoryCode> {
    impact.before.as_ref().or(impact.after.as_ref()).map(|standing| &standing.code)
}

fn broken(level: &LevelImpact) -> Vec<BrokenSeries> {
    (level.territories.iter())
        .filter(|territory| territory.class.breaks_series())
        .filter_map(|territory| {
            let standing = territory.before.as_ref().or(territory.after.as_ref())?;
            let people = |flows: &[Flow]| flows.iter().map(|flow| flow.people).sum::<u64>();
            let share = |part: u64, all: Option<u64>| all.filter(|&all| all > 0).map(|all| part as f64 / all as f64);
            let (people_in, people_out) = (people(&territory.gained), people(&territory.lost));
            let people_before = territory.before.as_ref().map(|before| before.people);
            let people_after = territory.after.as_ref().map(|after| after.people);
            Some(BrokenSeries {
                level: level.level,
                code: standing.code.clone(),
                name: standing.name.clone(),
                class: territory.class,
                people_before,
                people_after,
                people_in,
                people_out,
                share_in: share(people_in, people_after),
                share_out: share(people_out, people_before),
            })
        })
        .collect()
}
