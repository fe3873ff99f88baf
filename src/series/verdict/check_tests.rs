//! Verdicts, breaks, jumps and codings on tables small enough to check by eye.

use std::fmt::Write as _;

use super::reasons::Reason;
use crate::domain::{Edition, Level};
use crate::series::compare::edition;
use crate::series::*;

fn two() -> [Edition; 2] {
    [
        edition(
            "e1",
            "2017-01-01",
            12,
            &[
                "06111 Un 0611: 0 1 2 3",
                "06112 Deux 0611: 4 5 6",
                "06121 Trois 0612: 7 8",
                "06122 Quatre 0612: 9 10 11",
            ],
        ),
        edition(
            "e2",
            "2022-01-01",
            12,
            &["06111 Un 0611: 0 1 2", "06112 Deux 0611: 3 4 5 6", "06121 Trois 0612: 7 8 9 10 11"],
        ),
    ]
}

fn weights() -> UnitWeights {
    UnitWeights::new(vec![100; 12], vec![1.0; 12])
}

fn read(csv: &str) -> Table {
    Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap()
}

fn verdicts(csv: &str) -> (Table, Check) {
    let editions = two();
    let timeline = Timeline::new(&editions, &weights());
    let table = read(csv);
    let check = check(&table, &timeline, 1, &CheckOptions::default()).unwrap();
    (table, check)
}

const SOUND: &str = "year,code,value\n\
    2021,06111,40\n2021,06112,30\n2021,06121,20\n2021,06122,31\n\
    2022,06111,29\n2022,06112,41\n2022,06121,50\n";

#[test]
fn every_cell_has_its_verdict_and_its_break() {
    let (table, check) = verdicts(SOUND);
    let said: Vec<(u32, Verdict, ObsStatus)> =
        table.cells.iter().zip(&check.verdicts).map(|(cell, said)| (cell.line, said.verdict, said.status)).collect();
    assert_eq!(
        said,
        [
            (2, Verdict::Estimated, ObsStatus::D),
            (3, Verdict::Estimated, ObsStatus::D),
            (4, Verdict::Exact, ObsStatus::D),
            (5, Verdict::Exact, ObsStatus::D),
            (6, Verdict::Unaffected, ObsStatus::B),
            (7, Verdict::Unaffected, ObsStatus::B),
            (8, Verdict::Unaffected, ObsStatus::B),
        ]
    );
    let first = &check.breaks[check.verdicts[0].break_at.unwrap() as usize];
    assert_eq!((first.code.as_str(), first.cause, first.people_out), ("06111", ChangeClass::BoundaryShift, 100));
    assert_eq!((first.date.to_string(), first.share_out), ("2022-01-01".to_owned(), 0.25));
    // 06111 before: all its 29 and a quarter of the 41 of 06112, one unit in four.
    assert!((check.verdicts[4].pre_break.unwrap() - (29.0 + 41.0 / 4.0)).abs() < 1e-9);
    assert!((check.verdicts[6].pre_break.unwrap() - 50.0 * 2.0 / 5.0).abs() < 1e-9);
    assert_eq!(
        check.codings.iter().map(|coding| coding.basis).collect::<Vec<_>>(),
        [CodingBasis::Codes, CodingBasis::InForce]
    );
}

#[test]
fn what_can_not_be_recast_says_why() {
    let (table, check) = verdicts(
        "measure,year,code,value\nmedian,2021,06111,40\nmedian,2021,06122,9\nrate,2021,06112,3\ncount,2021,06111,x\n\
         count,2021,06112,4\ncount,2021,06121,4\ncount,2021,06122,..\ncount,2021,06199,4\n",
    );
    let by_line = |line: u32| {
        let at = table.cells.iter().position(|cell| cell.line == line).unwrap();
        (check.verdicts[at].verdict, check.verdicts[at].reason)
    };
    assert_eq!(by_line(2), (Verdict::Irrecoverable, Reason::Median));
    assert_eq!(by_line(4), (Verdict::Irrecoverable, Reason::NoDenominator));
    assert_eq!(by_line(5), (Verdict::Irrecoverable, Reason::Withheld));
    assert_eq!(by_line(6), (Verdict::Irrecoverable, Reason::NeighbourWithheld));
    assert_eq!(by_line(7), (Verdict::Irrecoverable, Reason::NeighbourWithheld));
    assert_eq!(by_line(9), (Verdict::Irrecoverable, Reason::UnknownCode));
    assert_eq!(check.codings[0].unknown[0].1.as_str(), "06199");
    let unknown = check.findings.iter().find(|finding| finding.kind == SeriesFindingKind::UnknownCode).unwrap();
    assert_eq!((unknown.place.line, unknown.place.column.as_deref()), (Some(9), Some("value")));
}

