//! Levels, sexes and ages agree after any revision, to the last unit.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;

use crate::domain::{
    AttachmentTable, Date, Edition, EditionHeader, Hierarchy, HierarchyRow, Level, Territory, TerritoryCode,
};
use crate::series::*;

const UNITS: usize = 24;
const CLSC: usize = 6;

/// The parents of each CLSC: RLS, and the RUISSS, which need not nest.
type Parents = Vec<(usize, usize)>;

/// An edition whose CLSC lie in RLS, two of these in a RTS and each RTS in a RSS.
fn edition(id: &str, date: &str, clsc_of_unit: &[usize], parents: &Parents) -> Edition {
    let used: Vec<usize> = (0..CLSC).filter(|clsc| clsc_of_unit.contains(clsc)).collect();
    let rows: Vec<HierarchyRow> = used
        .iter()
        .map(|&clsc| {
            let (rls, ruisss) = parents[clsc];
            let codes = [
                format!("0611{}", clsc + 1),
                format!("061{}", rls + 1),
                format!("06{}", rls / 2 + 1),
                format!("0{}", rls / 2 + 6),
                format!("{}", ruisss + 1),
            ];
            HierarchyRow {
                territories: codes.map(|code| Territory {
                    name: code.clone(),
                    code: TerritoryCode::new(&code),
                    published_population: None,
                }),
            }
        })
        .collect();
    let place = |clsc: &usize| used.iter().position(|other| other == clsc).unwrap() as u16;
    Edition {
        header: EditionHeader {
            id: id.to_owned(),
            label: id.to_owned(),
            official: false,
            valid_from: date.parse::<Date>().unwrap(),
        },
        hierarchy: Hierarchy::new(&rows).unwrap(),
        attachment: AttachmentTable::new(clsc_of_unit.iter().map(place).collect(), used.len()).unwrap(),
        straddles: Vec::new(),
    }
}

const SEXES: [&str; 3] = ["F", "M", "Total"];
const AGES: [&str; 3] = ["0-17", "18+", "Total"];

/// The value of a sex and age of one CLSC; totals are sums.
fn count(counts: &[u32], clsc: usize, sex: usize, age: usize) -> u32 {
    let of = |list: usize| if list == 2 { 0..2 } else { list..list + 1 };
    of(sex).flat_map(|sex| of(age).map(move |age| counts[clsc * 4 + sex * 2 + age])).sum()
}

/// A table of all levels, sexes and ages, on the limits of an edition.
fn table_of(edition: &Edition, counts: &[u32]) -> Table {
    let mut csv = "annee,niveau,code,sexe,age,nombre\n".to_owned();
    let hierarchy = &edition.hierarchy;
    for level in Level::TERRITORIAL {
        for (place, territory) in hierarchy.territories(level).iter().enumerate() {
            for (sex, sex_label) in SEXES.iter().enumerate() {
                for (age, age_label) in AGES.iter().enumerate() {
                    let sum: u32 = hierarchy
                        .clsc_of(level, place)
                        .map(|clsc| {
                            let code = hierarchy.territories(Level::Clsc)[clsc].code.as_str();
                            count(counts, code[4..].parse::<usize>().unwrap() - 1, sex, age)
                        })
                        .sum();
                    writeln!(csv, "2018,{level},{},{sex_label},{age_label},{sum}", territory.code).unwrap();
                }
            }
        }
    }
    Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap()
}

/// Values by level, territory, sex and age.
type Values = BTreeMap<(Level, u16, String, String), i64>;

fn values(table: &Table, bridge: &Bridge) -> Values {
    bridge
        .cells
        .iter()
        .map(|cell| {
            let key = &table.series[cell.series as usize];
            let value = cell.value.expect("nothing is withheld") as i64;
            ((cell.level, cell.territory, key.sex.clone(), key.age.clone()), value)
        })
        .collect()
}

