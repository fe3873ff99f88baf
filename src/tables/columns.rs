//! Which column of a table holds what: known spellings, matched whatever their case and accents.

use crate::domain::{Words, both};
use std::path::Path;

use super::TableError;
use super::file::shown;
use super::synonyms::{AREA, BLOCK, CLSC, DGUID, DIVISION, PLAIN_UNIT, RLS, SUBDIVISION, Spellings, TRACT};

/// A text in lower case, without accents, spaces and punctuation: `CLSC_Nom` and `clsc nom` are the same name.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(without_accent).filter(|c| c.is_alphanumeric()).collect()
}

/// The letter under a French accent; combining accents become a space, the raised o of `N°` an o.
fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' | 'á' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' | '°' | 'º' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        '\u{300}'..='\u{36f}' => ' ',
        other => other,
    }
}

/// A folded name without the year at its end, and that year: `adpop2021`.
pub(crate) fn without_year(folded: &str) -> Option<(&str, u16)> {
    let (bare, year) = folded.split_at_checked(folded.len().checked_sub(4)?)?;
    let year: u16 = year.parse().ok().filter(|year| (1900..2100).contains(year))?;
    (!bare.is_empty()).then_some((bare, year))
}

/// The columns of one file, ready to be asked for.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    path: String,
    names: Vec<String>,
    folded: Vec<String>,
}

impl Columns {
    pub(crate) fn new(path: &Path, names: Vec<String>) -> Self {
        let folded = names.iter().map(|name| fold(name)).collect();
        Self { path: shown(path), names, folded }
    }

    /// The names as the file writes them.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of one column.
    pub(crate) fn name(&self, column: usize) -> &str {
        &self.names[column]
    }

    /// The first of these spellings that the file has; where it has none as such, the first with a year at its end, of several
    /// years the latest.
    pub(crate) fn find(&self, spellings: &[&str]) -> Option<usize> {
        let exact = |spelling: &&str| {
            let wanted = fold(spelling);
            self.folded.iter().position(|name| *name == wanted)
        };
        let dated = |spelling: &&str| {
            let wanted = fold(spelling);
            let years = self.folded.iter().enumerate().filter_map(|(place, name)| {
                without_year(name).filter(|(bare, _)| *bare == wanted).map(|(_, year)| (year, std::cmp::Reverse(place)))
            });
            years.max().map(|(_, place)| place.0)
        };
        spellings.iter().find_map(exact).or_else(|| spellings.iter().find_map(dated))
    }

    /// The column of one of these spellings, or the first one that starts like it (`RLS_nom_2026`).
    pub(crate) fn find_starting(&self, spellings: Spellings) -> Option<usize> {
        self.find(spellings).or_else(|| {
            spellings.iter().find_map(|spelling| {
                let wanted = fold(spelling);
                self.folded.iter().position(|name| name.starts_with(&wanted))
            })
        })
    }

    /// The column that the caller names.
    pub(crate) fn named(&self, column: &str) -> Result<usize, TableError> {
        let wanted = fold(column);
        let exact = self.names.iter().position(|name| name.trim() == column.trim());
        exact.or_else(|| self.folded.iter().position(|name| *name == wanted)).ok_or_else(|| TableError::UnknownColumn {
            path: self.path.clone(),
            column: column.to_owned(),
            found: self.listed(),
        })
    }

    /// The column that the caller names, else the first known spelling.
    pub(crate) fn choose(&self, named: Option<&str>, spellings: Spellings, wanted: Words) -> Result<usize, TableError> {
        match named {
            Some(column) => self.named(column),
            None => self.find(spellings).ok_or_else(|| self.missing(wanted, spellings)),
        }
    }

    /// The finest unit column that the file has.
    pub(crate) fn choose_unit(&self, named: Option<&str>, with_territories: bool) -> Result<usize, TableError> {
        if let Some(column) = named {
            return self.named(column);
        }
        let census = [BLOCK, AREA, DGUID, TRACT, SUBDIVISION, DIVISION];
        let territories: &[Spellings] = if with_territories { &[CLSC, RLS] } else { &[] };
        census.iter().chain(territories).chain([&PLAIN_UNIT]).find_map(|spellings| self.find(spellings)).ok_or_else(
            || {
                self.missing(
                    both!("l'identifiant de l'aire", "the unit identifier"),
                    &["DAUID", "ADIDU", "DBUID", "DGUID", "geo_id"],
                )
            },
        )
    }

    /// The error that says that a column is missing.
    pub(crate) fn missing(&self, wanted: Words, spellings: &[&str]) -> TableError {
        let examples: Vec<String> = spellings.iter().take(5).map(|name| format!("\"{name}\"")).collect();
        TableError::MissingColumn {
            path: self.path.clone(),
            wanted,
            examples: examples.join(", "),
            found: self.listed(),
        }
    }

    /// The names in quotes, for a message.
    pub(crate) fn listed(&self) -> String {
        quoted(&self.names)
    }
}

/// Names in quotes, for a message: what can not be shown is left out, long ones are cut, and of very many the first are shown.
pub(crate) fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 60;
    let one = |name: &String| {
        let clean: String = name.chars().filter(|letter| !letter.is_control()).take(61).collect();
        let cut = if clean.chars().count() > 60 { clean.chars().take(60).chain(['…']).collect() } else { clean };
        format!("\"{cut}\"")
    };
    let mut all: Vec<String> = names.iter().take(SHOWN).map(one).collect();
    if names.len() > SHOWN {
        all.push(format!("… ({})", names.len()));
    }
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Columns {
        Columns::new(Path::new("a.csv"), names.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn a_year_at_the_end_of_a_name_does_not_matter_and_the_latest_wins() {
        let columns = columns(&["POP_2016", "ADPOP2021", "pop2021", "CLSC_2017"]);
        assert_eq!(columns.find(super::super::synonyms::PEOPLE), Some(2));
        assert_eq!(columns.find(CLSC), Some(3));
    }

    #[test]
    fn the_finest_unit_column_wins() {
        let columns = columns(&["CDUID", "dauid", "CTUID", "DGUID"]);
        assert_eq!(columns.choose_unit(None, false).unwrap(), 1);
        assert_eq!(columns.choose_unit(Some("ctuid"), false).unwrap(), 2);
        let error = columns.choose_unit(Some("IDIDU"), false).unwrap_err().to_string();
        assert!(error.contains("\"IDIDU\"") && error.contains("\"dauid\""), "{error}");
    }

    #[test]
    fn a_missing_column_names_those_there_are() {
        let error = columns(&["nom", "rue"]).choose_unit(None, false).unwrap_err().to_string();
        assert!(error.contains("\"nom\", \"rue\"") && error.contains("\"DAUID\""), "{error}");
    }

    #[test]
    fn names_are_the_same_whatever_their_case_accents_and_underscores() {
        assert_eq!(fold("Numéro_d'Unité"), "numerodunite");
        assert_eq!(fold("Nume\u{301}ro d'unite\u{301}"), "numerodunite");
        assert_eq!(fold("N° civique"), "nocivique");
    }
}
