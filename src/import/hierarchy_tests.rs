//! The official table in both its forms, and tables broken on purpose.

use std::path::PathBuf;

use super::*;
use crate::tables::TableError;

fn data(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name);
    if !path.is_file() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

fn read(text: &str) -> Result<(Hierarchy, Vec<Finding>), ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clsc.csv");
    std::fs::write(&path, text).unwrap();
    read_hierarchy(&path, &HierarchyNames::default()).map(|file| (file.hierarchy, file.findings))
}

fn counts(hierarchy: &Hierarchy) -> [usize; 5] {
    Level::TERRITORIAL.map(|level| hierarchy.territories(level).len())
}

#[test]
fn the_csv_and_the_official_dbf_tell_the_same_levels() {
    let (Some(csv), Some(dbf)) =
        (data("clsc_2017_hierarchy.csv"), data("msss_clsc_2017_table/Territoires_CLSC_2017.dbf"))
    else {
        return;
    };
    let (from_csv, findings) =
        read_hierarchy(&csv, &HierarchyNames { people: Some("pop2016"), ..HierarchyNames::default() })
            .map(|file| (file.hierarchy, file.findings))
            .unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(counts(&from_csv), [166, 96, 25, 18, 4]);
    let people: u64 = from_csv.territories(Level::Clsc).iter().map(|clsc| clsc.published_population.unwrap()).sum();
    assert!((8_000_000..8_500_000).contains(&people), "{people}");
    assert_eq!(
        from_csv.territories(Level::Rts)[0].name,
        "Centre intégré de santé et de services sociaux du Bas-Saint-Laurent"
    );

    let (from_dbf, findings) =
        read_hierarchy(&dbf, &HierarchyNames::default()).map(|file| (file.hierarchy, file.findings)).unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    let codes = |hierarchy: &Hierarchy| -> Vec<Vec<String>> {
        let row = |row: HierarchyRow| row.territories.iter().map(|one| one.code.to_string()).collect();
        hierarchy.rows().into_iter().map(row).collect()
    };
    assert_eq!(codes(&from_csv), codes(&from_dbf));
    for level in [Level::Rss, Level::Ruisss] {
        for (told, known) in from_csv.territories(level).iter().zip(from_dbf.territories(level)) {
            assert_eq!(fold(&told.name), fold(&known.name));
        }
    }
}

/// Names without dashes, which the sources write in different lengths, and without articles.
fn fold(name: &str) -> String {
    crate::tables::columns::fold(name).replace("quebecduquebec", "quebec")
}

#[test]
fn upper_codes_are_derived_but_the_ruisss_can_not_be() {
    let (hierarchy, findings) = read("CLSC_code;CLSC_nom;RUISSS_code\n06121;Un;2\n17011;Deux;3\n").unwrap();
    assert_eq!(hierarchy.territories(Level::Rls)[0].code.as_str(), "0612");
    assert_eq!(hierarchy.territories(Level::Rss)[1].name, "Nunavik");
    assert_eq!(hierarchy.territories(Level::Ruisss)[1].name, "RUISSS Université McGill");
    assert!(findings.iter().any(|finding| finding.message.contains("codes of RLS, RTS, RSS")), "{findings:?}");
    let error = read("CLSC_code;CLSC_nom\n06121;Un\n").unwrap_err();
    assert!(
        matches!(error, ImportError::RuisssUnknown { .. }) && error.to_string().contains("\"CLSC_nom\""),
        "{error}"
    );
    let error = read("code_postal;RUIS_code\nx;1\n").unwrap_err();
    assert!(matches!(error, ImportError::Table(TableError::MissingColumn { .. })), "{error}");
}

#[test]
fn lost_zeros_come_back_only_where_nothing_else_could_be_meant() {
    let header = "CLSC_code,CLSC_nom,RLS_code,RTS_code,RSS_code,RUIS_code";
    let (hierarchy, findings) =
        read(&format!("{header}\n1111,A,111,11,1,1\n1121,B,112,11,1,1\n17011,C,1701,170,17,3\n")).unwrap();
    let codes: Vec<_> = hierarchy.territories(Level::Clsc).iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["01111", "01121", "17011"]);
    assert_eq!(hierarchy.territories(Level::Rts)[0].code.as_str(), "011");
    let lost: Vec<_> = findings.iter().filter(|finding| finding.kind == FindingKind::LostZero).collect();
    assert_eq!(lost.len(), 4, "one for each of CLSC, RLS, RTS and RSS: {findings:?}");
    assert!(lost[0].message.starts_with("2 values") && lost[0].message.contains("lines 2, 3"), "{}", lost[0].message);
    assert_eq!(lost[0].severity, Severity::Mended);

    // The repaired code is already another row's, and here the region disagrees.
    let (hierarchy, findings) =
        read(&format!("{header}\n01111,A,0111,011,01,1\n1111,B,0111,011,01,1\n1121,C,0112,011,06,1\n")).unwrap();
    assert_eq!(hierarchy.clsc_count(), 1);
    let bad: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert!(bad.iter().all(|finding| finding.kind == FindingKind::BadValue), "{bad:?}");
    assert_eq!(bad.iter().map(|finding| finding.place.line.unwrap()).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn repeated_and_unreadable_rows_are_findings() {
    let (hierarchy, findings) =
        read("CLSC_code,CLSC_nom,RUIS_code\n06121,A,2\n06121,A,2\n06121,B,2\nabc,C,2\n06122,D,\n").unwrap();
    assert_eq!(hierarchy.clsc_count(), 1);
    let lines = |severity: Severity, kind: FindingKind| -> Vec<u64> {
        let chosen = findings.iter().filter(|finding| finding.severity == severity && finding.kind == kind);
        chosen.filter_map(|finding| finding.place.line).collect()
    };
    assert_eq!(lines(Severity::Note, FindingKind::DuplicateRow), [3]);
    assert_eq!(lines(Severity::Error, FindingKind::DuplicateRow), [4]);
    assert_eq!(lines(Severity::Error, FindingKind::BadValue), [5, 6]);
    let error = read("CLSC_code,RUIS_code\nabc,1\n").unwrap_err();
    assert!(matches!(error, ImportError::Hierarchy { .. }));
}

#[test]
fn a_list_of_territories_as_the_program_gives_it_makes_a_hierarchy() {
    let text = "code,name,level,RLS_code,RTS_code,RSS_code,RUIS_code,published_population\n\
                06111,Alpha,clsc,0611,061,06,2,1200\n06112,Bravo,clsc,0611,061,06,3,\n";
    let (hierarchy, _) = read(text).unwrap();
    let clsc = &hierarchy.territories(Level::Clsc)[0];
    assert_eq!((clsc.code.as_str(), clsc.name.as_str(), clsc.published_population), ("06111", "Alpha", Some(1200)));
    assert!(read("code,name\n06111,Alpha\n").is_err(), "a table of anything has codes and names");
}

#[test]
fn a_table_of_units_says_once_what_it_says_of_a_clsc_in_every_row() {
    let rows = (0..50).map(|unit| format!("246600{unit:02},06111,Alpha,2\n")).collect::<String>();
    let (hierarchy, findings) = read(&format!("DAUID,CLSC_code,CLSC_nom,RUIS_code\n{rows}")).unwrap();
    assert_eq!(hierarchy.clsc_count(), 1);
    let repeated: Vec<_> = findings.iter().filter(|finding| finding.kind == FindingKind::DuplicateRow).collect();
    assert_eq!((repeated.len(), repeated[0].severity), (1, Severity::Note));
    assert!(repeated[0].message.starts_with("49 rows"), "{}", repeated[0].message);
}
