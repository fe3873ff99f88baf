//! The units of an edition by identifier: the one place where their text is looked up.

use crate::domain::UnitId;

/// Identifiers of all units, found by text or by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitIndex {
    ids: Vec<UnitId>,
    order: Vec<u32>,
}

impl UnitIndex {
    /// Takes identifiers in the order of units. O(n log n).
    pub fn new<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let ids: Vec<UnitId> = ids.into_iter().map(UnitId::new).collect();
        let mut order: Vec<u32> = (0..ids.len() as u32).collect();
        order.sort_by(|&a, &b| ids[a as usize].cmp(&ids[b as usize]));
        Self { ids, order }
    }

    /// Place of an identifier. O(log n).
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u32> {
        self.order.binary_search_by(|&unit| self.ids[unit as usize].as_str().cmp(id)).ok().map(|at| self.order[at])
    }

    /// Identifier of the unit at a place.
    #[must_use]
    pub fn id(&self, unit: u32) -> &UnitId {
        &self.ids[unit as usize]
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no unit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}
