//! Codes and levels as tables write them, and what is said of them.

use super::cells::{Measure, SeriesFindingKind as Kind, SeriesKey};
use crate::domain::{CodeError, Level, TerritoryCode};
use crate::domain::{Words, both};

/// What was found of a code, and the sentence.
pub(super) type Note = (Kind, Words);

/// The code that a text means at a level. `zeros_kept`: other codes of the table still start with 0, so that a short code is another level's.
pub(super) fn code_of_level(
    level: Level,
    text: &str,
    zeros_kept: bool,
) -> Result<(Level, TerritoryCode, Option<Note>), Note> {
    match TerritoryCode::parse(level, text) {
        Ok(code) if code.as_str().is_empty() => {
            Err((Kind::BadCode, both!("code vide : mis de côté", "empty code: set aside")))
        }
        Ok(code) => Ok((level, code, None)),
        Err(CodeError::LostZero { found, .. }) if !zeros_kept => {
            let mended = format!("0{found}");
            let message = both!(
                "le code « {found} » avait perdu son zéro initial : lu « {mended} »",
                "code \"{found}\" had lost its leading zero: read as \"{mended}\""
            );
            Ok((level, TerritoryCode::new(&mended), Some((Kind::LostZero, message))))
        }
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
