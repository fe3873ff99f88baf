//! `rattache series crosswalk` and `rattache series common`.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::args::{CommonArgs, CrosswalkArgs, TableFormat};
use super::{csv_failed, input, is_parquet, talk, write_json};
use crate::catalogue::{
    CommonAnswer, Comparison, CrosswalkAnswer, crosswalk_batch, write_common_csv, write_crosswalk_csv,
};
use crate::cli::CliError;
use crate::cli::args::ListFormat;
use crate::cli::words::say;
use crate::domain::{Language, Level, TerritoryCode, Words};
use crate::export::parquet_of;
use crate::pages::{AREAS, PEOPLE};
use crate::series::{
    Basis, Comparable, Composition, Crosswalk, WEIGHT_WORDS, comparable_territories, compare_composition,
    read_unit_weights,
};

/// Gives weighted pairs.
pub fn crosswalk(
    asked: &CrosswalkArgs,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let basis = Basis::find(&asked.weights).unwrap_or(Basis::File);
    let mut setting = input::pair(&asked.pair, asked.through.as_deref(), basis, lang)?;
    talk::setting(&setting, lang, talk).map_err(CliError::Output)?;
    if basis == Basis::File {
        setting = weigh_by_file(setting, (&asked.weights, asked.weights_columns.as_deref()), lang, talk)?;
    }
    let timeline = setting.timeline();
    let (from, to) = (setting.place(&timeline, 0), setting.place(&timeline, 1));
    let made = |from, to| Crosswalk::new(&timeline, asked.pair.level, from, to, basis);
    let crosswalk = made(from, to)?;
    let composition = if asked.through.is_some() {
        let middle = setting.place(&timeline, 2);
        Some(compare_composition(&made(from, middle)?, &made(middle, to)?, &crosswalk)?)
    } else {
        None
    };
    if let Some(composition) = &composition {
        say_composition(composition, lang, talk).map_err(CliError::Output)?;
    }
    let mut bytes = Vec::new();
    let to: &mut dyn Write = if asked.output.is_some() { &mut bytes } else { out };
    match asked.format {
        _ if asked.output.as_deref().is_some_and(is_parquet) => {
            let batch = crosswalk_batch(&crosswalk).map_err(csv_failed)?;
            to.write_all(&parquet_of(&batch).map_err(CliError::Output)?).map_err(CliError::Output)?;
        }
        TableFormat::Csv => write_crosswalk_csv(&crosswalk, to).map_err(csv_failed)?,
        TableFormat::Json => write_json(
            &CrosswalkAnswer::new(&crosswalk, &setting.joined, setting.units_without_people, composition.as_ref()),
            to,
        )?,
    }
    if let Some(path) = &asked.output {
        crate::atlas::write(path, &bytes)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Weighs units as a file says.
pub fn weigh_by_file(
    setting: Comparison,
    (path, columns): (&str, Option<&str>),
    lang: Language,
    talk: &mut dyn Write,
) -> Result<Comparison, CliError> {
    if !path.contains(['.', '/', '\\']) {
        return Err(CliError::BadValue {
            key: "--weights",
            value: path.to_owned(),
            expected: Words::new(
                "population, addresses, dwellings, area ou un fichier de poids par unité",
                "population, addresses, dwellings, area or a file of weights by unit",
            ),
        });
    }
    let named = crate::cli::named_columns("--weights-columns", columns, WEIGHT_WORDS)?;
    let file = Path::new(path);
    let read = read_unit_weights(&input::read(file)?, &input::name(file), setting.first_units(), &named)?;
    talk::columns(&input::name(file), &read.columns, lang, talk).map_err(CliError::Output)?;
    for (words, list) in [
        (
            say(
                lang,
                "unités sans poids dans le fichier : elles ne pèsent rien",
                "units without a weight in the file: they weigh nothing",
            ),
            &read.absent,
        ),
        (
            say(lang, "unités du fichier qui n'existent pas ici", "units of the file that there are not here"),
            &read.unknown,
        ),
    ] {
        if let Some(first) = list.first() {
            writeln!(talk, "{} {words} (\"{first}\"…)", list.len()).map_err(CliError::Output)?;
        }
    }
    Ok(setting.with_file_weights(&read))
}

fn say_composition(found: &Composition, lang: Language, talk: &mut dyn Write) -> io::Result<()> {
    writeln!(
        talk,
        "{} {} : {} {}, {:.0} {} ({})",
        say(lang, "composée par", "composed through"),
        found.through,
        found.rows.len(),
        say(lang, "paires diffèrent de la table directe", "pairs differ from the direct crosswalk"),
        found.people_misplaced,
        say(lang, "personnes ailleurs", "people elsewhere"),
        lang.percent(found.share_misplaced)
    )?;
    for row in &found.rows {
        writeln!(
            talk,
            "  {} → {} : {} {}, {} {}",
            row.from_code,
            row.to_code,
            row.composed,
            say(lang, "composée", "composed"),
            row.direct,
            say(lang, "directe", "direct")
        )?;
    }
    Ok(())
}

/// Gives the finest territories that compare.
pub fn common(
    asked: &CommonArgs,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let input::Editions { setting, .. } =
        input::editions(&asked.atlases, asked.editions.as_deref(), None, Basis::Population, lang)?;
    talk::setting(&setting, lang, talk).map_err(CliError::Output)?;
    if asked.level == Level::Da {
        return Err(crate::series::SeriesError::NotTerritorial { level: asked.level }.into());
    }
    let timeline = setting.timeline();
    let places: Vec<usize> = (0..timeline.editions.len()).collect();
    let names: Vec<&str> = timeline.editions.iter().map(|held| held.edition.header.id.as_str()).collect();
    let groups = comparable_territories(&timeline, &places, asked.level)?;
    match asked.format {
        ListFormat::Json => write_json(&CommonAnswer::new(asked.level, names, &setting.joined, &groups), out)?,
        ListFormat::Csv => write_common_csv(&names, &groups, out).map_err(csv_failed)?,
        ListFormat::Text => text(asked.level, &names, &groups, lang, out).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn text(wanted: Level, names: &[&str], groups: &[Comparable], lang: Language, out: &mut dyn Write) -> io::Result<()> {
    let single = groups.iter().filter(|group| group.single).count();
    writeln!(
        out,
        "{} {} ({}), {} {single} {}",
        groups.len(),
        say(lang, "territoires comparables", "comparable territories"),
        names.join(", "),
        say(lang, "dont", "of which"),
        say(lang, "restent un seul territoire dans chaque édition", "are one territory in every edition"),
    )?;
    for group in groups.iter().filter(|group| !group.single) {
        writeln!(
            out,
            "{}, {}{}",
            AREAS.count(group.units as u64, lang),
            PEOPLE.count(group.population, lang),
            lang.colon()
        )?;
        for (name, codes) in names.iter().zip(&group.codes) {
            let codes: Vec<&str> = codes.iter().map(TerritoryCode::as_str).collect();
            writeln!(out, "    {name}{} {} {}", lang.colon(), wanted.short().pick(lang), codes.join(" + "))?;
        }
    }
    Ok(())
}
