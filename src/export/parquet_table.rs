//! A table in memory as a Parquet file.

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// The bytes of a Parquet file of one table.
///
/// # Errors
/// What the writer refuses; nothing where every column has a value a row.
pub fn parquet_of(batch: &RecordBatch) -> std::io::Result<Vec<u8>> {
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut writer =
        ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).map_err(std::io::Error::other)?;
    writer.write(batch).map_err(std::io::Error::other)?;
    writer.into_inner().map_err(std::io::Error::other)
}
