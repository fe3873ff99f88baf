//! What revisions and their store refuse, said to people in both languages.

use super::problem::{
    BUSY, MISSING_PARAMETER, Problem, QUOTA, REVISION_ALTERED, REVISION_CHANGED, REVISION_REFUSED, REVISION_STATE,
    UNACCEPTED_WARNINGS, UNKNOWN_REVISION,
};
use crate::catalogue::CatalogueError;
use crate::revision::RevisionError;
use crate::store::StoreError;

impl From<RevisionError> for Problem {
    fn from(error: RevisionError) -> Self {
        match &error {
            RevisionError::Refused { number, word, reason } => {
                let mut english = format!("operation {number} ({word}) is refused: {reason}");
                if let Some(cause) = std::error::Error::source(reason) {
                    english = format!("{english}: {cause}");
                }
                Self::told(REVISION_REFUSED, &error, english)
            }
            RevisionError::OtherBase { expected, .. } => Self::new(
                REVISION_REFUSED,
                format!("La révision part de l'édition « {expected} », que cet atlas n'a pas."),
                format!("the revision is based on edition \"{expected}\", which this atlas does not have"),
            ),
            RevisionError::Written(_) => Self::told(REVISION_REFUSED, &error, error.to_string()).about("operations"),
            _ => Self::internal(),
        }
    }
}

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        let code = match error {
            CatalogueError::Edition(error) => return error.into(),
            CatalogueError::Revision(error) => return error.into(),
            CatalogueError::Store(error) => return error.into(),
            CatalogueError::Unpublished { .. }
            | CatalogueError::NotInForce { .. }
            | CatalogueError::Overtaken { .. } => REVISION_STATE,
            CatalogueError::Unaccepted { .. } => UNACCEPTED_WARNINGS,
            CatalogueError::BaseOfItself { .. } => REVISION_ALTERED,
            CatalogueError::NoStore | CatalogueError::File { .. } | CatalogueError::SameId { .. } => {
                return Self::internal();
            }
        };
        Self::told(code, &error, error.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Unknown { .. } | StoreError::NoVersion { .. } => UNKNOWN_REVISION,
            StoreError::Conflict { .. } => REVISION_CHANGED,
            StoreError::Transition { .. }
            | StoreError::Settled { .. }
            | StoreError::Closed { .. }
            | StoreError::Lasting { .. }
            | StoreError::Nothing { .. } => REVISION_STATE,
            StoreError::BrokenChain { .. } | StoreError::OtherState { .. } => REVISION_ALTERED,
            StoreError::Empty { .. } => MISSING_PARAMETER,
            StoreError::Replay { .. }
            | StoreError::Layout { .. }
            | StoreError::InUse
            | StoreError::Json(_)
            | StoreError::Database(_) => return Self::internal(),
            StoreError::Busy => BUSY,
            StoreError::Quota { .. } => QUOTA,
        };
        Self::told(code, &error, error.to_string())
    }
}
