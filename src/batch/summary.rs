//! What came of a file, for people and programs. Counts only: nothing of a row.

use std::fmt::Write as _;

use serde::Serialize;

use super::Editions;
use super::{Status, Tally};
use crate::domain::Level;

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

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
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
    pub fn new<'a>(editions: impl Into<Editions<'a>>, tally: &Tally) -> Self {
        let word = |word: &str, rows| WordRows { word: word.to_owned(), rows };
        let clsc = editions.into().views().zip(&tally.clsc).flat_map(|(edition, counts)| {
            let list = edition.hierarchy.territories(Level::Clsc);
            list.iter().zip(counts).filter(|(_, rows)| **rows > 0).map(move |(clsc, &rows)| ClscRows {
                edition: edition.header.id.clone(),
                code: clsc.code.as_str().to_owned(),
                name: clsc.name.clone(),
                rows,
            })
        });
        Self {
            rows: tally.rows,
            statuses: Status::ALL.iter().map(|&status| word(status.word(), tally.count(status))).collect(),
            clsc: clsc.collect(),
            faults: tally.commonest_faults(FAULTS).into_iter().map(|(fault, rows)| word(fault, rows)).collect(),
        }
    }

    /// Whether every row is resolved.
    #[must_use]
    pub fn is_all_resolved(&self) -> bool {
        self.statuses.iter().all(|status| status.rows == 0 || status.word == Status::Resolved.word())
    }

    /// A few lines for a terminal.
    #[must_use]
    pub fn to_text(&self, french: bool) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{:<24}{:>12}", if french { "lignes" } else { "rows" }, self.rows);
        for status in self.statuses.iter().filter(|status| status.rows > 0) {
            let _ = writeln!(out, "  {:<22}{:>12}", status.word, status.rows);
        }
        if !self.faults.is_empty() {
            let _ = writeln!(out, "{}", if french { "raisons et défauts" } else { "reasons and faults" });
            for fault in &self.faults {
                let _ = writeln!(out, "  {:<22}{:>12}", fault.word, fault.rows);
            }
        }
        let _ = writeln!(out, "{:<24}{:>12}", "CLSC", self.clsc.len());
        let mut largest: Vec<&ClscRows> = self.clsc.iter().collect();
        largest.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.code.cmp(&b.code)));
        for clsc in largest.iter().take(FAULTS) {
            let _ = writeln!(out, "  {:<7}{:<34}{:>12}", clsc.code, clsc.name, clsc.rows);
        }
        if largest.len() > FAULTS {
            let more = largest.len() - FAULTS;
            let _ = if french {
                writeln!(out, "  … et {more} autres (tous avec --summary)")
            } else {
                writeln!(out, "  ... and {more} more (all with --summary)")
            };
        }
        out
    }

    /// A page of its own.
    #[must_use]
    pub fn to_html(&self, french: bool) -> String {
        let say = |fr: &'static str, en: &'static str| if french { fr } else { en };
        let mut out = format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\n<style>body{{font:16px sans-serif;margin:2em;max-width:50em}}table{{border-collapse:collapse;margin:1em 0}}td,th{{padding:.2em .8em;border-bottom:1px solid #ccc;text-align:left}}td:last-child,th:last-child{{text-align:right}}</style></head><body>\n<h1>{}</h1>\n<p>{} : {}</p>\n",
            say("fr", "en"),
            say("Rattachement : sommaire", "Attachment: summary"),
            say("Rattachement : sommaire", "Attachment: summary"),
            say("Lignes", "Rows"),
            self.rows
        );
        let words = |out: &mut String, title: &str, head: &str, list: &[WordRows]| {
            let _ = write!(out, "<h2>{title}</h2><table><tr><th>{head}</th><th>{}</th></tr>", say("lignes", "rows"));
            for one in list {
                let gloss = if french { gloss(&one.word) } else { "" };
                let _ = write!(out, "<tr><td>{}{gloss}</td><td>{}</td></tr>", escaped(&one.word), one.rows);
            }
            out.push_str("</table>\n");
        };
        words(&mut out, say("Par statut", "By status"), say("statut", "status"), &self.statuses);
        let title = say("Raisons et défauts les plus fréquents", "Commonest reasons and faults");
        words(&mut out, title, say("mot", "word"), &self.faults);
        let _ = write!(
            out,
            "<h2>{}</h2><table><tr><th>{}</th><th>CLSC</th><th>{}</th></tr>",
            say("Par CLSC", "By CLSC"),
            say("édition", "edition"),
            say("lignes", "rows")
        );
        for one in &self.clsc {
            let _ = write!(
                out,
                "<tr><td>{}</td><td>{} {}</td><td>{}</td></tr>",
                escaped(&one.edition),
                escaped(&one.code),
                escaped(&one.name),
                one.rows
            );
        }
        out.push_str("</table>\n</body></html>\n");
        out
    }
}

/// What a status means, for readers of French.
fn gloss(word: &str) -> &'static str {
    let status = Status::ALL.iter().find(|status| status.word() == word);
    status.map_or("", |status| match status {
        Status::Resolved => " (a son CLSC)",
        Status::Ambiguous => " (plusieurs lieux possibles)",
        Status::NearBorder => " (trop près d'une limite pour être sûr)",
        Status::Nearest => " (de l'autre côté de la limite du Québec)",
        Status::NotFound => " (introuvable)",
        Status::Outside => " (hors du territoire)",
        Status::Invalid => " (ligne inutilisable)",
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
