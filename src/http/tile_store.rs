//! The tiles of what is served: made where they are asked for, kept within a bound.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::compression::gzip;
use super::drafts::Chosen;
use super::{Problem, Served};
use crate::domain::Level;
use crate::geometry::{FixedPoint, Side};
use crate::tiles::{Mercator, Named, Shapes, TileCache, TileId};

/// Compressed tiles that are kept, bytes.
const MOST_BYTES: usize = 64 << 20;
/// Levels of editions whose shapes are kept.
const MOST_SHAPES: usize = 12;

/// What tells the contents of a tile from those of any other: the edition's tag, the level, which tile.
type Key = (Arc<str>, Level, TileId);

/// Shapes that are being made, or are.
type Made = Arc<OnceLock<Arc<Shapes>>>;

/// The tiles of one atlas and of the editions on it.
#[derive(Debug)]
pub struct TileStore {
    mercator: OnceLock<Arc<Mercator>>,
    /// The one asked for last is the first.
    shapes: Mutex<Vec<((Arc<str>, Level), Made)>>,
    written: TileCache<Key>,
}

impl Default for TileStore {
    fn default() -> Self {
        Self { mercator: OnceLock::new(), shapes: Mutex::default(), written: TileCache::new(MOST_BYTES) }
    }
}

impl TileStore {
    /// A tile that is kept, compressed; empty where nothing is in it.
    pub fn find(&self, tag: &Arc<str>, level: Level, tile: TileId) -> Option<Arc<[u8]>> {
        self.written.find(&(Arc::clone(tag), level, tile))
    }

    /// Makes a tile.
    pub fn make(&self, chosen: &Chosen, tag: &Arc<str>, level: Level, tile: TileId) -> Result<Arc<[u8]>, Problem> {
        let written = self.shapes(chosen, tag, level).tile(tile);
        let bytes: Arc<[u8]> = if written.is_empty() { Arc::default() } else { gzip(&written)?.into() };
        self.written.keep((Arc::clone(tag), level, tile), Arc::clone(&bytes));
        Ok(bytes)
    }

    fn shapes(&self, chosen: &Chosen, tag: &Arc<str>, level: Level) -> Arc<Shapes> {
        let made = {
            let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
            let known = shapes.iter().position(|(key, _)| key.0 == *tag && key.1 == level);
            let entry = known.map_or_else(|| ((Arc::clone(tag), level), Made::default()), |at| shapes.remove(at));
            let made = Arc::clone(&entry.1);
            shapes.insert(0, entry);
            shapes.truncate(MOST_SHAPES);
            made
        };
        Arc::clone(made.get_or_init(|| Arc::new(self.lay_out(chosen, level))))
    }

    fn lay_out(&self, chosen: &Chosen, level: Level) -> Shapes {
        let (atlas, edition) = (&chosen.served.atlas, chosen.view());
        let coverage = atlas.coverage();
        let mercator = Arc::clone(self.mercator.get_or_init(|| Arc::new(Mercator::new(coverage))));
        if level == Level::Da {
            let named = (0..atlas.unit_count()).map(|unit| Named {
                code: atlas.unit_id(unit).to_owned(),
                name: String::new(),
                label: None,
            });
            return Shapes::new(coverage, mercator, named.collect(), |side: Side| (side as usize).checked_sub(1));
        }
        let places: Vec<usize> =
            edition.clsc_of_unit.iter().map(|&clsc| edition.hierarchy.parent(usize::from(clsc), level)).collect();
        let labels = label_places(&chosen.served, &places, edition.hierarchy.territories(level).len());
        let named = edition.hierarchy.territories(level).iter().zip(labels).map(|(territory, label)| Named {
            code: territory.code.as_str().to_owned(),
            name: territory.name.clone(),
            label,
        });
        Shapes::new(coverage, mercator, named.collect(), |side: Side| {
            (side as usize).checked_sub(1).map(|unit| places[unit])
        })
    }
}

/// Where the name of each territory stands: inside of that of its units which is nearest to the middle of its people.
fn label_places(served: &Served, places: &[usize], count: usize) -> Vec<Option<FixedPoint>> {
    let points = served.atlas.points_inside();
    let mut sums = vec![[0.0_f64; 3]; count];
    for ((unit, &place), point) in places.iter().enumerate().zip(points) {
        let weight = f64::from(served.atlas.people(unit).unwrap_or(0)) + 1.0;
        let sum = &mut sums[place];
        *sum = [sum[0] + weight * f64::from(point.x), sum[1] + weight * f64::from(point.y), sum[2] + weight];
    }
    let mut best: Vec<Option<(f64, FixedPoint)>> = vec![None; count];
    for (&place, &point) in places.iter().zip(points) {
        let [x, y, weight] = sums[place];
        let (dx, dy) = (f64::from(point.x) - x / weight, f64::from(point.y) - y / weight);
        let far = dx * dx + dy * dy;
        if best[place].is_none_or(|(known, _)| far < known) {
            best[place] = Some((far, point));
        }
    }
    best.into_iter().map(|found| found.map(|(_, point)| point)).collect()
}
