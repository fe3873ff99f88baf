//! Columns have the answers of rows: whatever type a value comes in, through Arrow, Parquet, the program and HTTP.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int64Array,
    LargeStringArray, RecordBatch, StringArray, StringViewArray,
};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::DataType;
use axum::body::Body;
use axum::http::Request;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;
use rattache::batch::{
    ArrowJob, Attacher, BatchError, Column, Conversion, Options, OutputKind, Tally, convert, kind_of,
};

use super::{Chance, columns, demo, editions, try_answer};
use crate::http::{ask, demo_bytes};

/// An address, a postal code, a longitude and a latitude, or what stands for them.
type Line = (Option<String>, Option<String>, Option<f64>, Option<f64>);

fn rows(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The columns that were added, as a table of text has them.
fn added(batches: &[RecordBatch], options: &Options) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for batch in batches {
        let own = batch.num_columns() - options.columns.len();
        let columns: Vec<Vec<String>> = batch.columns()[own..].iter().map(texts).collect();
        all.extend((0..batch.num_rows()).map(|row| columns.iter().map(|column| column[row].clone()).collect()));
    }
    all
}

fn texts(column: &ArrayRef) -> Vec<String> {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().iter().map(text).collect(),
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>().iter();
            values.map(|value| value.map_or_else(String::new, |value| value.to_string())).collect()
        }
        DataType::Dictionary(..) => {
            let typed = column.as_dictionary::<Int32Type>();
            typed.downcast_dict::<StringArray>().unwrap().into_iter().map(text).collect()
        }
        other => panic!("{other}"),
    }
}

fn attach(
    batches: Vec<RecordBatch>,
    options: &Options,
    workers: usize,
) -> Result<(Vec<RecordBatch>, Tally), BatchError> {
    let attacher = Attacher::open(editions(options), &batches[0].schema(), options, false, &|_| None)?;
    let mut out = Vec::new();
    let tally = attacher.run(batches.into_iter().map(Ok), workers, |batch| {
        out.push(batch);
        Ok(())
    })?;
    Ok((out, tally))
}

/// The rows of a batch as a table of text would have them: numbers with the fewest digits that say them.
fn as_text(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let schema = batch.schema();
    writer.write_record(schema.fields().iter().map(|field| field.name().as_str())).unwrap();
    for row in 0..batch.num_rows() {
        writer.write_record(batch.columns().iter().map(|column| value(column.as_ref(), row))).unwrap();
    }
    writer.into_inner().unwrap()
}

fn value(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Float64 => match column.as_primitive::<Float64Type>().value(row) {
            value if value.is_nan() => String::new(),
            value => value.to_string(),
        },
        DataType::Float32 => match column.as_primitive::<arrow_array::types::Float32Type>().value(row) {
            value if value.is_nan() => String::new(),
            value => value.to_string(),
        },
        DataType::Int64 => column.as_primitive::<arrow_array::types::Int64Type>().value(row).to_string(),
        DataType::Decimal128(..) => column.as_primitive::<arrow_array::types::Decimal128Type>().value_as_string(row),
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => column.as_string_view().value(row).to_owned(),
        DataType::Dictionary(..) => {
            let typed = column.as_dictionary::<Int32Type>();
            let at = typed.keys().value(row) as usize;
            typed.values().as_string::<i32>().value(at).to_owned()
        }
        DataType::Date32 => {
            column.as_primitive::<arrow_array::types::Date32Type>().value_as_date(row).unwrap().to_string()
        }
        other => panic!("{other}"),
    }
}

/// What people have for positions: in the province, on limits and a hair beside them, off it, and what is none.
fn positions(count: usize) -> Vec<(Option<f64>, Option<f64>)> {
    let mut chance = Chance(4);
    let vertices = demo().coverage().vertices;
    let odd = [
        (Some(f64::NAN), Some(-73.5)),
        (Some(45.5), Some(f64::NAN)),
        (Some(f64::INFINITY), Some(-73.5)),
        (Some(0.0), Some(0.0)),
        (Some(-0.0), Some(0.0)),
        (Some(45.5), Some(73.5)),
        (Some(-73.5), Some(45.5)),
        (Some(91.0), Some(-73.5)),
        (Some(45.5), Some(-181.0)),
        (Some(1e300), Some(5e-324)),
        (Some(45.42), Some(-75.69)),
        (Some(43.0), Some(-82.0)),
        (Some(64.0), Some(-54.0)),
        (Some(64.000_000_1), Some(-54.0)),
        (None, Some(-73.5)),
        (Some(45.5), None),
        (None, None),
    ];
    (0..count)
        .map(|row| match row % 4 {
            0 => odd[chance.below(odd.len())],
            1 => {
                let vertex = vertices[chance.below(vertices.len())];
                (Some(vertex.lat()), Some(vertex.lon()))
            }
            _ => {
                let (lat, lon) = chance.position();
                (Some(lat), Some(lon))
            }
        })
        .collect()
}

