//! Revisions whose units are named by what they lie in, as the command line can tell.

use std::path::{Path, PathBuf};

use super::args::UnitTables;
use super::knowledge;
use super::shelf::Shelf;
use crate::atlas::Atlas;
use crate::cli::CliError;
use crate::cli::words::Talk;
use crate::domain::{Edition, French, Language, UnitId, Words};
use crate::geometry::overlay;
use crate::import::read_outlines;
use crate::revision::{Operation, Revision, UnitChooser, UnitFacts, UnitFiles, UnitIndex, Workbench, Written};
use crate::tables::Table;

/// Files that a revision names, beside it or where the command runs.
struct Files<'a> {
    atlas: &'a Atlas,
    units: &'a UnitIndex,
    folder: PathBuf,
}

impl Files<'_> {
    fn path(&self, file: &str) -> PathBuf {
        let beside = self.folder.join(file);
        if beside.exists() { beside } else { PathBuf::from(file) }
    }
}

fn told(error: &impl French, file: &str) -> Words {
    Words::new(
        format!("le fichier « {file} » ne convient pas : {}", error.french()),
        format!("file \"{file}\" does not do: {error}"),
    )
}

impl UnitFiles for Files<'_> {
    fn inside(&self, file: &str) -> Result<Vec<u32>, Words> {
        let outlines = read_outlines(&self.path(file), None).map_err(|error| told(&error, file))?;
        let degrees = crate::cli::overlay::in_degrees(&outlines.polygons, &outlines.crs, &outlines.file)
            .map_err(|error| told(&error, file))?;
        let common = overlay(&self.atlas.unit_polygons(), &degrees).map_err(|error| told(&error, file))?;
        let mut outside = vec![0.0; self.atlas.unit_count()];
        let mut touched = vec![false; self.atlas.unit_count()];
        for part in &common {
            match part.territory {
                Some(_) => touched[part.unit as usize] = true,
                None => outside[part.unit as usize] += part.area_m2,
            }
        }
        let areas = self.atlas.areas_m2();
        let inside = (0..self.atlas.unit_count()).filter(|&unit| touched[unit] && outside[unit] * 2.0 < areas[unit]);
        Ok(inside.map(|unit| unit as u32).collect())
    }

    fn listed(&self, file: &str) -> Result<Vec<UnitId>, Words> {
        let table = Table::open(&self.path(file), None).map_err(|error| told(&error, file))?;
        let named = knowledge::UNIT.iter().find_map(|name| table.column(name).ok());
        let column = named.unwrap_or(0);
        let mut ids = Vec::new();
        // A list without a head begins with a unit.
        let head = table.column_names().get(column).map(|name| name.trim().to_owned()).unwrap_or_default();
        if named.is_none() && self.units.find(&head).is_some() {
            ids.push(UnitId::new(&head));
        }
        for row in table.rows() {
            let row = row.map_err(|error| told(&error, file))?;
            let id = row.field(column).trim();
            if !id.is_empty() {
                ids.push(UnitId::new(id));
            }
        }
        Ok(ids)
    }
}

/// Calls `take` with what tells which units a text names; what is known of units is only laid out where it names any so.
fn choosing<T>(
    written: &Written,
    path: &Path,
    base: &Edition,
    shelf: &Shelf<'_>,
    tables: Option<&UnitTables>,
    take: impl FnOnce(&UnitChooser<'_>) -> Result<T, crate::revision::RevisionError>,
) -> Result<T, CliError> {
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let files = Files { atlas: shelf.atlas, units: &shelf.units, folder };
    let failed = |source| CliError::RevisionFile { path: path.to_owned(), source: Box::new(source) };
    if !written.selects() {
        return take(&UnitChooser::new(base, &shelf.units, &UnitFacts::default(), &files)).map_err(failed);
    }
    let mut bench = Workbench::new(shelf.atlas);
    if let Some(tables) = tables {
        knowledge::take(tables, shelf.atlas, &mut bench, &mut Talk::new(Language::French, &mut std::io::sink()))?;
    }
    take(&UnitChooser::new(base, &bench.units, &bench.facts, &files)).map_err(failed)
}

/// The revision that a text states on a base.
pub fn revision(
    written: &Written,
    path: &Path,
    base: &Edition,
    shelf: &Shelf<'_>,
    tables: Option<&UnitTables>,
) -> Result<Revision, CliError> {
    choosing(written, path, base, shelf, tables, |chooser| written.revision(chooser))
}

/// The operations that a text states on an edition.
pub fn operations(
    written: &Written,
    path: &Path,
    base: &Edition,
    shelf: &Shelf<'_>,
) -> Result<Vec<Operation>, CliError> {
    choosing(written, path, base, shelf, None, |chooser| written.operations(chooser))
}
