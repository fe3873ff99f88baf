//! `GeoJSON` (RFC 7946): Features with a `MultiPolygon`, for files and for the server.
//!
//! Longitude and latitude are written exactly, from the whole numbers of the grid; projected coordinates with four decimals of
//! a metre, finer than the grid. A file in another system than WGS 84 says so in the `crs` member that programs knew before RFC 7946.

use std::io::Write;

use serde_json::{Map, json};

use super::format::{Edition, Format, Writer};
use super::system::{Rings, around};
use super::{CoordinateSystem, ExportError, Layer, Record, Value};
use crate::geometry::fixed::{ORIGIN_LAT, ORIGIN_LON};
use crate::geometry::outline::Polygon;
use crate::geometry::{FixedBox, FixedPoint};

pub(super) const FORMAT: Format = Format {
    word: "geojson",
    name: "GeoJSON",
    endings: &["geojson", "json"],
    outlines: true,
    writer: Writer::Stream(write_layer),
};

/// Grid units in a degree, as a whole number.
const UNITS: i64 = 100_000_000;

fn write_layer(edition: Edition<'_>, layer: &Layer, out: &mut dyn Write) -> Result<(), ExportError> {
    let head = json!({ "edition": edition.header, "level": layer.level });
    write!(out, "{{\"type\":\"FeatureCollection\",\"rattache\":{head},").map_err(ExportError::Stream)?;
    if !edition.system.is_default() {
        let description = edition.system.description();
        let name = description.authority.as_ref().map_or_else(
            || description.wkt.clone(),
            |(authority, code)| format!("urn:ogc:def:crs:{authority}::{code}"),
        );
        let crs = json!({ "type": "name", "properties": { "name": name } });
        write!(out, "\"crs\":{crs},").map_err(ExportError::Stream)?;
    }
    out.write_all(b"\"features\":[").map_err(ExportError::Stream)?;
    let mut feature = Vec::new();
    for (place, record) in layer.records.iter().enumerate() {
        feature.clear();
        feature.extend_from_slice(if place > 0 { b",\n" } else { b"\n" });
        write_record(&mut feature, &record.id, layer, record, &Map::new(), edition.system)?;
        out.write_all(&feature).map_err(ExportError::Stream)?;
    }
    out.write_all(b"\n]}\n").map_err(ExportError::Stream)
}

/// Writes a row of a layer as a Feature, in a system; `more` properties come after its own.
///
/// # Errors
/// [`ExportError::Position`].
pub fn write_record(
    out: &mut Vec<u8>,
    id: &str,
    layer: &Layer,
    record: &Record,
    more: &Map<String, serde_json::Value>,
    system: &CoordinateSystem,
) -> Result<(), ExportError> {
    let mut properties = properties(layer, record);
    properties.extend(more.clone());
    let properties = properties.into();
    if system.is_lon_lat() {
        write_feature(out, id, &properties, &record.outline);
    } else {
        write_projected(out, id, &properties, &system.rings(&record.outline)?);
    }
    Ok(())
}

fn properties(layer: &Layer, record: &Record) -> Map<String, serde_json::Value> {
    let value = |value: &Value| match value {
        Value::Text(text) => text.as_str().into(),
        Value::Whole(whole) => (*whole).into(),
        Value::Number(number) => (*number).into(),
    };
    layer.fields.iter().zip(&record.values).map(|(field, own)| (field.name.to_owned(), value(own))).collect()
}

/// Writes a Feature whose `MultiPolygon` has every vertex of the atlas with all its digits: outer rings counterclockwise, holes
/// clockwise. Without polygons its geometry is null, and it has no `bbox`.
pub fn write_feature(out: &mut Vec<u8>, id: &str, properties: &serde_json::Value, polygons: &[Polygon]) {
    let mut around = FixedBox::EMPTY;
    for polygon in polygons {
        around.add(FixedBox::around(&polygon.shell));
    }
    let corners = [FixedPoint { x: around.x0, y: around.y0 }, FixedPoint { x: around.x1, y: around.y1 }];
    let write_box = |out: &mut Vec<u8>| write_list(out, &corners, |out, corner| write_ordinates(out, *corner));
    let vertices: usize = polygons.iter().map(|p| p.shell.len() + p.holes.iter().map(Vec::len).sum::<usize>()).sum();
    out.reserve(512 + vertices * 28);
    write_head(out, id, properties, (!polygons.is_empty()).then_some(write_box), |out| {
        write_list(out, polygons, |out, Polygon { shell, holes }| {
            let rings: Vec<&Vec<FixedPoint>> = std::iter::once(shell).chain(holes).collect();
            write_list(out, &rings, |out, ring| {
                write_list(out, ring, |out, point| {
                    out.push(b'[');
                    write_ordinates(out, *point);
                    out.push(b']');
                });
            });
        });
    });
}

