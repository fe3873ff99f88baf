//! Files that are made only to be read again.

use std::io;
use std::path::Path;

/// The bytes of a file of a name that `write` makes, in a folder of its own that is gone afterwards.
///
/// # Errors
/// Those of `write`, and [`io::Error`] where the folder can not be made or the file not be read.
pub fn bytes_of<E: From<io::Error>>(name: &str, write: impl FnOnce(&Path) -> Result<(), E>) -> Result<Vec<u8>, E> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(name);
    write(&path)?;
    Ok(std::fs::read(path)?)
}
