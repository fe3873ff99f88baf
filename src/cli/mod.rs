//! The command line: arguments as typed ([`args`]), then one file a command.
//!
//! Answers go to standard output, talk to standard error. Exit codes: 0 done, 1 done but something is not as asked (a point
//! outside, a law that does not hold), 2 nothing done.

mod addresses;
pub mod args;
mod atlas;
mod batch;
mod bounds;
mod build;
mod config;
mod error;
mod export;
mod help;
mod keys;
mod overlay;
mod recipe;
mod reference;
mod report;
mod resolve;
mod revision;
mod series;
mod serve;
mod settings;
mod terminal;
mod territories;
mod words;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use clap::{CommandFactory as _, FromArgMatches as _};

pub use build::{Built, build};
pub use error::CliError;
pub use help::EXAMPLES;
pub use recipe::{EditionRecipe, Recipe};
pub use report::{language, report};
pub use terminal::Shown;

use crate::atlas::Atlas;
use crate::catalogue::{Catalogue, CatalogueEdition, KeptRevisions};
use crate::demo;
use crate::domain::{Date, Language, Timestamp, Words};
use crate::revision::ASSIGNMENT_WORDS;
use crate::store::Store;
use crate::tables::ColumnMap;

/// Runs a command. `arguments` start with the program's own name.
///
/// # Errors
/// [`CliError`], for [`report`].
pub fn run(arguments: impl IntoIterator<Item = OsString>, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    run_at(SystemTime::now().into(), arguments, out)
}

/// Runs a command as at an instant, which decides what is in force and what the store notes.
///
/// # Errors
/// As [`run`].
pub fn run_at(
    now: Timestamp,
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let settings = settings::Settings::find(&arguments, config::variable)?;
    let command = settings.apply(args::Arguments::command(), &arguments)?;
    let matches = command.clone().try_get_matches_from(&arguments);
    let parsed = match matches.and_then(|matches| args::Arguments::from_arg_matches(&matches)) {
        Ok(parsed) => parsed,
        Err(message) => {
            // Texts for people are only given to the commands when somebody is to read them.
            let told = help::in_language(command, language(&arguments)).try_get_matches_from(&arguments);
            let message = told.err().unwrap_or(message);
            // Help and version are answers; everything else is clap's own message, which names the argument and the fix.
            if message.use_stderr() {
                return Err(CliError::Usage(message));
            }
            write!(out, "{message}").map_err(CliError::Output)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let (lang, today) = (parsed.lang, now.day_in_quebec());
    match parsed.command {
        args::Command::Resolve(asked) => resolve::run(&asked, today, lang, out),
        args::Command::Territories(asked) => territories::run(&asked, today, lang, out),
        args::Command::Series { command } => series::run(&command, today, lang, out, &mut io::stderr()),
        args::Command::Batch(asked) => batch::run(&asked, today, lang, out),
        args::Command::Serve(asked) => serve::run(&asked, lang),
        args::Command::Revision { command } => revision::run(&command, now, lang, out),
        args::Command::Keys { command } => keys::run(&command, now, lang, out),
        args::Command::Config { command } => config::run(&command, &settings, lang, out),
        args::Command::Completions { shell } => {
            config::completions(shell, lang, out);
            Ok(ExitCode::SUCCESS)
        }
        args::Command::Reference { page } => {
            write!(out, "{}", reference::page(page, lang)).map_err(CliError::Output)?;
            Ok(ExitCode::SUCCESS)
        }
        args::Command::Man { folder } => config::manual(&folder, lang),
        args::Command::Atlas { command } => match command {
            args::AtlasCommand::Build(asked) => atlas::build(&asked, lang, &mut io::stderr()),
            args::AtlasCommand::Info(asked) => atlas::info(&asked, lang, out),
            args::AtlasCommand::Verify(asked) => atlas::verify(&asked, lang, out),
            args::AtlasCommand::Export(asked) => export::run(&asked, today, lang, out, &mut io::stderr()),
        },
    }
}

/// Opens an atlas for a question or two, or the embedded demo where none is named.
///
/// # Errors
/// [`CliError::Atlas`].
pub fn open(path: Option<&Path>, lang: Language) -> Result<Atlas, CliError> {
    take(path, Atlas::open, lang)
}

/// Reads an atlas into memory for many questions, or the embedded demo where none is named.
///
/// # Errors
/// [`CliError::Atlas`].
pub fn load(path: Option<&Path>, lang: Language) -> Result<Atlas, CliError> {
    take(path, Atlas::load, lang)
}

fn take(path: Option<&Path>, take: demo::Take, lang: Language) -> Result<Atlas, CliError> {
    if let Some(path) = path {
        return Ok(take(path)?);
    }
    let folder = demo::cache_folder(|name| std::env::var_os(name));
    let making = || {
        words::Talk::new(lang, &mut io::stderr()).say(&Words::new(
            "préparation du modèle de démonstration, une seule fois : quelques secondes",
            "preparing the demonstration model, only once: a few seconds",
        ));
    };
    Ok(demo::open(folder.as_deref(), take, making)?)
}

/// The catalogue of an atlas, where revisions may name units by files.
///
/// `columns` names those of assignment tables.
fn reading(atlas: Atlas, columns: Option<&str>) -> Result<Catalogue, CliError> {
    let columns = named_columns("--assignment-columns", columns, ASSIGNMENT_WORDS)?;
    let atlas = Arc::new(atlas);
    let files = Arc::new(revision::unit_files::Files(Arc::clone(&atlas)));
    Ok(Catalogue::new(atlas).with_unit_files(files).with_assignment_columns(columns))
}

/// The catalogue of an atlas and, where one is named, of a store that there is.
fn catalogue(atlas: Atlas, store: Option<&Path>, source: &args::Source) -> Result<Catalogue, CliError> {
    let catalogue = reading(atlas, source.assignment_columns.as_deref())?;
    let Some(path) = store else { return Ok(catalogue) };
    let kept = KeptRevisions::new(Store::open_existing(path)?)?;
    Ok(catalogue.with_kept(Arc::new(kept)))
}

/// Names of columns as a flag gives them.
fn named_columns(key: &'static str, map: Option<&str>, words: &[&'static str]) -> Result<ColumnMap, CliError> {
    ColumnMap::parse(map, words).map_err(|error| CliError::BadValue {
        key,
        value: map.unwrap_or_default().to_owned(),
        expected: Words::of(&error),
    })
}

/// The edition that answers a command: the one of `--revision`, else the one that the flags mean.
fn edition(
    catalogue: &Catalogue,
    draft: &revision::args::Draft,
    source: &args::Source,
    today: Date,
) -> Result<CatalogueEdition, CliError> {
    match &draft.revision {
        Some(path) => Ok(catalogue.read_revision(path, source.given().as_ref())?.carry_out(catalogue)?),
        None => Ok(catalogue.choose(&source.choice(today))?),
    }
}
