//! Files of polygons and of identifiers by which revisions name units.

use std::path::Path;
use std::sync::Arc;

use crate::atlas::Atlas;
use crate::catalogue::within;
use crate::domain::{French, UnitId, Words};
use crate::import::{open_table, read_outlines};
use crate::revision::{Rings, UnitFiles};
use crate::tables::ReadOptions;
use crate::tables::codes::find_id;

/// Reads the files that a revision names.
#[derive(Debug)]
pub struct Files(pub Arc<Atlas>);

fn told(error: &impl French, file: &str) -> Words {
    Words::new(
        format!("le fichier « {file} » ne convient pas : {}", error.french()),
        format!("file \"{file}\" does not do: {error}"),
    )
}

impl UnitFiles for Files {
    fn inside(&self, file: &str) -> Result<Vec<u32>, Words> {
        let outlines = read_outlines(Path::new(file)).map_err(|error| told(&error, file))?;
        let degrees = crate::cli::overlay::in_degrees(&outlines.polygons, &outlines.crs, &outlines.file)
            .map_err(|error| told(&error, file))?;
        self.0.units_within(&degrees).map_err(|error| told(&error, file))
    }

    fn within(&self, rings: &Rings) -> Result<Vec<u32>, Words> {
        within(&self.0, rings)
    }

    fn listed(&self, file: &str) -> Result<Vec<UnitId>, Words> {
        let table = open_table(Path::new(file), &ReadOptions::default()).map_err(|error| told(&error, file))?;
        let known = |id: &str| self.0.find_unit(id).is_some();
        let named = table.unit_column(None, known).ok();
        let column = named.unwrap_or(0);
        let mut ids = Vec::new();
        // A list without a head begins with a unit.
        let head = table.column_names().get(column).map(|name| name.trim().to_owned()).unwrap_or_default();
        if named.is_none() && self.0.find_unit(&head).is_some() {
            ids.push(UnitId::new(&head));
        }
        table.for_each_row(|row| {
            let given = row.field(column);
            let found = find_id(given, |id| known(id).then(|| UnitId::new(id)));
            if !given.is_empty() {
                ids.push(found.map_or_else(|| UnitId::new(given), |(id, _)| id));
            }
        });
        Ok(ids)
    }
}
