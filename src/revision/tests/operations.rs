//! Operations, their refusals and inverses, files and history.

use std::path::Path;

use super::super::*;
use crate::domain::*;
use crate::tables::ColumnMap;

pub(in crate::revision) fn code(text: &str) -> TerritoryCode {
    TerritoryCode::new(text)
}

pub(in crate::revision) fn ids(list: &[&str]) -> Vec<UnitId> {
    list.iter().map(|id| UnitId::new(id)).collect()
}

pub(in crate::revision) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(in crate::revision) fn header(id: &str) -> EditionHeader {
    EditionHeader { id: id.into(), label: "Essai".into(), official: false, valid_from: date("2027-04-01") }
}

/// Twelve units u00 to u11, two a CLSC; six CLSC in four RLS, three RTS, two RSS, two RUISSS.
pub(in crate::revision) fn small() -> (Edition, UnitIndex) {
    let rows: Vec<HierarchyRow> = [
        ["01111", "0111", "011", "01", "1"],
        ["01112", "0111", "011", "01", "1"],
        ["01121", "0112", "011", "01", "1"],
        ["01211", "0121", "012", "01", "2"],
        ["02111", "0211", "021", "02", "2"],
        ["02112", "0211", "021", "02", "2"],
    ]
    .iter()
    .map(|codes| HierarchyRow {
        territories: std::array::from_fn(|level| Territory {
            code: code(codes[level]),
            name: format!("Nom {}", codes[level]),
            published_population: (level < 3).then_some(1000 + level as u64),
        }),
    })
    .collect();
    let names: Vec<String> = (0..12).map(|unit| format!("u{unit:02}")).collect();
    let units = UnitIndex::new(names.iter().map(String::as_str));
    let share = |clsc: &str, fraction| Share { clsc: code(clsc), fraction };
    let straddle = Straddle {
        unit: UnitId::new("u02"),
        shares: vec![share("01112", 0.7), share("01111", 0.3)],
        people_moved: Some(12),
    };
    let edition = Edition {
        header: header("base"),
        hierarchy: Hierarchy::new(&rows).unwrap(),
        attachment: AttachmentTable::new((0..12).map(|unit| unit / 2).collect(), 6).unwrap(),
        straddles: vec![straddle],
    };
    (edition, units)
}

fn refused(operation: Operation) -> Refusal {
    let (base, units) = small();
    match apply(&base, &units, header("x"), &[operation]) {
        Err(RevisionError::Refused { reason, number: 1, .. }) => reason,
        other => panic!("not refused: {other:?}"),
    }
}

fn moved(to: &str, units: &[&str]) -> Operation {
    Operation::MoveUnits { transfers: vec![Transfer { to: code(to), units: ids(units) }] }
}

