//! Crosswalks, checked and bridged tables as record batches of Arrow: the columns of their CSV, numbers as numbers.

use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

use super::{write_bridge_csv, write_check_csv, write_crosswalk_csv};
use crate::series::{Bridge, Check, Crosswalk, Table, Timeline};

/// Columns that hold numbers wherever they have a value; all others are text, codes among them.
const NUMBERS: &[&str] = &[
    "weight",
    "population",
    "area_m2",
    "quality",
    "denominator",
    "people_out",
    "share_out",
    "people_in",
    "share_in",
    "OBS_PRE_BREAK",
    "low_95",
    "high_95",
    "rate",
    "rate_low_95",
    "rate_high_95",
];
/// Columns of whole numbers.
const WHOLE: &[&str] = &["line", "people", "addresses", "moved_before"];
/// A column of numbers in which some rows have a text instead (`x`, `<5`): the text goes to a column of its own.
const VALUE: &str = "value";
const VALUE_TEXT: &str = "value_text";

/// A crosswalk.
///
/// # Errors
/// Those of the CSV writer; none where memory takes all that is written.
pub fn crosswalk_batch(crosswalk: &Crosswalk) -> Result<RecordBatch, csv::Error> {
    batch(|out| write_crosswalk_csv(crosswalk, out))
}

/// A checked table: `value` has the numbers, `value_text` what stands where there is none.
///
/// # Errors
/// As [`crosswalk_batch`].
pub fn check_batch(table: &Table, check: &Check) -> Result<RecordBatch, csv::Error> {
    batch(|out| write_check_csv(table, check, out))
}

/// A bridged table, with `value` and `value_text` as in [`check_batch`].
///
/// # Errors
/// As [`crosswalk_batch`].
pub fn bridge_batch(table: &Table, place: (&Timeline, usize), bridge: &Bridge) -> Result<RecordBatch, csv::Error> {
    batch(|out| write_bridge_csv(table, place, bridge, out))
}

fn batch(write: impl FnOnce(&mut dyn Write) -> Result<(), csv::Error>) -> Result<RecordBatch, csv::Error> {
    let mut text = Vec::new();
    write(&mut text)?;
    csv_batch(&text)
}

/// A table that this program wrote as CSV: what its columns hold is known by their names, codes are text.
///
/// # Errors
/// [`csv::Error`] for what is no such table.
pub fn csv_batch(text: &[u8]) -> Result<RecordBatch, csv::Error> {
    let mut reader = csv::Reader::from_reader(text);
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let field = |row: &csv::StringRecord, column: usize| -> Option<String> {
        row.get(column).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let mut columns: Vec<(&str, ArrayRef)> = Vec::with_capacity(names.len() + 1);
    for (column, name) in names.iter().enumerate() {
        let texts = rows.iter().map(|row| field(row, column));
        let number = |text: Option<String>| text.and_then(|text| text.parse::<f64>().ok());
        if WHOLE.contains(&name.as_str()) {
            let whole = texts.map(|text| text.and_then(|text| text.parse::<i64>().ok()));
            columns.push((name, Arc::new(whole.collect::<Int64Array>())));
        } else if NUMBERS.contains(&name.as_str()) {
            columns.push((name, Arc::new(texts.map(number).collect::<Float64Array>())));
        } else if name == VALUE {
            let all: Vec<Option<String>> = texts.collect();
            columns.push((name, Arc::new(all.iter().cloned().map(number).collect::<Float64Array>())));
            let others = all.into_iter().map(|text| text.filter(|text| text.parse::<f64>().is_err()));
            columns.push((VALUE_TEXT, Arc::new(others.collect::<StringArray>())));
        } else {
            columns.push((name, Arc::new(texts.collect::<StringArray>())));
        }
    }
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    // Every column has a value a row.
    RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| std::io::Error::other(error).into())
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::Float64Type;

    use super::*;

    #[test]
    fn numbers_are_numbers_codes_are_text_and_what_stands_for_a_value_is_kept() {
        let text = "code,period,value,weight,line\n06122,2016,12.5,0.25,2\n01111,2017,<5,,3\n01112,2018,,1,\n";
        let batch = csv_batch(text.as_bytes()).unwrap();
        let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names, ["code", "period", "value", "value_text", "weight", "line"]);
        assert_eq!(batch.column(0).as_string::<i32>().value(0), "06122");
        let values: Vec<Option<f64>> = batch.column(2).as_primitive::<Float64Type>().iter().collect();
        assert_eq!(values, [Some(12.5), None, None]);
        let texts: Vec<Option<&str>> = batch.column(3).as_string::<i32>().iter().collect();
        assert_eq!(texts, [None, Some("<5"), None]);
        assert_eq!(
            batch.column(4).as_primitive::<Float64Type>().iter().collect::<Vec<_>>(),
            [Some(0.25), None, Some(1.0)]
        );
    }
}
