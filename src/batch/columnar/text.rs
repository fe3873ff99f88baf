//! Record batches as delimited text, for what reads tables of text.

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::cells::{cell, has_cell};
use crate::batch::BatchError;
use crate::domain::Words;

/// Record batches as CSV: numbers with as few digits as give the same value, ISO 8601 days, nothing for null.
///
/// # Errors
/// [`BatchError::NoRoomFor`] for lists, structures and bytes.
pub fn csv_of(schema: &Schema, batches: &[RecordBatch]) -> Result<Vec<u8>, BatchError> {
    if let Some(field) = schema.fields().iter().find(|field| !has_cell(field.data_type())) {
        let kind = field.data_type().to_string();
        return Err(BatchError::NoRoomFor { column: field.name().clone(), kind, to: Words::same("CSV") });
    }
    let mut csv = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| BatchError::Write(error.into());
    csv.write_record(schema.fields().iter().map(|field| field.name().as_str())).map_err(failed)?;
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells: Vec<_> = batch.columns().iter().map(|column| cell(column.as_ref(), row)).collect();
            csv.write_record(cells.iter().map(|cell| cell.text().into_owned())).map_err(failed)?;
        }
    }
    csv.into_inner().map_err(|error| BatchError::Write(error.into_error()))
}
