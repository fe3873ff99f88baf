//! Revision files: which edition they start from, and the edition they give.

use std::path::Path;

use super::args::Draft;
use super::kept;
use crate::atlas::{Atlas, EditionView};
use crate::cli::CliError;
use crate::cli::args::Source;
use crate::domain::{Edition, EditionChoice, Finding};
use crate::resolve::DraftEdition;
use crate::revision::{Assignment, AssignmentCoverage, Revision, RevisionError, UnitIndex, unit_index};

/// A revision that was read, with the edition it starts from.
pub struct Read<'a> {
    /// The revision.
    pub revision: Revision,
    /// Its base.
    pub base: EditionView<'a>,
    /// What was mended on the way.
    pub findings: Vec<Finding>,
}

/// Reads a revision: operations where the name ends in `.toml`, else an assignment table.
///
/// A list of operations names its base; a table starts from the edition that the flags mean, and its name becomes that of
/// the revision.
pub fn read<'a>(path: &Path, atlas: &'a Atlas, source: &Source) -> Result<Read<'a>, CliError> {
    let failed = |source: RevisionError| CliError::RevisionFile { path: path.to_owned(), source: Box::new(source) };
    let bytes = std::fs::read(path).map_err(|error| failed(error.into()))?;
    let asked = source.edition.is_some() || source.as_of.is_some();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        let text = String::from_utf8(bytes)
            .map_err(|error| failed(std::io::Error::new(std::io::ErrorKind::InvalidData, error).into()))?;
        let revision = Revision::from_toml(&text).map_err(failed)?;
        let choice = if asked { source.choice() } else { EditionChoice::Id(revision.base.clone()) };
        let base = atlas.choose(&choice)?;
        return Ok(Read { revision, base, findings: Vec::new() });
    }
    let base = atlas.choose(&source.choice())?;
    let (edition, units) = (base.to_edition(), unit_index(atlas));
    let coverage = AssignmentCoverage::Changes;
    let assignment = Assignment::read(bytes.as_slice(), &edition, &units, coverage).map_err(failed)?;
    let id = path.file_stem().map_or_else(|| "revision".into(), |stem| stem.to_string_lossy().into_owned());
    let revision = Revision {
        label: format!("Table d'affectation « {id} »"),
        id,
        base: base.header.id.clone(),
        valid_from: base.header.valid_from,
        official: false,
        reason: None,
        operations: assignment.operation(&edition, &units).into_iter().collect(),
    };
    Ok(Read { revision, base, findings: assignment.findings })
}

impl Read<'_> {
    /// Carries the revision out.
    pub fn apply(&self, path: &Path, units: &UnitIndex) -> Result<crate::revision::Applied, CliError> {
        let failed = |source| CliError::RevisionFile { path: path.to_owned(), source: Box::new(source) };
        self.revision.apply(&self.base.to_edition(), units).map_err(failed)
    }
}

/// The edition of `--revision FILE`, or of the store that is named; none where that of the atlas answers.
pub fn draft(asked: &Draft, atlas: &Atlas, source: &Source) -> Result<Option<DraftEdition>, CliError> {
    let edition = match (&asked.revision, &asked.store) {
        (None, None) => return Ok(None),
        (Some(id), Some(store)) if !id.is_file() => Some(kept::edition(store, &id.to_string_lossy(), atlas)?),
        (Some(path), _) => Some(read(path, atlas, source)?.apply(path, &unit_index(atlas))?.edition),
        (None, Some(store)) => kept::chosen(store, &source.choice(), atlas)?,
    };
    Ok(edition.map(|edition| DraftEdition::new(atlas, edition)))
}

/// The edition that a revision's file gives on an atlas: on the base it names, or on the latest edition for a table.
pub fn edition(path: &Path, atlas: &Atlas) -> Result<Edition, CliError> {
    let known = read(path, atlas, &Source::default())?;
    Ok(known.apply(path, &unit_index(atlas))?.edition)
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
