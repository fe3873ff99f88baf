//! What the layers below refuse, said to people in both languages.

use super::problem::{
    ATLAS_REFUSED, INVALID_BASIS, INVALID_DATE, INVALID_NUMBER, INVALID_POSTAL_CODE, NO_ATLAS_FILE, NO_EDITION,
    OUT_OF_RANGE, Problem, SWAPPED_COORDINATES, UNKNOWN_EDITION, UNKNOWN_INSTALLATION, UNKNOWN_LEVEL,
    UNKNOWN_TERRITORY, sentence,
};
use super::state::ReloadError;
use crate::domain::{DateError, EditionError, French as _, Level, LonLatError, TerritoryCode, UnknownLevel, english};
use crate::resolve::QueryError;

impl From<LonLatError> for Problem {
    fn from(error: LonLatError) -> Self {
        let parameter = |name: &str| if name == "latitude" { "lat" } else { "lon" };
        let (code, about) = match &error {
            LonLatError::NotFinite { name, .. } => (INVALID_NUMBER, Some(parameter(name))),
            LonLatError::Swapped { .. } => (SWAPPED_COORDINATES, None),
            LonLatError::OutOfRange { name, .. } => (OUT_OF_RANGE, Some(parameter(name))),
        };
        Self { parameter: about, ..Self::told(code, &error, error.to_string()) }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let (code, about) = match error {
            QueryError::Edition(error) => return error.into(),
            QueryError::NoAddresses => return super::resources::addresses::no_addresses(),
            QueryError::Uncertainty { .. } => (OUT_OF_RANGE, "uncertainty_m"),
            QueryError::PostalCode => (INVALID_POSTAL_CODE, "postal_code"),
            QueryError::UnknownInstallation { .. } => (UNKNOWN_INSTALLATION, "installation"),
            QueryError::Basis { .. } => (INVALID_BASIS, "basis"),
        };
        Self::told(code, &error, error.to_string()).about(about)
    }
}

impl From<EditionError> for Problem {
    fn from(error: EditionError) -> Self {
        let (code, about) = match &error {
            EditionError::Unknown { .. } => (UNKNOWN_EDITION, Some("edition")),
            EditionError::TooEarly { .. } => (NO_EDITION, Some("as_of")),
            EditionError::None => (NO_EDITION, None),
        };
        Self { parameter: about, ..Self::told(code, &error, error.to_string()) }
    }
}

impl From<DateError> for Problem {
    fn from(error: DateError) -> Self {
        Self::told(INVALID_DATE, &error, error.to_string()).about("as_of")
    }
}

impl From<UnknownLevel> for Problem {
    fn from(error: UnknownLevel) -> Self {
        Self::told(UNKNOWN_LEVEL, &error, error.to_string()).about("level")
    }
}

impl Problem {
    /// A code that an edition does not hold, and why it may have been written wrong.
    pub(super) fn unknown_territory(level: Level, code: &str, edition: &str) -> Self {
        let (french, english) = match TerritoryCode::parse(level, code) {
            Err(error) => (sentence(&error.french()), error.to_string()),
            Ok(_) => (
                format!("Aucun territoire de niveau {level} n'a le code « {code} » dans l'édition « {edition} »."),
                format!("no territory of level {level} has the code \"{code}\" in edition \"{edition}\""),
            ),
        };
        Self::new(UNKNOWN_TERRITORY, french, english).about("code")
    }
}

impl From<&ReloadError> for Problem {
    fn from(error: &ReloadError) -> Self {
        match error {
            ReloadError::NoFile => Self::told(NO_ATLAS_FILE, error, error.to_string()),
            ReloadError::Panicked | ReloadError::OutsideFolder { .. } => {
                Self::told(ATLAS_REFUSED, error, error.to_string())
            }
            ReloadError::Outfit(_) | ReloadError::Refused(_) => Self::told(ATLAS_REFUSED, error, english(error)),
        }
    }
}
