//! `rattache revision rebase`.

use std::io::Write;
use std::process::ExitCode;

use super::args::RebaseArgs;
use crate::cli::CliError;
use crate::cli::args::AnswerFormat;
use crate::cli::words::Talk;
use crate::domain::{EditionChoice, Language, Timestamp, Words, both};
use crate::revision::{Rebased, State, UnitFacts, rebase};
use crate::store::{Event, NewScenario, Scenario, Store};

/// Makes a revision again on another edition; exit code 1 where anything is to be looked at again.
pub fn run(
    asked: &RebaseArgs,
    now: Timestamp,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut Talk<'_>,
) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = crate::cli::catalogue(atlas, asked.store.as_deref(), &asked.source)?;
    let known = catalogue.read_revision(&asked.file, asked.source.given().as_ref())?;
    talk.revision(&known);
    let onto = asked.onto.clone().map_or(EditionChoice::Latest, EditionChoice::Id);
    let (old, new) = (known.base.edition(), catalogue.choose(&onto)?.edition());
    let atlas = catalogue.atlas();
    let facts = UnitFacts::new((0..atlas.unit_count()).map(|unit| atlas.people(unit)), atlas.areas_m2());
    let rebased = rebase(&known.revision, (&old, &new), catalogue.units(), &facts.people)?;
    if let Some(path) = &asked.output {
        crate::atlas::write(path, rebased.revision.to_toml()?.as_bytes())?;
        talk.say(&both!("{} écrit", "{} written", path.display()));
    }
    let kept = match catalogue.kept().filter(|_| !asked.file.is_file()) {
        Some(kept) => Some(keep(asked, now, kept.store(), &rebased)?),
        None => None,
    };
    match asked.format {
        AnswerFormat::Json => super::json(
            &serde_json::json!({
                "base": &old.header.id,
                "onto": &new.header.id,
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
fn keep(asked: &RebaseArgs, now: Timestamp, store: &Store, rebased: &Rebased) -> Result<Scenario, CliError> {
    let old = store.read(&asked.file.to_string_lossy())?;
    let author = asked.author.as_deref().ok_or(CliError::Missing {
        what: Words::new("qui écrit", "who writes"),
        flag: Words::same("--author"),
        key: "author",
    })?;
    let now = || now.to_string();
    let mut made = store.create(
        NewScenario {
            name: old.name.clone(),
            author: author.to_owned(),
            base: rebased.revision.base.clone(),
            valid_from: old.valid_from,
            reason: old.reason.clone(),
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
            let event =
                if state == State::Submitted { Event::submitted(old.accepted.clone()) } else { Event::moved(state) };
            made = store.append(&made.id, made.version, (&now(), author), event)?;
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
        let state = scenario.state.words().pick(lang);
        writeln!(out, "{} {} ({state})", lang.pick("Gardée sous", "Kept as"), scenario.id)?;
    }
    Ok(())
}
