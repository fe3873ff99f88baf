//! Why polygons are no coverage.

use super::ProjectionError;
use crate::domain::errors;

errors! {
    /// Why polygons are no coverage.
    #[derive(Debug, Clone, PartialEq, thiserror::Error)]
    pub enum CoverageError {
        /// Nothing to build from.
        #[fr("aucune aire dans le fichier : au moins un polygone est attendu")]
        #[en("no unit in the file: expected at least one polygon")]
        NoUnit,
        /// A coordinate that is no number.
        #[fr("l'aire « {unit} » a un point ({x}, {y}) qui n'est pas fini : corrigez le fichier")]
        #[en("unit \"{unit}\" has a point ({x}, {y}) that is not finite: mend the file")]
        NotFinite {
            /// The unit.
            unit: String,
            /// First coordinate.
            x: f64,
            /// Second coordinate.
            y: f64,
        },
        /// A point far from Québec.
        #[fr(
            "un point à la longitude {lon} et à la latitude {lat} est loin du Québec (de 90° O à 47° O, de 40° N à 82,9° N) : le système de coordonnées est-il le bon ?"
        )]
        #[en(
            "a point at longitude {lon}, latitude {lat} is far from Québec (expected 90° W to 47° W, 40° N to 82.9° N): is the coordinate system right?"
        )]
        OffGrid {
            /// Longitude.
            lon: f64,
            /// Latitude.
            lat: f64,
        },
        /// A point that can not be projected.
        #[fr("les coordonnées du fichier ne peuvent pas être lues")]
        #[en("the file's coordinates can not be read")]
        Projection(#[from] ProjectionError),
        /// Limits that can not be made to meet at vertices.
        #[fr(
            "les limites se croisent encore après {rounds} tours de découpe : le fichier est trop abîmé pour être réparé"
        )]
        #[en("the limits still cross after {rounds} rounds of cutting: the file is too broken to mend")]
        Unnodable {
            /// How many rounds were tried.
            rounds: usize,
        },
    }
}
