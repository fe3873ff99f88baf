//! The history of a scenario, carried out again: what each event did, territory by territory.
//!
//! The events are what is kept; the mutations follow from them and the base. An event that states the digest of the state
//! it led to is held to it, so that every past state comes out byte for byte or the history is refused.

use serde::Serialize;

use super::{Event, Recorded, Scenario, StoreError};
use crate::domain::{Date, Edition};
use crate::revision::{Digest, History, Mutation, Operation, RevisionError, State, UnitIndex};

/// An event with what it did.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Replayed {
    /// The event.
    #[serde(flatten)]
    pub recorded: Recorded,
    /// Its entry in the register of mutations; none where no state changed. Entry 0 is the base, in which every territory
    /// enters.
    pub entry: Option<u64>,
    /// What it changed, with the historical numbers that end and begin and the modes of the Swiss register of communes.
    pub mutations: Vec<Mutation>,
    /// Digest of the state after it.
    pub state_digest: Digest,
}

/// Carries the events of a scenario out again, from the first.
///
/// # Errors
/// [`StoreError::Replay`], [`StoreError::OtherState`], and what [`Scenario::of`] gives.
pub fn replay(
    id: &str,
    events: &[Recorded],
    base: &Edition,
    units: &UnitIndex,
) -> Result<(Vec<Replayed>, History), StoreError> {
    // Refuses what could not have happened in that order.
    let made = Scenario::of(id, events.get(..1).unwrap_or_default())?;
    Scenario::of(id, events)?;
    let day = |recorded: &Recorded| recorded.at.get(..10).and_then(|day| day.parse::<Date>().ok());
    let first = events.first().and_then(day).unwrap_or(made.valid_from);
    let mut history = History::begin(base.clone(), units, first);
    let mut header = base.header.clone();
    (header.id, header.label) = (id.to_owned(), made.name.clone());
    (header.valid_from, header.official) = (made.valid_from, false);
    let (mut done, mut undone): (Vec<Vec<Operation>>, Vec<Vec<Operation>>) = (Vec::new(), Vec::new());
    let mut replayed = Vec::with_capacity(events.len());
    for recorded in events {
        let number = recorded.number;
        let failed = |source: RevisionError| StoreError::Replay { id: id.to_owned(), number, source: Box::new(source) };
        let date = day(recorded).unwrap_or(first);
        let entry = match &recorded.event {
            Event::Created(made) => {
                Some(history.append(units, date, header.clone(), made.operations.clone()).map_err(failed)?)
            }
            Event::Appended { operations, .. } => {
                done.push(operations.clone());
                undone.clear();
                Some(history.append(units, date, header.clone(), operations.clone()).map_err(failed)?)
            }
            Event::Undone { .. } => {
                undone.extend(done.pop());
                Some(history.cancel_last(units, date).map_err(failed)?)
            }
            Event::Redone { .. } => {
                let again = undone.pop().unwrap_or_default();
                done.push(again.clone());
                Some(history.append(units, date, header.clone(), again).map_err(failed)?)
            }
            Event::Moved { to: State::Published, valid_from, official, .. } => {
                header.valid_from = valid_from.unwrap_or(header.valid_from);
                header.official = official.unwrap_or(false);
                Some(history.append(units, date, header.clone(), Vec::new()).map_err(failed)?)
            }
            Event::Commented { .. } | Event::Judged { .. } | Event::Moved { .. } => None,
        };
        let (entry, mutations) =
            entry.map_or((None, Vec::new()), |entry| (Some(entry.number), entry.mutations.clone()));
        let state_digest = history.entries().last().map_or_else(|| Digest::of(b""), |entry| entry.state.clone());
        if recorded.event.leads_to().is_some_and(|stated| *stated != state_digest) {
            return Err(StoreError::OtherState { id: id.to_owned(), number });
        }
        replayed.push(Replayed { recorded: recorded.clone(), entry, mutations, state_digest });
    }
    Ok((replayed, history))
}
