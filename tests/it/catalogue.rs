//! Which edition answers: the same for the library, the command line, HTTP and files of rows, on any day.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests too")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::Request;
use rattache::atlas::{Atlas, AtlasSource, compile};
use rattache::batch::{Checkpoint, Column, Job, NamedColumns, Options, Sink};
use rattache::catalogue::{Catalogue, CatalogueError, KeptRevisions};
use rattache::domain::{
    AttachmentTable, Date, Edition, EditionChoice, EditionHeader, Hierarchy, HierarchyRow, Level, LonLat, Territory,
    TerritoryCode, Timestamp,
};
use rattache::http::State;
use rattache::resolve::{Query, Resolver};
use rattache::revision::Operation;
use rattache::revision::State as Stage;
use rattache::store::{Event, NewScenario, Scenario, Store, StoreError};
use serde_json::{Value, json};

use super::http::{ask_state, atlas_of};
use super::maps::{Seeded, clean_coverage, wavy_grid};

const AUTHOR: (&str, &str) = ("2026-11-27T12:00:00Z", "Ada");

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Noon in Québec (or an hour before) on a day.
fn noon(of: Date) -> SystemTime {
    let noon: jiff::Timestamp = format!("{of}T16:00:00Z").parse().unwrap();
    SystemTime::try_from(noon).unwrap()
}

/// Two CLSC, all above them the same.
fn edition(id: &str, valid_from: Date, units: usize) -> Edition {
    let row = |code: &str| {
        let territory = |code: &str| Territory {
            code: TerritoryCode::new(code),
            name: format!("{code} de {id}"),
            published_population: None,
        };
        HierarchyRow {
            territories: [
                territory(code),
                territory(&code[..4]),
                territory(&code[..3]),
                territory("06"),
                territory("2"),
            ],
        }
    };
    let header = EditionHeader { id: id.to_owned(), label: id.to_owned(), official: false, valid_from };
    let attachment = AttachmentTable::new((0..units).map(|unit| (unit % 2) as u16).collect(), 2).unwrap();
    Edition {
        header,
        hierarchy: Hierarchy::new(&[row("06111"), row("06112")]).unwrap(),
        attachment,
        straddles: Vec::new(),
    }
}

/// A small atlas with an edition from each day.
pub fn atlas(days: &[Date]) -> Atlas {
    let polygons = wavy_grid(4, [-73.6, 46.0], 2, 0.02, 2, 0.05);
    let units = polygons.ids.len();
    let source = AtlasSource {
        unit_ids: polygons.ids.clone(),
        coverage: clean_coverage(&polygons),
        people: vec![Some(10); units],
        people_year: None,
        people_by_year: Vec::new(),
        editions: days.iter().map(|&from| edition(&format!("atlas-{from}"), from, units)).collect(),
        installations: Vec::new(),
        nearest_m: 5_000.0,
        sources: Vec::new(),
        findings: Vec::new(),
        addresses: None,
    };
    atlas_of(&compile(source).unwrap())
}

/// A revision of an edition that gives a CLSC another name, as a draft.
fn draft(catalogue: &Catalogue, base: &str, name: &str) -> Scenario {
    let operations =
        vec![Operation::Rename { level: Level::Clsc, code: TerritoryCode::new("06111"), name: name.to_owned() }];
    let made = NewScenario {
        name: name.to_owned(),
        author: AUTHOR.1.to_owned(),
        base: base.to_owned(),
        valid_from: day("2040-01-01"),
        operations,
        reason: None,
        copy_of: None,
    };
    catalogue.create(made, AUTHOR.0).unwrap()
}

/// Takes a draft as far as publication, and publishes it where that is allowed.
fn publish(catalogue: &Catalogue, draft: &Scenario, from: Date) -> Result<Scenario, CatalogueError> {
    let store = catalogue.kept().unwrap().store();
    let mut seen = store.read(&draft.id).unwrap();
    for to in [Stage::Submitted, Stage::InAnalysis, Stage::Accepted] {
        if seen.state.next().contains(&to) {
            seen = store.append(&draft.id, seen.version, AUTHOR, Event::moved(to)).unwrap();
        }
    }
    let event = Event::Moved {
        to: Stage::Published,
        reason: None,
        valid_from: Some(from),
        official: Some(true),
        accepts: Vec::new(),
        leads_to: None,
    };
    catalogue.settle(&draft.id, seen.version, AUTHOR, event)
}

fn opened(atlas: Atlas, store: &Path) -> Catalogue {
    Catalogue::new(atlas).with_kept(Arc::new(KeptRevisions::new(Store::open(store).unwrap()).unwrap()))
}

