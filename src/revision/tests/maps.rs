//! Maps for tests: grids of unit squares with islands, and the demo model.

use std::sync::OnceLock;

use super::super::*;
use super::operations::{code, header, seeded};
use crate::domain::*;
use crate::geometry::{Coverage, CoverageOptions, ProjectionError, Projector, UnitPolygons};

struct Degrees;

impl Projector for Degrees {
    fn to_lon_lat(&self, _: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

/// All that a test of impacts needs.
pub(in crate::revision) struct Map {
    pub units: UnitIndex,
    pub coverage: Coverage,
    pub graph: UnitGraph,
    pub facts: UnitFacts,
    pub base: Edition,
}

fn build(polygons: &UnitPolygons) -> Coverage {
    let mut findings = Vec::new();
    let coverage = Coverage::build(polygons, &Degrees, CoverageOptions::default(), &mut findings).unwrap();
    assert!(findings.iter().all(|finding| finding.kind == FindingKind::Gap), "{:?}", findings.first());
    coverage
}

/// A grid of `side` by `side` squares of `STEP` degrees, in square CLSC of `block`; cells for which `hole` says so are
/// missing, so that some territories are in several pieces.
pub(in crate::revision) fn grid(side: usize, block: usize, hole: impl Fn(usize, usize) -> bool) -> Map {
    const STEP: f64 = 0.002;
    let mut polygons = UnitPolygons::default();
    let mut clsc_of = Vec::new();
    let across = side.div_ceil(block);
    for y in 0..side {
        for x in 0..side {
            if hole(x, y) {
                continue;
            }
            let unit = polygons.push_unit(format!("2466{y:02}{x:02}"));
            let at = |dx: usize, dy: usize| [-73.0 + (x + dx) as f64 * STEP, 46.0 + (y + dy) as f64 * STEP];
            polygons.push_ring(unit, [at(0, 0), at(1, 0), at(1, 1), at(0, 1)]);
            clsc_of.push((y / block * across + x / block) as u16);
        }
    }
    let count = across * across;
    let rows: Vec<HierarchyRow> = (0..count)
        .map(|clsc| {
            let rls = clsc / 2;
            let codes = [
                format!("{:02}{}{}{}", rls / 8, rls / 4 % 2, rls % 4 + 1, clsc % 2 + 1),
                format!("{:02}{}{}", rls / 8, rls / 4 % 2, rls % 4 + 1),
                format!("{:02}{}", rls / 8, rls / 4 % 2),
                format!("{:02}", rls / 8),
                format!("{}", clsc % 3 + 1),
            ];
            HierarchyRow {
                territories: codes.map(|text| Territory {
                    name: format!("Nom {text}"),
                    code: code(&text),
                    published_population: None,
                }),
            }
        })
        .collect();
    let coverage = build(&polygons);
    let mut draw = seeded(3);
    let people: Vec<Option<u32>> = clsc_of.iter().map(|_| Some(400 + draw(400) as u32)).collect();
    let mut facts = UnitFacts::new(people, &coverage.area_m2);
    let total = clsc_of.len();
    let counts: Vec<(u32, u32, u64)> =
        (0..total * 5).map(|_| (draw(total) as u32, draw(total) as u32, draw(50) as u64)).collect();
    facts.flows = vec![FlowMatrix::new("navettage", total, &counts)];
    facts.gmf = Some(FlowMatrix::new("GMF", total, &counts[..total]));
    facts.addresses = Some((0..total).map(|_| Some(draw(300) as u64)).collect());
    facts.points = polygons
        .rings()
        .map(|(_, ring)| {
            crate::geometry::FixedPoint::from_degrees(ring[0][0] + STEP / 2.0, ring[0][1] + STEP / 2.0).unwrap()
        })
        .collect();
    facts.installations = (0..count as u32)
        .map(|number| {
            let unit = draw(total) as u32;
            PlacedInstallation {
                code: format!("{number:08}"),
                name: format!("Point de service {number}"),
                is_clsc: number % 3 != 0,
                unit,
                lon: facts.points[unit as usize].lon(),
                lat: facts.points[unit as usize].lat(),
            }
        })
        .collect();
    facts.municipalities =
        Some(Areas::from_codes(polygons.ids.iter().map(|id| Some(if id.as_str() < "24661000" { "A" } else { "B" }))));
    facts.mrc = Some(Areas::census_divisions(polygons.ids.iter().map(String::as_str)));
    facts.indicators = vec![Indicator {
        name: "défavorisation".into(),
        values: (0..total).map(|_| Some(draw(100) as f64)).collect(),
    }];
    Map {
        units: UnitIndex::new(polygons.ids.iter().map(String::as_str)),
        graph: UnitGraph::new(coverage.view(), total),
        facts,
        base: Edition {
            header: header("base"),
            hierarchy: Hierarchy::new(&rows).unwrap(),
            attachment: AttachmentTable::new(clsc_of, count).unwrap(),
            straddles: Vec::new(),
        },
        coverage,
    }
}

/// A grid with a river of missing cells, so that there are islands and territories in pieces.
pub(in crate::revision) fn islands() -> &'static Map {
    static MAP: OnceLock<Map> = OnceLock::new();
    MAP.get_or_init(|| grid(24, 6, |x, y| x == 8 || (y == 14 && x > 3) || (x + y) % 11 == 0))
}

/// The demo model.
pub(in crate::revision) fn demo() -> &'static Map {
    static MAP: OnceLock<Map> = OnceLock::new();
    MAP.get_or_init(|| {
        let model = crate::demo::model();
        let coverage = build(&model.units);
        let count = coverage.unit_count;
        let hierarchy = Hierarchy::new(&model.editions[0].rows).unwrap();
        let attached = model.editions[0]
            .attachment
            .iter()
            .map(|code| hierarchy.find(Level::Clsc, code.as_str()).unwrap() as u16)
            .collect();
        let mut facts = UnitFacts::new(model.populations.iter().map(|&people| Some(people)), &coverage.area_m2);
        facts.mrc = Some(Areas::census_divisions(model.units.ids.iter().map(String::as_str)));
        facts.points = model
            .units
            .rings()
            .map(|(_, ring)| {
                let middle = [0, 1].map(|axis| ring.iter().map(|point| point[axis]).sum::<f64>() / ring.len() as f64);
                crate::geometry::FixedPoint::from_degrees(middle[0], middle[1]).unwrap()
            })
            .collect();
        Map {
            units: UnitIndex::new(model.units.ids.iter().map(String::as_str)),
            graph: UnitGraph::new(coverage.view(), count),
            facts,
            base: Edition {
                header: model.editions[0].header.clone(),
                attachment: AttachmentTable::new(attached, hierarchy.clsc_count()).unwrap(),
                hierarchy,
                straddles: Vec::new(),
            },
            coverage,
        }
    })
}
