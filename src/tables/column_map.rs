//! Names of columns as a caller gives them: `unit=AD,clsc=TERRITOIRE`.

use crate::domain::French;

/// Words of a reader, each with the column that the caller names for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap(Vec<(&'static str, String)>);

/// Why a text is no map of columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" in the map of columns is not understood: expected NAME=COLUMN with a name of {known}")]
pub struct ColumnMapError {
    text: String,
    known: String,
}

impl French for ColumnMapError {
    fn french(&self) -> String {
        format!(
            "« {} » n'est pas compris dans la liste des colonnes : NOM=COLONNE est attendu, le nom étant {}",
            self.text, self.known
        )
    }
}

impl ColumnMap {
    /// Reads a map whose words are of `known`; nothing is an empty one.
    ///
    /// # Errors
    /// [`ColumnMapError`], with the words there are.
    pub fn parse(map: Option<&str>, known: &[&'static str]) -> Result<Self, ColumnMapError> {
        let mut named = Vec::new();
        for pair in map.unwrap_or_default().split(',').filter(|pair| !pair.trim().is_empty()) {
            let refused = || ColumnMapError { text: pair.trim().to_owned(), known: known.join(", ") };
            let (word, column) = pair.split_once('=').ok_or_else(refused)?;
            let word = word.trim().to_lowercase();
            let word = known.iter().find(|known| **known == word).ok_or_else(refused)?;
            if column.trim().is_empty() {
                return Err(refused());
            }
            named.push((*word, column.trim().to_owned()));
        }
        Ok(Self(named))
    }

    /// The column named for a word.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<&str> {
        self.0.iter().rev().find(|(named, _)| *named == word).map(|(_, column)| column.as_str())
    }

    /// The same with one more column, which outranks what was named for its word before.
    #[must_use]
    pub fn with(mut self, word: &'static str, column: &str) -> Self {
        self.0.push((word, column.trim().to_owned()));
        self
    }

    /// All columns that are named.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(_, column)| column.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_a_reader_does_not_know_are_refused_with_those_it_knows() {
        let map = ColumnMap::parse(Some("unit=AD, CLSC = Terr. CLSC"), &["unit", "clsc"]).unwrap();
        assert_eq!((map.get("unit"), map.get("clsc")), (Some("AD"), Some("Terr. CLSC")));
        assert_eq!(ColumnMap::parse(None, &["unit"]).unwrap(), ColumnMap::default());
        for text in ["unit", "da=AD", "unit="] {
            let error = ColumnMap::parse(Some(text), &["unit", "clsc"]).unwrap_err();
            assert!(error.to_string().contains("unit, clsc"), "{error}");
        }
    }
}
