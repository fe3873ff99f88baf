//! A scenario: what its events add up to.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::domain::{Date, Words, errors};
use crate::revision::{Digest, Operation, Revision};

/// How far a scenario has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RevisionState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written.
    Draft,
    /// Handed in.
    Submitted,
    /// Being weighed.
    InAnalysis,
    /// Decided for.
    Accepted,
    /// Decided against.
    Refused,
    /// An edition in force from its day on.
    Published,
}

impl State {
    /// Every state, in the order in which a scenario may go through them.
    pub const ALL: [State; 6] =
        [State::Draft, State::Submitted, State::InAnalysis, State::Accepted, State::Refused, State::Published];

    /// Where a scenario may go from here.
    #[must_use]
    pub const fn next(self) -> &'static [State] {
        match self {
            State::Draft => &[State::Submitted],
            State::Submitted => &[State::InAnalysis],
            State::InAnalysis => &[State::Accepted, State::Refused],
            State::Accepted => &[State::Published],
            State::Refused | State::Published => &[],
        }
    }

    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Submitted => "submitted",
            State::InAnalysis => "in_analysis",
            State::Accepted => "accepted",
            State::Refused => "refused",
            State::Published => "published",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

errors! {
    /// A word that is no state.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("l'état « {word} » n'existe pas : draft, submitted, in_analysis, accepted, refused ou published")]
    #[en("state \"{word}\" is none: expected draft, submitted, in_analysis, accepted, refused or published")]
    pub struct UnknownState {
        /// The word as given.
        pub word: String,
    }
}

impl std::str::FromStr for State {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or_else(|| UnknownState { word: word.to_owned() })
    }
}

/// What a new scenario starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScenario {
    /// Its name, for people.
    pub name: String,
    /// Who makes it.
    pub author: String,
    /// Identifier of the edition that it changes.
    pub base: String,
    /// First day on which it would hold.
    pub valid_from: Date,
    /// Operations to start with.
    #[serde(default)]
    pub operations: Vec<Operation>,
    /// The scenario that it is a copy of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub copy_of: Option<String>,
}

/// Something that happened to a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was made.
    Created(NewScenario),
    /// Operations were added, as one step.
    Appended {
        /// The operations.
        operations: Vec<Operation>,
        /// Digest of the state that they lead to, where the caller carried them out.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        leads_to: Option<Digest>,
    },
    /// The last step was taken back.
    Undone {
        /// Digest of the state that it leads back to, as above.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        leads_to: Option<Digest>,
    },
    /// The last step taken back was taken again.
    Redone {
        /// Digest of the state that it leads to, as above.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        leads_to: Option<Digest>,
    },
    /// Somebody said something.
    Commented {
        /// What.
        text: String,
    },
    /// It went on to another state.
    Moved {
        /// The state.
        to: State,
        /// First day on which it holds, where it was published.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        valid_from: Option<Date>,
        /// Whether it was published as the ministry's limits; no, unless said.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        official: Option<bool>,
        /// Digest of the edition published, as above.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        leads_to: Option<Digest>,
    },
}

impl Event {
    /// Goes on to another state.
    #[must_use]
    pub const fn moved(to: State) -> Self {
        Self::Moved { to, valid_from: None, official: None, leads_to: None }
    }

    /// The same, with the digest of the state that it leads to; of what changes no state, the same.
    #[must_use]
    pub fn leading_to(mut self, digest: Digest) -> Self {
        match &mut self {
            Self::Appended { leads_to, .. }
            | Self::Undone { leads_to }
            | Self::Redone { leads_to }
            | Self::Moved { leads_to, .. } => *leads_to = Some(digest),
            Self::Created(_) | Self::Commented { .. } => {}
        }
        self
    }

    /// The digest of the state that it leads to, where it was stated.
    #[must_use]
    pub const fn leads_to(&self) -> Option<&Digest> {
        match self {
            Self::Appended { leads_to, .. }
            | Self::Undone { leads_to }
            | Self::Redone { leads_to }
            | Self::Moved { leads_to, .. } => leads_to.as_ref(),
            Self::Created(_) | Self::Commented { .. } => None,
        }
    }
}

/// An event with its place in the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Recorded {
    /// Its number, from 1: the version of the scenario after it.
    pub number: u64,
    /// When, as the caller stated it (RFC 3339).
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    #[serde(flatten)]
    pub event: Event,
    /// Digest of the event before; of nothing, for the first.
    pub previous: Digest,
    /// Digest of all of the above and the scenario's identifier.
    pub digest: Digest,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Comment {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    pub text: String,
}

