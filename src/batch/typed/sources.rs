//! From each kind of file to each: what is refused before anything is written, and rows from there on.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use flate2::write::GzEncoder;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, LogicalType};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;
use parquet::schema::types::SchemaDescriptor;

use super::arrow_stream::StreamSink;
use super::output::Pending;
use super::parquet_groups::Groups;
use super::parquet_out::ParquetTarget;
use super::sheet_copy::CopyTarget;
use super::sheet_new::{BookTarget, check_room};
use super::text::{TextTarget, plain_dialect, rows_of};
use super::{
    Chunk, ColumnKind, Conversion, FileKind, Opening, OutputKind, ROWS, Ready, Target, name_of, sheet_copy, sheet_in,
};
use crate::batch::answer::{Answer, Status};
use crate::batch::columnar::{Attacher, Geometry, answer_row, has_cell};
use crate::batch::columns::Column;
use crate::batch::pipeline::{Chunks, Rows as Lines, Work};
use crate::batch::question::{Questions, open_questions};
use crate::batch::render::{Renderer, Style};
use crate::batch::table::class_of;
use crate::batch::tally::Tally;
use crate::batch::{BatchError, Format, Job, Source, ordered, with_source};
use crate::catalogue::EditionSet;
use crate::domain::{Words, both};
use crate::geometry::GeoCrs;
use crate::tables::{Kind, guarded};

/// Rows of a record batch of a stream.
const STREAM_ROWS: usize = 1 << 16;

/// Refuses names that promise what is not served.
pub(super) fn check_pair(asked: &Conversion<'_>) -> Result<(), BatchError> {
    let ends = |path: &Path, list: &[&str]| {
        let name = name_of(path).to_ascii_lowercase();
        list.iter().any(|end| name.ends_with(end))
    };
    let lines = asked.output.is_some_and(|path| ends(path, &[".ndjson", ".jsonl", ".json", ".zip", ".xls", ".ods"]));
    let macros = asked.output.is_some_and(|path| ends(path, &[".xlsm"]));
    // A workbook with macros says so in its parts, which its name has to agree with.
    let has_macros = asked.from == FileKind::Workbook && ends(asked.input, &[".xlsm"]);
    let unlike =
        asked.to == OutputKind::Workbook && macros != has_macros && (macros || asked.from == FileKind::Workbook);
    let to_arrow = asked.to == OutputKind::Arrow && (asked.from != FileKind::Parquet || asked.review.is_some());
    if lines || unlike || to_arrow {
        let from = match asked.from {
            FileKind::Text => both!("du texte", "text"),
            FileKind::Workbook => both!("de l'Excel", "Excel"),
            FileKind::OtherWorkbook => both!("un classeur", "a workbook"),
            FileKind::Parquet => both!("du Parquet", "Parquet"),
            FileKind::Arrow => both!("un flux Arrow", "an Arrow stream"),
        };
        let choose = if has_macros {
            both!("une sortie qui finit par .csv, .xlsm ou .parquet", "an output that ends in .csv, .xlsm or .parquet")
        } else {
            both!("une sortie qui finit par .csv, .xlsx ou .parquet", "an output that ends in .csv, .xlsx or .parquet")
        };
        return Err(BatchError::Conversion { from, to: both!("un fichier de ce nom", "a file of that name"), choose });
    }
    Ok(())
}

/// The answers to rows, and their counts.
fn answer_chunk<'a>(questions: &Questions<'a>, clsc_counts: &[usize], chunk: &Chunk) -> (Vec<Answer<'a>>, Tally) {
    let mut tally = Tally::new(clsc_counts);
    let mut answers = Vec::with_capacity(chunk.len());
    for row in 0..chunk.len() {
        let (edition, answer) = match (chunk.flaw(row), chunk) {
            (Some(reason), _) => questions.bad(reason),
            (None, Chunk::Batch(batch, geometry)) => answer_row(questions, geometry.as_deref(), batch, row),
            (None, _) => questions.answer(None, |column| chunk.cell(row, column).text().into_owned()),
        };
        tally.row(edition, class_of(questions, edition, &answer).map(usize::from), &answer);
        answers.push(answer);
    }
    (answers, tally)
}

struct Flow<'f, 'a> {
    editions: &'a EditionSet,
    questions: &'f Questions<'a>,
    workers: usize,
    total: Option<u64>,
    tell: &'f mut dyn FnMut(u64, Option<u64>),
    review: Option<Review>,
}

