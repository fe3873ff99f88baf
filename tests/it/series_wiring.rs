//! Series by the command line and over HTTP: the same answers, and every bad input named.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

use axum::body::Body;
use axum::http::Request;
use rattache::cli;
use rattache::domain::Level;
use serde_json::Value;

use super::http::{Answer, ask, atlas_of, demo_bytes, get};

const OLD: &str = "demo-2017-07-01";
const NEW: &str = "demo-2022-04-01";

/// A folder of this test binary, with the demo atlas in it.
fn folder() -> &'static tempfile::TempDir {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("demo.atlas"), demo_bytes()).unwrap();
        folder
    })
}

/// A file in a folder of its own, so that its name can be what HTTP calls a body.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let own = tempfile::tempdir_in(folder().path()).unwrap().keep();
    std::fs::write(own.join(name), bytes).unwrap();
    own.join(name)
}

fn atlas() -> String {
    folder().path().join("demo.atlas").display().to_string()
}

fn try_run(words: &[&str]) -> Result<(ExitCode, String), cli::CliError> {
    let atlas = atlas();
    let mut all: Vec<OsString> = vec!["rattache".into(), "series".into()];
    all.extend(words.iter().map(OsString::from));
    all.extend(["--atlas".into(), atlas.into()]);
    let mut out = Vec::new();
    let code = cli::run(all, &mut out)?;
    Ok((code, String::from_utf8(out).unwrap()))
}

fn run(words: &[&str]) -> String {
    try_run(words).unwrap().1
}

fn run_json(words: &[&str]) -> Value {
    let mut words = words.to_vec();
    words.extend(["--format", "json"]);
    serde_json::from_str(&run(&words)).unwrap()
}

fn post_table(uri: &str, table: &str) -> Answer {
    ask(Request::post(uri).header("content-type", "text/csv").body(Body::from(table.to_owned())).unwrap())
}

fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// Ten years of made-up counts on the limits of their time: a tenth of the people, and a little more each year.
fn table() -> &'static str {
    static TABLE: OnceLock<String> = OnceLock::new();
    TABLE.get_or_init(|| {
        let atlas = atlas_of(demo_bytes());
        let mut csv = "annee;niveau;code;valeur\n".to_owned();
        for year in 2015..2025 {
            let edition = atlas.edition(usize::from(year >= 2022));
            let mut people = vec![0; edition.hierarchy.clsc_count()];
            for (unit, &clsc) in edition.clsc_of_unit.iter().enumerate() {
                people[usize::from(clsc)] += atlas.people(unit).unwrap() / 10;
            }
            for (territory, people) in edition.hierarchy.territories(Level::Clsc).iter().zip(people) {
                let code: u32 = territory.code.as_str().parse().unwrap();
                let noise = (year * 7919 + code * 104_729) % 97;
                writeln!(csv, "{year};CLSC;{};{}", territory.code, people + noise).unwrap();
            }
        }
        csv
    })
}

#[test]
fn changes_and_crosswalks_are_the_same_by_command_line_and_over_http() {
    for level in ["clsc", "rls", "rts", "rss", "ruisss"] {
        for command in ["changes", "crosswalk"] {
            let words = [command, "--from", OLD, "--to", NEW, "--level", level];
            let uri = format!("/v1/editions/{OLD}/{command}/{NEW}?level={level}");
            assert_eq!(run_json(&words), get(&uri).json(), "{uri}");
            let csv = run(&[&words[..], &["--format", "csv"]].concat());
            assert_eq!(csv, get(&format!("{uri}&format=csv")).text(), "{uri}");
            let accepted = ask(Request::get(&uri).header("accept", "text/csv").body(Body::empty()).unwrap());
            assert_eq!((accepted.header("content-type"), accepted.text()), ("text/csv; charset=utf-8", csv));
        }
    }
}

#[test]
fn the_weights_of_a_source_add_up_to_exactly_one_as_they_are_written() {
    for weights in ["population", "area"] {
        for (from, to) in [(OLD, NEW), (NEW, OLD)] {
            let csv = run(&["crosswalk", "--from", from, "--to", to, "--weights", weights]);
            assert!(csv.starts_with("from_code,to_code,weight,population,area_m2,quality\n"));
            let mut sums: BTreeMap<String, u64> = BTreeMap::new();
            for row in rows(&csv) {
                let digits: u64 = row["weight"].replace('.', "").parse().unwrap();
                *sums.entry(row["from_code"].clone()).or_default() += digits;
            }
            assert!(sums.len() >= 165 && sums.values().all(|&sum| sum == 1_000_000_000), "{weights}");
        }
    }
}

