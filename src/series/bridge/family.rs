//! Series that add up to one another: sexes and age groups to their totals.
//!
//! Each source is shared out among its targets once for the whole family, from the total down, so that what adds up
//! before adds up after, to the last unit. Where a source's own values do not add up (a part is withheld, a sex is not known),
//! they are shared out apart and no sum is promised.

use std::collections::BTreeMap;

use crate::series::compare::share_out;
use crate::series::table::{Measure, SeriesKey, means_all};

/// What adds up to what, as places in [`Family::series`].
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    /// The whole is shared out first, its parts so that they add up to it in every target.
    Split { whole: usize, parts: Vec<usize> },
    /// The parts are shared out already; the whole is their sum in every target.
    Sum { whole: usize, parts: Vec<usize> },
}

/// The series of one indicator and measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Family {
    /// Places in the table's list of series.
    pub(super) series: Vec<u32>,
    rules: Vec<Rule>,
}

/// Groups the series of a table by indicator and measure, in the order of their first series.
pub(super) fn families(series: &[SeriesKey]) -> Vec<Family> {
    let mut members: BTreeMap<(&str, Measure), Vec<u32>> = BTreeMap::new();
    for (place, key) in (0_u32..).zip(series) {
        members.entry((&key.indicator, key.measure)).or_default().push(place);
    }
    let mut families: Vec<Family> = members
        .into_iter()
        .map(|((_, measure), list)| {
            let rules = if measure == Measure::Count && list.len() > 1 { rules(series, &list) } else { Vec::new() };
            Family { series: list, rules }
        })
        .collect();
    families.sort_by_key(|family| family.series[0]);
    families
}

fn rules(series: &[SeriesKey], members: &[u32]) -> Vec<Rule> {
    let key = |at: usize| &series[members[at] as usize];
    let total_of = |read: &dyn Fn(&SeriesKey) -> &str| -> Option<String> {
        let mut labels: Vec<&str> = (0..members.len()).map(|at| read(key(at))).collect();
        labels.sort_unstable();
        labels.dedup();
        (labels.len() > 1).then(|| labels.into_iter().find(|label| means_all(label)).map(str::to_owned)).flatten()
    };
    let (sex, age) = (total_of(&|key| &key.sex), total_of(&|key| &key.age));
    let is = |label: &str, total: &Option<String>| total.as_deref() == Some(label);
    let all = || 0..members.len();
    let alike = |at: usize, parts: Vec<usize>| (at, parts);
    // By sex for an age group, by age group for a sex.
    let by_sex = |at: usize| {
        let parts = all().filter(|&other| key(other).age == key(at).age && !is(&key(other).sex, &sex)).collect();
        alike(at, parts)
    };
    let by_age = |at: usize| {
        let parts = all().filter(|&other| key(other).sex == key(at).sex && !is(&key(other).age, &age)).collect();
        alike(at, parts)
    };
    let sex_totals: Vec<usize> = all().filter(|&at| is(&key(at).sex, &sex)).collect();
    let age_totals: Vec<usize> = all().filter(|&at| is(&key(at).age, &age)).collect();
    let of_both = |at: &usize| sex_totals.contains(at) && age_totals.contains(at);
    let mut found: Vec<Rule> = Vec::new();
    let mut split = |(whole, parts): (usize, Vec<usize>)| {
        if !parts.is_empty() {
            found.push(Rule::Split { whole, parts });
        }
    };
    // The grand total by sex, each sex by age, then what is left.
    sex_totals.iter().filter(|at| of_both(at) || age.is_none()).for_each(|&at| split(by_sex(at)));
    age_totals.iter().filter(|at| !of_both(at)).for_each(|&at| split(by_age(at)));
    let sums = sex_totals.iter().filter(|at| !of_both(at) && age.is_some()).map(|&at| by_sex(at));
    found.extend(sums.filter(|(_, parts)| !parts.is_empty()).map(|(whole, parts)| Rule::Sum { whole, parts }));
    let mut split = |(whole, parts): (usize, Vec<usize>)| {
        if !parts.is_empty() {
            found.push(Rule::Split { whole, parts });
        }
    };
    age_totals.iter().filter(|at| of_both(at) || sex.is_none()).for_each(|&at| split(by_age(at)));
    sex_totals.iter().filter(|at| !of_both(at)).for_each(|&at| split(by_sex(at)));
    found
}

impl Family {
    /// Shares the values of one source (one a series; none where it has no number) among its targets by weights.
    ///
    /// The parts of a series add up to its value, and series that add up before add up in every target.
    pub(super) fn share_out(&self, values: &[Option<i64>], weights: &[f64]) -> Vec<Option<Vec<i64>>> {
        let mut shared: Vec<Option<Vec<i64>>> = vec![None; values.len()];
        let adds_up = |whole: usize, parts: &[usize]| {
            let sum = parts.iter().try_fold(0, |sum: i64, &part| Some(sum + values[part]?));
            sum.is_some() && sum == values[whole]
        };
        for rule in &self.rules {
            match rule {
                Rule::Split { whole, parts }
                    if adds_up(*whole, parts) && parts.iter().all(|&part| shared[part].is_none()) =>
                {
                    let columns =
                        shared[*whole].get_or_insert_with(|| share_out(values[*whole].unwrap_or(0), weights)).clone();
                    let rows: Vec<i64> = parts.iter().filter_map(|&part| values[part]).collect();
                    for (&part, row) in parts.iter().zip(controlled(&rows, weights, &columns)) {
                        shared[part] = Some(row);
                    }
                }
                Rule::Sum { whole, parts }
                    if adds_up(*whole, parts)
                        && shared[*whole].is_none()
                        && parts.iter().all(|&part| shared[part].is_some()) =>
                {
                    let mut sum = vec![0; weights.len()];
                    for row in parts.iter().filter_map(|&part| shared[part].as_ref()) {
                        sum.iter_mut().zip(row).for_each(|(sum, part)| *sum += part);
                    }
                    shared[*whole] = Some(sum);
                }
                _ => {}
            }
        }
        for (shared, value) in shared.iter_mut().zip(values) {
            if let (None, Some(value)) = (&shared, value) {
                *shared = Some(share_out(*value, weights));
            }
        }
        shared
    }
}

