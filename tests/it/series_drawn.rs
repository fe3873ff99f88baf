//! Series over coverages that were drawn again, and over units that another census cut and joined.

use rattache::atlas::{Atlas, AtlasSource, compile};
use rattache::catalogue::{Catalogue, Comparison, Joined};
use rattache::domain::{
    AttachmentTable, Date, Edition, EditionHeader, Hierarchy, HierarchyRow, Level, Territory, TerritoryCode,
};
use rattache::geometry::UnitPolygons;
use rattache::series::{Basis, ChangeClass, Crosswalk};

use super::http::atlas_of;
use super::maps::{Seeded, clean_coverage, wavy_grid};

const CORNER: [f64; 2] = [-73.6, 46.0];
const SIDE: usize = 6;
const STEP: f64 = 0.02;

/// An edition of the CLSC of `codes`; all in one RLS, RTS, RSS and RUISSS.
fn edition(id: &str, codes: &[&str], clsc_of_unit: Vec<u16>) -> Edition {
    let rows: Vec<HierarchyRow> = codes
        .iter()
        .map(|code| {
            let territory = |length: usize| Territory {
                code: TerritoryCode::new(&code[..length]),
                name: code[..length].to_owned(),
                published_population: None,
            };
            HierarchyRow {
                territories: [
                    territory(5),
                    territory(4),
                    territory(3),
                    territory(2),
                    Territory { code: TerritoryCode::new("1"), ..territory(1) },
                ],
            }
        })
        .collect();
    let header = EditionHeader {
        id: id.to_owned(),
        label: id.to_owned(),
        official: false,
        valid_from: id.parse::<Date>().unwrap(),
    };
    let attachment = AttachmentTable::new(clsc_of_unit, codes.len()).unwrap();
    Edition { header, hierarchy: Hierarchy::new(&rows).unwrap(), attachment, straddles: Vec::new() }
}

fn atlas(polygons: &UnitPolygons, people: &[u32], edition: Edition) -> Atlas {
    let source = AtlasSource {
        unit_ids: polygons.ids.clone(),
        coverage: clean_coverage(polygons),
        people: people.iter().map(|&people| Some(people)).collect(),
        people_year: None,
        people_by_year: Vec::new(),
        editions: vec![edition],
        installations: Vec::new(),
        nearest_m: 5_000.0,
        sources: Vec::new(),
        findings: Vec::new(),
        addresses: None,
    };
    atlas_of(&compile(source).unwrap())
}

fn across(older: &Atlas, newer: &Atlas) -> Comparison {
    let timetable = |atlas: &Atlas| Catalogue::new(atlas_of(atlas.bytes())).timetable().unwrap();
    let name = |atlas: &Atlas| vec![atlas.editions().next().unwrap().header.id.clone()];
    let (of_older, of_newer) = (name(older), name(newer));
    let (older, newer) = (timetable(older), timetable(newer));
    Comparison::across((&older, &of_older), (&newer, &of_newer), None, Basis::Population).unwrap()
}

/// Every point moved by up to `reach` degrees, the same point always to the same place, and points added on limits.
fn digitised_again(polygons: &UnitPolygons, seed: u64, reach: f64) -> UnitPolygons {
    let moved = |[x, y]: [f64; 2]| {
        let mut random = Seeded(seed ^ x.to_bits() ^ y.to_bits().rotate_left(17));
        [x + random.between(-reach, reach), y + random.between(-reach, reach)]
    };
    redrawn(polygons, |ring| {
        let closed = ring.iter().chain(&ring[..1]).copied().collect::<Vec<_>>();
        closed
            .windows(2)
            .flat_map(|edge| {
                let (low, high) = if edge[0] < edge[1] { (edge[0], edge[1]) } else { (edge[1], edge[0]) };
                let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
                [moved(edge[0]), moved(middle)]
            })
            .collect()
    })
}

