//! Why no edition answers, or a revision gives none.

use std::path::PathBuf;

use crate::domain::{Date, EditionError, Words, both, errors};
use crate::revision::{Concern, RevisionError};
use crate::store::StoreError;

errors! {
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
        #[error(transparent)]
        Store(#[from] StoreError),
        /// A revision was asked for, and there is no store.
        #[fr("aucune base de révisions n'est ouverte : nommez-la avec --store")]
        #[en("no store of revisions is open: name one with --store")]
        NoStore,
        /// A revision file that is none, or is refused.
        #[fr("« {} » n'est pas une révision qui puisse être faite", path.display() => source)]
        #[en("\"{}\" is no revision that can be carried out", path.display())]
        File {
            /// The file.
            path: PathBuf,
            /// The reason.
            source: Box<RevisionError>,
        },
        /// A revision file that bears the identifier of an edition of the atlas.
        #[fr(
            "--revision « {} ({id}) » est inutilisable : une révision dont aucune édition de l'atlas n'a l'identifiant",
            path.display()
        )]
        #[en(
            "--revision \"{} ({id})\" is not usable: expected a revision whose id no edition of the atlas has",
            path.display()
        )]
        SameId {
            /// The file.
            path: PathBuf,
            /// The identifier.
            id: String,
        },
        /// A revision that is no edition yet.
        #[fr("la révision « {id} » n'est pas publiée : aucune autre ne peut en partir ; dupliquez-la")]
        #[en("revision \"{id}\" is not published: no other can be based on it; duplicate it")]
        Unpublished {
            /// Its identifier.
            id: String,
        },
        /// A stored revision whose bases lead back to itself.
        #[fr("la révision « {id} » est, par ses bases, sa propre base : la base de révisions a été altérée")]
        #[en("revision \"{id}\" is, by way of its bases, its own base: the store was altered")]
        BaseOfItself {
            /// Its identifier.
            id: String,
        },
        /// Warnings about it that nobody accepted.
        #[fr("{} ; acceptez ce qui est voulu par son nom (--accept)", listed(warnings).french)]
        #[en("{}; accept what is meant by its name (--accept)", listed(warnings))]
        Unaccepted {
            /// The warnings.
            warnings: Vec<Concern>,
        },
        /// It does not start from the edition in force.
        #[fr(
            "elle change « {base} » et ne peut pas valoir dès le {day} : {} ; choisissez un jour après le premier de sa base, ou refaites la révision sur l'édition en vigueur (rattache revision rebase)",
            not_in_force(base, in_force.as_deref()).french,
        )]
        #[en(
            "it changes \"{base}\", and can not hold from {day}: {}; choose a day after the first of its base, or make the revision again on the edition in force (rattache revision rebase)",
            not_in_force(base, in_force.as_deref()),
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
        #[fr(
            "elle ne peut pas valoir dès le {day} : « {id} » vaut dès le {from}, ne la connaît pas et la déferait ; choisissez un jour ultérieur, sur la base « {id} »"
        )]
        #[en(
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
    }
}

/// Warnings with the names under which they are accepted.
fn listed(warnings: &[Concern]) -> Words {
    let french: Vec<String> = warnings.iter().map(|known| format!("{} ({})", known.words.french, known.kind)).collect();
    let english: Vec<String> =
        warnings.iter().map(|known| format!("{} ({})", known.words.english, known.kind)).collect();
    Words::new(
        format!("avertissements à accepter : {}", french.join(" ; ")),
        format!("warnings to be accepted: {}", english.join("; ")),
    )
}

/// Why a base can not be changed from a day on.
fn not_in_force(base: &str, in_force: Option<&str>) -> Words {
    match in_force {
        Some(id) if id == base => Words::new("sa base commence ce jour même", "its base begins that very day"),
        Some(id) => both!(
            "« {} » est alors en vigueur, et ce qu'elle a changé serait perdu",
            "\"{}\" is in force then, and what it changed would be lost",
            id
        ),
        None => Words::new("aucune édition n'est alors en vigueur", "no edition is in force then"),
    }
}