/// Shares each row by weights in whole numbers so that rows keep their sums and columns add up to those given.
///
/// Each cell gets the floor of its quota; what is left of a row goes, one by one, to the columns that still lack most, the largest
/// fractional part first. `columns` must be one way to share the sum of the rows.
fn controlled(rows: &[i64], weights: &[f64], columns: &[i64]) -> Vec<Vec<i64>> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return rows.iter().map(|&row| share_out(row, weights)).collect();
    }
    let quota = |row: i64, at: usize| row as f64 * weights[at] / sum;
    let mut shared: Vec<Vec<i64>> =
        rows.iter().map(|&row| (0..weights.len()).map(|at| quota(row, at).floor() as i64).collect()).collect();
    let mut lacking: Vec<i64> =
        (0..weights.len()).map(|at| columns[at] - shared.iter().map(|row| row[at]).sum::<i64>()).collect();
    for (cells, &row) in shared.iter_mut().zip(rows) {
        let mut left = row - cells.iter().sum::<i64>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by(|&a, &b| quota(row, b).fract().total_cmp(&quota(row, a).fract()).then(a.cmp(&b)));
        while left > 0 {
            let Some(&at) = order.iter().find(|&&at| lacking[at] > 0) else { break };
            let rest = order.iter().position(|&other| other == at).unwrap_or_default();
            cells[at] += 1;
            lacking[at] -= 1;
            left -= 1;
            // The next unit goes to another column first.
            let taken = order.remove(rest);
            order.push(taken);
        }
    }
    // Quotas that rounding pushed over a whole number leave a column too full: units go back within rows.
    while let Some(over) = lacking.iter().position(|&lacks| lacks < 0) {
        let Some(under) = lacking.iter().position(|&lacks| lacks > 0) else { break };
        let Some(row) = shared.iter_mut().find(|row| row[over] > 0) else { break };
        row[over] -= 1;
        row[under] += 1;
        lacking[over] += 1;
        lacking[under] -= 1;
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::{controlled, families};
    use crate::series::compare::share_out;
    use crate::series::table::{Measure, SeriesKey};
    use proptest::prelude::*;

    fn key(age: &str, sex: &str) -> SeriesKey {
        SeriesKey { indicator: String::new(), age: age.to_owned(), sex: sex.to_owned(), measure: Measure::Count }
    }

    proptest! {
        #[test]
        fn rows_and_columns_both_keep_their_sums(
            rows in prop::collection::vec(0_i64..5_000, 1..20),
            weights in prop::collection::vec(0.0_f64..1e5, 1..6),
        ) {
            let columns = share_out(rows.iter().sum(), &weights);
            let shared = controlled(&rows, &weights, &columns);
            for (row, cells) in rows.iter().zip(&shared) {
                prop_assert_eq!(cells.iter().sum::<i64>(), *row);
                prop_assert!(cells.iter().all(|&cell| cell >= 0));
            }
            for (at, column) in columns.iter().enumerate() {
                prop_assert_eq!(shared.iter().map(|row| row[at]).sum::<i64>(), *column);
            }
        }

        #[test]
        fn sexes_and_ages_add_up_to_every_total_in_every_target(
            counts in prop::collection::vec(0_i64..300, 6),
            weights in prop::collection::vec(1.0_f64..1e4, 2..5),
        ) {
            let labels = ["0-17", "18-64", "65+", "Total"];
            let sexes = ["F", "M", "Total"];
            let keys: Vec<SeriesKey> =
                sexes.iter().flat_map(|sex| labels.iter().map(|age| key(age, sex))).collect();
            let (f, m) = counts.split_at(3);
            let row = |ages: [i64; 3]| [ages[0], ages[1], ages[2], ages.iter().sum()];
            let both = [0, 1, 2].map(|at| f[at] + m[at]);
            let values: Vec<Option<i64>> = [row([f[0], f[1], f[2]]), row([m[0], m[1], m[2]]), row(both)]
                .concat().into_iter().map(Some).collect();
            let family = families(&keys).remove(0);
            let shared: Vec<Vec<i64>> = family.share_out(&values, &weights).into_iter().flatten().collect();
            #[expect(clippy::needless_range_loop, reason = "one place in every age")]
            for at in 0..weights.len() {
                for sex in 0..3 {
                    let ages: i64 = (0..3).map(|age| shared[sex * 4 + age][at]).sum();
                    prop_assert_eq!(ages, shared[sex * 4 + 3][at]);
                }
                for age in 0..4 {
                    prop_assert_eq!(shared[age][at] + shared[4 + age][at], shared[8 + age][at]);
                }
            }
        }
    }

    #[test]
    fn parts_that_do_not_add_up_are_shared_out_apart() {
        let keys = [key("", "F"), key("", "M"), key("", "Total")];
        let family = families(&keys).remove(0);
        let shared = family.share_out(&[Some(3), Some(5), Some(9)], &[1.0, 1.0]);
        assert_eq!(shared[2], Some(share_out(9, &[1.0, 1.0])));
        let withheld = family.share_out(&[None, Some(5), Some(9)], &[1.0, 1.0]);
        assert_eq!((&withheld[0], &withheld[1]), (&None, &Some(share_out(5, &[1.0, 1.0]))));
    }
}