fn parents() -> impl Strategy<Value = Parents> {
    prop::collection::vec((0_usize..4, 0_usize..3), CLSC)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn every_level_is_the_sum_of_its_clsc_and_sexes_and_ages_add_up_after_any_revision(
        before in prop::collection::vec(0_usize..CLSC, UNITS),
        after in prop::collection::vec(0_usize..CLSC, UNITS),
        (parents_before, parents_after) in (parents(), parents()),
        people in prop::collection::vec(1_u32..900, UNITS),
        counts in prop::collection::vec(0_u32..2000, CLSC * 4),
    ) {
        let editions =
            [edition("e1", "2017-01-01", &before, &parents_before), edition("e2", "2022-01-01", &after, &parents_after)];
        let timeline = Timeline::new(&editions, &UnitWeights::new(people, vec![1.0; UNITS]));
        let table = table_of(&editions[0], &counts);
        let mut options = BridgeOptions::default();
        options.coded_in.insert("2018".to_owned(), "e1".to_owned());
        let bridge = bridge(&table, &timeline, 1, &options).unwrap();
        prop_assert!(bridge.conservation.iter().all(|kept| kept.holds() && kept.levels_differ == 0));
        let values = values(&table, &bridge);
        let hierarchy = &editions[1].hierarchy;
        let of = |level: Level, place: usize, sex: &str, age: &str| {
            values[&(level, place as u16, sex.to_owned(), age.to_owned())]
        };
        for level in Level::TERRITORIAL {
            for place in 0..hierarchy.territories(level).len() {
                for sex in SEXES {
                    for age in AGES {
                        let sum: i64 = hierarchy.clsc_of(level, place).map(|clsc| of(Level::Clsc, clsc, sex, age)).sum();
                        prop_assert_eq!(of(level, place, sex, age), sum, "{} {} {} {}", level, place, sex, age);
                    }
                }
                for label in 0..3 {
                    let sexes: i64 = (0..2).map(|sex| of(level, place, SEXES[sex], AGES[label])).sum();
                    prop_assert_eq!(of(level, place, "Total", AGES[label]), sexes);
                    let ages: i64 = (0..2).map(|age| of(level, place, SEXES[label], AGES[age])).sum();
                    prop_assert_eq!(of(level, place, SEXES[label], "Total"), ages);
                }
            }
            let all: i64 = (0..hierarchy.territories(level).len()).map(|place| of(level, place, "Total", "Total")).sum();
            let given: u32 =
                (0..CLSC).filter(|clsc| before.contains(clsc)).map(|clsc| count(&counts, clsc, 2, 2)).sum();
            prop_assert_eq!(all, i64::from(given));
        }
        // A value is sure before the bridge exactly where all that is made of it is sure after.
        let coded_in = options.coded_in.clone();
        let checked = check(&table, &timeline, 1, &CheckOptions { coded_in, ..CheckOptions::default() }).unwrap();
        for (cell, said) in table.cells.iter().zip(&checked.verdicts) {
            let overlap = timeline.overlap(cell.level, 0, 1).unwrap().peopled();
            let place = editions[0].hierarchy.find(cell.level, table.codes[cell.code as usize].as_str()).unwrap();
            let sure = overlap.of_from(place).all(|part| {
                bridge.cells.iter().any(|made| {
                    (made.series, made.level, made.territory) == (cell.series, cell.level, part.to)
                        && made.method != Method::Weighted
                })
            });
            let expected = if sure { said.verdict != Verdict::Estimated } else { said.verdict == Verdict::Estimated };
            prop_assert!(expected, "{} {}: {:?}, sure after: {sure}", cell.level, table.codes[cell.code as usize], said);
        }
        for cell in &bridge.cells {
            if let Some(interval) = cell.interval {
                let value = cell.value.unwrap();
                prop_assert!(interval.low <= value && value <= interval.high, "{:?}", cell);
            }
        }
    }
}

