//! Crosswalks, verdicts and bridged tables as Parquet hold what their CSV holds.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::http::demo_bytes;

fn run(folder: &Path, words: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_rattache"))
        .current_dir(folder)
        .arg("series")
        .args(words)
        .args(["--atlas", "demo.atlas"])
        .output()
        .unwrap();
    assert!(done.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn batch(path: PathBuf) -> RecordBatch {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let all: Vec<RecordBatch> = builder.with_batch_size(1 << 20).build().unwrap().map(Result::unwrap).collect();
    assert_eq!(all.len(), 1);
    all[0].clone()
}

/// Holds every value of a CSV against the column of its name; a text in the place of a number stands in `value_text`.
fn assert_same(csv: &str, table: &RecordBatch) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), rows.len() > 10), (table.num_rows(), true));
    for (place, name) in names.iter().enumerate() {
        let column = table.column_by_name(name).unwrap();
        for (row, fields) in rows.iter().enumerate() {
            let text = &fields[place];
            if column.is_null(row) {
                let instead = table.column_by_name("value_text").filter(|_| name == "value");
                let instead =
                    instead.map(arrow_array::cast::AsArray::as_string::<i32>).filter(|texts| texts.is_valid(row));
                assert_eq!(instead.map_or("", |texts| texts.value(row)), text, "{name}, row {row}");
                continue;
            }
            match column.data_type() {
                DataType::Utf8 => assert_eq!(column.as_string::<i32>().value(row), text, "{name}, row {row}"),
                DataType::Int64 => {
                    assert_eq!(column.as_primitive::<Int64Type>().value(row).to_string(), text, "{name}, row {row}");
                }
                _ => {
                    let value = column.as_primitive::<Float64Type>().value(row);
                    assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{name}, row {row}");
                }
            }
        }
    }
    let numbers = table.schema().fields().iter().filter(|field| field.data_type().is_numeric()).count();
    assert!(numbers >= 3, "{numbers}");
}

#[test]
fn what_is_written_as_parquet_is_what_is_written_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    rattache::atlas::write(&here("demo.atlas"), demo_bytes()).unwrap();
    let example = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/examples/serie.csv")).unwrap();
    // A value that is withheld has its text kept.
    let mut lines: Vec<String> = example.lines().map(str::to_owned).collect();
    let withheld = lines[5].rsplit_once(';').unwrap().0.to_owned();
    lines[5] = format!("{withheld};<5");
    std::fs::write(here("a.csv"), lines.join("\n") + "\n").unwrap();

    let pair = ["--from", "demo-2017-07-01", "--to", "demo-2022-04-01"];
    let crosswalk = [&["crosswalk"], &pair[..]].concat();
    let csv = run(folder.path(), &crosswalk);
    assert_eq!(run(folder.path(), &[&crosswalk[..], &["-o", "pairs.parquet"]].concat()), "");
    assert_same(&csv, &batch(here("pairs.parquet")));
    assert_eq!(run(folder.path(), &[&crosswalk[..], &["-o", "pairs.csv"]].concat()), "");
    assert_eq!(std::fs::read_to_string(here("pairs.csv")).unwrap(), csv);

    let check = ["check", "a.csv"];
    run(folder.path(), &[&check[..], &["-o", "verdicts.parquet"]].concat());
    assert_same(&run(folder.path(), &[&check[..], &["--format", "csv"]].concat()), &batch(here("verdicts.parquet")));
    let bridge = ["bridge", "a.csv", "--to", "demo-2022-04-01"];
    run(folder.path(), &[&bridge[..], &["-o", "bridged.parquet"]].concat());
    assert_same(&run(folder.path(), &bridge), &batch(here("bridged.parquet")));
}
