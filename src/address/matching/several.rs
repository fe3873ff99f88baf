//! Several addresses in one text: each is looked for on its own, and none is picked.

use super::score::Fault;
use super::{AddressMatch, AddressResult, MOST_ALTERNATIVES, Outcome, rounded};
use crate::address::gazetteer::GazetteerView;
use crate::address::parse::ParsedAddress;

/// Finds each address of a text that holds several. One answer only where all of them are the same place.
pub(super) fn find(view: &GazetteerView<'_>, parsed: &ParsedAddress) -> AddressResult {
    let each: Vec<AddressResult> = parsed.several.iter().map(|one| view.find_one(one)).collect();
    let same = |one: &AddressResult, other: &AddressResult| {
        let id = |result: &AddressResult| result.best.as_ref().map(|best| best.result_id.clone());
        id(one).is_some() && id(one) == id(other)
    };
    if let [first, rest @ ..] = &each[..]
        && rest.iter().all(|other| same(first, other))
    {
        return AddressResult { remarks: parsed.remarks.clone(), ..first.clone() };
    }
    let mut found: Vec<AddressMatch> = Vec::new();
    for one in each {
        let tied = if one.outcome == Outcome::Ambiguous { one.alternatives } else { Vec::new() };
        for place in one.best.into_iter().chain(tied) {
            if found.iter().all(|known| known.result_id != place.result_id) {
                found.push(place);
            }
        }
    }
    let count = found.len();
    for place in &mut found {
        place.faults.push(Fault::SeveralAddresses);
        place.result_score = rounded((place.result_score - Fault::SeveralAddresses.cost()).max(0.0) / count as f32);
    }
    if count == 0 {
        return AddressResult::nothing(Outcome::NoMatch, &parsed.remarks);
    }
    let best = found.remove(0);
    found.truncate(MOST_ALTERNATIVES);
    AddressResult {
        outcome: if count > 1 { Outcome::Ambiguous } else { Outcome::Matched },
        best: Some(best),
        alternatives: found,
        tied: count,
        remarks: parsed.remarks.clone(),
    }
}
