//! Revisions kept in a store, by the command line: what `/v1/revisions` does, with the same refusals.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use super::keep_args::{
    AppendArgs, CommentArgs, CreateArgs, DecideArgs, DuplicateArgs, JudgeArgs, ListArgs, PublishArgs, ShowArgs, Step,
    Stored, SubmitArgs,
};
use crate::catalogue::{Catalogue, KeptRevisions};
use crate::cli::CliError;
use crate::cli::args::AnswerFormat;
use crate::cli::words::Talk;
use crate::domain::{EditionChoice, Language, Timestamp, Words};
use crate::revision::{ASSIGNMENT_WORDS, State};
use crate::store::{Event, NewScenario, Scenario, Store};

/// A step that needs nothing but the revision and who takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// Takes the last step back.
    Undo,
    /// Takes again the last step taken back.
    Redo,
}

/// Makes a revision, a draft at first.
pub fn create(
    asked: &CreateArgs,
    now: Timestamp,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut Talk<'_>,
) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let kept = KeptRevisions::new(Store::open(&asked.stored.store)?)?;
    let columns = asked.source.assignment_columns.as_deref();
    let catalogue = crate::cli::reading(atlas, columns)?.with_kept(Arc::new(kept));
    let given = asked.source.given();
    let read = asked.file.as_deref().map(|file| catalogue.read_revision(file, given.as_ref())).transpose()?;
    if let Some(read) = &read {
        talk.revision(read);
    }
    let own = read.as_ref().map(|read| EditionChoice::Id(read.base.header().id.clone()));
    let base = catalogue.timetable()?.base(&own.or(given).unwrap_or(EditionChoice::Latest))?;
    let stated = read.as_ref().map(|read| &read.revision);
    let name = asked.name.clone().or_else(|| stated.map(|known| known.label.clone())).unwrap_or_default();
    let valid_from = asked.valid_from.or(stated.map(|known| known.valid_from)).unwrap_or(base.header().valid_from);
    let made = NewScenario {
        name,
        author: asked.author.clone(),
        base: base.header().id.clone(),
        valid_from,
        reason: asked.reason.clone().or_else(|| stated.and_then(|known| known.reason.clone())),
        operations: stated.map(|known| known.operations.clone()).unwrap_or_default(),
        copy_of: None,
    };
    answer(&catalogue.create(made, &now.to_string())?, &asked.stored, lang, out)
}

