//! How far the shares of two neighbours drift apart between the date of the weights and that of a value.
//!
//! A value of one year is shared by weights of another. Between the two, the people of a part grow more or less than those
//! of its neighbour. With `g` the difference of the logarithms of their growths, the share `p` of the part moves by
//! about `p (1 - p) g`; `g` is taken as of variance `s^2 (f(P) + f(Q))`, where `P` and `Q` are the people on either side, `f`
//! says how much more small places drift than large ones ([`size_factor`]), and `s` depends on the time between.
//!
//! Where `s` comes from:
//! 1. **what is known of the past** ([`stated`]): `s = 0.0075 t^0.95` for `t` years beyond the weights, 0.85 times as much
//!    between two known years at distances `a` and `b` with `t = a b / (a + b)`. Estimated on the population of the 166 CLSC
//!    from 1996 to 2020 (each against the next of its RTS: 3.4 % after 5 years, 7.1 % after 10, 11.9 % after 20);
//!    `f` on the same and on the dwellings of 8,500 dissemination areas by period of construction;
//! 2. **what the table itself shows** ([`Drift::seen`]): between the period nearest to the weights and that of the value, how far each
//!    territory whose units stay drifted from the next one under the same parent. The width that holds 95 % of those
//!    differences, less what chance explains, replaces the stated one in proportion to how many there are. A territory that is
//!    bridged is not among them. So projected years, which drift less, get narrower intervals than past ones, and
//!    counts whose geography moves faster than people wider ones.

use super::interval::Z;
use crate::series::compare::Distance;

/// Standard deviation of a year's drift at the usual size, from the past.
const YEARLY: f64 = 0.0075;
/// How it grows with years.
const GROWTH: f64 = 0.95;
/// Part of it that is left where weights are known on both sides.
const BETWEEN: f64 = 0.85;
/// People of a territory of the usual size.
const USUAL_PEOPLE: f64 = 40_000.0;
/// Part of the variance that does not depend on size.
const COMMON: f64 = 0.7;
/// How the rest falls with size.
const SIZE: f64 = 0.8;
/// How many pairs of neighbours the stated drift counts for.
const STATED_WEIGHT: f64 = 8.0;
/// Fewest pairs of neighbours that a table's own drift is read off.
const FEWEST_PAIRS: usize = 20;

/// Years that weights of no known date are taken to be away: a census is at most that old when the next one is out.
const UNDATED_YEARS: f64 = 5.0;

/// How far shares drift: the standard deviation of the logarithm of growth on one side, at the usual size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// The standard deviation.
    pub deviation: f64,
    /// Pairs of neighbours in the table that it was read off; 0 where it is the stated one.
    pub pairs: usize,
}

/// Two neighbours whose units stay, in one period against the period nearest to the weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbours {
    /// Difference of the logarithms of their growths.
    pub difference: f64,
    /// Variance of it by chance.
    pub chance: f64,
    /// People of both.
    pub people: [f64; 2],
}

/// How much more (or less) than one of the usual size a place of so many people drifts, as a variance.
#[must_use]
pub fn size_factor(people: f64) -> f64 {
    COMMON + (1.0 - COMMON) * (people.max(50.0) / USUAL_PEOPLE).powf(-SIZE)
}

/// The drift that the past of Québec's CLSC leads to expect.
#[must_use]
pub fn stated(distance: Distance) -> f64 {
    let after = |years: f64| YEARLY * years.max(0.0).powf(GROWTH);
    match distance {
        Distance::Undated => after(UNDATED_YEARS),
        Distance::Beyond { years } => after(years),
        Distance::Between { since, until } => BETWEEN * after(since * until / (since + until).max(f64::MIN_POSITIVE)),
    }
}

impl Drift {
    /// The stated drift at a distance.
    #[must_use]
    pub fn stated(distance: Distance) -> Self {
        Self { deviation: stated(distance), pairs: 0 }
    }

