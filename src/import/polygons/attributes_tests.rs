//! Tables that stand in files of polygons and in Parquet, through the readers that want them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;

use crate::domain::Level;
use crate::import::{
    AttachmentColumns, HierarchyNames, ImportError, PopulationColumns, read_attachments, read_hierarchy,
    read_population,
};
use crate::tables::TableError;

const ROWS: [(&str, &str); 3] = [("24010018", "01111"), ("24010019", "01111"), ("24010020", "01112")];

fn put(folder: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn features(shape: &str) -> String {
    let one = |(unit, clsc): &(&str, &str)| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"DAUID\":\"{unit}\",\"CLSC\":\"{clsc}\"}},\"geometry\":{shape}}}"
        )
    };
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", ROWS.iter().map(one).collect::<Vec<_>>().join(","))
}

/// A `GeoPackage` with a layer of shapes that says nothing of CLSC, and a table that does.
fn package(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("a.gpkg");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INT);
             CREATE TABLE gpkg_spatial_ref_sys (srs_id INT, organization TEXT, organization_coordsys_id INT, definition TEXT);
             INSERT INTO gpkg_contents VALUES ('aires', 'features'), ('rattachement', 'attributes');
             INSERT INTO gpkg_geometry_columns VALUES ('aires', 'geom', 'POLYGON', 4326);
             CREATE TABLE aires (geom BLOB, DAUID TEXT);
             CREATE TABLE rattachement (DAUID INT, CLSC TEXT, remarque TEXT);",
        )
        .unwrap();
    for (unit, clsc) in ROWS {
        database.execute("INSERT INTO rattachement VALUES (?1, ?2, 'x')", [unit, clsc]).unwrap();
    }
    path
}

fn parquet(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("a.parquet");
    let schema = Arc::new(Schema::new(vec![
        Field::new("ADIDU", DataType::Int64, false),
        Field::new("CLSC", DataType::Utf8, false),
    ]));
    let units = Int64Array::from_iter_values(ROWS.iter().map(|(unit, _)| unit.parse::<i64>().unwrap()));
    let codes = StringArray::from_iter_values(ROWS.iter().map(|(_, clsc)| clsc));
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![Arc::new(units), Arc::new(codes)]).unwrap();
    let mut writer = ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
}

fn attachments(path: &Path) -> Vec<(String, String)> {
    let file = read_attachments(path, AttachmentColumns::default()).unwrap();
    file.rows.into_iter().map(|row| (row.unit, row.clsc)).collect()
}

#[test]
fn attachments_are_read_from_what_files_of_polygons_are_read_from() {
    let folder = tempfile::tempdir().unwrap();
    let polygon = "{\"type\":\"Polygon\",\"coordinates\":[[[-73.6,45.5],[-73.5,45.5],[-73.5,45.6],[-73.6,45.5]]]}";
    let wanted: Vec<_> = ROWS.iter().map(|(unit, clsc)| ((*unit).to_owned(), (*clsc).to_owned())).collect();
    for path in [
        put(&folder, "polygons.geojson", features(polygon)),
        put(&folder, "points.json", features("{\"type\":\"Point\",\"coordinates\":[-73.6,45.5]}")),
        put(&folder, "nothing.geojson", features("null")),
        package(&folder),
        parquet(&folder),
    ] {
        assert_eq!(attachments(&path), wanted, "{}", path.display());
    }
}

#[test]
fn people_and_the_levels_above_are_read_so_too() {
    let folder = tempfile::tempdir().unwrap();
    let people = features("null").replace("\"CLSC\":\"", "\"population\":\"");
    let path = put(&folder, "people.geojson", people.replace("01111", "400").replace("01112", "25"));
    let units: Vec<String> = ROWS.iter().map(|(unit, _)| (*unit).to_owned()).collect();
    let read = read_population(&path, PopulationColumns::default(), &units).unwrap();
    assert_eq!(read.people, [Some(400), Some(400), Some(25)]);
    let above = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"CLSC_code\":\"01111\",\
                 \"CLSC_nom\":\"Un\",\"RUIS_code\":1},\"geometry\":null}]}";
    let read = read_hierarchy(&put(&folder, "above.geojson", above), &HierarchyNames::default()).unwrap();
    assert_eq!(read.hierarchy.territories(Level::Clsc)[0].name, "Un");
}

#[test]
fn what_is_neither_a_table_nor_such_a_file_is_named_as_before() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("a.json", &b"[{\"DAUID\": \"24010018\", \"CLSC\": \"01111\"}]"[..]), ("a.pdf", b"%PDF-1.4")]
    {
        let error = read_attachments(&put(&folder, name, bytes), AttachmentColumns::default()).unwrap_err();
        assert!(matches!(error, ImportError::Table(TableError::NotATable { .. })), "{name}: {error}");
    }
    // A file whose metadata make no sense is an error, whatever its reader makes of it.
    let broken = put(&folder, "b.parquet", b"PAR1\x15\xff\xff\xff\xff\xff\xff\x7f\x7f\x7f\x7fPAR1");
    assert!(matches!(
        read_attachments(&broken, AttachmentColumns::default()).unwrap_err(),
        ImportError::Broken { format: "Parquet", .. }
    ));
}
