//! Moves and proposals: every rule held, every score recounted.

use std::ops::ControlFlow;

use super::super::*;
use super::maps::{Map, grid, islands};
use super::operations::header;
use crate::domain::*;

fn criteria(least: u64, most: u64) -> CriteriaSettings {
    CriteriaSettings { least_people: least, most_people: most, ..CriteriaSettings::default() }
}

fn engine(map: &Map) -> ImpactEngine<'_> {
    ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base)
}

/// The score, counted from the impact of the operation.
fn recount(map: &Map, proposal: &Proposal, rules: &Rules) -> Score {
    let operation = proposal.operation(&map.units, &map.base.hierarchy);
    let edition = apply(&map.base, &map.units, header("p"), &[operation]).unwrap().edition;
    let impact = Impact::between(&map.graph, &map.facts, &map.units, (&map.base, &edition), rules.criteria);
    let changed = |level: &LevelImpact| {
        (0..map.base.hierarchy.territories(level.level).len())
            .filter(|&place| {
                let units = |edition: &Edition| -> Vec<usize> {
                    (0..map.units.len())
                        .filter(|&unit| {
                            let clsc = usize::from(edition.attachment.clsc(unit));
                            edition.hierarchy.parent(clsc, level.level) == place
                        })
                        .collect()
                };
                units(&map.base) != units(&edition)
            })
            .count() as u32
    };
    let changed: Vec<u32> = impact.levels.iter().map(changed).collect();
    let people = (0..map.units.len())
        .filter(|&unit| map.base.attachment.clsc(unit) != edition.attachment.clsc(unit))
        .map(|unit| map.facts.people[unit])
        .sum();
    let areas = map.facts.municipalities.as_ref().unwrap();
    let cut = (0..areas.names.len() as u32)
        .filter(|&area| {
            let clsc: std::collections::BTreeSet<u16> = (0..map.units.len())
                .filter(|&unit| areas.of_unit[unit] == Some(area))
                .map(|unit| edition.attachment.clsc(unit))
                .collect();
            clsc.len() > 1
        })
        .count();
    // Contiguity: no CLSC in more pieces than in the base.
    let (before, after) = (engine(map), ImpactEngine::new(&map.graph, &map.facts, &map.base, &edition));
    for clsc in 0..map.base.hierarchy.clsc_count() as u16 {
        assert!(after.sums(Level::Clsc, clsc).pieces <= before.sums(Level::Clsc, clsc).pieces);
    }
    Score {
        moved_people: people,
        in_range: impact.in_range[1][0] as u32,
        upper_disturbed: changed[1..].iter().sum(),
        municipalities_cut: Some(cut as u32),
        people_not_nearest: None,
        imbalance: None,
        series_broken: changed.iter().sum(),
    }
}

fn run(map: &Map, rules: &Rules, tries: u64, seed: u64) -> Outcome {
    let settings = SearchSettings { seed, tries, starts: 8, keep: 20, goals: Goals::default() };
    propose(&engine(map), rules, settings, &mut |_| ControlFlow::Continue(()))
}

#[test]
fn every_legal_move_is_listed_once_and_says_what_it_does() {
    let map = islands();
    let rules = Rules::new(criteria(14_000, 20_000));
    let mut engine = engine(map);
    let found = border_moves(&mut engine, &rules);
    let mut expected = 0;
    for unit in 0..map.graph.len() as u32 {
        for clsc in engine.choices(unit) {
            expected += usize::from(engine.check(unit, clsc).is_ok());
        }
    }
    assert_eq!(found.moves.len(), expected);
    assert!(expected > 100);
    let range = |engine: &ImpactEngine<'_>| -> Vec<bool> {
        (0..16).map(|clsc| rules.criteria.in_range(engine.sums(Level::Clsc, clsc).people)).collect()
    };
    let before = range(&engine);
    let mut helpful = 0;
    for known in &found.moves {
        let touched = engine.apply(known.unit, known.to);
        let after = range(&engine);
        let brought: Vec<u16> = (0..16).filter(|&at| !before[at as usize] && after[at as usize]).collect();
        let mut told = known.brings_in_range.clone();
        told.sort_unstable();
        assert_eq!(told, brought);
        helpful += brought.len();
        let mut levels: Vec<Level> =
            touched.iter().map(|entry| entry.level).filter(|&level| level != Level::Clsc).collect();
        levels.dedup();
        assert_eq!(levels, known.disturbs);
        engine.undo();
    }
    assert!(helpful > 0 || found.moves.iter().all(|known| known.brings_in_range.is_empty()));
    let mut kept = rules.clone();
    kept.keep = vec![Level::Rls];
    kept.locked_clsc = vec![0];
    let fewer = border_moves(&mut engine, &kept);
    assert!(fewer.moves.iter().all(|known| known.disturbs.iter().all(|&level| level != Level::Rls)));
    assert!(fewer.moves.iter().all(|known| known.from != 0 && known.to != 0));
    assert_eq!(
        fewer.moves.len() + fewer.forbidden.values().sum::<usize>(),
        expected + found.forbidden.values().sum::<usize>()
    );
}

