//! Which column of a table holds what: known spellings, matched whatever their case and accents.

use crate::domain::{Words, both};
use std::path::Path;

use super::TableError;
use super::file::shown;

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

/// Names under which one thing is known, best first.
pub(crate) type Spellings = &'static [&'static str];

/// Dissemination block.
pub(crate) const BLOCK: Spellings =
    &["DBUID", "IDIDU", "DBUID_IDIDU", "DBUID2021_IDIDU2021", "DBUID2016_IDIDU2016", "DBuid2021", "DBuid2016"];
/// Dissemination area.
pub(crate) const AREA: Spellings = &[
    "DAUID",
    "ADIDU",
    "DAUID_ADIDU",
    "DAUID2021_ADIDU2021",
    "DAUID2021",
    "DAUID2016",
    "DAUID_2021",
    "DAUID_2016",
    "ADIDU2021",
    "ADIDU2016",
    "AD",
    "ADIDU_2016",
    "ADIDU_2021",
];
/// Identifier with its year and level.
pub(crate) const DGUID: Spellings = &["DGUID", "IDUGD", "DGUID_IDUGD", "DADGUID", "DADGUID_ADIDUGD", "DBDGUID"];
/// Census tract.
pub(crate) const TRACT: Spellings = &["CTUID", "SRIDU", "CTUID_SRIDU"];
/// Census subdivision.
pub(crate) const SUBDIVISION: Spellings = &["CSDUID", "SDRIDU", "CSDUID_SDRIDU"];
/// Census division.
pub(crate) const DIVISION: Spellings = &["CDUID", "DRIDU", "CDUID_DRIDU"];
/// Province or territory.
pub(crate) const PROVINCE: Spellings = &["PRUID", "PRIDU", "PRUID_PRIDU"];
/// Territory of a CLSC.
pub(crate) const CLSC: Spellings = &[
    "CLSC_code",
    "CODE_CLSC",
    "CLSC",
    "TERRITOIRE_CLSC",
    "CODE_TERRITOIRE_CLSC",
    "TERR_CLSC",
    "CLSC_2017",
    "CLSC_id",
    "NO_CLSC",
    "zone",
];
/// Réseau local de services.
pub(crate) const RLS: Spellings = &["RLS_code", "CODE_RLS", "RLS"];
/// Réseau territorial de services.
pub(crate) const RTS: Spellings = &["RTS_code", "CODE_RTS", "RTS"];
/// Région sociosanitaire.
pub(crate) const RSS: Spellings = &["RSS_code", "CODE_RSS", "RSS"];
/// Réseau universitaire intégré.
pub(crate) const RUISSS: Spellings = &["RUISSS_code", "RUIS_code", "CODE_RUISSS", "CODE_RUIS", "RUISSS", "RUIS"];
/// Units that are no census unit.
pub(crate) const PLAIN_UNIT: Spellings = &["geo_id", "unit_id", "unit", "unite", "id"];
/// Part of a unit.
pub(crate) const FRACTION: Spellings =
    &["fraction", "part", "proportion", "share", "poids", "weight", "pct", "percent", "pourcentage", "pourcent"];
/// People.
pub(crate) const PEOPLE: Spellings = &[
    "population",
    "pop",
    "DAPOP",
    "DBPOP",
    "DBPOP2021_IDPOP2021",
    "DBPOP2016_IDPOP2016",
    "DBPOP_IDPOP",
    "DBPOP2021",
    "DBPOP2016",
    "DAPOP2021",
    "DAPOP2016",
    "POP2021",
    "POP2016",
    "POP_2021",
    "POP_2016",
    "habitants",
];

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

    /// The first of these spellings that the file has.
    pub(crate) fn find(&self, spellings: &[&str]) -> Option<usize> {
        spellings.iter().find_map(|spelling| {
            let wanted = fold(spelling);
            self.folded.iter().position(|name| *name == wanted)
        })
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
        let names: Vec<String> = self.names.iter().map(|name| format!("\"{name}\"")).collect();
        names.join(", ")
    }
}

/// The identifier of a unit as the tables share it: a DGUID (`2021S051224660123`) loses its year and level.
pub(crate) fn unit_id(text: &str) -> &str {
    let text = text.trim();
    let bytes = text.as_bytes();
    let dguid = bytes.len() > 9
        && bytes.is_ascii()
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4].is_ascii_alphabetic()
        && bytes[5..9].iter().all(u8::is_ascii_digit);
    if dguid {
        return &text[9..];
    }
    // A spreadsheet that took the identifier for a number writes `24660123.0`; a tract is truly `4210100.00`.
    match text.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Columns {
        Columns::new(Path::new("a.csv"), names.iter().map(|&name| name.to_owned()).collect())
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

    #[test]
    fn a_dguid_is_reduced_to_the_identifier_of_its_unit() {
        assert_eq!(unit_id("2021S051224660123"), "24660123");
        assert_eq!(unit_id("2021S051324660123005"), "24660123005");
        assert_eq!(unit_id(" 24660123 "), "24660123");
        assert_eq!(unit_id("24660123.0"), "24660123");
        assert_eq!(unit_id("4210100.00"), "4210100.00");
    }
}
