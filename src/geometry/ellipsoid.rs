//! Lengths and areas on the GRS 80 ellipsoid (that of NAD83; WGS 84's differs by 0.1 mm in the minor axis).

use geo::{Distance, Geodesic, Point};

use super::FixedPoint;
use super::fixed::UNITS_PER_DEGREE;

const SEMI_MAJOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_222_101;
const ECCENTRICITY2: f64 = FLATTENING * (2.0 - FLATTENING);
const RADIANS_PER_UNIT: f64 = std::f64::consts::PI / 180.0 / UNITS_PER_DEGREE;

/// Metres in one grid unit, eastward and northward, around a latitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalScale {
    /// Metres in a grid unit of longitude.
    pub east_m: f64,
    /// Metres in a grid unit of latitude.
    pub north_m: f64,
}

impl LocalScale {
    /// The scale at a latitude in degrees, from the two radii of curvature there.
    #[must_use]
    #[inline]
    pub fn at(lat: f64) -> Self {
        let (sin, cos) = lat.to_radians().sin_cos();
        let w2 = 1.0 - ECCENTRICITY2 * sin * sin;
        let w = w2.sqrt();
        Self {
            east_m: SEMI_MAJOR_M / w * cos * RADIANS_PER_UNIT,
            north_m: SEMI_MAJOR_M * (1.0 - ECCENTRICITY2) / (w2 * w) * RADIANS_PER_UNIT,
        }
    }
}

/// The plane around a position: offsets whose length is the distance on the ellipsoid to the other position.
///
/// Gauss's middle-latitude formulae (Rapp 1991, 1.38) with the radii of curvature expanded around the position, so that an
/// offset costs some twenty multiplications. Within 1e-9 of the distance below 5 km, 1e-7 below 70 km, 1e-6 below 200 km.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalPlane {
    origin: FixedPoint,
    east: [f64; 4],
    north: [f64; 3],
    bend: [f64; 3],
}

impl LocalPlane {
    /// The plane around a position.
    #[must_use]
    pub fn around(origin: FixedPoint) -> Self {
        let (sin, cos) = origin.lat().to_radians().sin_cos();
        let (sin2, cos2) = (sin * sin, cos * cos);
        let inverse_w2 = 1.0 / (1.0 - ECCENTRICITY2 * sin2);
        let n = SEMI_MAJOR_M * inverse_w2.sqrt();
        let m = n * (1.0 - ECCENTRICITY2) * inverse_w2;
        let m1 = 3.0 * m * ECCENTRICITY2 * sin * cos * inverse_w2;
        let m2 = 3.0 * m * ECCENTRICITY2 * (cos2 - sin2) * inverse_w2;
        let second2 = ECCENTRICITY2 / (1.0 - ECCENTRICITY2);
        let eta2 = second2 * cos2;
        let v2 = 1.0 + eta2;
        Self {
            origin,
            east: [n * cos, -m * sin, -(m1 * sin + m * cos) / 2.0, (m * sin - 2.0 * m1 * cos - m2 * sin) / 6.0],
            north: [m, m1, m2 / 2.0],
            bend: [
                -sin2 / 24.0,
                // The square of the tangent times that of eta is the second eccentricity's times that of the sine.
                (v2 - 9.0 * second2 * sin2) / (24.0 * v2 * v2),
                -(2.0 * cos2 + 3.0 * sin2 + 2.0 * eta2 * cos2) / 24.0,
            ],
        }
    }

    /// The offset of another position in metres, east first.
    #[must_use]
    #[inline]
    pub fn offset(&self, p: FixedPoint) -> [f64; 2] {
        self.offset_of(f64::from(p.x), f64::from(p.y))
    }

    /// [`Self::offset`] of a position that need not be whole.
    #[must_use]
    #[inline]
    pub fn offset_of(&self, x: f64, y: f64) -> [f64; 2] {
        let lon = (x - f64::from(self.origin.x)) * RADIANS_PER_UNIT;
        let lat = (y - f64::from(self.origin.y)) * RADIANS_PER_UNIT;
        let half = lat / 2.0;
        let [e0, e1, e2, e3] = self.east;
        let [n0, n1, n2] = self.north;
        let east = e0 + half * (e1 + half * (e2 + half * e3));
        let north = n0 + half * (n1 + half * n2);
        let (lon2, lat2) = (lon * lon, lat * lat);
        [lon * east * (1.0 + self.bend[0] * lon2 + self.bend[1] * lat2), lat * north * (1.0 + self.bend[2] * lon2)]
    }

    /// The offsets to the second order: metres in a grid unit eastward and northward, and the part by which each changes with
    /// every unit that a position lies further north.
    #[must_use]
    #[inline]
    pub fn second_order(&self) -> ([f64; 2], [f64; 2]) {
        let half = RADIANS_PER_UNIT / 2.0;
        let [e0, e1, ..] = self.east;
        let [n0, n1, _] = self.north;
        ([e0 * RADIANS_PER_UNIT, e1 / e0 * half], [n0 * RADIANS_PER_UNIT, n1 / n0 * half])
    }

