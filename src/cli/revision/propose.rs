//! `rattache revision propose`.

use std::fmt::Write as _;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::args::{Goal as GoalWord, ProposeArgs};
use super::knowledge;
use crate::cli::CliError;
use crate::cli::args::AnswerFormat;
use crate::cli::words::Talk;
use crate::cli::words::say;
use crate::domain::{Edition, Language, Level, Words, both};
use crate::revision::{
    Goal, Goals, ImpactEngine, Outcome, Proposal, Revision, Rule, Score, SearchSettings, UnitFacts, UnitIndex,
    Workbench, propose,
};

/// How often progress is told.
const TELL: Duration = Duration::from_secs(2);

/// Searches and tells what was found; exit code 1 where nothing was.
pub fn run(
    asked: &ProposeArgs,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut Talk<'_>,
) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = crate::cli::catalogue(atlas, asked.draft.store.as_deref(), &asked.source)?;
    let edition = super::planned_on(&catalogue, &asked.draft, &asked.source)?.edition();
    let mut bench = Workbench::new(catalogue.atlas());
    knowledge::take(&asked.knowledge.tables, catalogue.atlas(), &mut bench, talk)?;
    knowledge::take_years(&asked.knowledge, &edition, &mut bench.facts)?;
    let settings = knowledge::settings(&asked.knowledge);
    let mut rules = knowledge::rules(&asked.kept, settings, &edition.hierarchy, &bench.units)?;
    let engine = ImpactEngine::new(&bench.graph, &bench.facts, &edition, &edition);
    rules.within = knowledge::within(&asked.within, &edition.hierarchy)?;
    let goals = goals(asked, &bench.facts)?;
    let search = SearchSettings {
        seed: asked.seed,
        tries: asked.tries,
        keep: asked.most.max(1),
        goals,
        ..SearchSettings::default()
    };
    let stop = on_interrupt();
    let (begun, mut told) = (Instant::now(), Instant::now());
    let outcome = propose(&engine, &rules, search, &mut |progress| {
        if told.elapsed() > TELL {
            told = Instant::now();
            talk.say(&both!(
                "{} / {} essais, propositions {}",
                "{} / {} tries, proposals {}",
                progress.tried,
                progress.tries,
                progress.proposals
            ));
        }
        let late = asked.seconds.is_some_and(|seconds| begun.elapsed().as_secs_f64() >= seconds);
        if late || stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let revisions: Vec<Revision> = (outcome.proposals.iter().enumerate())
        .map(|(place, proposal)| revision(asked, (place, proposal), &edition, &bench.units))
        .collect();
    if let Some(folder) = &asked.write {
        write(folder, &revisions)?;
        talk.say(&both!("{} fichiers dans {}", "{} files in {}", revisions.len(), folder.display()));
    }
    match asked.format {
        AnswerFormat::Json => json(&outcome, &revisions, &edition, out)?,
        AnswerFormat::Text => text(&outcome, &revisions, lang, out).map_err(CliError::Output)?,
    }
    Ok(if outcome.proposals.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What is aimed at; refused where nothing could come of it.
fn goals(asked: &ProposeArgs, facts: &UnitFacts) -> Result<Goals, CliError> {
    let list: Vec<Goal> = (asked.goals.iter())
        .map(|goal| match goal {
            GoalWord::InRange => Goal::InRange,
            GoalWord::NearestInstallation => Goal::NearestInstallation,
            GoalWord::MunicipalitiesWhole => Goal::MunicipalitiesWhole,
            GoalWord::Balance => Goal::Balance,
            GoalWord::FewestBrokenSeries => Goal::FewestBrokenSeries,
        })
        .collect();
    let goals = Goals::new(&list);
    let refused = |value: &str, french: &'static str, english: &'static str| CliError::BadValue {
        key: "--goal",
        value: value.to_owned(),
        expected: Words::new(french, english),
    };
    if !goals.ask_for_moves() {
        let (fr, en) = (
            "un autre but avec lui : ne rien déplacer ne rompt rien",
            "another goal beside it: moving nothing breaks nothing",
        );
        return Err(refused("fewest-broken-series", fr, en));
    }
    if goals.holds(Goal::MunicipalitiesWhole) && facts.municipalities.is_none() {
        let (fr, en) = (
            "les municipalités, par --municipalities ou --municipal-limits",
            "municipalities, by --municipalities or --municipal-limits",
        );
        return Err(refused("municipalities-whole", fr, en));
    }
    if goals.holds(Goal::NearestInstallation) && !facts.installations.iter().any(|known| known.is_clsc) {
        let (fr, en) =
            ("un atlas fait avec le registre des installations", "an atlas made with the register of installations");
        return Err(refused("nearest-installation", fr, en));
    }
    Ok(goals)
}

/// Set once the user interrupts; a second interruption ends the program.
fn on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let mut interruptions = 0_u32;
            while tokio::signal::ctrl_c().await.is_ok() {
                flag.store(true, Ordering::Relaxed);
                interruptions += 1;
                if interruptions > 1 {
                    std::process::exit(130);
                }
            }
        });
    });
    stop
}

