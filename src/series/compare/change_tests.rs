//! Every class of change, small enough to check by eye; and what must hold of any two editions.

use proptest::prelude::*;

use super::sketch::edition;
use crate::domain::{Edition, Level, TerritoryCode};
use crate::series::*;

/// Ten units of 100 people and 1,000 m² each.
fn ten() -> UnitWeights {
    UnitWeights::new(vec![100; 10], vec![1000.0; 10])
}

fn classify(before: &[&str], after: &[&str]) -> Changes {
    let (from, to) = (edition("e1", "2017-01-01", 10, before), edition("e2", "2022-01-01", 10, after));
    classify_changes(&from, &to, &UnitJoin::same_units(&ten()), Level::Clsc).unwrap()
}

fn class_of(changes: &Changes, code: &str) -> (ChangeClass, OnsLetter, Vec<u8>) {
    let change = changes.of_from(code).or_else(|| changes.of_to(code)).unwrap();
    (change.class, change.ons, change.modes.iter().map(|mode| mode.number()).collect())
}

const BASE: [&str; 3] = ["06111 Un 0611: 0 1 2 3", "06112 Deux 0611: 4 5 6", "06121 Trois 0612: 7 8 9"];

#[test]
fn the_same_edition_again_is_unchanged_everywhere() {
    let changes = classify(&BASE, &BASE);
    assert!(changes.territories.iter().all(|change| change.class == ChangeClass::Unchanged && change.modes.is_empty()));
    assert_eq!(changes.territories.len(), 3);
}

#[test]
fn another_name_another_code_another_parent() {
    let changes = classify(&BASE, &["06111 Uno 0611: 0 1 2 3", "06119 Deux 0611: 4 5 6", "06121 Trois 0611: 7 8 9"]);
    assert_eq!(class_of(&changes, "06111"), (ChangeClass::Renamed, OnsLetter::U, vec![23]));
    assert_eq!(class_of(&changes, "06112"), (ChangeClass::Recoded, OnsLetter::U, vec![27]));
    assert_eq!(class_of(&changes, "06121"), (ChangeClass::ParentChanged, OnsLetter::U, vec![24]));
    let parent = &changes.of_from("06121").unwrap().parents[0];
    assert_eq!((parent.level, parent.before[0].as_str(), parent.after[0].as_str()), (Level::Rls, "0612", "0611"));
}

#[test]
fn a_parent_with_another_code_and_the_same_units_is_the_same_parent() {
    let changes = classify(&BASE, &["06111 Un 0611: 0 1 2 3", "06112 Deux 0611: 4 5 6", "06121 Trois 0619: 7 8 9"]);
    assert_eq!(class_of(&changes, "06121").0, ChangeClass::Unchanged);
}

#[test]
fn two_codes_exchanged_are_two_recodings() {
    let changes = classify(&BASE, &["06112 Un 0611: 0 1 2 3", "06111 Deux 0611: 4 5 6", "06121 Trois 0612: 7 8 9"]);
    let change = changes.of_from("06111").unwrap();
    assert_eq!((change.class, change.to_code.as_ref().unwrap().as_str()), (ChangeClass::Recoded, "06112"));
}

#[test]
fn a_unit_that_moves_is_a_boundary_shift_on_both_sides() {
    let changes = classify(&BASE, &["06111 Un 0611: 0 1 2", "06112 Deux 0611: 3 4 5 6", BASE[2]]);
    assert_eq!(class_of(&changes, "06111"), (ChangeClass::BoundaryShift, OnsLetter::X, vec![26]));
    assert_eq!(class_of(&changes, "06112"), (ChangeClass::BoundaryShift, OnsLetter::X, vec![26]));
    let giver = changes.of_from("06111").unwrap();
    assert_eq!((giver.people_before, giver.people_after, giver.people_out, giver.people_in), (400, 300, 100, 0));
    assert!((giver.share_out - 0.25).abs() < 1e-12);
    assert_eq!(giver.departures[0].code.as_str(), "06112");
    let taker = changes.of_from("06112").unwrap();
    assert_eq!((taker.people_in, taker.share_in), (100, 0.25));
    assert_eq!(taker.predecessors.iter().map(TerritoryCode::as_str).collect::<Vec<_>>(), ["06112", "06111"]);
}

