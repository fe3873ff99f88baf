//! What came of a file, for people and programs. Counts only: nothing of a row.

use std::fmt::Write as _;

use maud::html;
use serde::Serialize;

use super::answer::{Method, words_of};
use super::{Status, Tally};
use crate::catalogue::EditionSet;
use crate::domain::{Language, Level};
use crate::pages::{Cell, Frame, ROWS, Table};

/// Faults that are told.
const FAULTS: usize = 10;

/// Rows of one CLSC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClscRows {
    /// The edition that answered.
    pub edition: String,
    /// Code of the CLSC.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Rows that it has.
    pub rows: u64,
}

/// A word and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WordRows {
    /// The word as it stands in the output.
    pub word: String,
    /// Rows that have it.
    pub rows: u64,
}

/// What was answered, by what, and from which columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// The file, without its folder.
    pub file: String,
    /// The day, in Québec's civil time or wherever the program runs.
    pub date: String,
    /// The atlas, without its folder.
    pub atlas: String,
    /// Its checksum.
    pub checksum: String,
    /// Identifiers of the editions that could answer.
    pub editions: Vec<String>,
    /// Columns that were used, each with what it was taken for.
    pub columns: Vec<ColumnUse>,
    /// Columns that were not.
    pub not_used: Vec<String>,
}

/// A column and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnUse {
    /// Its name.
    pub name: String,
    /// What it was taken for, in French.
    pub role_fr: String,
    /// The same in English.
    pub role_en: String,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What was answered; `None` where nobody said.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// Rows by how their place was found, every method named.
    pub methods: Vec<WordRows>,
    /// Rows, without the header and blank lines.
    pub rows: u64,
    /// Rows by status, every status named.
    pub statuses: Vec<WordRows>,
    /// Rows by CLSC, those that have any, by edition and code.
    pub clsc: Vec<ClscRows>,
    /// The ten commonest reasons and faults.
    pub faults: Vec<WordRows>,
}

impl Summary {
    /// Names what was counted.
    #[must_use]
    pub fn new(editions: &EditionSet, tally: &Tally) -> Self {
        let word = |word: &str, rows| WordRows { word: word.to_owned(), rows };
        let clsc = editions.views().zip(&tally.clsc).flat_map(|(edition, counts)| {
            let list = edition.hierarchy.territories(Level::Clsc);
            list.iter().zip(counts).filter(|(_, rows)| **rows > 0).map(move |(clsc, &rows)| ClscRows {
                edition: edition.header.id.clone(),
                code: clsc.code.as_str().to_owned(),
                name: clsc.name.clone(),
                rows,
            })
        });
        let of_method = |method: Method| tally.methods.get(method as usize).copied().unwrap_or(0);
        Self {
            about: None,
            methods: Method::ALL.iter().map(|&method| word(method.word(), of_method(method))).collect(),
            rows: tally.rows,
            statuses: Status::ALL.iter().map(|&status| word(status.word(), tally.count(status))).collect(),
            clsc: clsc.collect(),
            faults: tally.commonest_faults(FAULTS).into_iter().map(|(fault, rows)| word(fault, rows)).collect(),
        }
    }

    /// The same with what was answered.
    #[must_use]
    pub fn about(self, about: About) -> Self {
        Self { about: Some(about), ..self }
    }

    /// Whether every row is resolved.
    #[must_use]
    pub fn is_all_resolved(&self) -> bool {
        self.statuses.iter().all(|status| status.rows == 0 || status.word == Status::Resolved.word())
    }

