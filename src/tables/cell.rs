//! One value of a table whose values have types.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::civil::{Date, DateTime};

/// A value of a workbook, a Parquet column or a field of text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    /// A number as its digits say it: whole numbers, decimals of a fixed scale.
    Numeral(String),
    Bool(bool),
    Day(Date),
    Moment(DateTime),
}

impl Cell {
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Its text, as a table would have it: numbers with as few digits as give the same value, ISO 8601 days.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => "".into(),
            Self::Text(text) | Self::Numeral(text) => text.into(),
            Self::Number(value) if value.is_nan() => "".into(),
            Self::Number(value) => value.to_string().into(),
            Self::Bool(value) => if *value { "true" } else { "false" }.into(),
            Self::Day(day) => day.to_string().into(),
            Self::Moment(moment) => moment.to_string().into(),
        }
    }
}

/// A day of Excel's count by its own calendar parts; a time alone where the day is 0.
pub(crate) fn of_serial(serial: f64, parts: (u16, u8, u8, u8, u8, u8, u16)) -> Cell {
    let (year, month, day, hour, minute, second, milli) = parts;
    let date = Date::new(year as i16, month as i8, day as i8).ok();
    let time = jiff::civil::Time::new(hour as i8, minute as i8, second as i8, i32::from(milli) * 1_000_000).ok();
    match (date, time) {
        (_, Some(time)) if (0.0..1.0).contains(&serial) => Cell::Text(time.to_string()),
        (Some(date), Some(_)) if serial.fract() == 0.0 => Cell::Day(date),
        (Some(date), Some(time)) => Cell::Moment(date.to_datetime(time)),
        _ => Cell::Number(serial),
    }
}

/// A span of days as hours, minutes and seconds.
pub(crate) fn of_span(days: f64) -> Cell {
    let seconds = (days.abs() * 86_400.0).round() as u64;
    let mut text = String::from(if days < 0.0 { "-" } else { "" });
    // A string takes all that is written.
    let _ = write!(text, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    Cell::Text(text)
}

/// Excel's count of days for a moment: day 61 is 1900-03-01; `None` before that, as Excel has a day there that never was.
pub(crate) fn to_serial(moment: DateTime) -> Option<f64> {
    let start = Date::constant(1899, 12, 30);
    let days = moment.date().since(start).ok()?.get_days();
    let time = moment.time().duration_since(jiff::civil::Time::midnight());
    (days > 60).then(|| f64::from(days) + time.as_secs_f64() / 86_400.0)
}
