//! `rattache revision new`.

use std::io::Write;
use std::process::ExitCode;

use super::args::NewArgs;
use crate::cli::CliError;
use crate::cli::words::Talk;
use crate::domain::{EditionChoice, Language, Words, both};
use crate::revision::{FORMS, Template, examples, operations_help, template};

/// Writes a revision to start from.
pub fn run(asked: &NewArgs, lang: Language, out: &mut dyn Write, talk: &mut Talk<'_>) -> Result<ExitCode, CliError> {
    if asked.operations_list {
        out.write_all(operations_help(lang).as_bytes()).map_err(CliError::Output)?;
        return Ok(ExitCode::SUCCESS);
    }
    for word in &asked.operations {
        if !FORMS.iter().any(|form| form.word == word) {
            let known = FORMS.iter().map(|form| form.word).collect::<Vec<_>>();
            let expected = Words::new(
                format!("une opération : {}", known.join(", ")),
                format!("an operation: {}", known.join(", ")),
            );
            return Err(CliError::BadValue { key: "--operation", value: word.clone(), expected });
        }
    }
    let atlas = crate::cli::open(asked.source.atlas.as_deref(), lang)?;
    let catalogue = crate::cli::catalogue(atlas, asked.store.as_deref(), &asked.source)?;
    let base = catalogue.choose(&asked.source.given().unwrap_or(EditionChoice::Latest))?.edition();
    let bench = catalogue.workbench();
    let examples = examples(&base, &bench.units, &bench.graph);
    let text = template(
        &Template {
            id: &asked.id,
            label: &asked.label,
            base: &base.header.id,
            valid_from: asked.valid_from.unwrap_or(base.header.valid_from),
            operations: &asked.operations,
        },
        &examples,
        lang,
    )?;
    match &asked.output {
        Some(path) => {
            crate::atlas::write(path, text.as_bytes())?;
            talk.say(&both!("{} écrit", "{} written", path.display()));
        }
        None => out.write_all(text.as_bytes()).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}
