//! `rattache series bridge`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use super::args::{BridgeArgs, BridgeFormat};
use super::check::{Work, write_answer};
use super::pairs::weigh_by_file;
use super::{csv_failed, input, talk, write_json};
use crate::catalogue::{
    BridgeAnswer, Comparison, bridge_batch, write_bridge_csv, write_bridge_sdmx, write_standardised_csv,
};
use crate::cli::CliError;
use crate::cli::words::say;
use crate::domain::{Date, Language, Words};
use crate::export::parquet_of;
use crate::series::{Basis, Bridge, Method, StandardPopulation, Table, Timeline, standardise};

/// Puts a table on one edition; exit code 1 where values were set aside or a total is not conserved.
pub fn run(
    asked: &BridgeArgs,
    today: Date,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let basis = Basis::find(&asked.weights).unwrap_or(Basis::File);
    if let Some(rate_per) = asked.rate_per.filter(|per| !per.is_finite() || *per <= 0.0) {
        let value = rate_per.to_string();
        return Err(CliError::BadValue {
            key: "--rate-per",
            value,
            expected: Words::new("un nombre au-dessus de 0, par exemple 100000", "a number above 0, such as 100000"),
        });
    }
    let asked_editions = asked.table.editions.as_deref();
    let input::Editions { mut setting, list, target } =
        input::editions(&asked.table.atlases, asked_editions, Some(&asked.to), basis, lang)?;
    let (table, by_unit) = input::tables(&asked.table, &setting)?;
    talk::setting(&setting, lang, talk).map_err(CliError::Output)?;
    if basis == Basis::File {
        setting = weigh_by_file(setting, (&asked.weights, asked.weights_columns.as_deref()), lang, talk)?;
    }
    let timeline = setting.timeline();
    let target = setting.target(&timeline, target.as_deref(), today)?;
    let work = Work { table: &table, by_unit: by_unit.as_ref(), setting: &setting, timeline: &timeline, target, list };
    let bridged = work.bridge(basis, asked.rate_per, asked.chance)?;
    talk::table(&table, bridged.findings.iter(), &bridged.findings_beyond, lang, talk).map_err(CliError::Output)?;
    if asked.table.report.is_some() {
        work.write_report(&asked.table, &work.check()?, &bridged, lang)?;
    }
    let mut bytes = Vec::new();
    match asked.format {
        _ if asked.standardise.is_some() => {
            write_standardised(asked, &table, (&timeline, target), &bridged, &mut bytes)?;
        }
        _ if asked.table.wants_parquet() => {
            bytes = parquet_of(&bridge_batch(&table, (&timeline, target), &bridged).map_err(csv_failed)?)
                .map_err(CliError::Output)?;
        }
        BridgeFormat::Csv => {
            write_bridge_csv(&table, (&timeline, target), &bridged, &mut bytes).map_err(csv_failed)?;
        }
        BridgeFormat::Json => {
            write_json(&BridgeAnswer::new(&table, (&timeline, target), &bridged, &setting), &mut bytes)?;
        }
        BridgeFormat::SdmxCsv => {
            write_bridge_sdmx(&table, (&timeline, target), &bridged, &mut bytes).map_err(csv_failed)?;
        }
    }
    write_answer(&asked.table, &bytes, out)?;
    let whole = say_totals(&table, &bridged, &setting, lang, talk).map_err(CliError::Output)?;
    Ok(if whole && table.counts.set_aside == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Writes standardised rates in place of the bridged table.
fn write_standardised(
    asked: &BridgeArgs,
    table: &Table,
    (timeline, target): (&Timeline, usize),
    bridged: &Bridge,
    bytes: &mut Vec<u8>,
) -> Result<(), CliError> {
    let standard = match asked.standardise.as_deref() {
        None | Some("quebec" | "québec") => StandardPopulation::of_table(table)?,
        Some(path) => {
            let path = std::path::Path::new(path);
            StandardPopulation::read(&String::from_utf8_lossy(&input::read(path)?), &input::name(path))?
        }
    };
    let rates = standardise(table, bridged, &standard, asked.rate_per.unwrap_or(100_000.0))?;
    if asked.format == BridgeFormat::Json {
        return write_json(&rates, bytes);
    }
    write_standardised_csv((timeline, target), &rates, &standard.name, bytes).map_err(csv_failed)
}

/// Says of which years the weights are, and how far from them values were estimated.
fn say_weights(bridged: &Bridge, setting: &Comparison, lang: Language, talk: &mut dyn Write) -> io::Result<()> {
    let years = &setting.weights.years;
    if years.is_empty() || bridged.drifts.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = years.iter().map(ToString::to_string).collect();
    let guessed = if setting.weights.guessed {
        say(
            lang,
            " (année non dite par l'atlas, supposée celle du dernier recensement)",
            " (a year that the atlas does not say, taken as that of the last census)",
        )
    } else {
        ""
    };
    let farthest = bridged.drifts.iter().map(|used| used.distance.years()).fold(0.0, f64::max);
    writeln!(
        talk,
        "{} {}{guessed} ; {} {farthest:.0} {}",
        say(lang, "poids de", "weights of"),
        list.join(", "),
        say(lang, "valeurs estimées jusqu'à", "values estimated up to"),
        say(lang, "ans de ces années", "years away"),
    )
}

fn say_totals(
    table: &Table,
    bridged: &Bridge,
    setting: &Comparison,
    lang: Language,
    talk: &mut dyn Write,
) -> io::Result<bool> {
    let mut methods: BTreeMap<Method, u64> = BTreeMap::new();
    for cell in &bridged.cells {
        *methods.entry(cell.method).or_default() += 1;
    }
    let methods: Vec<String> = (methods.iter())
        .map(|(method, &count)| format!("{} {}", method.words().pick(lang), lang.whole(count)))
        .collect();
    writeln!(
        talk,
        "{} {}{} {}",
        bridged.target,
        say(lang, "— valeurs par méthode", "— values by method"),
        lang.colon(),
        methods.join(", ")
    )?;
    say_weights(bridged, setting, lang, talk)?;
    let conserved = bridged.conservation.iter().filter(|kept| kept.holds()).count();
    writeln!(
        talk,
        "{} : {conserved} / {}",
        say(lang, "totaux conservés à l'unité près", "totals conserved to the unit"),
        bridged.conservation.len()
    )?;
    for lost in
        bridged.conservation.iter().filter(|kept| kept.withheld != 0 || kept.unplaced != 0 || !kept.holds()).take(5)
    {
        writeln!(
            talk,
            "  {} {} {} : {} {} = {} {} + {} {} + {} {}",
            table.series[lost.series as usize].label(),
            lost.level.acronym(),
            table.periods[usize::from(lost.period)].label,
            lost.before,
            say(lang, "publiés", "published"),
            lost.after,
            say(lang, "raccordés", "bridged"),
            lost.withheld,
            say(lang, "dans des territoires masqués", "in territories withheld"),
            lost.unplaced,
            say(lang, "sans territoire", "without a territory"),
        )?;
    }
    Ok(conserved == bridged.conservation.len())
}
