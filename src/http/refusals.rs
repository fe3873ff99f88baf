//! What revisions and their store refuse, said to people in both languages.

use super::error::{
    MISSING_PARAMETER, Problem, REVISION_ALTERED, REVISION_CHANGED, REVISION_REFUSED, REVISION_STATE, UNKNOWN_REVISION,
};
use crate::revision::{Refusal, RevisionError};
use crate::store::StoreError;

impl From<RevisionError> for Problem {
    fn from(error: RevisionError) -> Self {
        match error {
            RevisionError::Refused { number, word, reason } => {
                let mut english = format!("operation {number} ({word}) is refused: {reason}");
                if let Some(cause) = std::error::Error::source(&reason) {
                    english = format!("{english}: {cause}");
                }
                let french = format!("L'opération {number} ({word}) est refusée : {}.", french(&reason));
                Self::new(REVISION_REFUSED, french, english)
            }
            RevisionError::OtherBase { expected, .. } => Self::new(
                REVISION_REFUSED,
                format!("La révision part de l'édition « {expected} », que cet atlas n'a pas."),
                format!("the revision is based on edition \"{expected}\", which this atlas does not have"),
            ),
            _ => Self::internal(),
        }
    }
}

fn french(reason: &Refusal) -> String {
    match reason {
        Refusal::UnknownCode { level, code } => format!("aucun {level} n'a le code « {code} »"),
        Refusal::UnknownUnit { unit } => format!("l'aire « {unit} » est inconnue de l'atlas"),
        Refusal::MovedTwice { unit } => format!("l'aire « {unit} » est déplacée deux fois"),
        Refusal::AlreadyThere { unit, clsc } => format!("l'aire « {unit} » est déjà dans le CLSC « {clsc} »"),
        Refusal::LeftWithoutClsc { unit, clsc, count } => {
            format!("l'aire « {unit} » du CLSC « {clsc} » resterait sans CLSC ({count} en tout)")
        }
        Refusal::NotInClsc { unit, found, expected } => {
            format!("l'aire « {unit} » est dans le CLSC « {found} », non dans « {expected} »")
        }
        Refusal::EmptyTerritory { clsc } => format!("le CLSC « {clsc} » serait vide"),
        Refusal::CodeUsed { level, code, name } => format!("le code {level} « {code} » est déjà celui de « {name} »"),
        Refusal::BadCode(_) => "le nouveau code est mal formé".to_owned(),
        Refusal::MissingName { level, code } => format!("le {level} « {code} » n'a pas de nom"),
        Refusal::MissingParents { clsc } => format!("il manque ce qui est au-dessus du CLSC « {clsc} »"),
        Refusal::AmbiguousParent { level, code, upper } => {
            format!("le {level} « {code} » est partagé entre plusieurs {upper}")
        }
        Refusal::NoEffect => "elle ne change rien".to_owned(),
        Refusal::RepeatedClsc { clsc } => format!("le CLSC « {clsc} » y figure deux fois"),
        Refusal::NotTerritorial { level } => format!("un {level} ne se renomme ni ne se recode"),
        Refusal::BadStraddle { unit, clsc } => {
            format!("les parts de l'aire « {unit} » doivent commencer par le CLSC « {clsc} »")
        }
        Refusal::Hierarchy(_) => "les territoires ne formeraient pas une hiérarchie".to_owned(),
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let english = error.to_string();
        match error {
            StoreError::Unknown { id } => {
                Self::new(UNKNOWN_REVISION, format!("La révision « {id} » est inconnue."), english)
            }
            StoreError::Conflict { id, expected, found } => Self::new(
                REVISION_CHANGED,
                format!("La révision « {id} » en est à la version {found}, non {expected} : relisez-la, puis décidez."),
                english,
            ),
            StoreError::Transition { from, to, expected } => Self::new(
                REVISION_STATE,
                format!("Une révision « {from} » ne peut pas devenir « {to} » ; possible : {expected}."),
                english,
            ),
            StoreError::Settled { state } => Self::new(
                REVISION_STATE,
                format!("Les opérations d'une révision « {state} » ne changent plus : dupliquez-la pour continuer."),
                english,
            ),
            StoreError::NoVersion { id, version, last } => Self::new(
                UNKNOWN_REVISION,
                format!("La révision « {id} » n'a pas de version {version} : de 1 à {last}."),
                english,
            ),
            StoreError::BrokenChain { id, number } => Self::new(
                REVISION_ALTERED,
                format!(
                    "L'événement {number} de la révision « {id} » ne suit pas du précédent : la base a été altérée."
                ),
                english,
            ),
            StoreError::OtherState { id, number } => Self::new(
                REVISION_ALTERED,
                format!(
                    "L'événement {number} de la révision « {id} » mène à un autre état que celui qui a été consigné."
                ),
                english,
            ),
            StoreError::Nothing { .. } => Self::new(REVISION_STATE, "Il n'y a rien à annuler ou à rétablir.", english),
            StoreError::Empty { what } => Self::new(MISSING_PARAMETER, format!("Un texte est vide ({what})."), english),
            _ => Self::internal(),
        }
    }
}
