//! Rates by age standardised directly on a standard population, of a bridged table.
//!
//! For each indicator, sex, level, period and territory: the rate of each age group weighed by that group's part of the standard
//! population. The interval is that of Fay and Feuer (1997, by the gamma distribution): exact for a single age group, and
//! never too short for few cases; what bridging makes unsure of a count is added to its variance. Rates that come standardised
//! already can not be bridged: they do not follow from those of parts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::interval::{Interval, Z};
use super::run::{Bridge, BridgedCell};
use crate::domain::Level;
use crate::series::SeriesError;
use crate::series::distributions::standardised_interval;
use crate::series::table::{Measure, Table, means_all};
use crate::series::verdict::ObsStatus;

/// People of a standard population by age group.
#[derive(Debug, Clone, PartialEq)]
pub struct StandardPopulation {
    /// What it is called.
    pub name: String,
    /// People by the age groups' labels.
    pub people: BTreeMap<String, f64>,
}

/// A standardised rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StandardisedRate {
    /// Indicator.
    pub indicator: String,
    /// Sex.
    pub sex: String,
    /// The level.
    pub level: Level,
    /// Label of the period.
    pub period: String,
    /// Place of the territory in the wanted edition's list of the level.
    #[serde(skip)]
    pub territory: u16,
    /// The rate; none where the count or the people of some age group are not known.
    pub rate: Option<f64>,
    /// Its 95 % interval.
    pub interval_95: Option<Interval>,
    /// Cases of all age groups.
    pub cases: Option<f64>,
    /// People of all age groups.
    pub people: Option<f64>,
    /// SDMX observation status.
    #[serde(rename = "OBS_STATUS")]
    pub status: ObsStatus,
}

impl StandardPopulation {
    /// Québec's own: the denominators of the table's last period, all territories and both sexes together.
    ///
    /// # Errors
    /// [`SeriesError::NoStandard`] where the table has no age groups with denominators.
    pub fn of_table(table: &Table) -> Result<Self, SeriesError> {
        let ages = AgeGroups::of(table);
        let last = table.cells.iter().filter(|cell| ages.holds(cell.series)).map(|cell| cell.period).max();
        let finest = table.cells.iter().map(|cell| cell.level).filter(|level| *level != Level::Da).min();
        let mut people: BTreeMap<String, f64> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for cell in &table.cells {
            let key = &table.series[cell.series as usize];
            let counted = ages.holds(cell.series) && Some(cell.period) == last && Some(cell.level) == finest;
            // Each indicator repeats the people of a sex and age: they count once.
            if counted && seen.insert((key.sex.as_str(), key.age.as_str(), cell.code)) {
                *people.entry(key.age.clone()).or_default() += cell.denominator.unwrap_or(0.0);
            }
        }
        if people.values().sum::<f64>() <= 0.0 {
            return Err(SeriesError::NoStandard);
        }
        let period = last.map_or("", |last| table.periods[usize::from(last)].label.as_str());
        Ok(Self { name: format!("Québec {period}"), people })
    }

    /// Reads `age,population` lines; the first line holds headers.
    ///
    /// # Errors
    /// [`SeriesError::BadWeight`] for people that are no number of 0 or more; [`SeriesError::NoStandard`] without any.
    pub fn read(text: &str, name: &str) -> Result<Self, SeriesError> {
        let mut people = BTreeMap::new();
        for (line, row) in (1_u64..).zip(text.trim_start_matches('\u{feff}').lines()).skip(1) {
            let Some((age, count)) = row.rsplit_once([',', ';', '\t']) else { continue };
            let found = count.trim();
            let count = found.parse::<f64>().ok().filter(|count| count.is_finite() && *count >= 0.0);
            let count = count.ok_or_else(|| SeriesError::BadWeight {
                unit: age.trim().to_owned(),
                found: found.to_owned(),
                line,
            })?;
            people.insert(age.trim().trim_matches('"').to_owned(), count);
        }
        if people.values().sum::<f64>() <= 0.0 {
            return Err(SeriesError::NoStandard);
        }
        Ok(Self { name: name.to_owned(), people })
    }
}

/// Series of counts by age group, those of all ages together left out, and of one sex or of both.
struct AgeGroups {
    of_series: Vec<bool>,
}

impl AgeGroups {
    fn of(table: &Table) -> Self {
        let sexes: BTreeSet<&str> = table.series.iter().map(|key| key.sex.as_str()).collect();
        let single = sexes.iter().any(|sex| !means_all(sex));
        let holds = |key: &crate::series::SeriesKey| {
            key.measure == Measure::Count && !means_all(&key.age) && !(single && means_all(&key.sex))
        };
        Self { of_series: table.series.iter().map(holds).collect() }
    }

    fn holds(&self, series: u32) -> bool {
        self.of_series[series as usize]
    }
}

