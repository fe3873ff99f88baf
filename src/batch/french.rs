//! What stops a whole file, in French.

use super::BatchError;
use crate::domain::{French, foreign};
use crate::resolve::MOST_UNCERTAINTY_M;

impl French for BatchError {
    #[allow(clippy::too_many_lines, reason = "one arm an error, and none may be left out")]
    fn french(&self) -> String {
        match self {
            Self::Input { name, source } => {
                format!("« {name} » ne peut pas être lu : vérifiez son nom et ses droits : {}", foreign(source))
            }
            Self::Read(cause) => format!("l'entrée n'a pas pu être lue jusqu'au bout : {}", foreign(cause)),
            Self::Busy { path } => format!(
                "« {} » est en cours d'écriture par un autre traitement : attendez sa fin, ou choisissez une autre sortie",
                path.display()
            ),
            Self::Write(cause) => format!(
                "la sortie n'a pas pu être écrite : vérifiez la place libre et les droits ; --resume reprend de là : {}",
                foreign(cause)
            ),
            Self::WriteWhole(cause) => format!(
                "la sortie n'a pas pu être écrite et a été retirée : vérifiez la place libre et les droits, puis recommencez : {}",
                foreign(cause)
            ),
            Self::Empty => "l'entrée est vide : un en-tête et des lignes au-dessous sont attendus".to_owned(),
            Self::NotATable => {
                "l'entrée n'est pas un tableau : du texte en colonnes (CSV), son gzip ou son zip, ou du NDJSON, \
                                est attendu"
                    .to_owned()
            }
            Self::RowTooLong { row, most } => format!(
                "la ligne {row} dépasse {most} octets : est-ce un tableau ? vérifiez les guillemets et les fins de ligne"
            ),
            Self::NoUsableColumn { found } => format!(
                "aucune colonne utilisable : il y a {} ; latitude et longitude, x et y avec --crs, une adresse ou un code \
                 postal sont attendus ; nommez-les avec --lat-column, --lon-column, --address-column...",
                list(found)
            ),
            Self::UnknownColumn { wanted, found } => {
                format!("la colonne « {wanted} » n'existe pas : il y a {}", list(found))
            }
            Self::RepeatedColumn { name, found } => {
                format!("la colonne « {name} » figure plusieurs fois : renommez-en une parmi {found}")
            }
            Self::HalfAPair { have, want, found } => {
                format!("la colonne {have} est seule : {want} est attendue aussi ; il y a {}", list(found))
            }
            Self::CrsMissing { found } => format!(
                "x et y demandent leur système de coordonnées : donnez-le avec --crs, par exemple EPSG:32198 ; il y a {}",
                list(found)
            ),
            Self::NoAddressRegistry { found } => format!(
                "le fichier a des adresses ({found}), et cet atlas n'a pas de registre d'adresses : faites-en un avec des \
                 adresses, ou donnez des coordonnées"
            ),
            Self::AlreadyThere { name } => format!(
                "la colonne « {name} » est déjà là : retirez-la, ou choisissez d'autres colonnes avec --columns"
            ),
            Self::UnknownOutput { wanted, known } => {
                format!("la colonne de sortie « {wanted} » est inconnue : choisissez parmi {known}")
            }
            Self::Uncertainty { value } => {
                format!("uncertainty_m « {value} » est inutilisable : de 0 à {MOST_UNCERTAINTY_M} mètres")
            }
            Self::Zip { name, found } => format!(
                "« {name} » contient {found} : un zip d'un seul tableau est attendu (.csv, .tsv, .txt, .ndjson)"
            ),
            Self::BadZip { name, source } => {
                format!("« {name} » n'est pas un zip qui peut être lu : {}", foreign(&**source))
            }
            Self::Unsupported { name, kind } => format!(
                "« {name} » : {} ne se lit pas ; enregistrez-le en Excel (.xlsx) ou en CSV UTF-8, et donnez le fichier par \
                 son nom",
                kind.french
            ),
            Self::BadWorkbook { name, what } => format!(
                "« {name} » n'est pas un classeur Excel qui peut être lu ({}) : ouvrez-le dans Excel et enregistrez-le de \
                 nouveau",
                what.french
            ),
            Self::NoSheet { wanted, found } => format!("aucune feuille « {wanted} » : il y a {}", list(found)),
            Self::NoSheets => "--sheet va avec un classeur Excel (.xlsx), et l'entrée n'en est pas un".to_owned(),
            Self::BadParquet { name, source } => format!(
                "« {name} » n'est pas un fichier Parquet qui peut être lu : un fichier comprimé par snappy ou zstd, ou pas du \
                 tout, est attendu : {}",
                foreign(&**source)
            ),
            Self::GeometryCrs { name } => format!(
                "le système de coordonnées de la géométrie de « {name} » n'est pas compris : donnez-le avec --crs, par exemple \
                 EPSG:32198"
            ),
            Self::TooManyRows { most } => format!(
                "plus de {most} lignes, ce qu'une feuille Excel contient au plus : écrivez du .csv ou du .parquet, ou coupez le \
                 fichier"
            ),
            Self::TooManyColumns { columns } => format!(
                "{columns} colonnes avec celles ajoutées, et une feuille Excel en contient 16384 : choisissez-en moins avec \
                 --columns"
            ),
            Self::CellTooLong { row } => format!(
                "la ligne {row} a un texte de plus de 32767 lettres, ce qu'une cellule Excel contient au plus : écrivez du \
                 .csv ou du .parquet"
            ),
            Self::NoRoomFor { column, kind, to } => format!(
                "la colonne « {column} » contient des valeurs de la sorte {kind}, pour lesquelles {} n'a pas de place : \
                 écrivez du .parquet",
                to.french
            ),
            Self::Conversion { from, to, choose } => {
                format!("{} ne peut pas s'écrire en {} : choisissez {}", from.french, to.french, choose.french)
            }
            Self::CanNotResume { why } => format!("{} : recommencez sans --resume", why.french),
            Self::SameFile => "la sortie remplacerait l'entrée : choisissez un autre nom".to_owned(),
        }
    }
}

/// A list of what there is, which may be nothing.
fn list(found: &str) -> &str {
    if found == "nothing" { "rien" } else { found }
}
