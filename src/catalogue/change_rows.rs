//! Changes, crosswalks and comparable territories as they are answered: JSON types and rows of CSV.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use serde::Serialize;

use super::Joined;
use crate::domain::{Date, Level, TerritoryCode};
use crate::series::{Basis, Changes, Comparable, Composition, Crosswalk, CrosswalkRow, TargetQuality, TerritoryChange};

/// What became of every territory, with how many fall in each class.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChangesAnswer<'a> {
    from: &'a str,
    to: &'a str,
    date: Date,
    level: Level,
    joined: &'a Joined,
    units_without_people: usize,
    counts: BTreeMap<&'static str, usize>,
    territories: &'a [TerritoryChange],
}

impl<'a> ChangesAnswer<'a> {
    /// The answer for changes found in a setting.
    #[must_use]
    pub fn new(changes: &'a Changes, joined: &'a Joined, units_without_people: usize) -> Self {
        Self {
            from: &changes.from,
            to: &changes.to,
            date: changes.date,
            level: changes.level,
            joined,
            units_without_people,
            counts: changes.counts().into_iter().map(|(class, count)| (class.as_str(), count)).collect(),
            territories: &changes.territories,
        }
    }
}

fn joined_codes(codes: &[TerritoryCode]) -> String {
    codes.iter().map(TerritoryCode::as_str).collect::<Vec<_>>().join(" ")
}

/// Writes changes as CSV, a row a territory.
///
/// # Errors
/// Those of the writer.
pub fn write_changes_csv(changes: &Changes, out: &mut dyn Write) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "from_code",
        "from_name",
        "to_code",
        "to_name",
        "class",
        "ons",
        "modes",
        "date",
        "units_before",
        "units_after",
        "people_before",
        "people_after",
        "people_out",
        "share_out",
        "people_in",
        "share_in",
        "predecessors",
        "successors",
        "parents_changed",
    ])?;
    for change in &changes.territories {
        let code = |code: &Option<TerritoryCode>| code.as_ref().map_or(String::new(), |code| code.as_str().to_owned());
        let modes: Vec<String> = change.modes.iter().map(|mode| mode.number().to_string()).collect();
        let parents: Vec<String> = change
            .parents
            .iter()
            .map(|parent| format!("{} {}>{}", parent.level, joined_codes(&parent.before), joined_codes(&parent.after)))
            .collect();
        csv.write_record([
            code(&change.from_code),
            change.from_name.clone().unwrap_or_default(),
            code(&change.to_code),
            change.to_name.clone().unwrap_or_default(),
            change.class.as_str().to_owned(),
            format!("{:?}", change.ons),
            modes.join(" "),
            changes.date.to_string(),
            change.units_before.to_string(),
            change.units_after.to_string(),
            change.people_before.to_string(),
            change.people_after.to_string(),
            change.people_out.to_string(),
            change.share_out.to_string(),
            change.people_in.to_string(),
            change.share_in.to_string(),
            joined_codes(&change.predecessors),
            joined_codes(&change.successors),
            parents.join("; "),
        ])?;
    }
    csv.flush()?;
    Ok(())
}

/// Weighted pairs, the quality of each target and, through a middle edition, what composing two crosswalks misplaces.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CrosswalkAnswer<'a> {
    from: &'a str,
    to: &'a str,
    level: Level,
    weights: Basis,
    joined: &'a Joined,
    units_without_people: usize,
    rows: &'a [CrosswalkRow],
    targets: &'a [TargetQuality],
    #[serde(skip_serializing_if = "Option::is_none")]
    composition: Option<&'a Composition>,
}

impl<'a> CrosswalkAnswer<'a> {
    /// The answer for a crosswalk made in a setting.
    #[must_use]
    pub fn new(
        crosswalk: &'a Crosswalk,
        joined: &'a Joined,
        units_without_people: usize,
        composition: Option<&'a Composition>,
    ) -> Self {
        Self {
            from: &crosswalk.from,
            to: &crosswalk.to,
            level: crosswalk.level,
            weights: crosswalk.basis,
            joined,
            units_without_people,
            rows: &crosswalk.rows,
            targets: &crosswalk.targets,
            composition,
        }
    }
}

/// Writes a crosswalk as CSV: the columns of NHGIS and the Australian Bureau of Statistics, then the target's quality.
///
/// # Errors
/// Those of the writer.
pub fn write_crosswalk_csv(crosswalk: &Crosswalk, out: &mut dyn Write) -> Result<(), csv::Error> {
    let quality: HashMap<&TerritoryCode, Option<f64>> =
        crosswalk.targets.iter().map(|target| (&target.to_code, target.quality)).collect();
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["from_code", "to_code", "weight", "population", "area_m2", "quality"])?;
    for row in &crosswalk.rows {
        let quality = quality.get(&row.to_code).copied().flatten();
        csv.write_record([
            row.from_code.as_str(),
            row.to_code.as_str(),
            &row.weight.to_string(),
            &row.population.to_string(),
            &row.area_m2.to_string(),
            &quality.map_or_else(String::new, |quality| quality.to_string()),
        ])?;
    }
    csv.flush()?;
    Ok(())
}

/// The finest territories that compare through all editions.
#[derive(Debug, Serialize)]
pub struct CommonAnswer<'a> {
    level: Level,
    editions: Vec<&'a str>,
    joined: &'a Joined,
    single: usize,
    groups: &'a [Comparable],
}

impl<'a> CommonAnswer<'a> {
    /// The answer for groups found between editions, in their order.
    #[must_use]
    pub fn new(level: Level, editions: Vec<&'a str>, joined: &'a Joined, groups: &'a [Comparable]) -> Self {
        Self { level, editions, joined, single: groups.iter().filter(|group| group.single).count(), groups }
    }
}

/// Writes comparable territories as CSV: a row for each code of each edition, with the number of its group.
///
/// # Errors
/// Those of the writer.
pub fn write_common_csv(editions: &[&str], groups: &[Comparable], out: &mut dyn Write) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["group", "edition", "code", "units", "population", "single"])?;
    for (number, group) in groups.iter().enumerate() {
        for (edition, codes) in editions.iter().zip(&group.codes) {
            for code in codes {
                csv.write_record([
                    (number + 1).to_string().as_str(),
                    *edition,
                    code.as_str(),
                    &group.units.to_string(),
                    &group.population.to_string(),
                    if group.single { "true" } else { "false" },
                ])?;
            }
        }
    }
    csv.flush()?;
    Ok(())
}
