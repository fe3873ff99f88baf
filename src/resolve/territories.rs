//! The territories of an edition with all that tables tell of them.

use serde::Serialize;

use super::answer::Named;
use crate::atlas::{Atlas, EditionView};
use crate::domain::Level;
use crate::geometry::outline::{Polygon, limit_arcs, polygons};
use crate::geometry::{FixedBox, FixedPoint, Side};

/// A territory of a level, with its parents.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TerritoryDetail<'a> {
    /// Public code.
    pub code: &'a str,
    /// Name, in French.
    pub name: &'a str,
    /// Its level.
    pub level: Level,
    /// The territories above it, by level; several where it is split between them.
    pub parents: Parents<'a>,
    /// People of its units; `None` where one of them is not known.
    pub population: Option<u64>,
    /// People as the hierarchy's own file states them.
    pub published_population: Option<u64>,
    /// How many units it has.
    pub units: usize,
    /// How many CLSC it is made of.
    pub clsc_count: usize,
    /// Area in square kilometres, on the ellipsoid.
    pub area_km2: f64,
    /// West, south, east and north limits, degrees; `None` for a territory without units.
    pub bbox: Option<[f64; 4]>,
}

/// Territories above another, by level.
#[derive(Debug, Clone, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Parents<'a> {
    /// RLS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rls: Vec<Named<'a>>,
    /// RTS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rts: Vec<Named<'a>>,
    /// RSS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rss: Vec<Named<'a>>,
    /// RUISSS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ruisss: Vec<Named<'a>>,
}

/// Sums of every level of one edition, made once from the tables of an atlas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TerritoryTable {
    sums: [Vec<Sum>; 5],
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Sum {
    people: Option<u64>,
    units: usize,
    area_m2: f64,
    around: FixedBox,
}

impl TerritoryTable {
    /// Sums units to CLSC and CLSC to every level above.
    #[must_use]
    pub fn new(atlas: &Atlas, edition: EditionView<'_>) -> Self {
        let empty = Sum { people: Some(0), units: 0, area_m2: 0.0, around: FixedBox::EMPTY };
        let mut sums = Level::TERRITORIAL.map(|level| vec![empty; edition.hierarchy.territories(level).len()]);
        for (unit, &clsc) in edition.clsc_of_unit.iter().enumerate() {
            for (place, level) in Level::TERRITORIAL.into_iter().enumerate() {
                let sum = &mut sums[place][edition.hierarchy.parent(usize::from(clsc), level)];
                sum.people = sum.people.zip(atlas.people(unit)).map(|(sum, people)| sum + u64::from(people));
                sum.units += 1;
                sum.area_m2 += atlas.areas_m2()[unit];
                sum.around.add(atlas.unit_boxes()[unit]);
            }
        }
        Self { sums }
    }

    /// A territory by level and place in its list; `None` for the dissemination area or past the list's end.
    #[must_use]
    pub fn detail<'a>(&self, edition: EditionView<'a>, level: Level, place: usize) -> Option<TerritoryDetail<'a>> {
        let territory = edition.hierarchy.territories(level).get(place)?;
        let sum = self.sums[level.territorial_index()?].get(place)?;
        let clsc: Vec<usize> = edition.hierarchy.clsc_of(level, place).collect();
        let above = |upper: Level| {
            let mut places: Vec<usize> = if upper > level {
                clsc.iter().map(|&clsc| edition.hierarchy.parent(clsc, upper)).collect()
            } else {
                Vec::new()
            };
            places.sort_unstable();
            places.dedup();
            let list = edition.hierarchy.territories(upper);
            places.into_iter().map(|place| Named { code: list[place].code.as_str(), name: &list[place].name }).collect()
        };
        Some(TerritoryDetail {
            code: territory.code.as_str(),
            name: &territory.name,
            level,
            parents: Parents {
                rls: above(Level::Rls),
                rts: above(Level::Rts),
                rss: above(Level::Rss),
                ruisss: above(Level::Ruisss),
            },
            population: sum.people,
            published_population: territory.published_population,
            units: sum.units,
            clsc_count: clsc.len(),
            area_km2: (sum.area_m2 / 10.0).round() / 1e5,
            bbox: (sum.units > 0).then(|| degrees(sum.around)),
        })
    }

    /// Every territory of a level, in order of code.
    pub fn details<'a>(
        &'a self,
        edition: EditionView<'a>,
        level: Level,
    ) -> impl Iterator<Item = TerritoryDetail<'a>> + 'a {
        (0..edition.hierarchy.territories(level).len()).filter_map(move |place| self.detail(edition, level, place))
    }

    /// The box around a territory.
    #[must_use]
    pub fn around(&self, level: Level, place: usize) -> Option<FixedBox> {
        self.sums[level.territorial_index()?].get(place).map(|sum| sum.around)
    }
}

