//! `rattache atlas export`, and the CSV of territories.

use std::io::Write;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

use super::CliError;
use super::args::ExportArgs;
use super::words::Talk;
use crate::domain::{Date, Language, Level, UnknownLevel};
use crate::export::{self, CoordinateSystem, Edition, Format, Layer, Output};
use crate::import::Crs;
use crate::resolve::TerritoryDetail;

/// A level, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedLevel {
    /// Every level, the units included.
    All,
    /// One.
    One(Level),
}

impl FromStr for AskedLevel {
    type Err = UnknownLevel;

    fn from_str(word: &str) -> Result<Self, UnknownLevel> {
        if word.trim().eq_ignore_ascii_case("all") { Ok(Self::All) } else { word.parse().map(Self::One) }
    }
}

/// Exports levels.
pub fn run(
    asked: &ExportArgs,
    today: Date,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let format = Format::choose(asked.format.as_deref(), asked.output.as_deref())?;
    let system = match &asked.crs {
        None => CoordinateSystem::wgs84(),
        Some(crs) => {
            let crs = Crs::new(crs);
            CoordinateSystem::new(crs.describe()?, Arc::new(crs.projection()?))
        }
    };
    let atlas = super::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = super::catalogue(atlas, asked.draft.store.as_deref(), &asked.source)?;
    let chosen = super::edition(&catalogue, &asked.draft, &asked.source, today)?;
    let (edition, resolver) = (chosen.view(), chosen.resolver());
    let wanted = |level: &Level| {
        asked.level.iter().any(|asked| matches!(asked, AskedLevel::All) || *asked == AskedLevel::One(*level))
    };
    let layers: Vec<Layer> = Level::ALL
        .into_iter()
        .filter(wanted)
        .map(|level| Layer::of(chosen.atlas(), &resolver, level, format.outlines))
        .collect();
    let output = match asked.output.as_deref() {
        Some(path) => Output::Name(path),
        None => Output::Stream(out),
    };
    let about = Edition { header: edition.header, system: &system };
    let notes = export::write(format, about, &layers, output)?;
    for note in &notes {
        Talk::new(lang, talk).say(note);
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a list of territories of one level as CSV.
pub fn territories_csv(level: Level, list: &[TerritoryDetail<'_>], out: &mut dyn Write) -> Result<(), CliError> {
    Ok(export::write_rows(&Layer::of_list(level, list), out)?)
}
