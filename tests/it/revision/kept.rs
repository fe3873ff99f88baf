//! The store: who may do what when, who is refused, and what a crash leaves.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use rattache::domain::Level;
use rattache::revision::Operation;
use rattache::revision::{Aspect, State};
use rattache::store::{Event, NewScenario, Store, StoreError};

use super::code;

const AT: (&str, &str) = ("2026-11-23T10:00:00Z", "Ada");

fn made(name: &str) -> NewScenario {
    NewScenario {
        name: name.into(),
        author: "Ada".into(),
        base: "2017-07-01".into(),
        valid_from: "2027-04-01".parse().unwrap(),
        operations: Vec::new(),
        reason: None,
        copy_of: None,
    }
}

fn rename(number: u64) -> Vec<Operation> {
    vec![Operation::Rename { level: Level::Clsc, code: code("06121"), name: format!("Nom {number}") }]
}

fn append(number: u64) -> Event {
    Event::Appended { operations: rename(number), leads_to: None }
}

fn moved(to: State) -> Event {
    Event::moved(to)
}

#[test]
fn steps_are_undone_and_redone_and_a_new_step_forgets_what_was_undone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store")).unwrap();
    let id = store.create(made("Essai"), AT.0).unwrap().id;
    store.append(&id, 1, AT, append(1)).unwrap();
    store.append(&id, 2, AT, append(2)).unwrap();
    let undone = store.append(&id, 3, AT, Event::Undone { leads_to: None }).unwrap();
    assert_eq!((undone.operations, undone.undoable, undone.redoable), (rename(1), 1, 1));
    let redone = store.append(&id, 4, AT, Event::Redone { leads_to: None }).unwrap();
    assert_eq!(redone.operations, [rename(1), rename(2)].concat());
    store.append(&id, 5, AT, Event::Undone { leads_to: None }).unwrap();
    let other = store.append(&id, 6, AT, append(3)).unwrap();
    assert_eq!((other.operations, other.redoable), ([rename(1), rename(3)].concat(), 0));
    assert!(matches!(
        store.append(&id, 7, AT, Event::Redone { leads_to: None }),
        Err(StoreError::Nothing { what }) if &*what.english == "redo"
    ));
    let copy = store.duplicate(&id, None, ("2026-11-23T11:00:00Z", "Grace")).unwrap();
    assert_eq!((copy.operations, copy.copy_of, copy.version), ([rename(1), rename(3)].concat(), Some(id), 1));
}

#[test]
fn of_two_writers_that_saw_the_same_version_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store");
    let (one, other) = (Store::open(&file).unwrap(), Store::open(&file).unwrap());
    let id = one.create(made("Essai"), AT.0).unwrap().id;
    let outcomes: Vec<bool> = std::thread::scope(|scope| {
        let write = |store| {
            let id = &id;
            scope.spawn(move || Store::append(store, id, 1, AT, append(7)).is_ok())
        };
        [write(&one), write(&other)].map(|task| task.join().unwrap()).into()
    });
    assert_eq!(outcomes.iter().filter(|&&done| done).count(), 1);
    assert!(matches!(one.append(&id, 1, AT, append(8)), Err(StoreError::Conflict { expected: 1, found: 2, .. })));
    assert_eq!(other.read(&id).unwrap().version, 2);
}

#[test]
fn a_scenario_goes_from_draft_to_published_and_nowhere_else() {
    use State::{Accepted, Draft, InAnalysis, Published, Refused, Submitted};
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store")).unwrap();
    let all = [Draft, Submitted, InAnalysis, Accepted, Refused, Published];
    for end in [Accepted, Refused] {
        let id = store.create(made("Essai"), AT.0).unwrap().id;
        let way: &[State] = if end == Accepted {
            &[Submitted, InAnalysis, Accepted, Published]
        } else {
            &[Submitted, InAnalysis, Refused]
        };
        for &next in way {
            let now = store.read(&id).unwrap();
            for to in all.into_iter().filter(|to| !now.state.next().contains(to)) {
                assert!(matches!(store.append(&id, now.version, AT, moved(to)), Err(StoreError::Transition { .. })));
            }
            assert_eq!(store.append(&id, now.version, AT, moved(next)).unwrap().state, next);
            let now = store.read(&id).unwrap();
            assert!(matches!(store.append(&id, now.version, AT, append(1)), Err(StoreError::Settled { .. })));
            let said = Event::Commented { text: "Vu.".into() };
            assert_eq!(store.append(&id, now.version, AT, said).unwrap().comments.last().unwrap().text, "Vu.");
        }
    }
    assert_eq!(store.list(Some(Published)).unwrap().len(), 1);
}

