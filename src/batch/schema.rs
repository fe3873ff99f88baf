//! A Table Schema (specs.frictionlessdata.io, version 1) of what is written, so that codes stay text in whatever reads it.

use serde_json::{Value, json};

use super::Column;
use super::render::is_number;
use crate::tables::ColumnsUsed;

/// The schema of the columns of an input and of those added. Everything of the input is text; numbers that are added
/// have a decimal comma where `decimal_comma` says so.
#[must_use]
pub fn table_schema(names: &[String], used: &ColumnsUsed, columns: &[Column], decimal_comma: bool) -> Value {
    let number = |name: &str| {
        let mut field = json!({"name": name, "type": "number"});
        if decimal_comma && let Some(field) = field.as_object_mut() {
            field.insert("decimalChar".to_owned(), json!(","));
        }
        field
    };
    let role = |name: &str| used.used.iter().find(|(used, _)| used == name).map(|(_, role)| &*role.english);
    let own = names.iter().map(|name| {
        let title = role(name);
        match title {
            Some(role) => json!({"name": name, "type": "string", "title": role}),
            None => json!({"name": name, "type": "string"}),
        }
    });
    let added = columns.iter().map(|&column| {
        if is_number(column) { number(column.name()) } else { json!({"name": column.name(), "type": "string"}) }
    });
    json!({
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "fields": own.chain(added).collect::<Vec<_>>(),
        "missingValues": [""],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_text_and_distances_numbers() {
        let names = ["id".to_owned()];
        let columns = [Column::ClscCode, Column::BorderM];
        let schema = table_schema(&names, &ColumnsUsed::default(), &columns, true);
        assert_eq!(schema["fields"][0], json!({"name": "id", "type": "string"}));
        assert_eq!(schema["fields"][1], json!({"name": "rattache_clsc_code", "type": "string"}));
        assert_eq!(schema["fields"][2], json!({"name": "rattache_border_m", "type": "number", "decimalChar": ","}));
    }
}
