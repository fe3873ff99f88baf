//! Limits as shared arcs: pure algorithms on exact integers, no input or output.
//!
//! Preparation, in the order in which [`Coverage::build`] runs it:
//! 1. `edges`: equal points become one vertex, equal edges one edge with the units it limits; positions go to the grid of
//!    [`fixed`];
//! 2. `noding`: edges that cross or touch elsewhere than at vertices are cut (nothing in a clean file);
//! 3. `chains` and `faces`: the plane is cut into faces, and who covers each is found;
//! 4. `mending`: gaps and overlaps are reported, thin ones given to a neighbour;
//! 5. [`Coverage`]: arcs with a left and a right unit.
//!
//! Any territory is a set of units, and its outline ([`outline`]) is what is left of their arcs once those with the same
//! territory on both sides are cancelled.

mod chains;
mod coverage;
mod edges;
pub mod ellipsoid;
mod error;
mod faces;
pub mod fixed;
mod geo_column;
pub mod meeting;
mod mending;
mod noding;
pub mod outline;
mod overlay;
mod packed_tree;
mod polygons;
pub mod surroundings;
mod systems;
pub mod wkb;

#[cfg(test)]
mod coverage_tests;

pub use coverage::{Coverage, CoverageOptions, CoverageView, Side};
pub use error::CoverageError;
pub use fixed::FixedPoint;
pub use geo_column::{ColumnFacts, GeoColumn, GeoCrs};
pub use overlay::{Common, overlay};
pub use packed_tree::{FANOUT, FixedBox, Node, PackedTree, PackedTreeView, hilbert, hilbert_fine, node_count};
pub use polygons::{ProjectionError, Projector, UnitPolygons};
pub use systems::{CrsDescription, FromLonLat};