#[test]
fn the_way_through_the_edition_itself_is_the_direct_way() {
    let answer = run_json(&["crosswalk", "--from", OLD, "--to", NEW, "--through", OLD]);
    assert_eq!(answer["composition"]["rows"], serde_json::json!([]));
    let back = run_json(&["crosswalk", "--from", OLD, "--to", OLD, "--through", NEW]);
    let pairs = back["composition"]["rows"].as_array().unwrap();
    assert!(!pairs.is_empty() && back["composition"]["people_misplaced"].as_f64().unwrap() > 0.0);
}

#[test]
fn weights_of_a_file_weigh_what_it_says_and_its_faults_are_named() {
    let atlas = atlas_of(demo_bytes());
    let mut csv = "unit,weight\n".to_owned();
    for unit in 0..atlas.unit_count() {
        writeln!(csv, "{},{}", atlas.unit_id(unit), atlas.people(unit).unwrap()).unwrap();
    }
    let path = file("poids.csv", csv.as_bytes());
    let by_file = run(&["crosswalk", "--from", OLD, "--to", NEW, "--weights", path.to_str().unwrap()]);
    assert_eq!(by_file, run(&["crosswalk", "--from", OLD, "--to", NEW]));
    let bad = file("mauvais.csv", format!("unit,weight\n{},-3\n", atlas.unit_id(0)).as_bytes());
    let error = try_run(&["crosswalk", "--from", OLD, "--to", NEW, "--weights", bad.to_str().unwrap()]).unwrap_err();
    assert!(error.to_string().contains("line 2") && error.to_string().contains("\"-3\""), "{error}");
}

#[test]
fn a_table_is_checked_the_same_by_command_line_and_over_http() {
    let path = file("body", table().as_bytes());
    let path = path.to_str().unwrap();
    for (flags, query) in [
        (vec![], String::new()),
        (vec!["--to", OLD], format!("?to={OLD}")),
        (
            vec!["--editions", "2015..2021=demo-2017-07-01,2022..2024=demo-2022-04-01"],
            "?editions=2015..2021%3Ddemo-2017-07-01,2022..2024=demo-2022-04-01".to_owned(),
        ),
    ] {
        let words = [&["check", path][..], &flags[..]].concat();
        let answer = post_table(&format!("/v1/series/check{query}"), table());
        assert_eq!(run_json(&words), answer.json());
        assert_eq!(answer.header("rattache-set-aside"), "0");
        let csv = run(&[&words[..], &["--format", "csv"]].concat());
        let joint = if query.is_empty() { "?" } else { "&" };
        assert_eq!(csv, post_table(&format!("/v1/series/check{query}{joint}format=csv"), table()).text());
        let values = table().lines().count() - 1;
        assert_eq!(rows(&csv).len(), values, "every cell has its verdict");
    }
}

#[test]
fn a_checked_cell_carries_break_cause_size_and_status() {
    let path = file("series.csv", table().as_bytes());
    let csv = run(&["check", path.to_str().unwrap(), "--format", "csv"]);
    let found = rows(&csv);
    let cell = |code: &str, period: &str| {
        found.iter().find(|row| row["code"] == code && row["period"] == period).unwrap().clone()
    };
    let shifted = cell("06512", "2016");
    assert_eq!((shifted["verdict"].as_str(), shifted["cause"].as_str()), ("estimated", "boundary_shift"));
    assert_eq!((shifted["break_date"].as_str(), shifted["OBS_STATUS"].as_str()), ("2022-04-01", "D"));
    assert!(shifted["people_out"].parse::<u64>().unwrap() > 0 && shifted["edition"] == OLD);
    let first = cell("06512", "2022");
    assert_eq!((first["verdict"].as_str(), first["OBS_STATUS"].as_str()), ("unaffected", "B"));
    assert!(first["OBS_PRE_BREAK"].parse::<f64>().unwrap() > first["value"].parse::<f64>().unwrap());
    assert_eq!(cell("08152", "2016")["verdict"], "exact");
    let quiet = cell("01111", "2016");
    assert_eq!((quiet["verdict"].as_str(), quiet["OBS_STATUS"].as_str()), ("unaffected", "A"));
}

