//! Every kind of bad input, named with its line and column, and counted.

use crate::domain::Level;
use crate::series::*;

fn read(csv: &str) -> Table {
    Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap()
}

/// Kind, line and column of the findings of a kind.
fn found(table: &Table, kind: SeriesFindingKind) -> Vec<(u64, String)> {
    let of_kind = table.findings.iter().filter(|finding| finding.kind == kind);
    of_kind.map(|finding| (finding.place.line.unwrap_or(0), finding.place.column.clone().unwrap_or_default())).collect()
}

fn nothing_is_lost(table: &Table) {
    assert_eq!(table.counts.values, table.counts.kept + table.counts.set_aside + table.counts.totals);
}

#[test]
fn long_and_wide_french_and_english_give_the_same_cells() {
    let long =
        read("Période;Niveau;Code;Valeur;Groupe d’âge;Sexe\n2019;CLSC;06111;1 234,5;0-4;F\n2020;CLSC;06111;12;0-4;F\n");
    let wide = read("level,code,2019,2020,age_group,sex\nclsc,06111,1234.5,12,0-4,F\n");
    let plain =
        |table: &Table| table.cells.iter().map(|cell| (cell.period, cell.level, cell.value)).collect::<Vec<_>>();
    assert_eq!(plain(&long), plain(&wide));
    assert_eq!(plain(&long), [(0, Level::Clsc, Value::Number(1234.5, 1)), (1, Level::Clsc, Value::Number(12.0, 0))]);
    assert_eq!((long.series[0].age.as_str(), long.series[0].sex.as_str()), ("0-4", "F"));
    let legacy: Vec<u8> = b"Ann\xe9e;Code;Valeur\n2019;06111;7\n".to_vec();
    let table = Table::read(&legacy, "vieux.csv", &TableOptions::default()).unwrap();
    assert_eq!(table.cells.len(), 1);
    assert_eq!(found(&table, SeriesFindingKind::Encoding).len(), 1);
}

#[test]
fn a_total_row_beside_its_parts_is_set_aside() {
    let table = read("year,code,value\n2019,06111,3\n2019,06112,4\n2019,Total,7\n");
    assert_eq!(found(&table, SeriesFindingKind::TotalRow), [(4, "code".to_owned())]);
    assert_eq!((table.counts.kept, table.counts.set_aside, table.counts.totals), (2, 0, 1));
    assert!(table.findings.iter().all(|finding| finding.severity == crate::domain::Severity::Note));
    nothing_is_lost(&table);
}

#[test]
fn a_code_of_another_level_is_named() {
    let stated = read("year,level,code,value\n2019,clsc,06111,3\n2019,clsc,0611,4\n");
    assert_eq!(found(&stated, SeriesFindingKind::OtherLevel), [(3, "code".to_owned())]);
    assert_eq!(stated.counts.set_aside, 1);
    let guessed = read("year,code,value\n2019,06111,3\n2019,06112,3\n2019,0611,6\n");
    assert_eq!(found(&guessed, SeriesFindingKind::OtherLevel), [(4, "code".to_owned())]);
    assert_eq!((guessed.counts.kept, guessed.cells.iter().filter(|cell| cell.level == Level::Rls).count()), (3, 1));
    nothing_is_lost(&stated);
}

#[test]
fn the_same_cell_twice_and_negative_counts_are_set_aside() {
    let table = read("year,code,value\n2019,06111,3\n2019,06111,5\n2020,06111,-2\n");
    assert_eq!(found(&table, SeriesFindingKind::DuplicateCell), [(3, "value".to_owned())]);
    assert_eq!(found(&table, SeriesFindingKind::NegativeCount), [(4, "value".to_owned())]);
    assert_eq!(table.cells[0].value, Value::Number(3.0, 0));
    nothing_is_lost(&table);
}

#[test]
fn withheld_values_are_kept_as_they_are_written() {
    let table = read("year,code,value\n2019,06111,x\n2019,06112,..\n2019,06113,<5\n2019,06114,\n2019,06115,12O\n");
    let texts: Vec<String> = table.cells.iter().map(|cell| table.text(cell.value)).collect();
    assert_eq!(texts, ["x", "..", "<5", "", "12O"]);
    assert_eq!(found(&table, SeriesFindingKind::Suppressed).len(), 4);
    assert_eq!(found(&table, SeriesFindingKind::BadValue), [(6, "value".to_owned())]);
    assert_eq!((table.counts.kept, table.counts.suppressed), (5, 5));
}

#[test]
fn a_lost_zero_is_mended_and_said_a_bad_code_and_a_bad_period_are_set_aside() {
    let table = read("year,level,code,value\n2019,clsc,1111,3\n2019,clsc,ABC,4\nhier,clsc,1112,5\n");
    assert_eq!(found(&table, SeriesFindingKind::LostZero), [(2, "code".to_owned())]);
    assert_eq!(table.codes[table.cells[0].code as usize].as_str(), "01111");
    assert_eq!(found(&table, SeriesFindingKind::BadCode), [(3, "code".to_owned())]);
    assert_eq!(found(&table, SeriesFindingKind::BadPeriod), [(4, "year".to_owned())]);
    nothing_is_lost(&table);
}

#[test]
fn a_table_without_a_column_it_needs_says_which() {
    for (csv, wanted) in
        [("year,value\n2019,1\n", "code"), ("code,value\n01111,1\n", "period"), ("year,code\n2019,01111\n", "value")]
    {
        let error = Table::read(csv.as_bytes(), "essai.csv", &TableOptions::default()).unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
    }
    let twice =
        Table::read(b"year,annee,code,value\n2019,2019,01111,1\n", "essai.csv", &TableOptions::default()).unwrap_err();
    assert!(matches!(twice, SeriesError::RepeatedColumn { role, .. } if &*role.english == "period"));
}

#[test]
fn lines_are_those_of_the_file_even_after_blank_lines_and_quoted_breaks() {
    let table = read("year,code,value,name\n\n2019,06111,3,\"deux\nlignes\"\n2019,06112,x,b\n");
    assert_eq!(found(&table, SeriesFindingKind::Suppressed), [(5, "value".to_owned())]);
    assert_eq!(table.cells[0].line, 3);
}

#[test]
fn what_a_series_measures_is_stated_inferred_or_said() {
    let table = read(
        "indicateur,annee,code,valeur\nTaux de grippe,2019,06111,3\nÂge médian,2019,06111,41\nNaissances,2019,06111,5\n",
    );
    let measures: Vec<Measure> = table.series.iter().map(|series| series.measure).collect();
    assert_eq!(measures, [Measure::Count, Measure::Rate, Measure::Median]);
    assert_eq!(found(&table, SeriesFindingKind::InferredMeasure).len(), 2);
    let rate = read("annee,code,taux,denominateur\n2019,06111,3.5,1000\n");
    assert_eq!((rate.series[0].measure, rate.cells[0].denominator), (Measure::Rate, Some(1000.0)));
}
