//! Why editions or series can not be compared.

use super::CatalogueError;
use crate::domain::{EditionError, French};
use crate::geometry::CoverageError;
use crate::series::SeriesError;

/// Why editions or series can not be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// No such edition.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// No edition answers.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The series can not be read, compared or bridged.
    #[error(transparent)]
    Series(#[from] SeriesError),
    /// Two coverages that can not be laid over one another.
    #[error("the limits of the two atlases can not be laid over one another")]
    Overlay(#[from] CoverageError),
    /// A list of editions without any.
    #[error("\"{found}\" names no edition: expected E1,E2 or PERIOD=E1,PERIOD=E2")]
    EmptyList {
        /// The text as given.
        found: String,
    },
    /// A part of a list that names a period or an edition only.
    #[error("\"{found}\" is not usable: expected an edition, PERIOD=EDITION or YEAR..YEAR=EDITION")]
    BadListItem {
        /// The part as given.
        found: String,
    },
    /// A period given two editions.
    #[error("period \"{period}\" is given two editions: keep one")]
    RepeatedPeriod {
        /// The period.
        period: String,
    },
}

impl French for CompareError {
    fn french(&self) -> String {
        match self {
            Self::Edition(error) => error.french(),
            Self::Catalogue(error) => error.french(),
            Self::Series(error) => error.french(),
            Self::Overlay(cause) => {
                format!("les limites des deux atlas ne peuvent pas être superposées : {}", cause.french())
            }
            Self::EmptyList { found } => {
                format!("« {found} » ne nomme aucune édition : E1,E2 ou PÉRIODE=E1,PÉRIODE=E2")
            }
            Self::BadListItem { found } => {
                format!("« {found} » est inutilisable : une édition, PÉRIODE=ÉDITION ou ANNÉE..ANNÉE=ÉDITION")
            }
            Self::RepeatedPeriod { period } => {
                format!("la période « {period} » reçoit deux éditions : gardez-en une")
            }
        }
    }
}
