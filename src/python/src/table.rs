//! Tables that come back.

use arrow_array::{RecordBatch, RecordBatchReader as _};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};

use crate::capsule;
use crate::error::foreign;

/// A table of Arrow. Hand it to pandas, polars, `DuckDB` or pyarrow, or call `to_pandas()` and its fellows.
#[pyclass(module = "rattache", frozen)]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    /// How many rows have each status, where rows were attached.
    #[pyo3(get)]
    summary: Option<Py<PyAny>>,
}

impl Table {
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches, summary: None }
    }

    pub fn with_summary(mut self, summary: Py<PyAny>) -> Self {
        self.summary = Some(summary);
        self
    }

    pub fn of_batch(batch: RecordBatch) -> Self {
        Self::new(batch.schema(), vec![batch])
    }
}

#[pymethods]
impl Table {
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Giving another schema than asked for is what the interface allows.
        drop(requested_schema);
        capsule::stream(py, &self.schema, self.batches.clone())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::schema(py, &self.schema)
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        format!("<rattache.Table {} × {}: {}>", self.__len__(), self.schema.fields().len(), self.column_names().join(", "))
    }

    /// Names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The table as a pyarrow.Table, without a copy.
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))
    }

    /// The table as a pandas.DataFrame (by way of pyarrow).
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::to_pyarrow(slf)?.call_method0("to_pandas")
    }

    /// The table as a polars.DataFrame.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    /// The table as a geopandas.GeoDataFrame, where it has outlines.
    fn to_geopandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let frame = slf.py().import("geopandas")?.getattr("GeoDataFrame")?;
        frame.call_method1("from_arrow", (slf,))
    }

    /// The table as an Arrow IPC stream.
    fn to_ipc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let written = py.detach(|| -> Result<Vec<u8>, ArrowError> {
            let mut writer = StreamWriter::try_new(Vec::new(), &self.schema)?;
            for batch in &self.batches {
                writer.write(batch)?;
            }
            writer.finish()?;
            writer.into_inner()
        });
        Ok(PyBytes::new(py, &written.map_err(|error| foreign(&error))?))
    }
}

/// A table of whatever speaks the Arrow `PyCapsule` interface.
#[pyfunction]
pub fn table(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<Table> {
    let reader = capsule::reader_of(data)?;
    let schema = reader.schema();
    let batches = py.detach(|| reader.collect::<Result<Vec<_>, _>>());
    Ok(Table::new(schema, batches.map_err(|error| foreign(&error))?))
}

/// The table of an Arrow IPC stream.
#[pyfunction]
pub fn read_ipc(py: Python<'_>, data: &[u8]) -> PyResult<Table> {
    let read = py.detach(|| -> Result<Table, ArrowError> {
        let reader = StreamReader::try_new(data, None)?;
        let schema = reader.schema();
        Ok(Table::new(schema, reader.collect::<Result<_, _>>()?))
    });
    read.map_err(|error| foreign(&error))
}