struct Rows(Vec<u8>);

impl Sink for Rows {
    fn write(&mut self, bytes: &[u8], _: &Checkpoint) -> std::io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// A service with a clock of its own, on another connection to the store.
struct Service {
    state: Arc<State>,
    clock: Arc<AtomicI64>,
}

impl Service {
    fn new(atlas: Atlas, store: &Path) -> Self {
        let state = State::new(atlas, None, rattache::http::Options::default()).unwrap();
        state.keep_revisions(Store::open(store).unwrap()).unwrap();
        let clock = Arc::new(AtomicI64::new(0));
        let seconds = Arc::clone(&clock);
        let now = move || SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::Relaxed) as u64);
        state.set_clock(Box::new(now));
        Self { state, clock }
    }

    fn at(&self, today: Date) {
        let since = noon(today).duration_since(SystemTime::UNIX_EPOCH).unwrap();
        self.clock.store(since.as_secs() as i64, Ordering::Relaxed);
    }

    fn get(&self, uri: &str) -> Value {
        ask_state(&self.state, Request::get(uri).body(Body::empty()).unwrap()).json()
    }

    fn post(&self, uri: &str, kind: &str, body: String) -> String {
        ask_state(&self.state, Request::post(uri).header("content-type", kind).body(Body::from(body)).unwrap()).text()
    }
}

fn command(now: SystemTime, words: &[&str]) -> Result<Value, String> {
    let mut out = Vec::new();
    let words = ["rattache"].iter().chain(words).map(Into::into);
    rattache::cli::run_at(Timestamp::from(now), words, &mut out).map_err(|error| error.to_string())?;
    Ok(serde_json::from_slice(&out).unwrap())
}

/// What must answer: of the editions that begin no later than the day, the one that begins last, that of the atlas before a
/// published one of the same day; the last day on which it holds; and whether it answers before its time.
fn expected(known: &[(Date, String, bool)], today: Date) -> (String, Option<Date>, bool) {
    let best = known.iter().filter(|(from, ..)| *from <= today).max_by_key(|(from, _, of_atlas)| (*from, *of_atlas));
    let first = known.iter().min_by_key(|(from, _, of_atlas)| (*from, !*of_atlas)).unwrap();
    let answering = best.unwrap_or(first);
    let next = known.iter().map(|(from, ..)| *from).filter(|from| *from > answering.0).min();
    (answering.1.clone(), next.and_then(Date::day_before), best.is_none())
}