    /// The drift at a distance of which a table shows pairs of neighbours; they were compared with a period that is itself
    /// as far as `reference` from the weights.
    #[must_use]
    pub fn seen(distance: Distance, reference: Distance, pairs: &[Neighbours]) -> Self {
        let expected = stated(distance);
        let already = stated(reference).min(expected);
        if pairs.len() < FEWEST_PAIRS {
            return Self::stated(distance);
        }
        let sizes = |pair: &Neighbours| size_factor(pair.people[0]) + size_factor(pair.people[1]);
        let mut widths: Vec<f64> = pairs.iter().map(|pair| pair.difference.abs() / sizes(pair).sqrt()).collect();
        widths.sort_by(f64::total_cmp);
        let chance = pairs.iter().map(|pair| pair.chance / sizes(pair)).sum::<f64>() / pairs.len() as f64;
        let found = ((quantile(&widths, 0.95) / Z).powi(2) - chance).max(0.0);
        let since = expected - already;
        // What chance could hide counts for little.
        let weight = pairs.len() as f64 / (1.0 + (chance / since.powi(2).max(1e-8)).powi(2));
        // In logarithms, so that many quiet pairs outweigh a past that was not.
        let least = 0.01 * since.max(1e-4);
        let mixed =
            (STATED_WEIGHT * since.max(least).ln() + weight * found.sqrt().max(least).ln()) / (STATED_WEIGHT + weight);
        Self { deviation: already + mixed.exp(), pairs: pairs.len() }
    }

    /// Variance of the drift of a part of a territory against the rest, by the people of both.
    #[must_use]
    pub fn variance(self, part: f64, rest: f64) -> f64 {
        self.deviation.powi(2) * (size_factor(part) + size_factor(rest))
    }
}

/// A quantile of sorted values, in a straight line between neighbours.
fn quantile(sorted: &[f64], at: f64) -> f64 {
    let place = at * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::{Drift, Neighbours, size_factor, stated};
    use crate::series::compare::Distance;

    fn beyond(years: f64) -> Distance {
        Distance::Beyond { years }
    }

    #[test]
    fn drift_is_nothing_on_the_day_of_the_weights_and_grows_away_from_it() {
        assert!(stated(beyond(0.0)).abs() < 1e-12);
        assert!((stated(beyond(10.0)) - 0.067).abs() < 0.002);
        assert!(stated(beyond(20.0)) > stated(beyond(10.0)));
        let between = Distance::Between { since: 5.0, until: 5.0 };
        assert!(stated(between) < stated(beyond(5.0)), "two known years say more than one");
    }

    #[test]
    fn small_places_drift_more_than_large_ones() {
        assert!(size_factor(500.0) > 3.0 * size_factor(40_000.0));
        assert!((size_factor(40_000.0) - 1.0).abs() < 1e-12);
        assert!(
            Drift::stated(beyond(5.0)).variance(500.0, 40_000.0)
                > Drift::stated(beyond(5.0)).variance(20_000.0, 20_500.0)
        );
    }

    #[test]
    fn what_a_table_shows_outweighs_what_is_stated_where_many_neighbours_show_it() {
        let pair = |difference| Neighbours { difference, chance: 0.0, people: [40_000.0; 2] };
        let quiet: Vec<Neighbours> = (0..150).map(|at| pair(f64::from(at % 10) * 1e-3)).collect();
        let seen = Drift::seen(beyond(20.0), beyond(0.0), &quiet);
        assert_eq!(seen.pairs, 150);
        assert!(seen.deviation < stated(beyond(20.0)) / 3.0, "{seen:?}");
        let few = Drift::seen(beyond(20.0), beyond(0.0), &quiet[..5]);
        assert_eq!(few, Drift::stated(beyond(20.0)));
        let blurred: Vec<Neighbours> = quiet.iter().map(|pair| Neighbours { chance: 1.0, ..*pair }).collect();
        let kept = Drift::seen(beyond(20.0), beyond(0.0), &blurred).deviation;
        assert!((kept / stated(beyond(20.0)) - 1.0).abs() < 0.1, "chance hides all of it: {kept}");
    }
}
