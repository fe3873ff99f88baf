//! Limits as shared arcs: pure algorithms on integers, no input or output.

mod polygons;

pub use polygons::{ProjectionError, Projector, UnitPolygons};
