//! The bytes of an atlas: a file mapped into memory, or a buffer. The one module of the crate with `unsafe` code.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

/// Bytes aligned to at least eight, so that arrays can be read in place.
#[derive(Debug)]
pub enum Bytes {
    /// A file, mapped.
    Mapped(memmap2::Mmap),
    /// A buffer, with the number of bytes in use.
    Owned(Vec<u64>, usize),
}

impl Bytes {
    /// Maps a file.
    ///
    /// # Errors
    /// Whatever opening or mapping gives.
    pub fn map(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the mapping is read-only and private to this process. Atlases are replaced by renaming a new file over the
        // old name, never written in place, so the mapped pages keep the bytes whose checksum was verified; that nobody else
        // truncates the file meanwhile is a condition of serving from it, stated in the documentation of `rattache serve`.
        let map = unsafe { memmap2::MmapOptions::new().populate().map(&file)? };
        Ok(Self::Mapped(map))
    }

    /// Takes a buffer, of which the first `used` bytes count.
    #[must_use]
    pub fn owned(words: Vec<u64>, used: usize) -> Self {
        let used = used.min(words.len() * 8);
        Self::Owned(words, used)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Owned(words, used) => &bytemuck::cast_slice(words)[..*used],
        }
    }
}
