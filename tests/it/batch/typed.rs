//! Excel and Parquet: values and types are kept, and the answers are those of the same rows as text.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    types::Int64Type,
};
use calamine::{Data, Reader as _, Xlsx};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use rattache::batch::{BatchError, Conversion, Options, OutputKind, SharedProjector, Tally, convert, kind_of};
use rattache::import::Crs;

use super::{columns, editions, mixed_table, try_answer};

fn projector(crs: &str) -> Option<SharedProjector> {
    Crs::new(crs).projection().ok().map(|projection| Arc::new(projection) as _)
}

fn turn(from: &Path, to: &Path, options: &Options, sheet: Option<&str>, workers: usize) -> Result<Tally, BatchError> {
    let asked = Conversion {
        input: from,
        from: kind_of(from)?,
        sheet,
        to: OutputKind::of_name(Some(to)),
        output: Some(to),
        options,
        review: None,
        find_projector: &projector,
        workers,
    };
    let tally = convert(editions(asked.options), &asked, &mut Vec::new(), &mut |_| {}, &mut |_, _| {})?;
    assert!(!with_end(to, ".part").exists());
    Ok(tally)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", path.display()))
}

/// Rows of a CSV.
fn rows(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Rows of a workbook's first sheet, as text.
fn sheet(path: &Path) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

fn put_parquet(path: &Path, columns: Vec<(&str, ArrayRef)>, geo: Option<&str>, compression: Compression) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let metadata = geo.map(|geo| vec![KeyValue::new("geo".to_owned(), geo.to_owned())]);
    let properties = WriterProperties::builder().set_compression(compression).set_key_value_metadata(metadata).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The least of a workbook: a sheet "Notes" and a sheet "Données" with styles, a formula and shared texts.
fn put_book(path: &Path, data: &str) {
    let texts = ["code", "nom", "lat", "lon", "jour", "01234", "Thérèse &amp; Œil", "fin"];
    let shared = format!("<si><t>{}</t></si>", texts.join("</t></si><si><t>"));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{links}\"><Relationship Id=\"r\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<x:workbook xmlns:x=\"{main}\" xmlns:r=\"{office}\"><x:sheets><x:sheet name=\"Notes\" sheetId=\"1\" r:id=\"a\"/><x:sheet name=\"Données\" sheetId=\"2\" r:id=\"b\"/></x:sheets></x:workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{links}\"><Relationship Id=\"a\" Type=\"{office}/worksheet\" Target=\"worksheets/one.xml\"/><Relationship Id=\"b\" Type=\"{office}/worksheet\" Target=\"/xl/worksheets/two.xml\"/><Relationship Id=\"c\" Type=\"{office}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"d\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\">{shared}</sst>")),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/worksheets/one.xml",
            format!(
                "<worksheet xmlns=\"{main}\"><sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row></sheetData></worksheet>"
            ),
        ),
        (
            "xl/worksheets/two.xml",
            format!(
                "<x:worksheet xmlns:x=\"{main}\"><x:dimension ref=\"A2:E9\"/><x:sheetData>{data}</x:sheetData><x:autoFilter ref=\"A2:E9\"/></x:worksheet>"
            ),
        ),
        ("xl/media/image.png", "\u{1}\u{2}".to_owned()),
    ];
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