#[test]
fn what_would_break_the_edition_is_refused_with_the_reason() {
    assert!(matches!(refused(moved("99999", &["u00"])), Refusal::UnknownCode { .. }));
    assert!(matches!(refused(moved("01112", &["zz"])), Refusal::UnknownUnit { .. }));
    assert!(matches!(refused(moved("01112", &["u00", "u00"])), Refusal::MovedTwice { .. }));
    assert!(matches!(refused(moved("01112", &["u02"])), Refusal::AlreadyThere { .. }));
    assert!(matches!(refused(moved("01112", &["u00", "u01"])), Refusal::EmptyTerritory { .. }));
    assert!(matches!(refused(moved("01112", &[])), Refusal::NoEffect));
    let homes = |units: &[&str]| vec![Transfer { to: code("01112"), units: ids(units) }];
    assert_eq!(
        refused(Operation::Close { clsc: code("01111"), homes: homes(&["u00"]) }),
        Refusal::LeftWithoutClsc { unit: UnitId::new("u01"), clsc: code("01111"), count: 1 }
    );
    assert!(matches!(
        refused(Operation::Close { clsc: code("01111"), homes: homes(&["u00", "u01", "u04"]) }),
        Refusal::NotInClsc { .. }
    ));
    let new = |text: &str, units: &[&str]| NewClsc {
        code: code(text),
        name: "Neuf".into(),
        units: ids(units),
        parents: None,
    };
    assert!(matches!(refused(Operation::Create { clsc: new("01121", &["u00"]) }), Refusal::CodeUsed { .. }));
    assert!(matches!(refused(Operation::Create { clsc: new("1113", &["u00"]) }), Refusal::BadCode(_)));
    assert!(matches!(refused(Operation::Create { clsc: new("01113", &[]) }), Refusal::EmptyTerritory { .. }));
    assert!(matches!(
        refused(Operation::Create { clsc: new("01113", &["u00", "u08"]) }),
        Refusal::MissingParents { .. }
    ));
    assert!(matches!(
        refused(Operation::Create { clsc: new("01113", &["u00", "u01"]) }),
        Refusal::EmptyTerritory { .. }
    ));
    assert!(matches!(
        refused(Operation::Split { clsc: code("01111"), parts: vec![new("01113", &["u02"])] }),
        Refusal::NotInClsc { .. }
    ));
    assert!(matches!(
        refused(Operation::Merge { into: code("01111"), from: vec![code("01111")] }),
        Refusal::RepeatedClsc { .. }
    ));
    assert!(matches!(
        refused(Operation::Recode { level: Level::Clsc, code: code("01111"), new_code: code("01112") }),
        Refusal::CodeUsed { .. }
    ));
    assert!(matches!(
        refused(Operation::Rename { level: Level::Da, code: code("u00"), name: "x".into() }),
        Refusal::NotTerritorial { .. }
    ));
    assert!(matches!(
        refused(Operation::MoveClscToRls { clsc: code("01111"), rls: code("0999") }),
        Refusal::UnknownCode { level: Level::Rls, .. }
    ));
    assert!(matches!(refused(Operation::MoveClscToRls { clsc: code("01111"), rls: code("0111") }), Refusal::NoEffect));
}

#[test]
fn a_clsc_that_goes_to_another_rls_takes_its_rts_and_rss_and_its_code_must_change() {
    let (base, units) = small();
    let operation = Operation::MoveClscToRls { clsc: code("01112"), rls: code("0211") };
    let applied = apply(&base, &units, header("x"), std::slice::from_ref(&operation)).unwrap();
    let hierarchy = &applied.edition.hierarchy;
    let clsc = hierarchy.find(Level::Clsc, "01112").unwrap();
    let code_of = |level: Level| hierarchy.territories(level)[hierarchy.parent(clsc, level)].code.as_str().to_owned();
    assert_eq!(Level::UPPER.map(code_of), ["0211", "021", "02", "1"]);
    assert_eq!(applied.code_changes.len(), 1);
    assert_eq!(applied.code_changes[0].proposed, Some(code("02113")));
    // The RUISSS stays, so that the RLS is now split between two.
    assert!(hierarchy.nesting_breaks().iter().any(|found| found.lower == Level::Rls && found.upper == Level::Ruisss));
    let published = |level, text: &str| {
        let place = hierarchy.find(level, text).unwrap();
        hierarchy.territories(level)[place].published_population
    };
    assert_eq!(published(Level::Clsc, "01112"), Some(1000));
    assert_eq!([published(Level::Rls, "0111"), published(Level::Rls, "0211")], [None, None]);
    assert_eq!(published(Level::Rls, "0112"), Some(1001));
}

#[test]
fn mutations_name_the_modes_of_every_territory_concerned() {
    let (base, units) = small();
    let new = NewClsc { code: code("01212"), name: "Neuf".into(), units: ids(&["u07"]), parents: None };
    let operations = [
        moved("01121", &["u00"]),
        Operation::Split { clsc: code("01211"), parts: vec![new] },
        Operation::Recode { level: Level::Rss, code: code("02"), new_code: code("03") },
    ];
    let applied = apply(&base, &units, header("x"), &operations).unwrap();
    let told = |step: usize| -> Vec<String> {
        applied.changes[step]
            .iter()
            .map(|change| {
                let text = |code: &Option<TerritoryCode>| code.as_ref().map_or("-".to_owned(), ToString::to_string);
                let modes: Vec<u8> = change.modes.iter().map(|&mode| mode.into()).collect();
                format!("{} {}>{} {modes:?}", change.level, text(&change.before), text(&change.after))
            })
            .collect()
    };
    assert_eq!(
        told(0),
        ["clsc 01111>01111 [26]", "clsc 01121>01121 [26]", "rls 0111>0111 [26]", "rls 0112>0112 [26]",]
    );
    assert_eq!(told(1), ["clsc 01211>01211 [26]", "clsc ->01212 [21]"]);
    assert_eq!(told(2), ["rss 02>03 [27]"]);
}

