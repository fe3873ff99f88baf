//! Parquet to Parquet: the user's columns as their own bytes, the added ones behind them, one row group after the other.
//!
//! Of the user's columns only those that tell where a row is are read. Row groups are answered and their added columns encoded on
//! as many threads as there are, each by itself, and written in their order.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, ProjectionMask, encode_arrow_schema};
use parquet::basic::Compression;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::name_of;
use super::output::Output;
use super::parquet_out::{created_by, failed};
use crate::batch::columnar::{Geometry, Kernel, Room};
use crate::batch::question::Questions;
use crate::batch::{BatchError, Column, Tally, ordered};
use crate::tables::guarded;

/// Rows that are answered together.
const ROWS: usize = 1 << 16;
/// The key of the schema that Arrow's own readers look for.
const ARROW_SCHEMA: &str = "ARROW:schema";

/// A Parquet file that was found good.
pub(super) struct Groups<'g, 'a> {
    pub input: &'g Path,
    pub columns: &'g [Column],
    pub workers: usize,
    pub metadata: ArrowReaderMetadata,
    pub questions: Questions<'a>,
    pub geometry: Option<Geometry>,
    pub compression: Compression,
}

/// What a worker keeps: its own file, as the place where a file is read is one for all who share it.
#[derive(Default)]
struct Bench<'a> {
    file: Option<File>,
    room: Room<'a>,
}

type Encoded = (Vec<ArrowColumnChunk>, Tally);

