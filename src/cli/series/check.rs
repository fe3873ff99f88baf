//! `rattache series check`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use super::args::{CheckArgs, TableArgs};
use super::{csv_failed, input, talk, write_json};
use crate::catalogue::{CheckAnswer, Comparison, EditionList, check_batch, write_check_csv};
use crate::cli::CliError;
use crate::cli::args::ListFormat;
use crate::cli::words::say;
use crate::domain::{Date, Language, Level};
use crate::export::parquet_of;
use crate::series::{
    Basis, BreakShown, Bridge, BridgeOptions, Check, CheckOptions, SeriesBreak, Table, Timeline, Verdict, bridge,
    check, report,
};

/// Gives every value its verdict; exit code 1 where values were set aside.
pub fn run(
    asked: &CheckArgs,
    today: Date,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let asked_editions = asked.table.editions.as_deref();
    let input::Editions { setting, list, target } =
        input::editions(&asked.table.atlases, asked_editions, asked.to.as_deref(), Basis::Population, lang)?;
    let (table, by_unit) = input::tables(&asked.table, &setting)?;
    talk::setting(&setting, lang, talk).map_err(CliError::Output)?;
    let timeline = setting.timeline();
    let target = setting.target(&timeline, target.as_deref(), today)?;
    let work = Work { table: &table, by_unit: by_unit.as_ref(), setting: &setting, timeline: &timeline, target, list };
    let checked = work.check()?;
    talk::table(&table, checked.findings.iter(), &checked.findings_beyond, lang, talk).map_err(CliError::Output)?;
    if asked.table.report.is_some() {
        let bridged = work.bridge(Basis::Population, None, false)?;
        work.write_report(&asked.table, &checked, &bridged, lang)?;
    }
    let mut bytes = Vec::new();
    match asked.format {
        _ if asked.table.wants_parquet() => {
            bytes = parquet_of(&check_batch(&table, &checked).map_err(csv_failed)?).map_err(CliError::Output)?;
        }
        ListFormat::Json => {
            let answer = CheckAnswer::new(&table, &checked, &setting.joined, setting.units_without_people);
            write_json(&answer, &mut bytes)?;
        }
        ListFormat::Csv => write_check_csv(&table, &checked, &mut bytes).map_err(csv_failed)?,
        ListFormat::Text => {
            text(&table, (&checked, timeline.editions.len()), lang, &mut bytes).map_err(CliError::Output)?;
        }
    }
    write_answer(&asked.table, &bytes, out)?;
    Ok(if table.counts.set_aside > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Writes an answer where it was asked for.
pub fn write_answer(asked: &TableArgs, bytes: &[u8], out: &mut dyn Write) -> Result<(), CliError> {
    match &asked.output {
        Some(path) => Ok(crate::atlas::write(path, bytes)?),
        None => out.write_all(bytes).map_err(CliError::Output),
    }
}

/// A table in its setting.
pub struct Work<'a> {
    pub table: &'a Table,
    pub by_unit: Option<&'a Table>,
    pub setting: &'a Comparison,
    pub timeline: &'a Timeline<'a>,
    pub target: usize,
    pub list: EditionList,
}

impl Work<'_> {
    /// Counts by unit: their own table, or the rows of level `da` of the table itself.
    fn units(&self) -> Option<&Table> {
        let own = || self.table.cells.iter().any(|cell| cell.level == Level::Da).then_some(self.table);
        self.by_unit.or_else(own)
    }

    /// Checks the table.
    pub fn check(&self) -> Result<Check, CliError> {
        let options = CheckOptions {
            coded_in: self.list.coded_in.clone(),
            by_unit: self.units(),
            units: self.setting.units(self.timeline, self.target),
            ..CheckOptions::default()
        };
        Ok(check(self.table, self.timeline, self.target, &options)?)
    }

    /// Bridges the table.
    pub fn bridge(&self, basis: Basis, rate_per: Option<f64>, chance: bool) -> Result<Bridge, CliError> {
        let options = BridgeOptions {
            coded_in: self.list.coded_in.clone(),
            by_unit: self.units(),
            units: self.setting.units(self.timeline, self.target),
            basis,
            rate_per,
            chance,
        };
        Ok(bridge(self.table, self.timeline, self.target, &options)?)
    }

    /// Writes the page for people, if it was asked for.
    pub fn write_report(
        &self,
        asked: &TableArgs,
        checked: &Check,
        bridged: &Bridge,
        lang: Language,
    ) -> Result<(), CliError> {
        let Some(path) = &asked.report else { return Ok(()) };
        let html = report(self.table, self.timeline, self.target, checked, bridged, lang);
        Ok(crate::atlas::write(path, html.as_bytes())?)
    }
}

fn text(table: &Table, (checked, editions): (&Check, usize), lang: Language, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} → {}", table.file, checked.target)?;
    let counts: Vec<String> = checked
        .counts()
        .iter()
        .map(|(kind, count)| format!("{}{} {}", kind.words().pick(lang), lang.colon(), lang.whole(*count as u64)))
        .collect();
    writeln!(out, "{}", counts.join(", "))?;
    writeln!(
        out,
        "{} {}",
        lang.whole(checked.sums_checked as u64),
        say(lang, "sommes de niveaux vérifiées", "sums of levels checked")
    )?;
    codings(checked, editions, lang, out)?;
    breaks(table, checked, lang, out)?;
    noise(table, checked, lang, out)
}

