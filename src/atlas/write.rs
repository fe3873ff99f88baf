//! Writing an atlas whole or not at all.

use std::path::Path;

use super::AtlasError;
use crate::files::{self, FilesError};

/// Writes bytes under a name, atomically.
///
/// # Errors
/// [`AtlasError::Write`]; the file that had the name before is then still there, unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), AtlasError> {
    files::write(path, bytes).map_err(|FilesError { path, source }| AtlasError::Write { path, source })
}
