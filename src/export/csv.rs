//! CSV: UTF-8, commas, codes as they are, without outlines.

use std::io::Write;

use super::format::{Format, Writer};
use super::{ExportError, Layer, Value};

pub(super) const FORMAT: Format = Format {
    word: "csv",
    name: "CSV",
    endings: &["csv", "txt"],
    outlines: false,
    writer: Writer::Stream(|_, layer, out| write_rows(layer, out)),
};

/// Writes the rows of a layer.
///
/// # Errors
/// [`ExportError::Stream`].
pub fn write_rows(layer: &Layer, out: &mut dyn Write) -> Result<(), ExportError> {
    let failed = |error: csv::Error| ExportError::Stream(error.into());
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(layer.fields.iter().map(|field| field.name)).map_err(failed)?;
    for record in &layer.records {
        let row = record.values.iter().map(|value| match value {
            Value::Text(text) => text.clone(),
            Value::Whole(whole) => whole.map_or_else(String::new, |whole| whole.to_string()),
            Value::Number(number) => number.to_string(),
        });
        writer.write_record(row).map_err(failed)?;
    }
    writer.flush().map_err(ExportError::Stream)
}