#[test]
fn a_territory_cut_in_two_is_a_split_on_all_sides() {
    let changes = classify(&BASE, &["06111 Un 0611: 0 1 2", "06113 Bout 0611: 3", BASE[1], BASE[2]]);
    assert_eq!(class_of(&changes, "06111"), (ChangeClass::Split, OnsLetter::S, vec![26]));
    assert_eq!(class_of(&changes, "06113"), (ChangeClass::Split, OnsLetter::S, vec![21]));
    let gone = classify(&BASE, &["06115 A 0611: 0 1", "06116 B 0611: 2 3", BASE[1], BASE[2]]);
    assert_eq!(class_of(&gone, "06111"), (ChangeClass::Split, OnsLetter::S, vec![29]));
}

#[test]
fn two_territories_made_one_are_a_merger_on_all_sides() {
    let absorbed = classify(&BASE, &["06111 Un 0611: 0 1 2 3 4 5 6", BASE[2]]);
    assert_eq!(class_of(&absorbed, "06111"), (ChangeClass::Merged, OnsLetter::M, vec![26]));
    assert_eq!(class_of(&absorbed, "06112"), (ChangeClass::Merged, OnsLetter::M, vec![29]));
    let renewed = classify(
        &["06111 Un 0611: 0 1 2", "06112 Deux 0611: 3 4 5", "06121 Trois 0612: 6 7 8 9"],
        &["06117 Neuf 0611: 0 1 2 3 4 5", "06121 Trois 0612: 6 7 8 9"],
    );
    assert_eq!(class_of(&renewed, "06117"), (ChangeClass::Merged, OnsLetter::M, vec![21]));
}

#[test]
fn a_new_territory_out_of_parts_is_created_and_one_shared_out_is_abolished() {
    let created = classify(&BASE, &["06111 Un 0611: 0 1 2", "06112 Deux 0611: 4 5", "06118 Neuf 0611: 3 6", BASE[2]]);
    assert_eq!(class_of(&created, "06118"), (ChangeClass::Created, OnsLetter::X, vec![21]));
    assert_eq!(class_of(&created, "06111").0, ChangeClass::Complex);
    let abolished = classify(&BASE, &["06111 Un 0611: 0 1 2 3 4", "06121 Trois 0612: 5 6 7 8 9"]);
    assert_eq!(class_of(&abolished, "06112"), (ChangeClass::Abolished, OnsLetter::X, vec![29]));
}

#[test]
fn a_split_and_a_shift_at_once_are_complex() {
    let changes = classify(&BASE, &["06111 Un 0611: 0 1 4", "06113 Bout 0611: 2 3", "06112 Deux 0611: 5 6", BASE[2]]);
    assert_eq!(class_of(&changes, "06111").0, ChangeClass::Complex);
    assert_eq!(class_of(&changes, "06112").0, ChangeClass::BoundaryShift);
}

#[test]
fn weights_of_a_source_add_up_to_one_and_quality_is_the_stated_sum() {
    let (from, to) = (
        edition("e1", "2017-01-01", 10, &BASE),
        edition("e2", "2022-01-01", 10, &["06111 Un 0611: 0 1 2", "06112 Deux 0611: 3 4 5 6", BASE[2]]),
    );
    let timeline = Timeline::new([&from, &to], &ten());
    let crosswalk = Crosswalk::new(&timeline, Level::Clsc, 0, 1, Basis::Population).unwrap();
    let weights: Vec<String> = crosswalk.of_source("06111").map(|row| row.weight.to_string()).collect();
    assert_eq!(weights, ["0.750000000", "0.250000000"]);
    // 06112 after: 100 of the 400 of 06111, and all 300 of 06112, in 400.
    let quality = crosswalk.targets[1].quality.unwrap();
    assert!((quality - (0.25 * 0.25 + 1.0 * 0.75)).abs() < 1e-12);
    assert!(matches!(
        Crosswalk::new(&timeline, Level::Clsc, 0, 1, Basis::Addresses),
        Err(SeriesError::NoWeights { basis: "addresses" })
    ));
    let common = comparable_territories(&timeline, &[0, 1], Level::Clsc).unwrap();
    assert_eq!(common.len(), 2);
    assert_eq!((common[0].population, common[0].single, common[1].single), (700, false, true));
}

