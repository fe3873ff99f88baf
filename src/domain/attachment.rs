//! Which CLSC each unit is attached to: total, and readable both ways.

use serde::{Deserialize, Serialize};

use super::{TerritoryCode, UnitId, errors};

/// The CLSC of every unit, as a place in the edition's list of CLSC; total by construction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentTable {
    clsc_of_unit: Vec<u16>,
    first_unit: Vec<u32>,
    units: Vec<u32>,
}

/// Part of a unit that a table gives to one CLSC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Share {
    /// The CLSC.
    pub clsc: TerritoryCode,
    /// Its part, 0 to 1.
    pub fraction: f64,
}

/// A unit that a table, or an overlay, shares between several CLSC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Straddle {
    /// The unit.
    pub unit: UnitId,
    /// The shares, largest first; the first one has the whole unit.
    pub shares: Vec<Share>,
    /// People of the unit outside the share it was given to, rounded to the nearest whole.
    pub people_moved: Option<u64>,
}

errors! {
    /// Why a list is no attachment table.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    pub enum AttachmentError {
        /// A unit points past the list of CLSC.
        #[fr("l'aire numéro {unit} est rattachée au CLSC numéro {clsc}, mais il n'y en a que {count}")]
        #[en("unit number {unit} is attached to CLSC number {clsc}, but there are only {count}")]
        UnknownClsc {
            /// Place of the unit.
            unit: usize,
            /// Place of the CLSC.
            clsc: u16,
            /// How many CLSC there are.
            count: usize,
        },
    }
}

impl AttachmentTable {
    /// Takes the CLSC of every unit, in the order of units.
    ///
    /// # Errors
    /// [`AttachmentError::UnknownClsc`] where a place is not below `clsc_count`.
    pub fn new(clsc_of_unit: Vec<u16>, clsc_count: usize) -> Result<Self, AttachmentError> {
        let mut first_unit = vec![0_u32; clsc_count + 1];
        for (unit, &clsc) in clsc_of_unit.iter().enumerate() {
            let Some(counter) = first_unit.get_mut(usize::from(clsc) + 1).filter(|_| usize::from(clsc) < clsc_count)
            else {
                return Err(AttachmentError::UnknownClsc { unit, clsc, count: clsc_count });
            };
            *counter += 1;
        }
        for place in 1..first_unit.len() {
            first_unit[place] += first_unit[place - 1];
        }
        let mut next = first_unit.clone();
        let mut units = vec![0_u32; clsc_of_unit.len()];
        for (unit, &clsc) in (0_u32..).zip(&clsc_of_unit) {
            let slot = &mut next[usize::from(clsc)];
            units[*slot as usize] = unit;
            *slot += 1;
        }
        Ok(Self { clsc_of_unit, first_unit, units })
    }

    /// The CLSC of a unit, as a place in the list of CLSC.
    #[must_use]
    pub fn clsc(&self, unit: usize) -> u16 {
        self.clsc_of_unit[unit]
    }

    /// The CLSC of every unit, in the order of units.
    #[must_use]
    pub fn as_slice(&self) -> &[u16] {
        &self.clsc_of_unit
    }

    /// The units of a CLSC, in order.
    #[must_use]
    pub fn units(&self, clsc: usize) -> &[u32] {
        &self.units[self.first_unit[clsc] as usize..self.first_unit[clsc + 1] as usize]
    }
}