fn all_columns(uncertainty_m: Option<f64>) -> Options {
    Options { columns: Column::ALL.to_vec(), uncertainty_m, ..Options::default() }
}

fn same_as_rows(batch: &RecordBatch, options: &Options, what: &str) {
    let (expected, by_rows) = try_answer(&as_text(batch), options, 1).unwrap();
    let width = batch.num_columns();
    let expected: Vec<Vec<String>> = rows(&expected).into_iter().skip(1).map(|row| row[width..].to_vec()).collect();
    // In odd pieces: what a batch begins with must not matter.
    let cut = batch.num_rows() / 3;
    let parts = vec![batch.slice(0, cut), batch.slice(cut, 0), batch.slice(cut, batch.num_rows() - cut)];
    for workers in [1, 3] {
        let (out, tally) = attach(parts.clone(), options, workers).unwrap();
        let got = added(&out, options);
        assert_eq!(got.len(), expected.len());
        for (row, (got, expected)) in got.iter().zip(&expected).enumerate() {
            assert_eq!(got, expected, "{what}, row {row}");
        }
        assert_eq!(
            (tally.rows, &tally.statuses, &tally.clsc),
            (by_rows.rows, &by_rows.statuses, &by_rows.clsc),
            "{what}"
        );
        assert_eq!((&tally.faults, &tally.methods), (&by_rows.faults, &by_rows.methods), "{what}");
    }
}

#[test]
fn positions_have_the_answers_of_rows_whatever_their_type_and_error() {
    let places = positions(400);
    let (lats, lons): (Vec<Option<f64>>, Vec<Option<f64>>) = places.into_iter().unzip();
    let doubles = |values: &[Option<f64>]| -> ArrayRef { Arc::new(Float64Array::from(values.to_vec())) };
    // As people write degrees, but with points: a table of text answers decimal commas with commas of its own.
    let written = |values: &[Option<f64>]| -> Vec<Option<String>> {
        let write = |(row, value): (usize, f64)| if row % 2 == 0 { value.to_string() } else { format!(" {value}°") };
        values.iter().enumerate().map(|(row, value)| value.map(|value| write((row, value)))).collect()
    };
    let whole = |values: &[Option<f64>]| -> ArrayRef {
        Arc::new(values.iter().map(|value| value.map(|value| value as i64)).collect::<Int64Array>())
    };
    let decimal = |values: &[Option<f64>]| -> ArrayRef {
        let scaled =
            values.iter().map(|value| value.filter(|value| value.abs() < 1e6).map(|value| (value * 1e7) as i128));
        Arc::new(scaled.collect::<Decimal128Array>().with_precision_and_scale(20, 7).unwrap())
    };
    let kinds: Vec<(&str, ArrayRef, ArrayRef)> = vec![
        ("f64", doubles(&lats), doubles(&lons)),
        (
            "f32",
            Arc::new(lats.iter().map(|value| value.map(|value| value as f32)).collect::<Float32Array>()),
            Arc::new(lons.iter().map(|value| value.map(|value| value as f32)).collect::<Float32Array>()),
        ),
        ("text", Arc::new(StringArray::from(written(&lats))), Arc::new(LargeStringArray::from(written(&lons)))),
        (
            "views",
            Arc::new(written(&lats).into_iter().collect::<StringViewArray>()),
            Arc::new(written(&lons).iter().map(Option::as_deref).collect::<DictionaryArray<Int32Type>>()),
        ),
        ("whole", whole(&lats), whole(&lons)),
        ("decimal", decimal(&lats), decimal(&lons)),
    ];
    for (what, lat, lon) in kinds {
        let batch = RecordBatch::try_from_iter_with_nullable([("lat", lat, true), ("lon", lon, true)]).unwrap();
        let errors: &[Option<f64>] = if what == "f64" { &[None, Some(0.0), Some(2_000.0)] } else { &[Some(40.0)] };
        for &error in errors {
            same_as_rows(&batch, &all_columns(error), &format!("{what} {error:?}"));
        }
    }
}

