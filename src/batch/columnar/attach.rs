//! Record batches from anywhere, answered piece by piece, in their order.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

use super::kernel::{Kernel, Room};
use super::points::Geometry;
use crate::batch::question::{Questions, open_questions};
use crate::batch::{BatchError, Column, FindProjector, Options, Tally, ordered};
use crate::catalogue::EditionSet;
use crate::geometry::GeoCrs;
use crate::tables::ColumnsUsed;

/// Rows of a piece where positions answer, and where addresses have to be looked up.
const PIECE: usize = 1 << 16;
const PIECE_OF_ADDRESSES: usize = 512;

/// Adds columns to the record batches of one schema.
///
/// Codes, names and words are dictionaries (keys of 32 bits, each text once), whose texts are the same for every batch.
#[derive(Debug)]
pub struct Attacher<'a> {
    kernel: Kernel<'a>,
    names: Vec<String>,
    schema: SchemaRef,
    piece: usize,
}

impl<'a> Attacher<'a> {
    /// Looks at a schema and makes ready to answer its rows. `plain` asks for plain texts in place of dictionaries;
    /// `find_projector` is asked where a column of points states a coordinate system of its own.
    ///
    /// # Errors
    /// [`BatchError`] where no column can be used, or one is named that is not there.
    pub fn open(
        editions: &'a EditionSet,
        schema: &Schema,
        options: &Options,
        plain: bool,
        find_projector: FindProjector<'_>,
    ) -> Result<Self, BatchError> {
        let geometry = Geometry::find(schema, |_| None, |key| schema.metadata().get(key).cloned());
        let geometry = geometry.filter(|_| !options.named.has_coordinates());
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let own = match geometry.as_ref().map(|geometry| (&geometry.crs, geometry.column)) {
            None => None,
            Some((GeoCrs::LonLat, column)) => Some((column, None)),
            Some((GeoCrs::Named(crs), column)) => {
                let unknown = || BatchError::GeometryCrs { name: names[column].clone() };
                Some((column, Some(find_projector(crs).ok_or_else(unknown)?)))
            }
            Some((GeoCrs::Unknown, column)) => {
                let unknown = || BatchError::GeometryCrs { name: names[column].clone() };
                Some((column, Some(options.projector.clone().ok_or_else(unknown)?)))
            }
        };
        let questions = open_questions(editions, options, &names, own)?;
        Ok(Self::of_questions(questions, schema, geometry, &options.columns, plain))
    }

    pub(in crate::batch) fn of_questions(
        questions: Questions<'a>,
        schema: &Schema,
        geometry: Option<Geometry>,
        columns: &[Column],
        plain: bool,
    ) -> Self {
        let names = schema.fields().iter().map(|field| field.name().clone()).collect();
        let by_position = geometry.is_some() || questions.inputs.point.is_some();
        let piece = if by_position && !questions.checks_addresses() { PIECE } else { PIECE_OF_ADDRESSES };
        let kernel = Kernel::new(questions, geometry, columns, plain);
        let own = schema.fields().iter().cloned();
        let fields: Vec<Arc<Field>> = own.chain(kernel.fields().map(Arc::new)).collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
        Self { kernel, names, schema, piece }
    }

    /// The schema of what comes out: that of what goes in, and the added columns.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Names of the columns that go in.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Which columns are used, for what, and which are not.
    #[must_use]
    pub fn columns(&self) -> ColumnsUsed {
        self.kernel.questions.inputs.used(&self.names)
    }

    /// Answers batches on so many threads (with one, on the calling one alone) and hands them, cut into pieces, to `take` in
    /// their order.
    ///
    /// # Errors
    /// [`BatchError::BadArrow`] for what `batches` fails with; whatever `take` fails with. A bad row is no error.
    pub fn run(
        &self,
        batches: impl Iterator<Item = Result<RecordBatch, ArrowError>> + Send,
        workers: usize,
        mut take: impl FnMut(RecordBatch) -> Result<(), BatchError>,
    ) -> Result<Tally, BatchError> {
        let mut pieces = Pieces { batches, now: None, done: 0, size: self.piece };
        let mut all = self.kernel.no_tally();
        let work = |room: &mut Room<'a>, piece: RecordBatch| {
            let mut tally = self.kernel.no_tally();
            let added = self.kernel.answer(&piece, room, &mut tally);
            let arrays = piece.columns().iter().cloned().chain(added).collect();
            (RecordBatch::try_new(Arc::clone(&self.schema), arrays), tally)
        };
        ordered::run(
            workers,
            || pieces.next(),
            work,
            |(batch, tally)| {
                all.add(&tally);
                take(batch.map_err(bad)?)
            },
        )?;
        Ok(all)
    }
}

fn bad(source: ArrowError) -> BatchError {
    BatchError::BadArrow { source: Box::new(source) }
}

/// Batches cut into pieces.
struct Pieces<B> {
    batches: B,
    now: Option<RecordBatch>,
    done: usize,
    size: usize,
}

impl<B: Iterator<Item = Result<RecordBatch, ArrowError>>> Pieces<B> {
    fn next(&mut self) -> Result<Option<RecordBatch>, BatchError> {
        loop {
            if let Some(batch) = &self.now {
                let left = batch.num_rows() - self.done;
                if left > 0 {
                    let piece = batch.slice(self.done, left.min(self.size));
                    self.done += piece.num_rows();
                    return Ok(Some(piece));
                }
            }
            match self.batches.next() {
                Some(batch) => (self.now, self.done) = (Some(batch.map_err(bad)?), 0),
                None => return Ok(None),
            }
        }
    }
}
