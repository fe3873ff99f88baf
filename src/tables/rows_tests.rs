//! Tables in memory: what people send, and what is made of it.

use super::*;

fn open(bytes: &[u8]) -> Result<Table, TableError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, bytes).unwrap();
    Table::open(&path, None)
}

fn rows(table: &Table) -> Vec<(u64, Vec<String>)> {
    let width = table.column_names().len();
    let values = |row: &Row| (0..width).map(|column| row.field(column).to_owned()).collect();
    let mut rows = Vec::new();
    table.for_each_row(|row| rows.push((row.line(), values(row))));
    rows
}

#[test]
fn every_separator_is_found_even_beside_quoted_ones() {
    for separator in [",", ";", "\t", "|"] {
        let text = format!(
            "\"nom, ou, titre; et; tout\"{separator}Numéro{separator}c\n\"a{separator}b\"{separator}2{separator}3\n"
        );
        let table = open(text.as_bytes()).unwrap();
        assert_eq!(table.column("NUMERO").unwrap(), 1);
        assert_eq!(rows(&table)[0].1, [format!("a{separator}b"), "2".to_owned(), "3".to_owned()]);
    }
}

#[test]
fn lines_are_those_of_the_file_past_blank_lines_quotes_and_both_line_ends() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a;b", "1;2", "", "", "\"x", "y\";4", "5;6", ";", "7;8"].join(end);
        let found: Vec<u64> = rows(&open(text.as_bytes()).unwrap()).iter().map(|row| row.0).collect();
        assert_eq!(found, [2, 5, 7, 9], "{end:?}");
    }
}

#[test]
fn windows_1252_is_read_and_said_with_its_line() {
    let table = open(b"nom;code\nGasp\xe9;1\n").unwrap();
    assert_eq!(rows(&table)[0].1[0], "Gaspé");
    let note = &table.findings()[0];
    assert_eq!((note.kind, note.severity, note.place.line), (FindingKind::Encoding, Severity::Note, Some(2)));
}

#[test]
fn rows_of_another_length_are_counted() {
    let table = open(b"a,b\n1,2\n3\n4,5,\n6,7,8\n").unwrap();
    let read: Vec<_> = rows(&table).into_iter().map(|row| row.1).collect();
    assert_eq!(
        read,
        [["1", "2"], ["3", ""], ["4", "5"]],
        "under which column the values of the last one stand is not known"
    );
    assert!(table.findings()[0].message.starts_with("2 of 4 rows"), "{:?}", table.findings());
    assert!(table.findings()[1].message.contains("(lines 5)"), "{:?}", table.findings());
}

#[test]
fn nothing_at_all_and_a_lonely_header_are_told_apart() {
    assert!(matches!(open(b"").unwrap_err(), TableError::EmptyFile { .. }));
    assert!(matches!(open(b"a,b\n").unwrap_err(), TableError::NoRow { .. }));
    let error = Table::open(Path::new("/nowhere/t.csv"), None).unwrap_err();
    assert_eq!(error.to_string(), "\"/nowhere/t.csv\" does not exist: check the path");
}

#[test]
fn a_stray_quote_costs_no_row_and_its_fields_stay_in_place() {
    let table = open(b"DAUID,nom,population\n1,A,500\n2,\"B,600\n3,\"C,400\n4,\"D, E\",450\n").unwrap();
    let read = rows(&table);
    assert_eq!(read.len(), 4);
    assert_eq!(read[1], (3, vec!["2".to_owned(), "\"B".to_owned(), "600".to_owned()]));
    assert_eq!(read[3].1[1], "D, E");
    let note = &table.findings()[0];
    assert!(note.message.contains("open a quote") && note.message.contains("lines 3, 4"), "{}", note.message);
}

#[test]
fn what_programs_of_old_leave_in_a_file_is_no_row() {
    for text in [
        &b"a;b\n1;2\n3;4\n\x1a"[..],
        b"sep=;\r\na;b\r\n1;2\r\n3;4\r\n",
        b"a;b\r\r\n1;2\r\r\n3;4\r\r\n",
        b"a;b\r\n1;2\r3;4\n",
        b"a;b\n1\0;2\n3;4",
        b"Titre du tableau, 2021\n\na;b\n1;2\n3;4\n",
    ] {
        let table = open(text).unwrap();
        let read: Vec<_> = rows(&table).into_iter().map(|row| row.1).collect();
        assert_eq!(read, [["1", "2"], ["3", "4"]], "{:?}", String::from_utf8_lossy(text));
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_packed_table_is_unpacked() {
    let mut padded = packed(b"a,b\n1,2\n");
    padded.extend([0; 300]);
    assert_eq!(rows(&open(&padded).unwrap())[0].1, ["1", "2"]);
    let zip = zipped(&[("LISEZMOI.md", b"#"), ("t.csv", b"a,b\n1,2\n")]);
    assert_eq!(rows(&open(&zip).unwrap())[0].1, ["1", "2"]);
    let error = open(&zipped(&[("a.csv", b"a\n1\n"), ("b.csv", b"a\n1\n")])).unwrap_err().to_string();
    assert!(error.contains("\"a.csv\", \"b.csv\""), "{error}");
    let error = open(&zipped(&[("a.dat", b"a\n1\n")])).unwrap_err().to_string();
    assert!(error.contains("\"a.dat\""), "{error}");
    assert!(matches!(open(&padded[..15]).unwrap_err(), TableError::Packed { .. }));
}

#[test]
fn what_is_no_table_is_named_with_the_way_out() {
    for (bytes, word) in [
        (&b"PAR1\x15\x04"[..], "Parquet"),
        (b"{\"a\": 1}", "JSON"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html></html>", "Web page"),
        (b"SQLite format 3\0", "SQLite"),
    ] {
        let error = open(bytes).unwrap_err().to_string();
        assert!(error.contains(word) && error.contains(": "), "{error}");
        assert!(!error.contains('\0'));
    }
    assert!(matches!(open(b"\0\0\n \x1a").unwrap_err(), TableError::EmptyFile { .. }));
}
