//! Which units a selection names.

use std::collections::BTreeSet;

use super::select::{Line, Rings, Selection, Shape};
use crate::domain::{Edition, Level, UnitId, Words, both};
use crate::geometry::FixedPoint;
use crate::geometry::ellipsoid::LocalScale;
use crate::revision::{Areas, UnitFacts, UnitIndex};

/// Files that selections name; the caller reads them.
pub trait UnitFiles: std::fmt::Debug + Send + Sync {
    /// Units of which more than half lies in the polygons of a file, by its path.
    ///
    /// # Errors
    /// Why the file can not be used, in both languages.
    fn inside(&self, file: &str) -> Result<Vec<u32>, Words>;

    /// Units of which more than half lies in polygons that are written out.
    ///
    /// # Errors
    /// Why the polygons can not be used, in both languages.
    fn within(&self, rings: &Rings) -> Result<Vec<u32>, Words>;

    /// Identifiers that a file lists, by its path.
    ///
    /// # Errors
    /// Why the file can not be used, in both languages.
    fn listed(&self, file: &str) -> Result<Vec<UnitId>, Words>;
}

/// No file may be named, as over HTTP.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl UnitFiles for NoFiles {
    fn inside(&self, file: &str) -> Result<Vec<u32>, Words> {
        Err(refused(file))
    }

    fn within(&self, _: &Rings) -> Result<Vec<u32>, Words> {
        Err(both!(
            "un polygone ne peut pas être superposé aux aires ici : nommez-les autrement",
            "a polygon can not be laid over the units here: name them otherwise"
        ))
    }

    fn listed(&self, file: &str) -> Result<Vec<UnitId>, Words> {
        Err(refused(file))
    }
}

fn refused(file: &str) -> Words {
    both!(
        "le fichier « {file} » ne peut pas être lu ici : nommez les aires autrement",
        "file \"{file}\" can not be read here: name the units otherwise"
    )
}

/// What is known of the units of a base, to tell which a selection names.
#[derive(Clone, Copy)]
pub struct UnitChooser<'a>(Option<Known<'a>>);

#[derive(Clone, Copy)]
struct Known<'a> {
    base: &'a Edition,
    units: &'a UnitIndex,
    facts: &'a UnitFacts,
    files: &'a dyn UnitFiles,
}

impl<'a> UnitChooser<'a> {
    /// Takes what is known of units.
    #[must_use]
    pub fn new(base: &'a Edition, units: &'a UnitIndex, facts: &'a UnitFacts, files: &'a dyn UnitFiles) -> Self {
        Self(Some(Known { base, units, facts, files }))
    }

    /// Where nothing is known of units: each must be named by its identifier.
    #[must_use]
    pub fn nothing() -> Self {
        Self(None)
    }

    /// The units that everything a selection states names, in order of place.
    ///
    /// # Errors
    /// What names no unit, or can not be told, in both languages.
    pub fn choose(&self, selection: &Selection) -> Result<Vec<UnitId>, Words> {
        match &self.0 {
            Some(known) => known.choose(selection),
            None => Err(both!(
                "ces aires ne peuvent pas être trouvées ici : nommez-les par leurs identifiants",
                "these units can not be found here: name them by their identifiers"
            )),
        }
    }
}

impl Known<'_> {
    fn choose(&self, selection: &Selection) -> Result<Vec<UnitId>, Words> {
        let mut kept: Vec<bool> = vec![true; self.units.len()];
        let mut keep = |inside: &dyn Fn(u32) -> bool| {
            for (unit, kept) in (0_u32..).zip(&mut kept) {
                *kept = *kept && inside(unit);
            }
        };
        if let Some(codes) = &selection.clsc {
            let places = codes.iter().map(|code| self.clsc(code)).collect::<Result<BTreeSet<u16>, Words>>()?;
            keep(&|unit| places.contains(&self.base.attachment.clsc(unit as usize)));
        }
        let tables = [
            (
                &selection.municipality,
                &self.facts.municipalities,
                Words::new("la municipalité", "municipality"),
                "--municipalities",
            ),
            (&selection.mrc, &self.facts.mrc, Words::new("la MRC", "MRC"), "--municipalities"),
            (
                &selection.tract,
                &self.facts.tracts,
                Words::new("le secteur de recensement", "census tract"),
                "--municipalities",
            ),
        ];
        for (names, areas, what, flag) in tables {
            let Some(names) = names else { continue };
            let Some(areas) = areas else {
                return Err(Words::new(
                    format!("on ne connaît pas ici {} des aires : donnez {flag}", what.french),
                    format!("the {} of units is not known here: give {flag}", what.english),
                ));
            };
            let places = names.iter().map(|name| area(name, areas, &what)).collect::<Result<BTreeSet<u32>, Words>>()?;
            keep(&|unit| areas.of_unit[unit as usize].is_some_and(|area| places.contains(&area)));
        }
        if let Some(shape) = &selection.polygon {
            let inside = match shape {
                Shape::File(file) => self.files.inside(file)?,
                Shape::Drawn(rings) => self.files.within(rings)?,
            };
            let inside: BTreeSet<u32> = inside.into_iter().collect();
            keep(&|unit| inside.contains(&unit));
        }
        if let Some(file) = &selection.list {
            let mut listed = BTreeSet::new();
            for id in self.files.listed(file)? {
                let unit = self.units.find(id.as_str()).ok_or_else(|| {
                    both!(
                        "l'aire « {id} » de {file} n'est pas dans l'atlas",
                        "unit \"{id}\" of {file} is not in the atlas"
                    )
                })?;
                listed.insert(unit);
            }
            keep(&|unit| listed.contains(&unit));
        }
        for (line, left) in [(&selection.left_of, true), (&selection.right_of, false)] {
            let Some(line) = line else { continue };
            if self.facts.points.len() != self.units.len() {
                return Err(both!(
                    "les points des aires ne sont pas connus ici : une ligne ne dit rien",
                    "the points of units are not known here: a line tells nothing"
                ));
            }
            keep(&|unit| is_left(line, self.facts.points[unit as usize]) == left);
        }
        let chosen: Vec<UnitId> =
            (0_u32..).zip(&kept).filter(|(_, kept)| **kept).map(|(unit, _)| self.units.id(unit).clone()).collect();
        if chosen.is_empty() {
            return Err(both!("aucune aire n'y est", "no unit lies there"));
        }
        Ok(chosen)
    }

    fn clsc(&self, code: &str) -> Result<u16, Words> {
        self.base.hierarchy.find(Level::Clsc, code).map(|place| place as u16).ok_or_else(|| {
            both!(
                "le CLSC « {code} » n'est pas dans l'édition de départ, « {} »",
                "CLSC \"{code}\" is not in the base, \"{}\"",
                self.base.header.id
            )
        })
    }
}

