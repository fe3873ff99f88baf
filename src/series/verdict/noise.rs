//! The noise of a series, such that a jump in it does not hide itself or another.
//!
//! The differences of a short series give its noise badly, and one jump among them (or one odd year, which makes two) makes it
//! look noisy. So:
//! 1. the one or two (three in long series) differences farthest from the median are left out, and the variance of the rest is
//!    made up for that (that of a normal variable cut at the same quantile);
//! 2. what chance explains of it (counts are Poisson) is known, and only the rest is estimated;
//! 3. the territories of a series are taken together: their median rest weighs as many degrees of freedom as they are alike
//!    (empirical Bayes, as Smyth 2004 for variances), and each one's own weighs its own.
//!
//! Degrees of freedom are those at which simulated normal series give as many p-values below a limit as they should.

/// Territories from which on the noise of one is weighed with that of the others.
const ALIKE_FROM: usize = 15;
/// Most degrees of freedom that the other territories count for.
const MOST_POOLED: f64 = 60.0;

/// Differences of one territory: the mean, and what its noise is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Noise {
    /// Mean difference of those that are kept.
    pub(super) mean: f64,
    /// Variance beyond chance.
    pub(super) beyond: f64,
    /// Mean variance by chance.
    pub(super) chance: f64,
    /// Degrees of freedom.
    pub(super) df: f64,
    /// Differences kept.
    pub(super) kept: usize,
}

/// What the territories of a series have in common.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Pooled {
    /// Variance beyond chance.
    pub(super) beyond: f64,
    /// Degrees of freedom it counts for; 0 where there is nothing to pool.
    pub(super) df: f64,
}

/// How many differences are left out of the noise of a series of `count`.
const fn left_out(count: usize) -> usize {
    match count {
        0..=4 => 0,
        5..=7 => 1,
        8..=15 => 2,
        _ => 3,
    }
}

impl Noise {
    /// The noise of differences, each with its variance by chance; none for fewer than three.
    pub(super) fn of(differences: &[(f64, f64)]) -> Option<Self> {
        let count = differences.len();
        if count < 3 {
            return None;
        }
        let mut values: Vec<f64> = differences.iter().map(|(value, _)| *value).collect();
        values.sort_unstable_by(f64::total_cmp);
        let middle = median(&values);
        // The farthest from the median are at either end of the sorted list.
        let (mut first, mut last) = (0, count);
        for _ in 0..left_out(count) {
            if middle - values[first] > values[last - 1] - middle { first += 1 } else { last -= 1 }
        }
        let kept = &values[first..last];
        let n = kept.len() as f64;
        let mean = kept.iter().sum::<f64>() / n;
        let variance = kept.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let chance = differences.iter().map(|(_, chance)| *chance).sum::<f64>() / count as f64;
        let whole = variance / cut_variance(n / count as f64);
        let df = if left_out(count) > 0 { n - 2.0 } else { n - 1.0 };
        Some(Self { mean, beyond: (whole - chance).max(0.0), chance, df: df.max(1.0), kept: kept.len() })
    }

    /// The same weighed with what the other territories show.
    pub(super) fn with(self, pooled: Pooled) -> Self {
        let df = self.df + pooled.df;
        Self { beyond: (self.df * self.beyond + pooled.df * pooled.beyond) / df, df, ..self }
    }
}