/// Lists the revisions of a store.
pub fn list(asked: &ListArgs, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let list = Store::open_existing(&asked.stored.store)?.list(asked.state)?;
    match asked.stored.format {
        AnswerFormat::Json => super::json(&list, out)?,
        AnswerFormat::Text => {
            for scenario in &list {
                writeln!(out, "{}", head(scenario, lang)).map_err(CliError::Output)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows a revision as it stands, or stood.
pub fn show(asked: &ShowArgs, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let store = Store::open_existing(&asked.stored.store)?;
    let scenario = match asked.version {
        Some(version) => store.read_version(&asked.id, version)?,
        None => store.read(&asked.id)?,
    };
    answer(&scenario, &asked.stored, lang, out)
}

/// Adds the operations of a file as one step.
pub fn append(
    asked: &AppendArgs,
    now: Timestamp,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut Talk<'_>,
) -> Result<ExitCode, CliError> {
    let map = asked.assignment_columns.as_deref();
    let named = crate::cli::named_columns("--assignment-columns", map, ASSIGNMENT_WORDS)?;
    settled(&asked.step, now, lang, out, |catalogue, scenario| {
        let standing = catalogue.choose(&EditionChoice::Id(scenario.id.clone()))?;
        let catalogue = catalogue.clone().with_assignment_columns(named);
        let read = catalogue.read_operations(&asked.file, &standing.edition())?;
        if let Some(columns) = &read.columns {
            talk.columns(&asked.file, columns);
        }
        talk.mended(&read.findings);
        Ok(Event::Appended { operations: read.operations, leads_to: None })
    })
}

/// Undoes or redoes.
pub fn plain(
    asked: &Step,
    step: Plain,
    now: Timestamp,
    lang: Language,
    out: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    match step {
        Plain::Undo => settled(asked, now, lang, out, |_, _| Ok(Event::Undone { leads_to: None })),
        Plain::Redo => settled(asked, now, lang, out, |_, _| Ok(Event::Redone { leads_to: None })),
    }
}

/// Hands a draft in, once every warning about it is accepted.
pub fn submit(asked: &SubmitArgs, now: Timestamp, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    settled(&asked.step, now, lang, out, |_, _| Ok(Event::submitted(asked.accept.clone())))
}

/// Says something about a revision.
pub fn comment(asked: &CommentArgs, now: Timestamp, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    noted(&asked.step, Event::Commented { text: asked.text.clone() }, now, lang, out)
}

/// Takes a revision into analysis, sends it back to be corrected, accepts it, refuses it or withdraws it.
pub fn decide(asked: &DecideArgs, now: Timestamp, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    if matches!(asked.to, State::Submitted | State::Published) {
        let expected = Words::new(
            "draft (à corriger), in_analysis, accepted, refused ou withdrawn",
            "draft (to be corrected), in_analysis, accepted, refused or withdrawn",
        );
        return Err(CliError::BadValue { key: "decision", value: asked.to.to_string(), expected });
    }
    noted(&asked.step, Event::decided(asked.to, asked.reason.clone()), now, lang, out)
}

/// Says what was judged of an aspect that no figure tells.
pub fn judge(asked: &JudgeArgs, now: Timestamp, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    noted(&asked.step, Event::Judged { aspect: asked.aspect, text: asked.text.clone() }, now, lang, out)
}

/// Makes a revision an edition in force from a day on.
pub fn publish(asked: &PublishArgs, now: Timestamp, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let event = Event::Moved {
        to: State::Published,
        reason: None,
        valid_from: Some(asked.valid_from),
        official: Some(asked.official),
        accepts: asked.accept.clone(),
        leads_to: None,
    };
    settled(&asked.step, now, lang, out, |_, _| Ok(event))
}

/// Copies a revision, as a draft.
pub fn duplicate(
    asked: &DuplicateArgs,
    now: Timestamp,
    lang: Language,
    out: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let store = Store::open_existing(&asked.stored.store)?;
    let copy = store.duplicate(&asked.id, asked.name.as_deref(), (&now.to_string(), &asked.author))?;
    answer(&copy, &asked.stored, lang, out)
}

/// Keeps an event that changes the state, once it was carried out.
fn settled(
    asked: &Step,
    now: Timestamp,
    lang: Language,
    out: &mut dyn Write,
    event: impl FnOnce(&Catalogue, &Scenario) -> Result<Event, CliError>,
) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.atlas.as_deref(), lang)?;
    let kept = Arc::new(KeptRevisions::new(Store::open_existing(&asked.stored.store)?)?);
    let catalogue = crate::cli::reading(atlas, None)?.with_kept(Arc::clone(&kept));
    let scenario = kept.store().read(&asked.id)?;
    let event = event(&catalogue, &scenario)?;
    let seen = asked.version.unwrap_or(scenario.version);
    let written = catalogue.settle(&asked.id, seen, (&now.to_string(), &asked.author), event)?;
    answer(&written, &asked.stored, lang, out)
}

/// Keeps an event that leaves the state as it is.
fn noted(
    asked: &Step,
    event: Event,
    now: Timestamp,
    lang: Language,
    out: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let store = Store::open_existing(&asked.stored.store)?;
    let seen = asked.version.map_or_else(|| store.read(&asked.id).map(|known| known.version), Ok)?;
    let written = store.append(&asked.id, seen, (&now.to_string(), &asked.author), event)?;
    answer(&written, &asked.stored, lang, out)
}

fn answer(scenario: &Scenario, asked: &Stored, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    match asked.format {
        AnswerFormat::Json => super::json(scenario, out)?,
        AnswerFormat::Text => out.write_all(text(scenario, lang).as_bytes()).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn head(scenario: &Scenario, lang: Language) -> String {
    let state = scenario.state.words().pick(lang);
    format!("{:<7} {state:<14} v{:<4} {} ({})", scenario.id, scenario.version, scenario.name, scenario.author)
}

fn text(scenario: &Scenario, lang: Language) -> String {
    let french = lang == Language::French;
    let pick = |fr: &'static str, en: &'static str| if french { fr } else { en };
    let mut page = head(scenario, lang);
    let official =
        if scenario.official { pick("officielle", "official") } else { pick("non officielle", "not official") };
    let _ = writeln!(
        page,
        "\n  {} {}; {} {}; {official}",
        pick("à partir de", "based on"),
        scenario.base,
        pick("en vigueur le", "in force on"),
        scenario.valid_from
    );
    for (number, operation) in (1..).zip(&scenario.operations) {
        // Without the atlas at hand, codes stand for names.
        let words = operation.words(&|_, _| None);
        let _ = writeln!(page, "  {number}. {}", words.pick(lang));
    }
    let _ = writeln!(
        page,
        "  {} {}, {} {}",
        pick("à annuler :", "to undo:"),
        scenario.undoable,
        pick("à rétablir :", "to redo:"),
        scenario.redoable
    );
    if let Some(reason) = &scenario.reason {
        let _ = writeln!(page, "  {}{} {reason}", pick("motif", "reason"), lang.colon());
    }
    for decision in &scenario.decisions {
        let reason = decision.reason.as_ref().map_or_else(String::new, |reason| format!("{} {reason}", lang.colon()));
        let accepts = if decision.accepts.is_empty() {
            String::new()
        } else {
            let names: Vec<&str> = decision.accepts.iter().map(|kind| kind.as_str()).collect();
            format!(" ({} {})", pick("avertissements acceptés :", "warnings accepted:"), names.join(", "))
        };
        let to = decision.to.words().pick(lang);
        let _ = writeln!(page, "  {} {} → {to}{accepts}{reason}", decision.at, decision.who);
    }
    for judgement in &scenario.judgements {
        let (aspect, who) = (judgement.aspect.words().pick(lang), &judgement.who);
        let _ = writeln!(page, "  {aspect} ({who}, {}){} {}", judgement.at, lang.colon(), judgement.text);
    }
    for comment in &scenario.comments {
        let _ = writeln!(page, "  {} {}{} {}", comment.at, comment.who, pick(" :", ":"), comment.text);
    }
    page
}
