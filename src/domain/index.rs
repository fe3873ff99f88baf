//! Places in lists, as types of their own, so that the number of a territory is never taken for that of a unit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Place of a territory in the list of its level (see [`Hierarchy::territories`](super::Hierarchy::territories)), from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TerritoryIndex(pub u16);

impl TerritoryIndex {
    /// The territory at a place of a list.
    ///
    /// # Panics
    /// Past 65,535, which no list of an edition reaches (see [`HierarchyError::TooMany`](super::HierarchyError::TooMany)).
    #[must_use]
    #[inline]
    pub fn new(place: usize) -> Self {
        Self(u16::try_from(place).expect("a level holds fewer territories than u16 counts"))
    }

    /// The place, to index a list with.
    #[must_use]
    #[inline]
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for TerritoryIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
