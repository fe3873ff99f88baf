//! Reader, workers, writer: chunks of whole rows, answered in any order and written in theirs.
//!
//! Memory is bounded by the number of chunks under way. A chunk is [`CHUNK`] bytes cut after its last whole row, so that its
//! limits depend on nothing but where it starts: output is the same for any number of workers, and after a resume.

use std::io::{self, Read, Write as _};
use std::sync::{Mutex, PoisonError};

use super::lines::Lines;
use super::table::{Room, Table};
use super::tally::Tally;
use super::wide::to_wide;
use super::{BatchError, ordered};
use crate::tables::Encoding;
use crate::tables::split::Splitter;

/// Bytes of a chunk.
pub(super) const CHUNK: usize = 256 << 10;
/// Longest row, bytes.
pub(super) const MOST_ROW: usize = 16 << 20;

/// Takes what is written.
pub trait Sink {
    /// Takes the next bytes; `done` is what they complete.
    ///
    /// # Errors
    /// Whatever keeps them from being written, which ends the job.
    fn write(&mut self, bytes: &[u8], done: &Checkpoint) -> io::Result<()>;

    /// Takes the next rows to review, where those were asked for, with a header before the first.
    ///
    /// # Errors
    /// As [`Self::write`].
    fn review(&mut self, bytes: &[u8]) -> io::Result<()> {
        let _ = bytes;
        Ok(())
    }
}

/// How far a job has come: enough to go on from there.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Checkpoint {
    /// Bytes of the input behind, as rows are made of them: unpacked, without mark, UTF-16 as UTF-8.
    pub input: u64,
    /// What came of them.
    pub tally: Tally,
}

/// What rows are.
#[derive(Debug)]
pub(super) enum Rows<'a> {
    Table(Box<Table<'a>>),
    Lines(Box<Lines<'a>>),
}

/// All that a worker needs.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub rows: Rows<'a>,
    pub encoding: Encoding,
    pub gzip: bool,
    pub clsc_counts: Vec<usize>,
}

/// Buffers of one worker.
#[derive(Default)]
struct Bench<'a> {
    room: Room<'a>,
    narrow: Vec<u8>,
}

struct Done {
    bytes: Vec<u8>,
    review: Vec<u8>,
    input: u64,
    tally: Tally,
}

impl<'a> Work<'a> {
    fn process(&self, chunk: &[u8], bench: &mut Bench<'a>, mut bytes: Vec<u8>) -> Done {
        let mut tally = Tally::new(&self.clsc_counts);
        bench.narrow.clear();
        let mut review = Vec::new();
        match &self.rows {
            Rows::Table(table) => table.process(chunk, &mut bench.room, (&mut bench.narrow, &mut review), &mut tally),
            Rows::Lines(lines) => lines.process(chunk, (&mut bench.narrow, &mut review), &mut tally),
        }
        if self.encoding.is_wide() && !review.is_empty() {
            let mut wide = Vec::new();
            to_wide(&review, self.encoding == Encoding::UTF_16_LE, &mut wide);
            review = wide;
        }
        bytes.clear();
        std::mem::swap(&mut bytes, &mut bench.narrow);
        if self.encoding.is_wide() || self.gzip {
            std::mem::swap(&mut bytes, &mut bench.narrow);
            self.pack(&bench.narrow, &mut bytes);
        }
        Done { bytes, review, input: chunk.len() as u64, tally }
    }

    /// The bytes of the file for those of rows.
    pub fn pack(&self, narrow: &[u8], out: &mut Vec<u8>) {
        let mut wide = Vec::new();
        let mut bytes = narrow;
        if self.encoding.is_wide() {
            to_wide(narrow, self.encoding == Encoding::UTF_16_LE, &mut wide);
            bytes = &wide;
        }
        self.compress(bytes, out);
    }

    /// Bytes as they are, or as a gzip member of their own (RFC 1952: a file may have several).
    pub fn compress(&self, bytes: &[u8], out: &mut Vec<u8>) {
        if self.gzip {
            let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
            // Memory takes all that is written.
            encoder.write_all(bytes).and_then(|()| encoder.try_finish()).ok();
        } else {
            out.extend_from_slice(bytes);
        }
    }

    pub fn splitter(&self) -> Splitter {
        match &self.rows {
            Rows::Table(table) => Splitter::new(table.dialect.separator),
            Rows::Lines(_) => Splitter::new(b'\n'),
        }
    }
}

/// Cuts a stream into chunks of whole rows.
pub(super) struct Chunks<R> {
    reader: R,
    splitter: Splitter,
    is_lines: bool,
    carry: Vec<u8>,
    ended: bool,
}

impl<R: Read> Chunks<R> {
    /// Of a stream that starts with a row.
    pub fn new(reader: R, work: &Work<'_>) -> Self {
        let (splitter, is_lines) = (work.splitter(), matches!(work.rows, Rows::Lines(_)));
        Self { reader, splitter, is_lines, carry: Vec::new(), ended: false }
    }

    /// The next chunk, in a buffer that may be used again.
    pub fn next(&mut self, mut buffer: Vec<u8>) -> Result<Option<Vec<u8>>, BatchError> {
        buffer.clear();
        buffer.append(&mut self.carry);
        let mut target = CHUNK;
        loop {
            if !self.ended && buffer.len() < target {
                let wanted = target - buffer.len();
                let count = self.reader.by_ref().take(wanted as u64).read_to_end(&mut buffer);
                self.ended = count.map_err(BatchError::Read)? < wanted;
            }
            let end = if self.is_lines && !self.ended {
                memchr::memrchr(b'\n', &buffer).map(|at| at + 1)
            } else {
                self.splitter.last_end(&buffer, self.ended)
            };
            match end {
                Some(end) => {
                    self.carry.extend_from_slice(&buffer[end..]);
                    buffer.truncate(end);
                    return Ok(Some(buffer));
                }
                None if self.ended => return Ok(None),
                None if target >= MOST_ROW => {
                    return Err(BatchError::RowTooLong { row: 0, most: MOST_ROW });
                }
                None => target *= 2,
            }
        }
    }
}

/// A stack of buffers to be used again.
#[derive(Default)]
struct Spare(Mutex<Vec<Vec<u8>>>);

impl Spare {
    fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn put(&self, buffer: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
    }
}

/// Answers all rows; `done` is where they start, and in the end what came of all.
pub(super) fn run<R: Read + Send>(
    reader: R,
    work: &Work<'_>,
    workers: usize,
    mut done: Checkpoint,
    sink: &mut dyn Sink,
) -> Result<Tally, BatchError> {
    let mut chunks = Chunks::new(reader, work);
    let (spare_chunks, spare_bytes) = (Spare::default(), Spare::default());
    let answered = ordered::run(
        workers,
        || chunks.next(spare_chunks.take()),
        |bench: &mut Bench<'_>, chunk: Vec<u8>| {
            let part = work.process(&chunk, bench, spare_bytes.take());
            spare_chunks.put(chunk);
            part
        },
        |part| {
            done.input += part.input;
            done.tally.add(&part.tally);
            if !part.review.is_empty() {
                sink.review(&part.review).map_err(BatchError::Write)?;
            }
            sink.write(&part.bytes, &done).map_err(BatchError::Write)?;
            spare_bytes.put(part.bytes);
            Ok(())
        },
    );
    answered.map_err(|error| match error {
        // Rows are counted by whoever writes them.
        BatchError::RowTooLong { most, .. } => BatchError::RowTooLong { row: done.tally.rows + 1, most },
        other => other,
    })?;
    Ok(done.tally)
}