impl<'a> Groups<'_, 'a> {
    /// Answers the file and writes it with its columns.
    pub fn run(mut self, out: Output, tell: &mut dyn FnMut(u64, Option<u64>)) -> Result<Tally, BatchError> {
        let parquet = Arc::clone(self.metadata.metadata());
        let about = parquet.file_metadata();
        let total = u64::try_from(about.num_rows()).ok();
        let schema = Arc::clone(self.metadata.schema());
        // Only these columns are read.
        let mut kept = self.questions.inputs.places();
        kept.extend(self.geometry.as_ref().map(|geometry| geometry.column));
        kept.sort_unstable();
        kept.dedup();
        self.questions.inputs = self.questions.inputs.among(&kept);
        if let Some(geometry) = &mut self.geometry {
            geometry.column = kept.partition_point(|&other| other < geometry.column);
        }
        let kernel = Kernel::new(self.questions.clone(), self.geometry.clone(), self.columns, false);
        let mask = ProjectionMask::roots(about.schema_descr(), kept);

        let text = |field: Field| {
            let kind = if field.data_type().is_floating() { field.data_type().clone() } else { DataType::Utf8 };
            field.with_data_type(kind)
        };
        let added: Vec<Field> = kernel.fields().map(text).collect();
        let all: Vec<Arc<Field>> = schema.fields().iter().cloned().chain(added.iter().cloned().map(Arc::new)).collect();
        let all = Arc::new(Schema::new_with_metadata(all, schema.metadata().clone()));
        let mut writer =
            SerializedFileWriter::new(out, self.root(&added)?, Arc::new(self.properties(&all))).map_err(failed)?;
        let factory = ArrowRowGroupWriterFactory::new(&writer, all);
        let own_leaves = about.schema_descr().num_columns();

        let mut groups = 0..parquet.num_row_groups();
        let work = |bench: &mut Bench<'a>, group: usize| -> Result<Encoded, BatchError> {
            let encoders = factory.create_column_writers(group).map_err(failed)?.into_iter().skip(own_leaves);
            guarded(|| self.encode(&kernel, bench, (group, &mask), encoders.collect(), &added))
                .map_err(|_| self.refused(ParquetError::General("its pages make no sense".into())))?
        };
        let file = self.open()?;
        let mut all = kernel.no_tally();
        let mut written = 0;
        ordered::run(
            self.workers,
            || Ok(groups.next()),
            work,
            |encoded| {
                let (chunks, tally) = encoded?;
                let group = parquet.row_group(written);
                let rows = u64::try_from(group.num_rows()).unwrap_or_default();
                let pages = parquet.page_index_for_row_group(written);
                let mut group_writer = writer.next_row_group().map_err(failed)?;
                for (place, column) in group.columns().iter().enumerate() {
                    let close = ColumnCloseResult {
                        bytes_written: u64::try_from(column.compressed_size()).unwrap_or_default(),
                        rows_written: rows,
                        metadata: column.clone(),
                        bloom_filter: None,
                        column_index: pages.column_index(place).cloned(),
                        offset_index: pages.offset_index(place).cloned(),
                    };
                    group_writer.append_column(&file, close).map_err(|error| self.refused(error))?;
                }
                for chunk in chunks {
                    chunk.append_to_row_group(&mut group_writer).map_err(failed)?;
                }
                group_writer.close().map_err(failed)?;
                written += 1;
                all.add(&tally);
                tell(all.rows, total);
                Ok(())
            },
        )?;
        writer.close().map_err(failed)?;
        Ok(all)
    }

    /// The added columns of one row group.
    fn encode(
        &self,
        kernel: &Kernel<'a>,
        bench: &mut Bench<'a>,
        (group, mask): (usize, &ProjectionMask),
        mut encoders: Vec<ArrowColumnWriter>,
        added: &[Field],
    ) -> Result<Encoded, BatchError> {
        let file = match bench.file.take() {
            Some(file) => file,
            None => self.open()?,
        };
        bench.file = file.try_clone().ok();
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(mask.clone())
            .with_row_groups(vec![group])
            .with_batch_size(ROWS)
            .build()
            .map_err(|error| self.refused(error))?;
        let mut tally = kernel.no_tally();
        for batch in reader {
            let batch = batch.map_err(|error| self.refused(ParquetError::ArrowError(error.to_string())))?;
            let arrays: Vec<ArrayRef> = kernel.answer(&batch, &mut bench.room, &mut tally);
            for ((encoder, field), array) in encoders.iter_mut().zip(added).zip(&arrays) {
                for leaf in compute_leaves(field, array).map_err(failed)? {
                    encoder.write(&leaf).map_err(failed)?;
                }
            }
        }
        let chunks = encoders.into_iter().map(ArrowColumnWriter::close).collect::<Result<_, _>>().map_err(failed)?;
        Ok((chunks, tally))
    }

    fn open(&self) -> Result<File, BatchError> {
        File::open(self.input).map_err(|source| BatchError::Input { name: name_of(self.input), source })
    }

    fn refused(&self, source: ParquetError) -> BatchError {
        BatchError::BadParquet { name: name_of(self.input), source: Box::new(source) }
    }

    /// The schema of the output: the input's own, and the added columns.
    fn root(&self, added: &[Field]) -> Result<TypePtr, BatchError> {
        let own = self.metadata.parquet_schema().root_schema();
        let added = ArrowSchemaConverter::new().convert(&Schema::new(added.to_vec())).map_err(failed)?;
        let fields = own.get_fields().iter().chain(added.root_schema().get_fields()).cloned().collect();
        Type::group_type_builder(own.name()).with_fields(fields).build().map(Arc::new).map_err(failed)
    }

    /// How the output is written, with the input's own metadata.
    fn properties(&self, all: &Schema) -> WriterProperties {
        let own_fields = self.metadata.schema().fields().len();
        let own = self.metadata.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
        // A file that says nothing of Arrow gets nothing of it.
        let of_arrow = own.iter().any(|entry| entry.key == ARROW_SCHEMA);
        let mut metadata: Vec<KeyValue> = own.into_iter().filter(|entry| entry.key != ARROW_SCHEMA).collect();
        if of_arrow {
            metadata.push(KeyValue::new(ARROW_SCHEMA.to_owned(), encode_arrow_schema(all)));
        }
        let builder = WriterProperties::builder()
            .set_compression(self.compression)
            .set_key_value_metadata((!metadata.is_empty()).then_some(metadata))
            .set_created_by(created_by());
        // Texts stand in no order, so that their least and greatest tell a reader nothing, and cost as much as writing them.
        let texts = all.fields().iter().skip(own_fields).filter(|field| *field.data_type() == DataType::Utf8);
        let quick = texts.fold(builder, |builder, field| {
            builder.set_column_statistics_enabled(ColumnPath::from(field.name().as_str()), EnabledStatistics::None)
        });
        quick.build()
    }
}