#[test]
fn rows_that_name_their_day_have_the_edition_of_it() {
    let (lats, lons): (Vec<_>, Vec<_>) = positions(300).into_iter().unzip();
    let days = [Some(17_348), Some(17_897), Some(18_900), Some(19_083), Some(40_000), Some(0), None];
    let dates: Date32Array = (0..300).map(|row| days[row % days.len()]).collect();
    let words = ["2017-07-01", "2022-04-01 08:30", "", "hier", "2030-01-01T00:00:00", "1990-01-01"];
    let texts: StringArray = (0..300).map(|row| Some(words[row % words.len()])).collect();
    for (what, day) in [("date", Arc::new(dates) as ArrayRef), ("text", Arc::new(texts) as ArrayRef)] {
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("lat", Arc::new(Float64Array::from(lats.clone())) as ArrayRef, true),
            ("lon", Arc::new(Float64Array::from(lons.clone())) as ArrayRef, true),
            ("jour", day, true),
        ])
        .unwrap();
        let mut options = all_columns(Some(30.0));
        options.named.as_of = Some("jour".into());
        same_as_rows(&batch, &options, what);
    }
}

#[test]
fn addresses_and_postal_codes_have_the_answers_of_rows() {
    let gazetteer = demo().gazetteer().unwrap();
    let mut chance = Chance(11);
    let mut lines: Vec<Line> = Vec::new();
    for row in 0..120 {
        let entry = gazetteer.address(chance.below(gazetteer.address_count())).unwrap();
        let line = format!("{} {}, {}", entry.civic.unwrap(), entry.street, entry.municipality);
        let code = entry.postal_code.map(|code| code.to_string());
        let (lat, lon) = chance.position();
        lines.push(match row % 6 {
            0 => (Some(line), code, None, None),
            1 => (Some(line), None, Some(lat), Some(lon)),
            2 => (None, code, None, None),
            3 => (Some("n/d".into()), Some("H0H 0H0".into()), Some(0.0), Some(0.0)),
            4 => (None, None, Some(lat), Some(lon)),
            _ => (Some("zzz qqq".into()), Some("pas un code".into()), None, Some(lon)),
        });
    }
    let text =
        |pick: fn(&Line) -> Option<&str>| -> ArrayRef { Arc::new(lines.iter().map(pick).collect::<StringArray>()) };
    let address = text(|line| line.0.as_deref());
    let code = text(|line| line.1.as_deref());
    let lat: ArrayRef = Arc::new(lines.iter().map(|line| line.2).collect::<Float64Array>());
    let lon: ArrayRef = Arc::new(lines.iter().map(|line| line.3).collect::<Float64Array>());
    let tables: Vec<(&str, Vec<(&str, ArrayRef)>)> = vec![
        ("addresses", vec![("adresse", address.clone()), ("code postal", code.clone())]),
        ("codes", vec![("code_postal", code.clone())]),
        ("both", vec![("lat", lat.clone()), ("adresse", address), ("lon", lon.clone())]),
        ("codes beside points", vec![("lat", lat), ("lon", lon), ("code_postal", code)]),
    ];
    for (what, table) in tables {
        let batch =
            RecordBatch::try_from_iter_with_nullable(table.into_iter().map(|(name, array)| (name, array, true)))
                .unwrap();
        same_as_rows(&batch, &all_columns(None), what);
    }
}