impl Pooled {
    /// What the noises of the territories of a series have in common; nothing where there are few.
    pub(super) fn of(noises: &[Noise]) -> Self {
        if noises.len() < ALIKE_FROM {
            return Self::default();
        }
        // The median of a chi-square variable lies below its mean.
        let raised = |df: f64| df / (df - 2.0 / 3.0).max(0.4);
        let mut beyond: Vec<f64> = noises
            .iter()
            .map(|noise| (noise.beyond + noise.chance) * raised(noise.df) - noise.chance)
            .map(|beyond| beyond.max(0.0))
            .collect();
        beyond.sort_unstable_by(f64::total_cmp);
        let beyond = median(&beyond);
        let mut spread: Vec<f64> = noises
            .iter()
            .map(|noise| {
                ((noise.beyond + noise.chance) / (beyond + noise.chance).max(f64::MIN_POSITIVE)).max(1e-6).ln()
            })
            .collect();
        spread.sort_unstable_by(f64::total_cmp);
        let middle = median(&spread);
        let mut away: Vec<f64> = spread.iter().map(|value| (value - middle).abs()).collect();
        away.sort_unstable_by(f64::total_cmp);
        let found = (1.4826 * median(&away)).powi(2);
        let own = noises.iter().map(|noise| trigamma(noise.df / 2.0)).sum::<f64>() / noises.len() as f64;
        Self { beyond, df: df_of_spread(found - own) }
    }
}

/// The degrees of freedom at which logarithms of variances spread by so much.
fn df_of_spread(excess: f64) -> f64 {
    if excess <= trigamma(MOST_POOLED / 2.0) {
        return MOST_POOLED;
    }
    let (mut low, mut high) = (0.5, MOST_POOLED);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if trigamma(middle / 2.0) > excess { low = middle } else { high = middle }
    }
    if high < 1.0 { 0.0 } else { high }
}

/// The second derivative of the logarithm of the gamma function, for x > 0.
fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 6.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    sum + inverse * (1.0 + inverse * (0.5 + inverse * (1.0 / 6.0 - square * (1.0 / 30.0 - square / 42.0))))
}

/// Variance of a standard normal variable kept to its middle `part`.
fn cut_variance(part: f64) -> f64 {
    if part >= 1.0 {
        return 1.0;
    }
    let z = normal_quantile(f64::midpoint(1.0, part));
    1.0 - 2.0 * z * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() / part
}

/// The quantile of a standard normal variable for 0.5 < p < 1, to 4 digits (Hastings 1955).
fn normal_quantile(p: f64) -> f64 {
    let t = (-2.0 * (1.0 - p).ln()).sqrt();
    t - (2.515_517 + t * (0.802_853 + t * 0.010_328)) / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)))
}

/// The median of sorted values.
fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) }
}

#[cfg(test)]
mod tests {
    use super::{Noise, Pooled, cut_variance, trigamma};

    fn differences(list: &[f64]) -> Vec<(f64, f64)> {
        list.iter().map(|&value| (value, 0.0)).collect()
    }

    #[test]
    fn two_jumps_do_not_make_a_series_look_noisy() {
        let quiet = [0.01, -0.01, 0.02, -0.02, 0.01, -0.01, 0.02, -0.02, 0.01, 0.0];
        let mut struck = quiet;
        (struck[2], struck[6]) = (0.4, -0.4);
        let [quiet, struck] = [quiet, struck].map(|list| Noise::of(&differences(&list)).unwrap());
        assert!(struck.beyond < 2.0 * quiet.beyond, "{struck:?} {quiet:?}");
        assert!(struck.mean.abs() < 0.01);
    }

    #[test]
    fn constants_are_those_of_tables() {
        assert!((trigamma(1.0) - std::f64::consts::PI.powi(2) / 6.0).abs() < 1e-6);
        assert!((cut_variance(0.8) - 0.4375).abs() < 2e-3 && (cut_variance(0.9) - 0.6230).abs() < 2e-3);
    }

    #[test]
    fn territories_that_are_alike_weigh_much_and_few_of_them_nothing() {
        let noise = |beyond| Noise { mean: 0.0, beyond, chance: 1e-4, df: 8.0, kept: 10 };
        let alike: Vec<Noise> = (0..60).map(|at| noise(1e-3 * (0.6 + f64::from(at % 9) / 10.0))).collect();
        assert!(Pooled::of(&alike).df > 20.0);
        let apart: Vec<Noise> = (0..60).map(|at| noise(10_f64.powi(at % 5 - 5))).collect();
        assert!(Pooled::of(&apart).df < 3.0, "{:?}", Pooled::of(&apart));
        assert!(Pooled::of(&alike[..5]).df.abs() < 1e-12);
    }
}
