//! Why a series could not be read, compared or bridged, in French and English.

use crate::domain::{French, Level, Words, foreign};

/// Why a series could not be read, compared or bridged.
#[derive(Debug, thiserror::Error)]
pub enum SeriesError {
    /// A level that has no territories of its own.
    #[error("level \"{level}\" holds units, not territories: expected one of clsc, rls, rts, rss, ruisss")]
    NotTerritorial {
        /// The level asked for.
        level: Level,
    },
    /// An edition whose units are not those of the join.
    #[error("edition \"{edition}\" has {found} units, but what it is compared on has {expected}")]
    UnitCount {
        /// The edition.
        edition: String,
        /// Units it has.
        found: usize,
        /// Units expected.
        expected: usize,
    },
    /// Two editions over different units and nothing that joins them.
    #[error(
        "editions \"{from}\" and \"{to}\" are over different units: give the correspondence of dissemination areas \
         between the two censuses"
    )]
    NoJoin {
        /// The first edition.
        from: String,
        /// The second edition.
        to: String,
    },
    /// An edition the timeline does not hold.
    #[error("unknown edition \"{id}\": expected one of {known}")]
    UnknownEdition {
        /// The edition asked for.
        id: String,
        /// Those there are.
        known: String,
    },
    /// Weights asked for that nothing counts.
    #[error("no {basis} are counted by unit here: {}", missing_weights(basis))]
    NoWeights {
        /// What was asked for.
        basis: &'static str,
    },
    /// A weight that is no number of 0 or more.
    #[error("line {line}: weight \"{found}\" of unit \"{unit}\" is not a number of 0 or more")]
    BadWeight {
        /// The unit.
        unit: String,
        /// The text as given.
        found: String,
        /// The line.
        line: u64,
    },
    /// A table without a column it can not do without.
    #[error("no column for {wanted}: name one so in the first line")]
    MissingColumn {
        /// What the column is called.
        wanted: Words,
    },
    /// A header given twice for one role.
    #[error("columns \"{first}\" and \"{second}\" both hold the {role}: keep one")]
    RepeatedColumn {
        /// What both hold.
        role: Words,
        /// The first header.
        first: String,
        /// The second header.
        second: String,
    },
    /// Two crosswalks that do not meet.
    #[error("the first crosswalk ends at edition \"{first_to}\", the second starts at \"{second_from}\"")]
    Disjoint {
        /// Where the first ends.
        first_to: String,
        /// Where the second starts.
        second_from: String,
    },
    /// A text that is no table.
    #[error("the table can not be read")]
    Csv(#[from] csv::Error),
}

/// What is missing for a basis, and what to do.
fn missing_weights(basis: &str) -> &'static str {
    match basis {
        "addresses" => {
            "the atlas has no address registry; give a file of weights by unit (--weights FILE), or an atlas made with addresses"
        }
        "dwellings" => "no atlas holds dwellings; give a file of dwellings by unit (--weights FILE)",
        "file" => {
            "every weight of the file is 0 or of a unit that is not here; give a file with the units of the atlas"
        }
        _ => "weigh by area, or give a file of weights by unit (--weights FILE)",
    }
}

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
