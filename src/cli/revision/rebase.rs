//! `rattache revision rebase`.

use std::io::Write;
use std::process::ExitCode;

use super::args::RebaseArgs;
use super::files;
use super::shelf::{Shelf, last};
use crate::cli::CliError;
use crate::cli::args::AnswerFormat;
use crate::cli::words::Talk;
use crate::domain::{EditionChoice, Language, Words, both};
use crate::revision::{Rebased, UnitFacts, rebase};
use crate::store::{Event, NewScenario, Scenario, State};

/// Makes a revision again on another edition; exit code 1 where anything is to be looked at again.
pub fn run(asked: &RebaseArgs, lang: Language, out: &mut dyn Write, talk: &mut Talk<'_>) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let shelf = Shelf::open(&atlas, asked.store.as_deref())?;
    let known = files::read(&asked.file, &shelf, &asked.source)?;
    talk.mended(&known.findings);
    let onto = match &asked.onto {
        Some(id) => EditionChoice::Id(id.clone()),
        None => EditionChoice::Latest,
    };
    let line = shelf.line(&onto)?;
    let new = last(&line);
    let facts = UnitFacts::new((0..atlas.unit_count()).map(|unit| atlas.people(unit)), atlas.areas_m2());
    let rebased = rebase(&known.revision, (known.base(), new), &shelf.units, &facts.people)?;
    if let Some(path) = &asked.output {
        crate::atlas::write(path, rebased.revision.to_toml()?.as_bytes())?;
        talk.say(&both!("{} écrit", "{} written", path.display()));
    }
    let kept = match shelf.kept(&asked.file)? {
        Some(scenario) => Some(keep(asked, &shelf, &scenario, &rebased)?),
        None => None,
    };
    match asked.format {
        AnswerFormat::Json => super::json(
            &serde_json::json!({
                "base": known.base().header.id,
                "onto": new.header.id,
                "clean": rebased.is_clean(),
                "steps": rebased.steps,
                "revision": rebased.revision,
                "kept_as": kept.as_ref().map(|scenario| &scenario.id),
            }),
            out,
        )?,
        AnswerFormat::Text => text(&rebased, kept.as_ref(), lang, out).map_err(CliError::Output)?,
    }
    Ok(if rebased.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Keeps it as a revision of its own. One that was accepted and holds wholly stays accepted: nothing else was decided.
fn keep(asked: &RebaseArgs, shelf: &Shelf<'_>, old: &Scenario, rebased: &Rebased) -> Result<Scenario, CliError> {
    let author = asked.author.as_deref().ok_or(CliError::Missing {
        what: Words::new("qui écrit", "who writes"),
        flag: Words::same("--author"),
        key: "author",
    })?;
    let store = shelf.store()?;
    let now = || jiff::Timestamp::now().to_string();
    let mut made = store.create(
        NewScenario {
            name: old.name.clone(),
            author: author.to_owned(),
            base: rebased.revision.base.clone(),
            valid_from: old.valid_from,
            operations: rebased.revision.operations.clone(),
            copy_of: Some(old.id.clone()),
        },
        &now(),
    )?;
    let told: Vec<String> = (rebased.steps.iter())
        .map(|step| format!("{}. {} : {}", step.number, step.word, step.words(Language::French)))
        .collect();
    let text = format!("Reprise de {} sur {}. {}.", old.id, rebased.revision.base, told.join(" ; "));
    made = store.append(&made.id, made.version, (&now(), author), Event::Commented { text })?;
    if old.state == State::Accepted && rebased.is_clean() {
        for state in [State::Submitted, State::InAnalysis, State::Accepted] {
            made = store.append(&made.id, made.version, (&now(), author), Event::moved(state))?;
        }
    }
    Ok(made)
}

fn text(rebased: &Rebased, kept: Option<&Scenario>, lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    for step in &rebased.steps {
        writeln!(out, "  {}. {}{} {}", step.number, step.word, lang.colon(), step.words(lang))?;
    }
    let words = if rebased.is_clean() {
        lang.pick("Tout tient : rien n'est à décider de nouveau.", "Everything holds: nothing is to be decided again.")
    } else {
        lang.pick("À revoir avant d'être décidée de nouveau.", "To be looked at before it is decided again.")
    };
    writeln!(out, "{words}")?;
    if let Some(scenario) = kept {
        let state = scenario.state;
        writeln!(out, "{} {} ({state})", lang.pick("Gardée sous", "Kept as"), scenario.id)?;
    }
    Ok(())
}
