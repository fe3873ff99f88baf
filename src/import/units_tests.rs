//! Real polygon files, and files broken on purpose.

use std::path::PathBuf;
use std::time::Instant;

use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
use shapefile::{Point, Polygon, PolygonRing, Writer};

use super::*;
use crate::geometry::Projector;

const LAMBERT: &str = "EPSG:3347";

fn data(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name);
    if !path.is_file() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

/// A square of side 1000 m somewhere in Québec, in Statistics Canada Lambert.
fn square(number: usize) -> Polygon {
    let (x, y) = (7_600_000.0 + 1000.0 * number as f64, 1_250_000.0);
    let corners = [(0.0, 0.0), (0.0, 1000.0), (1000.0, 1000.0), (1000.0, 0.0), (0.0, 0.0)];
    let points = corners.iter().map(|&(dx, dy)| Point::new(x + dx, y + dy)).collect();
    Polygon::new(PolygonRing::Outer(points))
}

/// A shapefile of squares with these identifiers in `DAUID`, without `.prj`; gives the path of its `.shp`.
fn squares(folder: &tempfile::TempDir, ids: &[&str]) -> PathBuf {
    let path = folder.path().join("units.shp");
    let table = TableWriterBuilder::new()
        .add_character_field("DAUID".try_into().unwrap(), 12)
        .add_character_field("PRUID".try_into().unwrap(), 2)
        .add_character_field("DAPOP".try_into().unwrap(), 8);
    let mut writer = Writer::from_path(&path, table).unwrap();
    for (number, id) in ids.iter().enumerate() {
        let mut record = Record::default();
        let mut set = |name: &str, value: &str| {
            record.insert(name.to_owned(), FieldValue::Character(Some(value.to_owned())));
        };
        set("DAUID", id);
        set("PRUID", id.get(..2).unwrap_or(""));
        set("DAPOP", if number == 0 { "x" } else { "612" });
        writer.write_shape_and_record(&square(number), &record).unwrap();
    }
    drop(writer);
    path
}

fn read(path: &Path) -> Result<UnitsFile, ImportError> {
    read_units(path, PolygonOptions { crs: Some(LAMBERT), ..PolygonOptions::default() })
}

#[test]
fn the_real_coverages_are_read_whole() {
    for (name, id_column, units, rings_at_least, sample) in [
        ("da_2016_model/lda_qc_model_2016.shp", "DAUID", 13_658, 13_658, "24940153"),
        ("ct_2016/ct_qc_16.shp", "CTUID", 1_402, 1_402, "4210100.00"),
        ("cd_2016/cd_qc_16.shp", "CDUID", 98, 98, "2404"),
        ("rls_2020/rls_no_water.shp", "RLS_code", 96, 96, "0111"),
        ("clsc_2017_rebuilt.geojson", "CLSC_code", 166, 166, "01111"),
    ] {
        let Some(path) = data(name) else { return };
        let start = Instant::now();
        let file = read_units(&path, PolygonOptions::default()).unwrap();
        let polygons = &file.polygons;
        println!(
            "{name}: {} units, {} rings, {} points in {:?}",
            polygons.ids.len(),
            polygons.ring_ends.len(),
            polygons.coords.len(),
            start.elapsed()
        );
        assert_eq!((polygons.ids.len(), file.id_column.as_str()), (units, id_column), "{name}");
        assert!(polygons.ring_ends.len() >= rings_at_least, "{name}");
        assert_eq!(polygons.ids[0], sample, "{name}");
        let errors: Vec<_> = file.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let mut points = polygons.coords.clone();
        let start = Instant::now();
        file.crs.to_lon_lat(&mut points).unwrap();
        println!("{name}: to longitude and latitude in {:?}", start.elapsed());
        let inside = |point: &[f64; 2]| (-80.0..-56.0).contains(&point[0]) && (44.0..63.5).contains(&point[1]);
        assert!(points.iter().all(inside), "{name}");
        // The even-odd rule needs every ring of a unit, each closed by the file.
        assert!(polygons.rings().all(|(_, ring)| ring.len() >= 4 && ring.first() == ring.last()), "{name}");
    }
}

