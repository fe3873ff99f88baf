//! The file that is written, on its way to its name.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::batch::BatchError;
use crate::batch::part_file::{create_alone, is_through, open_through, take_rights};

/// A file that has its final name only once it is whole; removed where it does not come to that.
pub(super) struct Pending {
    path: PathBuf,
    part: PathBuf,
    file: File,
    whole: bool,
}

impl Pending {
    pub fn create(path: &Path, input: Option<&Path>) -> Result<Self, BatchError> {
        if is_through(path) {
            let file = open_through(path)?;
            return Ok(Self { path: path.to_owned(), part: path.to_owned(), file, whole: true });
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = create_alone(&part)?;
        take_rights(&file, input);
        Ok(Self { path: path.to_owned(), part, file, whole: false })
    }

    /// What is written to.
    pub fn output(&self) -> Result<Output, BatchError> {
        Ok(Output { file: self.file.try_clone().map_err(BatchError::Write)?, failed: false })
    }

    /// Gives it its name.
    pub fn finish(mut self) -> Result<(), BatchError> {
        if self.part == self.path {
            return Ok(());
        }
        self.file.sync_all().and_then(|()| fs::rename(&self.part, &self.path)).map_err(BatchError::Write)?;
        self.whole = true;
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.whole {
            // The error that led here is the one to tell.
            fs::remove_file(&self.part).ok();
        }
    }
}

/// A file that takes what it is given without a word once it has failed: the first failure is the one to tell, and what is
/// dropped after it tries to write its end.
#[derive(Debug)]
pub(super) struct Output {
    file: File,
    failed: bool,
}

impl Output {
    fn watch<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        self.failed |= done.as_ref().is_err_and(|error| error.kind() != std::io::ErrorKind::Interrupted);
        done
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.failed {
            return Ok(bytes.len());
        }
        let done = self.file.write(bytes);
        self.watch(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let done = self.file.flush();
        self.watch(done)
    }
}

impl Seek for Output {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(to)
    }
}