/// Rows to review, on their way to a file.
struct Review {
    target: TextTarget<'static>,
    pending: Pending,
}

impl Review {
    fn create(asked: &Conversion<'_>, names: &[String], questions: &Questions<'_>) -> Result<Option<Self>, BatchError> {
        let Some(path) = asked.review else { return Ok(None) };
        let input = (asked.input != Path::new("-")).then_some(asked.input);
        let pending = Pending::create(path, input)?;
        let dialect = plain_dialect(b',');
        let renderer = Renderer::new(Column::REVIEW.to_vec(), Style::Delimited(dialect), &questions.answerer);
        let target = TextTarget::new(Box::new(pending.output()?), names, renderer, dialect)?;
        Ok(Some(Self { target, pending }))
    }
}

impl Flow<'_, '_> {
    fn run<Piece: Send>(
        mut self,
        next: impl FnMut() -> Result<Option<Piece>, BatchError> + Send,
        chunk_of: impl Fn(Piece) -> Chunk + Sync,
        mut target: Box<dyn Target + '_>,
    ) -> Result<Tally, BatchError> {
        let clsc_counts: Vec<usize> = self.editions.views().map(|edition| edition.hierarchy.clsc_count()).collect();
        let mut all = Tally::new(&clsc_counts);
        let questions = self.questions;
        let work = |(): &mut (), piece: Piece| {
            let chunk = chunk_of(piece);
            let (answers, tally) = answer_chunk(questions, &clsc_counts, &chunk);
            (chunk, answers, tally)
        };
        ordered::run(self.workers, next, work, |(chunk, answers, tally)| {
            target.write(&chunk, &answers)?;
            if let Some(review) = &mut self.review {
                review.target.write_some(&chunk, &answers, |answer| answer.status != Status::Resolved)?;
            }
            all.add(&tally);
            (self.tell)(all.rows, self.total);
            Ok(())
        })?;
        target.finish()?;
        if let Some(Review { target, pending }) = self.review {
            Box::new(target).finish()?;
            pending.finish()?;
        }
        Ok(all)
    }
}

fn text_target<'o>(
    asked: &Conversion<'_>,
    pending: Option<&Pending>,
    out: &'o mut dyn Write,
    names: &[String],
    questions: &Questions<'_>,
) -> Result<Box<dyn Target + 'o>, BatchError> {
    let tabs = asked.output.is_some_and(|path| {
        let name = name_of(path).to_ascii_lowercase();
        [".tsv", ".tsv.gz"].iter().any(|end| name.ends_with(end))
    });
    let dialect = plain_dialect(if tabs { b'\t' } else { b',' });
    let renderer = Renderer::new(asked.options.columns.clone(), Style::Delimited(dialect), &questions.answerer);
    let out: Box<dyn Write + 'o> = match pending {
        None => Box::new(out),
        Some(pending) => {
            let file = std::io::BufWriter::with_capacity(1 << 18, pending.output()?);
            if asked.options.gzip {
                Box::new(GzEncoder::new(file, flate2::Compression::fast()))
            } else {
                Box::new(file)
            }
        }
    };
    Ok(Box::new(TextTarget::new(out, names, renderer, dialect)?))
}

/// The file that is written; there is none for text to standard output.
fn pending(asked: &Conversion<'_>) -> Result<Option<Pending>, BatchError> {
    let input = (asked.input != Path::new("-")).then_some(asked.input);
    asked.output.map(|path| Pending::create(path, input)).transpose()
}

fn needs_name() -> BatchError {
    BatchError::Conversion {
        from: both!("un flux", "a stream"),
        to: both!("Excel ou Parquet", "Excel or Parquet"),
        choose: both!("un nom de fichier avec -o", "a file name with -o"),
    }
}

/// Which sort of workbook a file is.
fn book_kind(path: &Path) -> Result<Kind, BatchError> {
    Ok(match super::kind_of(path)? {
        FileKind::Workbook => Kind::Workbook,
        _ => match super::zip_kind(path, &name_of(path)) {
            Kind::OpenDocument => Kind::OpenDocument,
            _ => Kind::OldOffice,
        },
    })
}