    /// Metres in a grid unit of longitude and of latitude, at the position itself.
    #[must_use]
    #[inline]
    pub fn scale(&self) -> LocalScale {
        LocalScale { east_m: self.east[0] * RADIANS_PER_UNIT, north_m: self.north[0] * RADIANS_PER_UNIT }
    }
}

/// Length of the geodesic between two positions, in metres (Karney 2013).
#[must_use]
pub fn distance_m(a: FixedPoint, b: FixedPoint) -> f64 {
    Geodesic.distance(Point::new(a.lon(), a.lat()), Point::new(b.lon(), b.lat()))
}

/// The function of latitude whose product with a longitude in radians is an area in square metres: Snyder 1987, eq. 3-12,
/// times half the square of the semi-major axis.
fn authalic_m2(y: u32) -> f64 {
    let sin = (FixedPoint { x: 0, y }.lat()).to_radians().sin();
    let e = ECCENTRICITY2.sqrt();
    let q = (1.0 - ECCENTRICITY2) * (sin / (1.0 - ECCENTRICITY2 * sin * sin) + (e * sin).atanh() / e);
    SEMI_MAJOR_M * SEMI_MAJOR_M / 2.0 * q
}

/// Signed area in square metres between a chain and the equator; over a closed ring, the area inside, positive where
/// the ring turns counterclockwise.
///
/// Each edge is taken as straight on the equal-area cylindrical projection, which for edges of
/// [`MAX_EDGE`](super::fixed::MAX_EDGE) is within a millionth of the area beside it.
#[must_use]
pub fn area_under_m2(chain: &[FixedPoint]) -> f64 {
    let Some(&first) = chain.first() else { return 0.0 };
    // Relative to the first vertex, so that small rings keep their digits.
    let base = authalic_m2(first.y);
    let mut before = (first.x, 0.0);
    let mut sum = 0.0;
    for &vertex in &chain[1..] {
        let height = authalic_m2(vertex.y) - base;
        sum -= (f64::from(vertex.x) - f64::from(before.0)) * (height + before.1) / 2.0;
        before = (vertex.x, height);
    }
    let last = before.0;
    (sum - (f64::from(last) - f64::from(first.x)) * base) * RADIANS_PER_UNIT
}

/// Length of a chain in metres, each edge in the scale of its middle.
#[must_use]
pub fn length_m(chain: &[FixedPoint]) -> f64 {
    chain
        .windows(2)
        .map(|edge| {
            let scale = LocalScale::at(f64::midpoint(edge[0].lat(), edge[1].lat()));
            let dx = (f64::from(edge[1].x) - f64::from(edge[0].x)) * scale.east_m;
            let dy = (f64::from(edge[1].y) - f64::from(edge[0].y)) * scale.north_m;
            dx.hypot(dy)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{GeodesicArea, LineString, Polygon};

    #[test]
    fn the_area_of_a_square_kilometre_agrees_with_the_geodesic_one() {
        let corners = [(-73.6, 45.5), (-73.587, 45.5), (-73.587, 45.509), (-73.6, 45.509), (-73.6, 45.5)];
        let chain: Vec<FixedPoint> =
            corners.iter().map(|&(lon, lat)| FixedPoint::from_degrees(lon, lat).unwrap()).collect();
        let polygon = Polygon::new(LineString::from(corners.to_vec()), vec![]);
        let expected = polygon.geodesic_area_signed();
        let found = area_under_m2(&chain);
        assert!((found / expected - 1.0).abs() < 2e-6, "{found} against {expected}");
        let reversed: Vec<FixedPoint> = chain.iter().rev().copied().collect();
        assert!((area_under_m2(&reversed) + found).abs() < 1e-3);
    }

    #[test]
    fn offsets_in_the_local_plane_are_as_long_as_the_geodesic() {
        for (lon, lat) in [(-73.55, 45.5), (-66.0, 55.0), (-75.0, 62.0)] {
            let plane = LocalPlane::around(FixedPoint::from_degrees(lon, lat).unwrap());
            for (reach, allowed) in [(0.03, 2e-9), (0.5, 1e-7), (1.5, 1e-6)] {
                for (dx, dy) in [(1.0, 0.0), (0.0, -1.0), (0.7, 0.7), (-1.0, 0.3), (0.2, -0.9)] {
                    let p = FixedPoint::from_degrees(lon + dx * reach, lat + dy * reach).unwrap();
                    let [x, y] = plane.offset(p);
                    let expected = distance_m(plane.origin, p);
                    let off = (x.hypot(y) / expected - 1.0).abs();
                    assert!(off < allowed, "{lon} {lat} {dx} {dy} {reach}: off by {off}");
                }
            }
        }
    }

    #[test]
    fn a_short_length_agrees_with_the_geodesic() {
        let a = FixedPoint::from_degrees(-73.6, 45.5).unwrap();
        let b = FixedPoint::from_degrees(-73.59, 45.507).unwrap();
        assert!((length_m(&[a, b]) / distance_m(a, b) - 1.0).abs() < 1e-8);
    }
}
