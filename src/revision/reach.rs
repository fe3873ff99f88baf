//! How far people are from the nearest CLSC installation.

use serde::Serialize;

use super::PlacedInstallation;
use crate::geometry::FixedPoint;
use crate::geometry::ellipsoid::LocalPlane;

/// People's distance to the nearest CLSC installation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Distances {
    /// Half of the people are no farther, metres.
    pub median_m: f64,
    /// Nine in ten people are no farther, metres.
    pub p90_m: f64,
    /// Share of people farther than the setting, 0 to 1.
    pub share_far: f64,
}

/// Installations in order of longitude, so that a search looks at those nearby only.
#[derive(Debug, Clone)]
pub(super) struct Reach(Vec<(FixedPoint, u32)>);

impl Reach {
    /// The CLSC installations of a list.
    pub(super) fn new(installations: &[PlacedInstallation]) -> Self {
        let mut points: Vec<(FixedPoint, u32)> = (installations.iter())
            .filter(|known| known.is_clsc)
            .filter_map(|known| Some((FixedPoint::from_degrees(known.lon, known.lat)?, known.unit)))
            .collect();
        points.sort_unstable_by_key(|&(point, unit)| (point.x, point.y, unit));
        Self(points)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that stand in some units.
    pub(super) fn among(&self, inside: impl Fn(u32) -> bool) -> Self {
        Self(self.0.iter().filter(|known| inside(known.1)).copied().collect())
    }

    /// The units in which they stand.
    pub(super) fn units(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().map(|known| known.1)
    }

    /// Metres to the nearest; none where there is none.
    fn nearest_m(&self, from: FixedPoint) -> Option<f64> {
        self.nearest_known(from).map(|(metres, _)| metres)
    }

    /// The unit in which the nearest stands; none where there is none.
    pub(super) fn nearest(&self, from: FixedPoint) -> Option<u32> {
        self.nearest_known(from).map(|(_, unit)| unit)
    }

    fn nearest_known(&self, from: FixedPoint) -> Option<(f64, u32)> {
        let plane = LocalPlane::around(from);
        // A degree of longitude shrinks northward: by far less than half over the distances that matter here.
        let least_m = plane.scale().east_m / 2.0;
        let (mut best, mut unit) = (f64::INFINITY, 0);
        let mut look = |&(target, own): &(FixedPoint, u32)| {
            let beyond = (f64::from(target.x) - f64::from(from.x)) * least_m;
            if beyond * beyond > best {
                return false;
            }
            let [x, y] = plane.offset(target);
            let apart = x * x + y * y;
            if apart < best {
                (best, unit) = (apart, own);
            }
            true
        };
        let start = self.0.partition_point(|known| known.0.x < from.x);
        let (west, east) = self.0.split_at(start);
        let _ = east.iter().all(&mut look);
        let _ = west.iter().rev().all(&mut look);
        best.is_finite().then(|| (best.sqrt(), unit))
    }

    /// People-weighted distances from units to the nearest; none without installations or people.
    pub(super) fn distances(
        &self,
        members: &[u32],
        points: &[FixedPoint],
        people: &[u64],
        far_m: f64,
    ) -> Option<Distances> {
        let by_distance = members
            .iter()
            .filter(|&&unit| people[unit as usize] > 0)
            .filter_map(|&unit| Some((self.nearest_m(points[unit as usize])?, people[unit as usize])))
            .collect();
        let (median_m, p90_m, share_far) = quantiles(by_distance, far_m)?;
        Some(Distances { median_m, p90_m, share_far })
    }
}

/// The median and the ninth decile of values that so many people have, and the share of people beyond a bound; none without
/// people.
pub(super) fn quantiles(mut values: Vec<(f64, u64)>, far: f64) -> Option<(f64, f64, f64)> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: u64 = values.iter().map(|known| known.1).sum();
    let last = values.last()?.0;
    let quantile = |tenths: u64| {
        let mut people = 0;
        let found = values.iter().find(|known| {
            people += known.1;
            people * 10 >= total * tenths
        });
        found.map_or(last, |known| known.0)
    };
    let beyond: u64 = values.iter().filter(|known| known.0 > far).map(|known| known.1).sum();
    (total > 0).then(|| (quantile(5), quantile(9), beyond as f64 / total as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_installation_is_that_of_a_full_scan() {
        let mut state = 9_u64;
        let mut draw = |span: f64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 * span
        };
        let mut place = || FixedPoint::from_degrees(-79.0 + draw(20.0), 45.0 + draw(10.0)).unwrap();
        let reach = {
            let mut points: Vec<(FixedPoint, u32)> = (0..300).map(|unit| (place(), unit)).collect();
            points.sort_unstable_by_key(|&(point, unit)| (point.x, point.y, unit));
            Reach(points)
        };
        for _ in 0..500 {
            let from = place();
            let plane = LocalPlane::around(from);
            let squares = reach.0.iter().map(|known| plane.offset(known.0)).map(|[x, y]| x * x + y * y);
            let expected = squares.fold(f64::INFINITY, f64::min).sqrt();
            assert!((reach.nearest_m(from).unwrap() - expected).abs() < 1e-9);
        }
        assert!(reach.among(|_| false).nearest_m(place()).is_none());
    }
}
