//! The plane in which the model is drawn, and the province's outline in it.
//!
//! x is longitude shortened by the cosine of 49° N, y is latitude: true to shape in the inhabited south, stretched in
//! the far north, and an affine map of degrees, so that straight lines and sides are kept.

/// Cosine of 49° N.
const SHRINK: f64 = 0.656_059_028_990_507_3;

/// Longitude and latitude to the plane.
pub(super) fn to_plane(lon: f64, lat: f64) -> [f64; 2] {
    [lon * SHRINK, lat]
}

/// From the plane to longitude and latitude, snapped to 1e-7 degree (about 1 cm).
pub(super) fn to_degrees(point: [f64; 2]) -> [f64; 2] {
    [(point[0] / SHRINK * 1e7).round() / 1e7, (point[1] * 1e7).round() / 1e7]
}

/// Distance between two points of the plane, in degrees of latitude.
pub(super) fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// The province's outline: land and water inside it are the model's, nothing outside is.
#[derive(Debug)]
pub(super) struct Outline {
    edges: Vec<Edge>,
}

/// A straight piece of the outline.
#[derive(Debug)]
struct Edge {
    start: [f64; 2],
    step: [f64; 2],
    /// One over the length squared.
    shortness: f64,
}

impl Edge {
    /// The point of the edge nearest to another point.
    fn foot(&self, point: [f64; 2]) -> [f64; 2] {
        let (x, y) = (point[0] - self.start[0], point[1] - self.start[1]);
        let along = ((x * self.step[0] + y * self.step[1]) * self.shortness).clamp(0.0, 1.0);
        [self.start[0] + along * self.step[0], self.start[1] + along * self.step[1]]
    }
}

fn away_squared(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    x * x + y * y
}

impl Outline {
    /// The outline stated in `data/`.
    pub(super) fn stated() -> Self {
        let mut edges = Vec::new();
        for ring in crate::geometry::surroundings::outline() {
            let ring: Vec<[f64; 2]> = ring.into_iter().map(|[lon, lat]| to_plane(lon, lat)).collect();
            for (at, &end) in ring.iter().enumerate() {
                let start = ring[(at + ring.len() - 1) % ring.len()];
                let step = [end[0] - start[0], end[1] - start[1]];
                edges.push(Edge { start, step, shortness: 1.0 / (step[0] * step[0] + step[1] * step[1]) });
            }
        }
        Self { edges }
    }

    /// Whether a point is inside (even-odd rule; a point on the outline is on either side).
    pub(super) fn contains(&self, point: [f64; 2]) -> bool {
        self.edges.iter().fold(false, |inside, Edge { start, step, .. }| {
            let spans = (start[1] > point[1]) != (start[1] + step[1] > point[1]);
            inside != (spans && point[0] < step[0] * (point[1] - start[1]) / step[1] + start[0])
        })
    }

    /// Reflections of an inner point across the nearest edges of the outline, those outside only.
    ///
    /// Where a point and its reflection are neighbours in a Voronoi diagram, their border lies on the outline.
    /// Nothing for a point farther than `reach` from it. O(edges).
    pub(super) fn reflections(&self, point: [f64; 2], reach: f64, found: &mut Vec<[f64; 2]>) {
        let nearest = self.edges.iter().map(|edge| away_squared(point, edge.foot(point))).fold(f64::INFINITY, f64::min);
        if nearest > reach * reach {
            return;
        }
        let first = found.len();
        for edge in &self.edges {
            let foot = edge.foot(point);
            // Twice as far, squared.
            if away_squared(point, foot) > 4.0 * nearest {
                continue;
            }
            let mirrored = [2.0 * foot[0] - point[0], 2.0 * foot[1] - point[1]];
            let known = found[first..].iter().any(|other| distance(*other, mirrored) < 1e-6);
            if !known && !self.contains(mirrored) {
                found.push(mirrored);
            }
        }
    }
}