fn put_groups(path: &std::path::Path, batch: &RecordBatch, rows: usize) {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(rows)).build();
    let mut writer = ArrowWriter::try_new(fs::File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn turn(from: &std::path::Path, to: &std::path::Path, options: &Options, workers: usize) -> Result<Tally, BatchError> {
    let asked = Conversion {
        input: from,
        from: kind_of(from)?,
        sheet: None,
        to: OutputKind::of_name(Some(to)),
        output: Some(to),
        options,
        review: None,
        find_projector: &|_| None,
        workers,
    };
    convert(editions(options), &asked, &mut Vec::new(), &mut |_| {}, &mut |_, _| {})
}

fn table_of_positions(count: usize) -> RecordBatch {
    let (lats, lons): (Vec<_>, Vec<_>) = positions(count).into_iter().unzip();
    RecordBatch::try_from_iter_with_nullable([
        ("nom", Arc::new((0..count).map(|row| Some(format!("{row:05}"))).collect::<StringArray>()) as ArrayRef, true),
        ("lat", Arc::new(Float64Array::from(lats)) as ArrayRef, true),
        ("lon", Arc::new(Float64Array::from(lons)) as ArrayRef, true),
    ])
    .unwrap()
}

#[test]
fn parquet_keeps_its_row_groups_and_the_bytes_of_its_columns_whatever_the_number_of_workers() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    let table = table_of_positions(2_000);
    put_groups(&here("a.parquet"), &table, 280);
    let options = all_columns(Some(25.0));
    let tally = turn(&here("a.parquet"), &here("one.parquet"), &options, 1).unwrap();
    turn(&here("a.parquet"), &here("three.parquet"), &options, 3).unwrap();
    let written = fs::read(here("one.parquet")).unwrap();
    assert!(written == fs::read(here("three.parquet")).unwrap());

    let open = |name: &str| ParquetRecordBatchReaderBuilder::try_new(fs::File::open(here(name)).unwrap()).unwrap();
    let (before, after) = (open("a.parquet"), open("one.parquet"));
    let source = fs::read(here("a.parquet")).unwrap();
    assert_eq!(after.metadata().num_row_groups(), 8);
    for (old, new) in before.metadata().row_groups().iter().zip(after.metadata().row_groups()) {
        assert_eq!(old.num_rows(), new.num_rows());
        for (old, new) in old.columns().iter().zip(new.columns()) {
            let range = |(start, length): (u64, u64)| start as usize..(start + length) as usize;
            assert!(source[range(old.byte_range())] == written[range(new.byte_range())]);
            assert_eq!(old.statistics(), new.statistics());
        }
    }
    let out: Vec<RecordBatch> = after.build().unwrap().map(Result::unwrap).collect();
    let (expected, by_rows) = try_answer(&as_text(&table), &options, 1).unwrap();
    let expected: Vec<Vec<String>> = rows(&expected).into_iter().skip(1).map(|row| row[3..].to_vec()).collect();
    assert!(added(&out, &options) == expected);
    assert_eq!((tally.statuses, tally.faults), (by_rows.statuses, by_rows.faults));
    let names: Vec<String> = out.iter().flat_map(|batch| texts(batch.column(0))).collect();
    assert!(names == texts(table.column(0)));
}

#[test]
fn a_damaged_parquet_file_is_refused_or_answered_and_never_ends_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    put_groups(&here("a.parquet"), &table_of_positions(400), 100);
    let whole = fs::read(here("a.parquet")).unwrap();
    let mut chance = Chance(5);
    let mut refused = 0;
    for _ in 0..150 {
        let mut bytes = whole.clone();
        for _ in 0..4 {
            let at = chance.below(bytes.len());
            bytes[at] = chance.below(256) as u8;
        }
        fs::write(here("b.parquet"), &bytes).unwrap();
        // A mark that is gone makes it no Parquet file at all.
        if kind_of(&here("b.parquet")).unwrap() != kind_of(&here("a.parquet")).unwrap() {
            continue;
        }
        let done = turn(&here("b.parquet"), &here("c.parquet"), &columns("status,clsc_code"), 2);
        if let Err(error) = done {
            assert!(
                matches!(
                    error,
                    BatchError::BadParquet { .. }
                        | BatchError::NoUsableColumn { .. }
                        | BatchError::HalfAPair { .. }
                        | BatchError::NoAddressRegistry { .. }
                        | BatchError::WriteWhole(_)
                ),
                "{error:?}"
            );
            refused += 1;
        }
        assert!(!here("c.parquet.part").exists());
    }
    assert!(refused > 20, "{refused}");
}

