//! `rattache resolve`.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use super::CliError;
use super::args::{AnswerFormat, ResolveArgs};
use crate::domain::{Date, Language, LonLat};
use crate::resolve::{Place, Placement, Resolution};

/// Answers one question; exit code 1 for a place outside or not found.
pub fn run(asked: &ResolveArgs, today: Date, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let place = place(asked)?;
    let atlas = super::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = super::catalogue(atlas, asked.draft.store.as_deref(), &asked.source)?;
    let edition = super::edition(&catalogue, &asked.draft, &asked.source, today)?;
    let resolution = edition.resolver().resolve_place(&place, asked.basis, asked.uncertainty_m)?;
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
    if asked.address.as_deref() == Some("-") {
        return Ok(Place::Address(typed(std::io::stdin().lock())?));
    }
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

/// The first line of what is typed or sent.
fn typed(from: impl BufRead) -> Result<String, CliError> {
    let mut line = String::new();
    from.take(MOST_TYPED).read_line(&mut line).map_err(|_| CliError::NoAddressRead)?;
    let line = line.trim();
    if line.is_empty() { Err(CliError::NoAddressRead) } else { Ok(line.to_owned()) }
}

/// Longest line read, bytes: more than any address has.
const MOST_TYPED: u64 = 4096;

fn number(name: &'static str, text: &str, example: &'static str) -> Result<f64, CliError> {
    text.trim().parse().map_err(|_| CliError::Coordinate { name, value: text.to_owned(), example })
}

fn text(answer: &Resolution<'_>, lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    let sheet = answer.sheet(lang);
    if let Some(doubt) = &sheet.doubt {
        writeln!(out, "{doubt}")?;
    }
    for line in &sheet.lines {
        for (at, value) in line.values.iter().enumerate() {
            writeln!(out, "{:<22}{value}", if at == 0 { line.name } else { "" })?;
        }
    }
    Ok(())
}
