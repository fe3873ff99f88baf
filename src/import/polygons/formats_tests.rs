//! Files of every format, alone, in zips and beside others, and those that are not read.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use flatgeobuf::geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, error::Result as GeoResult};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};

use crate::domain::{FindingKind, French as _, Severity};
use crate::import::{ImportError, PolygonOptions, UnitsFile, read_territories, read_units};

fn read(path: &Path) -> Result<UnitsFile, ImportError> {
    read_units(path, PolygonOptions::default())
}

/// A Feature: a square of a hundredth of a degree, the first in the west.
fn feature(number: usize, before: &str, properties: &str) -> String {
    format!(
        "{{\"type\":\"Feature\",{before}\"properties\":{properties},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{}]}}}}",
        ring(number)
    )
}

fn corners(number: usize) -> [[f64; 2]; 5] {
    let west = -73.6 + 0.01 * number as f64;
    [[west, 45.5], [west + 0.01, 45.5], [west + 0.01, 45.51], [west, 45.51], [west, 45.5]]
}

fn ring(number: usize) -> String {
    serde_json::to_string(&corners(number)).unwrap()
}

fn file(folder: &tempfile::TempDir, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
}

#[test]
fn features_a_line_each_and_in_sequences_are_read_as_a_collection_is() {
    let folder = tempfile::tempdir().unwrap();
    let features: Vec<String> = (0..3).map(|n| feature(n, "", &format!("{{\"DAUID\":\"2401000{n}\"}}"))).collect();
    let whole = read(&file(&folder, "a.geojson", collection(&features))).unwrap();
    assert_eq!(whole.polygons.ids, ["24010000", "24010001", "24010002"]);
    let sequence = features.iter().map(|feature| format!("\u{1e}{feature}\n")).collect::<String>();
    for (name, text) in [
        ("b.geojsonl", features.join("\n")),
        ("c.json", features.join("\r\n") + "\r\n"),
        ("d.geojsons", sequence),
        ("e.geojson", features.join(" ")),
        ("f.dat.geojson", format!("\u{feff}{}", features.join("\n"))),
    ] {
        assert_eq!(read(&file(&folder, name, text)).unwrap().polygons, whole.polygons, "{name}");
    }
    let cut = features.join("\n");
    assert!(matches!(
        read(&file(&folder, "g.geojsonl", &cut[..cut.len() - 9])).unwrap_err(),
        ImportError::NotGeoJson { .. }
    ));
}

#[test]
fn identifiers_at_the_top_of_features_are_identifiers_where_the_properties_have_none() {
    let folder = tempfile::tempdir().unwrap();
    let with = |top: &str, properties: &str| {
        let features = [feature(0, &format!("\"id\":{top},"), properties)];
        read(&file(&folder, "a.geojson", collection(&features))).unwrap()
    };
    for top in ["24010001", "\"24010001\"", "\" 24010001 \""] {
        let units = with(top, "{\"nom\":\"x\"}");
        assert_eq!((units.polygons.ids[0].as_str(), units.id_column.as_str()), ("24010001", "id"), "{top}");
        assert_eq!(with(top, "null").polygons.ids[0], "24010001");
    }
    assert_eq!(with("7", "{\"DAUID\":\"24010009\"}").polygons.ids, ["24010009"]);
}

#[test]
fn polygons_of_a_collection_count_and_lines_beside_them_are_left_out_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let of = |members: &str| {
        let geometry = format!("{{\"type\":\"GeometryCollection\",\"geometries\":[{members}]}}");
        let feature =
            format!("{{\"type\":\"Feature\",\"properties\":{{\"DAUID\":\"24010001\"}},\"geometry\":{geometry}}}");
        read(&file(&folder, "a.geojson", collection(&[feature])))
    };
    let square = |n: usize| format!("{{\"type\":\"Polygon\",\"coordinates\":[{}]}}", ring(n));
    let line = "{\"type\":\"LineString\",\"coordinates\":[[-73.6,45.5],[-73.5,45.5]]}";
    let two = of(&[square(0), square(2)].join(",")).unwrap();
    assert_eq!((two.polygons.ring_ends.len(), two.findings.len()), (2, 0));
    let nested = of(&format!("{{\"type\":\"GeometryCollection\",\"geometries\":[{}]}}", square(0))).unwrap();
    assert_eq!(nested.polygons.ring_ends.len(), 1);
    let mixed = of(&[square(0).as_str(), line].join(",")).unwrap();
    assert_eq!(mixed.polygons.ring_ends.len(), 1);
    assert_eq!((mixed.findings[0].severity, mixed.findings[0].units[0].as_str()), (Severity::Mended, "24010001"));
    assert!(matches!(of(line).unwrap_err(), ImportError::NotPolygon { record: 1, .. }));
}

