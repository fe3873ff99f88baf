//! A revision to start from, and the list of operations as help.

use std::fmt::Write as _;

use serde::Serialize;

use super::example::Example;
use super::form::{FORMS, Field, HEADER, Kind, SELECTION};
use crate::domain::{Date, Language};
use crate::revision::{Operation, RevisionError};

/// What stands at the top of a revision to start from.
#[derive(Debug, Clone)]
pub struct Template<'a> {
    /// Identifier.
    pub id: &'a str,
    /// Title.
    pub label: &'a str,
    /// The edition that it starts from.
    pub base: &'a str,
    /// First day on which it would hold.
    pub valid_from: Date,
    /// Words of the operations to write; every other one stands in it as a comment.
    pub operations: &'a [String],
}

#[derive(Serialize)]
struct Operations<'a> {
    operation: [&'a Operation; 1],
}

/// Writes a revision to start from: its head, the operations asked for, and an example of every other one as a comment.
///
/// # Errors
/// [`RevisionError::TomlWrite`].
pub fn template(asked: &Template<'_>, examples: &[Example], language: Language) -> Result<String, RevisionError> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = String::new();
    let intro = language.pick(
        "Une révision : des opérations, dans l'ordre, sur une édition de départ. Ce qui suit un # est un commentaire.",
        "A revision: operations, in order, on the edition that it starts from. What follows a # is a comment.",
    );
    let _ = writeln!(text, "# {intro}");
    let valid_from = asked.valid_from.to_string();
    let values = [asked.id, asked.label, asked.base, &valid_from];
    for (field, value) in HEADER.iter().zip(values) {
        let _ = writeln!(text, "# {}\n{} = {}", field.words(language), field.name, quoted(value));
    }
    for (field, value) in HEADER[values.len()..].iter().zip(["false", "\"\""]) {
        let _ = writeln!(text, "# {}\n# {} = {value}", field.words(language), field.name);
    }
    let selection = language.pick(
        "Des aires se nomment par leur identifiant, ou par ce où elles sont, par exemple units = { municipality = \"66023\" } :",
        "Units are named by their identifier, or by what they lie in, such as units = { municipality = \"66023\" }:",
    );
    let _ = writeln!(text, "\n# {selection}");
    for field in SELECTION {
        let _ = writeln!(text, "#   {:<13} {}", field.name, field.words(language));
    }
    for form in FORMS {
        let wanted = asked.operations.iter().any(|word| word == form.word);
        let _ = writeln!(text, "\n# {}{}{}", form.word, language.pick(" : ", ": "), form.words(language));
        let Some(example) = examples.iter().find(|example| example.word == form.word) else { continue };
        let written = toml::to_string(&Operations { operation: [&example.operation] })?;
        for line in written.trim_end().lines() {
            let _ = if wanted {
                writeln!(text, "{line}")
            } else if line.is_empty() {
                writeln!(text, "#")
            } else {
                writeln!(text, "# {line}")
            };
        }
    }
    Ok(text)
}

/// Every operation with its fields, a line each, in a language.
#[must_use]
pub fn operations_help(language: Language) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", language.pick("Opérations et leurs champs", "Operations and their fields"));
    for form in FORMS {
        let _ = writeln!(text, "\n  {}{}{}", form.word, language.pick(" : ", ": "), form.words(language));
        fields(&mut text, form.fields, 2, language);
    }
    let _ = writeln!(
        text,
        "\n  {}",
        language.pick(
            "Des aires (`units`) se nomment par une liste d'identifiants, ou par ce où elles sont :",
            "Units (`units`) are named by a list of identifiers, or by what they lie in:"
        )
    );
    fields(&mut text, SELECTION, 2, language);
    text
}

fn fields(text: &mut String, list: &[Field], depth: usize, language: Language) {
    for field in list {
        let optional = if field.required { "" } else { language.pick(" (facultatif)", " (optional)") };
        let indent = "  ".repeat(depth);
        let _ =
            writeln!(text, "{indent}{}{optional}{}{}", field.name, language.pick(" : ", ": "), field.words(language));
        let mut kind = field.kind;
        while let Kind::List(inner) = kind {
            kind = *inner;
        }
        if let Kind::Table(inner) = kind {
            fields(text, inner, depth + 1, language);
        }
    }
}