#[test]
fn a_whole_clsc_that_changes_parent_is_exact_at_every_level() {
    let units: Vec<usize> = (0..UNITS).map(|unit| unit / 4).collect();
    let before = vec![(0, 0), (0, 0), (1, 0), (1, 1), (2, 1), (3, 2)];
    let mut after = before.clone();
    after[2] = (0, 1);
    let editions = [edition("e1", "2017-01-01", &units, &before), edition("e2", "2022-01-01", &units, &after)];
    let weights = UnitWeights::new((0..UNITS as u32).map(|unit| 100 + 37 * unit).collect(), vec![1.0; UNITS]);
    let timeline = Timeline::new(&editions, &weights);
    let counts: Vec<u32> = (0..CLSC as u32 * 4).map(|at| 10 + 7 * at).collect();
    let table = table_of(&editions[0], &counts);
    let mut options = BridgeOptions::default();
    options.coded_in.insert("2018".to_owned(), "e1".to_owned());
    let bridge = bridge(&table, &timeline, 1, &options).unwrap();
    assert!(bridge.cells.iter().all(|cell| cell.method != Method::Weighted && cell.interval.is_none()));
    let moved =
        bridge.cells.iter().find(|cell| cell.level == Level::Rls && cell.method == Method::SumOfWholes).unwrap();
    let key = &table.series[moved.series as usize];
    let (sex, age) = (
        SEXES.iter().position(|label| *label == key.sex).unwrap(),
        AGES.iter().position(|label| *label == key.age).unwrap(),
    );
    let sum: u32 = (0..3).map(|clsc| count(&counts, clsc, sex, age)).sum();
    assert_eq!((moved.territory, moved.value), (0, Some(f64::from(sum))));
    // The values of RLS alone can not tell: without CLSC the same cells are estimates.
    let rls: String =
        "annee,niveau,code,nombre\n2018,rls,0611,400\n2018,rls,0612,300\n2018,rls,0613,90\n2018,rls,0614,80\n".into();
    let alone = Table::read(rls.as_bytes(), "essai.csv", &TableOptions::default()).unwrap();
    let estimated = super::bridge(&alone, &timeline, 1, &options).unwrap();
    assert!(estimated.cells.iter().any(|cell| cell.method == Method::Weighted));
}

#[test]
fn levels_that_did_not_add_up_before_are_sums_after_and_the_difference_is_told() {
    let units: Vec<usize> = (0..UNITS).map(|unit| unit / 4).collect();
    let before = vec![(0, 0), (0, 0), (1, 0), (1, 1), (2, 1), (3, 2)];
    let mut after = before.clone();
    after[2] = (0, 0);
    let editions = [edition("e1", "2017-01-01", &units, &before), edition("e2", "2022-01-01", &units, &after)];
    let timeline = Timeline::new(&editions, &UnitWeights::new(vec![100; UNITS], vec![1.0; UNITS]));
    let csv = "annee,niveau,code,nombre\n2018,clsc,06111,10\n2018,clsc,06112,20\n2018,clsc,06113,30\n2018,clsc,06114,40\n\
               2018,clsc,06115,1\n2018,clsc,06116,1\n2018,rls,0611,33\n2018,rls,0612,70\n2018,rls,0613,1\n2018,rls,0614,1\n";
    let table = Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap();
    let mut options = BridgeOptions::default();
    options.coded_in.insert("2018".to_owned(), "e1".to_owned());
    let bridge = bridge(&table, &timeline, 1, &options).unwrap();
    let rls: Vec<f64> =
        bridge.cells.iter().filter(|cell| cell.level == Level::Rls).filter_map(|cell| cell.value).collect();
    assert_eq!(rls, [60.0, 40.0, 1.0, 1.0]);
    let kept = bridge.conservation.iter().find(|kept| kept.level == Level::Rls).unwrap();
    assert_eq!((kept.levels_differ, kept.holds()), (3, true));
    assert!(bridge.findings.iter().any(|finding| finding.kind == SeriesFindingKind::LevelsDoNotAddUp));
}

