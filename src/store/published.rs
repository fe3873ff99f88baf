//! The scenarios that were published: editions like any other, each from its day on.

use std::collections::BTreeMap;

use super::{Scenario, State, Store, StoreError};
use crate::domain::{Date, EditionChoice, EditionHeader};
use crate::revision::Revision;

/// Published scenarios by the day from which they hold; of two that hold from the same day, the one published last.
#[derive(Debug, Clone, Default)]
pub struct Published(BTreeMap<Date, String>);

impl Published {
    /// Reads those of a store.
    ///
    /// # Errors
    /// As [`Store::list`].
    pub fn read(store: &Store) -> Result<Self, StoreError> {
        let mut list = store.list(Some(State::Published))?;
        list.sort_by(|a, b| a.updated_at.cmp(&b.updated_at));
        Ok(Self(list.into_iter().map(|scenario| (scenario.valid_from, scenario.id)).collect()))
    }

    /// Takes in that a scenario was published.
    pub fn insert(&mut self, scenario: &Scenario) {
        self.0.insert(scenario.valid_from, scenario.id.clone());
    }

    /// Whether a revision may be published from its day on beside the editions of the atlas: it must start from the edition that
    /// is in force on that day, and was the day before, and no revision that knows nothing of it may come later.
    ///
    /// # Errors
    /// [`StoreError::NotInForce`], [`StoreError::Overtaken`].
    pub fn may_take<'a>(
        &self,
        revision: &Revision,
        editions: impl Iterator<Item = &'a EditionHeader>,
    ) -> Result<(), StoreError> {
        let day = revision.valid_from;
        let of_atlas = editions.map(|header| (header.valid_from, header.id.as_str()));
        let published = self.0.iter().map(|(from, id)| (*from, id.as_str()));
        // Of two that hold from the same day, the edition of the atlas answers.
        let in_force = published.chain(of_atlas).filter(|(from, _)| *from <= day).max_by_key(|(from, _)| *from);
        let (base, id) = (&revision.base, in_force.map(|(_, id)| id.to_owned()));
        if id.as_ref() != Some(base) || in_force.is_some_and(|(from, _)| from == day) {
            return Err(StoreError::NotInForce { day, base: base.clone(), in_force: id });
        }
        match self.0.range(day..).next() {
            Some((from, id)) => Err(StoreError::Overtaken { day, id: id.clone(), from: *from }),
            None => Ok(()),
        }
    }

    /// Their identifiers, in order of day.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    /// The scenario that a choice means, where it means one: by identifier, by the day a published one holds from, or as
    /// the latest, of all or by a day, where it is younger than the edition of the atlas that the choice means.
    ///
    /// `edition` is the day from which that edition of the atlas holds; none where the atlas has none for the choice.
    #[must_use]
    pub fn find(&self, choice: &EditionChoice, edition: Option<Date>) -> Option<String> {
        let younger = |(from, id): (&Date, &String)| edition.is_none_or(|edition| edition < *from).then(|| id.clone());
        match choice {
            EditionChoice::Latest => self.0.last_key_value().and_then(younger),
            EditionChoice::AsOf(date) => self.0.range(..=*date).next_back().and_then(younger),
            EditionChoice::Id(_) if edition.is_some() => None,
            EditionChoice::Id(id) if id.starts_with("rev-") => Some(id.clone()),
            EditionChoice::Id(id) => self.0.get(&id.parse().ok()?).cloned(),
        }
    }
}