fn codings(checked: &Check, editions: usize, lang: Language, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", say(lang, "Édition de chaque période", "Edition of each period"))?;
    let runs = checked.codings.chunk_by(|a, b| (a.place, a.basis) == (b.place, b.basis) && a.also_fits == b.also_fits);
    for run in runs {
        let (first, last) = (&run[0], &run[run.len() - 1]);
        let span = if run.len() == 1 { first.period.clone() } else { format!("{}–{}", first.period, last.period) };
        let how = first.how(editions == 1, lang);
        writeln!(out, "  {span:<12}{} ({how})", first.edition.as_deref().unwrap_or("—"))?;
    }
    Ok(())
}

fn breaks(table: &Table, checked: &Check, lang: Language, out: &mut dyn Write) -> io::Result<()> {
    if checked.breaks.is_empty() {
        return writeln!(out, "\n{}", say(lang, "Aucune rupture territoriale", "No territorial break"));
    }
    let mut cells: BTreeMap<u32, BTreeMap<Verdict, usize>> = BTreeMap::new();
    for said in &checked.verdicts {
        if let Some(at) = said.break_at {
            *cells.entry(at).or_default().entry(said.verdict).or_default() += 1;
        }
    }
    writeln!(out, "\n{}", say(lang, "Ruptures territoriales", "Territorial breaks"))?;
    // The same break stands once for every edition that values before it are coded in: told once, with all its values.
    let same = |a: &SeriesBreak, b: &SeriesBreak| {
        (a.level, &a.code, a.date, a.people_out, a.people_in) == (b.level, &b.code, b.date, b.people_out, b.people_in)
    };
    for (at, found) in checked.breaks.iter().enumerate() {
        if checked.breaks[..at].iter().any(|before| same(before, found)) {
            continue;
        }
        let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
        for (_, cells) in
            cells.iter().filter(|(at, _)| checked.breaks.get(**at as usize).is_some_and(|it| same(it, found)))
        {
            for (kind, count) in cells {
                *counts.entry(*kind).or_default() += count;
            }
        }
        if counts.is_empty() {
            continue;
        }
        writeln!(
            out,
            "  {} {} {} — {} {}, {} {} ({}), {} {} ({})",
            found.level.acronym(),
            found.code,
            found.name,
            found.cause.words().pick(lang),
            lang.day(found.date),
            say(lang, "sorties", "left"),
            lang.whole(found.people_out),
            lang.percent(found.share_out),
            say(lang, "entrées", "came"),
            lang.whole(found.people_in),
            lang.percent(found.share_in),
        )?;
        let cells: Vec<String> = counts
            .iter()
            .map(|(kind, count)| format!("{}{} {}", kind.words().pick(lang), lang.colon(), lang.whole(*count as u64)))
            .collect();
        writeln!(out, "      {} {}", say(lang, "valeurs", "values"), cells.join(", "))?;
    }
    let without = checked
        .verdicts
        .iter()
        .zip(&table.cells)
        .filter(|(said, _)| said.verdict == Verdict::Irrecoverable && said.break_at.is_none())
        .count();
    if without > 0 {
        let words = say(lang, "valeurs irrécupérables hors rupture", "values irrecoverable without a break");
        writeln!(out, "  {without} {words}")?;
    }
    Ok(())
}

fn noise(table: &Table, checked: &Check, lang: Language, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "\n{} ({} {}, {})",
        say(lang, "Sauts sans cause territoriale", "Jumps without territorial cause"),
        lang.whole(checked.differences_tested as u64),
        say(lang, "différences", "differences"),
        say(
            lang,
            "sauts durables et valeurs isolées contre le bruit de la série, fausses découvertes à 1 %",
            "lasting steps and odd values against the series' own noise, false discoveries at 1%"
        ),
    )?;
    for jump in &checked.jumps {
        let label = table.series[jump.series as usize].label();
        writeln!(
            out,
            "  {} {} {} {label}{} × {}, {}, t = {}, p {}",
            jump.level.acronym(),
            jump.code,
            jump.period,
            lang.colon(),
            lang.decimal(jump.ratio, 3),
            jump.shape.words().pick(lang),
            lang.decimal(jump.t, 1),
            lang.probability(jump.p)
        )?;
    }
    if checked.jumps.is_empty() {
        writeln!(out, "  {}", say(lang, "aucun", "none"))?;
    }
    let mut shown: BTreeMap<BreakShown, usize> = BTreeMap::new();
    for test in &checked.tests {
        *shown.entry(test.shown).or_default() += 1;
    }
    if shown.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", say(lang, "Les ruptures dans les valeurs", "Breaks as values show them"))?;
    for (kind, count) in shown {
        writeln!(out, "  {}{} {}", kind.words().pick(lang), lang.colon(), lang.whole(count as u64))?;
    }
    for test in checked.tests.iter().filter(|test| matches!(test.shown, BreakShown::NotShown | BreakShown::Otherwise)) {
        let label = table.series[test.series as usize].label();
        writeln!(
            out,
            "  {} {} {} {label}{} × {}, {} × {}, p {}",
            test.level.acronym(),
            test.code,
            test.period,
            lang.colon(),
            lang.decimal(test.observed, 3),
            say(lang, "attendu", "expected"),
            lang.decimal(test.expected, 3),
            lang.probability(test.p_no_jump)
        )?;
    }
    Ok(())
}
