//! `rattache revision history`.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::HistoryArgs;
use crate::catalogue::{Catalogue, KeptRevisions};
use crate::cli::CliError;
use crate::cli::args::AnswerFormat;
use crate::cli::words::Talk;
use crate::domain::{EditionChoice, Language, Words, both};
use crate::revision::{AssignmentColumns, write_assignment};
use crate::store::{Event, Replayed, Store, replay};

/// Tells everything that happened to a revision, with the mutations it made; the chain and every state are checked.
pub fn history(
    asked: &HistoryArgs,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut Talk<'_>,
) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.atlas.as_deref(), lang)?;
    let kept = Arc::new(KeptRevisions::new(Store::open_existing(&asked.store)?)?);
    let catalogue = Catalogue::new(atlas).with_kept(Arc::clone(&kept));
    let (store, units) = (kept.store(), catalogue.units());
    let mut events = store.events(&asked.id)?;
    let scenario = match asked.version {
        Some(version) => store.read_version(&asked.id, version)?,
        None => store.read(&asked.id)?,
    };
    let base = catalogue.choose(&EditionChoice::Id(scenario.base.clone()))?;
    // The whole chain is carried out, whatever is shown of it.
    let (mut replayed, history) = replay(&asked.id, &events, &base.edition(), units)?;
    events.truncate(scenario.version as usize);
    replayed.truncate(events.len());
    if let Some(path) = &asked.output {
        let entry = replayed.iter().rev().find_map(|known| known.entry).unwrap_or(0);
        let bytes = match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => scenario.revision().to_toml()?.into_bytes(),
            Some("csv") => {
                let mut table = Vec::new();
                let state = history.state_at(entry, units)?;
                write_assignment(&mut table, &state, units, AssignmentColumns::GeoIdZone)?;
                table
            }
            _ => {
                let value = path.display().to_string();
                return Err(CliError::BadValue {
                    key: "--output",
                    value,
                    expected: Words::new("un nom qui finit par .csv ou .toml", "a name that ends in .csv or .toml"),
                });
            }
        };
        crate::atlas::write(path, &bytes)?;
        talk.say(&both!("{} écrit", "{} written", path.display()));
    }
    match asked.format {
        AnswerFormat::Json => super::json(&replayed, out)?,
        AnswerFormat::Text => {
            for known in &replayed {
                out.write_all(told(known, lang).as_bytes()).map_err(CliError::Output)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Most mutations that are told of an event.
const MOST_TOLD: usize = 20;

fn told(known: &Replayed, lang: Language) -> String {
    use std::fmt::Write as _;
    let french = lang == Language::French;
    let pick = |fr: &'static str, en: &'static str| if french { fr } else { en };
    let what = match &known.recorded.event {
        Event::Created(_) => pick("création", "made").to_owned(),
        Event::Appended { operations, .. } => {
            let words: Vec<&str> = operations.iter().map(crate::revision::Operation::word).collect();
            format!("{} {}", pick("ajout :", "added:"), words.join(", "))
        }
        Event::Undone { .. } => pick("annulation", "undone").to_owned(),
        Event::Redone { .. } => pick("rétablissement", "redone").to_owned(),
        Event::Commented { text } => format!("{} {text}", pick("commentaire :", "comment:")),
        Event::Judged { aspect, text } => format!("{}{} {text}", aspect.words().pick(lang), lang.colon()),
        Event::Moved { to, reason, .. } => {
            let reason = reason.as_ref().map_or_else(String::new, |reason| format!("{} {reason}", lang.colon()));
            format!("→ {}{reason}", to.words().pick(lang))
        }
    };
    let (recorded, digest) = (&known.recorded, &known.state_digest.as_str()[..12]);
    let mut text = format!(
        "{:>3}  {}  {}  {what}  {} {digest}\n",
        recorded.number,
        recorded.at,
        recorded.who,
        pick("état", "state")
    );
    for mutation in known.mutations.iter().take(MOST_TOLD) {
        let change = &mutation.change;
        let modes: Vec<String> = change.modes.iter().map(|&mode| u8::from(mode).to_string()).collect();
        let code =
            |code: &Option<crate::domain::TerritoryCode>| code.as_ref().map_or("—".to_owned(), ToString::to_string);
        let number = |number: Option<u64>| number.map_or("—".to_owned(), |number| number.to_string());
        let _ = writeln!(
            text,
            "       {:<5} {} {} → {}  ({} {} → {})",
            modes.join("+"),
            change.level.acronym(),
            code(&change.before),
            code(&change.after),
            pick("nº", "no."),
            number(mutation.ended),
            number(mutation.begun)
        );
    }
    if known.mutations.len() > MOST_TOLD {
        let _ = writeln!(text, "       … {}", known.mutations.len());
    }
    text
}