/// A random operation, often legal.
fn random_operation(draw: &mut impl FnMut(usize) -> usize, edition: &Edition, units: &UnitIndex) -> Operation {
    let clsc = edition.hierarchy.territories(Level::Clsc);
    let any = |draw: &mut dyn FnMut(usize) -> usize, level: Level| {
        let list = edition.hierarchy.territories(level);
        list[draw(list.len())].code.clone()
    };
    let here = draw(clsc.len());
    let mine: Vec<UnitId> = edition.attachment.units(here).iter().map(|&unit| units.id(unit).clone()).collect();
    let fresh = |draw: &mut dyn FnMut(usize) -> usize, length: usize| {
        code(&format!("{:0length$}", draw(10_usize.pow(length as u32))))
    };
    let new = |draw: &mut dyn FnMut(usize) -> usize, units: Vec<UnitId>| NewClsc {
        code: fresh(draw, 5),
        name: format!("Neuf {}", draw(100)),
        units,
        parents: None,
    };
    let parent = |draw: &mut dyn FnMut(usize) -> usize, level: Level| {
        let created = draw(4) == 0;
        let code = if created { fresh(draw, level.code_length().unwrap()) } else { any(draw, level) };
        Parent { code, name: created.then(|| "Nouveau".to_owned()) }
    };
    match draw(12) {
        0 | 1 => Operation::MoveUnits {
            transfers: vec![Transfer {
                to: any(draw, Level::Clsc),
                units: vec![units.id(draw(units.len()) as u32).clone()],
            }],
        },
        2 => Operation::Split { clsc: clsc[here].code.clone(), parts: vec![new(draw, mine[..1].to_vec())] },
        3 => Operation::Merge { into: clsc[here].code.clone(), from: vec![any(draw, Level::Clsc)] },
        4 => {
            let taken = vec![mine[0].clone(), units.id(draw(units.len()) as u32).clone()];
            Operation::Create { clsc: new(draw, taken) }
        }
        5 => Operation::Close {
            clsc: clsc[here].code.clone(),
            homes: vec![Transfer { to: any(draw, Level::Clsc), units: mine }],
        },
        6 => {
            let level = Level::TERRITORIAL[draw(5)];
            Operation::Rename { level, code: any(draw, level), name: format!("Autre {}", draw(1000)) }
        }
        7 => {
            let level = Level::TERRITORIAL[draw(5)];
            Operation::Recode { level, code: any(draw, level), new_code: fresh(draw, level.code_length().unwrap()) }
        }
        8 => Operation::MoveClscToRls { clsc: clsc[here].code.clone(), rls: any(draw, Level::Rls) },
        9 => Operation::MoveRlsToRts { rls: any(draw, Level::Rls), rts: any(draw, Level::Rts) },
        10 => Operation::MoveClscToRuisss { clsc: clsc[here].code.clone(), ruisss: any(draw, Level::Ruisss) },
        _ => Operation::SetParents {
            clsc: clsc[here].code.clone(),
            parents: Parents {
                rls: parent(draw, Level::Rls),
                rts: parent(draw, Level::Rts),
                rss: parent(draw, Level::Rss),
                ruisss: parent(draw, Level::Ruisss),
            },
        },
    }
}

