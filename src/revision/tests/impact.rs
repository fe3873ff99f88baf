//! Impacts held against conservation, against each other, and against what is known beforehand.

use super::super::*;
use super::maps::{Map, demo, grid, islands};
use super::operations::{code, header};
use crate::domain::*;

fn impact(map: &Map, operations: &[Operation]) -> (Impact, Applied) {
    let applied = apply(&map.base, &map.units, header("revised"), operations).unwrap();
    let editions = (&map.base, &applied.edition);
    (Impact::between(&map.graph, &map.facts, &map.units, editions, CriteriaSettings::default()), applied)
}

fn classes(impact: &Impact, level: Level) -> Vec<(String, ChangeClass)> {
    let code = |standing: &Option<Standing>| standing.as_ref().map_or("-".into(), |known| known.code.to_string());
    (impact.level(level).territories.iter())
        .map(|known| (format!("{}>{}", code(&known.before), code(&known.after)), known.class))
        .collect()
}

fn units_of(map: &Map, clsc: &str) -> Vec<UnitId> {
    let place = map.base.hierarchy.find(Level::Clsc, clsc).unwrap();
    map.base.attachment.units(place).iter().map(|&unit| map.units.id(unit).clone()).collect()
}

#[test]
fn nothing_done_is_nothing_changed() {
    let (impact, _) = impact(demo(), &[]);
    assert!(impact.levels.iter().all(|level| level.territories.is_empty() && level.affected.units == 0));
    assert_eq!(impact.levels[0].unchanged, 166);
    assert!(impact.criteria.is_empty() && impact.broken_series.is_empty() && impact.code_changes.is_empty());
    assert_eq!(impact.nesting_breaks_before, impact.nesting_breaks_after);
}

#[test]
fn what_territories_gain_and_lose_adds_up_at_every_level() {
    let map = islands();
    let codes: Vec<String> =
        map.base.hierarchy.territories(Level::Clsc).iter().map(|known| known.code.to_string()).collect();
    let part = |at: usize, count: usize| units_of(map, &codes[at])[..count].to_vec();
    let operations = [
        Operation::MoveUnits {
            transfers: vec![
                Transfer { to: code(&codes[1]), units: part(0, 4) },
                Transfer { to: code(&codes[9]), units: part(5, 7) },
            ],
        },
        Operation::Merge { into: code(&codes[2]), from: vec![code(&codes[3])] },
    ];
    let (impact, _) = impact(map, &operations);
    for level in &impact.levels {
        for territory in &level.territories {
            let people = |standing: &Option<Standing>| standing.as_ref().map_or(0, |known| i128::from(known.people));
            let sum = |flows: &[Flow]| flows.iter().map(|flow| i128::from(flow.people)).sum::<i128>();
            assert_eq!(
                people(&territory.before) + sum(&territory.gained) - sum(&territory.lost),
                people(&territory.after)
            );
            let installations = |standing: &Option<Standing>| {
                standing.as_ref().map_or(0, |known| known.installations.unwrap_or(0) as usize)
            };
            assert_eq!(
                installations(&territory.before) + territory.installations_gained.len()
                    - territory.installations_lost.len(),
                installations(&territory.after)
            );
        }
        let moved: u64 = level.territories.iter().flat_map(|known| &known.lost).map(|flow| flow.people).sum();
        assert_eq!(moved, level.affected.people);
    }
    let clsc = impact.level(Level::Clsc);
    assert_eq!(clsc.unchanged + clsc.territories.len(), 16);
    assert_eq!(clsc.affected.units as usize, 11 + units_of(map, &codes[3]).len());
}