/// A square for the writer of `FlatGeobuf`.
struct Square(usize);

impl GeozeroGeometry for Square {
    fn process_geom<P: GeomProcessor>(&self, processor: &mut P) -> GeoResult<()> {
        processor.polygon_begin(true, 1, 0)?;
        processor.linestring_begin(false, 5, 0)?;
        for (place, [x, y]) in corners(self.0).into_iter().enumerate() {
            processor.xy(x, y, place)?;
        }
        processor.linestring_end(false, 0)?;
        processor.polygon_end(true, 0)
    }
}

fn flatgeobuf(index: bool, count: usize) -> Vec<u8> {
    let crs = FgbCrs { code: 4269, ..FgbCrs::default() };
    let options = FgbWriterOptions { write_index: index, crs, detect_type: false, ..FgbWriterOptions::default() };
    let mut writer = FgbWriter::create_with_options("units", GeometryType::Polygon, options).unwrap();
    writer.add_column("DAUID", ColumnType::Long, |_, _| {});
    writer.add_column("nom", ColumnType::String, |_, _| {});
    writer.add_column("population", ColumnType::Double, |_, _| {});
    for number in 0..count {
        writer
            .add_feature_geom(Square(number), |feature| {
                use flatgeobuf::geozero::PropertyProcessor as _;
                feature.property(0, "DAUID", &ColumnValue::Long(24_010_000 + number as i64)).unwrap();
                feature.property(1, "nom", &ColumnValue::String("Îlot d'été")).unwrap();
                feature.property(2, "population", &ColumnValue::Double(100.0 + number as f64)).unwrap();
            })
            .unwrap();
    }
    let mut bytes = Vec::new();
    writer.write(&mut bytes).unwrap();
    bytes
}

#[test]
fn flatgeobuf_is_read_with_and_without_its_index_and_broken_bytes_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    for (index, count) in [(false, 3), (true, 1), (true, 3), (true, 40)] {
        let path = file(&folder, "a.fgb", flatgeobuf(index, count));
        let mut units = read(&path).unwrap();
        assert_eq!((units.polygons.ids.len(), units.polygons.ring_ends.len()), (count, count), "{index} {count}");
        // The writer puts records in the order of its index.
        let west = |unit: u32| {
            units.polygons.rings().find(|&(own, _)| own == unit).unwrap().1.iter().map(|p| p[0]).fold(0.0, f64::min)
        };
        for (unit, id) in (0_u32..).zip(&units.polygons.ids) {
            let number = id.parse::<usize>().unwrap() - 24_010_000;
            assert!((west(unit) - corners(number)[0][0]).abs() < 1e-12, "{id}");
            assert_eq!(units.population.as_ref().unwrap()[unit as usize], Some(100 + number as u32));
        }
        units.polygons.ids.sort();
        assert_eq!(units.polygons.ids[0], "24010000");
    }
    let whole = flatgeobuf(true, 3);
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            bytes[at] = random(256) as u8;
        }
        bytes.truncate(if random(4) == 0 { 1 + random(bytes.len() - 1) } else { bytes.len() });
        read(&file(&folder, "b.fgb", bytes)).ok();
    }
}

/// A zip of files.
fn zip(folder: &tempfile::TempDir, name: &str, members: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.path().join(name);
    let mut writer = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    path
}

