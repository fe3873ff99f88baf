//! Matching: from a text read to a place of the registry, with a score, named faults, and ties left as ties.
//!
//! Query, one address:
//! 1. [`search`] forms hypotheses (which words are the street, which the municipality), asks the index of names for each,
//!    first exactly, then with slips, and weighs every street found;
//! 2. [`civic`] finds the number, or sets it between its neighbours;
//! 3. [`corner`] finds where two streets meet, where two were given;
//! 4. [`score`] turns kind of place and faults into a number;
//! 5. the best place is the answer unless another is as good: then the outcome is [`Outcome::Ambiguous`].
//!
//! A score of 1 takes a civic number found, every word as the registry has it and its postal code: nothing less.

mod civic;
mod corner;
mod hypothesis;
mod label;
mod locality;
mod mending;
mod names;
mod numbers;
mod postal;
mod score;
mod search;
mod several;
mod uncertainty;

use serde::Serialize;

use super::corner::Corner;
use super::gazetteer::{GazetteerView, Spot, UnitCount};
use super::known::Abroad;
use super::parse::{ParsedAddress, Remark};
use super::postal_code::PostalCode;
use super::vocabulary::Province;
use crate::domain::LonLat;
use search::{Candidate, Search};

pub use postal::{PostalBasis, PostalResult};
pub use score::{AUTO_ACCEPT, Fault, MatchType, Precision};

/// Most alternatives listed.
const MOST_ALTERNATIVES: usize = 8;

/// The score of a village without street numbers that is named exactly.
const VILLAGE_SCORE: f32 = 0.9;

/// A place of the registry that answers an address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AddressMatch {
    /// The address as the registry has it, in French.
    pub result_label: String,
    /// 0 to 1; see [`Precision`] and [`Fault::cost`].
    pub result_score: f32,
    /// What kind of place.
    pub result_type: MatchType,
    /// Made of the street, number and municipality: the same in every edition of every registry that has them.
    pub result_id: String,
    /// What differs, by name.
    pub faults: Vec<Fault>,
    /// Where.
    pub position: LonLat,
    /// How far the true place may be, in metres.
    pub uncertainty_m: f64,
    /// Units it may lie in with their addresses: one for a civic number, several for a street or an area.
    pub units: Vec<UnitCount>,
    /// Its municipality.
    pub municipality: String,
    /// Its postal code.
    pub postal_code: Option<PostalCode>,
}

/// How an address was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = MatchOutcome)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "province")]
pub enum Outcome {
    /// One place is the best.
    Matched,
    /// Several places are as good; the first is no better than the alternatives.
    Ambiguous,
    /// Nothing in the registry resembles it.
    NoMatch,
    /// It is in another province.
    OtherProvince(Province),
    /// It is in another country.
    OtherCountry,
    /// A box or a mail route, which is no place.
    MailOnly,
    /// Nothing to read.
    Empty,
    /// Too long to be an address.
    Unreadable,
}

/// The answer to an address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AddressResult {
    /// How it was answered.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The best place.
    pub best: Option<AddressMatch>,
    /// Places as good when the outcome is ambiguous, next best ones otherwise.
    pub alternatives: Vec<AddressMatch>,
    /// How many places were as good, the best included, before the list was cut.
    pub tied: usize,
    /// What is worth saying of the text.
    pub remarks: Vec<Remark>,
}

impl AddressResult {
    fn nothing(outcome: Outcome, remarks: &[Remark]) -> Self {
        Self { outcome, best: None, alternatives: Vec::new(), tied: 0, remarks: remarks.to_vec() }
    }

    /// Whether it may be taken without a person looking at it: one place, scored [`AUTO_ACCEPT`] or more.
    #[must_use]
    pub fn is_auto_accepted(&self) -> bool {
        self.outcome == Outcome::Matched && self.best.as_ref().is_some_and(|best| best.result_score >= AUTO_ACCEPT)
    }
}