    /// A few lines for a terminal.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        let say = |french, english| language.pick(french, english);
        let mut out = String::new();
        let line = |out: &mut String, name: &str, rows: u64| {
            let _ = writeln!(out, "{name:<46}{:>12}", language.whole(rows));
        };
        line(&mut out, say("lignes", "rows"), self.rows);
        for (words, rows) in self.statuses_in_words(language).filter(|(_, rows)| *rows > 0) {
            line(&mut out, &format!("  {words}"), rows);
        }
        if !self.faults.is_empty() {
            let _ = writeln!(out, "{}", say("raisons et écarts", "reasons and differences"));
            for fault in &self.faults {
                line(&mut out, &format!("  {}", words_in(&fault.word, language)), fault.rows);
            }
        }
        for (method, rows) in Method::ALL.iter().zip(&self.methods).filter(|(_, rows)| rows.rows > 0) {
            line(
                &mut out,
                &format!("{} : {}", say("trouvées par", "found by"), method.words().pick(language)),
                rows.rows,
            );
        }
        line(&mut out, "CLSC", self.clsc.len() as u64);
        let mut largest: Vec<&ClscRows> = self.clsc.iter().collect();
        largest.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.code.cmp(&b.code)));
        for clsc in largest.iter().take(FAULTS) {
            line(&mut out, &format!("  {:<7}{}", clsc.code, clsc.name), clsc.rows);
        }
        if largest.len() > FAULTS {
            let more = language.whole((largest.len() - FAULTS) as u64);
            let _ = match language {
                Language::French => writeln!(out, "  … et {more} autres (tous avec --summary)"),
                Language::English => writeln!(out, "  … and {more} more (all with --summary)"),
            };
        }
        out
    }

    /// A page of its own.
    #[must_use]
    pub fn to_html(&self, language: Language) -> String {
        let say = |french: &'static str, english: &'static str| language.pick(french, english);
        let title = say("Rattachement : sommaire", "Attachment: summary");
        let rows = say("Lignes", "Rows");
        let mut statuses = Table::new(&[say("Statut", "Status"), rows]);
        for (words, rows) in self.statuses_in_words(language) {
            statuses.row([Cell::text(words), Cell::number(&language.whole(rows))]);
        }
        let mut faults = Table::new(&[say("Raison ou écart", "Reason or difference"), rows]);
        for fault in &self.faults {
            let words = words_in(&fault.word, language);
            faults.row([Cell::text(words), Cell::number(&language.whole(fault.rows))]);
        }
        let mut clsc = Table::new(&["CLSC", say("Édition", "Edition"), rows]);
        for one in &self.clsc {
            clsc.row([
                Cell::text(&format!("{} {}", one.code, one.name)),
                Cell::text(&one.edition),
                Cell::number(&language.whole(one.rows)),
            ]);
        }
        let body = html! {
            header { h1 { (title) } p { (ROWS.count(self.rows, language)) } }
            @if let Some(about) = &self.about {
                p {
                    (about.file) ", " (about.date) " ; atlas " (about.atlas) " (" (about.checksum) ") ; "
                    (say("éditions", "editions")) " " (about.editions.join(", "))
                }
                p {
                    (say("Colonnes utilisées : ", "Columns used: "))
                    (about.columns.iter().map(|column| format!("{} ({})", column.name, say_role(column, language))).collect::<Vec<_>>().join(", "))
                    @if !about.not_used.is_empty() {
                        (say(" ; non utilisées : ", "; not used: ")) (about.not_used.join(", "))
                    }
                }
            }
            h2 { (say("Par statut", "By status")) }
            (statuses)
            @if !faults.is_empty() {
                h2 { (say("Raisons et écarts les plus fréquents", "Commonest reasons and differences")) }
                (faults)
            }
            @if !clsc.is_empty() {
                h2 { (say("Par CLSC", "By CLSC")) }
                (clsc)
            }
        };
        Frame { language, title }.file(&body)
    }

    fn statuses_in_words(&self, language: Language) -> impl Iterator<Item = (&'static str, u64)> {
        Status::ALL.iter().zip(&self.statuses).map(move |(status, rows)| (status.words().pick(language), rows.rows))
    }
}

fn say_role(column: &ColumnUse, language: Language) -> &str {
    language.pick(&column.role_fr, &column.role_en)
}

/// What a reason or a fault is called; a word of a newer program as it stands.
fn words_in(word: &str, language: Language) -> &str {
    words_of(word).map_or(word, |term| term.pick(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_for_people_has_no_word_of_the_file_format() {
        let word = |word: &str, rows| WordRows { word: word.to_owned(), rows };
        let summary = Summary {
            about: None,
            methods: Vec::new(),
            rows: 12_345,
            statuses: Status::ALL.iter().map(|status| word(status.word(), 2)).collect(),
            clsc: vec![ClscRows { edition: "e".into(), code: "06121".into(), name: "<Métro>".into(), rows: 1 }],
            faults: vec![word("postal_code_missing", 4), word("low_score", 3)],
        };
        for language in Language::ALL {
            for page in [summary.to_html(language), summary.to_text(language)] {
                assert!(!page.contains("postal_code_missing") && !page.contains("low_score"), "{page}");
                assert!(!page.contains("near_border") && page.contains(&language.whole(12_345)), "{page}");
            }
        }
        let page = summary.to_html(Language::French);
        assert!(page.contains("code postal absent") && page.contains("&lt;Métro&gt;"));
    }
}
