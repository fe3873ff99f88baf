//! The database: one table of scenarios, one of events that is only ever added to.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::quotas::{Quotas, within};
use super::scenario::{Event, NewScenario, Recorded, Scenario};
use super::{Published, StoreError};
use crate::domain::{Words, both};
use crate::revision::{Digest, Revision, State};

const LAYOUT: i64 = 2;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS scenarios (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS events (
    scenario INTEGER NOT NULL REFERENCES scenarios (number),
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    event TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (scenario, number)
);
CREATE TRIGGER IF NOT EXISTS events_stay BEFORE UPDATE ON events
    BEGIN SELECT RAISE (ABORT, 'events are only ever added'); END;
CREATE TABLE IF NOT EXISTS discarded (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS events_last BEFORE DELETE ON events
    WHEN NOT EXISTS (SELECT 1 FROM discarded WHERE number = OLD.scenario)
    BEGIN SELECT RAISE (ABORT, 'events are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS discarded_stay BEFORE UPDATE ON discarded
    BEGIN SELECT RAISE (ABORT, 'what was deleted stays known'); END;
CREATE TRIGGER IF NOT EXISTS discarded_last BEFORE DELETE ON discarded
    BEGIN SELECT RAISE (ABORT, 'what was deleted stays known'); END;
";

/// How long a connection waits for another one, of this process or of another, to let go of the file.
const PATIENCE: Duration = Duration::from_secs(3);
/// The same for a look at what is published, which questions wait for.
const SHORT_PATIENCE: Duration = Duration::from_millis(200);
/// No counter of changes: the next look reads again.
const UNSEEN: i64 = -1;

/// A store of scenarios in one file. Shared between threads; other processes may have it open too.
///
/// The file is kept with a rollback journal, not with a write-ahead log: the `SQLite` that is built in (3.50) can lose
/// commits of a log that two connections reset at once (mended in 3.51.3). `synchronous = EXTRA` also makes the end of the
/// journal last through a loss of power.
#[derive(Debug)]
pub struct Store {
    /// Writes, one after another.
    writer: Mutex<Connection>,
    /// Reads: they do not wait for the writes of this process.
    reader: Mutex<Connection>,
    /// Looks whether anything was written, and waits for nobody.
    watcher: Mutex<Connection>,
    quotas: Quotas,
}

impl Store {
    /// Opens a store, or makes one where there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Layout`] for the file of another version; [`StoreError::InUse`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::of(path, OpenFlags::default())
    }

    /// Opens a store that there is.
    ///
    /// # Errors
    /// As [`Store::open`]; also where there is none.
    pub fn open_existing(path: &Path) -> Result<Self, StoreError> {
        Self::of(path, OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE)
    }

    fn of(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let writer = Connection::open_with_flags(path, flags)?;
        // What an earlier version kept with a write-ahead log is brought over, which nobody else may have open meanwhile.
        writer.busy_timeout(Duration::from_secs(1))?;
        let journal = writer.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0));
        match journal {
            Ok(mode) if mode.eq_ignore_ascii_case("delete") => {}
            Ok(_) => return Err(StoreError::InUse),
            Err(error) if is_busy(&error) => return Err(StoreError::InUse),
            Err(error) => return Err(error.into()),
        }
        writer.busy_timeout(PATIENCE)?;
        writer.pragma_update(None, "synchronous", "EXTRA")?;
        writer.pragma_update(None, "foreign_keys", true)?;
        let found: i64 = writer.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match found {
            0 => {
                writer.execute_batch(&format!("BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {LAYOUT}; COMMIT;"))?;
            }
            LAYOUT => {}
            // Nothing of it is changed: what deletes drafts is added.
            1 => writer.execute_batch(&format!(
                "BEGIN IMMEDIATE; DROP TRIGGER events_last; {SCHEMA} PRAGMA user_version = {LAYOUT}; COMMIT;"
            ))?,
            found => return Err(StoreError::Layout { found, expected: LAYOUT }),
        }
        let reader = Connection::open_with_flags(path, OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE)?;
        reader.busy_timeout(PATIENCE)?;
        reader.pragma_update(None, "query_only", true)?;
        let watcher = Connection::open_with_flags(path, OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE)?;
        watcher.busy_timeout(Duration::ZERO)?;
        watcher.pragma_update(None, "query_only", true)?;
        let [writer, reader, watcher] = [writer, reader, watcher].map(Mutex::new);
        Ok(Self { writer, reader, watcher, quotas: Quotas::default() })
    }

    /// The same, with other quotas than the usual ones.
    #[must_use]
    pub fn with_quotas(mut self, quotas: Quotas) -> Self {
        self.quotas = quotas;
        self
    }

    /// Makes a scenario, by its author. Its identifier is `rev-` and a number.
    ///
    /// # Errors
    /// [`StoreError::Empty`] without a name or an author, [`StoreError::Database`].
    pub fn create(&self, made: NewScenario, at: &str) -> Result<Scenario, StoreError> {
        for (french, english, text) in [("le nom", "name", &made.name), ("l'auteur", "author", &made.author)] {
            if text.trim().is_empty() {
                return Err(StoreError::Empty { what: Words::new(french, english) });
            }
        }
        self.quotas.allow_new(&made)?;
        let mut connection = lock(&self.writer);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.allow_one_more(&transaction, &made.author)?;
        // The number of one that was deleted is not given again.
        let number: i64 = transaction.query_row(
            "SELECT max((SELECT coalesce(max(number), 0) FROM scenarios), (SELECT coalesce(max(number), 0) FROM discarded)) + 1",
            [],
            |row| row.get(0),
        )?;
        let id = format!("rev-{number}");
        transaction.execute("INSERT INTO scenarios (number, id) VALUES (?1, ?2)", params![number, id])?;
        let who = made.author.clone();
        let first = record(&transaction, (number, &id), None, (at, &who), Event::Created(made))?;
        transaction.commit()?;
        Scenario::of(&id, &[first])
    }

    /// Whether a new scenario is within the quotas of one: asked before it is carried out.
    ///
    /// # Errors
    /// [`StoreError::Quota`].
    pub fn check_new(&self, made: &NewScenario) -> Result<(), StoreError> {
        self.quotas.allow_new(made)
    }

    /// Whether there is room for one more scenario of somebody.
    fn allow_one_more(&self, transaction: &Transaction<'_>, author: &str) -> Result<(), StoreError> {
        let count: i64 = transaction.query_row("SELECT count(*) FROM scenarios", [], |row| row.get(0))?;
        within(count as usize + 1, self.quotas.revisions, || both!("révisions de la base", "revisions of the store"))?;
        // Those of somebody that have not gone anywhere yet.
        let drafts: i64 = transaction.query_row(
            "SELECT count(*) FROM events WHERE number = 1 AND who = ?1 AND NOT EXISTS (
                 SELECT 1 FROM events AS later WHERE later.scenario = events.scenario
                 AND later.event LIKE '{\"event\":\"moved\"%')",
            [author],
            |row| row.get(0),
        )?;
        within(drafts as usize + 1, self.quotas.drafts, || {
            both!("brouillons d'une même personne (effacez-en)", "drafts of one person (delete some)")
        })
    }

    /// Deletes a draft, or what was withdrawn, that the writer saw at a version. That it was, with the time, who deleted it and
    /// the digest of its last event, stays known; its identifier is not given again.
    ///
    /// # Errors
    /// [`StoreError::Unknown`], [`StoreError::Conflict`], [`StoreError::Lasting`], [`StoreError::Database`].
    pub fn discard(&self, id: &str, seen: u64, (at, who): (&str, &str)) -> Result<Scenario, StoreError> {
        let mut connection = lock(&self.writer);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (number, events) = read(&transaction, id)?;
        let scenario = Scenario::of(id, &events)?;
        if scenario.version != seen {
            return Err(StoreError::Conflict { id: id.to_owned(), expected: seen, found: scenario.version });
        }
        if !matches!(scenario.state, State::Draft | State::Withdrawn) {
            return Err(StoreError::Lasting { state: scenario.state });
        }
        transaction.execute(
            "INSERT INTO discarded (number, id, at, who, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![number, id, at, who, scenario.head.as_str()],
        )?;
        transaction.execute("DELETE FROM events WHERE scenario = ?1", [number])?;
        transaction.execute("DELETE FROM scenarios WHERE number = ?1", [number])?;
        transaction.commit()?;
        Ok(scenario)
    }

    /// Adds an event to a scenario that the writer saw at a version. Once this returns, the event is on disk.
    ///
    /// # Errors
    /// [`StoreError::Unknown`], [`StoreError::Conflict`], what the state does not allow, [`StoreError::Database`]; nothing
    /// is then changed.
    pub fn append(&self, id: &str, seen: u64, author: (&str, &str), event: Event) -> Result<Scenario, StoreError> {
        self.append_if(id, seen, author, event, |_, _| Ok(()))
    }

    /// As [`Store::append`]; a publication is handed to `may_publish` first, with all that is published at that moment:
    /// nobody, in this process or in another, can publish in between.
    fn append_if<E: From<StoreError>>(
        &self,
        id: &str,
        seen: u64,
        (at, who): (&str, &str),
        event: Event,
        may_publish: impl FnOnce(&Revision, &Published) -> Result<(), E>,
    ) -> Result<Scenario, E> {
        if who.trim().is_empty() {
            return Err(StoreError::Empty { what: Words::new("l'auteur", "author") }.into());
        }
        let publishes = matches!(event, Event::Moved { to: State::Published, .. });
        let mut connection = lock(&self.writer);
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let written = append_in(&transaction, &self.quotas, (id, seen), (at, who), event)?;
        if publishes {
            // The new one is among them by now: what it is held against are the others.
            let others = Published::read(&transaction, None, UNSEEN)?.without(id);
            may_publish(&written.revision(), &others)?;
        }
        transaction.commit().map_err(StoreError::from)?;
        Ok(written)
    }

    /// What a scenario would be after an event that is not kept.
    ///
    /// # Errors
    /// As [`Store::append`], but for its author.
    pub fn preview(&self, id: &str, seen: u64, event: &Event) -> Result<Scenario, StoreError> {
        let mut events = self.events(id)?;
        let scenario = Scenario::of(id, &events)?;
        if scenario.version != seen {
            return Err(StoreError::Conflict { id: id.to_owned(), expected: seen, found: scenario.version });
        }
        scenario.allows(event)?;
        let (at, who) = (scenario.updated_at, scenario.author);
        let (previous, digest) = (scenario.head.clone(), scenario.head);
        events.push(Recorded { number: seen + 1, at, who, event: event.clone(), previous, digest });
        Scenario::of(id, &events)
    }

    /// Carries out what a scenario would be after an event, then keeps the event with the digest of the state that it leads
    /// to: no stored revision is one that would be refused. Whoever saw an older version is told so first.
    ///
    /// `may_publish` decides on a publication, inside the transaction that keeps it.
    ///
    /// # Errors
    /// What `carry_out` and `may_publish` give for the revision that they are handed, and as [`Store::append`]; nothing is
    /// then changed.
    pub fn settle<E: From<StoreError>>(
        &self,
        id: &str,
        seen: u64,
        author: (&str, &str),
        event: Event,
        carry_out: impl FnOnce(&Revision) -> Result<Digest, E>,
        may_publish: impl FnOnce(&Revision, &Published) -> Result<(), E>,
    ) -> Result<Scenario, E> {
        let next = self.preview(id, seen, &event)?;
        // Before it is carried out, which takes its time by the operation.
        self.quotas.allow(&next, author.1, &event)?;
        let leads_to = carry_out(&next.revision())?;
        self.append_if(id, seen, author, event.leading_to(leads_to), may_publish)
    }

    /// The published scenarios at this moment, in one transaction. `known` is an earlier answer, of which only what has come
    /// since is read.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn published(&self, known: Option<&Published>) -> Result<Published, StoreError> {
        // Looked at first: what is written meanwhile is then seen the next time.
        let version = match data_version(&lock(&self.watcher)) {
            Ok(version) => version,
            Err(error) if is_busy(&error) => UNSEEN,
            Err(error) => return Err(error.into()),
        };
        let mut connection = lock(&self.reader);
        connection.busy_timeout(SHORT_PATIENCE)?;
        let read = connection
            .transaction()
            .map_err(StoreError::from)
            .and_then(|transaction| Published::read(&transaction, known, version));
        connection.busy_timeout(PATIENCE)?;
        read
    }

    /// Whether nothing was written since an answer of [`Self::published`], by this process or by another. Costs a look at
    /// the file's counter of changes and waits for nobody; a write that is not yet acknowledged to whoever writes it does not
    /// count.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn is_current(&self, known: &Published) -> Result<bool, StoreError> {
        match data_version(&lock(&self.watcher)) {
            Ok(version) => Ok(known.is_of(version)),
            Err(error) if is_busy(&error) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// A scenario as it stood at a version. The chain is checked.
    ///
    /// # Errors
    /// As [`Store::read`], and [`StoreError::NoVersion`].
    pub fn read_version(&self, id: &str, version: u64) -> Result<Scenario, StoreError> {
        let events = self.events(id)?;
        let count = usize::try_from(version).ok().filter(|count| (1..=events.len()).contains(count));
        let last = events.len() as u64;
        let count = count.ok_or_else(|| StoreError::NoVersion { id: id.to_owned(), version, last })?;
        Scenario::of(id, &events[..count])
    }

    /// Copies a scenario with its operations, as a draft of somebody.
    ///
    /// # Errors
    /// As [`Store::create`], and [`StoreError::Unknown`].
    pub fn duplicate(&self, id: &str, name: Option<&str>, (at, who): (&str, &str)) -> Result<Scenario, StoreError> {
        let original = self.read(id)?;
        let made = NewScenario {
            name: name.map_or_else(|| format!("{} (copie)", original.name), str::to_owned),
            author: who.to_owned(),
            base: original.base,
            valid_from: original.valid_from,
            reason: original.reason,
            operations: original.operations,
            copy_of: Some(original.id),
        };
        self.create(made, at)
    }

    /// A scenario as it stands. The chain is checked.
    ///
    /// # Errors
    /// [`StoreError::Unknown`], [`StoreError::BrokenChain`], [`StoreError::Database`].
    pub fn read(&self, id: &str) -> Result<Scenario, StoreError> {
        Scenario::of(id, &self.events(id)?)
    }

    /// The whole history of a scenario. The chain is checked.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn events(&self, id: &str) -> Result<Vec<Recorded>, StoreError> {
        let mut connection = lock(&self.reader);
        let transaction = connection.transaction()?;
        Ok(read(&transaction, id)?.1)
    }

    /// Every scenario, in order of making; those of one state where one is given. Every chain is checked.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn list(&self, state: Option<State>) -> Result<Vec<Scenario>, StoreError> {
        self.list_after(None, usize::MAX, state)
    }

    /// The same, so many at most of those that were made after another one.
    ///
    /// # Errors
    /// As [`Store::read`], of the other one too.
    pub fn list_after(
        &self,
        after: Option<&str>,
        most: usize,
        state: Option<State>,
    ) -> Result<Vec<Scenario>, StoreError> {
        let mut connection = lock(&self.reader);
        let transaction = connection.transaction()?;
        let after = after.map(|id| read(&transaction, id).map(|(number, _)| number)).transpose()?.unwrap_or_default();
        let ids: Vec<String> = transaction
            .prepare_cached("SELECT id FROM scenarios WHERE number > ?1 ORDER BY number")?
            .query_map([after], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut list = Vec::new();
        for id in ids {
            if list.len() >= most {
                break;
            }
            let scenario = Scenario::of(&id, &read(&transaction, &id)?.1)?;
            if state.is_none_or(|state| scenario.state == state) {
                list.push(scenario);
            }
        }
        Ok(list)
    }
}