fn degrees(around: FixedBox) -> [f64; 4] {
    let low = FixedPoint { x: around.x0, y: around.y0 };
    let high = FixedPoint { x: around.x1, y: around.y1 };
    [low.lon(), low.lat(), high.lon(), high.lat()].map(|degrees| (degrees * 1e8).round() / 1e8)
}

/// Whether a side of an arc is of a territory.
fn belongs(edition: EditionView<'_>, level: Level, place: usize) -> impl Fn(Side) -> bool + '_ {
    move |side| {
        side > 0 && edition.hierarchy.parent(usize::from(edition.clsc_of_unit[side as usize - 1]), level) == place
    }
}

/// The outline of a territory.
#[must_use]
pub fn outline(atlas: &Atlas, edition: EditionView<'_>, level: Level, place: usize) -> Vec<Polygon> {
    let coverage = atlas.coverage();
    polygons(coverage, &limit_arcs(coverage, belongs(edition, level, place)))
}

/// The outlines of every unit or territory of a level, in their order; empty for a territory without units.
///
/// One pass over the arcs, then each outline by itself.
#[must_use]
pub fn outlines(atlas: &Atlas, edition: EditionView<'_>, level: Level) -> Vec<Vec<Polygon>> {
    let coverage = atlas.coverage();
    let count = if level == Level::Da { atlas.unit_count() } else { edition.hierarchy.territories(level).len() };
    let owner = |side: Side| {
        let unit = (side as usize).checked_sub(1)?;
        Some(if level == Level::Da {
            unit
        } else {
            edition.hierarchy.parent(usize::from(edition.clsc_of_unit[unit]), level)
        })
    };
    let mut arcs: Vec<Vec<(u32, bool)>> = vec![Vec::new(); count];
    for (arc, &[left, right]) in (0_u32..).zip(coverage.sides) {
        let (left, right) = (owner(left), owner(right));
        if left != right {
            for (owner, on_its_left) in [(left, true), (right, false)] {
                if let Some(owner) = owner {
                    arcs[owner].push((arc, on_its_left));
                }
            }
        }
    }
    arcs.iter().map(|arcs| polygons(coverage, arcs)).collect()
}

/// The outline of one unit.
#[must_use]
pub fn unit_outline(atlas: &Atlas, unit: usize) -> Vec<Polygon> {
    let coverage = atlas.coverage();
    polygons(coverage, &limit_arcs(coverage, |side| side as usize == unit + 1))
}

/// Territories of the same level that share a limit with one, as places in their list, in order.
#[must_use]
pub fn neighbours(atlas: &Atlas, edition: EditionView<'_>, level: Level, place: usize) -> Vec<usize> {
    let inside = belongs(edition, level, place);
    let mut found: Vec<usize> = atlas
        .coverage()
        .sides
        .iter()
        .filter(|&&[left, right]| inside(left) != inside(right))
        .map(|&[left, right]| if inside(left) { right } else { left })
        .filter(|&side| side > 0)
        .map(|side| edition.hierarchy.parent(usize::from(edition.clsc_of_unit[side as usize - 1]), level))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