#[test]
fn proposals_hold_every_rule_and_their_scores_are_those_of_a_recount() {
    let map = islands();
    let mut rules = Rules::new(criteria(15_000, 19_000));
    rules.max_moved_people = Some(30_000);
    rules.locked_clsc = vec![5];
    rules.locked_units = vec![40, 41, 42, 90];
    let outcome = run(map, &rules, 60_000, 7);
    assert!(!outcome.proposals.is_empty(), "{outcome:?}");
    for proposal in &outcome.proposals {
        assert_eq!(recount(map, proposal, &rules), proposal.score);
        assert!(proposal.score.in_range > outcome.today.in_range && proposal.score.moved_people <= 30_000);
        assert!(proposal.moves.iter().all(|&(unit, to)| {
            !rules.locked_units.contains(&unit) && to != 5 && map.base.attachment.clsc(unit as usize) != 5
        }));
        for other in &outcome.proposals {
            assert!(other == proposal || !proposal.score.is_met_by(&other.score));
        }
    }
    assert!(outcome.proposals.len() > 1);
}

#[test]
fn the_same_seed_gives_the_same_proposals_and_upper_levels_that_are_kept_stay() {
    let map = grid(12, 3, |_, _| false);
    let mut rules = Rules::new(criteria(5_300, 5_700));
    rules.keep = vec![Level::Rls];
    let outcome = run(&map, &rules, 40_000, 3);
    assert_eq!(outcome, run(&map, &rules, 40_000, 3));
    assert!(outcome.proposals.iter().all(|proposal| {
        let ends = proposal.moves.iter().map(|&(unit, to)| (map.base.attachment.clsc(unit as usize), to));
        let rls = |clsc: u16| map.base.hierarchy.parent(usize::from(clsc), Level::Rls);
        ends.into_iter().all(|(from, to)| rls(from) == rls(to))
    }));
}

#[test]
fn a_search_can_be_stopped_and_keeps_what_it_has() {
    let map = islands();
    let rules = Rules::new(criteria(15_000, 19_000));
    let settings = SearchSettings { seed: 7, tries: 10_000_000, starts: 100, keep: 20, goals: Goals::default() };
    let mut reports = 0;
    let outcome = propose(&engine(map), &rules, settings, &mut |progress| {
        reports += 1;
        if progress.proposals > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(outcome.stopped && !outcome.proposals.is_empty() && outcome.tried < 1_000_000 && reports > 1);
}

#[test]
fn where_nothing_is_feasible_the_rule_that_binds_is_named() {
    let map = islands();
    let open = Rules::new(criteria(15_000, 19_000));
    let nobody = Rules { max_moved_people: Some(0), ..open.clone() };
    let outcome = run(map, &nobody, 40_000, 7);
    assert_eq!((outcome.proposals.len(), outcome.binding.as_slice()), (0, &[Rule::MaxMovedPeople][..]));
    let locked = Rules { locked_clsc: (0..16).collect(), ..open };
    let outcome = run(map, &locked, 40_000, 7);
    assert_eq!((outcome.proposals.len(), outcome.binding.as_slice()), (0, &[Rule::Locks][..]));
    assert!(outcome.forbidden[&Rule::Locks] > 1000);
}

#[test]
fn each_goal_is_gained_and_moves_stay_in_scope() {
    let mut map = grid(12, 3, |_, _| false);
    // Each CLSC is a municipality, but for one of two squares that two CLSC share.
    let towns: Vec<String> = (0..144)
        .map(|unit| (unit % 12, unit / 12))
        .map(|(x, y)| if y == 0 && (x == 2 || x == 3) { "S".to_owned() } else { format!("{}-{}", x / 3, y / 3) })
        .collect();
    map.facts.municipalities = Some(Areas::from_codes(towns.iter().map(|town| Some(town.as_str()))));
    let engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    // The first two rows of CLSC.
    let within: Vec<u16> = (0..8).collect();
    let searched = |goal: Goal, rules: &Rules| {
        let goals = Goals::new(&[goal, Goal::FewestBrokenSeries]);
        let settings = SearchSettings { seed: 3, tries: 60_000, starts: 4, keep: 10, goals };
        propose(&engine, rules, settings, &mut |_| std::ops::ControlFlow::Continue(()))
    };
    let mut rules = Rules::new(criteria(1, 1_000_000));
    rules.within = within.clone();
    for goal in [Goal::Balance, Goal::MunicipalitiesWhole, Goal::NearestInstallation] {
        let outcome = searched(goal, &rules);
        assert!(!outcome.proposals.is_empty(), "{goal:?}");
        for proposal in &outcome.proposals {
            let (was, is) = (&outcome.today, &proposal.score);
            assert!(match goal {
                Goal::Balance => is.imbalance < was.imbalance,
                Goal::MunicipalitiesWhole => is.municipalities_cut < was.municipalities_cut,
                _ => is.people_not_nearest < was.people_not_nearest,
            });
            for &(unit, to) in &proposal.moves {
                assert!(within.contains(&engine.clsc_of(unit)) && within.contains(&to), "{goal:?}");
            }
            let mut moved = engine.clone();
            for &(unit, to) in &proposal.moves {
                moved.apply(unit, to);
            }
            if goal == Goal::Balance {
                let people: Vec<u64> = within.iter().map(|&clsc| moved.sums(Level::Clsc, clsc).people).collect();
                let even = people.iter().sum::<u64>() / 8;
                assert_eq!(is.imbalance, Some(people.iter().map(|people| people.abs_diff(even)).sum()));
            }
        }
        assert!(outcome.forbidden.contains_key(&Rule::Within), "{:?}", outcome.forbidden);
    }
    rules.keep_municipalities = true;
    let outcome = searched(Goal::Balance, &rules);
    assert!(outcome.proposals.iter().all(|known| known.score.municipalities_cut <= outcome.today.municipalities_cut));
    assert!(outcome.forbidden.contains_key(&Rule::KeepMunicipalities), "{:?}", outcome.forbidden);
}
