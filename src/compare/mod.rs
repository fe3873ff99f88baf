//! The one path that the command line and HTTP share for questions about two or more editions and about series.
//!
//! 1. [`Offer`]: the edition that a name means, of an atlas or of a revision;
//! 2. [`Setting`]: the editions of one atlas, or of two over different units, with what joins them;
//! 3. the answers of [`series`](crate::series) on the setting's timeline;
//! 4. [`write_changes_csv`] and its like: the same rows, byte for byte, whoever asks.
//!
//! Nothing here reads a file or opens a socket.

mod coverages;
mod options;
mod rows;
mod setting;
mod values;

pub use coverages::{OverlayReport, join_by_overlay};
pub use options::{EditionList, parse_editions};
pub use rows::{
    ChangesAnswer, CommonAnswer, CrosswalkAnswer, write_changes_csv, write_common_csv, write_crosswalk_csv,
};
pub use setting::{Joined, Offer, Setting, WeightYears};
pub use values::{BridgeAnswer, CheckAnswer, bridged_text, write_bridge_csv, write_check_csv};

use crate::domain::{EditionError, French};
use crate::geometry::CoverageError;
use crate::series::SeriesError;

/// Why editions or series can not be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// No such edition.
    #[error(transparent)]
    Edition(#[from] EditionError),
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