/// The same in projected coordinates.
fn write_projected(out: &mut Vec<u8>, id: &str, properties: &serde_json::Value, polygons: &Rings) {
    // Writing to memory does not fail.
    let ordinate = |out: &mut Vec<u8>, value: &f64| write!(out, "{}", (value * 1e4).round() / 1e4).unwrap_or_default();
    let write_box = around(polygons).map(|around| move |out: &mut Vec<u8>| write_list(out, &around, ordinate));
    write_head(out, id, properties, write_box, |out| {
        write_list(out, polygons, |out, polygon| {
            write_list(out, polygon, |out, ring| {
                write_list(out, ring, |out, point| {
                    write_list(out, point, ordinate);
                });
            });
        });
    });
}

fn write_head(
    out: &mut Vec<u8>,
    id: &str,
    properties: &serde_json::Value,
    write_box: Option<impl Fn(&mut Vec<u8>)>,
    write_coordinates: impl Fn(&mut Vec<u8>),
) {
    // Writing to memory does not fail.
    write!(out, "{{\"type\":\"Feature\",\"id\":{},", json!(id)).unwrap_or_default();
    let placed = write_box.is_some();
    if let Some(write_box) = write_box {
        out.extend_from_slice(b"\"bbox\":");
        write_box(out);
        out.push(b',');
    }
    write!(out, "\"properties\":{properties},\"geometry\":").unwrap_or_default();
    if placed {
        out.extend_from_slice(b"{\"type\":\"MultiPolygon\",\"coordinates\":");
        write_coordinates(out);
        out.extend_from_slice(b"}}");
    } else {
        out.extend_from_slice(b"null}");
    }
}

fn write_list<T>(out: &mut Vec<u8>, items: &[T], each: impl Fn(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        each(out, item);
    }
    out.push(b']');
}

fn write_ordinates(out: &mut Vec<u8>, p: FixedPoint) {
    write_degrees(out, i64::from(p.x) + ORIGIN_LON as i64 * UNITS);
    out.push(b',');
    write_degrees(out, i64::from(p.y) + ORIGIN_LAT as i64 * UNITS);
}

/// Writes grid units as degrees, exactly and without needless zeros.
fn write_degrees(out: &mut Vec<u8>, units: i64) {
    if units < 0 {
        out.push(b'-');
    }
    let units = units.unsigned_abs();
    let (mut whole, mut part) = (units / UNITS as u64, units % UNITS as u64);
    // Digits from the last: outlines have hundreds of thousands of numbers.
    let mut text = [0_u8; 20];
    let mut at = text.len();
    if part > 0 {
        let mut digits = 8;
        while part.is_multiple_of(10) {
            part /= 10;
            digits -= 1;
        }
        for _ in 0..digits {
            at -= 1;
            text[at] = b'0' + (part % 10) as u8;
            part /= 10;
        }
        at -= 1;
        text[at] = b'.';
    }
    loop {
        at -= 1;
        text[at] = b'0' + (whole % 10) as u8;
        whole /= 10;
        if whole == 0 {
            break;
        }
    }
    out.extend_from_slice(&text[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_written_exactly_and_read_back_as_the_same_grid_position() {
        for (units, text) in [
            (-7_355_420_000, "-73.5542"),
            (4_550_880_001, "45.50880001"),
            (4_500_000_000, "45"),
            (-7_300_000_001, "-73.00000001"),
            (-7_310_000_000, "-73.1"),
        ] {
            let mut out = Vec::new();
            write_degrees(&mut out, units);
            assert_eq!(String::from_utf8(out).unwrap(), text);
            assert!((text.parse::<f64>().unwrap() * 1e8 - units as f64).abs() < 0.01);
        }
    }

    #[test]
    fn a_feature_without_polygons_has_neither_place_nor_box() {
        let mut out = Vec::new();
        write_feature(&mut out, "06121", &json!({ "code": "06121" }), &[]);
        let feature: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(
            feature,
            json!({ "type": "Feature", "id": "06121", "properties": { "code": "06121" }, "geometry": null })
        );
        let shell = [(0, 0), (100_000_000, 0), (0, 50_000_000), (0, 0)].map(|(x, y)| FixedPoint { x, y }).to_vec();
        out.clear();
        write_feature(&mut out, "a", &json!({}), &[Polygon { shell, holes: Vec::new() }]);
        let feature: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(feature["bbox"], json!([-90, 40, -89, 40.5]));
        assert_eq!(feature["geometry"]["coordinates"], json!([[[[-90, 40], [-89, 40], [-90, 40.5], [-90, 40]]]]));
    }
}
