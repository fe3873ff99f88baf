//! How far an estimate may be from the count that a recount on the new limits would have given.
//!
//! A territory with `n` cases and a part `p` of its people on the other side of a new limit had `X` of its cases there.
//! `X` is taken as beta-binomial: cases fall among people by chance, and the part's rate differs from the whole's.
//! With `w_i` the units' parts of the people, the variance of the part's share of cases is, to first order,
//! `tau^2 p^2 q^2 (a(m) + a(k))`, where `m` and `k` are the effective numbers of units, `(sum w)^2 / sum w^2`, on either side
//! of the limit, and `a(m) = (1 - c) / m + c / max(1, m / g)`: a part `c` of the differences is common to neighbourhoods of
//! `g` units. `tau` is how much rates differ between territories of the level, estimated from the values themselves
//! ([`Heterogeneity::estimate`]) and drawn towards a stated prior; that rates differ inside territories by
//! [`INSIDE`] times as much is a stated prior too, and so are `c` and `g`.
//!
//! Coverage, as `cargo bench --bench bridge_coverage` prints it (10,000 simulated revisions, 140,000 estimates):
//!
//! | cases expected where limits moved | covered |
//! |---|---|
//! | below 2 | 96.1 % |
//! | 2 to 5 | 95.2 % |
//! | 5 to 20 | 94.9 % |
//! | 20 to 100 | 94.8 % |
//! | 100 to 1000 | 95.0 % |
//! | above 1000 | 93.9 % |
//!
//! That is where rates differ inside territories about as much as between them, which counts by territory can not tell:
//! where they differ half as much the intervals are too wide (98.1 %), where twice as much too narrow (85.7 %).

use serde::Serialize;

/// How much rates differ inside a territory, as a multiple of how much they differ between territories: a prior.
pub const INSIDE: f64 = 1.0;
/// Part of the differences inside a territory that neighbours share: a prior.
const NEIGHBOURLY: f64 = 0.5;
/// Units in a neighbourhood: a prior.
const NEIGHBOURHOOD: f64 = 8.0;
/// Coefficient of variation of rates between territories before anything is seen: a prior.
const PRIOR_SPREAD: f64 = 0.25;
/// Smallest coefficient of variation.
const LEAST_SPREAD: f64 = 0.002;
/// How many territories the prior counts for.
const PRIOR_WEIGHT: f64 = 8.0;
/// Standard deviation up to which distributions are added up number by number.
const SMALL: f64 = 12.0;
/// Mass of the interval.
const LEVEL: f64 = 0.95;
/// Normal quantile of the same.
pub(super) const Z: f64 = 1.959_963_985;

/// A 95 % interval, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Interval {
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
}

/// How much rates differ between territories: a coefficient of variation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Heterogeneity {
    /// The coefficient of variation beyond chance, drawn towards the prior.
    pub spread: f64,
    /// Territories it was estimated from.
    pub territories: usize,
}

/// A source's part in a target: what it counts and how sure the share is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareSpread {
    /// Cases of the whole source.
    pub count: f64,
    /// Part of its people that goes to the target, between 0 and 1.
    pub share: f64,
    /// Effective number of units that go.
    pub units_in: f64,
    /// Effective number of units that do not.
    pub units_out: f64,
    /// Variance of the logarithm of the part's growth against the rest's since the date of the weights.
    pub drift: f64,
}