const DATA: &str = "<x:row r=\"2\" spans=\"1:5\"><x:c r=\"A2\" t=\"s\"><x:v>0</x:v></x:c><x:c r=\"B2\" t=\"s\"><x:v>1</x:v></x:c><x:c r=\"C2\" t=\"s\"><x:v>2</x:v></x:c><x:c r=\"D2\" t=\"s\"><x:v>3</x:v></x:c><x:c r=\"E2\" s=\"1\" t=\"s\"><x:v>4</x:v></x:c></x:row>\
<x:row r=\"4\" ht=\"30\"><x:c r=\"A4\" t=\"s\"><x:v>5</x:v></x:c><x:c r=\"B4\" t=\"s\"><x:v>6</x:v></x:c><x:c r=\"C4\"><x:v>45.5088</x:v></x:c><x:c r=\"D4\"><x:f>-70-3.5542</x:f><x:v>-73.5542</x:v></x:c><x:c r=\"E4\" s=\"1\"><x:v>43500</x:v></x:c></x:row>\
<x:row r=\"5\"><x:c r=\"A5\" s=\"1\"/></x:row><x:row r=\"6\"/>\
<x:row r=\"7\"><x:c r=\"A7\"><x:v>7</x:v></x:c><x:c r=\"C7\" t=\"inlineStr\"><x:is><x:t>45,5088</x:t></x:is></x:c><x:c r=\"D7\" t=\"inlineStr\"><x:is><x:t>-73,5542</x:t></x:is></x:c></x:row>\
<x:row r=\"8\"><x:c r=\"C8\" t=\"e\"><x:v>#N/A</x:v></x:c><x:c r=\"D8\"><x:v>-73</x:v></x:c><x:c r=\"E8\" s=\"1\"><x:v>43500.5</x:v></x:c></x:row>";

