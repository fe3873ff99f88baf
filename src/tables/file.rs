//! Files as a whole: their names in messages, and their bytes.

use std::fs;
use std::path::Path;

use super::TableError;

/// A path as messages show it.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The name of a file without its folder.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| shown(path), |name| name.to_string_lossy().into_owned())
}

/// Tells a missing file from one that can not be read.
pub(crate) fn unreadable(path: &Path, source: std::io::Error) -> TableError {
    if source.kind() == std::io::ErrorKind::NotFound {
        TableError::NotFound { path: shown(path) }
    } else {
        TableError::Unreadable { path: shown(path), source }
    }
}

/// The text of a file that is none of a table, such as a recipe, in any encoding; without a byte order mark.
///
/// # Errors
/// [`TableError::NotFound`], [`TableError::Unreadable`], [`TableError::NotATable`] for what is no text.
pub fn read_text(path: &Path) -> Result<String, TableError> {
    let bytes = fs::read(path).map_err(|source| unreadable(path, source))?;
    let kind = super::recognise::Kind::of_head(&bytes[..bytes.len().min(4096)]);
    if !matches!(kind, super::recognise::Kind::Text | super::recognise::Kind::Json) {
        let (what, way_out) = kind.words();
        return Err(TableError::NotATable { path: shown(path), what, way_out });
    }
    let (text, _) = super::encoding::decode_bytes(bytes, None);
    Ok(text)
}

/// Reads a whole file that must hold something.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, TableError> {
    let bytes = fs::read(path).map_err(|source| unreadable(path, source))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(TableError::EmptyFile { path: shown(path) });
    }
    Ok(bytes)
}
