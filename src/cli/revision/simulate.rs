//! `rattache revision simulate`, `diff` and `export`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::args::{Columns, DiffArgs, ExportRevisionArgs, SimulateArgs};
use super::{files, knowledge, language};
use crate::atlas::{Atlas, EditionView};
use crate::cli::CliError;
use crate::cli::args::{AnswerFormat, Lang, ListFormat, Source};
use crate::domain::{Edition, EditionChoice, Finding};
use crate::revision::{
    AssignmentColumns, Dossier, Impact, ImpactEngine, MapSource, Maps, Workbench, state_digest, unit_index,
    write_affected, write_assignment, write_difference,
};

/// Tells what a revision does.
pub fn simulate(
    asked: &SimulateArgs,
    lang: Lang,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref())?;
    let known = files::read(&asked.file, &atlas, &asked.source)?;
    tell(&known.findings, talk);
    let mut bench = Workbench::new(&atlas);
    bench.remember(&atlas, known.base);
    knowledge::take(&asked.knowledge, &bench.units, &mut bench.facts, talk)?;
    let base = known.base.to_edition();
    let applied = known.apply(&asked.file, &bench.units)?;
    let settings = knowledge::settings(&asked.knowledge);
    let impact = Impact::between(&bench.graph, &bench.facts, &bench.units, (&base, &applied.edition), settings);
    let mut dossier = Dossier::new(&known.revision, &applied, impact);
    dossier.digest = Some(state_digest(&applied.edition, &bench.units).as_str().to_owned());
    if let Some(path) = &asked.report {
        let source = MapSource {
            coverage: atlas.coverage(),
            base: &base,
            revised: &applied.edition,
            people: &bench.facts.people,
            installations: &bench.facts.installations,
        };
        let maps = Maps::draw(source, language(lang));
        crate::atlas::write(path, dossier.to_html(language(lang), maps.as_ref()).as_bytes())?;
        writeln!(talk, "{} written", path.display()).ok();
    }
    if let Some(path) = &asked.affected {
        let before = ImpactEngine::new(&bench.graph, &bench.facts, &base, &base);
        let after = ImpactEngine::new(&bench.graph, &bench.facts, &base, &applied.edition);
        let mut table = Vec::new();
        write_affected(&mut table, &bench.units, &before, &after)?;
        crate::atlas::write(path, &table)?;
    }
    match asked.format {
        AnswerFormat::Json => super::json(&dossier.to_json(), out)?,
        AnswerFormat::Text => write!(out, "{}", dossier.to_text(language(lang))).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares two editions or revisions; exit code 1 where they differ, as `diff` does.
pub fn diff(asked: &DiffArgs, lang: Lang, out: &mut dyn Write, talk: &mut dyn Write) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref())?;
    let (before, _) = side(&asked.before, &atlas, &asked.source, talk)?;
    let (after, _) = side(&asked.after, &atlas, &asked.source, talk)?;
    if asked.format == ListFormat::Csv {
        let mut table = Vec::new();
        write_difference(&mut table, &before, &after, &unit_index(&atlas), AssignmentColumns::GeoIdZone)?;
        out.write_all(&table).map_err(CliError::Output)?;
        return Ok(difference(&before, &after));
    }
    let mut bench = Workbench::new(&atlas);
    knowledge::take(&asked.knowledge, &bench.units, &mut bench.facts, talk)?;
    let settings = knowledge::settings(&asked.knowledge);
    let impact = Impact::between(&bench.graph, &bench.facts, &bench.units, (&before, &after), settings);
    if asked.format == ListFormat::Json {
        super::json(&impact, out)?;
    } else {
        let text = impact.to_text(language(lang));
        writeln!(out, "{} → {}\n{text}", before.header.id, after.header.id).map_err(CliError::Output)?;
    }
    Ok(difference(&before, &after))
}

fn difference(before: &Edition, after: &Edition) -> ExitCode {
    let same = before.hierarchy == after.hierarchy && before.attachment == after.attachment;
    if same { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// An edition by identifier, or a revision by file name.
fn side<'a>(
    text: &str,
    atlas: &'a Atlas,
    source: &Source,
    talk: &mut dyn Write,
) -> Result<(Edition, EditionView<'a>), CliError> {
    let path = Path::new(text);
    if path.is_file() {
        let known = files::read(path, atlas, source)?;
        tell(&known.findings, talk);
        let applied = known.apply(path, &unit_index(atlas))?;
        return Ok((applied.edition, known.base));
    }
    let view = atlas.choose(&EditionChoice::Id(text.to_owned()))?;
    Ok((view.to_edition(), view))
}

/// Writes a revision in another form.
pub fn export(asked: &ExportRevisionArgs, talk: &mut dyn Write) -> Result<ExitCode, CliError> {
    let atlas = crate::cli::open(asked.source.atlas.as_deref())?;
    let known = files::read(&asked.file, &atlas, &asked.source)?;
    tell(&known.findings, talk);
    let units = unit_index(&atlas);
    let applied = known.apply(&asked.file, &units)?;
    let bytes = match asked.output.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => known.revision.to_toml()?.into_bytes(),
        Some("csv") => {
            let columns = match asked.columns {
                Columns::GeoId => AssignmentColumns::GeoIdZone,
                Columns::Dauid => AssignmentColumns::DauidClsc,
            };
            let mut table = Vec::new();
            if asked.changes {
                write_difference(&mut table, &known.base.to_edition(), &applied.edition, &units, columns)?;
            } else {
                write_assignment(&mut table, &applied.edition, &units, columns)?;
            }
            table
        }
        _ => {
            let value = asked.output.display().to_string();
            return Err(CliError::BadValue { key: "--output", value, expected: "a name that ends in .csv or .toml" });
        }
    };
    crate::atlas::write(&asked.output, &bytes)?;
    Ok(ExitCode::SUCCESS)
}

fn tell(findings: &[Finding], talk: &mut dyn Write) {
    for finding in findings {
        writeln!(talk, "mended: {}", finding.message).ok();
    }
}
