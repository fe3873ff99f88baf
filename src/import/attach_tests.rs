//! Every way in which a table can be right, and wrong.

use std::path::Path;

use super::*;
use crate::import::{AttachmentColumns, HierarchyNames, read_attachments, read_hierarchy};

fn hierarchy() -> Hierarchy {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clsc.csv");
    std::fs::write(&path, "CLSC_code,CLSC_nom,RUIS_code\n01111,A,1\n01112,B,1\n06121,C,2\n").unwrap();
    read_hierarchy(&path, &HierarchyNames::default()).unwrap().hierarchy
}

fn read(text: &str) -> AttachmentsFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, text).unwrap();
    read_attachments(&path, AttachmentColumns::default()).unwrap()
}

fn ids(units: &[&str]) -> Vec<String> {
    units.iter().map(|&unit| unit.to_owned()).collect()
}

fn attached(text: &str, units: &[&str]) -> Attached {
    attach(&read(text), &ids(units), &hierarchy(), Some(&vec![Some(1000); units.len()]), false)
}

fn only(attached: &Attached) -> &Finding {
    assert_eq!(attached.findings.len(), 1, "{:?}", attached.findings);
    &attached.findings[0]
}

const UNITS: [&str; 2] = ["24010018", "24010019"];

#[test]
fn a_clean_table_is_total_and_says_nothing() {
    let all = attached("DAUID,CLSC\n24010019,06121\n24010018,01111\n", &UNITS);
    assert_eq!(all.table.unwrap().as_slice(), [0, 2]);
    assert!(all.findings.is_empty() && all.straddles.is_empty());
}

#[test]
fn the_largest_share_wins_and_people_outside_it_are_counted() {
    let all = attached(
        "DAUID,CLSC,fraction\n24010018,01112,0.3\n24010018,06121,0.7\n24010019,06121,0.5\n24010019,01112,0.5\n",
        &UNITS,
    );
    assert_eq!(all.table.unwrap().as_slice(), [2, 1], "equal shares go to the smallest code");
    assert_eq!(all.straddles.len(), 2);
    assert_eq!(all.straddles[0].people_moved, Some(300));
    let codes: Vec<_> = all.straddles[0].shares.iter().map(|share| share.clsc.as_str()).collect();
    assert_eq!(codes, ["06121", "01112"]);
    assert!(all.findings.iter().all(|finding| finding.kind == FindingKind::Straddle));
    assert_eq!(all.findings[0].people, Some(300));
}

#[test]
fn parts_of_one_clsc_add_up_and_parts_that_make_no_whole_are_said() {
    let all = attached(
        "DAUID,CLSC,fraction\n24010018,01112,0.3\n24010018,06121,0.4\n24010018,01112,0.3\n24010019,01111,0.9\n",
        &UNITS,
    );
    assert_eq!(all.table.unwrap().as_slice(), [1, 0]);
    assert_eq!(all.straddles.len(), 1);
    let sum = all.findings.iter().find(|finding| finding.message.contains("add up")).unwrap();
    assert_eq!((sum.severity, sum.units.as_slice()), (Severity::Note, &ids(&["24010019"])[..]));
}

#[test]
fn an_unassigned_unit_is_named_and_there_is_no_table() {
    let all = attached("DAUID,CLSC\n24010018,01111\n", &UNITS);
    assert!(all.table.is_none());
    assert_eq!(all.clsc_of_unit, [Some(0), None]);
    let finding = only(&all);
    assert_eq!((finding.severity, finding.kind), (Severity::Error, FindingKind::UnassignedUnit));
    assert!(finding.message.starts_with("1 of 2 units have no CLSC: \"24010019\""), "{}", finding.message);
}

#[test]
fn an_unknown_unit_is_named_with_its_line() {
    let all = attached("DAUID,CLSC\n24010018,01111\n24010019,01111\n24999999,01111\n", &UNITS);
    let finding = only(&all);
    assert_eq!(
        (finding.severity, finding.kind, finding.place.line),
        (Severity::Error, FindingKind::UnknownUnit, Some(4))
    );
    assert!(finding.message.contains("\"24999999\"") && all.table.is_some());
}