impl Heterogeneity {
    /// Estimates it from counts and the people (or denominators) they come from, by moments.
    ///
    /// The sum of (count - expected)^2 beyond what chance explains, over the sum of expected^2.
    #[must_use]
    pub fn estimate(counts_and_exposures: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let pairs: Vec<(f64, f64)> =
            counts_and_exposures.into_iter().filter(|(count, exposure)| *exposure > 0.0 && count.is_finite()).collect();
        let (counts, exposures) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
        let prior = PRIOR_SPREAD * PRIOR_SPREAD;
        let territories = pairs.len();
        if territories < 2 || counts <= 0.0 {
            return Self { spread: PRIOR_SPREAD, territories: 0 };
        }
        let rate = counts / exposures;
        let (mut beyond, mut square) = (0.0, 0.0);
        for (count, exposure) in &pairs {
            let expected = rate * exposure;
            beyond += (count - expected).powi(2) - expected;
            square += expected * expected;
        }
        let n = territories as f64;
        let found = (beyond / square * n / (n - 1.0)).max(0.0);
        // What chance alone could hide: an estimate of 0 from few cases is no proof of equal rates.
        let blur = counts * (2.0 / n).sqrt() / square.max(f64::MIN_POSITIVE);
        let weight = n / (1.0 + (blur / prior).powi(2));
        // In logarithms: many territories that are alike (people themselves, say) outweigh a prior that is far from them.
        let found = found.max(blur / 4.0).max(LEAST_SPREAD * LEAST_SPREAD);
        let mixed = (PRIOR_WEIGHT * prior.ln() + weight * found.ln()) / (PRIOR_WEIGHT + weight);
        Self { spread: (mixed / 2.0).exp(), territories }
    }
}

impl ShareSpread {
    /// Variance of the share of cases, beyond chance.
    #[must_use]
    pub fn share_variance(&self, heterogeneity: Heterogeneity) -> f64 {
        let side = |units: f64| {
            let units = units.max(1.0);
            (1.0 - NEIGHBOURLY) / units + NEIGHBOURLY / (units / NEIGHBOURHOOD).max(1.0)
        };
        let pq = self.share * (1.0 - self.share);
        let relative = (heterogeneity.spread * INSIDE).powi(2);
        (pq * pq * (relative * (side(self.units_in) + side(self.units_out)) + self.drift)).min(pq * 0.95)
    }

    /// Variance of the cases that go to the target.
    #[must_use]
    pub fn variance(&self, heterogeneity: Heterogeneity) -> f64 {
        let pq = self.share * (1.0 - self.share);
        self.count * pq + self.count * (self.count - 1.0).max(0.0) * self.share_variance(heterogeneity)
    }
}

/// A sum of beta-binomials matched by size, mean and variance.
struct Moments {
    size: f64,
    mean: f64,
    variance: f64,
}

impl Moments {
    fn of<'a>(parts: impl Iterator<Item = &'a ShareSpread>, heterogeneity: Heterogeneity, turned: bool) -> Self {
        let mut sum = Self { size: 0.0, mean: 0.0, variance: 0.0 };
        for part in parts {
            sum.size += part.count;
            sum.mean += part.count * if turned { 1.0 - part.share } else { part.share };
            sum.variance += part.variance(heterogeneity);
        }
        sum
    }

    /// Parameters of the beta behind it; none where it is no more spread than a binomial.
    fn beta(&self) -> Option<(f64, f64)> {
        let p = self.mean / self.size;
        let chance = self.size * p * (1.0 - p);
        let correlation = (self.variance / chance - 1.0) / (self.size - 1.0);
        let sum = 1.0 / correlation - 1.0;
        (self.size > 1.0 && correlation > 1e-12 && sum > 0.0).then_some((p * sum, (1.0 - p) * sum))
    }

    /// Third central moment.
    fn third(&self) -> f64 {
        if self.variance <= 0.0 {
            return 0.0;
        }
        let p = self.mean / self.size;
        let skew = match self.beta() {
            Some((a, b)) => {
                let s = a + b;
                (s + 2.0 * self.size) * (b - a) / (s + 2.0) * ((1.0 + s) / (self.size * a * b * (self.size + s))).sqrt()
            }
            None => (1.0 - 2.0 * p) / (self.size * p * (1.0 - p)).sqrt(),
        };
        skew * self.variance.powf(1.5)
    }

    /// Probabilities from the first number on that has a noticeable one.
    fn masses(&self) -> (i64, Vec<f64>) {
        if self.mean <= 0.0 || self.size <= 0.0 {
            return (0, vec![1.0]);
        }
        let top = self.size.ceil().max(1.0);
        let p = (self.mean / top).min(1.0 - 1e-12);
        let ratio: Box<dyn Fn(f64) -> f64> = match self.beta() {
            Some((a, b)) => Box::new(move |k| (top - k) / (k + 1.0) * (k + a) / (top - k - 1.0 + b)),
            None => Box::new(move |k| (top - k) / (k + 1.0) * p / (1.0 - p)),
        };
        let start = self.mean.floor().min(top);
        let (mut down, mut up) = (Vec::new(), vec![1.0]);
        let (mut k, mut mass) = (start, 1.0);
        while k < top && up.len() < 4000 {
            mass *= ratio(k);
            k += 1.0;
            up.push(mass);
            if mass < 1e-9 && k > self.mean + 2.0 {
                break;
            }
        }
        (k, mass) = (start, 1.0);
        while k > 0.0 && down.len() < 4000 {
            k -= 1.0;
            mass /= ratio(k);
            down.push(mass);
            if mass < 1e-9 {
                break;
            }
        }
        let first = start as i64 - down.len() as i64;
        down.reverse();
        down.extend(up);
        let sum: f64 = down.iter().sum();
        for mass in &mut down {
            *mass /= sum;
        }
        (first, down)
    }
}

