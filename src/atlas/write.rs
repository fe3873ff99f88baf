//! Writing a file whole or not at all.

use std::io::Write as _;
use std::path::Path;

use super::AtlasError;

/// Writes bytes under a name, atomically: they go to a new file in the same folder, are flushed to the disk and renamed.
///
/// # Errors
/// [`AtlasError::Write`]; the file that had the name before is then still there, unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), AtlasError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let failed = |source: std::io::Error| AtlasError::Write { path: path.to_owned(), source };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rattache-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    // The rename itself is only lasting once the folder is on the disk; where that can not be asked for, it is not.
    if let Ok(folder) = std::fs::File::open(folder) {
        folder.sync_all().ok();
    }
    Ok(())
}
