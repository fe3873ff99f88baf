//! Weights known at several dates: what they are on any other day, and how far that day is from what is known.

use serde::Serialize;

use crate::domain::Date;

/// Weights at one date, in the order of what they weigh (units, pieces or parts).
#[derive(Debug, Clone, PartialEq)]
pub struct DatedWeights {
    /// The day they were counted; 1 July where only a year is known.
    pub date: Date,
    /// The weights.
    pub weights: Vec<f64>,
}

/// How far a day is from the weights that are known, in years.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(tag = "weights", rename_all = "snake_case")]
pub enum Distance {
    /// Weights of no known date.
    Undated,
    /// Before the first or after the last known weights, which are used as they are.
    Beyond {
        /// Years to the nearest known weights.
        years: f64,
    },
    /// Between two known weights, interpolated.
    Between {
        /// Years since the ones before.
        since: f64,
        /// Years to the ones after.
        until: f64,
    },
}

impl Distance {
    /// The distance of a day from known dates, in their order.
    #[must_use]
    pub fn of(date: Date, known: &[DatedWeights]) -> Self {
        let (Some(first), Some(last)) = (known.first(), known.last()) else { return Self::Undated };
        let (day, first, last) = (date.decimal_year(), first.date.decimal_year(), last.date.decimal_year());
        if day <= first || day >= last {
            return Self::Beyond { years: (first - day).max(day - last) };
        }
        let after = known.partition_point(|other| other.date.decimal_year() < day);
        let [since, until] = [after - 1, after].map(|at| (day - known[at].date.decimal_year()).abs());
        Self::Between { since, until }
    }

    /// Years to the nearest known weights.
    #[must_use]
    pub fn years(self) -> f64 {
        match self {
            Self::Undated => f64::INFINITY,
            Self::Beyond { years } => years,
            Self::Between { since, until } => since.min(until),
        }
    }
}

/// The weights on a day: those of the nearest known date outside of them, interpolated in a straight line between two.
///
/// None where none are dated.
#[must_use]
pub(in crate::series) fn weights_on(date: Date, known: &[DatedWeights]) -> Option<Vec<f64>> {
    match Distance::of(date, known) {
        Distance::Undated => None,
        Distance::Beyond { .. } => {
            let first = known.first().filter(|first| date <= first.date);
            first.or(known.last()).map(|nearest| nearest.weights.clone())
        }
        Distance::Between { since, until } => {
            let after = known.partition_point(|other| other.date.decimal_year() < date.decimal_year());
            let (older, newer) = (&known[after - 1].weights, &known[after].weights);
            let part = since / (since + until);
            Some(older.iter().zip(newer).map(|(older, newer)| older * (1.0 - part) + newer * part).collect())
        }
    }
}

/// Adds weights up by group: `group` names the group of each.
pub(super) fn added_up(known: &[DatedWeights], group: impl Fn(usize) -> usize, groups: usize) -> Vec<DatedWeights> {
    let sum = |weights: &[f64]| {
        let mut sums = vec![0.0; groups];
        for (place, weight) in weights.iter().enumerate() {
            sums[group(place)] += weight;
        }
        sums
    };
    known.iter().map(|dated| DatedWeights { date: dated.date, weights: sum(&dated.weights) }).collect()
}

#[cfg(test)]
mod tests {
    use super::{DatedWeights, Distance, weights_on};
    use crate::domain::Date;

    fn known() -> Vec<DatedWeights> {
        let at =
            |year, weights: [f64; 2]| DatedWeights { date: Date::new(year, 7, 1).unwrap(), weights: weights.to_vec() };
        vec![at(2006, [100.0, 0.0]), at(2016, [200.0, 50.0])]
    }

    #[test]
    fn weights_are_interpolated_between_known_years_and_held_outside_of_them() {
        let on = |year| weights_on(Date::new(year, 7, 1).unwrap(), &known()).unwrap();
        assert_eq!(on(1996), [100.0, 0.0]);
        assert_eq!(on(2006), [100.0, 0.0]);
        assert!((on(2011)[0] - 150.0).abs() < 0.1 && (on(2011)[1] - 25.0).abs() < 0.1);
        assert_eq!(on(2030), [200.0, 50.0]);
        assert_eq!(weights_on(Date::new(2000, 1, 1).unwrap(), &[]), None);
    }

    #[test]
    fn a_day_is_as_far_from_the_weights_as_from_the_nearest_of_them() {
        let of = |year| Distance::of(Date::new(year, 7, 1).unwrap(), &known());
        assert!(matches!(of(1996), Distance::Beyond { years } if (years - 10.0).abs() < 0.01));
        assert!(matches!(of(2016), Distance::Beyond { years } if years.abs() < 0.01));
        assert!(matches!(of(2009), Distance::Between { since, until }
            if (since - 3.0).abs() < 0.01 && (until - 7.0).abs() < 0.01));
        assert!((of(2009).years() - 3.0).abs() < 0.01);
        assert_eq!(Distance::of(Date::new(2009, 7, 1).unwrap(), &[]), Distance::Undated);
    }
}
