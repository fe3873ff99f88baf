//! Arrow IPC streams (`application/vnd.apache.arrow.stream`), in and out.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, SchemaRef};

use super::output::Pending;
use super::parquet_out::{failed, parquet_sink};
use super::{Opening, OutputKind, Ready};
use crate::batch::columnar::Attacher;
use crate::batch::question::FindProjector;
use crate::batch::{BatchError, Options, Tally};
use crate::catalogue::EditionSet;
use crate::domain::{Words, both};
use crate::tables::guarded;

/// Bytes that are read at a time.
const READ: usize = 1 << 20;
/// The most bytes of one record batch: what a stream says of its lengths is held against this.
const MOST_BATCH: usize = 1 << 30;

/// Whether bytes begin a stream: the mark of a message, which no text begins with.
#[must_use]
pub fn is_arrow_stream(first: &[u8]) -> bool {
    first.starts_with(&[0xFF, 0xFF, 0xFF, 0xFF])
}

/// Record batches as they come.
pub(super) struct Batches<R> {
    reader: R,
    decoder: StreamDecoder,
    now: Buffer,
    /// The first batch, where it came with the schema.
    first: Option<RecordBatch>,
    /// Bytes since the last batch.
    since: usize,
    ended: bool,
}

impl<R: Read> Batches<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            decoder: StreamDecoder::new(),
            now: Buffer::from(Vec::<u8>::new()),
            first: None,
            since: 0,
            ended: false,
        }
    }

    fn read_more(&mut self) -> Result<bool, ArrowError> {
        let mut bytes = Vec::with_capacity(READ);
        // One read at a time, so that a batch is answered as soon as it is there.
        bytes.resize(READ, 0);
        let count = loop {
            match self.reader.read(&mut bytes) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other.map_err(|error| ArrowError::IoError(error.to_string(), error))?,
            }
        };
        bytes.truncate(count);
        self.since += count;
        if self.since > MOST_BATCH {
            return Err(ArrowError::IpcError(format!(
                "a record batch of more than {MOST_BATCH} bytes: send smaller ones"
            )));
        }
        self.now = Buffer::from(bytes);
        Ok(count > 0)
    }

    /// The schema, which comes before all batches.
    pub fn schema(&mut self) -> Result<SchemaRef, ArrowError> {
        while self.decoder.schema().is_none() {
            if self.now.is_empty() && !self.read_more()? {
                return Err(ArrowError::IpcError("it ends before its schema".into()));
            }
            // The decoder only stops behind a batch.
            self.first = guarded(|| self.decoder.decode(&mut self.now)).map_err(|_| senseless())??;
        }
        self.decoder.schema().ok_or_else(senseless)
    }

    fn read_batch(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        loop {
            let batch = match self.first.take() {
                Some(first) => Some(first),
                None => guarded(|| self.decoder.decode(&mut self.now)).map_err(|_| senseless())??,
            };
            if let Some(batch) = batch {
                self.since = 0;
                if batch.num_rows() > i32::MAX as usize {
                    return Err(senseless());
                }
                return Ok(Some(batch));
            }
            if !self.read_more()? {
                guarded(|| self.decoder.finish()).map_err(|_| senseless())??;
                return Ok(None);
            }
        }
    }
}

fn senseless() -> ArrowError {
    ArrowError::IpcError("its messages make no sense".into())
}

impl<R: Read> Iterator for Batches<R> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let batch = self.read_batch().transpose();
        self.ended = !matches!(batch, Some(Ok(_)));
        batch
    }
}

fn bad(source: ArrowError) -> BatchError {
    match source {
        ArrowError::IoError(_, source) => BatchError::Read(source),
        source => BatchError::BadArrow { source: Box::new(source) },
    }
}

/// What a run failed with, where that is the reader's own failure.
fn of_reading(error: BatchError) -> BatchError {
    match error {
        BatchError::BadArrow { source } => bad(*source),
        other => other,
    }
}

fn unwritten(error: ArrowError) -> BatchError {
    match error {
        ArrowError::IoError(_, source) => BatchError::Write(source),
        other => BatchError::Write(std::io::Error::other(other)),
    }
}

/// A stream that was found good, ready to be answered.
#[derive(Debug)]
pub struct ArrowJob<'a, R> {
    attacher: Attacher<'a>,
    batches: Batches<R>,
}

impl<R> std::fmt::Debug for Batches<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batches").finish_non_exhaustive()
    }
}

impl<'a, R: Read + Send> ArrowJob<'a, R> {
    /// Reads the schema of a stream and makes ready to answer its rows.
    ///
    /// # Errors
    /// [`BatchError::BadArrow`]; as [`Attacher::open`].
    pub fn open(
        editions: &'a EditionSet,
        reader: R,
        options: &Options,
        find_projector: FindProjector<'_>,
    ) -> Result<Self, BatchError> {
        if options.review {
            return Err(unserved(both!("lignes à revoir", "rows to review")));
        }
        let mut batches = Batches::new(reader);
        let schema = batches.schema().map_err(bad)?;
        Ok(Self { attacher: Attacher::open(editions, &schema, options, false, find_projector)?, batches })
    }