/// The parts of a shapefile of one square with one column.
fn shapefile(column: &str, value: &str) -> [(&'static str, Vec<u8>); 3] {
    use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.shp");
    let table = TableWriterBuilder::new().add_character_field(column.try_into().unwrap(), 12);
    let mut writer = shapefile::Writer::from_path(&path, table).unwrap();
    let mut record = Record::default();
    record.insert(column.to_owned(), FieldValue::Character(Some(value.to_owned())));
    let points = corners(0).iter().rev().map(|&[x, y]| shapefile::Point::new(x, y)).collect();
    writer.write_shape_and_record(&shapefile::Polygon::new(shapefile::PolygonRing::Outer(points)), &record).unwrap();
    drop(writer);
    ["shp", "shx", "dbf"].map(|extension| (extension, std::fs::read(path.with_extension(extension)).unwrap()))
}

const NAD83: &str = "GEOGCS[\"GCS_North_American_1983\",DATUM[\"D_North_American_1983\",SPHEROID[\"GRS_1980\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";

#[test]
fn a_zip_is_read_and_of_its_layers_the_one_with_the_finest_units() {
    let folder = tempfile::tempdir().unwrap();
    let areas = shapefile("DAUID", "24010001");
    let divisions = shapefile("CDUID", "2401");
    let mut members: Vec<(String, &[u8])> = Vec::new();
    for (stem, parts) in [("données/da", &areas), ("données/cd", &divisions)] {
        members.extend(parts.iter().map(|(extension, bytes)| (format!("{stem}.{extension}"), bytes.as_slice())));
        members.push((format!("{stem}.prj"), NAD83.as_bytes()));
    }
    members.push(("__MACOSX/données/._da.shp".to_owned(), b"junk"));
    members.push(("lisezmoi.json".to_owned(), b"{}"));
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let path = zip(&folder, "a.zip", &members);
    let units = read(&path).unwrap();
    assert_eq!(
        (units.polygons.ids[0].as_str(), units.id_column.as_str(), units.file.as_str()),
        ("24010001", "DAUID", "da.shp")
    );
    let named = read_units(&path, PolygonOptions { layer: Some("CD"), ..PolygonOptions::default() }).unwrap();
    assert_eq!(named.polygons.ids, ["2401"]);
    let error = read_units(&path, PolygonOptions { layer: Some("ct"), ..PolygonOptions::default() }).unwrap_err();
    assert!(matches!(&error, ImportError::UnknownLayer { found, .. } if found == "\"cd\", \"da\""), "{error}");
    let twice: Vec<(&str, &[u8])> = ["b", "c"]
        .into_iter()
        .flat_map(|stem| areas.iter().map(move |(extension, bytes)| (stem, *extension, bytes)))
        .map(|(stem, extension, bytes)| (format!("{stem}.{extension}").leak() as &str, bytes.as_slice()))
        .collect();
    let error = read(&zip(&folder, "b.zip", &twice)).unwrap_err();
    assert!(matches!(&error, ImportError::SeveralLayers { found, .. } if found == "\"b\", \"c\""), "{error}");
    let error = read(&zip(&folder, "c.zip", &[("a.shp", &areas[0].1), ("a.dbf", &areas[2].1)])).unwrap_err();
    assert!(
        matches!(&error, ImportError::MissingCompanion { companion, .. } if companion.ends_with("c.zip/a.prj")),
        "{error}"
    );
    let bytes = std::fs::read(&path).unwrap();
    assert!(matches!(
        read(&file(&folder, "d.zip", &bytes[..bytes.len() / 2])).unwrap_err(),
        ImportError::BadArchive { .. }
    ));
}

#[test]
fn gzipped_geojson_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(collection(&[feature(0, "", "{\"DAUID\":\"24010001\"}")]).as_bytes()).unwrap();
    let units = read(&file(&folder, "a.geojson.gz", packer.finish().unwrap())).unwrap();
    assert_eq!(units.polygons.ids, ["24010001"]);
}

