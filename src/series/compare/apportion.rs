//! Sharing out a whole so that the parts add up to it exactly: the method of largest remainders.

/// Shares `total` in whole numbers in proportion to `weights`; the parts add up to `total` exactly.
///
/// Each part gets the floor of its quota; what is left goes one by one to the largest fractional parts, the first of
/// equals first (Hamilton's method). Weights are not negative; where all are zero everything goes to the first part.
/// Negative totals are shared as their opposite. An empty list gives an empty list. O(n log n).
///
/// ```
/// use rattache::series::share_out;
/// assert_eq!(share_out(10, &[1.0, 1.0, 1.0]), vec![4, 3, 3]);
/// assert_eq!(share_out(7, &[0.0, 2.0]), vec![0, 7]);
/// ```
#[must_use]
pub fn share_out(total: i64, weights: &[f64]) -> Vec<i64> {
    if total < 0 {
        return share_out(-total, weights).into_iter().map(|part| -part).collect();
    }
    let sum: f64 = weights.iter().sum();
    if weights.is_empty() {
        return Vec::new();
    }
    if sum <= 0.0 || !sum.is_finite() {
        let mut parts = vec![0; weights.len()];
        parts[0] = total;
        return parts;
    }
    let quotas: Vec<f64> = weights.iter().map(|weight| total as f64 * (weight / sum)).collect();
    let mut parts: Vec<i64> = quotas.iter().map(|quota| quota.floor() as i64).collect();
    let mut left = total - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).filter(|&at| weights[at] > 0.0).collect();
    order.sort_by(|&a, &b| {
        let remainder = |at: usize| quotas[at] - quotas[at].floor();
        remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b))
    });
    // Rounding of the quotas can leave the floors a unit too high as well as too low.
    for &at in order.iter().cycle().take(order.len() * 2) {
        if left > 0 {
            parts[at] += 1;
            left -= 1;
        } else if left == 0 {
            break;
        }
    }
    for &at in order.iter().rev().cycle().take(order.len() * 2) {
        if left < 0 && parts[at] > 0 {
            parts[at] -= 1;
            left += 1;
        } else if left == 0 {
            break;
        }
    }
    parts[order[0]] += left;
    parts
}

#[cfg(test)]
mod tests {
    use super::share_out;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_add_up_and_stay_within_one_of_their_quota(
            total in 0_i64..1_000_000_000,
            weights in prop::collection::vec(0.0_f64..1e6, 1..12),
        ) {
            let parts = share_out(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            let sum: f64 = weights.iter().sum();
            if sum > 0.0 {
                for (part, weight) in parts.iter().zip(&weights) {
                    prop_assert!((*part as f64 - total as f64 * weight / sum).abs() <= 1.0 + 1e-6);
                }
            }
        }
    }

    #[test]
    fn without_weights_the_first_part_has_everything_and_a_zero_weight_has_nothing() {
        assert_eq!(share_out(5, &[0.0, 0.0]), vec![5, 0]);
        assert_eq!(share_out(1, &[0.0, 1.0, 1.0]), vec![0, 1, 0]);
        assert_eq!(share_out(-3, &[1.0, 2.0]), vec![-1, -2]);
    }
}
