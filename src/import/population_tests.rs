//! Units, blocks summed up to areas, values that are no number.

use super::*;

fn read(text: &[u8], units: &[&str]) -> Result<PopulationFile, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.csv");
    std::fs::write(&path, text).unwrap();
    let units: Vec<String> = units.iter().map(|&unit| unit.to_owned()).collect();
    read_population(&path, PopulationColumns::default(), &units)
}

const GAF: &[u8] = b"DBUID_IDIDU,DBPOP2021_IDPOP2021,DAUID_ADIDU,DARPLAT_ADLAT,DARPLONG_ADLONG,CSDNAME_SDRNOM\n\
24010018001,10,24010018,48.8,-67.3,Baie-des-Sables\n\
24010018002,5,24010018,48.8,-67.3,Sainte-F\xe9licit\xe9\n\
24010019001,7,24010019,48.8,-67.3,x\n\
35010019001,9,35010019,43.8,-79.3,x\n";

#[test]
fn blocks_are_summed_up_to_their_area() {
    let file = read(GAF, &["24010019", "24010018", "24010020"]).unwrap();
    assert_eq!(file.people, [Some(7), Some(15), None]);
    let kinds: Vec<_> = file.findings.iter().map(|finding| (finding.severity, finding.kind)).collect();
    assert_eq!(
        kinds,
        [
            (Severity::Note, FindingKind::Encoding),
            (Severity::Note, FindingKind::UnknownUnit),
            (Severity::Note, FindingKind::BadValue)
        ]
    );
    assert!(file.findings[2].message.contains("\"24010020\""));
}

#[test]
fn blocks_stay_blocks_where_the_units_are_blocks() {
    let file = read(GAF, &["24010018002", "24010018001"]).unwrap();
    assert_eq!(file.people, [Some(5), Some(10)]);
}

#[test]
fn blocks_are_summed_up_to_whatever_the_units_are() {
    let text = "DBUID,DAUID,CTUID,pop\n24010018001,24010018,4210100.00,10\n24010018002,24010018,4210100.00,1\n24010019001,24010019,4210101.00,5\n";
    assert_eq!(read(text.as_bytes(), &["4210101.00", "4210100.00"]).unwrap().people, [Some(5), Some(11)]);
    let blocks_alone = "DBUID,pop\n24010018001,10\n24010018002,1\n24010019001,5\n";
    assert_eq!(read(blocks_alone.as_bytes(), &["24010018", "24010019"]).unwrap().people, [Some(11), Some(5)]);
}

#[test]
fn numbers_are_read_as_people_write_them_and_bad_ones_said() {
    let text = "ADIDU;Population\n24010018;\"1 234\"\n24010019;596.0\n24010020;..\n24010021;\n24010018;3\n";
    let file = read(text.as_bytes(), &["24010018", "24010019", "24010020", "24010021"]).unwrap();
    assert_eq!(file.people, [Some(1234), Some(596), None, None]);
    let bad = file.findings.iter().find(|finding| finding.message.contains("\"..\"")).unwrap();
    assert_eq!((bad.place.line, bad.place.column.as_deref()), (Some(4), Some("Population")));
    let repeated = file.findings.iter().find(|finding| finding.kind == FindingKind::DuplicateRow).unwrap();
    assert_eq!((repeated.severity, repeated.place.line), (Severity::Error, Some(6)));
    assert_eq!(people("1,234"), Err(()));
    assert_eq!(people("-3"), Err(()));
}

#[test]
fn a_block_that_comes_twice_is_counted_once() {
    let text = "DBUID,DAUID,pop\n24010018001,24010018,10\n24010018001,24010018,10\n24010018002,24010018,1\n";
    let file = read(text.as_bytes(), &["24010018"]).unwrap();
    assert_eq!(file.people, [Some(11)]);
    assert_eq!((file.findings[0].severity, file.findings[0].kind), (Severity::Note, FindingKind::DuplicateRow));
    let file = read(text.replacen(",10", ",12", 1).as_bytes(), &["24010018"]).unwrap();
    assert_eq!((file.people[0], file.findings[0].severity), (Some(13), Severity::Error));
}

#[test]
fn a_table_without_people_says_which_columns_it_has() {
    let error = read(b"DAUID,nom\n24010018,x\n", &["24010018"]).unwrap_err().to_string();
    assert!(error.contains("for people") && error.contains("\"nom\""), "{error}");
}

#[test]
fn the_model_table_gives_every_area_its_people() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/da_population_2016_model.csv"));
    if !path.is_file() {
        println!("skipped: {} is absent", path.display());
        return;
    }
    let mut units = Vec::new();
    crate::tables::Table::open(path, None).unwrap().for_each_row(|row| units.push(row.field(0).to_owned()));
    assert_eq!(units.len(), 13_658);
    let file = read_population(path, PopulationColumns::default(), &units).unwrap();
    assert!(file.people.iter().all(Option::is_some) && file.findings.is_empty(), "{:?}", file.findings);
}
