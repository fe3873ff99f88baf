//! `rattache revision moves`.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use super::args::MovesArgs;
use super::knowledge;
use crate::cli::CliError;
use crate::cli::args::ListFormat;
use crate::cli::words::Talk;
use crate::cli::words::say;
use crate::domain::{Edition, Language, Level};
use crate::revision::{BorderMove, ImpactEngine, UnitIndex, Workbench, border_moves};

/// A move with codes instead of places.
#[derive(Debug, Serialize)]
struct Told<'a> {
    unit: &'a str,
    from: &'a str,
    to: &'a str,
    people: u64,
    disturbs: &'a [Level],
    brings_in_range: Vec<&'a str>,
    puts_out_of_range: Vec<&'a str>,
    off_range_change: i64,
    municipalities_cut_change: Option<i32>,
    shared_km: f64,
}

impl<'a> Told<'a> {
    fn new(known: &'a BorderMove, units: &'a UnitIndex, edition: &'a Edition) -> Self {
        let list = edition.hierarchy.territories(Level::Clsc);
        let code = |&place: &u16| list[usize::from(place)].code.as_str();
        Self {
            unit: units.id(known.unit).as_str(),
            from: code(&known.from),
            to: code(&known.to),
            people: known.people,
            disturbs: &known.disturbs,
            brings_in_range: known.brings_in_range.iter().map(code).collect(),
            puts_out_of_range: known.puts_out_of_range.iter().map(code).collect(),
            off_range_change: known.off_range_change,
            municipalities_cut_change: known.municipalities_cut_change,
            shared_km: known.shared_mm as f64 / 1e6,
        }
    }
}

/// Lists moves, best first.
pub fn run(asked: &MovesArgs, lang: Language, out: &mut dyn Write, talk: &mut Talk<'_>) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = crate::cli::catalogue(atlas, asked.draft.store.as_deref(), &asked.source)?;
    let edition = super::planned_on(&catalogue, &asked.draft, &asked.source)?.edition();
    let mut bench = Workbench::new(catalogue.atlas());
    knowledge::take(&asked.knowledge.tables, catalogue.atlas(), &mut bench, talk)?;
    knowledge::take_years(&asked.knowledge, &edition, &mut bench.facts)?;
    let settings = knowledge::settings(&asked.knowledge);
    let rules = knowledge::rules(&asked.kept, settings, &edition.hierarchy, &bench.units)?;
    let within = knowledge::within(&asked.within, &edition.hierarchy)?;
    let mut engine = ImpactEngine::new(&bench.graph, &bench.facts, &edition, &edition);
    let mut found = border_moves(&mut engine, &rules);
    if !within.is_empty() {
        found.moves.retain(|known| within.contains(&known.from) || within.contains(&known.to));
    }
    let all = found.moves.len();
    if asked.limit > 0 {
        found.moves.truncate(asked.limit);
    }
    let told: Vec<Told<'_>> = found.moves.iter().map(|known| Told::new(known, &bench.units, &edition)).collect();
    match asked.format {
        ListFormat::Json => super::json(
            &serde_json::json!({ "edition": &edition.header, "legal": all, "forbidden": found.forbidden, "moves": told }),
            out,
        )?,
        ListFormat::Csv => csv(&told, out)?,
        ListFormat::Text => {
            text(&told, lang, out).map_err(CliError::Output)?;
            let words = say(lang, "déplacements permis, dont", "legal moves, of which");
            writeln!(out, "{all} {words} {}", told.len()).map_err(CliError::Output)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn csv(told: &[Told<'_>], out: &mut dyn Write) -> Result<(), CliError> {
    let failed = |error: csv::Error| CliError::Output(error.into());
    let mut table = csv::Writer::from_writer(out);
    let header = "unit,from,to,people,disturbs,brings_in_range,puts_out_of_range,off_range_change,municipalities_cut_change,shared_km";
    table.write_record(header.split(',')).map_err(failed)?;
    for known in told {
        let levels: Vec<&str> = known.disturbs.iter().map(|level| level.as_str()).collect();
        table
            .write_record([
                known.unit.to_owned(),
                known.from.to_owned(),
                known.to.to_owned(),
                known.people.to_string(),
                levels.join(" "),
                known.brings_in_range.join(" "),
                known.puts_out_of_range.join(" "),
                known.off_range_change.to_string(),
                known.municipalities_cut_change.map_or(String::new(), |change| change.to_string()),
                format!("{:.3}", known.shared_km),
            ])
            .map_err(failed)?;
    }
    table.flush().map_err(CliError::Output)
}

fn text(told: &[Told<'_>], lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    for known in told {
        let levels: Vec<&str> = known.disturbs.iter().map(|level| level.acronym()).collect();
        let disturbs = if levels.is_empty() {
            say(lang, "aucun niveau supérieur", "no upper level").to_owned()
        } else {
            format!("{} {}", say(lang, "dérange", "disturbs"), levels.join(" "))
        };
        let mut effects = String::new();
        if let Some(change) = known.municipalities_cut_change.filter(|&change| change != 0) {
            let words = say(lang, "; municipalités partagées", "; municipalities shared");
            effects.extend([words, " ", &format!("{change:+}")]);
        }
        for (words, list) in [
            (say(lang, "; entre dans la fourchette :", "; brings into range:"), &known.brings_in_range),
            (say(lang, "; sort de la fourchette :", "; puts out of range:"), &known.puts_out_of_range),
        ] {
            if !list.is_empty() {
                effects.extend([words, " ", &list.join(" ")]);
            }
        }
        writeln!(
            out,
            "{}  {} → {}  {:>6} {}  {disturbs}; {} {:+}{effects}",
            known.unit,
            known.from,
            known.to,
            known.people,
            say(lang, "pers.", "people"),
            say(lang, "hors fourchette", "off range"),
            known.off_range_change,
        )?;
    }
    Ok(())
}