#[test]
fn the_same_question_has_the_same_edition_by_library_command_line_http_and_rows_on_any_day() {
    let mut random = Seeded(20_261_127);
    let some_day = |random: &mut Seeded| {
        Date::new(2016 + random.below(20) as i16, 1 + random.below(12) as i8, 1 + random.below(28) as i8).unwrap()
    };
    let (mut early, mut published_answers) = (0, 0);
    for round in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let (store, file) = (folder.path().join("store"), folder.path().join("a.atlas"));
        let mut days: Vec<Date> = (0..=random.below(3)).map(|_| some_day(&mut random)).collect();
        days.sort_unstable();
        days.dedup();
        std::fs::write(&file, atlas(&days).bytes()).unwrap();
        let catalogue = opened(Atlas::open(&file).unwrap(), &store);
        // Opened before anything is published: what comes later must be followed.
        let service = Service::new(atlas(&days), &store);
        let mut known: Vec<(Date, String, bool)> =
            days.iter().map(|&from| (from, format!("atlas-{from}"), true)).collect();
        for number in 0..6 {
            let from = some_day(&mut random);
            let base = expected(&known, from).0;
            let draft = draft(&catalogue, &base, &format!("Nom {round}.{number}"));
            if let Ok(done) = publish(&catalogue, &draft, from) {
                known.push((from, done.id, false));
            }
        }
        known.sort();
        let mut todays: Vec<Date> = (0..6).map(|_| some_day(&mut random)).collect();
        todays.extend(known.iter().flat_map(|(from, ..)| [Some(*from), from.day_before()].into_iter().flatten()));
        let inside = catalogue.atlas().points_inside()[0];
        let (lat, lon) = (inside.lat().to_string(), inside.lon().to_string());
        let position = LonLat::new(inside.lon(), inside.lat()).unwrap();
        let paths = [file.display().to_string(), store.display().to_string()];
        for today in todays {
            service.at(today);
            let other = some_day(&mut random);
            let named = known[random.below(known.len())].1.clone();
            let latest = expected(&known, day("2999-12-31")).0;
            let (in_force, until, too_early) = expected(&known, today);
            early += usize::from(too_early);
            published_answers += usize::from(in_force.starts_with("rev-"));
            let of_other = expected(&known, other);
            // The parameter of HTTP, the flag, the choice, what must answer.
            let questions = [
                (String::new(), vec![], EditionChoice::InForce(today), Some(in_force)),
                ("&edition=latest".to_owned(), vec!["--edition", "latest"], EditionChoice::Latest, Some(latest)),
                (
                    format!("&edition={named}"),
                    vec!["--edition", &named],
                    EditionChoice::named(&named),
                    Some(named.clone()),
                ),
                (
                    format!("&as_of={other}"),
                    vec!["--as-of", "OTHER"],
                    EditionChoice::AsOf(other),
                    Some(of_other.0).filter(|_| !of_other.2),
                ),
            ];
            for (parameter, mut flags, choice, answering) in questions {
                let other_text = other.to_string();
                for flag in &mut flags {
                    if *flag == "OTHER" {
                        *flag = &other_text;
                    }
                }
                let mut words = vec!["resolve", "--lat", &lat, "--lon", &lon, "--format", "json"];
                words.extend(["--atlas", &paths[0], "--store", &paths[1]]);
                words.extend(flags);
                let by_command = command(noon(today), &words);
                let by_http = service.get(&format!("/v1/resolve?lat={lat}&lon={lon}{parameter}"));
                let Some(answering) = answering else {
                    assert!(by_command.unwrap_err().contains("no edition holds on"), "{words:?}");
                    assert_eq!(by_http["code"], "no-edition");
                    assert!(catalogue.choose(&choice).is_err());
                    continue;
                };
                let edition = catalogue.choose(&choice).unwrap();
                let query = Query { place: position.into(), basis: None, edition: choice.clone(), uncertainty_m: None };
                let by_library = serde_json::to_value(edition.answer(&query).unwrap()).unwrap();
                assert_eq!(by_library["edition"]["id"], answering, "{round} {today} {parameter}");
                assert_eq!(by_command.unwrap(), by_library, "{round} {today} {parameter}");
                assert_eq!(by_http, by_library, "{round} {today} {parameter}");
                if parameter.is_empty() {
                    assert_eq!(by_library["edition"]["valid_until"], json!(until));
                    assert_eq!(by_library["edition"].get("not_yet_in_force"), too_early.then_some(&json!(true)));
                }
                // Rows, in the library and over HTTP.
                let options = Options { columns: vec![Column::ClscName, Column::Edition], ..Options::default() };
                let input = format!("lat,lon\n{lat},{lon}\n");
                let set = catalogue.timetable().unwrap().for_rows(&choice).unwrap();
                let mut rows = Rows(Vec::new());
                Job::open(&set, input.as_bytes(), &options).unwrap().run(1, &mut rows).unwrap();
                let rows = String::from_utf8(rows.0).unwrap();
                let name = by_library["lineage"]["clsc"]["name"].as_str().unwrap();
                assert_eq!(rows.lines().nth(1).unwrap(), format!("{lat},{lon},{name},{answering}"));
                let parameter = parameter.replace('&', "");
                let served =
                    service.post(&format!("/v1/batch?columns=clsc_name,edition&{parameter}"), "text/csv", input);
                assert_eq!(served, rows);
            }
            // Rows that name their day.
            let input = format!("lat,lon,jour\n{lat},{lon},{today}\n{lat},{lon},{other}\n");
            let options = Options {
                columns: vec![Column::Edition],
                named: NamedColumns { as_of: Some("jour".into()), ..NamedColumns::default() },
                ..Options::default()
            };
            let set = catalogue.timetable().unwrap().for_days().unwrap();
            let mut rows = Rows(Vec::new());
            Job::open(&set, input.as_bytes(), &options).unwrap().run(1, &mut rows).unwrap();
            let rows = String::from_utf8(rows.0).unwrap();
            for (row, of) in rows.lines().skip(1).zip([today, other]) {
                let (id, _, too_early) = expected(&known, of);
                let answering = if too_early { String::new() } else { id };
                assert!(row.ends_with(&format!(",{of},{answering}")), "{row}: {answering}");
            }
            let served = service.post("/v1/batch?columns=edition&as_of_column=jour", "text/csv", input);
            assert_eq!(served, rows);
        }
    }
    assert!(early > 0 && published_answers > 0, "{early} {published_answers}");
}