/// To the plane of Québec's Lambert projection, rounded to centimetres as files are, and back.
fn projected_and_back(polygons: &UnitPolygons) -> UnitPolygons {
    let operation = |from, to| proj::Proj::new_known_crs(from, to, None).unwrap();
    let (there, back) = (operation("EPSG:4326", "EPSG:32198"), operation("EPSG:32198", "EPSG:4326"));
    redrawn(polygons, |ring| {
        let plane = ring.iter().map(|&[x, y]| there.convert((x, y)).unwrap());
        let rounded = plane.map(|(x, y)| ((x * 100.0).round() / 100.0, (y * 100.0).round() / 100.0));
        rounded.map(|at| back.convert(at).unwrap().into()).collect()
    })
}

fn redrawn(polygons: &UnitPolygons, draw: impl Fn(&[[f64; 2]]) -> Vec<[f64; 2]>) -> UnitPolygons {
    let mut again = UnitPolygons::default();
    for id in &polygons.ids {
        again.push_unit(id.clone());
    }
    for (unit, ring) in polygons.rings() {
        again.push_ring(unit, draw(ring));
    }
    again
}

#[test]
fn a_copy_drawn_again_projected_again_or_simplified_gives_no_change_at_any_level() {
    for seed in 1..=6 {
        let polygons = wavy_grid(seed, CORNER, SIDE, STEP, 4, 0.08);
        let mut random = Seeded(seed);
        let people: Vec<u32> = polygons.ids.iter().map(|_| random.below(900) as u32).collect();
        let codes = ["01111", "01112", "01121", "01122", "01131"];
        let clsc: Vec<u16> = (0..polygons.ids.len())
            .map(|unit| if unit < codes.len() { unit } else { random.below(codes.len()) } as u16)
            .collect();
        let older = atlas(&polygons, &people, edition("2016-04-01", &codes, clsc.clone()));
        // Fewer levels of waves: the same corners and fewer points between them.
        let simplified = wavy_grid(seed, CORNER, SIDE, STEP, 2, 0.08);
        assert!(simplified.coords.len() * 2 < polygons.coords.len());
        for (how, copy) in [
            ("drawn again", digitised_again(&polygons, seed, 2e-5)),
            ("projected", projected_and_back(&polygons)),
            ("simplified", simplified),
        ] {
            assert_eq!(copy.ids, polygons.ids);
            assert_ne!(copy.coords, polygons.coords, "{how}");
            let newer = atlas(&copy, &people, edition("2021-04-01", &codes, clsc.clone()));
            let setting = across(&older, &newer);
            let timeline = setting.timeline();
            for level in Level::TERRITORIAL {
                let changes = timeline.changes(level, 0, 1).unwrap();
                assert!(
                    changes.territories.iter().all(|territory| territory.class == ChangeClass::Unchanged),
                    "seed {seed}, {how}, {level}: {:?}",
                    changes.counts()
                );
                let crosswalk = Crosswalk::new(&timeline, level, 0, 1, Basis::Population).unwrap();
                assert!(crosswalk.rows.iter().all(|row| row.from_code == row.to_code), "seed {seed}, {how}, {level}");
                let kept: u64 = crosswalk.rows.iter().map(|row| row.population).sum();
                assert_eq!(kept, people.iter().map(|&people| u64::from(people)).sum::<u64>(), "{how}: nobody is lost");
            }
            let Joined::Overlay(report) = &setting.joined else { panic!("{how}: joined by overlay") };
            assert!(report.newer_unmatched.is_empty() && report.older_unmatched.is_empty(), "{how}: {report:?}");
        }
    }
}

/// Units in a row, each from one longitude to another.
fn strips(units: &[(&str, f64, f64)]) -> UnitPolygons {
    let mut polygons = UnitPolygons::default();
    for &(id, west, east) in units {
        let unit = polygons.push_unit(id);
        polygons.push_ring(unit, [[west, 46.0], [east, 46.0], [east, 46.01], [west, 46.01]]);
    }
    polygons
}