#[test]
fn two_censuses_are_joined_through_the_correspondence() {
    let csv = "DAUID2021_ADIDU2021,DADGUID2021,DAUID2016_ADIDU2016,DBUID2021_IDIDU2021,DARELFLAG_ADINDREL\n\
               24010001,x,24010101,24010001001,2\n24010001,x,24010101,24010001002,2\n24010001,x,24010102,24010001003,2\n\
               24010002,x,24010102,24010002001,3\n24990000,x,24990000,1,1\n";
    let (rows, columns) = read_correspondence(csv.as_bytes(), "c.csv", &crate::tables::ColumnMap::default()).unwrap();
    assert_eq!(columns.used.len(), 4);
    assert_eq!((rows.len(), rows[0].relation), (5, Some(2)));
    let (older, newer) = (["24010101", "24010102", "24010103"], ["24010001", "24010002", "24010103"]);
    let weights = UnitWeights::new(vec![10, 7, 5], vec![3.0, 1.0, 1.0]);
    let (join, report) = UnitJoin::by_correspondence(&older, &newer, &rows, &weights, None);
    let pieces: Vec<(u32, u32, u64)> =
        join.pieces.iter().map(|piece| (piece.from, piece.to, piece.population)).collect();
    assert_eq!(pieces, [(0, 0, 7), (1, 0, 3), (1, 1, 7), (2, 2, 5)]);
    assert_eq!(
        (report.foreign_rows, report.by_identifier, report.cut_by_block_count.len()),
        (1, vec!["24010103".to_owned()], 1)
    );
    let blocks = [("24010001001".to_owned(), 1), ("24010001003".to_owned(), 9)].into();
    let (join, report) = UnitJoin::by_correspondence(&older, &newer, &rows, &weights, Some(&blocks));
    assert_eq!((join.pieces[0].population, join.pieces[1].population), (1, 9));
    assert!(report.cut_by_block_count.is_empty());
}

