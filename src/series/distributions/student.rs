//! The tail of Student's t, for tests against a series' own noise.

/// Two-sided p-value of a t statistic with `df` degrees of freedom (above 0).
#[must_use]
pub(in crate::series) fn two_sided_p(t: f64, df: f64) -> f64 {
    if !t.is_finite() {
        return 0.0;
    }
    incomplete_beta(df / 2.0, 0.5, df / (df + t * t))
}

/// Logarithm of the gamma function for x > 0: Stirling's series after shifting x above 12; 11 digits.
pub(in crate::series) fn ln_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 12.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - shift
}

/// Regularised incomplete beta function, by its continued fraction (Lentz's method).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guarded = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guarded(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for m in 1..300 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guarded(1.0 + even * d);
        c = guarded(1.0 + even / c);
        result *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guarded(1.0 + odd * d);
        c = guarded(1.0 + odd / c);
        result *= d * c;
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{ln_gamma, two_sided_p};

    #[test]
    fn tails_are_those_of_printed_tables() {
        for (t, df, p) in [(12.706, 1.0, 0.05), (2.571, 5.0, 0.05), (2.878, 18.0, 0.01), (1.96, 1e7, 0.05)] {
            assert!((two_sided_p(t, df) - p).abs() < 1e-4, "t {t} df {df}: {}", two_sided_p(t, df));
        }
        assert!((two_sided_p(0.0, 4.0) - 1.0).abs() < 1e-12);
        assert!(
            (ln_gamma(5.0) - 24_f64.ln()).abs() < 1e-11
                && (ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-11
        );
    }
}
