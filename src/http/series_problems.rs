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
            SeriesError::NoWeights { basis } => no_weights(basis),
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
