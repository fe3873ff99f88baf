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