#[test]
fn values_are_shared_by_the_weights_of_their_own_year() {
    let editions = [
        edition("e1", "2017-01-01", &[0; UNITS], &vec![(0, 0); CLSC]),
        edition("e2", "2022-01-01", &std::array::from_fn::<usize, UNITS, _>(|unit| unit / 12), &vec![(0, 0); CLSC]),
    ];
    let at = |year, share: f64| DatedWeights {
        date: Date::new(year, 7, 1).unwrap(),
        weights: (0..UNITS).map(|unit| if unit < 12 { share } else { 1.0 - share }).collect(),
    };
    let weights = UnitWeights {
        dated: vec![at(2006, 0.2), at(2016, 0.6)],
        ..UnitWeights::new(vec![100; UNITS], vec![1.0; UNITS])
    };
    let timeline = Timeline::new(&editions, &weights);
    let csv =
        "annee,code,nombre\n2001,06111,1000\n2006,06111,1000\n2011,06111,1000\n2016,06111,1000\n2030,06111,1000\n";
    let table = Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap();
    let coded_in = table.periods.iter().map(|period| (period.label.clone(), "e1".to_owned())).collect();
    let options = BridgeOptions { coded_in, ..BridgeOptions::default() };
    let bridge = bridge(&table, &timeline, 1, &options).unwrap();
    let first: Vec<&BridgedCell> = bridge.cells.iter().filter(|cell| cell.territory == 0).collect();
    assert_eq!(first.iter().map(|cell| cell.value.unwrap()).collect::<Vec<_>>(), [200.0, 200.0, 400.0, 600.0, 600.0]);
    let width = |cell: &BridgedCell| cell.interval.map(|it| it.high - it.low).unwrap() / cell.value.unwrap();
    assert!(width(first[0]) > width(first[1]) && width(first[4]) > width(first[3]), "wider away from the weights");
    assert!(width(first[4]) > 1.3 * width(first[3]));
}

#[test]
fn chance_is_in_the_intervals_where_it_is_asked_for() {
    let units: Vec<usize> = (0..UNITS).map(|unit| unit / 4).collect();
    let parents = vec![(0, 0); CLSC];
    let editions = [edition("e1", "2017-01-01", &units, &parents), edition("e2", "2022-01-01", &units, &parents)];
    let timeline = Timeline::new(&editions, &UnitWeights::new(vec![100; UNITS], vec![1.0; UNITS]));
    let csv = "annee,code,cas,population\n2018,06111,10,1000\n2018,06112,0,1000\n";
    let table = Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap();
    let asked = |chance, rate_per| {
        bridge(&table, &timeline, 1, &BridgeOptions { rate_per, chance, ..BridgeOptions::default() })
    };
    assert!(asked(false, None).unwrap().cells.iter().all(|cell| cell.interval.is_none()));
    let found = asked(true, Some(1000.0)).unwrap();
    let (interval, rate) = (found.cells[0].interval.unwrap(), found.cells[0].rate_interval.unwrap());
    // The exact interval of 10 cases, as printed in tables.
    assert!((interval.low - 4.795).abs() < 2e-3 && (interval.high - 18.390).abs() < 2e-3, "{interval:?}");
    assert!((rate.low - 4.795).abs() < 2e-3 && (found.cells[0].rate.unwrap() - 10.0).abs() < 1e-9, "rates per 1,000");
    assert!(found.cells[1].interval.unwrap().low.abs() < 1e-12);
    let counts = Table::read(b"annee,code,cas\n2018,06111,10\n", "essai.csv", &TableOptions::default()).unwrap();
    let refused = bridge(&counts, &timeline, 1, &BridgeOptions { rate_per: Some(1000.0), ..BridgeOptions::default() });
    assert!(matches!(refused, Err(SeriesError::NoRates)));
}
