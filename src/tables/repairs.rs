//! What was repaired in the columns of a table, counted, for one finding each.

use std::collections::BTreeMap;

use super::codes::Repair;
use super::rows::joined;
use crate::domain::{Finding, FindingKind, Severity, both};

/// Counts repairs by column and kind.
#[derive(Debug, Default)]
pub(crate) struct Repairs(BTreeMap<(usize, Repair), Counted>);

#[derive(Debug, Default)]
struct Counted {
    rows: usize,
    lines: Vec<u64>,
    /// The first as it stood, and as it was read.
    first: (String, String),
}

impl Repairs {
    /// Counts a value that was read as another text.
    pub fn note(&mut self, repair: Repair, column: usize, line: u64, given: &str, read: &str) {
        if repair == Repair::None {
            return;
        }
        let counted = self.0.entry((column, repair)).or_default();
        if counted.rows == 0 {
            counted.first = (given.trim().to_owned(), read.to_owned());
        }
        counted.rows += 1;
        if counted.lines.len() < 5 {
            counted.lines.push(line);
        }
    }

    /// A finding for each kind, `names` being the columns of the file.
    pub fn findings<'a>(&'a self, file: &'a str, names: &'a [String]) -> impl Iterator<Item = Finding> + 'a {
        self.0.iter().map(move |(&(column, repair), counted)| {
            let words = repair.words();
            let (rows, lines, (given, read)) = (counted.rows, joined(&counted.lines), &counted.first);
            let more = if rows > counted.lines.len() { "..." } else { "" };
            let (french, english) = (&words.french, &words.english);
            let message = both!(
                "{rows} valeurs sont {french} (lignes {lines}{more}), par exemple « {given} » : lue « {read} » ; gardez la colonne en texte",
                "{rows} values are {english} (lines {lines}{more}), such as \"{given}\": read as \"{read}\"; keep the column as text"
            );
            let kind = if repair == Repair::LostZero { FindingKind::LostZero } else { FindingKind::RepairedValue };
            let name = names.get(column).map(String::as_str);
            Finding::new(Severity::Mended, kind, message).in_file(file, counted.lines.first().copied(), name).about([read.as_str()])
        })
    }
}
