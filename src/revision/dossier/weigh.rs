//! What a revision makes better and what it makes worse: over the whole, and criterion by criterion in each CLSC.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::{Level, Term, TerritoryCode};
use crate::revision::impact::{CriteriaChange, Flow, Impact};
use crate::revision::{ClscCriteria, Grade, Measured};

/// A measure of the whole, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Weighed {
    /// What is measured.
    pub measure: Measure,
    /// In the base.
    pub before: f64,
    /// In the revised edition.
    pub after: f64,
    /// Whether that is better; none where nothing changes or where it is for people to say.
    pub better: Option<bool>,
}

/// What is weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = WeighedMeasure)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// CLSC with as many people as the range asks.
    ClscInRange,
    /// People, of the CLSC concerned, who live in one out of the range.
    PeopleOutOfRange,
    /// CLSC, of those concerned, that meet every criterion.
    ClscGood,
    /// CLSC, of those concerned, to be looked into.
    ClscPoor,
    /// People who change CLSC.
    PeopleMoved,
    /// Of these, people moved before.
    PeopleMovedAgain,
    /// RLS, RTS, RSS and RUISSS whose people change.
    UpperDisturbed,
    /// Pieces detached that the base did not have.
    NewPieces,
    /// Municipalities of which a CLSC concerned holds a part only, each counted once.
    MunicipalitiesCut,
    /// MRC, or census divisions, of which a CLSC concerned holds a part only, each counted once.
    MrcCut,
    /// Upper territories split between several of a higher level.
    NestingBreaks,
    /// Series that break, at all levels.
    BrokenSeries,
    /// Codes that must change.
    CodesToChange,
}

impl Measure {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::ClscInRange => Term::new("CLSC dans la fourchette de population", "CLSC in the population range"),
            Self::PeopleOutOfRange => Term::new(
                "Personnes d’un CLSC touché qui est hors de la fourchette",
                "People of a CLSC concerned that is out of the range",
            ),
            Self::ClscGood => {
                Term::new("CLSC touchés qui remplissent tous les critères", "CLSC concerned that meet every criterion")
            }
            Self::ClscPoor => Term::new("CLSC touchés à examiner", "CLSC concerned to be examined"),
            Self::PeopleMoved => Term::new("Personnes qui changent de CLSC", "People who change CLSC"),
            Self::PeopleMovedAgain => Term::new("… dont déjà déplacées auparavant", "… of whom moved before"),
            Self::UpperDisturbed => Term::new(
                "RLS, RTS, RSS et RUISSS dont le territoire change",
                "RLS, RTS, RSS and RUISSS whose territory changes",
            ),
            Self::NewPieces => Term::new("Nouveaux morceaux détachés", "Newly detached pieces"),
            Self::MunicipalitiesCut => {
                Term::new("Municipalités partagées (CLSC touchés)", "Municipalities shared (CLSC concerned)")
            }
            Self::MrcCut => Term::new(
                "MRC ou divisions de recensement partagées (CLSC touchés)",
                "MRC or census divisions shared (CLSC concerned)",
            ),
            Self::NestingBreaks => Term::new("Ruptures d’emboîtement", "Nesting breaks"),
            Self::BrokenSeries => Term::new("Séries statistiques rompues", "Series that break"),
            Self::CodesToChange => Term::new("Codes à changer", "Codes to change"),
        }
    }
}

/// A criterion whose grade changes in a CLSC.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = CriterionEffect)]
pub struct Effect {
    /// Code of the CLSC, as it will be; of one that is gone, as it was.
    pub code: TerritoryCode,
    /// Its name.
    pub name: String,
    /// The CLSC compared with, where it is another one: what a new one was made of, what one that is gone went into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<TerritoryCode>,
    /// The measure in the base.
    pub before: Measured,
    /// The measure in the revised edition.
    pub after: Measured,
    /// Whether the grade rises.
    pub better: bool,
}

