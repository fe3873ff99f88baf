//! An atlas, and what is asked of it.

use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, Float64Array, Int64Array, RecordBatch, RecordBatchReader as _, StringArray};
use arrow_schema::{DataType, Field, Schema};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use rattache::batch::{Attacher, BatchError, NamedColumns, Options, Status, Tally};
use rattache::catalogue::{Catalogue, Comparison, EditionSet, crosswalk_batch};
use rattache::domain::{Level, LonLat};
use rattache::geometry::FixedPoint;
use rattache::geometry::wkb::multi_polygon;
use rattache::resolve::{Basis as PlaceBasis, Named, Place, outlines};
use rattache::series::{Basis, Crosswalk};

use crate::capsule;
use crate::error::{foreign, new, told};
use crate::options::choice;
use crate::table::Table;

/// An atlas: what answers questions.
#[pyclass(module = "rattache", frozen)]
pub struct Atlas {
    pub catalogue: Catalogue,
    path: Option<PathBuf>,
}

impl Atlas {
    fn new(atlas: rattache::atlas::Atlas, path: Option<PathBuf>) -> Self {
        Self { catalogue: Catalogue::new(atlas), path }
    }
}

#[pymethods]
impl Atlas {
    /// Opens an atlas that `rattache atlas build` made.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let atlas = py.detach(|| rattache::atlas::Atlas::load(&path)).map_err(|error| told(&error))?;
        Ok(Self::new(atlas, Some(path)))
    }

    /// The embedded model of Québec: its limits are imaginary. Made once, which takes seconds, and kept in the user's cache.
    #[staticmethod]
    fn demo(py: Python<'_>) -> PyResult<Self> {
        let made = py.detach(|| {
            let folder = rattache::demo::cache_folder(|name| std::env::var_os(name));
            rattache::demo::open(folder.as_deref(), rattache::atlas::Atlas::load, || ())
        });
        Ok(Self::new(made.map_err(|error| told(&error))?, None))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (py, class) = (slf.py(), slf.get_type());
        match &slf.get().path {
            Some(path) => Ok((class.getattr("open")?, (path.clone(),).into_pyobject(py)?.into_any())),
            None => Ok((class.getattr("demo")?, ().into_pyobject(py)?.into_any())),
        }
    }

    fn __repr__(&self) -> String {
        let name = self.path.as_ref().map_or_else(|| "demo".to_owned(), |path| path.display().to_string());
        let ids: Vec<&str> = self.catalogue.atlas().editions().map(|edition| edition.header.id.as_str()).collect();
        format!("<rattache.Atlas {name}: {}>", ids.join(", "))
    }

    /// Where it was opened; None for the demo.
    #[getter]
    fn path(&self) -> Option<PathBuf> {
        self.path.clone()
    }

    /// Whether it answers addresses and postal codes.
    #[getter]
    fn has_addresses(&self) -> bool {
        self.catalogue.atlas().gazetteer().is_some()
    }

    /// Its editions, in order of date: a list of dictionaries with id, label, official and valid_from.
    #[getter]
    fn editions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let headers: Vec<_> = self.catalogue.atlas().editions().map(|edition| edition.header).collect();
        json(py, &headers)
    }

    /// Adds the territory of every row, or the reason why it has none. See the page on Python for what each argument means.
    #[pyo3(signature = (data, *, lat = None, lon = None, address = None, street = None, city = None, province = None,
        postal_code = None, as_of_column = None, as_of = None, edition = None, columns = None, uncertainty_m = None,
        fill_ambiguous = false, trust_coordinates = false, dictionaries = true, workers = None))]
    #[expect(clippy::too_many_arguments, reason = "Python has named arguments")]
    fn attach(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        lat: Option<String>,
        lon: Option<String>,
        address: Option<String>,
        street: Option<String>,
        city: Option<String>,
        province: Option<String>,
        postal_code: Option<String>,
        as_of_column: Option<String>,
        as_of: Option<&Bound<'_, PyAny>>,
        edition: Option<&str>,
        columns: Option<&Bound<'_, PyAny>>,
        uncertainty_m: Option<f64>,
        fill_ambiguous: bool,
        trust_coordinates: bool,
        dictionaries: bool,
        workers: Option<usize>,
    ) -> PyResult<Table> {
        if as_of_column.is_some() && (as_of.is_some() || edition.is_some()) {
            return Err(new(
                "« as_of_column » donne déjà l'édition de chaque ligne : retirez « as_of » ou « edition »".to_owned(),
                "\"as_of_column\" names the edition row by row: remove \"as_of\" or \"edition\"".to_owned(),
            ));
        }
        let by_day = as_of_column.is_some();
        let chosen = choice(edition, as_of)?;
        let options = Options {
            columns: crate::options::columns(columns)?,
            named: NamedColumns {
                lat,
                lon,
                address,
                street,
                city,
                province,
                postal_code,
                as_of: as_of_column,
                ..NamedColumns::default()
            },
            uncertainty_m,
            fill_ambiguous,
            trust_points: trust_coordinates,
            ..Options::default()
        };
        let reader = capsule::reader_of(data)?;
        let threads = crate::options::workers(workers);
        let answered = py.detach(|| -> Result<(Table, Tally), PyErr> {
            let timetable = self.catalogue.timetable().map_err(|error| told(&error))?;
            let editions: EditionSet = if by_day { timetable.for_days() } else { timetable.for_rows(&chosen) }
                .map_err(|error| told(&error))?;
            let failed = |error: BatchError| told(&error);
            let attacher =
                Attacher::open(&editions, &reader.schema(), &options, !dictionaries, &|_| None).map_err(failed)?;
            let mut batches = Vec::new();
            let tally = attacher
                .run(reader, threads, |batch| {
                    batches.push(batch);
                    Ok(())
                })
                .map_err(failed)?;
            Ok((Table::new(attacher.schema().clone(), batches), tally))
        });
        let (table, tally) = answered?;
        let summary = PyDict::new(py);
        summary.set_item("rows", tally.rows)?;
        for status in Status::ALL {
            if tally.count(*status) > 0 {
                summary.set_item(status.word(), tally.count(*status))?;
            }
        }
        Ok(table.with_summary(summary.into_any().unbind()))
    }

    /// The answer to one question, as a dictionary: what `rattache resolve --format json` writes.
    #[pyo3(signature = (*, lat = None, lon = None, address = None, postal_code = None, installation = None, as_of = None,
        edition = None, uncertainty_m = None, basis = None))]
    #[expect(clippy::too_many_arguments, reason = "Python has named arguments")]
    fn resolve<'py>(
        &self,
        py: Python<'py>,
        lat: Option<f64>,
        lon: Option<f64>,
        address: Option<String>,
        postal_code: Option<String>,
        installation: Option<String>,
        as_of: Option<&Bound<'_, PyAny>>,
        edition: Option<&str>,
        uncertainty_m: Option<f64>,
        basis: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let place = match (lat, lon, address, postal_code, installation) {
            (Some(lat), Some(lon), None, None, None) => {
                Place::Position(LonLat::new(lon, lat).map_err(|error| told(&error))?)
            }
            (None, None, Some(text), None, None) => Place::Address(text),
            (None, None, None, Some(text), None) => Place::PostalCode(text),
            (None, None, None, None, Some(code)) => Place::Installation(code),
            _ => {
                return Err(new(
                    "un lieu est attendu : lat et lon, ou address, ou postal_code, ou installation".to_owned(),
                    "expected one place: lat and lon, or address, or postal_code, or installation".to_owned(),
                ));
            }
        };
        let basis = basis.map(str::parse::<PlaceBasis>).transpose().map_err(|error| told(&error))?;
        let held = self.catalogue.choose(&choice(edition, as_of)?).map_err(|error| told(&error))?;
        let resolver = held.resolver();
        let answer = py.detach(|| resolver.resolve_place(&place, basis, uncertainty_m));
        json(py, &answer.map_err(|error| told(&error))?)
    }

    /// The territories of a level ("da", "clsc", "rls", "rts", "rss", "ruisss"), with their outlines (GeoArrow, well-known binary)
    /// unless geometry is False.
    #[pyo3(signature = (level = "clsc", *, edition = None, as_of = None, geometry = true))]
    fn territories(
        &self,
        py: Python<'_>,
        level: &str,
        edition: Option<&str>,
        as_of: Option<&Bound<'_, PyAny>>,
        geometry: bool,
    ) -> PyResult<Table> {
        let level = crate::options::level(level)?;
        let held = self.catalogue.choose(&choice(edition, as_of)?).map_err(|error| told(&error))?;
        let atlas = self.catalogue.atlas();
        let table = py.detach(|| {
            let view = held.view();
            let mut columns: Vec<(Field, ArrayRef)> = if level == Level::Da {
                let kind = atlas.manifest().unit_kind;
                let units = 0..atlas.unit_count();
                let resolver = held.resolver();
                let lineage = |unit: usize| resolver.lineage(view.clsc_of_unit[unit]);
                vec![
                    text("code", units.clone().map(|unit| Some(kind.dissemination_area(atlas.unit_id(unit)).to_owned()))),
                    text("clsc", units.clone().map(|unit| Some(lineage(unit).clsc.code.to_owned()))),
                    text("rls", units.clone().map(|unit| Some(lineage(unit).rls.code.to_owned()))),
                    text("rts", units.clone().map(|unit| Some(lineage(unit).rts.code.to_owned()))),
                    text("rss", units.clone().map(|unit| Some(lineage(unit).rss.code.to_owned()))),
                    text("ruisss", units.clone().map(|unit| Some(lineage(unit).ruisss.code.to_owned()))),
                    whole("population", units.clone().map(|unit| atlas.people(unit).map(i64::from))),
                    number("area_km2", units.map(|unit| Some((atlas.areas_m2()[unit] / 10.0).round() / 1e5))),
                ]
            } else {
                let all: Vec<_> = held.table().details(view, level).collect();
                let codes = |list: &[Named<'_>]| {
                    let codes: Vec<&str> = list.iter().map(|named| named.code).collect();
                    (!codes.is_empty()).then(|| codes.join(" "))
                };
                vec![
                    text("code", all.iter().map(|one| Some(one.code.to_owned()))),
                    text("name", all.iter().map(|one| Some(one.name.to_owned()))),
                    text("rls", all.iter().map(|one| codes(&one.parents.rls))),
                    text("rts", all.iter().map(|one| codes(&one.parents.rts))),
                    text("rss", all.iter().map(|one| codes(&one.parents.rss))),
                    text("ruisss", all.iter().map(|one| codes(&one.parents.ruisss))),
                    whole("population", all.iter().map(|one| one.population.and_then(|count| i64::try_from(count).ok()))),
                    whole("units", all.iter().map(|one| i64::try_from(one.units).ok())),
                    whole("clsc_count", all.iter().map(|one| i64::try_from(one.clsc_count).ok())),
                    number("area_km2", all.iter().map(|one| Some(one.area_km2))),
                ]
            };
            if geometry {
                let round = |degrees: f64| (degrees * 1e8).round() / 1e8;
                let ring = |ring: &Vec<FixedPoint>| -> Vec<[f64; 2]> {
                    ring.iter().map(|point| [round(point.lon()), round(point.lat())]).collect()
                };
                let shapes = outlines(atlas, view, level).into_iter().map(|outline| {
                    let polygons: Vec<Vec<Vec<[f64; 2]>>> = outline
                        .iter()
                        .map(|polygon| std::iter::once(&polygon.shell).chain(&polygon.holes).map(ring).collect())
                        .collect();
                    (!polygons.is_empty()).then(|| multi_polygon(&polygons))
                });
                let about = [("ARROW:extension:name", "geoarrow.wkb"), ("ARROW:extension:metadata", r#"{"crs":"OGC:CRS84"}"#)];
                let about = about.map(|(key, value)| (key.to_owned(), value.to_owned()));
                let field = Field::new("geometry", DataType::Binary, true).with_metadata(about.into());
                columns.push((field, Arc::new(BinaryArray::from_iter(shapes))));
            }
            let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
            RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        });
        Ok(Table::of_batch(table.map_err(|error| foreign(&error))?))
    }

    /// Weighted pairs between the territories of two editions: from_code, to_code, weight, population, area_m2, quality.
    #[pyo3(signature = (from_edition, to_edition, *, level = "clsc", weights = "population"))]
    fn crosswalk(
        &self,
        py: Python<'_>,
        from_edition: &str,
        to_edition: &str,
        level: &str,
        weights: &str,
    ) -> PyResult<Table> {
        let (level, basis) = (crate::options::level(level)?, weight_basis(weights)?);
        let made = py.detach(|| -> Result<RecordBatch, PyErr> {
            let timetable = self.catalogue.timetable().map_err(|error| told(&error))?;
            let id = |name: &str| timetable.id_of(name).map_err(|error| told(&error));
            let names = [id(from_edition)?, id(to_edition)?];
            let setting = Comparison::new(&timetable, &names, basis).map_err(|error| told(&error))?;
            let timeline = setting.timeline();
            let (from, to) = (setting.place(&timeline, 0), setting.place(&timeline, 1));
            let crosswalk = Crosswalk::new(&timeline, level, from, to, basis).map_err(|error| told(&error))?;
            crosswalk_batch(&crosswalk).map_err(|error| foreign(&error))
        });
        Ok(Table::of_batch(made?))
    }
}

/// What weighs, by its word.
pub fn weight_basis(word: &str) -> PyResult<Basis> {
    Basis::find(word).filter(|basis| *basis != Basis::File).ok_or_else(|| {
        new(
            format!("weights « {word} » inconnu : population, addresses, dwellings ou area"),
            format!("unknown weights \"{word}\": expected population, addresses, dwellings or area"),
        )
    })
}

fn text(name: &str, values: impl Iterator<Item = Option<String>>) -> (Field, ArrayRef) {
    (Field::new(name, DataType::Utf8, true), Arc::new(values.collect::<StringArray>()))
}

fn whole(name: &str, values: impl Iterator<Item = Option<i64>>) -> (Field, ArrayRef) {
    (Field::new(name, DataType::Int64, true), Arc::new(values.collect::<Int64Array>()))
}

fn number(name: &str, values: impl Iterator<Item = Option<f64>>) -> (Field, ArrayRef) {
    (Field::new(name, DataType::Float64, true), Arc::new(values.collect::<Float64Array>()))
}

/// A value of the core as Python reads its JSON.
pub fn json<'py>(py: Python<'py>, value: &impl serde::Serialize) -> PyResult<Bound<'py, PyAny>> {
    let text = serde_json::to_string(value).map_err(|error| foreign(&error))?;
    py.import("json")?.call_method1("loads", (text,))
}
