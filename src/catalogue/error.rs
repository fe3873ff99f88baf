//! Why no edition answers, or a revision gives none.

use std::path::PathBuf;

use crate::domain::{Date, EditionError, French, foreign};
use crate::revision::RevisionError;
#[cfg(feature = "store")]
use crate::store::StoreError;

/// Why the catalogue has no edition for a question, or does not take a revision.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// No such edition.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// A revision that can not be carried out.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// The store of revisions can not be used, or refuses.
    #[cfg(feature = "store")]
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A revision was asked for, and there is no store.
    #[error("no store of revisions is open: name one with --store")]
    NoStore,
    /// A revision file that is none, or is refused.
    #[error("\"{}\" is no revision that can be carried out", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: Box<RevisionError>,
    },
    /// A revision file that bears the identifier of an edition of the atlas.
    #[error("--revision \"{} ({id})\" is not usable: expected a revision whose id no edition of the atlas has", path.display())]
    SameId {
        /// The file.
        path: PathBuf,
        /// The identifier.
        id: String,
    },
    /// A revision that is no edition yet.
    #[error("revision \"{id}\" is not published: no other can be based on it; duplicate it")]
    Unpublished {
        /// Its identifier.
        id: String,
    },
    /// A stored revision whose bases lead back to itself.
    #[error("revision \"{id}\" is, by way of its bases, its own base: the store was altered")]
    BaseOfItself {
        /// Its identifier.
        id: String,
    },
    /// It does not start from the edition in force.
    #[error(
        "it changes \"{base}\", and can not hold from {day}: {}; choose a day after the first of its base, or make the revision \
         again on the edition in force",
        match in_force {
            Some(id) if id == base => "its base begins that very day".to_owned(),
            Some(id) => format!("\"{id}\" is in force then, and what it changed would be lost"),
            None => "no edition is in force then".to_owned(),
        }
    )]
    NotInForce {
        /// The day asked for.
        day: Date,
        /// What it starts from.
        base: String,
        /// What is in force on that day.
        in_force: Option<String>,
    },
    /// A later one is published already.
    #[error(
        "it can not hold from {day}: \"{id}\" holds from {from}, knows nothing of it, and would undo it; choose a later day on the base \"{id}\""
    )]
    Overtaken {
        /// The day asked for.
        day: Date,
        /// The later one.
        id: String,
        /// Its day.
        from: Date,
    },
    /// A file that can not be read.
    #[error("\"{}\" can not be read: check its name", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
}

impl French for CatalogueError {
    fn french(&self) -> String {
        match self {
            Self::Edition(error) => error.french(),
            Self::Revision(error) => error.french(),
            #[cfg(feature = "store")]
            Self::Store(error) => error.french(),
            Self::NoStore => "aucune base de révisions n'est ouverte : nommez-la avec --store".to_owned(),
            Self::File { path, source } => {
                format!("« {} » n'est pas une révision qui puisse être faite : {}", path.display(), source.french())
            }
            Self::SameId { path, id } => format!(
                "--revision « {} ({id}) » est inutilisable : une révision dont aucune édition de l'atlas n'a l'identifiant",
                path.display()
            ),
            Self::Unpublished { id } => {
                format!("la révision « {id} » n'est pas publiée : aucune autre ne peut en partir ; dupliquez-la")
            }
            Self::BaseOfItself { id } => {
                format!("la révision « {id} » est, par ses bases, sa propre base : la base de révisions a été altérée")
            }
            Self::NotInForce { day, base, in_force } => {
                let why = match in_force {
                    Some(id) if id == base => "sa base commence ce jour même".to_owned(),
                    Some(id) => format!("« {id} » est alors en vigueur, et ce qu'elle a changé serait perdu"),
                    None => "aucune édition n'est alors en vigueur".to_owned(),
                };
                format!(
                    "elle change « {base} » et ne peut pas valoir dès le {day} : {why} ; choisissez un jour après le premier de sa \
                     base, ou refaites la révision sur l'édition en vigueur"
                )
            }
            Self::Overtaken { day, id, from } => format!(
                "elle ne peut pas valoir dès le {day} : « {id} » vaut dès le {from}, ne la connaît pas et la déferait ; choisissez \
                 un jour ultérieur, sur la base « {id} »"
            ),
            Self::Read { path, source } => {
                format!("« {} » ne peut pas être lu : vérifiez son nom : {}", path.display(), foreign(source))
            }
        }
    }
}
