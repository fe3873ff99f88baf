//! Codes and levels as tables write them, and what is said of them.

use super::cells::{Measure, SeriesFindingKind as Kind, SeriesKey, Table};
use super::words::fold;
use crate::domain::{Hierarchy, Level, TerritoryCode};
use crate::domain::{Words, both};
use crate::tables::Repair;
use crate::tables::codes::{ReadCode, territory_code};
use std::collections::{BTreeMap, BTreeSet};

/// What was found of a code, and the sentence.
pub(super) type Note = (Kind, Words);

/// The code that a text means at a level, a lost zero put back where `may_lack_zero` agrees to the code that results.
pub(super) fn code_of_level(
    level: Level,
    text: &str,
    may_lack_zero: impl FnOnce(&str) -> bool,
) -> Result<(Level, TerritoryCode, Option<Note>), Note> {
    match territory_code(level, text, may_lack_zero) {
        Ok(read) if read.code.as_str().is_empty() => {
            Err((Kind::BadCode, both!("code vide : mis de côté", "empty code: set aside")))
        }
        Ok(ReadCode { code, repair: Repair::LostZero }) => {
            let message = both!(
                "le code « {text} » avait perdu son zéro initial : lu « {code} »",
                "code \"{text}\" had lost its leading zero: read as \"{code}\""
            );
            Ok((level, code, Some((Kind::LostZero, message))))
        }
        Ok(read) => Ok((level, read.code, None)),
        Err(error) => match level_of_length(text) {
            Some(other) if other != level => {
                let message = both!(
                    "le code « {text} » est du niveau {}, la ligne dit {} : mis de côté",
                    "code \"{text}\" is of level {}, the row says {}: set aside",
                    other.acronym(),
                    level.acronym()
                );
                Err((Kind::OtherLevel, message))
            }
            _ => {
                let (acronym, digits) = (level.acronym(), level.code_length().unwrap_or(8));
                let french = format!("« {text} » n’est pas un code de {acronym}, de {digits} chiffres : mis de côté");
                Err((Kind::BadCode, Words::new(french, format!("{error}: set aside"))))
            }
        },
    }
}

/// Says that what a series holds was inferred, and from what.
pub(super) fn inferred(key: &SeriesKey, named: bool) -> Words {
    let (label, count) = (key.label(), key.measure == Measure::Count);
    let french = match (count, named) {
        (true, true) => "un effectif qui s’additionne : son nom le dit",
        (true, false) => "un effectif qui s’additionne : elle a des décimales et rien ne dit que c’est un taux",
        (false, true) => "un taux ou une médiane : son nom le dit",
        (false, false) => "un taux ou une médiane : elle a des décimales",
    };
    let what = if count { "an amount that adds up" } else { "a rate or a median" };
    let why = if named { "its name says so" } else { "it holds decimals and nothing says it is a rate" };
    both!(
        "la série « {label} » est tenue pour {french} ; une colonne « mesure » (effectif, taux, médiane) dit le contraire",
        "series \"{label}\" is taken as {what}: {why}; a column \"measure\" (count, rate, median) says otherwise"
    )
}

/// The level whose codes are as long as a text.
pub(super) fn level_of_length(text: &str) -> Option<Level> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        8 | 11 => Some(Level::Da),
        length => Level::TERRITORIAL.into_iter().find(|level| level.code_length() == Some(length)),
    }
}

/// What is said of a code that a program had written otherwise.
pub(super) fn repaired(repair: Repair, given: &str, code: &str) -> Option<Note> {
    let words = repair.words();
    (!matches!(repair, Repair::None | Repair::LostZero)).then(|| {
        let message = Words::new(
            format!("« {given} » est un code parmi ceux qui sont {} : lu « {code} »", words.french),
            format!("\"{given}\" is one of the codes {words}: read as \"{code}\""),
        );
        (Kind::RepairedCode, message)
    })
}

