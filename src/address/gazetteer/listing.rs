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

/// A street as the registry holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreetEntry {
    /// The municipality, with the part of it where known.
    pub municipality: String,
    /// The street with its type and direction.
    pub street: String,
    /// Number, where there is one, and unit of each address.
    pub addresses: Vec<(Option<u32>, u32)>,
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

    /// Every street of which some address lies in a unit that `inside` names: its municipality, its name, and the number and unit
    /// of each of its addresses that lie in some unit. O(addresses).
    #[must_use]
    pub fn streets_in(&self, inside: &dyn Fn(u32) -> bool) -> Vec<StreetEntry> {
        let ends = self.streets.iter().skip(1).map(|row| row.first as usize).chain([self.civics.len()]);
        (self.streets.iter().zip(ends).enumerate())
            .filter(|(_, (row, end))| {
                self.units[row.first as usize..*end].iter().any(|&unit| unit != NO_UNIT && inside(unit))
            })
            .map(|(street, (row, end))| {
                let places = (row.first as usize..end).filter(|&at| self.units[at] != NO_UNIT);
                let number = |at: usize| Some(Civic::from_packed(self.civics[at]).number).filter(|&number| number > 0);
                StreetEntry {
                    municipality: self.locality_label(row.locality),
                    street: self.street_label(street),
                    addresses: places.map(|at| (number(at), self.units[at])).collect(),
                }
            })
            .collect()
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