#[test]
fn what_is_not_read_is_named_in_both_languages_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("a.gdb")).unwrap();
    let topology = "{\"type\":\"Topology\",\"arcs\":[[[0,0],[1,0]]],\"objects\":{}}";
    let esri =
        "{\"geometryType\":\"esriGeometryPolygon\",\"features\":[{\"attributes\":{},\"geometry\":{\"rings\":[]}}]}";
    let cases = [
        (file(&folder, "a.json", topology), "TopoJSON", "du TopoJSON", "ogr2ogr"),
        (file(&folder, "b.topojson", topology), "TopoJSON", "du TopoJSON", "ogr2ogr"),
        (file(&folder, "c.json", esri), "ESRI JSON", "JSON d'ESRI", "ogr2ogr"),
        (folder.path().join("a.gdb"), "file geodatabase", "géodatabase", "ogr2ogr"),
        (file(&folder, "a.kml", "<kml/>"), "KML", "KML", "ogr2ogr"),
        (zip(&folder, "a.kmz", &[("doc.kml", b"<kml/>")]), "KML", "KML", "ogr2ogr"),
        (zip(&folder, "b.zip", &[("lda.gdb/a00000001.gdbtable", b"x")]), "file geodatabase", "géodatabase", "ogr2ogr"),
        (zip(&folder, "a.xlsx", &[("[Content_Types].xml", b"<x/>")]), "a table", "un tableau", "GeoPackage"),
        (file(&folder, "a.dbf", "x"), "part of a shapefile", "partie d'un shapefile", ".shp"),
        (file(&folder, "a.csv", "DAUID\n1\n"), "a table", "un tableau", "GeoPackage"),
        (file(&folder, "a.7z", "7z"), "an archive", "une archive", ".zip"),
        (folder.path().to_owned(), "a folder", "un dossier", "file in it"),
    ];
    for (path, english, french, way) in cases {
        let error = read(&path).unwrap_err();
        assert!(matches!(error, ImportError::NotRead { .. }), "{}: {error}", path.display());
        let text = error.to_string();
        assert!(text.contains(english) && text.contains(way), "{text}");
        assert!(error.french().contains(french), "{}", error.french());
    }
    let database = folder.path().join("a.sqlite");
    rusqlite::Connection::open(&database).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    let renamed = folder.path().join("b.gpkg");
    std::fs::copy(&database, &renamed).unwrap();
    for path in [database, renamed] {
        let error = read(&path).unwrap_err();
        assert!(matches!(error, ImportError::NotRead { .. }), "{error}");
    }
    assert!(matches!(
        read(&file(&folder, "c.gpkg", b"SQLite format 3\0junk")).unwrap_err(),
        ImportError::BadDatabase { .. }
    ));
    assert!(matches!(read(&file(&folder, "a.weird", "x")).unwrap_err(), ImportError::UnknownFormat { .. }));
}

#[test]
fn a_file_without_a_word_on_its_system_must_be_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition, description);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('u', -1, 'NONE', -1, 'undefined', '');
             CREATE TABLE gpkg_contents (table_name, data_type, srs_id);
             CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);
             INSERT INTO gpkg_geometry_columns VALUES ('da', 'geom', 'POLYGON', -1, 0, 0);
             CREATE TABLE da (fid INTEGER PRIMARY KEY, geom BLOB, DAUID REAL);",
        )
        .unwrap();
    let mut blob = b"GP\0\x01\xff\xff\xff\xff".to_vec();
    blob.extend(crate::geometry::wkb::multi_polygon(&[vec![corners(0).to_vec()]]));
    database.execute("INSERT INTO da VALUES (1, ?1, 24010001.0)", [blob]).unwrap();
    drop(database);
    assert!(matches!(read(&path).unwrap_err(), ImportError::NoCrs { .. }));
    let units = read_units(&path, PolygonOptions { crs: Some("EPSG:4269"), ..PolygonOptions::default() }).unwrap();
    assert_eq!((units.polygons.ids[0].as_str(), units.polygons.coords.len()), ("24010001", 5));
    // The same in a zip, where SQLite needs a copy.
    let zipped = zip(&folder, "a.zip", &[("x/a.gpkg", &std::fs::read(&path).unwrap())]);
    let again = read_units(&zipped, PolygonOptions { crs: Some("EPSG:4269"), ..PolygonOptions::default() }).unwrap();
    assert_eq!(again.polygons, units.polygons);
}

#[test]
fn the_cartographic_file_is_told_from_the_digital_one() {
    let folder = tempfile::tempdir().unwrap();
    let text = collection(&[feature(0, "", "{\"DAUID\":\"24010001\",\"CLSC_code\":\"06111\",\"RUIS_code\":\"2\"}")]);
    let clipped = |name: &str| {
        let units = read(&file(&folder, name, &text)).unwrap();
        units.findings.iter().filter(|finding| finding.kind == FindingKind::ClippedToShore).count()
    };
    for name in [
        "lda_000b21a_e.geojson",
        "lda_000b16a_f.geojson",
        "GDA_000B11A_E.geojson",
        "ldb_024b21a_e.geojson",
        "lcsd000b16a_e.geojson",
    ] {
        assert_eq!(clipped(name), 1, "{name}");
    }
    for name in
        ["lda_000a21a_e.geojson", "gda_000a11a_e.geojson", "lda_qc_model.geojson", "b21.geojson", "lada000c21.geojson"]
    {
        assert_eq!(clipped(name), 0, "{name}");
    }
    let path = file(&folder, "lda_000b21a_e.geojson", &text);
    let territories = read_territories(&path, PolygonOptions::default()).unwrap();
    assert!(territories.findings.iter().all(|finding| finding.kind != FindingKind::ClippedToShore));
}
