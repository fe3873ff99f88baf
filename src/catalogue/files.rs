//! Revisions as people hand them in: the name of a file, or the identifier of one that the store keeps.

use std::path::{Path, PathBuf};

use super::{Catalogue, CatalogueEdition, CatalogueError};
use crate::atlas::Atlas;
use crate::domain::{Edition, EditionChoice, Finding, French as _, UnitId, Words};
use crate::geometry::UnitPolygons;
use crate::revision::{
    Applied, Assignment, AssignmentCoverage, NoFiles, Operation, Record, Revision, RevisionError, Rings, UnitChooser,
    UnitFiles, Written,
};
use crate::tables::{ColumnsUsed, read_text};

/// A revision that was read, with the edition that it starts from.
#[derive(Debug, Clone)]
pub struct ReadRevision {
    /// Where it was read from, or its identifier in the store.
    pub path: PathBuf,
    /// The revision.
    pub revision: Revision,
    /// The edition that it starts from.
    pub base: CatalogueEdition,
    /// What was mended on the way.
    pub findings: Vec<Finding>,
    /// Which columns were used, where it is an assignment table.
    pub columns: Option<ColumnsUsed>,
    /// What the store keeps of it beside its operations.
    pub record: Option<Record>,
}

/// Operations that were read from a file.
#[derive(Debug, Clone)]
pub struct ReadOperations {
    /// The operations.
    pub operations: Vec<Operation>,
    /// What was mended on the way.
    pub findings: Vec<Finding>,
    /// Which columns were used, where it is an assignment table.
    pub columns: Option<ColumnsUsed>,
}

/// Units of an atlas of which more than half lies in polygons that a revision writes out.
///
/// # Errors
/// Why the polygons can not be used, in both languages.
pub fn within(atlas: &Atlas, rings: &Rings) -> Result<Vec<u32>, Words> {
    let mut outlines = UnitPolygons::default();
    let place = outlines.push_unit("polygon");
    for ring in rings {
        outlines.push_ring(place, ring.iter().copied());
    }
    atlas.units_within(&outlines).map_err(|error| {
        Words::new(
            format!("le polygone ne convient pas : {}", error.french()),
            format!("the polygon does not do: {error}"),
        )
    })
}

/// What names units where no file may be read, as over HTTP: polygons that are written out, and nothing else.
#[derive(Debug)]
struct NoFilesOf<'a>(&'a Atlas);

impl UnitFiles for NoFilesOf<'_> {
    fn inside(&self, file: &str) -> Result<Vec<u32>, Words> {
        NoFiles.inside(file)
    }

    fn within(&self, rings: &Rings) -> Result<Vec<u32>, Words> {
        within(self.0, rings)
    }

    fn listed(&self, file: &str) -> Result<Vec<UnitId>, Words> {
        NoFiles.listed(file)
    }
}

/// Files named in a revision: beside it where they stand there, else where the program runs.
#[derive(Debug)]
struct Beside<'a> {
    files: &'a dyn UnitFiles,
    folder: Option<&'a Path>,
}

impl Beside<'_> {
    fn path(&self, file: &str) -> String {
        let beside = self.folder.map(|folder| folder.join(file)).filter(|path| path.exists());
        beside.map_or_else(|| file.to_owned(), |path| path.to_string_lossy().into_owned())
    }
}

impl UnitFiles for Beside<'_> {
    fn inside(&self, file: &str) -> Result<Vec<u32>, Words> {
        self.files.inside(&self.path(file))
    }

    fn within(&self, rings: &Rings) -> Result<Vec<u32>, Words> {
        self.files.within(rings)
    }

    fn listed(&self, file: &str) -> Result<Vec<UnitId>, Words> {
        self.files.listed(&self.path(file))
    }
}

impl ReadRevision {
    /// Carries the revision out.
    ///
    /// # Errors
    /// [`CatalogueError::File`] with the reason.
    pub fn apply(&self, catalogue: &Catalogue) -> Result<Applied, CatalogueError> {
        self.revision.apply(&self.base.edition(), catalogue.units()).map_err(|source| in_file(&self.path, source))
    }

    /// The edition that it gives.
    ///
    /// # Errors
    /// [`CatalogueError::File`] with the reason.
    pub fn carry_out(&self, catalogue: &Catalogue) -> Result<CatalogueEdition, CatalogueError> {
        catalogue.carry_out(&self.base, &self.revision).map_err(|error| match error {
            CatalogueError::Revision(source) => in_file(&self.path, source),
            other => other,
        })
    }
}

fn in_file(path: &Path, source: RevisionError) -> CatalogueError {
    CatalogueError::File { path: path.to_owned(), source: Box::new(source) }
}

