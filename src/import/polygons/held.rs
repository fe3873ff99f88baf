//! Records held in memory: what is read of every format but the shapefile.

use super::super::ImportError;
use super::shapes::Shapes;
use crate::domain::{Words, both};
use crate::geometry::wkb::{self, Wkb};

/// Attributes as text, and shapes, record by record.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// One text a column for each record; short rows end with empty texts.
    pub rows: Vec<Vec<String>>,
    /// One shape a record.
    pub shapes: Vec<HeldShape>,
}

/// The shape of a record.
#[derive(Debug)]
pub(super) enum HeldShape {
    /// None at all.
    Null,
    /// Rings, shells and holes alike; and whether points or lines beside them were left out.
    Surface { rings: Vec<Vec<[f64; 2]>>, beside: bool },
    /// No polygon, by its name.
    Other(String),
    /// Not to be decoded, and why.
    Broken(Words),
}

impl HeldShape {
    /// Reads well-known binary.
    pub fn of_wkb(bytes: &[u8]) -> Self {
        match wkb::read(bytes) {
            Ok(Wkb::Empty) => Self::Null,
            Ok(Wkb::Point(_)) => Self::Other("Point".to_owned()),
            Ok(Wkb::Surface { rings, beside }) => Self::Surface { rings, beside },
            Ok(Wkb::Other(name)) => Self::Other(name.to_owned()),
            Err(_) => Self::Broken(both!("ses octets ne sont pas du WKB", "its bytes are no well-known binary")),
        }
    }
}

impl Held {
    /// One value.
    pub fn text(&self, record: usize, column: usize) -> String {
        self.rows.get(record).and_then(|row| row.get(column)).map_or_else(String::new, |text| text.trim().to_owned())
    }

    /// Hands over the shapes of the records that have a place.
    pub fn read_shapes(&self, shown: &str, places: &[Option<u32>], shapes: &mut Shapes<'_>) -> Result<(), ImportError> {
        for ((number, shape), place) in (1_u64..).zip(&self.shapes).zip(places) {
            let Some(unit) = *place else { continue };
            match shape {
                HeldShape::Null => shapes.hollow.push((number, unit)),
                HeldShape::Surface { rings, beside } => {
                    if *beside {
                        shapes.mixed.push((number, unit));
                    }
                    shapes.push(number, unit, rings.iter().map(|ring| ring.iter().copied()));
                }
                HeldShape::Other(found) => {
                    return Err(ImportError::NotPolygon {
                        path: shown.to_owned(),
                        record: number,
                        found: found.clone(),
                    });
                }
                HeldShape::Broken(reason) => {
                    return Err(ImportError::BadShape {
                        path: shown.to_owned(),
                        record: number,
                        reason: reason.clone(),
                    });
                }
            }
        }
        Ok(())
    }
}

/// A number as a table would have it: whole numbers without decimals, so that identifiers kept as numbers are identifiers.
pub(super) fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{}", value as i64) } else { value.to_string() }
}
