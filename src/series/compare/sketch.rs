//! Editions small enough to check by eye, for tests.

use crate::domain::{AttachmentTable, Date, Edition, EditionHeader, Hierarchy, HierarchyRow, Territory, TerritoryCode};

/// An edition from `code name parent-RLS: units...` a line; every other parent is the same for all.
pub(in crate::series) fn edition(id: &str, date: &str, units: usize, lines: &[&str]) -> Edition {
    let mut rows = Vec::new();
    let mut clsc_of_unit = vec![None; units];
    let mut sorted: Vec<&str> = lines.to_vec();
    sorted.sort_unstable();
    for (place, line) in sorted.iter().enumerate() {
        let (head, list) = line.split_once(':').unwrap();
        let words: Vec<&str> = head.split_whitespace().collect();
        let territory = |code: &str, name: &str| Territory {
            code: TerritoryCode::new(code),
            name: name.to_owned(),
            published_population: None,
        };
        rows.push(HierarchyRow {
            territories: [
                territory(words[0], words[1]),
                territory(words[2], words[2]),
                territory("061", "RTS"),
                territory("06", "RSS"),
                territory("1", "RUISSS"),
            ],
        });
        for unit in list.split_whitespace() {
            clsc_of_unit[unit.parse::<usize>().unwrap()] = Some(place as u16);
        }
    }
    let count = rows.len();
    let attachment = AttachmentTable::new(
        clsc_of_unit.into_iter().map(|clsc| clsc.expect("every unit is attached")).collect(),
        count,
    )
    .unwrap();
    Edition {
        header: EditionHeader {
            id: id.to_owned(),
            label: id.to_owned(),
            official: false,
            valid_from: date.parse::<Date>().unwrap(),
        },
        hierarchy: Hierarchy::new(&rows).unwrap(),
        attachment,
        straddles: Vec::new(),
    }
}
