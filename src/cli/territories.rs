//! `rattache territories`.

use std::io::Write;
use std::process::ExitCode;

use super::CliError;
use super::args::{ListFormat, TerritoriesArgs};
use super::words::say;
use crate::domain::{CodeError, Date, Language, Level, TerritoryCode};
use crate::resolve::{Named, TerritoryDetail};

/// Lists territories, or shows one.
pub fn run(asked: &TerritoriesArgs, today: Date, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let level = wanted_level(asked)?;
    let atlas = super::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = super::catalogue(atlas, asked.draft.store.as_deref(), &asked.source)?;
    let chosen = super::edition(&catalogue, &asked.draft, &asked.source, today)?;
    let (edition, table) = (chosen.view(), chosen.table());
    let list: Vec<TerritoryDetail<'_>> = match &asked.code {
        None => table.details(edition, level).collect(),
        Some(text) => {
            let code = TerritoryCode::parse(level, text)?;
            let place = edition.hierarchy.find(level, code.as_str());
            let detail = place.and_then(|place| table.detail(edition, level, place));
            vec![detail.ok_or_else(|| CliError::UnknownTerritory {
                level,
                code: text.clone(),
                edition: edition.header.id.clone(),
            })?]
        }
    };
    match asked.format {
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &list).map_err(|e| CliError::Output(e.into()))?;
            writeln!(out).map_err(CliError::Output)?;
        }
        ListFormat::Csv => super::export::territories_csv(level, &list, out)?,
        ListFormat::Text => text(&list, lang, out).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The level asked for, or the one whose codes are as long as the one given.
fn wanted_level(asked: &TerritoriesArgs) -> Result<Level, CliError> {
    match (asked.level, &asked.code) {
        (Some(Level::Da), _) => Err(CliError::UnitsAreNoTerritories),
        (Some(level), _) => Ok(level),
        (None, None) => Ok(Level::Clsc),
        (None, Some(code)) => {
            let length = code.trim().len();
            Level::TERRITORIAL.into_iter().find(|level| level.code_length() == Some(length)).ok_or_else(|| {
                CliError::Code(CodeError::Malformed {
                    level: Level::Clsc,
                    found: code.clone(),
                    expected: 5,
                    example: "06121",
                })
            })
        }
    }
}

fn text(list: &[TerritoryDetail<'_>], lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    for territory in list {
        let people = territory.population.or(territory.published_population).map_or_else(
            || say(lang, "population inconnue", "people not known").to_owned(),
            |people| format!("{people} {}", say(lang, "personnes", "people")),
        );
        writeln!(
            out,
            "{:<6}{}  [{people}, {:.1} km2, {} {}]",
            territory.code,
            territory.name,
            territory.area_km2,
            territory.units,
            say(lang, "unités", "units")
        )?;
        if list.len() == 1 {
            let parents = &territory.parents;
            let above = [
                (Level::Rls, &parents.rls),
                (Level::Rts, &parents.rts),
                (Level::Rss, &parents.rss),
                (Level::Ruisss, &parents.ruisss),
            ];
            for (level, named) in above {
                for Named { code, name } in named {
                    writeln!(out, "  {:<8}{code} {name}", level.acronym())?;
                }
            }
        }
    }
    Ok(())
}
