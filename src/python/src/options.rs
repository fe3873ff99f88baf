//! Arguments of Python as the core takes them.

use std::time::SystemTime;

use pyo3::prelude::*;
use rattache::batch::Column;
use rattache::domain::{Date, EditionChoice, Level, Timestamp};

use crate::error::{new, told};

/// The day it is in Québec.
pub fn today() -> Date {
    Timestamp::from(SystemTime::now()).day_in_quebec()
}

/// A day: a text such as 2024-04-01, or a `datetime.date`.
pub fn day(value: &Bound<'_, PyAny>) -> PyResult<Date> {
    let text = value.str()?.to_string();
    let bare = text.split_at_checked(10).map_or(text.as_str(), |(day, _)| day);
    bare.parse().map_err(|error| told(&error))
}

/// The edition that a name or a day means.
pub fn choice(edition: Option<&str>, as_of: Option<&Bound<'_, PyAny>>) -> PyResult<EditionChoice> {
    if edition.is_some() && as_of.is_some() {
        return Err(new(
            "« as_of » et « edition » désignent tous deux une édition : gardez l'un des deux".to_owned(),
            "\"as_of\" and \"edition\" both name an edition: keep one of them".to_owned(),
        ));
    }
    Ok(EditionChoice::asked(edition, as_of.map(day).transpose()?, today()))
}

/// Added columns: a list of names, or a text with commas between them.
pub fn columns(asked: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<Column>> {
    let Some(asked) = asked else { return Ok(Column::usual()) };
    let list = match asked.extract::<String>() {
        Ok(text) => text,
        Err(_) => asked.extract::<Vec<String>>()?.join(","),
    };
    Column::parse_list(&list).map_err(|error| told(&error))
}

/// A level by its word.
pub fn level(word: &str) -> PyResult<Level> {
    word.parse().map_err(|error| told(&error))
}

/// Threads that answer.
pub fn workers(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).clamp(1, 256)
}
