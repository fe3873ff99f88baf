//! The file of a revision for those who decide: one self-contained page to print, and the same as JSON.

mod html;
mod map;
mod notice;
mod sections;
mod text;
mod words;

use std::collections::BTreeSet;

use serde::Serialize;

use super::apply::{Applied, Revision};
use super::impact::{Impact, TerritoryImpact};
use super::{ChangeClass, ClscCriteria, Concern, Grade};
use crate::domain::{Language, Level, TerritoryCode};

pub use map::{MapSource, Maps};

/// What a revision changes, weighed.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Dossier {
    /// The revision, operations included.
    pub revision: Revision,
    /// What it does at every level.
    pub impact: Impact,
    /// What was weighed: each measure before and after.
    pub weighed: Vec<Weighed>,
    /// Who must be told.
    pub to_tell: Vec<ToTell>,
    /// What is seldom meant, to be accepted by name.
    pub concerns: Vec<Concern>,
    /// Digest of the state it leads to, where the caller keeps a history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

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

/// Somebody who must be told, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ToTell {
    /// Who.
    pub who: Recipient,
    /// Code of the territory or installation concerned.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Who must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// People who live there, by the notice.
    Population,
    /// The établissement (CISSS or CIUSSS) of an RTS.
    Institution,
    /// The public health department of a region.
    PublicHealth,
    /// A RUISSS.
    UniversityNetwork,
    /// An installation that changes CLSC.
    Installation,
    /// A municipality of which the part inside a CLSC changes.
    Municipality,
    /// Those who keep series of counts by territory.
    Statisticians,
    /// Those who keep registers of territory codes (intake, billing, 811).
    Registers,
}

impl Dossier {
    /// Puts together a revision, what it gave and its impact.
    #[must_use]
    pub fn new(revision: &Revision, applied: &Applied, impact: Impact) -> Self {
        let (weighed, to_tell) = (weigh(&impact), who_to_tell(&impact, applied));
        Self { revision: revision.clone(), impact, weighed, to_tell, concerns: Vec::new(), digest: None }
    }

    /// The same, with what is seldom meant in it.
    #[must_use]
    pub fn with_concerns(mut self, concerns: Vec<Concern>) -> Self {
        self.concerns = concerns;
        self
    }

    /// Whether everything that is seldom meant was accepted.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.concerns.iter().all(|concern| concern.accepted)
    }

    /// The page: no script, no file beside it. Maps are left out where none are given.
    #[must_use]
    pub fn to_html(&self, language: Language, maps: Option<&Maps>) -> String {
        html::page(self, language, maps)
    }

    /// The same as JSON, for machines; words are those of the format, whatever the language.
    ///
    /// # Panics
    /// Never: a dossier holds nothing that JSON can not write.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a dossier holds nothing that JSON can not write")
    }
}

fn weigh(impact: &Impact) -> Vec<Weighed> {
    let [[good_before, _], [good_after, _]] = impact.in_range;
    let grades = |grade: Grade, after: bool| {
        (impact.criteria.iter())
            .filter_map(|known| if after { known.after.as_ref() } else { known.before.as_ref() })
            .filter(|known| known.grade == grade)
            .count()
    };
    let cut = |after: bool, id: &str| -> usize {
        (impact.criteria.iter())
            .filter_map(|known| if after { known.after.as_ref() } else { known.before.as_ref() })
            .flat_map(|known| known.cuts(id).into_iter().flatten().map(|cut| cut.code.as_str()))
            .collect::<BTreeSet<_>>()
            .len()
    };
    let pieces = impact.criteria.iter().filter_map(|known| known.after.as_ref()).flat_map(ClscCriteria::detached);
    let upper = impact.levels[1..]
        .iter()
        .flat_map(|level| &level.territories)
        .filter(|territory| !territory.gained.is_empty() || !territory.lost.is_empty());
    let affected = &impact.levels[0].affected;
    let known = |id: &str| {
        let mut all = impact.criteria.iter().flat_map(|known| known.before.iter().chain(&known.after));
        all.any(|known| known.cuts(id).is_some())
    };
    let (municipalities_known, mrc_known) = (known("municipalities"), known("mrc"));
    let concerned = [false, true].map(|after| {
        let side =
            |known: &&super::impact::CriteriaChange| if after { known.after.is_some() } else { known.before.is_some() };
        impact.criteria.iter().filter(side).count()
    });
    let nothing = 0_usize;
    let pairs = [
        (Measure::ClscInRange, good_before, good_after, Some(true)),
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

fn who_to_tell(impact: &Impact, applied: &Applied) -> Vec<ToTell> {
    let mut list = Vec::new();
    let name = |territory: &TerritoryImpact| {
        let standing = territory.after.as_ref().or(territory.before.as_ref());
        standing.map_or((String::new(), String::new()), |known| (known.code.to_string(), known.name.clone()))
    };
    let concerned = |level: Level| impact.level(level).territories.iter();
    let exchanged = |territory: &&TerritoryImpact| !territory.gained.is_empty() || !territory.lost.is_empty();
    for territory in concerned(Level::Clsc).filter(|territory| territory.class != ChangeClass::Unchanged) {
        let (code, name) = name(territory);
        list.push(ToTell { who: Recipient::Population, code, name });
    }
    // What stands above the CLSC concerned hears of it, even where its own limits stay.
    let hierarchy = &applied.edition.hierarchy;
    for (who, level) in [(Recipient::Institution, Level::Rts), (Recipient::PublicHealth, Level::Rss)] {
        let mut codes: Vec<(TerritoryCode, String)> = concerned(Level::Clsc)
            .filter_map(|territory| hierarchy.find(Level::Clsc, territory.after.as_ref()?.code.as_str()))
            .map(|clsc| &hierarchy.territories(level)[hierarchy.parent(clsc, level)])
            .map(|known| (known.code.clone(), known.name.clone()))
            .chain(
                concerned(level)
                    .filter_map(|territory| territory.before.as_ref().or(territory.after.as_ref()))
                    .map(|known| (known.code.clone(), known.name.clone())),
            )
            .collect();
        codes.sort_unstable();
        codes.dedup();
        list.extend(codes.into_iter().map(|(code, name)| ToTell { who, code: code.to_string(), name }));
    }
    for territory in concerned(Level::Ruisss).filter(exchanged) {
        let (code, name) = name(territory);
        list.push(ToTell { who: Recipient::UniversityNetwork, code, name });
    }
    for territory in concerned(Level::Clsc) {
        for known in &territory.installations_gained {
            let (to, into) = name(territory);
            let name = format!("{} → {to} {into}", known.name);
            list.push(ToTell { who: Recipient::Installation, code: known.code.clone(), name });
        }
    }
    let mut areas: Vec<(String, String)> = (impact.criteria.iter())
        .filter_map(|known| {
            let cuts = |side: &Option<ClscCriteria>| {
                side.as_ref().and_then(|known| known.cuts("municipalities")).unwrap_or_default().to_vec()
            };
            let (before, after) = (cuts(&known.before), cuts(&known.after));
            (before != after).then(|| before.into_iter().chain(after).map(|cut| (cut.code, cut.name)))
        })
        .flatten()
        .collect();
    areas.sort_unstable();
    areas.dedup();
    list.extend(areas.into_iter().map(|(code, name)| ToTell { who: Recipient::Municipality, code, name }));
    let general = |who| ToTell { who, code: String::new(), name: String::new() };
    if !impact.broken_series.is_empty() {
        list.push(general(Recipient::Statisticians));
    }
    if !list.is_empty() {
        list.push(general(Recipient::Registers));
    }
    list
}