#[test]
fn each_operation_gives_the_class_it_should() {
    let map = grid(12, 3, |_, _| false);
    let all: Vec<String> =
        map.base.hierarchy.territories(Level::Clsc).iter().map(|known| known.code.to_string()).collect();
    let (first, second) = (all[0].as_str(), all[1].as_str());
    let of = |operation: Operation| classes(&impact(&map, &[operation]).0, Level::Clsc);
    let same = |text: &str| format!("{text}>{text}");
    assert_eq!(
        of(Operation::Rename { level: Level::Clsc, code: code(first), name: "Autre".into() }),
        [(same(first), ChangeClass::Renamed)]
    );
    assert_eq!(
        of(Operation::Recode { level: Level::Clsc, code: code(first), new_code: code("00099") }),
        [(format!("{first}>00099"), ChangeClass::Recoded)]
    );
    assert_eq!(
        of(Operation::MoveUnits {
            transfers: vec![Transfer { to: code(second), units: units_of(&map, first)[..2].to_vec() }]
        }),
        [(same(first), ChangeClass::BoundaryShift), (same(second), ChangeClass::BoundaryShift)]
    );
    assert_eq!(
        of(Operation::Merge { into: code(first), from: vec![code(second)] }),
        [(same(first), ChangeClass::Merged), (format!("{second}>-"), ChangeClass::Merged)]
    );
    let part =
        NewClsc { code: code("00098"), name: "Neuf".into(), units: units_of(&map, first)[..3].to_vec(), parents: None };
    assert_eq!(
        of(Operation::Split { clsc: code(first), parts: vec![part.clone()] }),
        [(same(first), ChangeClass::Split), ("->00098".to_owned(), ChangeClass::Split)]
    );
    let mut units = part.units.clone();
    units.extend(units_of(&map, second)[..3].to_vec());
    let row = map.base.hierarchy.rows()[0].territories.clone();
    let [_, rls, rts, rss, ruisss] = row.map(|known| Parent { code: known.code, name: None });
    let parents = Some(Parents { rls, rts, rss, ruisss });
    let found = of(Operation::Create { clsc: NewClsc { units, parents, ..part } });
    assert!(found.contains(&("->00098".to_owned(), ChangeClass::Created)), "{found:?}");
    let last = all[15].as_str();
    let rls = map.base.hierarchy.territories(Level::Rls)[0].code.clone();
    let (impact, _) = impact(&map, &[Operation::MoveClscToRls { clsc: code(last), rls }]);
    assert_eq!(classes(&impact, Level::Clsc), [(same(last), ChangeClass::ParentChanged)]);
    assert!(classes(&impact, Level::Rls).iter().all(|known| known.1 == ChangeClass::BoundaryShift));
    assert_eq!(impact.code_changes.len(), 1);
    assert_eq!(
        impact.broken_series.len(),
        impact.levels[1..4].iter().map(|level| level.territories.len()).sum::<usize>()
    );
    assert_eq!(impact.level(Level::Clsc).affected.people, 0);
    assert!(impact.level(Level::Rls).affected.people > 0);
}

