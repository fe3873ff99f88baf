//! Why a file could not be written.

use std::path::PathBuf;

use crate::domain::{French, foreign};

/// A file that could not be written; the one that had the name before is then still there, unchanged.
#[derive(Debug, thiserror::Error)]
#[error("\"{}\" can not be written: check the folder, its rights and the free space", path.display())]
pub struct FilesError {
    /// The file.
    pub path: PathBuf,
    /// The cause.
    pub source: std::io::Error,
}

impl French for FilesError {
    fn french(&self) -> String {
        let cause = match self.source.kind() {
            std::io::ErrorKind::IsADirectory => "c'est un dossier".to_owned(),
            _ => foreign(&self.source),
        };
        format!(
            "« {} » ne peut pas être écrit : vérifiez le dossier, ses droits et la place libre : {cause}",
            self.path.display()
        )
    }
}
