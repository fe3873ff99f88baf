//! Point location: from an exact position to the finest unit, and from there to the nearest limit.
//!
//! Preparation:
//! 1. [`coarse`]: every arc is replaced by a few straight coarse edges, each with the run of exact edges that lies within
//!    [`BAND`](coarse::BAND) of it;
//! 2. [`PointIndex`]: a grid whose cells lie in one unit or hold a few coarse edges and what is at the cell's corner;
//! 3. [`Limits`]: for one edition, a tree over the coarse edges that separate two CLSC, and [`NearCells`], which lists by
//!    place those that may be nearest.
//!
//! Query: the cell of the point, the coarse edges between the point and the cell's corner, and, only for those within the
//! band, the exact edges behind them. The answer is that of a full scan over exact edges; see [`PointIndexView::locate`].

mod check;
pub mod coarse;
mod index_builder;
mod leaf;
mod limits;
mod many;
mod near_cells;
mod point_index;
mod root_grid;
mod ruler;
mod territories;

pub use check::{Fault, arcs_are_sound};
pub use index_builder::IndexError;
pub use limits::{Border, Class, LimitEdge, Limits, LimitsView, NearbyCoverage, OUTSIDE};
pub use near_cells::{NearCells, NearCellsView};
pub use point_index::{PointIndex, PointIndexView};
pub use root_grid::RootGrid;
pub use territories::BoxIndex;
