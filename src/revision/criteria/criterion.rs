//! What a criterion is.

use serde::{Serialize, Serializer};

use super::{CriteriaGrounds, CriteriaSettings, Measured};
use crate::domain::Language;
use crate::revision::{ImpactEngine, UnitFacts, UnitGraph};

/// A planning criterion: how it is measured, graded and told.
pub trait Criterion: Sync {
    /// Its word in JSON.
    fn id(&self) -> &'static str;

    /// What is measured, as the label of a line or the head of a column; no capital.
    fn name(&self, language: Language) -> &'static str;

    /// The data without which it can not be measured, as in "for want of …"; none where it always can.
    fn wants(&self, language: Language) -> Option<&'static str> {
        let _ = language;
        None
    }

    /// What good, fair, weak and poor mean; none where it is told and not graded. A sentence without its final point.
    fn yardstick(&self, settings: &CriteriaSettings, language: Language) -> String;

    /// What a CLSC has; nothing where nothing is known, several where it is measured of several things.
    fn measure(&self, context: &Context<'_>) -> Vec<Measured>;

    /// The value for people.
    fn words(&self, measured: &Measured, language: Language) -> String;
}

/// One CLSC as it stands in an engine, and what it is measured against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub(super) engine: &'a ImpactEngine<'a>,
    pub(super) grounds: &'a CriteriaGrounds<'a>,
    pub(super) clsc: u16,
    /// Its units, in order.
    pub(super) members: &'a [u32],
}

impl<'a> Context<'a> {
    pub(super) fn facts(&self) -> &'a UnitFacts {
        self.engine.grounds().1
    }

    pub(super) fn graph(&self) -> &'a UnitGraph {
        self.engine.grounds().0
    }

    pub(super) fn settings(&self) -> &'a CriteriaSettings {
        self.grounds.settings()
    }

    pub(super) fn people_of(&self, unit: u32) -> u64 {
        self.facts().people[unit as usize]
    }
}

/// What is wrong where a grade is not good; its word in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    id: &'static str,
    french: &'static str,
    english: &'static str,
}

impl Fault {
    pub(super) const fn new(id: &'static str, french: &'static str, english: &'static str) -> Self {
        Self { id, french, english }
    }

    /// Its word in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.id
    }

    /// The fault for people.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        language.pick(self.french, self.english)
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}
