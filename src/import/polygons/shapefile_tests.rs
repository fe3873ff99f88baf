//! Shapefiles as editors leave them: records moved, padded, apart, and headers that lie.

use std::path::{Path, PathBuf};

use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
use shapefile::{Point, Polygon, PolygonRing, Writer};

use crate::import::{ImportError, PolygonOptions, UnitsFile, read_units};
use crate::tables::TableError;

const IDS: [&str; 4] = ["24010001", "24010002", "24010003", "24010004"];

/// Four squares of a kilometre side by side, the first in the west.
fn squares(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("u.shp");
    let table = TableWriterBuilder::new().add_character_field("DAUID".try_into().unwrap(), 8);
    let mut writer = Writer::from_path(&path, table).unwrap();
    for (number, id) in IDS.iter().enumerate() {
        let (x, y) = (7_600_000.0 + 1000.0 * number as f64, 1_250_000.0);
        let corners = [(0.0, 0.0), (0.0, 1000.0), (1000.0, 1000.0), (1000.0, 0.0), (0.0, 0.0)];
        let points = corners.iter().map(|&(dx, dy)| Point::new(x + dx, y + dy)).collect();
        let mut record = Record::default();
        record.insert("DAUID".to_owned(), FieldValue::Character(Some((*id).to_owned())));
        writer.write_shape_and_record(&Polygon::new(PolygonRing::Outer(points)), &record).unwrap();
    }
    drop(writer);
    path
}

/// The records of a `.shp`, heads and all, by its index.
fn records(path: &Path) -> Vec<Vec<u8>> {
    let (shp, shx) = (std::fs::read(path).unwrap(), std::fs::read(path.with_extension("shx")).unwrap());
    let word = |at: usize| u32::from_be_bytes(shx[at..at + 4].try_into().unwrap()) as usize * 2;
    (0..IDS.len()).map(|n| shp[word(100 + 8 * n)..][..8 + word(104 + 8 * n)].to_vec()).collect()
}

/// Writes records in an order of their own, each after a gap, with the index that goes with them.
fn write(path: &Path, records: &[Vec<u8>], order: &[usize], gap: &[u8]) {
    let mut shp = std::fs::read(path).unwrap()[..100].to_vec();
    let mut shx = std::fs::read(path.with_extension("shx")).unwrap()[..100].to_vec();
    let mut places = vec![0; records.len()];
    for &record in order {
        shp.extend_from_slice(gap);
        places[record] = shp.len();
        shp.extend_from_slice(&records[record]);
    }
    for (place, record) in places.iter().zip(records) {
        shx.extend(((place / 2) as u32).to_be_bytes());
        shx.extend_from_slice(&record[4..8]);
    }
    let words = (shp.len() / 2) as u32;
    shp[24..28].copy_from_slice(&words.to_be_bytes());
    std::fs::write(path, shp).unwrap();
    std::fs::write(path.with_extension("shx"), shx).unwrap();
}

fn read(path: &Path) -> Result<UnitsFile, ImportError> {
    read_units(path, PolygonOptions { crs: Some("EPSG:3347"), ..PolygonOptions::default() })
}

/// The western limit of each unit, in kilometres from the first; `None` without one.
fn wests(file: &UnitsFile) -> Vec<Option<i64>> {
    let polygons = &file.polygons;
    assert_eq!(polygons.ids, IDS);
    (0..IDS.len() as u32)
        .map(|unit| {
            let rings = polygons.rings().filter(|&(own, _)| own == unit);
            let x = rings.flat_map(|(_, ring)| ring).map(|point| point[0]).min_by(f64::total_cmp)?;
            Some(((x - 7_600_000.0) / 1000.0) as i64)
        })
        .collect()
}

#[test]
fn each_identifier_keeps_its_shape_however_records_are_moved_and_parted() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder);
    let whole = records(&path);
    // What an edited record leaves behind: bytes that look like nothing.
    for gap in [&[][..], &[0xff; 40], &[0; 2]] {
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            write(&path, &whole, &order, gap);
            assert_eq!(wests(&read(&path).unwrap()), [Some(0), Some(1), Some(2), Some(3)], "{order:?}, gap {gap:?}");
        }
    }
}

#[test]
fn a_record_longer_than_its_shape_takes_nothing_from_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder);
    let mut padded = records(&path);
    // A null shape in the room of a polygon, and a polygon with bytes behind it.
    padded[1][8..12].copy_from_slice(&[0; 4]);
    let words = usize::midpoint(padded[2].len() - 8, 20) as u32;
    padded[2].extend([7; 20]);
    padded[2][4..8].copy_from_slice(&words.to_be_bytes());
    write(&path, &padded, &[0, 1, 2, 3], &[]);
    let with_index = read(&path).unwrap();
    assert_eq!(wests(&with_index), [Some(0), None, Some(2), Some(3)]);
    assert!(with_index.findings.iter().any(|finding| finding.units == ["24010002"]), "{:?}", with_index.findings);
    std::fs::remove_file(path.with_extension("shx")).unwrap();
    assert_eq!(wests(&read(&path).unwrap()), wests(&with_index));
}

#[test]
fn the_length_that_the_header_states_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder);
    for extension in ["shp", "shx"] {
        let target = path.with_extension(extension);
        let whole = std::fs::read(&target).unwrap();
        for words in [0_u32, 50, 54, u32::MAX] {
            let mut bytes = whole.clone();
            bytes[24..28].copy_from_slice(&words.to_be_bytes());
            std::fs::write(&target, bytes).unwrap();
            assert_eq!(wests(&read(&path).unwrap()), [Some(0), Some(1), Some(2), Some(3)], "{extension}: {words}");
        }
        std::fs::write(&target, whole).unwrap();
    }
}

#[test]
fn gaps_can_not_be_skipped_without_an_index_and_a_cut_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder);
    let whole = records(&path);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 40]).unwrap();
    let cut = |error: &ImportError| matches!(error, ImportError::Table(TableError::Truncated { .. }));
    assert!(cut(&read(&path).unwrap_err()));
    std::fs::remove_file(path.with_extension("shx")).unwrap();
    assert!(cut(&read(&path).unwrap_err()));
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder);
    write(&path, &whole, &[0, 1, 2, 3], &[0xff; 8]);
    std::fs::remove_file(path.with_extension("shx")).unwrap();
    let error = read(&path).unwrap_err().to_string();
    assert!(error.contains(".shx"), "{error}");
}

#[test]
fn companions_are_found_whatever_the_case_of_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder);
    for (extension, other) in [("dbf", "U.DBF"), ("shx", "u.Shx")] {
        std::fs::rename(path.with_extension(extension), folder.path().join(other)).unwrap();
    }
    let upper = folder.path().join("u.SHP");
    std::fs::rename(&path, &upper).unwrap();
    assert_eq!(wests(&read(&upper).unwrap()), [Some(0), Some(1), Some(2), Some(3)]);
}