/// The codes of the editions that a table may be coded in, by level; empty where none are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    codes: BTreeMap<Level, BTreeSet<Box<str>>>,
    /// The code of each name, as [`name_key`] writes it; none for a name that several codes bear.
    names: BTreeMap<Level, BTreeMap<String, Option<Box<str>>>>,
}

/// A name as it is compared: without accents, signs, or the words that lead it ("CLSC des", "La").
fn name_key(name: &str) -> String {
    const LEADING: &[&str] = &["territoire", "clsc", "de", "du", "des", "d", "l", "la", "le", "les"];
    let folded = fold(name);
    let mut words = folded.split('_').peekable();
    while words.next_if(|word| LEADING.contains(word)).is_some() {}
    let rest: Vec<&str> = words.collect();
    if rest.is_empty() { folded } else { rest.join("_") }
}

impl Known {
    /// Those of some hierarchies.
    pub fn of<'a>(hierarchies: impl IntoIterator<Item = &'a Hierarchy>) -> Self {
        let mut all = Self::default();
        for hierarchy in hierarchies {
            for level in Level::TERRITORIAL {
                let codes = hierarchy.territories(level).iter().map(|territory| territory.code.as_str().into());
                all.codes.entry(level).or_default().extend(codes);
                let names = all.names.entry(level).or_default();
                for territory in hierarchy.territories(level) {
                    let code: Box<str> = territory.code.as_str().into();
                    let known = names.entry(name_key(&territory.name)).or_insert_with(|| Some(code.clone()));
                    if known.as_ref() != Some(&code) {
                        *known = None;
                    }
                }
            }
        }
        all
    }

    /// The level at which most of some texts are names, the finest of several; none where none is one.
    pub(super) fn level_of_names<'c>(&self, texts: &(impl Iterator<Item = &'c str> + Clone)) -> Option<Level> {
        let count = |level: Level| {
            let names = self.names.get(&level);
            texts.clone().filter(|text| names.is_some_and(|names| names.contains_key(&name_key(text)))).count()
        };
        let counts = Level::TERRITORIAL.map(|level| (count(level), std::cmp::Reverse(level)));
        counts.into_iter().max().filter(|(count, _)| *count > 0).map(|(_, level)| level.0)
    }

    /// The code of a territory by its name; none where no territory of the level bears it.
    ///
    /// # Errors
    /// What is said of a name that several bear.
    pub(super) fn code_of_name(&self, level: Level, text: &str) -> Option<Result<TerritoryCode, Note>> {
        let known = self.names.get(&level)?.get(&name_key(text))?;
        Some(known.as_ref().map(|code| TerritoryCode::new(code)).ok_or_else(|| {
            let message = both!(
                "plusieurs {} ont porté le nom « {text} » : mis de côté ; donnez le code",
                "several {} have borne the name \"{text}\": set aside; give the code",
                level.acronym()
            );
            (Kind::BadCode, message)
        }))
    }

    pub(super) fn holds(&self, level: Level, code: &str) -> bool {
        self.codes.get(&level).is_some_and(|codes| codes.contains(code))
    }

    /// One code of a table and one that is known, where the table has not a single known one.
    pub(super) fn strangers(&self, table: &Table) -> Option<(String, String)> {
        let territorial = || table.cells.iter().filter(|cell| cell.level != Level::Da);
        let first = territorial().next()?;
        let ours = self.codes.get(&first.level)?.first()?;
        let known = territorial().any(|cell| self.holds(cell.level, table.codes[cell.code as usize].as_str()));
        let theirs = table.codes[first.code as usize].as_str().to_owned();
        (!known).then(|| (theirs, ours.to_string()))
    }
}

/// What codes without a stated level are, by their number of digits: of the level that has so many, or of the level that has
/// one more, whose zero was lost.
#[derive(Debug, Default)]
pub(super) struct ShortCodes(BTreeMap<usize, Reading>);