impl GazetteerView<'_> {
    /// Finds an address read by [`parse`](super::parse). The same question gets the same answer, whatever the order in
    /// which the registry was compiled.
    #[must_use]
    pub fn find_address(&self, parsed: &ParsedAddress) -> AddressResult {
        if parsed.several.is_empty() { self.find_one(parsed) } else { several::find(self, parsed) }
    }

    /// Finds one address.
    fn find_one(&self, parsed: &ParsedAddress) -> AddressResult {
        let remarks = &parsed.remarks;
        let elsewhere = remarks.iter().find_map(|remark| match remark {
            Remark::OtherProvince(province) => Some(*province),
            _ => None,
        });
        if remarks.contains(&Remark::Empty) {
            return AddressResult::nothing(Outcome::Empty, remarks);
        }
        if remarks.contains(&Remark::TooLong) {
            return AddressResult::nothing(Outcome::Unreadable, remarks);
        }
        if remarks.contains(&Remark::OtherCountry) {
            return AddressResult::nothing(Outcome::OtherCountry, remarks);
        }
        if let Some(province) = elsewhere.filter(|_| parsed.province.is_some_and(|said| said != Province::Quebec)) {
            return AddressResult::nothing(Outcome::OtherProvince(province), remarks);
        }
        if let Some(corner) = parsed.corner.as_ref().filter(|corner| corner.certain)
            && let Some(found) = self.find_corner(parsed, corner)
        {
            return found;
        }
        let mut search = Search::new(self, parsed);
        search.run();
        search.place_unknowns();
        let mut candidates = std::mem::take(&mut search.candidates);
        doubt_slips(&mut candidates);
        numbers::doubt(parsed, &mut candidates);
        candidates.sort_unstable_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(a.street.cmp(&b.street))
                .then(a.address.cmp(&b.address))
                .then(a.reading.cmp(&b.reading))
        });
        let mut seen: Vec<(u32, Option<u32>, bool)> = Vec::new();
        candidates.retain(|candidate| {
            let key = (candidate.street, candidate.address, candidate.kind == MatchType::Interpolated);
            let fresh = seen.len() > 400 || !seen.contains(&key);
            if fresh {
                seen.push(key);
            }
            fresh
        });
        let mut result = match candidates.first() {
            // `Shawinigan` is the city, though it has a boulevard of that name.
            Some(first) if first.score >= 0.30 && (first.typed || self.whole_locality(parsed).is_none()) => {
                self.decide(parsed, &candidates)
            }
            _ => self.area_result(parsed, &search),
        };
        let streetless =
            |best: &AddressMatch| best.result_type > MatchType::Street || best.faults.contains(&Fault::PartialName);
        if let Some(corner) = parsed.corner.as_ref().filter(|corner| !corner.certain)
            && result.best.as_ref().is_none_or(streetless)
            && let Some(found) = self.find_corner(parsed, corner)
        {
            result = found;
            result.remarks.push(Corner::REMARK);
        }
        if search.is_cut_short() && result.outcome == Outcome::Matched {
            // What was not looked at may be as good.
            result.outcome = Outcome::Ambiguous;
        }
        if result.is_auto_accepted() {
            return result;
        }
        if let Some(province) = elsewhere {
            return AddressResult::nothing(Outcome::OtherProvince(province), remarks);
        }
        Self::without_places_lacking(&search, result).unwrap_or_else(|result| self.village_instead(&search, result))
    }

    /// What is known to be elsewhere, or in a municipality that the registry lacks, is not answered with a place here: a postal
    /// code of here alone could say otherwise. The result itself where it is neither.
    fn without_places_lacking(search: &Search<'_, '_>, result: AddressResult) -> Result<AddressResult, AddressResult> {
        let has = |fault: Fault| result.best.as_ref().is_some_and(|best| best.faults.contains(&fault));
        let unvouched =
            [Fault::PostalCodeMissing, Fault::PostalCodeNear, Fault::PostalCodeDiffers, Fault::PostalCodeElsewhere]
                .into_iter()
                .any(has);
        let placeless = result.best.as_ref().is_none_or(|best| best.result_type == MatchType::Municipality);
        if let Some(abroad) = search.abroad.filter(|_| !search.says_municipality && (unvouched || placeless)) {
            let outcome = match abroad {
                Abroad::Province(province) => Outcome::OtherProvince(province),
                Abroad::Country => Outcome::OtherCountry,
            };
            return Ok(AddressResult::nothing(outcome, &result.remarks));
        }
        if has(Fault::MunicipalityNotCovered) && unvouched || search.lacks_municipality && result.best.is_none() {
            let mut remarks = result.remarks;
            remarks.push(Remark::MunicipalityNotCovered);
            return Ok(AddressResult::nothing(Outcome::NoMatch, &remarks));
        }
        Err(result)
    }

    /// The village itself, where one without street numbers is named exactly and nothing in it is found surely.
    fn village_instead(&self, search: &Search<'_, '_>, result: AddressResult) -> AddressResult {
        let Some(village) = search.named.as_ref().filter(|named| named.fault.is_none()) else { return result };
        let root = |id: &u32| self.root(*id);
        let [first, rest @ ..] = &village.ids[..] else { return result };
        if rest.iter().any(|id| root(id) != root(first)) || !self.is_village(root(first)) {
            return result;
        }
        let found = result.best.as_ref().is_some_and(|best| best.result_type <= MatchType::Interpolated);
        let Some(mut best) = self.describe_locality(root(first), score::Faults::default()).filter(|_| !found) else {
            return result;
        };
        best.result_score = VILLAGE_SCORE;
        AddressResult {
            outcome: Outcome::Matched,
            best: Some(best),
            alternatives: Vec::new(),
            tied: 1,
            remarks: result.remarks,
        }
    }

    /// The best candidate, and those as good in other places.
    fn decide(&self, parsed: &ParsedAddress, candidates: &[Candidate]) -> AddressResult {
        let best = candidates[0];
        let clean = !best.faults.iter().any(|fault| fault != Fault::PostalCodeMissing && fault.cost() > 0.0);
        let margin = if clean && best.typed { 0.004 } else { score::TIE };
        let mut reach = best.uncertainty_m;
        let mut tied: Vec<Candidate> = vec![best];
        for &other in &candidates[1..] {
            let margin = if numbers::are_alternatives(parsed, &best, &other) { numbers::TIE } else { margin };
            if other.score < best.score - margin {
                if other.score < best.score - numbers::TIE {
                    break;
                }
                continue;
            }
            let located = |candidate: &Candidate| candidate.kind <= MatchType::Interpolated;
            let apart = best.spot.distance_m(other.spot);
            if located(&best) && located(&other) && apart < civic::ONE_PLACE_M {
                reach = reach.max(apart + other.uncertainty_m);
            } else if !same_place(&tied, &other) {
                tied.push(other);
            }
        }
        let ambiguous = tied.len() > 1;
        let listed: Vec<Candidate> = if ambiguous {
            tied.iter().skip(1).copied().take(MOST_ALTERNATIVES).collect()
        } else {
            let next =
                candidates[1..].iter().filter(|other| other.score >= best.score - 0.25 && other.street != best.street);
            next.copied().take(3).collect()
        };
        let shown = |candidate: &Candidate, tied: usize| {
            let mut shown = self.describe(parsed, candidate)?;
            if tied > 1 {
                shown.faults.push(Fault::Ambiguous);
                shown.result_score = rounded(shown.result_score / tied as f32);
            }
            Some(shown)
        };
        let count = tied.len();
        let mut first = shown(&best, count);
        if let Some(first) = &mut first
            && best.kind <= MatchType::Interpolated
        {
            first.uncertainty_m = reach;
        }
        let alternatives = listed.iter().filter_map(|candidate| shown(candidate, count)).collect();
        AddressResult {
            outcome: if ambiguous { Outcome::Ambiguous } else { Outcome::Matched },
            best: first,
            alternatives,
            tied: count,
            remarks: parsed.remarks.clone(),
        }
    }

    /// The municipality of a text that is nothing but the name of one.
    fn whole_locality(&self, parsed: &ParsedAddress) -> Option<locality::Localities> {
        parsed.readings.iter().find_map(|reading| {
            let lone = reading.civic.is_none() && reading.parts.is_empty() && reading.before.is_empty();
            if lone { locality::exact(self, locality::without_province(&reading.street)) } else { None }
        })
    }

    /// Without a street: the postal code, its area, or the municipality.
    fn area_result(&self, parsed: &ParsedAddress, search: &Search<'_, '_>) -> AddressResult {
        let remarks = &parsed.remarks;
        // All words are the name of a municipality: `L'Ange-Gardien` is more than `Ange-Gardien`.
        let whole = self.whole_locality(parsed);
        let worded = whole.is_none() && parsed.readings.iter().any(|reading| !reading.street.is_empty());
        let mut faults = score::Faults::default();
        if worded {
            faults = faults.with(Fault::StreetUnknown);
        }
        if let Some(code) = parsed.postal_code {
            let postal = self.find_postal_code(code);
            if let (Some(at), true) = (postal.position, postal.basis != PostalBasis::Unknown) {
                if postal.basis == PostalBasis::Fsa {
                    faults = faults.with(Fault::PostalCodeUnknown);
                }
                let within = match postal.basis {
                    PostalBasis::Code => uncertainty::in_postal_code,
                    _ => uncertainty::in_area,
                };
                let best = AddressMatch {
                    result_label: code.to_string(),
                    result_score: rounded(score::score(MatchType::PostalCode, faults, false)),
                    result_type: MatchType::PostalCode,
                    result_id: format!("p-{}", code.to_string().replace(' ', "")),
                    faults: faults.iter().collect(),
                    position: at,
                    uncertainty_m: within(
                        postal.uncertainty_m,
                        postal.units.iter().map(|unit| u64::from(unit.addresses)).sum(),
                        code,
                    ),
                    units: postal.units,
                    municipality: String::new(),
                    postal_code: Some(code),
                };
                return AddressResult {
                    outcome: Outcome::Matched,
                    best: Some(best),
                    alternatives: Vec::new(),
                    tied: 1,
                    remarks: remarks.clone(),
                };
            }
        }
        // A slip in the municipality and an unknown street are two words that mean something else.
        let named = whole.as_ref().or(search.named.as_ref()).filter(|named| !worded || named.fault.is_none());
        let mut places: Vec<AddressMatch> = Vec::new();
        for &id in named.map_or(&[][..], |named| &named.ids) {
            if let Some(fault) = named.and_then(|named| named.fault) {
                faults = faults.with(fault);
            }
            places.extend(self.describe_locality(id, faults));
        }
        places.dedup_by(|a, b| a.result_id == b.result_id);
        if places.is_empty() {
            let mail =
                remarks.iter().any(|r| matches!(r, Remark::PoBox | Remark::RuralRoute | Remark::GeneralDelivery));
            return AddressResult::nothing(if mail { Outcome::MailOnly } else { Outcome::NoMatch }, remarks);
        }
        let tied = places.len();
        if tied > 1 {
            for place in &mut places {
                place.faults.push(Fault::Ambiguous);
                place.result_score = rounded(place.result_score / tied as f32);
            }
        }
        let best = places.remove(0);
        places.truncate(MOST_ALTERNATIVES);
        AddressResult {
            outcome: if tied > 1 { Outcome::Ambiguous } else { Outcome::Matched },
            best: Some(best),
            alternatives: places,
            tied,
            remarks: remarks.clone(),
        }
    }
}

