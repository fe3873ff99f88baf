//! The addresses of a registry one by one and unit by unit, for calibrations and reports; a question never needs it.

use super::{GazetteerView, NO_UNIT};
use crate::address::civic::Civic;
use crate::address::postal_code::PostalCode;
use crate::domain::LonLat;

/// An address as the registry holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct AddressEntry {
    /// Its number; none for a street or place without numbers.
    pub civic: Option<Civic>,
    /// The street with its type and direction.
    pub street: String,
    /// The municipality, with the part of it where known.
    pub municipality: String,
    /// Its postal code.
    pub postal_code: Option<PostalCode>,
    /// Where it is.
    pub position: LonLat,
    /// The unit it lies in.
    pub unit: Option<u32>,
}

impl GazetteerView<'_> {
    /// The address at a place of the registry, below [`Self::address_count`].
    #[must_use]
    pub fn address(&self, at: usize) -> Option<AddressEntry> {
        let (spot, &packed) = (self.spots.get(at)?, self.civics.get(at)?);
        let street = self.streets.partition_point(|row| row.first as usize <= at).checked_sub(1)?;
        let civic = Civic::from_packed(packed);
        Some(AddressEntry {
            civic: (civic.number > 0).then_some(civic),
            street: self.street_label(street),
            municipality: self.locality_label(self.streets[street].locality),
            postal_code: self.postal_code_at(self.postals[at]),
            position: LonLat::new(spot.lon(), spot.lat()).ok()?,
            unit: Some(self.units[at]).filter(|&unit| unit != NO_UNIT),
        })
    }

    /// How many addresses lie in each of the first `units` units. O(addresses).
    #[must_use]
    pub fn addresses_by_unit(&self, units: usize) -> Vec<u64> {
        let mut counts = vec![0; units];
        for &unit in self.units {
            if let Some(count) = counts.get_mut(unit as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// Code and name of the municipality that most addresses of each of the first `units` units are in; none for a unit
    /// without addresses. A municipality without a code in the registry has its name as code. O(shares of municipalities).
    #[must_use]
    pub fn municipality_by_unit(&self, units: usize) -> Vec<Option<(&str, &str)>> {
        let mut most: Vec<(u32, Option<u32>)> = vec![(0, None); units];
        for (id, row) in (0_u32..).zip(self.localities).filter(|(id, row)| row.root == *id) {
            let (own, next) = (&self.locality_areas[row.area as usize], &self.locality_areas[row.area as usize + 1]);
            for share in &self.shares[own.first as usize..next.first as usize] {
                if let Some(known) = most.get_mut(share.unit as usize).filter(|known| known.0 < share.addresses) {
                    *known = (share.addresses, Some(id));
                }
            }
        }
        let named = |id: u32| {
            let row = &self.localities[id as usize];
            let (code, name) = (self.text(row.code), self.text(row.display));
            (if code.is_empty() { name } else { code }, name)
        };
        most.into_iter().map(|(_, id)| id.map(named)).collect()
    }
}
