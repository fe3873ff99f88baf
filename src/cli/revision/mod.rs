//! `rattache revision`: what happens when a boundary moves.

pub mod args;
mod history;
mod keep;
pub mod keep_args;
pub(super) mod knowledge;
mod moves;
mod new;
mod propose;
mod rebase;
mod simulate;
pub(super) mod unit_files;

use std::io::{self, Write};
use std::process::ExitCode;

pub use args::RevisionCommand;
use keep::Plain;

use super::CliError;
use crate::catalogue::{Catalogue, CatalogueEdition};
use crate::cli::words::Talk;
use crate::domain::{EditionChoice, Language, Timestamp};

/// Runs a command on revisions.
pub fn run(asked: &RevisionCommand, now: Timestamp, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let mut stderr = io::stderr();
    let talk = &mut Talk::new(lang, &mut stderr);
    match asked {
        RevisionCommand::Simulate(asked) => simulate::simulate(asked, lang, out, talk),
        RevisionCommand::Diff(asked) => simulate::diff(asked, lang, out, talk),
        RevisionCommand::New(asked) => new::run(asked, lang, out, talk),
        RevisionCommand::Rebase(asked) => rebase::run(asked, now, lang, out, talk),
        RevisionCommand::Export(asked) => simulate::export(asked, lang, talk),
        RevisionCommand::Create(asked) => keep::create(asked, now, lang, out, talk),
        RevisionCommand::List(asked) => keep::list(asked, lang, out),
        RevisionCommand::Show(asked) => keep::show(asked, lang, out),
        RevisionCommand::Append(asked) => keep::append(asked, now, lang, out, talk),
        RevisionCommand::Undo(asked) => keep::plain(asked, Plain::Undo, now, lang, out),
        RevisionCommand::Redo(asked) => keep::plain(asked, Plain::Redo, now, lang, out),
        RevisionCommand::Comment(asked) => keep::comment(asked, now, lang, out),
        RevisionCommand::Duplicate(asked) => keep::duplicate(asked, now, lang, out),
        RevisionCommand::Submit(asked) => keep::submit(asked, now, lang, out),
        RevisionCommand::Decide(asked) => keep::decide(asked, now, lang, out),
        RevisionCommand::Judge(asked) => keep::judge(asked, now, lang, out),
        RevisionCommand::Publish(asked) => keep::publish(asked, now, lang, out),
        RevisionCommand::History(asked) => history::history(asked, lang, out, talk),
        RevisionCommand::Moves(asked) => moves::run(asked, lang, out, talk),
        RevisionCommand::Propose(asked) => propose::run(asked, lang, out, talk),
    }
}

/// The edition that a new revision is planned on: that of `--revision`, the one that is named, else the newest.
fn planned_on(
    catalogue: &Catalogue,
    draft: &args::Draft,
    source: &super::args::Source,
) -> Result<CatalogueEdition, CliError> {
    match &draft.revision {
        Some(path) => Ok(catalogue.read_revision(path, source.given().as_ref())?.carry_out(catalogue)?),
        None => Ok(catalogue.choose(&source.given().unwrap_or(EditionChoice::Latest))?),
    }
}

fn json(value: &impl serde::Serialize, out: &mut dyn Write) -> Result<(), CliError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(|error| CliError::Output(error.into()))?;
    writeln!(out).map_err(CliError::Output)
}