#[test]
fn names_in_windows_1252_and_utf_8_come_out_with_their_accents() {
    let Some(path) = data("rls_2020/rls_no_water.shp") else { return };
    let file = read_units(&path, PolygonOptions::default()).unwrap();
    // Its header names the code page.
    assert!(file.findings.is_empty(), "{:?}", file.findings);
    let told =
        read_units(&path, PolygonOptions { encoding: Some("windows-1252"), ..PolygonOptions::default() }).unwrap();
    assert!(told.findings.is_empty(), "{:?}", told.findings);
    let Some(path) = data("cd_2016/cd_qc_16.shp") else { return };
    assert!(read_units(&path, PolygonOptions::default()).unwrap().findings.is_empty());
}

#[test]
fn the_rebuilt_territories_bring_their_hierarchy() {
    let Some(path) = data("clsc_2017_rebuilt.geojson") else { return };
    let file = read_territories(&path, PolygonOptions::default()).unwrap();
    let hierarchy = file.hierarchy.unwrap();
    assert_eq!((file.polygons.ids.len(), hierarchy.clsc_count()), (166, 166));
    let counts = crate::domain::Level::TERRITORIAL.map(|level| hierarchy.territories(level).len());
    assert_eq!(counts, [166, 96, 25, 18, 4]);
    let place = hierarchy.find(crate::domain::Level::Rls, "0112").unwrap();
    assert_eq!(hierarchy.territories(crate::domain::Level::Rls)[place].name, "RLS de Rivière-du-Loup");
}

#[test]
fn a_repeated_unit_is_an_error_that_names_both_records() {
    let folder = tempfile::tempdir().unwrap();
    let file = read(&squares(&folder, &["24010018", "24010019", "24010018", ""])).unwrap();
    assert_eq!(file.polygons.ids, ["24010018", "24010019"]);
    assert_eq!(file.polygons.ring_units, [0, 1]);
    let repeated = file.findings.iter().find(|finding| finding.kind == FindingKind::DuplicateUnit).unwrap();
    assert_eq!((repeated.severity, repeated.place.line), (Severity::Error, Some(3)));
    assert!(repeated.message.contains("\"24010018\" stands twice, in records 1 and 3"), "{}", repeated.message);
    let nameless = file.findings.iter().find(|finding| finding.place.line == Some(4)).unwrap();
    assert_eq!((nameless.severity, nameless.kind), (Severity::Error, FindingKind::BadValue));
}

#[test]
fn other_provinces_are_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let file = read(&squares(&folder, &["35010018", "24010019", "2021S051224010020"])).unwrap();
    assert_eq!(file.polygons.ids, ["24010019"], "the province of the third is taken from its own column");
    assert!(file.findings.iter().any(|finding| finding.message.starts_with("2 of 3 records are outside Québec")));
}

#[test]
fn people_of_the_file_come_along_and_a_bad_number_is_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let file = read(&squares(&folder, &["24010018", "24010019"])).unwrap();
    assert_eq!(file.population, Some(vec![None, Some(612)]));
    let note = file.findings.iter().find(|finding| finding.kind == FindingKind::BadValue).unwrap();
    assert_eq!(
        (note.severity, note.place.line, note.place.column.as_deref()),
        (Severity::Note, Some(1), Some("DAPOP"))
    );
}

