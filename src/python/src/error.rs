//! Errors of the core as Python exceptions, with the same words.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rattache::domain::{French, Language, english};

pyo3::create_exception!(
    _rattache,
    RattacheError,
    PyValueError,
    "What Rattache refuses, in the words of its command line. `french` and `english` hold them in both languages."
);

/// Whether messages are in English.
static ENGLISH: AtomicBool = AtomicBool::new(false);

/// The language of messages: "fr" (as the command line without a word about it) or "en".
#[pyfunction]
pub fn set_language(language: &str) -> PyResult<()> {
    let found = Language::find(language)
        .ok_or_else(|| new(format!("langue « {language} » inconnue : fr ou en"), format!("unknown language \"{language}\": expected fr or en")))?;
    ENGLISH.store(found == Language::English, Ordering::Relaxed);
    Ok(())
}

/// An exception in both languages.
pub fn new(french: String, english: String) -> PyErr {
    let text = if ENGLISH.load(Ordering::Relaxed) { english.clone() } else { french.clone() };
    let error = RattacheError::new_err(text);
    Python::attach(|py| {
        let value = error.value(py);
        // An exception that takes no attributes is one all the same.
        let _ = value.setattr("french", french).and_then(|()| value.setattr("english", english));
    });
    error
}

/// An error of the core.
pub fn told(error: &(impl French + 'static)) -> PyErr {
    new(error.french(), english(error))
}

/// An error of a library, whose words are English.
pub fn foreign(error: &impl std::fmt::Display) -> PyErr {
    new(error.to_string(), error.to_string())
}