#[test]
fn what_an_engine_reads_after_moves_is_what_the_revised_edition_gives() {
    let map = islands();
    let before = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let mut after = before.clone();
    let mut transfers = std::collections::BTreeMap::<u16, Vec<UnitId>>::new();
    let mut draw = super::operations::seeded(8);
    let mut moved = std::collections::BTreeSet::new();
    while moved.len() < 40 {
        let unit = draw(map.graph.len()) as u32;
        if let Some(&clsc) = after.choices(unit).first()
            && after.check(unit, clsc).is_ok()
            && moved.insert(unit)
        {
            after.apply(unit, clsc);
            transfers.entry(clsc).or_default().push(map.units.id(unit).clone());
        }
    }
    let codes = map.base.hierarchy.territories(Level::Clsc);
    let transfers = transfers
        .into_iter()
        .map(|(clsc, units)| Transfer { to: codes[usize::from(clsc)].code.clone(), units })
        .collect();
    let (expected, applied) = impact(map, &[Operation::MoveUnits { transfers }]);
    let grounds = CriteriaGrounds::new(&before, &map.units, CriteriaSettings::default());
    let found = Impact::read(&grounds, (&before, &map.base.header), (&after, &applied.edition.header));
    assert!(found == expected);
    let mut list = Vec::new();
    write_affected(&mut list, &map.units, &before, &after).unwrap();
    let list = String::from_utf8(list).unwrap();
    let people: u64 = list.lines().skip(1).map(|row| row.split(',').nth(1).unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(people, expected.level(Level::Clsc).affected.people);
}

#[test]
fn an_island_that_was_there_is_allowed_and_a_new_one_is_named() {
    // Column 8 is a river: CLSC 1 (columns 6 to 11) is on both banks from the start.
    let map = islands();
    let before = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let grounds = CriteriaGrounds::new(&before, &map.units, CriteriaSettings::default());
    let was = grounds.measure(&before, 1);
    assert!(!was.detached().is_empty() && was.detached().iter().all(|piece| piece.was_there));
    assert_eq!(was.grade_of("contiguity"), Some(Grade::Good));
    let mut after = before.clone();
    let corner = map.units.find("24660202").unwrap();
    assert_eq!(after.clsc_of(corner), 0);
    after.apply(corner, 1);
    let is = grounds.measure(&after, 1);
    let new: Vec<&Piece> = is.detached().iter().filter(|piece| !piece.was_there).collect();
    assert_eq!(new.len(), 1);
    assert_eq!(new[0].units, [UnitId::new("24660202")]);
    assert_eq!(is.grade_of("contiguity"), Some(Grade::Poor));
    assert!(is.drivers.iter().any(|fault| fault.id() == "detached"));
}

#[test]
fn criteria_of_a_square_are_known_beforehand() {
    let mut map = grid(4, 4, |_, _| false);
    map.facts.people = vec![100; 16];
    map.facts.people[15] = 500;
    map.facts.installations.truncate(1);
    map.facts.installations[0].is_clsc = true;
    map.facts.installations[0].unit = 0;
    (map.facts.installations[0].lon, map.facts.installations[0].lat) =
        (map.facts.points[0].lon(), map.facts.points[0].lat());
    map.facts.indicators[0].values = (0..16).map(|unit| Some(if unit == 15 { 8.0 } else { 4.0 })).collect();
    let engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let settings = CriteriaSettings {
        least_people: 2000,
        most_people: 2500,
        far_m: 900.0,
        contrasted: 1,
        ..CriteriaSettings::default()
    };
    let found = CriteriaGrounds::new(&engine, &map.units, settings).measure(&engine, 0);
    assert_eq!((found.people(), found.grade_of("people")), (2000, Some(Grade::Good)));
    let value = |id: &str| found.of(id).next().unwrap().value.clone();
    // 4 steps of 0.002 degree: a rectangle of about 618 m by 889 m.
    let (w, h) = (618.6, 889.5);
    let Value::Number(compactness) = value("compactness") else { panic!() };
    assert!((compactness - std::f64::consts::PI * w * h / (w + h) / (w + h)).abs() < 1e-3);
    // The far corner holds a quarter of the people, 3 steps away each way.
    let Value::Distance(distance) = value("distance") else { panic!() };
    let inside = distance.inside.unwrap();
    assert!((inside.p90_m - 0.75 * w.hypot(h)).abs() < 1.0, "{distance:?}");
    assert_eq!((inside.share_far, distance.inside), (0.0, distance.anywhere));
    let Value::Spread(spread) = value("indicators") else { panic!() };
    assert!((spread.mean - 5.0).abs() < 1e-9 && (spread.deviation - 3_f64.sqrt()).abs() < 1e-9);
    assert_eq!(spread.contrasted, [(UnitId::new("24660303"), 8.0)]);
    let Value::Kept(kept) = value("flows") else { panic!() };
    assert!(kept.share == Some(1.0) && kept.elsewhere == 0 && found.of("gmf").count() == 1);
    assert_eq!(found.cuts("municipalities"), Some(&[][..]));
    assert_eq!(settings.people_grade(1999), Grade::Fair);
    assert_eq!(
        [1400, 900, 3000, 4000, 6000].map(|people| settings.people_grade(people)),
        [Grade::Weak, Grade::Poor, Grade::Fair, Grade::Weak, Grade::Poor]
    );
}

#[test]
fn people_moved_before_are_counted_and_a_new_code_moves_nobody() {
    let map = islands();
    let (first, second) = {
        let list = map.base.hierarchy.territories(Level::Clsc);
        (list[0].code.clone(), list[1].code.clone())
    };
    let units = units_of(map, first.as_str())[..3].to_vec();
    let moved = Operation::MoveUnits { transfers: vec![Transfer { to: second, units: units.clone() }] };
    let recoded = Operation::Recode { level: Level::Clsc, code: first, new_code: code("00097") };
    let (_, one) = impact(map, std::slice::from_ref(&moved));
    let (_, two) = impact(map, &[moved, recoded]);
    let counts = moved_before(&[&map.base, &one.edition, &two.edition, &map.base], &map.facts.people);
    let expected: Vec<u32> =
        (0..map.units.len() as u32).map(|unit| if units.contains(map.units.id(unit)) { 2 } else { 0 }).collect();
    assert_eq!(counts, expected);
}

#[test]
fn what_leaves_the_province_counts_in_the_total_and_stays_true_move_by_move() {
    let mut map = grid(4, 2, |_, _| false);
    map.facts.gmf = None;
    map.facts.flows =
        vec![FlowMatrix::new("navettage", 16, &[(0, 1, 30), (1, 0, 10)]).with_elsewhere(&[(0, 60), (5, 7)])];
    let mut engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let kept = |engine: &ImpactEngine<'_>, clsc: u16| {
        let grounds = CriteriaGrounds::new(engine, &map.units, CriteriaSettings::default());
        let found = grounds.measure(engine, clsc);
        let Value::Kept(kept) = found.of("flows").next().unwrap().value.clone() else { panic!() };
        (kept.total, kept.inside, kept.elsewhere, kept.share)
    };
    // Units 0 and 1 are in the first CLSC with 5: 40 of 107 stay.
    assert_eq!(kept(&engine, 0), (107, 40, 67, Some(40.0 / 107.0)));
    engine.apply(0, 1);
    assert_eq!(kept(&engine, 0), (17, 0, 7, Some(0.0)));
    assert_eq!(kept(&engine, 1), (90, 0, 60, Some(0.0)));
    assert!(engine.agrees_with_recount());
    let measured = Measured {
        criterion: "flows",
        of: Some("navettage".into()),
        grade: None,
        fault: None,
        value: Value::Kept(Kept { total: 200, inside: 100, elsewhere: 50, share: Some(0.5) }),
    };
    assert_eq!(measured.words(Language::French), "50,0\u{a0}% (et 25,0\u{a0}% hors de la province)");
    assert_eq!(measured.label(Language::English), "flows kept inside, navettage");
}