fn is_list(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// Reads a list of operations.
fn list(path: &Path) -> Result<Written, CatalogueError> {
    let text = read_text(path).map_err(|error| in_file(path, error.into()))?;
    Written::of_toml(&text).map_err(|error| in_file(path, error))
}

impl Catalogue {
    /// Reads a revision: operations where the name ends in `.toml`, else an assignment table; or the revision that the store
    /// keeps, where the word is no file.
    ///
    /// A stored revision and a list of operations name their base, which `base` overrides for a list. A table starts from
    /// `base`, the newest edition where that is not given, and the name of the file becomes that of the revision.
    ///
    /// # Errors
    /// [`CatalogueError::File`] for what is no revision, and as [`Timetable::choose`](super::Timetable::choose).
    pub fn read_revision(&self, path: &Path, base: Option<&EditionChoice>) -> Result<ReadRevision, CatalogueError> {
        let timetable = self.timetable()?;
        #[cfg(feature = "store")]
        if let Some(kept) = self.kept().filter(|_| !path.is_file()) {
            let scenario = kept.store().read(&path.to_string_lossy())?;
            let base = timetable.choose(&EditionChoice::Id(scenario.base.clone()))?;
            let (revision, record) = (scenario.revision(), Some(scenario.record()));
            return Ok(ReadRevision {
                path: path.to_owned(),
                revision,
                base,
                findings: Vec::new(),
                columns: None,
                record,
            });
        }
        if is_list(path) {
            let written = list(path)?;
            let own = EditionChoice::Id(written.base().unwrap_or_default().to_owned());
            let base = timetable.choose(base.unwrap_or(&own))?;
            let revision = self.choosing(&written, path, &base.edition(), |chooser| written.revision(chooser))?;
            let path = path.to_owned();
            return Ok(ReadRevision { path, revision, base, findings: Vec::new(), columns: None, record: None });
        }
        let base = timetable.choose(base.unwrap_or(&EditionChoice::Latest))?;
        let edition = base.edition();
        let ReadOperations { operations, findings, columns } = self.table(path, &edition)?;
        let id = path.file_stem().map_or_else(|| "revision".into(), |stem| stem.to_string_lossy().into_owned());
        let revision = Revision {
            label: format!("Table d'affectation « {id} »"),
            id,
            base: edition.header.id.clone(),
            valid_from: edition.header.valid_from,
            official: false,
            reason: None,
            operations,
        };
        Ok(ReadRevision { path: path.to_owned(), revision, base, findings, columns, record: None })
    }

    /// The operations of a file, to be added to a revision that stands as an edition: those of a list, whatever its base, or
    /// what an assignment table changes of the edition.
    ///
    /// # Errors
    /// [`CatalogueError::File`].
    pub fn read_operations(&self, path: &Path, edition: &Edition) -> Result<ReadOperations, CatalogueError> {
        if !is_list(path) {
            return self.table(path, edition);
        }
        let written = list(path)?;
        let operations = self.choosing(&written, path, edition, |chooser| written.operations(chooser))?;
        Ok(ReadOperations { operations, findings: Vec::new(), columns: None })
    }

    /// The operations that a body writes on an edition; it may name no file.
    ///
    /// # Errors
    /// [`RevisionError::Written`] with every fault.
    pub fn written_operations(
        &self,
        written: &serde_json::Value,
        base: &Edition,
    ) -> Result<Vec<Operation>, RevisionError> {
        let written = Written::of_operations(written)?;
        if !written.selects() {
            return written.operations(&UnitChooser::nothing());
        }
        let (bench, files) = (self.workbench(), NoFilesOf(self.atlas()));
        written.operations(&UnitChooser::new(base, &bench.units, &bench.facts, &files))
    }

    /// Calls `take` with what tells which units a text names; what is known of units is laid out only where it names any by
    /// what they lie in.
    fn choosing<T>(
        &self,
        written: &Written,
        path: &Path,
        base: &Edition,
        take: impl FnOnce(&UnitChooser<'_>) -> Result<T, RevisionError>,
    ) -> Result<T, CatalogueError> {
        let beside = Beside { files: &*self.unit_files, folder: path.parent() };
        let taken = if written.selects() {
            let bench = self.workbench();
            take(&UnitChooser::new(base, &bench.units, &bench.facts, &beside))
        } else {
            take(&UnitChooser::nothing())
        };
        taken.map_err(|error| in_file(path, error))
    }

    /// What an assignment table changes of an edition.
    fn table(&self, path: &Path, edition: &Edition) -> Result<ReadOperations, CatalogueError> {
        let bytes = std::fs::read(path).map_err(|error| in_file(path, error.into()))?;
        let coverage = AssignmentCoverage::Changes;
        let assignment = Assignment::of_bytes(bytes, path, &self.assignment_columns, (edition, self.units()), coverage)
            .map_err(|error| in_file(path, error))?;
        let operations = assignment.operation(edition, self.units()).into_iter().collect();
        Ok(ReadOperations { operations, findings: assignment.findings, columns: Some(assignment.columns) })
    }
}
