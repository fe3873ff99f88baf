//! One tile, written.

use fast_mvt::{MvtCoord, MvtError, MvtGeomType, MvtLayerBuilder, MvtValueRef};

use super::Shapes;
use super::clip::{Frame, clip, doubled_area};
use super::mercator::WORLD_BITS;
use super::shapes::Shape;
use super::simplify::{Point, Simplified, at_zoom};
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
    ///
    /// # Errors
    /// What the writer of tiles refuses, which would be a fault of this program.
    pub fn tile(&self, tile: TileId) -> Result<Vec<u8>, MvtError> {
        let [west, north, east, south] = tile.world();
        let meets = |shape: &&(usize, &Shape)| {
            let [x0, y0, x1, y1] = shape.1.around.map(u64::from);
            x0 <= east && west <= x1 && y0 <= south && north <= y1
        };
        let simplified = self.at(tile.z);
        let numbered: Vec<(usize, &Shape)> = self.shapes.iter().enumerate().collect();
        let mut layer = MvtLayerBuilder::new(TERRITORIES)?;
        let mut rings = Vec::new();
        for &(number, shape) in numbered.iter().filter(meets) {
            rings.clear();
            for polygon in &shape.polygons {
                cut_polygon(simplified, polygon, tile, &mut rings);
            }
            if rings.is_empty() {
                continue;
            }
            let mut feature = layer.feature_of(MvtGeomType::Polygon);
            for (ring, is_shell) in &rings {
                feature.ring(ring.iter().copied(), *is_shell)?;
            }
            layer = described(feature, number, shape)?;
        }
        let drawn = layer.num_features();
        let mut layer = layer.layer(LABELS)?;
        let [x0, y0, x1, y1] = tile.frame(0);
        for (number, shape) in numbered {
            let place = shape.label.map(|label| at_zoom(label, tile.z));
            if let Some([x, y]) = place.filter(|&[x, y]| (x0..x1).contains(&x) && (y0..y1).contains(&y)) {
                let mut feature = layer.feature_of(MvtGeomType::Point);
                feature.points([MvtCoord { x: x - x0, y: y - y0 }])?;
                layer = described(feature, number, shape)?;
            }
        }
        Ok(if drawn == 0 && layer.num_features() == 0 { Vec::new() } else { layer.encode() })
    }
}

fn described(
    mut feature: fast_mvt::MvtFeatureBuilder,
    number: usize,
    shape: &Shape,
) -> Result<MvtLayerBuilder, MvtError> {
    feature.id(Some(number as u64 + 1));
    feature.tag_ref("code", MvtValueRef::String(&shape.code))?;
    if !shape.name.is_empty() {
        feature.tag_ref("name", MvtValueRef::String(&shape.name))?;
    }
    Ok(feature.end())
}

/// The rings of a polygon in a tile, each with whether it is a shell; none where the polygon is not to be seen there.
fn cut_polygon(
    simplified: &Simplified,
    polygon: &[Vec<(u32, bool)>],
    tile: TileId,
    out: &mut Vec<(Vec<MvtCoord>, bool)>,
) {
    let frame = tile.frame(MARGIN);
    let [x, y] = tile.corner();
    let whole = 2 * i64::from(EXTENT + 2 * MARGIN).pow(2);
    let before = out.len();
    for (place, ring) in polygon.iter().enumerate() {
        let cut = clip(vertices(simplified, ring, frame), frame);
        let area = doubled_area(&cut);
        if cut.len() < 3 || area == 0 {
            if place == 0 {
                return;
            }
            continue;
        }
        if place > 0 && area == whole {
            // The tile lies in a hole.
            out.truncate(before);
            return;
        }
        let coords = cut.into_iter().map(|point| MvtCoord { x: point[0] - x, y: point[1] - y });
        out.push((coords.collect(), place == 0));
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