/// The area of a code, or of a name that one area only bears.
fn area(name: &str, areas: &Areas, what: &Words) -> Result<u32, Words> {
    if let Some(at) = areas.names.iter().position(|(code, _)| code == name) {
        return Ok(at as u32);
    }
    let wanted = name.to_lowercase();
    let named: Vec<usize> = (0..areas.names.len()).filter(|&at| areas.names[at].1.to_lowercase() == wanted).collect();
    match named[..] {
        [only] => Ok(only as u32),
        [] => Err(Words::new(
            format!(
                "{} « {name} » ne se trouve pas parmi les {} de l'atlas et des tables",
                what.french,
                areas.names.len()
            ),
            format!("{} \"{name}\" is not among the {} of the atlas and the tables", what.english, areas.names.len()),
        )),
        _ => {
            let codes = named.iter().map(|&at| areas.names[at].0.as_str()).collect::<Vec<_>>().join(", ");
            Err(Words::new(
                format!("plusieurs portent le nom « {name} » : donnez le code, {codes}"),
                format!("several bear the name \"{name}\": give the code, one of {codes}"),
            ))
        }
    }
}

/// Whether a point is on the left of a line that goes on straight at both ends. On the line is left.
///
/// The nearest edge decides, in a plane around the line's middle; where a vertex is nearest, that of its two edges which
/// the point is farther off.
fn is_left(line: &Line, point: FixedPoint) -> bool {
    let middle = line.iter().map(|point| point[1]).sum::<f64>() / line.len() as f64;
    let scale = LocalScale::at(middle);
    let flat = |[lon, lat]: [f64; 2]| [lon * scale.east_m, lat * scale.north_m];
    let at = flat([point.lon(), point.lat()]);
    let points: Vec<[f64; 2]> = line.iter().map(|&point| flat(point)).collect();
    let last = points.len().saturating_sub(2);
    let mut best = (f64::INFINITY, 0.0_f64);
    for (edge, ends) in points.windows(2).enumerate() {
        let ([ax, ay], [bx, by]) = (ends[0], ends[1]);
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx.hypot(dy);
        if length == 0.0 {
            continue;
        }
        let along = ((at[0] - ax) * dx + (at[1] - ay) * dy) / (length * length);
        let low = if edge == 0 { f64::NEG_INFINITY } else { 0.0 };
        let high = if edge == last { f64::INFINITY } else { 1.0 };
        let along = along.clamp(low, high);
        let apart = (at[0] - ax - along * dx).hypot(at[1] - ay - along * dy);
        let side = (dx * (at[1] - ay) - dy * (at[0] - ax)) / length;
        let tie = (apart - best.0).abs() <= 1e-9 * (1.0 + apart);
        if (!tie && apart < best.0) || (tie && side.abs() > best.1.abs()) {
            best = (apart.min(best.0), side);
        }
    }
    best.1 >= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_line_tells_its_left_from_its_right_and_goes_on_at_both_ends() {
        // North, then east: what is inside the bend is on the right.
        let line = vec![[-73.0, 46.0], [-73.0, 46.1], [-72.9, 46.1]];
        let left = |lon: f64, lat: f64| is_left(&line, FixedPoint::from_degrees(lon, lat).unwrap());
        assert!(left(-73.05, 46.05) && left(-72.95, 46.15) && left(-73.05, 46.15));
        assert!(!left(-72.95, 46.05) && !left(-72.5, 46.0) && !left(-72.95, 45.0));
        assert!(left(-73.05, 45.0) && left(-72.0, 46.2));
        let back: Line = line.iter().rev().copied().collect();
        assert!(!is_left(&back, FixedPoint::from_degrees(-73.05, 46.15).unwrap()));
    }
}