#[test]
fn an_atlas_whose_editions_all_begin_later_answers_with_the_first_and_says_so() {
    let atlas = atlas(&[day("2030-04-01"), day("2035-04-01")]);
    let inside = atlas.points_inside()[0];
    let position = LonLat::new(inside.lon(), inside.lat()).unwrap();
    let resolver = Resolver::new(&atlas, &EditionChoice::InForce(day("2026-11-27"))).unwrap();
    let answer = serde_json::to_value(resolver.resolve(position, None).unwrap()).unwrap();
    assert_eq!(answer["edition"]["id"], "atlas-2030-04-01");
    assert_eq!(answer["edition"]["not_yet_in_force"], true);
    assert_eq!(answer["edition"]["valid_until"], "2035-03-31");
    assert!(answer["lineage"]["clsc"]["code"].is_string(), "nobody is left without a CLSC");
    // A day that was named is another matter: nothing held on it.
    let refused = Resolver::new(&atlas, &EditionChoice::AsOf(day("2026-11-27"))).unwrap_err();
    assert!(refused.to_string().contains("the first one, \"atlas-2030-04-01\", holds from 2030-04-01"), "{refused}");
}

#[test]
fn of_two_processes_that_publish_from_the_same_day_one_is_refused_and_both_see_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (store, days) = (folder.path().join("store"), [day("2017-07-01")]);
    let (one, other) = (opened(atlas(&days), &store), opened(atlas(&days), &store));
    for round in 0..4 {
        let from = Date::new(2031 + round, 4, 1).unwrap();
        let base = one.choose(&EditionChoice::Latest).unwrap().header().id.clone();
        let drafts = [&one, &other].map(|catalogue| draft(catalogue, &base, &format!("Nom {round}")));
        let done = std::thread::scope(|scope| {
            let tasks = [(&one, &drafts[0]), (&other, &drafts[1])]
                .map(|(catalogue, draft)| scope.spawn(move || publish(catalogue, draft, from)));
            tasks.map(|task| task.join().unwrap())
        });
        let published: Vec<&String> = done.iter().filter_map(|done| Some(&done.as_ref().ok()?.id)).collect();
        let [id] = published[..] else { panic!("{done:?}") };
        for catalogue in [&one, &other] {
            assert_eq!(&catalogue.choose(&EditionChoice::AsOf(from)).unwrap().header().id, id);
            assert_eq!(&catalogue.choose(&EditionChoice::Latest).unwrap().header().id, id);
            let before = catalogue.choose(&EditionChoice::AsOf(from.day_before().unwrap())).unwrap();
            assert_eq!(before.view().validity.valid_until, from.day_before());
        }
    }
}

#[test]
fn a_store_of_an_earlier_version_loses_its_write_ahead_log_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store");
    let catalogue = opened(atlas(&[day("2017-07-01")]), &file);
    let id = draft(&catalogue, "atlas-2017-07-01", "Gardée").id;
    drop(catalogue);
    let journal = |connection: &rusqlite::Connection| {
        connection.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0)).unwrap()
    };
    let old = rusqlite::Connection::open(&file).unwrap();
    old.pragma_update(None, "journal_mode", "WAL").unwrap();
    assert_eq!(journal(&old), "wal");
    // While the older program has it open, it is not touched, and that is said.
    old.execute_batch("BEGIN; SELECT * FROM events").unwrap();
    assert!(matches!(Store::open_existing(&file), Err(StoreError::InUse)));
    drop(old);
    let store = Store::open_existing(&file).unwrap();
    assert_eq!(store.read(&id).unwrap().name, "Gardée");
    assert_eq!(journal(&rusqlite::Connection::open(&file).unwrap()), "delete");
    assert!(!folder.path().join("store-wal").exists());
}

#[test]
fn a_stored_revision_that_is_its_own_base_is_refused_and_not_followed_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store")).unwrap();
    let made = |base: &str| NewScenario {
        name: "Boucle".into(),
        author: "Eve".into(),
        base: base.into(),
        valid_from: day("2031-01-01"),
        operations: Vec::new(),
        reason: None,
        copy_of: None,
    };
    for base in ["rev-2", "rev-1", "rev-3"] {
        let id = store.create(made(base), AUTHOR.0).unwrap().id;
        let way = [Stage::Submitted, Stage::InAnalysis, Stage::Accepted, Stage::Published];
        for (version, to) in (1..).zip(way) {
            store.append(&id, version, AUTHOR, Event::moved(to)).unwrap();
        }
    }
    drop(store);
    let catalogue = opened(atlas(&[day("2017-07-01")]), &folder.path().join("store"));
    for id in ["rev-1", "rev-2", "rev-3"] {
        let refused = catalogue.choose(&EditionChoice::named(id)).unwrap_err();
        assert!(matches!(refused, CatalogueError::BaseOfItself { .. }), "{id}: {refused}");
    }
}
