//! Intervals of counts and of weighted sums of counts, by the gamma distribution.

use super::student::ln_gamma;

/// Tail on either side of a 95 % interval.
const TAIL: f64 = 0.025;

/// The exact 95 % interval of the mean of a Poisson count (Garwood 1936), or of a count whose variance is larger than its mean
/// by `beyond`, by matching a gamma distribution (Fay and Feuer 1997 with weights of 1).
pub(in crate::series) fn counted_interval(count: f64, beyond: f64) -> (f64, f64) {
    standardised_interval(count, count + beyond.max(0.0), 1.0)
}

/// The 95 % interval of a weighted sum of Poisson counts (Fay and Feuer 1997): `sum` of w x, `variance` of w^2 x, and the
/// largest weight.
pub(in crate::series) fn standardised_interval(sum: f64, variance: f64, largest: f64) -> (f64, f64) {
    let quantile = |mean: f64, variance: f64, p: f64| {
        if mean <= 0.0 || variance <= 0.0 { 0.0 } else { gamma_quantile(mean * mean / variance, p) * variance / mean }
    };
    let low = quantile(sum, variance, TAIL);
    let high = quantile(sum + largest, variance + largest * largest, 1.0 - TAIL);
    (low, high)
}

/// The value below which a gamma variable of this shape and scale 1 lies with probability `p`, by halving.
fn gamma_quantile(shape: f64, p: f64) -> f64 {
    let spread = shape.sqrt();
    let (mut low, mut high) = (0.0, shape + 12.0 * spread + 12.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if lower_tail(shape, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
        if high - low <= 1e-12 * high {
            break;
        }
    }
    f64::midpoint(low, high)
}

/// The regularised lower incomplete gamma function: its series below the shape, its continued fraction above.
fn lower_tail(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = (shape * x.ln() - x - ln_gamma(shape)).exp();
    if x < shape + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / shape, 1.0 / shape, shape);
        for _ in 0..10_000 {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-15 {
                break;
            }
        }
        return (front * sum).min(1.0);
    }
    let tiny = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / tiny;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..10_000 {
        let an = -f64::from(i) * (f64::from(i) - shape);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < tiny { tiny } else { d };
        c = b + an / c;
        c = if c.abs() < tiny { tiny } else { c };
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    1.0 - front * h
}

#[cfg(test)]
mod tests {
    use super::{counted_interval, standardised_interval};

    #[test]
    fn intervals_of_counts_are_those_of_printed_tables() {
        // Garwood's limits, as printed in tables for a Poisson mean.
        for (count, low, high) in
            [(0.0, 0.0, 3.689), (1.0, 0.0253, 5.572), (10.0, 4.795, 18.390), (100.0, 81.364, 121.627)]
        {
            let found = counted_interval(count, 0.0);
            assert!((found.0 - low).abs() < 2e-3 && (found.1 - high).abs() < 2e-3, "{count}: {found:?}");
        }
        let wider = counted_interval(10.0, 20.0);
        assert!(wider.0 < 4.795 && wider.1 > 18.390);
    }

    #[test]
    fn a_standardised_rate_of_equal_weights_is_a_count_scaled() {
        let (low, high) = standardised_interval(10.0 * 0.5, 10.0 * 0.25, 0.5);
        let (count_low, count_high) = counted_interval(10.0, 0.0);
        assert!((low - count_low * 0.5).abs() < 1e-9 && (high - count_high * 0.5).abs() < 1e-9);
    }
}