fn part(path: &Path, name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_workbook_comes_back_as_it_was_with_cells_at_the_end_of_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    put_book(&here("a.xlsx"), DATA);
    let mut options = columns("status,clsc_code,border_m");
    options.named.as_of = Some("jour".into());
    let tally = turn(&here("a.xlsx"), &here("b.xlsx"), &options, Some("Données"), 2).unwrap();
    assert_eq!((tally.rows, tally.statuses.iter().sum::<u64>()), (3, 3));
    let text = String::from_utf8(part(&here("b.xlsx"), "xl/worksheets/two.xml")).unwrap();
    // Without what was added, it is what it was.
    let mut kept = String::new();
    let mut rest = text.as_str();
    while let Some(at) = ["F", "G", "H"].iter().filter_map(|column| rest.find(&format!("<x:c r=\"{column}"))).min() {
        kept.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find("</x:c>").unwrap() + 6..];
    }
    kept.push_str(rest);
    let before = String::from_utf8(part(&here("a.xlsx"), "xl/worksheets/two.xml")).unwrap();
    assert_eq!(
        kept,
        before.replace(" spans=\"1:5\"", "").replace("<x:dimension ref=\"A2:E9\"/>", "<x:dimension ref=\"A2:H9\"/>")
    );
    assert!(
        text.contains("<x:c r=\"F2\" s=\"1\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">rattache_status</x:t>")
    );
    assert!(text.contains("<x:c r=\"F4\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">resolved</x:t>"));
    for (other, count) in [("xl/worksheets/one.xml", 0), ("xl/sharedStrings.xml", 0), ("xl/media/image.png", 0)] {
        assert_eq!((part(&here("b.xlsx"), other), count), (part(&here("a.xlsx"), other), 0), "{other}");
    }

    // As text, the values are what a person sees.
    turn(&here("a.xlsx"), &here("b.csv"), &options, Some("Données"), 1).unwrap();
    let table = rows(&fs::read(here("b.csv")).unwrap());
    assert_eq!(table[1][..6], ["01234", "Thérèse & Œil", "45.5088", "-73.5542", "2019-02-04", "resolved"]);
    assert_eq!(table[2][..6], ["7", "", "45,5088", "-73,5542", "", "invalid"]);
    assert_eq!(table[3][..6], ["", "", "#N/A", "-73", "2019-02-04T12:00:00", "invalid"]);
    assert_eq!(table.len(), 4);

    // The first sheet has no usable column, and one that is not there is named.
    assert!(matches!(turn(&here("a.xlsx"), &here("c.csv"), &options, None, 1), Err(BatchError::UnknownColumn { .. })));
    let absent = turn(&here("a.xlsx"), &here("c.csv"), &options, Some("Donnees"), 1).unwrap_err().to_string();
    assert!(absent.contains("\"Notes\", \"Données\""), "{absent}");
    assert!(!here("c.csv").exists() && !here("c.csv.part").exists());
}

#[test]
fn rows_have_the_answers_of_text_whatever_the_kind_of_file_and_the_number_of_workers() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    // Blank lines are no rows, and a row of another width has no place in a table with types: what it says is kept.
    let text = mixed_table(9_000);
    fs::write(here("a.csv"), &text).unwrap();
    let mut options = columns("status,reason,da,clsc_code,clsc_name,method,score,border_m,runner_up_clsc,edition");
    options.named.as_of = Some("jour".into());
    let (expected, tally) = try_answer(&text, &options, 2).unwrap();
    let added = options.columns.len();
    let expected: Vec<Vec<String>> = rows(&expected).into_iter().map(|row| row[row.len() - added..].to_vec()).collect();

    for workers in [1, 2] {
        turn(&here("a.csv"), &here("a.xlsx"), &options, None, workers).unwrap();
        turn(&here("a.csv"), &here("a.parquet"), &options, None, workers).unwrap();
        let answers: Vec<Vec<String>> = sheet(&here("a.xlsx"))
            .into_iter()
            .map(|row| row[row.len() - added..].iter().map(ToString::to_string).collect())
            .collect();
        assert_eq!(answers.len(), tally.rows as usize + 1);
        assert!(answers == expected, "{workers} workers");
    }
    let whole: usize = batches(&here("a.parquet")).iter().map(RecordBatch::num_rows).sum();
    assert_eq!(whole, tally.rows as usize);

    // Once more from each kind to each, with other columns.
    let other = Options { named: options.named.clone(), ..columns("rls_code") };
    let mut seen = Vec::new();
    for from in ["a.xlsx", "a.parquet"] {
        for to in ["b.csv", "b.xlsx", "b.parquet"] {
            let tally = turn(&here(from), &here(to), &other, None, 2).unwrap();
            seen.push((tally.statuses, tally.clsc));
        }
    }
    assert!(seen.iter().all(|one| *one == seen[0]));
}

#[test]
fn columns_of_parquet_keep_their_types_and_values() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>(vec![Some(vec![Some(1), None]), None, Some(vec![])]);
    let own: Vec<(&str, ArrayRef)> = vec![
        ("code", Arc::new(StringArray::from(vec![Some("007"), Some("été \"x\""), None]))),
        ("lat", Arc::new(Float64Array::from(vec![Some(45.5088), Some(f64::NAN), Some(10.0)]))),
        ("lon", Arc::new(Float64Array::from(vec![Some(-73.5542), None, Some(10.0)]))),
        ("n", Arc::new(Int64Array::from(vec![Some(i64::MAX), None, Some(-1)]))),
        ("vrai", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        ("jour", Arc::new(Date32Array::from(vec![Some(17_897), Some(0), None]))),
        ("liste", Arc::new(list)),
    ];
    put_parquet(&here("a.parquet"), own.clone(), None, Compression::ZSTD(ZstdLevel::default()));
    turn(&here("a.parquet"), &here("b.parquet"), &columns("status,reason,border_m"), None, 2).unwrap();
    let out = &batches(&here("b.parquet"))[0];
    for (place, (name, array)) in own.iter().enumerate() {
        assert_eq!(out.schema().field(place).name(), name);
        assert_eq!(out.column(place).to_data(), array.to_data(), "{name}");
    }
    let words = |column: usize| -> Vec<Option<String>> {
        out.column(column).as_string::<i32>().iter().map(|word| word.map(str::to_owned)).collect()
    };
    assert_eq!(words(7), ["resolved", "invalid", "outside"].map(|word| Some(word.to_owned())));
    assert_eq!(words(8), [None, Some("no_value".to_owned()), Some("outside_coverage".to_owned())]);
    assert!(out.column(9).as_primitive::<arrow_array::types::Float64Type>().value(0) > 0.0);

    // A list has no room elsewhere; the rest does, large numbers to their last digit.
    for to in ["c.csv", "c.xlsx"] {
        let error = turn(&here("a.parquet"), &here(to), &columns("status"), None, 1).unwrap_err();
        assert!(matches!(&error, BatchError::NoRoomFor { column, .. } if column == "liste"), "{error}");
        assert!(!here(to).exists());
    }
    put_parquet(&here("d.parquet"), own[..6].to_vec(), None, Compression::UNCOMPRESSED);
    turn(&here("d.parquet"), &here("d.csv"), &columns("status"), None, 1).unwrap();
    let table = rows(&fs::read(here("d.csv")).unwrap());
    assert_eq!(table[1], ["007", "45.5088", "-73.5542", "9223372036854775807", "true", "2019-01-01", "resolved"]);
    assert_eq!(table[2], ["été \"x\"", "", "", "", "", "1970-01-01", "invalid"]);
    turn(&here("d.parquet"), &here("d.xlsx"), &columns("status"), None, 1).unwrap();
    let table = sheet(&here("d.xlsx"));
    assert_eq!(
        table[1][..4],
        [
            Data::String("007".into()),
            Data::Float(45.5088),
            Data::Float(-73.5542),
            Data::String("9223372036854775807".into())
        ]
    );
    assert_eq!(table[1][4], Data::Bool(true));
    assert!(matches!(table[1][5], Data::DateTime(day) if day.to_ymd_hms_milli() == (2019, 1, 1, 0, 0, 0, 0)));
    assert_eq!(table[3][..2], [Data::Empty, Data::Float(10.0)]);

    // Files stay packed as they were.
    let packings = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for packing in packings {
        put_parquet(&here("p.parquet"), own[..6].to_vec(), None, packing);
        turn(&here("p.parquet"), &here("q.parquet"), &columns("status,reason,border_m"), None, 1).unwrap();
        let written = SerializedFileReader::new(fs::File::open(here("q.parquet")).unwrap()).unwrap();
        let column = written.metadata().row_group(0).column(0).compression();
        assert_eq!(std::mem::discriminant(&column), std::mem::discriminant(&packing), "{packing:?}");
        let again = &batches(&here("q.parquet"))[0];
        assert!((6..9).all(|column| again.column(column) == out.column(column + 1)), "{packing:?}");
    }
}

fn wkb(points: &[Option<[f64; 2]>]) -> BinaryArray {
    let bytes: Vec<Option<Vec<u8>>> = points
        .iter()
        .map(|point| point.map(|[x, y]| [&[1, 1, 0, 0, 0][..], &x.to_le_bytes(), &y.to_le_bytes()].concat()))
        .collect();
    BinaryArray::from_iter(bytes)
}

#[test]
fn points_of_geoparquet_are_read_in_the_system_that_the_file_states() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    let degrees = [Some([-73.5542, 45.5088]), None, Some([f64::NAN, f64::NAN]), Some([45.5088, -73.5542])];
    let lambert = [Some([-395_044.335_5, 182_089.684_9]), None, Some([f64::NAN, f64::NAN]), Some([1e9, 1e9])];
    let about = |crs: &str| {
        format!(
            "{{\"version\":\"1.0.0\",\"primary_column\":\"g\",\"columns\":{{\"g\":{{\"encoding\":\"WKB\",\"geometry_types\":[\"Point\"]{crs}}}}}}}"
        )
    };
    let quebec = ",\"crs\":{\"type\":\"ProjectedCRS\",\"id\":{\"authority\":\"EPSG\",\"code\":32198}}";
    let cases = [
        ("", &degrees, "swapped_coordinates"),
        (",\"crs\":{\"id\":{\"authority\":\"OGC\",\"code\":\"CRS84\"}}", &degrees, "swapped_coordinates"),
        (quebec, &lambert, "outside_coverage"),
    ];
    for (crs, points, last) in cases {
        put_parquet(&here("g.parquet"), vec![("g", Arc::new(wkb(points)))], Some(&about(crs)), Compression::SNAPPY);
        turn(&here("g.parquet"), &here("o.csv"), &columns("reason,rss_name"), None, 1).unwrap();
        let table = rows(&fs::read(here("o.csv")).unwrap());
        assert_eq!(table[1][1..], ["", "Montréal"], "{crs}");
        assert_eq!((table[2][1].as_str(), table[3][1].as_str()), ("no_value", "no_value"));
        assert_eq!(table[4][1], last);
        turn(&here("g.parquet"), &here("o.parquet"), &columns("status"), None, 1).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(here("o.parquet")).unwrap()).unwrap();
        let kept = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert!(kept.iter().any(|entry| entry.key == "geo" && entry.value == Some(about(crs))));
    }
    let mut line = wkb(&degrees).value(0).to_vec();
    line[1] = 2;
    let lines = BinaryArray::from_iter_values([line]);
    put_parquet(&here("l.parquet"), vec![("g", Arc::new(lines))], Some(&about("")), Compression::SNAPPY);
    turn(&here("l.parquet"), &here("l.csv"), &columns("reason"), None, 1).unwrap();
    assert!(fs::read_to_string(here("l.csv")).unwrap().ends_with(",not_a_point\n"));
    for crs in [",\"crs\":null", ",\"crs\":{\"id\":{\"authority\":\"NOBODY\",\"code\":1}}"] {
        put_parquet(&here("n.parquet"), vec![("g", Arc::new(wkb(&degrees)))], Some(&about(crs)), Compression::SNAPPY);
        let error = turn(&here("n.parquet"), &here("n.csv"), &columns("reason"), None, 1).unwrap_err();
        assert!(matches!(error, BatchError::GeometryCrs { .. }), "{error}");
    }
}

