//! A draft answers as an atlas that holds its edition would.

use rattache::domain::{EditionChoice, Level, LonLat};
use rattache::resolve::{Resolver, TerritoryTable, outline};

use super::{rebuilt, run, some_revision};
use crate::http::{atlas_of, demo_bytes};
use crate::maps::Seeded;

#[test]
fn a_draft_answers_like_an_atlas_rebuilt_with_its_table() {
    let atlas = atlas_of(demo_bytes());
    let revision = some_revision(&atlas);
    let base = atlas.edition(atlas.edition_count() - 1);
    let draft = super::draft(&atlas, base, &revision);
    let whole = rebuilt(&revision);
    let choice = EditionChoice::Id(revision.id.clone());
    let (here, there) = (Resolver::of_draft(&atlas, &draft), Resolver::new(&whole, &choice).unwrap());
    let mut random = Seeded(5);
    let boxes = atlas.unit_boxes();
    let mut moved = 0;
    for number in 0..4000 {
        // Half of the points lie about units that the revision moves.
        let unit = loop {
            let unit = random.below(boxes.len());
            let old = &base.hierarchy.territories(Level::Clsc)[usize::from(base.clsc_of_unit[unit])].code;
            let new = draft.view();
            let new = &new.hierarchy.territories(Level::Clsc)[usize::from(new.clsc_of_unit[unit])].code;
            if number % 2 == 0 || old != new {
                moved += usize::from(old != new);
                break unit;
            }
        };
        let (low, high) = (boxes[unit].x0, boxes[unit].x1);
        let x = f64::from(low) + random.between(-0.2, 1.2) * f64::from(high - low);
        let y = f64::from(boxes[unit].y0) + random.between(-0.2, 1.2) * f64::from(boxes[unit].y1 - boxes[unit].y0);
        let p = rattache::geometry::FixedPoint { x: x as u32, y: y as u32 };
        let position = LonLat::new(p.lon(), p.lat()).unwrap();
        let radius = Some(random.between(0.0, 3000.0));
        let answers =
            [here, there].map(|resolver| serde_json::to_string(&resolver.resolve(position, radius).unwrap()).unwrap());
        assert_eq!(answers[0], answers[1]);
    }
    assert!(moved > 1000);
}

#[test]
fn territories_of_a_draft_are_those_of_an_atlas_rebuilt() {
    let atlas = atlas_of(demo_bytes());
    let revision = some_revision(&atlas);
    let base = atlas.edition(atlas.edition_count() - 1);
    let draft = super::draft(&atlas, base, &revision);
    let whole = rebuilt(&revision);
    let edition = whole.choose(&EditionChoice::Id(revision.id.clone())).unwrap();
    let (here, there) = (TerritoryTable::new(&atlas, draft.view()), TerritoryTable::new(&whole, edition));
    for level in Level::TERRITORIAL {
        let list =
            |table: &TerritoryTable, view| serde_json::to_string(&table.details(view, level).collect::<Vec<_>>());
        assert_eq!(list(&here, draft.view()).unwrap(), list(&there, edition).unwrap());
    }
    for place in 0..draft.view().hierarchy.clsc_count() {
        assert_eq!(outline(&atlas, draft.view(), Level::Clsc, place), outline(&whole, edition, Level::Clsc, place));
    }
}

#[test]
fn every_command_that_takes_an_edition_takes_a_revision_file() {
    let atlas = atlas_of(demo_bytes());
    let revision = some_revision(&atlas);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("essai.toml");
    std::fs::write(&file, revision.to_toml().unwrap()).unwrap();
    let file = file.display().to_string();
    let unit = match &revision.operations[0] {
        rattache::revision::Operation::MoveUnits { transfers } => &transfers[0],
        other => panic!("{other:?}"),
    };
    let inside = atlas.points_inside()[atlas.find_unit(unit.units[0].as_str()).unwrap()];
    let (lat, lon) = (inside.lat().to_string(), inside.lon().to_string());
    let asked = ["resolve", "--lat", &lat, "--lon", &lon, "--format", "json"];
    let before: serde_json::Value = serde_json::from_str(&run(&asked).unwrap()).unwrap();
    let after = run(&[asked.as_slice(), &["--revision", &file]].concat()).unwrap();
    let after: serde_json::Value = serde_json::from_str(&after).unwrap();
    assert_ne!(before["lineage"]["clsc"]["code"], unit.to.as_str());
    assert_eq!(after["lineage"]["clsc"]["code"], unit.to.as_str());
    assert_ne!(before["lineage"]["rts"]["code"], after["lineage"]["rts"]["code"]);
    assert_eq!((&after["edition"]["id"], &after["edition"]["official"]), (&"essai".into(), &false.into()));

    let list = run(&["territories", "--level", "clsc", "--revision", &file]).unwrap();
    assert!(list.contains("Territoire réuni"), "{list}");
    let table = run(&["atlas", "export", "--level", "da", "--format", "csv", "--revision", &file]).unwrap();
    let row = table.lines().find(|row| row.starts_with(unit.units[0].as_str())).unwrap();
    assert!(row.contains(unit.to.as_str()), "{row}");
}
