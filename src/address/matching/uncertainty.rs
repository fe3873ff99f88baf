//! How far the true place may be from the one found: fitted so that 95 in a hundred are within, kind by kind, on addresses that
//! were taken out of their registry (`scripts/calibrate-addresses`).
//!
//! A registry that knows few addresses of a street, a postal code or a municipality does not know how far it goes: each kind has a
//! part that grows as they get fewer.

use crate::address::postal_code::PostalCode;

/// Of an address point, metres.
pub(super) const POINT_M: f64 = 15.0;
/// Neighbours farther apart than this, in metres, say hardly more than their street.
const FAR_M: f64 = 570.0;

/// Between two neighbours on the same side of a street, this many metres apart.
pub(super) fn between(apart_m: f64) -> f64 {
    0.75 * apart_m + 2.0 * POINT_M
}

/// Whether two neighbours are too far apart to tell more than their street does.
pub(super) fn are_far(apart_m: f64) -> bool {
    apart_m >= FAR_M
}

/// On a street whose known addresses reach this far from their middle.
pub(super) fn on_street(reach_m: f64, addresses: usize) -> f64 {
    1.3 * reach_m + 20_000.0 / (9.0 + addresses as f64)
}

/// In a postal code whose known addresses reach this far from their middle.
pub(super) fn in_postal_code(reach_m: f64, addresses: u64, code: PostalCode) -> f64 {
    let alone = if code.is_rural() { 20_000.0 } else { 6_000.0 };
    1.1 * reach_m + alone / addresses.max(1) as f64
}

/// In the area of the first three characters of a postal code that the registry does not have, whose known addresses reach this far
/// from their middle. That of a rural one is a region, of which a registry may know a corner only.
pub(super) fn in_area(reach_m: f64, addresses: u64, code: PostalCode) -> f64 {
    if code.is_rural() {
        1.3 * reach_m + 60_000.0 / (addresses.max(1) as f64).sqrt()
    } else {
        in_postal_code(reach_m, addresses, code)
    }
}

/// In a municipality whose known addresses reach this far from their middle.
pub(super) fn in_municipality(reach_m: f64, addresses: u64) -> f64 {
    1.2 * reach_m + 30_000.0 / (addresses.max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewer_addresses_are_known_the_farther_the_true_place_may_be() {
        let code = PostalCode::parse("H2X 2S5").unwrap();
        assert!(on_street(0.0, 1) > 1_000.0 && on_street(0.0, 200) < 150.0);
        assert!(in_postal_code(0.0, 1, code) > in_postal_code(0.0, 40, code));
        let rural = PostalCode::parse("G0X 2R0").unwrap();
        assert!(in_area(5_000.0, 9, rural) > 2.0 * in_postal_code(5_000.0, 9, rural));
        assert!(in_area(5_000.0, 9, rural) > in_area(5_000.0, 900, rural));
        assert!(in_municipality(1_000.0, 4) > in_municipality(1_000.0, 4_000));
        assert!(between(40.0) < 80.0 && !are_far(40.0) && are_far(700.0));
    }
}