/// The measures of the whole.
pub(super) fn weigh(impact: &Impact) -> Vec<Weighed> {
    let [[good_before, _], [good_after, _]] = impact.in_range;
    let side = |after: bool| {
        (impact.criteria.iter())
            .filter_map(move |known| if after { known.after.as_ref() } else { known.before.as_ref() })
    };
    let grades = |grade: Grade, after: bool| side(after).filter(|known| known.grade == grade).count();
    let out_of_range = |after: bool| {
        let people = side(after).map(ClscCriteria::people).filter(|&people| !impact.settings.in_range(people));
        people.sum::<u64>() as usize
    };
    let cut = |after: bool, id: &str| -> usize {
        let codes = side(after).flat_map(|known| known.cuts(id).into_iter().flatten().map(|cut| cut.code.as_str()));
        codes.collect::<BTreeSet<_>>().len()
    };
    let known = |id: &str| [false, true].into_iter().flat_map(side).any(|known| known.cuts(id).is_some());
    let pieces = side(true).flat_map(ClscCriteria::detached);
    let upper = impact.levels[1..]
        .iter()
        .flat_map(|level| &level.territories)
        .filter(|territory| !territory.gained.is_empty() || !territory.lost.is_empty());
    let affected = &impact.levels[0].affected;
    let (municipalities_known, mrc_known) = (known("municipalities"), known("mrc"));
    let concerned = [false, true].map(|after| side(after).count());
    let nothing = 0_usize;
    let pairs = [
        (Measure::ClscInRange, good_before, good_after, Some(true)),
        (Measure::PeopleOutOfRange, out_of_range(false), out_of_range(true), Some(false)),
        (Measure::ClscGood, grades(Grade::Good, false), grades(Grade::Good, true), Some(true)),
        (Measure::ClscPoor, grades(Grade::Poor, false), grades(Grade::Poor, true), Some(false)),
        (Measure::PeopleMoved, nothing, affected.people as usize, None),
        (Measure::PeopleMovedAgain, nothing, affected.people_moved_before.unwrap_or(0) as usize, None),
        (Measure::UpperDisturbed, nothing, upper.count(), None),
        (Measure::NewPieces, nothing, pieces.filter(|piece| !piece.was_there).count(), Some(false)),
        (Measure::MunicipalitiesCut, cut(false, "municipalities"), cut(true, "municipalities"), Some(false)),
        (Measure::MrcCut, cut(false, "mrc"), cut(true, "mrc"), Some(false)),
        (Measure::NestingBreaks, impact.nesting_breaks_before.len(), impact.nesting_breaks_after.len(), Some(false)),
        (Measure::BrokenSeries, nothing, impact.broken_series.len(), None),
        (Measure::CodesToChange, nothing, impact.code_changes.len(), None),
    ];
    pairs
        .into_iter()
        .filter(|known| match known.0 {
            Measure::PeopleMovedAgain => affected.people_moved_before.is_some(),
            Measure::MunicipalitiesCut => municipalities_known,
            Measure::MrcCut => mrc_known,
            _ => true,
        })
        .map(|(measure, before, after, more_is_better)| Weighed {
            measure,
            before: before as f64,
            after: after as f64,
            better: more_is_better
                .filter(|_| before != after)
                .filter(|_| match measure {
                    // Fewer of fewer CLSC is no progress unless the share falls as well.
                    Measure::ClscGood | Measure::ClscPoor => {
                        (after > before) == (after * concerned[0] > before * concerned[1])
                    }
                    _ => true,
                })
                .map(|more| (after > before) == more),
        })
        .collect()
}

/// Every grade that changes. A new CLSC is compared with the one that most of its people come from; one that is gone with
/// the one that most of its people go to.
pub(super) fn effects(impact: &Impact) -> Vec<Effect> {
    let clsc = impact.level(Level::Clsc);
    let most = |flows: &[Flow]| flows.iter().max_by_key(|flow| (flow.people, flow.units)).cloned();
    let before: BTreeMap<&TerritoryCode, &ClscCriteria> =
        impact.criteria.iter().filter_map(|known| known.before.as_ref()).map(|known| (&known.code, known)).collect();
    let after: BTreeMap<&TerritoryCode, &ClscCriteria> =
        impact.criteria.iter().filter_map(|known| known.after.as_ref()).map(|known| (&known.code, known)).collect();
    let mut list = Vec::new();
    for CriteriaChange { before: was, after: is } in &impact.criteria {
        let (was, is, other) = match (was, is) {
            (Some(was), Some(is)) => (was, is, None),
            (None, Some(is)) => {
                let own = clsc.territories.iter().find(|known| known.after.as_ref().is_some_and(|s| s.code == is.code));
                let Some(flow) = own.and_then(|known| most(&known.gained)) else { continue };
                let Some(&was) = before.get(&flow.from) else { continue };
                (was, is, Some(flow.from))
            }
            (Some(was), None) => {
                let own =
                    clsc.territories.iter().find(|known| known.before.as_ref().is_some_and(|s| s.code == was.code));
                let Some(flow) = own.and_then(|known| most(&known.lost)) else { continue };
                let Some(&is) = after.get(&flow.to) else { continue };
                (was, is, Some(flow.to))
            }
            (None, None) => continue,
        };
        // Of one that is gone, its own name: it is its people that are told about.
        let own = if other.as_ref() == Some(&is.code) { was } else { is };
        for then in &was.measures {
            let now = is.measures.iter().find(|now| (now.criterion, &now.of) == (then.criterion, &then.of));
            let Some((now, (grade_then, grade_now))) = now.and_then(|now| Some((now, then.grade.zip(now.grade)?)))
            else {
                continue;
            };
            if grade_then != grade_now {
                list.push(Effect {
                    code: own.code.clone(),
                    name: own.name.clone(),
                    compared_with: other.clone(),
                    before: then.clone(),
                    after: now.clone(),
                    better: grade_now < grade_then,
                });
            }
        }
    }
    list
}
