//! Polygons with attributes, from a shapefile or GeoJSON, before anybody says what they are.
//!
//! Shapes are streamed one by one into flat [`UnitPolygons`]; of the attributes only what is asked for is decoded.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use geojson::{FeatureCollection, GeometryValue, JsonObject, JsonValue, Position};
use shapefile::{Shape, ShapeReader};

use super::crs::crs_beside;
use super::{Crs, ImportError, Projection};
use crate::domain::{Finding, FindingKind, Severity, Words, both};
use crate::geometry::{Projector, UnitPolygons};
use crate::tables::TableError;
use crate::tables::columns::Columns;
use crate::tables::dbf::Dbf;
use crate::tables::encoding::decode;
use crate::tables::file::{file_name, read_bytes, shown, unreadable};

/// How many findings of one kind are told one by one before the rest is only counted.
pub(super) const TOLD: usize = 20;

/// A file of polygons, opened: its attributes are known, its shapes not yet read.
pub(super) struct Features {
    path: std::path::PathBuf,
    pub(super) file: String,
    pub(super) columns: Columns,
    pub(super) crs: Projection,
    pub(super) findings: Vec<Finding>,
    content: Content,
}

enum Content {
    Shapefile { attributes: Dbf, bytes: u64 },
    GeoJson(FeatureCollection),
}

