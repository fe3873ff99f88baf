//! One tile, written.

use super::Shapes;
use super::clip::{Frame, clip};
use super::mercator::WORLD_BITS;
use super::shapes::Shape;
use super::simplify::{Point, Simplified, at_zoom};
use super::write::{Geometry, Kind, LayerWriter, doubled_area};
use crate::domain::Level;

/// Units along the side of a tile, as a power of two.
pub(super) const EXTENT_BITS: u32 = 12;
/// Units along the side of a tile.
pub const EXTENT: i32 = 1 << EXTENT_BITS;
/// What stands beyond each side of a tile, so that no cut is seen.
const MARGIN: i32 = 64;
/// The most detailed zoom: a unit is then some 40 cm wide in Québec, and maps enlarge it from there on.
pub const MOST_ZOOM: u8 = 14;
/// The layer of outlines.
pub const TERRITORIES: &str = "territories";
/// The layer of names, each at one place.
pub const LABELS: &str = "labels";

/// Which tile, as maps of the world count them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// Zoom.
    pub z: u8,
    /// Column, from the west.
    pub x: u32,
    /// Row, from the north.
    pub y: u32,
}

/// The zoom from which on a level is drawn: below it, a tile would hold more than a screen can show.
#[must_use]
pub const fn least_zoom(level: Level) -> u8 {
    match level {
        Level::Da => 8,
        _ => 0,
    }
}

impl TileId {
    /// A tile of the world; nothing where there is no such tile.
    #[must_use]
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        let count = 1_u32 << z.min(MOST_ZOOM);
        (z <= MOST_ZOOM && x < count && y < count).then_some(Self { z, x, y })
    }

    fn corner(self) -> Point {
        [self.x, self.y].map(|part| (part << EXTENT_BITS) as i32)
    }

    fn frame(self, margin: i32) -> Frame {
        let [x, y] = self.corner();
        [x - margin, y - margin, x + EXTENT + margin, y + EXTENT + margin]
    }

    /// The box that it shows, in the units of the projection, margin included.
    fn world(self) -> [u64; 4] {
        let shift = WORLD_BITS - EXTENT_BITS - u32::from(self.z);
        self.frame(MARGIN).map(|part| (part.max(0) as u64) << shift)
    }
}

impl Shapes {
    /// The bytes of a tile; none where nothing is in it.
    ///
    /// The layer [`TERRITORIES`] has what lies in it, with `code` and, where there is one, `name`; the layer [`LABELS`] the
    /// places of names. O(chains of what meets the tile, plus the vertices of those that do).
    #[must_use]
    pub fn tile(&self, tile: TileId) -> Vec<u8> {
        let [west, north, east, south] = tile.world();
        let simplified = self.at(tile.z);
        let (mut territories, mut labels) = (LayerWriter::new(TERRITORIES), LayerWriter::new(LABELS));
        let [x0, y0, x1, y1] = tile.frame(0);
        for (number, shape) in (1_u64..).zip(&self.shapes) {
            let around = shape.around.map(u64::from);
            if around[0] <= east && west <= around[2] && around[1] <= south && north <= around[3] {
                let mut geometry = Geometry::default();
                for polygon in &shape.polygons {
                    cut_polygon(simplified, polygon, tile, &mut geometry);
                }
                if !geometry.is_empty() {
                    territories.feature(number, Kind::Polygon, &texts(shape), &geometry);
                }
            }
            let place = shape.label.map(|label| at_zoom(label, tile.z));
            if let Some([x, y]) = place.filter(|&[x, y]| (x0..x1).contains(&x) && (y0..y1).contains(&y)) {
                let mut geometry = Geometry::default();
                geometry.point([x - x0, y - y0]);
                labels.feature(number, Kind::Point, &texts(shape), &geometry);
            }
        }
        let mut bytes = Vec::new();
        territories.end(&mut bytes);
        labels.end(&mut bytes);
        bytes
    }
}

fn texts(shape: &Shape) -> Vec<(&'static str, &str)> {
    let name = (!shape.name.is_empty()).then_some(("name", shape.name.as_str()));
    [("code", shape.code.as_str())].into_iter().chain(name).collect()
}

/// Adds the rings of a polygon in a tile; nothing where the polygon is not to be seen there.
fn cut_polygon(simplified: &Simplified, polygon: &[Vec<(u32, bool)>], tile: TileId, geometry: &mut Geometry) {
    let frame = tile.frame(MARGIN);
    let [x, y] = tile.corner();
    let whole = 2 * i64::from(EXTENT + 2 * MARGIN).pow(2);
    let mut rings: Vec<Vec<Point>> = Vec::with_capacity(polygon.len());
    for (place, ring) in polygon.iter().enumerate() {
        let mut cut = clip(vertices(simplified, ring, frame), frame);
        let area = doubled_area(&cut).abs();
        if cut.len() < 3 || area == 0 {
            if place == 0 {
                return;
            }
            continue;
        }
        if place > 0 && area == whole {
            // The tile lies in a hole.
            return;
        }
        for point in &mut cut {
            *point = [point[0] - x, point[1] - y];
        }
        rings.push(cut);
    }
    for (place, ring) in rings.iter().enumerate() {
        geometry.ring(ring, place == 0);
    }
}

/// The vertices of a ring at a zoom, not closed. A chain that lies wholly beyond one side of the frame gives its ends only:
/// what is beyond a side is cut off there, however it winds.
fn vertices(simplified: &Simplified, ring: &[(u32, bool)], frame: Frame) -> Vec<Point> {
    let mut all = Vec::new();
    for &(chain, forward) in ring {
        let [x0, y0, x1, y1] = simplified.around(chain);
        let points = simplified.chain(chain);
        let beyond = x1 < frame[0] || y1 < frame[1] || x0 > frame[2] || y0 > frame[3];
        let last = points.len().saturating_sub(1);
        match (beyond, forward) {
            (true, true) => all.extend([points[0], points[last]]),
            (true, false) => all.extend([points[last], points[0]]),
            (false, true) => all.extend_from_slice(points),
            (false, false) => all.extend(points.iter().rev()),
        }
    }
    all.dedup();
    while all.len() > 1 && all.first() == all.last() {
        all.pop();
    }
    all
}