#[test]
fn a_year_before_every_edition_is_said_and_one_without_any_known_code_is_irrecoverable() {
    let (_, early) = verdicts("year,code,value\n1999,06111,4\n1999,06122,4\n");
    assert_eq!((early.codings[0].basis, early.codings[0].edition.as_deref()), (CodingBasis::Codes, Some("e1")));
    assert!(early.findings.iter().any(|finding| finding.kind == SeriesFindingKind::NoEdition));
    let (_, none) = verdicts("year,code,value\n2021,09911,4\n");
    assert_eq!(none.codings[0].basis, CodingBasis::None);
    assert_eq!((none.verdicts[0].verdict, none.verdicts[0].reason), (Verdict::Irrecoverable, Reason::NoEdition));
}

#[test]
fn codes_that_fit_several_editions_are_taken_as_in_force_and_it_is_said() {
    let (_, check) = verdicts("year,code,value\n2018,06111,4\n2018,06112,4\n2023,06111,4\n2023,06112,4\n");
    assert_eq!(check.codings[0].basis, CodingBasis::InForce);
    assert_eq!(check.codings[0].edition.as_deref(), Some("e1"));
    assert_eq!(check.codings[0].also_fits, ["e2"]);
    assert_eq!(check.codings[1].edition.as_deref(), Some("e2"));
}

#[test]
fn levels_that_do_not_add_up_are_named() {
    let (_, check) = verdicts("year,level,code,value\n2021,clsc,06111,40\n2021,clsc,06112,30\n2021,rls,0611,71\n");
    assert_eq!(check.sums_checked, 1);
    let finding = check.findings.iter().find(|finding| finding.kind == SeriesFindingKind::LevelsDoNotAddUp).unwrap();
    assert_eq!(finding.place.line, Some(4));
}

/// Twenty years of counts: noise of a few percent, limits moved in 2022 or not seen in the values.
fn long_series(shows_break: bool, jump_in: Option<i32>) -> String {
    let mut csv = "year,code,value\n".to_owned();
    for year in 2005..2026 {
        let noise = |salt: i32| 1.0 + f64::from((year * 7919 + salt * 104_729) % 41 - 20) / 2000.0;
        let mut put = |code: &str, value: f64| writeln!(csv, "{year},{code},{}", value.round()).unwrap();
        let moved = year >= 2022 && shows_break;
        let jump = if jump_in.is_some_and(|from| year >= from) { 1.5 } else { 1.0 };
        put("06111", if moved { 30_000.0 } else { 40_000.0 } * noise(1));
        put("06112", if moved { 40_000.0 } else { 30_000.0 } * noise(2));
        put("06121", if year >= 2022 { 50_000.0 } else { 20_000.0 } * noise(3) * jump);
        if year < 2022 {
            put("06122", 30_000.0 * noise(4));
        }
    }
    csv
}

#[test]
fn a_break_is_shown_or_not_shown_and_a_jump_without_one_is_found() {
    let shown = |check: &Check, code: &str| check.tests.iter().find(|test| test.code.as_str() == code).unwrap().shown;
    let (_, check) = verdicts(&long_series(true, None));
    assert_eq!(shown(&check, "06111"), BreakShown::Shown);
    assert_eq!(shown(&check, "06121"), BreakShown::Shown);
    assert!(check.jumps.is_empty(), "{:?}", check.jumps);
    let (_, hidden) = verdicts(&long_series(false, Some(2012)));
    assert_eq!(shown(&hidden, "06111"), BreakShown::NotShown);
    let jumps: Vec<(&str, &str)> = hidden.jumps.iter().map(|jump| (jump.code.as_str(), jump.period.as_str())).collect();
    assert_eq!(jumps, [("06121", "2012")]);
    assert!(hidden.jumps[0].p < 1e-6 && (hidden.jumps[0].ratio - 1.5).abs() < 0.05);
}

#[test]
fn a_part_where_nobody_lives_breaks_no_series() {
    let editions = two();
    let mut people = vec![100; 12];
    people[3] = 0;
    let timeline = Timeline::new(&editions, &UnitWeights::new(people, vec![1.0; 12]));
    let table = read("year,code,value\n2021,06111,40\n2021,06112,30\n2021,06121,20\n2021,06122,31\n");
    let check = check(&table, &timeline, 1, &CheckOptions::default()).unwrap();
    assert_eq!(check.verdicts[0].verdict, Verdict::Unaffected);
    let changes = timeline.changes(Level::Clsc, 0, 1).unwrap();
    assert_eq!(changes.of_from("06111").unwrap().class, ChangeClass::BoundaryShift);
}