#[test]
fn units_cut_in_two_or_joined_by_another_census_weigh_what_their_known_areas_and_people_say() {
    for seed in 0..25 {
        let mut random = Seeded(seed);
        let cut = random.between(0.1, 0.9);
        let wide = random.between(0.5, 2.0);
        let at = |place: f64| -73.0 + 0.01 * place;
        // A | B | C | D became A1 | A2 | BC | D.
        let older = strips(&[
            ("24010001", at(0.0), at(1.0)),
            ("24010002", at(1.0), at(2.0)),
            ("24010003", at(2.0), at(2.0 + wide)),
            ("24010004", at(2.0 + wide), at(3.0 + wide)),
        ]);
        let newer = strips(&[
            ("24020001", at(0.0), at(cut)),
            ("24020002", at(cut), at(1.0)),
            ("24020003", at(1.0), at(2.0 + wide)),
            ("24020004", at(2.0 + wide), at(3.0 + wide)),
        ]);
        let people: Vec<u32> = (0..4).map(|_| 1 + random.below(5_000) as u32).collect();
        let codes = ["01111", "01112", "01113", "01114"];
        let older = atlas(&older, &[1, 1, 1, 1], edition("2016-04-01", &codes, vec![0, 1, 2, 3]));
        let codes = ["01115", "01116", "01117", "01118"];
        let newer = atlas(&newer, &people, edition("2021-04-01", &codes, vec![0, 1, 2, 3]));
        let setting = across(&older, &newer);
        let timeline = setting.timeline();
        let weights = |basis, from, to| {
            let crosswalk = Crosswalk::new(&timeline, Level::Clsc, from, to, basis).unwrap();
            let all: u64 = crosswalk.rows.iter().map(|row| row.population).sum();
            assert_eq!(all, people.iter().map(|&people| u64::from(people)).sum::<u64>(), "seed {seed}: nobody is lost");
            let rows = crosswalk.rows.iter();
            rows.map(|row| {
                (format!("{}>{}", row.from_code, row.to_code), row.weight.to_string().parse::<f64>().unwrap())
            })
            .collect::<Vec<_>>()
        };
        let close = |found: Vec<(String, f64)>, expected: &[(&str, f64)], within: f64| {
            assert_eq!(found.len(), expected.len(), "seed {seed}: {found:?}");
            for ((pair, weight), &(wanted, share)) in found.iter().zip(expected) {
                assert!(pair == wanted && (weight - share).abs() <= within, "seed {seed}: {found:?}, {expected:?}");
            }
        };
        let [a1, a2, bc, _] = [0, 1, 2, 3].map(|at| f64::from(people[at]));
        let first = a1 / (a1 + a2);
        close(
            weights(Basis::Population, 0, 1),
            &[
                ("01111>01115", first),
                ("01111>01116", 1.0 - first),
                ("01112>01117", 1.0),
                ("01113>01117", 1.0),
                ("01114>01118", 1.0),
            ],
            1e-8,
        );
        close(
            weights(Basis::Area, 0, 1),
            &[
                ("01111>01115", cut),
                ("01111>01116", 1.0 - cut),
                ("01112>01117", 1.0),
                ("01113>01117", 1.0),
                ("01114>01118", 1.0),
            ],
            1e-4,
        );
        // Back, people of the joined unit are shared between its parts by their areas, to the last person.
        let share = 1.0 / (1.0 + wide);
        let found = weights(Basis::Population, 1, 0);
        let joined: Vec<&(String, f64)> = found.iter().filter(|(pair, _)| pair.starts_with("01117>")).collect();
        assert_eq!(joined.len(), 2, "{found:?}");
        assert!((joined[0].1 - share).abs() <= 1.0 / bc + 1e-4, "seed {seed}: {found:?}, {share}");
        let classes: Vec<ChangeClass> =
            timeline.changes(Level::Clsc, 0, 1).unwrap().territories.iter().map(|found| found.class).collect();
        assert!(classes.contains(&ChangeClass::Split) && classes.contains(&ChangeClass::Merged), "{classes:?}");
    }
}
