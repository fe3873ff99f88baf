//! Why a table can not be read: one enum, each message with the value, the place and the fix.

use crate::domain::{French, Words, foreign};

/// Why a table, or another file, could not be taken in.
///
/// Only what makes the whole file useless stands here; a bad row is a [`Finding`](crate::domain::Finding).
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// There is no such file.
    #[error("\"{path}\" does not exist: check the path")]
    NotFound {
        /// The path as given.
        path: String,
    },
    /// The file is there but can not be read.
    #[error("\"{path}\" can not be read: check that it is a file and that you may open it")]
    Unreadable {
        /// The path as given.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Zero bytes, or nothing but white space.
    #[error("\"{path}\" is empty: fetch or export it again")]
    EmptyFile {
        /// The path as given.
        path: String,
    },
    /// A header and nothing below, or no record at all.
    #[error("\"{path}\" holds no row: expected {expected}")]
    NoRow {
        /// The path as given.
        path: String,
        /// What rows were expected.
        expected: Words,
    },
    /// Shorter than its own header says.
    #[error("\"{path}\" is cut short: its header says {stated} bytes, there are {found}; copy the whole file again")]
    Truncated {
        /// The path as given.
        path: String,
        /// Bytes that the header announces.
        stated: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// A table whose header makes no sense.
    #[error("\"{path}\" is no dBase table: {reason}")]
    NotDbf {
        /// The path as given.
        path: String,
        /// What is wrong with it.
        reason: Words,
    },
    /// A line that is no row of delimited text.
    #[error("line {line} of \"{path}\" is no row of delimited text")]
    BadLine {
        /// The path as given.
        path: String,
        /// Line in the file, from 1.
        line: u64,
        /// What the parser says.
        source: csv::Error,
    },
    /// A column that is needed is not there under any known name.
    #[error("\"{path}\" has no column for {wanted} (such as {examples}): it has {found}; name the right one")]
    MissingColumn {
        /// The path as given.
        path: String,
        /// What the column would hold.
        wanted: Words,
        /// Some known names.
        examples: String,
        /// The columns there are, in quotes.
        found: String,
    },
    /// The column asked for is not there.
    #[error("\"{path}\" has no column \"{column}\": it has {found}")]
    UnknownColumn {
        /// The path as given.
        path: String,
        /// The column asked for.
        column: String,
        /// The columns there are, in quotes.
        found: String,
    },
    /// An encoding label that nobody knows.
    #[error(
        "\"{path}\": unknown encoding \"{label}\": expected one such as \"UTF-8\", \"windows-1252\" or \"ISO-8859-1\""
    )]
    UnknownEncoding {
        /// The file that says so, or that it was asked for.
        path: String,
        /// The label.
        label: String,
    },
}

impl French for TableError {
    fn french(&self) -> String {
        match self {
            Self::NotFound { path } => format!("« {path} » n'existe pas : vérifiez le chemin"),
            Self::Unreadable { path, source } => format!(
                "« {path} » ne peut pas être lu : vérifiez que c'est un fichier et que vous pouvez l'ouvrir : {}",
                foreign(source)
            ),
            Self::EmptyFile { path } => format!("« {path} » est vide : téléchargez-le ou exportez-le de nouveau"),
            Self::NoRow { path, expected } => {
                format!("« {path} » ne contient aucune ligne : {}", expected.french)
            }
            Self::Truncated { path, stated, found } => format!(
                "« {path} » est tronqué : son en-tête annonce {stated} octets, il y en a {found} ; copiez le fichier entier"
            ),
            Self::NotDbf { path, reason } => format!("« {path} » n'est pas une table dBase : {}", reason.french),
            Self::BadLine { path, line, source } => {
                format!("la ligne {line} de « {path} » n'est pas une ligne de texte délimité : {}", foreign(source))
            }
            Self::MissingColumn { path, wanted, examples, found } => format!(
                "« {path} » n'a pas de colonne pour {} (par exemple {examples}) : il a {found} ; nommez la bonne",
                wanted.french
            ),
            Self::UnknownColumn { path, column, found } => {
                format!("« {path} » n'a pas de colonne « {column} » : il a {found}")
            }
            Self::UnknownEncoding { path, label } => format!(
                "« {path} » : l'encodage « {label} » est inconnu : par exemple « UTF-8 », « windows-1252 » ou « ISO-8859-1 »"
            ),
        }
    }
}
