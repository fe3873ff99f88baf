//! Why an atlas is refused, in French.

use super::AtlasError;
use crate::domain::{French, foreign};

impl French for AtlasError {
    fn french(&self) -> String {
        match self {
            Self::Open { path, source } => format!(
                "l'atlas « {} » ne peut pas être ouvert : vérifiez son nom, ou faites-le avec `rattache atlas build` : {}",
                path.display(),
                foreign(source)
            ),
            Self::Write { path, source } => format!(
                "l'atlas « {} » ne peut pas être écrit : vérifiez le dossier, ses droits et la place libre : {}",
                path.display(),
                foreign(source)
            ),
            Self::In { path, source } => format!("l'atlas « {} » est refusé : {}", path.display(), source.french()),
            Self::Empty => "le fichier est vide : refaites-le avec `rattache atlas build`".to_owned(),
            Self::NotAnAtlas => {
                "le fichier ne commence pas comme un atlas : un fichier fait par `rattache atlas build` est attendu"
                    .to_owned()
            }
            Self::OtherVersion { found, expected } => format!(
                "l'atlas est de la version {found}, ce programme lit la version {expected} : refaites-le avec ce programme"
            ),
            Self::Truncated { expected, found } => format!(
                "le fichier compte {found} octets, son en-tête en annonce {expected} : il a été tronqué ou allongé, copiez-le \
                 ou refaites-le"
            ),
            Self::Altered => "la somme de contrôle ne correspond pas : le fichier a été altéré après avoir été écrit, \
                              copiez-le ou refaites-le"
                .to_owned(),
            Self::MissingSection { tag } => format!("la section « {tag} » manque : refaites l'atlas"),
            Self::BadSection { tag } => {
                format!("la section « {tag} » a une longueur qui ne convient pas : refaites l'atlas")
            }
            Self::BadManifest(cause) => {
                format!("les noms et les tables ne peuvent pas être lus : refaites l'atlas : {}", foreign(cause))
            }
            Self::AttachmentLength { edition, found, expected } => {
                format!("l'édition « {edition} » rattache {found} aires, l'atlas en a {expected}")
            }
            Self::BadEdition { edition, source } => {
                format!("l'édition « {edition} » est incohérente : {}", source.french())
            }
            Self::DuplicateEdition { id } => {
                format!("l'édition « {id} » est donnée deux fois : donnez à chacune son identifiant")
            }
            Self::SameDay { first, second, valid_from } => format!(
                "les éditions « {first} » et « {second} » sont toutes deux en vigueur depuis le {valid_from} : une seule peut \
                 l'être un jour donné"
            ),
            Self::PeopleTwice { year } => {
                format!("les personnes de {year} sont données deux fois : gardez un fichier par année")
            }
            Self::NoEdition => "il faut au moins une édition dans un atlas".to_owned(),
            Self::Addresses(cause) => {
                format!("le registre d'adresses est inutilisable : {}", cause.french())
            }
            Self::AddressUnits => {
                "le registre d'adresses nomme des aires que l'atlas n'a pas : refaites l'atlas".to_owned()
            }
            Self::NoArea => "aucune aire n'a de surface : il n'y a rien où situer un point".to_owned(),
            Self::Index(cause) => format!("les limites ne peuvent pas être indexées : {}", cause.french()),
        }
    }
}
