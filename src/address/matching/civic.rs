//! The civic number on a street: found, set between its neighbours on its side, or not known.

use super::score::Fault;
use super::uncertainty::{POINT_M, are_far, between};
use crate::address::civic::Civic;
use crate::address::gazetteer::{GazetteerView, Spot};

/// Addresses of one number nearer than this, in metres, are one place with a wider uncertainty.
pub(super) const ONE_PLACE_M: f64 = 80.0;
/// How many neighbours are looked at for one on the same side.
const REACH: usize = 64;

/// Where a number stands on a street.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Standing {
    /// At one address; others of the same number are within the uncertainty.
    Found { address: u32, uncertainty_m: f64, fault: Option<Fault> },
    /// Between two addresses.
    Between { below: u32, above: u32, spot: Spot, uncertainty_m: f64, far: bool },
    /// Not to be told.
    Unknown { fault: Fault },
}

/// A number as it is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub civic: Civic,
    pub range_end: Option<u32>,
    /// See [`apartment_hash`](crate::address::gazetteer::apartment_hash).
    pub apartment: u32,
    /// Place of the postal code asked about.
    pub postal: Option<u32>,
}

/// Finds a number among the addresses of a street; several when they lie apart. Logarithmic in the street.
pub(super) fn find(view: &GazetteerView<'_>, street: usize, wanted: Wanted, call: &mut impl FnMut(Standing)) {
    let civic = wanted.civic;
    let addresses = view.addresses_of(street);
    let civics = &view.civics[addresses.clone()];
    let number = |number: u32| {
        let low = civics.partition_point(|&c| c < number << 8);
        let high = low + civics[low..].iter().take_while(|&&c| c >> 8 == number).count();
        (low, high)
    };
    let (mut low, mut high) = number(civic.number);
    let mut fault = None;
    if low == high
        && let Some(end) = wanted.range_end
    {
        let other = number(end);
        if other.0 < other.1 {
            (low, high) = other;
            fault = Some(Fault::RangeEnd);
        }
    }
    if low < high {
        found(view, addresses.start + low..addresses.start + high, wanted, fault, call);
        return;
    }
    let side = civic.number % 2;
    let same_side = |at: usize| civics[at] >> 8 != 0 && (civics[at] >> 8) % 2 == side;
    let below = (low.saturating_sub(REACH)..low).rev().find(|&at| same_side(at));
    let above = (low..civics.len().min(low + REACH)).find(|&at| same_side(at));
    match (below, above) {
        (Some(below), Some(above)) => {
            let (a, b) = (addresses.start + below, addresses.start + above);
            let (from, to) = (f64::from(civics[below] >> 8), f64::from(civics[above] >> 8));
            let share = (f64::from(civic.number) - from) / (to - from);
            let along = |a: u32, b: u32| (f64::from(a) + (f64::from(b) - f64::from(a)) * share) as u32;
            let (p, q) = (view.spots[a], view.spots[b]);
            let spot = Spot { x: along(p.x, q.x), y: along(p.y, q.y) };
            let apart_m = p.distance_m(q);
            let (uncertainty_m, far) = (between(apart_m), are_far(apart_m));
            call(Standing::Between { below: a as u32, above: b as u32, spot, uncertainty_m, far });
        }
        (None, None) => call(Standing::Unknown { fault: Fault::CivicUnknown }),
        _ => call(Standing::Unknown { fault: Fault::CivicOutOfRange }),
    }
}

fn found(
    view: &GazetteerView<'_>,
    of_number: std::ops::Range<usize>,
    wanted: Wanted,
    fault: Option<Fault>,
    call: &mut impl FnMut(Standing),
) {
    let exact = |at: &usize| view.civics[*at] == wanted.civic.packed();
    let fault =
        if fault.is_none() && !of_number.clone().any(|at| exact(&at)) { Some(Fault::SuffixDiffers) } else { fault };
    let suffix = |at: &usize| fault.is_some() || exact(at);
    let coded = |at: &usize| wanted.postal.is_some_and(|postal| view.postals[*at] == postal);
    let any_coded = of_number.clone().any(|at| suffix(&at) && coded(&at));
    let chosen = of_number.clone().filter(|at| suffix(at) && (!any_coded || coded(at)));
    // Several places of one number: the apartment tells, and the others say how far that can be trusted.
    if chosen.clone().nth(1).is_some()
        && let Some(at) = chosen.clone().find(|&at| view.has_apartment(at, wanted.apartment))
        && !chosen.clone().any(|other| {
            view.has_apartment(other, wanted.apartment) && view.spots[other].distance_m(view.spots[at]) >= ONE_PLACE_M
        })
    {
        let reach = of_number.map(|other| view.spots[other].distance_m(view.spots[at])).fold(0.0, f64::max);
        call(Standing::Found { address: at as u32, uncertainty_m: POINT_M + reach, fault });
        return;
    }
    // One group for each place apart from those before it.
    let mut places: [(usize, f64); 8] = [(0, 0.0); 8];
    let mut count = 0;
    for at in chosen {
        let apart = |place: &(usize, f64)| view.spots[place.0].distance_m(view.spots[at]);
        if let Some(near) = places[..count].iter().position(|place| apart(place) < ONE_PLACE_M) {
            places[near].1 = places[near].1.max(apart(&places[near]));
        } else if count < places.len() {
            places[count] = (at, 0.0);
            count += 1;
        }
    }
    for &(address, reach) in &places[..count] {
        call(Standing::Found { address: address as u32, uncertainty_m: POINT_M + reach, fault });
    }
}
