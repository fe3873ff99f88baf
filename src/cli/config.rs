//! `rattache config`, `rattache completions` and `rattache man`: the program about itself.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Subcommand};
use clap_complete::Shell;

use super::CliError;
use super::args::Arguments;
use super::help::in_language;
use super::settings::{PERSONAL, Settings, variable_name};
use crate::domain::Language;

/// The commands on the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check the configuration file and the RATTACHE_* variables, and say what they set.
    Check,
    /// List every setting: its key in the file, and its variable.
    List,
}

/// Runs `rattache config`.
pub fn run(
    command: &ConfigCommand,
    settings: &Settings,
    lang: Language,
    out: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    match command {
        ConfigCommand::Check => check(settings, lang, out),
        ConfigCommand::List => list(out),
    }
    .map_err(CliError::Output)?;
    Ok(ExitCode::SUCCESS)
}

/// Every setting was read and checked before the command began: only what they say is left to tell.
fn check(settings: &Settings, lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    match settings.path() {
        Some(path) => writeln!(out, "{} {}", lang.pick("fichier :", "file:"), path.display())?,
        None => writeln!(out, "{}", lang.pick("aucun fichier de configuration", "no configuration file"))?,
    }
    for (name, value, place) in settings.told() {
        writeln!(out, "{name} = {value}  ({})", lang.pick(&place.french, &place.english))?;
    }
    writeln!(out, "{}", lang.pick("la configuration est valide", "the configuration is valid"))
}

fn list(out: &mut dyn Write) -> std::io::Result<()> {
    fn below(command: &clap::Command, path: &str, out: &mut dyn Write) -> std::io::Result<()> {
        for long in command.get_arguments().filter_map(|arg| arg.get_long()).filter(|long| !PERSONAL.contains(long)) {
            let key = if path.is_empty() { long.to_owned() } else { format!("{path}.{long}") };
            writeln!(out, "{key:<44}{}", variable_name(long))?;
        }
        for command in command.get_subcommands() {
            let name = command.get_name();
            below(command, &if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }, out)?;
        }
        Ok(())
    }
    below(&Arguments::command(), "", out)
}

/// Writes the completions of a shell to standard output.
pub fn completions(shell: Shell, lang: Language, out: &mut dyn Write) {
    clap_complete::generate(shell, &mut in_language(Arguments::command(), lang), "rattache", &mut { out });
}

/// Writes a manual page a command into a folder.
pub fn manual(folder: &PathBuf, lang: Language) -> Result<ExitCode, CliError> {
    let failed = |source| CliError::Manual { path: folder.clone(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(in_language(Arguments::command(), lang), folder).map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}

/// The variables of the process.
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}
