//! A Parquet file out: the user's columns with their types, and those added as text and numbers.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder, StringBuilder, TimestampMillisecondBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use jiff::civil::{DateTime, date};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::output::Output;
use super::sheet_cells::letters;
use super::{Chunk, ColumnKind, Row, Target};
use crate::batch::BatchError;
use crate::batch::answer::Answer;
use crate::batch::columns::Column;
use crate::batch::render::{Added, is_number};
use crate::tables::cell::Cell;

/// Rows of a row group.
const GROUP_ROWS: usize = 1 << 17;
/// Bytes of a row group that are kept in memory.
const GROUP_BYTES: usize = 32 << 20;

/// Writes Parquet.
pub(super) struct ParquetTarget {
    writer: ArrowWriter<Output>,
    schema: SchemaRef,
    kinds: Vec<ColumnKind>,
    columns: Vec<Column>,
}

/// What wrote a file.
pub(super) fn created_by() -> String {
    concat!("rattache ", env!("CARGO_PKG_VERSION")).to_owned()
}

pub(super) fn failed(error: ParquetError) -> BatchError {
    match error {
        ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
            Ok(error) => BatchError::Write(*error),
            Err(cause) => BatchError::Write(std::io::Error::other(cause)),
        },
        other => BatchError::Write(std::io::Error::other(other)),
    }
}

fn mismatched(error: ArrowError) -> BatchError {
    BatchError::Write(std::io::Error::other(error))
}

fn fields_of(columns: &[Column]) -> impl Iterator<Item = Field> {
    columns.iter().map(|&column| {
        let kind = if is_number(column) { DataType::Float64 } else { DataType::Utf8 };
        Field::new(column.name(), kind, true)
    })
}

impl ParquetTarget {
    /// For rows that come with a schema, and with metadata of their own.
    pub fn of_schema(
        out: Output,
        schema: &Schema,
        metadata: Vec<KeyValue>,
        compression: Compression,
        columns: Vec<Column>,
    ) -> Result<Self, BatchError> {
        let own = schema.fields().iter().map(|field| field.as_ref().clone());
        let all: Vec<Field> = own.chain(fields_of(&columns)).collect();
        let schema = Arc::new(Schema::new_with_metadata(all, schema.metadata().clone()));
        Self::create(out, schema, metadata, compression, Vec::new(), columns)
    }

    /// For rows of cells.
    pub fn of_cells(
        out: Output,
        names: &[String],
        kinds: Vec<ColumnKind>,
        columns: Vec<Column>,
    ) -> Result<Self, BatchError> {
        let own = unlike(names).into_iter().zip(&kinds).map(|(name, kind)| Field::new(name, kind.data_type(), true));
        let all: Vec<Field> = own.chain(fields_of(&columns)).collect();
        Self::create(out, Arc::new(Schema::new(all)), Vec::new(), Compression::SNAPPY, kinds, columns)
    }

    fn create(
        out: Output,
        schema: SchemaRef,
        metadata: Vec<KeyValue>,
        compression: Compression,
        kinds: Vec<ColumnKind>,
        columns: Vec<Column>,
    ) -> Result<Self, BatchError> {
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_key_value_metadata((!metadata.is_empty()).then_some(metadata))
            .set_created_by(created_by())
            .build();
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties)).map_err(failed)?;
        Ok(Self { writer, schema, kinds, columns })
    }
}

/// Takes record batches as they are; dictionaries are written as the texts that they stand for.
pub(super) fn parquet_sink(out: Output, schema: &SchemaRef) -> Result<ArrowWriter<Output>, BatchError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_created_by(created_by())
        .build();
    ArrowWriter::try_new(out, Arc::clone(schema), Some(properties)).map_err(failed)
}

/// Names of which none is empty or there twice.
fn unlike(names: &[String]) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut all = Vec::with_capacity(names.len());
    for (column, name) in names.iter().enumerate() {
        let base = if name.is_empty() { letters(column) } else { name.clone() };
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        all.push(name);
    }
    all
}

impl ColumnKind {
    fn data_type(self) -> DataType {
        match self {
            Self::Nothing | Self::Text => DataType::Utf8,
            Self::Bool => DataType::Boolean,
            Self::Number => DataType::Float64,
            Self::Day => DataType::Date32,
            Self::Moment => DataType::Timestamp(TimeUnit::Millisecond, None),
        }
    }

    fn array(self, rows: &[Row], column: usize) -> ArrayRef {
        let cells = rows.iter().map(|row| row.cells.get(column).unwrap_or(&Cell::Empty));
        match self {
            Self::Nothing | Self::Text => {
                let mut out = StringBuilder::new();
                for cell in cells {
                    let text = cell.text();
                    out.append_option((!matches!(cell, Cell::Empty)).then_some(text.as_ref()));
                }
                Arc::new(out.finish())
            }
            Self::Bool => {
                let mut out = BooleanBuilder::new();
                cells
                    .for_each(|cell| out.append_option(if let Cell::Bool(value) = cell { Some(*value) } else { None }));
                Arc::new(out.finish())
            }
            Self::Number => {
                let mut out = Float64Builder::new();
                cells.for_each(|cell| {
                    out.append_option(match cell {
                        Cell::Number(value) => Some(*value),
                        Cell::Numeral(text) => text.parse().ok(),
                        _ => None,
                    });
                });
                Arc::new(out.finish())
            }
            Self::Day => {
                let mut out = Date32Builder::new();
                cells.for_each(|cell| {
                    let millis = if let Cell::Day(day) = cell { Some(millis(day.at(0, 0, 0, 0))) } else { None };
                    out.append_option(millis.map(|millis| millis.div_euclid(86_400_000) as i32));
                });
                Arc::new(out.finish())
            }
            Self::Moment => {
                let mut out = TimestampMillisecondBuilder::new();
                cells.for_each(|cell| {
                    out.append_option(match cell {
                        Cell::Day(day) => Some(millis(day.at(0, 0, 0, 0))),
                        Cell::Moment(moment) => Some(millis(*moment)),
                        _ => None,
                    });
                });
                Arc::new(out.finish())
            }
        }
    }
}

/// Milliseconds since 1970.
fn millis(moment: DateTime) -> i64 {
    moment.duration_since(date(1970, 1, 1).at(0, 0, 0, 0)).as_millis() as i64
}

fn added(column: Column, answers: &[Answer<'_>]) -> ArrayRef {
    if is_number(column) {
        let mut out = Float64Builder::new();
        for answer in answers {
            out.append_option(if let Added::Number(value) = Added::of(column, answer) { Some(value) } else { None });
        }
        return Arc::new(out.finish());
    }
    let mut out = StringBuilder::new();
    for answer in answers {
        match Added::of(column, answer) {
            Added::Text(text) => out.append_value(text),
            _ => out.append_null(),
        }
    }
    Arc::new(out.finish())
}

impl Target for ParquetTarget {
    fn write(&mut self, chunk: &Chunk, answers: &[Answer<'_>]) -> Result<(), BatchError> {
        let mut arrays: Vec<ArrayRef> = match chunk {
            Chunk::Batch(batch, _) => batch.columns().to_vec(),
            Chunk::Rows(rows) => self.kinds.iter().enumerate().map(|(column, kind)| kind.array(rows, column)).collect(),
        };
        arrays.extend(self.columns.iter().map(|&column| added(column, answers)));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(mismatched)?;
        self.writer.write(&batch).map_err(failed)?;
        if self.writer.in_progress_size() > GROUP_BYTES {
            self.writer.flush().map_err(failed)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), BatchError> {
        self.writer.close().map(|_| ()).map_err(failed)
    }
}