#[test]
fn half_a_shapefile_says_what_is_missing_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder, &["24010018", "24010019", "24010020"]);

    let error = read_units(&path, PolygonOptions::default()).unwrap_err();
    assert!(matches!(&error, ImportError::MissingCompanion { companion, .. } if companion.ends_with("units.prj")));
    assert!(error.to_string().contains("EPSG:3347"), "{error}");

    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 70]).unwrap();
    let error = read(&path).unwrap_err();
    assert!(
        matches!(error, ImportError::Table(TableError::Truncated { stated, found, .. }) if found + 70 == stated),
        "{error}"
    );
    std::fs::write(&path, &whole[..50]).unwrap();
    assert!(matches!(read(&path).unwrap_err(), ImportError::Table(TableError::Truncated { .. })));
    std::fs::write(&path, b"").unwrap();
    assert!(matches!(read(&path).unwrap_err(), ImportError::Table(TableError::EmptyFile { .. })));
    std::fs::write(&path, [7_u8; 400]).unwrap();
    assert!(matches!(read(&path).unwrap_err(), ImportError::NotShapefile { .. }));
    // A record whose own header lies, past the file header: with the index its length does not matter.
    let mut lying = whole.clone();
    lying[104..108].copy_from_slice(&3_i32.to_be_bytes());
    std::fs::write(&path, lying).unwrap();
    assert_eq!(read(&path).unwrap().polygons.ring_ends.len(), 3);
    let index = std::fs::read(path.with_extension("shx")).unwrap();
    std::fs::remove_file(path.with_extension("shx")).unwrap();
    assert!(matches!(read(&path).unwrap_err(), ImportError::BadShape { record: 2, .. }));
    std::fs::write(path.with_extension("shx"), index).unwrap();
    std::fs::write(&path, &whole).unwrap();

    let other = tempfile::tempdir().unwrap();
    let shorter = squares(&other, &["24010018", "24010019"]);
    std::fs::copy(shorter.with_extension("dbf"), path.with_extension("dbf")).unwrap();
    let error = read(&path).unwrap_err();
    assert!(matches!(error, ImportError::CountMismatch { shapes: 3, rows: 2, .. }), "{error}");
    std::fs::remove_file(path.with_extension("dbf")).unwrap();
    let error = read(&path).unwrap_err();
    assert!(matches!(&error, ImportError::MissingCompanion { companion, .. } if companion.ends_with("units.dbf")));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(read(&path).unwrap_err(), ImportError::Table(TableError::NotFound { .. })));
}

#[test]
fn a_wrong_coordinate_system_is_told_by_the_coordinates() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder, &["24010018"]);
    let error = read_units(&path, PolygonOptions { crs: Some("EPSG:4269"), ..PolygonOptions::default() }).unwrap_err();
    assert!(matches!(error, ImportError::CoordinatesDoNotFit { hint: 3347, .. }), "{error}");
    let file = read_units(&path, PolygonOptions { crs: Some("EPSG:32198"), ..PolygonOptions::default() }).unwrap();
    let finding = &file.findings[0];
    assert_eq!((finding.severity, finding.kind), (Severity::Error, FindingKind::OutsideCoverage));
    std::fs::write(path.with_extension("prj"), "PROJCS[\"nonsense\"]").unwrap();
    let error = read_units(&path, PolygonOptions::default()).unwrap_err();
    assert!(
        matches!(&error, ImportError::CrsOfFile { source, .. } if matches!(**source, ImportError::UnknownCrs { .. }))
    );
    let error = read_units(&path, PolygonOptions { crs: Some("EPSG:26718"), ..PolygonOptions::default() }).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(error.to_string().contains("units.shp") && cause.contains("North American Datum 1927"), "{error}: {cause}");
}

#[test]
fn null_shapes_are_findings_and_keep_their_unit() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder, &["24010018", "24010019"]);
    let mut writer = shapefile::ShapeWriter::from_path(&path).unwrap();
    writer.write_shape(&square(0)).unwrap();
    drop(writer);
    // The writer only writes polygons; a null record is twelve bytes. The index is left behind.
    let mut bytes = std::fs::read(&path).unwrap();
    let words = i32::from_be_bytes(bytes[24..28].try_into().unwrap());
    bytes.extend([0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0]);
    bytes[24..28].copy_from_slice(&(words + 6).to_be_bytes());
    std::fs::write(&path, bytes).unwrap();
    let file = read(&path).unwrap();
    assert_eq!((file.polygons.ids.len(), file.polygons.ring_ends.len()), (2, 1));
    let finding = file.findings.iter().find(|finding| finding.kind == FindingKind::EmptyUnit).unwrap();
    assert_eq!((finding.place.line, finding.units.as_slice()), (Some(2), &["24010019".to_owned()][..]));
}

