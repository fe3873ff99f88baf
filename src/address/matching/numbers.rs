//! Two numbers in one address: each is looked for, and none is taken on the strength of the other one missing.

use super::score::{Fault, MatchType};
use super::search::Candidate;
use crate::address::parse::{ParsedAddress, Reading};
use crate::address::readings::Pair;

/// How much less one of two numbers may score than the other and still be as good.
pub(super) const TIE: f32 = 0.06;

fn reading<'p>(parsed: &'p ParsedAddress, candidate: &Candidate) -> Option<&'p Reading> {
    parsed.readings.get(usize::from(candidate.reading))
}

/// Whether two readings take one text's two numbers in different ways before one street.
fn differ(one: &Reading, other: &Reading) -> bool {
    let number = |reading: &Reading| reading.civic.map(|civic| civic.number);
    one.pair.is_some() && other.pair.is_some() && number(one) != number(other) && one.street == other.street
}

/// Whether two candidates are the two numbers of one text, both found.
pub(super) fn are_alternatives(parsed: &ParsedAddress, one: &Candidate, other: &Candidate) -> bool {
    // The end of a range says nothing of its own.
    let found = |candidate: &Candidate| candidate.kind == MatchType::Civic && !candidate.faults.has(Fault::RangeEnd);
    found(one)
        && found(other)
        && reading(parsed, one).zip(reading(parsed, other)).is_some_and(|(one, other)| differ(one, other))
}

/// Puts in doubt the candidates of a number where the other one of the text is meant as often or more often, and is not found.
pub(super) fn doubt(parsed: &ParsedAddress, candidates: &mut [Candidate]) {
    if parsed.readings.iter().all(|reading| reading.pair.is_none()) {
        return;
    }
    let found: Vec<u8> = candidates
        .iter()
        .filter(|one| one.kind == MatchType::Civic && one.score >= 0.5)
        .map(|one| one.reading)
        .collect();
    for candidate in candidates.iter_mut().filter(|one| one.kind == MatchType::Civic) {
        let Some(own) = reading(parsed, candidate) else { continue };
        let missing = parsed.readings.iter().enumerate().any(|(place, other)| {
            other.pair == Some(Pair::Meant) && differ(own, other) && !found.contains(&(place as u8))
        });
        // The other end of a range is found by its own reading.
        if missing && !candidate.faults.has(Fault::RangeEnd) {
            *candidate = candidate.faulted(Fault::NumberDoubtful);
        }
    }
}