pub(super) fn from_workbook(
    editions: &EditionSet,
    asked: &Conversion<'_>,
    out: &mut dyn Write,
    (ready, tell): (Ready<'_>, &mut dyn FnMut(u64, Option<u64>)),
) -> Result<Tally, BatchError> {
    let name = name_of(asked.input);
    let columns = asked.options.columns.clone();
    let kind = book_kind(asked.input)?;
    let (mut book, choice) = sheet_in::open(asked.input, &name, kind, asked.sheet)?;
    let sheet = choice.sheet;
    let named = asked.options.named.all();
    let survey = sheet_in::Rows::new(&mut book, &sheet, &name)?.survey(&named, asked.options.header_row)?;
    let questions = open_questions(editions, asked.options, &survey.names, None)?;
    let titles = (survey.titles > 0).then(|| {
        both!(
            "{} lignes de titre au-dessus de l'en-tête ne sont pas lues",
            "{} rows of titles above the header are not read",
            survey.titles
        )
    });
    let notes: Vec<Words> = choice.note.into_iter().chain(titles).collect();
    let columns_used = questions.inputs.used(&survey.names);
    ready(&Opening { notes: &notes, names: &survey.names, columns: columns_used, decimal_comma: false });
    let mut rows = sheet_in::Rows::new(&mut book, &sheet, &name)?;
    rows.skip_to(&survey)?;
    let (mut own, part);
    let pending;
    let target: Box<dyn Target + '_> = match asked.to {
        OutputKind::Workbook if asked.from == FileKind::OtherWorkbook => {
            check_room(survey.width + columns.len(), survey.rows)?;
            pending = self::pending(asked)?;
            let file = pending.as_ref().ok_or_else(needs_name)?.output()?;
            Box::new(BookTarget::new(file, &survey.names, columns, Some(survey.rows))?)
        }
        OutputKind::Workbook => {
            check_room(survey.width + columns.len(), survey.rows)?;
            own = sheet_copy::archive(asked.input, &name)?;
            part = sheet_copy::find_part(&mut own, &sheet, &name)?;
            let whole = sheet_copy::archive(asked.input, &name)?;
            pending = self::pending(asked)?;
            let file = pending.as_ref().ok_or_else(needs_name)?.output()?;
            Box::new(CopyTarget::new(whole, &mut own, part, file, columns, survey.clone(), &name)?)
        }
        OutputKind::Parquet => {
            pending = self::pending(asked)?;
            let file = pending.as_ref().ok_or_else(needs_name)?.output()?;
            Box::new(ParquetTarget::of_cells(file, &survey.names, survey.kinds.clone(), columns)?)
        }
        OutputKind::Text | OutputKind::Arrow => {
            pending = self::pending(asked)?;
            text_target(asked, pending.as_ref(), out, &survey.names, &questions)?
        }
    };
    let review = Review::create(asked, &survey.names, &questions)?;
    let total = Some(survey.rows);
    let flow = Flow { editions, questions: &questions, workers: asked.workers, total, tell, review };
    let tally = flow.run(|| rows.next_chunk(), |chunk| chunk, target)?;
    pending.map_or(Ok(()), Pending::finish)?;
    Ok(tally)
}

