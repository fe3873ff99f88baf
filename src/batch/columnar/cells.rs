//! Values of Arrow arrays as cells.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};

use crate::tables::cell::Cell;

/// Whether values of a type have a cell; the others (lists, structures, bytes, spans) only go from Parquet to Parquet.
pub(in crate::batch) fn has_cell(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => has_cell(values),
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..)
        | DataType::Decimal128(..) => true,
        other => other.is_integer() || other.is_floating(),
    }
}

/// The value of a row; empty for null, and for types without cells.
pub(super) fn cell(array: &dyn Array, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Empty;
    }
    match array.data_type() {
        DataType::Boolean => Cell::Bool(array.as_boolean().value(row)),
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => Cell::Text(array.as_string_view().value(row).to_owned()),
        DataType::Float64 => Cell::Number(array.as_primitive::<Float64Type>().value(row)),
        // The shortest text that gives the same value in its own precision.
        DataType::Float32 => number(f64::from(array.as_primitive::<Float32Type>().value(row)), || {
            array.as_primitive::<Float32Type>().value(row).to_string()
        }),
        DataType::Float16 => Cell::Number(f64::from(array.as_primitive::<Float16Type>().value(row))),
        DataType::Int8 => numeral::<Int8Type>(array, row),
        DataType::Int16 => numeral::<Int16Type>(array, row),
        DataType::Int32 => numeral::<Int32Type>(array, row),
        DataType::Int64 => numeral::<Int64Type>(array, row),
        DataType::UInt8 => numeral::<UInt8Type>(array, row),
        DataType::UInt16 => numeral::<UInt16Type>(array, row),
        DataType::UInt32 => numeral::<UInt32Type>(array, row),
        DataType::UInt64 => numeral::<UInt64Type>(array, row),
        DataType::Decimal128(precision, scale) => {
            let value = array.as_primitive::<Decimal128Type>().value(row);
            Cell::Numeral(Decimal128Type::format_decimal(value, *precision, *scale))
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            moment(i128::from(days) * 86_400_000_000_000).map_or(Cell::Empty, |moment| Cell::Day(moment.date()))
        }
        DataType::Date64 => {
            let millis = array.as_primitive::<Date64Type>().value(row);
            moment(i128::from(millis) * 1_000_000).map_or(Cell::Empty, |moment| Cell::Day(moment.date()))
        }
        DataType::Timestamp(unit, zone) => {
            let (value, nanos) = match unit {
                TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().value(row), 1_000_000_000),
                TimeUnit::Millisecond => (array.as_primitive::<TimestampMillisecondType>().value(row), 1_000_000),
                TimeUnit::Microsecond => (array.as_primitive::<TimestampMicrosecondType>().value(row), 1_000),
                TimeUnit::Nanosecond => (array.as_primitive::<TimestampNanosecondType>().value(row), 1),
            };
            match moment(i128::from(value) * nanos) {
                Some(moment) if zone.is_some() => Cell::Text(format!("{moment}Z")),
                Some(moment) => Cell::Moment(moment),
                None => Cell::Empty,
            }
        }
        DataType::Dictionary(..) => {
            let all = array.as_any_dictionary();
            cell(all.values().as_ref(), all.normalized_keys()[row])
        }
        _ => Cell::Empty,
    }
}

fn number(value: f64, digits: impl FnOnce() -> String) -> Cell {
    if value.is_finite() { Cell::Numeral(digits()) } else { Cell::Number(value) }
}

fn numeral<Kind: ArrowPrimitiveType<Native: ToString>>(array: &dyn Array, row: usize) -> Cell {
    Cell::Numeral(array.as_primitive::<Kind>().value(row).to_string())
}

/// A moment by its nanoseconds since 1970; `None` beyond the calendar.
fn moment(nanos: i128) -> Option<DateTime> {
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
    let rest = nanos.rem_euclid(1_000_000_000) as i32;
    date(1970, 1, 1).at(0, 0, 0, 0).checked_add(SignedDuration::new(seconds, rest)).ok()
}
