//! What can stop an export.

use std::path::PathBuf;

use super::FORMATS;
use crate::domain::{French, foreign};
use crate::files::FilesError;
use crate::geometry::ProjectionError;

/// Why an export is not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A word that names no format.
    #[error("there is no format \"{word}\": expected one of {}", words())]
    UnknownFormat {
        /// The word as given.
        word: String,
    },
    /// An output whose ending says another format, or none.
    #[error(
        "the ending \".{ending}\" of the output does not go with the format: expected {}, or the format by its name with --format",
        endings()
    )]
    Ending {
        /// The ending.
        ending: String,
    },
    /// A format, or several layers, that can not go to standard output.
    #[error("{format} goes to a file: name it")]
    NeedsName {
        /// The format.
        format: &'static str,
    },
    /// A file can not be written.
    #[error(transparent)]
    File(#[from] FilesError),
    /// Standard output is gone.
    #[error("the export can not be written")]
    Stream(#[source] std::io::Error),
    /// The library of the format fails.
    #[error("\"{}\" can not be written: check the folder, its rights and the free space", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What the library says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More than the format has room for.
    #[error("\"{}\" would be larger than {format} allows ({most}): choose another format, such as GeoPackage", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The format.
        format: &'static str,
        /// Its limit.
        most: &'static str,
    },
    /// A position that the coordinate system has no place for.
    #[error("the positions can not be brought to \"{system}\": ask for a system that covers Québec, such as EPSG:3347")]
    Position {
        /// The system's name.
        system: String,
        /// The cause.
        source: ProjectionError,
    },
}

fn words() -> String {
    FORMATS.iter().map(|format| format.word).collect::<Vec<_>>().join(", ")
}

fn endings() -> String {
    FORMATS.iter().flat_map(|format| format.endings).map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(", ")
}

impl French for ExportError {
    fn french(&self) -> String {
        match self {
            Self::UnknownFormat { word } => {
                format!("le format « {word} » n'existe pas : choisissez parmi {}", words())
            }
            Self::Ending { ending } => format!(
                "la terminaison « .{ending} » de la sortie ne va pas avec le format : {}, ou le format par son nom avec --format",
                endings()
            ),
            Self::NeedsName { format } => format!("{format} s'écrit dans un fichier : nommez-le"),
            Self::File(error) => error.french(),
            Self::Stream(cause) => format!("l'export ne peut pas être écrit : {}", foreign(cause)),
            Self::Format { path, source } => format!(
                "« {} » ne peut pas être écrit : vérifiez le dossier, ses droits et la place libre : {}",
                path.display(),
                foreign(&**source)
            ),
            Self::TooLarge { path, format, most } => format!(
                "« {} » dépasserait ce que permet le format {format} ({most}) : choisissez-en un autre, par exemple GeoPackage",
                path.display()
            ),
            Self::Position { system, source } => format!(
                "les positions ne peuvent pas être amenées en « {system} » : demandez un système qui couvre le Québec, par \
                 exemple EPSG:3347 : {}",
                source.french()
            ),
        }
    }
}
