//! dBase tables: columns as wide as their widest value, text in UTF-8.

use super::{Kind, Layer, Value};
use crate::domain::{Date, Words, both};

/// The widest text of a dBase table, bytes.
const WIDEST: usize = 254;
/// Decimals of numbers.
const DECIMALS: usize = 5;

/// The table of a layer; texts that had to be cut are told in `notes`.
pub(super) fn table(layer: &Layer, date: Date, notes: &mut Vec<Words>) -> Vec<u8> {
    let texts: Vec<Vec<String>> = layer.records.iter().map(|record| record.values.iter().map(text).collect()).collect();
    let mut cut = 0_usize;
    let widths: Vec<usize> = (0..layer.fields.len())
        .map(|column| {
            let widest = texts.iter().map(|row| row[column].len()).max().unwrap_or(1).max(1);
            cut += texts.iter().filter(|row| row[column].len() > WIDEST).count();
            widest.min(WIDEST)
        })
        .collect();
    if cut > 0 {
        notes.push(both!(
            "{cut} textes dépassent les 254 octets d'une table dBase et y sont coupés : choisissez un autre format, par exemple GeoPackage, pour les avoir entiers",
            "{cut} texts are longer than the 254 bytes of a dBase table and are cut there: choose another format, such as GeoPackage, to have them whole"
        ));
    }
    let record = 1 + widths.iter().sum::<usize>();
    let header = 32 + 32 * layer.fields.len() + 1;
    let mut out = Vec::with_capacity(header + record * texts.len() + 1);
    let year = u8::try_from(date.year() - 1900).unwrap_or(u8::MAX);
    out.extend([3, year, date.month() as u8, date.day() as u8]);
    out.extend((texts.len() as u32).to_le_bytes());
    out.extend((header as u16).to_le_bytes());
    out.extend((record as u16).to_le_bytes());
    out.resize(32, 0);
    for (field, &width) in layer.fields.iter().zip(&widths) {
        let start = out.len();
        out.extend(field.short.bytes().take(10));
        out.resize(start + 11, 0);
        let (kind, decimals) = match field.kind {
            Kind::Text => (b'C', 0),
            Kind::Whole => (b'N', 0),
            Kind::Number => (b'N', DECIMALS as u8),
        };
        out.extend([kind, 0, 0, 0, 0, width as u8, decimals]);
        out.resize(start + 32, 0);
    }
    out.push(b'\r');
    for row in &texts {
        out.push(b' ');
        for ((text, &width), field) in row.iter().zip(&widths).zip(&layer.fields) {
            let end = (0..=width.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
            let text = &text[..end];
            let blank = width - text.len();
            if field.kind == Kind::Text {
                out.extend(text.bytes());
                out.extend(std::iter::repeat_n(b' ', blank));
            } else {
                out.extend(std::iter::repeat_n(b' ', blank));
                out.extend(text.bytes());
            }
        }
    }
    out.push(0x1a);
    out
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Whole(whole) => whole.map_or_else(String::new, |whole| whole.to_string()),
        Value::Number(number) => format!("{number:.DECIMALS$}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Field, Record};
    use super::*;
    use crate::domain::Level;
    use crate::tables::dbf::Dbf;

    #[test]
    fn columns_are_as_wide_as_their_values_and_no_letter_is_cut_in_two() {
        let fields = vec![
            Field { name: "code", short: "code", kind: Kind::Text },
            Field { name: "name", short: "name", kind: Kind::Text },
            Field { name: "population", short: "population", kind: Kind::Whole },
            Field { name: "area_km2", short: "area_km2", kind: Kind::Number },
        ];
        let record = |code: &str, name: String, people: Option<u64>, area: f64| Record {
            id: code.to_owned(),
            values: vec![Value::Text(code.to_owned()), Value::Text(name), Value::Whole(people), Value::Number(area)],
            outline: Vec::new(),
        };
        // 300 bytes, and the 254th is the first of a letter of two.
        let long = format!("a{}", "é".repeat(150));
        let records =
            vec![record("06121", "Gaspé".to_owned(), Some(1_234_567), 12.5), record("06122", long, None, 1234.0)];
        let mut notes = Vec::new();
        let bytes = table(&Layer { level: Level::Clsc, fields, records }, "2024-05-06".parse().unwrap(), &mut notes);
        let widths: Vec<u8> = (0..4).map(|field| bytes[32 + 32 * field + 16]).collect();
        assert_eq!(widths, [5, 254, 7, 10]);
        assert_eq!((&bytes[1..4], notes.len()), (&[124, 5, 6][..], 1));
        let read = Dbf::of_bytes(bytes, Path::new("t.dbf"), Some("UTF-8"), None).unwrap();
        let row = |row: usize| (0..4).map(|field| read.text(row, field)).collect::<Vec<_>>();
        assert_eq!(row(0), ["06121", "Gaspé", "1234567", "12.50000"]);
        assert_eq!(row(1), ["06122", &format!("a{}", "é".repeat(126)), "", "1234"]);
    }
}