/// Whether a candidate stands for a place already listed.
fn same_place(listed: &[Candidate], other: &Candidate) -> bool {
    listed.iter().any(|one| {
        let located = one.kind <= MatchType::Interpolated && other.kind <= MatchType::Interpolated;
        (located && one.spot.distance_m(other.spot) < civic::ONE_PLACE_M) || (!located && one.street == other.street)
    })
}

/// A name that is there without the number stands before a misspelt one with it: neither is then certain.
fn doubt_slips(candidates: &mut [Candidate]) {
    let without = candidates.iter().any(|candidate| candidate.exact_name && candidate.kind != MatchType::Civic);
    let with = candidates.iter().any(|candidate| candidate.exact_name && candidate.kind == MatchType::Civic);
    if !without || with {
        return;
    }
    for candidate in candidates.iter_mut() {
        let slipped = [Fault::Spelling, Fault::SpellingFar, Fault::Phonetic, Fault::PartialName];
        if candidate.kind == MatchType::Civic && slipped.iter().any(|&fault| candidate.faults.has(fault)) {
            *candidate = candidate.faulted(Fault::ExactNameElsewhere);
        }
    }
}

/// A score as it is shown: to the thousandth, never up to 1.
fn rounded(score: f32) -> f32 {
    (score * 1000.0).floor() / 1000.0
}

/// The position of a spot; always within range by the limits of the grid.
fn position_of(spot: Spot) -> Option<LonLat> {
    LonLat::new(spot.lon(), spot.lat()).ok()
}