fn revision(
    asked: &ProposeArgs,
    (place, proposal): (usize, &Proposal),
    edition: &Edition,
    units: &UnitIndex,
) -> Revision {
    let number = place + 1;
    Revision {
        id: format!("{}-proposition-{}-{number:02}", edition.header.id, asked.seed),
        label: format!("Proposition {number} : {} CLSC dans la fourchette", proposal.score.in_range),
        base: edition.header.id.clone(),
        valid_from: asked.valid_from.unwrap_or(edition.header.valid_from),
        official: false,
        reason: None,
        operations: vec![proposal.operation(units, &edition.hierarchy)],
    }
}

fn write(folder: &Path, revisions: &[Revision]) -> Result<(), CliError> {
    let failed = |source: std::io::Error| CliError::Export { path: folder.to_owned(), source: source.into() };
    std::fs::create_dir_all(folder).map_err(failed)?;
    for (number, revision) in (1..).zip(revisions) {
        crate::atlas::write(&folder.join(format!("proposition-{number:02}.toml")), revision.to_toml()?.as_bytes())?;
    }
    Ok(())
}

fn json(outcome: &Outcome, revisions: &[Revision], edition: &Edition, out: &mut dyn Write) -> Result<(), CliError> {
    let proposals: Vec<serde_json::Value> = (outcome.proposals.iter().zip(revisions))
        .map(|(proposal, revision)| serde_json::json!({ "score": proposal.score, "revision": revision }))
        .collect();
    let value = serde_json::json!({
        "edition": &edition.header,
        "today": outcome.today,
        "clsc_count": outcome.clsc_count,
        "tried": outcome.tried,
        "stopped": outcome.stopped,
        "forbidden": outcome.forbidden,
        "binding": outcome.binding,
        "proposals": proposals,
    });
    super::json(&value, out)
}

fn text(outcome: &Outcome, revisions: &[Revision], lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    let score = |score: &Score| {
        let cut = score.municipalities_cut.map_or("—".to_owned(), |cut| cut.to_string());
        let mut line = format!(
            "{:>10} {:>9} {:>9} {:>9} {:>9}",
            score.moved_people, score.in_range, score.upper_disturbed, cut, score.series_broken
        );
        for more in [score.people_not_nearest, score.imbalance].into_iter().flatten() {
            let _ = write!(line, " {more:>12}");
        }
        line
    };
    let more: Vec<&str> = [
        outcome.today.people_not_nearest.map(|_| say(lang, "loin du plus", "not nearest")),
        outcome.today.imbalance.map(|_| say(lang, "inégalité", "imbalance")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let more = more.iter().fold(String::new(), |mut text, head| {
        let _ = write!(text, " {head:>12}");
        text
    });
    writeln!(
        out,
        "{:<14}{:>10} {:>9} {:>9} {:>9} {:>9}{more}",
        "",
        say(lang, "personnes", "people"),
        say(lang, "en règle", "in range"),
        say(lang, "dérangés", "disturbed"),
        say(lang, "mun. part.", "mun. cut"),
        say(lang, "séries", "series")
    )?;
    writeln!(out, "{:<14}{}", say(lang, "aujourd'hui", "today"), score(&outcome.today))?;
    for (number, (proposal, revision)) in (1..).zip(outcome.proposals.iter().zip(revisions)) {
        let Some(crate::revision::Operation::MoveUnits { transfers }) = revision.operations.first() else { continue };
        let list: Vec<String> = transfers.iter().map(|to| format!("{} → {}", to.units.len(), to.to)).collect();
        let shown = if list.len() > 4 { format!("{}, …", list[..4].join(", ")) } else { list.join(", ") };
        let name = format!("{} {number}", say(lang, "proposition", "proposal"));
        writeln!(out, "{name:<14}{}  {shown}", score(&proposal.score))?;
    }
    if outcome.stopped {
        let words = say(lang, "arrêté : le meilleur jusque-là", "stopped: the best until then");
        writeln!(out, "{words} ({} {})", outcome.tried, say(lang, "essais", "tries"))?;
    }
    if outcome.proposals.is_empty() {
        let none = say(lang, "Rien ne fait mieux sous ces règles.", "Nothing does better under these rules.");
        writeln!(out, "{none}")?;
        for &rule in &outcome.binding {
            writeln!(out, "{} {}", say(lang, "Règle qui l'empêche :", "Rule that binds:"), rule_words(lang, rule))?;
        }
        if outcome.binding.is_empty() && !outcome.stopped {
            let words =
                say(lang, "Aucune règle levée seule n'y suffirait.", "Giving up any one rule alone would not do.");
            writeln!(out, "{words}")?;
        }
    }
    Ok(())
}

fn rule_words(lang: Language, rule: Rule) -> String {
    let kept = |level: Level| format!("--keep-{}", level.as_str());
    match rule {
        Rule::Locks => "--lock-clsc, --lock-unit".to_owned(),
        Rule::KeepRls => kept(Level::Rls),
        Rule::KeepRts => kept(Level::Rts),
        Rule::KeepRss => kept(Level::Rss),
        Rule::KeepRuisss => kept(Level::Ruisss),
        Rule::Within => "--within".to_owned(),
        Rule::KeepMunicipalities => "--keep-municipalities".to_owned(),
        Rule::KeepMrc => "--keep-mrc".to_owned(),
        Rule::MaxMovedPeople => "--max-moved-people".to_owned(),
        Rule::TotalCover => say(lang, "aucun CLSC vide", "no empty CLSC").to_owned(),
        Rule::Contiguity => say(lang, "contiguïté", "contiguity").to_owned(),
    }
}