fn append_in(
    transaction: &Transaction<'_>,
    quotas: &Quotas,
    (id, seen): (&str, u64),
    author: (&str, &str),
    event: Event,
) -> Result<Scenario, StoreError> {
    let (number, mut events) = read(transaction, id)?;
    let scenario = Scenario::of(id, &events)?;
    if scenario.version != seen {
        return Err(StoreError::Conflict { id: id.to_owned(), expected: seen, found: scenario.version });
    }
    scenario.allows(&event)?;
    events.push(record(transaction, (number, id), events.last(), author, event)?);
    let after = Scenario::of(id, &events)?;
    // What is refused here is rolled back with the transaction.
    if let Some(last) = events.last() {
        quotas.allow(&after, author.1, &last.event)?;
    }
    Ok(after)
}

fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    // A transaction that a panic cut short was rolled back.
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// A number that changes with every commit of any other connection.
fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "data_version", |row| row.get(0))
}

fn digest(id: &str, (number, at, who): (u64, &str, &str), event: &str, previous: &str) -> Digest {
    // Written as JSON, so that no two lists of texts give the same bytes.
    Digest::of(serde_json::json!([id, number, at, who, event, previous]).to_string().as_bytes())
}

fn record(
    transaction: &Transaction<'_>,
    (scenario, id): (i64, &str),
    before: Option<&Recorded>,
    (at, who): (&str, &str),
    event: Event,
) -> Result<Recorded, StoreError> {
    let number = before.map_or(0, |before| before.number) + 1;
    let previous = before.map_or_else(|| Digest::of(b""), |before| before.digest.clone());
    let text = serde_json::to_string(&event)?;
    let digest = digest(id, (number, at, who), &text, previous.as_str());
    transaction.execute(
        "INSERT INTO events (scenario, number, at, who, event, previous, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![scenario, number as i64, at, who, text, previous.as_str(), digest.as_str()],
    )?;
    Ok(Recorded { number, at: at.to_owned(), who: who.to_owned(), event, previous, digest })
}

