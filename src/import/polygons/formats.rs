//! The register of formats: what tells each, which layers a file has, and what is not read.

use std::path::Path;

use super::super::ImportError;
use super::held::Held;
use super::package::Package;
use super::shapefile::Shapefile;
use super::{flatgeobuf, geojson, geopackage, geoparquet};
use crate::domain::{Finding, Words, both};
use crate::tables::TableError;
use crate::tables::columns::{Columns, fold};
use crate::tables::file::{shown, unreadable};
use crate::tables::synonyms::{AREA, BLOCK, CLSC, DGUID, DIVISION, PLAIN_UNIT, RLS, SUBDIVISION, TRACT, is_known_name};

/// A layer of a file: what a choice is made by.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// Its name.
    pub name: String,
    /// Its columns; none where the file has no other layer.
    pub columns: Vec<String>,
}

/// The coordinate system that a file states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StatedCrs {
    /// Longitude and latitude: the default of the format.
    LonLat,
    /// A code, or a definition.
    Named(String),
    /// None.
    Unknown,
}

/// A layer, read.
#[derive(Debug)]
pub(super) struct Opened {
    pub held: Held,
    pub crs: StatedCrs,
    pub note: Option<Finding>,
}

/// A kind of file that is read.
#[derive(Debug)]
pub(super) struct Format {
    /// Its name for people.
    name: &'static str,
    /// Endings of names.
    endings: &'static [&'static str],
    /// Tells it by its first bytes.
    recognises: fn(&[u8]) -> bool,
    /// The layers of a file that may do for a purpose.
    layers: fn(&Package, Purpose) -> Result<Vec<Head>, ImportError>,
    /// How a layer is opened.
    pub open: Open,
}

/// What is wanted of a file that is read as a whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The name of the layer.
    pub layer: &'a str,
    /// The encoding that the caller states.
    pub encoding: Option<&'a str>,
    /// What it is opened for.
    pub purpose: Purpose,
}

