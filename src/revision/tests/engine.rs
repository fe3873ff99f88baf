//! What is kept while units move, held against a count from scratch.

use std::collections::BTreeSet;

use super::super::contiguity::Search;
use super::super::*;
use super::maps::{Map, demo, islands};
use super::operations::seeded;
use crate::domain::Level;
use crate::geometry::outline;

/// The next random legal move.
fn legal_move(engine: &mut ImpactEngine<'_>, draw: &mut impl FnMut(usize) -> usize) -> (u32, u16) {
    loop {
        let unit = draw(engine.attachment().len()) as u32;
        let choices = engine.choices(unit);
        if let Some(&clsc) = choices.get(draw(choices.len().max(1)))
            && engine.check(unit, clsc).is_ok()
        {
            return (unit, clsc);
        }
    }
}

fn outlines_agree(map: &Map, engine: &ImpactEngine<'_>) {
    let (_, _, hierarchy) = engine.grounds();
    for level in Level::TERRITORIAL {
        for territory in 0..hierarchy.territories(level).len() as u16 {
            let expected: BTreeSet<(u32, bool)> = outline::limit_arcs(map.coverage.view(), |side| {
                side > 0 && engine.parent(level, engine.clsc_of(side - 1)) == territory
            })
            .into_iter()
            .collect();
            let found = engine.limit_arcs(level, territory);
            assert_eq!(found.len(), expected.len());
            assert!(found.iter().all(|arc| expected.contains(arc)));
        }
    }
}

#[test]
fn neighbours_share_exactly_the_arcs_between_them_and_perimeters_are_lengths_of_limits() {
    let map = islands();
    let mut expected = vec![0.0; map.graph.len() * map.graph.len()];
    for (arc, &[left, right]) in map.coverage.sides.iter().enumerate() {
        let length = crate::geometry::ellipsoid::length_m(map.coverage.view().arc(arc));
        if left > 0 && right > 0 {
            expected[(left as usize - 1) * map.graph.len() + right as usize - 1] += length;
            expected[(right as usize - 1) * map.graph.len() + left as usize - 1] += length;
        }
    }
    let mut shared = 0;
    for a in 0..map.graph.len() {
        for b in 0..map.graph.len() {
            let found = map.graph.shared_m(a as u32, b as u32);
            shared += usize::from(found > 0.0);
            assert!((found - expected[a * map.graph.len() + b]).abs() < 0.01);
        }
    }
    assert!(shared > 1000);
    let engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    for clsc in 0..map.base.hierarchy.clsc_count() as u16 {
        let length: f64 = (engine.limit_arcs(Level::Clsc, clsc).iter())
            .map(|&(arc, _)| crate::geometry::ellipsoid::length_m(map.coverage.view().arc(arc as usize)))
            .sum();
        assert!((engine.sums(Level::Clsc, clsc).perimeter_mm as f64 / 1000.0 - length).abs() < 0.1);
    }
}

#[test]
fn taking_a_unit_out_gives_as_many_pieces_as_a_search_from_scratch() {
    for map in [islands(), demo()] {
        let mut engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
        let mut draw = seeded(1);
        let mut search = Search::new(map.graph.len());
        let mut kinds = BTreeSet::new();
        for round in 0..3000 {
            let unit = draw(map.graph.len()) as u32;
            let level = Level::TERRITORIAL[round % 5];
            let own = engine.parent(level, engine.clsc_of(unit));
            let members: Vec<u32> = (0..map.graph.len() as u32)
                .filter(|&other| engine.parent(level, engine.clsc_of(other)) == own)
                .collect();
            let inside = |other: u32| members.binary_search(&other).is_ok();
            let rest: Vec<u32> = members.iter().copied().filter(|&other| other != unit).collect();
            let whole = search.pieces(&map.graph, &members, inside).len();
            let after = search.pieces(&map.graph, &rest, |other| other != unit && inside(other)).len();
            let found = search.pieces_without(&map.graph, unit, inside) as usize;
            assert_eq!(whole - 1 + found, after);
            kinds.insert(found);
            // Any move, legal or not, so that territories become ragged.
            if let Some(&clsc) = engine.choices(unit).first()
                && engine.members(engine.clsc_of(unit)).len() > 1
            {
                engine.apply(unit, clsc);
            }
        }
        assert!(kinds.contains(&1) && kinds.contains(&2), "{kinds:?}");
    }
}