/// An edition over 30 units from a list of CLSC numbers 0 to 5; absent ones are left out.
fn made_up(id: &str, date: &str, clsc_of_unit: &[u8]) -> Edition {
    let lines: Vec<String> = (0..6)
        .filter(|clsc| clsc_of_unit.contains(clsc))
        .map(|clsc| {
            let units: Vec<String> = (0..clsc_of_unit.len())
                .filter(|&unit| clsc_of_unit[unit] == clsc)
                .map(|unit| unit.to_string())
                .collect();
            format!("061{}{} Nom{clsc} 061{}: {}", clsc / 3 + 1, clsc % 3 + 1, clsc / 3 + 1, units.join(" "))
        })
        .collect();
    edition(id, date, clsc_of_unit.len(), &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_two_editions_keep_their_people(
        before in prop::collection::vec(0_u8..6, 30),
        after in prop::collection::vec(0_u8..6, 30),
        people in prop::collection::vec(0_u32..900, 30),
    ) {
        let (from, to) = (made_up("a", "2017-01-01", &before), made_up("b", "2022-01-01", &after));
        let weights = UnitWeights::new(people.clone(), vec![1.0; 30]);
        let join = UnitJoin::same_units(&weights);
        let all: u64 = people.iter().map(|&people| u64::from(people)).sum();
        let changes = classify_changes(&from, &to, &join, Level::Clsc).unwrap();
        let sum = |of: fn(&TerritoryChange) -> u64| changes.territories.iter().map(of).sum::<u64>();
        prop_assert_eq!(sum(|change| change.people_before), all);
        prop_assert_eq!(sum(|change| change.people_after), all);
        prop_assert_eq!(sum(|change| change.people_in), sum(|change| change.people_out));
        for change in &changes.territories {
            prop_assert_eq!(change.people_before + change.people_in, change.people_after + change.people_out);
        }
        if all > 0 {
            let timeline = Timeline::new([&from, &to], &weights);
            let crosswalk = Crosswalk::new(&timeline, Level::Clsc, 0, 1, Basis::Population).unwrap();
            for territory in from.hierarchy.territories(Level::Clsc) {
                let sum: u64 =
                    crosswalk.of_source(territory.code.as_str()).map(|row| u64::from(row.weight.0)).sum();
                prop_assert_eq!(sum, u64::from(Weight::ONE.0));
            }
            prop_assert_eq!(crosswalk.rows.iter().map(|row| row.population).sum::<u64>(), all);
        }
    }

    #[test]
    fn the_same_units_in_both_editions_are_no_change(units in prop::collection::vec(0_u8..6, 30)) {
        let (from, to) = (made_up("a", "2017-01-01", &units), made_up("b", "2022-01-01", &units));
        let join = UnitJoin::same_units(&UnitWeights::new(vec![7; 30], vec![1.0; 30]));
        for level in Level::TERRITORIAL {
            let changes = classify_changes(&from, &to, &join, level).unwrap();
            prop_assert!(changes.territories.iter().all(|change| change.class == ChangeClass::Unchanged));
        }
    }

    #[test]
    fn a_crosswalk_composed_with_an_edition_that_mixes_nothing_is_the_direct_one(
        before in prop::collection::vec(0_u8..6, 30),
        middle in prop::collection::vec(0_u8..6, 30),
    ) {
        // The last edition only joins what the middle one holds.
        let after: Vec<u8> = middle.iter().map(|clsc| clsc / 2).collect();
        let editions = [
            made_up("a", "2010-01-01", &before),
            made_up("b", "2017-01-01", &middle),
            made_up("c", "2022-01-01", &after),
        ];
        let weights = UnitWeights::new((1..=30).collect(), vec![1.0; 30]);
        let timeline = Timeline::new(&editions, &weights);
        let walk = |from, to| Crosswalk::new(&timeline, Level::Clsc, from, to, Basis::Population).unwrap();
        let composition = compare_composition(&walk(0, 1), &walk(1, 2), &walk(0, 2)).unwrap();
        prop_assert!(composition.rows.is_empty(), "{:?}", composition.rows);
        prop_assert!(compare_composition(&walk(1, 2), &walk(0, 1), &walk(0, 2)).is_err());
    }
}

#[test]
fn a_crosswalk_through_a_mixture_differs_and_says_by_how_many_people() {
    let editions = [
        edition("a", "2010-01-01", 10, &["06111 A 0611: 0 1 2 3 4", "06112 B 0611: 5 6 7 8 9"]),
        edition("b", "2017-01-01", 10, &["06111 A 0611: 0 1 2 3 4 5 6 7 8 9"]),
        edition("c", "2022-01-01", 10, &["06111 A 0611: 0 1 2 3 4", "06112 B 0611: 5 6 7 8 9"]),
    ];
    let timeline = Timeline::new(&editions, &ten());
    let walk = |from, to| Crosswalk::new(&timeline, Level::Clsc, from, to, Basis::Population).unwrap();
    let composition = compare_composition(&walk(0, 1), &walk(1, 2), &walk(0, 2)).unwrap();
    assert_eq!(composition.rows.len(), 4);
    assert!((composition.people_misplaced - 500.0).abs() < 1e-6 && (composition.share_misplaced - 0.5).abs() < 1e-9);
}
