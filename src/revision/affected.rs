//! The units that change territory, as a table.

use std::io::Write;

use super::engine::ImpactEngine;
use super::{RevisionError, UnitIndex};
use crate::domain::{Level, TerritoryIndex};

/// Writes the units that are affected at any level (see [`Comparison::is_affected`](crate::change::Comparison::is_affected)): unit, people, addresses, code before and after at each level, and
/// in how many earlier editions they were moved.
///
/// # Errors
/// [`RevisionError::Csv`] where the writer refuses.
pub fn write_affected(
    writer: impl Write,
    units: &UnitIndex,
    before: &ImpactEngine<'_>,
    after: &ImpactEngine<'_>,
) -> Result<(), RevisionError> {
    let ((_, facts, old), (_, _, new)) = (before.grounds(), after.grounds());
    let comparison = after.compared(before);
    let mut table = csv::Writer::from_writer(writer);
    let mut header = vec!["unit".to_owned(), "people".to_owned(), "addresses".to_owned(), "moved_before".to_owned()];
    for level in Level::TERRITORIAL {
        header.extend([format!("{level}_before"), format!("{level}_after")]);
    }
    table.write_record(&header)?;
    for unit in 0..units.len() as u32 {
        let at = unit as usize;
        let places = Level::TERRITORIAL
            .map(|level| (before.parent(level, before.clsc_of(unit)), after.parent(level, after.clsc_of(unit))));
        let affected = |(level, &(was, is)): (Level, &(u16, u16))| {
            comparison.is_affected(level, TerritoryIndex(was), TerritoryIndex(is))
        };
        if !Level::TERRITORIAL.into_iter().zip(&places).any(affected) {
            continue;
        }
        let number = |value: Option<u64>| value.map_or(String::new(), |value| value.to_string());
        let mut row = vec![
            units.id(unit).to_string(),
            facts.people[at].to_string(),
            number(facts.addresses.as_ref().and_then(|addresses| addresses[at])),
            number(facts.moved_before.as_ref().map(|moved| u64::from(moved[at]))),
        ];
        for (level, (was, is)) in Level::TERRITORIAL.into_iter().zip(places) {
            row.push(old.territories(level)[usize::from(was)].code.to_string());
            row.push(new.territories(level)[usize::from(is)].code.to_string());
        }
        table.write_record(&row)?;
    }
    table.flush()?;
    Ok(())
}
