//! `rattache series`: what a revision breaks in series, and how to bridge it.
//!
//! Answers go to standard output, or to a file where `-o` names one; what was found of the data goes to standard error, each
//! with line and column.

mod args;
mod bridge;
mod changes;
mod check;
mod columns;
mod guard;
mod input;
mod pairs;
mod talk;

use crate::domain::{Date, Language};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub use args::SeriesCommand;

use super::CliError;
use crate::catalogue::CompareError;
use crate::series::SeriesError;

/// Runs a command on series.
pub fn run(
    command: &SeriesCommand,
    today: Date,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    match command {
        SeriesCommand::Changes(asked) => changes::run(asked, lang, out, talk),
        SeriesCommand::Crosswalk(asked) => pairs::crosswalk(asked, lang, out, talk),
        SeriesCommand::Common(asked) => pairs::common(asked, lang, out, talk),
        SeriesCommand::Check(asked) => check::run(asked, today, lang, out, talk),
        SeriesCommand::Bridge(asked) => bridge::run(asked, today, lang, out, talk),
        SeriesCommand::Columns(asked) => columns::run(asked, lang, out),
        SeriesCommand::Guard(asked) => guard::run(asked, lang, out, talk),
    }
}

impl From<SeriesError> for CliError {
    fn from(error: SeriesError) -> Self {
        CliError::Compare(CompareError::Series(error))
    }
}

/// A CSV that can not be written to the answer.
fn csv_failed(error: csv::Error) -> CliError {
    CliError::Output(error.into())
}

/// Whether a name asks for Parquet.
fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("parquet"))
}

/// Writes a value as JSON and ends the line.
fn write_json(value: &impl serde::Serialize, out: &mut dyn Write) -> Result<(), CliError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(|error| CliError::Output(error.into()))?;
    writeln!(out).map_err(CliError::Output)
}