impl Features {
    /// Opens a `.shp` with its companions, or GeoJSON.
    pub(super) fn open(path: &Path, crs: Option<&str>, encoding: Option<&str>) -> Result<Self, ImportError> {
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase().to_string_lossy().into_owned());
        match extension.as_deref() {
            Some("shp") => Self::open_shapefile(path, crs, encoding),
            Some("geojson" | "json") => Self::open_geojson(path, crs, encoding),
            _ if !path.exists() => Err(ImportError::Table(TableError::NotFound { path: shown(path) })),
            _ => Err(ImportError::UnknownFormat {
                path: shown(path),
                expected: Words::new(
                    "un shapefile (.shp) ni du GeoJSON (.geojson, .json)",
                    "a shapefile (.shp) nor GeoJSON (.geojson, .json)",
                ),
            }),
        }
    }

    fn open_shapefile(path: &Path, crs: Option<&str>, encoding: Option<&str>) -> Result<Self, ImportError> {
        let bytes = std::fs::metadata(path).map_err(|source| unreadable(path, source))?.len();
        if bytes == 0 {
            return Err(ImportError::Table(TableError::EmptyFile { path: shown(path) }));
        }
        let beside = ["dbf", "DBF"].iter().map(|extension| path.with_extension(extension)).find(|path| path.is_file());
        let table = beside.ok_or_else(|| ImportError::MissingCompanion {
            path: shown(path),
            companion: shown(&path.with_extension("dbf")),
            fix: Words::new(
                "copiez-le à côté, il contient les identifiants",
                "copy it beside, it holds the identifiers",
            ),
        })?;
        let crs = usable(path, &crs_beside(path, crs)?)?;
        let mut attributes = Dbf::open(&table, encoding)?;
        let findings = attributes.note.take().into_iter().collect();
        let columns = Columns::new(&table, attributes.names());
        let content = Content::Shapefile { attributes, bytes };
        Ok(Self { path: path.to_owned(), file: file_name(path), columns, crs, findings, content })
    }

    fn open_geojson(path: &Path, crs: Option<&str>, encoding: Option<&str>) -> Result<Self, ImportError> {
        let (text, note) = decode(read_bytes(path)?, path, encoding)?;
        let collection: FeatureCollection =
            text.parse().map_err(|source| ImportError::NotGeoJson { path: shown(path), source: Box::new(source) })?;
        let stated = crs.map(str::to_owned).or_else(|| legacy_crs(&collection));
        let crs = stated.map_or_else(|| Ok(Projection::lon_lat()), |stated| usable(path, &Crs::new(&stated)))?;
        let mut names: Vec<String> = Vec::new();
        for properties in collection.features.iter().filter_map(|feature| feature.properties.as_ref()) {
            for name in properties.keys() {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        let columns = Columns::new(path, names);
        Ok(Self {
            path: path.to_owned(),
            file: file_name(path),
            columns,
            crs,
            findings: note.into_iter().collect(),
            content: Content::GeoJson(collection),
        })
    }

    /// The path as messages show it.
    pub(super) fn shown(&self) -> String {
        shown(&self.path)
    }

    /// How many records the attributes have.
    pub(super) fn len(&self) -> usize {
        match &self.content {
            Content::Shapefile { attributes, .. } => attributes.rows(),
            Content::GeoJson(collection) => collection.features.len(),
        }
    }

    /// Whether a record is marked as deleted.
    pub(super) fn deleted(&self, record: usize) -> bool {
        match &self.content {
            Content::Shapefile { attributes, .. } => attributes.deleted(record),
            Content::GeoJson(_) => false,
        }
    }

    /// One value as text.
    pub(super) fn text(&self, record: usize, column: usize) -> String {
        match &self.content {
            Content::Shapefile { attributes, .. } => attributes.text(record, column),
            Content::GeoJson(collection) => {
                property(collection.features[record].properties.as_ref(), self.columns.name(column))
            }
        }
    }

    /// Reads the shapes into `polygons`; `places[record]` is the unit of each record, `None` for those left out.
    ///
    /// A shape without a ring is a finding, and so is a ring with a coordinate that is no number, which is left out.
    pub(super) fn read_shapes(
        &mut self,
        places: &[Option<u32>],
        polygons: &mut UnitPolygons,
    ) -> Result<(), ImportError> {
        let mut shapes = Shapes { polygons, hollow: Vec::new(), broken: Vec::new() };
        match &self.content {
            Content::Shapefile { bytes, .. } => read_shapefile(&self.path, *bytes, places, &mut shapes)?,
            Content::GeoJson(collection) => read_collection(&self.path, collection, places, &mut shapes)?,
        }
        let Shapes { hollow, broken, .. } = shapes;
        let words = both!(
            "n'a pas de limites (forme nulle) : dessinez-la ou retirez-la",
            "has no limits (a null shape): draw it or leave it out"
        );
        self.tell(&hollow, polygons, FindingKind::EmptyUnit, &words);
        let words = both!(
            "a un anneau dont une coordonnée n'est pas un nombre : l'anneau a été laissé de côté",
            "has a ring with a coordinate that is no number: the ring was left out"
        );
        self.tell(&broken, polygons, FindingKind::InvalidRing, &words);
        self.check_coordinates(polygons)
    }

    /// One finding a record, the first [`TOLD`] of them, and a count for the rest.
    fn tell(&mut self, records: &[(u64, u32)], polygons: &UnitPolygons, kind: FindingKind, words: &Words) {
        for &(record, unit) in records.iter().take(TOLD) {
            let id = &polygons.ids[unit as usize];
            let message = Words::new(format!("l'aire « {id} » {}", words.french), format!("unit \"{id}\" {words}"));
            let finding = Finding::new(Severity::Error, kind, message);
            self.findings.push(finding.in_file(&self.file, Some(record), None).about([id.as_str()]));
        }
        if records.len() > TOLD {
            let message =
                both!("{} autres enregistrements pareils", "{} more records like these", records.len() - TOLD);
            self.findings.push(Finding::new(Severity::Error, kind, message).in_file(&self.file, None, None));
        }
    }

    /// Refuses metres called degrees and degrees called metres; says it where the file lies outside Québec.
    fn check_coordinates(&mut self, polygons: &UnitPolygons) -> Result<(), ImportError> {
        let Some(&first) = polygons.coords.first() else {
            return Ok(());
        };
        let degrees = |point: &[f64; 2]| point[0].abs() <= 180.0 && point[1].abs() <= 90.0;
        let refused = |[x, y]: [f64; 2], hint: u32| ImportError::CoordinatesDoNotFit {
            path: shown(&self.path),
            x,
            y,
            crs: self.crs.name().to_owned(),
            hint,
        };
        if self.crs.is_geographic() {
            if let Some(&beyond) = polygons.coords.iter().find(|point| !degrees(point)) {
                return Err(refused(beyond, 3347));
            }
        } else if polygons.coords.iter().all(degrees) {
            return Err(refused(first, 4269));
        }
        let (mut low, mut high) = (first, first);
        for point in &polygons.coords {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let mut middle = [[f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])]];
        let outside = match self.crs.to_lon_lat(&mut middle) {
            Ok(()) => !(-82.0..=-54.0).contains(&middle[0][0]) || !(43.0..=64.0).contains(&middle[0][1]),
            Err(_) => true,
        };
        if outside {
            let [[lon, lat]] = middle;
            let message = both!(
                "le milieu du fichier tombe à la longitude {lon:.4} et à la latitude {lat:.4}, hors du Québec : « {} » est-il son système de coordonnées ?",
                "the middle of the file falls at longitude {lon:.4}, latitude {lat:.4}, outside Québec: is \"{}\" its coordinate system?",
                self.crs.name()
            );
            let finding = Finding::new(Severity::Error, FindingKind::OutsideCoverage, message);
            self.findings.push(finding.in_file(&self.file, None, None));
        }
        Ok(())
    }
}

/// A coordinate system made ready, or the error with the file's name.
fn usable(path: &Path, crs: &Crs) -> Result<Projection, ImportError> {
    crs.projection().map_err(|source| ImportError::CrsOfFile { path: shown(path), source: Box::new(source) })
}

/// Where shapes go, and which were not as they should be.
struct Shapes<'a> {
    polygons: &'a mut UnitPolygons,
    hollow: Vec<(u64, u32)>,
    broken: Vec<(u64, u32)>,
}

