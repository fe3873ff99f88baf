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
    /// Bytes that are another thing than a table.
    #[error("\"{path}\" is {what}, which is not read here: {way_out}")]
    NotATable {
        /// The path as given.
        path: String,
        /// What it is.
        what: Words,
        /// What to do.
        way_out: Words,
    },
    /// A zip without a table, or with several.
    #[error(
        "\"{path}\" is a zip of {found}: expected one table in it (.csv, .tsv, .txt, .xlsx); unpack it and give the table"
    )]
    Zip {
        /// The path as given.
        path: String,
        /// What it holds.
        found: String,
    },
    /// A packed file that can not be unpacked, or that is far too large.
    #[error("\"{path}\" can not be unpacked to its end: copy the whole file again, or unpack it first")]
    Packed {
        /// The path as given.
        path: String,
    },
    /// A workbook that can not be read.
    #[error("\"{path}\" is not a workbook that can be read ({what}): open it in a spreadsheet and save it again")]
    BadWorkbook {
        /// The path as given.
        path: String,
        /// What is wrong, without its values.
        what: Words,
    },
    /// A sheet that is not there.
    #[error("\"{path}\" has no sheet \"{wanted}\": it has {found}")]
    NoSheet {
        /// The path as given.
        path: String,
        /// The name as given.
        wanted: String,
        /// The sheets there are.
        found: String,
    },
    /// A header row that is not there.
    #[error(
        "\"{path}\" has no row {row} among its first ones to take as the header: count rows that hold something, from 1"
    )]
    NoHeaderRow {
        /// The path as given.
        path: String,
        /// The number as given.
        row: u64,
    },
    /// A table of which no row is about anything that is known here.
    #[error(
        "no row of \"{path}\" is about {what} known here: its column \"{column}\" has \"{theirs}\", here there is \"{ours}\"; is it of another year, or another column?"
    )]
    NoMatch {
        /// The path as given.
        path: String,
        /// What rows are about.
        what: Words,
        /// The column.
        column: String,
        /// One value of the column.
        theirs: String,
        /// One that is known.
        ours: String,
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
            Self::NotATable { path, what, way_out } => {
                format!("« {path} » est {}, ce qui n'est pas lu ici : {}", what.french, way_out.french)
            }
            Self::Zip { path, found } => format!(
                "« {path} » est un zip de {found} : une seule table y est attendue (.csv, .tsv, .txt, .xlsx) ; décompressez-le et \
                 donnez la table"
            ),
            Self::Packed { path } => format!(
                "« {path} » ne peut pas être décompressé jusqu'à sa fin : copiez le fichier entier, ou décompressez-le d'abord"
            ),
            Self::BadWorkbook { path, what } => format!(
                "« {path} » n'est pas un classeur qui peut être lu ({}) : ouvrez-le dans un tableur et enregistrez-le de nouveau",
                what.french
            ),
            Self::NoSheet { path, wanted, found } => {
                format!("« {path} » n'a pas de feuille « {wanted} » : il a {found}")
            }
            Self::NoHeaderRow { path, row } => format!(
                "« {path} » n'a pas de ligne {row} parmi les premières à prendre pour l'en-tête : comptez les lignes qui \
                 contiennent quelque chose, à partir de 1"
            ),
            Self::NoMatch { path, what, column, theirs, ours } => format!(
                "aucune ligne de « {path} » ne porte sur {} connu ici : sa colonne « {column} » contient « {theirs} », il y a ici \
                 « {ours} » ; est-elle d'une autre année, ou d'une autre colonne ?",
                what.french
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
