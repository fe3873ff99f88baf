//! Which edition each period of a table is coded in: given, or found from its codes and said.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{Language, Level, Place, Severity, Term, TerritoryCode, Words, both};
use crate::series::SeriesError;
use crate::series::compare::Timeline;
use crate::series::table::{Findings, SeriesFinding, SeriesFindingKind as Kind, Table};

/// How the edition of a period is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodingBasis {
    /// It was given.
    Given,
    /// Its codes fit this edition better than any other.
    Codes,
    /// Its codes fit several equally well: the one in force on the period's day is taken.
    InForce,
    /// Its codes fit several equally well and the period is before them all: the first is taken.
    First,
    /// No edition holds any of its codes.
    None,
}

impl Coding {
    /// How the edition is known, in words; `only` where there is no other edition.
    #[must_use]
    pub fn how(&self, only: bool, language: Language) -> String {
        if only && self.place.is_some() && self.basis != CodingBasis::Given {
            return language.pick("la seule", "the only one").to_owned();
        }
        let words = self.basis.words().pick(language);
        format!("{words} {}", self.also_fits.join(", ")).trim_end().to_owned()
    }
}

impl CodingBasis {
    /// How the edition is known; the editions that fit as well are named after it.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Given => Term::new("donnée", "given"),
            Self::Codes => Term::new("ses codes ne vont qu’à elle", "its codes fit no other as well"),
            Self::InForce => Term::new("en vigueur ; les codes vont aussi à", "in force; codes also fit"),
            Self::First => Term::new("la première ; les codes vont aussi à", "the first; codes also fit"),
            Self::None => Term::new("aucune ne contient ces codes", "none holds these codes"),
        }
    }
}

/// The edition of a period.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Coding {
    /// The period's label.
    pub period: String,
    /// Place of the edition in the timeline.
    #[serde(skip)]
    pub place: Option<usize>,
    /// The edition.
    pub edition: Option<String>,
    /// How it is known.
    pub basis: CodingBasis,
    /// Other editions whose codes fit as well: the codes can not tell.
    pub also_fits: Vec<String>,
    /// Codes the edition does not hold; the first `MOST_CODES`.
    pub unknown: Vec<(Level, TerritoryCode)>,
    /// Codes of the edition without any value, at levels the period holds; the first `MOST_CODES`.
    pub missing: Vec<(Level, TerritoryCode)>,
    /// How many codes the edition does not hold.
    pub unknown_count: usize,
    /// How many codes of the edition are without any value.
    pub missing_count: usize,
}

/// Codes that are unknown or missing listed for all periods together, about.
const MOST_LISTED: usize = 20_000;
/// Codes that are unknown or missing listed for one period at most; the rest is counted.
pub const MOST_CODES: usize = 200;

/// Finds the edition of every period; `given` maps labels of periods (or years) to identifiers of editions.
///
/// The edition with the fewest unknown codes wins; among equals the one with the fewest missing codes, where the period
/// holds at least nine in ten of them; among equals the one in force on the period's day.
///
/// # Errors
/// [`SeriesError::UnknownEdition`] for a given edition the timeline does not hold.
pub fn code_periods(
    table: &Table,
    timeline: &Timeline,
    given: &BTreeMap<String, String>,
) -> Result<(Vec<Coding>, Findings), SeriesError> {
    let presence = Presence::of(table);
    let mut findings = Findings::default();
    let mut codings = Vec::with_capacity(table.periods.len());
    // Tables of many periods (days) get fewer of each, so that what is answered stays in proportion to what was asked.
    let most = (MOST_LISTED / table.periods.len().max(1)).clamp(1, MOST_CODES);
    for (at, period) in table.periods.iter().enumerate() {
        let stated = given.get(&period.label).or_else(|| given.get(&period.date.year().to_string()));
        let scores: Vec<Score> =
            (0..timeline.editions.len()).map(|edition| presence.score(table, timeline, at, edition)).collect();
        let mut coding = match stated {
            Some(id) => coding(timeline, &period.label, Some(timeline.find(id)?), CodingBasis::Given),
            None => choose(timeline, &period.label, period.date, &scores),
        };
        if let Some(place) = coding.place {
            coding.unknown = presence.unknown(table, timeline, at, place);
            coding.missing = presence.missing(table, timeline, at, place);
            (coding.unknown_count, coding.missing_count) = (coding.unknown.len(), coding.missing.len());
            coding.unknown.truncate(most);
            coding.missing.truncate(most);
            if timeline.in_force(period.date).is_none() && stated.is_none() {
                let message = both!(
                    "la période « {} » est avant la première édition : aucune n’était en vigueur ; ses codes vont à l’édition \
                     « {} », dans laquelle on la tient pour codée",
                    "period \"{}\" is before the first edition: no edition was in force; its codes fit edition \"{}\", in which it \
                     is taken to be coded",
                    period.label,
                    timeline.editions[place].edition.header.id
                );
                findings.push(finding(table, at, None, Severity::Note, Kind::NoEdition, message));
            }
        } else {
            let message = both!(
                "la période « {} » n’a pas d’édition : aucune n’a un seul de ses codes ; donnez-en une",
                "period \"{}\" has no edition: none holds any of its codes; give one",
                period.label
            );
            findings.push(finding(table, at, None, Severity::Error, Kind::NoEdition, message));
        }
        for (list, count, kind) in [
            (&coding.unknown, coding.unknown_count, Kind::UnknownCode),
            (&coding.missing, coding.missing_count, Kind::MissingCode),
        ] {
            findings.count(kind, (count - list.len()) as u64);
            for (level, code) in list {
                if findings.is_full(kind) {
                    findings.count(kind, 1);
                    continue;
                }
                let (acronym, edition) = (level.acronym(), coding.edition.as_deref().unwrap_or(""));
                let message = if kind == Kind::UnknownCode {
                    both!(
                        "{acronym} « {code} » n’est pas de l’édition « {edition} » (période {})",
                        "{acronym} \"{code}\" is not in edition \"{edition}\" (period {})",
                        period.label
                    )
                } else {
                    both!(
                        "{acronym} « {code} » n’a pas de valeur à cette période et est de l’édition « {edition} » (période {})",
                        "{acronym} \"{code}\" has no value in this period and is in edition \"{edition}\" (period {})",
                        period.label
                    )
                };
                let known = (kind == Kind::UnknownCode).then_some((*level, code));
                findings.push(finding(table, at, known, Severity::Note, kind, message));
            }
        }
        codings.push(coding);
    }
    Ok((codings, findings))
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    unknown: usize,
    missing: usize,
    known: usize,
}

