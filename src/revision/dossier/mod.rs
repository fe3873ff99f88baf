//! The file of a revision for those who decide: one self-contained page to print and to sign, and the same as JSON.

mod balance;
mod follow_up;
mod judged;
mod levels;
mod map;
mod notice;
mod page;
mod proposal;
mod recipients;
mod streets;
mod text;
mod weigh;

use serde::Serialize;

use super::apply::{Applied, Revision};
use super::impact::Impact;
use super::{Concern, Record};
use crate::domain::{Edition, Language, Words};

pub use map::{Inset, MapSource, Maps};
pub use recipients::{Recipient, ToTell};
pub use streets::{MovedStreet, RegistryStreet, StreetSide, moved_streets};
pub use weigh::{Effect, Measure, Weighed};

/// What a revision changes, weighed.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Dossier {
    /// The revision, operations included.
    pub revision: Revision,
    /// What is kept of it beside its operations, where a store keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// The operations in words, in order.
    pub proposal: Vec<Words>,
    /// What it does at every level.
    pub impact: Impact,
    /// What was weighed: each measure before and after.
    pub weighed: Vec<Weighed>,
    /// Grades that rise or fall, criterion by criterion and CLSC by CLSC.
    pub effects: Vec<Effect>,
    /// Who must be told.
    pub to_tell: Vec<ToTell>,
    /// What is seldom meant, to be accepted by name.
    pub concerns: Vec<Concern>,
    /// Parts of streets that go to another CLSC, where a registry tells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub streets: Vec<MovedStreet>,
    /// People of the whole edition, where known.
    pub people: Option<u64>,
    /// Digest of the state it leads to, where the caller keeps a history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl Dossier {
    /// Puts together a revision, its base, what it gave and its impact.
    #[must_use]
    pub fn new(revision: &Revision, base: &Edition, applied: &Applied, impact: Impact) -> Self {
        let names = proposal::names(base, &applied.edition);
        let operations = revision.operations.iter().map(|operation| operation.words(&names)).collect();
        Self {
            revision: revision.clone(),
            record: None,
            proposal: operations,
            weighed: weigh::weigh(&impact),
            effects: weigh::effects(&impact),
            to_tell: recipients::who_to_tell(&impact, base, &applied.edition),
            impact,
            concerns: Vec::new(),
            streets: Vec::new(),
            people: None,
            digest: None,
        }
    }

    /// The same with what is kept of the revision beside its operations.
    #[must_use]
    pub fn with_record(mut self, record: Record) -> Self {
        self.record = Some(record);
        self
    }

    /// The same, with what is seldom meant in it.
    #[must_use]
    pub fn with_concerns(mut self, concerns: Vec<Concern>) -> Self {
        self.concerns = concerns;
        self
    }

    /// The same, with the streets that go to another CLSC.
    #[must_use]
    pub fn with_streets(mut self, streets: Vec<MovedStreet>) -> Self {
        self.streets = streets;
        self
    }

    /// Whether everything that is seldom meant was accepted.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.concerns.iter().all(|concern| concern.accepted)
    }

    /// The same with how many people there are in all.
    #[must_use]
    pub fn among(mut self, people: u64) -> Self {
        self.people = Some(people);
        self
    }

    /// The page: no script, no file beside it. Maps are left out where none are given.
    #[must_use]
    pub fn to_html(&self, language: Language, maps: Option<&Maps>) -> String {
        page::page(self, language, maps)
    }

    /// The same as JSON, for machines; words are those of the format, whatever the language.
    ///
    /// # Panics
    /// Never: a dossier holds nothing that JSON can not write.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a dossier holds nothing that JSON can not write")
    }
}
