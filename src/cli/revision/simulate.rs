//! `rattache revision simulate`, `diff` and `export`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::args::{Columns, DiffArgs, ExportRevisionArgs, Knowledge, SimulateArgs};
use super::shelf::{Shelf, last};
use super::{files, knowledge};
use crate::atlas::Atlas;
use crate::cli::CliError;
use crate::cli::args::{AnswerFormat, ListFormat, Source};
use crate::cli::words::Talk;
use crate::domain::{Edition, EditionChoice, Language, Words, both};
use crate::revision::{
    AssignmentColumns, Dossier, Impact, ImpactEngine, MapSource, Maps, Workbench, state_digest, write_affected,
    write_assignment, write_difference,
};

/// Tells what a revision does.
pub fn simulate(
    asked: &SimulateArgs,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut Talk<'_>,
) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let shelf = Shelf::open(&atlas, asked.store.as_deref())?;
    let known = files::read(&asked.file, &shelf, &asked.source)?;
    talk.mended(&known.findings);
    let bench = outfit(&atlas, &known.line, &asked.knowledge, talk)?;
    let base = known.base();
    let applied = known.apply(&asked.file, &shelf)?;
    let settings = knowledge::settings(&asked.knowledge);
    let impact = Impact::between(&bench.graph, &bench.facts, &bench.units, (base, &applied.edition), settings);
    let mut dossier = Dossier::new(&known.revision, &applied, impact);
    dossier.digest = Some(state_digest(&applied.edition, &bench.units).as_str().to_owned());
    if let Some(path) = &asked.report {
        let source = MapSource {
            coverage: atlas.coverage(),
            base,
            revised: &applied.edition,
            people: &bench.facts.people,
            installations: &bench.facts.installations,
        };
        let maps = Maps::draw(source, lang);
        crate::atlas::write(path, dossier.to_html(lang, maps.as_ref()).as_bytes())?;
        talk.say(&both!("{} écrit", "{} written", path.display()));
    }
    if let Some(path) = &asked.affected {
        let before = ImpactEngine::new(&bench.graph, &bench.facts, base, base);
        let after = ImpactEngine::new(&bench.graph, &bench.facts, base, &applied.edition);
        let mut table = Vec::new();
        write_affected(&mut table, &bench.units, &before, &after)?;
        crate::atlas::write(path, &table)?;
    }
    match asked.format {
        AnswerFormat::Json => super::json(&dossier.to_json(), out)?,
        AnswerFormat::Text => write!(out, "{}", dossier.to_text(lang)).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares two editions or revisions; exit code 1 where they differ, as `diff` does.
pub fn diff(asked: &DiffArgs, lang: Language, out: &mut dyn Write, talk: &mut Talk<'_>) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let shelf = Shelf::open(&atlas, asked.store.as_deref())?;
    let before_line = side(&asked.before, &shelf, &asked.source, talk)?;
    let after_line = side(&asked.after, &shelf, &asked.source, talk)?;
    let (before, after) = (last(&before_line), last(&after_line));
    if asked.format == ListFormat::Csv {
        let mut table = Vec::new();
        write_difference(&mut table, before, after, &shelf.units, AssignmentColumns::GeoIdZone)?;
        out.write_all(&table).map_err(CliError::Output)?;
        return Ok(difference(before, after));
    }
    let bench = outfit(&atlas, &before_line, &asked.knowledge, talk)?;
    let settings = knowledge::settings(&asked.knowledge);
    let impact = Impact::between(&bench.graph, &bench.facts, &bench.units, (before, after), settings);
    if asked.format == ListFormat::Json {
        super::json(&impact, out)?;
    } else {
        let text = impact.to_text(lang);
        writeln!(out, "{} → {}\n{text}", before.header.id, after.header.id).map_err(CliError::Output)?;
    }
    Ok(difference(before, after))
}

fn difference(before: &Edition, after: &Edition) -> ExitCode {
    let same = before.hierarchy == after.hierarchy && before.attachment == after.attachment;
    if same { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// The units of an atlas with what the tables say of them, and how often each was moved up to the last of a line of editions.
fn outfit(atlas: &Atlas, line: &[Edition], asked: &Knowledge, talk: &mut Talk<'_>) -> Result<Workbench, CliError> {
    let mut bench = Workbench::new(atlas);
    bench.remember(line);
    knowledge::take(&asked.tables, &bench.units, &mut bench.facts, talk)?;
    Ok(bench)
}

/// The editions up to one by identifier, or up to the one that a revision gives, by file name or identifier.
fn side(text: &str, shelf: &Shelf<'_>, source: &Source, talk: &mut Talk<'_>) -> Result<Vec<Edition>, CliError> {
    let path = Path::new(text);
    if !path.is_file() {
        return shelf.line(&EditionChoice::Id(text.to_owned()));
    }
    let mut known = files::read(path, shelf, source)?;
    talk.mended(&known.findings);
    let applied = known.apply(path, shelf)?;
    known.line.push(applied.edition);
    Ok(known.line)
}

/// Writes a revision in another form.
pub fn export(asked: &ExportRevisionArgs, lang: Language, talk: &mut Talk<'_>) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let shelf = Shelf::open(&atlas, asked.store.as_deref())?;
    let known = files::read(&asked.file, &shelf, &asked.source)?;
    talk.mended(&known.findings);
    let units = &shelf.units;
    let applied = known.apply(&asked.file, &shelf)?;
    let bytes = match asked.output.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => known.revision.to_toml()?.into_bytes(),
        Some("csv") => {
            let columns = match asked.columns {
                Columns::GeoId => AssignmentColumns::GeoIdZone,
                Columns::Dauid => AssignmentColumns::DauidClsc,
            };
            let mut table = Vec::new();
            if asked.changes {
                write_difference(&mut table, known.base(), &applied.edition, units, columns)?;
            } else {
                write_assignment(&mut table, &applied.edition, units, columns)?;
            }
            table
        }
        _ => {
            let value = asked.output.display().to_string();
            return Err(CliError::BadValue {
                key: "--output",
                value,
                expected: Words::new("un nom qui finit par .csv ou .toml", "a name that ends in .csv or .toml"),
            });
        }
    };
    crate::atlas::write(&asked.output, &bytes)?;
    Ok(ExitCode::SUCCESS)
}