/// How a layer is opened.
#[derive(Debug, Clone, Copy)]
pub(super) enum Open {
    /// Its shapes stay in the file until they are asked for.
    Shapefile,
    /// All of it is read.
    Whole(fn(&Package, Wanted<'_>) -> Result<Opened, ImportError>),
}

/// Every format that is read.
const FORMATS: &[Format] = &[
    Format {
        name: "shapefile",
        endings: &["shp"],
        recognises: |head| head.starts_with(&[0, 0, 0x27, 0x0a]) && head.get(28..32) == Some(&[0xe8, 3, 0, 0]),
        layers: shapefile_layers,
        open: Open::Shapefile,
    },
    Format {
        name: "GeoPackage",
        endings: &["gpkg"],
        recognises: |head| head.starts_with(b"SQLite format 3\0"),
        layers: geopackage::layers,
        open: Open::Whole(geopackage::open),
    },
    Format {
        name: "FlatGeobuf",
        endings: &["fgb"],
        recognises: |head| head.starts_with(flatgeobuf::MAGIC) && head.get(4..7) == Some(flatgeobuf::MAGIC),
        layers: flatgeobuf::layers,
        open: Open::Whole(flatgeobuf::open),
    },
    Format {
        name: "GeoParquet",
        endings: &["parquet", "geoparquet", "pq"],
        recognises: |head| head.starts_with(b"PAR1"),
        layers: geoparquet::layers,
        open: Open::Whole(geoparquet::open),
    },
    Format {
        name: "GeoJSON",
        endings: &["geojson", "json", "geojsonl", "geojsons", "ndjson", "jsonl", "topojson"],
        recognises: |head| {
            let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
            matches!(head.first(), Some(b'{' | 0x1e))
        },
        layers: geojson::layers,
        open: Open::Whole(geojson::open),
    },
];

fn shapefile_layers(package: &Package, _: Purpose) -> Result<Vec<Head>, ImportError> {
    let columns = if package.is_member() { Shapefile::open(package, None)?.attributes.names() } else { Vec::new() };
    Ok(vec![Head { name: package.stem(), columns }])
}

/// Kinds of file that are known and not read: their endings, their names in both languages, and the way out.
const NOT_READ: &[(&[&str], &str, &str, WayOut)] = &[
    (
        &["gdb", "gdbtable", "gdbtablx", "gdbindexes"],
        "une géodatabase fichier d'ESRI",
        "an ESRI file geodatabase",
        WayOut::Convert,
    ),
    (&["mdb", "accdb"], "une géodatabase personnelle d'ESRI", "an ESRI personal geodatabase", WayOut::Convert),
    (&["kml", "kmz"], "du KML", "KML", WayOut::Convert),
    (&["gml", "gfs"], "du GML", "GML", WayOut::Convert),
    (&["gpx"], "du GPX", "GPX", WayOut::Convert),
    (&["xml"], "du XML", "XML", WayOut::Convert),
    (&["tab", "dat", "id", "map", "mif", "mid"], "un fichier MapInfo", "a MapInfo file", WayOut::Convert),
    (&["e00", "adf"], "une couverture d'Arc/INFO", "an Arc/INFO coverage", WayOut::Convert),
    (&["dxf", "dwg", "dgn"], "un dessin (DAO)", "a drawing (CAD)", WayOut::Convert),
    (&["sqlite", "db", "sqlite3"], "une base SQLite", "an SQLite database", WayOut::Convert),
    (&["feather", "arrow", "ipc"], "de l'Arrow", "Arrow", WayOut::Convert),
    (
        &["pmtiles", "mbtiles", "mvt", "pbf"],
        "un jeu de tuiles, aux limites simplifiées",
        "a set of tiles, whose limits are simplified",
        WayOut::Source,
    ),
    (&["tif", "tiff", "png", "jpg", "jpeg", "pdf", "svg"], "une image", "an image", WayOut::Source),
    (
        &["lyr", "lyrx", "lpk", "lpkx", "mpk", "mpkx", "mxd", "aprx", "qgs", "qgz"],
        "un projet, qui renvoie à d'autres fichiers",
        "a project, which points to other files",
        WayOut::Source,
    ),
    (
        &["dbf", "shx", "prj", "cpg", "sbn", "sbx", "qix"],
        "une partie d'un shapefile",
        "a part of a shapefile",
        WayOut::MainFile,
    ),
    (
        &["csv", "tsv", "txt", "xls", "xlsx", "ods"],
        "un tableau, sans limites",
        "a table, without limits",
        WayOut::Source,
    ),
    (&["7z", "rar", "tar", "tgz", "bz2", "xz", "zst"], "une archive", "an archive", WayOut::Unpack),
];

#[derive(Debug, Clone, Copy)]
enum WayOut {
    Convert,
    Source,
    MainFile,
    Unpack,
}

impl WayOut {
    fn words(self) -> Words {
        match self {
            Self::Convert => both!(
                "faites-en un GeoPackage, par exemple avec `ogr2ogr aires.gpkg FICHIER`",
                "make a GeoPackage of it, such as with `ogr2ogr units.gpkg FILE`"
            ),
            Self::Source => both!(
                "donnez le fichier des limites : shapefile, GeoPackage, FlatGeobuf, GeoParquet ou GeoJSON",
                "give the file of the limits: shapefile, GeoPackage, FlatGeobuf, GeoParquet or GeoJSON"
            ),
            Self::MainFile => both!("donnez le .shp du même nom", "give the .shp of the same name"),
            Self::Unpack => both!("déballez-la, ou faites-en un .zip", "unpack it, or make a .zip of it"),
        }
    }
}

/// The formats that are read, for messages.
fn read_formats() -> Words {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let endings: Vec<String> = FORMATS.iter().map(|format| format!(".{}", format.endings[0])).collect();
    let list = |between: &str| {
        let each: Vec<String> = names.iter().zip(&endings).map(|(name, ending)| format!("{name} ({ending})")).collect();
        each.join(between)
    };
    Words::new(
        format!("{} ; ni un .zip d'un de ceux-là", list(", ni ")),
        format!("{}; nor a .zip of one of these", list(", nor ")),
    )
}

fn not_read(package: &Package, ending: &str) -> Option<ImportError> {
    let (_, french, english, way) = NOT_READ.iter().find(|(endings, ..)| endings.contains(&ending))?;
    Some(ImportError::NotRead { path: package.shown(), format: Words::new(*french, *english), way: way.words() })
}

/// The format of a file, by its first bytes, else by its ending.
fn format_of(package: &Package) -> Result<Option<&'static Format>, ImportError> {
    let head = package.head()?;
    let ending = package.ending();
    let told = FORMATS.iter().find(|format| (format.recognises)(&head));
    let named = FORMATS.iter().find(|format| format.endings.contains(&ending.as_str()));
    Ok(match (told, named) {
        // SQLite and JSON hold other things, too: the ending says which.
        (Some(told), None) if not_read(package, &ending).is_some() && told.name != "shapefile" => None,
        (Some(told), _) => Some(told),
        (None, named) => named,
    })
}

/// The parts of a path that may be opened, each with its format: one for a file, those that hold polygons for a zip.
fn candidates(path: &Path) -> Result<Vec<(Package, &'static Format)>, ImportError> {
    let package = Package::of(path);
    if path.is_dir() {
        return Err(not_read(&package, &package.ending()).unwrap_or_else(|| ImportError::NotRead {
            path: shown(path),
            format: both!("un dossier", "a folder"),
            way: both!("donnez le fichier qui s'y trouve", "give the file in it"),
        }));
    }
    let bytes = std::fs::metadata(path).map_err(|source| unreadable(path, source))?.len();
    if bytes == 0 {
        return Err(ImportError::Table(TableError::EmptyFile { path: shown(path) }));
    }
    let head = package.head()?;
    if head.starts_with(b"PK\x03\x04") {
        return in_zip(&package, path);
    }
    let package = if head.starts_with(&[0x1f, 0x8b]) { Package::in_gzip(path)? } else { package };
    match format_of(&package)? {
        Some(format) => Ok(vec![(package, format)]),
        None => Err(not_read(&package, &package.ending())
            .unwrap_or_else(|| ImportError::UnknownFormat { path: package.shown(), expected: read_formats() })),
    }
}

fn in_zip(package: &Package, path: &Path) -> Result<Vec<(Package, &'static Format)>, ImportError> {
    let bytes = package.main()?.bytes;
    let members = Package::in_zip(path, &bytes)?;
    for format in FORMATS {
        // Only what says so by its name: metadata beside the limits is JSON, too.
        let named = members.iter().filter(|member| format.endings.contains(&member.ending().as_str()));
        let found: Vec<_> = named.map(|member| (member.clone(), format)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let workbook = members.iter().any(|member| member.file() == "[Content_Types].xml");
    let known = if workbook { not_read(package, "xlsx") } else { None };
    let known = known.or_else(|| {
        members.iter().find_map(|member| {
            let in_geodatabase = member.shown().to_lowercase().contains(".gdb/");
            let ending = if in_geodatabase { "gdb".to_owned() } else { member.ending() };
            not_read(package, &ending)
        })
    });
    Err(known.unwrap_or_else(|| ImportError::UnknownFormat { path: package.shown(), expected: read_formats() }))
}

/// What a file of polygons is opened for: which of its layers is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Purpose {
    /// The finest units.
    Units,
    /// The territories of CLSC.
    Territories,
    /// A table: attributes, with or without shapes.
    Table,
}

impl Purpose {
    /// How well a layer with these columns would do, best 0; `None` where it would not.
    fn rank(self, columns: &Columns) -> Option<usize> {
        let finest = [BLOCK, AREA, DGUID, TRACT, SUBDIVISION, DIVISION, CLSC, RLS, PLAIN_UNIT];
        let unit = finest.iter().position(|spellings| columns.find(spellings).is_some());
        match self {
            Self::Units => unit,
            // A layer of units says their CLSC, too.
            Self::Territories => columns.find(CLSC).map(|_| finest.len() - unit.unwrap_or(finest.len())),
            // The one with the most columns that are known.
            Self::Table => {
                let known = columns.names().iter().filter(|name| is_known_name(&fold(name))).count();
                (known > 0).then(|| usize::MAX - known)
            }
        }
    }
}

/// The layer of a file that is meant: the one that is named, the only one, or the one whose columns suit the purpose best.
pub(super) fn choose(
    path: &Path,
    named: Option<&str>,
    purpose: Purpose,
) -> Result<(Package, &'static Format, String), ImportError> {
    let mut layers = Vec::new();
    for (package, format) in candidates(path)? {
        for head in (format.layers)(&package, purpose)? {
            layers.push((package.clone(), format, head));
        }
    }
    let listed = || layers.iter().map(|(_, _, head)| format!("\"{}\"", head.name)).collect::<Vec<_>>().join(", ");
    let ranked: Vec<(usize, usize)> = match named {
        Some(name) => {
            let place = layers.iter().position(|(_, _, head)| head.name.eq_ignore_ascii_case(name.trim()));
            let place = place.ok_or_else(|| ImportError::UnknownLayer {
                path: shown(path),
                layer: name.to_owned(),
                found: listed(),
            })?;
            vec![(0, place)]
        }
        None if layers.len() == 1 => vec![(0, 0)],
        None => {
            let rank = |head: &Head| purpose.rank(&Columns::new(path, head.columns.clone()));
            let mut ranked: Vec<(usize, usize)> =
                layers.iter().enumerate().filter_map(|(place, (_, _, head))| Some((rank(head)?, place))).collect();
            ranked.sort_unstable();
            ranked
        }
    };
    match ranked.as_slice() {
        [(best, _), (other, _), ..] if best == other => {
            Err(ImportError::SeveralLayers { path: shown(path), found: listed() })
        }
        [(_, place), ..] => {
            let (package, format, head) = layers.swap_remove(*place);
            Ok((package, format, head.name))
        }
        [] => Err(ImportError::SeveralLayers { path: shown(path), found: listed() }),
    }
}

#[cfg(test)]
#[path = "formats_tests.rs"]
mod tests;