/// How codes of one length are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    AsTheyStand,
    ZeroLost,
    /// Both are possible, and nothing tells.
    Open,
}

impl ShortCodes {
    /// Weighs both readings over all distinct codes: the one under which more of them exist, by the editions where they are
    /// known, else by the numbers of the regions (01 to 18).
    pub(super) fn of<'c>(codes: impl Iterator<Item = &'c str>, known: &Known) -> Self {
        let codes: Vec<&str> = codes.filter(|code| code.bytes().all(|byte| byte.is_ascii_digit())).collect();
        // A code that kept its zero shows that its level's codes have it.
        let kept: BTreeSet<usize> = codes.iter().filter(|code| code.starts_with('0')).map(|code| code.len()).collect();
        let mut counts: BTreeMap<usize, (usize, usize, usize)> = BTreeMap::new();
        for code in &codes {
            let (all, standing, lost) = counts.entry(code.len()).or_default();
            let level =
                |length: usize| Level::TERRITORIAL.into_iter().find(|level| level.code_length() == Some(length));
            let exists = |level: Option<Level>, code: &str| match level {
                None => false,
                Some(level) if !known.codes.is_empty() => known.holds(level, code),
                Some(level) if level.code_length().unwrap_or(0) < 2 => true,
                Some(_) => code
                    .get(..2)
                    .and_then(|region| region.parse().ok())
                    .is_some_and(|region: u8| (1..=18).contains(&region)),
            };
            *all += 1;
            *standing += usize::from(exists(level(code.len()), code));
            *lost +=
                usize::from(!kept.contains(&(code.len() + 1)) && exists(level(code.len() + 1), &format!("0{code}")));
        }
        // Codes of regions 01 to 09 all start with 0: where longer ones stand beside and none has it, zeros were lost.
        let robbed = |length: usize| kept.is_empty() && counts.contains_key(&(length + 1));
        let readings = counts.iter().map(|(&length, &(all, standing, lost))| {
            let reading = if kept.contains(&length) || lost == 0 {
                Reading::AsTheyStand
            } else if standing < lost || (robbed(length) && lost == all) {
                Reading::ZeroLost
            } else if standing > lost {
                Reading::AsTheyStand
            } else {
                Reading::Open
            };
            (length, reading)
        });
        Self(readings.collect())
    }

    /// The level and the code of a text.
    pub(super) fn read(&self, text: &str, zeros_kept: bool) -> Result<(Level, TerritoryCode, Option<Note>), Note> {
        let longer = Level::TERRITORIAL.into_iter().find(|level| level.code_length() == Some(text.len() + 1));
        match (self.0.get(&text.len()), longer) {
            (Some(Reading::ZeroLost), Some(level)) => return code_of_level(level, text, |_| true),
            (Some(Reading::Open), Some(level)) => {
                let shorter = level_of_length(text).map_or("?", Level::acronym);
                let message = both!(
                    "« {text} » peut être le {shorter} « {text} » ou le {} « 0{text} » sans son zéro : mis de côté ; dites le niveau (--level, ou une colonne « niveau »)",
                    "\"{text}\" can be {shorter} \"{text}\" or {} \"0{text}\" without its zero: set aside; say the level (--level, or a column \"level\")",
                    level.acronym()
                );
                return Err((Kind::BadCode, message));
            }
            _ => {}
        }
        let level = level_of_length(text).ok_or_else(|| {
            let message = both!(
                "« {text} » n’est un code d’aucun niveau : mis de côté ; un code a de 1 (RUISSS) à 5 (CLSC) \
                 chiffres, 8 pour une aire de diffusion",
                "\"{text}\" is no code of any level: set aside; codes have 1 (RUISSS) to 5 (CLSC) \
                 digits, 8 for a dissemination area"
            );
            (Kind::BadCode, message)
        })?;
        code_of_level(level, text, |_| !zeros_kept)
    }
}
