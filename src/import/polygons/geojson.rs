//! `GeoJSON` (RFC 7946): a collection, Features one after the other (a line each, or RFC 8142), with identifiers among the
//! properties or at the top of each Feature.

use geojson::{Feature, FeatureCollection, GeoJson, GeometryValue, JsonObject, JsonValue, Position};
use serde::Deserialize;
use serde_json::Deserializer;

use super::super::ImportError;
use super::formats::{Head, Opened, Purpose, StatedCrs, Wanted};
use super::held::{Held, HeldShape};
use super::package::Package;
use crate::domain::{Words, both};
use crate::tables::TableError;
use crate::tables::encoding::decode;

/// The name of the column that holds the identifiers from the top of the Features.
const TOP: &str = "id";

/// One layer; its columns are looked for where there may be others beside it.
pub(super) fn layers(package: &Package, purpose: Purpose) -> Result<Vec<Head>, ImportError> {
    let wanted = Wanted { layer: "", encoding: None, purpose };
    let columns = if package.is_member() { open(package, wanted)?.held.columns } else { Vec::new() };
    Ok(vec![Head { name: package.stem(), columns }])
}

/// Opens it.
pub(super) fn open(package: &Package, wanted: Wanted<'_>) -> Result<Opened, ImportError> {
    let main = package.main()?;
    if main.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::Table(TableError::EmptyFile { path: main.shown }));
    }
    let (text, note) = decode(main.bytes.into_owned(), package.path(), wanted.encoding)?;
    let (features, crs) = parse(&text, &main.shown)?;
    let mut held = Held::default();
    for name in features.iter().filter_map(|feature| feature.properties.as_ref()).flat_map(JsonObject::keys) {
        if !held.columns.contains(name) {
            held.columns.push(name.clone());
        }
    }
    let own = held.columns.len();
    let at_the_top =
        !held.columns.iter().any(|name| name == TOP) && features.iter().any(|feature| feature.id.is_some());
    if at_the_top {
        held.columns.push(TOP.to_owned());
    }
    for feature in &features {
        let properties = feature.properties.as_ref();
        let mut row: Vec<String> = held.columns[..own].iter().map(|name| property(properties, name)).collect();
        if at_the_top {
            row.push(match &feature.id {
                None => String::new(),
                Some(geojson::feature::Id::String(text)) => text.trim().to_owned(),
                Some(geojson::feature::Id::Number(number)) => number.to_string(),
            });
        }
        held.rows.push(row);
        held.shapes.push(feature.geometry.as_ref().map_or(HeldShape::Null, |geometry| shape(&geometry.value)));
    }
    Ok(Opened { held, crs: crs.map_or(StatedCrs::LonLat, StatedCrs::Named), note })
}

/// The Features of a text, and the system that it states.
fn parse(text: &str, shown: &str) -> Result<(Vec<Feature>, Option<String>), ImportError> {
    // RFC 8142 sets a record separator before each text.
    let separated = text.contains('\u{1e}').then(|| text.replace('\u{1e}', " "));
    let text = separated.as_deref().unwrap_or(text);
    let mut features = Vec::new();
    let mut crs = None;
    for value in Deserializer::from_str(text).into_iter::<GeoJson>() {
        match value {
            Ok(GeoJson::FeatureCollection(collection)) => {
                crs = crs.or_else(|| legacy_crs(&collection));
                features.extend(collection.features);
            }
            Ok(GeoJson::Feature(feature)) => {
                crs = crs.or_else(|| stated_crs(feature.foreign_members.as_ref()));
                features.push(feature);
            }
            Ok(GeoJson::Geometry(geometry)) => features.push(Feature::from(geometry)),
            Err(source) => return Err(not_read(text, shown, source)),
        }
    }
    Ok((features, crs))
}

/// What JSON that is no `GeoJSON` is, where it is something else of the trade.
fn not_read(text: &str, shown: &str, source: serde_json::Error) -> ImportError {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Other {
        #[serde(rename = "type")]
        kind: Option<JsonValue>,
        #[serde(rename = "geometryType")]
        esri: Option<JsonValue>,
    }
    let other = Deserializer::from_str(text).into_iter::<Other>().next().and_then(Result::ok).unwrap_or_default();
    let format = if other.kind.as_ref().is_some_and(|kind| kind == "Topology") {
        Words::new("du TopoJSON", "TopoJSON")
    } else if other.esri.is_some() {
        Words::new("du JSON d'ESRI", "ESRI JSON")
    } else {
        return ImportError::NotGeoJson { path: shown.to_owned(), source: Box::new(source) };
    };
    ImportError::NotRead {
        path: shown.to_owned(),
        format,
        way: both!(
            "faites-en du GeoJSON ou un GeoPackage, par exemple avec `ogr2ogr aires.gpkg FICHIER`",
            "make GeoJSON or a GeoPackage of it, such as with `ogr2ogr units.gpkg FILE`"
        ),
    }
}

fn shape(geometry: &GeometryValue) -> HeldShape {
    let mut rings = Vec::new();
    let mut beside = None;
    collect(geometry, &mut rings, &mut beside);
    match beside {
        Some(name) if rings.is_empty() => HeldShape::Other(name.to_owned()),
        beside => HeldShape::Surface { rings, beside: beside.is_some() },
    }
}

/// The rings of a geometry, and the name of what is no polygon in it.
fn collect(geometry: &GeometryValue, rings: &mut Vec<Vec<[f64; 2]>>, beside: &mut Option<&'static str>) {
    let mut push =
        |polygon: &Vec<Vec<Position>>| rings.extend(polygon.iter().map(|ring| ring.iter().map(position).collect()));
    match geometry {
        GeometryValue::Polygon { coordinates } => push(coordinates),
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().for_each(push),
        GeometryValue::GeometryCollection { geometries } => {
            for member in geometries {
                collect(&member.value, rings, beside);
            }
        }
        other => *beside = Some(other.type_name()),
    }
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

fn legacy_crs(collection: &FeatureCollection) -> Option<String> {
    stated_crs(collection.foreign_members.as_ref())
}

/// The system of a `crs` member, which older `GeoJSON` has: `urn:ogc:def:crs:EPSG::3347`, `EPSG:3347`.
fn stated_crs(members: Option<&JsonObject>) -> Option<String> {
    let name = members?.get("crs")?.get("properties")?.get("name")?.as_str()?;
    if name.ends_with("CRS84") || name.ends_with("CRS83") {
        return None;
    }
    let code = name.rsplit([':', '/', '#']).next().unwrap_or(name);
    let numbered = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    Some(if numbered && name.to_ascii_uppercase().contains("EPSG") { format!("EPSG:{code}") } else { name.to_owned() })
}
