//! The attributes of a file of polygons, or of Parquet, as a table.

use std::path::Path;

use super::super::ImportError;
use super::formats::{Open, Purpose, Wanted, choose};
use super::shapefile::Shapefile;
use crate::domain::{Finding, FindingKind, Severity, both};
use crate::tables::{ReadOptions, Table, TableError};

/// Opens a table, whatever holds it: what [`crate::tables`] reads, else the attributes of what files of polygons are read from
/// (`GeoPackage`, `FlatGeobuf`, shapefile, `GeoJSON`) and of Parquet, with or without shapes.
///
/// A sheet that is named names the layer of these.
///
/// # Errors
/// [`ImportError`] for what is none of these, or holds no row.
pub fn open_table(path: &Path, options: &ReadOptions<'_>) -> Result<Table, ImportError> {
    let refused = match Table::open_with(path, options) {
        Err(refused @ (TableError::NotATable { .. } | TableError::Zip { .. })) => refused,
        done => return Ok(done?),
    };
    attributes(path, options).map_err(|error| match error {
        // It is none of these either.
        ImportError::UnknownFormat { .. }
        | ImportError::NotRead { .. }
        | ImportError::NotGeoJson { .. }
        | ImportError::BadArchive { .. } => ImportError::Table(refused),
        error => error,
    })
}

fn attributes(path: &Path, options: &ReadOptions<'_>) -> Result<Table, ImportError> {
    let (package, format, layer) = choose(path, options.sheet, Purpose::Table)?;
    let open = match format.open {
        Open::Shapefile => return Ok(Table::of_dbf(Shapefile::open(&package, options.encoding)?.attributes, path)?),
        Open::Whole(open) => open,
    };
    let wanted = Wanted { layer: &layer, encoding: options.encoding, purpose: Purpose::Table };
    let opened = open(&package, wanted)?;
    let mut findings: Vec<Finding> = opened.note.into_iter().collect();
    if layer != package.stem() {
        let message = both!("la couche « {layer} » est lue", "layer \"{layer}\" is read");
        findings.push(Finding::new(Severity::Note, FindingKind::TableLayout, message).in_file(
            &package.file(),
            None,
            None,
        ));
    }
    Ok(Table::of_records(path, opened.held.columns, opened.held.rows, findings)?)
}

#[cfg(test)]
#[path = "attributes_tests.rs"]
mod tests;