#[test]
fn ten_thousand_legal_moves_leave_the_sums_of_a_count_from_scratch() {
    let map = islands();
    let mut engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let people: u64 = map.facts.people.iter().sum();
    let mut draw = seeded(2);
    for number in 0..10_000 {
        let (unit, clsc) = legal_move(&mut engine, &mut draw);
        let touched = engine.apply(unit, clsc);
        assert!(touched.len() >= 2);
        assert!(
            touched
                .iter()
                .filter(|entry| entry.level == Level::Clsc)
                .all(|entry| entry.after.pieces <= entry.before.pieces)
        );
        assert!(engine.agrees_on(&touched), "after move {number} of unit {unit} to {clsc}");
        if number < 500 || number % 8 == 0 {
            assert!(engine.agrees_with_recount(), "after move {number} of unit {unit} to {clsc}");
        }
        if number % 500 == 0 {
            outlines_agree(map, &engine);
            for level in Level::TERRITORIAL {
                assert_eq!(engine.flows(level).values().map(|flow| flow.people).sum::<u64>(), people);
            }
        }
    }
    while engine.undo() {}
    assert_eq!(engine.attachment(), map.base.attachment.as_slice());
    assert!(engine.agrees_with_recount());
    outlines_agree(map, &engine);
}

#[test]
fn on_the_whole_model_moves_are_counted_as_from_scratch_and_can_be_undone() {
    let map = demo();
    let mut engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let mut draw = seeded(4);
    for number in 0..10_000 {
        let (unit, clsc) = legal_move(&mut engine, &mut draw);
        let touched = engine.apply(unit, clsc);
        assert!(engine.agrees_on(&touched), "after move {number} of unit {unit} to {clsc}");
        if number % 1000 == 0 {
            assert!(engine.agrees_with_recount());
        }
    }
    outlines_agree(map, &engine);
    while engine.undo() {}
    assert_eq!(engine.attachment(), map.base.attachment.as_slice());
    assert!(engine.agrees_with_recount());
}

#[test]
fn a_unit_may_not_leave_nothing_behind_or_jump_or_cut_its_clsc_in_two() {
    let map = super::maps::grid(6, 2, |_, _| false);
    let mut engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let unit = |x: u32, y: u32| y * 6 + x;
    assert_eq!(engine.check(unit(0, 0), 0), Err(Illegal::AlreadyThere));
    assert_eq!(engine.check(unit(0, 0), 1), Err(Illegal::NotAdjacent));
    assert_eq!(engine.check(unit(1, 1), 1), Ok(()));
    engine.apply(unit(1, 1), 1);
    // Three are left in an L around (0,0), whose corner holds the other two together.
    assert_eq!(engine.check(unit(0, 1), 1), Ok(()));
    engine.apply(unit(0, 1), 1);
    engine.apply(unit(1, 0), 1);
    assert_eq!(engine.check(unit(0, 0), 1), Err(Illegal::Empties));
    // CLSC 1 is now a chain round the corner.
    assert_eq!(engine.check(unit(1, 1), 0), Err(Illegal::NotAdjacent));
    assert_eq!(engine.check(unit(0, 1), 0), Ok(()));
    engine.apply(unit(2, 1), 4);
    engine.apply(unit(1, 1), 4);
    assert_eq!(engine.sums(Level::Clsc, 1).pieces, 2);
    assert_eq!(engine.check(unit(2, 0), 0), Err(Illegal::NotAdjacent));
    assert_eq!(engine.check(unit(2, 0), 4), Err(Illegal::Detaches));
    assert_eq!(engine.check(unit(1, 0), 4), Ok(()));
}

#[test]
fn the_engine_of_a_revised_edition_is_the_same_whether_units_are_moved_or_counted_again() {
    for map in [islands(), demo()] {
        let engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
        let mut moving = engine.clone();
        let mut draw = seeded(6);
        for _ in 0..40 {
            let (unit, clsc) = legal_move(&mut moving, &mut draw);
            moving.apply(unit, clsc);
        }
        let attachment =
            crate::domain::AttachmentTable::new(moving.attachment().to_vec(), map.base.hierarchy.clsc_count());
        let mut revised = map.base.clone();
        revised.attachment = attachment.unwrap();
        let counts = engine.into_counts();
        let kept = counts.engine(&map.graph, &map.facts, &map.base.hierarchy);
        let followed = kept.revised(&map.base, &revised);
        let fresh = ImpactEngine::new(&map.graph, &map.facts, &map.base, &revised);
        for level in Level::TERRITORIAL {
            assert_eq!(followed.flows(level), fresh.flows(level));
            for territory in 0..revised.hierarchy.territories(level).len() as u16 {
                assert_eq!(followed.sums(level, territory), fresh.sums(level, territory));
                assert_eq!(followed.limit_arcs(level, territory), fresh.limit_arcs(level, territory));
            }
        }
        assert!(followed.agrees_with_recount());
    }
}