/// A small generator (splitmix64).
pub(in crate::revision) fn seeded(mut state: u64) -> impl FnMut(usize) -> usize {
    move |end| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

#[test]
fn a_random_sequence_followed_by_its_inverse_is_identity_byte_for_byte() {
    let (base, units) = small();
    let mut done = std::collections::BTreeMap::<&str, usize>::new();
    for seed in 0..300 {
        let mut draw = seeded(seed);
        let (mut now, mut inverse) = (base.clone(), Vec::new());
        for _ in 0..20 {
            let operation = random_operation(&mut draw, &now, &units);
            if let Ok(applied) = apply(&now, &units, header("base"), std::slice::from_ref(&operation)) {
                *done.entry(operation.word()).or_default() += 1;
                assert!(
                    (0..applied.edition.hierarchy.clsc_count()).all(|clsc| !applied
                        .edition
                        .attachment
                        .units(clsc)
                        .is_empty())
                );
                let back = apply(&applied.edition, &units, header("base"), &applied.inverse).unwrap();
                assert_eq!(back.edition, now, "after {operation:?}");
                inverse.splice(0..0, applied.inverse);
                now = applied.edition;
            }
        }
        let back = apply(&now, &units, base.header.clone(), &inverse).unwrap();
        assert_eq!(state_bytes(&back.edition, &units), state_bytes(&base, &units));
        assert_eq!(back.edition, base);
    }
    assert!(done.len() >= 11 && done.values().all(|&count| count > 50), "{done:?}");
}

#[test]
fn a_history_rebuilds_any_state_and_refuses_a_log_that_was_altered_or_cut() {
    let (base, units) = small();
    let mut history = History::begin(base.clone(), &units, date("2027-01-01"));
    let mut states = vec![state_bytes(history.current(), &units)];
    let mut draw = seeded(5);
    while states.len() < 12 {
        let operation = random_operation(&mut draw, history.current(), &units);
        let day = Date::new(2027, 2, states.len() as i8).unwrap();
        if history.append(&units, day, header("essai"), vec![operation]).is_ok() {
            states.push(state_bytes(history.current(), &units));
        }
    }
    history.cancel_last(&units, date("2027-03-01")).unwrap();
    history.cancel_last(&units, date("2027-03-02")).unwrap();
    assert_eq!(state_bytes(history.current(), &units), states[9]);
    assert_eq!(history.entries()[13].cancels, Some(10));
    for (number, state) in states.iter().enumerate() {
        assert_eq!(&state_bytes(&history.state_at(number as u64, &units).unwrap(), &units), state);
    }
    let mut log = Vec::new();
    history.write_log(&mut log).unwrap();
    assert_eq!(History::read_log(&base, &units, log.as_slice()).unwrap(), history);
    let text = String::from_utf8(log).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let read = |lines: &[&str]| History::read_log(&base, &units, lines.join("\n").as_bytes());
    for line in 0..lines.len() {
        let altered = lines[line].replacen("2027-", "2028-", 1);
        let mut log = lines.clone();
        log[line] = &altered;
        assert!(matches!(read(&log), Err(RevisionError::BrokenChain { number }) if number == line as u64));
    }
    let mut cut = lines.clone();
    cut.remove(4);
    assert!(matches!(read(&cut), Err(RevisionError::BrokenChain { number: 4 })));
    // Altered with its own digest mended: the next entry no longer follows.
    let mut entry: Entry = serde_json::from_str(lines[0]).unwrap();
    entry.date = date("2026-01-01");
    let other = History::begin(base.clone(), &units, entry.date);
    let forged = serde_json::to_string(&other.entries()[0]).unwrap();
    let mut log = lines.clone();
    log[0] = &forged;
    assert!(matches!(read(&log), Err(RevisionError::BrokenChain { number: 1 })));
}

#[test]
fn an_assignment_table_gives_back_the_edition_it_was_written_from() {
    let (base, units) = small();
    let revised = apply(&base, &units, header("x"), &[moved("02112", &["u00", "u05"])]).unwrap().edition;
    for columns in [AssignmentColumns::GeoIdZone, AssignmentColumns::DauidClsc] {
        let (mut whole, mut changes) = (Vec::new(), Vec::new());
        write_assignment(&mut whole, &revised, &units, columns).unwrap();
        write_difference(&mut changes, &base, &revised, &units, columns).unwrap();
        assert_eq!(String::from_utf8_lossy(&changes).lines().count(), 3);
        for (text, coverage) in [(whole, AssignmentCoverage::Whole), (changes, AssignmentCoverage::Changes)] {
            let read = Assignment::read(text.as_slice(), &base, &units, coverage).unwrap();
            let operation = read.operation(&base, &units).unwrap();
            assert_eq!(apply(&base, &units, header("x"), &[operation]).unwrap().edition, revised);
            assert_eq!(read.operation(&revised, &units), None);
        }
    }
}

#[test]
fn the_columns_of_an_assignment_table_are_named_and_told() {
    let (base, units) = small();
    let text = b"secteur;nouveau;CLSC;remarque\nu00;01112;01111;x\n";
    let read = |map: &str| {
        let named = ColumnMap::parse(Some(map), crate::revision::ASSIGNMENT_WORDS).unwrap();
        let coverage = AssignmentCoverage::Changes;
        Assignment::of_bytes(text.to_vec(), Path::new("a.csv"), &named, (&base, &units), coverage)
    };
    let named = read("unit=Secteur,clsc=nouveau").unwrap();
    assert_eq!(named.rows[0].1.as_str(), "01112");
    assert_eq!(named.columns.words().to_string(), "secteur (unit), nouveau (CLSC); not used: CLSC, remarque");
    assert_eq!(read("unit=secteur").unwrap().rows[0].1.as_str(), "01111", "the usual name, where none is given");
    let error = read("unit=aire").unwrap_err().to_string();
    assert!(error.contains("\"aire\"") && error.contains("\"secteur\""), "{error}");
}

#[test]
fn an_assignment_table_with_a_fault_names_the_row_or_the_unit() {
    let (base, units) = small();
    let read = |text: &str, coverage| Assignment::read(text.as_bytes(), &base, &units, coverage);
    let partial = AssignmentCoverage::Changes;
    assert!(matches!(
        read("geo_id,zone\nu00,01112\n", AssignmentCoverage::Whole),
        Err(RevisionError::Unassigned { count: 11, unit }) if unit.as_str() == "u01"
    ));
    assert!(matches!(
        read("geo_id,zone\nu00,01112\nu00,01112\n", partial),
        Err(RevisionError::Row { line: 3, reason: Refusal::MovedTwice { .. } })
    ));
    assert!(matches!(
        read("geo_id,zone\nu00,05555\n", partial),
        Err(RevisionError::Row { line: 2, reason: Refusal::UnknownCode { .. } })
    ));
    assert!(
        matches!(read("geo_id,nothing\nu00,01112\n", partial), Err(RevisionError::MissingColumn { what, .. }) if &*what.english == "CLSC")
    );
    let mended = read("\u{feff}CLSC;DAUID\n1112;u00\n", partial).unwrap();
    assert_eq!(mended.rows, [(0, code("01112"))]);
    assert_eq!(mended.findings[0].kind, FindingKind::LostZero);
}

#[test]
fn a_revision_survives_its_toml_and_is_refused_on_another_base() {
    let (base, units) = small();
    let mut draw = seeded(9);
    let (mut now, mut operations) = (base.clone(), Vec::new());
    while operations.len() < 30 {
        let operation = random_operation(&mut draw, &now, &units);
        if let Ok(applied) = apply(&now, &units, header("x"), std::slice::from_ref(&operation)) {
            operations.push(operation);
            operations.extend(applied.inverse);
        }
        now = apply(&base, &units, header("x"), &operations).unwrap().edition;
    }
    let mut revision = Revision {
        id: "r".into(),
        label: "Été".into(),
        base: "base".into(),
        valid_from: date("2027-04-01"),
        official: false,
        reason: None,
        operations,
    };
    let text = revision.to_toml().unwrap();
    assert_eq!(Revision::from_toml(&text).unwrap(), revision);
    assert!(revision.apply(&base, &units).is_ok());
    revision.base = "autre".into();
    assert!(matches!(revision.apply(&base, &units), Err(RevisionError::OtherBase { .. })));
}
