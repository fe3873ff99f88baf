//! `/v1/territories/{level}/{code}/geometry`: outlines as GeoJSON.

use std::io::Write as _;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::territories::{Asked, EditionParameters, Found, TerritoryPath, TerritoryProblems, degrees};
use crate::atlas::{Atlas, EditionView};
use crate::domain::Level;
use crate::geometry::fixed::{ORIGIN_LAT, ORIGIN_LON};
use crate::geometry::outline::Polygon;
use crate::geometry::{FixedBox, FixedPoint};
use crate::http::extract::{StrictPath, StrictQuery};
use crate::http::problem::Problem;
use crate::http::wire::Feature;
use crate::http::{State, reply};
use crate::resolve::{outline, unit_outline};

/// Grid units in a degree, as a whole number.
const UNITS: i64 = 100_000_000;

/// Its outline, as a GeoJSON Feature (RFC 7946)
///
/// A `MultiPolygon`, outer rings counterclockwise, holes clockwise, every vertex of the atlas with all its digits.
#[utoipa::path(get, path = "/v1/territories/{level}/{code}/geometry", tag = "territories",
    params(TerritoryPath, EditionParameters),
    responses(
        (status = 200, description = "The outline", body = Feature, content_type = "application/geo+json",
            headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        TerritoryProblems))]
pub async fn show_geometry(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(path): StrictPath<TerritoryPath>,
    StrictQuery(edition): StrictQuery<EditionParameters>,
) -> Result<Response, Problem> {
    let asked = Asked::new(path, &edition, state.today())?;
    let served = state.served();
    let chosen = state.choose(served, &asked.choice)?;
    let found = asked.find(&chosen.served, chosen.view())?;
    let tag = chosen.tag();
    if let Some(response) = reply::not_modified(&headers, &tag) {
        return Ok(response);
    }
    let bytes = state.run_heavy(move || Ok(feature(&chosen.served.atlas, chosen.view(), found))).await?;
    Ok(reply::tagged(reply::bytes(bytes, "application/geo+json"), &tag))
}

fn feature(atlas: &Atlas, edition: EditionView<'_>, found: Found) -> Vec<u8> {
    let (polygons, level, code, name) = match found {
        Found::Territory(level, place) => {
            let territory = &edition.hierarchy.territories(level)[place];
            (outline(atlas, edition, level, place), level, territory.code.as_str(), territory.name.as_str())
        }
        Found::Unit(unit) => {
            let id = atlas.unit_id(unit);
            (unit_outline(atlas, unit), Level::Da, id, id)
        }
    };
    let properties = json!({ "code": code, "name": name, "level": level, "edition": edition.dated() });
    let mut out = Vec::new();
    write_feature(&mut out, code, &properties, &polygons);
    out
}

/// Writes a Feature with a `MultiPolygon`.
pub(super) fn write_feature(out: &mut Vec<u8>, id: &str, properties: &Value, polygons: &[Polygon]) {
    let mut around = FixedBox::EMPTY;
    for polygon in polygons {
        around.add(FixedBox::around(&polygon.shell));
    }
    let vertices: usize = polygons.iter().map(|p| p.shell.len() + p.holes.iter().map(Vec::len).sum::<usize>()).sum();
    out.reserve(512 + vertices * 28);
    // Writing to memory does not fail.
    write!(out, "{{\"type\":\"Feature\",\"id\":{},", json!(id)).ok();
    if !polygons.is_empty() {
        write!(out, "\"bbox\":{},", json!(degrees(around))).ok();
    }
    write!(out, "\"properties\":{properties},\"geometry\":{{\"type\":\"MultiPolygon\",\"coordinates\":").ok();
    write_list(out, polygons, |out, Polygon { shell, holes }| {
        let rings: Vec<&Vec<FixedPoint>> = std::iter::once(shell).chain(holes).collect();
        write_list(out, &rings, |out, ring| write_list(out, ring, |out, p| write_position(out, *p)));
    });
    out.extend_from_slice(b"}}");
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

fn write_position(out: &mut Vec<u8>, p: FixedPoint) {
    out.push(b'[');
    write_degrees(out, i64::from(p.x) + ORIGIN_LON as i64 * UNITS);
    out.push(b',');
    write_degrees(out, i64::from(p.y) + ORIGIN_LAT as i64 * UNITS);
    out.push(b']');
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
}
