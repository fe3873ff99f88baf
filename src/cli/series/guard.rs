//! `rattache series guard`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use super::args::GuardArgs;
use super::{csv_failed, input, talk, write_json};
use crate::cli::CliError;
use crate::cli::args::ListFormat;
use crate::cli::words::say;
use crate::domain::{Language, TerritoryCode, Words};
use crate::series::{Basis, Deduction, GuardOptions, Guarded, NOT_LOOKED_AT, TableOptions, guard_table};

/// What was found, and what was not looked at.
#[derive(Serialize)]
struct Answer<'a> {
    deduced: &'a [Guarded],
    not_looked_at: Vec<Words>,
}

/// Lists small counts that follow from both tables; exit code 1 where there are any.
pub fn run(asked: &GuardArgs, lang: Language, out: &mut dyn Write, talk: &mut dyn Write) -> Result<ExitCode, CliError> {
    if !asked.threshold.is_finite() || asked.threshold <= 0.0 {
        let value = asked.threshold.to_string();
        return Err(CliError::BadValue {
            key: "--threshold",
            value,
            expected: Words::new("un nombre au-dessus de 0, par exemple 5", "a number above 0, such as 5"),
        });
    }
    let setting = input::pair(&asked.pair, None, Basis::Population, lang)?;
    talk::setting(&setting, lang, talk).map_err(CliError::Output)?;
    let options = TableOptions {
        level: Some(asked.pair.level),
        known: input::known(&setting),
        columns: input::table_columns(&asked.columns)?,
        ..TableOptions::default()
    };
    let (old, new) = (input::table(&asked.old, &options)?, input::table(&asked.new, &options)?);
    for table in [&old, &new] {
        talk::table(table, std::iter::empty(), &BTreeMap::new(), lang, talk).map_err(CliError::Output)?;
    }
    let timeline = setting.timeline();
    let places = (setting.place(&timeline, 0), setting.place(&timeline, 1));
    let guard = GuardOptions { threshold: asked.threshold, zero_leaks: asked.zero_leaks };
    let found = guard_table(&old, &new, &timeline, places, guard)?;
    match asked.format {
        ListFormat::Json => {
            let not_looked_at = NOT_LOOKED_AT.map(|term| Words::new(term.french, term.english)).to_vec();
            write_json(&Answer { deduced: &found, not_looked_at }, out)?;
        }
        ListFormat::Csv => csv(&found, out).map_err(csv_failed)?,
        ListFormat::Text => text(&found, asked.threshold, lang, out).map_err(CliError::Output)?,
    }
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn cells(deduction: &Deduction) -> String {
    deduction.cells.iter().map(|(from, to)| format!("{from}>{to}")).collect::<Vec<_>>().join(" ")
}

fn totals(list: &[(TerritoryCode, i8)]) -> String {
    let sign = |sign: i8| if sign < 0 { '-' } else { '+' };
    list.iter().map(|(code, by)| format!("{}{code}", sign(*by))).collect::<Vec<_>>().join(" ")
}

fn csv(found: &[Guarded], out: &mut dyn Write) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["series", "level", "new_level", "period", "cells", "count", "old_totals", "new_totals"])?;
    for Guarded { series, level, new_level, period, deduction, .. } in found {
        csv.write_record([
            series.as_str(),
            level.as_str(),
            new_level.as_str(),
            period,
            &cells(deduction),
            &deduction.count.to_string(),
            &totals(&deduction.old_totals),
            &totals(&deduction.new_totals),
        ])?;
    }
    csv.flush()?;
    Ok(())
}

fn text(found: &[Guarded], threshold: f64, lang: Language, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} {} {threshold}",
        found.len(),
        say(
            lang,
            "comptes se déduisent des deux publications sous le seuil de",
            "counts follow from both tables below"
        )
    )?;
    for Guarded { series, level, new_level, period, deduction, .. } in found {
        writeln!(
            out,
            "  {series} {}{}{} {period} : {} = {} ({} {} ; {} {})",
            level.acronym(),
            if level == new_level { "" } else { " → " },
            if level == new_level { "" } else { new_level.acronym() },
            cells(deduction),
            deduction.count,
            say(lang, "anciens", "old"),
            totals(&deduction.old_totals),
            say(lang, "nouveaux", "new"),
            totals(&deduction.new_totals),
        )?;
    }
    let apart: Vec<&str> = NOT_LOOKED_AT.iter().map(|term| term.pick(lang)).collect();
    writeln!(out, "{}{} {}", say(lang, "non regardé", "not looked at"), lang.colon(), apart.join(" ; "))?;
    Ok(())
}