#[test]
fn a_table_is_bridged_the_same_both_ways_conserves_its_totals_and_never_hides_doubt() {
    let path = file("body", table().as_bytes());
    let words = ["bridge", path.to_str().unwrap(), "--to", NEW];
    assert_eq!(run_json(&words), post_table(&format!("/v1/series/bridge?to={NEW}"), table()).json());
    let csv = run(&words);
    assert_eq!(csv, post_table(&format!("/v1/series/bridge?to={NEW}&format=csv"), table()).text());
    let mut totals: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for line in table().lines().skip(1) {
        let fields: Vec<&str> = line.split(';').collect();
        totals.entry(fields[0].to_owned()).or_default().0 += fields[3].parse::<i64>().unwrap();
    }
    let mut estimated = 0;
    for row in rows(&csv) {
        let value: i64 = row["value"].parse().unwrap();
        totals.get_mut(&row["period"]).unwrap().1 += value;
        assert_eq!(row["method"] == "weighted", !row["low_95"].is_empty());
        if row["method"] == "weighted" {
            estimated += 1;
            let (low, high): (f64, f64) = (row["low_95"].parse().unwrap(), row["high_95"].parse().unwrap());
            assert!(low <= value as f64 && value as f64 <= high && "EU".contains(&row["OBS_STATUS"]));
        }
    }
    assert!(estimated > 0 && totals.len() == 10);
    assert!(totals.values().all(|(before, after)| before == after), "{totals:?}");
}

#[test]
fn counts_by_unit_make_it_exact_in_a_file_of_their_own_and_as_rows_of_the_table() {
    let atlas = atlas_of(demo_bytes());
    let [old, new] = [0, 1].map(|at| atlas.edition(at));
    let mut sums = [vec![0; old.hierarchy.clsc_count()], vec![0; new.hierarchy.clsc_count()]];
    let (mut published, mut units) = ("annee,niveau,code,valeur\n".to_owned(), String::new());
    for unit in 0..atlas.unit_count() {
        let count = (unit * 7919) % 5;
        sums[0][usize::from(old.clsc_of_unit[unit])] += count;
        sums[1][usize::from(new.clsc_of_unit[unit])] += count;
        writeln!(units, "2016,AD,{},{count}", atlas.unit_id(unit)).unwrap();
    }
    for (territory, sum) in old.hierarchy.territories(Level::Clsc).iter().zip(&sums[0]) {
        writeln!(published, "2016,CLSC,{},{sum}", territory.code).unwrap();
    }
    let (table, by_unit) = (
        file("t.csv", published.as_bytes()),
        file("u.csv", ("annee,niveau,code,valeur\n".to_owned() + &units).as_bytes()),
    );
    let alone = run(&["bridge", table.to_str().unwrap(), "--to", NEW, "--by-unit", by_unit.to_str().unwrap()]);
    let together = post_table(&format!("/v1/series/bridge?to={NEW}&format=csv"), &(published.clone() + &units)).text();
    assert_eq!(alone, together);
    let truth: BTreeMap<&str, String> = new
        .hierarchy
        .territories(Level::Clsc)
        .iter()
        .zip(&sums[1])
        .map(|(territory, sum)| (territory.code.as_str(), sum.to_string()))
        .collect();
    let found = rows(&alone);
    assert_eq!(found.len(), truth.len());
    for row in &found {
        assert_eq!(row["value"], truth[row["code"].as_str()], "{}", row["code"]);
        assert!(row["low_95"].is_empty() && row["method"] != "weighted");
    }
    assert!(found.iter().filter(|row| row["method"] == "by_unit").count() >= 6);
}

#[test]
fn every_bad_input_is_named_with_line_and_column_and_counted() {
    let bad = "annee,niveau,code,valeur\n\
        2016,CLSC,Total,100\n2016,CLSC,0651,7\n2016,CLSC,06511,10\n2016,CLSC,06511,11\n2016,CLSC,06512,-4\n\
        2016,CLSC,16112,x\n2016,CLSC,16212,..\n2016,CLSC,03126,<5\nhier,CLSC,03125,3\n2016,Québec,99,100\n\
        2016,CLSC,99999,8\n1950,CLSC,03125,2\n";
    for answer in [
        post_table("/v1/series/check", bad).json(),
        post_table(&format!("/v1/series/bridge?to={NEW}"), bad).json(),
        run_json(&["check", file("body", bad.as_bytes()).to_str().unwrap()]),
    ] {
        let named: BTreeSet<(u64, &str, &str)> = answer["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|found| {
                let place = &found["place"];
                Some((place["line"].as_u64()?, place["column"].as_str()?, found["kind"].as_str()?))
            })
            .collect();
        for expected in [
            (2, "code", "total_row"),
            (3, "code", "other_level"),
            (5, "valeur", "duplicate_cell"),
            (6, "valeur", "negative_count"),
            (7, "valeur", "suppressed"),
            (8, "valeur", "suppressed"),
            (9, "valeur", "suppressed"),
            (10, "annee", "bad_period"),
            (11, "niveau", "total_row"),
            (12, "valeur", "unknown_code"),
            (13, "valeur", "no_edition"),
        ] {
            assert!(named.contains(&expected), "{expected:?} not in {named:?}");
        }
        let counts = &answer["table"];
        let count = |name: &str| counts[name].as_u64().unwrap();
        assert_eq!((count("values"), count("kept"), count("totals"), count("set_aside")), (12, 6, 2, 4));
    }
    let csv = post_table("/v1/series/check?format=csv", bad);
    assert_eq!((csv.header("rattache-values"), csv.header("rattache-set-aside")), ("12", "4"));
    let aside = rows(&csv.text()).into_iter().filter(|row| row["verdict"] == "set_aside").count();
    assert_eq!(aside, 4);
    let code = try_run(&["check", file("body", bad.as_bytes()).to_str().unwrap()]).unwrap().0;
    assert_eq!(code, ExitCode::from(1));
}

