//! `GeoPackage` 1.3 (OGC 12-128r17): every level a layer of one `SQLite` file.

use std::path::Path;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use super::format::{Edition, Format, Writer};
use super::system::{Rings, around, grow};
use super::{ExportError, Kind, Layer, Value};
use crate::files::Aside;
use crate::geometry::wkb;

pub(super) const FORMAT: Format = Format {
    word: "geopackage",
    name: "GeoPackage",
    endings: &["gpkg"],
    outlines: true,
    writer: Writer::Layers(write),
};

/// `GPKG` as a number: what tells a `GeoPackage` from other `SQLite` files.
const APPLICATION: u32 = 0x4750_4B47;
/// The number of a system that no authority numbers: the specification leaves those from 32768 to others, GDAL takes 100000.
const OWN_SYSTEM: i32 = 100_000;

/// The tables that every `GeoPackage` has, and the two systems that it must know.
const TABLES: &str = "
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
";

fn write(edition: Edition<'_>, layers: &[Layer], name: &Path) -> Result<Aside, ExportError> {
    let aside = Aside::create(name)?;
    fill(edition, layers, aside.path()).map_err(|error| match error {
        Failure::Export(error) => error,
        Failure::Sql(source) => ExportError::Format { path: name.to_owned(), source: source.into() },
    })?;
    Ok(aside)
}

enum Failure {
    Export(ExportError),
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::Export(error)
    }
}

fn fill(edition: Edition<'_>, layers: &[Layer], path: &Path) -> Result<(), Failure> {
    let mut database = Connection::open(path)?;
    // The file is thrown away where it does not become whole.
    database.execute_batch(&format!(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = 10300;"
    ))?;
    let all = database.transaction()?;
    all.execute_batch(TABLES)?;
    let system = insert_system(edition, &all, 4326)?;
    for layer in layers {
        insert_layer(edition, layer, &all, system)?;
    }
    all.commit()?;
    database.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Puts the system of the export in its table, and WGS 84, which must be there; gives its number.
fn insert_system(edition: Edition<'_>, database: &Connection, wgs84: i32) -> rusqlite::Result<i32> {
    let description = edition.system.description();
    let (authority, code) = description.authority.clone().unwrap_or(("NONE".to_owned(), OWN_SYSTEM));
    let mut rows = vec![(description.name.clone(), code, authority, description.wkt.clone())];
    if code != wgs84 {
        let default = super::CoordinateSystem::wgs84();
        rows.push(("WGS 84".to_owned(), wgs84, "EPSG".to_owned(), default.description().wkt.clone()));
    }
    for (name, number, organization, definition) in rows {
        database.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?2, ?4, NULL)",
            params![name, number, organization, definition],
        )?;
    }
    Ok(code)
}

fn insert_layer(edition: Edition<'_>, layer: &Layer, database: &Connection, system: i32) -> Result<(), Failure> {
    let table = layer.level.as_str();
    let columns: Vec<String> = layer
        .fields
        .iter()
        .map(|field| {
            let kind = match field.kind {
                Kind::Text => "TEXT",
                Kind::Whole => "INTEGER",
                Kind::Number => "REAL",
            };
            format!("\"{}\" {kind}", field.name)
        })
        .collect();
    database.execute_batch(&format!(
        "CREATE TABLE \"{table}\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, {})",
        columns.join(", ")
    ))?;
    let places = vec!["?"; layer.fields.len() + 2].join(", ");
    let mut insert = database.prepare(&format!("INSERT INTO \"{table}\" VALUES ({places})"))?;
    let mut whole: Option<[f64; 4]> = None;
    for (place, record) in layer.records.iter().enumerate() {
        let rings = edition.system.rings(&record.outline)?;
        if let Some(own) = around(&rings) {
            grow(&mut whole, own);
        }
        let values = record.values.iter().map(|value| match value {
            Value::Text(text) => Sql::Text(text.clone()),
            Value::Whole(whole) => whole.and_then(|whole| i64::try_from(whole).ok()).map_or(Sql::Null, Sql::Integer),
            Value::Number(number) => Sql::Real(*number),
        });
        let head = [Sql::Integer(place as i64 + 1), geometry(&rings, system)];
        insert.execute(params_from_iter(head.into_iter().chain(values)))?;
    }
    let header = edition.header;
    let last_change = format!("{}T00:00:00.000Z", header.valid_from);
    let [west, south, east, north] = whole.map_or([None; 4], |whole| whole.map(Some));
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?1, 'features', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![table, table, header.label, last_change, west, south, east, north, system],
    )?;
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'MULTIPOLYGON', ?2, 0, 0)",
        params![table, system],
    )?;
    Ok(())
}

/// A geometry as a `GeoPackage` has it: a head with its system and its box, then well-known binary; null without rings.
fn geometry(rings: &Rings, system: i32) -> Sql {
    let Some([west, south, east, north]) = around(rings) else {
        return Sql::Null;
    };
    // Little-endian, with a box of x and y.
    let mut out = vec![b'G', b'P', 0, 0b0000_0011];
    out.extend(system.to_le_bytes());
    for value in [west, east, south, north] {
        out.extend(value.to_le_bytes());
    }
    out.extend(wkb::multi_polygon(rings));
    Sql::Blob(out)
}