/// Which codes each period holds, by level.
struct Presence {
    codes: usize,
    held: Vec<bool>,
}

impl Presence {
    fn of(table: &Table) -> Self {
        let codes = table.codes.len();
        let mut held = vec![false; table.periods.len() * Level::TERRITORIAL.len() * codes];
        for cell in &table.cells {
            if let Some(level) = cell.level.territorial_index() {
                held[(usize::from(cell.period) * 5 + level) * codes + cell.code as usize] = true;
            }
        }
        Self { codes, held }
    }

    fn holds(&self, period: usize, level: usize, code: usize) -> bool {
        self.held[(period * 5 + level) * self.codes + code]
    }

    fn levels(&self, period: usize) -> impl Iterator<Item = (usize, Level)> + '_ {
        Level::TERRITORIAL
            .into_iter()
            .enumerate()
            .filter(move |(place, _)| (0..self.codes).any(|code| self.holds(period, *place, code)))
    }

    fn unknown(
        &self,
        table: &Table,
        timeline: &Timeline,
        period: usize,
        edition: usize,
    ) -> Vec<(Level, TerritoryCode)> {
        let hierarchy = &timeline.editions[edition].edition.hierarchy;
        let mut unknown = Vec::new();
        for (place, level) in self.levels(period) {
            for (code, text) in table.codes.iter().enumerate() {
                if self.holds(period, place, code) && hierarchy.find(level, text.as_str()).is_none() {
                    unknown.push((level, text.clone()));
                }
            }
        }
        unknown
    }

    fn missing(
        &self,
        table: &Table,
        timeline: &Timeline,
        period: usize,
        edition: usize,
    ) -> Vec<(Level, TerritoryCode)> {
        let hierarchy = &timeline.editions[edition].edition.hierarchy;
        let mut missing = Vec::new();
        for (place, level) in self.levels(period) {
            for territory in hierarchy.territories(level) {
                let held = table.codes.binary_search(&territory.code).is_ok_and(|code| self.holds(period, place, code));
                if !held {
                    missing.push((level, territory.code.clone()));
                }
            }
        }
        missing
    }

    fn score(&self, table: &Table, timeline: &Timeline, period: usize, edition: usize) -> Score {
        let (mut held, mut all) = (0, 0);
        for (place, level) in self.levels(period) {
            held += (0..self.codes).filter(|&code| self.holds(period, place, code)).count();
            all += timeline.editions[edition].edition.hierarchy.territories(level).len();
        }
        let unknown = self.unknown(table, timeline, period, edition).len();
        let missing = if held * 10 >= all * 9 { self.missing(table, timeline, period, edition).len() } else { 0 };
        Score { unknown, missing, known: held - unknown }
    }
}

fn choose(timeline: &Timeline, label: &str, date: crate::domain::Date, scores: &[Score]) -> Coding {
    let fit = |score: &Score| (score.unknown, score.missing);
    let Some(best) = scores.iter().filter(|score| score.known > 0).map(fit).min() else {
        return coding(timeline, label, None, CodingBasis::None);
    };
    let fitting: Vec<usize> =
        (0..scores.len()).filter(|&at| scores[at].known > 0 && fit(&scores[at]) == best).collect();
    let in_force = timeline.in_force(date);
    let (place, basis) = match fitting[..] {
        [only] => (only, CodingBasis::Codes),
        _ => match fitting.iter().rposition(|&at| in_force.is_some_and(|force| at <= force)) {
            Some(at) => (fitting[at], CodingBasis::InForce),
            None => (fitting[0], CodingBasis::First),
        },
    };
    let mut found = coding(timeline, label, Some(place), basis);
    found.also_fits = fitting
        .into_iter()
        .filter(|&at| at != place)
        .map(|at| timeline.editions[at].edition.header.id.clone())
        .collect();
    found
}

fn coding(timeline: &Timeline, label: &str, place: Option<usize>, basis: CodingBasis) -> Coding {
    Coding {
        period: label.to_owned(),
        place,
        edition: place.map(|at| timeline.editions[at].edition.header.id.clone()),
        basis,
        also_fits: Vec::new(),
        unknown: Vec::new(),
        missing: Vec::new(),
        unknown_count: 0,
        missing_count: 0,
    }
}

fn finding(
    table: &Table,
    period: usize,
    code: Option<(Level, &TerritoryCode)>,
    severity: Severity,
    kind: Kind,
    message: Words,
) -> SeriesFinding {
    let cell = table.cells.iter().find(|cell| {
        usize::from(cell.period) == period
            && code.is_none_or(|(level, code)| cell.level == level && table.codes[cell.code as usize] == *code)
    });
    let place = cell.map_or_else(Place::default, |cell| table.place(cell));
    SeriesFinding { severity, kind, place, message }
}
