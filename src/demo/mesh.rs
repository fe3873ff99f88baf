//! Cells of the model: a Voronoi diagram whose every border is drawn once, as a wavy line, and used by both sides.
//!
//! Why the coverage is clean. A Voronoi cell is convex and holds the triangles between its site and each of its
//! borders; the two triangles of a border make a kite, and kites of different borders share no inner point. A wavy
//! border stays in a rhombus inside its own kite and advances steadily from one end to the other, so it meets neither
//! itself nor another border. Each line is kept once and read forwards by one cell and backwards by the other, so
//! neighbours repeat each other's vertices bit for bit. The outer limit is made of borders like the others: sites are
//! reflected outside the outline, and the cells of the reflections are dropped.

use delaunator::{EMPTY, Point, Triangulation, next_halfedge, triangulate};

use super::plane::{Outline, distance, to_degrees, to_plane};
use super::random::mix;
use super::sites::Site;

/// Sites farther than this from the outline need no reflection, in degrees of latitude.
const REACH: f64 = 0.9;
/// Corners nearer than this to each other become one, in degrees of latitude (about 30 cm).
const MERGE: f64 = 3e-6;
/// Borders shorter than this stay straight, in degrees of latitude (about 3 m).
const STRAIGHT: f64 = 3e-5;
/// How steep the rhombus of a border may be: tangent of the angle at its ends.
const STEEPEST: f64 = 0.6;
/// Part of the rhombus that a border may use; the rest is a margin for snapping.
const USED: f64 = 0.85;
/// Kilometres in a degree of latitude.
const KM: f64 = 111.2;

/// The diagram of some inner sites, with reflections around them.
pub(super) struct Mesh {
    points: Vec<[f64; 2]>,
    inner: usize,
    triangulation: Triangulation,
    /// Corner of each triangle: the middle of its circle, snapped, brought back to the plane.
    corners: Vec<[f64; 2]>,
    /// The triangle whose corner each triangle's corner became one with; usually its own.
    leaders: Vec<usize>,
    /// A half-edge that ends at each point.
    incoming: Vec<usize>,
}

/// The wavy borders of a [`Mesh`], in snapped longitude and latitude.
pub(super) struct Borders {
    ends: Vec<[usize; 2]>,
    points: Vec<[f64; 2]>,
}

impl Mesh {
    /// Draws the diagram. O(n log n) in the number of sites, times the length of the outline.
    pub(super) fn new(sites: &[Site], outline: &Outline) -> Self {
        let mut points: Vec<[f64; 2]> = sites.iter().map(|site| site.at).collect();
        for site in sites {
            outline.reflections(site.at, REACH, &mut points);
        }
        // A wide ring of far points keeps every inner cell bounded.
        for step in 0..64 {
            let angle = f64::from(step) * std::f64::consts::TAU / 64.0;
            let middle = to_plane(-68.0, 53.0);
            points.push([middle[0] + 40.0 * angle.cos(), middle[1] + 40.0 * angle.sin()]);
        }
        let input: Vec<Point> = points.iter().map(|&[x, y]| Point { x, y }).collect();
        let triangulation = triangulate(&input);
        let mut incoming = vec![EMPTY; points.len()];
        for half in 0..triangulation.triangles.len() {
            incoming[triangulation.triangles[next_halfedge(half)]] = half;
        }
        let mut corners: Vec<[f64; 2]> = triangulation
            .triangles
            .chunks_exact(3)
            .map(|corner| {
                let middle = circle_middle(points[corner[0]], points[corner[1]], points[corner[2]]);
                let [lon, lat] = to_degrees(middle);
                to_plane(lon, lat)
            })
            .collect();
        let leaders = merge_corners(&mut corners, &triangulation);
        Self { points, inner: sites.len(), triangulation, corners, leaders, incoming }
    }