pub(super) fn from_parquet(
    editions: &EditionSet,
    asked: &Conversion<'_>,
    out: &mut dyn Write,
    (ready, tell): (Ready<'_>, &mut dyn FnMut(u64, Option<u64>)),
) -> Result<Tally, BatchError> {
    let name = name_of(asked.input);
    let refused = |source: ParquetError| BatchError::BadParquet { name: name.clone(), source: Box::new(source) };
    let file = File::open(asked.input).map_err(|source| BatchError::Input { name: name.clone(), source })?;
    let gave_up = || refused(ParquetError::General("its metadata make no sense".into()));
    let metadata_read = guarded(|| {
        ArrowReaderMetadata::load(&file, ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional))
    })
    .map_err(|_| gave_up())?
    .map_err(refused)?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata_read.clone());
    let schema = Arc::clone(builder.schema());
    let about = builder.metadata().file_metadata();
    let rows = u64::try_from(about.num_rows()).unwrap_or_default();
    let metadata = about.key_value_metadata().cloned().unwrap_or_default();
    let mut compression = Compression::SNAPPY;
    for column in builder.metadata().row_groups().iter().flat_map(parquet::file::metadata::RowGroupMetaData::columns) {
        match column.compression() {
            // The format has long given it up.
            Compression::LZO => return Err(refused(ParquetError::NYI("packed with lzo".into()))),
            Compression::SNAPPY => {}
            same => compression = same,
        }
    }
    let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let named = &asked.options.named;
    let columns_named = named.has_coordinates();
    let value = |key: &str| metadata.iter().find(|entry| entry.key == key)?.value.clone();
    let geometry = Geometry::find(&schema, |name| logical_crs(builder.parquet_schema(), name), value)
        .filter(|_| !columns_named)
        .map(Arc::new);
    let projector = match geometry.as_ref().map(|geometry| &geometry.crs) {
        None | Some(GeoCrs::LonLat) => None,
        Some(GeoCrs::Named(crs)) => {
            Some((asked.find_projector)(crs).ok_or_else(|| BatchError::GeometryCrs { name: name.clone() })?)
        }
        Some(GeoCrs::Unknown) => {
            Some(asked.options.projector.clone().ok_or_else(|| BatchError::GeometryCrs { name: name.clone() })?)
        }
    };
    let own = geometry.as_ref().map(|geometry| (geometry.column, projector));
    let questions = open_questions(editions, asked.options, &names, own)?;
    ready(&Opening { notes: &[], names: &names, columns: questions.inputs.used(&names), decimal_comma: false });
    if !matches!(asked.to, OutputKind::Parquet | OutputKind::Arrow) {
        let is_point = |column: usize| geometry.as_ref().is_some_and(|geometry| geometry.column == column);
        let mut fields = schema.fields().iter().enumerate();
        if let Some((_, field)) = fields.find(|(column, field)| !is_point(*column) && !has_cell(field.data_type())) {
            let to = if asked.to == OutputKind::Text { Words::same("CSV") } else { Words::same("Excel") };
            let kind = field.data_type().to_string();
            return Err(BatchError::NoRoomFor { column: field.name().clone(), kind, to });
        }
    }
    if asked.to == OutputKind::Parquet && asked.review.is_none() {
        let geometry = geometry.map(Arc::unwrap_or_clone);
        let groups = Groups {
            input: asked.input,
            columns: &asked.options.columns,
            workers: asked.workers,
            metadata: metadata_read,
            questions,
            geometry,
            compression,
        };
        let pending = pending(asked)?.ok_or_else(needs_name)?;
        let tally = groups.run(pending.output()?, tell)?;
        pending.finish()?;
        return Ok(tally);
    }
    if asked.to == OutputKind::Arrow {
        let geometry = geometry.map(Arc::unwrap_or_clone);
        let attacher = Attacher::of_questions(questions, &schema, geometry, &asked.options.columns, false);
        let reader =
            guarded(|| builder.with_batch_size(STREAM_ROWS).build()).map_err(|_| gave_up())?.map_err(refused)?;
        let pending = pending(asked)?.ok_or_else(needs_name)?;
        let mut sink =
            StreamSink::new(std::io::BufWriter::with_capacity(1 << 20, pending.output()?), attacher.schema())?;
        let tally = attacher.run(reader, asked.workers, |batch| {
            sink.write(&batch)?;
            tell(sink.rows, Some(rows));
            Ok(())
        });
        let tally = tally.map_err(|error| match error {
            BatchError::BadArrow { source } => refused(ParquetError::ArrowError(source.to_string())),
            other => other,
        })?;
        sink.finish()?;
        pending.finish()?;
        return Ok(tally);
    }
    let columns = asked.options.columns.clone();
    let reader = guarded(|| builder.with_batch_size(ROWS).build()).map_err(|_| gave_up())?;
    let mut reader = reader.map_err(refused)?;
    let pending;
    let target: Box<dyn Target + '_> = match asked.to {
        OutputKind::Workbook => {
            check_room(names.len() + columns.len(), rows)?;
            pending = self::pending(asked)?;
            let file = pending.as_ref().ok_or_else(needs_name)?.output()?;
            Box::new(BookTarget::new(file, &names, columns, Some(rows))?)
        }
        OutputKind::Parquet => {
            pending = self::pending(asked)?;
            let file = pending.as_ref().ok_or_else(needs_name)?.output()?;
            // The writer makes this one itself, for the columns that there are then.
            let metadata = metadata.into_iter().filter(|entry| entry.key != "ARROW:schema").collect();
            Box::new(ParquetTarget::of_schema(file, &schema, metadata, compression, columns)?)
        }
        OutputKind::Text | OutputKind::Arrow => {
            pending = self::pending(asked)?;
            text_target(asked, pending.as_ref(), out, &names, &questions)?
        }
    };
    let review = Review::create(asked, &names, &questions)?;
    let flow = Flow { editions, questions: &questions, workers: asked.workers, total: Some(rows), tell, review };
    let next = || {
        let batch = guarded(|| reader.next().transpose());
        let batch =
            batch.unwrap_or_else(|_| Err(arrow_schema::ArrowError::ParquetError("its pages make no sense".into())));
        batch.map_err(|error| BatchError::BadParquet {
            name: name_of(asked.input),
            source: Box::new(ParquetError::ArrowError(error.to_string())),
        })
    };
    let tally = flow.run(next, |batch| Chunk::Batch(batch, geometry.clone()), target)?;
    pending.map_or(Ok(()), Pending::finish)?;
    Ok(tally)
}