    /// What answers its rows.
    #[must_use]
    pub fn attacher(&self) -> &Attacher<'a> {
        &self.attacher
    }

    /// Answers all rows and writes them as a stream; `tell` hears how many are done.
    ///
    /// # Errors
    /// [`BatchError::BadArrow`], [`BatchError::Read`] and [`BatchError::Write`].
    pub fn run(self, workers: usize, out: &mut dyn Write, tell: &mut dyn FnMut(u64)) -> Result<Tally, BatchError> {
        let Self { attacher, batches } = self;
        let mut sink = StreamSink::new(out, attacher.schema())?;
        let tally = attacher.run(batches, workers, |batch| {
            sink.write(&batch)?;
            tell(sink.rows);
            Ok(())
        });
        let tally = tally.map_err(of_reading)?;
        sink.finish()?;
        Ok(tally)
    }
}

/// Writes a stream.
pub(super) struct StreamSink<W: Write> {
    writer: StreamWriter<W>,
    pub rows: u64,
}

impl<W: Write> StreamSink<W> {
    pub fn new(out: W, schema: &SchemaRef) -> Result<Self, BatchError> {
        Ok(Self { writer: StreamWriter::try_new(out, &Arc::clone(schema)).map_err(unwritten)?, rows: 0 })
    }

    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), BatchError> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch).map_err(unwritten)
    }

    pub fn finish(mut self) -> Result<(), BatchError> {
        self.writer.finish().map_err(unwritten)?;
        self.writer.get_mut().flush().map_err(BatchError::Write)
    }
}

/// The error that says where a stream can go.
fn unserved(to: Words) -> BatchError {
    BatchError::Conversion {
        from: both!("un flux Arrow", "an Arrow stream"),
        to,
        choose: both!("une sortie qui finit par .arrows ou .parquet", "an output that ends in .arrows or .parquet"),
    }
}

/// A stream to answer, on its way to a stream or a Parquet file.
#[derive(Clone, Copy)]
pub struct ArrowConversion<'o> {
    /// Where it comes from, where that is a file.
    pub input: Option<&'o Path>,
    /// Where it goes: a file, by its name a stream or Parquet, or standard output.
    pub output: Option<&'o Path>,
    /// How rows are answered.
    pub options: &'o Options,
    /// What brings the geometry of a stream to longitude and latitude.
    pub find_projector: FindProjector<'o>,
    /// Threads that answer.
    pub workers: usize,
}

impl std::fmt::Debug for ArrowConversion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArrowConversion").field("workers", &self.workers).finish_non_exhaustive()
    }
}

/// Answers a stream of record batches; `tell` hears how many rows are done.
///
/// # Errors
/// [`BatchError`]; a bad row is no error.
pub fn convert_arrow(
    editions: &EditionSet,
    asked: &ArrowConversion<'_>,
    reader: impl Read + Send,
    out: &mut dyn Write,
    ready: Ready<'_>,
    tell: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Tally, BatchError> {
    let to = OutputKind::of_name(asked.output);
    let to_parquet = match (asked.output, to) {
        (None, _) | (_, OutputKind::Arrow) => false,
        (_, OutputKind::Parquet) => true,
        (_, OutputKind::Workbook) => return Err(unserved(Words::same("Excel"))),
        (_, OutputKind::Text) => return Err(unserved(both!("texte", "text"))),
    };
    let job = ArrowJob::open(editions, reader, asked.options, asked.find_projector)?;
    let attacher = job.attacher();
    ready(&Opening { notes: &[], names: attacher.names(), columns: attacher.columns(), decimal_comma: false });
    let pending = asked.output.map(|path| Pending::create(path, asked.input)).transpose()?;
    let tally = match (&pending, to_parquet) {
        (None, _) => job.run(asked.workers, out, &mut |rows| tell(rows, None))?,
        (Some(pending), false) => {
            let mut file = std::io::BufWriter::with_capacity(READ, pending.output()?);
            job.run(asked.workers, &mut file, &mut |rows| tell(rows, None))?
        }
        (Some(pending), true) => {
            let mut sink = parquet_sink(pending.output()?, attacher.schema())?;
            let mut rows = 0;
            let ArrowJob { attacher, batches } = job;
            let tally = attacher.run(batches, asked.workers, |batch| {
                rows += batch.num_rows() as u64;
                sink.write(&batch).map_err(failed)?;
                tell(rows, None);
                Ok(())
            });
            let tally = tally.map_err(of_reading)?;
            sink.close().map_err(failed)?;
            tally
        }
    };
    pending.map_or(Ok(()), Pending::finish)?;
    Ok(tally)
}