    /// Half-edges that leave a site, in turn around it.
    fn spokes(&self, site: usize) -> impl Iterator<Item = usize> + '_ {
        let start = self.incoming[site];
        let mut current = Some(start).filter(|&half| half != EMPTY);
        std::iter::from_fn(move || {
            let spoke = next_halfedge(current?);
            let next = self.triangulation.halfedges[spoke];
            current = Some(next).filter(|&half| half != EMPTY && half != start);
            Some(spoke)
        })
    }

    /// Corners on both sides of a half-edge: the ends of the border it crosses.
    fn border_ends(&self, half: usize) -> [[f64; 2]; 2] {
        [self.corners[half / 3], self.corners[self.triangulation.halfedges[half] / 3]]
    }

    /// Whether the border that a half-edge crosses has shrunk to a point.
    fn is_point(&self, half: usize) -> bool {
        self.leaders[half / 3] == self.leaders[self.triangulation.halfedges[half] / 3]
    }

    /// Sites whose cells share a border with a site's, with the border's length in degrees of latitude.
    pub(super) fn neighbours(&self, site: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.spokes(site).filter_map(|half| {
            let other = self.triangulation.triangles[next_halfedge(half)];
            let [start, end] = self.border_ends(half);
            (other < self.inner && !self.is_point(half)).then(|| (other, distance(start, end)))
        })
    }

    /// Distance from a site to the nearest other one, reflections too.
    pub(super) fn nearest_neighbour(&self, site: usize) -> Option<f64> {
        self.spokes(site)
            .map(|half| self.triangulation.triangles[next_halfedge(half)])
            .map(|other| distance(self.points[site], self.points[other]))
            .min_by(f64::total_cmp)
    }

    /// Middle of a cell, its borders taken as straight.
    pub(super) fn centroid(&self, site: usize) -> Option<[f64; 2]> {
        let at = self.points[site];
        let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
        for half in self.spokes(site) {
            let [a, b] = self.border_ends(half).map(|corner| [corner[0] - at[0], corner[1] - at[1]]);
            let twice = a[0] * b[1] - a[1] * b[0];
            area += twice;
            x += twice * (a[0] + b[0]) / 3.0;
            y += twice * (a[1] + b[1]) / 3.0;
        }
        (area != 0.0).then(|| [at[0] + x / area, at[1] + y / area])
    }

    /// Draws every border of an inner cell, once.
    pub(super) fn borders(&self) -> Borders {
        let halves = &self.triangulation.halfedges;
        let mut borders = Borders { ends: vec![[0, 0]; halves.len()], points: Vec::new() };
        for (half, &pair) in halves.iter().enumerate() {
            if pair == EMPTY || pair < half {
                continue;
            }
            let left = self.triangulation.triangles[half];
            let right = self.triangulation.triangles[pair];
            if left < self.inner || right < self.inner {
                let start = borders.points.len();
                draw(self.border_ends(half), [self.points[left], self.points[right]], &mut borders.points);
                borders.ends[half] = [start, borders.points.len()];
            }
        }
        borders
    }

    /// The ring of a site's cell in longitude and latitude, open (the first point is not repeated).
    pub(super) fn ring(&self, site: usize, borders: &Borders) -> Vec<[f64; 2]> {
        let mut ring = Vec::new();
        for half in self.spokes(site) {
            if self.is_point(half) {
                continue;
            }
            ring.push(to_degrees(self.corners[half / 3]));
            let pair = self.triangulation.halfedges[half];
            let [from, to] = borders.ends[half.min(pair)];
            let line = &borders.points[from..to];
            if half < pair {
                ring.extend_from_slice(line);
            } else {
                ring.extend(line.iter().rev());
            }
        }
        ring
    }
}

/// Middle of the circle through three points.
fn circle_middle(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> [f64; 2] {
    let (bx, by, cx, cy) = (b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]);
    let (b2, c2) = (bx * bx + by * by, cx * cx + cy * cy);
    let twice = 2.0 * (bx * cy - by * cx);
    [a[0] + (cy * b2 - by * c2) / twice, a[1] + (bx * c2 - cx * b2) / twice]
}

/// Gives neighbouring corners that nearly coincide one and the same position; says which corner leads each.
fn merge_corners(corners: &mut [[f64; 2]], triangulation: &Triangulation) -> Vec<usize> {
    let mut leader: Vec<usize> = (0..corners.len()).collect();
    let find = |leader: &[usize], mut at: usize| {
        while leader[at] != at {
            at = leader[at];
        }
        at
    };
    for (half, &pair) in triangulation.halfedges.iter().enumerate() {
        if pair != EMPTY && half < pair && distance(corners[half / 3], corners[pair / 3]) < MERGE {
            let (a, b) = (find(&leader, half / 3), find(&leader, pair / 3));
            leader[a.max(b)] = a.min(b);
        }
    }
    for corner in 0..corners.len() {
        leader[corner] = find(&leader, corner);
        corners[corner] = corners[leader[corner]];
    }
    leader
}

/// Points of a wavy line between two corners, ends left out, inside the rhombus that both sites' triangles allow.
fn draw([start, end]: [[f64; 2]; 2], sites: [[f64; 2]; 2], line: &mut Vec<[f64; 2]>) {
    let length = distance(start, end);
    if length < STRAIGHT {
        return;
    }
    let (dx, dy) = ((end[0] - start[0]) / length, (end[1] - start[1]) / length);
    let mut steepness = STEEPEST;
    for site in sites {
        for (corner, sign) in [(start, 1.0), (end, -1.0)] {
            let (x, y) = (site[0] - corner[0], site[1] - corner[1]);
            let (along, across) = (sign * (x * dx + y * dy), (x * dy - y * dx).abs());
            if along > 0.0 {
                steepness = steepness.min(across / along);
            }
        }
    }
    let km = length * KM;
    let pieces = (3.0 + 2.2 * (km / 0.1).max(1.0).log2() + km / 4.0).min(48.0) as u32;
    let [from, to] = [to_degrees(start), to_degrees(end)];
    let seed = [from[0], from[1], to[0], to[1]].into_iter().fold(0, |seed, value| mix(seed ^ value.to_bits()));
    for piece in 1..pieces {
        let part = f64::from(piece) / f64::from(pieces);
        let room = part.min(1.0 - part) * length * steepness * USED;
        let aside = room * wave(seed, part);
        let along = part * length;
        line.push(to_degrees([start[0] + along * dx - aside * dy, start[1] + along * dy + aside * dx]));
    }
}

/// A fractal wave between -1 and 1: smooth noise of four octaves.
fn wave(seed: u64, part: f64) -> f64 {
    let mut total = 0.0;
    let mut weight = 0.5;
    for octave in 1..=4_u64 {
        let at = part * f64::from(1_u32 << octave);
        let step = at.floor();
        let blend = (at - step) * (at - step) * (3.0 - 2.0 * (at - step));
        let value = |node: u64| (mix(seed ^ mix(node << 8 | octave)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
        total += weight * (value(step as u64) * (1.0 - blend) + value(step as u64 + 1) * blend);
        weight /= 2.0;
    }
    (1.6 * total).clamp(-1.0, 1.0)
}
