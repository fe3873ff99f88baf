//! Counts by unit that go with a table by territory.

use std::collections::HashMap;

use crate::domain::Level;
use crate::series::table::{Measure, Table};

/// Indicator, age group, sex and period.
type GroupKey = (String, String, String, String);

/// Unit, value and denominator.
pub(in crate::series) type UnitCount = (u32, f64, f64);

/// Counts by unit: value and denominator of every unit, by series and period.
pub(in crate::series) struct UnitCounts<'a> {
    table: Option<&'a Table>,
    groups: HashMap<GroupKey, Vec<UnitCount>>,
}

impl<'a> UnitCounts<'a> {
    /// Reads them off a table of level `da`; units named by `ids`, in the order of units.
    pub(in crate::series) fn of(table: Option<&'a Table>, ids: &[String]) -> Self {
        let mut groups: HashMap<GroupKey, Vec<UnitCount>> = HashMap::new();
        let place: HashMap<&str, u32> = ids.iter().map(String::as_str).zip(0_u32..).collect();
        if let Some(table) = table {
            for group in table.cells.chunk_by(|a, b| (a.series, a.level, a.period) == (b.series, b.level, b.period)) {
                if group[0].level != Level::Da {
                    continue;
                }
                let counts = group
                    .iter()
                    .filter_map(|cell| {
                        let unit = *place.get(table.codes[cell.code as usize].as_str())?;
                        Some((unit, cell.value.number()?, cell.denominator.unwrap_or(0.0)))
                    })
                    .collect();
                groups.insert(key(table, group[0].series, group[0].period), counts);
            }
        }
        Self { table, groups }
    }

    /// Whether counts by unit are given for a series and period of another table.
    pub(in crate::series) fn holds(&self, table: &Table, series: u32, period: u16) -> bool {
        self.find(table, series, period).is_some()
    }

    pub(in crate::series) fn find(&self, table: &Table, series: u32, period: u16) -> Option<&[UnitCount]> {
        self.table?;
        if table.series[series as usize].measure != Measure::Count {
            return None;
        }
        self.groups.get(&key(table, series, period)).map(Vec::as_slice)
    }
}

fn key(table: &Table, series: u32, period: u16) -> GroupKey {
    let series = &table.series[series as usize];
    let period = table.periods[usize::from(period)].label.clone();
    (series.indicator.clone(), series.age.clone(), series.sex.clone(), period)
}
