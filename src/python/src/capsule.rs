//! The Arrow `PyCapsule` interface (arrow.apache.org, "The Arrow `PyCapsule` Interface"). The one module with `unsafe` code.
#![allow(unsafe_code)]

use std::ffi::CStr;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods, PyTuple};

use crate::error::{foreign, new};

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// Record batches of whatever speaks the interface: a stream of them, or one.
pub fn reader_of(data: &Bound<'_, PyAny>) -> PyResult<Box<dyn RecordBatchReader + Send>> {
    if data.hasattr("__arrow_c_stream__")? {
        let capsule = data.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: a capsule of that name holds a stream; taking it leaves a released one in its place, as the interface says.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
        return Ok(Box::new(ArrowArrayStreamReader::try_new(stream).map_err(|error| foreign(&error))?));
    }
    if data.hasattr("__arrow_c_array__")? {
        let both = data.call_method0("__arrow_c_array__")?.cast_into::<PyTuple>()?;
        let schema = both.get_item(0)?.cast_into::<PyCapsule>()?;
        let array = both.get_item(1)?.cast_into::<PyCapsule>()?;
        let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
        let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: as above; the array is what the schema says, which is for its maker to see to.
        let data = unsafe {
            let schema = FFI_ArrowSchema::from_raw(schema.as_ptr());
            from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), &schema)
        };
        let batch = RecordBatch::from(StructArray::from(data.map_err(|error| foreign(&error))?));
        let schema = batch.schema();
        return Ok(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
    }
    Err(new(
        "un tableau qui parle l'interface Arrow est attendu (pandas, polars, DuckDB, pyarrow)".to_owned(),
        "expected a table that speaks the Arrow interface (pandas, polars, DuckDB, pyarrow)".to_owned(),
    ))
}

/// Record batches as a capsule.
pub fn stream<'py>(py: Python<'py>, schema: &SchemaRef, batches: Vec<RecordBatch>) -> PyResult<Bound<'py, PyCapsule>> {
    let batches = batches.into_iter().map(Ok::<_, ArrowError>);
    let reader = RecordBatchIterator::new(batches, SchemaRef::clone(schema));
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

/// A schema as a capsule.
pub fn schema<'py>(py: Python<'py>, schema: &SchemaRef) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema.as_ref()).map_err(|error| foreign(&error))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}
