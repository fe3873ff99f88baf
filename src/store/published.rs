//! The scenarios that were published, as they are known at one moment.

use std::sync::Arc;

use rusqlite::Transaction;

use super::database::read;
use super::{Scenario, StoreError};

/// The published scenarios of a store at one moment, in order of the day from which they hold; of those that hold from the
/// same day, the one published last comes last.
#[derive(Debug, Clone, Default)]
pub struct Published {
    scenarios: Vec<Arc<Scenario>>,
    /// Counter of changes of the file, as the watching connection saw it before this was read.
    version: i64,
    /// How many drafts were deleted: numbers of events may then be used again.
    discarded: i64,
    /// The last event that was looked at. Events are only ever added.
    last_event: i64,
}

impl Published {
    /// Those of a store, of which `known` is an earlier answer.
    pub(super) fn read(transaction: &Transaction<'_>, known: Option<&Self>, version: i64) -> Result<Self, StoreError> {
        let discarded: i64 = transaction.query_row("SELECT count(*) FROM discarded", [], |row| row.get(0))?;
        let last_event: i64 =
            transaction.query_row("SELECT coalesce(max(rowid), 0) FROM events", [], |row| row.get(0))?;
        // A file that holds less than before was put back from a copy: all of it is read again.
        let known = known.filter(|known| known.last_event <= last_event && known.discarded == discarded);
        let mut scenarios = known.map(|known| known.scenarios.clone()).unwrap_or_default();
        let ids: Vec<String> = transaction
            .prepare_cached(
                "SELECT scenarios.id FROM events JOIN scenarios ON scenarios.number = events.scenario
                 WHERE events.rowid > ?1 AND events.event LIKE '{\"event\":\"moved\",\"to\":\"published\"%'
                 ORDER BY events.rowid",
            )?
            .query_map([known.map_or(0, |known| known.last_event)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for id in ids {
            scenarios.push(Arc::new(Scenario::of(&id, &read(transaction, &id)?.1)?));
        }
        // Stable, so that the order of publication stays within a day.
        scenarios.sort_by_key(|scenario| scenario.valid_from);
        Ok(Self { scenarios, version, discarded, last_event })
    }

    /// Whether the file's counter of changes is still what it was.
    pub(super) fn is_of(&self, version: i64) -> bool {
        self.version == version
    }

    pub(super) fn without(mut self, id: &str) -> Self {
        self.scenarios.retain(|scenario| scenario.id != id);
        self
    }

    /// The scenarios.
    #[must_use]
    pub fn scenarios(&self) -> &[Arc<Scenario>] {
        &self.scenarios
    }
}