#[test]
fn an_unknown_clsc_is_named_with_its_lines() {
    let all = attached("DAUID,CLSC\n24010018,01111\n24010019,09999\n", &UNITS);
    let unknown = all.findings.iter().find(|finding| finding.kind == FindingKind::UnknownTerritory).unwrap();
    assert!(unknown.message.contains("\"09999\"") && unknown.message.contains("lines 3"), "{}", unknown.message);
    assert!(all.table.is_none());
}

#[test]
fn a_lost_zero_comes_back_only_where_the_hierarchy_holds_the_code() {
    let all = attached("DAUID;CLSC\n24010018;1111\n24010019;1111\n", &UNITS);
    let finding = only(&all);
    assert_eq!(
        (finding.severity, finding.kind, finding.place.line),
        (Severity::Mended, FindingKind::LostZero, Some(2))
    );
    assert!(finding.message.starts_with("2 values") && finding.message.contains("(lines 2, 3)"), "{}", finding.message);
    assert_eq!(all.table.unwrap().as_slice(), [0, 0]);
    let all = attached("DAUID;CLSC\n24010018;9999\n24010019;01111\n", &UNITS);
    assert!(all.findings.iter().all(|finding| finding.kind != FindingKind::LostZero) && all.table.is_none());
}

#[test]
fn the_same_unit_twice_is_an_error_or_a_note() {
    let all = attached("DAUID,CLSC\n24010018,01111\n24010018,06121\n24010019,01111\n", &UNITS);
    let finding = only(&all);
    assert_eq!(
        (finding.severity, finding.kind, finding.place.line),
        (Severity::Error, FindingKind::DuplicateUnit, Some(3))
    );
    assert!(finding.message.contains("\"01111\" on line 2 and to \"06121\" on line 3"), "{}", finding.message);
    let all = attached("DAUID,CLSC\n24010018,01111\n24010018,01111\n24010019,01111\n", &UNITS);
    assert_eq!((only(&all).severity, only(&all).kind), (Severity::Note, FindingKind::DuplicateRow));
}

#[test]
fn a_row_about_an_area_speaks_for_its_blocks_but_for_those_with_their_own() {
    let all =
        attached("unit,zone\n24010018,01111\n24010018002,06121\n", &["24010018001", "24010018002", "24010018003"]);
    assert_eq!(all.table.unwrap().as_slice(), [0, 2, 0]);
    assert!(all.findings.is_empty(), "{:?}", all.findings);
}

#[test]
fn long_lists_of_errors_are_cut_and_counted() {
    let rows = (0..50).map(|number| format!("2499{number:04},01111")).collect::<Vec<_>>().join("\n");
    let all = attached(&format!("DAUID,CLSC\n{rows}\n24010018,01111\n24010019,01111\n"), &UNITS);
    assert_eq!(all.findings.len(), 21);
    assert!(all.findings[20].message.starts_with("30 more"));
}

#[test]
fn the_real_table_is_total_over_its_13_658_areas() {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    if !data.is_dir() {
        println!("skipped: {} is absent", data.display());
        return;
    }
    let file = read_attachments(&data.join("da_clsc_2017.csv"), AttachmentColumns::default()).unwrap();
    let hierarchy =
        read_hierarchy(&data.join("clsc_2017_hierarchy.csv"), &HierarchyNames::default()).unwrap().hierarchy;
    let units: Vec<String> = file.rows.iter().map(|row| row.unit.clone()).collect();
    let start = std::time::Instant::now();
    let all = attach(&file, &units, &hierarchy, None, false);
    println!("{} units attached in {:?}", units.len(), start.elapsed());
    assert_eq!(units.len(), 13_658);
    assert!(all.findings.is_empty(), "{:?}", all.findings);
    let table = all.table.unwrap();
    assert!((0..166).filter(|&clsc| !table.units(clsc).is_empty()).count() >= 160);
}
