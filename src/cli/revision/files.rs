//! Revisions as commands name them: a file, or what a store keeps; the edition they start from and the one they give.

use std::path::Path;

use super::args::{Draft, UnitTables};
use super::choose;
use super::shelf::{Shelf, last};
use crate::atlas::{Atlas, EditionView};
use crate::cli::CliError;
use crate::cli::args::Source;
use crate::domain::{Edition, EditionChoice, Finding};
use crate::resolve::DraftEdition;
use crate::revision::{Applied, Assignment, AssignmentCoverage, Operation, Revision, RevisionError, Written};

/// A revision that was read, with the editions that lead to it.
pub struct Read {
    /// The revision.
    pub revision: Revision,
    /// The editions up to its base, which is the last.
    pub line: Vec<Edition>,
    /// What was mended on the way.
    pub findings: Vec<Finding>,
}

/// Reads a revision: of the store where the word is the identifier of one there, else operations where the name ends in
/// `.toml`, else an assignment table.
///
/// A stored revision and a list of operations name their base; a table starts from the edition that the flags mean, and its
/// name becomes that of the revision.
pub fn read(path: &Path, shelf: &Shelf<'_>, source: &Source) -> Result<Read, CliError> {
    read_knowing(path, shelf, source, None)
}

/// The same, where tables tell what units lie in.
pub fn read_knowing(
    path: &Path,
    shelf: &Shelf<'_>,
    source: &Source,
    tables: Option<&UnitTables>,
) -> Result<Read, CliError> {
    if let Some(scenario) = shelf.kept(path)? {
        let line = shelf.line(&EditionChoice::Id(scenario.base.clone()))?;
        return Ok(Read { revision: scenario.revision(), line, findings: Vec::new() });
    }
    if is_list(path) {
        let written = list(path)?;
        let asked = source.edition.is_some() || source.as_of.is_some();
        let base = written.base().unwrap_or_default().to_owned();
        let line = shelf.line(&if asked { source.choice() } else { EditionChoice::Id(base) })?;
        let revision = choose::revision(&written, path, last(&line), shelf, tables)?;
        return Ok(Read { revision, line, findings: Vec::new() });
    }
    let failed = |source: RevisionError| CliError::RevisionFile { path: path.to_owned(), source: Box::new(source) };
    let bytes = std::fs::read(path).map_err(|error| failed(error.into()))?;
    let line = shelf.line(&source.choice())?;
    let base = last(&line);
    let (operations, findings) = table(path, &bytes, base, shelf)?;
    let id = path.file_stem().map_or_else(|| "revision".into(), |stem| stem.to_string_lossy().into_owned());
    let revision = Revision {
        label: format!("Table d'affectation « {id} »"),
        id,
        base: base.header.id.clone(),
        valid_from: base.header.valid_from,
        official: false,
        reason: None,
        operations,
    };
    Ok(Read { revision, line, findings })
}

/// What an assignment table changes of an edition.
fn table(
    path: &Path,
    bytes: &[u8],
    edition: &Edition,
    shelf: &Shelf<'_>,
) -> Result<(Vec<Operation>, Vec<Finding>), CliError> {
    let failed = |source: RevisionError| CliError::RevisionFile { path: path.to_owned(), source: Box::new(source) };
    let assignment = Assignment::read(bytes, edition, &shelf.units, AssignmentCoverage::Changes).map_err(failed)?;
    Ok((assignment.operation(edition, &shelf.units).into_iter().collect(), assignment.findings))
}

/// The operations of a file, to be added to a revision that stands as an edition: those of a list, whatever its base, or
/// what an assignment table changes of the edition.
pub fn operations(
    path: &Path,
    edition: &Edition,
    shelf: &Shelf<'_>,
) -> Result<(Vec<Operation>, Vec<Finding>), CliError> {
    if is_list(path) {
        return Ok((choose::operations(&list(path)?, path, edition, shelf)?, Vec::new()));
    }
    let failed = |source: RevisionError| CliError::RevisionFile { path: path.to_owned(), source: Box::new(source) };
    table(path, &std::fs::read(path).map_err(|error| failed(error.into()))?, edition, shelf)
}

fn is_list(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// Reads a list of operations.
fn list(path: &Path) -> Result<Written, CliError> {
    let failed = |source: RevisionError| CliError::RevisionFile { path: path.to_owned(), source: Box::new(source) };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.into()))?;
    Written::of_toml(&text).map_err(failed)
}

impl Read {
    /// The edition that it starts from.
    pub fn base(&self) -> &Edition {
        last(&self.line)
    }

    /// Carries the revision out.
    pub fn apply(&self, path: &Path, shelf: &Shelf<'_>) -> Result<Applied, CliError> {
        let failed = |source| CliError::RevisionFile { path: path.to_owned(), source: Box::new(source) };
        self.revision.apply(self.base(), &shelf.units).map_err(failed)
    }
}

/// The edition of `--revision FILE`, or of the store that is named; none where that of the atlas answers.
pub fn draft(asked: &Draft, atlas: &Atlas, source: &Source) -> Result<Option<DraftEdition>, CliError> {
    if asked.revision.is_none() && asked.store.is_none() {
        return Ok(None);
    }
    let shelf = Shelf::open(atlas, asked.store.as_deref())?;
    let edition = match &asked.revision {
        Some(path) => read(path, &shelf, source)?.apply(path, &shelf)?.edition,
        None => match shelf.chosen(&source.choice())? {
            Some(_) => last(&shelf.line(&source.choice())?).clone(),
            None => return Ok(None),
        },
    };
    Ok(Some(DraftEdition::new(atlas, edition)))
}

/// The editions that the published revisions of the store give, where one is named.
pub fn published(asked: &Draft, atlas: &Atlas) -> Result<Vec<DraftEdition>, CliError> {
    let shelf = Shelf::open(atlas, asked.store.as_deref())?;
    let ids = shelf.published();
    let draft = |id: String| Ok(DraftEdition::new(atlas, last(&shelf.line(&EditionChoice::Id(id))?).clone()));
    ids.into_iter().map(draft).collect()
}

/// The edition that a revision gives on an atlas: on the base it names, or on the latest edition for a table.
pub fn edition(path: &Path, atlas: &Atlas, store: Option<&Path>) -> Result<Edition, CliError> {
    let shelf = Shelf::open(atlas, store)?;
    Ok(read(path, &shelf, &Source::default())?.apply(path, &shelf)?.edition)
}

/// The edition that flags mean: the draft where there is one, else that of the atlas.
pub fn view<'a>(
    atlas: &'a Atlas,
    draft: Option<&'a DraftEdition>,
    source: &Source,
) -> Result<EditionView<'a>, CliError> {
    match draft {
        Some(draft) => Ok(draft.view()),
        None => Ok(atlas.choose(&source.choice())?),
    }
}
