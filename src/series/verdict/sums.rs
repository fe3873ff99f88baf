//! Whether the levels of a table add up, and its totals.

use std::collections::HashMap;

use super::coding::Coding;
use crate::domain::{Hierarchy, Level, Place, Severity, TerritoryCode, Words, both};
use crate::series::compare::Timeline;
use crate::series::table::{Cell, Measure, SeriesFinding, SeriesFindingKind as Kind, Table};

/// Checks that CLSC of a period add up to each territory of a level above that the table gives too.
pub(super) fn check_sums(table: &Table, timeline: &Timeline, codings: &[Coding]) -> (usize, Vec<SeriesFinding>) {
    let mut groups: HashMap<(u32, u16, Level), &[Cell]> = HashMap::new();
    for group in table.cells.chunk_by(|a, b| (a.series, a.level, a.period) == (b.series, b.level, b.period)) {
        groups.insert((group[0].series, group[0].period, group[0].level), group);
    }
    let (mut checked, mut findings) = (0, Vec::new());
    let mut upper: Vec<_> = groups.iter().filter(|(key, _)| key.2 > Level::Clsc).collect();
    upper.sort_by_key(|(key, _)| **key);
    for (&(series, period, level), cells) in upper {
        let Some(edition) = codings[usize::from(period)].place else { continue };
        let Some(parts) = groups.get(&(series, period, Level::Clsc)) else { continue };
        if table.series[series as usize].measure != Measure::Count {
            continue;
        }
        let hierarchy = &timeline.editions[edition].edition.hierarchy;
        let mut sums: HashMap<usize, Option<f64>> = HashMap::new();
        let by_place: HashMap<usize, f64> = parts
            .iter()
            .filter_map(|cell| {
                let place = hierarchy.find(Level::Clsc, table.codes[cell.code as usize].as_str())?;
                Some((place, cell.value.number()?))
            })
            .collect();
        for clsc in 0..hierarchy.clsc_count() {
            let sum = sums.entry(hierarchy.parent(clsc, level)).or_insert(Some(0.0));
            *sum = sum.zip(by_place.get(&clsc)).map(|(sum, value)| sum + value);
        }
        for cell in *cells {
            let code = &table.codes[cell.code as usize];
            let sum = hierarchy.find(level, code.as_str()).and_then(|place| sums.get(&place).copied().flatten());
            let (Some(sum), Some(value)) = (sum, cell.value.number()) else { continue };
            checked += 1;
            if differs(sum, value) {
                let alone = alone(hierarchy, &by_place, (level, code.as_str()), value - sum);
                let mut message = both!(
                    "{} « {code} » a {value}, la somme de ses CLSC est {sum} (période {})",
                    "{} \"{code}\" has {value}, its CLSC add up to {sum} (period {})",
                    level.acronym(),
                    table.periods[usize::from(period)].label
                );
                if let Some((clsc, missing)) = alone {
                    let (fr, en) = if missing {
                        ("compté ici et non parmi ses CLSC", "counted here and not among its CLSC")
                    } else {
                        ("parmi ses CLSC et non compté ici", "among its CLSC and not counted here")
                    };
                    message = Words::new(
                        format!("{} : le CLSC « {clsc} » fait à lui seul la différence, {fr}", message.french),
                        format!("{message}: CLSC \"{clsc}\" alone makes the difference, {en}"),
                    );
                }
                findings.push(SeriesFinding {
                    severity: Severity::Note,
                    kind: Kind::LevelsDoNotAddUp,
                    place: table.place(cell),
                    message,
                });
            }
        }
    }
    for total in &table.totals {
        let period = &table.periods[usize::from(total.period)].label;
        for level in Level::TERRITORIAL {
            let Some(cells) = groups.get(&(total.series, total.period, level)) else { continue };
            let Some(edition) = codings[usize::from(total.period)].place else { continue };
            let expected = timeline.editions[edition].edition.hierarchy.territories(level).len();
            let numbers: Vec<f64> = cells.iter().filter_map(|cell| cell.value.number()).collect();
            if table.series[total.series as usize].measure != Measure::Count || numbers.len() != expected {
                continue;
            }
            checked += 1;
            let sum: f64 = numbers.iter().sum();
            if differs(sum, total.value) {
                let message = both!(
                    "le total est {}, la somme des {} est {sum} (période {period})",
                    "the total is {}, the {} add up to {sum} (period {period})",
                    total.value,
                    level.acronym()
                );
                findings.push(SeriesFinding {
                    severity: Severity::Note,
                    kind: Kind::LevelsDoNotAddUp,
                    place: Place {
                        file: Some(table.file.clone()),
                        line: Some(u64::from(total.line)),
                        column: table.columns.get(usize::from(total.column)).cloned(),
                        ..Place::default()
                    },
                    message,
                });
            }
        }
    }
    (checked, findings)
}

fn differs(sum: f64, value: f64) -> bool {
    (sum - value).abs() > 1e-6 * value.abs().max(1.0)
}

/// The one CLSC whose value is the difference between a territory and its parts; and whether it is missing from the parts.
fn alone<'a>(
    hierarchy: &'a Hierarchy,
    by_place: &HashMap<usize, f64>,
    (level, code): (Level, &str),
    difference: f64,
) -> Option<(&'a TerritoryCode, bool)> {
    let place = hierarchy.find(level, code)?;
    let missing = difference > 0.0;
    let mut fitting = (0..hierarchy.clsc_count()).filter(|clsc| {
        let inside = hierarchy.parent(*clsc, level) == place;
        inside != missing && by_place.get(clsc).is_some_and(|value| !differs(*value, difference.abs()))
    });
    let clsc = fitting.next().filter(|_| fitting.next().is_none())?;
    Some((&hierarchy.territories(Level::Clsc)[clsc].code, missing))
}
