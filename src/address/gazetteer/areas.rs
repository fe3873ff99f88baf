//! Where sets of addresses lie: postal codes, municipalities, and what a query over them says.

use super::{AreaRow, GazetteerView, Spot, UnitCount};
use crate::address::postal_code::{Fsa, PostalCode};

/// An address as an area counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    pub key: u32,
    pub unit: u32,
    pub spot: Spot,
}

/// Areas from members sorted by key and unit; one more row closes the list.
pub(super) fn areas(members: &[Member], shares: &mut Vec<UnitCount>) -> Vec<AreaRow> {
    let mut rows = Vec::new();
    for group in members.chunk_by(|a, b| a.key == b.key) {
        let first = shares.len() as u32;
        for unit in group.chunk_by(|a, b| a.unit == b.unit) {
            shares.push(UnitCount { unit: unit[0].unit, addresses: unit.len() as u32 });
        }
        let (at, radius_m) = around(group.iter().map(|member| member.spot));
        rows.push(AreaRow { code: group[0].key, first, at, radius_m });
    }
    rows
}

/// The mean of positions, and the metres to the farthest.
pub(super) fn around(spots: impl Iterator<Item = Spot> + Clone) -> (Spot, u32) {
    let (mut x, mut y, mut count) = (0_u64, 0_u64, 0_u64);
    for spot in spots.clone() {
        x += u64::from(spot.x);
        y += u64::from(spot.y);
        count += 1;
    }
    let Some(x) = x.checked_div(count) else { return (Spot::default(), 0) };
    let middle = Spot { x: x as u32, y: (y / count) as u32 };
    let radius = spots.map(|spot| spot.distance_m(middle)).fold(0.0, f64::max);
    (middle, radius.ceil() as u32)
}

/// Where an area lies.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::address) struct Spread {
    pub at: Spot,
    pub radius_m: u32,
    pub shares: Vec<UnitCount>,
}

impl GazetteerView<'_> {
    /// The place of a postal code in the table.
    pub(in crate::address) fn postal_place(&self, code: PostalCode) -> Option<usize> {
        let rows = &self.postal_areas[..self.postal_code_count()];
        rows.binary_search_by_key(&code.packed(), |row| row.code).ok()
    }

    /// The code at a place of the table.
    pub(in crate::address) fn postal_code_at(&self, place: u32) -> Option<PostalCode> {
        self.postal_areas[..self.postal_code_count()].get(place as usize).map(|row| PostalCode::from_packed(row.code))
    }

    pub(in crate::address) fn postal_spread(&self, place: usize) -> Spread {
        spread(&self.postal_areas[place], &self.postal_areas[place + 1], self.shares)
    }

    pub(in crate::address) fn locality_spread(&self, locality: u32) -> Spread {
        let place = self.localities[locality as usize].area as usize;
        spread(&self.locality_areas[place], &self.locality_areas[place + 1], self.shares)
    }

    /// All codes of an FSA taken together; `None` when it holds none.
    pub(in crate::address) fn fsa_spread(&self, fsa: Fsa) -> Option<Spread> {
        let rows = &self.postal_areas[..self.postal_code_count()];
        let codes = fsa.codes();
        let (start, end) =
            (rows.partition_point(|row| row.code < codes.start), rows.partition_point(|row| row.code < codes.end));
        if start == end {
            return None;
        }
        let (first, last) = (self.postal_areas[start].first as usize, self.postal_areas[end].first as usize);
        let mut all = self.shares[first..last].to_vec();
        all.sort_unstable();
        let shares = all
            .chunk_by(|a, b| a.unit == b.unit)
            .map(|same| UnitCount { unit: same[0].unit, addresses: same.iter().map(|share| share.addresses).sum() })
            .collect();
        let (at, _) = around(rows[start..end].iter().map(|row| row.at));
        let radius = rows[start..end].iter().map(|row| row.at.distance_m(at) as u32 + row.radius_m).max().unwrap_or(0);
        Some(Spread { at, radius_m: radius, shares })
    }
}

fn spread(row: &AreaRow, next: &AreaRow, shares: &[UnitCount]) -> Spread {
    Spread { at: row.at, radius_m: row.radius_m, shares: shares[row.first as usize..next.first as usize].to_vec() }
}