#[test]
fn a_municipality_or_an_address_that_is_not_known_is_not_taken_for_none() {
    let mut map = grid(4, 2, |_, _| false);
    map.facts.people = vec![100; 16];
    let known = |unit: usize| (unit % 4 < 2).then_some("A");
    map.facts.municipalities = Some(Areas::from_codes((0..16).map(known)));
    map.facts.addresses = Some((0..16).map(|unit| (unit % 4 == 0).then_some(40)).collect());
    let engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let grounds = CriteriaGrounds::new(&engine, &map.units, CriteriaSettings::default());
    // The eastern CLSC know no municipality: not measured. The western ones share theirs.
    assert_eq!(grounds.measure(&engine, 1).cuts("municipalities"), None);
    let west = grounds.measure(&engine, 0);
    assert_eq!(west.cuts("municipalities").map(<[Cut]>::len), Some(1));
    assert_eq!(west.grade_of("municipalities"), Some(Grade::Fair));
    let move_of = |units: &[&str]| Operation::MoveUnits {
        transfers: vec![Transfer {
            to: map.base.hierarchy.territories(Level::Clsc)[2].code.clone(),
            units: super::operations::ids(units),
        }],
    };
    let affected = |units: &[&str]| impact(&map, &[move_of(units)]).0.level(Level::Clsc).affected;
    let some = affected(&["24660100", "24660101"]);
    assert_eq!((some.people, some.addresses, some.addresses_known_share), (200, Some(40), Some(0.5)));
    let none = affected(&["24660101"]);
    assert_eq!((none.people, none.addresses, none.addresses_known_share), (100, None, Some(0.0)));
    // Known of half of its people only: told, not graded.
    let mut half = grid(4, 4, |_, _| false);
    half.facts.people = vec![100; 16];
    half.facts.municipalities = Some(Areas::from_codes((0..16).map(known)));
    let engine = ImpactEngine::new(&half.graph, &half.facts, &half.base, &half.base);
    let found = CriteriaGrounds::new(&engine, &half.units, CriteriaSettings::default()).measure(&engine, 0);
    let measured = found.of("municipalities").next().unwrap();
    assert_eq!((measured.grade, &measured.value), (None, &Value::Cuts { cut: Vec::new(), known_share: 0.5 }));
    assert_eq!(measured.words(Language::French), "0, connues pour 50,0\u{a0}% des personnes");
}

#[test]
fn people_of_another_year_are_shared_out_to_the_last_one_and_ranges_are_told() {
    let mut map = grid(4, 2, |_, _| false);
    map.facts.people = vec![100; 16];
    map.facts.people[0] = 0;
    let by_clsc = [Some(1_001), None, Some(0), Some(7)];
    let year = YearPeople::of_clsc(2041, &by_clsc, &map.base.attachment, &map.facts.people);
    let of =
        |clsc: usize| -> u64 { map.base.attachment.units(clsc).iter().map(|&unit| year.people[unit as usize]).sum() };
    assert_eq!([of(0), of(1), of(2), of(3)], [1_001, 400, 0, 7]);
    assert_eq!(year.people[0], 0, "nobody lives there today");
    let mut spread: Vec<u64> = map.base.attachment.units(3).iter().map(|&unit| year.people[unit as usize]).collect();
    spread.sort_unstable();
    assert_eq!(spread, [1, 2, 2, 2]);
    map.facts.years = vec![year.clone()];
    let to = map.base.hierarchy.territories(Level::Clsc)[1].code.clone();
    let operation =
        Operation::MoveUnits { transfers: vec![Transfer { to, units: super::operations::ids(&["24660001"]) }] };
    let applied = apply(&map.base, &map.units, header("x"), &[operation]).unwrap();
    let settings = CriteriaSettings { least_people: 700, most_people: 2_000, ..CriteriaSettings::default() };
    let impact = Impact::between(&map.graph, &map.facts, &map.units, (&map.base, &applied.edition), settings);
    let told: Vec<_> = (impact.other_years.iter())
        .map(|known| (known.year, known.before, known.after, known.in_range_before, known.in_range_after))
        .collect();
    let moved = year.people[1];
    assert_eq!(
        told,
        [
            (2041, Some(1_001), Some(1_001 - moved), Some(true), Some(false)),
            (2041, Some(400), Some(400 + moved), Some(false), Some(true))
        ]
    );
}
