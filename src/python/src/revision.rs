//! What a revision of the territories does.

use std::path::PathBuf;

use pyo3::prelude::*;
use rattache::catalogue::csv_batch;
use rattache::domain::EditionChoice;
use rattache::revision::{CriteriaSettings, Dossier, Impact, ImpactEngine, Workbench, concerns, state_digest, write_affected};

use crate::atlas::{Atlas, json};
use crate::error::{foreign, told};
use crate::table::Table;

/// The effects of a revision (a file .toml or .csv) at every level: its dossier as a dictionary (what `rattache revision
/// simulate --format json` writes), and the units that change territory at any level as a table.
#[pyfunction]
#[pyo3(signature = (atlas, revision, *, base = None))]
pub fn simulate<'py>(
    py: Python<'py>,
    atlas: &Bound<'py, Atlas>,
    revision: PathBuf,
    base: Option<&str>,
) -> PyResult<(Bound<'py, PyAny>, Table)> {
    let catalogue = &atlas.get().catalogue;
    let base = base.map(EditionChoice::named);
    let done = py.detach(|| -> PyResult<_> {
        let known = catalogue.read_revision(&revision, base.as_ref()).map_err(|error| told(&error))?;
        let mut bench = Workbench::new(catalogue.atlas());
        bench.remember(&known.base.line());
        let edition = known.base.edition();
        let base = &*edition;
        let applied = known.apply(catalogue).map_err(|error| told(&error))?;
        let settings = CriteriaSettings::default();
        let impact = Impact::between(&bench.graph, &bench.facts, &bench.units, (base, &applied.edition), settings);
        let warnings = concerns(base, &applied, (&bench.graph, &bench.units), &[]);
        let mut dossier = Dossier::new(&known.revision, base, &applied, impact)
            .with_concerns(warnings)
            .among(bench.facts.people.iter().sum());
        dossier.digest = Some(state_digest(&applied.edition, &bench.units).as_str().to_owned());
        let before = ImpactEngine::new(&bench.graph, &bench.facts, base, base);
        let after = ImpactEngine::new(&bench.graph, &bench.facts, base, &applied.edition);
        let mut table = Vec::new();
        write_affected(&mut table, &bench.units, &before, &after).map_err(|error| told(&error))?;
        Ok((dossier.to_json(), csv_batch(&table).map_err(|error| foreign(&error))?))
    });
    let (dossier, affected) = done?;
    Ok((json(py, &dossier)?, Table::of_batch(affected)))
}
