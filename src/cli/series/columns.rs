//! `rattache series columns`.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use super::args::ColumnsArgs;
use super::{csv_failed, write_json};
use crate::cli::CliError;
use crate::cli::args::ListFormat;
use crate::cli::words::say;
use crate::domain::{Language, Words};
use crate::series::known_columns;

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    holds: Words,
    headers: &'static [&'static str],
    starting_with: &'static [&'static str],
}

/// Lists the headers that the reader of tables knows, by what they hold.
pub fn run(asked: &ColumnsArgs, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let rows: Vec<Row> = known_columns()
        .into_iter()
        .map(|(holds, headers, starting_with)| Row { holds, headers, starting_with })
        .collect();
    match asked.format {
        ListFormat::Json => write_json(&rows, out)?,
        ListFormat::Csv => {
            let mut csv = csv::Writer::from_writer(out);
            csv.write_record(["holds", "header", "known"]).map_err(csv_failed)?;
            for row in &rows {
                for (headers, known) in [(row.headers, "whole"), (row.starting_with, "start")] {
                    for header in headers {
                        csv.write_record([row.holds.pick(lang), header, known]).map_err(csv_failed)?;
                    }
                }
            }
            csv.flush().map_err(CliError::Output)?;
        }
        ListFormat::Text => {
            for row in &rows {
                write!(out, "{}{} {}", row.holds.pick(lang), lang.colon(), row.headers.join(", "))
                    .map_err(CliError::Output)?;
                if !row.starting_with.is_empty() {
                    let words = say(lang, "commence par", "starts with");
                    write!(out, " ; {words} {}", row.starting_with.join(", ")).map_err(CliError::Output)?;
                }
                writeln!(out).map_err(CliError::Output)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
