//! The addresses of a registry one by one, for calibrations and reports; a question never needs it.

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
}
