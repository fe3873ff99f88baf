//! What is said on standard error: what was found of a table, how units were joined.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::catalogue::{Comparison, Joined};
use crate::cli::words::say;
use crate::domain::Language;
use crate::series::{SeriesFinding, SeriesFindingKind, Table};
use crate::tables::ColumnsUsed;

/// Findings shown one by one for each kind before they are only counted.
const SHOWN: usize = 5;
/// Names shown of a list of units.
const NAMES: usize = 5;

/// Says how many people are not known, and how the units of two atlases were joined.
pub fn setting(setting: &Comparison, lang: Language, talk: &mut dyn Write) -> io::Result<()> {
    if setting.units_without_people > 0 {
        let words = say(
            lang,
            "unités sans population connue : elles comptent pour personne",
            "units whose people are not known: they count for nobody",
        );
        writeln!(talk, "{} {words}", setting.units_without_people)?;
    }
    let names = |talk: &mut dyn Write, fr: &'static str, en: &'static str, list: &[String]| -> io::Result<()> {
        if list.is_empty() {
            return Ok(());
        }
        let more = if list.len() > NAMES { " …" } else { "" };
        writeln!(talk, "{} {} : {}{more}", list.len(), say(lang, fr, en), list[..list.len().min(NAMES)].join(", "))
    };
    match &setting.joined {
        Joined::SameUnits => Ok(()),
        Joined::Correspondence(report) => {
            names(
                talk,
                "unités anciennes sans correspondance",
                "older units without a match",
                &report.older_unmatched,
            )?;
            names(
                talk,
                "unités nouvelles sans correspondance",
                "newer units without a match",
                &report.newer_unmatched,
            )?;
            names(
                talk,
                "unités absentes du fichier, jointes par leur identifiant",
                "units in no row of the file, joined by their identifier",
                &report.by_identifier,
            )?;
            names(
                talk,
                "unités partagées selon le nombre d'îlots, faute de population par îlot",
                "units cut by the number of blocks, for want of people by block",
                &report.cut_by_block_count,
            )?;
            let words = say(lang, "lignes sur des unités d'ailleurs", "rows about units of elsewhere");
            writeln!(talk, "{} {words}", report.foreign_rows)
        }
        Joined::Overlay(report) => {
            let words = say(
                lang,
                "morceaux communs aux deux découpages ; écartés comme tracés deux fois :",
                "pieces common to both sets of limits; left out as limits drawn twice:",
            );
            let area = lang.decimal(report.slivers_area_m2 / 1e6, 3);
            writeln!(talk, "{} {words} {} ({area}\u{a0}km²)", report.pieces, report.slivers)?;
            names(
                talk,
                "unités anciennes sans correspondance",
                "older units without a match",
                &report.older_unmatched,
            )?;
            names(talk, "unités nouvelles sans correspondance", "newer units without a match", &report.newer_unmatched)
        }
    }
}

/// Says which columns of a file are used, and for what.
pub fn columns(file: &str, used: &ColumnsUsed, lang: Language, talk: &mut dyn Write) -> io::Result<()> {
    let of = say(lang, "colonnes de", "columns of");
    writeln!(talk, "{of} {file}{} {}", lang.colon(), used.words().pick(lang))
}

/// Says what became of a table's values, and what was found, kind by kind, with line and column.
pub fn table<'a>(
    table: &'a Table,
    others: impl Iterator<Item = &'a SeriesFinding>,
    beyond: &BTreeMap<SeriesFindingKind, u64>,
    lang: Language,
    talk: &mut dyn Write,
) -> io::Result<()> {
    columns(&table.file, &table.columns_used, lang, talk)?;
    let counts = table.counts;
    writeln!(
        talk,
        "{} : {} {}, {} {}, {} {}, {} {}",
        table.file,
        counts.values,
        say(lang, "valeurs", "values"),
        counts.kept,
        say(lang, "gardées", "kept"),
        counts.suppressed,
        say(lang, "masquées ou manquantes", "withheld or missing"),
        counts.set_aside,
        say(lang, "mises de côté", "set aside"),
    )?;
    let mut kinds: BTreeMap<_, Vec<&SeriesFinding>> = BTreeMap::new();
    for finding in table.findings.iter().chain(others) {
        kinds.entry((std::cmp::Reverse(finding.severity), finding.kind)).or_default().push(finding);
    }
    for ((std::cmp::Reverse(severity), kind), list) in kinds {
        let (word, kind) = (severity.words().pick(lang), kind.words().pick(lang));
        let of = |counts: &BTreeMap<SeriesFindingKind, u64>| counts.get(&list[0].kind).copied().unwrap_or(0);
        let count = list.len() as u64 + of(&table.findings_beyond) + of(beyond);
        writeln!(talk, "{word}{} {kind} ({})", lang.colon(), lang.whole(count))?;
        for finding in list.iter().take(SHOWN) {
            let place = &finding.place;
            let line = place.line.map(|line| format!("{} {line}", say(lang, "ligne", "line")));
            let column = place.column.as_ref().map(|name| format!("{} {name}", say(lang, "colonne", "column")));
            let at: Vec<String> = [line, column].into_iter().flatten().collect();
            let at = if at.is_empty() { String::new() } else { format!("{} : ", at.join(", ")) };
            writeln!(talk, "  {at}{}", finding.message.pick(lang))?;
        }
        if list.len() > SHOWN {
            let more = say(
                lang,
                "autres (--format json en donne jusqu'à 1 000 par sorte)",
                "more (--format json gives up to 1,000 of a kind)",
            );
            writeln!(talk, "  … {} {more}", lang.whole(count - SHOWN as u64))?;
        }
    }
    Ok(())
}