/// Standardises the counts of a bridged table, said of `per` people.
///
/// # Errors
/// [`SeriesError::NoStandard`] where the table has no counts by age group with denominators;
/// [`SeriesError::UnknownAge`] for an age group that the standard population does not hold.
pub fn standardise(
    table: &Table,
    bridge: &Bridge,
    standard: &StandardPopulation,
    per: f64,
) -> Result<Vec<StandardisedRate>, SeriesError> {
    type Key<'a> = (&'a str, &'a str, Level, u16, u16);
    let mut groups: BTreeMap<Key<'_>, Vec<(&str, &BridgedCell)>> = BTreeMap::new();
    for cell in &bridge.cells {
        let key = &table.series[cell.series as usize];
        if key.measure == Measure::Count && !means_all(&key.age) {
            if !standard.people.contains_key(&key.age) {
                let known = standard.people.keys().map(|age| format!("\"{age}\"")).collect::<Vec<_>>().join(", ");
                return Err(SeriesError::UnknownAge { age: key.age.clone(), known });
            }
            let place = (key.indicator.as_str(), key.sex.as_str(), cell.level, cell.period, cell.territory);
            groups.entry(place).or_default().push((&key.age, cell));
        }
    }
    if groups.is_empty() {
        return Err(SeriesError::NoStandard);
    }
    let all: f64 = standard.people.values().sum();
    Ok(groups
        .into_iter()
        .map(|((indicator, sex, level, period, territory), ages)| {
            let mut rate = StandardisedRate {
                indicator: indicator.to_owned(),
                sex: sex.to_owned(),
                level,
                period: table.periods[usize::from(period)].label.clone(),
                territory,
                rate: None,
                interval_95: None,
                cases: None,
                people: None,
                status: ObsStatus::Q,
            };
            if let Some(sums) = Sums::of(&ages, standard, all) {
                let (low, high) = standardised_interval(sums.rate, sums.variance, sums.largest);
                rate.rate = Some(sums.rate * per);
                rate.interval_95 = Some(Interval { low: low * per, high: high * per });
                (rate.cases, rate.people) = (Some(sums.cases), Some(sums.people));
                let worst = ages.iter().map(|(_, cell)| cell.status);
                rate.status =
                    worst.max_by_key(|status| matches!(status, ObsStatus::E | ObsStatus::U)).unwrap_or(ObsStatus::A);
            }
            rate
        })
        .collect())
}

/// What a standardised rate is made of.
struct Sums {
    rate: f64,
    variance: f64,
    largest: f64,
    cases: f64,
    people: f64,
}

impl Sums {
    /// None where an age group of the standard has no count or nobody.
    fn of(ages: &[(&str, &BridgedCell)], standard: &StandardPopulation, all: f64) -> Option<Self> {
        if standard.people.iter().any(|(age, people)| *people > 0.0 && ages.iter().all(|(own, _)| own != age)) {
            return None;
        }
        let mut sums = Self { rate: 0.0, variance: 0.0, largest: 0.0, cases: 0.0, people: 0.0 };
        for (age, cell) in ages {
            let count = cell.value?;
            let people = cell.denominator.filter(|people| *people > 0.0)?;
            let weight = standard.people.get(*age)? / all / people;
            let bridged = cell.interval.map_or(0.0, |interval| ((interval.high - interval.low) / 2.0 / Z).powi(2));
            sums.rate += weight * count;
            sums.variance += weight * weight * (count + bridged);
            sums.largest = sums.largest.max(weight);
            sums.cases += count;
            sums.people += people;
        }
        Some(sums)
    }
}

#[cfg(test)]
mod tests {
    use super::{StandardPopulation, standardise};
    use crate::series::compare::edition;
    use crate::series::*;

    fn bridged(csv: &str) -> (Table, Bridge) {
        let editions = [
            edition("e1", "2017-01-01", 4, &["06111 Un 0611: 0 1", "06112 Deux 0611: 2 3"]),
            edition("e2", "2022-01-01", 4, &["06111 Un 0611: 0 1 2 3"]),
        ];
        let timeline = Timeline::new(&editions, &UnitWeights::new(vec![100; 4], vec![1.0; 4]));
        let table = Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap();
        let made = bridge(&table, &timeline, 1, &BridgeOptions::default()).unwrap();
        (table, made)
    }

    #[test]
    fn a_standardised_rate_is_bridged_from_its_age_groups_and_never_averaged() {
        let (table, made) = bridged(
            "annee,code,age,cas,population\n2021,06111,0-64,10,1000\n2021,06111,65+,40,200\n\
             2021,06112,0-64,30,3000\n2021,06112,65+,20,400\n",
        );
        let standard = StandardPopulation::read("age,population\n0-64,800\n65+,200\n", "essai").unwrap();
        let rates = standardise(&table, &made, &standard, 1000.0).unwrap();
        // (40 / 4000 x 0.8 + 60 / 600 x 0.2) x 1000
        assert_eq!(rates.len(), 1);
        assert!((rates[0].rate.unwrap() - 28.0).abs() < 1e-9, "{rates:?}");
        let interval = rates[0].interval_95.unwrap();
        assert!(
            interval.low < 28.0 && 28.0 < interval.high && interval.low > 20.0 && interval.high < 38.0,
            "{interval:?}"
        );
        let own = StandardPopulation::of_table(&table).unwrap();
        assert_eq!(own.people.values().copied().collect::<Vec<_>>(), [4000.0, 600.0]);
        let crude = standardise(&table, &made, &own, 1000.0).unwrap();
        assert!(
            (crude[0].rate.unwrap() - 100.0 / 4600.0 * 1000.0).abs() < 1e-9,
            "on its own people a rate is the crude one"
        );
    }

    #[test]
    fn an_age_group_that_the_standard_does_not_hold_is_named() {
        let (table, made) =
            bridged("annee,code,age,cas,population\n2021,06111,0-64,10,1000\n2021,06112,0-64,10,1000\n");
        let standard = StandardPopulation::read("age,population\n0-17,800\n", "essai").unwrap();
        let refused = standardise(&table, &made, &standard, 1000.0);
        assert!(matches!(refused, Err(SeriesError::UnknownAge { .. })));
        let (plain, made) = bridged("annee,code,cas\n2021,06111,10\n2021,06112,10\n");
        assert!(matches!(standardise(&plain, &made, &standard, 1.0), Err(SeriesError::NoStandard)));
    }
}
