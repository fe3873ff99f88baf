//! Which column is the value, and what it is.

use crate::series::*;

fn read(csv: &str) -> Table {
    Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap()
}

#[test]
fn a_number_of_cases_is_the_value_beside_people_and_a_rate() {
    let table = read(
        "Année;Code;Groupe d'âge;Sexe;Nombre de visites;Population totale;Taux pour 10 000\n\
         2019;06111;0-17;Femmes;12;2400;50,0\n2019;06112;0-17;Femmes;30;3000;100,0\n",
    );
    assert_eq!(table.cells[0].value, Value::Number(12.0, 0));
    assert_eq!(table.cells[0].denominator, Some(2400.0));
    assert_eq!(table.series[0].measure, Measure::Count);
    let ignored = table.findings.iter().find(|finding| finding.kind == SeriesFindingKind::IgnoredColumn).unwrap();
    assert_eq!(ignored.place.column.as_deref(), Some("Taux pour 10 000"));
}

#[test]
fn people_are_never_the_value_in_silence() {
    let refused =
        Table::read(b"annee,code,admissions,population\n2019,06111,12,2400\n", "essai.csv", &TableOptions::default());
    assert!(matches!(refused, Err(SeriesError::UncertainValue { .. })), "{refused:?}");
    let alone = read("annee,code,population\n2019,06111,2400\n");
    assert_eq!(alone.cells[0].value, Value::Number(2400.0, 0));
}

#[test]
fn a_percent_sign_makes_a_rate_of_a_hundred() {
    let table = read("annee;code;valeur\n2019;06111;12 %\n2020;06111;12,5 %\n");
    assert_eq!((table.series[0].measure, table.rate_per), (Measure::Rate, Some(100.0)));
    assert_eq!(table.cells[1].value, Value::Number(12.5, 1));
}

#[test]
fn what_a_header_says_rates_are_said_of_is_read() {
    let table = read("annee,code,taux pour 100 000,population\n2019,06111,3.5,2400\n");
    assert_eq!((table.series[0].measure, table.rate_per), (Measure::Rate, Some(100_000.0)));
    assert_eq!(table.cells[0].denominator, Some(2400.0));
}

#[test]
fn columns_of_sdmx_are_read() {
    let table = read(
        "DATAFLOW,FREQ,REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,OBS_STATUS\n\
         X:Y(1.0),A,06111,CAS,_T,2019,12,PS,A\nX:Y(1.0),A,06112,CAS,_T,2019,,PS,Q\n",
    );
    assert_eq!((table.cells.len(), table.series[0].sex.as_str()), (2, "_T"));
    assert_eq!(table.text(table.cells[1].value), "Q");
    let columns: Vec<&str> = table
        .findings
        .iter()
        .filter(|finding| finding.kind == SeriesFindingKind::IgnoredColumn)
        .filter_map(|finding| finding.place.column.as_deref())
        .collect();
    assert_eq!(columns, ["DATAFLOW", "FREQ", "UNIT_MEASURE"]);
}

#[test]
fn territories_are_known_by_name_whatever_leads_it_and_a_name_of_two_is_set_aside() {
    let edition = crate::series::compare::edition(
        "e1",
        "2017-01-01",
        4,
        &["06111 Les-Érables 0611: 0", "06112 La-Pointe 0611: 1", "06121 Double 0612: 2", "06122 double 0612: 3"],
    );
    let options = TableOptions { known: KnownCodes::of([&edition.hierarchy]), ..TableOptions::default() };
    let csv = "annee,CLSC_nom,cas\n2019,CLSC des Érables,12\n2019,la pointe,7\n2019,Double,3\n2019,Nulle-Part,1\n2019,06121,5\n";
    let table = Table::read(csv.as_bytes(), "essai.csv", &options).unwrap();
    let codes: Vec<&str> = table.cells.iter().map(|cell| table.codes[cell.code as usize].as_str()).collect();
    assert_eq!(codes, ["06111", "06112", "06121"]);
    let told = |kind: SeriesFindingKind| table.findings.iter().filter(move |finding| finding.kind == kind);
    let bad: Vec<Option<u64>> = told(SeriesFindingKind::BadCode).map(|finding| finding.place.line).collect();
    assert_eq!(bad, [Some(4), Some(5)], "{:?}", table.findings);
    assert!(told(SeriesFindingKind::NameRead).next().unwrap().message.french.contains("2 noms lus comme ceux de CLSC"));
    // Where no level is said, that of most names.
    let csv = "annee,territoire,cas\n2019,Les Érables,12\n2019,La Pointe,7\n";
    let table = Table::read(csv.as_bytes(), "essai.csv", &options).unwrap();
    assert_eq!(table.cells.iter().map(|cell| cell.level).collect::<Vec<_>>(), [crate::domain::Level::Clsc; 2]);
}

#[test]
fn a_column_that_is_named_holds_what_the_caller_says_and_nothing_else() {
    use crate::tables::ColumnMap;
    let csv = "annee,code,valeur,clients,pers\n2019,06111,1,12,2400\n";
    let columns = ColumnMap::default().with("value", "clients").with("denominator", "pers");
    let table = Table::read(csv.as_bytes(), "essai.csv", &TableOptions { columns, ..TableOptions::default() }).unwrap();
    assert_eq!((table.cells[0].value, table.cells[0].denominator), (Value::Number(12.0, 0), Some(2400.0)));
    let columns = ColumnMap::default().with("value", "absente");
    let refused = Table::read(csv.as_bytes(), "essai.csv", &TableOptions { columns, ..TableOptions::default() });
    assert!(refused.unwrap_err().to_string().contains("absente"));
}
