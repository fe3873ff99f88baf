//! How much a store keeps.

use super::{Event, NewScenario, Scenario, StoreError};
use crate::domain::{Words, both};

/// How much a store keeps of what people write, so that nobody can fill it or make it slow to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Longest name of a revision or a person, bytes.
    pub name_bytes: usize,
    /// Longest comment, judgement or reason, bytes.
    pub text_bytes: usize,
    /// Operations of one revision: each is carried out at every reading that finds it not at hand.
    pub operations: usize,
    /// Events of one revision.
    pub events: usize,
    /// Drafts of one person.
    pub drafts: usize,
    /// Revisions in all.
    pub revisions: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self { name_bytes: 200, text_bytes: 20_000, operations: 2_000, events: 5_000, drafts: 200, revisions: 20_000 }
    }
}

impl Quotas {
    /// Whether a new scenario is within them.
    pub(super) fn allow_new(&self, made: &NewScenario) -> Result<(), StoreError> {
        within(made.name.len(), self.name_bytes, || both!("octets du nom", "bytes of the name"))?;
        within(made.author.len(), self.name_bytes, || {
            both!("octets du nom de l'auteur", "bytes of the author's name")
        })?;
        within(made.reason.as_ref().map_or(0, String::len), self.text_bytes, text)?;
        within(made.operations.len(), self.operations, operations)
    }

    /// Whether a scenario is within them after an event.
    pub(super) fn allow(&self, after: &Scenario, who: &str, event: &Event) -> Result<(), StoreError> {
        within(who.len(), self.name_bytes, || both!("octets du nom de l'auteur", "bytes of the author's name"))?;
        let said = match event {
            Event::Commented { text } | Event::Judged { text, .. } => text.len(),
            Event::Moved { reason, .. } => reason.as_ref().map_or(0, String::len),
            _ => 0,
        };
        within(said, self.text_bytes, text)?;
        within(after.operations.len(), self.operations, operations)?;
        within(after.version as usize, self.events, || both!("événements de la révision", "events of the revision"))
    }
}

/// Refuses what is more than a limit.
pub(super) fn within(count: usize, most: usize, what: impl FnOnce() -> Words) -> Result<(), StoreError> {
    if count <= most { Ok(()) } else { Err(StoreError::Quota { what: what(), most }) }
}

fn text() -> Words {
    both!("octets du texte", "bytes of the text")
}

fn operations() -> Words {
    both!("opérations de la révision", "operations of the revision")
}
