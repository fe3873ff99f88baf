//! What can not be compared or bridged, said to people in both languages.

use super::error::{INVALID_EDITION_LIST, NO_WEIGHTS, Problem, UNKNOWN_EDITION, UNKNOWN_LEVEL, UNUSABLE_TABLE};
use crate::compare::CompareError;
use crate::series::SeriesError;

impl From<CompareError> for Problem {
    fn from(error: CompareError) -> Self {
        let english = error.to_string();
        match error {
            CompareError::Edition(error) => error.into(),
            CompareError::Series(error) => error.into(),
            CompareError::Overlay(_) => Self::internal(),
            CompareError::EmptyList { found } => Self::new(
                INVALID_EDITION_LIST,
                format!("« {found} » ne nomme aucune édition : E1,E2 ou PÉRIODE=E1,PÉRIODE=E2."),
                english,
            )
            .about("editions"),
            CompareError::BadListItem { found } => Self::new(
                INVALID_EDITION_LIST,
                format!("« {found} » est inutilisable : une édition, PÉRIODE=ÉDITION ou ANNÉE..ANNÉE=ÉDITION."),
                english,
            )
            .about("editions"),
            CompareError::RepeatedPeriod { period } => Self::new(
                INVALID_EDITION_LIST,
                format!("La période « {period} » reçoit deux éditions : gardez-en une."),
                english,
            )
            .about("editions"),
        }
    }
}

impl From<SeriesError> for Problem {
    fn from(error: SeriesError) -> Self {
        let english = error.to_string();
        match error {
            SeriesError::NotTerritorial { level } => Self::new(
                UNKNOWN_LEVEL,
                format!(
                    "Le niveau « {level} » contient des unités, non des territoires : clsc, rls, rts, rss ou ruisss."
                ),
                english,
            )
            .about("level"),
            SeriesError::UnknownEdition { id, known } => {
                Self::new(UNKNOWN_EDITION, format!("L'édition « {id} » est inconnue : {known}."), english)
                    .about("editions")
            }
            SeriesError::NoWeights { basis } => Self::new(
                NO_WEIGHTS,
                format!("Rien de tel n'est compté par unité ici ({basis}) : pondérez par la population."),
                english,
            )
            .about("weights"),
            SeriesError::MissingColumn { wanted } => Self::new(
                UNUSABLE_TABLE,
                format!("Il manque une colonne ({wanted}) : nommez-en une ainsi à la première ligne."),
                english,
            ),
            SeriesError::RepeatedColumn { role, first, second } => Self::new(
                UNUSABLE_TABLE,
                format!("Les colonnes « {first} » et « {second} » ont le même rôle ({role}) : gardez-en une."),
                english,
            ),
            SeriesError::BadWeight { .. } | SeriesError::Csv(_) => {
                Self::new(UNUSABLE_TABLE, "Le corps ne se lit pas comme un tableau CSV.", english)
            }
            SeriesError::UnitCount { .. } | SeriesError::NoJoin { .. } | SeriesError::Disjoint { .. } => {
                Self::internal()
            }
        }
    }
}
