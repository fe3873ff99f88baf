//! `rattache series changes`.

use std::io::{self, Write};
use std::process::ExitCode;

use super::args::ChangesArgs;
use super::{csv_failed, input, talk, write_json};
use crate::catalogue::{ChangesAnswer, write_changes_csv};
use crate::cli::CliError;
use crate::cli::args::ListFormat;
use crate::cli::words::say;
use crate::domain::{Language, TerritoryCode};
use crate::pages::PEOPLE;
use crate::series::{Basis, ChangeClass, Changes, TerritoryChange};

/// Tells what became of every territory.
pub fn run(
    asked: &ChangesArgs,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let setting = input::pair(&asked.pair, None, Basis::Population, lang)?;
    talk::setting(&setting, lang, talk).map_err(CliError::Output)?;
    let timeline = setting.timeline();
    let (from, to) = (setting.place(&timeline, 0), setting.place(&timeline, 1));
    let changes = timeline.changes(asked.pair.level, from, to)?;
    match asked.format {
        ListFormat::Json => {
            write_json(&ChangesAnswer::new(&changes, &setting.joined, setting.units_without_people), out)?;
        }
        ListFormat::Csv => write_changes_csv(&changes, out).map_err(csv_failed)?,
        ListFormat::Text => text(&changes, lang, out).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn text(changes: &Changes, lang: Language, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} {} → {} ({} {})",
        changes.level.short().pick(lang),
        changes.from,
        changes.to,
        say(lang, "en vigueur le", "in force on"),
        lang.day(changes.date)
    )?;
    let counts = changes.counts();
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{}{} {count}", kind.words().pick(lang), lang.colon()))
        .collect();
    writeln!(out, "{} {} — {}", changes.territories.len(), say(lang, "territoires", "territories"), counts.join(", "))?;
    for change in changes.territories.iter().filter(|change| change.class != ChangeClass::Unchanged) {
        one(change, lang, out)?;
    }
    Ok(())
}

fn one(change: &TerritoryChange, lang: Language, out: &mut dyn Write) -> io::Result<()> {
    let side = |code: &Option<TerritoryCode>, name: &Option<String>| {
        code.as_ref().map_or_else(
            || "—".to_owned(),
            |code| format!("{code} {}", name.as_deref().unwrap_or_default()).trim_end().to_owned(),
        )
    };
    let (before, after) = (side(&change.from_code, &change.from_name), side(&change.to_code, &change.to_name));
    let title = if before == after { before } else { format!("{before} → {after}") };
    writeln!(out, "{title}  [{}, {}]", change.class.words().pick(lang), change.ons)?;
    let flow = |out: &mut dyn Write, words: &str, people: u64, share: f64| {
        writeln!(out, "    {words} {} ({})", PEOPLE.count(people, lang), lang.percent(share))
    };
    if !change.departures.is_empty() {
        flow(out, say(lang, "sorties :", "left:"), change.people_out, change.share_out)?;
        for to in &change.departures {
            flow(out, &format!("  → {}", to.code), to.people, to.share)?;
        }
    }
    if !change.arrivals.is_empty() {
        flow(out, say(lang, "entrées :", "came:"), change.people_in, change.share_in)?;
        for from in &change.arrivals {
            flow(out, &format!("  ← {}", from.code), from.people, from.share)?;
        }
    }
    let list = |codes: &[TerritoryCode]| codes.iter().map(TerritoryCode::as_str).collect::<Vec<_>>().join(", ");
    for parent in &change.parents {
        writeln!(out, "    {} {} → {}", parent.level.short().pick(lang), list(&parent.before), list(&parent.after))?;
    }
    Ok(())
}
