//! Vector tiles (Mapbox Vector Tile 2.1) of units and territories, from the shared arcs of a coverage.
//!
//! 1. [`Mercator`] has every vertex in the Web Mercator projection, once an atlas;
//! 2. [`Shapes`] joins the arcs that separate two territories of a level into chains that meet at their ends only, and knows
//!    each territory as the chains that its rings run along;
//! 3. `simplify` thins each chain out, once a zoom, its ends kept: both neighbours of a chain then get the very same vertices,
//!    so that neighbours never part, at whatever zoom;
//! 4. `clip` cuts the rings to a tile, `tile` and `write` write it; [`TileCache`] keeps what was written, within a bound.
//!
//! Nothing here answers a question: limits on a tile are drawn, and no more exact than a screen is.

mod cache;
mod clip;
mod mercator;
mod shapes;
mod simplify;
mod tile;
mod write;

#[cfg(test)]
mod reader;
#[cfg(test)]
mod tests;

pub use cache::TileCache;
pub use mercator::Mercator;
pub use shapes::{Named, Shapes};
pub use tile::{EXTENT, LABELS, MOST_ZOOM, TERRITORIES, TileId, least_zoom};
