//! Coordinate columns as numbers.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::DataType;

use super::cells::cell;
use crate::batch::question::bare;
use crate::tables::numbers::parse;

/// The values of a column, not a number where a row has to be looked at by itself: nothing, or no plain number.
pub(super) fn numbers(array: &dyn Array, out: &mut Vec<f64>) {
    out.clear();
    match array.data_type() {
        DataType::Float64 => out.extend_from_slice(array.as_primitive::<Float64Type>().values()),
        DataType::Int8 => whole::<Int8Type>(array, |value| value as f64, out),
        DataType::Int16 => whole::<Int16Type>(array, |value| value as f64, out),
        DataType::Int32 => whole::<Int32Type>(array, |value| value as f64, out),
        DataType::Int64 => whole::<Int64Type>(array, |value| value as f64, out),
        DataType::UInt8 => whole::<UInt8Type>(array, |value| value as f64, out),
        DataType::UInt16 => whole::<UInt16Type>(array, |value| value as f64, out),
        DataType::UInt32 => whole::<UInt32Type>(array, |value| value as f64, out),
        DataType::UInt64 => whole::<UInt64Type>(array, |value| value as f64, out),
        DataType::Utf8 => out.extend(array.as_string::<i32>().iter().map(read)),
        DataType::LargeUtf8 => out.extend(array.as_string::<i64>().iter().map(read)),
        DataType::Utf8View => out.extend(array.as_string_view().iter().map(read)),
        // Single precision is read by its digits: 45.5 and a seventh of it are what a person wrote, not what the bits hold.
        _ => out.extend((0..array.len()).map(|row| read(Some(&cell(array, row).text())))),
    }
    if let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) {
        for (value, valid) in out.iter_mut().zip(nulls) {
            if !valid {
                *value = f64::NAN;
            }
        }
    }
}

fn whole<Kind: ArrowPrimitiveType>(array: &dyn Array, number: impl Fn(Kind::Native) -> f64, out: &mut Vec<f64>) {
    out.extend(array.as_primitive::<Kind>().values().iter().map(|&value| number(value)));
}

fn read(text: Option<&str>) -> f64 {
    text.and_then(|text| parse(bare(text.as_bytes()))).unwrap_or(f64::NAN)
}