/// A scenario as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Scenario {
    /// Identifier, and that of the edition it gives.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who made it.
    pub author: String,
    /// Identifier of the edition that it changes.
    pub base: String,
    /// First day on which it holds, or would.
    pub valid_from: Date,
    /// Whether it was published as the ministry's limits.
    pub official: bool,
    /// How far it has come.
    pub state: State,
    /// How many events there are: what a writer must have seen.
    pub version: u64,
    /// When it was made.
    pub created_at: String,
    /// When anything last happened.
    pub updated_at: String,
    /// The scenario that it is a copy of.
    pub copy_of: Option<String>,
    /// The operations in effect, in order.
    pub operations: Vec<Operation>,
    /// How many steps can be undone.
    pub undoable: usize,
    /// How many steps can be taken again.
    pub redoable: usize,
    /// What was said.
    pub comments: Vec<Comment>,
    /// Digest of the last event.
    pub head: Digest,
}

impl Scenario {
    /// Adds events up. Each must be allowed where it stands.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] where there is no event or the first is not the making, and what [`Event`] can not do here.
    pub fn of(id: &str, events: &[Recorded]) -> Result<Self, StoreError> {
        let Some((Recorded { event: Event::Created(made), at, digest, number, .. }, later)) = events.split_first()
        else {
            return Err(StoreError::Unknown { id: id.to_owned() });
        };
        let mut scenario = Self {
            id: id.to_owned(),
            name: made.name.clone(),
            author: made.author.clone(),
            base: made.base.clone(),
            valid_from: made.valid_from,
            official: false,
            state: State::Draft,
            version: *number,
            created_at: at.clone(),
            updated_at: at.clone(),
            copy_of: made.copy_of.clone(),
            operations: Vec::new(),
            undoable: 0,
            redoable: 0,
            comments: Vec::new(),
            head: digest.clone(),
        };
        let mut done = vec![made.operations.as_slice()];
        let mut undone: Vec<&[Operation]> = Vec::new();
        for recorded in later {
            scenario.allows(&recorded.event)?;
            match &recorded.event {
                Event::Created(_) => return Err(scenario.broken(recorded.number)),
                Event::Appended { operations, .. } => {
                    done.push(operations);
                    undone.clear();
                }
                Event::Undone { .. } => undone.extend(done.pop()),
                Event::Redone { .. } => done.extend(undone.pop()),
                Event::Commented { text } => scenario.comments.push(Comment {
                    at: recorded.at.clone(),
                    who: recorded.who.clone(),
                    text: text.clone(),
                }),
                Event::Moved { to, valid_from, official, .. } => {
                    scenario.state = *to;
                    scenario.official = official.unwrap_or(scenario.official);
                    scenario.valid_from = valid_from.unwrap_or(scenario.valid_from);
                }
            }
            scenario.undoable = done.len() - 1;
            scenario.redoable = undone.len();
            scenario.version = recorded.number;
            scenario.updated_at.clone_from(&recorded.at);
            scenario.head = recorded.digest.clone();
        }
        scenario.operations = done.concat();
        Ok(scenario)
    }

    /// Whether an event can happen now.
    pub(super) fn allows(&self, event: &Event) -> Result<(), StoreError> {
        let draft = || match self.state {
            State::Draft => Ok(()),
            state => Err(StoreError::Settled { state }),
        };
        match event {
            Event::Created(_) => Err(self.broken(self.version + 1)),
            Event::Appended { operations, .. } if operations.is_empty() => {
                Err(StoreError::Empty { what: Words::new("la liste des opérations", "list of operations") })
            }
            Event::Undone { .. } if self.undoable == 0 => {
                draft().and(Err(StoreError::Nothing { what: Words::new("annuler", "undo") }))
            }
            Event::Redone { .. } if self.redoable == 0 => {
                draft().and(Err(StoreError::Nothing { what: Words::new("rétablir", "redo") }))
            }
            Event::Appended { .. } | Event::Undone { .. } | Event::Redone { .. } => draft(),
            Event::Commented { text } if text.trim().is_empty() => {
                Err(StoreError::Empty { what: Words::new("le commentaire", "comment") })
            }
            Event::Commented { .. } => Ok(()),
            Event::Moved { to, .. } if self.state.next().contains(to) => Ok(()),
            Event::Moved { to, .. } => {
                let next: Vec<&str> = self.state.next().iter().map(|state| state.as_str()).collect();
                let expected = if next.is_empty() {
                    Words::new("rien de plus", "nothing more")
                } else {
                    Words::new(next.join(" ou "), next.join(" or "))
                };
                Err(StoreError::Transition { from: self.state, to: *to, expected })
            }
        }
    }

    fn broken(&self, number: u64) -> StoreError {
        StoreError::BrokenChain { id: self.id.clone(), number }
    }

    /// The scenario as a revision: what carries it out.
    #[must_use]
    pub fn revision(&self) -> Revision {
        Revision {
            id: self.id.clone(),
            label: self.name.clone(),
            base: self.base.clone(),
            valid_from: self.valid_from,
            official: self.official,
            reason: None,
            operations: self.operations.clone(),
        }
    }
}
