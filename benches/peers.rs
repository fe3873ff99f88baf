//! What others offer for point location: R-tree boxes, then a polygon test.

use geo::indexed::IntervalTreeMultiPolygon;
use geo::{Contains, Coord, LineString, MultiPolygon, Point, Polygon};
use rattache::atlas::Atlas;
use rattache::geometry::FixedPoint;
use rattache::geometry::outline::polygons;
use rstar::{AABB, RTree, RTreeObject};

/// Units as polygons of `geo` behind boxes of `rstar`.
pub struct Peers {
    tree: RTree<Boxed>,
    plain: Vec<MultiPolygon<f64>>,
    indexed: Vec<IntervalTreeMultiPolygon<f64>>,
}

struct Boxed {
    around: AABB<[f64; 2]>,
    unit: usize,
}

impl RTreeObject for Boxed {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        self.around
    }
}

impl Peers {
    pub fn new(atlas: &Atlas) -> Self {
        let coverage = atlas.coverage();
        let mut arcs: Vec<Vec<(u32, bool)>> = vec![Vec::new(); atlas.unit_count() + 1];
        for (arc, sides) in (0_u32..).zip(coverage.sides) {
            arcs[sides[0] as usize].push((arc, true));
            arcs[sides[1] as usize].push((arc, false));
        }
        let ring = |ring: &[FixedPoint]| {
            LineString::from(ring.iter().map(|v| Coord { x: f64::from(v.x), y: f64::from(v.y) }).collect::<Vec<_>>())
        };
        let plain: Vec<MultiPolygon<f64>> = arcs[1..]
            .iter()
            .map(|own| {
                let parts = polygons(coverage, own);
                let polygon = |part: &rattache::geometry::outline::Polygon| {
                    Polygon::new(ring(&part.shell), part.holes.iter().map(|hole| ring(hole)).collect())
                };
                MultiPolygon(parts.iter().map(polygon).collect())
            })
            .collect();
        let indexed = plain.iter().map(IntervalTreeMultiPolygon::new).collect();
        let boxed = |unit: usize| {
            let b = atlas.unit_boxes()[unit];
            let around = AABB::from_corners([f64::from(b.x0), f64::from(b.y0)], [f64::from(b.x1), f64::from(b.y1)]);
            Boxed { around, unit }
        };
        let tree = RTree::bulk_load((0..plain.len()).map(boxed).collect());
        Self { tree, plain, indexed }
    }

    fn find(&self, p: FixedPoint, test: impl Fn(usize, Point<f64>) -> bool) -> u32 {
        let [x, y] = [f64::from(p.x), f64::from(p.y)];
        self.tree
            .locate_in_envelope_intersecting(&AABB::from_point([x, y]))
            .find(|boxed| test(boxed.unit, Point::new(x, y)))
            .map_or(0, |boxed| boxed.unit as u32 + 1)
    }

    /// Boxes and [`Contains`]: the unit plus one, or 0.
    pub fn contains(&self, p: FixedPoint) -> u32 {
        self.find(p, |unit, point| self.plain[unit].contains(&point))
    }

    /// Boxes and interval trees: the unit plus one, or 0.
    pub fn interval(&self, p: FixedPoint) -> u32 {
        self.find(p, |unit, point| self.indexed[unit].contains(&point))
    }
}