impl Shapes<'_> {
    /// Adds the rings of one record.
    fn push<P>(&mut self, record: u64, unit: u32, rings: impl Iterator<Item = P>)
    where
        P: IntoIterator<Item = [f64; 2]>,
    {
        let mut any = false;
        for ring in rings {
            let start = self.polygons.coords.len();
            self.polygons.coords.extend(ring);
            let points = &self.polygons.coords[start..];
            if points.is_empty() {
                continue;
            }
            any = true;
            if points.iter().all(|point| point[0].is_finite() && point[1].is_finite()) {
                self.polygons.push_ring(unit, []);
            } else {
                self.polygons.coords.truncate(start);
                self.broken.push((record, unit));
            }
        }
        if !any {
            self.hollow.push((record, unit));
        }
    }
}

fn read_shapefile(path: &Path, bytes: u64, places: &[Option<u32>], shapes: &mut Shapes<'_>) -> Result<(), ImportError> {
    let file = File::open(path).map_err(|source| unreadable(path, source))?;
    if bytes < 100 {
        return Err(ImportError::Table(TableError::Truncated { path: shown(path), stated: 100, found: bytes }));
    }
    let mut reader = ShapeReader::new(BufReader::with_capacity(1 << 18, file))
        .map_err(|source| ImportError::NotShapefile { path: shown(path), source: Box::new(source) })?;
    let stated = u64::try_from(reader.header().file_length).unwrap_or(0) * 2;
    if stated > bytes {
        return Err(ImportError::Table(TableError::Truncated { path: shown(path), stated, found: bytes }));
    }
    // Sixteen bytes a point: what the file can hold at most.
    shapes.polygons.coords.reserve(usize::try_from(bytes / 16).unwrap_or(0));
    let mut count = 0_usize;
    for shape in reader.iter_shapes() {
        let record = count as u64 + 1;
        let shape =
            shape.map_err(|source| ImportError::BadShape { path: shown(path), record, source: Box::new(source) })?;
        let place = places.get(count).copied().flatten();
        count += 1;
        let Some(unit) = place else {
            continue;
        };
        match &shape {
            Shape::NullShape => shapes.hollow.push((record, unit)),
            Shape::Polygon(polygon) => {
                let rings = polygon.rings().iter().map(|ring| ring.points().iter().map(|point| [point.x, point.y]));
                shapes.push(record, unit, rings);
            }
            Shape::PolygonM(polygon) => {
                let rings = polygon.rings().iter().map(|ring| ring.points().iter().map(|point| [point.x, point.y]));
                shapes.push(record, unit, rings);
            }
            Shape::PolygonZ(polygon) => {
                let rings = polygon.rings().iter().map(|ring| ring.points().iter().map(|point| [point.x, point.y]));
                shapes.push(record, unit, rings);
            }
            other => {
                return Err(ImportError::NotPolygon {
                    path: shown(path),
                    record,
                    found: other.shapetype().to_string(),
                });
            }
        }
    }
    if count != places.len() {
        return Err(ImportError::CountMismatch { path: shown(path), shapes: count, rows: places.len() });
    }
    Ok(())
}

fn read_collection(
    path: &Path,
    collection: &FeatureCollection,
    places: &[Option<u32>],
    shapes: &mut Shapes<'_>,
) -> Result<(), ImportError> {
    for (number, (feature, place)) in collection.features.iter().zip(places).enumerate() {
        let record = number as u64 + 1;
        let Some(unit) = *place else {
            continue;
        };
        match feature.geometry.as_ref().map(|geometry| &geometry.value) {
            None => shapes.hollow.push((record, unit)),
            Some(GeometryValue::Polygon { coordinates }) => {
                shapes.push(record, unit, coordinates.iter().map(|ring| ring.iter().map(position)));
            }
            Some(GeometryValue::MultiPolygon { coordinates }) => {
                shapes.push(record, unit, coordinates.iter().flatten().map(|ring| ring.iter().map(position)));
            }
            Some(other) => {
                return Err(ImportError::NotPolygon { path: shown(path), record, found: other.type_name().to_owned() });
            }
        }
    }
    Ok(())
}

/// x and y of a position; a position too short is no number.
fn position(position: &Position) -> [f64; 2] {
    let values = position.as_slice();
    [values.first().copied().unwrap_or(f64::NAN), values.get(1).copied().unwrap_or(f64::NAN)]
}

/// A property as text, empty where there is none.
fn property(properties: Option<&JsonObject>, name: &str) -> String {
    match properties.and_then(|properties| properties.get(name)) {
        None | Some(JsonValue::Null) => String::new(),
        Some(JsonValue::String(text)) => text.trim().to_owned(),
        Some(other) => other.to_string(),
    }
}

/// The system of a `crs` member, which older GeoJSON has: `urn:ogc:def:crs:EPSG::3347`, `EPSG:3347`.
fn legacy_crs(collection: &FeatureCollection) -> Option<String> {
    let name = collection.foreign_members.as_ref()?.get("crs")?.get("properties")?.get("name")?.as_str()?;
    if name.ends_with("CRS84") || name.ends_with("CRS83") {
        return None;
    }
    let code = name.rsplit([':', '/', '#']).next().unwrap_or(name);
    let numbered = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    Some(if numbered && name.to_ascii_uppercase().contains("EPSG") { format!("EPSG:{code}") } else { name.to_owned() })
}
