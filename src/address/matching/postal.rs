//! Where the addresses of a postal code are.

use serde::Serialize;

use super::position_of;
use crate::address::gazetteer::{GazetteerView, UnitCount};
use crate::address::postal_code::PostalCode;
use crate::address::vocabulary::Province;
use crate::domain::LonLat;

/// What a postal answer stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PostalBasis {
    /// The addresses of the code itself.
    Code,
    /// The code is not in the registry: the addresses of its forward sortation area.
    Fsa,
    /// Neither is in the registry.
    Unknown,
    /// The code is of another province.
    OtherProvince(Province),
}

/// Every unit a postal code may mean, with its addresses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PostalResult {
    /// The code asked about.
    pub code: PostalCode,
    /// What the rest stands on.
    pub basis: PostalBasis,
    /// Units with their addresses, those with most first; the share of one is its part of the sum.
    pub units: Vec<UnitCount>,
    /// Whether all addresses are in one unit.
    pub single: bool,
    /// Whether the code is rural: its addresses spread over a countryside.
    pub rural: bool,
    /// The middle of its addresses.
    pub position: Option<LonLat>,
    /// Metres from the middle to the farthest address.
    pub uncertainty_m: f64,
}

impl GazetteerView<'_> {
    /// Finds where the addresses of a postal code are: its own, or else those of its forward sortation area, said as such.
    #[must_use]
    pub fn find_postal_code(&self, code: PostalCode) -> PostalResult {
        let (basis, spread) = match self.postal_place(code) {
            Some(place) => (PostalBasis::Code, Some(self.postal_spread(place))),
            None if code.province() != Province::Quebec => (PostalBasis::OtherProvince(code.province()), None),
            None => match self.fsa_spread(code.fsa()) {
                Some(spread) => (PostalBasis::Fsa, Some(spread)),
                None => (PostalBasis::Unknown, None),
            },
        };
        let mut units = spread.as_ref().map(|spread| spread.shares.clone()).unwrap_or_default();
        units.sort_by(|a, b| b.addresses.cmp(&a.addresses).then(a.unit.cmp(&b.unit)));
        PostalResult {
            code,
            basis,
            single: units.len() == 1,
            units,
            rural: code.is_rural(),
            position: spread.as_ref().and_then(|spread| position_of(spread.at)),
            uncertainty_m: spread.map_or(0.0, |spread| f64::from(spread.radius_m)),
        }
    }
}