pub(super) fn from_text(
    editions: &EditionSet,
    asked: &Conversion<'_>,
    (ready, tell): (Ready<'_>, &mut dyn FnMut(u64, Option<u64>)),
) -> Result<Tally, BatchError> {
    let open = |source: &Source| {
        let mut options = asked.options.clone();
        options.later_encoding = source.encoding;
        // The bytes of rows are wanted as they are, and are packed by what is written.
        options.gzip = false;
        if source.format == Format::Ndjson {
            options.format = Format::Ndjson;
        }
        options
    };
    let input = (asked.input != Path::new("-")).then_some(asked.input);
    let mut total = None;
    if input.is_some() && asked.to == OutputKind::Workbook {
        // Counted first, so that nothing is written of a file that has no room.
        total = Some(with_source(input, |source, reader| {
            let job = Job::open(editions, reader, &open(source))?;
            let mut count = 0;
            let mut chunks = Chunks::new(job.reader, &job.work);
            let splitter = job.work.splitter();
            let mut spare = Vec::new();
            while let Some(chunk) = chunks.next(spare)? {
                splitter.records(&chunk, |record| count += u64::from(record.content_end > record.start));
                check_room(0, count)?;
                spare = chunk;
            }
            Ok(count)
        })?);
    }
    with_source(input, |source, reader| {
        let job = Job::open(editions, reader, &open(source))?;
        let Work { rows: Lines::Table(table), .. } = &job.work else {
            let to = if asked.to == OutputKind::Workbook { Words::same("Excel") } else { Words::same("Parquet") };
            return Err(BatchError::Conversion {
                from: both!("du NDJSON", "NDJSON"),
                to,
                choose: both!("une sortie qui finit par .ndjson", "an output that ends in .ndjson"),
            });
        };
        let names = &table.names;
        ready(&Opening { notes: job.notes(), names, columns: job.columns(), decimal_comma: false });
        let columns = asked.options.columns.clone();
        if asked.to == OutputKind::Workbook {
            check_room(names.len() + columns.len(), 0)?;
        }
        let pending = pending(asked)?.ok_or_else(needs_name)?;
        let file = pending.output()?;
        let target: Box<dyn Target> = if asked.to == OutputKind::Workbook {
            Box::new(BookTarget::new(file, names, columns, total)?)
        } else {
            let kinds = vec![ColumnKind::Text; names.len()];
            Box::new(ParquetTarget::of_cells(file, names, kinds, columns)?)
        };
        let review = Review::create(asked, names, &table.questions)?;
        let flow = Flow { editions, questions: &table.questions, workers: asked.workers, total, tell, review };
        let mut chunks = Chunks::new(job.reader, &job.work);
        let tally =
            flow.run(|| chunks.next(Vec::new()), |bytes: Vec<u8>| Chunk::Rows(rows_of(table, &bytes)), target)?;
        pending.finish()?;
        Ok(tally)
    })
}

/// The system of a column's logical type, empty for the default, where that is one of geometry.
fn logical_crs<'a>(types: &'a SchemaDescriptor, name: &str) -> Option<&'a str> {
    let column = types.columns().iter().find(|column| column.path().string() == name)?;
    match column.logical_type_ref()? {
        LogicalType::Geometry(geometry) => Some(geometry.crs.as_deref().unwrap_or("")),
        LogicalType::Geography(geography) => Some(geography.crs.as_deref().unwrap_or("")),
        _ => None,
    }
}