/// The events of a scenario, in order, each held against the one before.
pub(super) fn read(transaction: &Transaction<'_>, id: &str) -> Result<(i64, Vec<Recorded>), StoreError> {
    let scenario: Option<i64> = transaction
        .prepare_cached("SELECT number FROM scenarios WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let scenario = scenario.ok_or_else(|| StoreError::Unknown { id: id.to_owned() })?;
    let mut rows = transaction.prepare_cached(
        "SELECT number, at, who, event, previous, digest FROM events WHERE scenario = ?1 ORDER BY number",
    )?;
    let rows = rows.query_map([scenario], |row| {
        Ok((row.get::<_, i64>(0)? as u64, [1, 2, 3, 4, 5].map(|column| row.get::<_, String>(column))))
    })?;
    let mut events: Vec<Recorded> = Vec::new();
    for row in rows {
        let (number, [at, who, text, previous, stored]) = row?;
        let (at, who, text, previous, stored) = (at?, who?, text?, previous?, stored?);
        let before = events.last().map_or_else(|| Digest::of(b""), |before| before.digest.clone());
        let own = digest(id, (number, &at, &who), &text, &previous);
        if number != events.len() as u64 + 1 || previous != before.as_str() || stored != own.as_str() {
            return Err(StoreError::BrokenChain { id: id.to_owned(), number: events.len() as u64 + 1 });
        }
        let event = serde_json::from_str(&text)?;
        events.push(Recorded { number, at, who, event, previous: before, digest: own });
    }
    Ok((scenario, events))
}
