//! What can go wrong with series, in French.

use super::SeriesError;
use crate::domain::{French, foreign};

impl French for SeriesError {
    fn french(&self) -> String {
        match self {
            Self::NotTerritorial { level } => {
                format!(
                    "le niveau « {level} » contient des unités, non des territoires : clsc, rls, rts, rss ou ruisss"
                )
            }
            Self::UnitCount { edition, found, expected } => {
                format!("l'édition « {edition} » a {found} unités, mais ce à quoi elle est comparée en a {expected}")
            }
            Self::NoJoin { from, to } => format!(
                "les éditions « {from} » et « {to} » portent sur des unités différentes : donnez la correspondance des aires \
                 de diffusion entre les deux recensements"
            ),
            Self::UnknownEdition { id, known } => format!("l'édition « {id} » est inconnue : {known}"),
            Self::NoWeights { basis } => no_weights(basis).to_owned(),
            Self::BadWeight { unit, found, line } => {
                format!("ligne {line} : le poids « {found} » de l'unité « {unit} » n'est pas un nombre de 0 ou plus")
            }
            Self::MissingColumn { wanted } => {
                format!("il manque une colonne ({}) : nommez-en une ainsi à la première ligne", wanted.french)
            }
            Self::RepeatedColumn { role, first, second } => {
                format!("les colonnes « {first} » et « {second} » ont le même rôle ({}) : gardez-en une", role.french)
            }
            Self::Disjoint { first_to, second_from } => format!(
                "la première table de passage finit à l'édition « {first_to} », la seconde part de « {second_from} »"
            ),
            Self::Csv(cause) => format!("le tableau ne peut pas être lu : {}", foreign(cause)),
        }
    }
}

fn no_weights(basis: &str) -> &'static str {
    match basis {
        "addresses" => {
            "l'atlas n'a pas de registre d'adresses : donnez un fichier de poids par unité (--weights FICHIER), ou un atlas fait \
             avec des adresses"
        }
        "dwellings" => {
            "aucun atlas ne tient les logements : donnez un fichier de logements par unité (--weights FICHIER)"
        }
        "file" => {
            "tous les poids du fichier sont nuls ou d'unités qui ne sont pas ici : donnez un fichier des unités de l'atlas"
        }
        "area" => "aucune unité n'a de surface ici : donnez un fichier de poids par unité (--weights FICHIER)",
        _ => {
            "la population d'aucune unité n'est connue ici : pondérez par area, ou donnez un fichier de poids par unité \
             (--weights FICHIER)"
        }
    }
}