#[test]
fn events_can_not_be_altered_and_an_altered_file_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store");
    let store = Store::open(&file).unwrap();
    let id = store.create(made("Essai"), AT.0).unwrap().id;
    store.append(&id, 1, AT, append(1)).unwrap();
    store.append(&id, 2, AT, append(2)).unwrap();
    drop(store);
    let bare = rusqlite::Connection::open(&file).unwrap();
    for change in ["UPDATE events SET who = 'Eve'", "DELETE FROM events"] {
        assert!(bare.execute(change, []).unwrap_err().to_string().contains("only ever added"));
    }
    bare.execute_batch("DROP TRIGGER events_stay; UPDATE events SET who = 'Eve' WHERE number = 2").unwrap();
    drop(bare);
    let store = Store::open(&file).unwrap();
    assert!(matches!(store.read(&id), Err(StoreError::BrokenChain { number: 2, .. })));
}

/// Appends for as long as it lives, and says each step once it is acknowledged. Run by the test below only.
#[test]
#[ignore = "a child of the test below"]
fn child_that_appends() {
    let Ok(file) = std::env::var("RATTACHE_TEST_STORE") else { return };
    let store = Store::open(file.as_ref()).unwrap();
    let id = store.create(made("Essai"), AT.0).unwrap().id;
    for version in 1.. {
        store.append(&id, version, AT, append(version)).unwrap();
        println!("\nkept {id} {}", version + 1);
    }
}

#[test]
fn nothing_that_was_acknowledged_is_lost_to_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store");
    let mut acknowledged: Vec<(String, u64)> = Vec::new();
    for round in 0..4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "revision::kept::child_that_appends", "--ignored", "--nocapture"])
            .env("RATTACHE_TEST_STORE", &file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let kept = |line: String| {
            let (id, version) = line.strip_prefix("kept ")?.split_once(' ')?;
            Some((id.to_owned(), version.parse().unwrap()))
        };
        let mut last = None;
        for _ in 0..10 + round * 7 {
            last = lines.by_ref().find_map(kept);
        }
        // SIGKILL, wherever it is.
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(said) = lines.by_ref().find_map(kept) {
            last = Some(said);
        }
        acknowledged.push(last.unwrap());
        let store = Store::open(&file).unwrap();
        for (id, version) in &acknowledged {
            let scenario = store.read(id).unwrap();
            assert!(scenario.version >= *version, "{id}: {} after {version} were acknowledged", scenario.version);
            assert_eq!(scenario.operations.len() as u64, scenario.version - 1);
        }
    }
}

#[test]
fn a_revision_goes_back_to_be_corrected_is_judged_and_keeps_its_reasons() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("revisions.db")).unwrap();
    let mut new = made("Essai");
    new.reason = Some("Rapprocher les services.".into());
    store.create(new, "2026-11-20T12:00:00Z").unwrap();
    let by = ("2026-11-21T12:00:00Z", "Grace");
    let step = |version: u64, event: Event| store.append("rev-1", version, by, event);
    step(1, Event::moved(State::Submitted)).unwrap();
    step(2, Event::decided(State::Draft, Some("Carte illisible.".into()))).unwrap();
    step(3, Event::moved(State::Submitted)).unwrap();
    step(4, Event::moved(State::InAnalysis)).unwrap();
    let judged = |text: &str| Event::Judged { aspect: Aspect::PublicHealth, text: text.into() };
    step(5, judged("À préciser.")).unwrap();
    step(6, judged("Favorable.")).unwrap();
    assert!(matches!(step(7, judged(" ")), Err(StoreError::Empty { .. })));
    step(7, Event::decided(State::Withdrawn, Some("Plus nécessaire.".into()))).unwrap();
    assert!(matches!(step(8, judged("Trop tard.")), Err(StoreError::Closed { .. })));
    assert!(matches!(step(8, Event::moved(State::Submitted)), Err(StoreError::Transition { .. })));
    let scenario = store.read("rev-1").unwrap();
    let record = scenario.record();
    assert_eq!(scenario.revision().reason.as_deref(), Some("Rapprocher les services."));
    assert_eq!(record.judgements.len(), 1);
    assert_eq!((record.judgements[0].text.as_str(), record.judgements[0].who.as_str()), ("Favorable.", "Grace"));
    let steps: Vec<State> = record.decisions.iter().map(|decision| decision.to).collect();
    let all = [State::Submitted, State::Draft, State::Submitted, State::InAnalysis, State::Withdrawn];
    assert_eq!(steps, all);
    assert_eq!(record.decisions[4].reason.as_deref(), Some("Plus nécessaire."));
    let copy = store.duplicate("rev-1", None, by).unwrap();
    assert_eq!(copy.reason, scenario.reason);
}
