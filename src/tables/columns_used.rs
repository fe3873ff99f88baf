//! Which columns of a table are used, for what, and which are not: told by every reader.

use crate::domain::Words;

/// The columns of a table as a reader took them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnsUsed {
    /// Name of a column and what it is taken for.
    pub used: Vec<(String, Words)>,
    /// Names of the others.
    pub unused: Vec<String>,
}

impl ColumnsUsed {
    /// The columns of `names` that stand at the places given, each with what it is; the others are unused.
    pub(crate) fn new<'n>(names: &'n [String], taken: impl IntoIterator<Item = (Option<usize>, Words)>) -> Self {
        let mut used: Vec<(usize, Words)> =
            taken.into_iter().filter_map(|(place, what)| place.map(|place| (place, what))).collect();
        used.sort_by_key(|&(place, _)| place);
        let name = |place: usize| names.get(place).map_or("", |name: &'n String| name.as_str()).to_owned();
        let is_used = |place: &usize| used.iter().any(|(other, _)| other == place);
        let unused =
            (0..names.len()).filter(|place| !is_used(place)).map(name).filter(|name| !name.is_empty()).collect();
        Self { used: used.into_iter().map(|(place, what)| (name(place), what)).collect(), unused }
    }

    /// One sentence: `DAUID (unit), CLSC (CLSC code); not used: nom`.
    #[must_use]
    pub fn words(&self) -> Words {
        let list = |pick: fn(&Words) -> &str| {
            let all: Vec<String> = self.used.iter().map(|(name, what)| format!("{name} ({})", pick(what))).collect();
            all.join(", ")
        };
        let (mut french, mut english) = (list(|words| &words.french), list(|words| &words.english));
        if !self.unused.is_empty() {
            // The national files have dozens.
            let shown = self.unused.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = self.unused.len().saturating_sub(12);
            french.push_str(&format!(" ; non utilisées : {shown}"));
            english.push_str(&format!("; not used: {shown}"));
            if more > 0 {
                french.push_str(&format!(" et {more} autres"));
                english.push_str(&format!(" and {more} more"));
            }
        }
        Words::new(french, english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_told_with_what_it_is_and_the_rest_is_named() {
        let names: Vec<String> = ["CLSC", "nom", "DAUID"].map(str::to_owned).to_vec();
        let used = ColumnsUsed::new(
            &names,
            [(Some(2), Words::new("aire", "unit")), (Some(0), Words::same("CLSC")), (None, Words::same("fraction"))],
        );
        assert_eq!(used.words().to_string(), "CLSC (CLSC), DAUID (unit); not used: nom");
        assert_eq!(&*used.words().french, "CLSC (CLSC), DAUID (aire) ; non utilisées : nom");
    }
}