#[test]
fn what_can_not_be_served_is_refused_before_any_output() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    let refuse = |from: &str, to: &str| turn(&here(from), &here(to), &columns("status"), None, 2).unwrap_err();

    // A sheet has 1,048,576 rows, of which one is the header.
    let mut long = b"lat,lon\n".to_vec();
    for _ in 0..1 << 20 {
        long.extend_from_slice(b"9,9\n");
    }
    fs::write(here("long.csv"), &long).unwrap();
    let error = refuse("long.csv", "o.xlsx").to_string();
    assert!(error.contains("1048575") && error.contains(".parquet"), "{error}");
    fs::write(here("wide.csv"), format!("lat,lon{}\n1,2\n", ",x".repeat(16_382))).unwrap();
    assert!(matches!(refuse("wide.csv", "o.xlsx"), BatchError::TooManyColumns { columns: 16_385 }));

    fs::write(here("a.ndjson"), "{\"lat\":1,\"lon\":2}\n").unwrap();
    assert!(matches!(refuse("a.ndjson", "o.parquet"), BatchError::Conversion { .. }));
    put_book(&here("a.xlsx"), DATA);
    assert!(matches!(refuse("a.xlsx", "o.ndjson"), BatchError::Conversion { .. }));
    assert!(matches!(refuse("a.xlsx", "o.xlsm"), BatchError::Conversion { .. }));

    // Half a workbook, half a Parquet file.
    fs::write(here("a.csv"), "lat,lon\n45.5,-73.5\n").unwrap();
    turn(&here("a.csv"), &here("b.parquet"), &columns("status"), None, 1).unwrap();
    let whole = fs::read(here("b.parquet")).unwrap();
    fs::write(here("half.parquet"), &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(refuse("half.parquet", "o.csv"), BatchError::BadParquet { .. }));
    put_book(&here("broken.xlsx"), &format!("{DATA}<x:row r=\"9\"><x:c r=\"A9\"><x:v>8</x:v>"));
    assert!(matches!(
        turn(&here("broken.xlsx"), &here("o.xlsx"), &columns("status"), Some("Données"), 1),
        Err(BatchError::BadWorkbook { .. })
    ));
    let mut left: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    left.retain(|name| name.starts_with("o."));
    assert!(left.is_empty(), "{left:?}");
}