#[test]
fn a_total_beside_its_parts_is_set_aside_and_held_against_their_sum() {
    let atlas = atlas_of(demo_bytes());
    let territories = atlas.edition(1).hierarchy.territories(Level::Rss);
    for (total, wrong) in [(territories.len() * 3, false), (territories.len() * 3 + 1, true)] {
        let mut csv = "annee,niveau,code,valeur\n".to_owned();
        for territory in territories {
            writeln!(csv, "2023,RSS,{},3", territory.code).unwrap();
        }
        writeln!(csv, "2023,Ensemble du Québec,,{total}").unwrap();
        let answer = post_table("/v1/series/check", &csv).json();
        assert_eq!((&answer["sums_checked"], &answer["table"]["totals"]), (&1.into(), &1.into()));
        let findings = answer["findings"].as_array().unwrap();
        let found = findings.iter().find(|found| found["kind"] == "levels_do_not_add_up");
        assert_eq!(found.is_some(), wrong, "{findings:?}");
        if let Some(found) = found {
            assert_eq!(found["place"]["line"], territories.len() + 2);
        }
    }
}

#[test]
fn what_can_not_be_asked_is_a_problem_with_its_own_code() {
    let cases = [
        (get(&format!("/v1/editions/x/changes/{NEW}")), 404, "unknown-edition"),
        (get(&format!("/v1/editions/{OLD}/changes/x")), 404, "unknown-edition"),
        (get(&format!("/v1/editions/{OLD}/changes/{NEW}?level=da")), 404, "unknown-level"),
        (get(&format!("/v1/editions/{OLD}/changes/{NEW}?level=x")), 404, "unknown-level"),
        (get(&format!("/v1/editions/{OLD}/changes/{NEW}?format=x")), 400, "invalid-choice"),
        (get(&format!("/v1/editions/{OLD}/crosswalk/{NEW}?weights=x")), 400, "invalid-choice"),
        (get(&format!("/v1/editions/{OLD}/crosswalk/{NEW}?weights=dwellings")), 422, "no-weights"),
        (get(&format!("/v1/editions/{OLD}/crosswalk/{NEW}?x=1")), 400, "unknown-parameter"),
        (post_table("/v1/series/bridge", "annee,code,valeur\n"), 400, "missing-parameter"),
        (post_table("/v1/series/bridge?to=x", "annee,code,valeur\n"), 404, "unknown-edition"),
        (post_table("/v1/series/check?editions=,", "annee,code,valeur\n"), 400, "invalid-edition-list"),
        (post_table("/v1/series/check?editions=2015=", "annee,code,valeur\n"), 400, "invalid-edition-list"),
        (post_table("/v1/series/check?editions=nope", "annee,code,valeur\n"), 404, "unknown-edition"),
        (post_table("/v1/series/check?measure=x", "annee,code,valeur\n"), 400, "invalid-choice"),
        (post_table(&format!("/v1/series/bridge?to={NEW}&rate_per=0"), "a,b\n"), 400, "out-of-range"),
        (post_table("/v1/series/check", ""), 422, "unusable-table"),
        (post_table("/v1/series/check", "annee,an,code,valeur\n"), 422, "unusable-table"),
        (super::http::post("/v1/series/check", "{}"), 415, "unsupported-media-type"),
        (post_table("/v1/series/check", &"x".repeat(rattache::http::MOST_TABLE_BYTES + 1)), 413, "body-too-large"),
    ];
    for (at, (answer, status, code)) in cases.into_iter().enumerate() {
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (status, code), "case {at}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    for (words, message) in [
        (vec!["changes", "--from", "x", "--to", NEW], "unknown edition \"x\""),
        (vec!["changes", "--from", OLD, "--to", NEW, "--level", "da"], "holds units, not territories"),
        (vec!["common", "--level", "da"], "holds units, not territories"),
        (vec!["crosswalk", "--from", OLD, "--to", NEW, "--weights", "foo"], "\"foo\""),
        (vec!["check", "/nowhere/there.csv"], "can not be read"),
        (vec!["bridge", "/nowhere/there.csv", "--to", NEW, "--rate-per", "0"], "--rate-per \"0\""),
    ] {
        let error = try_run(&words).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn an_atlas_laid_over_itself_or_joined_by_a_file_of_its_own_units_changes_as_it_does_alone() {
    let other = atlas();
    let pair = ["changes", "--from", OLD, "--to", NEW, "--to-atlas", &other];
    let alone = run_json(&["changes", "--from", OLD, "--to", NEW]);
    let overlaid = run_json(&pair);
    assert_eq!(overlaid["territories"], alone["territories"]);
    assert_eq!(overlaid["joined"]["by"], "overlay");
    let atlas = atlas_of(demo_bytes());
    let mut csv = "DAUID2021_ADIDU2021,DAUID2016_ADIDU2016,DADGUID2021_ADIDUGD2021,DARELFLAG_ADINDREL\n".to_owned();
    for unit in 0..atlas.unit_count() {
        let id = atlas.unit_id(unit);
        writeln!(csv, "{id},{id},2021S0512{id},1").unwrap();
    }
    let path = file("2021_92-156-X_DA_AD.csv", csv.as_bytes());
    let joined = run_json(&[&pair[..], &["--correspondence", path.to_str().unwrap()]].concat());
    assert_eq!(joined["territories"], alone["territories"]);
    assert_eq!(joined["joined"]["by"], "correspondence");
}

#[test]
fn a_count_that_two_publications_give_away_is_found() {
    let atlas = atlas_of(demo_bytes());
    let tables = [0, 1].map(|at| {
        let edition = atlas.edition(at);
        let mut csv = "annee,code,valeur\n".to_owned();
        for territory in edition.hierarchy.territories(Level::Clsc) {
            // 50 cases each, of which 3 went from Saint-Léonard to Saint-Michel.
            let count = match (at, territory.code.as_str()) {
                (1, "06512") => 47,
                (1, "06511") => 53,
                (1, "08151") => 100,
                (1, "16311" | "16312") => 25,
                _ => 50,
            };
            writeln!(csv, "2021,{},{count}", territory.code).unwrap();
        }
        file("t.csv", csv.as_bytes())
    });
    let words = ["guard", tables[0].to_str().unwrap(), tables[1].to_str().unwrap(), "--from", OLD, "--to", NEW];
    let found = run_json(&words);
    let planted = found["deduced"].as_array().unwrap().iter().find(|found| {
        found["cells"] == serde_json::json!([["06512", "06511"]]) && found["count"] == serde_json::json!(3.0)
    });
    assert!(planted.is_some(), "{found}");
    assert_eq!(try_run(&words).unwrap().0, ExitCode::from(1));
    let (code, none) = try_run(&[&words[..], &["--threshold", "3", "--format", "csv"]].concat()).unwrap();
    assert_eq!((code, none.lines().count()), (ExitCode::SUCCESS, 1));
}

#[test]
fn comparable_territories_hold_everyone_once() {
    let answer = run_json(&["common"]);
    let groups = answer["groups"].as_array().unwrap();
    let people: u64 = groups.iter().map(|group| group["population"].as_u64().unwrap()).sum();
    let atlas = atlas_of(demo_bytes());
    let all: u64 = (0..atlas.unit_count()).map(|unit| u64::from(atlas.people(unit).unwrap())).sum();
    assert_eq!(people, all);
    assert!(groups.len() > 150 && groups.len() < 166);
    assert!(run(&["common", "--lang", "en"]).contains("comparable territories"));
}

#[test]
fn the_page_for_people_is_french_unless_english_is_asked_for_and_loads_nothing() {
    let path = file("series.csv", table().as_bytes());
    for (lang, words) in [("fr", "Ruptures et raccordement"), ("en", "Series breaks and bridging")] {
        let page = folder().path().join(format!("{lang}.html"));
        for command in [vec!["check"], vec!["bridge", "--to", NEW]] {
            let flags = ["--report", page.to_str().unwrap(), "--lang", lang];
            run(&[&command[..], &[path.to_str().unwrap()], &flags].concat());
            let html = std::fs::read_to_string(&page).unwrap();
            assert!(html.contains(words) && html.contains("<svg") && !html.contains("http"));
        }
    }
}
