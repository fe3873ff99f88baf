//! Why editions or series can not be compared.

use super::CatalogueError;
use crate::domain::{EditionError, errors};
use crate::geometry::CoverageError;
use crate::series::SeriesError;

errors! {
    /// Why editions or series can not be compared.
    #[derive(Debug, thiserror::Error)]
    pub enum CompareError {
        /// No such edition.
        #[error(transparent)]
        Edition(#[from] EditionError),
        /// No edition answers, or a revision gives none.
        #[error(transparent)]
        Catalogue(#[from] CatalogueError),
        /// The series can not be read, compared or bridged.
        #[error(transparent)]
        Series(#[from] SeriesError),
        /// Two coverages that can not be laid over one another.
        #[fr("les limites des deux atlas ne peuvent pas être superposées")]
        #[en("the limits of the two atlases can not be laid over one another")]
        Overlay(#[from] CoverageError),
        /// A list of editions without any.
        #[fr("« {found} » ne nomme aucune édition : E1,E2 ou PÉRIODE=E1,PÉRIODE=E2")]
        #[en("\"{found}\" names no edition: expected E1,E2 or PERIOD=E1,PERIOD=E2")]
        EmptyList {
            /// The text as given.
            found: String,
        },
        /// A part of a list that names a period or an edition only.
        #[fr("« {found} » est inutilisable : une édition, PÉRIODE=ÉDITION ou ANNÉE..ANNÉE=ÉDITION")]
        #[en("\"{found}\" is not usable: expected an edition, PERIOD=EDITION or YEAR..YEAR=EDITION")]
        BadListItem {
            /// The part as given.
            found: String,
        },
        /// A period given two editions.
        #[fr("la période « {period} » reçoit deux éditions : gardez-en une")]
        #[en("period \"{period}\" is given two editions: keep one")]
        RepeatedPeriod {
            /// The period.
            period: String,
        },
    }
}
