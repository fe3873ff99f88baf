//! A scenario: what its events add up to.

use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::domain::{Date, Words};
use crate::revision::{Aspect, Comment, ConcernKind, Decision, Digest, Judgement, Operation, Record, Revision, State};

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
    /// Why it is asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
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
    /// Somebody judged an aspect that no figure tells; the last word on an aspect holds.
    Judged {
        /// The aspect.
        aspect: Aspect,
        /// What was judged.
        text: String,
    },
    /// It went on to another state, or back to be corrected.
    Moved {
        /// The state.
        to: State,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
        /// First day on which it holds, where it was published.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        valid_from: Option<Date>,
        /// Whether it was published as the ministry's limits; no, unless said.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        official: Option<bool>,
        /// Warnings about it that are accepted with this step, by name.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        accepts: Vec<ConcernKind>,
        /// Digest of the edition handed in or published, as above.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        leads_to: Option<Digest>,
    },
}

impl Event {
    /// Goes on to another state.
    #[must_use]
    pub const fn moved(to: State) -> Self {
        Self::Moved { to, reason: None, valid_from: None, official: None, accepts: Vec::new(), leads_to: None }
    }

    /// Hands the revision in, with the warnings about it that are accepted.
    #[must_use]
    pub fn submitted(accepts: Vec<ConcernKind>) -> Self {
        Self::Moved { to: State::Submitted, reason: None, valid_from: None, official: None, accepts, leads_to: None }
    }

    /// Goes on to another state, with the reason where one is given.
    #[must_use]
    pub fn decided(to: State, reason: Option<String>) -> Self {
        Self::Moved { to, reason, valid_from: None, official: None, accepts: Vec::new(), leads_to: None }
    }

    /// The same, with the digest of the state that it leads to; of what changes no state, the same.
    #[must_use]
    pub fn leading_to(mut self, digest: Digest) -> Self {
        match &mut self {
            Self::Appended { leads_to, .. }
            | Self::Undone { leads_to }
            | Self::Redone { leads_to }
            | Self::Moved { leads_to, .. } => *leads_to = Some(digest),
            Self::Created(_) | Self::Commented { .. } | Self::Judged { .. } => {}
        }
        self
    }

    /// Whether it is a part of what is asked for, not of what is thought or decided of it.
    const fn asks(&self) -> bool {
        match self {
            Self::Created(_) | Self::Appended { .. } | Self::Undone { .. } | Self::Redone { .. } => true,
            Self::Moved { to, .. } => matches!(to, State::Submitted),
            Self::Commented { .. } | Self::Judged { .. } => false,
        }
    }

    /// The digest of the state that it leads to, where it was stated.
    #[must_use]
    pub const fn leads_to(&self) -> Option<&Digest> {
        match self {
            Self::Appended { leads_to, .. }
            | Self::Undone { leads_to }
            | Self::Redone { leads_to }
            | Self::Moved { leads_to, .. } => leads_to.as_ref(),
            Self::Created(_) | Self::Commented { .. } | Self::Judged { .. } => None,
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
    /// Why it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
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
    /// Who made it, wrote operations of it or handed it in, each once.
    #[serde(skip)]
    requesters: Vec<String>,
    /// The operations in effect, in order.
    pub operations: Vec<Operation>,
    /// How many steps can be undone.
    pub undoable: usize,
    /// How many steps can be taken again.
    pub redoable: usize,
    /// What was said.
    pub comments: Vec<Comment>,
    /// What was judged: the last word on each aspect, in the order of [`Aspect::ALL`].
    pub judgements: Vec<Judgement>,
    /// The steps from one state to another.
    pub decisions: Vec<Decision>,
    /// Warnings about it that were accepted since it was last a draft.
    pub accepted: Vec<ConcernKind>,
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
            reason: made.reason.clone(),
            official: false,
            state: State::Draft,
            version: *number,
            created_at: at.clone(),
            updated_at: at.clone(),
            copy_of: made.copy_of.clone(),
            requesters: vec![made.author.clone()],
            operations: Vec::new(),
            undoable: 0,
            redoable: 0,
            comments: Vec::new(),
            judgements: Vec::new(),
            decisions: Vec::new(),
            accepted: Vec::new(),
            head: digest.clone(),
        };
        let mut done = vec![made.operations.as_slice()];
        let mut undone: Vec<&[Operation]> = Vec::new();
        for recorded in later {
            scenario.allows(&recorded.event)?;
            if recorded.event.asks() && !scenario.requesters.contains(&recorded.who) {
                scenario.requesters.push(recorded.who.clone());
            }
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
                Event::Judged { aspect, text } => {
                    scenario.judgements.retain(|judgement| judgement.aspect != *aspect);
                    scenario.judgements.push(Judgement {
                        aspect: *aspect,
                        text: text.clone(),
                        who: recorded.who.clone(),
                        at: recorded.at.clone(),
                    });
                    scenario.judgements.sort_by_key(|judgement| judgement.aspect);
                }
                Event::Moved { to, reason, valid_from, official, accepts, .. } => {
                    scenario.decisions.push(Decision {
                        to: *to,
                        reason: reason.clone(),
                        accepts: accepts.clone(),
                        who: recorded.who.clone(),
                        at: recorded.at.clone(),
                    });
                    // What is corrected is another revision: what was accepted of it must be accepted again.
                    if *to == State::Draft {
                        scenario.accepted.clear();
                    }
                    scenario.accepted.extend(accepts);
                    scenario.accepted.sort_unstable();
                    scenario.accepted.dedup();
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
            Event::Judged { text, .. } if text.trim().is_empty() => {
                Err(StoreError::Empty { what: Words::new("le jugement", "judgement") })
            }
            Event::Judged { .. } => match self.state {
                State::Refused | State::Withdrawn | State::Published => Err(StoreError::Closed { state: self.state }),
                _ => Ok(()),
            },
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

    /// Whether it is somebody's own request: they made it, wrote operations of it or handed it in.
    #[must_use]
    pub fn is_request_of(&self, who: &str) -> bool {
        self.requesters.iter().any(|known| known == who)
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
            reason: self.reason.clone(),
            operations: self.operations.clone(),
        }
    }

    /// What is kept of it beside its operations.
    #[must_use]
    pub fn record(&self) -> Record {
        Record {
            author: self.author.clone(),
            created_at: self.created_at.clone(),
            state: self.state,
            version: self.version,
            comments: self.comments.clone(),
            judgements: self.judgements.clone(),
            decisions: self.decisions.clone(),
            accepted: self.accepted.clone(),
        }
    }
}