/// The 95 % interval of a target's count: `exact` from whole sources, and what partial ones give.
///
/// Small counts: the shortest run of numbers whose mass is nearest to 95 %, by adding distributions up; large ones: a
/// Pearson type III curve with the same mean, variance and skewness. `step` is the unit values are written in (1 for
/// counts). `estimate` is always inside.
#[must_use]
pub fn spread_interval(
    exact: f64,
    parts: &[ShareSpread],
    heterogeneity: Heterogeneity,
    estimate: f64,
    step: f64,
) -> Interval {
    let gained = Moments::of(parts.iter().filter(|part| part.share <= 0.5), heterogeneity, false);
    let lost = Moments::of(parts.iter().filter(|part| part.share > 0.5), heterogeneity, true);
    let base = exact + lost.size;
    let variance = gained.variance + lost.variance;
    let most = base + gained.size;
    let (low, high) = if step >= 1.0 && variance.sqrt() <= SMALL {
        let (low, high) = shortest(&gained, &lost);
        (base + low as f64, base + high as f64)
    } else {
        let mean = base + gained.mean - lost.mean;
        let deviation = variance.sqrt();
        let skew = if variance > 0.0 { (gained.third() - lost.third()) / variance.powf(1.5) } else { 0.0 };
        let at = |z: f64| mean + deviation * pearson_three(z, skew);
        ((at(-Z) / step).round() * step, (at(Z) / step).round() * step)
    };
    Interval { low: low.clamp(exact.min(estimate), estimate), high: high.clamp(estimate, most.max(estimate)) }
}

/// Wilson and Hilferty's quantile of a standard Pearson type III variable.
fn pearson_three(z: f64, skew: f64) -> f64 {
    if skew.abs() < 1e-6 {
        return z;
    }
    let sixth = skew / 6.0;
    let cube = (1.0 + sixth * z - sixth * sixth).max(0.0).powi(3);
    (cube - 1.0) * 2.0 / skew
}

fn shortest(gained: &Moments, lost: &Moments) -> (i64, i64) {
    let (first_gained, up) = gained.masses();
    let (first_lost, down) = lost.masses();
    let mut masses = vec![0.0; up.len() + down.len() - 1];
    for (g, gain) in up.iter().enumerate() {
        for (l, loss) in down.iter().enumerate() {
            masses[g + down.len() - 1 - l] += gain * loss;
        }
    }
    let offset = first_gained - first_lost - (down.len() as i64 - 1);
    let mode = (0..masses.len()).fold(0, |best, at| if masses[at] > masses[best] { at } else { best });
    let (mut low, mut high, mut mass) = (mode, mode, masses[mode]);
    while mass < LEVEL {
        let below = if low > 0 { masses[low - 1] } else { -1.0 };
        let above = masses.get(high + 1).copied().unwrap_or(-1.0);
        let next = below.max(above);
        if next < 0.0 {
            break;
        }
        if mass + next - LEVEL > LEVEL - mass && mass > 0.9 {
            break;
        }
        mass += next;
        if above >= below {
            high += 1;
        } else {
            low -= 1;
        }
    }
    (offset + low as i64, offset + high as i64)
}
