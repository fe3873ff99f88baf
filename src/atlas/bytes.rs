//! The bytes of an atlas: a file mapped into memory, or a buffer. The one module of the crate with `unsafe` code.
#![allow(unsafe_code)]

use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::Path;

/// Bytes aligned to at least eight, so that arrays can be read in place.
#[derive(Debug)]
pub enum Bytes {
    /// A file, mapped, or memory that a file was read into.
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
        // old name, never written in place, so the mapped pages keep the bytes whose checksum was verified. What runs for
        // long does not map its atlas, but reads it.
        let map = unsafe { memmap2::MmapOptions::new().populate().map(&file)? };
        Ok(Self::Mapped(map))
    }

    /// Reads a file into memory of large pages, where the system has them: slower to open than a mapped file, quicker to look
    /// things up in, and safe from whatever becomes of the file.
    ///
    /// # Errors
    /// Whatever opening or reading gives.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        let mut memory = memmap2::MmapMut::map_anon(length)?;
        // Without large pages, small ones do.
        #[cfg(target_os = "linux")]
        let _ = memory.advise(memmap2::Advice::HugePage);
        file.read_exact(&mut memory)?;
        Ok(Self::Mapped(memory.make_read_only()?))
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