fn stream_of(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn batches_of(stream: &[u8]) -> Vec<RecordBatch> {
    StreamReader::try_new(stream, None).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_stream_of_arrow_goes_through_the_library_the_program_and_http_with_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    let table = table_of_positions(2_000);
    let stream = stream_of(&[table.slice(0, 900), table.slice(900, 1_100)]);
    let options = columns("status,reason,da,clsc_code,clsc_name,border_m");
    let (expected, _) = try_answer(&as_text(&table), &options, 1).unwrap();
    let expected: Vec<Vec<String>> = rows(&expected).into_iter().skip(1).map(|row| row[3..].to_vec()).collect();

    let mut by_library = Vec::new();
    let job = ArrowJob::open(editions(&options), stream.as_slice(), &options, &|_| None).unwrap();
    job.run(2, &mut by_library, &mut |_| ()).unwrap();
    assert!(added(&batches_of(&by_library), &options) == expected);

    rattache::atlas::write(&here("demo.atlas"), demo_bytes()).unwrap();
    fs::write(here("in.arrows"), &stream).unwrap();
    let list = "status,reason,da,clsc_code,clsc_name,border_m";
    let program = |arguments: &[&str], input: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rattache"))
            .current_dir(folder.path())
            .arg("batch")
            .args(arguments)
            .args(["--atlas", "demo.atlas", "--edition", "latest", "--quiet", "--columns", list])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).ok();
        child.wait_with_output().unwrap()
    };
    let piped = program(&["-"], &stream);
    assert_eq!(piped.status.code(), Some(1), "{}", String::from_utf8_lossy(&piped.stderr));
    assert!(added(&batches_of(&piped.stdout), &options) == expected);
    let files = program(&["in.arrows", "-o", "out.arrows"], b"");
    assert_eq!(files.status.code(), Some(1), "{}", String::from_utf8_lossy(&files.stderr));
    assert!(added(&batches_of(&fs::read(here("out.arrows")).unwrap()), &options) == expected);
    let files = program(&["in.arrows", "-o", "out.parquet"], b"");
    assert_eq!(files.status.code(), Some(1), "{}", String::from_utf8_lossy(&files.stderr));
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(here("out.parquet")).unwrap()).unwrap();
    let parquet: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    assert!(added(&parquet, &options) == expected);
    // And from Parquet to a stream.
    put_groups(&here("in.parquet"), &table, 600);
    turn(&here("in.parquet"), &here("of_parquet.arrows"), &options, 2).unwrap();
    assert!(added(&batches_of(&fs::read(here("of_parquet.arrows")).unwrap()), &options) == expected);
    // What has no room in text is refused before anything is written.
    let text = program(&["in.arrows", "-o", "out.csv"], b"");
    assert_eq!(text.status.code(), Some(2));
    assert!(!here("out.csv").exists());

    let kind = "application/vnd.apache.arrow.stream";
    let send = |body: Vec<u8>| {
        let uri = format!("/v1/batch?edition=latest&columns={list}");
        ask(Request::post(uri).header("content-type", kind).body(Body::from(body)).unwrap())
    };
    let answer = send(stream.clone());
    assert_eq!((answer.status, answer.header("content-type")), (200, kind));
    assert!(added(&batches_of(&answer.bytes), &options) == expected);
    let unusable = RecordBatch::try_from_iter([("taille", Arc::new(Int64Array::from(vec![1])) as ArrayRef)]).unwrap();
    for body in
        [stream_of(&[unusable]), b"\xFF\xFF\xFF\xFF nothing of the kind".to_vec(), b"lat,lon\n".to_vec(), Vec::new()]
    {
        let answer = send(body);
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (422, "batch-refused"));
    }
}

#[test]
fn a_damaged_stream_is_refused_or_answered_and_never_ends_the_program() {
    let stream = stream_of(&[table_of_positions(60)]);
    let options = columns("status,clsc_code");
    let answer = |bytes: &[u8]| {
        let job = ArrowJob::open(editions(&options), bytes, &options, &|_| None)?;
        job.run(1, &mut std::io::sink(), &mut |_| ())
    };
    assert_eq!(answer(&stream).unwrap().rows, 60);
    // Half a batch is no batch.
    for length in [3, 40, 200, stream.len() / 2, stream.len() - 40] {
        assert!(answer(&stream[..length]).is_err(), "{length}");
    }
    let mut chance = Chance(3);
    for _ in 0..400 {
        let mut bytes = stream.clone();
        for _ in 0..3 {
            let at = chance.below(bytes.len());
            bytes[at] = chance.below(256) as u8;
        }
        if let Err(error) = answer(&bytes) {
            let known = matches!(
                error,
                BatchError::BadArrow { .. }
                    | BatchError::NoUsableColumn { .. }
                    | BatchError::HalfAPair { .. }
                    | BatchError::NoAddressRegistry { .. }
                    | BatchError::GeometryCrs { .. }
                    | BatchError::Write(_)
            );
            assert!(known, "{error:?}");
        }
    }
}
