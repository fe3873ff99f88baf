//! `GeoPackage` (OGC 12-128): the layers of features of an `SQLite` file, read only.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::super::ImportError;
use super::formats::{Head, Opened, Purpose, StatedCrs, Wanted};
use super::held::{Held, HeldShape, number};
use super::package::{OnDisk, Package};
use crate::domain::both;

/// A connection, and the file that it is to.
struct Open {
    database: Connection,
    _file: OnDisk,
}

fn open_database(package: &Package) -> Result<Open, ImportError> {
    let file = package.on_disk()?;
    let path = file.path();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(|source| refused(package, source))?;
    // A file left in write-ahead mode in a folder that can not be written is read as it stands.
    let works = database.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()));
    let database = match works {
        Ok(()) => database,
        Err(_) => {
            let escaped: String = path
                .to_string_lossy()
                .bytes()
                .map(|byte| match byte {
                    b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
                    _ => format!("%{byte:02X}"),
                })
                .collect();
            let address = format!("file:{escaped}?immutable=1");
            let database = Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI);
            database.map_err(|source| refused(package, source))?
        }
    };
    Ok(Open { database, _file: file })
}

fn refused(package: &Package, source: rusqlite::Error) -> ImportError {
    ImportError::BadDatabase { path: package.shown(), source: Box::new(source) }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The layers that may hold polygons, with their columns.
pub(super) fn layers(package: &Package, purpose: Purpose) -> Result<Vec<Head>, ImportError> {
    let open = open_database(package)?;
    let failed = |source| refused(package, source);
    let has_layers: bool = open
        .database
        .query_row(
            "SELECT count(*) = 2 FROM sqlite_master WHERE name IN ('gpkg_contents', 'gpkg_geometry_columns')",
            [],
            |row| row.get(0),
        )
        .map_err(failed)?;
    if !has_layers {
        return Err(ImportError::NotRead {
            path: package.shown(),
            format: both!("une base SQLite qui n'est pas un GeoPackage", "an SQLite database that is no GeoPackage"),
            way: both!(
                "faites-en un GeoPackage, par exemple avec `ogr2ogr aires.gpkg FICHIER`",
                "make a GeoPackage of it, such as with `ogr2ogr units.gpkg FILE`"
            ),
        });
    }
    let mut found = open
        .database
        .prepare(
            "SELECT table_name, column_name, upper(geometry_type_name) FROM gpkg_geometry_columns ORDER BY table_name",
        )
        .map_err(failed)?;
    let rows = found
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(failed)?;
    let all = rows.len();
    let surfaces =
        ["GEOMETRY", "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "CURVEPOLYGON", "MULTISURFACE", "SURFACE"];
    if purpose == Purpose::Table {
        return tables(&open.database, &rows).map_err(failed);
    }
    rows.into_iter()
        // A file with one layer says in its own words what that one lacks.
        .filter(|(_, _, kind)| all == 1 || surfaces.contains(&kind.as_str()))
        .map(|(table, geometry, _)| {
            let statement =
                open.database.prepare(&format!("SELECT * FROM {} LIMIT 0", quoted(&table))).map_err(failed)?;
            let columns = statement.column_names().into_iter().filter(|name| *name != geometry).map(str::to_owned);
            Ok(Head { columns: columns.collect(), name: table })
        })
        .collect()
}

/// Every table of the file, those without shapes too; `shaped` are the others, with the column of their shapes.
fn tables(database: &Connection, shaped: &[(String, String, String)]) -> Result<Vec<Head>, rusqlite::Error> {
    let mut listed = database.prepare(
        "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') ORDER BY table_name",
    )?;
    let names = listed.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let head = |table: String| {
        let statement = database.prepare(&format!("SELECT * FROM {} LIMIT 0", quoted(&table)))?;
        let is_shape = |column: &str| shaped.iter().any(|(name, shape, _)| *name == table && shape == column);
        let columns = statement.column_names().into_iter().filter(|&column| !is_shape(column)).map(str::to_owned);
        Ok(Head { columns: columns.collect(), name: table })
    };
    names.into_iter().map(head).collect()
}

/// Opens a layer.
pub(super) fn open(package: &Package, wanted: Wanted<'_>) -> Result<Opened, ImportError> {
    let layer = wanted.layer;
    let open = open_database(package)?;
    let failed = |source| refused(package, source);
    let shapes = open.database.query_row(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?1",
        [layer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    let (geometry, system): (String, i64) = match shapes {
        Err(rusqlite::Error::QueryReturnedNoRows) if wanted.purpose == Purpose::Table => (String::new(), -1),
        shapes => shapes.map_err(failed)?,
    };
    let crs = open
        .database
        .query_row(
            "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
            [system],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?)),
        )
        .ok()
        .and_then(|(organization, code, definition)| match (organization.to_ascii_uppercase().as_str(), code) {
            ("EPSG", code) if code > 0 => Some(format!("EPSG:{code}")),
            _ if system == 0 => Some("EPSG:4326".to_owned()),
            _ if definition.eq_ignore_ascii_case("undefined") || definition.trim().is_empty() => None,
            _ => Some(definition),
        });
    let mut statement = open.database.prepare(&format!("SELECT * FROM {}", quoted(layer))).map_err(failed)?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut held =
        Held { columns: names.iter().filter(|name| **name != geometry).cloned().collect(), ..Held::default() };
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let mut texts = Vec::with_capacity(names.len());
        let mut shape = HeldShape::Null;
        for (column, name) in names.iter().enumerate() {
            let value = row.get_ref(column).map_err(failed)?;
            if *name == geometry {
                shape = match value {
                    ValueRef::Blob(bytes) => geometry_of(bytes),
                    _ => HeldShape::Null,
                };
            } else {
                texts.push(match value {
                    ValueRef::Null | ValueRef::Blob(_) => String::new(),
                    ValueRef::Integer(whole) => whole.to_string(),
                    ValueRef::Real(value) => number(value),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                });
            }
        }
        held.rows.push(texts);
        held.shapes.push(shape);
    }
    Ok(Opened { held, crs: crs.map_or(StatedCrs::Unknown, StatedCrs::Named), note: None })
}

/// The well-known binary behind the head of a `GeoPackage` geometry.
fn geometry_of(bytes: &[u8]) -> HeldShape {
    let broken = || {
        HeldShape::Broken(both!(
            "sa géométrie n'est pas celle d'un GeoPackage",
            "its geometry is not that of a GeoPackage"
        ))
    };
    let (Some(b"GP"), Some(flags)) = (bytes.get(..2), bytes.get(3)) else {
        return broken();
    };
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return broken(),
    };
    bytes.get(8 + envelope..).map_or_else(broken, HeldShape::of_wkb)
}
