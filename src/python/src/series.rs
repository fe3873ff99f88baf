//! Statistical series: what still compares, and what it would have been.

use std::path::PathBuf;

use arrow_array::{RecordBatch, RecordBatchReader as _};
use pyo3::prelude::*;
use rattache::batch::csv_of;
use rattache::catalogue::{Comparison, bridge_batch, check_batch, parse_editions};
use rattache::domain::Level;
use rattache::series::{Basis, BridgeOptions, CheckOptions, KnownCodes, Measure, Table as Values, TableOptions};

use crate::atlas::{Atlas, weight_basis};
use crate::capsule;
use crate::error::{foreign, new, told};
use crate::options::today;
use crate::table::Table;

/// The bytes of a table of values, and what it is called in messages.
fn bytes_of(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<(Vec<u8>, String)> {
    if let Ok(bytes) = data.extract::<Vec<u8>>() {
        return Ok((bytes, "bytes".to_owned()));
    }
    if let Ok(path) = data.extract::<PathBuf>() {
        let bytes = std::fs::read(&path)?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return Ok((bytes, name));
    }
    let reader = capsule::reader_of(data)?;
    let schema = reader.schema();
    let batches = py.detach(|| reader.collect::<Result<Vec<RecordBatch>, _>>()).map_err(|error| foreign(&error))?;
    Ok((csv_of(&schema, &batches).map_err(|error| told(&error))?, "table".to_owned()))
}

/// How a table of values is asked about.
struct Asked<'q> {
    to: Option<&'q str>,
    editions: Option<&'q str>,
    level: Option<Level>,
    measure: Option<Measure>,
    basis: Basis,
    bridge: bool,
    rate_per: Option<f64>,
}

fn answer(atlas: &Atlas, (bytes, name): &(Vec<u8>, String), asked: &Asked<'_>) -> PyResult<RecordBatch> {
    let timetable = atlas.catalogue.timetable().map_err(|error| told(&error))?;
    let id = |name: &str| timetable.id_of(name).map_err(|error| told(&error));
    let mut list = asked.editions.map(parse_editions).transpose().map_err(|error| told(&error))?.unwrap_or_default();
    for name in list.names.iter_mut().chain(list.coded_in.values_mut()) {
        *name = id(name)?;
    }
    let target = asked.to.map(id).transpose()?;
    let list = list.with_target(target.as_deref());
    let setting = Comparison::new(&timetable, &list.names, asked.basis).map_err(|error| told(&error))?;
    let timeline = setting.timeline();
    let known = KnownCodes::of(timeline.editions.iter().map(|held| &held.edition.hierarchy));
    let options = TableOptions { level: asked.level, measure: asked.measure, known, ..TableOptions::default() };
    let table = Values::read(bytes, name, &options).map_err(|error| told(&error))?;
    let target = setting.target(&timeline, target.as_deref(), today()).map_err(|error| told(&error))?;
    let by_unit = table.cells.iter().any(|cell| cell.level == Level::Da).then_some(&table);
    let units = setting.units(&timeline, target);
    if asked.bridge {
        let options = BridgeOptions {
            coded_in: list.coded_in.clone(),
            by_unit,
            units,
            basis: asked.basis,
            rate_per: asked.rate_per,
            ..BridgeOptions::default()
        };
        let bridged =
            rattache::series::bridge(&table, &timeline, target, &options).map_err(|error| told(&error))?;
        return bridge_batch(&table, (&timeline, target), &bridged).map_err(|error| foreign(&error));
    }
    let options = CheckOptions { coded_in: list.coded_in.clone(), by_unit, units, ..CheckOptions::default() };
    let checked = rattache::series::check(&table, &timeline, target, &options).map_err(|error| told(&error))?;
    check_batch(&table, &checked).map_err(|error| foreign(&error))
}

fn measure_of(word: Option<&str>) -> PyResult<Option<Measure>> {
    match word {
        None => Ok(None),
        Some("count") => Ok(Some(Measure::Count)),
        Some("rate") => Ok(Some(Measure::Rate)),
        Some("median") => Ok(Some(Measure::Median)),
        Some(other) => Err(new(
            format!("measure « {other} » inconnu : count, rate ou median"),
            format!("unknown measure \"{other}\": expected count, rate or median"),
        )),
    }
}

/// A verdict for every value of a table: what `rattache series check --format csv` writes.
#[pyfunction]
#[pyo3(signature = (atlas, data, *, to = None, editions = None, level = None, measure = None))]
pub fn check(
    py: Python<'_>,
    atlas: &Bound<'_, Atlas>,
    data: &Bound<'_, PyAny>,
    to: Option<&str>,
    editions: Option<&str>,
    level: Option<&str>,
    measure: Option<&str>,
) -> PyResult<Table> {
    let bytes = bytes_of(py, data)?;
    let level = level.map(crate::options::level).transpose()?;
    let measure = measure_of(measure)?;
    let asked = Asked { to, editions, level, measure, basis: Basis::Population, bridge: false, rate_per: None };
    let atlas = atlas.get();
    py.detach(|| answer(atlas, &bytes, &asked)).map(Table::of_batch)
}

/// The values of a table on one edition, with an interval where they can only be estimated: what `rattache series bridge` writes.
#[pyfunction]
#[pyo3(signature = (atlas, data, *, to, editions = None, level = None, measure = None, weights = "population", rate_per = None))]
#[expect(clippy::too_many_arguments, reason = "Python has named arguments")]
pub fn bridge(
    py: Python<'_>,
    atlas: &Bound<'_, Atlas>,
    data: &Bound<'_, PyAny>,
    to: &str,
    editions: Option<&str>,
    level: Option<&str>,
    measure: Option<&str>,
    weights: &str,
    rate_per: Option<f64>,
) -> PyResult<Table> {
    if let Some(value) = rate_per.filter(|value| !value.is_finite() || *value <= 0.0) {
        return Err(new(
            format!("rate_per « {value} » doit être au-dessus de 0, par exemple 100000"),
            format!("rate_per \"{value}\" must be above 0, such as 100000"),
        ));
    }
    let bytes = bytes_of(py, data)?;
    let level = level.map(crate::options::level).transpose()?;
    let measure = measure_of(measure)?;
    let basis = weight_basis(weights)?;
    let asked = Asked { to: Some(to), editions, level, measure, basis, bridge: true, rate_per };
    let atlas = atlas.get();
    py.detach(|| answer(atlas, &bytes, &asked)).map(Table::of_batch)
}
