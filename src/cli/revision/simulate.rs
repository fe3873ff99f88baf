//! `rattache revision simulate`, `diff` and `export`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::args::{Columns, DiffArgs, ExportRevisionArgs, Knowledge, SimulateArgs};
use super::knowledge;
use crate::atlas::Atlas;
use crate::catalogue::{Catalogue, CatalogueEdition};
use crate::cli::CliError;
use crate::cli::args::{AnswerFormat, ListFormat, Source};
use crate::cli::words::Talk;
use crate::domain::{Edition, EditionChoice, Language, Words, both};
use crate::revision::{
    AssignmentColumns, ConcernKind, Dossier, Impact, ImpactEngine, MapSource, Maps, Workbench, concerns, state_digest,
    write_affected, write_assignment, write_difference,
};

/// Tells what a revision does; exit code 1 where a warning about it is not accepted.
pub fn simulate(
    asked: &SimulateArgs,
    lang: Language,
    out: &mut dyn Write,
    talk: &mut Talk<'_>,
) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = crate::cli::catalogue(atlas, asked.store.as_deref(), &asked.source)?;
    // What units lie in is known before the revision is read: it may name them so.
    let mut bench = workbench(catalogue.atlas(), &asked.knowledge, talk)?;
    catalogue.set_workbench(bench.clone());
    let known = catalogue.read_revision(&asked.file, asked.source.given().as_ref())?;
    talk.revision(&known);
    remember(&mut bench, &known.base, &asked.knowledge)?;
    let base = &*known.base.edition();
    let applied = known.apply(&catalogue)?;
    let settings = knowledge::settings(&asked.knowledge);
    let impact = Impact::between(&bench.graph, &bench.facts, &bench.units, (base, &applied.edition), settings);
    let kept = known.record.iter().flat_map(|record| &record.accepted);
    let accepted: Vec<ConcernKind> = asked.accept.iter().chain(kept).copied().collect();
    let warnings = concerns(base, &applied, (&bench.graph, &bench.units), &accepted);
    let mut dossier = Dossier::new(&known.revision, base, &applied, impact)
        .with_concerns(warnings)
        .among(bench.facts.people.iter().sum());
    dossier.record.clone_from(&known.record);
    dossier.digest = Some(state_digest(&applied.edition, &bench.units).as_str().to_owned());
    if let Some(path) = &asked.report {
        let source = MapSource {
            coverage: catalogue.atlas().coverage(),
            base,
            revised: &applied.edition,
            people: &bench.facts.people,
            installations: &bench.facts.installations,
        };
        let maps = Maps::draw(source, lang);
        let streets = catalogue.moved_streets(&dossier.impact, (base, &applied.edition));
        let page = dossier.clone().with_streets(streets).to_html(lang, maps.as_ref());
        crate::atlas::write(path, page.as_bytes())?;
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
    Ok(if dossier.is_accepted() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Compares two editions or revisions; exit code 1 where they differ, as `diff` does.
pub fn diff(asked: &DiffArgs, lang: Language, out: &mut dyn Write, talk: &mut Talk<'_>) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = crate::cli::catalogue(atlas, asked.store.as_deref(), &asked.source)?;
    let before_edition = side(&asked.before, &catalogue, &asked.source, talk)?;
    let after_edition = side(&asked.after, &catalogue, &asked.source, talk)?;
    let (before, after) = (&*before_edition.edition(), &*after_edition.edition());
    if asked.format == ListFormat::Csv {
        let mut table = Vec::new();
        write_difference(&mut table, before, after, catalogue.units(), AssignmentColumns::GeoIdZone)?;
        out.write_all(&table).map_err(CliError::Output)?;
        return Ok(difference(before, after));
    }
    let mut bench = workbench(catalogue.atlas(), &asked.knowledge, talk)?;
    remember(&mut bench, &before_edition, &asked.knowledge)?;
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

/// The units of an atlas with what the tables say of them.
fn workbench(atlas: &Atlas, asked: &Knowledge, talk: &mut Talk<'_>) -> Result<Workbench, CliError> {
    let mut bench = Workbench::new(atlas);
    knowledge::take(&asked.tables, atlas, &mut bench, talk)?;
    Ok(bench)
}

/// Takes in how often each unit was moved up to an edition, and the people of other years on it.
fn remember(bench: &mut Workbench, base: &CatalogueEdition, asked: &Knowledge) -> Result<(), CliError> {
    bench.remember(&base.line());
    knowledge::take_years(asked, &base.edition(), &mut bench.facts)
}

/// The edition of a name, or the one that a revision gives, by the name of its file.
fn side(text: &str, catalogue: &Catalogue, source: &Source, talk: &mut Talk<'_>) -> Result<CatalogueEdition, CliError> {
    let path = Path::new(text);
    if !path.is_file() {
        return Ok(catalogue.choose(&EditionChoice::named(text))?);
    }
    let read = catalogue.read_revision(path, source.given().as_ref())?;
    talk.revision(&read);
    Ok(read.carry_out(catalogue)?)
}

/// Writes a revision in another form.
pub fn export(asked: &ExportRevisionArgs, lang: Language, talk: &mut Talk<'_>) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = crate::cli::catalogue(atlas, asked.store.as_deref(), &asked.source)?;
    let known = catalogue.read_revision(&asked.file, asked.source.given().as_ref())?;
    talk.revision(&known);
    let units = catalogue.units();
    let applied = known.apply(&catalogue)?;
    let bytes = match asked.output.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => known.revision.to_toml()?.into_bytes(),
        Some("csv") => {
            let columns = match asked.columns {
                Columns::GeoId => AssignmentColumns::GeoIdZone,
                Columns::Dauid => AssignmentColumns::DauidClsc,
            };
            let mut table = Vec::new();
            if asked.changes {
                write_difference(&mut table, &known.base.edition(), &applied.edition, units, columns)?;
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