#[test]
fn geojson_with_a_legacy_crs_is_read_and_points_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("u.geojson");
    let square = "[[[7600000,1250000],[7601000,1250000],[7601000,1251000],[7600000,1250000]]]";
    let write = |crs: &str, geometry: &str, coordinates: &str| {
        let text = format!(
            "{{\"type\":\"FeatureCollection\",{crs}\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"ADIDU\":24010018,\"nom\":null}},\"geometry\":{{\"type\":\"{geometry}\",\"coordinates\":{coordinates}}}}}]}}"
        );
        std::fs::write(&path, text).unwrap();
    };
    let crs = "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::3347\"}},";
    write(crs, "Polygon", square);
    let file = read_units(&path, PolygonOptions::default()).unwrap();
    assert_eq!((file.polygons.ids[0].as_str(), file.crs.is_geographic()), ("24010018", false));
    assert!(file.findings.is_empty(), "{:?}", file.findings);
    write("", "Polygon", square);
    assert!(matches!(
        read_units(&path, PolygonOptions::default()).unwrap_err(),
        ImportError::CoordinatesDoNotFit { .. }
    ));
    write(crs, "Polygon", "[[[-73.5,45.5],[-73.4,45.5],[-73.4,45.6],[-73.5,45.5]]]");
    let error = read_units(&path, PolygonOptions::default()).unwrap_err();
    assert!(matches!(error, ImportError::CoordinatesDoNotFit { hint: 4269, .. }), "{error}");
    write("", "Point", "[-73.5,45.5]");
    assert!(matches!(
        read_units(&path, PolygonOptions::default()).unwrap_err(),
        ImportError::NotPolygon { record: 1, .. }
    ));
    std::fs::write(&path, "{\"type\":\"Feature").unwrap();
    assert!(matches!(read_units(&path, PolygonOptions::default()).unwrap_err(), ImportError::NotGeoJson { .. }));
    std::fs::write(&path, "").unwrap();
    assert!(matches!(
        read_units(&path, PolygonOptions::default()).unwrap_err(),
        ImportError::Table(TableError::EmptyFile { .. })
    ));
    let text = folder.path().join("u.unknown");
    std::fs::write(&text, "x").unwrap();
    assert!(matches!(read_units(&text, PolygonOptions::default()).unwrap_err(), ImportError::UnknownFormat { .. }));
}

#[test]
fn territories_that_lost_their_zero_get_it_back_and_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.geojson");
    let feature = |code: &str, rest: &str, lon: f64| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"CLSC_code\":\"{code}\",\"CLSC_nom\":\"Un\"{rest}}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{lon},48],[{},48],[{lon},49],[{lon},48]]]}}}}",
            lon + 0.5
        )
    };
    let write = |rest: &str| {
        let features = [feature("1111", rest, -68.0), feature("01112", rest, -67.0)].join(",");
        std::fs::write(&path, format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}")).unwrap();
        read_territories(&path, PolygonOptions::default()).unwrap()
    };
    let file = write(",\"RSS_code\":\"1\",\"RUIS_code\":\"1\"");
    assert_eq!(file.polygons.ids, ["01111", "01112"]);
    let hierarchy = file.hierarchy.unwrap();
    assert_eq!((hierarchy.find(crate::domain::Level::Clsc, "01111"), hierarchy.clsc_count()), (Some(0), 2));
    let lost: Vec<_> = file.findings.iter().filter(|finding| finding.kind == FindingKind::LostZero).collect();
    let columns: Vec<_> = lost.iter().map(|finding| finding.place.column.as_deref().unwrap()).collect();
    assert_eq!(columns, ["CLSC_code", "RSS_code"], "each said once");
    assert!(write("").hierarchy.is_none(), "without the RUISSS there are only limits");
}

#[test]
fn broken_bytes_are_errors_or_findings_but_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = squares(&folder, &["24010018", "24010019", "24010020"]);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for extension in ["shp", "dbf"] {
        let target = path.with_extension(extension);
        let whole = std::fs::read(&target).unwrap();
        let mut refused = 0;
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                bytes[at] = random(256) as u8;
            }
            bytes.truncate(if random(4) == 0 { random(bytes.len()) } else { bytes.len() });
            std::fs::write(&target, &bytes).unwrap();
            refused += usize::from(read(&path).is_err());
        }
        assert!(refused > 30, "{extension}: {refused}");
        std::fs::write(&target, whole).unwrap();
    }
    assert!(read(&path).is_ok());
}
