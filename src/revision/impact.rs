//! What a revision does, level by level: base against revised.

use std::collections::BTreeSet;

use serde::Serialize;

use super::codes::{self, CodeChange};
use super::criteria::{ClscCriteria, CriteriaGrounds, CriteriaSettings};
use super::engine::{FlowSums, ImpactEngine};
use super::pairing::{Above, Pairing};
use super::{PlacedInstallation, UnitFacts, UnitGraph, UnitIndex};
use crate::domain::{ChangeClass, Edition, EditionHeader, Hierarchy, Level, NestingBreak, OnsLetter, TerritoryCode};

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
    /// Addresses, where given.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub struct Affected {
    /// Units.
    pub units: u32,
    /// People.
    pub people: u64,
    /// Addresses, where given.
    pub addresses: Option<u64>,
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
        let pairing = Pairing::new(before, after);
        let levels: Vec<LevelImpact> =
            Level::TERRITORIAL.into_iter().enumerate().map(|at| level_impact(at, &pairing, before, after)).collect();
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

fn standing(engine: &ImpactEngine<'_>, (level, territory): (usize, u16), above: &Above) -> Standing {
    let word = Level::TERRITORIAL[level];
    let hierarchy = engine.grounds().2;
    let known = &hierarchy.territories(word)[usize::from(territory)];
    let sums = engine.sums(word, territory);
    let area_km2 = sums.area_dm2 as f64 / 1e8;
    Standing {
        code: known.code.clone(),
        name: known.name.clone(),
        parents: (above.of(level, territory).iter())
            .map(|&(upper, place)| hierarchy.territories(Level::TERRITORIAL[upper])[usize::from(place)].code.clone())
            .collect(),
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
    (place, level): (usize, Level),
    pairing: &Pairing,
    before: &ImpactEngine<'_>,
    after: &ImpactEngine<'_>,
) -> LevelImpact {
    let ((_, facts, old), (_, _, new)) = (before.grounds(), after.grounds());
    let own = &pairing.levels[place];
    let code = |hierarchy: &Hierarchy, at: u16| hierarchy.territories(level)[usize::from(at)].code.clone();
    let flow = |(&(from, to), sums): (&(u16, u16), &FlowSums)| Flow {
        from: code(old, from),
        to: code(new, to),
        units: sums.units,
        people: sums.people,
        area_km2: sums.area_dm2 as f64 / 1e8,
        addresses: facts.addresses.as_ref().map(|_| sums.addresses),
    };
    let moving = |(from, to): (u16, u16)| own.after.get(&from) != Some(&to);
    let moves: Vec<_> = after.flows(level).iter().filter(|(pair, _)| moving(**pair)).collect();
    let installations: Vec<(u16, u16, &PlacedInstallation)> = (facts.installations.iter())
        .map(|known| {
            let was = before.parent(level, before.clsc_of(known.unit));
            (was, after.parent(level, after.clsc_of(known.unit)), known)
        })
        .filter(|&(was, is, _)| moving((was, is)))
        .collect();

    let of_new = (0..new.territories(level).len() as u16).map(|to| (own.before.get(&to).copied(), Some(to)));
    let gone = (0..old.territories(level).len() as u16)
        .filter(|from| !own.after.contains_key(from))
        .map(|from| (Some(from), None));
    let (mut unchanged, mut territories) = (0, Vec::new());
    for (was, is) in of_new.chain(gone) {
        let class = pairing.classify((place, level), (old, new), (was, is));
        if class == ChangeClass::Unchanged {
            unchanged += 1;
            continue;
        }
        territories.push(TerritoryImpact {
            class,
            letter: class.letter(),
            before: was.map(|at| standing(before, (place, at), &pairing.above_before)),
            after: is.map(|at| standing(after, (place, at), &pairing.above_after)),
            gained: moves.iter().filter(|(pair, _)| Some(pair.1) == is).map(|&known| flow(known)).collect(),
            lost: moves.iter().filter(|(pair, _)| Some(pair.0) == was).map(|&known| flow(known)).collect(),
            installations_gained: (installations.iter())
                .filter(|known| Some(known.1) == is)
                .map(|known| MovedInstallation { code: known.2.code.clone(), name: known.2.name.clone() })
                .collect(),
            installations_lost: (installations.iter())
                .filter(|known| Some(known.0) == was)
                .map(|known| MovedInstallation { code: known.2.code.clone(), name: known.2.name.clone() })
                .collect(),
        });
    }
    territories.sort_by(|a, b| territory_code(a).cmp(&territory_code(b)));
    let mut affected = Affected {
        addresses: facts.addresses.as_ref().map(|_| 0),
        people_moved_before: facts.moved_before.as_ref().map(|_| 0),
        ..Affected::default()
    };
    for (_, sums) in &moves {
        affected.units += sums.units;
        affected.people += sums.people;
        affected.addresses = affected.addresses.map(|count| count + sums.addresses);
    }
    if let (Some(moved), false) = (&facts.moved_before, moves.is_empty()) {
        let people = (0..moved.len() as u32).filter(|&unit| moved[unit as usize] > 0).filter(|&unit| {
            let was = before.parent(level, before.clsc_of(unit));
            moving((was, after.parent(level, after.clsc_of(unit))))
        });
        affected.people_moved_before = Some(people.map(|unit| facts.people[unit as usize]).sum());
    }
    LevelImpact { level, unchanged, territories, affected }
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
