//! `rattache resolve`.

use std::io::Write;
use std::process::ExitCode;

use super::CliError;
use super::args::{AnswerFormat, ResolveArgs};
use super::words::{level, metres, placement, say};
use crate::domain::{Language, Level, LonLat};
use crate::geometry::surroundings::Beyond;
use crate::resolve::{Named, Place, Placement, Resolution, Resolver};

/// Answers one question; exit code 1 for a place outside or not found.
pub fn run(asked: &ResolveArgs, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let place = place(asked)?;
    let atlas = super::open(asked.source.atlas.as_deref(), lang)?;
    let draft = super::revision::draft(&asked.draft, &atlas, &asked.source)?;
    let resolver = match &draft {
        Some(draft) => Resolver::of_draft(&atlas, draft),
        None => Resolver::new(&atlas, &asked.source.choice())?,
    };
    let resolution = resolver.resolve_place(&place, asked.basis, asked.uncertainty_m)?;
    match asked.format {
        AnswerFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &resolution).map_err(|e| CliError::Output(e.into()))?;
            writeln!(out).map_err(CliError::Output)?;
        }
        AnswerFormat::Text => text(&resolution, lang, out).map_err(CliError::Output)?,
    }
    let nowhere = matches!(resolution.placement, Placement::Outside | Placement::NotFound);
    Ok(if nowhere { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The one place that the flags name; clap has refused several.
fn place(asked: &ResolveArgs) -> Result<Place, CliError> {
    if let Some(text) = &asked.address {
        return Ok(Place::Address(text.clone()));
    }
    if let Some(text) = &asked.postal_code {
        return Ok(Place::PostalCode(text.clone()));
    }
    if let Some(code) = &asked.installation {
        return Ok(Place::Installation(code.clone()));
    }
    let lat = number("lat", asked.lat.as_deref().unwrap_or_default(), "45.5088")?;
    let lon = number("lon", asked.lon.as_deref().unwrap_or_default(), "-73.5542")?;
    Ok(Place::Position(LonLat::new(lon, lat)?))
}

fn number(name: &'static str, text: &str, example: &'static str) -> Result<f64, CliError> {
    text.trim().parse().map_err(|_| CliError::Coordinate { name, value: text.to_owned(), example })
}

/// Where the position lies, with the neighbour where it is outside on the land side.
fn situation(answer: &Resolution<'_>, lang: Language) -> String {
    let place = placement(lang, answer.placement);
    let neighbour = match answer.beyond {
        Some(Beyond::Ontario) => say(lang, "en Ontario", "in Ontario"),
        Some(Beyond::NewBrunswick) => say(lang, "au Nouveau-Brunswick", "in New Brunswick"),
        Some(Beyond::NewfoundlandAndLabrador) => say(lang, "au Labrador", "in Labrador"),
        Some(Beyond::UnitedStates) => say(lang, "aux États-Unis", "in the United States"),
        Some(Beyond::Water) | None => return place.to_owned(),
    };
    format!("{place} ({neighbour})")
}

fn text(answer: &Resolution<'_>, lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    let line = |out: &mut dyn Write, name: &str, value: &str| writeln!(out, "{name:<22}{value}");
    let named = |named: Named<'_>| format!("{} {}", named.code, named.name);
    super::found::lead(answer, lang, out)?;
    if let Some(lineage) = &answer.lineage {
        line(out, level(lang, Level::Clsc), &named(lineage.clsc))?;
        line(out, level(lang, Level::Rls), &named(lineage.rls))?;
        line(out, level(lang, Level::Rts), &named(lineage.rts))?;
        line(out, level(lang, Level::Rss), &named(lineage.rss))?;
        line(out, level(lang, Level::Ruisss), &named(lineage.ruisss))?;
    }
    if let Some(area) = answer.dissemination_area {
        line(out, level(lang, Level::Da), area)?;
    }
    if let Some(unit) = answer.unit {
        line(out, say(lang, "Unité", "Unit"), unit)?;
    }
    line(out, say(lang, "Position", "Position"), &situation(answer, lang))?;
    if let Some(distance) = answer.distance_m {
        line(out, say(lang, "À", "At"), &metres(lang, distance))?;
    }
    if let Some(border) = answer.border_m {
        let beyond = answer.runner_up.map_or_else(
            || say(lang, "au-delà : hors du territoire couvert", "beyond: outside the area covered").to_owned(),
            |other| format!("{}{}", say(lang, "au-delà : ", "beyond: "), named(other)),
        );
        line(
            out,
            say(lang, "Limite la plus proche", "Nearest limit"),
            &format!("{} ({beyond})", metres(lang, border)),
        )?;
    }
    super::found::shares(answer, lang, out)?;
    if let Some(certainty) = &answer.certainty {
        let radius = metres(lang, certainty.uncertainty_m);
        let value = if certainty.stable {
            format!("{} {radius}", say(lang, "même CLSC à", "same CLSC within"))
        } else {
            let list: Vec<String> = certainty.clsc.iter().map(|&clsc| named(clsc)).collect();
            format!("{} {radius} : {}", say(lang, "NON SÛR à", "NOT SURE within"), list.join(" | "))
        };
        line(out, say(lang, "Certitude", "Certainty"), &value)?;
    }
    let official = if answer.edition.official {
        say(lang, "limites officielles", "official limits")
    } else {
        say(lang, "non officielle", "not official")
    };
    line(
        out,
        say(lang, "Édition", "Edition"),
        &format!("{} — {} ({official})", answer.edition.id, answer.edition.label),
    )
}
