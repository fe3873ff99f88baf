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
mod faces;
pub mod fixed;
mod mending;
mod noding;
pub mod outline;
mod overlay;
mod packed_tree;
mod polygons;
pub mod surroundings;

#[cfg(test)]
mod coverage_tests;

pub use coverage::{Coverage, CoverageOptions, CoverageView, Side};
pub use fixed::FixedPoint;
pub use overlay::{Common, overlay};
pub use packed_tree::{FANOUT, FixedBox, Node, PackedTree, PackedTreeView, hilbert, hilbert_fine, node_count};
pub use polygons::{ProjectionError, Projector, UnitPolygons};

/// Why polygons are no coverage.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CoverageError {
    /// Nothing to build from.
    #[error("no unit in the file: expected at least one polygon")]
    NoUnit,
    /// A coordinate that is no number.
    #[error("unit \"{unit}\" has a point ({x}, {y}) that is not finite: mend the file")]
    NotFinite {
        /// The unit.
        unit: String,
        /// First coordinate.
        x: f64,
        /// Second coordinate.
        y: f64,
    },
    /// A point far from Québec.
    #[error(
        "a point at longitude {lon}, latitude {lat} is far from Québec (expected 90° W to 47° W, 40° N to 82.9° N): \
         is the coordinate system right?"
    )]
    OffGrid {
        /// Longitude.
        lon: f64,
        /// Latitude.
        lat: f64,
    },
    /// A point that can not be projected.
    #[error("the file's coordinates can not be read")]
    Projection(#[from] ProjectionError),
    /// Limits that can not be made to meet at vertices.
    #[error("the limits still cross after {rounds} rounds of cutting: the file is too broken to mend")]
    Unnodable {
        /// How many rounds were tried.
        rounds: usize,
    },
}

impl crate::domain::French for CoverageError {
    fn french(&self) -> String {
        match self {
            Self::NoUnit => "aucune aire dans le fichier : au moins un polygone est attendu".to_owned(),
            Self::NotFinite { unit, x, y } => {
                format!("l'aire « {unit} » a un point ({x}, {y}) qui n'est pas fini : corrigez le fichier")
            }
            Self::OffGrid { lon, lat } => format!(
                "un point à la longitude {lon} et à la latitude {lat} est loin du Québec (de 90° O à 47° O, de 40° N à 82,9° N) : \
                 le système de coordonnées est-il le bon ?"
            ),
            Self::Projection(cause) => {
                format!(
                    "les coordonnées du fichier ne peuvent pas être lues : {}",
                    crate::domain::French::french(cause)
                )
            }
            Self::Unnodable { rounds } => format!(
                "les limites se croisent encore après {rounds} tours de découpe : le fichier est trop abîmé pour être réparé"
            ),
        }
    }
}
