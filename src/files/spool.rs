//! Bytes on their way from one who writes to one who reads later: in memory while they are few, then in a file that no name
//! leads to and that goes away by itself.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

/// Bytes that are kept in memory before a file is made.
const IN_MEMORY: usize = 8 << 20;
/// Bytes of a piece that is read back from the file.
const PIECE: usize = 256 << 10;

/// Bytes in the order in which they were written; what has been read is gone.
#[derive(Debug, Default)]
pub struct Spool {
    memory: VecDeque<Vec<u8>>,
    held: usize,
    file: Option<File>,
    written: u64,
    read: u64,
}

impl Spool {
    /// Takes bytes.
    ///
    /// # Errors
    /// Where the folder for temporary files has no room for more.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let in_file = self.file.is_some() && self.read < self.written;
        if !in_file && self.held + bytes.len() <= IN_MEMORY {
            self.memory.push_back(bytes.to_vec());
            self.held += bytes.len();
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        // What is read to its end starts over: the file is never longer than what waits.
        if self.read == self.written && self.written > 0 {
            file.set_len(0)?;
            (self.read, self.written) = (0, 0);
        }
        file.seek(SeekFrom::Start(self.written))?;
        file.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// The next bytes; `None` where none are waiting.
    ///
    /// # Errors
    /// Where the file can not be read back.
    pub fn take(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(bytes) = self.memory.pop_front() {
            self.held -= bytes.len();
            return Ok(Some(bytes));
        }
        let waiting = usize::try_from(self.written - self.read).unwrap_or(usize::MAX);
        let Some(file) = self.file.as_mut().filter(|_| waiting > 0) else { return Ok(None) };
        let mut piece = vec![0; waiting.min(PIECE)];
        file.seek(SeekFrom::Start(self.read))?;
        file.read_exact(&mut piece)?;
        self.read += piece.len() as u64;
        Ok(Some(piece))
    }

    /// How many bytes are waiting.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.held as u64 + (self.written - self.read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_in_the_order_in_which_they_went_in_whatever_their_number() {
        let mut spool = Spool::default();
        let (mut given, mut taken) = (Vec::new(), Vec::new());
        // More is written than read, then the rest is read: memory, file, and memory again.
        for round in 0..60_u32 {
            let piece: Vec<u8> = (0..300_000_u32).map(|at| (at ^ round) as u8).collect();
            spool.write(&piece).unwrap();
            given.extend(piece);
            if round % 3 == 0 {
                taken.extend(spool.take().unwrap().unwrap());
            }
        }
        assert!(spool.file.is_some());
        assert_eq!(spool.waiting(), (given.len() - taken.len()) as u64);
        while let Some(piece) = spool.take().unwrap() {
            taken.extend(piece);
        }
        spool.write(b"end").unwrap();
        assert_eq!(spool.take().unwrap().unwrap(), b"end");
        assert!(taken == given);
        assert_eq!((spool.take().unwrap(), spool.waiting()), (None, 0));
    }
}
