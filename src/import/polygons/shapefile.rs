//! The shapes of a shapefile, found through its `.shx` where there is one (ESRI white paper of July 1998).
//!
//! The index says where each record starts: records may stand in any order, with gaps between them, and be longer than their
//! shape. Without it, records are taken one after the other by the lengths that they state. What a record or the header says of
//! lengths is never trusted beyond the bytes that there are.

use std::path::Path;

use super::super::ImportError;
use super::package::Package;
use super::shapes::Shapes;
use crate::domain::{Words, both};
use crate::tables::TableError;
use crate::tables::dbf::Dbf;

/// Bytes of the header of a `.shp` and a `.shx`.
const HEADER: usize = 100;
/// What both start with.
const CODE: i32 = 9994;

/// A shapefile, its shapes not yet read.
#[derive(Debug)]
pub(super) struct Shapefile {
    pub attributes: Dbf,
    package: Package,
}

impl Shapefile {
    /// Opens the attributes.
    pub fn open(package: &Package, encoding: Option<&str>) -> Result<Self, ImportError> {
        let table = package.beside(&["dbf"])?.ok_or_else(|| ImportError::MissingCompanion {
            path: package.shown(),
            companion: package.shown_with("dbf"),
            fix: Words::new(
                "copiez-le à côté, il contient les identifiants",
                "copy it beside, it holds the identifiers",
            ),
        })?;
        let label = package.beside(&["cpg", "cst"])?;
        let attributes = Dbf::of_bytes(
            table.bytes.into_owned(),
            Path::new(&table.shown),
            encoding,
            label.as_ref().map(|part| part.bytes.as_ref()),
        )?;
        Ok(Self { attributes, package: package.clone() })
    }

    /// Hands over the shapes of the records that have a place.
    pub fn read_shapes(&self, places: &[Option<u32>], shapes: &mut Shapes<'_>) -> Result<(), ImportError> {
        let main = self.package.main()?;
        let bytes: &[u8] = &main.bytes;
        let truncated = |stated: u64| {
            let (path, found) = (main.shown.clone(), bytes.len() as u64);
            ImportError::Table(TableError::Truncated { path, stated, found })
        };
        if bytes.len() < HEADER {
            return Err(truncated(HEADER as u64));
        }
        if big(bytes, 0) != Some(CODE) {
            return Err(ImportError::NotShapefile { path: main.shown });
        }
        // Kept for the message only: editors leave it too small, and a file that was cut states more than it has.
        let stated = big(bytes, 24).map_or(0, |words| u64::try_from(words).unwrap_or(0) * 2);
        let index = self.package.beside(&["shx"])?;
        let index = index.filter(|index| big(&index.bytes, 0) == Some(CODE) && index.bytes.len() >= HEADER);
        let starts = match index.map(|index| indexed(&index.bytes, places.len())) {
            None => in_turn(bytes, &main.shown, stated)?,
            // An index that was left behind, where the records themselves go with the attributes.
            Some(starts) if starts.len() != places.len() => match in_turn(bytes, &main.shown, stated) {
                Ok(records) if records.len() == places.len() => records,
                _ => starts,
            },
            Some(starts) => starts,
        };
        if starts.len() != places.len() {
            if stated > bytes.len() as u64 {
                return Err(truncated(stated));
            }
            return Err(ImportError::CountMismatch { path: main.shown, shapes: starts.len(), rows: places.len() });
        }
        // Sixteen bytes a point: what the file can hold at most.
        shapes.polygons.coords.reserve(bytes.len() / 16);
        for ((number, start), place) in (1_u64..).zip(starts).zip(places) {
            let Some(unit) = *place else { continue };
            let Some(start) = start else {
                shapes.hollow.push((number, unit));
                continue;
            };
            let content = bytes
                .get(start + 8..)
                .filter(|content| content.len() >= 4)
                .ok_or_else(|| truncated(stated.max(start as u64 + 12)))?;
            read_shape(content, number, unit, shapes).map_err(|fault| match fault {
                Fault::Short(needed) => truncated(stated.max((start + 8 + needed) as u64)),
                Fault::NotPolygon(found) => ImportError::NotPolygon { path: main.shown.clone(), record: number, found },
                Fault::Broken(reason) => ImportError::BadShape { path: main.shown.clone(), record: number, reason },
            })?;
        }
        Ok(())
    }
}

