//! `rattache revision`: what happens when a boundary moves.

pub mod args;
pub(super) mod files;
mod history;
mod keep;
pub mod keep_args;
pub(super) mod knowledge;
mod moves;
mod propose;
pub(super) mod shelf;
mod simulate;

use crate::domain::Language;
use std::io::{self, Write};
use std::process::ExitCode;

pub use args::RevisionCommand;
pub use files::{draft, view};

use keep::Plain;

use super::CliError;
use crate::cli::words::Talk;

/// Runs a command on revisions.
pub fn run(asked: &RevisionCommand, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let mut stderr = io::stderr();
    let talk = &mut Talk::new(lang, &mut stderr);
    match asked {
        RevisionCommand::Simulate(asked) => simulate::simulate(asked, lang, out, talk),
        RevisionCommand::Diff(asked) => simulate::diff(asked, lang, out, talk),
        RevisionCommand::Export(asked) => simulate::export(asked, lang, talk),
        RevisionCommand::Create(asked) => keep::create(asked, lang, out, talk),
        RevisionCommand::List(asked) => keep::list(asked, lang, out),
        RevisionCommand::Show(asked) => keep::show(asked, lang, out),
        RevisionCommand::Append(asked) => keep::append(asked, lang, out, talk),
        RevisionCommand::Undo(asked) => keep::plain(asked, Plain::Undo, lang, out),
        RevisionCommand::Redo(asked) => keep::plain(asked, Plain::Redo, lang, out),
        RevisionCommand::Comment(asked) => keep::comment(asked, lang, out),
        RevisionCommand::Duplicate(asked) => keep::duplicate(asked, lang, out),
        RevisionCommand::Submit(asked) => keep::plain(asked, Plain::Submit, lang, out),
        RevisionCommand::Decide(asked) => keep::decide(asked, lang, out),
        RevisionCommand::Publish(asked) => keep::publish(asked, lang, out),
        RevisionCommand::History(asked) => history::history(asked, lang, out, talk),
        RevisionCommand::Moves(asked) => moves::run(asked, lang, out, talk),
        RevisionCommand::Propose(asked) => propose::run(asked, lang, out, talk),
    }
}

fn json(value: &impl serde::Serialize, out: &mut dyn Write) -> Result<(), CliError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(|error| CliError::Output(error.into()))?;
    writeln!(out).map_err(CliError::Output)
}
