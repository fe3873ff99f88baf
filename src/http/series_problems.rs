//! What can not be compared or bridged, said to people in both languages.

use super::problem::{INVALID_EDITION_LIST, NO_WEIGHTS, Problem, UNKNOWN_EDITION, UNKNOWN_LEVEL, UNUSABLE_TABLE};
use crate::catalogue::CompareError;
use crate::series::SeriesError;

impl From<CompareError> for Problem {
    fn from(error: CompareError) -> Self {
        match error {
            CompareError::Edition(error) => error.into(),
            CompareError::Catalogue(error) => error.into(),
            CompareError::Series(error) => error.into(),
            CompareError::Overlay(_) => Self::internal(),
            CompareError::EmptyList { .. } | CompareError::BadListItem { .. } | CompareError::RepeatedPeriod { .. } => {
                Self::told(INVALID_EDITION_LIST, &error, error.to_string()).about("editions")
            }
        }
    }
}

impl From<SeriesError> for Problem {
    fn from(error: SeriesError) -> Self {
        let english = error.to_string();
        match error {
            SeriesError::NotTerritorial { .. } => Self::told(UNKNOWN_LEVEL, &error, english).about("level"),
            SeriesError::UnknownEdition { .. } => Self::told(UNKNOWN_EDITION, &error, english).about("editions"),
            SeriesError::NoWeights { basis } => no_weights(basis),
            SeriesError::MissingColumn { .. }
            | SeriesError::RepeatedColumn { .. }
            | SeriesError::UncertainValue { .. }
            | SeriesError::NoStandard
            | SeriesError::UnknownAge { .. }
            | SeriesError::TooLarge { .. }
            | SeriesError::BadWeight { .. }
            | SeriesError::BadWeightYear { .. }
            | SeriesError::Table(_) => Self::told(UNUSABLE_TABLE, &error, english),
            SeriesError::NoRates | SeriesError::RatePerDiffers { .. } => {
                Self::told(UNUSABLE_TABLE, &error, english).about("rate_per")
            }
            SeriesError::UnitCount { .. } | SeriesError::NoJoin { .. } | SeriesError::Disjoint { .. } => {
                Self::internal()
            }
        }
    }
}

/// What is missing for weights, and what to do over HTTP.
fn no_weights(basis: &str) -> Problem {
    let (french, english) = match basis {
        "addresses" => (
            "L'atlas servi n'a pas de registre d'adresses : servez un atlas fait avec des adresses, ou pondérez par population \
             ou area ; en ligne de commande, « --weights FICHIER » prend des poids par unité.",
            "the served atlas has no address registry: serve an atlas made with addresses, or weigh by population or area; the \
             command line takes weights by unit with \"--weights FILE\"",
        ),
        "dwellings" => (
            "Aucun atlas ne tient les logements : pondérez par population, addresses ou area ; en ligne de commande, \
             « --weights FICHIER » prend les logements par unité.",
            "no atlas holds dwellings: weigh by population, addresses or area; the command line takes dwellings by unit with \
             \"--weights FILE\"",
        ),
        _ => (
            "L'atlas servi ne connaît la population d'aucune unité : pondérez par area.",
            "the served atlas knows the people of no unit: weigh by area",
        ),
    };
    Problem::new(NO_WEIGHTS, french, english).about("weights")
}