fn big(bytes: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn little(bytes: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Where each record starts, by the index; `None` where the index has no place for it.
fn indexed(index: &[u8], wanted: usize) -> Vec<Option<usize>> {
    let there = (index.len() - HEADER) / 8;
    let stated =
        big(index, 24).and_then(|words| (usize::try_from(words).ok()? * 2).checked_sub(HEADER)).map(|bytes| bytes / 8);
    // Of the length that the header states and the one there is, the one that goes with the attributes.
    let count = stated.filter(|&stated| stated <= there && there != wanted).unwrap_or(there);
    (0..count)
        .map(|record| {
            let words = big(index, HEADER + 8 * record).and_then(|words| usize::try_from(words).ok())?;
            (words > 0).then_some(words * 2)
        })
        .collect()
}

/// Where each record starts, one after the other.
fn in_turn(bytes: &[u8], shown: &str, stated: u64) -> Result<Vec<Option<usize>>, ImportError> {
    let mut starts = Vec::new();
    let mut at = HEADER;
    while at + 12 <= bytes.len() {
        let words = big(bytes, at + 4).and_then(|words| usize::try_from(words).ok()).unwrap_or(0);
        let end = at + 8 + words * 2;
        let kind = little(bytes, at + 8);
        let known = kind.is_some_and(|kind| (0..=31).contains(&kind));
        if words < 2 || !known {
            return Err(ImportError::BadShape {
                path: shown.to_owned(),
                record: starts.len() as u64 + 1,
                reason: both!(
                    "il n'y a pas d'enregistrement à l'octet {at} : sans le .shx, les trous entre enregistrements ne peuvent pas être sautés",
                    "there is no record at byte {at}: without the .shx, gaps between records can not be skipped"
                ),
            });
        }
        if end > bytes.len() {
            return Err(ImportError::Table(TableError::Truncated {
                path: shown.to_owned(),
                stated: stated.max(end as u64),
                found: bytes.len() as u64,
            }));
        }
        starts.push(Some(at));
        at = end;
    }
    Ok(starts)
}

/// What is wrong with a record.
enum Fault {
    /// It goes on beyond the end; how many bytes it needs.
    Short(usize),
    /// It is something else.
    NotPolygon(String),
    /// Its parts make no sense.
    Broken(Words),
}

fn read_shape(content: &[u8], number: u64, unit: u32, shapes: &mut Shapes<'_>) -> Result<(), Fault> {
    match little(content, 0).unwrap_or(-1) {
        0 => {
            shapes.hollow.push((number, unit));
            return Ok(());
        }
        5 | 15 | 25 => {}
        other => return Err(kind_name(other)),
    }
    let count = |at: usize| -> Result<usize, Fault> {
        let count = little(content, at).ok_or(Fault::Short(44))?;
        usize::try_from(count).map_err(|_| Fault::Broken(both!("elle compte {} points", "it has {} points", count)))
    };
    let (parts, points) = (count(36)?, count(40)?);
    let first = 44_usize.saturating_add(parts.saturating_mul(4));
    let end = first.saturating_add(points.saturating_mul(16));
    if end > content.len() {
        // A count that no file could hold is no sign of a file that was cut.
        return Err(if end > 1 << 31 {
            Fault::Broken(both!(
                "elle compte {points} points en {parts} anneaux",
                "it has {points} points in {parts} rings"
            ))
        } else {
            Fault::Short(end)
        });
    }
    let starts: Vec<usize> =
        (0..parts).filter_map(|part| usize::try_from(little(content, 44 + 4 * part)?).ok()).chain([points]).collect();
    if starts.len() != parts + 1 || !starts.is_sorted() {
        return Err(Fault::Broken(both!("ses anneaux se chevauchent", "its rings run into one another")));
    }
    let ordinate = |at: usize| f64::from_le_bytes(content[at..at + 8].try_into().unwrap_or_default());
    let point = |place: usize| [ordinate(first + 16 * place), ordinate(first + 16 * place + 8)];
    shapes.push(number, unit, starts.windows(2).map(|ring| (ring[0]..ring[1]).map(point)));
    Ok(())
}

fn kind_name(kind: i32) -> Fault {
    let name = match kind {
        1 => "Point",
        3 => "Polyline",
        8 => "Multipoint",
        11 => "PointZ",
        13 => "PolylineZ",
        18 => "MultipointZ",
        21 => "PointM",
        23 => "PolylineM",
        28 => "MultipointM",
        31 => "Multipatch",
        _ => return Fault::Broken(both!("sa sorte est « {kind} »", "its kind is \"{kind}\"")),
    };
    Fault::NotPolygon(name.to_owned())
}

#[cfg(test)]
#[path = "shapefile_tests.rs"]
mod tests;
